//! Lots of a product («đợt hàng»): opened with a harvest day and a quantity, and what happens to them beside orders: more,
//! loss, sold outside, counted again. Each is a movement and a trace event.

use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::recording::{Scene, move_stock, record};
use super::who::{Seller, may_list};
use crate::domain::code::LotCode;
use crate::domain::id::{CooperativeId, LotId, ProductId};
use crate::domain::quantity::Base;
use crate::domain::refusal::Refusal;
use crate::domain::stock::{LotKind, LotState, MovementKind};
use crate::domain::text::clean;
use crate::domain::time::{At, Day};
use crate::domain::trace::{LotPart, Step, WordOf};
use crate::store::lot::Lot;
use crate::store::product::Product;
use crate::store::{self, Conn};

/// What a seller says of a lot.
#[derive(Debug, Clone)]
pub struct LotSaid {
    pub kind: LotKind,
    pub made_on: Day,
    /// None: from how long the product keeps.
    pub best_before: Option<Day>,
    pub place: String,
    pub commune_code: Option<String>,
    pub quantity: Base,
    pub word_of: WordOf,
    /// Whose goods they are, when a gatherer sells another cooperative's with its leave.
    pub owner: Option<CooperativeId>,
}

/// Opens a lot: its first movement and its trace event in one step.
pub async fn add_lot(
    kit: &Kit,
    seller: &Seller,
    product: &ProductId,
    said: &LotSaid,
) -> Result<(LotId, LotCode), ServiceError> {
    add_lot_once(kit, seller, product, said, None).await
}

/// The same from a form that brings the id of the lot to be: sent twice, it opens one lot.
pub async fn add_lot_once(
    kit: &Kit,
    seller: &Seller,
    product: &ProductId,
    said: &LotSaid,
    id: Option<&LotId>,
) -> Result<(LotId, LotCode), ServiceError> {
    may_list(seller)?;
    let refusals = check_lot(said, kit.now());
    if !refusals.is_empty() {
        return Err(ServiceError::Refused(refusals));
    }
    let (draw, seller, product, said, id) =
        (Draw::new(kit), seller.clone(), product.clone(), said.clone(), id.cloned());
    let base_url = kit.config.base_url.clone();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let product = store::product::lock_own(conn, &seller.cooperative, &product)?;
            if let Some(there) = store::lot::list_of(conn, id.as_slice())?.pop() {
                let is_it = there.product_id == product.id;
                return if is_it { Ok((there.id, there.code)) } else { Err(ServiceError::NotFound) };
            }
            let lot = open_lot(conn, &run, &base_url, &seller, &product, &said, id.clone())?;
            store::change::insert(conn, "product", product.id.as_text(), run.now)?;
            Ok((lot.id, lot.code))
        })
        .await
}

/// What is wrong with a lot to be.
pub(super) fn check_lot(said: &LotSaid, now: At) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if !(1..=1_000_000_000_000).contains(&said.quantity.0) {
        refusals.push(Refusal::new("refusal-lot-quantity").about("quantity"));
    }
    if said.made_on > now.day() && said.kind != LotKind::Planned {
        refusals.push(Refusal::new("refusal-lot-day").about("made_on"));
    }
    refusals
}

/// Writes a lot with its first movement and its trace event. The product is locked by the caller.
pub(super) fn open_lot(
    conn: &mut Conn,
    run: &Run,
    base_url: &str,
    seller: &Seller,
    product: &Product,
    said: &LotSaid,
    id: Option<LotId>,
) -> Result<Lot, ServiceError> {
    let lot = write_lot(conn, run, seller, product, said, id)?;
    tell_harvest(conn, run, base_url, seller, product, &lot, said)?;
    Ok(lot)
}

fn write_lot(
    conn: &mut Conn,
    run: &Run,
    seller: &Seller,
    product: &Product,
    said: &LotSaid,
    id: Option<LotId>,
) -> Result<Lot, ServiceError> {
    let cooperative = store::cooperative::get(conn, &seller.cooperative)?;
    let kept = product.keeps_days.map(|days| said.made_on.plus_days(days));
    let mut code = LotCode::draw(run);
    for _ in 0..8 {
        if store::lot::find_by_code(conn, &code)?.is_none() {
            break;
        }
        code = LotCode::draw(run);
    }
    let lot = Lot {
        id: id.unwrap_or_else(|| LotId::new(run.now, run.ten())),
        code,
        cooperative_id: seller.cooperative.clone(),
        owner_cooperative_id: said.owner.clone().unwrap_or_else(|| seller.cooperative.clone()),
        product_id: product.id.clone(),
        plot_id: None,
        grower_member_id: None,
        kind: said.kind,
        made_on: said.made_on,
        best_before: said.best_before.or(kept),
        place: clean::line(&said.place, 120).unwrap_or_default(),
        commune_code: said.commune_code.clone().unwrap_or(cooperative.commune_code),
        state: LotState::Open,
        state_reason: None,
        on_hand: Base::ZERO,
        held: Base::ZERO,
        created_at: run.now,
    };
    store::lot::insert(conn, &lot)?;
    let kind = if said.kind == LotKind::Received { MovementKind::Intake } else { MovementKind::Harvest };
    move_stock(
        conn,
        run,
        &seller.cooperative,
        &lot.id,
        kind,
        said.quantity,
        None,
        Some(&seller.account),
        (None, None),
    )?;
    Ok(lot)
}

pub(super) fn tell_harvest(
    conn: &mut Conn,
    run: &Run,
    base_url: &str,
    seller: &Seller,
    product: &Product,
    lot: &Lot,
    said: &LotSaid,
) -> Result<(), ServiceError> {
    let owner = store::cooperative::get(conn, &lot.owner_cooperative_id)?;
    let scene = Scene {
        base_url,
        cooperative: &owner,
        by: Some(&seller.account),
        word_of: said.word_of,
        order: None,
        place: &lot.place,
        commune_code: Some(&lot.commune_code),
        made: Some(
            serde_json::json!({"cbvmda:lotNumber": lot.code, "cbvmda:harvestStartDate": lot.made_on, "ganh:kind": lot.kind}),
        ),
    };
    let part = LotPart { lot: lot.id.clone(), code: lot.code.clone(), base: said.quantity, unit: product.base_unit };
    record(conn, run, Step::Harvested, vec![part], &scene)?;
    Ok(())
}

/// What a person does to a lot beside orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LotAct {
    /// More of the same picking was brought.
    More(Base),
    /// «Hao, hỏng».
    Loss { base: Base, reason: String },
    /// «Bán ngoài»: how much, to whom.
    SoldOutside { base: Base, to_whom: String },
    /// Counted: there is exactly this much. Below what is promised is allowed and shown, since it is the truth.
    Counted(Base),
}

/// Writes a movement of a lot. Answers what is promised beyond what is there: zero unless a count shows a shortage.
pub async fn move_lot(kit: &Kit, seller: &Seller, id: &LotId, act: &LotAct) -> Result<Base, ServiceError> {
    move_lot_as_seen(kit, seller, id, act, None).await
}

/// The same from a page that showed `seen` movements. When there are more by now, the same act by the same person is a second
/// press and done already; anything else is asked back, since the person saw another lot than there is.
pub async fn move_lot_as_seen(
    kit: &Kit,
    seller: &Seller,
    id: &LotId,
    act: &LotAct,
    seen: Option<usize>,
) -> Result<Base, ServiceError> {
    may_list(seller)?;
    let (draw, seller, id, act) = (Draw::new(kit), seller.clone(), id.clone(), act.clone());
    let base_url = kit.config.base_url.clone();
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let lot = store::lot::lock_own(conn, &seller.cooperative, &id)?;
            if let Some(seen) = seen
                && is_done_already(conn, &seller, &lot, &act, seen)?
            {
                return Ok(lot.held.minus(lot.on_hand)?.max(Base::ZERO));
            }
            if lot.kind == LotKind::Window {
                // Not there yet: how much it is, its window says.
                return Err(ServiceError::changed(Refusal::new("refusal-window-lot")));
            }
            let (kind, base, step, words) = plan(&lot, &act)?;
            let after = lot.on_hand.plus(base)?;
            if after < Base::ZERO {
                let unit = store::product::get(conn, &lot.product_id)?.base_unit;
                return Err(ServiceError::changed(
                    Refusal::new("refusal-lot-has-less").with("there", lot.on_hand.said(unit)),
                ));
            }
            if base != Base::ZERO {
                let to_whom = words.0.as_deref();
                move_stock(
                    conn,
                    &run,
                    &seller.cooperative,
                    &lot.id,
                    kind,
                    base,
                    None,
                    Some(&seller.account),
                    (to_whom, words.1.as_deref()),
                )?;
            }
            tell_movement(conn, &run, &base_url, &seller, &lot, step, base)?;
            store::change::insert(conn, "product", lot.product_id.as_text(), run.now)?;
            Ok(lot.held.minus(after)?.max(Base::ZERO))
        })
        .await
}

/// Whether a page's act was its person's last one. `Changed` when the lot has moved otherwise since the page was made.
fn is_done_already(
    conn: &mut Conn,
    seller: &Seller,
    lot: &Lot,
    act: &LotAct,
    seen: usize,
) -> Result<bool, ServiceError> {
    let movements = store::lot::list_movements(conn, &lot.id)?;
    if movements.len() == seen {
        return Ok(false);
    }
    let (kind, base, ..) = plan(lot, act)?;
    let last = movements.last().filter(|_| movements.len() == seen.saturating_add(1));
    // Counted again as it was counted: the same words make no difference now.
    let is_same = |last: &store::lot::Movement| last.base_quantity == base || base == Base::ZERO;
    if last
        .is_some_and(|last| last.kind == kind && last.by_account_id.as_ref() == Some(&seller.account) && is_same(last))
    {
        return Ok(true);
    }
    let unit = store::product::get(conn, &lot.product_id)?.base_unit;
    Err(ServiceError::changed(Refusal::new("refusal-lot-moved").with("there", lot.on_hand.said(unit))))
}

type Plan = (MovementKind, Base, Step, (Option<String>, Option<String>));

fn plan(lot: &Lot, act: &LotAct) -> Result<Plan, ServiceError> {
    let positive = |base: Base| {
        if base.is_positive() {
            Ok(base)
        } else {
            Err(ServiceError::refused(Refusal::new("refusal-lot-quantity").about("quantity")))
        }
    };
    let word = |text: &str| clean::line(text, 200).ok().filter(|text| !text.is_empty());
    Ok(match act {
        LotAct::More(base) => (MovementKind::Intake, positive(*base)?, Step::Counted, (None, None)),
        LotAct::Loss { base, reason } => {
            (MovementKind::Loss, positive(*base)?.negated()?, Step::Lost, (None, word(reason)))
        }
        LotAct::SoldOutside { base, to_whom } => {
            (MovementKind::OutsideSale, positive(*base)?.negated()?, Step::SoldOutside, (word(to_whom), None))
        }
        LotAct::Counted(base) if *base < Base::ZERO => {
            return Err(ServiceError::refused(Refusal::new("refusal-lot-quantity").about("quantity")));
        }
        LotAct::Counted(base) => (MovementKind::Count, base.minus(lot.on_hand)?, Step::Counted, (None, None)),
    })
}

fn tell_movement(
    conn: &mut Conn,
    run: &Run,
    base_url: &str,
    seller: &Seller,
    lot: &Lot,
    step: Step,
    base: Base,
) -> Result<(), ServiceError> {
    let cooperative = store::cooperative::get(conn, &seller.cooperative)?;
    let unit = store::product::get(conn, &lot.product_id)?.base_unit;
    let amount = if step == Step::Counted { lot.on_hand.plus(base)? } else { base };
    let scene = Scene {
        base_url,
        cooperative: &cooperative,
        by: Some(&seller.account),
        word_of: WordOf::Cooperative,
        order: None,
        place: &lot.place,
        commune_code: Some(&lot.commune_code),
        made: None,
    };
    record(conn, run, step, vec![LotPart { lot: lot.id.clone(), code: lot.code.clone(), base: amount, unit }], &scene)?;
    Ok(())
}
