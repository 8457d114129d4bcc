//! SePay v2 `/v2/transactions` (developer.sepay.vn): Bearer, pages of 100, `has_more`, three requests a second. Its ids are UUIDs
//! and no webhook's numbers. The only file here that knows SePay's names.

use super::super::loose::{Fields, local_time};
use super::{Ask, Fetched, PAGE_ROWS, Page, all_pages, balance, is_ours, message, text, whole};
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
    // A side that is not there is nothing; one that cannot be read is not nothing.
    let side = |name: &str| if text(row, &[name]).is_none() { Some(0) } else { whole(row, &[name]) };
    let moved = side("amount_in").zip(side("amount_out")).and_then(|(came, went)| came.checked_sub(went));
    let read = message(&text(row, &["id"])?, moved, now)?;
    Some(BankMessage {
        memo: text(row, &["transaction_content"]).unwrap_or_default(),
        reference_code: text(row, &["reference_number"]).unwrap_or_default(),
        account_number: text(row, &["account_number"]).unwrap_or_default(),
        virtual_account: text(row, &["va"]),
        balance_after: balance(row, &["accumulated"]),
        booked_at: text(row, &["transaction_date"]).and_then(|at| local_time(&at)).unwrap_or(now),
        ..read
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bank_message::Direction;
    use crate::domain::money::Money;
    use serde_json::json;

    fn read_one(amount_in: Value, amount_out: Value) -> Option<(Direction, Money)> {
        let ask = Ask {
            base_url: String::new(),
            key: crate::config::Secret::new("k"),
            account_number: "1017588888".into(),
            virtual_account: None,
            since: At::from_unix_seconds(0).day(),
            until: At::from_unix_seconds(0).day(),
            timeout_ms: 1,
        };
        let row =
            json!({"id": "u-1", "account_number": "1017588888", "amount_in": amount_in, "amount_out": amount_out});
        read(&ask, row.as_object()?, At::from_unix_seconds(0)).map(|message| (message.direction, message.amount))
    }

    #[test]
    fn a_row_whose_sum_cannot_be_read_is_not_passed_over() {
        assert_eq!(read_one(json!("185000.00"), json!(0)), Some((Direction::In, Money(185_000))));
        assert_eq!(read_one(json!(null), json!("5000")), Some((Direction::Out, Money(5_000))));
        assert_eq!(read_one(json!(0), json!("0.00")), None, "nothing moved");
        for odd in [json!("1.5e5"), json!("185000.50"), json!("185 nghìn"), json!(1.5)] {
            assert_eq!(read_one(odd.clone(), json!(0)), Some((Direction::In, Money::ZERO)), "{odd}: a person looks");
        }
    }
}
