//! Mail: one letter out, by SMTP, into a folder, or into memory. A hostile name, a dead server or a panic in the
//! library ends as a `MailError` of this one letter. Knows no recipient's reasons and keeps no queue.

mod letter;

pub use letter::{Letter, MailSettings};

use futures_util::FutureExt as _;
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// A letter held in memory is forgotten behind this many newer ones.
const MEMORY_MOST: usize = 2_000;

/// A letter as it went out, kept by the memory mailer.
#[derive(Debug, Clone)]
pub struct Sent {
    pub letter: Letter,
    pub raw: String,
}

/// Why a letter did not go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Try again later: nobody there, a 4xx, a timeout, or our own sign-in at the server.
    #[error("mail not sent, may be tried again: {0}")]
    Transient(String),
    /// This letter will never go: no address, refused with 5xx, or it cannot be written down.
    #[error("mail can never be sent: {0}")]
    Permanent(String),
}

/// `SMTP_URL` cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("SMTP_URL: {0}")]
pub struct NotAMailer(String);

/// Sends letters. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    settings: MailSettings,
    way: Way,
}

enum Way {
    Nowhere,
    // Built at the first letter: its pool starts a task and so needs the runtime.
    Smtp(Box<AsyncSmtpTransportBuilder>, OnceLock<AsyncSmtpTransport<Tokio1Executor>>),
    Dir(PathBuf),
    Memory(Mutex<Vec<Sent>>),
}

impl Mailer {
    /// # Errors
    /// When the address cannot be understood, or the sender is no mail address. The server itself is not asked.
    pub fn new(settings: MailSettings) -> Result<Self, NotAMailer> {
        letter::mailbox(&settings.from_name, &settings.from_address)
            .map_err(|error| NotAMailer(format!("sender: {error}")))?;
        let way = match settings.url.as_deref() {
            None => Way::Nowhere,
            Some("memory:") => Way::Memory(Mutex::default()),
            Some(url) => match url.strip_prefix("dir://") {
                Some(folder) if folder.starts_with('/') => Way::Dir(PathBuf::from(folder)),
                Some(_) => return Err(NotAMailer("dir:// wants an absolute folder, as in dir:///srv/mail".into())),
                None => Way::Smtp(Box::new(smtp(url, settings.timeout_ms)?), OnceLock::new()),
            },
        };
        Ok(Self(Arc::new(Inner { settings, way })))
    }

    /// Whether mail is set up at all; without it people are told by other roads.
    pub fn is_live(&self) -> bool {
        !matches!(self.0.way, Way::Nowhere)
    }

    /// Sends one letter. Returns within three timeouts, whatever the server does.
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let settings = &self.0.settings;
        // The library panics on some texts; those are cleaned, and should one be left, it costs this letter only.
        let message = std::panic::catch_unwind(|| letter::write(letter, settings))
            .unwrap_or_else(|_panic| Err("the letter could not be written down".into()))
            .map_err(MailError::Permanent)?;
        match &self.0.way {
            Way::Nowhere => Err(MailError::Permanent("no mail is set up (SMTP_URL)".into())),
            Way::Memory(sent) => {
                let raw = String::from_utf8_lossy(&message.formatted()).into_owned();
                let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
                let surplus = sent.len().saturating_add(1).saturating_sub(MEMORY_MOST);
                sent.drain(..surplus);
                sent.push(Sent { letter: letter.clone(), raw });
                Ok(())
            }
            Way::Dir(folder) => {
                let name = format!("{}.eml", letter::file_stem(&letter.message_id));
                write_file(folder, &name, &message.formatted())
                    .await
                    .map_err(|error| MailError::Transient(error.to_string()))
            }
            Way::Smtp(builder, transport) => {
                let transport = transport.get_or_init(|| builder.as_ref().clone().build());
                let limit = Duration::from_millis(settings.timeout_ms.saturating_mul(3));
                match tokio::time::timeout(limit, AssertUnwindSafe(transport.send(message)).catch_unwind()).await {
                    Ok(Ok(Ok(_response))) => Ok(()),
                    Ok(Ok(Err(error))) => Err(kind_of(&error)),
                    Ok(Err(_panic)) => Err(MailError::Permanent("the mail library gave up on this letter".into())),
                    Err(_elapsed) => Err(MailError::Transient("the mail server did not answer in time".into())),
                }
            }
        }
    }

    /// What the memory mailer has sent, oldest first; nothing for the others.
    pub fn sent(&self) -> Vec<Sent> {
        match &self.0.way {
            Way::Memory(sent) => sent.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            _ => Vec::new(),
        }
    }
}

fn smtp(url: &str, timeout_ms: u64) -> Result<AsyncSmtpTransportBuilder, NotAMailer> {
    if !url.starts_with("smtp://") && !url.starts_with("smtps://") {
        return Err(NotAMailer("wants smtp://, smtps://, dir:///folder or memory:".into()));
    }
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
        .map(|builder| builder.timeout(Some(Duration::from_millis(timeout_ms))))
        .map_err(|error| NotAMailer(error.to_string()))
}

fn kind_of(error: &lettre::transport::smtp::Error) -> MailError {
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    // 530, 534, 535, 538 are about our sign-in: the operator mends that, and then the letter goes.
    let ours = matches!(code.as_str(), "530" | "534" | "535" | "538");
    if error.is_permanent() && !ours {
        MailError::Permanent(error.to_string())
    } else {
        MailError::Transient(error.to_string())
    }
}

/// Written beside and renamed, so that whoever reads the folder never meets half a letter.
async fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let unfinished = folder.join(format!(".{name}.tmp"));
    tokio::fs::write(&unfinished, bytes).await?;
    tokio::fs::rename(&unfinished, folder.join(name)).await
}

#[cfg(test)]
mod tests;
