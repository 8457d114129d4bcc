//! Payment links at payOS: for what an order owes now its provider makes a code, and that code is ours to show. Owed by the outbox;
//! each time what should stand is compared with what stands, so that a repetition, a crash or a missed turn ends alike. No page
//! waits for it: until payOS answers, and when it does not, the plain account is offered.

use super::bank_keys::live_secrets;
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::posting::balance;
use super::showing::TRANSFER_CEILING;
use crate::config::Secret;
use crate::domain::id::{BankAccountId, OrderId, PaymentLinkId};
use crate::domain::money::Money;
use crate::domain::order::OrderState;
use crate::domain::payment::PaymentLinkState;
use crate::domain::settlement;
use crate::domain::time::{At, Entropy as _};
use crate::gateway::bank::payos_links::{self, Channel, Made, NewLink, NoLink};
use crate::gateway::bank::poll::NotFetched;
use crate::store::bank::BankAccount;
use crate::store::order::Order;
use crate::store::pay_link::{LinkKey, Opened, PaymentLink};
use crate::store::{self, Conn};

/// The purpose of the sealed client id and API key.
pub const PURPOSE: &str = "link_key";
/// A link is asked after for the first time when its webhook could long have come, seconds.
pub const FIRST_LOOK_S: i64 = 180;
/// Numbers begin here: payOS's own sample is 123.
const FIRST_NUMBER: i64 = 1_000;

/// What is to be done at payOS for one order.
#[derive(Debug)]
struct Plan {
    account: BankAccount,
    key: LinkKey,
    /// Links to tell payOS the end of.
    end: Vec<PaymentLink>,
    /// The link that should be and has no code yet, and what it is for.
    make: Option<(PaymentLink, Order)>,
}

/// Why it is not done.
#[derive(Debug)]
pub enum NotKept {
    /// To be tried again.
    Later(String),
    Broken(ServiceError),
}

impl From<ServiceError> for NotKept {
    fn from(error: ServiceError) -> Self {
        NotKept::Broken(error)
    }
}

/// Sees to it that the link of an order asks for what is due now, or that there is none. The outbox's act: safe to repeat.
///
/// # Errors
/// `Later` when payOS did not answer. What payOS refuses is noted beside the keys and not tried again until something changes.
pub async fn keep_link(kit: &Kit, order: &OrderId) -> Result<(), NotKept> {
    // A demonstration touches nothing outside: its codes stay those of its accounts.
    if kit.config.is_demo {
        return Ok(());
    }
    // A second turn when payOS had a link of which we have no code: that one ends, another is made.
    for _turn in 0..3 {
        let Some(plan) = plan(kit, order).await? else { return Ok(()) };
        let channel = channel_of(kit, &plan.account, &plan.key)?;
        let (mut answer, mut missing) = ("ok", None);
        let asked = !plan.end.is_empty() || plan.make.is_some();
        for link in &plan.end {
            match payos_links::cancel(&channel, link.number, kit.now()).await {
                Ok(()) => ended(kit, &link.id).await?,
                Err(fault) => (answer, missing) = (fault.word(), Some(fault)),
            }
        }
        let mut again = false;
        if let Some((link, order)) = &plan.make {
            match make(kit, &channel, link, order).await? {
                Turn::Done => {}
                Turn::Again => again = true,
                Turn::Not(fault) => (answer, missing) = (fault.word(), Some(fault)),
            }
        }
        if asked && !again {
            note_answer(kit, &plan.account.id, answer).await?;
        }
        match missing {
            None if again => {}
            None => return Ok(()),
            // Asking again changes nothing: a person has to mend the keys, and setting them owes this anew.
            Some(NoLink::Not(NotFetched::KeyRefused) | NoLink::Refused { .. } | NoLink::OtherLink) => return Ok(()),
            Some(fault) => return Err(NotKept::Later(fault.to_string())),
        }
    }
    Err(NotKept::Later("payOS has links that we do not know".to_owned()))
}

/// What opens an account's channel.
pub fn channel_of(kit: &Kit, account: &BankAccount, key: &LinkKey) -> Result<Channel, ServiceError> {
    let open = |sealed: &str| kit.keys.open_text(PURPOSE, sealed).map(Secret::new).map_err(ServiceError::broken);
    Ok(Channel {
        base_url: kit.config.payos_api_url.clone(),
        client_id: open(&key.client_id_sealed)?,
        api_key: open(&key.api_key_sealed)?,
        checksum_keys: live_secrets(kit, account)?,
        timeout_ms: kit.config.bank_timeout_ms,
    })
}

/// What payOS answered last, for the account's page.
pub async fn note_answer(kit: &Kit, account: &BankAccountId, word: &'static str) -> Result<(), ServiceError> {
    let (id, now) = (account.clone(), kit.now());
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::pay_link::put_answer(conn, &id, now, word)?)).await
}

/// How much a link of this order should ask for now; none when there should be no link. Before an order is packed on delivery its sum
/// is not yet the last.
fn wanted(order: &Order, due: Money, now: At) -> Option<Money> {
    use OrderState::{AwaitingPayment, Delivered, OnTheWay, Packed};
    let asks = matches!(order.state_at(now), AwaitingPayment | Packed | OnTheWay | Delivered);
    (asks && due.is_positive()).then(|| due.min(TRANSFER_CEILING))
}

/// Compares what should stand with what stands, under the order's lock, and writes down what is to be done before it is done.
async fn plan(kit: &Kit, id: &OrderId) -> Result<Option<Plan>, ServiceError> {
    let (draw, id) = (Draw::new(kit), id.clone());
    kit.db.write(move |conn| plan_in(conn, &draw.fresh(), &id)).await
}

fn plan_in(conn: &mut Conn, run: &Run, id: &OrderId) -> Result<Option<Plan>, ServiceError> {
    let order = store::order::lock(conn, id)?;
    let Some(account) = &order.bank_account_id else { return Ok(None) };
    let Some(key) = store::pay_link::find_key(conn, account)? else { return Ok(None) };
    let account = store::bank::get_account(conn, account)?;
    let money = balance(conn, &order.id)?;
    let due = settlement::due(order.state_at(run.now), order.total_vnd, money)?;
    let wanted = wanted(&order, order.asks(due, money.received), run.now);
    let (mut end, mut stands) = (Vec::new(), None);
    for link in store::pay_link::list_unended(conn, &order.id)? {
        let has_run_out = link.expires_at.is_some_and(|at| at <= run.now);
        let fits = link.state != PaymentLinkState::Ending && Some(link.amount_vnd) == wanted && !has_run_out;
        if fits {
            stands = Some(link);
            continue;
        }
        if store::pay_link::mark_ending(conn, &link.id)?.moved() {
            store::change::insert(conn, "order", order.id.as_text(), run.now)?;
        }
        end.push(link);
    }
    let link = match (stands, wanted) {
        (None, Some(amount)) => {
            let link = new_link(run, &order, &account, amount);
            store::pay_link::insert(conn, &link)?;
            Some(link)
        }
        (stands, _) => stands,
    };
    let make = link.filter(|link| link.state == PaymentLinkState::Asked).map(|link| (link, order));
    Ok(Some(Plan { account, key, end, make }))
}

fn new_link(run: &Run, order: &Order, account: &BankAccount, amount: Money) -> PaymentLink {
    let is_held = order.state == OrderState::AwaitingPayment;
    PaymentLink {
        id: PaymentLinkId::new(run.now, run.ten()),
        cooperative_id: order.cooperative_id.clone(),
        bank_account_id: account.id.clone(),
        order_id: order.id.clone(),
        number: number(run),
        amount_vnd: amount,
        state: PaymentLinkState::Asked,
        link_id: None,
        qr_payload: None,
        account_number: None,
        holder_name: None,
        // A hold is renewed while its page is open, at most until then.
        expires_at: order.renewed_until.max(order.expires_at).filter(|_| is_held),
        made_at: run.now,
        ended_at: None,
        poll_at: None,
    }
}

/// A number that no other link of a channel has: 51 random bits, so that a market restored from a backup does not meet its own.
fn number(run: &Run) -> i64 {
    let mut bytes = [0; 8];
    run.fill(&mut bytes);
    i64::try_from(u64::from_be_bytes(bytes) >> 13_u32).unwrap_or(0).saturating_add(FIRST_NUMBER)
}

/// What became of making a link.
enum Turn {
    Done,
    /// payOS has it and gave us no code: plan once more.
    Again,
    Not(NoLink),
}

async fn make(kit: &Kit, channel: &Channel, link: &PaymentLink, order: &Order) -> Result<Turn, ServiceError> {
    // The address opens nothing: the key of an order's page is nobody's but the buyer's.
    let address = format!("{}/don/{}", kit.config.base_url, order.code);
    let new = NewLink {
        number: link.number,
        amount: link.amount_vnd,
        description: order.code.to_string(),
        return_url: address.clone(),
        cancel_url: address,
        expires_at: link.expires_at,
    };
    match payos_links::create(channel, &new).await {
        Ok(made) => opened(kit, channel, link, made).await,
        // It stands there from a turn whose answer was lost. What payOS tells of a link (`PaymentLink` of @payos/node 2.0.5) holds neither
        // its code nor its account nor its words, so there is nothing to show: it ends, and another is made. What was paid through it is heard.
        Err(NoLink::Refused { code }) => match payos_links::find(channel, link.number, kit.now()).await {
            Ok(_) => {
                give_up(kit, &link.id).await?;
                Ok(Turn::Again)
            }
            Err(NoLink::Refused { .. }) => {
                ended(kit, &link.id).await?;
                Ok(Turn::Not(NoLink::Refused { code }))
            }
            Err(fault) => Ok(Turn::Not(fault)),
        },
        Err(NoLink::OtherLink) => {
            // Nobody shall pay through it. Should payOS not end it now, the next turn does.
            give_up(kit, &link.id).await?;
            if payos_links::cancel(channel, link.number, kit.now()).await.is_ok() {
                ended(kit, &link.id).await?;
            }
            Ok(Turn::Not(NoLink::OtherLink))
        }
        Err(fault) => Ok(Turn::Not(fault)),
    }
}

/// Its code is shown from now on; a link that was given up meanwhile is ended at once.
async fn opened(kit: &Kit, channel: &Channel, link: &PaymentLink, made: Made) -> Result<Turn, ServiceError> {
    let (id, order, now) = (link.id.clone(), link.order_id.clone(), kit.now());
    let is_open = kit
        .db
        .write(move |conn| {
            let opened = Opened {
                link_id: &made.link_id,
                qr_payload: &made.qr_payload,
                account_number: &made.account_number.to_ascii_uppercase(),
                holder_name: made.holder_name.as_deref(),
                poll_at: now.plus_seconds(FIRST_LOOK_S),
            };
            let mark = store::pay_link::mark_open(conn, &id, &opened)?;
            store::change::insert(conn, "order", order.as_text(), now)?;
            Ok::<_, ServiceError>(mark.moved())
        })
        .await?;
    if is_open {
        return Ok(Turn::Done);
    }
    match payos_links::cancel(channel, link.number, kit.now()).await {
        Ok(()) => Ok(Turn::Done),
        Err(fault) => Ok(Turn::Not(fault)),
    }
}

async fn give_up(kit: &Kit, link: &PaymentLinkId) -> Result<(), ServiceError> {
    let id = link.clone();
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::pay_link::mark_given_up(conn, &id)?)).await?;
    Ok(())
}

/// It has ended at payOS. Money may be under way: it is asked after once more.
async fn ended(kit: &Kit, link: &PaymentLinkId) -> Result<(), ServiceError> {
    let (id, now) = (link.clone(), kit.now());
    let look = Some(now.plus_seconds(FIRST_LOOK_S));
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::pay_link::mark_ended(conn, &id, now, look)?)).await?;
    Ok(())
}
