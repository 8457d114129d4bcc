//! What the rules say of one lot and its orders, written a second time and from the words of the contract: no store, no ledger, no
//! lock. Grams and đồng.

use crate::kit::dice::Dice;
use ganh::domain::order::OrderState;
use ganh::domain::time::At;

const HOLD_MIN: i64 = 15;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused,
}

/// What somebody does. Orders by their position.
#[derive(Debug, Clone)]
pub enum Command {
    Place {
        grams: i64,
        pays_at_door: bool,
    },
    Pay {
        order: usize,
        amount_vnd: i64,
    },
    /// The bank tells everything once more.
    TellAgain,
    Cancel(usize),
    Confirm(usize),
    Decline(usize),
    Pack(usize),
    Send(usize),
    Deliver(usize),
    /// Nobody opens the door.
    NotTaken(usize),
    /// It will not go out again: its goods come back into the lot, or are spoiled.
    TakeBack {
        order: usize,
        are_good: bool,
    },
    /// The buyer says that a part was rotten, and the cooperative gives a quarter back.
    Claim(usize),
    TakeCash {
        order: usize,
        amount_vnd: i64,
    },
    Count(i64),
    Lose(i64),
    Bring(i64),
    Wait {
        minutes: i64,
    },
    /// The worker ends orders whose time is up.
    TidyUp,
}

impl Command {
    /// Done once, it cannot be done again: the second caller is told so.
    pub const fn is_once(&self) -> bool {
        matches!(
            self,
            Command::Confirm(_)
                | Command::Decline(_)
                | Command::Pack(_)
                | Command::Send(_)
                | Command::Deliver(_)
                | Command::NotTaken(_)
                | Command::TakeBack { .. }
        )
    }
}

#[derive(Debug, Clone)]
pub struct Order {
    pub state: OrderState,
    pub grams: i64,
    pub total_vnd: i64,
    pub received_vnd: i64,
    expires_at: At,
    /// Goods are promised: for ever, or while payment is awaited.
    holds: bool,
}

impl Order {
    fn is_waiting(&self, now: At) -> bool {
        self.state == OrderState::AwaitingPayment && now < self.expires_at
    }

    fn promises(&self, now: At) -> bool {
        self.holds && (self.state != OrderState::AwaitingPayment || now < self.expires_at)
    }
}

#[derive(Debug, Clone)]
pub struct Model {
    pub on_hand_g: i64,
    pub orders: Vec<Order>,
    vnd_per_g: i64,
}

impl Model {
    pub const fn new(on_hand_g: i64, vnd_per_g: i64) -> Self {
        Self { on_hand_g, orders: Vec::new(), vnd_per_g }
    }

    /// What is promised now of the lot.
    pub fn promised_g(&self, now: At) -> i64 {
        self.orders.iter().filter(|order| order.promises(now)).map(|order| order.grams).sum()
    }

    fn available_g(&self, now: At) -> i64 {
        self.on_hand_g - self.promised_g(now)
    }

    /// Something that somebody could try now, sensible or not.
    pub fn draw(&self, dice: &Dice, now: At) -> Command {
        let small = |sides: u64| i64::try_from(dice.roll(sides)).expect("small");
        if self.orders.is_empty() || dice.roll(5) == 0 {
            return Command::Place { grams: 500 * (1 + small(5)), pays_at_door: dice.roll(3) == 0 };
        }
        let at = dice.below(self.orders.len());
        let order = &self.orders[at];
        match dice.roll(19) {
            0..=3 => {
                let missing = (order.total_vnd - order.received_vnd).max(1_000);
                let amount_vnd = match dice.roll(5) {
                    0 => (missing / 2).max(1),
                    1 => missing + 7_000,
                    _ => missing,
                };
                Command::Pay { order: at, amount_vnd }
            }
            4 => Command::TellAgain,
            5 => Command::Cancel(at),
            6 | 7 => Command::Confirm(at),
            8 => Command::Decline(at),
            9 | 10 => self.next_step(at),
            11 => match dice.roll(4) {
                0 => Command::Count((self.promised_g(now) + 500 * small(4) - 500).max(0)),
                1 => Command::Lose(500 * (1 + small(4))),
                2 => Command::Bring(500 * (1 + small(4))),
                _ => Command::TakeCash { order: at, amount_vnd: (order.total_vnd - order.received_vnd).max(1_000) },
            },
            12 | 13 => Command::Wait { minutes: 1 + small(12) },
            14 => Command::TidyUp,
            15 => Command::NotTaken(at),
            16 => Command::TakeBack { order: at, are_good: dice.roll(2) == 0 },
            17 => Command::Claim(at),
            _ => dice.pick(&[Command::Pack(at), Command::Send(at), Command::Deliver(at)]).clone(),
        }
    }

    /// The next thing to do with an order, if its cooperative is diligent.
    fn next_step(&self, at: usize) -> Command {
        match self.orders[at].state {
            OrderState::Confirmed => Command::Pack(at),
            OrderState::Packed => Command::Send(at),
            OrderState::OnTheWay => Command::Deliver(at),
            _ => Command::Confirm(at),
        }
    }

    /// How a command ends, by the rules, and what is so afterwards.
    pub fn apply(&mut self, command: &Command, now: At) -> Outcome {
        match command {
            Command::Place { grams, pays_at_door } => self.place(*grams, *pays_at_door, now),
            Command::Pay { order, amount_vnd } => self.pay(*order, *amount_vnd, now),
            Command::Cancel(at) => {
                let waits = self.orders[*at].is_waiting(now);
                match self.orders[*at].state {
                    OrderState::Cancelled => Outcome::Done,
                    OrderState::AwaitingPayment if waits => self.end(*at, OrderState::Cancelled),
                    OrderState::Placed => self.end(*at, OrderState::Cancelled),
                    _ => Outcome::Refused,
                }
            }
            Command::Decline(at) => {
                let waits = self.orders[*at].is_waiting(now);
                match self.orders[*at].state {
                    OrderState::AwaitingPayment if waits => self.end(*at, OrderState::Declined),
                    OrderState::Placed | OrderState::Confirmed => self.end(*at, OrderState::Declined),
                    _ => Outcome::Refused,
                }
            }
            Command::Confirm(at) => self.step(*at, &[OrderState::Placed], OrderState::Confirmed),
            Command::Pack(at) => {
                if self.orders[*at].state != OrderState::Confirmed || self.on_hand_g < self.orders[*at].grams {
                    return Outcome::Refused;
                }
                self.on_hand_g -= self.orders[*at].grams;
                self.orders[*at].holds = false;
                self.step(*at, &[OrderState::Confirmed], OrderState::Packed)
            }
            Command::Send(at) => self.step(*at, &[OrderState::Packed], OrderState::OnTheWay),
            Command::Deliver(at) => self.step(*at, &[OrderState::Packed, OrderState::OnTheWay], OrderState::Delivered),
            Command::NotTaken(at) => self.step(*at, &[OrderState::OnTheWay], OrderState::Packed),
            Command::TakeBack { order, are_good } => {
                let grams = self.orders[*order].grams;
                let outcome = self.step(*order, &[OrderState::Packed], OrderState::Cancelled);
                if outcome == Outcome::Done && *are_good {
                    self.on_hand_g += grams;
                }
                outcome
            }
            Command::Claim(at) if self.orders[*at].state != OrderState::Delivered => Outcome::Refused,
            Command::Claim(at) => {
                self.orders[*at].total_vnd -= self.quarter_vnd(*at);
                Outcome::Done
            }
            Command::TakeCash { order, amount_vnd } => self.take_cash(*order, *amount_vnd, now),
            Command::Count(grams) => {
                self.on_hand_g = *grams;
                Outcome::Done
            }
            Command::Lose(grams) if *grams > self.on_hand_g => Outcome::Refused,
            Command::Lose(grams) => {
                self.on_hand_g -= grams;
                Outcome::Done
            }
            Command::Bring(grams) => {
                self.on_hand_g += grams;
                Outcome::Done
            }
            Command::TidyUp => {
                for at in 0..self.orders.len() {
                    self.run_out(at, now);
                }
                Outcome::Done
            }
            Command::Wait { .. } | Command::TellAgain => Outcome::Done,
        }
    }

    /// What a claim gives back of an order.
    pub fn quarter_vnd(&self, at: usize) -> i64 {
        self.orders[at].total_vnd / 4
    }

    fn place(&mut self, grams: i64, pays_at_door: bool, now: At) -> Outcome {
        if self.available_g(now) < grams {
            return Outcome::Refused;
        }
        self.orders.push(Order {
            state: if pays_at_door { OrderState::Placed } else { OrderState::AwaitingPayment },
            grams,
            total_vnd: grams * self.vnd_per_g,
            received_vnd: 0,
            expires_at: now.plus_minutes(HOLD_MIN),
            holds: true,
        });
        Outcome::Done
    }

    /// Money is never refused. It places an order that waits for it; an expired one lives again when all of it is there and the
    /// goods are; else it waits to go back.
    fn pay(&mut self, at: usize, amount_vnd: i64, now: At) -> Outcome {
        self.run_out(at, now);
        self.orders[at].received_vnd += amount_vnd;
        let is_paid = self.orders[at].received_vnd >= self.orders[at].total_vnd;
        let there = self.available_g(now) >= self.orders[at].grams;
        match self.orders[at].state {
            OrderState::AwaitingPayment if is_paid => self.orders[at].state = OrderState::Placed,
            OrderState::Expired if is_paid && there => {
                self.orders[at].state = OrderState::Placed;
                self.orders[at].holds = true;
            }
            _ => {}
        }
        Outcome::Done
    }

    /// Cash is for an order that owes: no more than is missing, and none once people have ended it.
    fn take_cash(&mut self, at: usize, amount_vnd: i64, now: At) -> Outcome {
        let order = &self.orders[at];
        let is_over = matches!(order.state, OrderState::Cancelled | OrderState::Declined);
        if is_over || order.received_vnd + amount_vnd > order.total_vnd {
            return Outcome::Refused;
        }
        self.pay(at, amount_vnd, now)
    }

    fn run_out(&mut self, at: usize, now: At) {
        if self.orders[at].state == OrderState::AwaitingPayment && !self.orders[at].is_waiting(now) {
            self.end(at, OrderState::Expired);
        }
    }

    fn end(&mut self, at: usize, state: OrderState) -> Outcome {
        self.orders[at].state = state;
        self.orders[at].holds = false;
        Outcome::Done
    }

    fn step(&mut self, at: usize, from: &[OrderState], to: OrderState) -> Outcome {
        if !from.contains(&self.orders[at].state) {
            return Outcome::Refused;
        }
        self.orders[at].state = to;
        Outcome::Done
    }
}
