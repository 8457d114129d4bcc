//! Making a payload. What does not fit is refused, never cut: a cut memo is a payment without an order.

use super::tlv::{digits, object};
use super::{ACCOUNT_CHARS, MEMO_CHARS, MOST_VND, NAPAS_GUID, Service, Transfer, crc16};
use crate::domain::money::Money;
use crate::domain::text::fold::ascii;

/// Why no code can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeRefusal {
    #[error("the bank's BIN must be six digits")]
    Bin,
    #[error("the account must be 1 to {ACCOUNT_CHARS} letters and digits, without spaces")]
    Account,
    #[error("the card number must be 16 to 19 digits, without spaces")]
    Card,
    #[error("the amount must be 1 to {MOST_VND} đồng, this is {0}")]
    Amount(i64),
    #[error("the memo has {0} characters without accents, {MEMO_CHARS} at most")]
    MemoLong(usize),
    #[error("the memo has the character {0:?}, which banks do not carry")]
    MemoCharacter(char),
    #[error("the bill number must be at most {MEMO_CHARS} characters of ASCII")]
    Bill,
}

/// The payload, its objects in the order 00 01 38 53 54 58 62 63.
pub fn encode(transfer: &Transfer) -> Result<String, EncodeRefusal> {
    let account = transfer.account.as_str();
    if transfer.bin.len() != 6 || !digits(&transfer.bin) {
        return Err(EncodeRefusal::Bin);
    }
    match transfer.service {
        Service::Account if !is_account(account) => return Err(EncodeRefusal::Account),
        Service::Card if !(16..=19).contains(&account.len()) || !digits(account) => return Err(EncodeRefusal::Card),
        Service::Account | Service::Card => {}
    }
    if let Some(Money(amount)) = transfer.amount
        && !(1..=MOST_VND).contains(&amount)
    {
        return Err(EncodeRefusal::Amount(amount));
    }
    let memo = folded_memo(transfer.memo.as_deref().unwrap_or_default())?;
    let bill = transfer.bill.as_deref().unwrap_or_default();
    if bill.len() > MEMO_CHARS || !printable(bill) {
        return Err(EncodeRefusal::Bill);
    }
    Ok(sealed(transfer, &memo, bill))
}

/// The same for what a command line gives: an account, or with `card` a card number.
pub fn encode_text(
    bin: &str,
    account: &str,
    amount_vnd: Option<i64>,
    memo: Option<&str>,
    card: bool,
) -> Result<String, EncodeRefusal> {
    let to = if card { Transfer::to_card(bin, account) } else { Transfer::to_account(bin, account) };
    encode(&Transfer { amount: amount_vnd.map(Money), memo: memo.map(str::to_owned), ..to })
}

fn sealed(transfer: &Transfer, memo: &str, bill: &str) -> String {
    let beneficiary = object("00", &transfer.bin) + &object("01", &transfer.account);
    let napas = object("00", NAPAS_GUID) + &object("01", &beneficiary) + &object("02", transfer.service.as_text());
    let method = if transfer.amount.is_some() { "12" } else { "11" };
    let amount = transfer.amount.map(|amount| amount.vnd().to_string()).unwrap_or_default();
    let extra = optional("01", bill) + &optional("08", memo);
    let body = [
        object("00", "01"),
        object("01", method),
        object("38", &napas),
        object("53", "704"),
        optional("54", &amount),
        object("58", "VN"),
        optional("62", &extra),
        "6304".to_owned(),
    ]
    .concat();
    let crc = crc16(body.as_bytes());
    format!("{body}{crc:04X}")
}

/// An empty value is illegal in the format: the object is left out.
fn optional(id: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { object(id, value) }
}

fn folded_memo(memo: &str) -> Result<String, EncodeRefusal> {
    let folded = ascii(memo);
    let trimmed = folded.trim();
    if let Some(stranger) = trimmed.chars().find(|c| !(' '..='~').contains(c)) {
        return Err(EncodeRefusal::MemoCharacter(stranger));
    }
    if trimmed.len() > MEMO_CHARS {
        return Err(EncodeRefusal::MemoLong(trimmed.len()));
    }
    Ok(trimmed.to_owned())
}

fn is_account(account: &str) -> bool {
    (1..=ACCOUNT_CHARS).contains(&account.len()) && account.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

pub(super) fn printable(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..=0x7E).contains(&byte))
}
