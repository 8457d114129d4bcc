//! Money back to a buyer before it goes: the buyer says where, and a second person agrees to a large one, signed in or by a link.
//! That it has gone is `refund_sending`'s, what a buyer may choose instead `refund_choices`'s, the debt itself `owing`'s.

use super::error::ServiceError;
use super::kit::Kit;
use super::who::{Seller, may_touch_money};
use crate::domain::account::MemberRole;
use crate::domain::bank_message::Direction;
use crate::domain::id::{AccountId, CooperativeId, OrderId, RefundId};
use crate::domain::money::Money;
use crate::domain::refund::{RefundState, SECOND_PERSON_FROM, Where, read_where};
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store::bank::BankEvent;
use crate::store::order::Order;
use crate::store::refund::Refund;
use crate::store::{self, Conn};

/// A link to a second person lives two days.
const LINK_LIVES_S: i64 = 2 * 86_400;
/// The purpose under which the token of such a link is hashed.
const LINK: &str = "refund approval";

/// From which sum a second person has to agree, as the cooperative has laid down.
pub(super) fn second_person_from(conn: &mut Conn, id: &CooperativeId, now: At) -> Result<Money, ServiceError> {
    let laid_down = store::setting::find_number(conn, &second_setting(id), now.day())?;
    Ok(laid_down.map_or(SECOND_PERSON_FROM, Money))
}

fn second_setting(cooperative: &CooperativeId) -> String {
    format!("refund_second_from_vnd:{cooperative}")
}

/// Lays down from which sum a second person has to agree. A manager's act.
pub async fn ask_second_from(kit: &Kit, seller: &Seller, from: Money) -> Result<(), ServiceError> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    if !from.is_positive() || from > SECOND_PERSON_FROM {
        let refusal = Refusal::new("refusal-second-from").with("most", SECOND_PERSON_FROM);
        return Err(ServiceError::refused(refusal.about("second_from")));
    }
    let (now, seller) = (kit.now(), seller.clone());
    kit.db
        .write(move |conn| {
            store::cooperative::lock_of(conn, std::slice::from_ref(&seller.cooperative))?;
            let (name, value) = (second_setting(&seller.cooperative), from.vnd().to_string());
            Ok(store::setting::put(
                conn,
                &name,
                now.day(),
                &value,
                &format!("laid down by account {}", seller.account),
            )?)
        })
        .await
}

pub(super) fn none_under_way(order: &Order) -> ServiceError {
    ServiceError::changed(Refusal::new("refusal-nothing-owed").with("code", &order.code))
}

/// The refund under way of an order that the caller has locked.
pub(super) fn under_way(conn: &mut Conn, order: &Order) -> Result<Refund, ServiceError> {
    store::refund::find_under_way(conn, &order.id)?.ok_or_else(|| none_under_way(order))
}

/// Where the buyer wants the money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The account that the order's money came from, which the bank named. The number is never shown in full.
    WhereItCameFrom {
        bin: String,
    },
    Account {
        bin: String,
        account_number: String,
        holder_name: String,
    },
}

/// The movement whose payer's account may be offered to the buyer. The bank named it; a memo never does.
pub fn offered(money: &[BankEvent]) -> Option<&BankEvent> {
    money.iter().rev().find(|event| {
        let named = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        event.direction == Direction::In && named(&event.counter_account) && named(&event.counter_name)
    })
}

/// The buyer says where the money should go. The caller has proven the order's key. Said again it is changed, until it is sent.
pub async fn say_where(kit: &Kit, id: &OrderId, wanted: &Wanted) -> Result<(), ServiceError> {
    let (now, id, wanted) = (kit.now(), id.clone(), wanted.clone());
    kit.db
        .write(move |conn| {
            let order = store::order::lock(conn, &id)?;
            let refund = under_way(conn, &order)?;
            let money = store::bank::list_events_of_orders(conn, std::slice::from_ref(&id))?;
            let (to, event) = match &wanted {
                Wanted::Account { bin, account_number, holder_name } => {
                    (read_where(bin, account_number, holder_name), None)
                }
                Wanted::WhereItCameFrom { bin } => {
                    let event = offered(&money).ok_or(ServiceError::NotFound)?;
                    let text = |text: &Option<String>| text.clone().unwrap_or_default();
                    (read_where(bin, &text(&event.counter_account), &text(&event.counter_name)), Some(event.id.clone()))
                }
            };
            let to = to.map_err(ServiceError::Refused)?;
            // The same said twice changes nothing: an agreement stands.
            if is_said(&refund, &to) {
                return Ok(());
            }
            store::refund::put_where(conn, &refund.id, &to, event.as_ref(), now)?;
            Ok(store::change::insert(conn, "order", order.id.as_text(), now)?)
        })
        .await
}

fn is_said(refund: &Refund, to: &Where) -> bool {
    where_of(refund).as_ref() == Some(to) && refund.state != RefundState::WaitsForGoods
}

/// Where a refund goes, once it is known.
pub fn where_of(refund: &Refund) -> Option<Where> {
    Some(Where {
        bin: refund.bin.clone()?,
        account_number: refund.account_number.clone()?,
        holder_name: refund.holder_name.clone()?,
    })
}

/// Whether a second person has to agree. What has gone for the same order without one counts too: a large refund is not made
/// small by sending it in parts.
pub(super) fn needs_second(all: &[Refund], refund: &Refund, from: Money) -> bool {
    let gone = all.iter().filter(|row| row.order_id == refund.order_id && row.state.has_gone());
    let alone = gone.filter(|row| row.approved_by.is_none()).map(|row| row.amount_vnd);
    Money::sum(alone.chain([refund.amount_vnd])).map_or(true, |sum| sum >= from)
}

/// Whether somebody may send a refund now: alone, or with a second person's yes.
pub(super) fn may_send(conn: &mut Conn, refund: &Refund, by: &AccountId, now: At) -> Result<(), ServiceError> {
    let all = store::refund::list_of_orders(conn, std::slice::from_ref(&refund.order_id))?;
    if !needs_second(&all, refund, second_person_from(conn, &refund.cooperative_id, now)?) {
        return Ok(());
    }
    match &refund.approved_by {
        Some(second) if refund.state == RefundState::Approved && second != by => Ok(()),
        Some(_) => Err(ServiceError::changed(Refusal::new("refusal-refund-own-yes"))),
        None => Err(ServiceError::changed(Refusal::new("refusal-refund-second"))),
    }
}

/// What a page showed of a refund when a button on it was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub amount: Money,
    /// The account's number; none when the page did not say.
    pub account_number: Option<String>,
}

impl From<Money> for Seen {
    fn from(amount: Money) -> Self {
        Self { amount, account_number: None }
    }
}

/// Refused when sum or account are others by now: whoever agreed, agreed to what stood there.
pub(super) fn check_seen(refund: &Refund, seen: &Seen) -> Result<(), ServiceError> {
    let same_account =
        seen.account_number.as_ref().is_none_or(|number| *number == refund.account_number.clone().unwrap_or_default());
    if refund.amount_vnd == seen.amount && same_account {
        return Ok(());
    }
    Err(ServiceError::changed(Refusal::new("refusal-refund-changed").with("amount", refund.amount_vnd)))
}

/// Asks a second person by a link of its own. Answers the link's token, which is kept nowhere; an earlier link is dead.
pub async fn ask_second(
    kit: &Kit,
    seller: &Seller,
    order: &OrderId,
    approver: &AccountId,
) -> Result<(RefundId, String), ServiceError> {
    may_touch_money(seller)?;
    let token = kit.keys.new_token();
    let hash = kit.keys.lookup_hash(LINK, &token);
    let (now, seller, id, approver) = (kit.now(), seller.clone(), order.clone(), approver.clone());
    let refund = kit
        .db
        .write(move |conn| {
            let order = store::order::lock_own(conn, &seller.cooperative, &id)?;
            let refund = under_way(conn, &order)?;
            if refund.state != RefundState::Ready {
                return Err(ServiceError::changed(Refusal::new("refusal-refund-not-ready")));
            }
            if approver == seller.account || !may_approve(conn, &seller.cooperative, &approver)? {
                return Err(ServiceError::refused(Refusal::new("refusal-refund-who").about("approver")));
            }
            let until = now.plus_seconds(LINK_LIVES_S);
            store::refund::put_asked(conn, &refund.id, &seller.account, &approver, &hash, until)?;
            Ok(refund.id)
        })
        .await?;
    Ok((refund, token))
}

/// Whether a person keeps this cooperative's money now: the accountant, or a manager.
pub(super) fn may_approve(conn: &mut Conn, id: &CooperativeId, account: &AccountId) -> Result<bool, ServiceError> {
    let Some(member) = store::member::find(conn, id, account)? else { return Ok(false) };
    let roles = store::member::list_roles_of(conn, std::slice::from_ref(&member.id))?;
    Ok(roles.iter().any(|(_, role)| matches!(role, MemberRole::Accountant | MemberRole::Manager)))
}

/// «Đồng ý trả»: by somebody who is signed in. Whoever agrees does not send it.
pub async fn approve(kit: &Kit, seller: &Seller, order: &OrderId, seen: impl Into<Seen>) -> Result<(), ServiceError> {
    may_touch_money(seller)?;
    let (now, seller, id, seen) = (kit.now(), seller.clone(), order.clone(), seen.into());
    kit.db
        .write(move |conn| {
            let order = store::order::lock_own(conn, &seller.cooperative, &id)?;
            let refund = under_way(conn, &order)?;
            check_seen(&refund, &seen)?;
            agree(conn, &refund, &seller.account, now)
        })
        .await
}

fn agree(conn: &mut Conn, refund: &Refund, by: &AccountId, now: At) -> Result<(), ServiceError> {
    if refund.asked_by.as_ref() == Some(by) {
        return Err(ServiceError::refused(Refusal::new("refusal-refund-own-yes")));
    }
    if !store::refund::mark_approved(conn, &refund.id, by, now)? {
        return Err(ServiceError::changed(Refusal::new("refusal-refund-not-ready")));
    }
    Ok(store::change::insert(conn, "order", refund.order_id.as_text(), now)?)
}

/// Whether a token opens the link of a refund now: of this refund, in time, to one who still keeps the money.
pub(super) fn is_live(kit: &Kit, refund: &Refund, token: &str, now: At) -> bool {
    let in_time = refund.link_until.is_some_and(|until| until > now);
    let is_it = |hash: &String| kit.keys.lookup_hashes(LINK, token).contains(hash);
    refund.state == RefundState::Ready && in_time && refund.link_hash.as_ref().is_some_and(is_it)
}

/// «Đồng ý trả» by link, without a sign-in: as the person whom the link was made for, once.
pub async fn approve_by_link(kit: &Kit, id: &RefundId, token: &str) -> Result<(), ServiceError> {
    let (now, id, token) = (kit.now(), id.clone(), token.to_owned());
    let wanted = kit.clone();
    kit.db
        .write(move |conn| {
            // Found first, for its order's lock; read again under it.
            let order = store::refund::get(conn, &id)?.order_id;
            store::order::lock(conn, &order)?;
            let refund = store::refund::get(conn, &id)?;
            let dead = || ServiceError::changed(Refusal::new("refusal-link-dead"));
            let approver = refund.approver.clone().ok_or_else(dead)?;
            if !is_live(&wanted, &refund, &token, now) || !may_approve(conn, &refund.cooperative_id, &approver)? {
                return Err(dead());
            }
            agree(conn, &refund, &approver, now)
        })
        .await
}
