//! «Sao kê ngân hàng»: a file is brought, looked at, and taken in by one press. What it would change is shown before.

use super::desk::{Typed, at_said, counted, id_of, words};
use super::upload::Uploaded;
use crate::domain::bank;
use crate::domain::bank_message::Direction;
use crate::domain::refusal::Refusal;
use crate::domain::running::Gap;
use crate::domain::statement::Line;
use crate::domain::time::{At, Day};
use crate::service::error::ServiceError;
use crate::service::gaps;
use crate::service::importing::{self, Preview};
use crate::service::kit::Kit;
use crate::service::who::{Seller, SignedIn};
use crate::view::filters;
use crate::web::error::{WebError, WebResult, see_other};
use crate::web::lang::lang_of;
use crate::web::page::{self, Problem, once_more};
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

/// Lines that the page shows of one kind; the counts are of all.
const MOST_SHOWN: usize = 200;

/// `GET /ban-hang/tien/sao-ke`
pub async fn show_statements(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller) -> WebResult {
    form(&req, &kit, &me, &seller, &Typed::default(), Vec::new()).await
}

async fn form(
    req: &HttpRequest,
    kit: &Kit,
    me: &SignedIn,
    seller: &Seller,
    typed: &Typed,
    problems: Vec<Problem>,
) -> WebResult {
    let (accounts, brought) = importing::list_statements(kit, seller).await?;
    let fill = json!({
        "tab": "money",
        "problems": problems,
        "typed": typed.shown(),
        "accounts": accounts.iter().map(|account| json!({
            "value": account.id, "label": account_said(&account.bin, &account.account_number),
        })).collect::<Vec<_>>(),
        "brought": brought.iter().map(|one| json!({
            "href": format!("/ban-hang/tien/sao-ke/{}", one.id),
            "name": one.file_name,
            "at": at_said(req, one.made_at),
            "taken": one.taken_at.map(|at| at_said(req, at)),
        })).collect::<Vec<_>>(),
    });
    page::private(req, me, "farm/statements.html", &fill)
}

fn account_said(bin: &str, number: &str) -> String {
    format!("{} · {number}", bank::find(bin).map_or(bin, |bank| bank.short_name.as_str()))
}

/// `POST /ban-hang/tien/sao-ke`: the file; the look at it has an address of its own
pub async fn bring(req: HttpRequest, kit: Kit, me: SignedIn, seller: Seller, sent: Uploaded) -> WebResult {
    let account = sent.typed.get("account").parse().ok();
    let result = match sent.photo {
        Some(bytes) => importing::bring_statement(&kit, &seller, account, &sent.file_name, bytes).await,
        None => Err(ServiceError::refused(Refusal::new("refusal-statement-file").about("file"))),
    };
    match result {
        Ok(id) => Ok(see_other(&format!("/ban-hang/tien/sao-ke/{id}"))),
        Err(error) => once_more(&req, error, |problems| form(&req, &kit, &me, &seller, &sent.typed, problems)).await,
    }
}

/// `GET /ban-hang/tien/sao-ke/{id}`: what taking it in would do
pub async fn show_statement(
    req: HttpRequest,
    kit: Kit,
    me: SignedIn,
    seller: Seller,
    id: web::Path<String>,
) -> WebResult {
    let preview = importing::show_statement(&kit, &seller, &id_of(&id)?).await?;
    page::private(&req, &me, "farm/statement.html", &shown(&req, &preview))
}

/// `POST /ban-hang/tien/sao-ke/{id}`: takes it in; pressed twice, nothing changes
pub async fn take(kit: Kit, seller: Seller, id: web::Path<String>) -> WebResult {
    let id = id_of(&id)?;
    importing::take_statement(&kit, &seller, &id).await?;
    Ok(see_other(&format!("/ban-hang/tien/sao-ke/{id}")))
}

fn shown(req: &HttpRequest, preview: &Preview) -> Value {
    let (counts, checked, statement) = (preview.counts(), &preview.checked, &preview.statement);
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let rows: Vec<(&Line, &str)> =
        statement.lines.iter().zip(&preview.fates).map(|(line, fate)| (line, fate.word())).collect();
    let of = |word: &str| -> Vec<Value> {
        rows.iter().filter(|(_, fate)| *fate == word).take(MOST_SHOWN).map(|(line, _)| line_shown(req, line)).collect()
    };
    let adds_up = match checked.adds_up {
        Some(true) => "good",
        Some(false) => "bad",
        None => "calm",
    };
    json!({
        "tab": "money",
        "id": preview.id,
        "name": preview.file_name,
        "account": account_said(&preview.account.bin, &preview.account.account_number),
        "holder": preview.account.holder_name,
        "is_forgotten": preview.is_forgotten,
        "taken": preview.taken_at.map(|at| at_said(req, at)),
        "fresh_count": counts.fresh,
        "fresh_said": counted(req, "statement-fresh", number(counts.fresh)),
        "same_said": counted(req, "statement-same", number(counts.same)),
        "seen_said": counted(req, "statement-seen", number(counts.seen)),
        "unreadable_said": counted(req, "statement-unreadable", number(statement.unreadable.len())),
        "take_said": counted(req, "statement-take", number(counts.fresh.saturating_add(counts.same))),
        "left": counts.fresh.saturating_add(counts.same),
        "fresh": of("fresh"),
        "same": of("same"),
        "seen": of("seen"),
        "unreadable": statement.unreadable.iter().take(MOST_SHOWN).map(|row| json!({
            "line": row.line, "why": words(req, &format!("statement-why-{}", row.why.word()), &[]), "shown": row.shown,
        })).collect::<Vec<_>>(),
        "days": statement.lines.first().zip(statement.lines.last()).map(|(first, last)| {
            words(req, "statement-days", &[("from", &day_said(first.day)), ("until", &day_said(last.day))])
        }),
        "came": checked.came.vnd(),
        "went": checked.went.vnd(),
        "opening": checked.opening.map(|balance| balance.vnd()),
        "closing": checked.closing.map(|balance| balance.vnd()),
        "sums_kind": adds_up,
        "sums_said": words(req, &format!("statement-sums-{adds_up}"), &[]),
        "breaks_said": checked.breaks_at.map(|line| words(req, "statement-breaks", &[("line", &line.to_string())])),
    })
}

fn line_shown(req: &HttpRequest, line: &Line) -> Value {
    json!({
        "line": line.line,
        "day": day_said(line.day),
        "amount_vnd": line.amount.vnd(),
        "is_in": line.direction == Direction::In,
        "way": words(req, if line.direction == Direction::In { "statement-in" } else { "statement-out" }, &[]),
        "text": line.text,
        "doc": line.doc_no,
    })
}

fn day_said(day: Day) -> String {
    format!("{:02}/{:02}/{}", day.day_of_month(), day.month(), day.year())
}

/// Statements know days only, and midnight is no time that anybody would look for.
fn moment(req: &HttpRequest, at: At) -> String {
    if at.minute_of_day() == 0 { day_said(at.day()) } else { at_said(req, at) }
}

/// The gaps in the account's balances, in words.
pub async fn gaps_said(req: &HttpRequest, kit: &Kit, seller: &Seller) -> Result<Vec<String>, WebError> {
    let gaps = gaps::list_gaps(kit, seller).await?;
    let said = |gap: &Gap| {
        let key = if gap.missing.is_positive() { "statement-gap-in" } else { "statement-gap-out" };
        let amount = gap.missing.vnd().unsigned_abs();
        let amount = filters::money(i64::try_from(amount).unwrap_or(i64::MAX), lang_of(req));
        let (from, until) = (moment(req, gap.after.at), moment(req, gap.before.at));
        words(req, key, &[("from", &from), ("until", &until), ("amount", &amount)])
    };
    Ok(gaps.iter().map(said).collect())
}
