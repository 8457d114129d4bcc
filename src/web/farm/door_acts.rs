//! The taps at a door. Each is sent once and done once; whoever was slower than the bank, or than another carrier, is told so on the
//! screen as it is now.

use super::desk::{Fields, Typed, id_of, mendable, money_of};
use super::door::{Around, door_page, door_url};
use crate::domain::money::Money;
use crate::service::door::{self, DoorView, Seen};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebError, WebResult, again, see_other};
use crate::web::page;
use crate::web::session::Extracting;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

/// Who taps, at which door, with what typed.
pub struct Tap {
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    door: DoorView,
    typed: Typed,
}

impl FromRequest for Tap {
    type Error = WebError;
    type Future = Extracting<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, form) = (req.clone(), Fields::from_request(req, payload));
        Box::pin(async move {
            let (kit, me, seller) =
                (Kit::extract(&req).await?, SignedIn::extract(&req).await?, Seller::extract(&req).await?);
            let typed = Typed::of(form.await?.0);
            let code = web::Path::<String>::extract(&req).await.map_err(|_no_code| WebError::not_found())?;
            let door = door::show_door(&kit, &seller, &code).await?;
            Ok(Self { req, kit, me, seller, door, typed })
        })
    }
}

impl Tap {
    const fn id(&self) -> &crate::domain::id::OrderId {
        &self.door.order.view.order.id
    }

    fn whole(&self, field: &str) -> Money {
        Money(self.typed.get(field).parse().unwrap_or(-1))
    }

    async fn answer(self, result: Result<(), ServiceError>, done: &str) -> WebResult {
        match result {
            Ok(()) => Ok(see_other(&format!("{}?da={done}", door_url(&self.door.order.view.order.code)))),
            Err(error) => self.again(error, None).await,
        }
    }

    /// The screen as it is now, with what stands against the tap; nothing typed is lost.
    async fn again(self, error: ServiceError, asks: Option<Money>) -> WebResult {
        let error = mendable(error)?;
        let code = self.door.order.view.order.code.to_string();
        let view = door::show_door(&self.kit, &self.seller, &code).await?;
        let problems = if asks.is_some() { Vec::new() } else { page::problems(&self.req, &error.refusals) };
        let amount = self.typed.has("amount").then(|| self.typed.get("amount").to_owned());
        let amount = amount.filter(|_| error.fault == crate::web::error::Fault::Refused);
        let around = Around { flash: None, problems, asks, amount };
        Ok(again(door_page(&self.req, &self.kit, &self.me, &self.seller, &view, around)?, &error))
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
pub async fn take(tap: Tap) -> WebResult {
    let result = door::take_order(&tap.kit, &tap.seller, tap.id()).await;
    tap.answer(result, "di").await
}

/// `POST /ban-hang/giao/{code}/tien-mat`: «Khách trả tiền mặt»
pub async fn take_cash(tap: Tap) -> WebResult {
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
            let code = tap.door.order.view.order.code.to_string();
            let view = door::show_door(&tap.kit, &tap.seller, &code).await?;
            if tap.was_taken_just_now(&view, amount) {
                return Ok(see_other(&format!("{}?da=tien-mat", door_url(&view.order.view.order.code))));
            }
            tap.again(ServiceError::Changed(said), None).await
        }
        result => tap.answer(result, "tien-mat").await,
    }
}

/// `POST /ban-hang/giao/{code}/bo-tien-mat`: «Ghi nhầm»
pub async fn undo_cash(tap: Tap) -> WebResult {
    let row = id_of(tap.typed.get("cash"))?;
    let result = door::undo_cash(&tap.kit, &tap.seller, &row).await;
    tap.answer(result, "bo-tien-mat").await
}

/// `POST /ban-hang/giao/{code}/da-giao`: «Đã giao»
pub async fn deliver(tap: Tap) -> WebResult {
    if tap.door.order.view.order.state.is_handed_over() && tap.door.is_mine {
        return Ok(see_other(&format!("{}?da=giao", door_url(&tap.door.order.view.order.code))));
    }
    let result = door::deliver_at_door(&tap.kit, &tap.seller, tap.id(), tap.whole("owing")).await;
    tap.answer(result, "giao").await
}
