//! A buyer whose page is gone: found again by code and phone. The state is shown at once; the way to the whole page goes to
//! the buyer's own phone or mail, for a code and a number are no proof of who asks.

use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::showing::{LostOrder, find_lost, purchase_key};
use super::telling::{To, owe_words};
use crate::domain::message::MessageKind;
use crate::store;
use std::collections::BTreeMap;

/// Words with the way back are owed once in this time, however often somebody asks.
const AGAIN_AFTER_MIN: i64 = 60;

/// Finds a lost order and owes its buyer the way back. Unknown code and wrong phone are told alike: `NotFound`.
pub async fn find_lost_order(kit: &Kit, code: &str, phone: &str) -> Result<LostOrder, ServiceError> {
    let found = find_lost(kit, code, phone).await?;
    if found.is_buyer {
        owe_way_back(kit, &found).await?;
    }
    Ok(found)
}

async fn owe_way_back(kit: &Kit, found: &LostOrder) -> Result<(), ServiceError> {
    let (draw, order, buyer) = (Draw::new(kit), found.view.order.clone(), found.view.buyer.clone());
    let url = format!("{}/mua/{}?k={}", kit.config.base_url, buyer.code, purchase_key(kit, &buyer.id));
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            store::order::lock(conn, &order.id)?;
            let kind = MessageKind::PurchaseMade;
            if store::message::was_owed_since(
                conn,
                &order.id,
                kind.as_text(),
                run.now.plus_minutes(AGAIN_AFTER_MIN.saturating_neg()),
            )? {
                return Ok(());
            }
            let to = To {
                cooperative: Some(&order.cooperative_id),
                order: Some(&order.id),
                account: buyer.account_id.as_ref(),
                name: &buyer.buyer_name,
                phone: &buyer.buyer_phone,
                email: buyer.buyer_email.as_deref(),
                language: &buyer.language,
            };
            let args = BTreeMap::from([
                ("code", buyer.code.to_string()),
                ("total", buyer.total_vnd.to_string()),
                ("url", url.clone()),
            ]);
            owe_words(conn, &run, &to, kind, &args)?;
            Ok(())
        })
        .await
}
