//! «Đợt hàng»: opening one, and what happens to it beside orders.

use super::desk::{
    Asked, Fields, Typed, amount_echo, amount_of, amount_said, at_said, counted, field_unit, flash, goods_url, id_of,
    words,
};
use super::said;
use crate::domain::account::MemberRole;
use crate::domain::id::{LotId, ProductId};
use crate::domain::quantity::BaseUnit;
use crate::domain::refusal::Refusal;
use crate::domain::stock::LotKind;
use crate::domain::time::Day;
use crate::domain::trace::WordOf;
use crate::service::error::ServiceError;
use crate::service::goods_view::{self, GoodsPage, LotPage, LotView};
use crate::service::kit::Kit;
use crate::service::lots::{LotAct, LotSaid, add_lot_once, move_lot_as_seen};
use crate::service::shortage::{self, Shortage};
use crate::service::who::{Seller, SignedIn};
use crate::view::filters;
use crate::web::error::{WebResult, see_other};
use crate::web::lang::lang_of;
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

/// A lot ready to read.
pub fn shown(req: &HttpRequest, lot: &LotView, unit: BaseUnit) -> Value {
    let said = |base| amount_said(req, base, unit);
    json!({
        "id": lot.lot.id,
        "href": format!("/ban-hang/dot/{}", lot.lot.id),
        "code": lot.lot.code.to_string(),
        "made_on": filters::day_said(lot.lot.made_on, lang_of(req), false),
        "best_before": lot.lot.best_before.map(|day| filters::day_said(day, lang_of(req), true)),
        "place": lot.lot.place,
        "state": lot.lot.state,
        "on_hand": said(lot.lot.on_hand),
        "promised": lot.promised.is_positive().then(|| said(lot.promised)),
        "available": said(lot.available),
        "short": lot.short.is_positive().then(|| said(lot.short)),
    })
}

/// What was typed of a lot to be.
pub fn read(typed: &Typed, unit: BaseUnit, today: Day, refusals: &mut Vec<Refusal>) -> Option<LotSaid> {
    let quantity = amount_of(typed, "quantity", unit).map_err(|refusal| refusals.push(refusal)).ok();
    let text = typed.get("made_on");
    let made_on = if text.is_empty() { Some(today) } else { text.parse().ok() };
    if made_on.is_none() {
        refusals.push(Refusal::new("refusal-day").about("made_on"));
    }
    let kind = if typed.get("kind") == LotKind::Batch.as_text() { LotKind::Batch } else { LotKind::Harvest };
    Some(LotSaid {
        kind,
        made_on: made_on?,
        best_before: typed.get("best_before").parse().ok(),
        place: typed.get("place").to_owned(),
        commune_code: None,
        quantity: quantity?,
        word_of: if typed.get("word_of") == WordOf::Cooperative.as_text() {
            WordOf::Cooperative
        } else {
            WordOf::Grower
        },
        owner: None,
    })
}

fn form(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    page: &GoodsPage,
    typed: &Typed,
    flash: Option<String>,
    problems: Vec<Problem>,
) -> WebResult {
    let product = &page.goods.product;
    let option = |value: &str, key: &str| json!({ "value": value, "label": words(req, key, &[]) });
    let fill = json!({
        "tab": "goods",
        "flash": flash,
        "name": product.name,
        "back": goods_url(&product.id),
        "action": format!("{}/dot", goods_url(&product.id)),
        "field_unit": field_unit(product.base_unit),
        "today": kit.now().day(),
        // Comes back with the form: sent twice, it opens one lot.
        "new_id": typed.get("lot").parse().unwrap_or_else(|_first_time| LotId::new(kit.now(), kit.ten())),
        "kinds": [option("harvest", "farm-lot-harvest"), option("batch", "farm-lot-batch")],
        "words_of": [option("grower", "ui-word-grower"), option("cooperative", "ui-word-cooperative")],
        "places": page.lots.iter().map(|lot| lot.lot.place.clone()).find(|place| !place.is_empty()),
        "typed": typed.shown(),
        "problems": problems,
    });
    page::private(req, me, "farm/lot_form.html", &fill)
}

/// `GET /ban-hang/hang/{id}/dot`
pub async fn show_new(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let page = goods_view::show_goods(&kit, &seller, &id_of(&id)?).await?;
    form(&req, &kit, &me, &page, &Typed::default(), flash(&req, &asked), Vec::new())
}

/// `POST /ban-hang/hang/{id}/dot`
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
    let mut refusals = Vec::new();
    let said =
        read(&typed, page.goods.product.base_unit, kit.now().day(), &mut refusals).filter(|_| refusals.is_empty());
    let result = match said {
        Some(said) => add_lot_once(&kit, &seller, &id, &said, typed.get("lot").parse().ok().as_ref()).await,
        None => Err(ServiceError::Refused(refusals)),
    };
    match result {
        Ok(_) => Ok(see_other(&format!("{}?da=dot", goods_url(&id)))),
        Err(error) => {
            once_more(&req, error, async |problems| form(&req, &kit, &me, &page, &typed, None, problems)).await
        }
    }
}

/// `GET /ban-hang/dot/{id}`
pub async fn show_lot(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    asked: Asked,
) -> WebResult {
    let lot = goods_view::show_lot(&kit, &seller, &id_of(&id)?).await?;
    lot_page(&req, &kit, &me, &seller, &lot, flash(&req, &asked), (&Typed::default(), Vec::new()))
}

fn lot_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    page: &LotPage,
    flash: Option<String>,
    wrong: (&Typed, Vec<Problem>),
) -> WebResult {
    let unit = page.product.base_unit;
    let now = kit.now();
    let count = i64::try_from(page.orders.len()).unwrap_or(i64::MAX);
    let short = page.lot.short.is_positive().then(|| {
        let (promised, there) =
            (amount_said(req, page.lot.promised, unit), amount_said(req, page.lot.lot.on_hand, unit));
        let orders = counted(req, "farm-orders-count", count);
        words(req, "farm-lot-short", &[("promised", &promised), ("orders", &orders), ("there", &there)])
    });
    let fill = json!({
        "tab": "goods",
        "flash": flash,
        "product": { "name": page.product.name, "href": goods_url(&page.product.id), "slug": page.product.slug },
        "lot": shown(req, &page.lot, unit),
        "words": amount_echo(req, page.lot.lot.on_hand, unit),
        "short": short,
        "field_unit": field_unit(unit),
        "orders": page.orders.iter().map(|(brief, base)| {
            let mut row = said::brief(req, now, brief);
            if let Some(row) = row.as_object_mut() {
                row.insert("promised".to_owned(), json!(amount_said(req, *base, unit)));
            }
            row
        }).collect::<Vec<_>>(),
        "shortage": page.shortage.as_ref().map(|shortage| shortage_said(req, page, shortage)),
        "may_pack": seller.may(MemberRole::Packer),
        "movements": movements(req, page, unit),
        "seen": page.movements.len(),
        "may_list": seller.may(MemberRole::Lister),
        "typed": wrong.0.shown(),
        "problems": wrong.1,
    });
    page::private(req, me, "farm/lot.html", &fill)
}

/// What becomes of each promise that the lot cannot keep whole.
fn shortage_said(req: &HttpRequest, page: &LotPage, shortage: &Shortage) -> Value {
    let said = |base| amount_said(req, base, page.product.base_unit);
    let touched = shortage.fates.iter().filter(|fate| fate.is_touched()).filter_map(|fate| {
        let (brief, _) = page.orders.iter().find(|(brief, _)| brief.order.id == fate.promise.order)?;
        let moves = fate.moves.iter().map(|share| {
            let lot = shortage.lots.get(&share.lot);
            json!({
                "amount": said(share.base),
                "code": lot.map(|lot| lot.code.to_string()),
                "made_on": lot.map(|lot| filters::day_said(lot.made_on, lang_of(req), false)),
            })
        });
        Some(json!({
            "who": brief.buyer.buyer_name,
            "url": said::order_url(&brief.order.code),
            "keeps": fate.keeps.is_positive().then(|| said(fate.keeps)),
            "moves": moves.collect::<Vec<_>>(),
            "missing": fate.missing.is_positive().then(|| said(fate.missing)),
            "wish": brief.lines.iter().find(|line| line.product_id == page.product.id).map(|line| line.if_short),
        }))
    });
    json!({
        "orders": touched.collect::<Vec<_>>(),
        "coverable": shortage.coverable.is_positive().then(|| said(shortage.coverable)),
        "missing": shortage.missing.is_positive().then(|| said(shortage.missing)),
    })
}

/// `POST /ban-hang/dot/{id}/bu`: «Lấy đợt khác bù»
pub async fn cover(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, id: web::Path<String>) -> WebResult {
    let id: LotId = id_of(&id)?;
    match shortage::cover_from_other_lots(&kit, &seller, &id).await {
        Ok(_still_missing) => Ok(see_other(&format!("/ban-hang/dot/{id}?da=bu"))),
        Err(error) => {
            let page = goods_view::show_lot(&kit, &seller, &id).await?;
            let typed = Typed::default();
            let lot = async |problems| lot_page(&req, &kit, &me, &seller, &page, None, (&typed, problems));
            once_more(&req, error, lot).await
        }
    }
}

fn movements(req: &HttpRequest, page: &LotPage, unit: BaseUnit) -> Vec<Value> {
    let rows = page.movements.iter().rev().map(|row| {
        let sign = if row.base_quantity.is_positive() { "+" } else { "−" };
        let size = crate::domain::quantity::Base(row.base_quantity.0.saturating_abs());
        json!({
            "kind": words(req, &format!("farm-movement-{}", row.kind), &[]),
            "amount": format!("{sign}{}", amount_said(req, size, unit)),
            "at": at_said(req, row.at),
            "who": row.by_account_id.as_ref().and_then(|id| page.names.get(id)),
            "note": row.to_whom.clone().or_else(|| row.reason.clone()),
        })
    });
    rows.collect()
}

/// `POST /ban-hang/dot/{id}`: more, loss, sold outside, counted
pub async fn act(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed): (LotId, Typed) = (id_of(&id)?, Typed::of(fields.0));
    let page = goods_view::show_lot(&kit, &seller, &id).await?;
    let result = match plan(&typed, page.product.base_unit) {
        Ok(act) => move_lot_as_seen(&kit, &seller, &id, &act, typed.get("seen").parse().ok()).await,
        Err(refusal) => Err(ServiceError::refused(refusal)),
    };
    match result {
        Ok(_) => Ok(see_other(&format!("/ban-hang/dot/{id}?da=kho"))),
        Err(error) => {
            let page = goods_view::show_lot(&kit, &seller, &id).await?;
            let lot = async |problems| lot_page(&req, &kit, &me, &seller, &page, None, (&typed, problems));
            once_more(&req, error, lot).await
        }
    }
}

fn plan(typed: &Typed, unit: BaseUnit) -> Result<LotAct, Refusal> {
    let base = amount_of(typed, "quantity", unit)?;
    Ok(match typed.get("act") {
        "more" => LotAct::More(base),
        "loss" => LotAct::Loss { base, reason: typed.get("reason").to_owned() },
        "outside" => LotAct::SoldOutside { base, to_whom: typed.get("to_whom").to_owned() },
        "count" => LotAct::Counted(base),
        _ => return Err(Refusal::new("refusal-lot-act").about("act")),
    })
}
