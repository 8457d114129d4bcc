//! How a cooperative answers its orders: within how many minutes of its hours, goods in stock accepted at once, paid only after its
//! yes. Laid down by a manager; orders that wait keep the promise that they were given.

use super::error::ServiceError;
use super::kit::Kit;
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::refusal::Refusal;
use crate::store;
use crate::store::cooperative::Cooperative;

/// Minutes that may be promised.
pub const PROMISES_MIN: [i64; 6] = [15, 30, 60, 120, 240, 480];

/// What a manager lays down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerRules {
    pub within_min: i64,
    pub accepts_stock: bool,
    pub confirms_first: bool,
}

/// The cooperative with its rules. Any member may look.
pub async fn show_rules(kit: &Kit, seller: &Seller) -> Result<Cooperative, ServiceError> {
    let id = seller.cooperative.clone();
    kit.db.read(move |conn| Ok(store::cooperative::get(conn, &id)?)).await
}

/// Lays the rules down. Orders placed from now on are answered by them.
pub async fn lay_down_rules(kit: &Kit, seller: &Seller, rules: AnswerRules) -> Result<(), ServiceError> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    let (now, id) = (kit.now(), seller.cooperative.clone());
    kit.db
        .write(move |conn| {
            let locked = store::cooperative::lock_of(conn, std::slice::from_ref(&id))?.pop();
            let there = locked.ok_or(ServiceError::NotFound)?;
            // A promise that was made before this list of promises stays as it is.
            if !PROMISES_MIN.contains(&rules.within_min) && rules.within_min != there.confirm_within_min {
                return Err(ServiceError::refused(Refusal::new("refusal-answer-within").about("within")));
            }
            let AnswerRules { within_min, accepts_stock, confirms_first } = rules;
            store::cooperative::put_answering(conn, &id, within_min, accepts_stock, confirms_first)?;
            Ok(store::change::insert(conn, "cooperative", id.as_text(), now)?)
        })
        .await
}
