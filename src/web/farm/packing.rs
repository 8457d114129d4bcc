//! «Đóng hàng»: the packing day on a phone, and its pick list on paper. The page stays good without a connection: `js/packing.js` keeps what
//! is tapped and sends it again.

use super::desk::{Asked, amount_echo, amount_said, asked_for, at_said, counted, field_unit, shown_weight, words};
use super::said::order_url;
use crate::domain::lang::Lang;
use crate::domain::quantity::Base;
use crate::domain::time::Day;
use crate::domain::typed;
use crate::service::kit::Kit;
use crate::service::packing_view::{Parcel, ParcelLine, Pick, show_packing_day};
use crate::service::who::{Seller, SignedIn};
use crate::view::filters;
use crate::web::error::WebResult;
use crate::web::lang::lang_of;
use crate::web::page;
use actix_web::HttpRequest;
use serde_json::{Value, json};

pub const HERE: &str = "/ban-hang/dong-hang";
/// How a day that was never agreed on stands in an address.
const NO_DAY: &str = "khong-hen";

/// A day in an address: none when there is none, the inner none for orders without a day.
pub fn day_of(text: &str) -> Option<Option<Day>> {
    if text == NO_DAY { Some(None) } else { text.parse().ok().map(Some) }
}

fn day_word(day: Option<Day>) -> String {
    day.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string())
}

/// The page of a day.
pub fn day_url(day: Option<Day>) -> String {
    format!("{HERE}?ngay={}", day_word(day))
}

fn day_said(req: &HttpRequest, day: Option<Day>) -> String {
    day.map_or_else(|| words(req, "packing-no-day", &[]), |day| filters::day_said(day, lang_of(req), false))
}

/// What was done, as the address after a tap says it.
pub fn done(req: &HttpRequest, asked: &Asked) -> Option<String> {
    const DONE: [&str; 9] = ["can", "hoi", "dong", "cam", "tha", "bo", "doi", "dinh-chinh", "luu"];
    let word = asked_for(asked, "da");
    DONE.contains(&word).then(|| words(req, &format!("packing-done-{word}"), &[]))
}

/// `GET /ban-hang/dong-hang?ngay=`
pub async fn show_day(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let day = show_packing_day(&kit, &seller, day_of(asked_for(&asked, "ngay"))).await?;
    let now = kit.now();
    let parcels: Vec<Value> = day.orders.iter().map(|parcel| parcel_said(&req, &seller, parcel)).collect();
    let to_weigh: usize = day.orders.iter().filter(|parcel| parcel.needs_weighing()).count();
    let days = day.days.iter().map(|(one, count)| {
        let late = one.is_some_and(|one| one < now.day());
        json!({
            "href": day_url(*one),
            "label": day_said(&req, *one),
            "count": count,
            "on": *one == day.day,
            "late": late,
        })
    });
    let fill = json!({
        "tab": "work",
        "flash": done(&req, &asked),
        "who": seller.account,
        "day": day_word(day.day),
        "day_said": day_said(&req, day.day),
        "days": days.collect::<Vec<_>>(),
        "sheet_url": format!("{HERE}/phieu-soan?ngay={}", day_word(day.day)),
        "picks": day.picks.iter().map(|pick| pick_said(&req, pick)).collect::<Vec<_>>(),
        "weighs": weighing_rows(&req, &day.orders),
        "has_weighing": day.orders.iter().any(|parcel| parcel.lines.iter().any(|line| line.by_weight && !line.is_out)),
        "to_weigh": to_weigh,
        "parcels": parcels,
        "packed": day.packed,
        "packed_said": counted(&req, "packing-packed", i64::try_from(day.packed).unwrap_or(i64::MAX)),
    });
    page::private(&req, &me, "farm/packing.html", &fill)
}

/// `GET /ban-hang/dong-hang/phieu-soan?ngay=`: the pick list on a sheet of paper
pub async fn show_sheet(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let day = show_packing_day(&kit, &seller, day_of(asked_for(&asked, "ngay"))).await?;
    let parcels = day.orders.iter().map(|parcel| parcel_said(&req, &seller, parcel));
    let fill = json!({
        "tab": "work",
        "cooperative": seller.cooperative_name,
        "day_said": day_said(&req, day.day),
        "day_url": day_url(day.day),
        "at": at_said(&req, kit.now()),
        "picks": day.picks.iter().map(|pick| pick_said(&req, pick)).collect::<Vec<_>>(),
        "parcels": parcels.collect::<Vec<_>>(),
    });
    page::private(&req, &me, "farm/pick_list.html", &fill)
}

fn pick_said(req: &HttpRequest, pick: &Pick) -> Value {
    let orders = |count: usize| counted(req, "packing-orders", i64::try_from(count).unwrap_or(i64::MAX));
    let lots = pick.lots.iter().map(|(lot, base, count)| {
        json!({
            "code": lot.code.to_string(),
            "amount": amount_said(req, *base, pick.unit),
            "orders": orders(*count),
            "made_on": filters::day_said(lot.made_on, lang_of(req), false),
            "place": lot.place,
        })
    });
    json!({
        "name": pick.name,
        "total": amount_said(req, pick.total, pick.unit),
        "words": amount_echo(req, pick.total, pick.unit),
        "orders": orders(pick.orders),
        "lots": lots.collect::<Vec<_>>(),
    })
}

/// Every line that goes on the scale, the same product together, what is not weighed yet on top.
fn weighing_rows(req: &HttpRequest, parcels: &[Parcel]) -> Vec<Value> {
    let mut rows: Vec<(&Parcel, &ParcelLine)> = parcels
        .iter()
        .flat_map(|parcel| parcel.lines.iter().map(move |line| (parcel, line)))
        .filter(|(_, line)| line.by_weight && !line.is_out)
        .collect();
    rows.sort_by(|(_, a), (_, b)| {
        let key = |line: &ParcelLine| (line.line.weighed_base.is_some(), line.line.product_name.clone());
        key(a).cmp(&key(b))
    });
    rows.into_iter().map(|(parcel, line)| line_said(req, parcel, line)).collect()
}

/// One line ready to read, with its form for the scale.
pub fn line_said(req: &HttpRequest, parcel: &Parcel, one: &ParcelLine) -> Value {
    let line = &one.line;
    let said = |base: Base| amount_said(req, base, line.base_unit);
    let figure = if lang_of(req) == Lang::Vi { line.quantity.said() } else { line.quantity.decimal() };
    let lots = one.lots.iter().map(
        |lot| json!({ "code": lot.code.to_string(), "made_on": filters::day_said(lot.made_on, lang_of(req), false) }),
    );
    let asked = parcel.asked.as_ref().filter(|(id, _, _)| *id == line.id);
    json!({
        "id": line.id,
        "code": parcel.brief.order.code.to_string(),
        "action": format!("{HERE}/{}", parcel.brief.order.code),
        "who": parcel.brief.delivery.recipient_name,
        "name": line.product_name,
        "offer": line.offer_label,
        "quantity": format!("{figure}\u{a0}{}", line.unit),
        "about": line.about,
        "ordered": said(line.base_quantity),
        "by_weight": one.by_weight,
        "is_out": one.is_out,
        "ordered_base": line.base_quantity.0,
        "most_said": said(one.promised.most()),
        "field": format!("weight[{}]", line.id),
        "typed": line.weighed_base.map_or_else(String::new, |base| typed::typed(base, line.base_unit)),
        "unit": field_unit(line.base_unit),
        "seen": shown_weight(line.weighed_base),
        "weighed": line.weighed_base.map(said),
        "words": line.weighed_base.map(|base| amount_echo(req, base, line.base_unit)),
        "weighed_by": one.weighed_by.as_ref().map(|(who, at)| {
            let at = filters::at_said(*at, lang_of(req), true);
            match who {
                Some(who) => words(req, "packing-weighed-by", &[("who", who), ("at", &at)]),
                None => words(req, "packing-weighed-agreed", &[("at", &at)]),
            }
        }),
        "asked": asked.map(|(_, base, until)| {
            words(req, "packing-asked", &[("weight", &said(*base)), ("at", &at_said(req, *until))])
        }),
        "lots": lots.collect::<Vec<_>>(),
        "if_short": line.if_short,
    })
}

/// One box ready to read.
pub fn parcel_said(req: &HttpRequest, seller: &Seller, parcel: &Parcel) -> Value {
    let (order, delivery) = (&parcel.brief.order, &parcel.brief.delivery);
    let place = super::said::place_said(delivery.address.as_deref(), delivery.commune_name.as_deref());
    let packer = parcel.packer.as_ref().map(|(account, name, since)| {
        let at = filters::at_said(*since, lang_of(req), true);
        json!({
            "is_mine": *account == seller.account,
            "account": account,
            "said": words(req, "packing-by", &[("who", name), ("at", &at)]),
        })
    });
    json!({
        "code": order.code.to_string(),
        "url": format!("{HERE}/{}", order.code),
        "order_url": order_url(&order.code),
        "slip_url": format!("{HERE}/{}/phieu", order.code),
        "state": order.state,
        "who": delivery.recipient_name,
        "place": place,
        "kind": delivery.kind,
        "slot": delivery.slot,
        "note": delivery.note,
        "gift": delivery.gift_message,
        "hide_prices": delivery.hide_prices,
        "lines": parcel.lines.iter().map(|line| line_said(req, parcel, line)).collect::<Vec<_>>(),
        "needs_weighing": parcel.needs_weighing(),
        "seen": parcel.seen,
        "packer": packer,
        "is_anothers": parcel.packer.as_ref().is_some_and(|(account, _, _)| *account != seller.account),
    })
}
