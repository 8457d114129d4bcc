//! How much one buyer may hold without paying: counted under the lock of the number, so that ten tabs count like one. Dated settings; off
//! in the demonstration.

use super::checkout::Checkout;
use super::draw::Run;
use super::error::ServiceError;
use super::pricing::Priced;
use super::undelivered::counts_since;
use crate::domain::id::AccountId;
use crate::domain::order::PaymentKind;
use crate::domain::refusal::Refusal;
use crate::store::buyer::Unpaid;
use crate::store::{self, Conn};

/// When a limit of unpaid orders is worth another try.
const RETRY_AFTER_S: u64 = 900;

fn laid_down(conn: &mut Conn, run: &Run, name: &str, else_: i64) -> Result<i64, ServiceError> {
    Ok(store::setting::find_number(conn, name, run.now.day())?.unwrap_or(else_))
}

/// One checkout at a time for a number. The first lock after the idempotency key's row.
pub(super) fn lock(conn: &mut Conn, run: &Run, checkout: &Checkout) -> Result<(), ServiceError> {
    let hash = run.house.keys.lookup_hash("buyer", checkout.buyer_phone.as_text());
    Ok(store::buyer::lock(conn, &hash)?)
}

/// Whether this buyer may order so much more without having paid. The number is locked.
///
/// # Errors
/// `TooMany` over the limit of unpaid transfers; `Refused`, with what to do, where the door is not open to this number.
pub(super) fn check(
    conn: &mut Conn,
    run: &Run,
    checkout: &Checkout,
    account: Option<&AccountId>,
    priced: &Priced,
) -> Result<(), ServiceError> {
    // A deposit is awaited like any transfer, however the rest is paid.
    let asks_deposit = priced.groups.iter().any(|group| group.deposit.is_positive());
    if checkout.payment == PaymentKind::VietQr || asks_deposit {
        check_unpaid(conn, run, checkout, account)?;
    }
    match checkout.payment {
        PaymentKind::VietQr => Ok(()),
        PaymentKind::Cod => check_door(conn, run, checkout, priced),
    }
}

fn check_unpaid(
    conn: &mut Conn,
    run: &Run,
    checkout: &Checkout,
    account: Option<&AccountId>,
) -> Result<(), ServiceError> {
    let most = laid_down(conn, run, "unpaid_most", 5)?;
    let phone = checkout.buyer_phone.as_text();
    let mut counts = vec![(store::buyer::count_unpaid(conn, &Unpaid::Phone(phone))?, most)];
    if let Some(account) = account {
        counts.push((store::buyer::count_unpaid(conn, &Unpaid::Account(account))?, most));
    }
    let most_there = laid_down(conn, run, "unpaid_address_most", 0)?;
    if let (Some(commune), Some(address), true) = (checkout.commune, &checkout.address, most_there > 0) {
        let there = Unpaid::Address { commune: &commune.code, address };
        counts.push((store::buyer::count_unpaid(conn, &there)?, most_there));
    }
    if counts.into_iter().any(|(unpaid, most)| unpaid >= most) {
        return Err(ServiceError::TooMany { retry_after_s: RETRY_AFTER_S });
    }
    Ok(())
}

fn check_door(conn: &mut Conn, run: &Run, checkout: &Checkout, priced: &Priced) -> Result<(), ServiceError> {
    let phone = checkout.buyer_phone.as_text();
    let no = |key: &str| Refusal::new(key).about("payment");
    let refused = store::attempt::list_refused(conn, phone, counts_since(run.now))?.len();
    let refused = i64::try_from(refused).unwrap_or(i64::MAX);
    if refused >= laid_down(conn, run, "door_refused_most", 2)? {
        return Err(ServiceError::refused(no("refusal-door-refused").with("count", refused)));
    }
    let (under_way, taken) = store::buyer::count_at_door(conn, phone)?;
    let most = laid_down(conn, run, "door_open_most", 3)?;
    let coming = i64::try_from(priced.groups.len()).unwrap_or(i64::MAX);
    if under_way.saturating_add(coming) > most {
        return Err(ServiceError::refused(no("refusal-door-open").with("count", under_way).with("most", most)));
    }
    let first = laid_down(conn, run, "door_first_most_vnd", 2_000_000)?;
    if taken == 0 && priced.total.vnd() > first {
        let most = crate::domain::money::Money(first);
        return Err(ServiceError::refused(no("refusal-door-first").with("most", most)));
    }
    Ok(())
}
