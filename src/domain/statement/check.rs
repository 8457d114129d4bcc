//! The sums of a statement: opening + in − out = closing, and every balance follows from the one before. Where it does not, a
//! row is missing.

use super::{Line, Statement};
use crate::domain::bank_message::Direction;
use crate::domain::money::Money;

/// What a statement adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    pub came: Money,
    pub went: Money,
    pub opening: Option<Money>,
    pub closing: Option<Money>,
    /// None when the bank writes no balances.
    pub adds_up: Option<bool>,
    /// The first line whose balance does not follow from the line before.
    pub breaks_at: Option<u32>,
}

/// Adds a statement up. Sums that no number holds count as not adding up.
pub fn check(statement: &Statement) -> Checked {
    let sum = |direction: Direction| {
        Money::sum(statement.lines.iter().filter(|line| line.direction == direction).map(|line| line.amount))
    };
    let (came, went) = (sum(Direction::In), sum(Direction::Out));
    let before = |line: &Line| line.balance.and_then(|balance| balance.minus(line.signed()).ok());
    let opening = statement.opening.or_else(|| statement.lines.first().and_then(before));
    let closing = statement.closing.or_else(|| statement.lines.last().and_then(|line| line.balance));
    let expected = match (opening, came, went) {
        (Some(opening), Ok(came), Ok(went)) => opening.plus(came).and_then(|sum| sum.minus(went)).ok(),
        _ => None,
    };
    Checked {
        came: came.unwrap_or_default(),
        went: went.unwrap_or_default(),
        opening,
        closing,
        adds_up: closing.filter(|_| opening.is_some()).map(|closing| expected == Some(closing)),
        breaks_at: first_break(&statement.lines),
    }
}

fn first_break(lines: &[Line]) -> Option<u32> {
    lines.windows(2).find_map(|pair| {
        let [before, after] = pair else { return None };
        let (Some(held), Some(holds)) = (before.balance, after.balance) else { return None };
        (held.plus(after.signed()) != Ok(holds)).then_some(after.line)
    })
}

/// Some banks write the newest first. Days say it; within one day the balances do; a stable sort by day heals the rest.
pub fn oldest_first(lines: &mut [Line]) {
    let follows = |lines: &[Line]| lines.windows(2).filter(|pair| first_break(pair).is_none()).count();
    let (first, last) = (lines.first().map(|line| line.day), lines.last().map(|line| line.day));
    let mut turned = lines.to_vec();
    turned.reverse();
    if last < first || (last == first && follows(&turned) > follows(lines)) {
        lines.reverse();
    }
    lines.sort_by_key(|line| line.day);
}
