//! The buyer's side of claims: says what is wrong with which lines in the time that was stated, sends pictures, is content or takes it
//! further. The caller has proven the order's key. A form pressed twice makes its claims once.

use super::claim_photos::keep_photos;
use super::claim_step::{
    Act, Hand, charged, is_done, note, read_words, setting, step, take_of_order, tell_the_cooperative, times,
};
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::moving::{By, hours_of};
use crate::domain::claim::{ClaimEvent, ClaimKind, ClaimState, MOST_PHOTOS, SOLVE_H, WITHIN_H, until};
use crate::domain::id::{ClaimId, ClaimPhotoId, OrderId};
use crate::domain::lang::Lang;
use crate::domain::order::{ActorKind, HoldState, OrderEvent};
use crate::domain::phone::Phone;
use crate::domain::quantity::{Base, Quantity, read_quantity};
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::store::claim::{Claim, ClaimLot, ClaimPhoto};
use crate::store::order::{Order, OrderLine};
use crate::store::{self, Conn};
use crate::view::filters;

const BUYER: By<'static> = By { kind: ActorKind::Shopper, account: None };

/// What a buyer says of one line, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineSaid {
    pub line: String,
    pub kind: String,
    /// Of the sale unit; empty: the whole line.
    pub quantity: String,
}

/// A form of claims, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawClaim {
    /// What tells this form from another of the same page.
    pub press: String,
    pub lines: Vec<LineSaid>,
    pub words: String,
}

/// One line with what is wrong with it, read.
struct Wrong {
    line: OrderLine,
    kind: ClaimKind,
    quantity: Option<Quantity>,
    base: Base,
}

/// When an order was handed over, and until when claims can be made for it; none before.
pub(super) fn time_of(conn: &mut Conn, order: &Order) -> Result<Option<(At, At)>, ServiceError> {
    if !order.state.is_handed_over() {
        return Ok(None);
    }
    let moves = store::order::list_moves(conn, &order.id)?;
    let Some(at) = moves.iter().rfind(|row| row.event == OrderEvent::Delivered).map(|row| row.at) else {
        return Ok(None);
    };
    let hours = setting(conn, "claim_within_h", at, WITHIN_H)?;
    Ok(Some((at, until(at, hours))))
}

/// Says what is wrong with lines of an order: one claim each, with the same words and pictures.
pub async fn make_claims(kit: &Kit, id: &OrderId, raw: &RawClaim, photos: Vec<Vec<u8>>) -> Result<(), ServiceError> {
    let (now, order, asked) = (kit.now(), id.clone(), raw.clone());
    // What cannot be is said before any picture is kept.
    let is_new = kit.db.read(move |conn| {
        let order = store::order::get(conn, &order)?;
        Ok::<_, ServiceError>(!read_claim(conn, now, &order, &asked)?.0.is_empty())
    });
    if !is_new.await? {
        return Ok(());
    }
    let keys = keep_photos(kit, photos).await?;
    let (draw, id, raw) = (Draw::new(kit), id.clone(), raw.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let order = store::order::lock(conn, &id)?;
            let (wrong, words) = read_claim(conn, run.now, &order, &raw)?;
            for one in &wrong {
                write_claim(conn, &run, &order, one, (&raw.press, &words), &keys)?;
            }
            Ok(store::change::insert(conn, "order", order.id.as_text(), run.now)?)
        })
        .await
}

fn write_claim(
    conn: &mut Conn,
    run: &Run,
    order: &Order,
    wrong: &Wrong,
    (press, words): (&str, &str),
    keys: &[String],
) -> Result<(), ServiceError> {
    let cooperative = store::cooperative::get(conn, &order.cooperative_id)?;
    let solve_h = setting(conn, "claim_solve_h", run.now, SOLVE_H)?;
    let claim = Claim {
        id: ClaimId::new(run.now, run.ten_in_order()),
        cooperative_id: order.cooperative_id.clone(),
        order_id: order.id.clone(),
        order_line_id: wrong.line.id.clone(),
        kind: wrong.kind,
        state: ClaimState::Open,
        quantity: wrong.quantity,
        base_quantity: wrong.base,
        words: words.to_owned(),
        accepted_vnd: crate::domain::money::Money::ZERO,
        press: press.to_owned(),
        waits_since: run.now,
        stage: 0,
        due_at: times(conn, run.now)?.first(ClaimState::Open, run.now, hours_of(&cooperative)),
        solve_by: until(run.now, solve_h),
        made_at: run.now,
        ended_at: None,
    };
    let holds = store::lot::list_holds(conn, std::slice::from_ref(&order.id))?;
    let mut lots: Vec<ClaimLot> = Vec::new();
    for hold in
        holds.into_iter().filter(|hold| hold.order_line_id == wrong.line.id && hold.state != HoldState::Released)
    {
        match lots.iter_mut().find(|lot| lot.lot_id == hold.lot_id) {
            Some(lot) => lot.base_quantity = lot.base_quantity.plus(hold.base_quantity)?,
            None => lots.push(ClaimLot {
                claim_id: claim.id.clone(),
                lot_id: hold.lot_id,
                cooperative_id: claim.cooperative_id.clone(),
                base_quantity: hold.base_quantity,
            }),
        }
    }
    store::claim::insert(conn, &claim, &lots)?;
    write_photos(conn, run, &claim, keys)?;
    note(conn, run, &claim, &Act { event: ClaimEvent::Made, by: BUYER, words, amount: None, journal: None })
}

/// Writes the pictures down that are not there yet. Answers how many are new.
fn write_photos(conn: &mut Conn, run: &Run, claim: &Claim, keys: &[String]) -> Result<usize, ServiceError> {
    let there = store::claim::list_photos(conn, std::slice::from_ref(&claim.id))?;
    let new: Vec<&String> = keys.iter().filter(|key| !there.iter().any(|photo| photo.media_key == **key)).collect();
    if there.len().saturating_add(new.len()) > MOST_PHOTOS {
        let refusal = Refusal::new("refusal-claim-photos").with("most", MOST_PHOTOS).about("photo");
        return Err(ServiceError::refused(refusal));
    }
    for key in &new {
        let row = ClaimPhoto {
            id: ClaimPhotoId::new(run.now, run.ten_in_order()),
            claim_id: claim.id.clone(),
            cooperative_id: claim.cooperative_id.clone(),
            media_key: (*key).clone(),
            made_at: run.now,
        };
        store::claim::insert_photo(conn, &row)?;
    }
    Ok(new.len())
}

/// Reads a form against the order as it stands: the lines that are new in it, and the words. Every refusal at once; nothing when the
/// form was sent before.
fn read_claim(conn: &mut Conn, now: At, order: &Order, raw: &RawClaim) -> Result<(Vec<Wrong>, String), ServiceError> {
    let claims = store::claim::list_of_order(conn, &order.id)?;
    if !raw.press.is_empty() && claims.iter().any(|claim| claim.press == raw.press) {
        return Ok((Vec::new(), String::new()));
    }
    in_time(conn, now, order)?;
    let lines = store::order::list_lines(conn, std::slice::from_ref(&order.id))?;
    let (mut wrong, mut refusals) = (Vec::new(), Vec::new());
    for said in &raw.lines {
        let line = lines.iter().find(|line| line.id.as_text() == said.line).ok_or(ServiceError::NotFound)?;
        if claims.iter().any(|claim| claim.order_line_id == line.id && claim.state.is_under_way()) {
            return Err(ServiceError::changed(Refusal::new("refusal-claim-there").with("name", &line.product_name)));
        }
        if !charged(conn, order, line)?.left()?.is_positive() {
            return Err(ServiceError::changed(Refusal::new("refusal-claim-whole").with("name", &line.product_name)));
        }
        match read_line(line, said) {
            Ok(one) => wrong.push(one),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if raw.lines.is_empty() {
        refusals.push(Refusal::new("refusal-claim-line").about("line"));
    }
    let must = wrong.iter().any(|one| one.kind == ClaimKind::Other);
    let words = match read_words(&raw.words, must, "words") {
        Ok(words) => words,
        Err(ServiceError::Refused(more)) => {
            refusals.extend(more);
            String::new()
        }
        Err(error) => return Err(error),
    };
    if refusals.is_empty() { Ok((wrong, words)) } else { Err(ServiceError::Refused(refusals)) }
}

/// Before the hand-over and after the stated time there is a person to call instead.
fn in_time(conn: &mut Conn, now: At, order: &Order) -> Result<(), ServiceError> {
    let phone = store::cooperative::get(conn, &order.cooperative_id)?.phone;
    let phone = phone.parse::<Phone>().map_or(phone, |phone| phone.shown());
    match time_of(conn, order)? {
        None => Err(ServiceError::changed(Refusal::new("refusal-claim-not-received").with("phone", phone))),
        Some((_, until)) if until < now => {
            let lang = store::purchase::get(conn, &order.purchase_id)?.language.parse().unwrap_or(Lang::Vi);
            let at = filters::at_said(until, lang, false);
            Err(ServiceError::changed(Refusal::new("refusal-claim-late").with("at", at).with("phone", phone)))
        }
        Some(_) => Ok(()),
    }
}

fn read_line(line: &OrderLine, said: &LineSaid) -> Result<Wrong, Refusal> {
    let kind = said.kind.parse().map_err(|_not_one| {
        Refusal::new("refusal-claim-kind").with("name", &line.product_name).about(format!("kind[{}]", line.id))
    })?;
    let whole = line.weighed_base.unwrap_or(line.base_quantity);
    if said.quantity.trim().is_empty() {
        return Ok(Wrong { line: line.clone(), kind, quantity: None, base: whole });
    }
    let refused = || {
        Refusal::new("refusal-claim-quantity")
            .with("name", &line.product_name)
            .with("most", format!("{}\u{a0}{}", line.quantity.said(), line.unit))
            .about(format!("quantity[{}]", line.id))
    };
    let quantity = read_quantity(&said.quantity).map_err(|_unreadable| refused())?;
    let base = quantity.to_base(line.base_per_unit).map_err(|_not_whole| refused())?;
    if !base.is_positive() || quantity > line.quantity {
        return Err(refused());
    }
    Ok(Wrong { line: line.clone(), kind, quantity: Some(quantity), base: base.min(whole) })
}

/// The buyer is content, or lets it be: the claim is closed. A second press finds it so.
pub async fn close_claim(kit: &Kit, order: &OrderId, id: &ClaimId, seen: ClaimState) -> Result<(), ServiceError> {
    act(kit, order, id, seen, ClaimEvent::Satisfied, String::new()).await
}

/// The buyer takes it to the operator: after an answer, or when there was none in time.
pub async fn escalate(
    kit: &Kit,
    order: &OrderId,
    id: &ClaimId,
    seen: ClaimState,
    why: &str,
) -> Result<(), ServiceError> {
    act(kit, order, id, seen, ClaimEvent::Escalated, read_words(why, true, "words")?).await
}

async fn act(
    kit: &Kit,
    order: &OrderId,
    id: &ClaimId,
    seen: ClaimState,
    event: ClaimEvent,
    words: String,
) -> Result<(), ServiceError> {
    let (draw, order, id) = (Draw::new(kit), order.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut hand = take_of_order(conn, &order, &id)?;
            let act = Act { event, by: BUYER, words: &words, amount: None, journal: None };
            if is_done(conn, &hand, seen, &act)? {
                return Ok(());
            }
            let by = answer_by(conn, run.now, &hand)?;
            if event == ClaimEvent::Escalated && hand.claim.state == ClaimState::Open && run.now < by {
                let lang = store::purchase::get(conn, &hand.order.purchase_id)?.language.parse().unwrap_or(Lang::Vi);
                let refusal = Refusal::new("refusal-claim-wait").with("at", filters::at_said(by, lang, false));
                return Err(ServiceError::changed(refusal));
            }
            step(conn, &run, &mut hand, &act)?;
            if event == ClaimEvent::Escalated {
                tell_the_cooperative(conn, &run, &hand, "escalated", false)?;
            }
            Ok(())
        })
        .await
}

/// By when the cooperative has to have answered.
fn answer_by(conn: &mut Conn, now: At, hand: &Hand) -> Result<At, ServiceError> {
    Ok(times(conn, now)?.answer_by(hand.claim.waits_since, hours_of(&hand.cooperative)))
}

/// More pictures: asked for by the cooperative, or sent by oneself while nobody has answered.
pub async fn send_photos(kit: &Kit, order: &OrderId, id: &ClaimId, photos: Vec<Vec<u8>>) -> Result<(), ServiceError> {
    if photos.is_empty() {
        return Err(ServiceError::refused(Refusal::new("refusal-claim-no-photo").about("photo")));
    }
    let keys = keep_photos(kit, photos).await?;
    let (draw, order, id) = (Draw::new(kit), order.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut hand = take_of_order(conn, &order, &id)?;
            let was_asked = hand.claim.state == ClaimState::Asked;
            hand.claim.state.after(ClaimEvent::SentPhoto).map_err(ServiceError::changed)?;
            if write_photos(conn, &run, &hand.claim, &keys)? == 0 && !was_asked {
                return Ok(());
            }
            let act = Act { event: ClaimEvent::SentPhoto, by: BUYER, words: "", amount: None, journal: None };
            step(conn, &run, &mut hand, &act)
        })
        .await
}
