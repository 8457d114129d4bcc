//! «Thêm»: the people of the cooperative and their ways in, the cooperative's own page, help.

use super::desk::{Asked, Fields, Typed, at_said, flash, id_of, words};
use crate::domain::account::MemberRole;
use crate::domain::id::AccountId;
use crate::service::kit::Kit;
use crate::service::membership::{self, MemberView, NewMember};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

fn roles_of(typed: &Typed) -> Vec<MemberRole> {
    typed.all("roles").into_iter().filter_map(|word| word.parse().ok()).collect()
}

fn member_shown(req: &HttpRequest, member: &MemberView) -> Value {
    let said = |role: &MemberRole| words(req, &format!("farm-role-{role}"), &[]);
    json!({
        "id": member.account,
        "name": member.name,
        "phone": member.phone,
        "tel": format!("tel:{}", member.phone),
        "number": member.number,
        "roles": member.roles.iter().map(said).collect::<Vec<_>>().join(", "),
        "role_boxes": MemberRole::ALL.iter().map(|role| json!({
            "value": role, "label": said(role), "note": words(req, &format!("farm-role-{role}-note"), &[]), "on": member.roles.contains(role),
        })).collect::<Vec<_>>(),
        "card_until": member.card_until.map(|at| at_said(req, at)),
        "is_me": member.is_me,
    })
}

async fn more_page(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    flash: Option<String>,
    wrong: (&Typed, Vec<Problem>),
) -> WebResult {
    let members = membership::list_members(kit, seller).await?;
    let boxes = MemberRole::ALL.iter().map(|role| {
        json!({
            "value": role,
            "label": words(req, &format!("farm-role-{role}"), &[]),
            "note": words(req, &format!("farm-role-{role}-note"), &[]),
            "on": wrong.0.all("roles").contains(&role.as_text()),
        })
    });
    let fill = json!({
        "tab": "more",
        "flash": flash,
        "cooperative": seller.cooperative_name,
        "page_url": format!("{}/htx/{}", kit.config.base_url, seller.cooperative_slug),
        "page_path": format!("/htx/{}", seller.cooperative_slug),
        "my_roles": seller.roles.iter().map(|role| words(req, &format!("farm-role-{role}"), &[])).collect::<Vec<_>>().join(", "),
        "members": members.iter().map(|member| member_shown(req, member)).collect::<Vec<_>>(),
        "may_manage": seller.may(MemberRole::Manager),
        "roles": boxes.collect::<Vec<_>>(),
        "typed": wrong.0.shown(),
        "problems": wrong.1,
    });
    page::private(req, me, "farm/more.html", &fill)
}

/// `GET /ban-hang/them`
pub async fn show_more(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    more_page(&req, &kit, &me, &seller, flash(&req, &asked), (&Typed::default(), Vec::new())).await
}

/// `POST /ban-hang/them/nguoi`: takes a person in
pub async fn take_in(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let new = NewMember {
        name: typed.get("name").to_owned(),
        phone: typed.get("phone").to_owned(),
        number: typed.get("number").to_owned(),
        roles: roles_of(&typed),
    };
    match membership::take_in_member(&kit, &seller, &new).await {
        Ok(_) => Ok(see_other("/ban-hang/them?da=nguoi")),
        Err(error) => {
            once_more(&req, error, |problems| more_page(&req, &kit, &me, &seller, None, (&typed, problems))).await
        }
    }
}

/// `POST /ban-hang/them/nguoi/{id}/vai-tro`
pub async fn change_roles(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let id: AccountId = id_of(&id)?;
    match membership::change_roles(&kit, &seller, &id, &roles_of(&Typed::of(fields.0))).await {
        Ok(()) => Ok(see_other("/ban-hang/them?da=luu")),
        Err(error) => {
            once_more(&req, error, async |problems| {
                more_page(&req, &kit, &me, &seller, None, (&Typed::default(), problems)).await
            })
            .await
        }
    }
}

/// `POST /ban-hang/them/nguoi/{id}/the`: a sign-in card to print; its address is on this one page and nowhere else
pub async fn print_card(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, id: web::Path<String>) -> WebResult {
    let id: AccountId = id_of(&id)?;
    let title = words(&req, "farm-card-qr", &[]);
    let card = membership::print_card(&kit, &seller, &id, &title).await?;
    let fill = json!({
        "tab": "more",
        "cooperative": seller.cooperative_name,
        "name": card.member.name,
        "phone": card.member.phone,
        "until": card.member.card_until.map(|at| at_said(&req, at)),
        "url": card.url,
        "svg": card.svg,
    });
    page::private(&req, &me, "farm/card.html", &fill)
}

/// `POST /ban-hang/them/nguoi/{id}/thu-the`: cards and what was signed in with one are dead
pub async fn end_ways_in(kit: Kit, seller: Seller, id: web::Path<String>) -> WebResult {
    membership::end_ways_in(&kit, &seller, &id_of(&id)?).await?;
    Ok(see_other("/ban-hang/them?da=luu"))
}
