//! Forgetting what has run out and nobody asks for again. Changes no answer: what has run out is already treated as gone.

use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::other_money::raw_days;
use crate::store;

/// Rows one round forgets, so that each write stays short.
const ROUND: i64 = 400;
/// Files are larger.
const ROUND_OF_FILES: i64 = 20;
/// Codes are kept a day past their end, for those who ask why one did not work.
const CODE_KEPT_S: i64 = 86_400;
/// A phone that was left in a drawer sends its taps within this time.
const TAP_KEPT_S: i64 = 60 * 86_400;

/// Forgets keys of checkouts that have run out. Answers how many; more may wait.
pub async fn forget_run_out_keys(kit: &Kit) -> ServiceResult<usize> {
    let now = kit.now();
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::purchase::delete_run_out_keys(conn, now, ROUND)?)).await
}

/// Forgets packers' taps that no phone sends any more. Answers how many; more may wait.
pub async fn forget_old_taps(kit: &Kit) -> ServiceResult<usize> {
    let before = kit.now().plus_seconds(-TAP_KEPT_S);
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::packing::delete_acts_before(conn, before, ROUND)?)).await
}

/// Forgets one-time codes that have run out. Answers how many; more may wait.
pub async fn forget_run_out_codes(kit: &Kit) -> ServiceResult<usize> {
    let before = kit.now().plus_seconds(-CODE_KEPT_S);
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::sign_in::delete_run_out_codes(conn, before, ROUND)?)).await
}

/// Forgets what banks wrote beyond the books: raw bodies of money that was no order's, and what statements' files held, once they are
/// as old as the dated setting says. Answers how many; more may wait.
pub async fn forget_raw_bodies(kit: &Kit) -> ServiceResult<usize> {
    let now = kit.now();
    kit.db
        .write(move |conn| {
            let days = raw_days(conn, now)?;
            let before = now.plus_seconds(days.saturating_mul(86_400).saturating_neg());
            let bodies = store::other_money::put_raw_forgotten(conn, before, ROUND)?;
            let files = store::statement::put_content_forgotten(conn, before, ROUND_OF_FILES)?;
            Ok::<_, ServiceError>(bodies.saturating_add(files))
        })
        .await
}
