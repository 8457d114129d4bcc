//! What some accounts need beside their number: a word before the code in every memo, a virtual number that payers are shown. The
//! code is found behind any such word, and money to either number is the cooperative's.

use crate::kit::app::{Actor, PASSWORD, TestApp};
use crate::kit::bank::{Coop, Goods, Movement, coop, goods, look, order, tell};
use crate::kit::dice::Dice;
use crate::on_both_engines;
use crate::paying::{check, reasons, stands};
use diesel::prelude::*;
use ganh::config::Secret;
use ganh::domain::account::MemberRole;
use ganh::domain::code::OrderCode;
use ganh::domain::memo::{PREFIX_CHARS, candidates, memo_of, read_prefix};
use ganh::domain::order::OrderState;
use ganh::domain::payment::MoneyCaseReason;
use ganh::domain::settlement::Settlement;
use ganh::domain::vietqr::{MEMO_CHARS, decode};
use ganh::service::account_words;
use ganh::service::error::ServiceError;
use ganh::service::showing::TRANSFER_CEILING;
use ganh::store::schema::bank_account;

const HERE: &str = "/ban-hang/tien/tai-khoan";
const VIRTUAL: &str = "V3CASLHRE4GFPY5";

async fn open(app: &TestApp, prefix: &str, virtual_account: Option<&'static str>) -> (Coop, Goods) {
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let manager = app.signed_in(&coop.seller.account).await;
    let me = manager.me.as_ref().expect("signed in");
    account_words::change_prefix(&app.kit, me, &coop.seller, Secret::default(), prefix).await.expect("a word");
    let id = coop.receiving.id.clone();
    app.kit
        .db
        .write(move |conn| {
            diesel::update(bank_account::table.find(&id))
                .set(bank_account::virtual_account.eq(virtual_account))
                .execute(conn)
                .map_err(ganh::store::StoreError::from)
        })
        .await
        .expect("a virtual number");
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 90_000).await;
    (coop, fruit)
}

async fn order_page(app: &TestApp, order: &crate::kit::bank::Placed) -> String {
    let key = ganh::service::showing::order_key(&app.kit, &order.id);
    app.visitor().get(&format!("/don/{}?k={key}", order.code)).await.is(200).body
}

async fn manager_of_new(app: &TestApp) -> Actor {
    let htx = app.cooperative("HTX Mới").await;
    app.seller(&htx, &[MemberRole::Manager]).await
}

on_both_engines! {
    async fn the_word_stands_before_the_code_on_the_page_and_in_the_picture_and_money_finds_its_order(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app, "sevqr", None).await;
        for glue in ["SEVQR {}", "sevqr{}", "SEVQR.{} CT tu 0123", "MBVCB.1.SEVQR{}.CT tu 1", "SE VQR{}"] {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            let pay = look(&app.kit, &order.id).await.pay.expect("a code");
            assert_eq!(pay.memo, format!("SEVQR {}", order.code));
            let read = decode(&pay.qr_payload).expect("a VietQR");
            assert_eq!((read.memo.as_deref(), read.account.as_deref()), (Some(&*pay.memo), Some(&*coop.account_number)));
            assert!(order_page(&app, &order).await.contains(&pay.memo));
            let memo = glue.replace("{}", order.code.as_text());
            tell(&app, &coop, &Movement::to(&coop, memo, order.total_vnd)).await.is(200);
            assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled), "{glue}");
        }
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
    }

    async fn payers_see_the_virtual_number_and_money_to_either_is_ours(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app, "", Some(VIRTUAL)).await;
        for number in [VIRTUAL.to_owned(), VIRTUAL.to_lowercase(), coop.account_number.clone()] {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            let pay = look(&app.kit, &order.id).await.pay.expect("a code");
            assert_eq!((&*pay.account, &*pay.memo), (VIRTUAL, order.code.as_text()));
            assert_eq!(decode(&pay.qr_payload).expect("a VietQR").account.as_deref(), Some(VIRTUAL));
            let page = order_page(&app, &order).await;
            assert!(page.contains(VIRTUAL) && !page.contains(&coop.account_number), "one number is shown");
            tell(&app, &coop, &Movement { account: number.clone(), ..Movement::paying(&coop, &order) }).await.is(200);
            assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled), "{number}");
        }
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement { account: "V3CASLHRE4GFPY6".into(), ..Movement::paying(&coop, &order) }).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::WrongAccount, 20_000)]);
        check(&app.kit).await;
    }

    async fn a_sum_above_one_transfer_comes_in_parts_each_with_the_word(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app, "ABCDE1234567890", Some(VIRTUAL)).await;
        let order = order(&app.kit, &[(&fruit, "60000")]).await;
        assert_eq!(order.total_vnd, 1_200_000_000);
        let mut asked = Vec::new();
        while let Some(pay) = look(&app.kit, &order.id).await.pay {
            let read = decode(&pay.qr_payload).expect("a VietQR");
            assert_eq!((read.amount, read.memo.as_deref()), (Some(pay.amount), Some(&*pay.memo)));
            assert_eq!((pay.memo.len(), pay.amount <= TRANSFER_CEILING), (MEMO_CHARS, true));
            asked.push((pay.amount.vnd(), pay.is_part));
            tell(&app, &coop, &Movement::to(&coop, &pay.memo, pay.amount.vnd())).await.is(200);
        }
        assert_eq!(asked, [(499_999_999, true), (499_999_999, true), (200_000_002, false)]);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        check(&app.kit).await;
    }

    async fn the_account_form_takes_both_and_refuses_what_no_memo_can_hold(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = manager_of_new(&app).await;
        let form = actor.get(&format!("{HERE}?bin=970415")).await.is(200);
        form.says("Từ đứng trước mã đơn").says("VietinBank qua SePay ghi SEVQR").says("Số tài khoản ảo");
        let post = |prefix: &'static str, beneath: &'static str| {
            let actor = &actor;
            async move {
                let fields = [("bin", "970415"), ("account_number", "100600000001"), ("holder_name", "HTX MOI"),
                    ("provider", "none"), ("memo_prefix", prefix), ("virtual_account", beneath)];
                actor.post(HERE, &fields).await
            }
        };
        post("ABCDEFGHIJ123456", "").await.is(422).says("còn chỗ cho 15 chữ, đang có 16").says("value=\"ABCDEFGHIJ123456\"");
        post("SE-VQR", "").await.is(422).says("chỉ gồm chữ không dấu và số");
        post("HT7K2M9QA", "").await.is(422).says("giống một mã đơn hàng");
        post("SEVQR", "so ao!").await.is(422).says("Số tài khoản chưa đúng");
        post("SEVQR", "12345678901234567890").await.is(422);
        post("Sevqr", "V3CASLHRE4 GFPY5").await.is(303);
        actor.get(HERE).await.is(200).says("SEVQR").says(VIRTUAL).says("100600000001");
        // Whoever has to agree to another account sees what buyers would be shown.
        let other = [("bin", "970422"), ("account_number", "200600000001"), ("holder_name", "HTX MOI"), ("provider", "none"),
            ("memo_prefix", "TKPABC1"), ("virtual_account", "V3CASLHRE4GFPY6"), ("password", PASSWORD)];
        actor.post(&format!("{HERE}/doi"), &other).await.is(303);
        let page = actor.get(HERE).await.is(200);
        page.says("Khách sẽ chuyển vào số tài khoản ảo").says("V3CASLHRE4GFPY6").says("TKPABC1");
    }

    async fn a_manager_changes_the_word_with_the_password_and_old_memos_are_still_found(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app, "SEVQR", None).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let copied = look(&app.kit, &order.id).await.pay.expect("a code").memo;
        let manager = app.seller(&coop.id, &[MemberRole::Manager]).await;
        let way = format!("{HERE}/tu");
        manager.post(&way, &[("memo_prefix", "TKPABC1"), ("word_password", "khong-phai")]).await.is(422)
            .says("Mật khẩu đang dùng chưa đúng").says("href=\"#f-word_password\"");
        manager.post(&way, &[("memo_prefix", "TKP ABC1234567890"), ("word_password", PASSWORD)]).await.is(422).says("còn chỗ cho 15 chữ");
        manager.get(HERE).await.is(200).says(">SEVQR<");
        manager.post(&way, &[("memo_prefix", "tkp abc1"), ("word_password", PASSWORD)]).await.is(303);
        manager.get(HERE).await.is(200).says(">TKPABC1<");
        assert_eq!(look(&app.kit, &order.id).await.pay.expect("a code").memo, format!("TKPABC1 {}", order.code));
        tell(&app, &coop, &Movement::to(&coop, copied, 20_000)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        manager.post(&way, &[("memo_prefix", ""), ("word_password", PASSWORD)]).await.is(303);
        assert!(!manager.get(HERE).await.is(200).body.contains(">TKPABC1<"));
        let accountant = app.seller(&coop.id, &[MemberRole::Accountant]).await;
        accountant.post(&way, &[("memo_prefix", "X"), ("word_password", PASSWORD)]).await.is(403);
        check(&app.kit).await;
    }
}

/// SePay's and payOS's words, and any that a cooperative could type, glued to the code as banks glue.
#[test]
fn no_word_before_the_code_hides_it() {
    let dice = Dice::new(25);
    let letters: Vec<char> = ('A'..='Z').chain('0'..='9').collect();
    let all = 100_000;
    for number in 0..all {
        let length = dice.below(PREFIX_CHARS + 1);
        let word: String = match dice.below(4) {
            0 => "SEVQR".to_owned(),
            1 => format!("TKP{}", (0..length.min(12)).map(|_| *dice.pick(&letters)).collect::<String>()),
            // As much of a code's beginning as can be: H, HT, HTH, …
            2 => "HT".chars().cycle().take(length).collect(),
            _ => (0..length).map(|_| *dice.pick(&letters)).collect(),
        };
        let Ok(word) = read_prefix(&word) else { continue };
        let code = OrderCode::draw(&dice);
        let memo = memo_of(word.as_deref(), &code);
        assert!(memo.len() <= MEMO_CHARS, "{memo}");
        let glued = memo.replace(' ', dice.pick::<&str>(&["", " ", ".", "-", "  ", "\n"]));
        let sent = if dice.below(2) == 0 { glued.to_lowercase() } else { glued };
        let sent = format!(
            "{}{sent}{}",
            dice.pick::<&str>(&["", "MBVCB.345.", "CS99LLIO075"]),
            dice.pick::<&str>(&["", "123", ".CT tu 1"])
        );
        assert!(candidates(&sent).contains(&code), "memo {number}: {code} lost in {sent:?}");
    }
    println!("{all} memos with a word before the code: 0 misses");
}

/// The compiler's proof that a refusal of the word is an ordinary refusal.
#[test]
fn a_word_that_is_refused_is_refused_with_a_sentence() {
    let refused = read_prefix("ABCDEFGHIJ123456").map_err(ServiceError::refused);
    assert!(matches!(refused, Err(ServiceError::Refused(said)) if said[0].args["count"] == "16"));
}
