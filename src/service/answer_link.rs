//! Links with which a member answers an order without a sign-in (`decisions.md`, «Links that act without sign-in»): made with the
//! words that carry them, hashed where they are kept, alive as long as order, role and time allow.

use super::draw::Run;
use super::error::ServiceError;
use super::keys::Keys;
use super::kit::Kit;
use super::responsible::is_responsible;
use crate::domain::id::{AccountId, ActLinkId};
use crate::domain::order::OrderState;
use crate::domain::time::At;
use crate::store::answer::ActLink;
use crate::store::message::Message;
use crate::store::order::Order;
use crate::store::{self, Conn};
use std::collections::BTreeMap;

/// The purpose under which tokens are hashed, and sealed in the words that carry them.
const PURPOSE: &str = "answer link";
/// What these links open: yes, no, and a proposal.
const ACTS: &str = "answer";
/// The argument of a message that holds the sealed way to its link.
pub const SEALED: &str = "sealed_link";

/// Why a link does nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dead {
    /// The order has been answered, or has ended.
    Answered,
    /// Something final was done by this link.
    Used,
    /// Whoever it was made for does not answer for the cooperative any more.
    Role,
    Late,
}

/// Makes a link for one member on one order; answers the sealed way to it, for the words that carry it.
pub(super) fn make_link(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    account: &AccountId,
    until: At,
) -> Result<String, ServiceError> {
    let (id, token, keys) = (ActLinkId::new(run.now, run.ten()), run.token(), &run.house.keys);
    let row = ActLink {
        id: id.clone(),
        cooperative_id: order.cooperative_id.clone(),
        order_id: order.id.clone(),
        account_id: account.clone(),
        acts: ACTS.to_owned(),
        token_hash: keys.lookup_hash(PURPOSE, &token),
        until,
        made_at: run.now,
        used_at: None,
    };
    store::answer::insert_link(conn, &row)?;
    keys.seal(PURPOSE, format!("/tra-loi/{id}?k={token}").as_bytes()).map_err(ServiceError::broken)
}

/// Whether a token is this link's. A wrong one learns nothing of the order.
pub(super) fn fits(keys: &Keys, link: &ActLink, token: &str) -> bool {
    link.acts == ACTS && keys.lookup_hashes(PURPOSE, token).contains(&link.token_hash)
}

/// Why a link is dead now; none while it lives. The order is the one that the link names.
pub(super) fn why_dead(conn: &mut Conn, link: &ActLink, order: &Order, now: At) -> Result<Option<Dead>, ServiceError> {
    Ok(if order.state != OrderState::Placed {
        Some(Dead::Answered)
    } else if link.used_at.is_some() {
        Some(Dead::Used)
    } else if !is_responsible(conn, &link.cooperative_id, &link.account_id)? {
        Some(Dead::Role)
    } else if link.until <= now {
        Some(Dead::Late)
    } else {
        None
    })
}

/// The address that a message carries; none when it carries no link.
pub fn url_of(kit: &Kit, message: &Message) -> Option<String> {
    let args: BTreeMap<String, String> = serde_json::from_str(&message.args).ok()?;
    let path = kit.keys.open_text(PURPOSE, args.get(SEALED)?).ok()?;
    Some(format!("{}{path}", kit.config.base_url))
}
