//! What is ordered ahead of its harvest, one of it with a deposit, and codes that take something off. Made through the services.

use super::chance::together;
use super::history::Ground;
use super::shelves::Shelf;
use super::shops::Shop;
use super::tables::Form;
use crate::domain::id::{SalesWindowId, VoucherId};
use crate::domain::money::Money;
use crate::domain::quantity::{Base, BaseUnit};
use crate::domain::sharing::SharingRule;
use crate::domain::voucher::{Plan as Code, Terms, VoucherKind};
use crate::domain::window::Plan;
use crate::service::error::ServiceResult;
use crate::service::vouchers::make_voucher;
use crate::service::windows::{WindowSaid, open_window};

/// Cooperatives that sell ahead, and those that have a code.
const AHEAD: usize = 6;
const WITH_CODE: usize = 3;
/// How much of a harvest is on sale ahead.
const PLANNED_G: i64 = 200_000;
/// A deposit where one is asked for.
const DEPOSIT_BPS: i64 = 3_000;

/// Opens windows that come again each week, and lays codes down.
pub async fn play(ground: &Ground<'_>) -> ServiceResult<()> {
    let shops: Vec<(usize, &Shop)> = ground
        .shops
        .iter()
        .enumerate()
        .filter(|(_, shop)| shop.copy == 0 && shop.is_approved() && shop.row.unsold_reason.is_none())
        .collect();
    let with_goods = shops.iter().filter_map(|(at, shop)| Some((*shop, fresh_of(ground, *at)?)));
    let windows: Vec<(&Shop, &Shelf)> = with_goods.take(AHEAD).collect();
    let windows = windows.into_iter().enumerate().map(|(at, (shop, shelf))| open(ground, shop, shelf, at == 0));
    together(windows).await?;
    together(shops.iter().take(WITH_CODE).map(|(_, shop)| lay_down(ground, shop))).await?;
    Ok(())
}

/// Something fresh that a cooperative sells now and that no other scene needs.
fn fresh_of<'a>(ground: &Ground<'a>, shop: usize) -> Option<&'a Shelf> {
    let today = ground.stage.now.day();
    let mut own = ground.shelves.iter().enumerate().filter(|(at, one)| {
        one.shop == shop
            && one.what.form() == Form::Fresh
            && super::shelves::said_of(&one.what, today, None).base_unit == BaseUnit::Gram
            && one.what.season_on(today).is_on()
            && !ground.reserved.contains(at)
    });
    own.next().map(|(_, shelf)| shelf)
}

/// Harvested in four days, ordered until the afternoon two days before; the first shares alike and asks for a deposit.
async fn open(ground: &Ground<'_>, shop: &Shop, shelf: &Shelf, is_first: bool) -> ServiceResult<()> {
    let today = ground.stage.now.day();
    let harvest = today.plus_days(4);
    let plan = Plan {
        harvest_from: harvest,
        harvest_to: harvest,
        planned: Base(PLANNED_G),
        closes_at: today.plus_days(2).at_minute(17 * 60),
        weekdays: harvest.weekday().number_from_monday().to_string(),
    };
    let said = WindowSaid {
        plan,
        sharing: if is_first { SharingRule::Equal } else { SharingRule::First },
        deposit_bps: if is_first { DEPOSIT_BPS } else { 0 },
    };
    let kit = ground.stage.at(ground.stage.now.plus_minutes(-600), &format!("ahead-{}", shop.mark()));
    let id = SalesWindowId::new(kit.now(), kit.ten());
    open_window(&kit, &shop.seller, &shelf.id, &said, &id).await
}

/// A tenth off, at most 50.000 đ, once for each number.
async fn lay_down(ground: &Ground<'_>, shop: &Shop) -> ServiceResult<()> {
    let kit = ground.stage.at(ground.stage.now.plus_minutes(-500), &format!("code-{}", shop.mark()));
    let today = kit.now().day();
    let code = Code {
        code: "KHACHMOI10".to_owned(),
        kind: VoucherKind::Percent,
        terms: Terms { percent_bps: 1_000, most_off: Money(50_000) },
        least_goods: Money(100_000),
        from_day: today,
        to_day: today.plus_days(60),
        uses_most: 200,
        phone_most: 1,
    };
    make_voucher(&kit, &shop.seller, &code, &VoucherId::new(kit.now(), kit.ten())).await
}
