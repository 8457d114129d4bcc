//! What a product is offered as, in words: the choices with their prices, and the stepper of how much.

use super::look::Reader;
use crate::domain::quantity::BaseUnit;
use crate::service::browsing::OfferView;
use serde::Serialize;

/// One offer as `ui.choices` shows it.
#[derive(Serialize)]
pub struct OfferChoice {
    value: String,
    label: String,
    note: Option<String>,
    price: String,
}

#[derive(Serialize, Default)]
pub struct Stepper {
    value: String,
    step: String,
    min: String,
    max: Option<String>,
    unit: Option<String>,
}

/// «32.000 ₫/kg»; none when the offer itself is sold by that unit.
pub fn per_unit(reader: &Reader<'_>, view: &OfferView, unit: BaseUnit) -> Option<String> {
    let price = view.unit_price.filter(|price| *price != view.offer.price_vnd)?;
    let unit = reader.say(&format!("shop-per-{unit}"));
    Some(reader.with("shop-per-unit", &[("price", reader.money(price.vnd())), ("unit", unit)]))
}

/// An offer with its price, what it weighs, and what is left.
pub fn offer(reader: &Reader<'_>, view: &OfferView, unit: BaseUnit) -> OfferChoice {
    let offer = &view.offer;
    let mut notes = Vec::new();
    if offer.about {
        notes.push(reader.with("shop-about-each", &[("amount", reader.base(offer.base_quantity, unit, ""))]));
    }
    notes.extend(per_unit(reader, view, unit));
    notes.push(if view.available.is_positive() {
        reader.with("shop-left", &[("left", format!("{}\u{a0}{}", reader.quantity(view.available), offer.unit))])
    } else {
        reader.say("shop-none-left")
    });
    if offer.min_quantity > offer.step_quantity {
        notes.push(
            reader.with(
                "shop-least",
                &[("least", format!("{}\u{a0}{}", reader.quantity(offer.min_quantity), offer.unit))],
            ),
        );
    }
    for step in &view.steps {
        let from = format!("{}\u{a0}{}", reader.quantity(step.from_quantity), offer.unit);
        notes.push(reader.with("shop-step", &[("from", from), ("price", reader.money(step.price_vnd.vnd()))]));
    }
    OfferChoice {
        value: offer.id.to_string(),
        label: if offer.label.is_empty() { offer.unit.clone() } else { offer.label.clone() },
        note: Some(notes.join(" · ")),
        price: format!("{}/{}", reader.money(offer.price_vnd.vnd()), offer.unit),
    }
}

/// How much can be asked for, from the least on.
pub fn stepper(reader: &Reader<'_>, view: &OfferView, is_only: bool) -> Stepper {
    let offer = &view.offer;
    let least = if offer.min_quantity.is_positive() { offer.min_quantity } else { offer.step_quantity };
    // Whoever buys by the kilogram thinks of one, not of the smallest step.
    let usual = crate::domain::quantity::Quantity::ONE;
    let fits =
        usual >= least && usual <= view.available && usual.0.checked_rem(offer.step_quantity.0.max(1)) == Some(0);
    Stepper {
        value: reader.quantity(if fits { usual } else { least }),
        step: reader.quantity(offer.step_quantity),
        min: reader.quantity(least),
        max: is_only.then(|| reader.quantity(view.available)),
        unit: is_only.then(|| offer.unit.clone()),
    }
}
