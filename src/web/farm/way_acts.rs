//! The taps on the way to a buyer: not taken at the door, put on a coach, taken back, and what stands against a number cleared.

use super::desk::{day_of, minutes_of};
use super::tap::Tap;
use crate::domain::attempt::{AttemptReason, GoodsBack};
use crate::domain::order::OrderEvent;
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::service::coach::{self, LegSaid};
use crate::service::door::DoorView;
use crate::service::error::ServiceError;
use crate::service::selling::SellersOrder;
use crate::service::undelivered::{self, AttemptSaid};
use crate::web::error::{WebResult, see_other};

/// `POST /ban-hang/giao/{code}/chua-giao`: «Chưa giao được»
pub async fn say_undelivered(tap: Tap<DoorView>) -> WebResult {
    let reason = tap.typed.get("reason").parse::<AttemptReason>();
    let next_on = day_of(&tap.typed, "next_on");
    let (Ok(reason), Ok(next_on)) = (reason, next_on) else {
        let refusal = Refusal::new("refusal-attempt").about("reason");
        return tap.again(ServiceError::refused(refusal), None).await;
    };
    let said = AttemptSaid { reason, next_on, note: tap.typed.get("note").to_owned() };
    match undelivered::say_undelivered(&tap.kit, &tap.seller, tap.id(), &said).await {
        Ok(()) => Ok(see_other("/ban-hang/giao?da=chua-giao")),
        // Pressed twice: it is back already, by the same hand.
        Err(ServiceError::Changed(_)) if tap.was_just(OrderEvent::Undelivered) => {
            Ok(see_other("/ban-hang/giao?da=chua-giao"))
        }
        Err(error) => tap.again(error, None).await,
    }
}

/// `POST /ban-hang/don/{code}/lay-ve`: «Lấy hàng về»
pub async fn take_back(tap: Tap<SellersOrder>) -> WebResult {
    let result = match tap.typed.get("goods").parse::<GoodsBack>() {
        Ok(goods) => undelivered::take_back(&tap.kit, &tap.seller, tap.id(), goods, tap.typed.get("reason")).await,
        Err(_not_said) => Err(ServiceError::refused(Refusal::new("refusal-goods-back").about("goods"))),
    };
    tap.answer(result, &[OrderEvent::Returned], "lay-ve").await
}

/// `POST /ban-hang/don/{code}/xoa-ghi-nhan`: «Xóa ghi nhận», the number counts as if it had taken the delivery
pub async fn clear_refused(tap: Tap<SellersOrder>) -> WebResult {
    let result = undelivered::clear_refused(&tap.kit, &tap.seller, tap.id(), tap.typed.get("why")).await;
    tap.answer(result, &[], "xoa-ghi-nhan").await
}

/// `POST /ban-hang/don/{code}/xe`: «Đã gửi lên xe», and the coach put right afterwards
pub async fn send_by_coach(tap: Tap<SellersOrder>) -> WebResult {
    let result = match leaves(&tap) {
        Ok(leaves_at) => {
            let text = |field: &str| tap.typed.get(field).to_owned();
            let said = LegSaid { plate: text("plate"), leaves_at, stop: text("stop"), phone: text("coach_phone") };
            coach::send_by_coach(&tap.kit, &tap.seller, tap.id(), &said).await
        }
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    tap.answer(result, &[OrderEvent::Sent], "xe").await
}

/// The hour typed on the day typed, today where none was.
fn leaves(tap: &Tap<SellersOrder>) -> Result<At, Refusal> {
    let wrong = || Refusal::new("refusal-coach-hour").about("leaves");
    let day = day_of(&tap.typed, "leaves_on").map_err(|_no_day| wrong())?.unwrap_or_else(|| tap.kit.now().day());
    let minute = minutes_of(&tap.typed, "leaves").map_err(|_no_hour| wrong())?;
    Ok(day.at_minute(minute))
}
