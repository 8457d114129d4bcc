//! What signed webhooks share: HMAC over `timestamp.body`, keys compared in constant time. Knows no provider.

use super::delivery::{Headers, Rejected, STALE_AFTER_S, Secret};
use crate::domain::id::hex;
use crate::domain::time::At;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

/// `sha256=<64 hex>`: HMAC-SHA256 with the secret over `<timestamp>.<raw body>`.
pub fn sign(secret: &str, timestamp_s: i64, body: &[u8]) -> String {
    let tag = mac(secret, &timestamp_s.to_string(), body).map(|mac| mac.finalize().into_bytes());
    format!("sha256={}", hex(tag.unwrap_or_default().as_slice()))
}

/// None only if the key could not be used, which HMAC of any length never answers.
fn mac(secret: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

/// Checks the two headers against every secret and says whether the timestamp is stale.
pub fn check(
    headers: &Headers,
    (timestamp_header, signature_header): (&str, &str),
    body: &[u8],
    secrets: &[&str],
    now: At,
) -> Result<bool, Rejected> {
    let timestamp = headers.only(timestamp_header).ok_or(Rejected::BadSignature)?;
    let seconds = read_timestamp(timestamp).ok_or(Rejected::BadSignature)?;
    let given = headers.only(signature_header).and_then(read_signature).ok_or(Rejected::BadSignature)?;
    let mut right = false;
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        // Every secret is tried whatever came before, so the time taken says nothing.
        right |= mac(secret, timestamp, body).is_some_and(|mac| mac.verify_slice(&given).is_ok());
    }
    if !right {
        return Err(Rejected::BadSignature);
    }
    Ok(now.seconds_since(At::from_unix_seconds(seconds)).unsigned_abs() > STALE_AFTER_S.unsigned_abs())
}

fn read_timestamp(text: &str) -> Option<i64> {
    let plain = (1..=11).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn read_signature(text: &str) -> Option<[u8; 32]> {
    let digits = text.strip_prefix("sha256=").filter(|digits| digits.len() == 64)?;
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?;
    bytes.try_into().ok()
}

/// Whether `given` is one of `keys`, in a time that does not depend on where they differ (nor on their lengths).
pub fn is_one_of(given: &str, keys: &[&str]) -> bool {
    let given = Sha256::digest(given.as_bytes());
    let mut right = subtle::Choice::from(0);
    for key in keys.iter().filter(|key| !key.is_empty()) {
        right |= Sha256::digest(key.as_bytes()).as_slice().ct_eq(given.as_slice());
    }
    right.into()
}

/// Secrets of one mode: those with `prefix` (without it), or those without any.
pub fn with_prefix<'a>(secrets: &'a [Secret], prefix: &str) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for secret in secrets {
        match secret.reveal().strip_prefix(prefix) {
            Some(rest) => with.push(rest),
            None => without.push(secret.reveal()),
        }
    }
    (with, without)
}

/// HMAC-SHA256 of a text, as lower-case hex.
pub fn tag_256(secret: &str, text: &str) -> String {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).ok().map(|mac| mac.chain_update(text));
    hex(mac.map(|mac| mac.finalize().into_bytes()).unwrap_or_default().as_slice())
}

/// HMAC-SHA512 of a text, as lower-case hex.
pub fn tag_512(secret: &str, text: &str) -> String {
    let mac = <Hmac<Sha512> as KeyInit>::new_from_slice(secret.as_bytes()).ok().map(|mac| mac.chain_update(text));
    hex(mac.map(|mac| mac.finalize().into_bytes()).unwrap_or_default().as_slice())
}

/// A hex tag of exactly so many digits, in lower case; none for anything else.
pub fn read_tag(text: &str, digits: usize) -> Option<String> {
    let is_hex = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| text.to_ascii_lowercase())
}

/// Whether a tag of ours and one that came are the same, in a time that does not depend on where they differ.
pub fn same_tag(ours: &str, given: &str) -> bool {
    ours.as_bytes().ct_eq(given.as_bytes()).into()
}
