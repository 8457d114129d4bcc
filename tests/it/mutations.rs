//! Readers of strangers' bytes, before seeded mutations of what strangers really send: no panic, no matter what. What is asked of
//! each is shared with cargo-fuzz (`tests/fuzz/`). A failure names the seed and the input.

#[path = "../fuzz/questions.rs"]
#[expect(dead_code, reason = "cargo-fuzz asks all of them, these tests each provider alone")]
mod questions;

use crate::kit::dice::Dice;
use ganh::domain::bank_message::BankProvider;
use std::panic::{AssertUnwindSafe, catch_unwind};

const SEED: u64 = 247;

/// 10⁵ in the short form too: they are quick.
fn inputs() -> u32 {
    if std::env::var("GANH_LONG").is_ok() { 1_000_000 } else { 100_000 }
}

/// What breaks parsers: cut, doubled, swapped, bits turned, figures where none were, bytes of no text.
fn mutated(dice: &Dice, corpus: &[Vec<u8>]) -> Vec<u8> {
    const ODD: &[&[u8]] = &[
        b"\0",
        b"\xff\xfe",
        "ế".as_bytes(),
        "🍐".as_bytes(),
        b"99",
        b"00",
        b"-1",
        b"1e309",
        b"9223372036854775808",
        b"\"",
        b"\\u0000",
        b"{",
        b"]",
        b"null",
        b"\r\n",
        b"=cmd()",
        b"\xc3",
        "\u{202e}".as_bytes(),
        b"%00",
        b"&",
        b";",
        b",",
    ];
    let mut bytes = corpus[dice.below(corpus.len())].clone();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.splice(at..at, ODD[dice.below(ODD.len())].iter().copied())),
            2 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            3 if at < bytes.len() => drop(bytes.remove(at)),
            4 => {
                let end = (at + dice.below(40)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            5 => {
                let other = &corpus[dice.below(corpus.len())];
                let from = dice.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            _ if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            _ => {}
        }
    }
    bytes
}

/// Every mutation before `target`.
fn survives(name: &str, corpus: &[Vec<u8>], inputs: u32, mut target: impl FnMut(&[u8])) {
    let dice = Dice::new(SEED);
    for number in 0..inputs {
        let input = mutated(&dice, corpus);
        let met = catch_unwind(AssertUnwindSafe(|| target(&input)));
        assert!(met.is_ok(), "{name}, input {number} of seed {SEED}: {:?}", String::from_utf8_lossy(&input));
    }
}

/// The beginnings that cargo-fuzz has too.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/corpus/").to_owned() + name;
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("a corpus").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a beginning")).collect()
}

#[test]
fn payment_codes() {
    survives("vietqr", &corpus("vietqr"), inputs(), questions::vietqr);
}

#[test]
fn memos() {
    survives("memo", &corpus("memo"), inputs(), questions::memo);
}

#[test]
fn statements() {
    let (books, texts): (Vec<_>, Vec<_>) = corpus("statement").into_iter().partition(|file| file.starts_with(b"PK"));
    // A table takes a millisecond in an unoptimised build: a share in the short form, 10⁵ in the long one.
    survives("statement", &texts, inputs() / 10, questions::statement);
    // A workbook is unpacked each time, by a reader that is not ours: cargo-fuzz gives it more.
    survives("workbook", &books, inputs() / 100, questions::statement);
}

/// Each provider's body, with its proof put to whatever the mutation left: the readers behind the signatures are reached.
#[test]
fn bodies_of_banks() {
    let corpus = corpus("bank");
    for provider in BankProvider::ALL.iter().copied().filter(|one| *one != BankProvider::None) {
        let whose = BankProvider::ALL.iter().position(|one| *one == provider).expect("one of all");
        let own: Vec<Vec<u8>> =
            corpus.iter().filter(|body| usize::from(body[0]) == whose).map(|body| body[1..].to_vec()).collect();
        let mut read = 0;
        // In the short form all providers share the 10⁵.
        survives(provider.as_text(), &own, inputs() / 6, |input| read += questions::heard(provider, input));
        assert!(read > 1_000, "{provider}: hardly any mutation reached its reader: {read}");
    }
}
