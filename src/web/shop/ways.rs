//! How a cooperative brings its goods, in words.

use super::look::Reader;
use crate::domain::commune;
use crate::domain::delivery::Scope;
use crate::domain::order::FulfilmentKind;
use crate::service::browsing::{DeliveryWay, PickupPoint};
use serde::Serialize;

/// Communes that are named one by one; more are counted.
const NAMED: usize = 4;

/// One way of delivery.
#[derive(Debug, Clone, Serialize)]
pub struct WayLook {
    pub icon: &'static str,
    pub label: String,
    /// Whom it reaches, on which days, at what hours: one line each.
    pub lines: Vec<String>,
    pub fee: String,
}

/// Ways in the order the cooperative put them.
pub fn looks(reader: &Reader<'_>, ways: &[DeliveryWay], points: &[PickupPoint]) -> Vec<WayLook> {
    ways.iter().map(|way| look(reader, way, points)).collect()
}

fn look(reader: &Reader<'_>, way: &DeliveryWay, points: &[PickupPoint]) -> WayLook {
    let icon = match way.kind {
        FulfilmentKind::Delivery => "truck",
        FulfilmentKind::Pickup => "pin",
        FulfilmentKind::Coach => "box",
    };
    let mut lines = Vec::new();
    if way.kind == FulfilmentKind::Pickup {
        for point in points.iter().filter(|point| point.delivery_way_id == way.id) {
            lines.push(
                [point.name.as_str(), &point.address, &point.hours]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(", "),
            );
        }
    } else {
        lines.push(reach(reader, &way.scope));
    }
    lines.push(reader.with(
        "shop-way-days",
        &[("days", days(reader, &way.weekdays)), ("hours", hours(reader, way.from_min, way.to_min))],
    ));
    let ahead = match way.cutoff_days {
        0 => "shop-way-cutoff-same",
        1 => "shop-way-cutoff-before",
        _ => "shop-way-cutoff-days",
    };
    lines.push(reader.with(ahead, &[("time", minute(reader, way.cutoff_min)), ("days", way.cutoff_days.to_string())]));
    if way.minimum_vnd.vnd() > 0 {
        lines.push(reader.with("shop-way-minimum", &[("sum", reader.money(way.minimum_vnd.vnd()))]));
    }
    let fee = reader.fee(way.fee_vnd.vnd());
    let fee = match way.free_from_vnd.filter(|_| way.fee_vnd.vnd() > 0) {
        Some(from) => reader.with("shop-fee-free-from", &[("fee", fee), ("sum", reader.money(from.vnd()))]),
        None => fee,
    };
    let label = if way.label.is_empty() { reader.say(&format!("shop-way-{}", way.kind)) } else { way.label.clone() };
    WayLook { icon, label, lines, fee }
}

/// Whom a way reaches.
fn reach(reader: &Reader<'_>, scope: &str) -> String {
    let Ok(scope) = scope.parse::<Scope>() else { return String::new() };
    let places: Vec<String> = match scope {
        Scope::Country => return reader.say("shop-way-country"),
        Scope::Provinces(codes) => {
            codes.iter().filter_map(|code| commune::find_province(code)).map(|one| one.name.clone()).collect()
        }
        Scope::Communes(codes) => {
            codes.iter().filter_map(|code| commune::find(code)).map(|one| one.name.clone()).collect()
        }
    };
    let more = places.len().saturating_sub(NAMED);
    let named = places.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if more == 0 {
        return reader.with("shop-way-to", &[("places", named)]);
    }
    reader.with("shop-way-to-more", &[("places", named), ("more", more.to_string())])
}

/// `136` → «thứ Hai, thứ Tư, thứ Bảy».
fn days(reader: &Reader<'_>, weekdays: &str) -> String {
    if weekdays.is_empty() || weekdays.len() >= 7 {
        return reader.say("shop-way-daily");
    }
    let named = weekdays.chars().filter(char::is_ascii_digit).map(|day| reader.say(&format!("shop-weekday-{day}")));
    named.collect::<Vec<_>>().join(", ")
}

/// «7–12 giờ»; nothing when no hours are promised.
pub fn hours(reader: &Reader<'_>, from_min: i64, to_min: i64) -> String {
    if from_min >= to_min {
        return String::new();
    }
    reader.with("shop-hours", &[("from", short(from_min)), ("to", short(to_min))])
}

fn minute(reader: &Reader<'_>, minute_of_day: i64) -> String {
    reader.with("shop-hour", &[("hour", short(minute_of_day))])
}

/// 420 → «7», 450 → «7:30».
fn short(minute_of_day: i64) -> String {
    let (hour, minute) = (minute_of_day.div_euclid(60), minute_of_day.rem_euclid(60));
    if minute == 0 { hour.to_string() } else { format!("{hour}:{minute:02}") }
}
