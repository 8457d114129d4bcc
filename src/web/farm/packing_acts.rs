//! The taps on a box. A script sends them with a key of its own and reads the answer as JSON; a plain form is led on, or gets its page
//! again with what is asked back and everything that was typed.

use super::desk::{
    Asked, Fields, Typed, amount_echo, amount_of, amount_said, asked_for, money_of, money_typed, refused, seen_weight,
    shown_weight, words,
};
use super::packing_parcel::{Around, parcel_page, parcel_url, way_on};
use super::tap::Tap;
use crate::domain::account::MemberRole;
use crate::domain::id::OrderLineId;
use crate::domain::money::Money;
use crate::domain::weighing::SmallRule;
use crate::service::error::ServiceError;
use crate::service::handling::{Say, Weighed};
use crate::service::kit::Kit;
use crate::service::packing::{self, Act};
use crate::service::packing_view::PackingOrder;
use crate::service::small_difference;
use crate::service::weight_correcting::correct_weight;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebError, WebResult, again, see_other};
use crate::web::page::{self, mendable, once_more};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

/// Whether a script reads the answer.
fn is_for_script(req: &HttpRequest) -> bool {
    let mut accepts = req.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    accepts.any(|accepts| accepts.starts_with("application/json"))
}

fn json_answer(body: &serde_json::Value) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

impl Tap<PackingOrder> {
    fn line(&self) -> Result<OrderLineId, WebError> {
        self.typed.get("line").parse().map_err(|_not_one| WebError::not_found())
    }

    /// The figure of a line as it was typed, with what the page showed of it.
    fn figure(&self) -> Result<Weighed, WebError> {
        let id = self.line()?;
        let found = self.on.parcel.lines.iter().find(|one| one.line.id == id).ok_or_else(WebError::not_found)?;
        let base = amount_of(&self.typed, "weight", found.line.base_unit)
            .map_err(|refusal| refused(vec![refusal.about(format!("weight[{id}]"))]))?;
        let seen = seen_weight(self.typed.get("seen"));
        let say = match self.typed.get("say") {
            "give" => Some(Say::Give),
            "less" => Some(Say::Less),
            _ => None,
        };
        Ok(Weighed { line: id, base, seen, say })
    }

    async fn act(self, act: Act, word: &str) -> WebResult {
        let key = Some(self.typed.get("key")).filter(|key| !key.is_empty()).map(str::to_owned);
        let result = packing::act(&self.kit, &self.seller, self.id(), key.as_deref(), &act).await;
        self.answer(result, word).await
    }

    async fn answer(self, result: Result<(), ServiceError>, word: &str) -> WebResult {
        let error = match result {
            Ok(()) if is_for_script(&self.req) => return self.tell_script(word).await,
            Ok(()) => return Ok(see_other(&way_on(&self.on, &self.typed, word))),
            Err(error) => mendable(error)?,
        };
        self.once_more(&error).await
    }

    /// What a script shows in the place of the form.
    async fn tell_script(self, word: &str) -> WebResult {
        let now = self.now().await?;
        let line = now.parcel.lines.iter().find(|one| one.line.id.as_text() == self.typed.get("line"));
        let weighed = line.and_then(|one| one.line.weighed_base.map(|base| (base, one.line.base_unit)));
        Ok(json_answer(&json!({
            "done": word,
            "said": weighed.map(|(base, unit)| amount_said(&self.req, base, unit)),
            "words": weighed.map(|(base, unit)| amount_echo(&self.req, base, unit)),
            "seen": line.map(|one| shown_weight(one.line.weighed_base)),
        })))
    }

    async fn once_more(self, error: &WebError) -> WebResult {
        let now = self.now().await?;
        let problems = page::problems(&self.req, &error.refusals);
        if is_for_script(&self.req) {
            let reasons: Vec<&str> = problems.iter().map(|problem| problem.text.as_str()).collect();
            let key = self.typed.get("key").to_owned();
            let mut typed = self.typed;
            typed.put("act_key", &key);
            let body = json!({ "done": null, "reasons": reasons, "url": parcel_url(&now, &typed) });
            return Ok(again(json_answer(&body), error));
        }
        let around = Around { flash: None, problems, typed: self.typed };
        Ok(again(parcel_page(&self.req, &self.me, &self.seller, &now, around)?, error))
    }
}

/// `POST /ban-hang/dong-hang/{code}/can`: «Cân xong», one line
pub async fn weigh(tap: Tap<PackingOrder>) -> WebResult {
    match tap.figure() {
        Ok(figure) => tap.act(Act::Weigh(figure), "can").await,
        Err(error) if error.refusals.is_empty() => Err(error),
        Err(error) => tap.once_more(&error).await,
    }
}

/// `POST /ban-hang/dong-hang/{code}/hoi`: «Hỏi khách»
pub async fn ask(tap: Tap<PackingOrder>) -> WebResult {
    match tap.figure() {
        Ok(figure) => tap.act(Act::Ask(figure), "hoi").await,
        Err(error) if error.refusals.is_empty() => Err(error),
        Err(error) => tap.once_more(&error).await,
    }
}

/// `POST /ban-hang/dong-hang/{code}/dong`: «Đóng xong»
pub async fn pack(tap: Tap<PackingOrder>) -> WebResult {
    let seen = Some(tap.typed.get("seen").to_owned()).filter(|seen| !seen.is_empty());
    tap.act(Act::Pack { seen }, "dong").await
}

/// `POST /ban-hang/dong-hang/{code}/cam`: «Tôi đóng đơn này», «Tôi đóng thay»
pub async fn take_up(tap: Tap<PackingOrder>) -> WebResult {
    let from = tap.typed.get("from").parse().ok();
    tap.act(Act::TakeUp { from }, "cam").await
}

/// `POST /ban-hang/dong-hang/{code}/tha`: «Để người khác đóng»
pub async fn leave(tap: Tap<PackingOrder>) -> WebResult {
    tap.act(Act::Leave, "tha").await
}

/// `POST /ban-hang/dong-hang/{code}/thieu`: a line that is not there: out, or another product instead
pub async fn lack(tap: Tap<PackingOrder>) -> WebResult {
    let line = tap.line()?;
    match tap.typed.get("offer").parse() {
        Ok(offer) => tap.act(Act::Instead(line, offer), "doi").await,
        Err(_none) => tap.act(Act::Without(line), "bo").await,
    }
}

/// `POST /ban-hang/dong-hang/{code}/dinh-chinh`: «Đính chính cân», after the box was closed
pub async fn correct(tap: Tap<PackingOrder>) -> WebResult {
    let figure = match tap.figure() {
        Ok(figure) => figure,
        Err(error) if error.refusals.is_empty() => return Err(error),
        Err(error) => return tap.once_more(&error).await,
    };
    let reason = tap.typed.get("reason").to_owned();
    let result = correct_weight(&tap.kit, &tap.seller, tap.id(), &figure.line, figure.base, &reason).await;
    tap.answer(result, "dinh-chinh").await
}

/// `GET /ban-hang/them/chenh-can`: what is done with small differences
pub async fn show_rule(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let is_saved = asked_for(&asked, "da") == "luu";
    let flash = is_saved.then(|| words(&req, "packing-done-luu", &[]));
    rule_page(&req, &kit, &me, &seller, (flash, Vec::new(), None)).await
}

async fn rule_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    (flash, problems, typed): (Option<String>, Vec<page::Problem>, Option<String>),
) -> WebResult {
    let rule = small_difference::show_small_rule(kit, seller).await?;
    let fill = json!({
        "tab": "more",
        "flash": flash,
        "problems": problems,
        "most": typed.unwrap_or_else(|| money_typed(rule.most)),
        "most_vnd": rule.most.vnd(),
        "lets_go": rule.lets_go,
        "may_manage": seller.may(MemberRole::Manager),
    });
    page::private(req, me, "farm/small_rule.html", &fill)
}

/// `POST /ban-hang/them/chenh-can`
pub async fn lay_down_rule(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let most = match typed.get("most") {
        "0" => Ok(Money::ZERO),
        _ => money_of(&typed, "most"),
    };
    let result = match most {
        Ok(most) => {
            small_difference::lay_down_small_rule(&kit, &seller, SmallRule { most, lets_go: typed.has("lets_go") })
                .await
        }
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    match result {
        Ok(()) => Ok(see_other("/ban-hang/them/chenh-can?da=luu")),
        Err(error) => {
            let most = Some(typed.get("most").to_owned());
            once_more(&req, error, async |problems| rule_page(&req, &kit, &me, &seller, (None, problems, most)).await)
                .await
        }
    }
}
