//! The taps at a door. Each is sent once and done once; whoever was slower than the bank, or than another carrier, is told so on the
//! screen as it is now.

use super::desk::{id_of, money_of};
use super::door::{Around, door_page, door_url};
use super::tap::Tap;
use crate::domain::money::Money;
use crate::domain::order::OrderEvent;
use crate::service::door::{self, DoorView, Seen};
use crate::service::error::ServiceError;
use crate::web::error::{WebResult, again, see_other};
use crate::web::page::{self, mendable};

impl Tap<DoorView> {
    fn whole(&self, field: &str) -> Money {
        Money(self.typed.get(field).parse().unwrap_or(-1))
    }

    pub(super) async fn answer(self, result: Result<(), ServiceError>, done: &str) -> WebResult {
        match result {
            Ok(()) => Ok(see_other(&format!("{}?da={done}", door_url(&self.on.order.view.order.code)))),
            Err(error) => self.again(error, None).await,
        }
    }

    /// The screen as it is now, with what stands against the tap; nothing typed is lost.
    pub(super) async fn again(self, error: ServiceError, asks: Option<Money>) -> WebResult {
        let error = mendable(error)?;
        let view = self.now().await?;
        let problems = if asks.is_some() { Vec::new() } else { page::problems(&self.req, &error.refusals) };
        let amount = self.typed.has("amount").then(|| self.typed.get("amount").to_owned());
        let amount = amount.filter(|_| error.fault == crate::web::error::Fault::Refused);
        let around = Around { flash: None, problems, asks, amount, typed: self.typed.clone() };
        Ok(again(door_page(&self.req, &self.kit, &self.me, &self.seller, &view, around)?, &error))
    }

    /// Last moved like this by the same person, it was pressed twice.
    pub(super) fn was_just(&self, event: OrderEvent) -> bool {
        let last = self.on.order.view.moves.last();
        last.is_some_and(|last| last.event == event && last.by_account_id.as_ref() == Some(&self.seller.account))
    }

    /// This member has just taken this sum for this order: the second press of one tap.
    fn was_taken_just_now(&self, view: &DoorView, amount: Money) -> bool {
        let now = self.kit.now();
        let mine = view.cash.iter().rev().find(|(row, _)| row.undoes.is_none());
        mine.is_some_and(|(row, _)| {
            row.carrier_id == self.seller.account && row.amount_vnd == amount && now.seconds_since(row.at) < 60
        })
    }
}

/// `POST /ban-hang/giao/{code}/di`: «Tôi đi giao», «Tôi giao thay»
pub async fn take(tap: Tap<DoorView>) -> WebResult {
    let result = door::take_order(&tap.kit, &tap.seller, tap.id()).await;
    tap.answer(result, "di").await
}

/// `POST /ban-hang/giao/{code}/tien-mat`: «Khách trả tiền mặt»
pub async fn take_cash(tap: Tap<DoorView>) -> WebResult {
    let amount = match money_of(&tap.typed, "amount") {
        Ok(amount) => amount,
        Err(refusal) => return tap.again(ServiceError::refused(refusal), None).await,
    };
    // Said once more is this very sum, not another typed since.
    let seen = Seen {
        due: tap.whole("due"),
        received: tap.whole("received"),
        agreed: tap.typed.get("agreed") == amount.vnd().to_string(),
    };
    let result = door::take_cash_at_door(&tap.kit, &tap.seller, tap.id(), amount, seen).await;
    match result {
        Err(ServiceError::Refused(said)) if said.iter().all(|one| one.key == "refusal-cash-differs") => {
            tap.again(ServiceError::Refused(said), Some(amount)).await
        }
        Err(ServiceError::Changed(said)) => {
            let view = tap.now().await?;
            if tap.was_taken_just_now(&view, amount) {
                return Ok(see_other(&format!("{}?da=tien-mat", door_url(&view.order.view.order.code))));
            }
            tap.again(ServiceError::Changed(said), None).await
        }
        result => tap.answer(result, "tien-mat").await,
    }
}

/// `POST /ban-hang/giao/{code}/bo-tien-mat`: «Ghi nhầm»
pub async fn undo_cash(tap: Tap<DoorView>) -> WebResult {
    let row = id_of(tap.typed.get("cash"))?;
    let result = door::undo_cash(&tap.kit, &tap.seller, &row).await;
    tap.answer(result, "bo-tien-mat").await
}

/// `POST /ban-hang/giao/{code}/da-giao`: «Đã giao»
pub async fn deliver(tap: Tap<DoorView>) -> WebResult {
    if tap.on.order.view.order.state.is_handed_over() && tap.on.is_mine {
        return Ok(see_other(&format!("{}?da=giao", door_url(&tap.on.order.view.order.code))));
    }
    let result = door::deliver_at_door(&tap.kit, &tap.seller, tap.id(), tap.whole("owing")).await;
    tap.answer(result, "giao").await
}
