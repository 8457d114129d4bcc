//! The word that an account needs in every memo: typed on the account's page, by a manager with the password.

use super::account::page_of;
use super::desk::{Fields, Typed};
use crate::config::Secret;
use crate::service::account_words;
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::{about_field, once_more};
use actix_web::HttpRequest;

/// `POST /ban-hang/tien/tai-khoan/tu`: the word in the memo, or none to end it
pub async fn change_prefix(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let password = Secret::new(typed.get("word_password"));
    match account_words::change_prefix(&kit, &me, &seller, password, typed.get("memo_prefix")).await {
        Ok(()) => Ok(see_other("/ban-hang/tien/tai-khoan?da=luu#tu")),
        Err(error) => {
            let error = about_field(error, "password", "word_password");
            once_more(&req, error, |problems| page_of(&req, &kit, (&me, &seller), None, None, problems)).await
        }
    }
}
