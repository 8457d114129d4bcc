//! The guest checkout: one page, every refusal beside its field, what was typed kept. The form carries its own key, so that
//! a second click, a reload or the way back orders nothing twice.

use super::super::error::{self, Fault, WebError, WebResult, see_other};
use super::super::form::Form;
use super::super::lang::lang_of;
use super::super::page::{self, Problem};
use super::super::place::{self, PlaceFill, Said};
use super::super::session::Visitor;
use super::basket::{GroupFill, group_fill};
use super::checkout_form::{CheckoutForm, field_of};
use super::{cart, words};
use crate::domain::basket::Basket;
use crate::domain::commune::{Commune, Found};
use crate::domain::money::Money;
use crate::domain::order::FulfilmentKind;
use crate::domain::quantity::Quantity;
use crate::domain::refusal::Refusal;
use crate::service::basket::{self, BasketView, KindChoice, Point};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::ordering::{self, Ordering};
use crate::service::showing;
use crate::service::who::SignedIn;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct CheckoutFill {
    form: CheckoutForm,
    groups: Vec<GroupFill>,
    goods_vnd: i64,
    shipping_vnd: Option<i64>,
    /// What a code takes off, and the code.
    off_vnd: i64,
    shipping_off_vnd: i64,
    code: Option<String>,
    total_vnd: i64,
    kinds: Vec<Choice>,
    points: Vec<Choice>,
    payments: Vec<Choice>,
    place: PlaceFill,
    has_preorder: bool,
    is_gift: bool,
    wants_invoice: bool,
    hide_prices: bool,
    problems: Vec<Problem>,
    errors: BTreeMap<String, String>,
    /// A sentence above the button: what has to be looked at again before it is pressed.
    look_again: String,
    /// The purchase that this form has made already.
    placed_url: String,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    note: Option<String>,
    price: Option<String>,
}

/// What the page is to say besides the form itself.
#[derive(Default)]
struct Telling {
    refusals: Vec<Refusal>,
    found: Vec<Found>,
    look_again: String,
    placed_url: String,
}

/// `GET /thanh-toan`
pub async fn show_checkout(req: HttpRequest, kit: Kit, visitor: Visitor) -> WebResult {
    let carried = cart::read(&req, kit.config.is_https());
    let commune = place::remembered(&req);
    let mut form = CheckoutForm {
        basket: carried.write(),
        kind: "delivery".into(),
        payment: "vietqr".into(),
        ..CheckoutForm::default()
    };
    let view = basket::show_basket(&kit, carried.lines().to_vec(), form.going(commune)).await?;
    if view.is_empty() || has_troubled_line(&view) {
        return Ok(see_other("/gio-hang"));
    }
    if let Some(SignedIn { name, phone, .. }) = visitor.0 {
        form.name = name;
        form.phone = crate::view::filters::phone(&phone);
    }
    form.token = kit.keys.new_token();
    checkout_page(&req, &kit, form, commune, Telling::default()).await
}

fn has_troubled_line(view: &BasketView) -> bool {
    view.groups.iter().any(|group| group.lines.iter().any(|line| line.trouble.is_some()))
}

async fn checkout_page(
    req: &HttpRequest,
    kit: &Kit,
    mut form: CheckoutForm,
    commune: Option<&'static Commune>,
    telling: Telling,
) -> WebResult {
    let (view, kinds) = basket::show_checkout(kit, form.carried().lines().to_vec(), form.going(commune)).await?;
    if view.is_empty() {
        return Ok(see_other("/gio-hang"));
    }
    form.expected_total_vnd = view.total.vnd().to_string();
    form.quoted_for = if view.shipping.is_some() { form.quote_of(commune) } else { String::new() };
    let mut place = PlaceFill::new(commune, &form.province, &form.commune_q, &telling.found);
    let (problems, errors) = said(req, &view, &telling.refusals);
    place.error = errors.get("commune_code").cloned().unwrap_or_default();
    let fill = CheckoutFill {
        groups: view.groups.iter().map(|group| group_fill(req, group)).collect(),
        goods_vnd: view.goods.vnd(),
        shipping_vnd: view.shipping.map(Money::vnd),
        off_vnd: view.off.vnd(),
        shipping_off_vnd: view.vouchers.iter().map(|taken| taken.shipping_off.vnd()).fold(0, i64::saturating_add),
        code: view.vouchers.first().map(|taken| taken.voucher.code.clone()),
        total_vnd: view.total.vnd(),
        points: if view.groups.len() == 1 { point_choices(&kinds) } else { Vec::new() },
        kinds: kinds.iter().map(|choice| kind_choice(req, choice)).collect(),
        payments: payment_choices(req, view.groups.len()),
        place,
        has_preorder: view.has_preorder(),
        is_gift: form.is_gift(),
        wants_invoice: form.wants_invoice(),
        hide_prices: !form.hide_prices.is_empty(),
        problems,
        errors,
        look_again: telling.look_again,
        placed_url: telling.placed_url,
        form,
    };
    page::personal(req, "shop/checkout.html", &fill)
}

/// Everything that stands against the order, for the top of the page and for the fields.
fn said(req: &HttpRequest, view: &BasketView, refusals: &[Refusal]) -> (Vec<Problem>, BTreeMap<String, String>) {
    let of_groups: Vec<Refusal> = view.groups.iter().flat_map(|group| group.problems.clone()).collect();
    let of_groups: Vec<Refusal> = of_groups.into_iter().chain(view.no_voucher.iter().cloned()).collect();
    let known = |no: &&Refusal| !refusals.iter().any(|other| other.key == no.key && other.args == no.args);
    let all: Vec<&Refusal> = refusals.iter().chain(of_groups.iter().filter(known)).collect();
    let mut errors: BTreeMap<String, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for no in all {
        let (name, text) = (field_of(&no.field, &no.key).to_owned(), page::refusal(req, no));
        let beside = errors.entry(name.clone()).or_default();
        if !beside.is_empty() {
            beside.push(' ');
        }
        beside.push_str(&text);
        problems.push(Problem { name, text, href: None });
    }
    (problems, errors)
}

fn kind_choice(req: &HttpRequest, choice: &KindChoice) -> Choice {
    let names = |names: &[String]| names.join(", ");
    let note = match (choice.without.is_empty(), choice.kind) {
        (false, _) => Some(words::say(req, "buy-kind-without", &[("names", names(&choice.without))])),
        (true, FulfilmentKind::Pickup) => {
            choice.points.first().map(|point| format!("{}, {}. {}", point.name, point.address, point.hours))
        }
        (true, FulfilmentKind::Coach) => Some(words::say(req, "buy-kind-coach-note", &[])),
        (true, FulfilmentKind::Delivery) => None,
    };
    let price = choice.shipping.filter(|_| choice.without.is_empty()).map(|fee| match fee {
        Money::ZERO => words::say(req, "buy-free", &[]),
        fee => words::money(req, fee.vnd()),
    });
    Choice {
        value: choice.kind.as_text().to_owned(),
        label: words::say(req, &format!("buy-kind-{}", choice.kind), &[]),
        note,
        price,
    }
}

fn point_choices(kinds: &[KindChoice]) -> Vec<Choice> {
    let choice = |point: &Point| Choice {
        value: point.id.to_string(),
        label: point.name.clone(),
        note: Some(format!("{}. {}", point.address, point.hours)),
        price: None,
    };
    kinds.iter().flat_map(|kind| &kind.points).map(choice).collect()
}

fn payment_choices(req: &HttpRequest, transfers: usize) -> Vec<Choice> {
    let count = [("count", transfers.to_string())];
    let choice = |value: &str, label: &str, note: String| Choice {
        value: value.to_owned(),
        label: words::say(req, label, &[]),
        note: Some(note),
        price: None,
    };
    vec![
        choice(
            "vietqr",
            "buy-pay-vietqr",
            words::say(req, if transfers > 1 { "buy-pay-vietqr-many" } else { "buy-pay-vietqr-one" }, &count),
        ),
        choice("cod", "buy-pay-cod", words::say(req, "buy-pay-cod-note", &[])),
    ]
}

/// `POST /thanh-toan`: places the order, or answers with the form and what is to be mended.
pub async fn place_order(req: HttpRequest, kit: Kit, visitor: Visitor, form: Form<CheckoutForm>) -> WebResult {
    let mut form = form.0;
    if form.token.len() < 16 || form.carried().is_empty() {
        return Ok(see_other("/gio-hang"));
    }
    let (commune, found, is_unknown) = match place::read(&form.commune_code, &form.commune_q) {
        Said::Known(commune) => (Some(commune), Vec::new(), false),
        Said::Several(found) => (None, found, false),
        Said::Unknown => (None, Vec::new(), true),
        Said::Nothing => (None, Vec::new(), false),
    };
    form.commune_code = commune.map(|commune| commune.code.clone()).unwrap_or_default();
    if commune.is_some() {
        form.commune_q.clear();
    }
    if form.act == "province" {
        form.commune_code.clear();
        return checkout_page(&req, &kit, form, None, Telling::default()).await;
    }
    if form.act != "order" || !found.is_empty() {
        let unknown = Refusal::new("refusal-commune").about("fulfilment.commune_code");
        let telling =
            Telling { found, refusals: if is_unknown { vec![unknown] } else { Vec::new() }, ..Telling::default() };
        return remembering(checkout_page(&req, &kit, form, commune, telling).await?, &kit, commune);
    }
    let going = form.going(commune);
    let view = basket::show_basket(&kit, form.carried().lines().to_vec(), going.clone()).await?;
    let raw = form.raw(&view, commune);
    if form.quoted_for != form.quote_of(commune) {
        return shown_first(&req, &kit, form, commune, raw.read().err()).await;
    }
    let ordering = Ordering {
        key: format!("form:{}", form.token),
        language: lang_of(&req).as_text().to_owned(),
        account: visitor.0.map(|me| me.account),
    };
    match ordering::place_order(&kit, &raw, &ordering).await {
        Ok(placed) => {
            let key = showing::purchase_key(&kit, &placed.purchase);
            let mut answer: HttpResponse = see_other(&format!("/mua/{}?k={key}", placed.code));
            let left = without(cart::read(&req, kit.config.is_https()), &form.carried());
            answer.add_cookie(&cart::cookie(&left, kit.config.is_https())).map_err(WebError::broken)?;
            remembering(answer, &kit, commune)
        }
        Err(error) => again(&req, &kit, form, commune, error, &ordering.key).await,
    }
}

/// The fee of this way and place has not been seen yet: it is shown, and the next press orders.
async fn shown_first(
    req: &HttpRequest,
    kit: &Kit,
    form: CheckoutForm,
    commune: Option<&'static Commune>,
    unreadable: Option<ServiceError>,
) -> WebResult {
    let refusals = match unreadable {
        Some(ServiceError::Refused(refusals)) => refusals,
        _ => Vec::new(),
    };
    let fault = (!refusals.is_empty()).then(|| WebError::new(Fault::Refused));
    let look_again = if refusals.is_empty() { words::say(req, "buy-look-at-total", &[]) } else { String::new() };
    let page = checkout_page(req, kit, form, commune, Telling { refusals, look_again, ..Telling::default() }).await?;
    let page = match fault {
        Some(fault) => error::again(page, &fault),
        None => page,
    };
    remembering(page, kit, commune)
}

/// The form once more, with what stands against it.
async fn again(
    req: &HttpRequest,
    kit: &Kit,
    mut form: CheckoutForm,
    commune: Option<&'static Commune>,
    error: ServiceError,
    key: &str,
) -> WebResult {
    let error = WebError::from(error);
    if !matches!(error.fault, Fault::Refused | Fault::Changed | Fault::TooMany) {
        return Err(error);
    }
    let mut telling = Telling { refusals: error.refusals.clone(), ..Telling::default() };
    if error.fault == Fault::TooMany {
        telling.look_again = words::say(req, "buy-too-many-unpaid", &[]);
    }
    if telling.refusals.iter().any(|no| no.key == "refusal-idempotency-reused") {
        // This form has ordered already and was changed since: the person is told, and a new order needs a new form.
        telling.refusals.clear();
        telling.placed_url = placed_url(kit, key).await?;
        form.token = kit.keys.new_token();
    }
    let is_in_basket = telling.refusals.iter().any(|no| no.field.starts_with("lines["));
    let carried = form.carried();
    let mut page = error::again(checkout_page(req, kit, form, commune, telling).await?, &error);
    if is_in_basket {
        // What is mended in the basket is what this form was about.
        page.add_cookie(&cart::cookie(&carried, kit.config.is_https())).map_err(WebError::broken)?;
    }
    remembering(page, kit, commune)
}

async fn placed_url(kit: &Kit, key: &str) -> Result<String, WebError> {
    let placed = ordering::find_by_key(kit, key).await?;
    Ok(placed.map(|(id, code)| format!("/mua/{code}?k={}", showing::purchase_key(kit, &id))).unwrap_or_default())
}

fn remembering(mut page: HttpResponse, kit: &Kit, commune: Option<&'static Commune>) -> WebResult {
    if let Some(commune) = commune {
        page.add_cookie(&place::remember(commune, kit.config.is_https())).map_err(WebError::broken)?;
    }
    Ok(page)
}

/// What stays in the basket: what another page has put in since.
fn without(mut basket: Basket, ordered: &Basket) -> Basket {
    for (offer, _) in ordered.lines() {
        basket.set(offer.clone(), Quantity(0));
    }
    basket
}
