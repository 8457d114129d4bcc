//! «Nộp tiền»: what one holds, the hand-over said and counted, who holds how much, past slips; and one slip, also on paper.

use super::desk::{Asked, Fields, Typed, at_said, id_of, money_of, money_typed, words};
use super::door::{done, door_url};
use crate::domain::account::MemberRole;
use crate::domain::door::{NOTES, Notes, read_notes};
use crate::domain::id::HandOverId;
use crate::domain::money::{Money, grouped};
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::service::cash_hand_over::{self, CashCounted, CashSaid};
use crate::service::cash_settling::{CashSettled, settle_on_behalf};
use crate::service::error::ServiceError;
use crate::service::hand_over_view::{self, HandOverView, Holder};
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, again, see_other};
use crate::web::page::{self, Problem, mendable, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

const HERE: &str = "/ban-hang/nop-tien";

fn slip_url(id: &HandOverId) -> String {
    format!("{HERE}/{id}")
}

/// Which slip, as people say it: the last six of its id.
fn number(id: &HandOverId) -> String {
    let text = id.as_text();
    text.get(text.len().saturating_sub(6)..).unwrap_or(text).to_uppercase()
}

/// What a page has beside the rows.
#[derive(Default)]
struct Around {
    flash: Option<String>,
    problems: Vec<Problem>,
    typed: Typed,
    /// The carrier counted something else than the books say: asked once more.
    asks: bool,
}

/// `GET /ban-hang/nop-tien`
pub async fn show_hands(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let around = Around { flash: done(&req, &asked), ..Around::default() };
    hands_page(&req, &kit, &me, &seller, around).await
}

async fn hands_page(req: &HttpRequest, kit: &Kit, me: &SignedIn, seller: &Seller, around: Around) -> WebResult {
    let hands = hand_over_view::show_hands(kit, seller).await?;
    let typed = around.typed.shown();
    let total = around.typed.get("total");
    let notes: Vec<Value> = NOTES
        .iter()
        .map(|note| {
            let field = format!("note[{note}]");
            json!({ "label": grouped(*note), "pieces": around.typed.get(&field), "field": field })
        })
        .collect();
    let fill = json!({
        "tab": "money",
        "flash": around.flash,
        "problems": around.problems,
        "typed": typed,
        "asks": around.asks,
        "asks_total_vnd": money_of(&around.typed, "total").map_or(0, Money::vnd),
        "held_vnd": hands.mine.held.vnd(),
        "total": if total.is_empty() { money_typed(hands.mine.held) } else { total.to_owned() },
        "notes": notes,
        "has_notes": around.typed.under("note").any(|(_, pieces)| !pieces.is_empty()),
        "rows": hands.rows.iter().map(|(row, code)| json!({
            "amount_vnd": row.amount_vnd.vnd(),
            "at": at_said(req, row.at),
            "code": code.as_ref().map(ToString::to_string),
            "href": code.as_ref().map(door_url),
            "word": if row.undoes.is_some() { "undone" } else if row.order_id.is_some() { "taken" } else { "handed" },
        })).collect::<Vec<_>>(),
        "said": hands.said.as_ref().map(|view| shown(req, view)),
        "is_cashier": seller.may(MemberRole::Accountant),
        "to_count": hands.to_count.iter().map(|view| shown(req, view)).collect::<Vec<_>>(),
        "holders": hands.holders.iter().map(holder).collect::<Vec<_>>(),
        "may_settle": seller.may(MemberRole::Manager),
        "my_account": seller.account,
        "past": hands.past.iter().map(|view| shown(req, view)).collect::<Vec<_>>(),
        "counted_vnd": hands.sums.counted.vnd(),
        "short_vnd": hands.sums.short.vnd(),
        "over_vnd": hands.sums.over.vnd(),
    });
    page::private(req, me, "farm/hands.html", &fill)
}

/// Who holds how much, also for the page of money.
pub fn holder(holder: &Holder) -> Value {
    json!({
        "account": holder.account,
        "name": holder.name,
        "phone": holder.phone,
        "tel": holder.phone.parse::<Phone>().ok().map(|phone| phone.tel()),
        "held_vnd": holder.in_hand.held.vnd(),
        "said_vnd": holder.in_hand.said.vnd(),
    })
}

fn shown(req: &HttpRequest, view: &HandOverView) -> Value {
    let row = &view.row;
    let difference = view.difference.unwrap_or_default();
    json!({
        "url": slip_url(&row.id),
        "number": number(&row.id),
        "state": row.state,
        "state_said": words(req, &format!("door-hand-over-{}", row.state), &[]),
        "carrier": view.carrier,
        "cashier": view.cashier,
        "covers_vnd": row.covers_vnd.vnd(),
        "kept_vnd": row.kept_vnd.vnd(),
        "said_vnd": row.said_vnd.vnd(),
        "counted_vnd": row.counted_vnd.map(Money::vnd),
        "difference_vnd": difference.vnd(),
        "short_vnd": if difference.is_positive() { 0 } else { difference.vnd().saturating_neg() },
        "over_vnd": if difference.is_positive() { difference.vnd() } else { 0 },
        "remark": row.remark,
        "reason": row.reason,
        "is_same_person": row.is_same_person,
        "is_on_behalf": row.is_on_behalf,
        "said_at": at_said(req, row.said_at),
        "counted_at": row.counted_at.map(|at| at_said(req, at)),
        "ended_at": row.ended_at.map(|at| at_said(req, at)),
        "can_undo": view.can_undo,
    })
}

/// Counted notes as they were typed; a field left empty is none of that note.
fn notes_of(typed: &Typed) -> Result<Notes, Refusal> {
    let mut notes = Notes::new();
    for (note, pieces) in typed.under("note").filter(|(_, pieces)| !pieces.is_empty()) {
        let unread = || Refusal::new("refusal-notes").about("notes");
        notes.push((note.parse().map_err(|_word| unread())?, pieces.parse().map_err(|_word| unread())?));
    }
    notes.sort_unstable_by(|a, b| b.cmp(a));
    Ok(notes)
}

fn said_of(typed: &Typed) -> Result<CashSaid, Refusal> {
    let total = money_of(typed, "total")?;
    let kept = if typed.has("kept") { money_of(typed, "kept")? } else { Money::ZERO };
    Ok(CashSaid {
        total,
        kept,
        notes: notes_of(typed)?,
        remark: typed.get("remark").to_owned(),
        seen: Money(typed.get("held").parse().unwrap_or(-1)),
        agreed: typed.get("agreed") == total.vnd().to_string(),
    })
}

/// `POST /ban-hang/nop-tien`: «Nộp tiền»
pub async fn say(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let result = match said_of(&typed) {
        Ok(said) => cash_hand_over::say_cash(&kit, &seller, &said).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    let error = match result {
        Ok(id) => return Ok(see_other(&format!("{}?da=nop", slip_url(&id)))),
        Err(error) => mendable(error)?,
    };
    let asks = error.refusals.iter().any(|one| one.key == "refusal-said-differs");
    let problems = if asks { Vec::new() } else { page::problems(&req, &error.refusals) };
    let around = Around { flash: None, problems, typed, asks };
    Ok(again(hands_page(&req, &kit, &me, &seller, around).await?, &error))
}

/// `POST /ban-hang/nop-tien/thay`: «Ghi thay», of cash whose carrier cannot hand it in any more
pub async fn settle(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let carrier = id_of(typed.get("carrier"))?;
    let counted = match typed.get("counted") {
        // Nothing found is said by a nought.
        "0" => Ok(Money::ZERO),
        _ => money_of(&typed, "counted"),
    };
    let result = match counted {
        Ok(counted) => {
            let (reason, seen) = (typed.get("reason").to_owned(), Money(typed.get("held").parse().unwrap_or(-1)));
            settle_on_behalf(&kit, &seller, &CashSettled { carrier, counted, reason, seen }).await
        }
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    match result {
        Ok(id) => Ok(see_other(&format!("{}?da=thay", slip_url(&id)))),
        Err(error) => {
            let around = |problems| Around { flash: None, problems, typed, asks: false };
            once_more(&req, error, |problems| hands_page(&req, &kit, &me, &seller, around(problems))).await
        }
    }
}

/// `GET /ban-hang/nop-tien/{id}`
pub async fn show_slip(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let around = Around { flash: done(&req, &asked), ..Around::default() };
    slip_page(&req, &kit, &me, &seller, &id_of(&id)?, around).await
}

async fn slip_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    id: &HandOverId,
    around: Around,
) -> WebResult {
    let slip = hand_over_view::show_slip(kit, seller, id).await?;
    let notes: Vec<Value> = read_notes(&slip.hand_over.row.notes)
        .into_iter()
        .map(
            |(note, pieces)| json!({ "note": grouped(note), "pieces": pieces, "sum_vnd": note.saturating_mul(pieces) }),
        )
        .collect();
    let typed = around.typed.get("counted");
    let fill = json!({
        "tab": "money",
        "flash": around.flash,
        "problems": around.problems,
        "typed": around.typed.shown(),
        "slip": shown(req, &slip.hand_over),
        "notes": notes,
        "cooperative": slip.cooperative.legal_name,
        "address": slip.cooperative.address,
        "is_mine": slip.is_mine,
        "may_count": slip.may_count,
        "others": slip.others.join(", "),
        "counted": if typed.is_empty() { money_typed(slip.hand_over.row.said_vnd) } else { typed.to_owned() },
    });
    page::private(req, me, "farm/hand_over.html", &fill)
}

/// After an act on one slip: the slip with a word of what was done, or with what stands against it.
async fn answer(
    (req, kit, me, seller): (HttpRequest, Kit, SignedIn, Seller),
    id: &HandOverId,
    typed: Typed,
    result: Result<(), ServiceError>,
    word: &str,
) -> WebResult {
    match result {
        Ok(()) => Ok(see_other(&format!("{}?da={word}", slip_url(id)))),
        Err(error) => {
            let around = |problems| Around { flash: None, problems, typed, asks: false };
            once_more(&req, error, |problems| slip_page(&req, &kit, &me, &seller, id, around(problems))).await
        }
    }
}

/// `POST /ban-hang/nop-tien/{id}/nhan`: «Đã đếm, nhận tiền»
pub async fn count(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed): (HandOverId, Typed) = (id_of(&id)?, Typed::of(fields.0));
    // Another cooperative's slip is not there, whatever was typed.
    let before = hand_over_view::show_slip(&kit, &seller, &id).await?;
    let result = match money_of(&typed, "counted") {
        Ok(total) => {
            let counted =
                CashCounted { total, reason: typed.get("reason").to_owned(), is_same_person: typed.has("same") };
            let pressed_twice = before.hand_over.row.counted_vnd == Some(total)
                && before.hand_over.row.cashier_id.as_ref() == Some(&seller.account);
            if pressed_twice { Ok(()) } else { cash_hand_over::confirm_cash(&kit, &seller, &id, &counted).await }
        }
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    answer((req, kit, me, seller), &id, typed, result, "nhan").await
}

/// `POST /ban-hang/nop-tien/{id}/rut`: «Thôi nộp»
pub async fn withdraw(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    _fields: Fields,
) -> WebResult {
    let id: HandOverId = id_of(&id)?;
    let result = cash_hand_over::withdraw_cash(&kit, &seller, &id).await;
    answer((req, kit, me, seller), &id, Typed::default(), result, "rut").await
}

/// `POST /ban-hang/nop-tien/{id}/bo`: «Nhận nhầm»
pub async fn undo(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    _fields: Fields,
) -> WebResult {
    let id: HandOverId = id_of(&id)?;
    let result = cash_hand_over::undo_hand_over(&kit, &seller, &id).await;
    answer((req, kit, me, seller), &id, Typed::default(), result, "bo").await
}
