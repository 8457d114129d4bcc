//! Payment links at a payOS that a test writes: its code is shown once it has answered as agreed, follows what is due, ends with its
//! order, and what came through it is booked once, told by whatever way.

mod server;

use self::server::{Fault, Payos, signed_text, tag};
use crate::kit::TestDb;
use crate::kit::app::{Answer, PASSWORD, TestApp};
use crate::kit::bank::{self, Coop, Goods, Placed, coop_paid_by, goods, look, order};
use crate::on_both_engines;
use crate::paying::{check, events, reasons, stands};
use diesel::prelude::*;
use futures_util::future::join_all;
use ganh::config::Secret;
use ganh::domain::account::MemberRole;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::id::OrderId;
use ganh::domain::message::OutboxState;
use ganh::domain::order::OrderState;
use ganh::domain::payment::{BankEventState, MoneyCaseReason, PaymentLinkState};
use ganh::domain::settlement::Settlement;
use ganh::service::dispatch::dispatch_due;
use ganh::service::pay_link_keys::{self, NewLinkKeys};
use ganh::service::{ending, handling, link_polling, pay_links, reconciling, showing};
use ganh::store;
use ganh::store::pay_link::PaymentLink;
use ganh::store::schema::{bank_account, payment_link};
use serde_json::{Value, json};

const CHECKSUM: &str = "khoa-checksum-cua-kenh";
const CLIENT: &str = "client-id-cua-kenh";
const API_KEY: &str = "api-key-cua-kenh";

async fn market(db: &TestDb, payos: &Payos) -> (TestApp, Coop, Goods) {
    let url = payos.url.clone();
    let app = TestApp::start_with(db, |config| (config.payos_api_url, config.bank_timeout_ms) = (url, 1_500)).await;
    let coop = coop_paid_by(&app.kit, "Nhãn Lồng", BankProvider::Payos).await;
    let sealed = app.kit.keys.seal("webhook", CHECKSUM.as_bytes()).expect("short");
    let id = coop.receiving.id.clone();
    app.kit
        .db
        .write(move |conn| {
            let target = diesel::update(bank_account::table.find(&id));
            target.set(bank_account::secret_sealed.eq(&sealed)).execute(conn).map_err(store::StoreError::from)
        })
        .await
        .expect("a checksum key");
    set_keys(&app, &coop, Some(API_KEY)).await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 200).await;
    (app, coop, fruit)
}

async fn set_keys(app: &TestApp, coop: &Coop, api_key: Option<&str>) {
    let manager = app.signed_in(&coop.seller.account).await;
    let keys = api_key.map(|key| (Secret::new(CLIENT), Secret::new(key)));
    let new = NewLinkKeys { password: Secret::default(), keys };
    pay_link_keys::set_link_keys(&app.kit, manager.me.as_ref().expect("me"), &coop.seller, new).await.expect("keys");
}

async fn drain(app: &TestApp) {
    while dispatch_due(&app.kit).await.expect("a round") > 0 {}
}

async fn links_of(app: &TestApp, order: &OrderId) -> Vec<PaymentLink> {
    let id = order.clone();
    let all = move |conn: &mut store::Conn| {
        let mine = payment_link::table.filter(payment_link::order_id.eq(&id)).order(payment_link::id);
        mine.select(PaymentLink::as_select()).load(conn).map_err(store::StoreError::from)
    };
    app.kit.db.read(all).await.expect("links")
}

/// What each link of an order asks for and how it stands, the larger sum first.
async fn states(app: &TestApp, order: &OrderId) -> Vec<(i64, PaymentLinkState)> {
    let links = links_of(app, order).await.into_iter();
    let mut states: Vec<_> = links.map(|link| (link.amount_vnd.vnd(), link.state)).collect();
    states.sort_by_key(|(amount, _)| std::cmp::Reverse(*amount));
    states
}

/// Whether the code of an order's link is what its payer is shown.
async fn shows_link(app: &TestApp, order: &Placed) -> bool {
    let pay = look(&app.kit, &order.id).await.pay.expect("something is due");
    let by_link = pay.account.starts_with("CAS");
    assert!(pay.memo.ends_with(order.code.as_text()) && by_link == (pay.bin == "970422"), "{pay:?}");
    by_link
}

async fn hear(app: &TestApp, coop: &Coop, body: &Value) -> Answer {
    let visitor = app.visitor();
    let path = format!("/webhooks/bank/payos/{}", coop.receiving.path_id);
    visitor.send(visitor.request("POST", &path).header("content-type", "application/json").body(body.to_string())).await
}

on_both_engines! {
    async fn once_payos_has_answered_its_code_is_ours_and_until_then_the_accounts_is(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        let order = order(&app.kit, &[(&fruit, "1.5")]).await;
        assert!(!shows_link(&app, &order).await, "no page waits");
        let before = showing::pulse_of(&app.kit, vec![order.id.clone()]).await.expect("a pulse").word;
        drain(&app).await;
        assert!(shows_link(&app, &order).await);
        assert_ne!(before, showing::pulse_of(&app.kit, vec![order.id.clone()]).await.expect("a pulse").word, "the page hears of it");
        let (_, link) = payos.links().remove(0);
        let view = look(&app.kit, &order.id).await;
        assert_eq!(link.expires_s, view.order.renewed_until.map(|at| at.unix_seconds()));
        let pay = view.pay.expect("a code");
        assert_eq!((pay.amount.vnd(), &pay.account, &pay.memo, &*pay.holder), (30_000, &link.account, &link.memo, "HTX NHAN LONG"));
        let key = showing::order_key(&app.kit, &order.id);
        app.visitor().get(&format!("/don/{}?k={key}", order.code)).await.is(200).says(&link.account).says(&link.memo);
        app.visitor().get(&format!("/don/{}/qr.svg?k={key}", order.code)).await.is(200);
        let said = app.visitor();
        let said = said.send(said.request("GET", &format!("/api/v1/orders/{}", order.code)).header("x-order-key", &key)).await.is(200).json();
        assert_eq!((said["payment"]["account"].as_str(), said["payment"]["bin"].as_str()), (Some(&*link.account), Some("970422")));
        assert_eq!(said["payment"]["qr_payload"].as_str(), Some(&*pay.qr_payload));
        // Paid by its code: the memo is lost on the way, the link's number says for which order.
        let (number, _) = payos.links().remove(0);
        hear(&app, &coop, &payos.paid(number, 30_000, "NODATA")).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        drain(&app).await;
        assert_eq!(states(&app, &order.id).await, [(30_000, PaymentLinkState::Ended)]);
        assert_eq!(payos.links().len(), 1);
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
    }

    async fn a_payos_that_stumbles_is_asked_again_and_the_plain_account_stands_meanwhile(db: TestDb) {
        let payos = Payos::open();
        let (app, _coop, fruit) = market(db, &payos).await;
        for fault in [Fault::Broken, Fault::Hangs, Fault::NotJson, Fault::TooFast, Fault::WrongSignature, Fault::AnswerLost] {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            payos.stumbles(&[fault]);
            drain(&app).await;
            assert!(!shows_link(&app, &order).await, "{fault:?}");
            app.clock.advance_s(61);
            drain(&app).await;
            assert!(shows_link(&app, &order).await, "{fault:?}");
            let links = links_of(&app, &order.id).await;
            // Where payOS had made it already its code is not told again: that link ends, another stands.
            let lost = matches!(fault, Fault::WrongSignature | Fault::AnswerLost);
            assert_eq!(links.len(), if lost { 2 } else { 1 }, "{fault:?}");
            assert_eq!(payos.pending().last(), payos.pending().iter().find(|number| links.iter().any(|link| link.number == **number && link.state == PaymentLinkState::Open)), "{fault:?}");
            ending::cancel_order(&app.kit, &order.id).await.expect("cancelled");
            drain(&app).await;
            assert!(payos.pending().is_empty(), "{fault:?}");
        }
        check(&app.kit).await;
    }

    async fn a_code_that_asks_for_something_else_is_never_shown_and_ends_at_payos(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        for fault in [Fault::OtherAmount, Fault::OtherNumber, Fault::NoCode] {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            payos.stumbles(&[fault]);
            drain(&app).await;
            assert!(!shows_link(&app, &order).await, "{fault:?}");
            assert_eq!(states(&app, &order.id).await, [(20_000, PaymentLinkState::Ended)], "{fault:?}");
            assert!(payos.pending().is_empty(), "nobody can pay through it: {fault:?}");
        }
        let manager = app.signed_in(&coop.seller.account).await;
        manager.get("/ban-hang/tien/tai-khoan").await.is(200).says("payOS đưa mã QR sai số tiền");
        let counts = app.kit.db.read(store::outbox::count_by_state).await.expect("counts");
        assert!(counts.iter().all(|(state, _)| *state == OutboxState::Done), "{counts:?}");
    }

    async fn after_a_part_payment_a_new_link_asks_for_the_rest_and_the_old_one_ends(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        drain(&app).await;
        let first = payos.pending()[0];
        hear(&app, &coop, &payos.paid(first, 15_000, order.code.as_text())).await.is(200);
        assert!(!shows_link(&app, &order).await, "a code of another sum is not shown");
        payos.is_down(true);
        drain(&app).await;
        assert_eq!(states(&app, &order.id).await, [(40_000, PaymentLinkState::Ending), (25_000, PaymentLinkState::Asked)]);
        payos.is_down(false);
        app.clock.advance_s(61);
        drain(&app).await;
        assert_eq!(states(&app, &order.id).await, [(40_000, PaymentLinkState::Ended), (25_000, PaymentLinkState::Open)]);
        assert!(shows_link(&app, &order).await);
        let [second] = payos.pending()[..] else { panic!("one link stands: {:?}", payos.pending()) };
        assert_ne!(first, second);
        hear(&app, &coop, &payos.paid(second, 25_000, "")).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        assert_eq!(events(&app.kit, &coop, BankEventState::Booked).await.len(), 2);
        drain(&app).await;
        check(&app.kit).await;
    }

    async fn a_link_ends_with_its_order_also_when_payos_is_away(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        let (cancelled, expired) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "2")]).await);
        drain(&app).await;
        assert_eq!(payos.pending().len(), 2);
        payos.is_down(true);
        ending::cancel_order(&app.kit, &cancelled.id).await.expect("cancelled");
        drain(&app).await;
        app.clock.advance_s(3_601);
        ending::expire_orders(&app.kit).await.expect("expired");
        drain(&app).await;
        assert_eq!(payos.pending().len(), 2);
        payos.is_down(false);
        app.clock.advance_s(301);
        drain(&app).await;
        assert!(payos.pending().is_empty());
        for order in [&cancelled, &expired] {
            assert!(states(&app, &order.id).await.iter().all(|(_, state)| *state == PaymentLinkState::Ended));
        }
        // Money that was under way all the same: late, and never dropped.
        let number = links_of(&app, &cancelled.id).await[0].number;
        hear(&app, &coop, &payos.paid(number, 20_000, "NODATA")).await.is(200);
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Late, 20_000)]);
        check(&app.kit).await;
    }

    async fn what_no_webhook_told_is_found_by_asking_and_told_afterwards_is_booked_once(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        let mut paid = Vec::new();
        for n in 0..5 {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            drain(&app).await;
            let number = links_of(&app, &order.id).await[0].number;
            let memo = if n % 2 == 0 { "NODATA".to_owned() } else { order.code.to_string() };
            paid.push((order, payos.paid(number, 20_000, &memo)));
        }
        assert_eq!(link_polling::ask_due_links(&app.kit).await.expect("asked"), 0, "not due yet");
        payos.is_down(true);
        app.clock.advance_s(181);
        assert_eq!(link_polling::ask_due_links(&app.kit).await.expect("asked"), 5);
        app.clock.advance_s(24 * 3_600);
        ending::expire_orders(&app.kit).await.expect("expired");
        drain(&app).await;
        payos.is_down(false);
        let (one, two) = tokio::join!(link_polling::ask_due_links(&app.kit), link_polling::ask_due_links(&app.kit));
        assert_eq!(one.expect("asked") + two.expect("asked"), 5, "two workers, each link once");
        for (order, webhook) in &paid {
            // The hold had run out, the goods were still there: held again.
            assert_eq!(stands(&app.kit, order).await, (OrderState::Placed, Settlement::Settled));
            hear(&app, &coop, webhook).await.is(200);
            assert_eq!(look(&app.kit, &order.id).await.balance.received.vnd(), 20_000);
        }
        assert_eq!(events(&app.kit, &coop, BankEventState::Booked).await.len(), 5);
        let manager = app.signed_in(&coop.seller.account).await;
        manager.post("/ban-hang/tai-khoan/doi-soat/hoi", &[]).await.is(200).says("Tìm thấy 0 khoản chưa ai báo, 5 khoản đã có trong sổ");
        let found = reconciling::ask_bank_now(&app.kit, &coop.seller).await.expect("an answer");
        assert_eq!((found.counts.fresh, found.counts.seen, found.stopped), (0, 5, None));
        check(&app.kit).await;
    }

    async fn a_webhook_before_the_asking_leaves_it_nothing(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        drain(&app).await;
        hear(&app, &coop, &payos.paid(payos.pending()[0], 20_000, "")).await.is(200);
        drain(&app).await;
        // A week of looks after its end, and then none.
        let mut looks = 0;
        for _ in 0..60 {
            app.clock.advance_s(6 * 3_600);
            looks += link_polling::ask_due_links(&app.kit).await.expect("asked");
        }
        assert!((5..40).contains(&looks), "{looks}");
        assert_eq!(look(&app.kit, &order.id).await.balance.received.vnd(), 20_000);
        payos.is_down(true);
        let found = reconciling::ask_bank_now(&app.kit, &coop.seller).await.expect("an answer");
        assert_eq!(found.stopped, None, "older than a week is not asked after");
        check(&app.kit).await;
    }

    async fn a_link_that_payos_ended_by_itself_is_replaced(db: TestDb) {
        let payos = Payos::open();
        let (app, _coop, fruit) = market(db, &payos).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        drain(&app).await;
        let number = payos.pending()[0];
        payos.script.links.lock().expect("links").get_mut(&number).expect("a link").status = "CANCELLED";
        app.clock.advance_s(181);
        assert_eq!(link_polling::ask_due_links(&app.kit).await.expect("asked"), 1);
        assert!(!shows_link(&app, &order).await, "a dead code is not shown");
        drain(&app).await;
        assert!(shows_link(&app, &order).await);
        assert_eq!(states(&app, &order.id).await, [(20_000, PaymentLinkState::Ended), (20_000, PaymentLinkState::Open)]);
    }

    async fn a_code_in_the_memo_goes_before_the_links_number_and_a_strange_number_finds_nobody(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        let (one, two) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "1")]).await);
        drain(&app).await;
        let number = links_of(&app, &one.id).await[0].number;
        hear(&app, &coop, &payos.paid(number, 20_000, &format!("CS10 {}", two.code))).await.is(200);
        assert_eq!(stands(&app.kit, &two).await, (OrderState::Placed, Settlement::Settled));
        assert_eq!(stands(&app.kit, &one).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        // Another channel's number, whoever's it is here: no order of ours is meant.
        let neighbour = coop_paid_by(&app.kit, "Nhãn Muộn", BankProvider::Payos).await;
        let mut strange = payos.paid(number, 7_000, "NODATA");
        strange["data"]["orderCode"] = json!(424_242);
        strange["signature"] = json!(tag(&signed_text(&strange["data"])));
        hear(&app, &coop, &strange).await.is(200);
        assert_eq!(stands(&app.kit, &one).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        hear(&app, &neighbour, &payos.paid(number, 20_000, "NODATA")).await.is(401);
        assert_eq!(events(&app.kit, &coop, BankEventState::OtherMoney).await.len(), 1);
        drain(&app).await;
        check(&app.kit).await;
    }

    async fn an_order_paid_at_the_door_gets_its_link_when_it_is_packed(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        let mut raw = bank::checkout(&[(&fruit, "2")]);
        raw.payment = "cod".into();
        let order = bank::orders(&app.kit, &raw).await.remove(0);
        drain(&app).await;
        handling::confirm_order(&app.kit, &coop.seller, &order.id).await.expect("confirmed");
        drain(&app).await;
        assert_eq!((payos.links().len(), shows_link(&app, &order).await), (0, false), "not its last sum yet");
        handling::pack_order(&app.kit, &coop.seller, &order.id).await.expect("packed");
        drain(&app).await;
        assert!(shows_link(&app, &order).await);
        assert_eq!(payos.links()[0].1.expires_s, None, "it stands until it is paid");
        handling::send_order(&app.kit, &coop.seller, &order.id).await.expect("sent");
        hear(&app, &coop, &payos.paid(payos.pending()[0], 40_000, "")).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::OnTheWay, Settlement::Settled));
        drain(&app).await;
        assert_eq!(states(&app, &order.id).await, [(40_000, PaymentLinkState::Ended)]);
        check(&app.kit).await;
    }

    async fn keys_are_typed_with_the_password_never_shown_and_ended_with_one_press(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        set_keys(&app, &coop, None).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        drain(&app).await;
        assert_eq!((payos.links().len(), shows_link(&app, &order).await), (0, false), "no keys, no links");
        let manager = app.seller(&coop.id, &[MemberRole::Manager]).await;
        let (here, way) = ("/ban-hang/tien/tai-khoan", "/ban-hang/tien/tai-khoan/kenh");
        manager.get(here).await.is(200).says("Chưa có khóa của kênh");
        let type_in = |client: &'static str, key: &'static str, password: &'static str| {
            let manager = &manager;
            async move { manager.post(way, &[("client_id", client), ("api_key", key), ("channel_password", password), ("lam", "luu")]).await }
        };
        type_in(CLIENT, API_KEY, "khong-phai").await.is(422).says("Mật khẩu đang dùng chưa đúng").says("href=\"#f-channel_password\"");
        type_in(CLIENT, "có dấu cách", PASSWORD).await.is(422).says("Chép lại cả hai");
        type_in("", "", PASSWORD).await.is(422).says("Chép lại cả hai");
        type_in(CLIENT, "api-key-khac", PASSWORD).await.is(303);
        drain(&app).await;
        let page = manager.get(here).await.is(200);
        page.says("Dịch vụ không nhận mã truy cập");
        assert!(!page.body.contains("api-key-khac") && !page.body.contains(CLIENT));
        assert!(!shows_link(&app, &order).await);
        // The order that waited all the while gets its code as soon as the right keys stand here.
        type_in(CLIENT, API_KEY, PASSWORD).await.is(303);
        drain(&app).await;
        assert!(shows_link(&app, &order).await);
        manager.get(here).await.is(200).says("Đã xem đủ");
        manager.post(way, &[("channel_password", PASSWORD), ("lam", "bo")]).await.is(303);
        assert!(!shows_link(&app, &order).await);
        let accountant = app.seller(&coop.id, &[MemberRole::Accountant]).await;
        accountant.post(way, &[("client_id", CLIENT), ("api_key", API_KEY), ("channel_password", PASSWORD)]).await.is(403);
        // The money of a code that somebody had photographed is still known by its number.
        let number = links_of(&app, &order.id).await[0].number;
        hear(&app, &coop, &payos.paid(number, 20_000, "NODATA")).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        manager.get("/ban-hang/tai-khoan/doi-soat").await.is(200).says("#kenh");
        check(&app.kit).await;
    }

    async fn eight_workers_on_one_order_make_one_link_while_money_comes(db: TestDb) {
        let payos = Payos::open();
        let (app, coop, fruit) = market(db, &payos).await;
        for round in 0..crate::races::rounds() {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            join_all((0..8).map(|_| pay_links::keep_link(&app.kit, &order.id))).await.into_iter().for_each(|kept| {
                // Two that asked at once: one of them may be told to come again.
                assert!(matches!(kept, Ok(()) | Err(pay_links::NotKept::Later(_))), "round {round}: {kept:?}");
            });
            drain(&app).await;
            let standing: Vec<i64> = links_of(&app, &order.id).await.into_iter().filter(|link| link.state == PaymentLinkState::Open).map(|link| link.number).collect();
            let at_payos: Vec<i64> = payos.pending();
            assert_eq!((standing.len(), &standing), (1, &at_payos), "round {round}");
            let part = payos.paid(standing[0], 5_000, order.code.as_text());
            let (heard, kept) = tokio::join!(hear(&app, &coop, &part), join_all((0..4).map(|_| pay_links::keep_link(&app.kit, &order.id))));
            assert_eq!((heard.status, kept.len()), (200, 4));
            drain(&app).await;
            let states = states(&app, &order.id).await;
            assert_eq!(states.iter().filter(|(_, state)| *state == PaymentLinkState::Open).collect::<Vec<_>>(), [&(15_000, PaymentLinkState::Open)], "round {round}: {states:?}");
            ending::cancel_order(&app.kit, &order.id).await.expect("cancelled");
            drain(&app).await;
            assert!(payos.pending().is_empty(), "round {round}");
        }
        check(&app.kit).await;
    }
}
