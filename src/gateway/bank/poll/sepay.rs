//! SePay v2 `/v2/transactions` (developer.sepay.vn): Bearer, pages of 100, `has_more`, three requests a second. Its ids are UUIDs
//! and no webhook's numbers. The only file here that knows SePay's names.

use super::{Ask, Fetched, Fields, PAGE_ROWS, Page, all_pages, balance, instant, is_ours, message, text, whole};
use crate::domain::bank_message::BankMessage;
use crate::domain::time::At;
use serde_json::Value;

pub async fn fetch(client: &reqwest::Client, ask: &Ask, now: At) -> Fetched {
    let url = format!("{}/v2/transactions", ask.base_url);
    let request = |client: &reqwest::Client, page: u32| {
        client.get(&url).bearer_auth(ask.key.expose()).query(&[
            ("transaction_date_from", ask.since.to_string()),
            ("transaction_date_to", ask.until.to_string()),
            ("per_page", PAGE_ROWS.to_string()),
            ("page", page.to_string()),
        ])
    };
    all_pages(client, request, |answer| read_page(ask, answer, now)).await
}

fn read_page(ask: &Ask, answer: &Value, now: At) -> Option<Page> {
    let rows = answer.get("data")?.as_array()?;
    let has_more = answer.pointer("/meta/pagination/has_more").and_then(Value::as_bool).unwrap_or(false);
    let fields = || rows.iter().filter_map(Value::as_object);
    Some(Page {
        messages: fields().filter_map(|row| read(ask, row, now)).collect(),
        ids: fields().filter_map(|row| text(row, &["id"])).collect(),
        has_more,
    })
}

fn read(ask: &Ask, row: &Fields, now: At) -> Option<BankMessage> {
    if !is_ours(ask, &[text(row, &["account_number"]), text(row, &["va"])]) {
        return None;
    }
    let came = whole(row, &["amount_in"]).unwrap_or(0);
    let went = whole(row, &["amount_out"]).unwrap_or(0);
    let read = message(&text(row, &["id"])?, came.checked_sub(went)?, now)?;
    Some(BankMessage {
        memo: text(row, &["transaction_content"]).unwrap_or_default(),
        reference_code: text(row, &["reference_number"]).unwrap_or_default(),
        account_number: text(row, &["account_number"]).unwrap_or_default(),
        virtual_account: text(row, &["va"]),
        balance_after: balance(row, &["accumulated"]),
        booked_at: text(row, &["transaction_date"]).and_then(|at| instant(&at)).unwrap_or(now),
        ..read
    })
}
