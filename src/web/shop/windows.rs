//! What a product's page says of goods that can be ordered before their harvest: when, until when, how much is left, and what happens
//! when there is less.

use super::look::Reader;
use super::offers::{OfferChoice, Stepper, offer, stepper};
use crate::domain::quantity::BaseUnit;
use crate::service::window_view::WindowOnSale;
use crate::view::filters;
use serde::Serialize;

#[derive(Serialize)]
pub struct WindowLook {
    id: String,
    /// «Đặt trước: hái thứ Bảy 28/11, chốt 17 giờ thứ Năm 26/11, còn 120 kg»
    title: String,
    until: String,
    left: String,
    /// Who gets how much when there is less.
    rule: String,
    /// What is paid before, and when it comes back.
    deposit: Option<String>,
    offers: Vec<OfferChoice>,
    chosen: String,
    stepper: Stepper,
    is_full: bool,
}

/// Windows as the page shows them; nothing when nothing can be ordered before its harvest.
pub fn looks(reader: &Reader<'_>, windows: &[WindowOnSale], unit: BaseUnit, piece: &str) -> Vec<WindowLook> {
    windows.iter().map(|on_sale| look(reader, on_sale, unit, piece)).collect()
}

fn look(reader: &Reader<'_>, on_sale: &WindowOnSale, unit: BaseUnit, piece: &str) -> WindowLook {
    let window = &on_sale.window;
    let day = |day| filters::day_said(day, reader.lang, false);
    let harvest = if window.harvest_from == window.harvest_to {
        day(window.harvest_from)
    } else {
        reader.with("window-days", &[("from", day(window.harvest_from)), ("to", day(window.harvest_to))])
    };
    let chosen = on_sale.offers.iter().find(|view| view.available.is_positive()).or(on_sale.offers.first());
    WindowLook {
        id: window.id.to_string(),
        title: reader.with("window-preorder", &[("day", harvest)]),
        until: reader.with("window-until", &[("at", reader.cutoff(window.closes_at))]),
        left: reader.with("shop-left", &[("left", reader.base(on_sale.available, unit, piece))]),
        deposit: deposit_rule(reader, on_sale),
        rule: reader.say(&format!("window-rule-{}-note", window.sharing)),
        offers: on_sale.offers.iter().map(|view| offer(reader, view, unit)).collect(),
        chosen: chosen.map(|view| view.offer.id.to_string()).unwrap_or_default(),
        stepper: chosen.map(|view| stepper(reader, view, on_sale.offers.len() == 1)).unwrap_or_default(),
        is_full: !on_sale.offers.iter().any(|view| view.available.is_positive()),
    }
}

fn deposit_rule(reader: &Reader<'_>, on_sale: &WindowOnSale) -> Option<String> {
    let bps = on_sale.window.deposit_bps;
    let rule = if on_sale.may_cancel_late { "window-deposit-back" } else { "window-deposit-until-close" };
    let percent = bps.div_euclid(100).to_string();
    (bps > 0).then(|| format!("{}. {}", reader.with("window-deposit", &[("percent", percent)]), reader.say(rule)))
}
