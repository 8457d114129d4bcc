//! A bank's statement, brought by the accountant as a file: read, looked at, and taken in by one press. Each line goes the way of a
//! webhook's message, as proof of another grade; twice is once. Knows no form and no file format.

use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::paying::{keep_for_people, take_message};
use super::same_money::{Taken, Telling, compared};
use super::who::Seller;
use crate::domain::account::MemberRole;
use crate::domain::bank_message::{BankMessage, Direction};
use crate::domain::id::{BankAccountId, BankEventId, StatementId, hex};
use crate::domain::memo;
use crate::domain::money::Money;
use crate::domain::payment::{ProofGrade, natural_key};
use crate::domain::refusal::Refusal;
use crate::domain::same_money::{Channel, Telling as Compared, first_telling};
use crate::domain::statement::{self, Checked, Line, NotAStatement, Statement};
use crate::domain::time::{At, Day};
use crate::failpoint::{self, Failpoint};
use crate::gateway::table_file::{self, NotATable};
use crate::store::bank::{BankAccount, BankEvent};
use crate::store::statement::StatementRow;
use crate::store::told::Told;
use crate::store::{self, Conn};
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Movements that one write takes in: it stays far below the 50 ms that a write may hold others up.
const AT_ONCE: usize = 10;
/// Movements of an account that a look compares with.
const MOST_COMPARED: i64 = 50_000;
/// Statements that the page lists.
const MOST_LISTED: i64 = 10;

/// What became of movements that were taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Nobody had told of them.
    pub fresh: usize,
    /// The same money stood here by another way.
    pub same: usize,
    /// Told before by this way.
    pub seen: usize,
}

impl Counts {
    fn add(&mut self, taken: Taken) {
        let count = match taken {
            Taken::Fresh => &mut self.fresh,
            Taken::Same => &mut self.same,
            Taken::Seen => &mut self.seen,
        };
        *count = count.saturating_add(1);
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            fresh: self.fresh.saturating_add(other.fresh),
            same: self.same.saturating_add(other.same),
            seen: self.seen.saturating_add(other.seen),
        }
    }
}

/// A statement as it would be taken in now.
#[derive(Debug, Clone)]
pub struct Preview {
    pub id: StatementId,
    pub file_name: String,
    pub account: BankAccount,
    pub statement: Statement,
    pub checked: Checked,
    /// What would become of each line, in their order.
    pub fates: Vec<Taken>,
    pub taken_at: Option<At>,
    /// Its lines are no longer kept here; what was taken in of them stands in the books.
    pub is_forgotten: bool,
}

impl Preview {
    pub fn counts(&self) -> Counts {
        self.fates.iter().fold(Counts::default(), |mut counts, fate| {
            counts.add(*fate);
            counts
        })
    }
}

/// A statement in the page's list.
#[derive(Debug, Clone)]
pub struct Brought {
    pub id: StatementId,
    pub file_name: String,
    pub made_at: At,
    pub taken_at: Option<At>,
}

fn may_touch_money(seller: &Seller) -> Result<(), ServiceError> {
    if seller.may(MemberRole::Accountant) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// The accounts that a statement may be of, and the statements brought so far.
pub async fn list_statements(kit: &Kit, seller: &Seller) -> Result<(Vec<BankAccount>, Vec<Brought>), ServiceError> {
    may_touch_money(seller)?;
    let cooperative = seller.cooperative.clone();
    kit.db
        .read(move |conn| {
            let accounts = store::statement::list_accounts(conn, &cooperative)?;
            let rows = store::statement::list_newest(conn, &cooperative, MOST_LISTED)?;
            let brought = |(id, file_name, made_at, taken_at)| Brought { id, file_name, made_at, taken_at };
            Ok((accounts, rows.into_iter().map(brought).collect()))
        })
        .await
}

/// Accounts of this number, or of the opaque id in a webhook's address.
pub async fn find_accounts(kit: &Kit, name: &str) -> Result<Vec<BankAccount>, ServiceError> {
    let name = name.to_owned();
    kit.db.read(move |conn| Ok::<_, ServiceError>(store::statement::list_accounts_named(conn, &name)?)).await
}

/// Reads a file for a look. The same file once more is the same statement.
pub async fn bring_statement(
    kit: &Kit,
    seller: &Seller,
    account: Option<BankAccountId>,
    file_name: &str,
    bytes: Vec<u8>,
) -> Result<StatementId, ServiceError> {
    may_touch_money(seller)?;
    let cooperative = seller.cooperative.clone();
    let accounts =
        kit.db.read(move |conn| Ok::<_, ServiceError>(store::statement::list_accounts(conn, &cooperative)?)).await?;
    let chosen = accounts.into_iter().find(|own| account.as_ref().is_none_or(|asked| own.id == *asked));
    let account = chosen.ok_or_else(|| {
        ServiceError::refused(
            Refusal::new("refusal-no-account").with("cooperative", &seller.cooperative_name).about("account"),
        )
    })?;
    let hash = hex(&Sha256::digest(&bytes));
    let statement = read_file(&account, bytes).await?;
    let row = StatementRow {
        id: StatementId::new(kit.now(), kit.ten()),
        cooperative_id: account.cooperative_id.clone(),
        bank_account_id: account.id.clone(),
        file_name: file_name.chars().filter(|c| !c.is_control()).take(120).collect(),
        file_hash: hash,
        content: serde_json::to_string(&statement).map_err(ServiceError::broken)?,
        made_at: kit.now(),
        made_by: Some(seller.account.clone()),
        taken_at: None,
        taken_by: None,
    };
    kit.db
        .write(move |conn| match store::statement::insert_new(conn, &row)? {
            Told::Fresh => Ok(row.id.clone()),
            Told::Seen => {
                let there = store::statement::find_by_hash(conn, &row.bank_account_id, &row.file_hash)?;
                let there = there.ok_or(ServiceError::NotFound)?;
                if there.content.is_empty() {
                    store::statement::put_content(conn, &there.id, &row.content, row.made_at)?;
                }
                Ok(there.id)
            }
        })
        .await
}

/// A file as a statement of this account.
///
/// # Errors
/// `Refused` with the sentence for whoever brought it.
pub async fn read_file(account: &BankAccount, bytes: Vec<u8>) -> Result<Statement, ServiceError> {
    let refuse = |key: &str| ServiceError::refused(Refusal::new(key).about("file"));
    let read = tokio::task::spawn_blocking(move || table_file::read(&bytes).map(|rows| statement::read(&rows)));
    let read = read.await.map_err(ServiceError::broken)?;
    let statement = match read {
        Ok(Ok(statement)) => statement,
        Ok(Err(NotAStatement::NoHeader)) => return Err(refuse("refusal-statement-header")),
        Ok(Err(NotAStatement::Empty)) | Err(NotATable::Empty) => return Err(refuse("refusal-statement-empty")),
        Err(NotATable::TooLarge | NotATable::TooLong) => return Err(refuse("refusal-statement-large")),
        Err(NotATable::OtherKind) => return Err(refuse("refusal-statement-kind")),
        Err(NotATable::Damaged) => return Err(refuse("refusal-statement-damaged")),
    };
    if statement.is_of_another(&account.account_number) {
        let named = statement.account.as_deref().unwrap_or_default();
        let refusal =
            Refusal::new("refusal-statement-account").with("named", named).with("ours", &account.account_number);
        return Err(ServiceError::refused(refusal.about("file")));
    }
    Ok(statement)
}

/// What taking a statement in would do, now.
pub async fn show_statement(kit: &Kit, seller: &Seller, id: &StatementId) -> Result<Preview, ServiceError> {
    may_touch_money(seller)?;
    let (cooperative, id) = (seller.cooperative.clone(), id.clone());
    kit.db
        .read(move |conn| {
            let row = store::statement::get_own(conn, &cooperative, &id)?;
            let account = store::bank::get_account(conn, &row.bank_account_id)?;
            let is_forgotten = row.content.is_empty();
            let statement: Statement = match is_forgotten {
                true => Statement::default(),
                false => serde_json::from_str(&row.content).map_err(ServiceError::broken)?,
            };
            let fates = fates_of(conn, &account, &statement.lines)?;
            Ok(Preview {
                checked: statement::check(&statement),
                id: row.id,
                file_name: row.file_name,
                taken_at: row.taken_at,
                is_forgotten,
                account,
                statement,
                fates,
            })
        })
        .await
}

/// «Nhập sao kê»: takes every line in. Pressed twice, it changes nothing.
pub async fn take_statement(kit: &Kit, seller: &Seller, id: &StatementId) -> Result<Counts, ServiceError> {
    let preview = show_statement(kit, seller, id).await?;
    let counts = take_lines(kit, &preview.account, &preview.statement.lines).await?;
    let (by, id, now) = (seller.account.clone(), preview.id, kit.now());
    kit.db
        .write(move |conn| {
            store::statement::mark_taken(conn, &id, Some(&by), now)?;
            Ok::<_, ServiceError>(())
        })
        .await?;
    Ok(counts)
}

/// Takes lines of a statement in, as movements of this account.
pub async fn take_lines(kit: &Kit, account: &BankAccount, lines: &[Line]) -> Result<Counts, ServiceError> {
    let messages = lines.iter().map(|line| line.as_message(id_of(&account.id, line))).collect();
    take_movements(kit, account, messages, ProofGrade::Statement).await
}

/// The line's own id: the same in whatever file it stands.
fn id_of(account: &BankAccountId, line: &Line) -> String {
    format!("statement:{}", hex(&Sha256::digest(format!("{account}|{}", line.identity()))))
}

/// Takes movements in that were not sent by a webhook, a few at a time. Each is stored once, whatever was taken before.
pub(super) async fn take_movements(
    kit: &Kit,
    account: &BankAccount,
    messages: Vec<BankMessage>,
    grade: ProofGrade,
) -> Result<Counts, ServiceError> {
    let (account, messages) = (Arc::new(account.clone()), Arc::new(messages));
    let mut counts = Counts::default();
    let mut from = 0_usize;
    while from < messages.len() {
        let until = from.saturating_add(AT_ONCE).min(messages.len());
        match take_some(kit, &account, &messages, from..until, grade, take_message).await {
            Ok(taken) => taken.into_iter().for_each(|taken| counts.add(taken)),
            Err(error @ ServiceError::Unavailable { .. }) => return Err(error),
            // One of them cannot be decided for a fault of ours: a person has to, the others go their way.
            Err(error) => {
                tracing::error!(%error, "movements of an account could not be taken in together");
                for at in from..until {
                    let one = at..at.saturating_add(1);
                    let taken = match take_some(kit, &account, &messages, one.clone(), grade, take_message).await {
                        Ok(taken) => taken,
                        Err(_) => take_some(kit, &account, &messages, one, grade, keep_for_people).await?,
                    };
                    taken.into_iter().for_each(|taken| counts.add(taken));
                }
            }
        }
        from = until;
        failpoint::pass(Failpoint::StatementHalf);
    }
    Ok(counts)
}

type Take = fn(&mut Conn, &super::draw::Run, &BankAccount, &BankMessage, Telling<'_>) -> Result<Taken, ServiceError>;

async fn take_some(
    kit: &Kit,
    account: &Arc<BankAccount>,
    messages: &Arc<Vec<BankMessage>>,
    which: std::ops::Range<usize>,
    grade: ProofGrade,
    take: Take,
) -> Result<Vec<Taken>, ServiceError> {
    let (draw, account, messages) = (Draw::new(kit), Arc::clone(account), Arc::clone(messages));
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            // The same row that a webhook holds: the same money from two sides meets here.
            store::statement::lock_account(conn, &account.id)?;
            let some = messages.iter().skip(which.start).take(which.len());
            some.map(|message| take(conn, &run, &account, message, Telling { grade, raw: None })).collect()
        })
        .await
}

/// What would become of lines: the rule of `same_money` over what stands here, as if they were taken in one by one.
fn fates_of(conn: &mut Conn, account: &BankAccount, lines: &[Line]) -> Result<Vec<Taken>, ServiceError> {
    let ids: Vec<String> = lines.iter().map(|line| id_of(&account.id, line)).collect();
    let mut known: HashSet<String> = HashSet::new();
    for chunk in ids.chunks(500) {
        known.extend(store::statement::list_known_lines(conn, &account.id, chunk)?);
    }
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(Vec::new()) };
    let span = (first.day.at_minute(0), last.day.plus_days(1).at_minute(0));
    let events = store::statement::list_between(conn, &account.id, span, MOST_COMPARED)?;
    let mut told = by_sum(&events, compared(conn, &events)?);
    let mut words = store::bank::list_by_hand(conn, &account.cooperative_id, 500)?;
    words.retain(|word| word.bank_account_id == account.id);
    let mut fates = Vec::new();
    for (n, (line, id)) in lines.iter().zip(ids).enumerate() {
        if known.contains(&id) {
            fates.push(Taken::Seen);
            continue;
        }
        let mut new = as_told(account, line, n);
        let like = told.entry((line.amount, line.direction, line.day)).or_default();
        new.first = first_telling(&new, like).cloned();
        let confirms = || words.iter().position(|word| line.direction == Direction::In && is_the_word(word, line));
        let fate = match (new.first.is_some(), confirms()) {
            (true, _) => Taken::Same,
            (false, Some(at)) => {
                words.remove(at);
                Taken::Same
            }
            (false, None) => Taken::Fresh,
        };
        like.push(new);
        fates.push(fate);
    }
    Ok(fates)
}

fn is_the_word(word: &BankEvent, line: &Line) -> bool {
    let codes = memo::candidates(&line.text);
    word.amount_vnd == line.amount && codes.len() == 1 && memo::candidates(&word.memo) == codes
}

fn as_told(account: &BankAccount, line: &Line, n: usize) -> Compared {
    let message = line.as_message(String::new());
    let [.., a, b, c, d] = n.to_be_bytes();
    Compared {
        // Of this look only.
        id: BankEventId::new(message.booked_at, [0, 0, 0, 0, 0, 0, a, b, c, d]),
        channel: Channel::Statement,
        natural_key: natural_key(&account.account_number, &message),
        // A statement is of one account.
        other_account: None,
        booked_at: message.booked_at,
        balance: line.balance,
        memo: message.memo,
        description: message.description,
        first: None,
    }
}

type BySum = HashMap<(Money, Direction, Day), Vec<Compared>>;

fn by_sum(events: &[BankEvent], told: Vec<Compared>) -> BySum {
    let sums: HashMap<&BankEventId, (Money, Direction, Day)> =
        events.iter().map(|event| (&event.id, (event.amount_vnd, event.direction, event.booked_at.day()))).collect();
    // In the order in which they were told, as `find_first` sees them.
    let received: HashMap<&BankEventId, At> = events.iter().map(|event| (&event.id, event.received_at)).collect();
    let mut grouped: BySum = HashMap::new();
    for telling in told {
        if let Some(sum) = sums.get(&telling.id) {
            grouped.entry(*sum).or_default().push(telling);
        }
    }
    for like in grouped.values_mut() {
        like.sort_by_key(|telling| (received.get(&telling.id).copied(), telling.id.clone()));
    }
    grouped
}
