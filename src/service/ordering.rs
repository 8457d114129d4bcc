//! Ordering: a checkout becomes one purchase with one order per cooperative, all or none, in one transaction.

use super::accepting::accept_by_itself;
use super::account_in_force;
use super::buyer_limits;
use super::checkout::{Checkout, RawCheckout};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::holding;
use super::kit::Kit;
use super::moving::{By, answer_times, note_move};
use super::ordering_stock::{Taken, needs_yes_first, short_refusal, take_stock};
use super::pricing::{Group, Priced, PricedLine, Wanted, price};
use super::slots::{self, Chosen};
use super::telling::{To, owe_words};
use super::vouchers;
use super::windows;
use crate::domain::code::{OrderCode, PurchaseCode};
use crate::domain::id::{AccountId, OrderId, OrderLineId, ProductId, PurchaseId, TraceRef};
use crate::domain::message::MessageKind;
use crate::domain::order::{ActorKind, OrderEvent, OrderState};
use crate::domain::refusal::Refusal;
use crate::domain::stock::{HoldRule, Share};
use crate::domain::time::At;
use crate::domain::window::answers_from;
use crate::store::order::{Order, OrderDelivery, OrderLine};
use crate::store::purchase::{Idempotency, Key, Purchase};
use crate::store::{self, Conn};
use std::collections::{BTreeMap, HashMap};

/// How long a key is kept.
const KEY_LIFE_MIN: i64 = 24 * 60;
/// Letters an `Idempotency-Key` may have.
pub const MOST_KEY_CHARS: usize = 255;

/// Who orders, and by which key a second click is known.
#[derive(Debug, Clone)]
pub struct Ordering {
    pub key: String,
    pub language: String,
    pub account: Option<AccountId>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedPurchase {
    pub purchase: PurchaseId,
    pub code: PurchaseCode,
    /// The same request had been sent before; nothing was done again.
    pub replayed: bool,
}

/// What a checkout would cost and what stands against it; no effect.
pub async fn quote(kit: &Kit, raw: &RawCheckout) -> Result<Priced, ServiceError> {
    let checkout = raw.read()?;
    let now = kit.now();
    kit.db
        .read(move |conn| {
            let mut priced = price(conn, now, &Wanted::of(&checkout))?;
            let short = shown_shortage(conn, now, &priced)?;
            priced.changed.extend(short);
            let used = vouchers::check_uses(conn, now, &priced, &checkout.buyer_phone, false)?;
            priced.changed.extend(used);
            Ok(priced)
        })
        .await
}

/// Shortages as a reader sees them, without locks.
pub(super) fn shown_shortage(conn: &mut Conn, now: At, priced: &Priced) -> Result<Vec<Refusal>, ServiceError> {
    let lines: Vec<&PricedLine> = priced.groups.iter().flat_map(|group| &group.lines).collect();
    let products: Vec<ProductId> = lines.iter().map(|line| line.product.id.clone()).collect();
    let mut stock = super::stock_view::stock_of(conn, now, &products)?;
    let mut changed = Vec::new();
    for line in lines {
        if let Err(short) = holding::share_out(&mut stock, &line.product.id, line.base, line.window_lot()) {
            changed.push(short_refusal(line, short));
        }
    }
    Ok(changed)
}

/// Orders what a checkout asks for. Sent twice with one key it is done once; the answer is then the first one's.
///
/// # Errors
/// `Refused` when it can never work, `Changed` when stock, price or state is no longer as shown, `TooMany` over the limit of
/// unpaid orders.
pub async fn place_order(kit: &Kit, raw: &RawCheckout, ordering: &Ordering) -> Result<PlacedPurchase, ServiceError> {
    if ordering.key.is_empty() || ordering.key.chars().count() > MOST_KEY_CHARS {
        return Err(ServiceError::refused(Refusal::new("refusal-idempotency-key").about("Idempotency-Key")));
    }
    let checkout = raw.read()?;
    let draw = Draw::new(kit);
    let has_limits = kit.config.has_limits;
    let (ordering, base_url) = (ordering.clone(), kit.config.base_url.clone());
    let keys = kit.keys.clone();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let purchase = PurchaseId::new(run.now, run.ten());
            if let Some(seen) = claim_key(conn, &run, &ordering, &checkout, &purchase)? {
                return Ok(seen);
            }
            if has_limits {
                buyer_limits::lock(conn, &run, &checkout)?;
            }
            let mut priced = price(conn, run.now, &Wanted::of(&checkout))?;
            if account_in_force::put_priced_in_force(conn, &run, &priced, &base_url)? {
                priced = price(conn, run.now, &Wanted::of(&checkout))?;
            }
            if has_limits {
                buyer_limits::check(conn, &run, &checkout, ordering.account.as_ref(), &priced)?;
            }
            let used = vouchers::check_uses(conn, run.now, &priced, &checkout.buyer_phone, true)?;
            priced.changed.extend(used);
            let full = slots::take_places(conn, run.now, &chosen_of(&priced))?;
            priced.changed.extend(full);
            let taken = take_stock(conn, run.now, &priced)?;
            if !priced.refused.is_empty() {
                return Err(ServiceError::Refused(priced.refused));
            }
            let link = |purchase: &PurchaseId, code: &PurchaseCode| {
                format!("{base_url}/mua/{code}?k={}", keys.link_token("purchase", purchase.as_text()))
            };
            write_purchase(conn, &run, &ordering, &checkout, &priced, taken, &purchase, &link)
        })
        .await
}

/// The days and windows of a priced checkout.
fn chosen_of(priced: &Priced) -> Vec<Chosen<'_>> {
    let chosen = priced.groups.iter().filter_map(|group| {
        group.opening.as_ref().map(|opening| Chosen { cooperative: &group.cooperative.name, opening })
    });
    chosen.collect()
}

/// The purchase that a key has made, while the key is kept.
pub async fn find_by_key(kit: &Kit, key: &str) -> Result<Option<(PurchaseId, PurchaseCode)>, ServiceError> {
    let key = key.to_owned();
    kit.db
        .read(move |conn| {
            let Some(seen) = store::purchase::find_key(conn, &key)? else { return Ok(None) };
            let purchase = store::purchase::get(conn, &seen.purchase_id)?;
            Ok(Some((purchase.id, purchase.code)))
        })
        .await
}

/// The key is inserted first of all. Some: it was there already.
fn claim_key(
    conn: &mut Conn,
    run: &Run,
    ordering: &Ordering,
    checkout: &Checkout,
    purchase: &PurchaseId,
) -> Result<Option<PlacedPurchase>, ServiceError> {
    let row = Idempotency {
        key: ordering.key.clone(),
        request_hash: checkout.request_hash.clone(),
        purchase_id: purchase.clone(),
        made_at: run.now,
        expires_at: run.now.plus_minutes(KEY_LIFE_MIN),
    };
    match store::purchase::insert_new_key(conn, &row)? {
        Key::Fresh => Ok(None),
        Key::Seen(seen) if seen.request_hash == checkout.request_hash => {
            let purchase = store::purchase::get(conn, &seen.purchase_id)?;
            Ok(Some(PlacedPurchase { purchase: purchase.id, code: purchase.code, replayed: true }))
        }
        Key::Seen(_other_request) => {
            Err(ServiceError::refused(Refusal::new("refusal-idempotency-reused").about("Idempotency-Key")))
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the whole of one checkout meets here, once")]
fn write_purchase(
    conn: &mut Conn,
    run: &Run,
    ordering: &Ordering,
    checkout: &Checkout,
    priced: &Priced,
    mut taken: Taken,
    purchase: &PurchaseId,
    link: &dyn Fn(&PurchaseId, &PurchaseCode) -> String,
) -> Result<PlacedPurchase, ServiceError> {
    let code = unused(
        run,
        |code: &PurchaseCode| Ok(store::purchase::find_by_code(conn, code)?.is_none()),
        PurchaseCode::draw,
    )?;
    store::purchase::insert(
        conn,
        &Purchase {
            id: purchase.clone(),
            code: code.clone(),
            account_id: ordering.account.clone(),
            buyer_name: checkout.buyer_name.clone(),
            buyer_phone: checkout.buyer_phone.as_text().to_owned(),
            buyer_email: checkout.buyer_email.clone(),
            language: ordering.language.clone(),
            rules_version: checkout.rules_version.clone(),
            total_vnd: priced.total,
            made_at: run.now,
            day: run.now.day(),
        },
    )?;
    if let Some(invoice) = &checkout.invoice {
        let invoice = invoice.clone();
        let row = store::purchase::InvoiceRequest {
            purchase_id: purchase.clone(),
            tax_code: invoice.tax_code,
            name: invoice.name,
            address: invoice.address,
            email: invoice.email,
        };
        store::purchase::insert_invoice_request(conn, &row)?;
    }
    for group in &priced.groups {
        let needs_yes_first = needs_yes_first(group, &taken);
        let order = write_order(conn, run, checkout, group, purchase, needs_yes_first)?;
        write_lines(conn, run, checkout, group, &order, &mut taken.shares)?;
        accept_by_itself(conn, run, &group.cooperative, &order)?;
    }
    let to = To {
        cooperative: priced.groups.first().map(|group| &group.cooperative.id),
        account: ordering.account.as_ref(),
        name: &checkout.buyer_name,
        phone: checkout.buyer_phone.as_text(),
        email: checkout.buyer_email.as_deref(),
        language: &ordering.language,
        ..To::default()
    };
    let args = BTreeMap::from([
        ("code", code.to_string()),
        ("total", priced.total.to_string()),
        ("url", link(purchase, &code)),
    ]);
    owe_words(conn, run, &to, MessageKind::PurchaseMade, &args)?;
    Ok(PlacedPurchase { purchase: purchase.clone(), code, replayed: false })
}

/// Draws a code until it is free. 739 million of a kind: the second draw is rare, the eighth never.
fn unused<C>(
    run: &Run,
    mut is_free: impl FnMut(&C) -> Result<bool, ServiceError>,
    draw: impl Fn(&dyn crate::domain::time::Entropy) -> C,
) -> Result<C, ServiceError> {
    for _ in 0..8 {
        let code = draw(run);
        if is_free(&code)? {
            return Ok(code);
        }
    }
    Err(ServiceError::broken("no free code was drawn"))
}

fn write_order(
    conn: &mut Conn,
    run: &Run,
    checkout: &Checkout,
    group: &Group,
    purchase: &PurchaseId,
    needs_yes_first: bool,
) -> Result<Order, ServiceError> {
    // A deposit is paid first, however the rest is.
    let asks_first = group.deposit.is_positive();
    let state = if asks_first { OrderState::AwaitingPayment } else { checkout.payment.first_state(needs_yes_first) };
    let is_placed = state == OrderState::Placed;
    // An order before the harvest is answered by the harvest.
    let from = group.window.as_ref().map_or(run.now, |window| answers_from(window.harvest_to).max(run.now));
    let times = is_placed.then(|| answer_times(&group.cooperative, from));
    let rule = HoldRule::for_total(group.total);
    let order = Order {
        id: OrderId::new(run.now, run.ten()),
        code: unused(run, |code: &OrderCode| Ok(store::order::find_by_code(conn, code)?.is_none()), OrderCode::draw)?,
        purchase_id: purchase.clone(),
        cooperative_id: group.cooperative.id.clone(),
        state,
        payment: checkout.payment,
        // Pay on delivery shows the code of what is due at the door, so it too keeps the account it was printed with.
        bank_account_id: group.account.as_ref().map(|account| account.id.clone()),
        goods_vnd: group.goods,
        shipping_vnd: group.shipping,
        total_vnd: group.total,
        trace_ref: TraceRef::new(run.now, run.ten()),
        placed_at: is_placed.then_some(run.now),
        expires_at: (!is_placed).then(|| rule.first_end(run.now)),
        confirm_by: times.map(|(_, confirm_by)| confirm_by),
        renewed_until: (!is_placed).then(|| run.now.plus_minutes(rule.most_minutes)),
        is_late: false,
        short_stock: false,
        reason: None,
        made_at: run.now,
        day: run.now.day(),
        changed_at: run.now,
        answer_stage: 0,
        answer_due_at: times.map(|(ask_at, _)| ask_at),
        deposit_vnd: group.deposit,
    };
    store::order::insert(conn, &order)?;
    vouchers::note(conn, run, &order, group)?;
    let commune = checkout.commune;
    let slot = group.opening.as_ref().and_then(|opening| opening.slot.as_ref());
    store::order::insert_delivery(
        conn,
        &OrderDelivery {
            order_id: order.id.clone(),
            cooperative_id: group.cooperative.id.clone(),
            kind: checkout.fulfilment,
            delivery_way_id: group.way.as_ref().map(|way| way.id.clone()),
            pickup_point_id: group.point.as_ref().map(|point| point.id.clone()),
            deliver_on: group.deliver_on,
            slot: slot.map(|slot| hours_said(slot.from_min, slot.to_min)).or_else(|| checkout.slot.clone()),
            recipient_name: checkout.recipient_name.clone(),
            recipient_phone: checkout.recipient_phone.as_text().to_owned(),
            gift_message: checkout.gift_message.clone(),
            hide_prices: checkout.hide_prices,
            commune_code: commune.map(|commune| commune.code.clone()),
            commune_name: commune.map(crate::domain::commune::Commune::with_province),
            address: checkout.address.clone(),
            note: checkout.note.clone(),
            delivery_slot_id: slot.map(|slot| slot.id.clone()),
        },
    )?;
    note_move(
        conn,
        run,
        &order,
        OrderEvent::CheckedOut,
        order.state,
        By { kind: ActorKind::Shopper, account: None },
        None,
    )?;
    Ok(order)
}

/// «07:00–10:00», as a person writes it in either language.
fn hours_said(from_min: i64, to_min: i64) -> String {
    let said = |min: i64| format!("{:02}:{:02}", min.div_euclid(60), min.rem_euclid(60));
    format!("{}–{}", said(from_min), said(to_min))
}

fn write_lines(
    conn: &mut Conn,
    run: &Run,
    checkout: &Checkout,
    group: &Group,
    order: &Order,
    shares: &mut HashMap<usize, Vec<Share>>,
) -> Result<(), ServiceError> {
    for (priced, position) in group.lines.iter().zip(0_i64..) {
        let wish = checkout.lines.get(priced.index).map_or(crate::domain::order::IfShort::Call, |line| line.if_short);
        let line = OrderLine {
            id: OrderLineId::new(run.now, run.ten()),
            cooperative_id: group.cooperative.id.clone(),
            order_id: order.id.clone(),
            product_id: priced.product.id.clone(),
            offer_id: priced.offer.id.clone(),
            product_name: priced.product.name.clone(),
            offer_label: priced.offer.label.clone(),
            unit: priced.offer.unit.clone(),
            base_unit: priced.product.base_unit,
            quantity: priced.quantity,
            base_per_unit: priced.offer.base_quantity,
            base_quantity: priced.base,
            about: priced.offer.about,
            price_vnd: priced.price,
            line_vnd: priced.amount,
            weighed_base: None,
            weighed_vnd: None,
            weighed_at: None,
            if_short: wish,
            tax_line: None,
            position,
        };
        store::order::insert_line(conn, &line)?;
        let taken = shares.remove(&priced.index).unwrap_or_default();
        let until = order.expires_at.or(order.confirm_by.filter(|_| group.window.is_none()));
        holding::hold(conn, run, &line, &taken, until)?;
        if let Some(window) = &priced.window {
            windows::note_line(conn, &line, window)?;
        }
        store::change::insert(conn, "product", line.product_id.as_text(), run.now)?;
    }
    Ok(())
}
