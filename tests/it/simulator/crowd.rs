//! Two hundred buyers at once for fifty kilograms, in mixed weights, while holds run out and payments arrive: every gram is sold
//! once, and no đồng is without an order or a way back.

use super::*;
use futures_util::future::{join, join_all};
use ganh::domain::order::OrderState;
use ganh::domain::settlement::Settlement;

const BUYERS: usize = 200;
const LOT_KG: i64 = 50;

/// One who wants some, and what came of it.
struct Buyer {
    order: Option<Placed>,
    pays: bool,
}

/// Tries for a weight, and for half of it when that is gone.
async fn buy(kit: &Kit, fruit: &Goods, grams: i64, pays: bool) -> Buyer {
    for grams in [grams, grams / 2, grams / 4] {
        let raw = checkout(&[(fruit, &format!("{}.{:03}", grams / 1000, grams % 1000))]);
        match bank::place(kit, &raw).await {
            Ok(placed) => {
                let view = showing::show_purchase(kit, &placed.purchase).await.expect("a view");
                let order = &view.orders[0].order;
                let (id, code, total_vnd) = (order.id.clone(), order.code.clone(), order.total_vnd.vnd());
                return Buyer { order: Some(Placed { id, code, total_vnd }), pays };
            }
            Err(error) => assert_eq!(outcome(Err::<(), _>(error)), Outcome::Refused),
        }
    }
    Buyer { order: None, pays: false }
}

/// Payments arrive, twice each, while the clock ends what has run out and others try for what it gives back.
async fn a_wave(
    app: &TestApp,
    coop: &Coop,
    fruit: &Goods,
    dice: &Dice,
    buyers: &[Buyer],
    told: &mut i64,
) -> Vec<Buyer> {
    let mut movements = Vec::new();
    for (order, _) in
        buyers.iter().filter_map(|one| one.order.as_ref().map(|order| (order, one.pays))).filter(|one| one.1)
    {
        movements.push(Movement::paying(coop, order));
        *told += order.total_vnd;
    }
    let pay = join_all(movements.iter().chain(&movements).map(|movement| bank::tell(app, coop, movement)));
    let tidy = join_all((0..3).map(|_| ending::expire_orders(&app.kit)));
    let weights: Vec<(i64, bool)> =
        (0..BUYERS / 4).map(|_| (100 + 50 * i64::try_from(dice.roll(28)).expect("small"), dice.roll(3) > 0)).collect();
    let more = join_all(weights.iter().map(|(grams, pays)| buy(&app.kit, fruit, *grams, *pays)));
    let ((paid, tidied), more) = join(join(pay, tidy), more).await;
    for answer in paid {
        answer.is(200);
    }
    for round in tidied {
        round.expect("a round");
    }
    more
}

on_both_engines! {
    async fn two_hundred_buyers_for_fifty_kilograms_are_sold_fifty_kilograms_to_the_gram(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = coop(kit, "Nhãn Lồng").await;
        let fruit = goods(kit, &coop, "Nhãn", 20_000, LOT_KG).await;
        let (dice, mut told) = (Dice::new(200), 0);
        let mut all: Vec<Buyer> = join_all((0..BUYERS).map(|_| {
            let (grams, pays) = (100 + 50 * i64::try_from(dice.roll(28)).expect("small"), dice.roll(3) > 0);
            buy(kit, &fruit, grams, pays)
        })).await;
        let mut newest = 0;
        for wave in 0..4 {
            // Some holds run out in the very wave in which their payment comes.
            app.clock.advance_s(60 * (4 + 3 * (wave % 3)));
            let more = a_wave(&app, &coop, &fruit, &dice, &all[newest..], &mut told).await;
            newest = all.len();
            all.extend(more);
        }
        // Whoever comes last takes what is left.
        app.clock.advance_s(3_600);
        ending::expire_orders(kit).await.expect("a round");
        let left = goods_view::show_lot(kit, &coop.seller, &fruit.lot).await.expect("its page").lot.available.0;
        if left > 0 {
            let last = buy(kit, &fruit, left, true).await;
            let order = last.order.as_ref().expect("what is left can be bought");
            told += order.total_vnd;
            bank::tell(&app, &coop, &Movement::paying(&coop, order)).await.is(200);
            all.push(last);
        }
        let mut sold = 0;
        let mut owed = 0;
        for order in all.iter().filter_map(|one| one.order.as_ref()) {
            let view = look(kit, &order.id).await;
            match view.order.state {
                OrderState::Placed => {
                    assert_eq!(view.settlement, Settlement::Settled, "{}", order.code);
                    told -= order.total_vnd;
                    sold += view.lines[0].line.base_quantity.0;
                    handling::confirm_order(kit, &coop.seller, &order.id).await.expect("yes");
                    handling::pack_order(kit, &coop.seller, &order.id).await.expect("its goods are there");
                }
                OrderState::Expired => {
                    assert_eq!(view.balance.refund_due, view.balance.received, "{}", order.code);
                    owed += view.balance.refund_due.vnd();
                }
                other => panic!("{} is {other}", order.code),
            }
        }
        assert_eq!(sold, LOT_KG * 1000, "sold to the gram");
        assert_eq!(told, owed, "what came stands on an order or goes back");
        let lot = goods_view::show_lot(kit, &coop.seller, &fruit.lot).await.expect("its page").lot;
        assert_eq!((lot.lot.on_hand, lot.promised), (Base::ZERO, Base::ZERO));
        crate::races::sound(kit).await;
    }
}
