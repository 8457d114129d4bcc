//! Runs planned purchases through the services, each act at its own time: placing, paying as a bank would tell it or by hand,
//! saying yes or no, weighing, packing, sending, delivering. Knows scripts; what stands in them is planned elsewhere.

use super::chance::{AT_ONCE, Stage, together};
use super::shelves::{LotPlan, Shelf, open_lot};
use super::shops::Shop;
use super::tables::text;
use crate::domain::bank_message::BankProvider;
use crate::domain::id::{AccountId, OrderId, OrderLineId, PurchaseId};
use crate::domain::money::Money;
use crate::domain::quantity::Base;
use crate::domain::time::At;
use crate::gateway::bank::{Headers, Movement, compose};
use crate::service::checkout::RawCheckout;
use crate::service::coach::{self, LegSaid};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::kit::Kit;
use crate::service::money_list::{self, Resolution};
use crate::service::ordering::{self, Ordering};
use crate::service::who::Seller;
use crate::service::{bank_keys, ending, handling, paying, posting};
use crate::store::order::Order;
use crate::store::{self, Conn};
use futures_util::TryStreamExt as _;
use futures_util::future::try_join_all;
use futures_util::stream::FuturesOrdered;
use std::collections::{HashMap, HashSet};
use tokio::sync::{Semaphore, watch};

/// Refusals that say that others were there before.
const TOO_LITTLE: [&str; 2] = ["refusal-short", "refusal-sold-out"];

/// Something that happens to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// What is due and so much more or less, as the bank tells it; by hand where no bank tells anything.
    Pay {
        more_vnd: i64,
    },
    /// Half of what is due.
    PayHalf,
    Confirm,
    /// «Cân xong» where goods go by true weight: the weight in thousandths of what was ordered.
    Weigh {
        permille: i64,
    },
    Pack,
    Send,
    Deliver,
    Cash,
    Close,
    Expire,
    Cancel,
    /// A key of `texts.csv`.
    Decline(&'static str),
    /// Money owed back is sent back.
    SendBack,
    /// Too much was paid: seen, and settled between people.
    Seen,
}

/// What will be done to one order, in time.
pub type Script = Vec<(At, Act)>;

/// A purchase to be.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Names its acts; no other purchase has it.
    pub mark: String,
    pub at: At,
    pub raw: RawCheckout,
    pub account: Option<AccountId>,
    /// One a cooperative: its place among the shops, and what happens.
    pub scripts: Vec<(usize, Script)>,
    /// Places of its products among the shelves.
    pub shelves: Vec<usize>,
    /// Lots of these shelves that were brought since the purchase before.
    pub lots: Vec<LotPlan>,
}

/// An order that has been placed.
#[derive(Debug, Clone)]
pub struct Standing {
    pub order: Order,
    pub shop: usize,
    pub mark: String,
    script: Script,
}

/// Lives every purchase up to the present. Each waits for the earlier ones that want one of its products, and for nobody else.
///
/// # Errors
/// The first act's that was refused; what was begun is not taken back.
pub async fn live(
    stage: &Stage,
    shops: &[Shop],
    shelves: &[Shelf],
    planned: &[Planned],
) -> ServiceResult<Vec<Standing>> {
    let lived: Vec<watch::Sender<bool>> = planned.iter().map(|_| watch::Sender::new(false)).collect();
    let mut last: HashMap<usize, &watch::Sender<bool>> = HashMap::new();
    let at_once = Semaphore::new(AT_ONCE);
    let mut lives = FuturesOrdered::new();
    for (one, over) in planned.iter().zip(&lived) {
        let before = one.shelves.iter().filter_map(|shelf| last.insert(*shelf, over));
        let others = before.filter(|earlier| !std::ptr::eq(*earlier, over));
        let mut before: Vec<watch::Receiver<bool>> = others.map(watch::Sender::subscribe).collect();
        let at_once = &at_once;
        lives.push_back(async move {
            for earlier in &mut before {
                earlier.wait_for(|is_over| *is_over).await.map_err(ServiceError::broken)?;
            }
            let _turn = at_once.acquire().await.map_err(ServiceError::broken)?;
            let orders = live_one(stage, shops, shelves, one).await?;
            over.send_replace(true);
            Ok::<_, ServiceError>(orders)
        });
    }
    let orders: Vec<Vec<Standing>> = lives.try_collect().await?;
    Ok(orders.into_iter().flatten().collect())
}

async fn live_one(stage: &Stage, shops: &[Shop], shelves: &[Shelf], one: &Planned) -> ServiceResult<Vec<Standing>> {
    together(one.lots.iter().map(|plan| open_lot(stage, shops, shelves, plan))).await?;
    let Some(placed) = place(stage, one).await? else { return Ok(Vec::new()) };
    let orders = standing(stage, shops, one, placed).await?;
    try_join_all(orders.iter().map(|order| act_out(stage, shops, order))).await?;
    Ok(orders)
}

async fn act_out(stage: &Stage, shops: &[Shop], order: &Standing) -> ServiceResult<()> {
    for (step, (at, act)) in order.script.iter().enumerate().filter(|(_, (at, _))| *at <= stage.now) {
        if !perform(stage, shops, order, step, *at, act).await? {
            break;
        }
    }
    Ok(())
}

/// Nothing where too little was left that day: then nobody bought.
async fn place(stage: &Stage, one: &Planned) -> ServiceResult<Option<PurchaseId>> {
    let kit = stage.at(one.at, &format!("place-{}", one.mark));
    let ordering =
        Ordering { key: format!("past:{}", one.mark), language: "vi".to_owned(), account: one.account.clone() };
    let placed = ordering::place_order(&kit, &one.raw, &ordering).await;
    match placed {
        Ok(placed) => Ok(Some(placed.purchase)),
        Err(ServiceError::Changed(why)) if why.iter().all(|no| TOO_LITTLE.contains(&no.key.as_str())) => Ok(None),
        Err(error) => Err(ServiceError::broken(format!("{}: {error}", one.mark))),
    }
}

async fn standing(stage: &Stage, shops: &[Shop], one: &Planned, placed: PurchaseId) -> ServiceResult<Vec<Standing>> {
    let list = move |conn: &mut Conn| Ok::<_, ServiceError>(store::order::list_of_purchase(conn, &placed)?);
    let mut all = Vec::new();
    for order in stage.kit.db.read(list).await? {
        let script =
            one.scripts.iter().find(|(shop, _)| shops.get(*shop).is_some_and(|shop| shop.id == order.cooperative_id));
        if let Some((shop, script)) = script {
            let mark = format!("{}-{shop}", one.mark);
            all.push(Standing { order, shop: *shop, mark, script: script.clone() });
        }
    }
    Ok(all)
}

/// On its way, by the coach of the evening where the buyer wanted that.
async fn send(kit: &Kit, seller: &Seller, id: &OrderId) -> ServiceResult<()> {
    let sent = handling::send_order(kit, seller, id).await;
    match sent {
        Err(ServiceError::Changed(why)) if why.iter().any(|no| no.key == "refusal-coach-first") => {
            let leg = LegSaid {
                plate: "89F-004.21".to_owned(),
                leaves_at: kit.now().plus_minutes(90),
                stop: text("coach-stop", &[]),
                phone: String::new(),
            };
            coach::send_by_coach(kit, seller, id, &leg).await
        }
        sent => sent,
    }
}

/// Answers whether the order goes on as it was written.
async fn perform(
    stage: &Stage,
    shops: &[Shop],
    standing: &Standing,
    step: usize,
    at: At,
    act: &Act,
) -> ServiceResult<bool> {
    let kit = stage.at(at, &format!("act-{}-{step}", standing.mark));
    let Some(shop) = shops.get(standing.shop) else { return Ok(false) };
    let (seller, id) = (&shop.seller, &standing.order.id);
    let done = match act {
        Act::Pay { more_vnd } => pay(&kit, shop, standing, step, |due| due.saturating_add(*more_vnd)).await,
        Act::PayHalf => pay(&kit, shop, standing, step, |due| due / 2000 * 1000).await,
        Act::Confirm => handling::confirm_order(&kit, seller, id).await,
        Act::Weigh { permille } => weigh(&kit, shop, id, *permille).await,
        Act::Pack => handling::pack_order(&kit, seller, id).await,
        Act::Send => send(&kit, seller, id).await,
        Act::Deliver => handling::deliver_order(&kit, seller, id).await,
        Act::Cash => take_cash(&kit, shop, id).await,
        Act::Close => ending::close_order(&kit, id).await,
        Act::Expire => ending::expire_order(&kit, id).await.map(|_| ()),
        Act::Cancel => ending::cancel_order(&kit, id).await,
        Act::Decline(reason) => handling::decline_order(&kit, seller, id, &text(reason, &[])).await,
        Act::SendBack => resolve(&kit, shop, id, &Resolution::SentBack).await,
        Act::Seen => resolve(&kit, shop, id, &Resolution::Seen).await,
    };
    match done {
        Ok(()) => Ok(true),
        // The answer came after the hold had run out, and others have bought: what came is sent back within the hour.
        Err(ServiceError::Changed(why)) if why.iter().any(|no| no.key == "refusal-short-to-confirm") => {
            handling::decline_order(&kit, seller, id, &text("decline-sold", &[])).await?;
            let later = stage.at(at.plus_minutes(40), &format!("sold-{}", standing.mark));
            resolve(&later, shop, id, &Resolution::SentBack).await?;
            Ok(false)
        }
        Err(error) => Err(ServiceError::broken(format!("{} {act:?} at {at}: {error}", standing.mark))),
    }
}

/// What an order is still owed.
async fn due_of(kit: &Kit, id: &OrderId) -> ServiceResult<Money> {
    let id = id.clone();
    kit.db
        .read(move |conn| {
            let order = store::order::get(conn, &id)?;
            let money = posting::balance(conn, &id)?;
            Ok(crate::domain::settlement::due(order.state, order.total_vnd, money)?)
        })
        .await
}

async fn pay(
    kit: &Kit,
    shop: &Shop,
    standing: &Standing,
    step: usize,
    how_much: impl Fn(i64) -> i64,
) -> ServiceResult<()> {
    let due = due_of(kit, &standing.order.id).await?;
    // Dead orders owe nothing; whoever pays them late pays what the order said.
    let asked = if due.is_positive() { due } else { standing.order.total_vnd };
    let amount = Money(how_much(asked.vnd()));
    if shop.provider == BankProvider::None {
        return money_list::mark_money_received(kit, &shop.seller, &standing.order.id, amount).await;
    }
    let memo = format!("{} chuyen tien", standing.order.code);
    tell_bank(kit, shop, amount, &memo, &format!("{}-{step}", standing.mark)).await
}

/// A bank's message at the kit's time, signed and taken as one that comes over HTTP.
pub async fn tell_bank(kit: &Kit, shop: &Shop, amount: Money, memo: &str, mark: &str) -> ServiceResult<()> {
    let Some(secret) = &shop.receiving.secret else { return Err(ServiceError::broken("an account without a secret")) };
    let number = kit.ten().iter().take(6).fold(1_u64, |sum, byte| sum.wrapping_mul(256) | u64::from(*byte));
    let reference = format!("MAU{}", crate::domain::id::hex(&kit.ten()));
    let said = Movement { id: number, account: &shop.account, amount, memo, reference: &reference, at: kit.now() };
    let secret = bank_keys::signing_secret(kit, shop.provider, &shop.receiving.path_id, secret);
    let signed = compose(shop.provider, &secret, &said).ok_or_else(|| ServiceError::broken("no such bank"))?;
    let headers = Headers::new(signed.headers.iter().map(|(name, value)| (*name, value.as_bytes())));
    let told = paying::receive_bank_message(kit, shop.provider, &shop.receiving.path_id, headers, signed.body).await?;
    if told.word == "taken" {
        Ok(())
    } else {
        Err(ServiceError::broken(format!("{mark}: the bank was told {}", told.word)))
    }
}

async fn take_cash(kit: &Kit, shop: &Shop, id: &OrderId) -> ServiceResult<()> {
    let due = due_of(kit, id).await?;
    money_list::take_cash(kit, &shop.seller, id, due).await
}

/// Weighs what goes by true weight; nothing to do for the rest.
async fn weigh(kit: &Kit, shop: &Shop, id: &OrderId, permille: i64) -> ServiceResult<()> {
    let wanted = id.clone();
    let weights: Vec<(OrderLineId, Base)> = kit
        .db
        .read(move |conn| {
            let lines = store::order::list_lines(conn, std::slice::from_ref(&wanted))?;
            let products: Vec<_> = lines.iter().map(|line| line.product_id.clone()).collect();
            let by_weight: HashSet<_> = store::product::list_of(conn, &products)?
                .into_iter()
                .filter(|product| product.charged_by_true_weight)
                .map(|product| product.id)
                .collect();
            let weighed = lines.into_iter().filter(|line| by_weight.contains(&line.product_id));
            Ok::<_, ServiceError>(
                weighed.map(|line| (line.id, Base(line.base_quantity.0.saturating_mul(permille) / 1000))).collect(),
            )
        })
        .await?;
    if weights.is_empty() {
        return Ok(());
    }
    handling::weigh_order(kit, &shop.seller, id, &weights).await
}

/// Decides the open case of an order.
async fn resolve(kit: &Kit, shop: &Shop, id: &OrderId, how: &Resolution) -> ServiceResult<()> {
    let wanted = id.clone();
    let cases =
        kit.db.read(move |conn| Ok::<_, ServiceError>(store::bank::list_cases_of_order(conn, &wanted)?)).await?;
    match cases.into_iter().find(|case| case.resolved_at.is_none()) {
        Some(case) => money_list::resolve_case(kit, &shop.seller, &case.id, how).await,
        None => Ok(()),
    }
}
