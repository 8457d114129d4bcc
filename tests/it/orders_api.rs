//! Guest checkout in one request, as programs send it: the answers' shapes and statuses, the race for the last goods, and
//! the document that says all this.

use crate::kit::app::{Answer, TestApp};
use crate::kit::make;
use crate::on_both_engines;
use diesel::connection::SimpleConnection as _;
use ganh::domain::quantity::Base;
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::verifying;
use ganh::service::who::Seller;
use ganh::web::route::Door;
use ganh::web::routes::table;
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn stand(kit: &Kit, name: &str, product: &str, number: u32, base: Base) -> Seller {
    let seller = make::seller(kit, name, number).await;
    make::receiving_account(kit, &seller, &name.to_uppercase()).await;
    let id = make::product(kit, &seller, product).await;
    make::lot(kit, &seller, &id, base).await;
    seller
}

fn body(slug: &str, quantity: &str) -> Value {
    json!({
        "lines": [{"product": slug, "quantity": quantity}],
        "buyer": {"name": "Chị Mua", "phone": "0912345678"},
        "fulfilment": {"kind": "delivery", "commune_code": make::HOAN_KIEM, "address": "12 ngõ Hàng Trống"},
        "payment": "vietqr",
    })
}

async fn post(app: &TestApp, path: &str, key: Option<&str>, body: &str) -> Answer {
    let visitor = app.visitor();
    let mut request = visitor.request("POST", path).header("content-type", "application/json").body(body.to_owned());
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    visitor.send(request).await
}

async fn order(app: &TestApp, key: &str, body: &Value) -> Answer {
    post(app, "/api/v1/orders", Some(key), &body.to_string()).await
}

async fn with_key(app: &TestApp, method: &str, path: &str, key: &str) -> Answer {
    let visitor = app.visitor();
    visitor.send(visitor.request(method, path).header("x-order-key", key)).await
}

on_both_engines! {
    async fn an_order_is_made_in_one_request_and_answered_with_all_that_paying_needs(db: TestDb) {
        let app = TestApp::start(db).await;
        stand(&app.kit, "HTX Một", "Nhãn lồng", 1, Base(20_000)).await;
        let answer = order(&app, "k1", &body("nhan-long", "1.5")).await.is(201);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("idempotency-replayed"), "");
        let made = answer.json();
        let one = &made["orders"][0];
        assert_eq!((one["state"].as_str(), one["settlement"].as_str()), (Some("awaiting_payment"), Some("unpaid")));
        assert_eq!(one["total_vnd"], 97_500);
        assert_eq!(one["expires_at"], "2026-11-23T09:15:00+07:00");
        let pay = &one["payment"];
        assert_eq!((pay["bin"].as_str(), pay["account"].as_str()), (Some("970436"), Some("1017588888")));
        assert_eq!((pay["amount_vnd"].as_i64(), &pay["memo"]), (Some(97_500), &one["code"]));
        let read = ganh::domain::vietqr::decode(pay["qr_payload"].as_str().expect("a payload")).expect("a VietQR code");
        assert!(format!("{read:?}").contains(one["code"].as_str().expect("a code")));
        for url in [&made["purchase"]["url"], &one["url"], &pay["qr_svg_url"]] {
            let url = url.as_str().expect("an address");
            let page = app.visitor().get(url.strip_prefix(&app.base_url).expect("ours")).await.is(200);
            assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), ("no-store", "noindex"), "{url}");
            assert_eq!(page.header("referrer-policy"), "no-referrer");
        }
        let again = order(&app, "k1", &body("nhan-long", "1.5")).await.is(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.json(), made);
        app.stop().await;
    }

    async fn pay_on_delivery_has_nothing_to_transfer(db: TestDb) {
        let app = TestApp::start(db).await;
        stand(&app.kit, "HTX Một", "Nhãn lồng", 1, Base(20_000)).await;
        let mut asked = body("nhan-long", "1");
        asked["payment"] = "cod".into();
        let made = order(&app, "k", &asked).await.is(201).json();
        assert_eq!((made["orders"][0]["state"].as_str(), &made["orders"][0]["payment"]), (Some("placed"), &Value::Null));
        app.stop().await;
    }

    async fn what_cannot_be_ordered_says_why_with_its_status(db: TestDb) {
        let app = TestApp::start(db).await;
        stand(&app.kit, "HTX Một", "Nhãn lồng", 1, Base(20_000)).await;
        let good = body("nhan-long", "1").to_string();
        let refused = post(&app, "/api/v1/orders", None, &good).await.is(400);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert_eq!(refused.json()["problems"][0]["code"], "idempotency-key");
        post(&app, "/api/v1/orders", Some(&"x".repeat(256)), &good).await.is(400);
        let garbage = post(&app, "/api/v1/orders", Some("k"), "{\"lines\":").await.is(400);
        assert_eq!(garbage.json()["problems"][0]["code"], "json");

        let short = order(&app, "k", &body("nhan-long", "20.5")).await.is(409).json();
        let problem = &short["problems"][0];
        assert_eq!((problem["code"].as_str(), problem["field"].as_str()), (Some("short"), Some("lines[0].quantity")));
        assert_eq!(problem["values"]["available_base"], "20000");
        let mut dear = body("nhan-long", "1");
        dear["expected_total_vnd"] = 70_000.into();
        let changed = order(&app, "k", &dear).await.is(409).json();
        assert_eq!(changed["problems"][0]["values"]["total_vnd"], "75000");

        let never = order(&app, "k", &body("khong-co", "1")).await.is(422).json();
        assert_eq!(never["problems"][0]["code"], "product-unknown");
        order(&app, "k", &body("nhan-long", "1")).await.is(201);
        let other = order(&app, "k", &body("nhan-long", "2")).await.is(422).json();
        assert_eq!(other["problems"][0]["code"], "idempotency-reused");
        assert!(other["request_id"].as_str().is_some_and(|id| !id.is_empty()));
        app.stop().await;
    }

    async fn a_quote_costs_nothing_and_changes_nothing(db: TestDb) {
        let app = TestApp::start(db).await;
        stand(&app.kit, "HTX Một", "Nhãn lồng", 1, Base(20_000)).await;
        for _twice in 0..2 {
            let quote = post(&app, "/api/v1/quotes", None, &body("nhan-long", "20").to_string()).await.is(200).json();
            assert_eq!((quote["total_vnd"].as_i64(), quote["orders"][0]["shipping_vnd"].as_i64()), (Some(930_000), Some(30_000)));
        }
        post(&app, "/api/v1/quotes", None, &body("nhan-long", "21").to_string()).await.is(409);
        post(&app, "/api/v1/quotes", None, &body("nhan-long", "0").to_string()).await.is(422);
        app.stop().await;
    }

    async fn an_order_opens_by_its_key_alone_and_is_cancelled_once(db: TestDb) {
        let app = TestApp::start(db).await;
        stand(&app.kit, "HTX Một", "Nhãn lồng", 1, Base(20_000)).await;
        let made = order(&app, "k", &body("nhan-long", "1.5")).await.is(201).json();
        let (code, key) = (made["orders"][0]["code"].as_str().expect("code"), made["orders"][0]["key"].as_str().expect("key"));
        let path = format!("/api/v1/orders/{code}");
        let seen = with_key(&app, "GET", &path, key).await.is(200).json();
        assert_eq!((seen["due_vnd"].as_i64(), seen["lines"][0]["quantity"].as_str()), (Some(97_500), Some("1.5")));
        let wrong = with_key(&app, "GET", &path, "wrong").await.is(404);
        let unknown = with_key(&app, "GET", "/api/v1/orders/HT7K2M9QA", key).await.is(404);
        let plain = |answer: &Answer| {
            let mut body = answer.json();
            body.as_object_mut().expect("an object").remove("request_id");
            body
        };
        assert_eq!(plain(&wrong), plain(&unknown), "told alike");
        app.visitor().get(&format!("/don/{code}?k=wrong")).await.is(404);
        with_key(&app, "POST", &format!("{path}/cancellation"), "wrong").await.is(404);
        for _twice in 0..2 {
            let gone = with_key(&app, "POST", &format!("{path}/cancellation"), key).await.is(200).json();
            assert_eq!((gone["state"].as_str(), &gone["payment"]), (Some("cancelled"), &Value::Null));
        }
        app.stop().await;
    }

    async fn the_sixth_unpaid_order_of_a_phone_is_asked_to_wait(db: TestDb) {
        let app = TestApp::start_with(db, |config| config.has_limits = true).await;
        stand(&app.kit, "HTX Một", "Nhãn lồng", 1, Base(20_000)).await;
        for nth in 0..5 {
            order(&app, &format!("k{nth}"), &body("nhan-long", "1")).await.is(201);
        }
        let limit = order(&app, "k5", &body("nhan-long", "1")).await.is(429);
        assert!(limit.header("retry-after").parse::<u64>().is_ok());
        app.stop().await;
    }

    async fn a_key_whose_first_request_is_still_at_work_is_told_to_come_again(db: TestDb) {
        // On the embedded engine there is one writer: the second simply waits its turn, or is told 503 (see `faults`).
        if db.engine == crate::kit::Engine::Sqlite {
            return;
        }
        let mut first = db.bare();
        let app = TestApp::start(db).await;
        stand(&app.kit, "HTX Một", "Nhãn lồng", 1, Base(20_000)).await;
        first.batch_execute(
            "BEGIN; INSERT INTO idempotency VALUES ('k1', 'of the first', 'not yet', now(), now() + interval '1 day')",
        ).expect("a first request at work");
        let second = order(&app, "k1", &body("nhan-long", "1")).await.is(409);
        assert_eq!(second.header("retry-after"), "1");
        assert_eq!(second.json()["problems"][0]["code"], "still-running");
        first.batch_execute("ROLLBACK").expect("it came to nothing");
        order(&app, "k1", &body("nhan-long", "1")).await.is(201);
        assert!(verifying::verify(&app.kit).await.expect("a report").is_sound());
        app.stop().await;
    }

    async fn communes_are_found_by_names_of_before(db: TestDb) {
        let app = TestApp::start(db).await;
        let found = app.visitor().get("/api/v1/communes?q=%C4%90%E1%BA%A1i%20Kim").await.is(200).json();
        let first = &found["items"][0];
        assert!(first["code"].as_str().is_some_and(|code| code.len() == 5), "{found}");
        assert!(first["was"].as_str().is_some_and(|was| was.contains("Đại Kim")), "{found}");
        assert_eq!(app.visitor().get("/api/v1/communes?q=").await.is(200).json()["items"], json!([]));
        app.stop().await;
    }

    /// 400 requests from 32 threads for the last 50 kg, a kilogram each, every key used twice.
    async fn a_crowd_races_for_the_last_fifty_kilograms_and_exactly_those_are_sold(db: TestDb) {
        let app = TestApp::start(db).await;
        let seller = stand(&app.kit, "HTX Một", "Nhãn lồng", 1, Base(50_000)).await;
        let base_url = app.base_url.clone();
        let answers = tokio::task::spawn_blocking(move || crowd(&base_url)).await.expect("the crowd");
        assert_eq!(answers.len(), 400);
        let mut codes: BTreeMap<String, Vec<(u16, Value)>> = BTreeMap::new();
        for (key, status, body) in answers {
            assert!(matches!(status, 201 | 409 | 422), "{status}: {body}");
            codes.entry(key).or_default().push((status, body));
        }
        let mut bought = 0;
        for (key, twice) in &codes {
            assert_eq!(twice.len(), 2);
            let made: Vec<&Value> = twice.iter().filter(|(status, _)| *status == 201).map(|(_, body)| &body["purchase"]["code"]).collect();
            assert!(made.windows(2).all(|pair| pair[0] == pair[1]), "{key}: one purchase per key");
            bought += usize::from(!made.is_empty());
        }
        assert_eq!(bought, 50);
        let cooperative = seller.cooperative.clone();
        let lots = app.kit.db.read(move |conn| Ok::<_, ServiceError>(ganh::store::lot::list_own(conn, &cooperative, 10)?)).await;
        let lots = lots.expect("the lots");
        assert_eq!((lots[0].on_hand, lots[0].held), (Base(50_000), Base(50_000)));
        let report = verifying::verify(&app.kit).await.expect("a report");
        assert!(report.is_sound(), "{report:?}");
        app.stop().await;
    }
}

/// Key, status and body of each answer.
fn crowd(base_url: &str) -> Vec<(String, u16, Value)> {
    let threads: Vec<_> = (0..32_u32)
        .map(|thread| {
            let base_url = base_url.to_owned();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let client = reqwest::Client::new();
                    let mut answers = Vec::new();
                    for nth in (0..400_u32).filter(|nth| nth % 32 == thread) {
                        let key = format!("key-{}", nth % 200);
                        let mut asked = body("nhan-long", "1");
                        asked["buyer"]["phone"] = format!("09{:08}", nth % 200).into();
                        let request = client.post(format!("{base_url}/api/v1/orders")).header("idempotency-key", &key);
                        let answer = request.body(asked.to_string()).send().await.expect("an answer");
                        let status = answer.status().as_u16();
                        let text = answer.text().await.expect("a body");
                        answers.push((key, status, serde_json::from_str(&text).expect("JSON")));
                    }
                    answers
                })
            })
        })
        .collect();
    threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
}

fn document() -> Value {
    serde_json::to_value(ganh::web::api::openapi::document()).expect("a document")
}

#[test]
fn the_document_is_what_it_was() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&document()).expect("text"));
}

#[test]
fn every_json_route_stands_in_the_document_and_nothing_else() {
    let document = document();
    let mut there: Vec<(String, String)> = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        there.extend(methods.as_object().expect("methods").keys().map(|method| (path.clone(), method.clone())));
    }
    let routes = table().into_iter().filter(|route| route.door == Door::Api && route.path.starts_with("/api/v1/"));
    let mut routes: Vec<(String, String)> =
        routes.map(|route| (route.path.to_owned(), route.method.as_str().to_lowercase())).collect();
    there.sort();
    routes.sort();
    assert_eq!(there, routes);
}
