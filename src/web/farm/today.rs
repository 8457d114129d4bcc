//! «Việc hôm nay»: what waits for the people of a cooperative, each with one next tap.

use super::claims;
use super::desk::{Asked, amount_said, at_said, counted, flash, left, words};
use super::said::{lines_said, order_url};
use crate::domain::account::MemberRole;
use crate::service::goods_view::{Goods, Missing};
use crate::service::hand_over_view;
use crate::service::kit::Kit;
use crate::service::owing;
use crate::service::selling::OrderBrief;
use crate::service::who::{Seller, SignedIn};
use crate::service::window_view;
use crate::service::working::{self, Today};
use crate::web::error::{WebError, WebResult};
use crate::web::page;
use actix_web::HttpRequest;
use serde_json::{Value, json};

/// Rows of one kind before a row that leads to the whole list.
const ROWS: usize = 5;

/// `GET /ban-hang`
pub async fn show_today(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let today = working::show_today(&kit, &seller).await?;
    let now = kit.now();
    let mut rows: Vec<Value> = change_row(&req, &seller, &today).into_iter().collect();
    let stop = owing::find_stop(&kit, &seller).await?;
    rows.extend(stop.iter().map(|code| {
        json!({
            "title": words(&req, "farm-today-refund-late", &[("code", code.as_text())]),
            "href": format!("{}/tra-lai", order_url(code)),
            "icon": "money",
            "note": words(&req, "farm-today-refund-late-note", &[]),
            "urgent": true,
        })
    }));
    let claims = claims::todays_rows(&req, &kit, &seller).await?;
    rows.extend(claims.iter().cloned());
    let confirm_row = |brief: &OrderBrief| {
        let by = brief.order.confirm_by;
        let note = by.map(|by| match left(&req, now, by) {
            Some(left) => words(&req, "farm-confirm-by", &[("at", &at_said(&req, by)), ("left", &left)]),
            None => words(&req, "farm-confirm-late", &[("at", &at_said(&req, by))]),
        });
        order_row(&req, brief, "farm-today-confirm", "receipt", true, note)
    };
    push_orders(&req, &mut rows, &today.to_confirm, "can-nhan", &confirm_row);
    let row = |key: &'static str, icon: &'static str| {
        let req = &req;
        move |brief: &OrderBrief| order_row(req, brief, key, icon, false, None)
    };
    rows.extend(packing_row(&req, &seller, &today));
    push_orders(&req, &mut rows, &today.to_weigh, "can-dong", &row("farm-today-weigh", "scale"));
    push_orders(&req, &mut rows, &today.to_pack, "can-dong", &row("farm-today-pack", "box"));
    push_orders(&req, &mut rows, &today.to_send, "dang-giao", &row("farm-today-send", "truck"));
    push_hands(&req, &kit, &seller, &today, &mut rows).await?;
    push_orders(&req, &mut rows, &today.on_the_way, "dang-giao", &row("farm-today-hand-over", "truck"));
    push_harvest(&req, &kit, &seller, &mut rows).await?;
    push_counts(&req, &seller, &today, &mut rows);
    push_goods(&req, &seller, &today, &mut rows);
    let urgent = today.to_confirm.len().saturating_add(usize::from(today.account_change.is_some()));
    let urgent = urgent.saturating_add(claims.len());
    let fill = json!({
        "tab": "work",
        "flash": flash(&req, &asked),
        "cooperative": seller.cooperative_name,
        "rows": rows,
        "count": total(&today).saturating_add(usize::from(stop.is_some())).saturating_add(claims.len()),
        "urgent": urgent,
        "has_goods": today.has_goods,
        "has_account": today.has_account,
        "may_list": seller.may(MemberRole::Lister),
        "may_manage": seller.may(MemberRole::Manager),
    });
    page::private(&req, &me, "farm/today.html", &fill)
}

/// Another receiving account stands above everything, for everybody who works here.
fn change_row(req: &HttpRequest, seller: &Seller, today: &Today) -> Option<Value> {
    let change = today.account_change.as_ref()?;
    let manages = seller.may(MemberRole::Manager);
    let note = if manages { "farm-today-change-manager" } else { "farm-today-change-member" };
    Some(json!({
        "title": words(req, &format!("farm-today-change-{}", change.state), &[]),
        "href": if manages { "/ban-hang/tien/tai-khoan#doi" } else { "/ban-hang/them" },
        "icon": "warning",
        "note": words(req, note, &[]),
        "urgent": true,
    }))
}

/// The packing day, for those who pack: one way to all that has to be weighed and packed.
fn packing_row(req: &HttpRequest, seller: &Seller, today: &Today) -> Option<Value> {
    let count = today.to_weigh.len().saturating_add(today.to_pack.len());
    (count > 0 && seller.may(MemberRole::Packer)).then(|| {
        json!({
            "title": words(req, "packing-today", &[]),
            "href": "/ban-hang/dong-hang",
            "icon": "box",
            "note": counted(req, "packing-today-note", i64::try_from(count).unwrap_or(i64::MAX)),
        })
    })
}

/// Everything that waits, each thing once.
fn total(today: &Today) -> usize {
    let orders = [&today.to_confirm, &today.to_weigh, &today.to_pack, &today.to_send, &today.on_the_way];
    let counted = usize::try_from(today.money_cases.saturating_add(today.messages)).unwrap_or(0);
    orders
        .iter()
        .map(|list| list.len())
        .sum::<usize>()
        .saturating_add(today.over_promised.len())
        .saturating_add(today.goods.len())
        .saturating_add(counted)
        .saturating_add(usize::from(today.account_change.is_some()))
}

fn order_row(
    req: &HttpRequest,
    brief: &OrderBrief,
    key: &str,
    icon: &str,
    urgent: bool,
    note: Option<String>,
) -> Value {
    let what = lines_said(req, brief);
    json!({
        "title": words(req, key, &[("who", &brief.buyer.buyer_name)]),
        "href": order_url(&brief.order.code),
        "icon": icon,
        "note": note.map_or_else(|| what.clone(), |note| format!("{note} · {what}")),
        "urgent": urgent,
    })
}

fn push_orders(
    req: &HttpRequest,
    rows: &mut Vec<Value>,
    briefs: &[OrderBrief],
    tab: &str,
    row: &dyn Fn(&OrderBrief) -> Value,
) {
    rows.extend(briefs.iter().take(ROWS).map(row));
    let more = briefs.len().saturating_sub(ROWS);
    if more > 0 {
        let count = i64::try_from(more).unwrap_or(i64::MAX);
        rows.push(json!({
            "title": counted(req, &format!("farm-today-more-{tab}"), count),
            "href": format!("/ban-hang/don?muc={tab}"),
            "icon": "list",
            "count": more,
        }));
    }
}

/// The carrier's day, cash that waits to be counted, and cash in one's own hands.
async fn push_hands(
    req: &HttpRequest,
    kit: &Kit,
    seller: &Seller,
    today: &Today,
    rows: &mut Vec<Value>,
) -> Result<(), WebError> {
    let (mine, to_count) = hand_over_view::count_waiting(kit, seller).await?;
    if !today.on_the_way.is_empty() && seller.may(MemberRole::Packer) {
        let count = i64::try_from(today.on_the_way.len()).unwrap_or(i64::MAX);
        let note = counted(req, "door-today-note", count);
        rows.push(
            json!({ "title": words(req, "door-today", &[]), "href": "/ban-hang/giao", "icon": "truck", "note": note }),
        );
    }
    if to_count > 0 {
        let note = words(req, "door-today-count-note", &[]);
        rows.push(json!({
            "title": words(req, "door-today-count", &[]),
            "href": "/ban-hang/nop-tien",
            "icon": "money",
            "note": note,
            "count": to_count,
            "urgent": true,
        }));
    }
    if mine.free()?.is_positive() {
        let title = words(req, "door-today-held", &[("amount", &mine.held.to_string())]);
        let note = words(req, "door-today-held-note", &[]);
        rows.push(json!({ "title": title, "href": "/ban-hang/nop-tien", "icon": "money", "note": note }));
    }
    Ok(())
}

/// Windows that are closed: somebody says what was harvested.
async fn push_harvest(req: &HttpRequest, kit: &Kit, seller: &Seller, rows: &mut Vec<Value>) -> Result<(), WebError> {
    let count = window_view::count_to_harvest(kit, seller).await?;
    if count > 0 {
        let (title, note) = (words(req, "window-today", &[]), words(req, "window-today-note", &[]));
        rows.push(
            json!({ "title": title, "href": "/ban-hang/mo-ban", "icon": "calendar", "note": note, "count": count }),
        );
    }
    Ok(())
}

fn push_counts(req: &HttpRequest, seller: &Seller, today: &Today, rows: &mut Vec<Value>) {
    if today.money_cases > 0 {
        let may = seller.may(MemberRole::Accountant);
        let note = if may { "farm-today-money-note" } else { "farm-today-money-ask" };
        rows.push(json!({
            "title": words(req, "farm-today-money", &[]),
            "href": if may { "/ban-hang/tien" } else { "/ban-hang/them" },
            "icon": "money",
            "note": words(req, note, &[]),
            "count": today.money_cases,
        }));
    }
    if today.messages > 0 {
        rows.push(json!({
            "title": words(req, "farm-today-messages", &[]),
            "href": "/ban-hang/nhan-tin",
            "icon": "bubble",
            "note": words(req, "farm-today-messages-note", &[]),
            "count": today.messages,
        }));
    }
    for lot in &today.over_promised {
        let said = |base| amount_said(req, base, lot.base_unit);
        rows.push(json!({
            "title": words(req, "farm-today-short", &[("name", &lot.product_name)]),
            "href": format!("/ban-hang/dot/{}", lot.lot.lot.id),
            "icon": "warning",
            "note": words(req, "farm-today-short-note", &[("promised", &said(lot.lot.promised)), ("there", &said(lot.lot.lot.on_hand))]),
            "urgent": true,
        }));
    }
}

fn push_goods(req: &HttpRequest, seller: &Seller, today: &Today, rows: &mut Vec<Value>) {
    if !seller.may(MemberRole::Lister) {
        return;
    }
    rows.extend(today.goods.iter().take(ROWS).map(|goods| goods_row(req, goods)));
    let more = today.goods.len().saturating_sub(ROWS);
    if more > 0 {
        rows.push(json!({
            "title": counted(req, "farm-today-more-goods", i64::try_from(more).unwrap_or(i64::MAX)),
            "href": "/ban-hang/hang",
            "icon": "list",
            "count": more,
        }));
    }
}

/// The most pressing gap decides the row's one next tap.
fn goods_row(req: &HttpRequest, goods: &Goods) -> Value {
    let base = format!("/ban-hang/hang/{}", goods.product.id);
    let (key, note, href, icon) = match goods.missing.first() {
        Some(Missing::Price) => ("farm-today-no-price", "farm-today-no-price-note", format!("{base}/gia"), "edit"),
        Some(Missing::Lot) => ("farm-today-no-lot", "farm-today-no-lot-note", format!("{base}/dot"), "sack"),
        Some(Missing::SoldOut) => ("farm-today-sold-out", "farm-today-sold-out-note", format!("{base}/dot"), "sack"),
        Some(Missing::Picture) => {
            ("farm-today-no-picture", "farm-today-no-picture-note", format!("{base}/sua"), "camera")
        }
        None => ("farm-today-draft", "farm-today-draft-note", base, "edit"),
    };
    json!({ "title": words(req, key, &[("name", &goods.product.name)]), "href": href, "icon": icon, "note": words(req, note, &[]) })
}
