//! Cash in carriers' hands beside the books and the hand-overs.

use super::Checked;
use crate::domain::door::HandOverState;
use crate::domain::id::{AccountId, CooperativeId, JournalId};
use crate::domain::ledger::LedgerKind;
use crate::domain::money::Money;
use crate::store::carrying::CarrierCash;
use crate::store::cash_hand_over::HandOver;
use crate::store::conn::Conn;
use crate::store::error::StoreResult;
use crate::store::schema::{carrier_cash, cash_hand_over, journal, posting};
use diesel::prelude::*;

fn sum(amounts: impl Iterator<Item = Money>) -> Money {
    Money::sum(amounts).unwrap_or_default()
}

/// A journal's postings on cash in hands, beside whose hands they are.
#[derive(Debug, Clone)]
pub struct JournalHands {
    pub id: JournalId,
    pub posted: Money,
    pub in_hands: Money,
}

impl Checked for JournalHands {
    fn key(&self) -> String {
        self.id.to_string()
    }
}

impl JournalHands {
    pub fn trouble(&self) -> Option<String> {
        let Self { id, posted, in_hands } = self;
        (posted != in_hands)
            .then(|| format!("journal {id} moves {posted} of cash in hands, and people hold {in_hands}"))
    }
}

pub fn list_journal_hands(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<JournalHands>> {
    let ids: Vec<JournalId> =
        journal::table.filter(journal::id.gt(after)).order(journal::id).limit(most).select(journal::id).load(conn)?;
    let posted: Vec<(JournalId, Money)> = posting::table
        .filter(posting::journal_id.eq_any(&ids))
        .filter(posting::kind.eq(LedgerKind::CashWithCarrier))
        .select((posting::journal_id, posting::amount_vnd))
        .load(conn)?;
    let held: Vec<(JournalId, Money)> = carrier_cash::table
        .filter(carrier_cash::journal_id.eq_any(&ids))
        .select((carrier_cash::journal_id, carrier_cash::amount_vnd))
        .load(conn)?;
    let of = |rows: &[(JournalId, Money)], id: &JournalId| {
        sum(rows.iter().filter(|(journal, _)| journal == id).map(|(_, amount)| *amount))
    };
    let row = |id: JournalId| JournalHands { posted: of(&posted, &id), in_hands: of(&held, &id), id };
    Ok(ids.into_iter().map(row).collect())
}

/// One carrier's cash beside the hand-overs.
#[derive(Debug, Clone)]
pub struct Hands {
    pub cooperative: CooperativeId,
    pub carrier: AccountId,
    /// Taken at doors and counters, less what was a mistake.
    pub taken: Money,
    /// What confirmed hand-overs settled.
    pub handed_in: Money,
    pub held: Money,
}

impl Checked for Hands {
    fn key(&self) -> String {
        format!("{}/{}", self.cooperative, self.carrier)
    }
}

impl Hands {
    pub fn trouble(&self) -> Option<String> {
        let Self { cooperative, carrier, taken, handed_in, held } = self;
        let left = taken.minus(*handed_in).unwrap_or_default();
        let words = format!("carrier {carrier} of {cooperative} took {taken}, handed in {handed_in} and holds {held}");
        (left != *held || *held < Money::ZERO).then_some(words)
    }
}

pub fn list_hands(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<Hands>> {
    let (after_cooperative, after_carrier) = after.split_once('/').unwrap_or_default();
    let of_same = carrier_cash::cooperative_id.eq(after_cooperative).and(carrier_cash::carrier_id.gt(after_carrier));
    let people: Vec<(CooperativeId, AccountId)> = carrier_cash::table
        .filter(carrier_cash::cooperative_id.gt(after_cooperative).or(of_same))
        .group_by((carrier_cash::cooperative_id, carrier_cash::carrier_id))
        .order((carrier_cash::cooperative_id, carrier_cash::carrier_id))
        .limit(most)
        .select((carrier_cash::cooperative_id, carrier_cash::carrier_id))
        .load(conn)?;
    let mut rows = Vec::new();
    for (cooperative, carrier) in people {
        let cash: Vec<CarrierCash> = carrier_cash::table
            .filter(carrier_cash::cooperative_id.eq(&cooperative))
            .filter(carrier_cash::carrier_id.eq(&carrier))
            .select(CarrierCash::as_select())
            .load(conn)?;
        let handed_in: Vec<Money> = cash_hand_over::table
            .filter(cash_hand_over::cooperative_id.eq(&cooperative))
            .filter(cash_hand_over::carrier_id.eq(&carrier))
            .filter(cash_hand_over::state.eq(HandOverState::Confirmed))
            .select(cash_hand_over::covers_vnd)
            .load(conn)?;
        rows.push(Hands {
            taken: sum(cash.iter().filter(|row| row.order_id.is_some()).map(|row| row.amount_vnd)),
            handed_in: sum(handed_in.into_iter()),
            held: sum(cash.iter().map(|row| row.amount_vnd)),
            cooperative,
            carrier,
        });
    }
    Ok(rows)
}

/// A hand-over beside its entries.
#[derive(Debug, Clone)]
pub struct HandOverSums {
    pub hand_over: HandOver,
    /// What its journals moved: into the till, out of hands, as a difference.
    pub till: Money,
    pub hands: Money,
    pub difference: Money,
    pub journals: usize,
}

impl Checked for HandOverSums {
    fn key(&self) -> String {
        self.hand_over.id.to_string()
    }
}

impl HandOverSums {
    pub fn trouble(&self) -> Option<String> {
        let row = &self.hand_over;
        let (counted, journals) = match row.state {
            HandOverState::Said | HandOverState::Withdrawn => (None, 0),
            HandOverState::Confirmed => (row.counted_vnd, 1),
            HandOverState::Undone => (None, 2),
        };
        let covers = if counted.is_some() { row.covers_vnd } else { Money::ZERO };
        let counted = counted.unwrap_or_default();
        let difference = covers.minus(counted).unwrap_or_default();
        let holds = self.till == counted
            && Ok(self.hands) == covers.negated()
            && self.difference == difference
            && self.journals == journals;
        (!holds).then(|| {
            let (till, hands) = (self.till, self.hands);
            format!("hand-over {} is {}, its entries move {till} into the till and {hands} in hands", row.id, row.state)
        })
    }
}

pub fn list_hand_overs(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<HandOverSums>> {
    let rows: Vec<HandOver> = cash_hand_over::table
        .filter(cash_hand_over::id.gt(after))
        .order(cash_hand_over::id)
        .limit(most)
        .select(HandOver::as_select())
        .load(conn)?;
    let journals: Vec<JournalId> =
        rows.iter().flat_map(|row| [row.journal_id.clone(), row.undo_journal_id.clone()]).flatten().collect();
    let mut lines: Vec<(JournalId, LedgerKind, Money)> = Vec::new();
    for chunk in journals.chunks(500) {
        let query = posting::table.filter(posting::journal_id.eq_any(chunk));
        lines.extend(query.select((posting::journal_id, posting::kind, posting::amount_vnd)).load::<(
            JournalId,
            LedgerKind,
            Money,
        )>(conn)?);
    }
    let with_sums = |hand_over: HandOver| {
        let mine = [hand_over.journal_id.as_ref(), hand_over.undo_journal_id.as_ref()];
        let of = |kind: LedgerKind| {
            let is_mine = |line: &&(JournalId, LedgerKind, Money)| line.1 == kind && mine.contains(&Some(&line.0));
            sum(lines.iter().filter(is_mine).map(|(_, _, amount)| *amount))
        };
        HandOverSums {
            till: of(LedgerKind::Cash),
            hands: of(LedgerKind::CashWithCarrier),
            difference: of(LedgerKind::CashDifference),
            journals: mine.into_iter().flatten().count(),
            hand_over,
        }
    };
    Ok(rows.into_iter().map(with_sums).collect())
}
