//! A payOS that a test writes: it makes, tells and cancels links as payos.vn's documentation says, signs by its own writing of the
//! rule, and stumbles when it is told to.

use super::{API_KEY, CHECKSUM, CLIENT};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use ganh::domain::money::Money;
use ganh::domain::vietqr::{Transfer, encode};
use ganh::gateway::bank::payos_links::{NewLink, create_signature};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What payOS does instead of answering once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    Broken,
    Hangs,
    NotJson,
    TooFast,
    WrongSignature,
    OtherAmount,
    OtherNumber,
    NoCode,
    /// It makes the link, and its answer is lost.
    AnswerLost,
}

#[derive(Clone)]
pub struct Link {
    pub amount: i64,
    pub memo: String,
    pub account: String,
    pub status: &'static str,
    pub rows: Vec<Value>,
    pub expires_s: Option<i64>,
}

#[derive(Default)]
pub struct Script {
    pub links: Mutex<BTreeMap<i64, Link>>,
    faults: Mutex<VecDeque<Fault>>,
    is_down: Mutex<bool>,
}

pub struct Payos {
    pub url: String,
    pub script: Arc<Script>,
}

impl Payos {
    pub fn open() -> Self {
        let script = Arc::new(Script::default());
        let data = web::Data::from(Arc::clone(&script));
        let app = move || App::new().app_data(data.clone()).default_service(web::to(answer));
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).expect("a port");
        let url = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        Self { url, script }
    }

    pub fn stumbles(&self, faults: &[Fault]) {
        self.script.faults.lock().expect("faults").extend(faults);
    }

    pub fn is_down(&self, down: bool) {
        *self.script.is_down.lock().expect("a switch") = down;
    }

    pub fn links(&self) -> Vec<(i64, Link)> {
        self.script.links.lock().expect("links").clone().into_iter().collect()
    }

    pub fn pending(&self) -> Vec<i64> {
        self.links()
            .into_iter()
            .filter(|(_, link)| matches!(link.status, "PENDING" | "UNDERPAID"))
            .map(|(number, _)| number)
            .collect()
    }

    /// Somebody pays through a link; the webhook that payOS would send.
    pub fn paid(&self, number: i64, amount: i64, memo: &str) -> Value {
        let mut links = self.script.links.lock().expect("links");
        let link = links.get_mut(&number).expect("a link");
        let reference = format!("FT{number}-{}", link.rows.len());
        let row = json!({
            "reference": reference, "amount": amount, "accountNumber": "113366668888", "description": memo,
            "transactionDateTime": "2026-11-23 09:02:00", "virtualAccountName": "HTX", "virtualAccountNumber": link.account,
            "counterAccountBankId": null, "counterAccountBankName": null, "counterAccountName": null, "counterAccountNumber": null,
        });
        link.rows.push(row.clone());
        let paid: i64 = link.rows.iter().filter_map(|row| row["amount"].as_i64()).sum();
        link.status = if paid >= link.amount { "PAID" } else { "UNDERPAID" };
        let mut data = row;
        let more = json!({"orderCode": number, "currency": "VND", "paymentLinkId": format!("link{number}"), "code": "00", "desc": "success"});
        data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({"code": "00", "desc": "success", "success": true, "signature": tag(&signed_text(&data)), "data": data})
    }
}

/// payOS's rule, written once more beside the program's: sorted keys, null as nothing, a list as JSON with its keys sorted.
pub fn signed_text(data: &Value) -> String {
    let sorted: BTreeMap<&String, &Value> = data.as_object().expect("an object").iter().collect();
    let said = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    sorted.into_iter().map(|(key, value)| format!("{key}={}", said(value))).collect::<Vec<_>>().join("&")
}

pub fn tag(text: &str) -> String {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(CHECKSUM.as_bytes()).expect("a key").chain_update(text);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn told(data: Value, fault: Option<Fault>) -> HttpResponse {
    let signature = if fault == Some(Fault::WrongSignature) { "0".repeat(64) } else { tag(&signed_text(&data)) };
    HttpResponse::Ok().json(json!({"code": "00", "desc": "success", "data": data, "signature": signature}))
}

fn refused(code: &str) -> HttpResponse {
    HttpResponse::Ok().json(json!({"code": code, "desc": "khong duoc", "data": null, "signature": null}))
}

async fn answer(req: HttpRequest, script: web::Data<Script>, body: web::Bytes) -> HttpResponse {
    let header =
        |name: &str| req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if *script.is_down.lock().expect("a switch") {
        return HttpResponse::BadGateway().finish();
    }
    let fault = script.faults.lock().expect("faults").pop_front();
    match fault {
        Some(Fault::Broken) => return HttpResponse::InternalServerError().finish(),
        Some(Fault::NotJson) => return HttpResponse::Ok().body("<html>"),
        Some(Fault::TooFast) => return HttpResponse::TooManyRequests().finish(),
        Some(Fault::Hangs) => {
            tokio::time::sleep(Duration::from_secs(4)).await;
            return HttpResponse::Ok().finish();
        }
        _ => {}
    }
    if header("x-client-id") != CLIENT || header("x-api-key") != API_KEY {
        return HttpResponse::Unauthorized().finish();
    }
    let mut links = script.links.lock().expect("links");
    let path = req.path().strip_prefix("/v2/payment-requests").expect("a path").trim_matches('/').to_owned();
    if path.is_empty() {
        return made(&mut links, &serde_json::from_slice(&body).expect("JSON"), fault);
    }
    let number: i64 = path.split('/').next().and_then(|text| text.parse().ok()).expect("a number");
    let Some(link) = links.get_mut(&number) else { return refused("101") };
    if path.ends_with("/cancel") {
        if link.status == "PAID" || link.status == "CANCELLED" {
            return refused("235");
        }
        link.status = "CANCELLED";
    }
    let paid: i64 = link.rows.iter().filter_map(|row| row["amount"].as_i64()).sum();
    let data = json!({
        "id": format!("link{number}"), "orderCode": number, "amount": link.amount, "amountPaid": paid,
        "amountRemaining": (link.amount - paid).max(0), "status": link.status, "createdAt": "2026-11-23T09:00:00+07:00",
        "transactions": link.rows, "cancellationReason": null, "canceledAt": null,
    });
    told(data, fault)
}

fn made(links: &mut BTreeMap<i64, Link>, asked: &Value, fault: Option<Fault>) -> HttpResponse {
    let text = |name: &str| asked[name].as_str().expect("text").to_owned();
    let (number, amount) =
        (asked["orderCode"].as_i64().expect("a number"), asked["amount"].as_i64().expect("an amount"));
    assert!((1_000..=9_007_199_254_740_991).contains(&number), "{number}");
    assert!(text("description").len() <= 9 && !text("returnUrl").contains("k="), "{asked}");
    let link = NewLink {
        number,
        amount: Money(amount),
        description: text("description"),
        return_url: text("returnUrl"),
        cancel_url: text("cancelUrl"),
        expires_at: None,
    };
    assert_eq!(text("signature"), create_signature(CHECKSUM, &link));
    if links.contains_key(&number) {
        return refused("231");
    }
    let account = format!("CAS{:016}", number % 10_000_000_000_000_000);
    let memo = format!("CS{} {}", links.len() + 10, text("description"));
    let expires_s = asked["expiredAt"].as_i64();
    links.insert(
        number,
        Link { amount, memo: memo.clone(), account: account.clone(), status: "PENDING", rows: Vec::new(), expires_s },
    );
    if fault == Some(Fault::AnswerLost) {
        return HttpResponse::BadGateway().finish();
    }
    let shown = if fault == Some(Fault::OtherAmount) { amount - 1 } else { amount };
    let code = encode(&Transfer::to_account("970422", &account).asking(Money(shown)).saying(memo)).expect("a VietQR");
    let code = if fault == Some(Fault::NoCode) { "HELLO".to_owned() } else { code };
    let data = json!({
        "bin": "970422", "accountNumber": account, "accountName": "HTX NHAN LONG", "amount": amount, "description": text("description"),
        "orderCode": if fault == Some(Fault::OtherNumber) { number + 1 } else { number }, "currency": "VND",
        "paymentLinkId": format!("link{number}"), "status": "PENDING", "expiredAt": expires_s, "checkoutUrl": "https://pay.payos.vn/web/1",
        "qrCode": code,
    });
    told(data, fault)
}
