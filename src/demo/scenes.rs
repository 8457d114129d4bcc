//! Scenes that must be there to be shown: the last kilograms, a scale that disagrees, money that waits for a person, late
//! answers, goods sold outside, an order by telephone, and one open order in every state.

use super::calendar;
use super::chance::together;
use super::history::{Ground, fulfilment};
use super::living::{self, Act, Planned, Script, Standing};
use super::shelves::{LotPlan, Shelf, lot_said};
use super::shops::{self, Shop};
use super::tables::{self, Form, text};
use crate::domain::answer::Hours;
use crate::domain::bank_message::BankProvider;
use crate::domain::money::Money;
use crate::domain::quantity::Base;
use crate::domain::time::At;
use crate::service::checkout::{RawBuyer, RawCheckout, RawLine};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::listing::{self, LotAct};

/// What is left of the leading fresh product.
const LAST_G: i64 = 50_000;
/// Packs there are of what will be sold out.
const SOLD_OUT_PACKS: i64 = 3;
/// Open orders, two of a hundred of the past ones.
const OPEN_ORDERS: i64 = 42;
/// Communes that orders of the scenes go to: near enough for every van of the province.
const TO: &str = "13225";

/// Shelves that history leaves alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reserved {
    /// Fifty kilograms are left of it.
    pub last: Option<usize>,
    /// Nothing is left of it, and somebody pays late for it.
    pub sold_out: Option<usize>,
}

impl Reserved {
    pub fn choose(ground: &Ground<'_>) -> Self {
        let today = ground.stage.now.day();
        let on_sale = |index: &usize| {
            ground.shelves.get(*index).is_some_and(|shelf| {
                let shop = ground.shops.get(shelf.shop);
                shelf.what.season_on(today).is_on()
                    && shop.is_some_and(|shop| shop.copy == 0 && shop.is_approved() && shop.row.unsold_reason.is_none())
            })
        };
        let all: Vec<usize> = (0..ground.shelves.len()).filter(on_sale).collect();
        let shelf = |index: usize| ground.shelves.get(index);
        let leads = calendar::leads_on(today);
        let is_fresh = |one: &&Shelf| one.what.form() == Form::Fresh && one.what.base_unit() == tables::BaseUnit::G;
        let leading = |number: u32| {
            all.iter()
                .copied()
                .find(|index| shelf(*index).filter(is_fresh).is_some_and(|one| one.what.goods.number == number))
        };
        let last = leads.iter().find_map(|goods| leading(goods.number));
        let of_first_shop = |index: &usize| shelf(*index).is_some_and(|one| one.shop == 0 && !one.is_by_true_weight());
        Self { last, sold_out: all.iter().copied().find(|index| Some(*index) != last && of_first_shop(index)) }
    }

    /// One lot each, picked this morning, instead of what was drawn.
    pub fn replace(self, ground: &Ground<'_>, plans: &mut Vec<LotPlan>) {
        let packs = |index: usize| {
            ground.shelves.get(index).and_then(Shelf::first_pack).map_or(1, |pack| pack.row.base_quantity)
        };
        let wanted = [
            self.last.map(|index| (index, LAST_G)),
            self.sold_out.map(|index| (index, packs(index).saturating_mul(SOLD_OUT_PACKS))),
        ];
        for (shelf, base) in wanted.into_iter().flatten() {
            plans.retain(|plan| plan.shelf != shelf);
            plans.push(LotPlan { shelf, made_on: ground.stage.now.day(), base });
        }
    }

    pub fn holds(self, index: usize) -> bool {
        [self.last, self.sold_out].contains(&Some(index))
    }
}

/// Plays every scene whose part is built.
pub async fn play(ground: &Ground<'_>, reserved: Reserved) -> ServiceResult<()> {
    living::live(ground.stage, ground.shops, ground.shelves, &open_orders(ground)).await?;
    money_list(ground, reserved).await?;
    late_answers(ground).await?;
    weighed(ground).await?;
    by_telephone(ground).await?;
    sold_outside(ground).await
}

/// Something of a shop that is on sale now and not kept for a scene.
fn something(ground: &Ground<'_>, shop: usize, turn: i64, reserved: impl Fn(usize) -> bool) -> Option<usize> {
    let today = ground.stage.now.day();
    let fits = |(index, shelf): &(usize, &Shelf)| {
        shelf.shop == shop && !reserved(*index) && shelf.what.season_on(today).is_on() && !shelf.is_by_true_weight()
    };
    let all: Vec<usize> = ground.shelves.iter().enumerate().filter(fits).map(|(index, _)| index).collect();
    let count = i64::try_from(all.len()).unwrap_or(1).max(1);
    all.get(usize::try_from(turn.rem_euclid(count)).unwrap_or(0)).copied()
}

/// One purchase of one product, by a shopper of the table.
fn purchase(
    ground: &Ground<'_>,
    mark: &str,
    at: At,
    shelf: usize,
    count: i64,
    payment: &str,
    script: Script,
) -> Option<Planned> {
    let one = ground.shelves.get(shelf)?;
    let mut chance = ground.stage.chance(mark);
    let (account, name, phone) = chance.pick(&ground.shoppers)?;
    let line = RawLine {
        product: one.slug.clone(),
        offer: one.first_pack().map(|pack| pack.id.to_string()),
        quantity: count.to_string(),
        if_short: None,
    };
    let raw = RawCheckout {
        lines: vec![line],
        buyer: RawBuyer { name: name.clone(), phone: phone.clone(), email: None },
        fulfilment: fulfilment(&mut chance, "delivery", TO),
        payment: payment.to_owned(),
        ..RawCheckout::default()
    };
    Some(Planned {
        mark: mark.to_owned(),
        at,
        raw,
        account: Some(account.clone()),
        scripts: vec![(one.shop, script)],
        shelves: vec![shelf],
        lots: Vec::new(),
    })
}

/// How many packs come to more than every way's minimum.
fn enough(ground: &Ground<'_>, shelf: usize) -> i64 {
    let price = ground.shelves.get(shelf).and_then(Shelf::first_pack).map_or(100_000, |pack| pack.price.vnd()).max(1);
    (90_000 / price).saturating_add(1)
}

/// Open orders of the last day, in every state, spread over the cooperatives.
fn open_orders(ground: &Ground<'_>) -> Vec<Planned> {
    let now = ground.stage.now;
    let open: Vec<usize> = (0..ground.shops.len())
        .filter(|index| {
            ground
                .shops
                .get(*index)
                .is_some_and(|shop| shop.copy == 0 && shop.is_approved() && shop.row.unsold_reason.is_none())
        })
        .collect();
    let count = i64::try_from(open.len()).unwrap_or(1).max(1);
    let mut planned: Vec<Planned> = (0..OPEN_ORDERS)
        .filter_map(|number| {
            // Those of the sign-ins that are printed come first: their lists are never empty.
            let shop =
                *open.get(usize::try_from(number.saturating_mul(7).div_euclid(6).rem_euclid(count)).unwrap_or(0))?;
            let shelf = something(ground, shop, number, |index| ground.reserved.contains(&index))?;
            let (at, script) = open_script(now, number);
            purchase(ground, &format!("open-{number}"), at, shelf, enough(ground, shelf), "vietqr", script)
        })
        .collect();
    planned.sort_by_key(|one| one.at);
    planned
}

/// Waiting for money, placed, confirmed, packed, on the way, delivered, in turn.
fn open_script(now: At, number: i64) -> (At, Script) {
    let state = number.rem_euclid(6);
    let minutes: [i64; 6] = [7, 34, 130, 340, 520, 900];
    let ago =
        minutes.get(usize::try_from(state).unwrap_or(0)).copied().unwrap_or(7).saturating_add(number.rem_euclid(5));
    let at = now.plus_minutes(-ago);
    let steps =
        [(4, Act::Pay { more_vnd: 0 }), (25, Act::Confirm), (230, Act::Pack), (290, Act::Send), (600, Act::Deliver)];
    let taken = usize::try_from(state).unwrap_or(0);
    (at, steps.into_iter().take(taken).map(|(minutes, act)| (at.plus_minutes(minutes), act)).collect())
}

/// Scene 4: no reference and two candidates; two references; late for what is sold out; too much; twice; a part; other money.
async fn money_list(ground: &Ground<'_>, reserved: Reserved) -> ServiceResult<()> {
    let (stage, now) = (ground.stage, ground.stage.now);
    let Some(shop) = ground.shops.first() else { return Ok(()) };
    let Some(shelf) = something(ground, 0, 1, |index| reserved.holds(index)) else { return Ok(()) };
    let count = enough(ground, shelf);
    let bought = |mark: &str, ago: i64, count: i64, script: Script| {
        purchase(ground, &format!("money-{mark}"), now.plus_minutes(-ago), shelf, count, "vietqr", script)
    };
    let paid = |ago: i64, act: Act| (now.plus_minutes(-ago), act);
    let planned: Vec<Planned> = [
        bought("candidate-1", 11, count, Vec::new()),
        bought("candidate-2", 10, count, Vec::new()),
        bought("two-1", 9, count.saturating_add(1), Vec::new()),
        bought("two-2", 8, count.saturating_add(2), Vec::new()),
        bought("over", 95, count.saturating_add(3), vec![paid(90, Act::Pay { more_vnd: 50_000 })]),
        bought("part", 7, count.saturating_add(5), vec![paid(5, Act::PayHalf)]),
        bought(
            "twice",
            75,
            count.saturating_add(4),
            vec![paid(70, Act::Pay { more_vnd: 0 }), paid(66, Act::Pay { more_vnd: 0 })],
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut planned = planned;
    planned.sort_by_key(|one| one.at);
    let standing = living::live(stage, ground.shops, ground.shelves, &planned).await?;
    let find = |mark: &str| standing.iter().find(|one| one.mark == format!("money-{mark}-0"));
    if let Some(one) = find("candidate-1") {
        let kit = stage.at(now.plus_minutes(-3), "money-no-reference");
        living::tell_bank(&kit, shop, one.order.total_vnd, "chuyen khoan tien hang", "no-reference").await?;
    }
    if let (Some(one), Some(two)) = (find("two-1"), find("two-2")) {
        let kit = stage.at(now.plus_minutes(-2), "money-two-references");
        let memo = format!("{} {} chuyen ca hai", one.order.code, two.order.code);
        living::tell_bank(&kit, shop, one.order.total_vnd.plus(two.order.total_vnd)?, &memo, "two-references").await?;
    }
    late_for_sold_out(ground, reserved).await?;
    other_money(ground).await
}

/// Its time ran out, others took the last of it, and then the money came.
async fn late_for_sold_out(ground: &Ground<'_>, reserved: Reserved) -> ServiceResult<()> {
    let now = ground.stage.now;
    let Some(shelf) = reserved.sold_out else { return Ok(()) };
    let late = vec![(now.plus_minutes(-44), Act::Expire)];
    let take = vec![(now.plus_minutes(-30), Act::Confirm)];
    let planned: Vec<Planned> = [
        purchase(ground, "late-1", now.plus_minutes(-60), shelf, SOLD_OUT_PACKS, "vietqr", late),
        purchase(ground, "late-2", now.plus_minutes(-40), shelf, SOLD_OUT_PACKS, "cod", take),
    ]
    .into_iter()
    .flatten()
    .collect();
    let standing: Vec<Standing> = living::live(ground.stage, ground.shops, ground.shelves, &planned).await?;
    let (Some(one), Some(shop)) = (standing.iter().find(|one| one.mark.starts_with("late-1-")), ground.shops.first())
    else {
        return Ok(());
    };
    let kit = ground.stage.at(now.plus_minutes(-6), "money-late");
    living::tell_bank(&kit, shop, one.order.total_vnd, &format!("{} tt don hang", one.order.code), "late").await
}

/// Money that is no order's, on three accounts.
async fn other_money(ground: &Ground<'_>) -> ServiceResult<()> {
    let heard: Vec<_> =
        ground.shops.iter().filter(|shop| shop.copy == 0 && shop.provider == BankProvider::Sepay).take(3).collect();
    let acts = heard.into_iter().flat_map(|shop| (0..20_i64).map(move |number| (shop, number)));
    together(acts.map(|(shop, number)| {
        let mark = format!("other-{}-{number}", shop.mark());
        let mut chance = ground.stage.chance(&mark);
        let day = ground.stage.now.day().plus_days(-chance.between(1, 110));
        let kit = ground.stage.at(day.at_minute(chance.between(8 * 60, 17 * 60)), &mark);
        // Odd thousands, which no order here comes to.
        let amount = Money(chance.between(200, 4_000).saturating_mul(1_000).saturating_add(137));
        let memo = text(&format!("other-memo-{}", number.rem_euclid(4).saturating_add(1)), &[]);
        async move { living::tell_bank(&kit, shop, amount, &memo, &mark).await }
    }))
    .await
    .map(|_| ())
}

/// Minutes of its hours by which a slow cooperative is past its promise: well inside the grace after which the clock declines.
const LATE_MIN: i64 = 15;

/// When an order was placed whose promise is past by so little now.
fn placed_late(ground: &Ground<'_>, shop: &Shop) -> At {
    let hours = Hours {
        opens_min: shops::minute(&shop.row.hours_open),
        closes_min: shops::minute(&shop.row.hours_close),
        within_min: shop.row.confirm_within_min,
    };
    let now = ground.stage.now;
    let waited = |at: &At| hours.between(*at, now) >= hours.within_min.saturating_add(LATE_MIN);
    // Three days of whole promises are more than any cooperative's.
    (0..3 * 24 * 12).map(|steps| now.plus_minutes(-5 * steps)).find(waited).unwrap_or(now)
}

/// Scene 5: two orders past their hour at the slowest cooperatives.
async fn late_answers(ground: &Ground<'_>) -> ServiceResult<()> {
    let slow = |shop: &Shop| {
        shop.copy == 0 && shop.is_approved() && shop.row.unsold_reason.is_none() && shop.row.confirm_within_min >= 240
    };
    let slow: Vec<usize> =
        ground.shops.iter().enumerate().filter(|(_, shop)| slow(shop)).map(|(index, _)| index).collect();
    let planned: Vec<Planned> = slow
        .into_iter()
        .filter_map(|shop| something(ground, shop, 0, |index| ground.reserved.contains(&index)))
        .take(2)
        .zip(0_i64..)
        .filter_map(|(shelf, number)| {
            let shop = ground.shops.get(ground.shelves.get(shelf)?.shop)?;
            let at = placed_late(ground, shop).plus_minutes(-number);
            purchase(ground, &format!("slow-{number}"), at, shelf, enough(ground, shelf), "cod", Vec::new())
        })
        .collect();
    living::live(ground.stage, ground.shops, ground.shelves, &planned).await.map(|_| ())
}

/// Scene 2: three of «khoảng», two weighed, the third above what was agreed and waiting for a word with its buyer.
async fn weighed(ground: &Ground<'_>) -> ServiceResult<()> {
    let Some(shelf) = ground.shelves.iter().position(|shelf| {
        let open = ground.shops.get(shelf.shop).is_some_and(|shop| shop.copy == 0 && shop.is_approved());
        open && shelf.what.goods.number == 46
    }) else {
        return Ok(());
    };
    let now = ground.stage.now;
    let planned: Vec<Planned> = [Some(927), Some(1012), None]
        .into_iter()
        .zip(0_i64..)
        .filter_map(|(permille, number)| {
            let at = now.plus_minutes(number.saturating_sub(230));
            let mut script = vec![(at.plus_minutes(60), Act::Confirm)];
            script.extend(permille.map(|permille| (at.plus_minutes(150), Act::Weigh { permille })));
            purchase(ground, &format!("hen-{number}"), at, shelf, 1, "cod", script)
        })
        .collect();
    living::live(ground.stage, ground.shops, ground.shelves, &planned).await.map(|_| ())
}

/// Scene 20: typed in by the cooperative for a buyer without the internet, paid on delivery.
async fn by_telephone(ground: &Ground<'_>) -> ServiceResult<()> {
    let at = ground.stage.now.plus_minutes(-55);
    let Some(shelf) = something(ground, 1, 0, |index| ground.reserved.contains(&index)) else { return Ok(()) };
    let script = vec![(at.plus_minutes(2), Act::Confirm)];
    let Some(mut one) = purchase(ground, "telephone", at, shelf, enough(ground, shelf), "cod", script) else {
        return Ok(());
    };
    one.account = None;
    one.raw.fulfilment.note = Some(text("note-phone", &[]));
    living::live(ground.stage, ground.shops, ground.shelves, &[one]).await.map(|_| ())
}

/// Scene 8: 1.2 tonnes of chillies to a trader, so that stock and mass balance hold.
async fn sold_outside(ground: &Ground<'_>) -> ServiceResult<()> {
    let stage = ground.stage;
    let in_season = |back: &i64| {
        ground.shelves.iter().any(|shelf| {
            shelf.what.goods.number == 25 && shelf.what.season_on(stage.now.day().plus_days(-back)).is_on()
        })
    };
    let Some(back) = (2..100_i64).find(in_season) else { return Ok(()) };
    let chilli = |shelf: &&Shelf| {
        shelf.what.goods.number == 25 && ground.shops.get(shelf.shop).is_some_and(|shop| shop.row.number == 32)
    };
    let Some(shelf) = ground.shelves.iter().find(chilli) else { return Ok(()) };
    let Some(shop) = ground.shops.get(shelf.shop) else { return Ok(()) };
    let day = stage.now.day().plus_days(-back);
    let said = lot_said(shop, &shelf.what, day, 1_600_000);
    let (lot, _) =
        listing::add_lot(&stage.at(day.at_minute(6 * 60), "chilli-lot"), &shop.seller, &shelf.id, &said).await?;
    let act = LotAct::SoldOutside { base: Base(1_200_000), to_whom: text("trader", &[]) };
    listing::move_lot(&stage.at(day.at_minute(10 * 60), "chilli-sold"), &shop.seller, &lot, &act).await.map(|_| ())
}

/// What is left of lots past their day: sold outside, or lost.
pub async fn clear_old_lots(ground: &Ground<'_>) -> ServiceResult<usize> {
    let today = ground.stage.now.day();
    let ids: Vec<_> = ground.shops.iter().map(|shop| shop.id.clone()).collect();
    let lots = ground
        .stage
        .kit
        .db
        .read(move |conn| {
            let mut lots = Vec::new();
            for id in &ids {
                lots.push(crate::store::lot::list_own(conn, id, 5_000)?);
            }
            Ok::<_, ServiceError>(lots)
        })
        .await?;
    let over = ground.shops.iter().zip(lots).flat_map(|(shop, lots)| {
        let old = lots
            .into_iter()
            .filter(move |lot| lot.best_before.is_some_and(|day| day < today) && lot.held == Base::ZERO);
        old.filter(|lot| lot.on_hand.is_positive()).map(move |lot| (shop, lot))
    });
    let done = together(over.map(|(shop, lot)| {
        let at = lot.best_before.unwrap_or(today).at_minute(18 * 60);
        let kit = ground.stage.at(at, &format!("old-{}", lot.code));
        let is_lost = ground.stage.chance(&format!("old-{}", lot.code)).permille(150);
        let act = if is_lost {
            LotAct::Loss { base: lot.on_hand, reason: text("loss", &[]) }
        } else {
            LotAct::SoldOutside { base: lot.on_hand, to_whom: text("trader", &[]) }
        };
        async move { listing::move_lot(&kit, &shop.seller, &lot.id, &act).await }
    }))
    .await?;
    Ok(done.len())
}
