//! One box: its lines on the scale, what is asked back about a figure, what to do about a missing line; and the slip that goes into it.

use super::desk::{Asked, Typed, amount_echo, amount_said, asked_for, money_typed, words};
use super::packing::{self, HERE, day_url, done, line_said, parcel_said};
use super::tap::Tapped;
use crate::domain::account::MemberRole;
use crate::domain::order::OrderState;
use crate::domain::phone::Phone;
use crate::domain::quantity::{Base, priced_base};
use crate::domain::typed::{read_base, typed};
use crate::domain::weighing::Verdict;
use crate::gateway::qr::{self, Caption};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::packing_view::{PackingOrder, ParcelLine, show_packing_order};
use crate::service::selling::SellersOrder;
use crate::service::weight_correcting::is_corrected;
use crate::service::who::{Seller, SignedIn};
use crate::view::filters;
use crate::web::error::{WebError, WebResult};
use crate::web::lang::lang_of;
use crate::web::page::{self, Problem};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

impl Tapped for PackingOrder {
    async fn find(kit: &Kit, seller: &Seller, code: &str) -> Result<Self, ServiceError> {
        show_packing_order(kit, seller, code).await
    }

    fn order(&self) -> &SellersOrder {
        &self.order
    }
}

/// What a page has beside the box.
#[derive(Default)]
pub struct Around {
    pub flash: Option<String>,
    pub problems: Vec<Problem>,
    pub typed: Typed,
}

/// `GET /ban-hang/dong-hang/{code}`; `?mon=&can=` brings a figure along that was asked back.
pub async fn show_parcel(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    code: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let view = show_packing_order(&kit, &seller, &code).await?;
    let mut typed = Typed::default();
    for (from, to) in [("mon", "line"), ("can", "weight"), ("viec", "act_key"), ("thieu", "missing")] {
        typed.put(to, asked_for(&asked, from));
    }
    let around = Around { flash: done(&req, &asked), typed, ..Around::default() };
    parcel_page(&req, &me, &seller, &view, around)
}

/// The page, also after a tap that could not be done.
pub fn parcel_page(
    req: &HttpRequest,
    me: &SignedIn,
    seller: &Seller,
    view: &PackingOrder,
    around: Around,
) -> WebResult {
    let order = &view.order.view.order;
    let question = question(req, view, &around.typed)?;
    let missing = view.parcel.lines.iter().find(|line| line.line.id.as_text() == around.typed.get("missing"));
    let stays = view.parcel.lines.iter().filter(|line| !line.is_out).count();
    let fill = json!({
        "tab": "work",
        "flash": around.flash,
        // What is asked back as a question of its own needs no second telling.
        "problems": if question.is_some() { Vec::new() } else { around.problems },
        "typed": around.typed.shown(),
        "who_am_i": seller.account,
        "parcel": parcel_said(req, seller, &view.parcel),
        "day_url": day_url(view.parcel.brief.delivery.deliver_on),
        "is_open": order.state == OrderState::Confirmed,
        "is_corrected": is_corrected(order.state),
        "may_correct": is_corrected(order.state) && seller.may(MemberRole::Manager),
        "question": question,
        "missing": missing.filter(|line| !line.is_out).map(|line| missing_said(req, view, line, stays)),
    });
    page::private(req, me, "farm/packing_order.html", &fill)
}

/// What a figure asks before it is written, with everything that was typed.
fn question(req: &HttpRequest, view: &PackingOrder, said: &Typed) -> Result<Option<Value>, WebError> {
    let found = view.parcel.lines.iter().find(|line| line.line.id.as_text() == said.get("line") && !line.is_out);
    let Some(one) = found.filter(|_| view.order.view.order.state == OrderState::Confirmed) else { return Ok(None) };
    let line = &one.line;
    let Ok(base) = read_base(said.get("weight"), line.base_unit) else { return Ok(None) };
    let amount = |base: Base| amount_said(req, base, line.base_unit);
    let price = |base: Base| priced_base(line.price_vnd, base, line.base_per_unit).map_err(WebError::broken);
    let differs = line.weighed_base.is_some_and(|there| there != base);
    let kind = match one.promised.judge(base) {
        _ if differs => "two",
        Verdict::TimesOff => "times-off",
        Verdict::Over => "over",
        Verdict::Under => "under",
        Verdict::Fine | Verdict::Nothing => return Ok(None),
    };
    let meant = one.promised.likely(base);
    let (most, whole) = (price(one.promised.most())?, price(base)?);
    Ok(Some(json!({
        "kind": kind,
        "line": line_said(req, &view.parcel, one),
        "typed": said.get("weight"),
        "act_key": said.get("act_key"),
        "weight": amount(base),
        "words": amount_echo(req, base, line.base_unit),
        "there": line.weighed_base.map(amount),
        "meant": meant.map(amount),
        "meant_words": meant.map(|meant| amount_echo(req, meant, line.base_unit)),
        "meant_typed": meant.map(|meant| typed(meant, line.base_unit)),
        "most": amount(one.promised.most()),
        "least": amount(one.promised.least()),
        "most_vnd": most.vnd(),
        "whole_vnd": whole.vnd(),
        "may_ask": one.by_weight,
    })))
}

/// What to do about a line that is not there, by the buyer's wish.
fn missing_said(req: &HttpRequest, view: &PackingOrder, one: &ParcelLine, stays: usize) -> Value {
    let line = &one.line;
    let buyer = &view.order.view.buyer;
    let fits = view.stand_ins.get(&line.id).map(Vec::as_slice).unwrap_or_default();
    let choices = fits.iter().map(|fit| {
        let amount = amount_said(req, line.base_quantity, line.base_unit);
        json!({
            "offer": fit.offer.id,
            "label": format!("{}, {amount}", fit.product.name),
            "amount_vnd": fit.amount.vnd(),
        })
    });
    let first = fits.first().map(|fit| fit.product.name.clone());
    let say = match &first {
        Some(other) => words(req, "packing-call-words", &[("name", &line.product_name), ("other", other)]),
        None => words(req, "packing-call-words-none", &[("name", &line.product_name)]),
    };
    json!({
        "line": line_said(req, &view.parcel, one),
        "wish": line.if_short,
        "is_last": stays <= 1,
        "choices": choices.collect::<Vec<_>>(),
        "buyer": buyer.buyer_name,
        "phone": buyer.buyer_phone,
        "tel": buyer.buyer_phone.parse::<Phone>().ok().map(|phone| phone.tel()),
        "say": say,
        "amount": money_typed(line.line_vnd),
    })
}

/// `GET /ban-hang/dong-hang/{code}/phieu`: what goes into the box
pub async fn show_slip(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, code: web::Path<String>) -> WebResult {
    let view = show_packing_order(&kit, &seller, &code).await?;
    let whole = &view.order.view;
    let title = words(&req, "packing-slip-qr", &[]);
    let mut lines = Vec::new();
    for one in view.parcel.lines.iter().filter(|line| !line.is_out) {
        let mut lots = Vec::new();
        for lot in &one.lots {
            let url = format!("{}/truy-xuat/{}", kit.config.base_url, lot.code);
            let svg = qr::svg(&url, &Caption { title: &title, above: None, below: None }).map_err(WebError::broken)?;
            lots.push(json!({
                "code": lot.code.to_string(),
                "made_on": filters::day_said(lot.made_on, lang_of(&req), true),
                "place": lot.place,
                "svg": svg,
            }));
        }
        let line = &one.line;
        lines.push(json!({
            "name": line.product_name,
            "weight": amount_said(&req, line.weighed_base.unwrap_or(line.base_quantity), line.base_unit),
            "is_weighed": line.weighed_base.is_some(),
            "amount_vnd": line.weighed_vnd.unwrap_or(line.line_vnd).vnd(),
            "lots": lots,
        }));
    }
    let fill = json!({
        "tab": "work",
        "cooperative": whole.cooperative.name,
        "phone": whole.cooperative.phone,
        "parcel": parcel_said(&req, &seller, &view.parcel),
        "parcel_url": format!("{HERE}/{}", whole.order.code),
        "recipient": whole.delivery.recipient_name,
        "on": whole.delivery.deliver_on.map(|day| filters::day_said(day, lang_of(&req), false)),
        // A gift's box says nothing of money.
        "shows_prices": !whole.delivery.hide_prices,
        "lines": lines,
        "off_vnd": whole.voucher.as_ref().map_or(0, |used| used.off_vnd.vnd()),
        "shipping_vnd": whole.order.shipping_vnd.vnd(),
        "total_vnd": whole.order.total_vnd.vnd(),
        "due_vnd": whole.due.vnd(),
    });
    page::private(&req, &me, "farm/packing_slip.html", &fill)
}

/// The address of a box, with a figure that is asked back.
pub fn parcel_url(view: &PackingOrder, said: &Typed) -> String {
    let url = format!("{HERE}/{}", view.order.view.order.code);
    let figure: String =
        said.get("weight").chars().filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.')).take(16).collect();
    let line: String = said.get("line").chars().filter(|c| c.is_ascii_hexdigit() || *c == '-').take(40).collect();
    let key = Some(said.get("act_key")).filter(|key| crate::domain::packing::is_key(key)).unwrap_or_default();
    if line.is_empty() { format!("{url}?viec={key}") } else { format!("{url}?mon={line}&can={figure}&viec={key}") }
}

/// Where a tap leads on to: the day that it was tapped on, or the box.
pub fn way_on(view: &PackingOrder, said: &Typed, word: &str) -> String {
    let base = match packing::day_of(said.get("day")) {
        Some(day) => day_url(day),
        None => format!("{HERE}/{}?", view.order.view.order.code),
    };
    let key = said.get("act_key");
    let ended = if crate::domain::packing::is_key(key) { format!("&xong={key}") } else { String::new() };
    format!("{base}&da={word}{ended}").replace("?&", "?")
}
