//! A cooperative answers an order: no, by whichever way; and yes, no or otherwise by a link that needs no sign-in. Showing changes
//! nothing; an act locks lots and order first and looks at the link under that lock, so a second press finds it done.

use super::accepting::accept;
use super::answer_link::{Dead, fits, why_dead};
use super::bench::{Bench, lock_any, tell_trace};
use super::crediting;
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::moving::By;
use super::showing::{OrderView, views_of};
use super::telling::tell_buyer;
use crate::domain::id::ActLinkId;
use crate::domain::message::MessageKind;
use crate::domain::order::{ActorKind, OrderEvent, OrderState};
use crate::domain::refusal::Refusal;
use crate::domain::text::clean;
use crate::domain::time::At;
use crate::domain::trace::Step;
use crate::store::answer::ActLink;
use crate::store::proposal::Proposal;
use crate::store::{self, Conn};

/// Letters of a reason.
const MOST_REASON: usize = 200;

/// Why an order is declined, as it is kept and told.
pub(super) fn read_reason(said: &str) -> Result<String, ServiceError> {
    let reason = clean::line(said, MOST_REASON).unwrap_or_default();
    if reason.is_empty() {
        Err(ServiceError::refused(Refusal::new("refusal-reason").about("reason")))
    } else {
        Ok(reason)
    }
}

/// Declines a locked order: goods are given back, money that came is owed back, the buyer is told why.
pub(super) fn decline(
    conn: &mut Conn,
    run: &Run,
    bench: &mut Bench,
    by: By<'_>,
    reason: &str,
) -> Result<(), ServiceError> {
    let was_promised = bench.order.state == OrderState::Confirmed;
    let Bench { order, lines, .. } = &mut *bench;
    crediting::end_order(conn, run, order, lines, OrderEvent::Declined, by, Some(reason))?;
    if was_promised {
        tell_trace(conn, run, bench, by.account, Step::Released)?;
    }
    tell_buyer(conn, run, &bench.order, MessageKind::OrderDeclined, &[("reason", reason.to_owned())])
}

/// The reason why a proposal ends its order now: the buyer has said nothing in time. None while there is time.
pub(super) fn lapsed_key(proposal: &Proposal, now: At) -> Option<&'static str> {
    (proposal.until <= now).then_some("answer-reason-silent")
}

/// What stands behind a link.
#[derive(Debug, Clone)]
pub struct LinkPage {
    pub view: OrderView,
    /// Whoever it was made for.
    pub name: String,
    pub dead: Option<Dead>,
    /// Another link can be sent to the same person.
    pub can_renew: bool,
    /// What the buyer is asked now.
    pub proposal: Option<Proposal>,
    pub until: At,
}

/// Looks at a link. A wrong token and an unknown link are told alike.
pub async fn show_link(kit: &Kit, id: &ActLinkId, token: &str) -> Result<LinkPage, ServiceError> {
    let (now, id, token, keys) = (kit.now(), id.clone(), token.to_owned(), kit.keys.clone());
    kit.db
        .read(move |conn| {
            let link = store::answer::get_link(conn, &id)?;
            if !fits(&keys, &link, &token) {
                return Err(ServiceError::NotFound);
            }
            let order = store::order::get(conn, &link.order_id)?;
            let dead = why_dead(conn, &link, &order, now)?;
            let proposal = store::proposal::find_open(conn, &order.id)?;
            let name = store::account::get(conn, &link.account_id)?.name;
            let can_renew = dead == Some(Dead::Late) && proposal.is_none();
            let view = views_of(conn, vec![order])?.pop().ok_or(ServiceError::NotFound)?;
            Ok(LinkPage { view, name, dead, can_renew, proposal, until: link.until })
        })
        .await
}

/// The order of a link, locked, and the link as it is under that lock. A wrong token finds nothing.
pub(super) fn open_link(
    conn: &mut Conn,
    run: &Run,
    id: &ActLinkId,
    token: &str,
) -> Result<(ActLink, Bench), ServiceError> {
    let seen = store::answer::get_link(conn, id)?;
    if !fits(&run.house.keys, &seen, token) {
        return Err(ServiceError::NotFound);
    }
    let bench = lock_any(conn, run, &seen.order_id)?;
    Ok((store::answer::get_link(conn, id)?, bench))
}

/// The same for a final act: only a living link goes on, and it is used from here on.
pub(super) fn use_link(
    conn: &mut Conn,
    run: &Run,
    id: &ActLinkId,
    token: &str,
) -> Result<(ActLink, Bench), ServiceError> {
    let (link, bench) = open_link(conn, run, id, token)?;
    let is_dead = why_dead(conn, &link, &bench.order, run.now)?.is_some();
    if is_dead || !store::answer::mark_link_used(conn, id, run.now)? {
        return Err(ServiceError::changed(Refusal::new("refusal-answer-link-dead")));
    }
    Ok((link, bench))
}

fn by(link: &ActLink) -> By<'_> {
    By { kind: ActorKind::Cooperative, account: Some(&link.account_id) }
}

/// «Nhận đơn» by link.
pub async fn accept_by_link(kit: &Kit, id: &ActLinkId, token: &str) -> Result<(), ServiceError> {
    let (draw, id, token) = (Draw::new(kit), id.clone(), token.to_owned());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let (link, mut bench) = use_link(conn, &run, &id, &token)?;
            accept(conn, &run, &mut bench, by(&link))
        })
        .await
}

/// «Không làm được đơn này» by link.
pub async fn decline_by_link(kit: &Kit, id: &ActLinkId, token: &str, reason: &str) -> Result<(), ServiceError> {
    let reason = read_reason(reason)?;
    let (draw, id, token) = (Draw::new(kit), id.clone(), token.to_owned());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let (link, mut bench) = use_link(conn, &run, &id, &token)?;
            decline(conn, &run, &mut bench, by(&link), &reason)
        })
        .await
}
