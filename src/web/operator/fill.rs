//! What the operator's templates need, as plain values.

use super::super::page::Problem;
use crate::domain::bank;
use crate::domain::commune;
use crate::domain::phone::Phone;
use crate::domain::territory::Territory;
use crate::service::granting::{GrantHeld, GrantSaid};
use crate::service::operating::{Listing, MessageToTell, Today, Waiting};
use serde_json::{Value, json};

/// The queues in the order of their urgency: address, icon, whether more than none asks for a look at once.
const QUEUES: [(&str, &str, bool); 11] = [
    ("ma-so", "phone", true),
    ("don-tre", "clock", true),
    ("tai-khoan", "money", true),
    ("hoan-tien", "money", true),
    ("bao-hang", "warning", true),
    ("tin-nhan", "bubble", true),
    ("duyet-htx", "users", false),
    ("tien", "receipt", false),
    ("ngan-hang", "stop", false),
    ("viec-ket", "refresh", false),
    ("bai-dang", "image", false),
];

fn count(today: &Today, queue: &str) -> usize {
    let sum = |rows: &[Waiting]| rows.iter().map(|row| row.count).sum();
    match queue {
        "ma-so" => today.codes.len(),
        "don-tre" => today.unanswered.len(),
        "hoan-tien" => sum(&today.refunds_late),
        "tin-nhan" => today.messages.len(),
        "tai-khoan" => today.account_changes.saturating_add(today.holders_unchecked),
        "bao-hang" => today.claims.len(),
        "duyet-htx" => today.awaiting_approval.len(),
        "tien" => sum(&today.money_open),
        "ngan-hang" => today.silent_banks.len(),
        "viec-ket" => today.parked.len(),
        "bai-dang" => today.without_picture.len().saturating_add(today.without_price.len()),
        _ => 0,
    }
}

/// Accounts and claims have pages of their own.
const OWN_PAGE: [&str; 2] = ["tai-khoan", "bao-hang"];

fn url(queue: &str) -> String {
    if OWN_PAGE.contains(&queue) { format!("/van-hanh/{queue}") } else { format!("/van-hanh/viec/{queue}") }
}

pub(super) fn home(today: &Today) -> Value {
    let oldest = |rows: &[Waiting]| rows.first().map(|row| row.oldest);
    let queues = QUEUES.iter().map(|(queue, icon, is_urgent)| {
        let count = count(today, queue);
        let since = match *queue {
            "tien" => oldest(&today.money_open),
            "hoan-tien" => oldest(&today.refunds_late),
            "bao-hang" => today.claims.first().copied(),
            "don-tre" => today.unanswered.first().and_then(|row| row.order.confirm_by),
            _ => None,
        };
        json!({
            "name": queue, "url": url(queue), "icon": icon, "count": count.to_string(),
            "is_empty": count == 0, "is_urgent": *is_urgent && count > 0, "since": since,
        })
    });
    let queues: Vec<Value> = queues.collect();
    let is_calm = queues.iter().all(|queue| queue.get("is_empty") == Some(&Value::Bool(true)));
    json!({ "queues": queues, "is_calm": is_calm, "as_of": today.as_of })
}

/// One queue with its rows; none for a name that is no queue.
pub(super) fn queue(today: &Today, name: &str) -> Option<Value> {
    let (queue, icon, _) = QUEUES.iter().find(|(queue, _, _)| *queue == name && !OWN_PAGE.contains(&name))?;
    let rows: Vec<Value> = match *queue {
        "ma-so" => today.codes.iter().map(|code| json!({
            "name": code.name, "phone": code.phone, "code": code.code, "until": code.until,
            "action": format!("/van-hanh/tin-nhan/{}/da-nhan", code.message),
        })).collect(),
        "don-tre" => today.unanswered.iter().map(|row| json!({
            "code": row.order.code, "since": row.order.confirm_by, "name": row.cooperative, "phone": row.phone,
        })).collect(),
        "hoan-tien" => today.refunds_late.iter().map(waiting).collect(),
        "tien" => today.money_open.iter().map(waiting).collect(),
        "tin-nhan" => today.messages.iter().map(message).collect(),
        "duyet-htx" => today.awaiting_approval.iter().map(|row| json!({
            "name": row.name, "legal_name": row.legal_name, "tax_code": row.tax_code, "phone": row.phone,
            "registration_no": row.registration_no, "address": row.address, "kind": row.kind,
            "commune": commune::find(&row.commune_code).map(commune::Commune::with_province), "since": row.created_at,
            "action": format!("/van-hanh/htx/{}/duyet", row.id),
        })).collect(),
        "ngan-hang" => today.silent_banks.iter().map(|row| json!({
            "name": row.cooperative, "provider": row.account.provider, "last": row.account.last_message_at,
            "bank": bank::find(&row.account.bin).map_or(row.account.bin.as_str(), |bank| bank.short_name.as_str()),
            "tail": tail(&row.account.account_number),
        })).collect(),
        "viec-ket" => today.parked.iter().map(|row| json!({
            "kind": row.kind, "since": row.made_at, "tries": row.tries, "error": row.last_error,
            "action": format!("/van-hanh/viec-ket/{}/thu-lai", row.id),
        })).collect(),
        _ => {
            let listing = |lack: &'static str| move |row: &Listing| json!({
                "name": row.product.name, "cooperative": row.cooperative, "lack": lack,
                "url": format!("/san-pham/{}", row.product.slug),
            });
            let pictures = today.without_picture.iter().map(listing("picture"));
            pictures.chain(today.without_price.iter().map(listing("price"))).collect()
        }
    };
    Some(json!({ "queue": queue, "icon": icon, "rows": rows, "count": count(today, queue) }))
}

/// The last four digits: enough to know an account by.
fn tail(number: &str) -> String {
    let count = number.chars().count();
    number.chars().skip(count.saturating_sub(4)).collect()
}

fn waiting(row: &Waiting) -> Value {
    json!({ "name": row.name, "phone": row.phone, "count": row.count, "since": row.oldest })
}

fn message(row: &MessageToTell) -> Value {
    let phone = row.message.to_phone.parse::<Phone>().ok();
    let link = |make: fn(&Phone) -> String| phone.as_ref().map(make).unwrap_or_default();
    json!({
        "action": format!("/van-hanh/tin-nhan/{}/da-nhan", row.message.id),
        "message": {
            "to_name": row.message.to_name, "to_phone": row.message.to_phone, "text": row.text,
            "zalo_url": link(Phone::zalo_link),
            "sms_url": phone.as_ref().map(|phone| phone.sms_saying(&row.text)).unwrap_or_default(),
            "tel_url": link(Phone::tel),
        },
    })
}

pub(super) fn people(grants: &[GrantHeld], said: &GrantSaid, problems: &[Problem]) -> Value {
    json!({
        "problems": problems,
        "said": {
            "phone": said.phone, "name": said.name, "kind": said.kind, "territory": said.territory, "basis": said.basis,
            "office": said.office, "days": said.days,
        },
        "communes": commune::communes_of(commune::HOME_PROVINCE).into_iter()
            .map(|found| json!({ "value": found.code, "label": found.name })).collect::<Vec<_>>(),
        "home_province": format!("p:{}", commune::HOME_PROVINCE),
        "home_name": commune::find_province(commune::HOME_PROVINCE).map(|found| found.name.as_str()),
        "grants": grants.iter().map(|row| json!({
            "name": row.name, "phone": row.phone, "kind": row.grant.kind, "office": row.grant.office,
            "basis": row.grant.basis, "until": row.grant.valid_until, "from": row.grant.valid_from,
            "place": row.grant.territory.parse::<Territory>().ok().and_then(|land| land.name()),
            "action": format!("/van-hanh/nguoi/{}/thoi", row.grant.id),
        })).collect::<Vec<_>>(),
    })
}
