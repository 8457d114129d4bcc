//! One letter as RFC 5322 text: names cleaned, both bodies, nothing from the clock or from chance.

use crate::domain::id::hex;
use crate::domain::time::At;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};

/// Where mail goes and whom it comes from.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// `smtp://`, `smtps://`, `dir:///folder`, `memory:`; none: no mail at all.
    pub url: Option<String>,
    pub from_name: String,
    pub from_address: String,
    /// For each step with the server; a whole letter gets three times as long.
    pub timeout_ms: u64,
}

/// One letter. Texts may hold anything that a person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Stable for this letter: every further try carries the same, so a reader sees it once.
    pub message_id: String,
    pub to_name: String,
    pub to_address: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub at: At,
}

/// Characters of a display name and of a subject; more is somebody's mischief.
const NAME_MOST: usize = 100;
const SUBJECT_MOST: usize = 200;

/// One line without control characters: lettre panics on CR, LF and NUL in a display name.
fn one_line(text: &str, most: usize) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

/// A name and an address, or why it is none.
pub fn mailbox(name: &str, address: &str) -> Result<Mailbox, String> {
    let address: Address = address.trim().parse().map_err(|error| format!("not a mail address: {error}"))?;
    let name = one_line(name, NAME_MOST);
    Ok(Mailbox::new(Some(name).filter(|name| !name.is_empty()), address))
}

/// What of a message id may stand in a header and in a file name.
pub fn file_stem(message_id: &str) -> String {
    message_id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(100).collect()
}

/// The letter, ready to go.
pub fn write(letter: &Letter, settings: &MailSettings) -> Result<Message, String> {
    let from = mailbox(&settings.from_name, &settings.from_address)?;
    let to = mailbox(&letter.to_name, &letter.to_address)?;
    let message_id = format!("<{}@{}>", file_stem(&letter.message_id), from.email.domain());
    let seconds = u64::try_from(letter.at.unix_seconds()).unwrap_or(0);
    let date = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(SystemTime::UNIX_EPOCH);
    let head = Message::builder()
        .from(from)
        .to(to)
        .subject(one_line(&letter.subject, SUBJECT_MOST))
        .date(date)
        .message_id(Some(message_id));
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(letter.text.clone());
    let written = match &letter.html {
        None => head.singlepart(text),
        Some(html) => {
            let html_part = SinglePart::builder().header(ContentType::TEXT_HTML).body(html.clone());
            // Made from the letter itself: the same letter is the same bytes, and no text can hold its own hash.
            let digest =
                Sha256::new().chain_update(&letter.message_id).chain_update(&letter.text).chain_update(html).finalize();
            let boundary = format!("ganh-{}", hex(digest.as_slice().get(..20).unwrap_or_default()));
            head.multipart(MultiPart::alternative().boundary(boundary).singlepart(text).singlepart(html_part))
        }
    };
    written.map_err(|error| error.to_string())
}
