//! What each reader of strangers' bytes is asked, and what must hold of its answer whatever the bytes: by cargo-fuzz
//! (`fuzz_targets/`) and by seeded mutations in stable tests (`tests/it/mutations.rs`). The beginnings lie in `corpus/`.

use ganh::domain::bank_message::BankProvider;
use ganh::domain::memo::candidates;
use ganh::domain::time::At;
use ganh::domain::vietqr::{crc16, decode};
use ganh::gateway::bank::{self, Headers, Secret};
use ganh::{domain::statement, gateway::table_file};

/// When every signed body is signed and heard.
const NOW_S: i64 = 1_795_400_000;
/// What the column of amounts holds.
const MOST_VND: i64 = 1_000_000_000_000_000;

/// A payload as it came, and with the sum that fits it: else nearly all would end at the sum.
pub fn vietqr(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    for payload in [text.to_string(), format!("{text}6304{:04X}", crc16(format!("{text}6304").as_bytes()))] {
        if let Err(refusal) = decode(&payload) {
            assert!(refusal.at <= payload.chars().count());
            assert!(!refusal.to_string().is_empty());
        }
    }
}

pub fn memo(input: &[u8]) {
    let found = candidates(&String::from_utf8_lossy(input));
    assert!(found.iter().all(|code| code.as_text().parse() == Ok(code.clone())));
}

pub fn statement(input: &[u8]) {
    if let Ok(rows) = table_file::read(input)
        && let Ok(statement) = statement::read(&rows)
    {
        std::hint::black_box(statement::check(&statement));
    }
}

/// The first byte says whose body the rest is; it is heard bare, and with the provider's own proof put to it.
pub fn bank(input: &[u8]) {
    let Some((whose, body)) = input.split_first() else { return };
    let all: Vec<BankProvider> = BankProvider::ALL.iter().copied().filter(|one| *one != BankProvider::None).collect();
    let provider = all[usize::from(*whose) % all.len()];
    heard(provider, body);
}

/// How many movements were read out of a body that is proven to be the provider's.
pub fn heard(provider: BankProvider, body: &[u8]) -> usize {
    let now = At::from_unix_seconds(NOW_S);
    let secret = Secret::new("a secret of mutations");
    let proof = match provider {
        // Its proof is a token that the secret has issued.
        BankProvider::Vietqr => bank::vietqr_vn::issue(&secret, now),
        _ => secret.reveal().to_owned(),
    };
    let secrets = [secret];
    let bare = bank::verify(provider, &Headers::new([]), body, &secrets, now);
    assert!(bare.is_err() || bare == Ok(Vec::new()), "believed without a proof");
    let Some(signed) = bank::prove(provider, &proof, now, body.to_vec()) else { return 0 };
    let headers = Headers::new(signed.headers.iter().map(|(name, value)| (*name, value.as_bytes())));
    let messages = bank::verify(provider, &headers, &signed.body, &secrets, now).unwrap_or_default();
    for message in &messages {
        assert!((0..=MOST_VND).contains(&message.amount.vnd()), "{message:?}");
    }
    messages.len()
}
