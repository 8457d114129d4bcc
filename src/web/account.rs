//! The door of the account: signing in and out, one's own sessions, the password, the cooperative worked for.

use super::error::{self, Fault, WebError, WebResult, see_other};
use super::form::{Form, Query};
use super::lang::lang_of;
use super::page::{self, Problem};
use super::session;
use super::site::Site;
use crate::config::Secret;
use crate::domain::id::{CooperativeId, SessionId};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::kit::Kit;
use crate::service::signing_in::{self, Client, Entered};
use crate::service::who::SignedIn;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

/// Fields and what is wrong with them, for the forms of this door.
#[derive(Serialize)]
struct Filled<'a> {
    phone: &'a str,
    /// Where to go after signing in, as `tiep` of the address.
    next: &'a str,
    problems: Vec<Problem>,
}

fn client(req: &HttpRequest) -> Result<Client, WebError> {
    let agent = req.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok(Client { address: Site::of(req)?.client(req).to_string(), device: device(agent), lang: lang_of(req) })
}

/// Browser and system in a few words.
fn device(agent: &str) -> String {
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("Zalo", "Zalo"),
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("SamsungBrowser", "Samsung"),
        ("Firefox", "Firefox"),
        ("coc_coc", "Cốc Cốc"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The way on after signing in: back to where the person was turned away, else to their first door. Never elsewhere.
fn way_on(next: &str, me: &SignedIn) -> String {
    let back =
        data_encoding::BASE64URL_NOPAD.decode(next.as_bytes()).ok().and_then(|path| String::from_utf8(path).ok());
    let is_ours =
        |path: &String| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    back.filter(is_ours).filter(|path| path != "/tai-khoan").unwrap_or_else(|| me.home().to_owned())
}

fn welcomed(req: &HttpRequest, entered: &Entered, to: &str) -> WebResult {
    let is_https = Site::of(req)?.kit.config.is_https();
    let mut answer = see_other(to);
    let cookie = session::cookie(&entered.token, entered.max_age_s, is_https);
    answer.add_cookie(&cookie).map_err(WebError::broken)?;
    Ok(answer)
}

/// The form again with what is wrong, when the person can mend it; else the error itself.
fn form_again(req: &HttpRequest, error: ServiceError, template: &str, phone: &str, next: &str) -> WebResult {
    let error = WebError::from(error);
    if !matches!(error.fault, Fault::Refused | Fault::TooMany) {
        return Err(error);
    }
    let mut problems = page::problems(req, &error.refusals);
    if error.fault == Fault::TooMany {
        problems.push(Problem::new("", page::say(req, "account-too-many")));
    }
    let page = page::personal(req, template, &Filled { phone, next, problems })?;
    Ok(error::again(page, &error))
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    tiep: String,
}

/// `GET /tai-khoan/dang-nhap`
pub async fn show_sign_in(req: HttpRequest, query: Query<Next>) -> WebResult {
    page::public(&req, "account/sign_in.html", &Filled { phone: "", next: &query.0.tiep, problems: Vec::new() })
}

#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /tai-khoan/dang-nhap`
pub async fn sign_in(req: HttpRequest, kit: Kit, form: Form<SignInForm>) -> WebResult {
    let SignInForm { phone, password, next } = form.0;
    let password = Secret::new(password);
    match signing_in::sign_in_by_password(&kit, &phone, password, &client(&req)?).await {
        Ok(entered) => welcomed(&req, &entered, &way_on(&next, &entered.me)),
        Err(error) => form_again(&req, error, "account/sign_in.html", &phone, &next),
    }
}

/// `GET /tai-khoan/ma`
pub async fn show_code_form(req: HttpRequest) -> WebResult {
    page::public(&req, "account/code_ask.html", &Filled { phone: "", next: "", problems: Vec::new() })
}

#[derive(Deserialize)]
pub struct AskForm {
    #[serde(default)]
    phone: String,
}

/// `POST /tai-khoan/ma`: the same page for every phone.
pub async fn ask_for_code(req: HttpRequest, kit: Kit, form: Form<AskForm>) -> WebResult {
    let phone = form.0.phone;
    match signing_in::ask_for_code(&kit, &phone, &client(&req)?).await {
        Ok(()) => page::personal(&req, "account/code.html", &Filled { phone: &phone, next: "", problems: Vec::new() }),
        Err(error) => form_again(&req, error, "account/code_ask.html", &phone, ""),
    }
}

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    code: String,
}

/// `POST /tai-khoan/ma/nhap`
pub async fn sign_in_by_code(req: HttpRequest, kit: Kit, form: Form<CodeForm>) -> WebResult {
    let CodeForm { phone, code } = form.0;
    match signing_in::sign_in_by_code(&kit, &phone, &code, &client(&req)?).await {
        Ok(entered) => welcomed(&req, &entered, "/tai-khoan/mat-khau"),
        Err(error) => form_again(&req, error, "account/code.html", &phone, ""),
    }
}

/// `GET /tai-khoan/the/{token}`: shows, and uses nothing up.
pub async fn show_card(req: HttpRequest, kit: Kit, token: web::Path<String>) -> WebResult {
    let card = signing_in::show_card(&kit, &token).await?;
    page::personal(&req, "account/card.html", &serde_json::json!({ "card": card, "token": *token }))
}

/// `POST /tai-khoan/the/{token}`
pub async fn sign_in_by_card(req: HttpRequest, kit: Kit, token: web::Path<String>) -> WebResult {
    let entered = signing_in::sign_in_by_card(&kit, &token, &client(&req)?).await?;
    welcomed(&req, &entered, entered.me.home())
}

/// `GET /tai-khoan`
pub async fn show_account(req: HttpRequest, kit: Kit, me: SignedIn) -> WebResult {
    let sessions = signing_in::list_sessions(&kit, &me).await?;
    let fill = serde_json::json!({
        "phone": me.phone,
        "works": me.works,
        "working_for": me.work().map(|work| work.cooperative.clone()),
        "grants": me.grants,
        "sessions": sessions,
    });
    page::private(&req, &me, "account/home.html", &fill)
}

#[derive(Serialize)]
struct PasswordPage {
    asks_old: bool,
    problems: Vec<Problem>,
}

async fn password_page(req: &HttpRequest, kit: &Kit, me: &SignedIn, problems: Vec<Problem>) -> WebResult {
    let asks_old = signing_in::asks_old_password(kit, me).await?;
    page::private(req, me, "account/password.html", &PasswordPage { asks_old, problems })
}

/// `GET /tai-khoan/mat-khau`
pub async fn show_password_form(req: HttpRequest, kit: Kit, me: SignedIn) -> WebResult {
    password_page(&req, &kit, &me, Vec::new()).await
}

#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    old_password: String,
    #[serde(default)]
    password: String,
}

/// `POST /tai-khoan/mat-khau`
pub async fn set_password(req: HttpRequest, kit: Kit, me: SignedIn, form: Form<PasswordForm>) -> WebResult {
    let PasswordForm { old_password, password } = form.0;
    match signing_in::set_password(&kit, &me, Secret::new(old_password), Secret::new(password)).await {
        Ok(()) => Ok(see_other("/tai-khoan")),
        Err(ServiceError::Refused(refusals)) => {
            let page = password_page(&req, &kit, &me, page::problems(&req, &refusals)).await?;
            Ok(error::again(page, &WebError::new(Fault::Refused)))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub struct CooperativeForm {
    cooperative: CooperativeId,
}

/// `POST /tai-khoan/htx`
pub async fn switch_cooperative(kit: Kit, me: SignedIn, form: Form<CooperativeForm>) -> WebResult {
    signing_in::switch_cooperative(&kit, &me, &form.0.cooperative).await?;
    Ok(see_other("/ban-hang"))
}

/// `POST /tai-khoan/phien/{id}/ket-thuc`
pub async fn end_session(kit: Kit, me: SignedIn, id: web::Path<String>) -> WebResult {
    let id: SessionId = id.parse().map_err(|_not_one| WebError::not_found())?;
    gone_is_fine(signing_in::end_session(&kit, &me, &id).await)?;
    Ok(see_other("/tai-khoan"))
}

/// A second press finds it ended already, which is what was wanted.
fn gone_is_fine(result: ServiceResult<()>) -> ServiceResult<()> {
    match result {
        Err(ServiceError::NotFound) => Ok(()),
        other => other,
    }
}

/// `POST /tai-khoan/ra`: ends the session and has the browser forget everything of this market.
pub async fn sign_out(req: HttpRequest, kit: Kit, me: SignedIn) -> WebResult {
    signing_in::sign_out(&kit, &me).await?;
    let mut answer: HttpResponse = see_other("/");
    let gone = session::no_cookie(Site::of(&req)?.kit.config.is_https());
    answer.add_cookie(&gone).map_err(WebError::broken)?;
    answer.headers_mut().insert(
        header::HeaderName::from_static("clear-site-data"),
        header::HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_device_is_told_in_a_few_words() {
        let agent = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36";
        assert_eq!(device(agent), "Chrome · Android");
        assert_eq!(device("curl/8"), "");
    }
}
