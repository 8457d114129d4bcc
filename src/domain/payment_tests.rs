//! The table of decisions, row by row (payments facts §4.2 and the contract's own rows), each by its name.

use super::*;
use crate::domain::other_money::{RuleKind, plain};
use crate::domain::time::At;

const DUE: i64 = 100_000;

fn message(amount: i64) -> BankMessage {
    BankMessage {
        provider_event_id: "1".into(),
        direction: Direction::In,
        amount: Money(amount),
        memo: String::new(),
        description: String::new(),
        reference_code: "FT1".into(),
        account_number: "1017588888".into(),
        virtual_account: None,
        counter_name: Some("CTY PHAN BON".into()),
        counter_account: None,
        link_number: None,
        booked_at: At::from_unix_seconds(1_795_400_000),
        stale: false,
        ping: false,
        balance_after: None,
    }
}

fn id(n: u8) -> OrderId {
    OrderId::new(At::from_unix_seconds(0), [n; 10])
}

fn code(text: &str) -> OrderCode {
    text.parse().expect("a code")
}

fn hit() -> Hit {
    Hit {
        order: id(1),
        code: code("HT7K2M9QA"),
        state: OrderState::AwaitingPayment,
        total: Money(DUE),
        due: Money(DUE),
        other_account: false,
        sends_back: None,
    }
}

fn rule(text: &str) -> Rule {
    Rule { id: OtherMoneyRuleId::new(At::from_unix_seconds(0), [9; 10]), kind: RuleKind::Payer, text: plain(text) }
}

fn lets_go(vnd: i64) -> House {
    House { lets_go: Money(vnd), rules: Vec::new() }
}

type Row = (&'static str, BankMessage, Vec<Hit>, Vec<OrderCode>, House, Decision);

fn rows_of_one_order() -> Vec<Row> {
    let (order, none) = (id(1), House::default());
    let paid = Hit { due: Money::ZERO, state: OrderState::Placed, ..hit() };
    let rest = Hit { due: Money(40_000), ..hit() };
    let dead = |state| Hit { due: Money::ZERO, state, ..hit() };
    let late = || Decision::Late { order: id(1) };
    let row = |name, amount, hit: Hit, house: &House, decision| {
        (name, message(amount), vec![hit], Vec::new(), house.clone(), decision)
    };
    vec![
        row("exact", DUE, hit(), &none, Decision::Exact { order: order.clone() }),
        row("partial", 60_000, hit(), &none, Decision::Partial { order: order.clone(), missing: Money(40_000) }),
        row("the second part adds up", 40_000, rest, &none, Decision::Exact { order: order.clone() }),
        row("over", DUE + 1, hit(), &none, Decision::Over { order: order.clone(), excess: Money(1) }),
        row("late: expired", DUE, dead(OrderState::Expired), &none, late()),
        row("late: cancelled", DUE, dead(OrderState::Cancelled), &none, late()),
        row("late: declined", DUE, dead(OrderState::Declined), &none, late()),
        row("duplicate", DUE, paid, &none, Decision::Duplicate { order: order.clone() }),
        row(
            "wrong account",
            DUE,
            Hit { other_account: true, ..hit() },
            &none,
            Decision::WrongAccount { order: order.clone() },
        ),
        row(
            "small difference without a rule",
            DUE - 1,
            hit(),
            &none,
            Decision::Partial { order: order.clone(), missing: Money(1) },
        ),
        row(
            "small difference under the rule",
            DUE - 2_000,
            hit(),
            &lets_go(2_000),
            Decision::NearEnough { order: order.clone(), missing: Money(2_000) },
        ),
        row(
            "a difference above the rule",
            DUE - 2_001,
            hit(),
            &lets_go(2_000),
            Decision::Partial { order: order.clone(), missing: Money(2_001) },
        ),
        row(
            "no rule lets go more than its bound",
            DUE - 5_001,
            hit(),
            &lets_go(50_000),
            Decision::Partial { order: order.clone(), missing: Money(5_001) },
        ),
        row(
            "a small rest at the door is still owed",
            DUE - 1_000,
            Hit { state: OrderState::Delivered, ..hit() },
            &lets_go(2_000),
            Decision::Partial { order, missing: Money(1_000) },
        ),
    ]
}

fn rows_of_none_or_many() -> Vec<Row> {
    let none = House::default();
    let open = vec![code("HTABCDEFJ")];
    let ruled = House { rules: vec![rule("Cty Phân Bón")], ..House::default() };
    let second = Hit { order: id(2), code: code("HTABCDEFJ"), ..hit() };
    let both = Decision::TwoHits { candidates: vec![code("HT7K2M9QA"), code("HTABCDEFJ")] };
    let out = BankMessage { direction: Direction::Out, ..message(DUE) };
    let out_now = out.clone();
    let refund = RefundId::new(At::from_unix_seconds(0), [9; 10]);
    let owed = Hit { sends_back: Some(refund.clone()), state: OrderState::Expired, due: Money::ZERO, ..hit() };
    let dismissed = Decision::Dismissed { rule: rule("x").id };
    vec![
        (
            "unreadable, an open order of that amount",
            message(DUE),
            vec![],
            open.clone(),
            none.clone(),
            Decision::Unmatched { candidates: open.clone() },
        ),
        ("other money", message(DUE), vec![], vec![], none.clone(), Decision::OtherMoney),
        ("other money under a rule", message(DUE), vec![], vec![], ruled.clone(), dismissed),
        (
            "a rule never touches an open order's amount",
            message(DUE),
            vec![],
            open.clone(),
            ruled.clone(),
            Decision::Unmatched { candidates: open },
        ),
        (
            "a rule never touches a code of ours",
            message(DUE),
            vec![hit()],
            vec![],
            ruled.clone(),
            Decision::Exact { order: id(1) },
        ),
        ("two hits", message(DUE), vec![hit(), second.clone()], vec![], none.clone(), both.clone()),
        ("two hits under a rule", message(DUE), vec![hit(), second], vec![], ruled, both),
        ("outgoing", out.clone(), vec![], vec![], none.clone(), Decision::NotOurs),
        ("outgoing with an order's code", out, vec![hit()], vec![], none.clone(), Decision::NotOurs),
        (
            "an amount that nobody can read",
            message(0),
            vec![hit()],
            vec![],
            none.clone(),
            Decision::Unmatched { candidates: vec![code("HT7K2M9QA")] },
        ),
        (
            "outgoing as owed back",
            out_now.clone(),
            vec![owed.clone(), hit()],
            vec![],
            none.clone(),
            Decision::SentBack { order: id(1), refund },
        ),
        (
            "outgoing, owed back to two",
            out_now,
            vec![owed.clone(), Hit { order: id(2), ..owed }],
            vec![],
            none.clone(),
            Decision::NotOurs,
        ),
        ("a provider's test", BankMessage { ping: true, ..message(DUE) }, vec![hit()], vec![], none, Decision::Ping),
    ]
}

#[test]
fn each_row_of_the_table_decides_as_it_says() {
    for (name, message, hits, same_amount, house, expected) in [rows_of_one_order(), rows_of_none_or_many()].concat() {
        assert_eq!(decide(&message, &hits, &same_amount, &house), expected, "{name}");
    }
}

#[test]
fn only_what_the_machine_cannot_end_waits_for_a_person() {
    let waits: Vec<&str> = [rows_of_one_order(), rows_of_none_or_many()]
        .concat()
        .into_iter()
        .filter(|(.., decision)| decision.waits_for_person().is_some())
        .map(|(name, ..)| name)
        .collect();
    assert_eq!(
        waits,
        [
            "over",
            "late: expired",
            "late: cancelled",
            "late: declined",
            "duplicate",
            "wrong account",
            "unreadable, an open order of that amount",
            "a rule never touches an open order's amount",
            "two hits",
            "two hits under a rule",
            "an amount that nobody can read",
        ]
    );
}

#[test]
fn the_same_money_by_two_ways_has_one_natural_key_and_none_without_the_banks_number() {
    let (one, other) = (message(DUE), BankMessage { provider_event_id: "poll:7".into(), ..message(DUE) });
    let spelled = BankMessage { reference_code: " ft-1 ".into(), ..message(DUE) };
    let key = natural_key("1017588888", &one);
    assert!(key.is_some());
    assert_eq!(key, natural_key("1017588888", &other));
    assert_eq!(key, natural_key("1017588888", &spelled), "a statement spells it otherwise");
    for different in [
        BankMessage { amount: Money(DUE + 1), ..message(DUE) },
        BankMessage { direction: Direction::Out, ..message(DUE) },
        BankMessage { reference_code: "FT2".into(), ..message(DUE) },
        BankMessage { booked_at: one.booked_at.plus_seconds(86_400), ..message(DUE) },
    ] {
        assert_ne!(key, natural_key("1017588888", &different));
    }
    assert_eq!(natural_key("1017588888", &BankMessage { reference_code: "--".into(), ..message(DUE) }), None);
}

#[test]
fn a_links_number_is_a_hint_for_a_memo_that_names_no_order() {
    assert_eq!(meant(vec![1], Some(2)), [1], "the memo goes before it");
    assert_eq!(meant(vec![1, 3], Some(1)), [1, 3], "two codes stay a person's");
    assert_eq!(meant(Vec::new(), Some(2)), [2]);
    assert_eq!(meant(Vec::<i32>::new(), None), Vec::<i32>::new());
}
