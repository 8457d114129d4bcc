//! Parsers of what strangers send, before seeded mutations of what they really send: no panic, no matter what. A failure names the seed and the input.

use crate::kit::dice::Dice;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::memo::candidates;
use ganh::domain::money::Money;
use ganh::domain::time::At;
use ganh::domain::vietqr::{crc16, decode};
use ganh::gateway::bank::{self, Headers, Movement};
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
fn survives(name: &str, corpus: &[&str], target: impl FnMut(&[u8])) {
    survives_some(name, corpus, inputs(), target);
}

fn survives_some(name: &str, corpus: &[&str], inputs: u32, mut target: impl FnMut(&[u8])) {
    let corpus: Vec<Vec<u8>> = corpus.iter().map(|text| text.as_bytes().to_vec()).collect();
    let dice = Dice::new(SEED);
    for number in 0..inputs {
        let input = mutated(&dice, &corpus);
        let met = catch_unwind(AssertUnwindSafe(|| target(&input)));
        assert!(met.is_ok(), "{name}, input {number} of seed {SEED}: {:?}", String::from_utf8_lossy(&input));
    }
}

#[test]
fn payment_codes() {
    let corpus = [
        "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52",
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E",
        "00020101021126280010A0000007750110010531314453037045408210900005802VN5910CELLPHONES62600312CPSHN ONLINE0517021908061613127850705ONLHN0810CellphoneS63047685",
        "00020101021138560010A0000007270126000697041501121133666688880208QRIBFTTA54057000153037045802VN6304ED54",
    ];
    survives("vietqr", &corpus, |input| {
        let text = String::from_utf8_lossy(input);
        for payload in [text.to_string(), format!("{text}6304{:04X}", crc16(format!("{text}6304").as_bytes()))] {
            if let Err(refusal) = decode(&payload) {
                assert!(refusal.at <= payload.chars().count());
                assert!(!refusal.to_string().is_empty());
            }
        }
    });
}

#[test]
fn memos() {
    let corpus = [
        "MBVCB.3456789012.123456.HT7K2M9QA.CT tu 0123456789 NGUYEN VAN A toi 9876543210 HTX RAU SACH tai MB- Ma GD ACSP/ gz333212",
        "HT7K2\nM9QA HTABCDEFJ",
        "Nguyễn Văn Đạt chuyển tiền ht7k2m9qa",
        "CT DEN:123456789012 HT7K2M9QA",
    ];
    survives("memo", &corpus, |input| {
        let found = candidates(&String::from_utf8_lossy(input));
        assert!(found.iter().all(|code| code.as_text().parse() == Ok(code.clone())));
    });
}

#[test]
fn statements() {
    let corpus = [
        "\u{feff}NGÂN HÀNG MẪU;;;;;\nSố tài khoản: 1017588888;;;;;\nNgày GD;Số CT;Ghi nợ;Ghi có;Số dư;Nội dung chi tiết\n\
         23/11/2026;FT1;;185.000;1.185.000;HT7K2M9QA chuyen tien\n23/11/2026;FT2;50.000;;1.135.000;\"tra hang\nHF7K2M9QA\"\nCộng;;50.000;185.000;;\n",
        "TNX Date,Doc No,Debit,Credit,Balance,Transactions in detail\n2026-11-23 10:00:00,5213,,\"200,500\",\"15,900,500\",HT7K2M9QA\n",
        "Ngày\tSố tiền\tDiễn giải\n45984\t-33000\tphi\n45985\t+40000\tHT7K 2M9QA\n",
    ];
    survives("statement", &corpus, |input| {
        if let Ok(rows) = ganh::gateway::table_file::read(input)
            && let Ok(statement) = ganh::domain::statement::read(&rows)
        {
            let checked = ganh::domain::statement::check(&statement);
            std::hint::black_box(checked);
        }
    });
}

/// Where a key or a token stands beside the body, mutations reach the reader; where the body is signed they must be refused, or be
/// no mutation of what was signed.
#[test]
fn bodies_of_banks() {
    let now = At::from_unix_seconds(1_795_400_000);
    let memo = "HT7K2M9QA chuyển tiền/đơn 1";
    let said = Movement {
        id: 5_512_345,
        account: "1017588888",
        amount: Money(185_000),
        memo,
        reference: "FT26327123456",
        at: now,
    };
    for provider in BankProvider::ALL.iter().copied() {
        for secret in ["a secret of mutations", "apikey:a key of mutations"] {
            let Some(signed) = bank::compose(provider, secret, &said) else { continue };
            let body = String::from_utf8(signed.body.clone()).expect("text");
            let headers = Headers::new(signed.headers.iter().map(|(name, value)| (*name, value.as_bytes())));
            let secrets = [bank::Secret::new(secret)];
            let mut heard = 0;
            survives_some(provider.as_text(), &[&body], inputs() / 10, |input| {
                heard += u32::from(bank::verify(provider, &headers, input, &secrets, now).is_ok());
            });
            println!("{provider}: {heard} mutations were proven and read");
        }
    }
}
