//! Changing the receiving account: two people and a day, everybody told, open orders left as they were printed; and holders whose name is
//! not the cooperative's.

use crate::kit::app::{Actor, PASSWORD, TestApp, refusals};
use crate::kit::bank::{self, Coop, Movement, coop, post_signed};
use crate::kit::make;
use crate::on_both_engines;
use ganh::config::Secret;
use ganh::domain::account::{MemberRole, SignInKind};
use ganh::domain::account_change::{ChangeState, LEAST_WAIT_S};
use ganh::domain::bank_message::BankProvider;
use ganh::domain::id::AccountChangeId;
use ganh::domain::lang::Lang;
use ganh::domain::payment::MoneyCaseReason;
use ganh::domain::settlement::Settlement;
use ganh::domain::time::Day;
use ganh::service::account_change::{self, Decider};
use ganh::service::account_change_view;
use ganh::service::account_in_force;
use ganh::service::error::ServiceError;
use ganh::service::founding::NewBankAccount;
use ganh::service::kit::Kit;
use ganh::service::signing_in::{Client, sign_in_as};
use ganh::service::who::{Seller, SignedIn};
use ganh::service::{joining_bank, passing_on, people, verifying, wording};
use ganh::store;

const HERE: &str = "/ban-hang/tien/tai-khoan";

fn other_account(number: &str) -> NewBankAccount {
    NewBankAccount {
        provider: BankProvider::Sepay,
        bin: "970422".into(),
        account_number: number.into(),
        holder_name: "HTX NHAN LONG".into(),
        memo_prefix: String::new(),
        virtual_account: String::new(),
    }
}

/// A manager who has just come in, without a password: checking one costs time.
async fn manager(kit: &Kit, coop: &Coop, number: u32) -> (SignedIn, Seller) {
    let account = make::person(kit, "Ông Quản Lý", number).await;
    people::add_member(kit, &coop.id, &account, &number.to_string(), &[MemberRole::Manager]).await.expect("a member");
    let me = entered(kit, &account, SignInKind::Password).await;
    let seller = me.seller().expect("a seller");
    (me, seller)
}

async fn entered(kit: &Kit, account: &ganh::domain::id::AccountId, kind: SignInKind) -> SignedIn {
    let client = Client { address: "127.0.0.1".into(), device: "Test".into(), lang: Lang::Vi };
    sign_in_as(kit, account, kind, &client).await.expect("in").me
}

fn none() -> Secret {
    Secret::new("")
}

async fn propose(kit: &Kit, who: &(SignedIn, Seller), number: &str) -> Result<AccountChangeId, ServiceError> {
    account_change::propose_account(kit, &who.0, &who.1, &other_account(number), none()).await
}

async fn agree(kit: &Kit, who: &(SignedIn, Seller), id: &AccountChangeId) -> Result<(), ServiceError> {
    account_change::agree_to_change(kit, &who.0, Decider::Manager(&who.1), id, none()).await
}

/// The number that an order was printed with.
async fn printed(kit: &Kit, order: &bank::Placed) -> String {
    bank::look(kit, &order.id).await.pay.expect("to pay").account
}

async fn number_in_force(kit: &Kit, coop: &Coop) -> String {
    let (id, now) = (coop.id.clone(), kit.now());
    let found = kit.db.read(move |conn| store::bank::list_active(conn, &[id], now)).await.expect("accounts");
    assert_eq!(found.len(), 1, "one account in force");
    found.into_iter().next().expect("one").account_number
}

fn form<'a>(number: &'a str, password: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("bin", "970422"),
        ("account_number", number),
        ("holder_name", "HTX NHAN LONG"),
        ("provider", "sepay"),
        ("password", password),
    ]
}

async fn id_of(kit: &Kit, actor: &Actor) -> AccountChangeId {
    let changes = account_change_view::show_changes(kit, &actor.seller_proof()).await.expect("changes");
    changes.under_way.expect("one under way").change.id
}

on_both_engines! {
    async fn a_new_account_takes_two_people_and_a_day_and_open_orders_stay_as_printed(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = coop(kit, "Nhãn Lồng").await;
        let goods = bank::goods(kit, &coop, "Nhãn lồng", 45_000, 100).await;
        let (one, two) = (app.seller(&coop.id, &[MemberRole::Manager]).await, app.seller(&coop.id, &[MemberRole::Manager]).await);
        let packer = app.seller(&coop.id, &[MemberRole::Packer]).await;
        let before = bank::order(kit, &[(&goods, "1")]).await;
        app.clock.advance_s(1);
        one.get(&format!("{HERE}/doi")).await.is(200).says("HTX đang dùng ngân hàng nào?").says("Bây giờ chưa đổi gì");
        one.get(&format!("{HERE}/doi?bin=970422")).await.is(200).says("tự báo được").says("Mật khẩu của người đề nghị");
        one.post(&format!("{HERE}/doi"), &form("VQRQ1234567890", "khong-phai")).await.is(422).says("Mật khẩu đang dùng chưa đúng");
        one.post(&format!("{HERE}/doi"), &form(&coop.account_number, PASSWORD)).await.is(303);
        // The same number at another bank is another account; taken back, and proposed as it was meant.
        let id = id_of(kit, &one).await;
        one.post(&format!("{HERE}/doi/{id}/rut-lai"), &[]).await.is(303);
        one.post(&format!("{HERE}/doi"), &form("VQRQ1234567890", PASSWORD)).await.is(303);
        one.post(&format!("{HERE}/doi"), &form("999", PASSWORD)).await.is(409).says("Đang có một đề nghị đổi tài khoản chưa xong");
        let id = id_of(kit, &one).await;
        one.get(HERE).await.is(200).says("Chờ người thứ hai đồng ý").says("VQRQ1234567890").says("Rút lại đề nghị").says(&coop.account_number);
        packer.get("/ban-hang").await.is(200).says("Có người đề nghị đổi tài khoản nhận tiền");
        packer.post(&format!("{HERE}/doi/{id}/dong-y"), &[("password", PASSWORD)]).await.is(403);
        one.post(&format!("{HERE}/doi/{id}/dong-y"), &[("password", PASSWORD)]).await.is(422).says("không tự đồng ý được");
        two.get(HERE).await.is(200).says("Đồng ý đổi tài khoản").says("Không đồng ý");
        two.post(&format!("{HERE}/doi/{id}/dong-y"), &[("password", "khong-phai")]).await.is(422).says("Mật khẩu đang dùng chưa đúng");
        two.post(&format!("{HERE}/doi/{id}/dong-y"), &[("password", PASSWORD)]).await.is(303);
        two.post(&format!("{HERE}/doi/{id}/dong-y"), &[("password", PASSWORD)]).await.is(409).says("Vừa có người quyết định");
        packer.get("/ban-hang").await.is(200).says("Tài khoản nhận tiền sắp đổi");
        // Its provider may be joined in this day, before the first order names it.
        let new = account_change_view::show_changes(kit, &two.seller_proof()).await.expect("changes").others[0].id.clone();
        two.get(&format!("{HERE}?tk={new}")).await.is(200).says("Tài khoản sắp dùng").says("/webhooks/bank/sepay/");
        let joined = joining_bank::show_receiving(kit, &two.seller_proof(), Some(&new)).await.expect("what to tell SePay");
        let secret = joined.secret.clone().expect("a secret");
        app.clock.advance_s(LEAST_WAIT_S - 1);
        assert_eq!(number_in_force(kit, &coop).await, coop.account_number);
        let still = bank::order(kit, &[(&goods, "1")]).await;
        assert_eq!(printed(kit, &still).await, coop.account_number);
        app.clock.advance_s(1);
        // No worker runs here: the account is in force for who reads it, and the first order writes that down.
        assert_eq!(number_in_force(kit, &coop).await, "VQRQ1234567890");
        let after = bank::order(kit, &[(&goods, "1")]).await;
        assert_eq!(printed(kit, &after).await, "VQRQ1234567890");
        assert_eq!(account_in_force::bring_into_force(kit).await.expect("looked"), 0, "the order has done it");
        assert_eq!(printed(kit, &still).await, coop.account_number, "an open order keeps what it was printed with");
        // The old account hears, and its money is booked to the orders that name it.
        let old = coop.receiving.secret.clone().expect("a secret");
        let now = app.kit.now().unix_seconds();
        let paid = Movement::paying(&coop, &still);
        post_signed(&app, &coop.receiving.path_id, &old, now, &paid.body()).await.is(200);
        assert_eq!(bank::look(kit, &still.id).await.settlement, Settlement::Settled);
        let new_coop = Coop { account_number: "VQRQ1234567890".into(), ..coop.clone() };
        post_signed(&app, &joined.path_id, &secret, now, &Movement::paying(&new_coop, &after).body()).await.is(200);
        assert_eq!(bank::look(kit, &after.id).await.settlement, Settlement::Settled);
        // What comes on the old one for a new order, or for none, goes to people and to the shelf.
        let late = bank::order(kit, &[(&goods, "1")]).await;
        post_signed(&app, &coop.receiving.path_id, &old, now, &Movement::paying(&coop, &late).body()).await.is(200);
        assert_eq!(bank::look(kit, &late.id).await.settlement, Settlement::Unpaid);
        let owner = coop.id.clone();
        let cases = kit.db.read(move |conn| store::bank::list_open_cases(conn, Some(&owner), 10)).await.expect("cases");
        assert_eq!(cases.iter().map(|case| case.reason).collect::<Vec<_>>(), [MoneyCaseReason::WrongAccount]);
        assert!(cases[0].candidates.is_empty() || cases[0].order_id.is_some());
        // The history says it all, to the cooperative and to the operator; the old one's page is still there.
        let page = two.get(HERE).await.is(200);
        page.says("VQRQ1234567890").says("Những lần đổi tài khoản").says("Đã đổi").says("tài khoản cũ, tiền vào vẫn được ghi");
        let changes = account_change_view::show_changes(kit, &two.seller_proof()).await.expect("changes");
        let old_id = changes.others[0].id.clone();
        two.get(&format!("{HERE}?tk={old_id}")).await.is(200).says("Tài khoản cũ").says(&coop.receiving.path_id);
        assert!(changes.past.iter().any(|past| past.state == ChangeState::InForce && past.agreed_by.is_some()));
        app.operator().await.get("/van-hanh/tai-khoan").await.is(200).says("Đã đổi").says(&coop.account_number);
        drop(before);
        assert!(verifying::verify(kit).await.expect("a report").is_sound());
    }

    async fn everybody_in_the_cooperative_is_told_at_every_step(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = coop(kit, "Nhãn Lồng").await;
        let (one, two) = (manager(kit, &coop, 1).await, manager(kit, &coop, 2).await);
        let english = people::add_person(kit, people::NewPerson {
            phone: "0987 000 111".parse().expect("a phone"), name: "Ms Anh".into(), email: Some("anh@example.vn".into()),
            lang: Lang::En, password: None,
        }).await.expect("a person");
        people::add_member(kit, &coop.id, &english, "9", &[MemberRole::Packer]).await.expect("a member");
        let said = |step: &'static str| {
            let (kit, seller) = (kit.clone(), coop.seller.clone());
            async move {
                let cards = passing_on::list_cards(&kit, &seller).await.expect("cards");
                let all: Vec<_> = cards.open.into_iter().filter(|card| card.message.args.contains(&format!("\"step\":\"{step}\""))).collect();
                let mut people: Vec<_> = all.iter().map(|card| card.message.to_name.clone()).collect();
                people.sort();
                people.dedup();
                assert_eq!((all.len(), people.len()), (4, 3), "{step}: four members, two of one name");
                for card in &all {
                    let words = wording::words_of(&kit, &card.message).expect("words");
                    assert!(words.text.contains("/ban-hang") && card.text.contains("/ban-hang"), "{words:?}");
                    assert!(card.text.contains("VQRQ5") && words.text.contains("MBBank VQRQ5"), "{words:?} {}", card.text);
                    assert_eq!(card.message.language == "en", words.text.contains("account"), "{words:?}");
                }
                all.into_iter().filter(|card| card.message.to_email.is_some()).count()
            }
        };
        let id = propose(kit, &one, "VQRQ5").await.expect("proposed");
        assert_eq!(said("proposed").await, 1);
        app.clock.advance_s(1);
        agree(kit, &two, &id).await.expect("agreed");
        said("agreed").await;
        app.clock.advance_s(LEAST_WAIT_S);
        assert_eq!(account_in_force::bring_into_force(kit).await.expect("brought"), 1);
        assert_eq!(account_in_force::bring_into_force(kit).await.expect("looked"), 0);
        said("in_force").await;
        let id = propose(kit, &(entered(kit, &one.0.account, SignInKind::Password).await, one.1.clone()), "VQRQ51").await.expect("proposed");
        account_change::take_back_change(kit, &one.1, &id).await.expect("taken back");
        said("taken_back").await;
        assert!(verifying::verify(kit).await.expect("a report").is_sound());
    }

    async fn any_manager_stops_it_within_the_day_and_nobody_after(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = coop(kit, "Nhãn Lồng").await;
        let (one, two) = (manager(kit, &coop, 1).await, manager(kit, &coop, 2).await);
        let id = propose(kit, &one, "111").await.expect("proposed");
        assert_eq!(refusals(account_change::stop_change(kit, Decider::Manager(&two.1), &id).await), ["refusal-change-moved"]);
        assert_eq!(refusals(account_change::refuse_change(kit, Decider::Manager(&two.1), &id, " ").await), ["refusal-change-reason"]);
        account_change::refuse_change(kit, Decider::Manager(&two.1), &id, "Số này không phải của HTX").await.expect("refused");
        app.clock.advance_s(1);
        let id = propose(kit, &one, "222").await.expect("proposed again");
        assert!(matches!(account_change::take_back_change(kit, &two.1, &id).await, Err(ServiceError::Forbidden)));
        agree(kit, &two, &id).await.expect("agreed");
        let changes = account_change_view::show_changes(kit, &one.1).await.expect("changes");
        let (soon, joined) = (changes.others[0].clone(), changes.others[0].secret_sealed.is_some());
        assert!(joined);
        app.clock.advance_s(LEAST_WAIT_S - 1);
        // The manager who did neither.
        let nobody = AccountChangeId::new(kit.now(), kit.ten());
        assert!(matches!(agree(kit, &two, &nobody).await, Err(ServiceError::NotFound | ServiceError::Refused(_))));
        account_change::stop_change(kit, Decider::Manager(&coop.seller), &id).await.expect("stopped");
        app.clock.advance_s(10);
        assert_eq!(number_in_force(kit, &coop).await, coop.account_number);
        assert_eq!(account_in_force::bring_into_force(kit).await.expect("looked"), 0);
        let dropped = kit.db.read(move |conn| store::bank::get_account(conn, &soon.id)).await.expect("there");
        assert!(dropped.secret_sealed.is_none(), "nobody is believed on an account that never was");
        assert!(matches!(
            joining_bank::show_way_in(kit, &one.0, &one.1, Some(&dropped.id)).await,
            Err(ServiceError::NotFound)
        ));
        let one = (entered(kit, &one.0.account, SignInKind::Password).await, one.1);
        let two = (entered(kit, &two.0.account, SignInKind::Password).await, two.1);
        let id = propose(kit, &one, "333").await.expect("proposed once more");
        agree(kit, &two, &id).await.expect("agreed");
        app.clock.advance_s(LEAST_WAIT_S);
        let stop = account_change::stop_change(kit, Decider::Manager(&two.1), &id).await;
        assert_eq!(refusals(stop), ["refusal-change-too-late"], "its hour has come, worker or not");
        assert_eq!(number_in_force(kit, &coop).await, "333");
        let states: Vec<_> = account_change_view::show_changes(kit, &one.1).await.expect("changes").past.into_iter().map(|past| past.state).collect();
        assert_eq!(states, [ChangeState::InForce, ChangeState::Stopped, ChangeState::Refused]);
    }

    async fn who_came_by_a_card_or_after_the_proposal_does_not_agree_and_neither_does_another_cooperative(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (coop, foreign) = (coop(kit, "Nhãn Lồng").await, coop(kit, "Vải Thiều").await);
        let (one, two) = (manager(kit, &coop, 1).await, manager(kit, &coop, 2).await);
        let stranger = manager(kit, &foreign, 3).await;
        let by_card = (entered(kit, &two.0.account, SignInKind::Card).await, two.1.clone());
        assert_eq!(refusals(propose(kit, &by_card, "111").await), ["refusal-change-card"]);
        let id = propose(kit, &one, "111").await.expect("proposed");
        assert_eq!(refusals(agree(kit, &by_card, &id).await), ["refusal-change-card"]);
        assert_eq!(refusals(agree(kit, &one, &id).await), ["refusal-change-same-person"]);
        assert!(matches!(agree(kit, &stranger, &id).await, Err(ServiceError::NotFound)));
        let stop = account_change::refuse_change(kit, Decider::Manager(&stranger.1), &id, "không").await;
        assert!(matches!(stop, Err(ServiceError::NotFound)));
        app.clock.advance_s(60);
        let new = manager(kit, &coop, 4).await;
        assert_eq!(refusals(agree(kit, &new, &id).await), ["refusal-change-new-manager"]);
        // A role that ended since the page was opened is no role.
        let packer = Seller { roles: vec![MemberRole::Manager], ..bank::seller(kit, &coop.id, "x", &[MemberRole::Packer]).await };
        let me = entered(kit, &packer.account, SignInKind::Password).await;
        assert!(matches!(agree(kit, &(me, packer), &id).await, Err(ServiceError::Forbidden)));
        agree(kit, &two, &id).await.expect("the second manager");
    }

    async fn the_operator_is_a_second_person_too_but_never_the_first_one_again(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = coop(kit, "Nhãn Lồng").await;
        let (operator, one) = (app.operator().await, manager(kit, &coop, 1).await);
        let id = propose(kit, &one, "VQRQ7").await.expect("proposed");
        operator.get("/van-hanh").await.is(200).says("Tài khoản nhận tiền");
        let page = operator.get("/van-hanh/tai-khoan").await.is(200);
        page.says("VQRQ7").says(&coop.account_number).says("Ông Quản Lý").says("Chờ người thứ hai");
        let at = format!("/van-hanh/tai-khoan/{id}");
        operator.post(&format!("{at}/tu-choi"), &[("reason", "")]).await.is(422).says("Ghi lý do");
        operator.post(&format!("{at}/dong-y"), &[("password", "sai")]).await.is(422).says("Mật khẩu đang dùng chưa đúng");
        operator.post(&format!("{at}/dong-y"), &[("password", PASSWORD)]).await.is(303);
        operator.get("/van-hanh/tai-khoan").await.is(200).says("ban quản lý chợ").says("Dừng đổi tài khoản");
        operator.post(&format!("{at}/dung-lai"), &[]).await.is(303);
        // An operator who also manages there, and proposed it.
        let both = operator.me.clone().expect("in").account;
        people::add_member(kit, &coop.id, &both, "77", &[MemberRole::Manager]).await.expect("a member");
        let me = app.signed_in(&both).await;
        let seller = me.me.as_ref().and_then(SignedIn::seller).expect("a seller");
        let secret = Secret::new(PASSWORD);
        let id = account_change::propose_account(kit, me.me.as_ref().expect("in"), &seller, &other_account("VQRQ8"), secret).await.expect("proposed");
        let at = format!("/van-hanh/tai-khoan/{id}");
        operator.post(&format!("{at}/dong-y"), &[("password", PASSWORD)]).await.is(422).says("không tự đồng ý được");
        let visitor = app.shopper().await;
        visitor.post(&format!("{at}/dong-y"), &[("password", PASSWORD)]).await.is(403);
    }

    async fn a_longer_day_can_be_laid_down_and_a_shorter_one_not(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        for (hours, waits_s) in [("1", LEAST_WAIT_S), ("48", 2 * LEAST_WAIT_S)] {
            let coop = coop(kit, "Nhãn Lồng").await;
            let (one, two) = (manager(kit, &coop, bank::number()).await, manager(kit, &coop, bank::number()).await);
            let day: Day = "2026-11-01".parse().expect("a day");
            kit.db.write(move |conn| store::setting::put(conn, "account_change_wait_hours", day, hours, "test")).await.expect("laid down");
            let id = propose(kit, &one, "111").await.expect("proposed");
            agree(kit, &two, &id).await.expect("agreed");
            app.clock.advance_s(waits_s - 1);
            assert_eq!(number_in_force(kit, &coop).await, coop.account_number, "{hours}");
            app.clock.advance_s(1);
            assert_eq!(number_in_force(kit, &coop).await, "111", "{hours}");
        }
    }

    async fn another_holder_is_told_to_seller_operator_and_shopper_until_somebody_has_looked(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = coop(kit, "Nhãn Lồng").await;
        let goods = bank::goods(kit, &coop, "Nhãn lồng", 45_000, 100).await;
        let order = bank::order(kit, &[(&goods, "1")]).await;
        let view = bank::look(kit, &order.id).await;
        let page = format!("/don/{}?k={}", order.code, ganh::service::showing::order_key(kit, &order.id));
        let visitor = app.visitor();
        let legal = view.cooperative.legal_name.clone();
        visitor.get(&page).await.is(200).says("Chủ tài khoản «HTX» không trùng tên hợp tác xã").says("chưa kiểm tra");
        let manager = app.seller(&coop.id, &[MemberRole::Manager]).await;
        manager.get(HERE).await.is(200).says("Tên chủ tài khoản không trùng tên HTX").says(&legal);
        let operator = app.operator().await;
        operator.get("/van-hanh/tai-khoan").await.is(200).says(&legal).says("Chưa kiểm tra");
        let id = view.order.bank_account_id.expect("an account");
        let at = format!("/van-hanh/chu-tai-khoan/{id}");
        operator.post(&at, &[("reason", "")]).await.is(422).says("Ghi đã kiểm tra bằng gì");
        operator.post(&at, &[("reason", "Xem thư của ngân hàng ngày 20/11")]).await.is(303);
        operator.post(&at, &[("reason", "lần nữa")]).await.is(303);
        operator.get("/van-hanh/tai-khoan").await.is(200).says("Xem thư của ngân hàng ngày 20/11").says("Đã kiểm tra");
        let said = visitor.get(&page).await.is(200);
        said.says("Ban quản lý chợ đã kiểm tra");
        assert!(!said.body.contains("chưa kiểm tra"));
        manager.get(HERE).await.is(200).says("Xem thư của ngân hàng ngày 20/11");
        // A holder that is the cooperative in the bank's spelling is nobody's business.
        let own = make::seller(kit, "HTX Vải Sớm", 3).await;
        make::receiving_account(kit, &own, "HOP TAC XA HTX VAI SOM").await;
        let owner = own.cooperative.clone();
        let now = kit.now();
        let account = kit.db.read(move |conn| store::bank::list_active(conn, &[owner], now)).await.expect("accounts").remove(0);
        assert!(!operator.get("/van-hanh/tai-khoan").await.is(200).body.contains("VAI SOM"));
        operator.post(&format!("/van-hanh/chu-tai-khoan/{}", account.id), &[("reason", "xem rồi")]).await.is(404);
    }
}
