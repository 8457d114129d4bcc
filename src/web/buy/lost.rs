//! `/don`: a lost order found by code and phone. The state is shown masked; the way to the whole page goes to the buyer.

use super::super::error::{self, WebError, WebResult};
use super::super::form::Form;
use super::super::page::{self, Problem};
use super::words;
use crate::domain::phone::Phone;
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::lost_order::find_lost_order;
use crate::service::showing::LostOrder;
use crate::view::filters;
use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct LostFill {
    code: String,
    phone: String,
    problems: Vec<Problem>,
    found: Option<FoundFill>,
}

/// What may be shown without a key: no name, no address, no goods.
#[derive(Serialize)]
struct FoundFill {
    code: String,
    headline: words::Headline,
    cooperative: String,
    tel_url: String,
    day: Option<String>,
    phone: String,
    is_buyer: bool,
    by_mail: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct LostForm {
    code: String,
    phone: String,
}

/// `GET /don`
pub async fn show_lost(req: HttpRequest) -> WebResult {
    let fill = LostFill { code: String::new(), phone: String::new(), problems: Vec::new(), found: None };
    page::personal(&req, "shop/lost.html", &fill)
}

/// `POST /don`: an unknown code and a wrong phone get the same answer.
pub async fn find_lost(req: HttpRequest, kit: Kit, form: Form<LostForm>) -> WebResult {
    let LostForm { code, phone } = form.0;
    match find_lost_order(&kit, &code, &phone).await {
        Ok(found) => {
            let found = Some(found_fill(&req, &kit, &found));
            page::personal(&req, "shop/lost.html", &LostFill { code, phone, problems: Vec::new(), found })
        }
        Err(ServiceError::NotFound) => {
            let problem = Problem::new("code", words::say(&req, "buy-lost-none", &[]));
            let fill = LostFill { code, phone, problems: vec![problem], found: None };
            let page = page::personal(&req, "shop/lost.html", &fill)?;
            Ok(error::again(page, &WebError::not_found()))
        }
        Err(error) => Err(error.into()),
    }
}

fn found_fill(req: &HttpRequest, kit: &Kit, found: &LostOrder) -> FoundFill {
    let view = &found.view;
    let phone: Option<Phone> = view.buyer.buyer_phone.parse().ok();
    FoundFill {
        code: view.order.code.to_string(),
        headline: words::headline(req, view, kit.now()),
        cooperative: view.cooperative.name.clone(),
        tel_url: format!("tel:{}", view.cooperative.phone),
        day: view.delivery.deliver_on.map(|day| filters::day_said(day, super::super::lang::lang_of(req), false)),
        phone: phone.map(|phone| phone.masked()).unwrap_or_default(),
        is_buyer: found.is_buyer,
        by_mail: found.is_buyer && view.buyer.buyer_email.is_some(),
    }
}
