//! «Mã giảm giá»: a cooperative lays a code down, a checkout takes it, the last use is one order's alone. What a code took follows what the
//! goods really cost: weighed, less or changed, the same percentage holds.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::priced::{Group, Priced, VoucherTaken};
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::id::{CooperativeId, OrderId, VoucherId};
use crate::domain::money::Money;
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::domain::voucher::{Plan, VoucherKind, read_code};
use crate::store::order::Order;
use crate::store::told::Told;
use crate::store::voucher::{OrderVoucher, Voucher};
use crate::store::{self, Conn};

/// Codes that a page lists.
const MOST_SHOWN: i64 = 200;

/// A code with how often it is in use.
#[derive(Debug, Clone)]
pub struct VoucherView {
    pub voucher: Voucher,
    pub uses: i64,
}

/// Takes a typed code off the groups of the cooperatives that know it: of each the order that costs most. What stands against it is
/// said; a code that nobody knows can never work.
pub(super) fn apply(conn: &mut Conn, now: At, typed: &str, priced: &mut Priced) -> Result<(), ServiceError> {
    let code = match read_code(typed) {
        Ok(code) => code,
        Err(refusal) => {
            priced.refused.push(refusal);
            return Ok(());
        }
    };
    let cooperatives: Vec<CooperativeId> = priced.groups.iter().map(|group| group.cooperative.id.clone()).collect();
    let found = store::voucher::list_by_code(conn, &cooperatives, &code)?;
    if found.is_empty() && !priced.groups.is_empty() {
        priced.refused.push(Refusal::new("refusal-voucher-unknown").with("code", &code).about("voucher"));
    }
    for voucher in found {
        let own = priced.groups.iter_mut().filter(|group| group.cooperative.id == voucher.cooperative_id);
        let Some(group) = own.max_by_key(|group| group.goods) else { continue };
        match against(conn, now, &voucher, group.goods, None)? {
            Some(Against::Never(refusal)) => priced.refused.push(refusal),
            Some(Against::Now(refusal)) => priced.changed.push(refusal),
            None => take_off(group, voucher)?,
        }
    }
    Ok(())
}

/// Why a code takes nothing off.
enum Against {
    Never(Refusal),
    Now(Refusal),
}

/// What stands against a code for goods of so much, and for whoever has this number where that is known.
fn against(
    conn: &mut Conn,
    now: At,
    voucher: &Voucher,
    goods: Money,
    phone: Option<&Phone>,
) -> Result<Option<Against>, ServiceError> {
    let no = |key: &str| Refusal::new(key).with("code", &voucher.code).about("voucher");
    let today = now.day();
    if voucher.stopped_at.is_some() || today > voucher.to_day {
        return Ok(Some(Against::Now(no("refusal-voucher-over"))));
    }
    if today < voucher.from_day {
        let from = format!("{}/{}", voucher.from_day.day_of_month(), voucher.from_day.month());
        return Ok(Some(Against::Now(no("refusal-voucher-early").with("from", from))));
    }
    if goods < voucher.least_goods_vnd {
        let missing = voucher.least_goods_vnd.minus(goods)?;
        let refusal = no("refusal-voucher-least").with("least", voucher.least_goods_vnd).with("missing", missing);
        return Ok(Some(Against::Never(refusal)));
    }
    // A code without a bound is not counted.
    let mut is_full = |most: i64, phone: Option<&str>| -> Result<bool, ServiceError> {
        let ids = std::slice::from_ref(&voucher.id);
        Ok(most > 0 && store::voucher::count_uses(conn, ids, phone, now)?.iter().any(|(_, uses)| *uses >= most))
    };
    if is_full(voucher.uses_most, None)? {
        return Ok(Some(Against::Now(no("refusal-voucher-used-up"))));
    }
    let Some(phone) = phone else { return Ok(None) };
    let is_over = is_full(voucher.phone_most, Some(phone.as_text()))?;
    Ok(is_over.then(|| Against::Now(no("refusal-voucher-yours").with("count", voucher.phone_most))))
}

fn take_off(group: &mut Group, voucher: Voucher) -> Result<(), ServiceError> {
    let gross = group.goods;
    let goods_off = voucher.plan().terms.off(gross)?;
    let shipping_off = if voucher.kind == VoucherKind::FreeShipping { group.shipping } else { Money::ZERO };
    group.goods = gross.minus(goods_off)?;
    group.shipping = group.shipping.minus(shipping_off)?;
    group.total = group.goods.plus(group.shipping)?;
    group.voucher = Some(VoucherTaken { voucher, gross, goods_off, shipping_off });
    Ok(())
}

/// What stands against the codes of a priced checkout for whoever has this number. A reader sees what is; a writer locks the codes
/// first, so that the last use is one order's alone.
pub(super) fn check_uses(
    conn: &mut Conn,
    now: At,
    priced: &Priced,
    phone: &Phone,
    lock: bool,
) -> Result<Vec<Refusal>, ServiceError> {
    let taken: Vec<&VoucherTaken> = priced.groups.iter().filter_map(|group| group.voucher.as_ref()).collect();
    let mut vouchers: Vec<Voucher> = taken.iter().map(|taken| taken.voucher.clone()).collect();
    if lock && !vouchers.is_empty() {
        let ids: Vec<VoucherId> = vouchers.iter().map(|voucher| voucher.id.clone()).collect();
        vouchers = store::voucher::lock_of(conn, &ids)?;
    }
    let mut changed = Vec::new();
    for voucher in &vouchers {
        let gross = taken.iter().find(|taken| taken.voucher.id == voucher.id).map(|taken| taken.gross);
        match against(conn, now, voucher, gross.unwrap_or_default(), Some(phone))? {
            Some(Against::Never(refusal) | Against::Now(refusal)) => changed.push(refusal),
            None => {}
        }
    }
    Ok(changed)
}

/// Writes down what a new order takes by its code.
pub(super) fn note(conn: &mut Conn, run: &Run, order: &Order, group: &Group) -> Result<(), ServiceError> {
    let Some(taken) = &group.voucher else { return Ok(()) };
    let row = OrderVoucher {
        order_id: order.id.clone(),
        voucher_id: taken.voucher.id.clone(),
        cooperative_id: order.cooperative_id.clone(),
        percent_bps: taken.voucher.percent_bps,
        most_off_vnd: taken.voucher.most_off_vnd,
        gross_vnd: taken.gross,
        off_vnd: taken.goods_off,
        shipping_off_vnd: taken.shipping_off,
        at: run.now,
    };
    Ok(store::voucher::insert_use(conn, &row)?)
}

/// What an order's goods of so much cost by its code, which is written down; without a code, so much.
pub(super) fn put_net(conn: &mut Conn, order: &OrderId, gross: Money) -> Result<Money, ServiceError> {
    let Some(used) = store::voucher::find_use(conn, order)? else { return Ok(gross) };
    let net = used.net_of(gross)?;
    store::voucher::put_off(conn, order, gross, gross.minus(net)?)?;
    Ok(net)
}

/// What an order's goods of so much would cost by its code.
pub(super) fn net_of(conn: &mut Conn, order: &OrderId, gross: Money) -> Result<Money, ServiceError> {
    let used = store::voucher::find_use(conn, order)?;
    Ok(used.map_or(Ok(gross), |used| used.net_of(gross))?)
}

/// What goods of so much among an order's goods were charged in the end.
pub(super) fn share_of(conn: &mut Conn, order: &OrderId, amount: Money) -> Result<Money, ServiceError> {
    let used = store::voucher::find_use(conn, order)?;
    Ok(used.map_or(Ok(amount), |used| used.share_of(amount))?)
}

/// «Làm mã giảm giá». The form brings the id of the code to be: sent twice, it makes one.
///
/// # Errors
/// `Refused` for what cannot be, and for a code that the cooperative has already.
pub async fn make_voucher(kit: &Kit, seller: &Seller, plan: &Plan, id: &VoucherId) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Manager)?;
    let mut refusals = plan.check(kit.now().day());
    let code = read_code(&plan.code).map_err(|refusal| refusals.push(refusal.about("code"))).unwrap_or_default();
    if !refusals.is_empty() {
        return Err(ServiceError::Refused(refusals));
    }
    let (draw, seller, plan, id) = (Draw::new(kit), seller.clone(), plan.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let now = draw.fresh().now;
            let row = Voucher {
                id: id.clone(),
                cooperative_id: seller.cooperative.clone(),
                code: code.clone(),
                kind: plan.kind,
                percent_bps: if plan.kind == VoucherKind::Percent { plan.terms.percent_bps } else { 0 },
                most_off_vnd: if plan.kind == VoucherKind::Percent { plan.terms.most_off } else { Money::ZERO },
                least_goods_vnd: plan.least_goods,
                from_day: plan.from_day,
                to_day: plan.to_day,
                uses_most: plan.uses_most,
                phone_most: plan.phone_most,
                made_by: seller.account.clone(),
                made_at: now,
                stopped_by: None,
                stopped_at: None,
            };
            if store::voucher::insert_new(conn, &row)? == Told::Fresh {
                return Ok(());
            }
            let own = store::voucher::list_by_code(conn, std::slice::from_ref(&seller.cooperative), &row.code)?;
            if own.iter().any(|there| there.id == id) {
                return Ok(());
            }
            let refusal = Refusal::new("refusal-voucher-there").with("code", &row.code).about("code");
            Err(ServiceError::refused(refusal))
        })
        .await
}

/// «Ngừng mã»: no new order takes it; orders that have keep what they took. A second press finds it done.
pub async fn stop_voucher(kit: &Kit, seller: &Seller, id: &VoucherId) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Manager)?;
    let (draw, seller, id) = (Draw::new(kit), seller.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let there = store::voucher::lock_of(conn, std::slice::from_ref(&id))?.pop();
            if there.is_none_or(|there| there.cooperative_id != seller.cooperative) {
                return Err(ServiceError::NotFound);
            }
            store::voucher::mark_stopped(conn, &seller.cooperative, &id, &seller.account, draw.now)?;
            Ok(())
        })
        .await
}

/// The cooperative's codes, the newest first, and how often each is in use.
pub async fn list_vouchers(kit: &Kit, seller: &Seller) -> Result<Vec<VoucherView>, ServiceError> {
    let (cooperative, now) = (seller.cooperative.clone(), kit.now());
    kit.db
        .read(move |conn| {
            let vouchers = store::voucher::list(conn, &cooperative, MOST_SHOWN)?;
            let ids: Vec<VoucherId> = vouchers.iter().map(|voucher| voucher.id.clone()).collect();
            let uses = store::voucher::count_uses(conn, &ids, None, now)?;
            let view = |voucher: Voucher| {
                let uses = uses.iter().find(|(id, _)| *id == voucher.id).map_or(0, |(_, uses)| *uses);
                VoucherView { uses, voucher }
            };
            Ok(vouchers.into_iter().map(view).collect())
        })
        .await
}
