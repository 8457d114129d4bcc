//! A small market lived at random, beside a model that knows only the rules: buyers, packers, a bank, a clock, and callers that go
//! away in the middle and ask again. Each command must end as the model says, and afterwards orders, money and stock must stand as the
//! model says. A seed plays the same life again: `GANH_SEED=17 cargo test --test it simulator::`.

mod crowd;
mod model;

use crate::kit::TestDb;
use crate::kit::app::TestApp;
use crate::kit::bank::{self, Coop, Goods, Movement, Placed, checkout, coop, goods, look, place_with_key};
use crate::kit::dice::Dice;
use crate::kit::in_markets;
use crate::on_both_engines;
use futures_util::FutureExt as _;
use ganh::domain::attempt::{AttemptReason, GoodsBack};
use ganh::domain::claim::ClaimState;
use ganh::domain::money::Money;
use ganh::domain::quantity::Base;
use ganh::service::claim_deciding::{Decision, decide};
use ganh::service::claiming::{self, LineSaid, RawClaim};
use ganh::service::error::ServiceError;
use ganh::service::goods_view;
use ganh::service::kit::Kit;
use ganh::service::listing::{LotAct, move_lot};
use ganh::service::undelivered::{self, AttemptSaid};
use ganh::service::{ending, handling, money_list, showing};
use ganh::store;
use model::{Command, Model, Outcome};
use std::future::Future;
use std::ops::RangeInclusive;

/// Commands of one life.
const COMMANDS: usize = 12;
/// Lives that one market holds, each over goods of its own.
const LIVES: u64 = 50;

/// Half of the numbers on each engine.
fn seeds(half: u64) -> RangeInclusive<u64> {
    if let Some(seed) = std::env::var("GANH_SEED").ok().and_then(|seed| seed.parse().ok()) {
        return seed..=seed;
    }
    let each = if std::env::var("GANH_LONG").is_ok() { 50_000 } else { 500 };
    half * each + 1..=(half + 1) * each
}

/// One life: the goods that are sold in it, its orders, and what the model thinks of them.
struct Life<'a> {
    app: &'a TestApp,
    coop: &'a Coop,
    fruit: Goods,
    dice: Dice,
    orders: Vec<Placed>,
    told: Vec<Movement>,
    model: Model,
    log: Vec<String>,
}

/// Whether a command was done; a refusal is an answer too. A fault of ours is none.
#[track_caller]
fn outcome<T>(result: Result<T, ServiceError>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(ServiceError::Changed(_) | ServiceError::Refused(_)) => Outcome::Refused,
        Err(other) => panic!("neither done nor refused: {other}"),
    }
}

impl Life<'_> {
    fn kit(&self) -> &Kit {
        &self.app.kit
    }

    /// Does a command. A caller that goes away in the middle has asked already: it comes to pass or not, and whoever asks again must
    /// find it done once.
    async fn ask<T, F>(&self, gone: bool, make: impl Fn() -> F) -> Outcome
    where
        F: Future<Output = Result<T, ServiceError>>,
    {
        if gone {
            drop(Box::pin(make()).now_or_never());
        }
        outcome(make().await)
    }

    async fn place(&mut self, grams: i64, pays_at_door: bool, gone: bool) -> Outcome {
        let mut raw = checkout(&[(&self.fruit, &format!("{}.{:03}", grams / 1000, grams % 1000))]);
        raw.payment = if pays_at_door { "cod" } else { "vietqr" }.into();
        let key = format!("life-{}", bank::number());
        if gone {
            drop(Box::pin(place_with_key(self.kit(), &raw, &key)).now_or_never());
        }
        match place_with_key(self.kit(), &raw, &key).await {
            Ok(placed) => {
                let view = showing::show_purchase(self.kit(), &placed.purchase).await.expect("a view");
                let order = &view.orders[0].order;
                let (id, code, total_vnd) = (order.id.clone(), order.code.clone(), order.total_vnd.vnd());
                self.orders.push(Placed { id, code, total_vnd });
                Outcome::Done
            }
            Err(error) => outcome(Err::<(), _>(error)),
        }
    }

    async fn run(&mut self, command: &Command, gone: bool) -> Outcome {
        let kit = self.app.kit.clone();
        let (kit, seller) = (&kit, &self.coop.seller);
        let id = |at: &usize| &self.orders[*at].id;
        match command {
            Command::Place { grams, pays_at_door } => self.place(*grams, *pays_at_door, gone).await,
            Command::Pay { order, amount_vnd } => {
                let movement = Movement::to(self.coop, format!("{} tra tien", self.orders[*order].code), *amount_vnd);
                bank::tell(self.app, self.coop, &movement).await.is(200);
                self.told.push(movement);
                Outcome::Done
            }
            Command::TellAgain => {
                for movement in &self.told {
                    bank::tell(self.app, self.coop, movement).await.is(200);
                }
                Outcome::Done
            }
            Command::Cancel(at) => self.ask(gone, || ending::cancel_order(kit, id(at))).await,
            Command::Confirm(at) => self.ask(gone, || handling::confirm_order(kit, seller, id(at))).await,
            Command::Decline(at) => self.ask(gone, || handling::decline_order(kit, seller, id(at), "hết hàng")).await,
            Command::Pack(at) => self.ask(gone, || handling::pack_order(kit, seller, id(at))).await,
            Command::Send(at) => self.ask(gone, || handling::send_order(kit, seller, id(at))).await,
            Command::Deliver(at) => self.ask(gone, || handling::deliver_order(kit, seller, id(at))).await,
            Command::NotTaken(at) => {
                let said = AttemptSaid { reason: AttemptReason::NobodyHome, next_on: None, note: String::new() };
                self.ask(gone, || undelivered::say_undelivered(kit, seller, id(at), &said)).await
            }
            Command::TakeBack { order, are_good } => {
                let goods = if *are_good { GoodsBack::Sellable } else { GoodsBack::Spoiled };
                self.ask(gone, || undelivered::take_back(kit, seller, id(order), goods, "không gặp")).await
            }
            Command::Claim(at) => outcome(self.claim(*at).await),
            Command::TakeCash { order, amount_vnd } => {
                self.ask(false, || money_list::take_cash(kit, seller, id(order), Money(*amount_vnd))).await
            }
            Command::Count(grams) => self.ask(false, || self.stock(LotAct::Counted(Base(*grams)))).await,
            Command::Lose(grams) => {
                self.ask(false, || self.stock(LotAct::Loss { base: Base(*grams), reason: "dập".into() })).await
            }
            Command::Bring(grams) => self.ask(false, || self.stock(LotAct::More(Base(*grams)))).await,
            Command::Wait { minutes } => {
                self.app.clock.advance_s(minutes * 60);
                Outcome::Done
            }
            Command::TidyUp => self.ask(false, || ending::expire_orders(kit)).await,
        }
    }

    /// The buyer reports a line, and a quarter of what the order costs goes back. The model has taken it off already.
    async fn claim(&self, at: usize) -> Result<(), ServiceError> {
        let (kit, order) = (&self.app.kit, &self.orders[at]);
        let view = look(kit, &order.id).await;
        let line =
            LineSaid { line: view.lines[0].line.id.to_string(), kind: "spoiled".into(), quantity: String::new() };
        let raw =
            RawClaim { press: format!("{}-{}", order.code, bank::number()), lines: vec![line], words: "Thối".into() };
        claiming::make_claims(kit, &order.id, &raw, Vec::new()).await?;
        let id = order.id.clone();
        let claims = kit.db.read(move |conn| store::claim::list_of_order(conn, &id)).await.expect("claims");
        let open = claims.iter().find(|claim| claim.state == ClaimState::Open).expect("one that waits");
        let back = view.order.total_vnd.vnd() - self.model.orders[at].total_vnd;
        decide(kit, &self.coop.seller, &open.id, ClaimState::Open, Decision::Accept(Money(back)), "Trả").await
    }

    fn stock(&self, act: LotAct) -> impl Future<Output = Result<Base, ServiceError>> + use<> {
        let (kit, seller, lot) = (self.app.kit.clone(), self.coop.seller.clone(), self.fruit.lot.clone());
        async move { move_lot(&kit, &seller, &lot, &act).await }
    }

    async fn live(mut self, seed: u64) {
        for _ in 0..COMMANDS {
            let now = self.kit().now();
            let command = self.model.draw(&self.dice, now);
            let expected = self.model.apply(&command, now);
            // What is refused now might be done later by one who has gone: only what is done may be asked for twice.
            let gone = self.dice.roll(6) == 0 && expected == Outcome::Done;
            self.log.push(format!("{command:?}{}", if gone { ", gone and back" } else { "" }));
            let seen = self.run(&command, gone).await;
            // Whoever comes back to what is done already may be told that it cannot be done again.
            let is_right = seen == expected || (gone && command.is_once());
            assert!(is_right, "seed {seed}: {seen:?} instead of {expected:?}\n{:#?}\n{:#?}", self.log, self.model);
        }
        self.compare(seed).await;
    }

    /// Orders, money and stock beside the model.
    async fn compare(&self, seed: u64) {
        let now = self.kit().now();
        for (placed, expected) in self.orders.iter().zip(&self.model.orders) {
            let view = look(self.kit(), &placed.id).await;
            let came = view.balance.received.vnd();
            let told = format!("seed {seed}, {}: {:#?}\n{:#?}", placed.code, self.log, self.model);
            assert_eq!((view.order.state, came), (expected.state, expected.received_vnd), "{told}");
        }
        let page = goods_view::show_lot(self.kit(), &self.coop.seller, &self.fruit.lot).await.expect("its page");
        let (on_hand, promised) = (page.lot.lot.on_hand.0, page.lot.promised.0);
        let expected = (self.model.on_hand_g, self.model.promised_g(now));
        assert_eq!((on_hand, promised), expected, "seed {seed}: {:#?}\n{:#?}", self.log, self.model);
    }
}

async fn live_all(db: &TestDb, seeds: RangeInclusive<u64>) {
    in_markets(db, seeds, LIVES, async |app, seeds| {
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        for seed in seeds {
            let dice = Dice::new(seed);
            let kg = 2 + i64::try_from(dice.roll(6)).expect("small");
            let fruit = goods(&app.kit, &coop, "Nhãn", 20_000, kg).await;
            let model = Model::new(kg * 1000, 20);
            let log = Vec::new();
            let life = Life { app, coop: &coop, fruit, dice, orders: Vec::new(), told: Vec::new(), model, log };
            life.live(seed).await;
        }
    })
    .await;
}

on_both_engines! {
    async fn whatever_people_the_bank_and_the_clock_do_the_market_does_as_its_rules_say(db: TestDb) {
        live_all(db, seeds(u64::from(db.url.starts_with("postgres")))).await;
    }
}
