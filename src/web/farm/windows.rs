//! «Mở bán trước khi hái»: three questions on one page, what was ordered of each window, and what was harvested of it.

use super::desk::{
    Asked, Fields, Typed, amount_echo, amount_of, amount_said, at_said, counted, field_unit, flash, goods_url, id_of,
    minutes_of, words,
};
use super::said;
use crate::domain::account::MemberRole;
use crate::domain::id::{ProductId, SalesWindowId};
use crate::domain::quantity::{Base, BaseUnit};
use crate::domain::refusal::Refusal;
use crate::domain::sharing::SharingRule;
use crate::domain::time::{At, Day};
use crate::domain::window::{Plan, WindowState};
use crate::service::error::ServiceError;
use crate::service::goods_view::{self, GoodsPage};
use crate::service::harvesting;
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::service::window_view::{self, OrderOfWindow, WindowPage, WindowView};
use crate::service::windows::{WindowAct, WindowSaid, change_window, open_window};
use crate::view::filters;
use crate::web::error::{WebResult, see_other};
use crate::web::lang::lang_of;
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

/// When orders close, unless another hour is typed.
const CLOSES_AT: &str = "17:00";
const CLOSES_MIN: i64 = 17 * 60;

fn url(id: &SalesWindowId) -> String {
    format!("/ban-hang/mo-ban/{id}")
}

/// «thứ Bảy 28/11», or from one day to another.
fn harvest_said(req: &HttpRequest, from: Day, to: Day) -> String {
    let day = |day| filters::day_said(day, lang_of(req), false);
    if from == to { day(from) } else { words(req, "window-days", &[("from", &day(from)), ("to", &day(to))]) }
}

/// «Cọc 30 %»; none where nothing is asked for before.
fn deposit_said(req: &HttpRequest, bps: i64) -> Option<String> {
    let percent = bps.div_euclid(100).to_string();
    (bps > 0).then(|| words(req, "window-deposit", &[("percent", &percent)]))
}

fn row(req: &HttpRequest, now: At, view: &WindowView) -> Value {
    let said = |base| amount_said(req, base, view.base_unit);
    let window = &view.window;
    let is_past = window.state == WindowState::Open && window.closes_at <= now;
    let state = if is_past { WindowState::Closed } else { window.state };
    json!({
        "href": url(&window.id),
        "name": view.product_name,
        "harvest": harvest_said(req, window.harvest_from, window.harvest_to),
        "closes": at_said(req, window.closes_at),
        "state": state,
        "planned": said(window.planned),
        "ordered": said(view.ordered),
        "ordered_base": view.ordered.0,
        "planned_base": window.planned.0.max(view.ordered.0),
        "orders": counted(req, "farm-orders-count", i64::try_from(view.orders).unwrap_or(i64::MAX)),
        "harvested": window.harvested.filter(|base| base.is_positive()).map(said),
        "repeats": !window.weekdays.is_empty(),
    })
}

/// `GET /ban-hang/mo-ban`
pub async fn show_windows(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let (views, now) = (window_view::list_windows(&kit, &seller).await?, kit.now());
    let goods = goods_view::list_goods(&kit, &seller).await?;
    let (over, open): (Vec<&WindowView>, Vec<&WindowView>) = views.iter().partition(|view| view.window.state.is_over());
    let rows = |views: Vec<&WindowView>| views.into_iter().map(|view| row(&req, now, view)).collect::<Vec<_>>();
    let goods = goods
        .iter()
        .filter(|one| !one.offers.is_empty())
        .map(|one| json!({ "name": one.product.name, "href": format!("{}/mo-ban", goods_url(&one.product.id)) }));
    let fill = json!({
        "tab": "goods",
        "flash": flash(&req, &asked),
        "open": rows(open),
        "over": rows(over),
        "goods": goods.collect::<Vec<_>>(),
        "may_list": seller.may(MemberRole::Lister),
    });
    page::private(&req, &me, "farm/windows.html", &fill)
}

fn form(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    page: &GoodsPage,
    typed: &Typed,
    problems: Vec<Problem>,
) -> WebResult {
    let product = &page.goods.product;
    let option = |value: &str, key: &str, note: &str| json!({ "value": value, "label": words(req, key, &[]), "note": words(req, note, &[]) });
    let weekday = |number: i64| {
        let day = number.to_string();
        let is_on = typed.all("weekdays").contains(&day.as_str());
        json!({ "value": day, "label": words(req, &format!("window-weekday-{number}"), &[]), "on": is_on })
    };
    let fill = json!({
        "tab": "goods",
        "name": product.name,
        "back": goods_url(&product.id),
        "action": format!("{}/mo-ban", goods_url(&product.id)),
        "field_unit": field_unit(product.base_unit),
        "has_price": !page.goods.offers.is_empty(),
        // Comes back with the form: sent twice, it opens one window.
        "new_id": typed.get("window").parse().unwrap_or_else(|_first_time| SalesWindowId::new(kit.now(), kit.ten())),
        "closes_at": CLOSES_AT,
        "rules": [
            option("first", "window-rule-first", "window-rule-first-note"),
            option("equal", "window-rule-equal", "window-rule-equal-note"),
        ],
        "weekdays": (1..=7).map(weekday).collect::<Vec<_>>(),
        "typed": typed.shown(),
        "problems": problems,
    });
    page::private(req, me, "farm/window_form.html", &fill)
}

/// `GET /ban-hang/hang/{id}/mo-ban`
pub async fn show_new(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, id: web::Path<String>) -> WebResult {
    let page = goods_view::show_goods(&kit, &seller, &id_of(&id)?).await?;
    form(&req, &kit, &me, &page, &Typed::default(), Vec::new())
}

/// What was typed: each field that cannot be read is said beside it.
fn read(typed: &Typed, unit: BaseUnit) -> Result<WindowSaid, ServiceError> {
    let mut refusals = Vec::new();
    let mut day = |field: &str| {
        let day = typed.get(field).parse::<Day>().ok();
        if day.is_none() {
            refusals.push(Refusal::new("refusal-day").about(field));
        }
        day
    };
    let (from, closes_on) = (day("harvest_from"), day("closes_on"));
    let to = if typed.has("harvest_to") { day("harvest_to") } else { from };
    let planned = amount_of(typed, "quantity", unit).map_err(|refusal| refusals.push(refusal)).ok();
    let said = if typed.has("closes_at") { minutes_of(typed, "closes_at") } else { Ok(CLOSES_MIN) };
    let minute = said.map_err(|refusal| refusals.push(refusal)).ok();
    let percent = typed.get("deposit").trim_end_matches('%').trim();
    let percent = if percent.is_empty() { Some(0) } else { percent.parse::<i64>().ok() };
    let deposit_bps = percent.filter(|percent| (0..=100).contains(percent)).map(|percent| percent.saturating_mul(100));
    if deposit_bps.is_none() {
        refusals.push(Refusal::new("refusal-window-deposit").about("deposit"));
    }
    let (Some(harvest_from), Some(harvest_to), Some(closes_on), Some(planned), Some(minute), Some(deposit_bps)) =
        (from, to, closes_on, planned, minute, deposit_bps)
    else {
        return Err(ServiceError::Refused(refusals));
    };
    let mut weekdays: Vec<&str> = typed.all("weekdays");
    weekdays.sort_unstable();
    weekdays.dedup();
    Ok(WindowSaid {
        plan: Plan {
            harvest_from,
            harvest_to,
            planned,
            closes_at: closes_on.at_minute(minute),
            weekdays: weekdays.concat(),
        },
        sharing: typed.get("sharing").parse().unwrap_or(SharingRule::First),
        deposit_bps,
    })
}

/// `POST /ban-hang/hang/{id}/mo-ban`
pub async fn open(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed): (ProductId, Typed) = (id_of(&id)?, Typed::of(fields.0));
    let page = goods_view::show_goods(&kit, &seller, &id).await?;
    let window = typed.get("window").parse().unwrap_or_else(|_none| SalesWindowId::new(kit.now(), kit.ten()));
    let result = match read(&typed, page.goods.product.base_unit) {
        Ok(said) => open_window(&kit, &seller, &id, &said, &window).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => Ok(see_other(&format!("{}?da=mo-ban", url(&window)))),
        Err(error) => once_more(&req, error, async |problems| form(&req, &kit, &me, &page, &typed, problems)).await,
    }
}

fn window_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    page: &WindowPage,
    flash: Option<String>,
    (typed, problems): (&Typed, Vec<Problem>),
) -> WebResult {
    let (window, unit, now) = (&page.view.window, page.view.base_unit, kit.now());
    let said = |base| amount_said(req, base, unit);
    let order = |one: &OrderOfWindow| {
        let mut row = said::brief(req, now, &one.brief);
        if let Some(row) = row.as_object_mut() {
            row.insert("ordered".to_owned(), json!(said(one.ordered)));
            row.insert("granted".to_owned(), json!(one.granted.map(said)));
        }
        row
    };
    let takes = window.state == WindowState::Open && window.closes_at > now;
    let fill = json!({
        "tab": "goods",
        "flash": flash,
        "window": row(req, now, &page.view),
        "product_href": goods_url(&window.product_id),
        "lot_href": format!("/ban-hang/dot/{}", window.lot_id),
        "rule": words(req, &format!("window-rule-{}-note", window.sharing), &[]),
        "weekdays": window.weekdays.chars().map(|day| words(req, &format!("window-weekday-{day}"), &[])).collect::<Vec<_>>().join(", "),
        "deposit": deposit_said(req, window.deposit_bps),
        "to_harvest": said(page.view.ordered),
        "to_harvest_words": amount_echo(req, page.view.ordered, unit),
        "field_unit": field_unit(unit),
        "today": now.day(),
        "orders": page.orders.iter().map(order).collect::<Vec<_>>(),
        "unsettled": page.unsettled,
        "takes": takes,
        "is_paused": window.state == WindowState::Paused && window.closes_at > now,
        "is_over": window.state.is_over(),
        "may_list": seller.may(MemberRole::Lister),
        "typed": typed.shown(),
        "problems": problems,
    });
    page::private(req, me, "farm/window.html", &fill)
}

/// `GET /ban-hang/mo-ban/{id}`
pub async fn show_window(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let page = window_view::show_window(&kit, &seller, &id_of(&id)?).await?;
    window_page(&req, &kit, &me, &seller, &page, flash(&req, &asked), (&Typed::default(), Vec::new()))
}

/// `POST /ban-hang/mo-ban/{id}`: pause, resume, end, once, amount, harvest, fail
pub async fn act(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed): (SalesWindowId, Typed) = (id_of(&id)?, Typed::of(fields.0));
    let page = window_view::show_window(&kit, &seller, &id).await?;
    let result = do_act(&kit, &seller, &id, &typed, page.view.base_unit).await;
    match result {
        Ok(done) => Ok(see_other(&format!("{}?da={done}", url(&id)))),
        Err(error) => {
            let page = window_view::show_window(&kit, &seller, &id).await?;
            let again = async |problems| window_page(&req, &kit, &me, &seller, &page, None, (&typed, problems));
            once_more(&req, error, again).await
        }
    }
}

async fn do_act(
    kit: &Kit,
    seller: &Seller,
    id: &SalesWindowId,
    typed: &Typed,
    unit: BaseUnit,
) -> Result<&'static str, ServiceError> {
    let amount = || amount_of(typed, "quantity", unit).map_err(ServiceError::refused);
    let act = match typed.get("act") {
        "pause" => WindowAct::Pause,
        "resume" => WindowAct::Resume,
        "end" => WindowAct::End,
        "once" => WindowAct::Once,
        "amount" => WindowAct::Amount(amount()?),
        "harvest" => {
            let on = typed.get("made_on").parse().unwrap_or_else(|_today| kit.now().day());
            harvesting::say_harvest(kit, seller, id, amount()?, on).await?;
            return Ok("hai");
        }
        "fail" => {
            harvesting::say_harvest(kit, seller, id, Base::ZERO, kit.now().day()).await?;
            return Ok("mat-mua");
        }
        _ => return Err(ServiceError::refused(Refusal::new("refusal-lot-act").about("act"))),
    };
    change_window(kit, seller, id, &act).await?;
    Ok("luu")
}
