//! The taps on one order. Each is sent once and done once: a second press finds it done, a page that stood open too long is
//! told what has changed.

use super::desk::{amount_of, money_of, refused, seen_weight};
use super::door::door_url;
use super::order::{Around, order_page, stale_words};
use super::said::order_url;
use super::tap::Tap;
use crate::domain::money::Money;
use crate::domain::order::{OrderEvent, OrderState};
use crate::domain::refusal::Refusal;
use crate::service::error::ServiceError;
use crate::service::handling::Weighed;
use crate::service::selling::SellersOrder;
use crate::service::{answer_clock, handling, money_list, proposing, shortage};
use crate::web::answer::can_do;
use crate::web::error::{WebError, WebResult, again, see_other};
use crate::web::page::{self, mendable};

impl Tap<SellersOrder> {
    /// What the page showed as missing, when it stood on one.
    fn seen_due(&self) -> Option<Money> {
        self.typed.get("due").parse().ok().map(Money)
    }

    /// The way on: to the order with a word of what was done, or the page again with what stands against it. Last moved in one of
    /// these ways by the same person, it was pressed twice.
    pub(super) async fn answer(self, result: Result<(), ServiceError>, moves: &[OrderEvent], done: &str) -> WebResult {
        match result {
            Ok(()) => Ok(see_other(&format!("{}?da={done}", order_url(&self.on.view.order.code)))),
            Err(error) => {
                let error = mendable(error)?;
                self.again(error, moves).await
            }
        }
    }

    async fn again(self, error: WebError, moves: &[OrderEvent]) -> WebResult {
        let order = self.now().await?;
        let pressed_twice = order.view.moves.last().is_some_and(|last| {
            moves.contains(&last.event) && last.by_account_id.as_ref() == Some(&self.seller.account)
        });
        if pressed_twice {
            return Ok(see_other(&order_url(&order.view.order.code)));
        }
        let stale = stale_words(&self.req, self.typed.get("seen"), &order);
        let problems = if stale.is_some() { Vec::new() } else { page::problems(&self.req, &error.refusals) };
        let around = Around { flash: None, stale, problems, typed: self.typed };
        let page = order_page(&self.req, &self.kit, &self.me, &self.seller, &order, around).await?;
        Ok(again(page, &error))
    }
}

/// `POST /ban-hang/don/{code}/nhan`: «Nhận đơn»
pub async fn confirm(tap: Tap<SellersOrder>) -> WebResult {
    let result = handling::confirm_order(&tap.kit, &tap.seller, tap.id()).await;
    // Where the yes comes before the money it moves the order otherwise.
    tap.answer(result, &[OrderEvent::Confirmed, OrderEvent::Agreed], "nhan").await
}

/// `POST /ban-hang/don/{code}/tu-choi`: «Không làm được đơn này»
pub async fn decline(tap: Tap<SellersOrder>) -> WebResult {
    let result = handling::decline_order(&tap.kit, &tap.seller, tap.id(), tap.typed.get("reason")).await;
    tap.answer(result, &[OrderEvent::Declined], "tu-choi").await
}

/// `POST /ban-hang/don/{code}/doi`: the buyer is asked whether it may be less, or another day
pub async fn propose(tap: Tap<SellersOrder>) -> WebResult {
    let typed = tap.typed.shown().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let result = match can_do(&typed) {
        Ok(can) => proposing::propose(&tap.kit, &tap.seller, tap.id(), &can).await,
        Err(refusals) => Err(ServiceError::Refused(refusals)),
    };
    tap.answer(result, &[], "doi").await
}

/// `POST /ban-hang/don/{code}/nhac`: the person responsible gets a link to answer by; its words stand in «Nhắn tin»
pub async fn send_link(tap: Tap<SellersOrder>) -> WebResult {
    match answer_clock::send_link(&tap.kit, &tap.seller, tap.id()).await {
        Ok(()) => Ok(see_other("/ban-hang/nhan-tin")),
        error => tap.answer(error, &[], "nhac").await,
    }
}

/// `POST /ban-hang/don/{code}/can`: «Cân xong»
pub async fn weigh(tap: Tap<SellersOrder>) -> WebResult {
    let (mut weights, mut refusals) = (Vec::new(), Vec::new());
    for line in tap.on.view.lines.iter().map(|line| &line.line).filter(|line| tap.on.weighed_lines.contains(&line.id)) {
        let field = format!("weight[{}]", line.id);
        if !tap.typed.has(&field) {
            refusals.push(Refusal::new("refusal-weight").with("name", &line.product_name).about(field));
            continue;
        }
        match amount_of(&tap.typed, &field, line.base_unit) {
            Ok(base) => weights.push(Weighed {
                seen: seen_weight(tap.typed.get(&format!("before[{}]", line.id))),
                ..Weighed::plain(line.id.clone(), base)
            }),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if !refusals.is_empty() {
        return tap.again(refused(refusals), &[]).await;
    }
    let result = handling::weigh_as_seen(&tap.kit, &tap.seller, tap.id(), &weights).await;
    tap.answer(result, &[], "can").await
}

/// `POST /ban-hang/don/{code}/dot`: «Lấy đợt này», another lot for one line
pub async fn choose_lot(tap: Tap<SellersOrder>) -> WebResult {
    let line = tap.typed.get("line").parse().map_err(|_not_one| WebError::not_found())?;
    let lot = tap.typed.get("lot").parse().map_err(|_not_one| WebError::not_found())?;
    let result = shortage::choose_lot(&tap.kit, &tap.seller, tap.id(), &line, &lot).await;
    tap.answer(result, &[], "dot-khac").await
}

/// `POST /ban-hang/don/{code}/dong`: «Đóng hàng xong»
pub async fn pack(tap: Tap<SellersOrder>) -> WebResult {
    let result = handling::pack_order(&tap.kit, &tap.seller, tap.id()).await;
    tap.answer(result, &[OrderEvent::Packed], "dong").await
}

/// `POST /ban-hang/don/{code}/gui`: «Đi giao»
pub async fn send(tap: Tap<SellersOrder>) -> WebResult {
    let result = handling::send_order(&tap.kit, &tap.seller, tap.id()).await;
    tap.answer(result, &[OrderEvent::Sent], "gui").await
}

/// `POST /ban-hang/don/{code}/giao`: «Đã giao», of goods that nobody carries. On its way an order is handed over at its door.
pub async fn deliver(tap: Tap<SellersOrder>) -> WebResult {
    if tap.on.view.order.state == OrderState::OnTheWay {
        return Ok(see_other(&door_url(&tap.on.view.order.code)));
    }
    let result = handling::deliver_order(&tap.kit, &tap.seller, tap.id()).await;
    tap.answer(result, &[OrderEvent::Delivered], "giao").await
}

/// `POST /ban-hang/don/{code}/tien`: «Đã nhận tiền»
pub async fn mark_money(tap: Tap<SellersOrder>) -> WebResult {
    let result = match money_of(&tap.typed, "amount") {
        Ok(amount) => money_list::mark_money_as_seen(&tap.kit, &tap.seller, tap.id(), amount, tap.seen_due()).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    tap.answer(result, &[], "tien").await
}

/// `POST /ban-hang/don/{code}/tien-mat`: «Đã nhận tiền mặt»
pub async fn take_cash(tap: Tap<SellersOrder>) -> WebResult {
    let result = match money_of(&tap.typed, "amount") {
        Ok(amount) => money_list::take_cash_as_seen(&tap.kit, &tap.seller, tap.id(), amount, tap.seen_due()).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    tap.answer(result, &[], "tien-mat").await
}

/// `POST /ban-hang/don/{code}/bo-tien`: takes «Đã nhận tiền» back within the hour
pub async fn undo_money(tap: Tap<SellersOrder>) -> WebResult {
    let event = tap.typed.get("event").parse().map_err(|_not_one| WebError::not_found())?;
    let result = money_list::undo_money_received(&tap.kit, &tap.seller, &event).await;
    tap.answer(result, &[], "bo-tien").await
}
