//! «Giao hàng»: the ways of a cooperative, and the windows of its days with room for so many orders.

use super::desk::{Asked, Fields, Typed, flash, id_of, minutes_of, words};
use crate::domain::account::MemberRole;
use crate::domain::id::{DeliverySlotId, DeliveryWayId};
use crate::domain::refusal::Refusal;
use crate::service::delivery_ways::{self, Way, WindowSaid};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::pausing;
use crate::service::who::{Seller, SignedIn};
use crate::view::filters;
use crate::web::error::{WebError, WebResult, see_other};
use crate::web::lang::lang_of;
use crate::web::page::{self, Problem, once_more};
use crate::web::pause_said;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

/// Days and windows that the page shows of what is still free.
const SHOWN: usize = 6;

/// `GET /ban-hang/them/giao`
pub async fn show_ways(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    ways_page(&req, &kit, &me, &seller, flash(&req, &asked), (&Typed::default(), Vec::new())).await
}

async fn ways_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    flash: Option<String>,
    wrong: (&Typed, Vec<Problem>),
) -> WebResult {
    let ways = delivery_ways::list_ways(kit, seller).await?;
    let pauses = pausing::list_pauses(kit, Some(&seller.cooperative)).await?;
    let fill = json!({
        "tab": "more",
        "flash": flash,
        "cooperative": seller.cooperative_name,
        "page_path": format!("/htx/{}", seller.cooperative_slug),
        "ways": ways.ways.iter().map(|way| way_shown(req, way)).collect::<Vec<_>>(),
        "pauses": pauses.iter().map(|one| pause_said::shown(req, one)).collect::<Vec<_>>(),
        "may_manage": seller.may(MemberRole::Manager),
        "typed": wrong.0.shown(),
        "problems": wrong.1,
    });
    page::private(req, me, "farm/ways.html", &fill)
}

/// 450 → `07:30`, as the field of a form takes it and people read it.
fn clock(min: i64) -> String {
    format!("{:02}:{:02}", min.div_euclid(60), min.rem_euclid(60))
}

fn way_shown(req: &HttpRequest, way: &Way) -> Value {
    let kind = words(req, &format!("farm-fulfil-{}", way.way.kind), &[]);
    let slots = way.slots.iter().map(|slot| {
        json!({ "id": slot.id, "hours": format!("{}–{}", clock(slot.from_min), clock(slot.to_min)), "capacity": slot.capacity.to_string() })
    });
    let openings = way.openings.iter().take(SHOWN).map(|opening| {
        json!({
            "day": filters::day_said(opening.day, lang_of(req), false),
            "hours": opening.slot.as_ref().map(|slot| format!("{}–{}", clock(slot.from_min), clock(slot.to_min))),
            "left": opening.left,
            "capacity": opening.slot.as_ref().map(|slot| slot.capacity),
        })
    });
    json!({
        "id": way.way.id,
        "label": if way.way.label.is_empty() { kind } else { way.way.label.clone() },
        "fee_vnd": way.way.fee_vnd.vnd(),
        "order_by": clock(way.way.cutoff_min),
        "days_before": way.way.cutoff_days,
        "slots": slots.collect::<Vec<_>>(),
        "openings": openings.collect::<Vec<_>>(),
    })
}

fn capacity(typed: &Typed) -> Result<i64, Refusal> {
    typed
        .get("capacity")
        .parse()
        .map_err(|_no_number| Refusal::new("refusal-slot-capacity").with("most", 10_000).about("capacity"))
}

fn window(typed: &Typed) -> Result<WindowSaid, Refusal> {
    Ok(WindowSaid {
        from_min: minutes_of(typed, "from")?,
        to_min: minutes_of(typed, "to")?,
        capacity: capacity(typed)?,
    })
}

/// `POST /ban-hang/them/giao/{id}`: a window more
pub async fn add_window(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, mut typed): (DeliveryWayId, Typed) = (id_of(&id)?, Typed::of(fields.0));
    if !delivery_ways::list_ways(&kit, &seller).await?.has_way(&id) {
        return Err(WebError::not_found());
    }
    let result = match window(&typed) {
        Ok(said) => delivery_ways::add_window(&kit, &seller, &id, said).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    typed.put("way", id.as_text());
    answer(&req, &kit, &me, &seller, &typed, result).await
}

/// `POST /ban-hang/them/giao/gio/{id}`: another number of orders, or the window closed
pub async fn change_window(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed): (DeliverySlotId, Typed) = (id_of(&id)?, Typed::of(fields.0));
    if !delivery_ways::list_ways(&kit, &seller).await?.has_window(&id) {
        return Err(WebError::not_found());
    }
    let capacity = if typed.get("act") == "close" { Ok(None) } else { capacity(&typed).map(Some) };
    let result = match capacity {
        Ok(capacity) => delivery_ways::change_window(&kit, &seller, &id, capacity).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    answer(&req, &kit, &me, &seller, &typed, result).await
}

pub(super) async fn answer(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    typed: &Typed,
    result: Result<(), ServiceError>,
) -> WebResult {
    match result {
        Ok(()) => Ok(see_other("/ban-hang/them/giao?da=luu")),
        Err(error) => {
            let ways = async |problems| ways_page(req, kit, me, seller, None, (typed, problems)).await;
            once_more(req, error, ways).await
        }
    }
}
