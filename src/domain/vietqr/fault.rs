//! Why a payload is refused, and where. Words for whoever debugs a code, not for buyers.

use super::ACCOUNT_CHARS;

/// What is wrong with a payload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("nothing to read")]
    Empty,
    #[error("an object's id and length are cut off")]
    HeaderCut,
    #[error("an object's id must be two digits")]
    IdNotDigits,
    #[error("an object's length must be 01 to 99")]
    BadLength,
    #[error("an object says it has {declared} characters, {left} are left")]
    RunsOut { declared: usize, left: usize },
    #[error("object {0} stands there twice")]
    Twice(String),
    #[error("the payload must begin with object 00 = 01")]
    Format,
    #[error("the payload must end with the checksum, object 63 of four hex digits")]
    NoChecksum,
    #[error("the checksum is {found}, but the text gives {expected}: a character was changed")]
    Checksum { found: String, expected: String },
    #[error("no payment scheme (objects 02 to 51) is named")]
    NoScheme,
    #[error("the method must be 11 (static) or 12 (dynamic)")]
    Method,
    #[error("the beneficiary (38-01: bank and account) is missing")]
    NoBeneficiary,
    #[error("the bank's BIN must be six digits")]
    Bin,
    #[error("the account must be 1 to {ACCOUNT_CHARS} printable characters")]
    Account,
    #[error("the service code must be 1 to 10 printable characters")]
    Service,
    #[error("the currency must be 704, Vietnamese đồng")]
    Currency,
    #[error("the country must be VN")]
    Country,
    #[error("the amount must be whole đồng above zero, digits only")]
    Amount,
}

/// A payload refused: why, and at which character (from 0).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (at character {at})")]
pub struct DecodeRefusal {
    pub fault: Fault,
    pub at: usize,
}
