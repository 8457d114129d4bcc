//! «Tiền chênh cân»: the few thousand đồng that a true weight leaves over or short of what was paid before, settled by the cooperative's
//! stated rule and never by bank. Knows no scale.

use super::crediting::let_go;
use super::draw::Run;
use super::error::ServiceError;
use super::kit::Kit;
use super::posting::balance;
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::id::CooperativeId;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::time::Day;
use crate::domain::weighing::{Rest, SMALL_DIFFERENCE, SmallRule, rest};
use crate::store::order::Order;
use crate::store::{self, Conn};

/// The dated setting: the market's small difference; a cooperative's own stands behind a colon.
const SMALL_SETTING: &str = "small_difference_vnd";
/// A cooperative's own: whether it lets go what a buyer would still owe of it.
const LETS_GO_SETTING: &str = "small_difference_lets_go";
/// The most that may be laid down as small.
pub const MOST_SMALL: Money = Money(50_000);

/// What a cooperative does with small differences; the market's own rule where it has laid down none.
pub(super) fn small_rule(conn: &mut Conn, cooperative: &CooperativeId, today: Day) -> Result<SmallRule, ServiceError> {
    let own = store::setting::find_number(conn, &format!("{SMALL_SETTING}:{cooperative}"), today)?;
    let market = store::setting::find_number(conn, SMALL_SETTING, today)?;
    let lets_go = store::setting::find_number(conn, &format!("{LETS_GO_SETTING}:{cooperative}"), today)?;
    Ok(SmallRule { most: own.or(market).map_or(SMALL_DIFFERENCE, Money), lets_go: lets_go != Some(0) })
}

/// The rule as its page shows it.
pub async fn show_small_rule(kit: &Kit, seller: &Seller) -> Result<SmallRule, ServiceError> {
    let (today, id) = (kit.now().day(), seller.cooperative.clone());
    kit.db.read(move |conn| small_rule(conn, &id, today)).await
}

/// A manager lays the rule down, from today on.
pub async fn lay_down_small_rule(kit: &Kit, seller: &Seller, rule: SmallRule) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Manager)?;
    if rule.most < Money::ZERO || rule.most > MOST_SMALL {
        return Err(ServiceError::refused(Refusal::new("refusal-small-most").with("most", MOST_SMALL).about("most")));
    }
    let (now, seller) = (kit.now(), seller.clone());
    kit.db
        .write(move |conn| {
            let id = &seller.cooperative;
            store::cooperative::lock_of(conn, std::slice::from_ref(id))?;
            let basis = format!("laid down by account {}", seller.account);
            let (most, lets_go) = (rule.most.vnd().to_string(), i64::from(rule.lets_go).to_string());
            store::setting::put(conn, &format!("{SMALL_SETTING}:{id}"), now.day(), &most, &basis)?;
            Ok(store::setting::put(conn, &format!("{LETS_GO_SETTING}:{id}"), now.day(), &lets_go, &basis)?)
        })
        .await
}

/// All weights are known: what the buyer would still owe of an order paid before, when it is small, is let go by the cooperative's rule.
pub(super) fn let_small_go(conn: &mut Conn, run: &Run, order: &mut Order) -> Result<(), ServiceError> {
    let rule = small_rule(conn, &order.cooperative_id, run.now.day())?;
    let received = balance(conn, &order.id)?.received;
    match rest(received, order.total_vnd, rule)? {
        Rest::LetGo(missing) => let_go(conn, run, order, missing, None),
        Rest::Nothing | Rest::AtTheDoor(_) | Rest::BackInCash(_) | Rest::Back(_) => Ok(()),
    }
}

/// Whether what is owed back for goods handed over is so small a difference of weight that it goes back in cash and no bank is asked.
/// What a claim gave back is no such difference: its buyer says where to.
pub(super) fn goes_back_in_cash(
    conn: &mut Conn,
    order: &Order,
    amount: Money,
    today: Day,
) -> Result<bool, ServiceError> {
    if store::claim::list_of_order(conn, &order.id)?.iter().any(|claim| claim.accepted_vnd.is_positive()) {
        return Ok(false);
    }
    let rule = small_rule(conn, &order.cooperative_id, today)?;
    Ok(order.state.is_handed_over() && amount.is_positive() && amount <= rule.most)
}
