//! When goods can be at a commune, in words: the day with its hours, what it costs, and why nothing comes.

use super::look::Reader;
use super::ways;
use crate::domain::commune::Commune;
use crate::service::browsing::ProductPage;
use serde::Serialize;

#[derive(Serialize)]
pub struct ArrivalLook {
    title: String,
    note: String,
}

/// What a product's page says of it; nothing while no commune is known.
pub fn look(reader: &Reader<'_>, found: &ProductPage, to: Option<&Commune>) -> Option<ArrivalLook> {
    let to = to?;
    let paused =
        found.card.paused.as_ref().map(|message| reader.with("shop-way-paused", &[("message", message.clone())]));
    let Some(arrival) = &found.card.arrives else {
        if let Some(note) = paused {
            return Some(ArrivalLook {
                title: reader.with("shop-no-way-now", &[("place", to.bare_name().to_owned())]),
                note,
            });
        }
        return Some(ArrivalLook {
            title: reader.with("shop-no-way", &[("place", to.name.clone())]),
            note: reader.say("shop-no-way-do"),
        });
    };
    let way = &arrival.way;
    let hours = ways::hours(reader, way.from_min, way.to_min);
    let day = if hours.is_empty() { reader.day(arrival.day) } else { format!("{}, {hours}", reader.day(arrival.day)) };
    let mut note = reader.with(
        "shop-promise-note",
        &[("fee", reader.fee(way.fee_vnd.vnd())), ("cutoff", reader.cutoff(arrival.cutoff))],
    );
    if let Some(from) = way.free_from_vnd.filter(|_| way.fee_vnd.vnd() > 0) {
        note.push(' ');
        note.push_str(&reader.with("shop-promise-free", &[("sum", reader.money(from.vnd()))]));
    }
    if way.minimum_vnd.vnd() > 0 {
        note.push(' ');
        note.push_str(&reader.with("shop-promise-minimum", &[("sum", reader.money(way.minimum_vnd.vnd()))]));
    }
    if let Some(paused) = paused {
        note.push(' ');
        note.push_str(&paused);
    }
    Some(ArrivalLook {
        title: reader.with("shop-promise", &[("place", to.bare_name().to_owned()), ("day", day)]),
        note,
    })
}
