//! Every provider knocks at its door: what it signs is booked once, what is altered leaves nothing, its test call is a success and no
//! money, and no other door opens to it.

use crate::kit::app::{Answer, TestApp};
use crate::kit::bank::{Coop, Goods, coop_paid_by, goods, look, order};
use crate::on_both_engines;
use crate::paying::{asked, check, events};
use diesel::prelude::*;
use ganh::domain::bank_message::{BankProvider, Direction};
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::payment::{BankEventState, MoneyCaseReason};
use ganh::domain::settlement::Settlement;
use ganh::gateway::bank::{self, Headers, Movement, Secret, Signed, sepay, vietqr_vn};
use ganh::service::error::ServiceError;
use ganh::store::bank::BankEvent;
use ganh::store::schema::bank_account;
use serde_json::{Value, json};

const TALKING: [BankProvider; 6] = [
    BankProvider::Sepay,
    BankProvider::Casso,
    BankProvider::CassoV1,
    BankProvider::Payos,
    BankProvider::Vietqr,
    BankProvider::Generic,
];
const SECRET: &str = "khoa-ma-nha-cung-cap-dua";

/// A cooperative whose account agrees on `SECRET` with its provider.
async fn open(app: &TestApp, provider: BankProvider) -> (Coop, Goods) {
    let mut coop = coop_paid_by(&app.kit, "Nhãn Lồng", provider).await;
    agree(app, &coop, SECRET).await;
    coop.receiving.secret = Some(SECRET.to_owned());
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
    (coop, fruit)
}

async fn agree(app: &TestApp, coop: &Coop, secret: &str) {
    let sealed = app.kit.keys.seal("webhook", secret.as_bytes()).expect("short");
    let id = coop.receiving.id.clone();
    app.kit
        .db
        .write(move |conn| {
            let target = diesel::update(bank_account::table.find(&id));
            target
                .set(bank_account::secret_sealed.eq(&sealed))
                .execute(conn)
                .map_err(|error| ServiceError::broken(error.to_string()))?;
            Ok::<_, ServiceError>(())
        })
        .await
        .expect("agreed");
}

fn path(provider: BankProvider, coop: &Coop) -> String {
    let base = format!("/webhooks/bank/{provider}/{}", coop.receiving.path_id);
    if provider == BankProvider::Vietqr { format!("{base}/{}", vietqr_vn::SYNC_PATH) } else { base }
}

/// VietQR.vn's token, bought over HTTP.
async fn token(app: &TestApp, coop: &Coop, password: &str) -> Answer {
    let url = format!("/webhooks/bank/vietqr/{}{}", coop.receiving.path_id, vietqr_vn::TOKEN_PATH);
    send(app, &url, &vietqr_vn::ask("vietqr", password)).await
}

async fn signed(app: &TestApp, coop: &Coop, provider: BankProvider, said: &Movement<'_>) -> Signed {
    let secret = match provider {
        BankProvider::Vietqr => {
            let granted = token(app, coop, SECRET).await.is(200).json();
            assert_eq!((&granted["token_type"], &granted["expires_in"]), (&json!("Bearer"), &json!(300)));
            granted["access_token"].as_str().expect("a token").to_owned()
        }
        _ => SECRET.to_owned(),
    };
    bank::compose(provider, &secret, said).expect("a provider that talks")
}

async fn send(app: &TestApp, path: &str, signed: &Signed) -> Answer {
    let visitor = app.visitor();
    let mut request = visitor.request("POST", path).header("content-type", "application/json");
    for (name, value) in &signed.headers {
        request = request.header(*name, value);
    }
    visitor.send(request.body(signed.body.clone())).await
}

fn movement<'a>(app: &TestApp, coop: &'a Coop, memo: &'a str, amount_vnd: i64) -> Movement<'a> {
    let (amount, at) = (Money(amount_vnd), app.kit.now());
    Movement { id: 77_001, account: &coop.account_number, amount, memo, reference: "FT26327000001", at }
}

async fn everything(app: &TestApp, coop: &Coop) -> Vec<BankEvent> {
    let mut all = Vec::new();
    for state in BankEventState::ALL {
        all.extend(events(&app.kit, coop, *state).await);
    }
    all
}

#[track_caller]
fn is_success(provider: BankProvider, answer: Answer) -> Value {
    let json = answer.is(200).json();
    match provider {
        BankProvider::Vietqr => {
            assert_eq!((&json["error"], &json["errorReason"]), (&json!(false), &json!("000")));
            assert!(json["object"]["reftransactionid"].is_string(), "{json}");
        }
        _ => assert_eq!(json, json!({"success": true}), "{provider}"),
    }
    json
}

on_both_engines! {
    async fn what_each_provider_signs_pays_the_order_once_however_often_it_comes(db: TestDb) {
        let app = TestApp::start(db).await;
        for provider in TALKING {
            let (coop, fruit) = open(&app, provider).await;
            let order = order(&app.kit, &[(&fruit, "2")]).await;
            let memo = format!("{} chuyen tien", order.code);
            let delivery = signed(&app, &coop, provider, &movement(&app, &coop, &memo, order.total_vnd)).await;
            let mut answers = Vec::new();
            for _ in 0..3 {
                answers.push(is_success(provider, send(&app, &path(provider, &coop), &delivery).await));
            }
            assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{provider}: {answers:?}");
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.order.state, view.settlement), (OrderState::Placed, Settlement::Settled), "{provider}");
            assert_eq!(view.balance.received.vnd(), 40_000, "{provider}");
            let kept = everything(&app, &coop).await;
            assert_eq!(kept.len(), 1, "{provider}");
            let read = (kept[0].provider, kept[0].direction, kept[0].amount_vnd, kept[0].is_stale, &*kept[0].reference_code);
            assert_eq!(read, (provider, Direction::In, Money(40_000), false, "FT26327000001"));
            check(&app.kit).await;
        }
    }

    async fn an_altered_or_unproven_delivery_is_refused_and_leaves_nothing(db: TestDb) {
        let app = TestApp::start(db).await;
        for provider in TALKING {
            let (coop, fruit) = open(&app, provider).await;
            let order = order(&app.kit, &[(&fruit, "2")]).await;
            let memo = order.code.to_string();
            let delivery = signed(&app, &coop, provider, &movement(&app, &coop, &memo, order.total_vnd)).await;
            let (here, mut wrong) = (path(provider, &coop), Vec::new());
            // Another secret.
            let other = bank::compose(provider, "khoa-khac", &movement(&app, &coop, &memo, order.total_vnd)).expect("talks");
            wrong.push((here.clone(), other));
            // Another sum under the same signature. A word or a token signs no body.
            if !matches!(provider, BankProvider::CassoV1 | BankProvider::Vietqr) {
                let body = String::from_utf8(delivery.body.clone()).expect("text").replace("40000", "40001");
                assert_ne!(body.as_bytes(), delivery.body);
                wrong.push((here.clone(), Signed { body: body.into_bytes(), ..delivery.clone() }));
            }
            if provider != BankProvider::Payos {
                wrong.push((here, Signed { headers: Vec::new(), ..delivery.clone() }));
            }
            // Every other provider's door of the same account, and this one's of an account that is nobody's.
            for door in TALKING.into_iter().filter(|door| *door != provider) {
                wrong.push((format!("/webhooks/bank/{door}/{}", coop.receiving.path_id), delivery.clone()));
            }
            wrong.push((format!("/webhooks/bank/{provider}/khong-co"), delivery));
            for (path, delivery) in wrong {
                send(&app, &path, &delivery).await.is(401);
            }
            assert!(everything(&app, &coop).await.is_empty(), "{provider}");
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.order.state, view.settlement), (OrderState::AwaitingPayment, Settlement::Unpaid));
        }
    }

    async fn the_test_call_of_each_provider_succeeds_and_is_no_money(db: TestDb) {
        let app = TestApp::start(db).await;
        for provider in TALKING.into_iter().filter(|provider| *provider != BankProvider::Vietqr) {
            let (coop, _) = open(&app, provider).await;
            let test = match provider {
                BankProvider::Payos => Movement { id: 123, ..movement(&app, &coop, "VQRIO123", 3_000) },
                _ => Movement { id: 0, ..movement(&app, &coop, "thu", 10_000) },
            };
            let mut delivery = signed(&app, &coop, provider, &test).await;
            if provider == BankProvider::Generic {
                let (body, at_s) = (br#"{"ping":true}"#.to_vec(), app.kit.now().unix_seconds());
                delivery.headers[1].1 = bank::generic::sign(SECRET, at_s, &body);
                delivery.body = body;
            }
            is_success(provider, send(&app, &path(provider, &coop), &delivery).await);
            assert!(everything(&app, &coop).await.is_empty(), "{provider}");
        }
    }

    async fn cassos_empty_test_call_succeeds_and_lights_no_light(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, _) = open(&app, BankProvider::Casso).await;
        let empty = Signed { headers: Vec::new(), body: Vec::new() };
        is_success(BankProvider::Casso, send(&app, &path(BankProvider::Casso, &coop), &empty).await);
        let id = coop.receiving.id.clone();
        let heard = app.kit.db.read(move |conn| Ok::<_, ServiceError>(ganh::store::bank::get_account(conn, &id)?.first_message_at));
        assert_eq!(heard.await.expect("the account"), None);
    }

    async fn a_list_of_movements_is_booked_whole(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app, BankProvider::CassoV1).await;
        let (one, two) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "2")]).await);
        let row = |id: u32, memo: &str, vnd: i64| json!({"id": id, "tid": format!("FT{id}"), "amount": vnd, "description": memo,
            "when": "2026-11-23 09:01:00", "subAccId": coop.account_number, "bank_sub_acc_id": coop.account_number});
        let body = json!({"error": 0, "data": [row(1, one.code.as_text(), 20_000), row(2, two.code.as_text(), 40_000), row(3, "tra lai", -5_000)]});
        let delivery = Signed { headers: vec![("secure-token", SECRET.to_owned())], body: body.to_string().into_bytes() };
        for _ in 0..2 {
            is_success(BankProvider::CassoV1, send(&app, &path(BankProvider::CassoV1, &coop), &delivery).await);
        }
        for order in [&one, &two] {
            assert_eq!(look(&app.kit, &order.id).await.settlement, Settlement::Settled);
        }
        let kept = everything(&app, &coop).await;
        assert_eq!(kept.iter().filter(|event| event.direction == Direction::Out).count(), 1);
        assert_eq!(kept.len(), 3);
        check(&app.kit).await;
    }

    async fn a_key_in_a_header_is_enough_for_sepay_and_the_same_key_elsewhere_is_not(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app, BankProvider::Sepay).await;
        agree(&app, &coop, "apikey:KHOA-123").await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let (memo, here) = (order.code.to_string(), path(BankProvider::Sepay, &coop));
        let said = movement(&app, &coop, &memo, 20_000);
        let compose = |key: &str| bank::compose(BankProvider::Sepay, key, &said).expect("SePay talks");
        send(&app, &here, &compose("apikey:KHOA-12")).await.is(401);
        let none = Signed { headers: Vec::new(), ..compose("apikey:KHOA-123") };
        send(&app, &here, &none).await.is(401);
        is_success(BankProvider::Sepay, send(&app, &here, &compose("apikey:KHOA-123")).await);
        assert_eq!(look(&app.kit, &order.id).await.settlement, Settlement::Settled);
    }

    async fn sepay_may_send_a_form(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app, BankProvider::Sepay).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let body = format!("id=501&transferType=in&transferAmount=20000&content={}+chuyen+ti%E1%BB%81n&accountNumber={}", order.code, coop.account_number);
        let at_s = app.kit.now().unix_seconds();
        let visitor = app.visitor();
        let request = visitor
            .request("POST", &path(BankProvider::Sepay, &coop))
            .header("content-type", "application/x-www-form-urlencoded")
            .header(sepay::TIMESTAMP_HEADER, at_s.to_string())
            .header(sepay::SIGNATURE_HEADER, sepay::sign(SECRET, at_s, body.as_bytes()));
        is_success(BankProvider::Sepay, visitor.send(request.body(body)).await);
        assert_eq!(look(&app.kit, &order.id).await.settlement, Settlement::Settled);
    }

    async fn vietqr_gets_a_token_for_its_password_alone_and_it_lives_five_minutes(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app, BankProvider::Vietqr).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let memo = order.code.to_string();
        let refused = token(&app, &coop, "sai-mat-khau").await.is(401).json();
        assert_eq!((&refused["error"], &refused["object"]), (&json!(true), &Value::Null));
        let visitor = app.visitor();
        let bare = format!("/webhooks/bank/vietqr/{}", coop.receiving.path_id);
        visitor.send(visitor.request("POST", &format!("{bare}//api/token_generate"))).await.is(401);
        let delivery = signed(&app, &coop, BankProvider::Vietqr, &movement(&app, &coop, &memo, 20_000)).await;
        let neighbour = coop_paid_by(&app.kit, "Nhãn Muộn", BankProvider::Vietqr).await;
        send(&app, &path(BankProvider::Vietqr, &neighbour), &delivery).await.is(401);
        app.clock.advance_s(301);
        send(&app, &path(BankProvider::Vietqr, &coop), &delivery).await.is(401);
        assert!(everything(&app, &coop).await.is_empty());
        let again = signed(&app, &coop, BankProvider::Vietqr, &movement(&app, &coop, &memo, 20_000)).await;
        // One slash, where a suffix is set.
        is_success(BankProvider::Vietqr, send(&app, &format!("{bare}{}", vietqr_vn::SYNC_PATH), &again).await);
        assert_eq!(look(&app.kit, &order.id).await.settlement, Settlement::Settled);
    }

    async fn half_a_message_waits_for_a_person_and_pays_nothing(db: TestDb) {
        let app = TestApp::start(db).await;
        let (coop, fruit) = open(&app, BankProvider::Sepay).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let body = format!(r#"{{"id":9,"transferType":"sideways","transferAmount":20000,"content":"{}"}}"#, order.code);
        for _ in 0..2 {
            let at_s = app.kit.now().unix_seconds();
            crate::kit::bank::post_signed(&app, &coop.receiving.path_id, SECRET, at_s, &body).await.is(200);
        }
        let cases = asked(&app.kit, &coop).await;
        assert_eq!(cases.len(), 1);
        assert_eq!((cases[0].reason, cases[0].amount_vnd), (MoneyCaseReason::Unmatched, Money(0)));
        assert_eq!(cases[0].candidates, order.code.to_string());
        let kept = everything(&app, &coop).await;
        assert_eq!((kept.len(), kept[0].raw_body.as_deref()), (1, Some(body.as_str())));
        assert_eq!(look(&app.kit, &order.id).await.settlement, Settlement::Unpaid);
        check(&app.kit).await;
    }
}

/// A request for a payment link, as payOS's own package signs it.
fn is_signed_as_ours(key: &str, request: &str) {
    let request: Value = serde_json::from_str(request).expect("JSON");
    let text = |name: &str| request[name].as_str().expect("text").to_owned();
    let link = bank::payos_links::NewLink {
        number: request["orderCode"].as_i64().expect("a number"),
        amount: Money(request["amount"].as_i64().expect("an amount")),
        description: text("description"),
        return_url: text("returnUrl"),
        cancel_url: text("cancelUrl"),
        expires_at: None,
    };
    assert_eq!(bank::payos_links::create_signature(key, &link), text("signature"), "{request}");
    assert_ne!(bank::payos_links::create_signature("khoa-khac", &link), text("signature"));
}

/// `tests/run` lets payOS's own packages sign (`tests/providers/`) and hands over what they wrote, a line each:
/// `{"by","key","body"}`, or for a link `{"by","key","request"}`.
#[test]
fn what_payos_own_packages_sign_is_believed() {
    let Ok(file) = std::env::var("GANH_PAYOS_SIGNED") else {
        eprintln!("skipped: GANH_PAYOS_SIGNED names no file (tests/run makes one)");
        return;
    };
    let lines = std::fs::read_to_string(file).expect("what the packages signed");
    let mut counted = std::collections::BTreeMap::<String, usize>::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |name: &str| line[name].as_str().expect("text").to_owned();
        if line["request"].is_string() {
            is_signed_as_ours(&text("key"), &text("request"));
            *counted.entry(text("by")).or_default() += 1;
            continue;
        }
        let (key, body) = (text("key"), text("body"));
        let now = ganh::domain::time::At::from_unix_seconds(1_795_400_000);
        let hear = |key: &str, body: &str| {
            bank::verify(BankProvider::Payos, &Headers::default(), body.as_bytes(), &[Secret::new(key)], now)
        };
        assert!(hear(&key, &body).is_ok(), "{line}");
        assert!(hear("khoa-khac", &body).is_err(), "{line}");
        *counted.entry(text("by")).or_default() += 1;
    }
    println!("believed: {counted:?}");
    assert!(!counted.is_empty() && counted.values().all(|count| *count >= 20), "{counted:?}");
}
