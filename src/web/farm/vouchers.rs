//! «Mã giảm giá»: the codes of a cooperative, one more, and no more of one.

use super::desk::{Asked, Fields, Typed, day_of, flash, id_of, money_of, words};
use crate::domain::account::MemberRole;
use crate::domain::id::VoucherId;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::time::Day;
use crate::domain::voucher::{Plan, Terms, VoucherKind};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::vouchers::{self, VoucherView};
use crate::service::who::{Seller, SignedIn};
use crate::view::filters;
use crate::web::error::{WebResult, see_other};
use crate::web::lang::lang_of;
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

const HERE: &str = "/ban-hang/them/ma-giam-gia";
/// Days that a code holds unless somebody says otherwise.
const USUAL_DAYS: i64 = 30;

fn row(req: &HttpRequest, view: &VoucherView, today: Day) -> Value {
    let (voucher, lang) = (&view.voucher, lang_of(req));
    let day = |day: Day| filters::day_said(day, lang, false);
    let what = match voucher.kind {
        VoucherKind::FreeShipping => words(req, "voucher-free-shipping", &[]),
        VoucherKind::Percent => {
            let percent = percent_said(voucher.percent_bps);
            let off = words(req, "voucher-percent-off", &[("percent", &percent)]);
            let most = voucher.most_off_vnd;
            let bound = words(req, "voucher-at-most", &[("most", &most.to_string())]);
            if most.is_positive() { format!("{off}, {bound}") } else { off }
        }
    };
    let least = voucher.least_goods_vnd;
    json!({
        "id": voucher.id,
        "code": voucher.code,
        "what": what,
        "least": least.is_positive().then(|| words(req, "voucher-from-goods", &[("least", &least.to_string())])),
        "days": words(req, "voucher-days", &[("from", &day(voucher.from_day)), ("to", &day(voucher.to_day))]),
        "uses": view.uses,
        "uses_most": voucher.uses_most,
        "phone_most": voucher.phone_most,
        "state": if voucher.stopped_at.is_some() {
            "stopped"
        } else if voucher.to_day < today {
            "over"
        } else if today < voucher.from_day {
            "early"
        } else {
            "holds"
        },
    })
}

/// 1250 → `12,5`.
fn percent_said(bps: i64) -> String {
    let (whole, part) = (bps.div_euclid(100), bps.rem_euclid(100));
    if part == 0 { whole.to_string() } else { format!("{whole},{part:02}").trim_end_matches('0').to_owned() }
}

async fn page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    flash: Option<String>,
    wrong: (&Typed, Vec<Problem>),
) -> WebResult {
    let (views, today) = (vouchers::list_vouchers(kit, seller).await?, kit.now().day());
    let option = |value: &str| {
        let (label, note) = (format!("voucher-kind-{value}"), format!("voucher-kind-{value}-note"));
        json!({ "value": value, "label": words(req, &label, &[]), "note": words(req, &note, &[]) })
    };
    let fill = json!({
        "tab": "more",
        "flash": flash,
        "vouchers": views.iter().map(|view| row(req, view, today)).collect::<Vec<_>>(),
        "kinds": [option("percent"), option("free_shipping")],
        "may_manage": seller.may(MemberRole::Manager),
        // Comes back with the form: sent twice, it makes one code.
        "new_id": wrong.0.get("id").parse().unwrap_or_else(|_first_time| VoucherId::new(kit.now(), kit.ten())),
        "today": today,
        "usual_end": today.plus_days(USUAL_DAYS),
        "typed": wrong.0.shown(),
        "problems": wrong.1,
    });
    page::private(req, me, "farm/vouchers.html", &fill)
}

/// `GET /ban-hang/them/ma-giam-gia`
pub async fn show(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    page(&req, &kit, &me, &seller, flash(&req, &asked), (&Typed::default(), Vec::new())).await
}

/// What was typed: each field that cannot be read is said beside it.
fn read(typed: &Typed, today: Day) -> Result<Plan, ServiceError> {
    let mut refusals = Vec::new();
    let kind = typed.get("kind").parse().unwrap_or(VoucherKind::Percent);
    let mut money = |field: &str| {
        if !typed.has(field) {
            return Money::ZERO;
        }
        money_of(typed, field).map_err(|refusal| refusals.push(refusal)).unwrap_or_default()
    };
    let (most_off, least_goods) = (money("most_off"), money("least_goods"));
    let mut day = |field: &str, or: Day| {
        let no = |_| refusals.push(Refusal::new("refusal-day").about(field));
        day_of(typed, field).map_err(no).ok().flatten().unwrap_or(or)
    };
    let (from_day, to_day) = (day("from_day", today), day("to_day", today.plus_days(USUAL_DAYS)));
    let mut number = |field: &str| {
        if !typed.has(field) {
            return 0;
        }
        let number = typed.get(field).parse::<i64>();
        number.unwrap_or_else(|_not_a_number| {
            refusals.push(Refusal::new("refusal-voucher-uses").about(field));
            0
        })
    };
    let (uses_most, phone_most) = (number("uses_most"), number("phone_most"));
    let percent_bps = percent_of(typed.get("percent"));
    if kind == VoucherKind::Percent && percent_bps.is_none() {
        refusals.push(Refusal::new("refusal-voucher-percent").about("percent"));
    }
    if !refusals.is_empty() {
        return Err(ServiceError::Refused(refusals));
    }
    Ok(Plan {
        code: typed.get("code").to_owned(),
        kind,
        terms: Terms { percent_bps: percent_bps.unwrap_or(0), most_off },
        least_goods,
        from_day,
        to_day,
        uses_most,
        phone_most,
    })
}

/// `12,5` or `12.5 %` → 1250 basis points.
fn percent_of(typed: &str) -> Option<i64> {
    let typed = typed.trim().trim_end_matches('%').trim().replace(',', ".");
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
    let hundredths = format!("{part:0<2}");
    let is_short = hundredths.len() == 2 && !whole.starts_with(['-', '+']);
    let (whole, hundredths) = (whole.parse::<i64>().ok()?, hundredths.parse::<i64>().ok()?);
    (is_short && hundredths >= 0).then(|| whole.saturating_mul(100).saturating_add(hundredths))
}

/// `POST /ban-hang/them/ma-giam-gia`
pub async fn make(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let id = typed.get("id").parse().unwrap_or_else(|_none| VoucherId::new(kit.now(), kit.ten()));
    let result = match read(&typed, kit.now().day()) {
        Ok(plan) => vouchers::make_voucher(&kit, &seller, &plan, &id).await,
        Err(error) => Err(error),
    };
    answer(&req, &kit, &me, &seller, (&typed, "lam-ma"), result).await
}

/// `POST /ban-hang/them/ma-giam-gia/{id}/ngung`
pub async fn stop(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, id: web::Path<String>) -> WebResult {
    let id: VoucherId = id_of(&id)?;
    let result = vouchers::stop_voucher(&kit, &seller, &id).await;
    answer(&req, &kit, &me, &seller, (&Typed::default(), "ngung-ma"), result).await
}

async fn answer(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    (typed, done): (&Typed, &str),
    result: Result<(), ServiceError>,
) -> WebResult {
    match result {
        Ok(()) => Ok(see_other(&format!("{HERE}?da={done}"))),
        Err(error) => {
            let again = async |problems| page(req, kit, me, seller, None, (typed, problems)).await;
            once_more(req, error, again).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_read_as_people_type_them_and_said_again() {
        let read = ["10", "12,5", "12.5 %", "0.05", " 100% "].map(percent_of);
        assert_eq!(read, [Some(1_000), Some(1_250), Some(1_250), Some(5), Some(10_000)]);
        for typed in ["", "mười", "-5", "1,234", "1.2.3", "+5"] {
            assert_eq!(percent_of(typed), None, "{typed}");
        }
        assert_eq!([1_000, 1_250, 1_205].map(percent_said), ["10", "12,5", "12,05"]);
    }
}
