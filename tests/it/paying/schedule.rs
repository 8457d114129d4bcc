//! A true history of transfers, delivered as the world delivers: twice, out of order, after the end, with forgeries between. Whatever
//! the schedule, every đồng that the bank truly told of is booked exactly once, and nothing else is.

use super::*;
use crate::kit::dice::Dice;
use crate::kit::in_markets;
use diesel::prelude::*;
use ganh::domain::ledger::LedgerKind;
use ganh::domain::money::Money;
use ganh::service::ending;
use ganh::service::money_list::{Resolution, mark_money_received, resolve_case, undo_money_received};
use ganh::store::schema::posting;

/// Histories that one market lives.
pub const EACH: u64 = 50;

pub fn schedules() -> u64 {
    if std::env::var("GANH_LONG").is_ok() { 10_000 } else { 15 }
}

/// What the ledger says lies on the cooperative's bank.
async fn on_the_bank(kit: &Kit, coop: &Coop) -> i64 {
    let id = coop.id.clone();
    let amounts: Vec<Money> = kit
        .db
        .read(move |conn| {
            let of_bank = posting::cooperative_id.eq(id).and(posting::kind.eq(LedgerKind::Bank));
            posting::table.filter(of_bank).select(posting::amount_vnd).load(conn).map_err(store::StoreError::from)
        })
        .await
        .expect("postings");
    Money::sum(amounts).expect("small").vnd()
}

pub async fn forge(app: &TestApp, coop: &Coop, movement: &Movement) {
    let at = app.kit.now().unix_seconds();
    bank::post_signed(app, &coop.receiving.path_id, "a guess", at, &movement.body()).await.is(401);
}

/// One random thing that a bank or a person does.
async fn step(
    app: &TestApp,
    coop: &Coop,
    dice: &Dice,
    orders: &[Placed],
    told: &mut Vec<Movement>,
    expected: &mut i64,
) {
    let kit = &app.kit;
    let order = &orders[dice.below(orders.len())];
    match dice.roll(12) {
        // A true transfer: exact, less, more, with a lost code, with two codes, or to another account of the owner.
        roll @ 0..=5 => {
            let other = &orders[dice.below(orders.len())];
            let movement = match roll {
                0 | 1 => Movement::paying(coop, order),
                2 => Movement::to(coop, &order.code, order.total_vnd / 2),
                3 => Movement::to(coop, &order.code, order.total_vnd + 7_000),
                4 => Movement::to(coop, "quen ghi ma", order.total_vnd),
                _ if dice.roll(2) == 0 => Movement::to(coop, format!("{} {}", order.code, other.code), 33_000),
                _ => Movement { account: "8888".into(), ..Movement::paying(coop, order) },
            };
            *expected += movement.amount_vnd;
            tell(app, coop, &movement).await.is(200);
            told.push(movement);
        }
        // Told again, much later perhaps, perhaps by another way.
        6 | 7 if !told.is_empty() => {
            let mut again = told[dice.below(told.len())].clone();
            again.id += 1_000_000 * dice.roll(2);
            tell(app, coop, &again).await.is(200);
        }
        8 => forge(app, coop, &Movement::paying(coop, order)).await,
        9 => {
            app.clock.advance_s(i64::try_from(dice.roll(1_200)).expect("small"));
            if dice.roll(2) == 0 {
                ending::expire_orders(kit).await.expect("a round");
            }
        }
        10 => {
            let view = look(kit, &order.id).await;
            if dice.roll(2) == 0 {
                drop(ending::cancel_order(kit, &order.id).await);
            } else if mark_money_received(kit, &coop.seller, &order.id, view.order.total_vnd).await.is_ok() {
                *expected += order.total_vnd;
                if dice.roll(2) == 0 {
                    let word = look(kit, &order.id)
                        .await
                        .money
                        .into_iter()
                        .rfind(|event| event.said_by.is_some() && event.undone_at.is_none())
                        .expect("a word");
                    undo_money_received(kit, &coop.seller, &word.id).await.expect("within the hour");
                    *expected -= order.total_vnd;
                }
            }
        }
        _ => decide_one(kit, coop, dice, orders, expected).await,
    }
}

/// A person decides about something that waits.
async fn decide_one(kit: &Kit, coop: &Coop, dice: &Dice, orders: &[Placed], expected: &mut i64) {
    let cases = asked(kit, coop).await;
    if cases.is_empty() {
        return;
    }
    let case = &cases[dice.below(cases.len())];
    let how = match dice.roll(3) {
        0 => Resolution::Assign(orders[dice.below(orders.len())].code.clone()),
        1 => Resolution::OtherMoney,
        _ => Resolution::SentBack,
    };
    let before = on_the_bank(kit, coop).await;
    if resolve_case(kit, &coop.seller, &case.id, &how).await.is_ok() && how == Resolution::SentBack {
        *expected -= before - on_the_bank(kit, coop).await;
    }
}

async fn play(app: &TestApp, seed: u64) {
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 5).await;
    let dice = Dice::new(seed);
    let (mut orders, mut told) = (Vec::new(), Vec::new());
    let before = on_the_bank(&app.kit, &coop).await;
    let mut expected = 0;
    for turn in 0..24 {
        if turn % 6 == 0 {
            let raw = bank::checkout(&[(&fruit, ["1", "1.5", "2"][dice.below(3)])]);
            if let Ok(placed) = bank::place(&app.kit, &raw).await {
                let view = ganh::service::showing::show_purchase(&app.kit, &placed.purchase).await.expect("a view");
                let order = &view.orders[0].order;
                orders.push(Placed {
                    id: order.id.clone(),
                    code: order.code.clone(),
                    total_vnd: order.total_vnd.vnd(),
                });
            }
        }
        step(app, &coop, &dice, &orders, &mut told, &mut expected).await;
        let there = on_the_bank(&app.kit, &coop).await - before;
        // The bank's own confirmation of a person's word credits nothing: what was expected twice is there once.
        let confirmed = confirmed(&app.kit, &coop).await;
        assert_eq!(there, expected - confirmed, "seed {seed}, turn {turn}");
    }
}

/// What the bank told of and a person had said before.
async fn confirmed(kit: &Kit, coop: &Coop) -> i64 {
    let mut sum = 0;
    for state in BankEventState::ALL {
        for event in events(kit, coop, *state).await {
            if event.said_by.is_some() && event.confirmed_by_event.is_some() {
                sum += event.amount_vnd.vnd();
            }
        }
    }
    sum
}

on_both_engines! {
    async fn whatever_the_schedule_every_dong_is_booked_exactly_once(db: TestDb) {
        in_markets(db, 1..=schedules(), EACH, async |app, seeds| {
            for seed in seeds {
                play(app, seed).await;
            }
        })
        .await;
    }
}
