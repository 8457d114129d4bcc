//! The bank's part, for a demonstration alone: these routes are mounted nowhere else. Buttons that pay an order as a bank would
//! tell it, and what the market answered.

use super::error::{WebResult, again};
use super::form::{Form, Query};
use super::page;
use super::route::Door::Shop;
use super::route::Who::Anyone;
use super::route::{Route, get, post};
use crate::service::kit::Kit;
use crate::service::simulating::{self, HowPaid, Payable, Told};
use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};

/// Added to the table in a demonstration.
pub fn routes() -> Vec<Route> {
    vec![get("/demo/ngan-hang", Shop, Anyone).to(show_bank), post("/demo/ngan-hang", Shop, Anyone).to(pay)]
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    don: String,
}

#[derive(Debug, Deserialize)]
pub struct Paying {
    don: String,
    how: HowPaid,
}

#[derive(Serialize)]
struct Fill {
    asked: String,
    orders: Vec<OrderFill>,
    told: Vec<ToldFill>,
    problems: Vec<page::Problem>,
}

#[derive(Serialize)]
struct OrderFill {
    code: String,
    cooperative: String,
    provider: String,
    is_told: bool,
    due_vnd: i64,
    ways: Vec<WayFill>,
}

#[derive(Serialize)]
struct WayFill {
    value: &'static str,
    label: String,
}

#[derive(Serialize)]
struct ToldFill {
    amount_vnd: i64,
    memo: String,
    status: u16,
    body: String,
}

fn order_fill(req: &HttpRequest, payable: &Payable) -> OrderFill {
    let ways = HowPaid::ALL
        .map(|how| WayFill { value: how.word(), label: page::say(req, &format!("demo-pay-{}", how.word())) });
    OrderFill {
        code: payable.view.order.code.to_string(),
        cooperative: payable.view.cooperative.name.clone(),
        provider: payable.provider.to_string(),
        is_told: payable.provider != crate::domain::bank_message::BankProvider::None,
        due_vnd: payable.view.asks.vnd(),
        ways: ways.into(),
    }
}

async fn fill(req: &HttpRequest, kit: &Kit, asked: String, told: Vec<Told>) -> Result<Fill, super::WebError> {
    let wanted = Some(asked.as_str()).filter(|code| !code.is_empty());
    let orders = simulating::list_payable(kit, wanted).await?;
    let told = told.into_iter().map(|one| ToldFill {
        amount_vnd: one.amount.vnd(),
        memo: one.memo,
        status: one.status,
        body: one.body,
    });
    Ok(Fill {
        orders: orders.iter().map(|one| order_fill(req, one)).collect(),
        asked,
        told: told.collect(),
        problems: Vec::new(),
    })
}

/// `GET /demo/ngan-hang?don=`
pub async fn show_bank(req: HttpRequest, kit: Kit, query: Query<Asked>) -> WebResult {
    let fill = fill(&req, &kit, query.0.don, Vec::new()).await?;
    page::personal(&req, "demo/bank.html", &fill)
}

/// `POST /demo/ngan-hang`
pub async fn pay(req: HttpRequest, kit: Kit, form: Form<Paying>) -> WebResult {
    let Paying { don, how } = form.0;
    match simulating::pay_as_bank(&kit, &don, how).await {
        Ok(told) => page::personal(&req, "demo/bank.html", &fill(&req, &kit, don, told).await?),
        Err(error) => {
            let error = super::WebError::from(error);
            let mut fill = fill(&req, &kit, String::new(), Vec::new()).await?;
            fill.problems = page::problems(&req, &error.refusals);
            Ok(again(page::personal(&req, "demo/bank.html", &fill)?, &error))
        }
    }
}
