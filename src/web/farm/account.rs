//! The first receiving account: bank, number, holder, and who tells when money comes. What the bank's provider needs is shown
//! to a manager and to nobody else. Changing an account in force is not done here.

use super::desk::{Fields, Typed, mendable, words};
use crate::domain::bank;
use crate::domain::bank_message::BankProvider;
use crate::domain::refusal::Refusal;
use crate::service::error::ServiceError;
use crate::service::founding::{self, NewBankAccount};
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::web::error::{WebResult, again, see_other};
use crate::web::page::{self, Problem};
use actix_web::HttpRequest;
use serde_json::json;

/// Those that the market can hear today, and nobody.
const PROVIDERS: [BankProvider; 2] = [BankProvider::Sepay, BankProvider::None];

fn form(req: &HttpRequest, me: &SignedIn, typed: &Typed, problems: Vec<Problem>) -> WebResult {
    let mut banks: Vec<_> = bank::all().iter().collect();
    banks.sort_by_key(|bank| bank.short_name.to_lowercase());
    let providers = PROVIDERS.iter().map(|provider| {
        json!({
            "value": provider,
            "label": words(req, &format!("farm-provider-{provider}"), &[]),
            "note": words(req, &format!("farm-provider-{provider}-note"), &[]),
        })
    });
    let fill = json!({
        "tab": "money",
        "banks": banks.iter().map(|bank| json!({ "value": bank.bin, "label": format!("{} · {}", bank.short_name, bank.name) })).collect::<Vec<_>>(),
        "providers": providers.collect::<Vec<_>>(),
        "typed": typed.shown(),
        "problems": problems,
    });
    page::private(req, me, "farm/account_form.html", &fill)
}

/// `GET /ban-hang/tien/tai-khoan`
pub async fn show_form(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller) -> WebResult {
    if founding::has_account(&kit, &seller).await? {
        return page::private(&req, &me, "farm/account_there.html", &json!({ "tab": "money" }));
    }
    form(&req, &me, &Typed::default(), Vec::new())
}

/// `POST /ban-hang/tien/tai-khoan`
pub async fn set_up(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let provider = typed.get("provider").parse::<BankProvider>().ok().filter(|provider| PROVIDERS.contains(provider));
    let result = match provider {
        Some(provider) => {
            let new = NewBankAccount {
                provider,
                bin: typed.get("bin").to_owned(),
                account_number: typed.get("account_number").to_owned(),
                holder_name: typed.get("holder_name").to_owned(),
            };
            founding::set_first_bank_account(&kit, &seller.cooperative, &new).await
        }
        None => Err(ServiceError::refused(Refusal::new("refusal-provider").about("provider"))),
    };
    match result {
        Ok(receiving) if receiving.secret.is_none() => Ok(see_other("/ban-hang/tien?da=luu")),
        Ok(receiving) => page::private(&req, &me, "farm/account_secret.html", &shown(&receiving)),
        Err(error) => {
            let error = mendable(error)?;
            let problems = page::problems(&req, &error.refusals);
            Ok(again(form(&req, &me, &typed, problems)?, &error))
        }
    }
}

fn shown(receiving: &founding::Receiving) -> serde_json::Value {
    json!({ "tab": "money", "address": receiving.webhook_url, "secret": receiving.secret })
}

/// `POST /ban-hang/tien/tai-khoan/khoa`: once more, as long as the bank has not spoken
pub async fn show_secret(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller) -> WebResult {
    let receiving = founding::show_receiving(&kit, &seller).await?;
    page::private(&req, &me, "farm/account_secret.html", &shown(&receiving))
}
