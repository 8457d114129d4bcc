//! One true history of transfers, lived several times by cooperatives that are alike: in order; doubled, reordered and forged;
//! dropped and told later by a statement; delayed past the end of every order. The first three end in the same state, up to which of
//! two equal payments is called the duplicate; the last books every đồng once and leaves each order as the table says. A failure
//! names its seed.

use super::schedule::{EACH, forge, schedules};
use super::*;
use crate::kit::dice::Dice;
use crate::kit::in_markets;
use crate::reconciling::{import, line};
use diesel::prelude::*;
use ganh::domain::id::BankEventId;
use ganh::domain::ledger::LedgerKind;
use ganh::domain::money::Money;
use ganh::service::ending;
use ganh::store::schema::{money_case, posting, same_money};
use std::collections::BTreeMap;

/// A transfer that truly happened, in words that hold for every life.
#[derive(Debug, Clone, Copy)]
enum What {
    Exact,
    Half,
    More,
    /// The payer forgot the code.
    NoCode,
    /// Two codes in one memo.
    TwoCodes(usize),
    /// The provider tells of another account of its owner.
    Elsewhere,
    /// Money that the cooperative pays somebody.
    Out,
}

#[derive(Debug, Clone)]
struct History {
    /// Kilograms of each order.
    orders: Vec<&'static str>,
    transfers: Vec<(usize, What)>,
}

impl History {
    fn of(dice: &Dice) -> Self {
        let orders: Vec<_> = (0..3).map(|_| ["1", "1.5", "2"][dice.below(3)]).collect();
        let transfers = (0..12)
            .map(|_| {
                let what = match dice.roll(12) {
                    0..=4 => What::Exact,
                    5 | 6 => What::Half,
                    7 => What::More,
                    8 => What::NoCode,
                    9 => What::TwoCodes(dice.below(orders.len())),
                    10 => What::Elsewhere,
                    _ => What::Out,
                };
                (dice.below(orders.len()), what)
            })
            .collect();
        Self { orders, transfers }
    }
}

/// One cooperative that lives the history.
struct Life {
    coop: Coop,
    orders: Vec<Placed>,
    movements: Vec<Movement>,
}

impl Life {
    async fn begin(app: &TestApp, history: &History) -> Self {
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        let mut orders = Vec::new();
        for kg in &history.orders {
            orders.push(order(&app.kit, &[(&fruit, kg)]).await);
        }
        let movements = history.transfers.iter().map(|(at, what)| movement(&coop, &orders, *at, *what)).collect();
        Self { coop, orders, movements }
    }

    async fn end(&self, kit: &Kit) -> End {
        let mut orders = Vec::new();
        for order in &self.orders {
            let view = look(kit, &order.id).await;
            let balance = view.balance;
            orders.push((view.order.state, view.settlement, balance.received.vnd(), balance.refund_due.vnd()));
        }
        let id = self.coop.id.clone();
        let (ledger, asked, twice): (Vec<(LedgerKind, Money)>, Vec<Money>, Vec<BankEventId>) = kit
            .db
            .read(move |conn| {
                let lines = posting::table.filter(posting::cooperative_id.eq(&id));
                let cases = money_case::table
                    .filter(money_case::cooperative_id.eq(&id).and(money_case::order_id.is_not_null()))
                    .filter(money_case::state.eq(MoneyCaseState::Open));
                Ok::<_, store::StoreError>((
                    lines.select((posting::kind, posting::amount_vnd)).load(conn)?,
                    cases.select(money_case::amount_vnd).load(conn)?,
                    same_money::table
                        .filter(same_money::cooperative_id.eq(&id))
                        .select(same_money::bank_event_id)
                        .load(conn)?,
                ))
            })
            .await
            .expect("the books");
        let mut books = BTreeMap::new();
        for (kind, amount) in ledger {
            *books.entry(kind.as_text()).or_insert(0) += amount.vnd();
        }
        books.retain(|_, sum| *sum != 0);
        let mut events_in = BTreeMap::new();
        for state in BankEventState::ALL {
            // Whether a row without a code waits or lies on the shelf depends on what was open when it came.
            let name = if *state == BankEventState::OtherMoney { BankEventState::Waiting } else { *state };
            // What was told twice is no second movement.
            let told = events(kit, &self.coop, *state).await;
            let fresh = told.iter().filter(|event| !twice.contains(&event.id)).count();
            *events_in.entry(name.as_text()).or_insert(0) += fresh;
        }
        End { orders, books, events: events_in, asked: asked.iter().map(|amount| amount.vnd()).sum() }
    }
}

/// How a life ended, without the names that differ between lives.
#[derive(Debug, PartialEq)]
struct End {
    orders: Vec<(OrderState, Settlement, i64, i64)>,
    books: BTreeMap<&'static str, i64>,
    events: BTreeMap<&'static str, usize>,
    /// What people are asked about orders, đồng.
    asked: i64,
}

fn movement(coop: &Coop, orders: &[Placed], at: usize, what: What) -> Movement {
    let order = &orders[at];
    match what {
        What::Exact => Movement::paying(coop, order),
        What::Half => Movement::to(coop, &order.code, order.total_vnd / 2),
        What::More => Movement::to(coop, &order.code, order.total_vnd + 7_000),
        What::NoCode => Movement::to(coop, "quen ghi ma", order.total_vnd),
        What::TwoCodes(other) if other != at => {
            Movement::to(coop, format!("{} {}", order.code, orders[other].code), 33_000)
        }
        What::TwoCodes(_) => Movement::to(coop, format!("{0} {0}", order.code), 33_000),
        What::Elsewhere => Movement { account: "8888".into(), ..Movement::paying(coop, order) },
        What::Out => Movement { is_in: false, ..Movement::to(coop, "tra tien bao bi", 12_000) },
    }
}

async fn in_order(app: &TestApp, history: &History) -> End {
    let life = Life::begin(app, history).await;
    for movement in &life.movements {
        tell(app, &life.coop, movement).await.is(200);
    }
    life.end(&app.kit).await
}

/// Each at least once, some twice or under a second id, in any order, with forgeries between: twenty events and more.
async fn shuffled(app: &TestApp, history: &History, dice: &Dice) -> End {
    let life = Life::begin(app, history).await;
    let mut deck: Vec<(Movement, bool)> = life.movements.iter().map(|movement| (movement.clone(), true)).collect();
    for _ in 0..8 {
        let mut again = life.movements[dice.below(life.movements.len())].clone();
        again.id += 1_000_000 * dice.roll(2);
        deck.push((again, true));
    }
    for _ in 0..3 {
        deck.push((Movement::paying(&life.coop, &life.orders[dice.below(life.orders.len())]), false));
    }
    while !deck.is_empty() {
        let (movement, is_true) = deck.swap_remove(dice.below(deck.len()));
        if is_true {
            tell(app, &life.coop, &movement).await.is(200);
        } else {
            forge(app, &life.coop, &movement).await;
        }
    }
    life.end(&app.kit).await
}

/// Webhooks that never came, a statement with all of it, and some of the webhooks after it.
async fn dropped(app: &TestApp, history: &History, dice: &Dice) -> End {
    let life = Life::begin(app, history).await;
    let mut late = Vec::new();
    for (movement, (_, what)) in life.movements.iter().zip(&history.transfers) {
        // A statement is of one account: what went elsewhere stands on another.
        if matches!(what, What::Elsewhere) || dice.roll(2) == 0 {
            tell(app, &life.coop, movement).await.is(200);
        } else if dice.roll(2) == 0 {
            late.push(movement);
        }
    }
    let ours = life.movements.iter().filter(|movement| movement.account == life.coop.account_number);
    let lines: Vec<String> = ours.map(line).collect();
    import(&app.kit, &life.coop, &lines).await;
    for movement in late {
        tell(app, &life.coop, movement).await.is(200);
    }
    life.end(&app.kit).await
}

/// All of it after every order's end.
async fn delayed(app: &TestApp, history: &History, seed: u64) {
    let life = Life::begin(app, history).await;
    app.clock.advance_s(7_200);
    if seed.is_multiple_of(2) {
        ending::expire_orders(&app.kit).await.expect("a round");
    }
    for movement in &life.movements {
        tell(app, &life.coop, movement).await.is(200);
    }
    ending::expire_orders(&app.kit).await.expect("a round");
    let end = life.end(&app.kit).await;
    let came: i64 = life.movements.iter().filter(|movement| movement.is_in).map(|movement| movement.amount_vnd).sum();
    assert_eq!(end.books.get("bank").copied().unwrap_or_default(), came, "seed {seed}: {end:#?}");
    for (at, order) in life.orders.iter().enumerate() {
        let credited: i64 = life
            .movements
            .iter()
            .zip(&history.transfers)
            .filter(|(_, (to, what))| {
                let is_one_code = matches!(what, What::TwoCodes(other) if *other == at);
                *to == at && (matches!(what, What::Exact | What::Half | What::More) || is_one_code)
            })
            .map(|(movement, _)| movement.amount_vnd)
            .sum();
        let (state, settlement, ..) = end.orders[at];
        let expected = match credited {
            0 => (OrderState::Expired, Settlement::Unpaid),
            sum if sum < order.total_vnd => (OrderState::Expired, Settlement::RefundDue),
            sum if sum == order.total_vnd => (OrderState::Placed, Settlement::Settled),
            _ => (OrderState::Placed, Settlement::Over),
        };
        assert_eq!((state, settlement), expected, "seed {seed}, order {at}: {end:#?}");
        assert_eq!(look(&app.kit, &order.id).await.order.is_late, credited > 0, "seed {seed}, order {at}");
    }
}

on_both_engines! {
    async fn one_history_ends_the_same_however_it_is_told(db: TestDb) {
        // Each is four lives.
        in_markets(db, 1..=schedules().div_ceil(2), EACH.div_ceil(4), async |app, seeds| {
            for seed in seeds {
                let dice = Dice::new(seed);
                let history = History::of(&dice);
                let end = in_order(app, &history).await;
                assert_eq!(shuffled(app, &history, &dice).await, end, "seed {seed}, shuffled: {history:#?}");
                assert_eq!(dropped(app, &history, &dice).await, end, "seed {seed}, dropped: {history:#?}");
                delayed(app, &history, seed).await;
            }
        })
        .await;
    }
}
