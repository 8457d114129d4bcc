//! Changing the receiving account, on the pages of its cooperative: propose, agree, refuse, take back, stop. Each is a form behind the
//! sign-in; no link does any of it.

use super::account::{Purpose, form_or_bank, page_of};
use super::desk::{Asked, Fields, Typed, asked_for, id_of};
use crate::config::Secret;
use crate::domain::bank_message::BankProvider;
use crate::domain::id::AccountChangeId;
use crate::domain::refusal::Refusal;
use crate::service::account_change::{self, Decider};
use crate::service::error::ServiceError;
use crate::service::founding::NewBankAccount;
use crate::service::kit::Kit;
use crate::service::signing_in;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, see_other};
use crate::web::page::once_more;
use actix_web::{HttpRequest, web};

const HERE: &str = "/ban-hang/tien/tai-khoan";

/// `GET /ban-hang/tien/tai-khoan/doi?bin=`
pub async fn show_proposal(req: HttpRequest, kit: Kit, me: SignedIn, _seller: Seller, asked: Asked) -> WebResult {
    let purpose = Purpose::Change { asks_password: signing_in::asks_old_password(&kit, &me).await? };
    let bin = asked_for(&asked, "bin").to_owned();
    form_or_bank(&req, &me, purpose, &Typed::of(vec![("bin".to_owned(), bin)]), Vec::new())
}

/// `POST /ban-hang/tien/tai-khoan/doi`
pub async fn propose(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let mut typed = Typed::of(fields.0);
    let password = Secret::new(typed.get("password"));
    typed.put("password", "");
    let result = match typed.get("provider").parse::<BankProvider>() {
        Ok(provider) => {
            let new = NewBankAccount {
                provider,
                bin: typed.get("bin").to_owned(),
                account_number: typed.get("account_number").to_owned(),
                holder_name: typed.get("holder_name").to_owned(),
                memo_prefix: typed.get("memo_prefix").to_owned(),
                virtual_account: typed.get("virtual_account").to_owned(),
            };
            account_change::propose_account(&kit, &me, &seller, &new, password).await
        }
        Err(_unknown) => Err(ServiceError::refused(Refusal::new("refusal-provider").about("provider"))),
    };
    match result {
        Ok(_) => Ok(see_other(&format!("{HERE}?da=de-nghi-doi#doi"))),
        Err(error) => {
            let purpose = Purpose::Change { asks_password: signing_in::asks_old_password(&kit, &me).await? };
            once_more(&req, error, async |problems| form_or_bank(&req, &me, purpose, &typed, problems)).await
        }
    }
}

/// The account's page once more, with what went wrong.
async fn answer(
    (req, kit, me, seller): (HttpRequest, Kit, SignedIn, Seller),
    result: Result<(), ServiceError>,
    done: &str,
) -> WebResult {
    match result {
        Ok(()) => Ok(see_other(&format!("{HERE}?da={done}#doi"))),
        Err(error) => {
            once_more(&req, error, |problems| page_of(&req, &kit, (&me, &seller), None, None, problems)).await
        }
    }
}

/// `POST /ban-hang/tien/tai-khoan/doi/{id}/dong-y`
pub async fn agree(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    path: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed) = (id_of::<AccountChangeId>(&path)?, Typed::of(fields.0));
    let password = Secret::new(typed.get("password"));
    let done = account_change::agree_to_change(&kit, &me, Decider::Manager(&seller), &id, password).await;
    answer((req, kit, me, seller), done, "dong-y-doi").await
}

/// `POST /ban-hang/tien/tai-khoan/doi/{id}/tu-choi`
pub async fn refuse(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    path: web::Path<String>,
    fields: Fields,
) -> WebResult {
    let (id, typed) = (id_of::<AccountChangeId>(&path)?, Typed::of(fields.0));
    let done = account_change::refuse_change(&kit, Decider::Manager(&seller), &id, typed.get("reason")).await;
    answer((req, kit, me, seller), done, "tu-choi-doi").await
}

/// `POST /ban-hang/tien/tai-khoan/doi/{id}/rut-lai`
pub async fn take_back(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, path: web::Path<String>) -> WebResult {
    let done = account_change::take_back_change(&kit, &seller, &id_of::<AccountChangeId>(&path)?).await;
    answer((req, kit, me, seller), done, "rut-doi").await
}

/// `POST /ban-hang/tien/tai-khoan/doi/{id}/dung-lai`
pub async fn stop(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, path: web::Path<String>) -> WebResult {
    let id = id_of::<AccountChangeId>(&path)?;
    let done = account_change::stop_change(&kit, Decider::Manager(&seller), &id).await;
    answer((req, kit, me, seller), done, "dung-doi").await
}
