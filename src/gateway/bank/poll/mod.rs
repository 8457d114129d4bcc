//! Providers' lists of transactions, asked for what their webhooks did not tell: one file a provider, which alone knows its names.
//! Answers are believed in nothing: bounded in bytes, pages and time, no redirect is followed. Stores nothing.

mod casso;
mod sepay;

use super::loose::{self, Fields, MOST_VND};
use crate::domain::bank_message::{BankMessage, BankProvider, Direction};
use crate::domain::money::Money;
use crate::domain::same_money::POLL_PREFIX;
use crate::domain::time::{At, Day};
use serde_json::Value;
use std::time::Duration;

/// Bytes of one answer.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Pages of one account at one time; more wait for the next.
const MOST_PAGES: u32 = 60;
/// Rows that a page is asked for; what both lists allow.
const PAGE_ROWS: usize = 100;
/// How often one page is asked for.
const TRIES: u32 = 3;
/// A provider that says so is waited for at most this long, seconds; longer, and the next round comes.
const MOST_WAIT_S: u64 = 5;

/// Where and what to ask.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The provider's address, without a slash at the end.
    pub base_url: String,
    /// The account's key at the provider. Never written out.
    pub key: crate::config::Secret,
    /// Only its movements are taken: one key may open several accounts.
    pub account_number: String,
    /// Money to this number is the account's too.
    pub virtual_account: Option<String>,
    pub since: Day,
    pub until: Day,
    pub timeout_ms: u64,
}

/// Why nothing, or not everything, was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotFetched {
    #[error("this provider has no list to ask")]
    NoList,
    #[error("the provider does not answer")]
    Unreachable,
    #[error("the provider refuses the key")]
    KeyRefused,
    #[error("the provider asks to wait")]
    Busy,
    #[error("the provider answers with an error ({0})")]
    Failed(u16),
    #[error("the answer cannot be read")]
    Unreadable,
    #[error("the answer is too long")]
    TooLong,
    #[error("the answer is not signed with the account's key")]
    Unsigned,
}

impl NotFetched {
    /// The end of its sentence's key: `statement-poll-…`.
    pub const fn word(self) -> &'static str {
        match self {
            NotFetched::NoList => "no-list",
            NotFetched::Unreachable => "unreachable",
            NotFetched::KeyRefused => "key-refused",
            NotFetched::Busy => "busy",
            NotFetched::Failed(_) => "failed",
            NotFetched::Unreadable => "unreadable",
            NotFetched::TooLong => "too-long",
            NotFetched::Unsigned => "unsigned",
        }
    }
}

/// What was fetched, and why not all when something stopped it half-way: what came is taken in all the same.
#[derive(Debug, Clone, Default)]
pub struct Fetched {
    pub messages: Vec<BankMessage>,
    pub stopped: Option<NotFetched>,
}

/// Whether a provider has a list that can be asked.
pub const fn has_list(provider: BankProvider) -> bool {
    matches!(provider, BankProvider::Sepay | BankProvider::Casso | BankProvider::CassoV1)
}

/// Asks a provider for an account's movements of some days.
pub async fn fetch(provider: BankProvider, ask: &Ask, now: At) -> Fetched {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_millis(ask.timeout_ms))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build();
    let Ok(client) = client else {
        return Fetched { stopped: Some(NotFetched::Unreachable), ..Fetched::default() };
    };
    match provider {
        BankProvider::Sepay => sepay::fetch(&client, ask, now).await,
        BankProvider::Casso | BankProvider::CassoV1 => casso::fetch(&client, ask, now).await,
        // payOS answers for one link at a time: `payos_links`.
        BankProvider::Payos | BankProvider::Vietqr | BankProvider::Generic | BankProvider::None => {
            Fetched { stopped: Some(NotFetched::NoList), ..Fetched::default() }
        }
    }
}

/// A page: its movements, how many rows it had, and whether more follow.
struct Page {
    messages: Vec<BankMessage>,
    /// Ids of all rows, ours or not.
    ids: Vec<String>,
    has_more: bool,
}

/// Asks page after page until there is no more, or the list turns in a circle.
async fn all_pages(
    client: &reqwest::Client,
    request: impl Fn(&reqwest::Client, u32) -> reqwest::RequestBuilder,
    read: impl Fn(&Value) -> Option<Page>,
) -> Fetched {
    let mut fetched = Fetched::default();
    let mut last = Vec::new();
    for number in 1..=MOST_PAGES {
        let page = match get_json(|| request(client, number)).await {
            Ok(answer) => read(&answer).ok_or(NotFetched::Unreadable),
            Err(error) => Err(error),
        };
        match page {
            Ok(page) => {
                fetched.messages.extend(page.messages);
                if !page.has_more || page.ids.is_empty() || page.ids == last {
                    return fetched;
                }
                last = page.ids;
            }
            Err(error) => return Fetched { stopped: Some(error), ..fetched },
        }
    }
    Fetched { stopped: Some(NotFetched::TooLong), ..fetched }
}

/// One answer as JSON. 429 and 5xx are asked again a few times; a provider that says when is believed up to a bound.
async fn get_json(request: impl Fn() -> reqwest::RequestBuilder) -> Result<Value, NotFetched> {
    let mut told = NotFetched::Unreachable;
    for attempt in 1..=TRIES {
        let answer = match request().send().await {
            Ok(answer) => answer,
            Err(error) if error.is_timeout() => return Err(NotFetched::Unreachable),
            Err(_no_answer) => {
                pause(attempt, None).await;
                continue;
            }
        };
        let status = answer.status().as_u16();
        match status {
            200 => return body_of(answer).await,
            401 | 403 => return Err(NotFetched::KeyRefused),
            429 => told = NotFetched::Busy,
            500..=599 => told = NotFetched::Failed(status),
            other => return Err(NotFetched::Failed(other)),
        }
        let after_s =
            answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
        if after_s.is_some_and(|after_s| after_s > MOST_WAIT_S) {
            return Err(NotFetched::Busy);
        }
        if attempt < TRIES {
            pause(attempt, after_s).await;
        }
    }
    Err(told)
}

async fn pause(attempt: u32, after_s: Option<u64>) {
    let unasked = Duration::from_millis(200_u64.saturating_mul(u64::from(attempt)));
    tokio::time::sleep(after_s.map_or(unasked, Duration::from_secs)).await;
}

/// An answer of at most so many bytes, as JSON.
pub(super) async fn body_of(mut answer: reqwest::Response) -> Result<Value, NotFetched> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_broken_off| NotFetched::Unreachable)? {
        if bytes.len().saturating_add(chunk.len()) > MOST_BYTES {
            return Err(NotFetched::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).map_err(|_not_json| NotFetched::Unreadable)
}

/// A text under the first of these names; numbers as their digits.
fn text(fields: &Fields, names: &[&str]) -> Option<String> {
    let texts = names.iter().filter_map(|name| loose::text(fields, name));
    texts.map(|text| text.trim().to_owned()).find(|text| !text.is_empty())
}

/// Whole đồng under the first of these names, with its sign; lists write `185000`, `"185000"` and `"185000.00"`.
fn whole(fields: &Fields, names: &[&str]) -> Option<i64> {
    let text = text(fields, names)?;
    let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let zeros = fraction.bytes().all(|byte| byte == b'0');
    integer.parse::<i64>().ok().filter(|value| zeros && (-MOST_VND..=MOST_VND).contains(value))
}

/// A balance; 0 means that the provider does not know it.
fn balance(fields: &Fields, names: &[&str]) -> Option<Money> {
    whole(fields, names).filter(|value| *value != 0).map(Money)
}

/// A row of a list as a message. Nothing moved where it says zero; what it moved and cannot be read is zero that a person looks at,
/// as in a webhook.
fn message(id: &str, moved: Option<i64>, now: At) -> Option<BankMessage> {
    let (direction, amount) = match moved {
        Some(0) => return None,
        Some(vnd) if vnd < 0 => (Direction::Out, Money(vnd.saturating_abs())),
        Some(vnd) => (Direction::In, Money(vnd)),
        None => loose::movement(None, None),
    };
    Some(BankMessage { direction, amount, ..loose::blank(format!("{POLL_PREFIX}{id}"), now) })
}

/// Whether a row names our account, as its own number or as a virtual one; rows that name none are ours.
fn is_ours(ask: &Ask, named: &[Option<String>]) -> bool {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let (ours, beneath) = (plain(&ask.account_number), ask.virtual_account.as_deref().map(plain));
    let mut any = false;
    for name in named.iter().flatten() {
        any = true;
        let name = plain(name);
        if name == ours || Some(&name) == beneath.as_ref() {
            return true;
        }
    }
    !any
}
