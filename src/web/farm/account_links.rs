//! What opens payOS's API: client id and API key, typed on the account's page by a manager with the password.

use super::account::page_of;
use super::desk::{Fields, Typed};
use crate::config::Secret;
use crate::service::kit::Kit;
use crate::service::pay_link_keys::{self, NewLinkKeys};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::{about_field, once_more};
use actix_web::HttpRequest;

/// `POST /ban-hang/tien/tai-khoan/kenh`: the channel's keys, or `bo` to end it
pub async fn set_link_keys(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let field = |name: &str| Secret::new(typed.get(name));
    let new = NewLinkKeys {
        password: field("channel_password"),
        // Saving what was left empty is a slip: only the other button ends it.
        keys: (typed.get("lam") != "bo").then(|| (field("client_id"), field("api_key"))),
    };
    match pay_link_keys::set_link_keys(&kit, &me, &seller, new).await {
        Ok(()) => Ok(see_other("/ban-hang/tien/tai-khoan?da=luu#kenh")),
        Err(error) => {
            let error = about_field(error, "password", "channel_password");
            once_more(&req, error, |problems| page_of(&req, &kit, (&me, &seller), None, None, problems)).await
        }
    }
}
