//! The receiving account: choose the bank and hear at once what is possible there, write the account down, join its provider, change
//! the key. What a provider needs is shown to a manager and to nobody else. Changing an account in force is `account_change`'s.

use super::account_links_said::links_said;
use super::desk::{Asked, Fields, Typed, asked_for, at_said, flash, id_of, words};
use crate::config::Secret;
use crate::domain::bank;
use crate::domain::bank_message::BankProvider;
use crate::domain::bank_ways::{COMPARED_ON, Reach, easy_banks, heard_at, makes_its_key, providers_at};
use crate::domain::holder_name::HolderName;
use crate::domain::id::BankAccountId;
use crate::domain::memo::PREFIX_CHARS;
use crate::domain::refusal::Refusal;
use crate::service::account_change_view::{self, Changes};
use crate::service::error::ServiceError;
use crate::service::founding::{self, NewBankAccount};
use crate::service::joining_bank::{self, NewKey, WayIn};
use crate::service::kit::Kit;
use crate::service::money_view::Light;
use crate::service::who::{Seller, SignedIn};
use crate::web::change_said;
use crate::web::error::{WebError, WebResult, see_other};
use crate::web::page::{self, Problem, once_more};
use actix_web::HttpRequest;
use serde_json::{Value, json};

const HERE: &str = "/ban-hang/tien/tai-khoan";

/// Steps of the guide for each provider; the texts are `farm-guide-<provider>-<step>`.
const fn steps(provider: BankProvider) -> usize {
    match provider {
        BankProvider::Sepay | BankProvider::Payos => 5,
        BankProvider::Casso => 4,
        BankProvider::CassoV1 | BankProvider::Vietqr | BankProvider::Generic => 3,
        BankProvider::None => 0,
    }
}

/// What the two steps, bank and account, are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The cooperative's first account: it is in force at once.
    First,
    /// Another one, proposed.
    Change { asks_password: bool },
}

impl Purpose {
    fn fill(self, fill: &mut Value) {
        let is_change = self != Purpose::First;
        if let Some(fill) = fill.as_object_mut() {
            fill.insert("is_change".to_owned(), json!(is_change));
            fill.insert("action".to_owned(), json!(if is_change { format!("{HERE}/doi") } else { HERE.to_owned() }));
            let asks_password = matches!(self, Purpose::Change { asks_password: true });
            fill.insert("asks_password".to_owned(), json!(asks_password));
        }
    }
}

fn choose_bank(req: &HttpRequest, me: &SignedIn, purpose: Purpose, problems: Vec<Problem>) -> WebResult {
    let mut banks: Vec<_> = bank::all().iter().collect();
    banks.sort_by_key(|bank| bank.short_name.to_lowercase());
    let option =
        |bank: &&bank::Bank| json!({ "value": bank.bin, "label": format!("{} · {}", bank.short_name, bank.name) });
    let mut fill = json!({
        "tab": "money",
        "banks": banks.iter().map(option).collect::<Vec<_>>(),
        "problems": problems,
    });
    purpose.fill(&mut fill);
    page::private(req, me, "farm/account_bank.html", &fill)
}

/// The drawing of a provider's steps, numbered as they are; its height at a width of 328.
const fn drawing(provider: BankProvider) -> Option<(&'static str, u32)> {
    match provider {
        BankProvider::Sepay => Some(("img/guide/sepay.svg", 212)),
        BankProvider::Casso => Some(("img/guide/casso.svg", 246)),
        BankProvider::Payos => Some(("img/guide/payos.svg", 252)),
        BankProvider::Vietqr => Some(("img/guide/vietqr.svg", 252)),
        BankProvider::CassoV1 | BankProvider::Generic | BankProvider::None => None,
    }
}

/// The words for what is possible at a bank: `account`, `virtual` or `none`.
fn reach_word(bin: &str) -> &'static str {
    match heard_at(bin).map(|heard| heard.reach) {
        Some(Reach::Account) => "account",
        Some(Reach::VirtualAccount) => "virtual",
        None => "none",
    }
}

fn form(
    req: &HttpRequest,
    me: &SignedIn,
    (purpose, bank): (Purpose, &bank::Bank),
    typed: &Typed,
    problems: Vec<Problem>,
) -> WebResult {
    let (heard, reach, name) = (heard_at(&bank.bin), reach_word(&bank.bin), [("bank", bank.short_name.as_str())]);
    let offered = providers_at(&bank.bin);
    let providers = offered.iter().map(|provider| {
        json!({
            "value": provider,
            "label": words(req, &format!("farm-provider-{provider}"), &[]),
            "note": words(req, &format!("farm-provider-{provider}-note"), &name),
        })
    });
    let easy: Vec<&str> = easy_banks().filter_map(bank::find).map(|bank| bank.short_name.as_str()).collect();
    let mut fill = json!({
        "tab": "money",
        "bank": { "bin": bank.bin, "name": bank.short_name },
        "reach": {
            "kind": if heard.is_some() { "good" } else { "warn" },
            "title": words(req, &format!("farm-reach-{reach}"), &name),
            "text": words(req, &format!("farm-reach-{reach}-do"), &name),
            "outgoing": heard.is_some_and(|heard| heard.tells_outgoing),
            "stick": heard.is_some_and(|heard| heard.wants_signature_stick),
            "ways": heard.is_none(),
            "easy": easy.join(", "),
            "read_on": COMPARED_ON,
        },
        "wants_virtual": reach == "virtual",
        "providers": providers.collect::<Vec<_>>(),
        "provider": if typed.has("provider") { typed.get("provider").to_owned() } else { offered.first().map(ToString::to_string).unwrap_or_default() },
        "typed": typed.shown(),
        "problems": problems,
    });
    purpose.fill(&mut fill);
    page::private(req, me, "farm/account_form.html", &fill)
}

/// What there is to do, from the top: the bank, its account.
pub(super) fn form_or_bank(
    req: &HttpRequest,
    me: &SignedIn,
    purpose: Purpose,
    typed: &Typed,
    problems: Vec<Problem>,
) -> WebResult {
    match bank::find(typed.get("bin")) {
        Some(bank) => form(req, me, (purpose, bank), typed, problems),
        None => choose_bank(req, me, purpose, problems),
    }
}

/// The page of the account in force, or of another by its id; the first steps where there is none yet.
pub(super) async fn page_of(
    req: &HttpRequest,
    kit: &Kit,
    (me, seller): (&SignedIn, &Seller),
    which: Option<&BankAccountId>,
    done: Option<String>,
    problems: Vec<Problem>,
) -> WebResult {
    let Some(way) = joining_bank::show_way_in(kit, me, seller, which).await? else {
        return choose_bank(req, me, Purpose::First, problems);
    };
    let changes = account_change_view::show_changes(kit, seller).await?;
    account_page(req, me, (&way, &changes), done, problems)
}

/// What is said of the holder's name; nothing when it is the cooperative's.
fn holder_said(req: &HttpRequest, way: &WayIn) -> Option<Value> {
    let holder = [("holder", way.account.holder_name.as_str()), ("legal", way.holder.legal_name.as_str())];
    let said = |key: &str, args: &[(&str, &str)]| words(req, key, args);
    match (way.holder.kind, &way.holder.checked) {
        (HolderName::Own, _) => None,
        (HolderName::Checked, Some(checked)) => {
            let at = at_said(req, checked.at);
            let args = [("who", checked.by.as_str()), ("at", at.as_str()), ("reason", checked.reason.as_str())];
            let text = said("farm-holder-checked-do", &args);
            Some(json!({ "kind": "calm", "title": said("farm-holder-checked", &[]), "text": text }))
        }
        _ => {
            let text = said("farm-holder-other-do", &holder);
            Some(json!({ "kind": "warn", "title": said("farm-holder-other", &[]), "text": text }))
        }
    }
}

/// The account in force, with what has just been done or what stands against it.
fn account_page(
    req: &HttpRequest,
    me: &SignedIn,
    (way, changes): (&WayIn, &Changes),
    done: Option<String>,
    problems: Vec<Problem>,
) -> WebResult {
    let (account, provider) = (&way.account, way.account.provider);
    let has_key = account.secret_sealed.is_some();
    let other = changes.others.iter().find(|one| one.id == account.id);
    let guide = (1..=steps(provider)).map(|step| words(req, &format!("farm-guide-{provider}-{step}"), &[]));
    let fill = json!({
        "tab": "money",
        "flash": done,
        "problems": problems,
        "bank": bank::find(&account.bin).map(|bank| bank.short_name.clone()),
        "number": account.account_number,
        "virtual_number": account.virtual_account,
        "memo_prefix": account.memo_prefix,
        "prefix_most": PREFIX_CHARS,
        "holder": account.holder_name,
        "holder_said": holder_said(req, way),
        "provider": words(req, &format!("farm-provider-{provider}"), &[]),
        "light": if has_key || provider == BankProvider::None { light_said(req, Some(way.light)) } else { waits_for_key(req) },
        "address": way.address,
        "guide": guide.collect::<Vec<_>>(),
        "drawing": drawing(provider).map(|(name, height)| json!({
            "name": name, "height": height, "alt": words(req, &format!("farm-guide-{provider}-alt"), &[]),
        })),
        "can_show_secret": has_key && account.first_message_at.is_none() && !makes_its_key(provider),
        "is_theirs": makes_its_key(provider),
        "has_key": has_key,
        "has_plain_mode": provider == BankProvider::Sepay,
        "asks_password": way.asks_password,
        "before_until": way.before_until.map(|until| at_said(req, until)),
        "seen": way.seen,
        "account_id": account.id,
        "other": other.map(|one| change_said::standing(one.state)),
        "changes": change_said::changes(changes),
        "links": way.links.as_ref().filter(|_| has_key).map(|links| links_said(req, links)),
    });
    page::private(req, me, "farm/account.html", &fill)
}

/// Whether the bank speaks, in words.
pub fn light_said(req: &HttpRequest, light: Option<Light>) -> Value {
    let said = |word: &str, kind: &str, args: &[(&str, &str)]| json!({ "kind": kind, "title": words(req, &format!("farm-light-{word}"), args), "text": words(req, &format!("farm-light-{word}-do"), args) });
    match light {
        None => said("none", "warn", &[]),
        Some(Light::ByHand) => said("by-hand", "calm", &[]),
        Some(Light::WaitsForFirst) => said("waits", "warn", &[]),
        Some(Light::Works { since }) => said("works", "good", &[("since", &at_said(req, since))]),
        Some(Light::Silent { since }) => said("silent", "warn", &[("since", &at_said(req, since))]),
    }
}

fn waits_for_key(req: &HttpRequest) -> Value {
    let said = |key: &str| words(req, key, &[]);
    json!({ "kind": "warn", "title": said("farm-light-key"), "text": said("farm-light-key-do") })
}

/// `GET /ban-hang/tien/tai-khoan?bin=`, or `?tk=` for another account of the cooperative
pub async fn show_form(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, asked: Asked) -> WebResult {
    let which = Some(asked_for(&asked, "tk")).filter(|id| !id.is_empty()).map(id_of).transpose()?;
    let bin = asked_for(&asked, "bin").to_owned();
    if bin.is_empty() || joining_bank::show_way_in(&kit, &me, &seller, None).await?.is_some() {
        return page_of(&req, &kit, (&me, &seller), which.as_ref(), flash(&req, &asked), Vec::new()).await;
    }
    form_or_bank(&req, &me, Purpose::First, &Typed::of(vec![("bin".to_owned(), bin)]), Vec::new())
}

/// `POST /ban-hang/tien/tai-khoan`
pub async fn set_up(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
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
            founding::set_first_bank_account(&kit, &seller.cooperative, Some(&seller.account), &new).await
        }
        Err(_unknown) => Err(ServiceError::refused(Refusal::new("refusal-provider").about("provider"))),
    };
    match result {
        Ok(receiving) if receiving.webhook_url.is_none() => Ok(see_other("/ban-hang/tien?da=luu")),
        Ok(receiving) if receiving.secret.is_none() => Ok(see_other(&format!("{HERE}?da=luu"))),
        Ok(receiving) => page::private(&req, &me, "farm/account_secret.html", &shown(&receiving)),
        Err(error) => {
            once_more(&req, error, async |problems| form_or_bank(&req, &me, Purpose::First, &typed, problems)).await
        }
    }
}

/// The account that a form is about; none: the one in force.
fn which_of(typed: &Typed) -> Result<Option<BankAccountId>, WebError> {
    Some(typed.get("account")).filter(|id| !id.is_empty()).map(id_of).transpose()
}

/// A key's mode is our own mark and nothing that is typed anywhere.
fn shown(receiving: &founding::Receiving) -> Value {
    let secret = receiving.secret.as_deref().map(|secret| secret.strip_prefix("apikey:").unwrap_or(secret));
    json!({ "tab": "money", "address": receiving.webhook_url, "secret": secret })
}

/// `POST /ban-hang/tien/tai-khoan/khoa`: once more, as long as the bank has not spoken
pub async fn show_secret(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let which = which_of(&Typed::of(fields.0))?;
    let receiving = joining_bank::show_receiving(&kit, &seller, which.as_ref()).await?;
    page::private(&req, &me, "farm/account_secret.html", &shown(&receiving))
}

/// `POST /ban-hang/tien/tai-khoan/doi-khoa`: a new key beside the old one
pub async fn change_key(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, fields: Fields) -> WebResult {
    let typed = Typed::of(fields.0);
    let which = which_of(&typed)?;
    let new = NewKey {
        password: Secret::new(typed.get("password")),
        given: typed.get("key").to_owned(),
        plain: typed.get("mode") == "plain",
        seen: typed.get("seen").to_owned(),
        account: which.clone(),
    };
    let is_given = !new.given.is_empty();
    match joining_bank::change_key(&kit, &me, &seller, new).await {
        Ok(_) if is_given => {
            let tk = which.map(|id| format!("&tk={id}")).unwrap_or_default();
            Ok(see_other(&format!("{HERE}?da=khoa{tk}")))
        }
        Ok(receiving) => page::private(&req, &me, "farm/account_secret.html", &shown(&receiving)),
        Err(error) => {
            once_more(&req, error, |problems| page_of(&req, &kit, (&me, &seller), which.as_ref(), None, problems)).await
        }
    }
}
