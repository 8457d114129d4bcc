//! Plans the orders of the last 120 days: when, who, what from whom, how it was paid and what came of it. Pure: a plan follows
//! from the tables, the seed and the present; `living` runs it.

use super::chance::{Chance, Stage};
use super::living::{Act, Planned, Script};
use super::shelves::{LotPlan, Shelf, draw_lot, opens_at};
use super::shops::{Shop, minute};
use super::tables::{self, Destination, text};
use crate::domain::delivery::answer_by;
use crate::domain::id::AccountId;
use crate::domain::lunar;
use crate::domain::time::{At, Day};
use crate::service::checkout::{RawBuyer, RawCheckout, RawFulfilment, RawLine};
use chrono::Weekday;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// How far back orders lie.
pub const HISTORY_DAYS: i64 = 120;
/// What a cooperative's part of a basket is worth at least: above every way's minimum.
const LEAST_VND: i64 = 85_000;

/// Everything a plan is made from.
pub struct Ground<'a> {
    pub stage: &'a Stage,
    pub shops: &'a [Shop],
    pub shelves: &'a [Shelf],
    /// Shelves kept for the scenes.
    pub reserved: HashSet<usize>,
    /// Accounts of the shoppers of `people.csv`, in its order, with name and phone.
    pub shoppers: Vec<(AccountId, String, String)>,
}

/// Lots by shelf, as days from picking to best before.
#[derive(Default)]
pub struct Lots {
    by_shelf: HashMap<usize, Vec<(Day, Day)>>,
    pub planned: Vec<LotPlan>,
}

impl Lots {
    pub fn with(ground: &Ground<'_>, plans: Vec<LotPlan>) -> Self {
        let mut lots = Self::default();
        for plan in plans {
            lots.note(ground, plan);
        }
        lots
    }

    fn note(&mut self, ground: &Ground<'_>, plan: LotPlan) {
        let keeps = ground.shelves.get(plan.shelf).map_or(0, |shelf| shelf.what.keeps_days());
        self.by_shelf.entry(plan.shelf).or_default().push((plan.made_on, plan.made_on.plus_days(keeps)));
        self.planned.push(plan);
    }

    /// Makes sure that a lot was there to sell from at that time.
    fn provide(&mut self, ground: &Ground<'_>, chance: &mut Chance, index: usize, at: At) {
        let day = at.day();
        let there = |(made, best): &(Day, Day)| *made <= day && day <= *best && opens_at(*made) < at;
        if self.by_shelf.get(&index).is_some_and(|lots| lots.iter().any(there)) {
            return;
        }
        let Some(shelf) = ground.shelves.get(index) else { return };
        let keeps = shelf.what.keeps_days();
        let most_back = if keeps >= 60 { 30 } else { (keeps / 3).min(3) };
        let least_back = i64::from(at <= opens_at(day));
        let made_on = day.plus_days(-chance.between(least_back, most_back.max(least_back)));
        let base = draw_lot(ground.stage, shelf, "past", made_on);
        self.note(ground, LotPlan { shelf: index, made_on, base });
    }

    /// Gives each lot to the first purchase after it that wants its shelf, so that nothing is sold before it was picked. Answers
    /// those that nobody has bought from yet.
    pub fn deal_out(self, planned: &mut [Planned]) -> Vec<LotPlan> {
        let mut left: BTreeMap<usize, VecDeque<LotPlan>> = BTreeMap::new();
        let mut all = self.planned;
        all.sort_by_key(|lot| lot.made_on);
        for lot in all {
            left.entry(lot.shelf).or_default().push_back(lot);
        }
        for one in planned {
            for shelf in &one.shelves {
                let Some(lots) = left.get_mut(shelf) else { continue };
                while let Some(lot) = lots.pop_front_if(|lot| lot.opens_at() <= one.at) {
                    one.lots.push(lot);
                }
            }
        }
        left.into_values().flatten().collect()
    }
}

/// Plans `count` purchases, earliest first, with the lots that they were sold from.
pub fn plan(ground: &Ground<'_>, count: usize, lots: &mut Lots) -> Vec<Planned> {
    let mut chance = ground.stage.chance("history");
    let today = ground.stage.now.day();
    let days: Vec<(Day, i64)> =
        (1..=HISTORY_DAYS).map(|back| today.plus_days(-back)).map(|day| (day, day_weight(day))).collect();
    let mut times: Vec<At> = (0..count).map(|_| draw_time(ground.stage, &days, &mut chance)).collect();
    times.sort_unstable();
    let mut planned = Vec::new();
    for (number, at) in times.into_iter().enumerate() {
        let mut chance = ground.stage.chance(&format!("order-{number}"));
        // An unlucky draw (nobody brings this there) is drawn again a few times.
        let one = (0..6).find_map(|_| one_purchase(ground, &mut chance, number, at, lots));
        planned.extend(one);
    }
    planned
}

fn day_weight(day: Day) -> i64 {
    let weekend = if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) { 13 } else { 10 };
    let eve = if lunar::is_first_or_full(day.plus_days(1)) { 16 } else { 10 };
    let tet = lunar::next_tet(day).is_some_and(|tet| tet.days_since(day) <= 10);
    weekend * eve * if tet { 3 } else { 1 }
}

fn draw_time(stage: &Stage, days: &[(Day, i64)], chance: &mut Chance) -> At {
    let day = chance.weigh(days, |(_, weight)| *weight).map_or(stage.now.day().plus_days(-1), |(day, _)| *day);
    let minute =
        if chance.permille(600) { chance.between(19 * 60, 23 * 60 - 1) } else { chance.between(6 * 60, 19 * 60) };
    // Seconds apart, so that no two orders stand at one instant.
    day.at_minute(minute).plus_seconds(chance.between(0, 59)).min(stage.now.plus_minutes(-120))
}

/// How goods go to a place: the checkout's kind, and whether only dry goods may.
fn road(shop: &Shop, place: &Destination, chance: &mut Chance) -> Option<(&'static str, bool)> {
    let by_coach = || (shop.has_way("X") && place.scope != "elsewhere").then_some(("coach", false));
    match place.scope.as_str() {
        "province" if shop.has_way("N") && chance.permille(250) => Some(("pickup", false)),
        "province" => shop.has_way("T").then_some(("delivery", false)),
        "hanoi" if place.note.as_deref() == Some("van") && shop.has_way("H") => Some(("delivery", false)),
        _ => by_coach().or_else(|| shop.has_way("P").then_some(("delivery", true))),
    }
}

fn shop_weight(shop: &Shop) -> i64 {
    match shop.row.confirm_within_min {
        _ if !shop.is_approved() || shop.row.unsold_reason.is_some() => 0,
        ..=60 => 10,
        61..=200 => 6,
        201..=300 => 4,
        _ => 2,
    }
}

fn one_purchase(ground: &Ground<'_>, chance: &mut Chance, number: usize, at: At, lots: &mut Lots) -> Option<Planned> {
    let place = chance.weigh(tables::destinations(), |place| i64::from(place.share_permille))?;
    let indexed: Vec<(usize, &Shop)> = ground.shops.iter().enumerate().collect();
    let (first, shop) = *chance.weigh(&indexed, |(_, shop)| shop_weight(shop))?;
    let (kind, only_dry) = road(shop, place, chance)?;
    let mut sellers = vec![first];
    if chance.permille(120) {
        let (second, other) = *chance.weigh(&indexed, |(_, shop)| shop_weight(shop))?;
        if second != first && road(other, place, chance) == Some((kind, only_dry)) {
            sellers.push(second);
        }
    }
    let (mut lines, mut shelves) = (Vec::new(), Vec::new());
    for seller in &sellers {
        fill_basket(ground, chance, *seller, at, only_dry, &mut lines, &mut shelves)?;
    }
    for shelf in &shelves {
        lots.provide(ground, chance, *shelf, at);
    }
    let cod = chance.permille(520);
    let (account, buyer) = draw_buyer(ground, chance, number, place);
    let fate = draw_fate(chance);
    let scripts = sellers
        .iter()
        .filter_map(|seller| ground.shops.get(*seller).map(|shop| (*seller, script(chance, shop, at, cod, kind, fate))))
        .collect();
    let raw = RawCheckout {
        lines,
        buyer,
        fulfilment: fulfilment(chance, kind, &place.commune_code),
        payment: if cod { "cod" } else { "vietqr" }.to_owned(),
        ..RawCheckout::default()
    };
    Some(Planned { mark: format!("past-{number}"), at, raw, account, scripts, shelves, lots: Vec::new() })
}

pub fn fulfilment(chance: &mut Chance, kind: &str, commune_code: &str) -> RawFulfilment {
    let (number, lane) = (chance.between(1, 180).to_string(), chance.between(1, 60).to_string());
    RawFulfilment {
        kind: kind.to_owned(),
        commune_code: Some(commune_code.to_owned()),
        address: (kind == "delivery").then(|| text("buyer-address", &[("number", &number), ("lane", &lane)])),
        note: chance.permille(120).then(|| text("note-gate", &[])),
        ..RawFulfilment::default()
    }
}

/// One to four things of a cooperative that were in season then, worth more than the least.
fn fill_basket(
    ground: &Ground<'_>,
    chance: &mut Chance,
    seller: usize,
    at: At,
    only_dry: bool,
    lines: &mut Vec<RawLine>,
    shelves: &mut Vec<usize>,
) -> Option<()> {
    let fits = |(index, shelf): &(usize, &Shelf)| {
        shelf.shop == seller
            && !ground.reserved.contains(index)
            && shelf.what.season_on(at.day()).is_on()
            && (!only_dry || shelf.what.can_go_by_parcel())
    };
    let mut choice: Vec<(usize, &Shelf)> = ground.shelves.iter().enumerate().filter(fits).collect();
    let wanted = chance.between(1, 4);
    let mut worth = 0_i64;
    for turn in 0..wanted {
        let Some((index, shelf)) = chance.weigh(&choice, |_| 1).copied() else { break };
        choice.retain(|(other, _)| *other != index);
        let pack = if chance.permille(700) { shelf.first_pack()? } else { chance.pick(&shelf.packs)? };
        let price = pack.price.vnd().max(1);
        let mut count = (chance.between(40_000, 130_000) / price).clamp(1, 8);
        let is_last = turn.saturating_add(1) == wanted || choice.is_empty();
        if is_last && worth.saturating_add(price.saturating_mul(count)) < LEAST_VND {
            count = (LEAST_VND.saturating_sub(worth) / price).saturating_add(1);
        }
        worth = worth.saturating_add(price.saturating_mul(count));
        lines.push(RawLine {
            product: shelf.slug.clone(),
            offer: Some(pack.id.to_string()),
            quantity: count.to_string(),
            if_short: None,
        });
        shelves.push(index);
    }
    (worth >= LEAST_VND).then_some(())
}

/// A third come back and have an account; the others are guests.
fn draw_buyer(
    ground: &Ground<'_>,
    chance: &mut Chance,
    number: usize,
    place: &Destination,
) -> (Option<AccountId>, RawBuyer) {
    if chance.permille(350)
        && let Some((account, name, phone)) = chance.pick(&ground.shoppers)
    {
        return (Some(account.clone()), RawBuyer { name: name.clone(), phone: phone.clone(), email: None });
    }
    let (name, phone) = tables::shopper(u32::try_from(number).unwrap_or(0), place);
    (None, RawBuyer { name, phone, email: None })
}

/// What came of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Delivered,
    Expired,
    Cancelled,
    Declined,
}

fn draw_fate(chance: &mut Chance) -> Fate {
    match chance.between(0, 999) {
        ..=80 => Fate::Expired,
        81..=110 => Fate::Cancelled,
        111..=150 => Fate::Declined,
        _ => Fate::Delivered,
    }
}

/// The acts of one order, until it is closed or dead.
fn script(chance: &mut Chance, shop: &Shop, at: At, cod: bool, kind: &str, fate: Fate) -> Script {
    let mut acts: Script = Vec::new();
    if fate == Fate::Expired && !cod {
        return vec![(at.plus_minutes(16), Act::Expire)];
    }
    let mut stands = at;
    if !cod {
        let paid = at.plus_minutes(chance.between(2, 9));
        if chance.permille(8) {
            acts.push((paid, Act::PayHalf));
            acts.push((paid.plus_minutes(4), Act::Pay { more_vnd: 0 }));
        } else {
            let is_over = chance.permille(5) && shop.receiving.secret.is_some();
            acts.push((paid, Act::Pay { more_vnd: if is_over { 10_000 } else { 0 } }));
            if is_over {
                acts.push((paid.plus_minutes(200), Act::Seen));
            }
        }
        stands = paid.plus_minutes(5);
    }
    let slow = shop.row.confirm_within_min > 120;
    let minutes = if slow { chance.between(60, 420) } else { chance.between(4, 44) };
    let late = if chance.permille(20) { shop.row.confirm_within_min } else { 0 };
    let (opens, closes) = (minute(&shop.row.hours_open), minute(&shop.row.hours_close));
    let answered = answer_by(stands, minutes.saturating_add(late), opens, closes);
    match fate {
        Fate::Cancelled => {
            acts.push((stands.plus_minutes(2), Act::Cancel));
            send_back_later(chance, cod, stands, &mut acts);
        }
        Fate::Declined | Fate::Expired => {
            let reasons = ["decline-sold", "decline-far", "decline-rain"];
            acts.push((answered, Act::Decline(chance.pick(&reasons).copied().unwrap_or("decline-sold"))));
            send_back_later(chance, cod, answered, &mut acts);
        }
        Fate::Delivered => deliver(chance, shop, answered, cod, kind, &mut acts),
    }
    acts.sort_by_key(|(at, _)| *at);
    acts
}

fn send_back_later(chance: &mut Chance, cod: bool, from: At, acts: &mut Script) {
    // A few are forgotten: money owed back for longer than it should be.
    if !cod && !chance.permille(60) {
        acts.push((from.plus_minutes(chance.between(60, 1500)), Act::SendBack));
    }
}

fn deliver(chance: &mut Chance, shop: &Shop, answered: At, cod: bool, kind: &str, acts: &mut Script) {
    acts.push((answered, Act::Confirm));
    let packed = answered.day().plus_days(1).at_minute(chance.between(5 * 60, 6 * 60 + 30));
    acts.push((packed.plus_minutes(-5), Act::Weigh { permille: chance.between(955, 1000) }));
    acts.push((packed, Act::Pack));
    let sent = packed.plus_minutes(chance.between(30, 90));
    let days = if kind == "coach" { chance.between(0, 1) } else { 0 };
    let there = sent.plus_minutes(chance.between(45, 300).saturating_add(days.saturating_mul(1440)));
    if kind != "pickup" {
        acts.push((sent, Act::Send));
    }
    acts.push((there, Act::Deliver));
    if cod {
        let by_code = shop.receiving.secret.is_some() && chance.permille(350);
        acts.push((there.plus_minutes(1), if by_code { Act::Pay { more_vnd: 0 } } else { Act::Cash }));
    }
    acts.push((there.day().plus_days(3).at_minute(23 * 60), Act::Close));
}
