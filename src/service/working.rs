//! «Việc hôm nay»: everything that waits for the people of a cooperative, in the order in which it presses. Reads only.

use super::error::ServiceError;
use super::goods_view::{Goods, OverPromised, needing_hands, over_promised};
use super::kit::Kit;
use super::selling::{OrderBrief, briefs_of};
use super::who::Seller;
use crate::domain::order::OrderState;
use crate::store;
use crate::store::account_change::AccountChange;

/// Orders of one kind that the page can show; the lists themselves have pages.
const MOST: i64 = 200;

/// What waits today.
#[derive(Debug, Clone)]
pub struct Today {
    pub to_confirm: Vec<OrderBrief>,
    pub to_weigh: Vec<OrderBrief>,
    pub to_pack: Vec<OrderBrief>,
    /// Packed: to be sent or handed over.
    pub to_send: Vec<OrderBrief>,
    pub on_the_way: Vec<OrderBrief>,
    pub money_cases: i64,
    pub messages: i64,
    pub over_promised: Vec<OverPromised>,
    pub goods: Vec<Goods>,
    /// Nothing is listed at all: the page begins at the beginning.
    pub has_goods: bool,
    pub has_account: bool,
    /// Another receiving account is proposed or agreed on: everybody who works here sees it, and nobody can put it away.
    pub account_change: Option<AccountChange>,
}

/// Looks at everything in one snapshot, so that the figures fit each other.
pub async fn show_today(kit: &Kit, seller: &Seller) -> Result<Today, ServiceError> {
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    kit.db
        .read(move |conn| {
            let mut of = |state: OrderState| {
                let rows = store::order::list_in(conn, &cooperative, &[state], MOST)?;
                briefs_of(conn, rows)
            };
            let mut to_confirm = of(OrderState::Placed)?;
            // What is ordered before its harvest waits for that, not for a tap.
            to_confirm.retain(|brief| brief.waits_for.is_none());
            to_confirm.sort_by_key(|brief| brief.order.confirm_by);
            let (to_weigh, to_pack) = of(OrderState::Confirmed)?.into_iter().partition(|brief| brief.needs_weighing);
            let (to_send, on_the_way) = (of(OrderState::Packed)?, of(OrderState::OnTheWay)?);
            Ok(Today {
                to_confirm,
                to_weigh,
                to_pack,
                to_send,
                on_the_way,
                money_cases: store::bank::count_open_cases(conn, &cooperative)?,
                messages: store::message::count_open(conn, &cooperative)?,
                over_promised: over_promised(conn, now, &cooperative)?,
                goods: needing_hands(conn, now, &cooperative)?,
                has_goods: !store::product::list_own(conn, &cooperative)?.is_empty(),
                has_account: !store::bank::list_active(conn, std::slice::from_ref(&cooperative), now)?.is_empty(),
                account_change: store::account_change::find_under_way(conn, &cooperative)?
                    .filter(|change| change.rule().is_under_way(now)),
            })
        })
        .await
}
