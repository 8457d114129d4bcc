//! «Tạm dừng giao»: a storm, a flood, a feast. The operator pauses communes for everybody and stops the clocks of the cooperatives there;
//! a cooperative pauses its own deliveries. Nothing is offered for those days, and whoever waits for an order then is told once.

use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::telling::tell_buyer;
use super::who::{Operator, Seller, needs};
use crate::domain::account::MemberRole;
use crate::domain::commune::{self, Commune};
use crate::domain::id::{AccountId, CooperativeId, OrderId, PauseId};
use crate::domain::message::MessageKind;
use crate::domain::order::OrderState;
use crate::domain::pause::{MOST_CHARS, PauseRule, check_days};
use crate::domain::refusal::Refusal;
use crate::domain::text::clean;
use crate::domain::time::{At, Day};
use crate::store::pause::DeliveryPause;
use crate::store::{self, Conn};

/// Buyers told in one round, a write each.
const ROUND: i64 = 50;

/// Whose pause.
#[derive(Debug, Clone)]
pub enum Pauser {
    Operator(Operator),
    Cooperative(Seller),
}

impl Pauser {
    fn account(&self) -> &AccountId {
        match self {
            Pauser::Operator(operator) => &operator.account,
            Pauser::Cooperative(seller) => &seller.account,
        }
    }

    fn owner(&self) -> Option<&CooperativeId> {
        match self {
            Pauser::Operator(_) => None,
            Pauser::Cooperative(seller) => Some(&seller.cooperative),
        }
    }
}

/// A pause as a person says it.
#[derive(Debug, Clone)]
pub struct PauseSaid {
    /// Codes of communes; none: the whole home province (a cooperative: everywhere).
    pub communes: Vec<String>,
    pub from_on: Option<Day>,
    pub until_on: Option<Day>,
    pub message: String,
}

/// Pauses that cover today or later, each with its rule.
#[derive(Debug, Clone, Default)]
pub struct Pauses(Vec<(DeliveryPause, PauseRule)>);

/// A stored pause as its rule needs it.
pub fn rule_of(pause: &DeliveryPause) -> Result<PauseRule, ServiceError> {
    let scope = pause.scope.parse().map_err(ServiceError::broken)?;
    Ok(PauseRule { scope, from_on: pause.from_on, until_on: pause.until_on })
}

/// The market's pauses and those of these cooperatives.
pub fn pauses_of(conn: &mut Conn, cooperatives: &[CooperativeId], now: At) -> Result<Pauses, ServiceError> {
    let rows = store::pause::list_in_force(conn, cooperatives, now.day())?;
    let ruled = rows.into_iter().map(|row| Ok((row.clone(), rule_of(&row)?)));
    Ok(Pauses(ruled.collect::<Result<_, ServiceError>>()?))
}

impl Pauses {
    /// Why nothing of this cooperative comes to a place on a day.
    pub fn covering(&self, cooperative: &CooperativeId, place: &Commune, day: Day) -> Option<&DeliveryPause> {
        let is_its = |pause: &DeliveryPause| pause.cooperative_id.as_ref().is_none_or(|owner| owner == cooperative);
        self.0.iter().find(|(pause, rule)| is_its(pause) && rule.covers(place, day)).map(|(pause, _)| pause)
    }
}

/// Until when the clocks of a cooperative stand still today, by the operator's pause: the morning after, looked at anew.
pub(super) fn clock_stands_until(
    conn: &mut Conn,
    cooperative: &store::cooperative::Cooperative,
    now: At,
) -> Result<Option<At>, ServiceError> {
    let Some(place) = commune::find(&cooperative.commune_code) else { return Ok(None) };
    for pause in store::pause::list_in_force(conn, &[], now.day())? {
        if pause.stops_clocks && rule_of(&pause)?.covers(place, now.day()) {
            return Ok(Some(now.day().plus_days(1).at_minute(cooperative.opens_min)));
        }
    }
    Ok(None)
}

/// A pause that stands.
#[derive(Debug, Clone)]
pub struct PauseView {
    pub id: PauseId,
    pub rule: PauseRule,
    pub message: String,
}

/// The pauses that whoever asks laid down and that still stand.
pub async fn list_pauses(kit: &Kit, owner: Option<&CooperativeId>) -> Result<Vec<PauseView>, ServiceError> {
    let (today, owner) = (kit.now().day(), owner.cloned());
    kit.db
        .read(move |conn| {
            let own: Vec<CooperativeId> = owner.iter().cloned().collect();
            let mut rows = store::pause::list_in_force(conn, &own, today)?;
            rows.retain(|row| row.cooperative_id == owner);
            let view = |row: DeliveryPause| Ok(PauseView { rule: rule_of(&row)?, id: row.id, message: row.message });
            rows.into_iter().map(view).collect()
        })
        .await
}

fn scope_of(who: &Pauser, communes: &[String]) -> Result<String, Refusal> {
    if communes.is_empty() {
        return Ok(match who {
            Pauser::Operator(_) => format!("p:{}", commune::HOME_PROVINCE),
            Pauser::Cooperative(_) => "*".to_owned(),
        });
    }
    if communes.len() > 500 || communes.iter().any(|code| commune::find(code).is_none()) {
        return Err(Refusal::new("refusal-commune").about("communes"));
    }
    Ok(format!("c:{}", communes.join(",")))
}

/// Lays a pause down. The same once more is a second press.
///
/// # Errors
/// `Refused` for days that cannot be, no message, or communes that are none.
pub async fn start_pause(kit: &Kit, who: &Pauser, said: &PauseSaid) -> Result<(), ServiceError> {
    if let Pauser::Cooperative(seller) = who {
        needs(seller, MemberRole::Manager)?;
    }
    let today = kit.now().day();
    let from_on = said.from_on.unwrap_or(today);
    let mut refusals = Vec::new();
    refusals.extend(check_days(today, from_on, said.until_on).err());
    let message = clean::line(&said.message, MOST_CHARS).ok().filter(|words| !words.is_empty());
    if message.is_none() {
        refusals.push(Refusal::new("refusal-pause-message").with("most", MOST_CHARS).about("message"));
    }
    let scope = scope_of(who, &said.communes).map_err(|refusal| refusals.push(refusal));
    let (Some(message), Ok(scope), true) = (message, scope, refusals.is_empty()) else {
        return Err(ServiceError::Refused(refusals));
    };
    let (draw, who, until_on) = (Draw::new(kit), who.clone(), said.until_on);
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let own: Vec<CooperativeId> = who.owner().into_iter().cloned().collect();
            store::cooperative::lock_of(conn, &own)?;
            let there = store::pause::list_in_force(conn, &own, run.now.day())?;
            let same = |row: &DeliveryPause| {
                (row.cooperative_id.as_ref(), &row.scope, row.from_on, row.until_on, &row.message)
                    == (who.owner(), &scope, from_on, until_on, &message)
            };
            if there.iter().any(same) {
                return Ok(());
            }
            let row = DeliveryPause {
                id: PauseId::new(run.now, run.ten()),
                cooperative_id: who.owner().cloned(),
                scope: scope.clone(),
                from_on,
                until_on,
                message: message.clone(),
                stops_clocks: who.owner().is_none(),
                made_by: who.account().clone(),
                made_at: run.now,
                ended_by: None,
                ended_at: None,
            };
            store::pause::insert(conn, &row)?;
            Ok(store::change::insert(conn, "delivery", row.id.as_text(), run.now)?)
        })
        .await
}

/// «Giao lại»: ends a pause. Twice is once; another's is not there.
pub async fn end_pause(kit: &Kit, who: &Pauser, id: &PauseId) -> Result<(), ServiceError> {
    if let Pauser::Cooperative(seller) = who {
        needs(seller, MemberRole::Manager)?;
    }
    let (now, who, id) = (kit.now(), who.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let row = store::pause::find(conn, &id)?.filter(|row| row.cooperative_id.as_ref() == who.owner());
            if row.is_none() {
                return Err(ServiceError::NotFound);
            }
            if store::pause::mark_ended(conn, &id, who.owner(), who.account(), now)? {
                store::change::insert(conn, "delivery", id.as_text(), now)?;
            }
            Ok(())
        })
        .await
}

/// Tells the buyers whose orders were to come on a paused day, each once for each pause. Answers how many; more may wait.
pub async fn tell_paused(kit: &Kit) -> Result<usize, ServiceError> {
    let now = kit.now();
    let untold = kit
        .db
        .read(move |conn| {
            let mut untold: Vec<(DeliveryPause, OrderId)> = Vec::new();
            for pause in store::pause::list_all_in_force(conn, now.day())? {
                let communes = rule_of(&pause)?.communes();
                let orders = store::pause::list_untold(conn, &pause, communes.as_deref(), ROUND)?;
                untold.extend(orders.into_iter().map(|order| (pause.clone(), order)));
            }
            Ok::<_, ServiceError>(untold)
        })
        .await?;
    let mut told: usize = 0;
    for (pause, order) in untold {
        match tell_one(kit, &pause, &order).await {
            Ok(()) => told = told.saturating_add(1),
            Err(error) => tracing::error!(%order, %error, "a buyer could not be told of a pause"),
        }
    }
    Ok(told)
}

async fn tell_one(kit: &Kit, pause: &DeliveryPause, order: &OrderId) -> Result<(), ServiceError> {
    let (draw, pause, order) = (Draw::new(kit), pause.clone(), order.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let order = store::order::lock(conn, &order)?;
            let is_under_way = !order.state.is_dead() && !order.state.is_handed_over();
            if order.state == OrderState::AwaitingPayment || !is_under_way {
                return Ok(());
            }
            if store::pause::insert_new_told(conn, &pause.id, &order.id, run.now)? {
                let more = [("reason", pause.message.clone())];
                tell_buyer(conn, &run, &order, MessageKind::DeliveryPaused, &more)?;
                store::change::insert(conn, "order", order.id.as_text(), run.now)?;
            }
            Ok(())
        })
        .await
}
