//! Providers' lists: an outage of a day is made good, twice is once, and a provider that stumbles, lies or hangs harms nothing.

use super::*;
use crate::kit::TestDb;
use crate::kit::bank;
use crate::on_both_engines;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use ganh::domain::bank_message::BankProvider;
use ganh::domain::order::OrderState;
use ganh::domain::payment::BankEventState;
use ganh::domain::settlement::Settlement;
use ganh::gateway::bank::poll::NotFetched;
use ganh::service::reconciling::{self, Found};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does instead of answering once.
#[derive(Clone, Copy)]
enum Fault {
    TooFast,
    Broken,
    NotJson,
    OtherShape,
    Hangs,
    Endless,
    Elsewhere,
    SlowDown,
}

/// A provider's list that a test writes.
#[derive(Default)]
struct Script {
    rows: Mutex<Vec<Value>>,
    faults: Mutex<VecDeque<Fault>>,
    asked: Mutex<Vec<String>>,
}

struct Bank {
    url: String,
    script: Arc<Script>,
}

const KEY: &str = "khoa-doc-giao-dich";

impl Bank {
    fn open() -> Self {
        let script = Arc::new(Script::default());
        let data = web::Data::from(Arc::clone(&script));
        let app = move || App::new().app_data(data.clone()).default_service(web::to(answer));
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).expect("a port");
        let url = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        Self { url, script }
    }

    fn stumbles(&self, faults: &[Fault]) {
        self.script.faults.lock().expect("faults").extend(faults);
    }

    fn holds(&self, row: Value) {
        self.script.rows.lock().expect("rows").push(row);
    }

    fn asked(&self) -> usize {
        std::mem::take(&mut *self.script.asked.lock().expect("asked")).len()
    }
}

async fn answer(req: HttpRequest, script: web::Data<Script>) -> HttpResponse {
    script.asked.lock().expect("asked").push(req.uri().to_string());
    let fault = script.faults.lock().expect("faults").pop_front();
    match fault {
        Some(Fault::TooFast) => return HttpResponse::TooManyRequests().insert_header(("retry-after", "1")).finish(),
        Some(Fault::SlowDown) => return HttpResponse::TooManyRequests().insert_header(("retry-after", "900")).finish(),
        Some(Fault::Broken) => return HttpResponse::InternalServerError().finish(),
        Some(Fault::NotJson) => return HttpResponse::Ok().body("<html>"),
        Some(Fault::OtherShape) => return HttpResponse::Ok().json(json!({"data": 7})),
        Some(Fault::Elsewhere) => return HttpResponse::Found().insert_header(("location", "/v2/elsewhere")).finish(),
        Some(Fault::Endless) => return HttpResponse::Ok().body(vec![b' '; 5 * 1024 * 1024]),
        Some(Fault::Hangs) => tokio::time::sleep(Duration::from_secs(5)).await,
        None => {}
    }
    let given = req.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let query: std::collections::BTreeMap<String, String> =
        serde_html_form::from_str::<Vec<(String, String)>>(req.query_string()).expect("a query").into_iter().collect();
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
    let rows = script.rows.lock().expect("rows").clone();
    let page = number("page").unwrap_or(1);
    let size = number("per_page").or(number("pageSize")).unwrap_or(10).min(100);
    let some: Vec<Value> = rows.iter().skip((page - 1) * size).take(size).cloned().collect();
    let has_more = page * size < rows.len();
    match given {
        given if given == format!("Bearer {KEY}") && query.contains_key("transaction_date_from") => HttpResponse::Ok()
            .json(json!({"status": "success", "data": some, "meta": {"pagination": {"has_more": has_more}}})),
        given if given == format!("Apikey {KEY}") && query.contains_key("fromDate") => {
            HttpResponse::Ok().json(json!({"error": 0, "data": {"page": page, "records": some}}))
        }
        _ => HttpResponse::Unauthorized().finish(),
    }
}

/// A movement as SePay's list tells it: another id than the webhook's.
fn sepay_row(movement: &Movement) -> Value {
    let (came, went) = if movement.is_in { (movement.amount_vnd, 0) } else { (0, movement.amount_vnd) };
    json!({
        "id": format!("018f0000-0000-7000-8000-{:012}", movement.id), "transaction_date": movement.at,
        "account_number": movement.account, "va": null, "transfer_type": if movement.is_in { "in" } else { "out" },
        "amount_in": format!("{came}.00"), "amount_out": went, "accumulated": 0, "transaction_content": movement.memo,
        "reference_number": movement.reference, "code": null, "webhook_success": 0,
    })
}

fn casso_row(movement: &Movement) -> Value {
    json!({
        "id": movement.id, "tid": movement.reference, "description": movement.memo, "amount": movement.amount_vnd,
        "cusum_balance": 0, "when": movement.at, "bankSubAccId": movement.account,
    })
}

async fn market(db: &TestDb, bank: &Bank, provider: BankProvider) -> (TestApp, Coop, Goods) {
    let url = bank.url.clone();
    let app = TestApp::start_with(db, |config| {
        (config.sepay_api_url, config.casso_api_url, config.bank_timeout_ms) = (url.clone(), url, 1_500);
    })
    .await;
    let coop = bank::coop_paid_by(&app.kit, "Nhãn Lồng", provider).await;
    let fruit = bank::goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
    reconciling::set_poll_key(&app.kit, &coop.seller, KEY).await.expect("a key");
    (app, coop, fruit)
}

async fn ask(app: &TestApp, coop: &Coop) -> Found {
    reconciling::ask_bank_now(&app.kit, &coop.seller).await.expect("an answer")
}

on_both_engines! {
    async fn a_day_without_webhooks_is_made_good_and_webhooks_that_come_after_it_change_nothing(db: TestDb) {
        let bank = Bank::open();
        let (app, coop, fruit) = market(db, &bank, BankProvider::Sepay).await;
        let mut paid = Vec::new();
        for n in 0..5 {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            // Every other one: the bank gave no reference.
            let reference = if n % 2 == 0 { String::new() } else { format!("FT{n}") };
            let movement = Movement { reference, ..Movement::paying(&coop, &order) };
            bank.holds(sepay_row(&movement));
            paid.push((order, movement));
        }
        for n in 0..230 {
            bank.holds(sepay_row(&Movement { is_in: n % 7 != 0, ..Movement::to(&coop, format!("tien khac so {n} thang 11"), 1_000 + n) }));
        }
        bank.holds(sepay_row(&Movement { account: "999999999".into(), ..Movement::to(&coop, "tai khoan khac", 5_000) }));
        app.clock.advance_s(24 * 3600);
        assert_eq!(reconciling::reconcile_due(&app.kit).await.expect("asked"), 1);
        assert_eq!(bank.asked(), 3, "pages of a hundred");
        assert_eq!(reconciling::reconcile_due(&app.kit).await.expect("asked"), 0, "not due again");
        for (order, movement) in &paid {
            assert_eq!(stands(&app.kit, order).await, (OrderState::Placed, Settlement::Settled));
            tell(&app, &coop, movement).await.is(200);
        }
        let found = ask(&app, &coop).await;
        assert_eq!(found, Found { counts: counts(0, 0, 235), stopped: None });
        for (order, _) in &paid {
            assert_eq!(look(&app.kit, &order.id).await.balance.received.vnd(), 20_000);
        }
        assert_eq!(events(&app.kit, &coop, BankEventState::Booked).await.len(), 5);
        assert!(reasons(&app.kit, &coop).await.is_empty(), "{:?}", reasons(&app.kit, &coop).await);
        check(&app.kit).await;
    }

    async fn a_list_that_comes_after_the_webhook_changes_nothing_at_casso_too(db: TestDb) {
        let bank = Bank::open();
        let (app, coop, fruit) = market(db, &bank, BankProvider::Casso).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        for n in 0..100 {
            bank.holds(casso_row(&Movement::to(&coop, format!("tien khac so {n} thang 11"), 1_000 + n)));
        }
        bank.holds(casso_row(&Movement::paying(&coop, &order)));
        assert_eq!(ask(&app, &coop).await, Found { counts: counts(101, 0, 0), stopped: None });
        assert_eq!(ask(&app, &coop).await, Found { counts: counts(0, 0, 101), stopped: None });
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        check(&app.kit).await;
    }

    async fn a_provider_that_stumbles_is_asked_again_and_one_that_falls_harms_nothing(db: TestDb) {
        let bank = Bank::open();
        let (app, coop, fruit) = market(db, &bank, BankProvider::Sepay).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        bank.holds(sepay_row(&Movement::paying(&coop, &order)));
        bank.holds(json!({"id": null, "amount_in": "viet", "account_number": coop.account_number}));
        bank.holds(json!("no row at all"));
        let falls = [
            (Fault::NotJson, NotFetched::Unreadable),
            (Fault::OtherShape, NotFetched::Unreadable),
            (Fault::Endless, NotFetched::TooLong),
            (Fault::Elsewhere, NotFetched::Failed(302)),
            (Fault::SlowDown, NotFetched::Busy),
            (Fault::Hangs, NotFetched::Unreachable),
        ];
        for (fault, stopped) in falls {
            bank.stumbles(&[fault]);
            assert_eq!(ask(&app, &coop).await, Found { counts: counts(0, 0, 0), stopped: Some(stopped) });
            assert_eq!(bank.asked(), 1, "{stopped}");
        }
        bank.stumbles(&[Fault::Broken, Fault::Broken, Fault::Broken]);
        assert_eq!(ask(&app, &coop).await.stopped, Some(NotFetched::Failed(500)));
        bank.stumbles(&[Fault::TooFast, Fault::Broken]);
        assert_eq!(ask(&app, &coop).await, Found { counts: counts(1, 0, 0), stopped: None });
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        reconciling::set_poll_key(&app.kit, &coop.seller, "mot-khoa-khac").await.expect("a key");
        assert_eq!(ask(&app, &coop).await.stopped, Some(NotFetched::KeyRefused));
        check(&app.kit).await;
    }

    async fn the_worker_asks_while_orders_wait_and_once_a_day(db: TestDb) {
        let bank = Bank::open();
        let (app, _coop, fruit) = market(db, &bank, BankProvider::Sepay).await;
        let due = || async { reconciling::reconcile_due(&app.kit).await.expect("asked") };
        assert_eq!((due().await, due().await), (1, 0));
        app.clock.advance_s(600);
        assert_eq!(due().await, 0, "nobody waits for money");
        order(&app.kit, &[(&fruit, "1")]).await;
        assert_eq!((due().await, due().await), (1, 0));
        app.clock.advance_s(181);
        let (one, two) = tokio::join!(due(), due());
        assert_eq!(one + two, 1, "two workers, one asks");
        bank.stumbles(&[Fault::Broken, Fault::Broken, Fault::Broken]);
        app.clock.advance_s(24 * 3600);
        assert_eq!((due().await, due().await), (1, 0), "what failed comes again later");
        app.clock.advance_s(901);
        assert_eq!(due().await, 1);
    }

    async fn the_page_keeps_the_key_to_itself_and_asks_with_one_press(db: TestDb) {
        let bank = Bank::open();
        let (app, coop, fruit) = market(db, &bank, BankProvider::Sepay).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        bank.holds(sepay_row(&Movement::paying(&coop, &order)));
        let manager = app.signed_in(&coop.seller.account).await;
        let way = "/ban-hang/tai-khoan/doi-soat";
        let page = manager.get(way).await.is(200);
        page.says("Hỏi ngân hàng ngay").says("Chưa hỏi lần nào");
        assert!(!page.body.contains(KEY));
        manager.post("/ban-hang/tai-khoan/doi-soat/hoi", &[]).await.is(200).says("Tìm thấy 1 khoản chưa ai báo");
        manager.post("/ban-hang/tai-khoan/doi-soat/hoi", &[]).await.is(200).says("Tìm thấy 0 khoản chưa ai báo");
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        let accountant = app.seller(&coop.id, &[ganh::domain::account::MemberRole::Accountant]).await;
        accountant.post(way, &[("key", "x")]).await.is(403);
        manager.post(way, &[("key", "có dấu")]).await.is(422);
        assert_eq!(manager.post(way, &[("key", "")]).await.is(303).location(), "/ban-hang/tai-khoan/doi-soat?da=luu");
        manager.get(way).await.is(200).says("Chưa có mã truy cập");
        manager.post("/ban-hang/tai-khoan/doi-soat/hoi", &[]).await.is(422);
        check(&app.kit).await;
    }
}
