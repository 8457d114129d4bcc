//! Scenes after the hand-over: six rotten fruit with a picture, answered in hours; another report that still waits; and what buyers say of
//! goods that they received. Made through the services, as everything here.

use super::chance::together;
use super::history::Ground;
use super::shops::Shop;
use super::tables::text;
use crate::domain::claim::ClaimState;
use crate::domain::money::Money;
use crate::domain::order::{OrderEvent, OrderState};
use crate::domain::time::At;
use crate::service::claim_deciding::{Decision, decide};
use crate::service::claiming::{self, LineSaid, RawClaim};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::reviewing;
use crate::store;
use crate::store::order::{Order, OrderLine};
use std::io::Cursor;

/// Hours since the hand-over in which an order may still be reported here.
const FRESH_H: i64 = 20;
/// Reviews of each cooperative of the province.
const REVIEWS: usize = 4;

/// An order in somebody's hands.
struct Received {
    order: Order,
    line: OrderLine,
    at: At,
}

/// A cooperative's newest orders that were handed over.
async fn received(ground: &Ground<'_>, shop: &Shop) -> ServiceResult<Vec<Received>> {
    let id = shop.id.clone();
    ground
        .stage
        .kit
        .db
        .read(move |conn| {
            let states = [OrderState::Delivered, OrderState::Closed];
            let orders = store::order::list_newest_in(conn, &id, &states, &[], 0, 12)?;
            let mut rows = Vec::new();
            for order in orders {
                let line = store::order::list_lines(conn, std::slice::from_ref(&order.id))?.into_iter().next();
                let moves = store::order::list_moves(conn, &order.id)?;
                let at = moves.iter().rfind(|row| row.event == OrderEvent::Delivered).map(|row| row.at);
                if let (Some(line), Some(at)) = (line, at) {
                    rows.push(Received { order, line, at });
                }
            }
            Ok::<_, ServiceError>(rows)
        })
        .await
}

/// Plays both scenes.
pub async fn play(ground: &Ground<'_>) -> ServiceResult<()> {
    let now = ground.stage.now;
    let shops = ground.shops.iter().filter(|shop| shop.copy == 0 && shop.is_approved());
    let mut turn = 0_i64;
    for shop in shops {
        let rows = received(ground, shop).await?;
        let fresh = rows.iter().find(|row| now.seconds_since(row.at) < FRESH_H * 3600);
        if let Some(row) = fresh.filter(|_| turn < 2) {
            report(ground, shop, row, turn == 1).await?;
            turn = turn.saturating_add(1);
        }
        let old = rows.iter().filter(|row| now.seconds_since(row.at) > 36 * 3600).take(REVIEWS);
        together(old.map(|row| review(ground, shop, row))).await?;
    }
    Ok(())
}

/// Somebody reports a line an hour and a half ago; the cooperative gives a part back half an hour later, or has not looked yet.
async fn report(ground: &Ground<'_>, shop: &Shop, row: &Received, is_answered: bool) -> ServiceResult<()> {
    let (mark, now) = (format!("claim-{}", row.order.code), ground.stage.now);
    let line = LineSaid { line: row.line.id.to_string(), kind: "spoiled".to_owned(), quantity: String::new() };
    let raw = RawClaim { press: mark.clone(), lines: vec![line], words: text("claim-words", &[]) };
    let kit = ground.stage.at(now.plus_minutes(-90), &mark);
    claiming::make_claims(&kit, &row.order.id, &raw, vec![picture()?]).await?;
    if !is_answered {
        return Ok(());
    }
    let order = row.order.id.clone();
    let claims = kit.db.read(move |conn| Ok::<_, ServiceError>(store::claim::list_of_order(conn, &order)?)).await?;
    let Some(claim) = claims.into_iter().next() else { return Ok(()) };
    let charged = row.line.weighed_vnd.unwrap_or(row.line.line_vnd);
    let part = Money(charged.scaled_half_up(3, 10)?.vnd().max(1_000)).min(charged);
    let kit = ground.stage.at(now.plus_minutes(-60), &format!("{mark}-answered"));
    decide(&kit, &shop.seller, &claim.id, ClaimState::Open, Decision::Accept(part), &text("given-back", &[])).await
}

/// A buyer says how it was, a day after; some are answered.
async fn review(ground: &Ground<'_>, shop: &Shop, row: &Received) -> ServiceResult<()> {
    let mark = format!("review-{}", row.order.code);
    let mut chance = ground.stage.chance(&mark);
    let number = chance.between(1, 6);
    let stars = if number == 6 { 3 } else { chance.between(4, 5) };
    let kit = ground.stage.at(row.at.plus_minutes(chance.between(600, 1_800)), &mark);
    let words = text(&format!("review-{number}"), &[]);
    match reviewing::write_review(&kit, &row.order.id, &row.line.id, &stars.to_string(), &words).await {
        Ok(()) => {}
        // A shopper of the table may belong to the cooperative.
        Err(ServiceError::Changed(_)) => return Ok(()),
        Err(error) => return Err(error),
    }
    if !chance.permille(300) {
        return Ok(());
    }
    let order = row.order.id.clone();
    let said = kit.db.read(move |conn| Ok::<_, ServiceError>(store::review::list_of_order(conn, &order)?)).await?;
    let Some(said) = said.into_iter().next() else { return Ok(()) };
    let kit = ground.stage.at(said.made_at.plus_minutes(180), &format!("{mark}-answered"));
    reviewing::answer_review(&kit, &shop.seller, &said.id, &text("review-answer", &[])).await
}

/// A green ground with brown spots: drawn, so that nobody's photo is needed.
fn picture() -> ServiceResult<Vec<u8>> {
    let spots = [(90_u32, 70_u32), (210, 120), (150, 180), (60, 200), (250, 60), (190, 40)];
    let is_spot = |x: u32, y: u32| {
        spots.iter().any(|(a, b)| {
            let (dx, dy) = (u64::from(x.abs_diff(*a)), u64::from(y.abs_diff(*b)));
            dx.saturating_mul(dx).saturating_add(dy.saturating_mul(dy)) < 500
        })
    };
    let pixels = image::RgbImage::from_fn(320, 240, |x, y| {
        if is_spot(x, y) { image::Rgb([96, 66, 38]) } else { image::Rgb([196, 178, 92]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(pixels)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .map_err(ServiceError::broken)?;
    Ok(bytes.into_inner())
}
