//! Six digits to get back in. The code is a message owed to the person: with no live channel it stands in the list of
//! the cooperative's managers, or of the operator, to be read aloud.

use super::entry::{Client, Entered, Subjects, count_failure, read_phone, slow_down};
use super::session::{entered, holds_office, make};
use crate::domain::account::{CodePurpose, MemberRole, SignInKind};
use crate::domain::id::{CooperativeId, MessageId, SignInCodeId};
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::kit::Kit;
use crate::service::who::{Operator, Seller};
use crate::store;
use crate::store::account::Account;
use crate::store::member::RoleHeld;
use crate::store::message::Message;
use crate::store::session::Session;
use crate::store::sign_in::Code;

/// The kind of the message; its args hold `sealed_code` (opened with `keys.open_text(CODE_MESSAGE, …)`).
pub const CODE_MESSAGE: &str = MessageKind::SignInCode.as_text();
/// Open messages looked through for codes.
const LISTED: i64 = 500;
const LIVES_S: i64 = 600;
const MOST_TRIES: i64 = 5;
/// Codes for one phone in an hour.
const CODES_AN_HOUR: i64 = 5;

/// A code that a person waits to hear.
#[derive(Debug, Clone, serde::Serialize)]
pub struct CodeToTell {
    pub message: MessageId,
    pub name: String,
    /// E.164.
    pub phone: String,
    pub code: String,
    pub until: At,
}

/// Six digits from four random bytes; the remainder favours no digit by more than one in four thousand.
fn draw(kit: &Kit) -> String {
    let mut bytes = [0; 4];
    kit.entropy.fill(&mut bytes);
    format!("{:06}", u32::from_be_bytes(bytes) % 1_000_000)
}

fn hash_input(id: &SignInCodeId, code: &str) -> String {
    format!("{id} {code}")
}

/// Makes a code and owes it to the person. An unknown phone gets the same answer, and a code that nobody is told.
pub async fn ask_for_code(kit: &Kit, phone: &str, client: &Client) -> ServiceResult<()> {
    let phone = read_phone(phone)?;
    slow_down(kit, &Subjects::new(kit, &phone, client)).await?;
    let now = kit.now();
    let (asked, an_hour_ago) = (phone.clone(), now.plus_seconds(-3_600));
    let (account, roles) = kit
        .db
        .read(move |conn| {
            let account = store::account::find_by_phone(conn, &asked)?.filter(|account| account.is_active);
            let roles = match &account {
                Some(account) => store::member::list_roles(conn, &account.id)?,
                None => Vec::new(),
            };
            Ok::<_, ServiceError>((account, roles))
        })
        .await?;
    let code = draw(kit);
    let id = SignInCodeId::new(now, kit.ten());
    let row = Code {
        code_hash: kit.keys.lookup_hash(CODE_MESSAGE, &hash_input(&id, &code)),
        id,
        phone,
        account_id: account.as_ref().map(|account| account.id.clone()),
        purpose: CodePurpose::SignIn,
        made_at: now,
        expires_at: now.plus_seconds(LIVES_S),
        tries: 0,
        used_at: None,
        told_by: None,
    };
    let has_limits = kit.config.has_limits;
    let message = account.map(|account| owed(kit, account, &roles, &code)).transpose()?;
    kit.db
        .write(move |conn| {
            // Counted under a lock: who asks many times at once gets no more codes to guess at.
            if let Some(account) = &row.account_id {
                store::account::lock(conn, account)?;
            }
            if has_limits && store::sign_in::count_codes_since(conn, &row.phone, an_hour_ago)? >= CODES_AN_HOUR {
                return Err(ServiceError::TooMany { retry_after_s: 3_600 });
            }
            store::sign_in::insert_code(conn, &row)?;
            if let Some(message) = &message {
                store::message::insert(conn, message)?;
            }
            Ok(())
        })
        .await
}

/// The message that carries a code: told by a cooperative whose manager is somebody else, else by the operator.
fn owed(kit: &Kit, account: Account, roles: &[RoleHeld], code: &str) -> ServiceResult<Message> {
    let manages = |cooperative: &CooperativeId| {
        roles.iter().any(|held| held.cooperative == *cooperative && held.role == MemberRole::Manager)
    };
    let teller = roles.iter().map(|held| &held.cooperative).find(|cooperative| !manages(cooperative)).cloned();
    let sealed = kit.keys.seal(CODE_MESSAGE, code.as_bytes()).map_err(ServiceError::broken)?;
    Ok(Message {
        id: MessageId::new(kit.now(), kit.ten()),
        cooperative_id: teller,
        order_id: None,
        account_id: Some(account.id),
        to_name: account.name,
        to_phone: account.phone.as_text().to_owned(),
        to_email: account.email,
        language: account.language.as_text().to_owned(),
        kind: CODE_MESSAGE.to_owned(),
        args: serde_json::json!({ "sealed_code": sealed, "minutes": (LIVES_S / 60).to_string() }).to_string(),
        state: MessageState::Open,
        made_at: kit.now(),
        told_at: None,
        told_by: None,
        told_how: None,
    })
}

/// Signs in by a code, once.
pub async fn sign_in_by_code(kit: &Kit, phone: &str, code: &str, client: &Client) -> ServiceResult<Entered> {
    let phone = read_phone(phone)?;
    let typed: String = code.chars().filter(char::is_ascii_digit).collect();
    let subjects = Subjects::new(kit, &phone, client);
    slow_down(kit, &subjects).await?;
    let now = kit.now();
    let (asked, account) = (phone.clone(), phone.clone());
    let account = kit.db.read(move |conn| store::account::find_by_phone(conn, &account)).await;
    let account = account.map_err(ServiceError::from)?.filter(|account| account.is_active);
    let Some(account) = account else {
        count_failure(kit, subjects).await?;
        return Err(wrong());
    };
    let made = make(kit, &account.id, SignInKind::Code, client, holds_office(kit, &account.id).await?);
    let (row, keys) = (made.row.clone(), kit.keys.clone());
    let is_in = kit
        .db
        .write(move |conn| {
            let Some(found) = store::sign_in::find_code_locked(conn, &asked, now)? else { return Ok(false) };
            let hashes = keys.lookup_hashes(CODE_MESSAGE, &hash_input(&found.id, &typed));
            let fits = found.tries < MOST_TRIES
                && hashes
                    .iter()
                    .any(|hash| subtle::ConstantTimeEq::ct_eq(hash.as_bytes(), found.code_hash.as_bytes()).into());
            if !fits || found.account_id.as_ref() != Some(&row.account_id) {
                store::sign_in::put_code_try(conn, &found.id)?;
                return Ok(false);
            }
            use_up(conn, &found, &row, now)
        })
        .await?;
    if !is_in {
        count_failure(kit, subjects).await?;
        return Err(wrong());
    }
    entered(kit, made).await
}

fn use_up(conn: &mut store::Conn, code: &Code, session: &Session, now: At) -> ServiceResult<bool> {
    if !store::sign_in::mark_code_used(conn, &code.id, now)?.moved() {
        return Ok(false);
    }
    store::session::insert(conn, session)?;
    Ok(true)
}

fn wrong() -> ServiceError {
    ServiceError::refused(Refusal::new("refusal-code").about("code"))
}

/// The codes that members of this cooperative wait to hear; for its managers.
pub async fn codes_to_tell(kit: &Kit, seller: &Seller) -> ServiceResult<Vec<CodeToTell>> {
    if !seller.may(MemberRole::Manager) {
        return Err(ServiceError::Forbidden);
    }
    list_codes(kit, Some(seller.cooperative.clone())).await
}

/// The codes that only the operator can tell.
pub async fn codes_to_tell_by_operator(kit: &Kit, _operator: &Operator) -> ServiceResult<Vec<CodeToTell>> {
    list_codes(kit, None).await
}

async fn list_codes(kit: &Kit, cooperative: Option<CooperativeId>) -> ServiceResult<Vec<CodeToTell>> {
    let since = kit.now().plus_seconds(-LIVES_S);
    let rows = kit.db.read(move |conn| store::message::list_open(conn, cooperative.as_ref(), LISTED));
    let rows = rows.await.map_err(ServiceError::from)?;
    let codes = rows.into_iter().filter(|row| row.kind == CODE_MESSAGE && row.made_at >= since);
    codes.map(|row| to_tell(kit, row)).collect()
}

fn to_tell(kit: &Kit, row: Message) -> ServiceResult<CodeToTell> {
    let args: serde_json::Value = serde_json::from_str(&row.args).map_err(ServiceError::broken)?;
    let sealed = args.get("sealed_code").and_then(serde_json::Value::as_str).unwrap_or_default();
    let code = kit.keys.open_text(CODE_MESSAGE, sealed).map_err(ServiceError::broken)?;
    Ok(CodeToTell {
        message: row.id,
        name: row.to_name,
        phone: row.to_phone,
        code,
        until: row.made_at.plus_seconds(LIVES_S),
    })
}
