//! Casso `/v2/transactions` (docs.casso.vn): `Authorization: Apikey`, `data.records[]`, pages. The only file here that knows Casso's
//! names; they are written with and without underscores in its documents, so both are read.

use super::super::loose::{Fields, local_time};
use super::{Ask, Fetched, PAGE_ROWS, Page, all_pages, balance, is_ours, message, text, whole};
use crate::domain::bank_message::BankMessage;
use crate::domain::time::At;
use serde_json::Value;

pub async fn fetch(client: &reqwest::Client, ask: &Ask, now: At) -> Fetched {
    let url = format!("{}/v2/transactions", ask.base_url);
    let request = |client: &reqwest::Client, page: u32| {
        client.get(&url).header("authorization", format!("Apikey {}", ask.key.expose())).query(&[
            ("fromDate", ask.since.to_string()),
            ("toDate", ask.until.to_string()),
            ("sort", "ASC".to_owned()),
            ("page", page.to_string()),
            ("pageSize", PAGE_ROWS.to_string()),
        ])
    };
    all_pages(client, request, |answer| read_page(ask, answer, now)).await
}

fn read_page(ask: &Ask, answer: &Value, now: At) -> Option<Page> {
    let rows = answer.pointer("/data/records")?.as_array()?;
    let fields = || rows.iter().filter_map(Value::as_object);
    let pages = ["/data/totalPages", "/data/total_pages"].iter().find_map(|at| answer.pointer(at)?.as_u64());
    let page = answer.pointer("/data/page").and_then(Value::as_u64);
    // Where the list says how many pages it has, that decides; else a full page has a next one.
    let has_more = pages.zip(page).map_or(rows.len() >= PAGE_ROWS, |(pages, page)| page < pages);
    Some(Page {
        messages: fields().filter_map(|row| read(ask, row, now)).collect(),
        ids: fields().filter_map(|row| text(row, &["id"])).collect(),
        has_more,
    })
}

fn read(ask: &Ask, row: &Fields, now: At) -> Option<BankMessage> {
    let account = text(row, &["bankSubAccId", "bank_sub_acc_id", "accountNumber"]);
    let beneath = text(row, &["virtualAccount", "virtualAccountNumber", "subAccId"]);
    if !is_ours(ask, &[account.clone(), beneath.clone()]) {
        return None;
    }
    let read = message(&text(row, &["id"])?, whole(row, &["amount"]), now)?;
    Some(BankMessage {
        memo: text(row, &["description"]).unwrap_or_default(),
        reference_code: text(row, &["tid", "reference"]).unwrap_or_default(),
        account_number: account.unwrap_or_default(),
        virtual_account: beneath,
        counter_name: text(row, &["corresponsiveName", "counterAccountName"]),
        counter_account: text(row, &["corresponsiveAccount", "counterAccountNumber"]),
        balance_after: balance(row, &["cusum_balance", "cusumBalance", "runningBalance"]),
        booked_at: text(row, &["when", "transactionDateTime"]).and_then(|at| local_time(&at)).unwrap_or(now),
        ..read
    })
}
