//! What opens payOS's API: client id and API key, typed on the account's page by a manager with the password.

use super::account::page_of;
use super::desk::{Fields, Typed, mendable};
use crate::config::Secret;
use crate::service::kit::Kit;
use crate::service::pay_link_keys::{self, NewLinkKeys};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, again, see_other};
use crate::web::page;
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
            let mut error = mendable(error)?;
            for refusal in error.refusals.iter_mut().filter(|refusal| refusal.field == "password") {
                refusal.field = "channel_password".to_owned();
            }
            let problems = page::problems(&req, &error.refusals);
            Ok(again(page_of(&req, &kit, (&me, &seller), None, None, problems).await?, &error))
        }
    }
}
