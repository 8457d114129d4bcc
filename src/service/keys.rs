//! Keys for each purpose, derived from `SECRET_KEY` (HKDF-SHA256, RFC 5869); the key itself is never used.
//! Link tokens are derived and never stored; secrets that must be read again are sealed with a key that they name.

use crate::config::Secret;
use crate::domain::id::hex;
use crate::domain::time::Entropy;
use chacha20poly1305::aead::{Aead, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::sync::Arc;
use subtle::ConstantTimeEq as _;

/// Bytes of a token that acts: 160 bits, 32 letters.
const TOKEN_BYTES: usize = 20;
const NONCE_BYTES: usize = 24;

/// A sealed text that no key of ours opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed by a key that is not here, or altered")]
pub struct CannotOpen;

/// The pseudorandom key that HKDF extracts from one secret.
struct Root {
    prk: zeroize::Zeroizing<[u8; 64]>,
    name: String,
}

/// Bytes for one purpose and one subject.
fn mac(key: &[u8; 64], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(key.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// HMAC pads a short key with zeros itself (RFC 2104), so this is the same key.
fn padded(bytes: &[u8; 32]) -> zeroize::Zeroizing<[u8; 64]> {
    let mut key = zeroize::Zeroizing::new([0; 64]);
    for (slot, byte) in key.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    key
}

impl Root {
    fn new(secret: &Secret) -> Self {
        let (prk, _expander) = hkdf::Hkdf::<Sha256>::extract(Some(b"ganh"), secret.expose().as_bytes());
        let mut root = Self { prk: padded(&prk.into()), name: String::new() };
        root.name = hex(&root.key("name")).get(..8).unwrap_or_default().to_owned();
        root
    }

    /// HKDF-Expand for one block: T(1) = HMAC(PRK, info | 0x01).
    fn key(&self, purpose: &str) -> [u8; 32] {
        mac(&self.prk, &[purpose.as_bytes(), &[1]])
    }

    fn derive(&self, purpose: &str, text: &str) -> [u8; 32] {
        mac(&padded(&self.key(purpose)), &[text.as_bytes()])
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.key(&format!("seal {purpose}")).into())
    }
}

/// The keys of the market. Cheap to clone.
#[derive(Clone)]
pub struct Keys {
    current: Arc<Root>,
    previous: Option<Arc<Root>>,
    entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.current.name)
    }
}

impl Keys {
    pub fn new(secret: &Secret, previous: Option<&Secret>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            current: Arc::new(Root::new(secret)),
            previous: previous.map(|secret| Arc::new(Root::new(secret))),
            entropy,
        }
    }

    /// Names the key without telling it: what a backup writes down and `restore` compares.
    pub fn fingerprint(&self) -> &str {
        &self.current.name
    }

    fn roots(&self) -> impl Iterator<Item = &Arc<Root>> {
        std::iter::once(&self.current).chain(&self.previous)
    }

    /// The token of a link, derived from what it is for and whose it is: 160 bits as 32 small letters and digits.
    pub fn link_token(&self, purpose: &str, id: &str) -> String {
        spelled(&self.current.derive(&format!("link {purpose}"), id))
    }

    /// Whether a token is that of the link, by this key or the one before; takes the same time for every wrong one.
    pub fn check_link(&self, purpose: &str, id: &str, token: &str) -> bool {
        self.roots().fold(false, |found, root| {
            let right = spelled(&root.derive(&format!("link {purpose}"), id));
            found | bool::from(right.as_bytes().ct_eq(token.as_bytes()))
        })
    }

    /// A new token of 160 random bits; store its `lookup_hash`.
    pub fn new_token(&self) -> String {
        let mut bytes = [0; TOKEN_BYTES];
        self.entropy.fill(&mut bytes);
        BASE32_NOPAD.encode(&bytes).to_lowercase()
    }

    /// Hides a value that must be read again: `v1.<key name>.<nonce and ciphertext>`.
    pub fn seal(&self, purpose: &str, bytes: &[u8]) -> Result<String, CannotOpen> {
        let mut nonce = [0; NONCE_BYTES];
        self.entropy.fill(&mut nonce);
        let payload = Payload { msg: bytes, aad: purpose.as_bytes() };
        let sealed = self.current.cipher(purpose).encrypt(&XNonce::from(nonce), payload).map_err(|_long| CannotOpen)?;
        let packed = [nonce.as_slice(), &sealed].concat();
        Ok(format!("v1.{}.{}", self.current.name, BASE64URL_NOPAD.encode(&packed)))
    }

    /// Reads what `seal` hid for the same purpose, by this key or the one before.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<zeroize::Zeroizing<Vec<u8>>, CannotOpen> {
        let (name, packed) = sealed.strip_prefix("v1.").and_then(|rest| rest.split_once('.')).ok_or(CannotOpen)?;
        let root = self.roots().find(|root| root.name == name).ok_or(CannotOpen)?;
        let packed = BASE64URL_NOPAD.decode(packed.as_bytes()).map_err(|_malformed| CannotOpen)?;
        let (nonce, body) = packed.split_at_checked(NONCE_BYTES).ok_or(CannotOpen)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_short| CannotOpen)?;
        let payload = Payload { msg: body, aad: purpose.as_bytes() };
        let plain = root.cipher(purpose).decrypt(&XNonce::from(nonce), payload).map_err(|_altered| CannotOpen)?;
        Ok(zeroize::Zeroizing::new(plain))
    }

    /// The same as text.
    pub fn open_text(&self, purpose: &str, sealed: &str) -> Result<String, CannotOpen> {
        String::from_utf8(self.open(purpose, sealed)?.to_vec()).map_err(|_not_text| CannotOpen)
    }

    /// Whether a sealed value waits to be sealed again by the current key.
    pub fn is_of_current_key(&self, sealed: &str) -> bool {
        sealed
            .strip_prefix("v1.")
            .and_then(|rest| rest.split_once('.'))
            .is_some_and(|(name, _)| name == self.current.name)
    }

    /// A keyed hash by which a value can be looked up but not read (64 hex letters).
    pub fn lookup_hash(&self, purpose: &str, text: &str) -> String {
        hex(&self.current.derive(&format!("lookup {purpose}"), text))
    }

    /// The same by every key in force, the current first.
    pub fn lookup_hashes(&self, purpose: &str, text: &str) -> Vec<String> {
        self.roots().map(|root| hex(&root.derive(&format!("lookup {purpose}"), text))).collect()
    }

    /// 32 bytes for one purpose, for those that need a key of their own.
    pub fn bytes(&self, purpose: &str) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.current.key(&format!("bytes {purpose}")))
    }
}

fn spelled(bytes: &[u8; 32]) -> String {
    BASE32_NOPAD.encode(bytes.get(..TOKEN_BYTES).unwrap_or(bytes)).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ones;

    impl Entropy for Ones {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(1);
        }
    }

    fn keys(secret: &str, previous: Option<&str>) -> Keys {
        Keys::new(&Secret::new(secret), previous.map(Secret::new).as_ref(), Arc::new(Ones))
    }

    #[test]
    fn a_key_is_what_hkdf_says_it_is() {
        let root = Root::new(&Secret::new("secret"));
        let mut expected = [0; 32];
        hkdf::Hkdf::<Sha256>::new(Some(b"ganh"), b"secret").expand(b"purpose", &mut expected).expect("32 bytes");
        assert_eq!(root.key("purpose"), expected);
    }

    #[test]
    fn a_link_is_good_for_one_purpose_and_one_id_only() {
        let keys = keys("a", None);
        let token = keys.link_token("order", "1");
        assert_eq!(token.len(), 32);
        assert!(keys.check_link("order", "1", &token));
        assert!(!keys.check_link("order", "2", &token));
        assert!(!keys.check_link("purchase", "1", &token));
        assert!(!keys.check_link("order", "1", ""));
    }

    #[test]
    fn what_the_old_key_made_is_still_good_and_what_another_made_is_not() {
        let (old, new) = (keys("old", None), keys("new", Some("old")));
        assert!(new.check_link("order", "1", &old.link_token("order", "1")));
        let sealed = old.seal("webhook", b"secret").expect("short");
        assert_eq!(new.open("webhook", &sealed).expect("opens").as_slice(), b"secret");
        assert!(!new.is_of_current_key(&sealed));
        assert!(keys("other", None).open("webhook", &sealed).is_err());
        assert!(new.lookup_hashes("phone", "x").contains(&old.lookup_hash("phone", "x")));
    }

    #[test]
    fn a_sealed_value_opens_for_its_purpose_only_and_not_altered() {
        let keys = keys("a", None);
        let sealed = keys.seal("webhook", b"secret").expect("short");
        assert!(sealed.starts_with(&format!("v1.{}.", keys.fingerprint())));
        assert!(keys.open("other", &sealed).is_err());
        let mut altered = sealed.clone();
        let last = if altered.pop() == Some('A') { 'B' } else { 'A' };
        altered.push(last);
        assert!(keys.open("webhook", &altered).is_err());
        assert!(keys.open("webhook", "v1.x").is_err());
    }
}
