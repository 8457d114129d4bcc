//! The orders of a cooperative by what has to be done with them.

use super::desk::{Asked, asked_for, flash, page_number, words};
use super::said;
use crate::domain::account::MemberRole;
use crate::service::kit::Kit;
use crate::service::selling::{self, Tab};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::WebResult;
use crate::web::page;
use actix_web::HttpRequest;
use serde_json::json;

/// The word of a tab in addresses.
pub const fn tab_word(tab: Tab) -> &'static str {
    match tab {
        Tab::ToConfirm => "can-nhan",
        Tab::ToPack => "can-dong",
        Tab::Underway => "dang-giao",
        Tab::AwaitMoney => "cho-tien",
        Tab::Done => "xong",
    }
}

/// `GET /ban-hang/don`
pub async fn show_orders(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let wanted = asked_for(&asked, "muc");
    let tab = Tab::ALL.into_iter().find(|tab| tab_word(*tab) == wanted).unwrap_or(Tab::ToConfirm);
    let tab_now = tab;
    let list = selling::list_orders(&kit, &seller, tab, page_number(&asked)).await?;
    let now = kit.now();
    let word = tab_word(tab);
    let to = |page: i64| format!("/ban-hang/don?muc={word}&trang={page}");
    let tabs: Vec<_> = list
        .counts
        .iter()
        .map(|(tab, count)| {
            let word = tab_word(*tab);
            let label = words(&req, &format!("farm-orders-{word}"), &[]);
            json!({ "href": format!("/ban-hang/don?muc={word}"), "label": label, "count": count, "on": *tab == tab_now })
        })
        .collect();
    let fill = json!({
        "tab": "orders",
        "flash": flash(&req, &asked),
        "tabs": tabs,
        "carries": tab == Tab::Underway && seller.may(MemberRole::Packer),
        "orders": list.briefs.iter().map(|brief| said::brief(&req, now, brief)).collect::<Vec<_>>(),
        "empty_title": words(&req, &format!("farm-orders-none-{word}"), &[]),
        "page": list.page,
        "pages": list.pages,
        "previous": (list.page > 1).then(|| to(list.page.saturating_sub(1))),
        "next": (list.page < list.pages).then(|| to(list.page.saturating_add(1))),
    });
    page::private(&req, &me, "farm/orders.html", &fill)
}
