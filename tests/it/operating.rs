//! «Việc hôm nay»: counts that are true, acts of one tap that hold when pressed twice, and grants on paper.

use crate::kit::app::TestApp;
use crate::kit::make;
use crate::on_both_engines;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::id::{CooperativeId, OutboxId};
use ganh::domain::message::OutboxState;
use ganh::domain::quantity::Base;
use ganh::service::ending::cancel_order;
use ganh::service::founding::{NewBankAccount, set_first_bank_account};
use ganh::service::granting::{self, GrantSaid};
use ganh::service::money_list::take_cash;
use ganh::service::operating::list_todays_work;
use ganh::store::outbox::Outbox;

async fn bank(app: &TestApp, cooperative: &CooperativeId, provider: BankProvider) -> ganh::domain::id::BankAccountId {
    let new = NewBankAccount {
        provider,
        bin: "970436".to_owned(),
        account_number: "1010175956".to_owned(),
        holder_name: "HTX VUON NHAN".to_owned(),
        memo_prefix: String::new(),
        virtual_account: String::new(),
    };
    set_first_bank_account(&app.kit, cooperative, None, &new).await.expect("an account").id
}

async fn park(app: &TestApp) -> OutboxId {
    let id = OutboxId::new(app.kit.now(), app.kit.ten());
    let row = Outbox {
        id: id.clone(),
        key: "index:x".to_owned(),
        kind: "index".to_owned(),
        payload: "{\"work\":\"index\",\"product\":\"x\"}".to_owned(),
        state: OutboxState::Parked,
        due_at: app.kit.now(),
        tries: 8,
        lease_until: None,
        lease_by: None,
        last_error: Some("no answer".to_owned()),
        made_at: app.kit.now(),
        done_at: None,
    };
    app.kit.db.write(move |conn| ganh::store::outbox::insert(conn, &row)).await.expect("parked");
    id
}

on_both_engines! {
    async fn an_empty_market_has_nothing_to_do(db: TestDb) {
        let app = TestApp::start(db).await;
        let operator = app.operator().await;
        let today = list_todays_work(&app.kit, &operator.operator_proof()).await.expect("today");
        assert!(today.awaiting_approval.is_empty() && today.messages.is_empty() && today.codes.is_empty());
        let page = operator.get("/van-hanh").await;
        assert!(page.body.contains("Không còn việc nào chờ"), "{}", page.body);
        for queue in ["ma-so", "don-tre", "hoan-tien", "tin-nhan", "duyet-htx", "tien", "ngan-hang", "viec-ket", "bai-dang"] {
            assert_eq!(operator.get(&format!("/van-hanh/viec/{queue}")).await.status, 200, "{queue}");
        }
        assert_eq!(operator.get("/van-hanh/viec/khac").await.status, 404);
    }

    async fn the_counts_are_true(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let seller = make::seller(kit, "HTX Vườn Nhãn", 1).await;
        make::bare_cooperative(kit, "HTX Chờ Duyệt", make::TAN_HUNG, false).await;
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        make::lot(kit, &seller, &product, Base(20_000)).await;
        bank(&app, &seller.cooperative, BankProvider::Sepay).await;
        let silent_cooperative = make::bare_cooperative(kit, "HTX Không Báo", make::TAN_HUNG, true).await;
        bank(&app, &silent_cooperative, BankProvider::None).await;
        let late = make::order_of(kit, "nhan-long", "1").await;
        let paid = make::order_of(kit, "nhan-long", "2").await;
        take_cash(kit, &seller, &paid, ganh::domain::money::Money(120_000)).await.expect("cash");
        cancel_order(kit, &paid).await.expect("cancelled");
        park(&app).await;
        let operator = app.operator().await;
        let proof = operator.operator_proof();
        let today = list_todays_work(kit, &proof).await.expect("today");
        let sizes = (today.awaiting_approval.len(), today.parked.len(), today.without_picture.len(), today.without_price.len());
        assert_eq!(sizes, (1, 1, 1, 0));
        assert_eq!(today.money_open.iter().map(|row| row.count).collect::<Vec<_>>(), [1]);
        assert_eq!((today.refunds_late.len(), today.unanswered.len(), today.silent_banks.len()), (0, 0, 0), "nothing is late yet");
        app.clock.advance_s(25 * 3_600);
        let today = list_todays_work(kit, &proof).await.expect("today");
        assert_eq!((today.refunds_late.len(), today.silent_banks.len()), (1, 1));
        assert_eq!(today.unanswered.iter().map(|row| row.order.id.clone()).collect::<Vec<_>>(), [late]);
        // Yesterday's sign-in of an operator is over.
        let operator = app.signed_in(&proof.account).await;
        let page = operator.get("/van-hanh").await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(!page.body.contains("120.000"), "no amounts of others' business");
        for queue in ["don-tre", "hoan-tien", "tin-nhan", "duyet-htx", "tien", "ngan-hang", "viec-ket", "bai-dang"] {
            let page = operator.get(&format!("/van-hanh/viec/{queue}")).await;
            assert_eq!(page.status, 200, "{queue}: {}", page.body);
            assert!(!page.body.contains("0912 345 678"), "{queue}");
            // The words for a cooperative name its order's sum; no other queue tells one.
            assert!(queue == "tin-nhan" || !page.body.contains("120.000"), "{queue}");
        }
    }

    async fn approving_twice_approves_once_and_says_so(db: TestDb) {
        let app = TestApp::start(db).await;
        let id = make::bare_cooperative(&app.kit, "HTX Chờ Duyệt", make::TAN_HUNG, false).await;
        let operator = app.operator().await;
        let path = format!("/van-hanh/htx/{id}/duyet");
        assert_eq!(operator.post(&path, &[]).await.status, 303);
        assert_eq!(operator.post(&path, &[]).await.status, 409);
        assert!(list_todays_work(&app.kit, &operator.operator_proof()).await.expect("today").awaiting_approval.is_empty());
        assert_eq!(app.official().await.post(&path, &[]).await.status, 403);
    }

    async fn parked_work_is_owed_again_by_one_tap(db: TestDb) {
        let app = TestApp::start(db).await;
        let id = park(&app).await;
        let operator = app.operator().await;
        let path = format!("/van-hanh/viec-ket/{id}/thu-lai");
        assert_eq!(operator.post(&path, &[]).await.status, 303);
        let counts = app.kit.db.read(ganh::store::outbox::count_by_state).await.expect("counts");
        assert_eq!(counts, [(OutboxState::Owed, 1)]);
        assert_eq!(operator.post(&path, &[]).await.status, 409);
    }

    async fn a_code_is_read_aloud_and_then_gone_from_the_list(db: TestDb) {
        let app = TestApp::start(db).await;
        let account = app.account("Bà Quên").await;
        let phone = app.kit.db.read(move |conn| ganh::store::account::get(conn, &account)).await.expect("her").phone;
        let visitor = app.visitor();
        visitor.post("/tai-khoan/ma", &[("phone", phone.as_text())]).await;
        let operator = app.operator().await;
        let codes = list_todays_work(&app.kit, &operator.operator_proof()).await.expect("today").codes;
        assert_eq!(codes.len(), 1);
        let page = operator.get("/van-hanh/viec/ma-so").await.body;
        assert!(page.contains(&format!("{} {}", &codes[0].code[..3], &codes[0].code[3..])), "{page}");
        operator.post(&format!("/van-hanh/tin-nhan/{}/da-nhan", codes[0].message), &[]).await;
        assert!(list_todays_work(&app.kit, &operator.operator_proof()).await.expect("today").codes.is_empty());
    }

    async fn a_cooperatives_words_are_not_the_operators_to_pass_on(db: TestDb) {
        let app = TestApp::start(db).await;
        let seller = make::seller(&app.kit, "HTX Vườn Nhãn", 1).await;
        let product = make::product(&app.kit, &seller, "Nhãn lồng").await;
        make::lot(&app.kit, &seller, &product, Base(20_000)).await;
        make::order_of(&app.kit, "nhan-long", "1").await;
        let cooperative = seller.cooperative.clone();
        let theirs = app.kit.db.read(move |conn| ganh::store::message::list_open(conn, Some(&cooperative), 10)).await.expect("words");
        let operator = app.operator().await;
        for message in &theirs {
            assert_eq!(operator.post(&format!("/van-hanh/tin-nhan/{}/da-nhan", message.id), &[]).await.status, 404);
        }
        assert!(!theirs.is_empty());
        let mine = list_todays_work(&app.kit, &operator.operator_proof()).await.expect("today").messages;
        for row in &mine {
            assert!(!row.text.is_empty());
            assert_eq!(operator.post(&format!("/van-hanh/tin-nhan/{}/da-nhan", row.message.id), &[]).await.status, 303);
        }
        assert!(list_todays_work(&app.kit, &operator.operator_proof()).await.expect("today").messages.is_empty());
    }

    async fn a_grant_rests_on_paper_and_ends_at_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let operator = app.operator().await;
        let official = [("phone", "0987654321"), ("name", "Ông Kiểm"), ("kind", "official"), ("territory", "p:33"), ("office", "Đội 2")];
        let refused = operator.post("/van-hanh/nguoi", &official).await;
        assert_eq!(refused.status, 422, "no paper");
        assert!(refused.body.contains("Ghi số giấy") && refused.body.contains("Ông Kiểm"), "what was typed stays");
        let with_paper = [official.as_slice(), &[("basis", "QĐ 15/QĐ-SCT")]].concat();
        assert_eq!(operator.post("/van-hanh/nguoi", &with_paper).await.status, 303);
        let proof = operator.operator_proof();
        let grants = granting::list_grants(&app.kit, &proof).await.expect("grants");
        let given = grants.iter().find(|row| row.name == "Ông Kiểm").expect("the grant");
        assert_eq!(given.grant.granted_by.as_ref(), Some(&proof.account));
        let actor = app.signed_in(&given.grant.account_id).await;
        assert_eq!(actor.get("/co-quan").await.status, 200);
        let path = format!("/van-hanh/nguoi/{}/thoi", given.grant.id);
        assert_eq!(operator.post(&path, &[]).await.status, 303);
        assert_eq!(operator.post(&path, &[]).await.status, 303, "a second press harms nothing");
        assert_eq!(actor.get("/co-quan").await.status, 403);
        let mine = grants.iter().find(|row| row.grant.account_id == proof.account).expect("mine");
        assert_eq!(operator.post(&format!("/van-hanh/nguoi/{}/thoi", mine.grant.id), &[]).await.status, 422, "the last operator");
        assert_eq!(operator.get("/van-hanh/nguoi").await.status, 200);
        let bad = GrantSaid { phone: "0987654322".into(), name: "A".into(), kind: "official".into(), territory: "p:00".into(), basis: "B".into(), office: "C".into(), days: "0".into() };
        assert!(granting::give_grant(&app.kit, &proof, &bad).await.is_err());
    }

    async fn two_operators_cannot_take_each_other_away_at_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let first = app.operator().await.operator_proof();
        for round in 0..50 {
            make::operator(&app.kit, 100 + round).await;
            let grants = granting::list_grants(&app.kit, &first).await.expect("grants");
            assert_eq!(grants.len(), 2);
            let revoke = |index: usize| granting::revoke_grant(&app.kit, &first, &grants[index].grant.id);
            let (one, other) = futures_util::join!(revoke(0), revoke(1));
            assert!(one.is_ok() != other.is_ok(), "exactly one of them: {one:?} {other:?}");
            assert_eq!(granting::list_grants(&app.kit, &first).await.expect("grants").len(), 1);
        }
    }
}
