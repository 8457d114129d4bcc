//! «Gửi xe khách»: which coach an order goes by, when it leaves and where it is fetched; said when it is put on, put right after.

use super::bench::{lock_order, tell_trace};
use super::carrying;
use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::moving::{By, advance};
use super::telling::tell_buyer;
use super::who::{Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::attempt::read_plate;
use crate::domain::id::OrderId;
use crate::domain::lang::Lang;
use crate::domain::message::MessageKind;
use crate::domain::order::{ActorKind, FulfilmentKind, OrderEvent, OrderState};
use crate::domain::phone::Phone;
use crate::domain::refusal::Refusal;
use crate::domain::text::clean;
use crate::domain::time::At;
use crate::domain::trace::Step;
use crate::store;
use crate::store::attempt::CoachLeg;
use crate::view::filters;

/// Letters of where it is fetched.
const MOST_CHARS: usize = 200;
/// A coach leaves at most so long ago or ahead, minutes.
const AROUND_MIN: i64 = 3 * 24 * 60;

/// A coach as a person says it.
#[derive(Debug, Clone)]
pub struct LegSaid {
    pub plate: String,
    pub leaves_at: At,
    pub stop: String,
    /// May be empty.
    pub phone: String,
}

struct Leg {
    plate: String,
    stop: String,
    phone: Option<Phone>,
}

fn read(said: &LegSaid, now: At) -> Result<Leg, ServiceError> {
    let mut refusals = Vec::new();
    let plate = read_plate(&said.plate).unwrap_or_else(|refusal| {
        refusals.push(refusal);
        String::new()
    });
    let stop = clean::line(&said.stop, MOST_CHARS).ok().filter(|stop| !stop.is_empty());
    if stop.is_none() {
        refusals.push(Refusal::new("refusal-coach-stop").with("most", MOST_CHARS).about("stop"));
    }
    let phone = Some(said.phone.trim()).filter(|phone| !phone.is_empty()).map(str::parse::<Phone>);
    if matches!(phone, Some(Err(_))) {
        refusals.push(Refusal::new("refusal-phone").about("coach_phone"));
    }
    if said.leaves_at.seconds_since(now).saturating_abs() > AROUND_MIN.saturating_mul(60) {
        refusals.push(Refusal::new("refusal-coach-hour").about("leaves"));
    }
    match (refusals.is_empty(), stop) {
        (true, Some(stop)) => Ok(Leg { plate, stop, phone: phone.and_then(Result::ok) }),
        _ => Err(ServiceError::Refused(refusals)),
    }
}

/// «Đã gửi lên xe»: a packed order is on its way with this coach; of one that is on its way the coach is put right. The buyer is told
/// each time that something differs; the same once more is a second press.
///
/// # Errors
/// `Refused` for what cannot be read, `Changed` when it does not go by coach or is in another state.
pub async fn send_by_coach(kit: &Kit, seller: &Seller, id: &OrderId, said: &LegSaid) -> Result<(), ServiceError> {
    needs(seller, MemberRole::Packer)?;
    let leg = read(said, kit.now())?;
    let (draw, seller, id, leaves_at) = (Draw::new(kit), seller.clone(), id.clone(), said.leaves_at);
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let mut bench = lock_order(conn, &seller, &id)?;
            let ways = store::order::list_deliveries(conn, std::slice::from_ref(&id))?;
            if ways.iter().all(|way| way.kind != FulfilmentKind::Coach) {
                return Err(ServiceError::changed(Refusal::new("refusal-not-by-coach")));
            }
            let row = CoachLeg {
                order_id: id.clone(),
                cooperative_id: seller.cooperative.clone(),
                plate: leg.plate.clone(),
                leaves_at,
                stop: leg.stop.clone(),
                phone: leg.phone.as_ref().map(|phone| phone.as_text().to_owned()),
                said_by: seller.account.clone(),
                said_at: run.now,
            };
            let before = store::attempt::find_leg(conn, &id)?;
            let same = |other: &CoachLeg| {
                (&other.plate, other.leaves_at, &other.stop, &other.phone)
                    == (&row.plate, row.leaves_at, &row.stop, &row.phone)
            };
            if bench.order.state == OrderState::OnTheWay && before.as_ref().is_some_and(same) {
                return Ok(());
            }
            store::attempt::put_leg(conn, &row)?;
            if bench.order.state == OrderState::OnTheWay {
                store::change::insert(conn, "order", id.as_text(), run.now)?;
            } else {
                let by = By { kind: ActorKind::Cooperative, account: Some(&seller.account) };
                advance(conn, &run, &mut bench.order, OrderEvent::Sent, by, None)?;
                carrying::set_out(conn, &run, &seller, &bench.order)?;
                tell_trace(conn, &run, &bench, Some(&seller.account), Step::Shipped)?;
            }
            let purchase = store::purchase::get(conn, &bench.order.purchase_id)?;
            let lang = purchase.language.parse().unwrap_or(Lang::Vi);
            let more = [
                ("plate", row.plate.clone()),
                ("leaves", filters::at_said(row.leaves_at, lang, false)),
                ("stop", row.stop.clone()),
            ];
            tell_buyer(conn, &run, &bench.order, MessageKind::OrderOnCoach, &more)
        })
        .await
}
