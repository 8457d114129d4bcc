//! The bank's part, played in a demonstration and nowhere else: which orders await a transfer, and a transfer told as the
//! account's provider would tell it, signed and posted over HTTP to this market's own door.

use super::error::ServiceError;
use super::kit::Kit;
use super::showing::{OrderView, views_of};
use crate::domain::bank_message::BankProvider;
use crate::domain::code::OrderCode;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::time::At;
use crate::gateway::bank::{Movement, deliver};
use crate::store;
use crate::store::bank::BankAccount;

/// Orders that one page shows.
const MOST_SHOWN: i64 = 60;
/// What too much and too little differ by.
const DIFFERENCE_VND: i64 = 10_000;

/// How the simulated payer transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HowPaid {
    Exact,
    Less,
    More,
    NoReference,
    Twice,
}

impl HowPaid {
    pub const ALL: [HowPaid; 5] = [HowPaid::Exact, HowPaid::Less, HowPaid::More, HowPaid::NoReference, HowPaid::Twice];

    pub const fn word(self) -> &'static str {
        match self {
            HowPaid::Exact => "exact",
            HowPaid::Less => "less",
            HowPaid::More => "more",
            HowPaid::NoReference => "no_reference",
            HowPaid::Twice => "twice",
        }
    }
}

/// An order that somebody could pay now, and the provider that would tell of it.
#[derive(Debug, Clone)]
pub struct Payable {
    pub view: OrderView,
    pub provider: BankProvider,
}

/// One transfer and what the market answered its provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub amount: Money,
    pub memo: String,
    pub status: u16,
    pub body: String,
}

fn only_in_demo(kit: &Kit) -> Result<(), ServiceError> {
    if kit.config.is_demo { Ok(()) } else { Err(ServiceError::NotFound) }
}

/// Orders that await a transfer, the newest first; or the one of a code, as long as something is due.
pub async fn list_payable(kit: &Kit, code: Option<&str>) -> Result<Vec<Payable>, ServiceError> {
    only_in_demo(kit)?;
    let now = kit.now();
    let code: Option<Option<OrderCode>> = code.map(|code| code.parse().ok());
    kit.db
        .read(move |conn| {
            let orders = match &code {
                Some(Some(code)) => store::order::find_by_code(conn, code)?.into_iter().collect(),
                Some(None) => Vec::new(),
                None => store::order::list_awaiting(conn, now, MOST_SHOWN)?,
            };
            let mut payable = Vec::new();
            for view in views_of(conn, orders)? {
                let account = account_of(conn, &view, now)?;
                if let Some(account) = account.filter(|_| view.due.is_positive()) {
                    payable.push(Payable { provider: account.provider, view });
                }
            }
            Ok(payable)
        })
        .await
}

fn account_of(conn: &mut store::Conn, view: &OrderView, now: At) -> Result<Option<BankAccount>, ServiceError> {
    if let Some(id) = &view.order.bank_account_id {
        return Ok(Some(store::bank::get_account(conn, id)?));
    }
    let owner = std::slice::from_ref(&view.order.cooperative_id);
    Ok(store::bank::list_active(conn, owner, now)?.into_iter().next())
}

/// «Trả như ngân hàng sẽ báo».
///
/// # Errors
/// `NotFound` outside a demonstration and for an unknown code; `Refused` where nothing is due, or no provider would tell.
pub async fn pay_as_bank(kit: &Kit, code: &str, how: HowPaid) -> Result<Vec<Told>, ServiceError> {
    let payable = list_payable(kit, Some(code)).await?.into_iter().next();
    let payable = payable
        .ok_or_else(|| ServiceError::refused(Refusal::new("refusal-nothing-due").with("code", code).about("don")))?;
    let view = payable.view;
    let now = kit.now();
    let account = kit.db.read(move |conn| account_of(conn, &view, now).map(|account| (account, view))).await?;
    let (Some(account), view) = account else { return Err(ServiceError::NotFound) };
    let silent = || {
        ServiceError::refused(
            Refusal::new("refusal-bank-silent").with("cooperative", &view.cooperative.name).about("don"),
        )
    };
    let sealed = account.secret_sealed.as_ref().ok_or_else(silent)?;
    let secret = kit.keys.open_text("webhook", sealed).map_err(ServiceError::broken)?;
    let plain = format!("{} chuyen tien", view.order.code);
    let (difference, memo) = match how {
        HowPaid::Exact | HowPaid::Twice => (0, plain),
        HowPaid::Less => (-DIFFERENCE_VND, plain),
        HowPaid::More => (DIFFERENCE_VND, plain),
        HowPaid::NoReference => (0, "chuyen khoan".to_owned()),
    };
    let amount = Money(view.due.vnd().saturating_add(difference).max(1_000));
    let times = if how == HowPaid::Twice { 2 } else { 1 };
    let mut told = Vec::new();
    for _ in 0..times {
        told.push(tell(kit, &account, &secret, amount, &memo).await?);
    }
    Ok(told)
}

async fn tell(kit: &Kit, account: &BankAccount, secret: &str, amount: Money, memo: &str) -> Result<Told, ServiceError> {
    let reference = format!("MAU{}", crate::domain::id::hex(&kit.ten()));
    let id = kit.ten().iter().take(6).fold(1_u64, |sum, byte| sum.wrapping_mul(256) | u64::from(*byte));
    let said = Movement { id, account: &account.account_number, amount, memo, reference: &reference, at: kit.now() };
    let url = format!("{}/webhooks/bank/{}/{}", own_address(kit), account.provider, account.path_id);
    let answered = deliver(account.provider, &url, secret, &said).await.map_err(ServiceError::broken)?;
    Ok(Told { amount, memo: memo.to_owned(), status: answered.status, body: answered.body })
}

/// Where this process listens, as it can call itself: a proxy in front of it is not asked.
fn own_address(kit: &Kit) -> String {
    let mut address = kit.config.listen;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    format!("http://{address}")
}
