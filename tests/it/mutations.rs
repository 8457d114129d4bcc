//! Parsers of what strangers send, before seeded mutations of what they really send: no panic, no matter what. The same targets stand in
//! `tests/fuzz` for cargo-fuzz. A failure names the seed and the input.

use ganh::domain::memo::candidates;
use ganh::domain::vietqr::{crc16, decode};
use std::panic::{AssertUnwindSafe, catch_unwind};

const SEED: u64 = 247;

/// 10⁵ in the short form too: they are quick.
fn inputs() -> u32 {
    if std::env::var("GANH_LONG").is_ok() { 1_000_000 } else { 100_000 }
}

/// splitmix64: small, and the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most.max(1) as u64) as usize
    }
}

/// What breaks parsers: cut, doubled, swapped, bits turned, figures where none were, bytes of no text.
fn mutated(dice: &mut Dice, corpus: &[Vec<u8>]) -> Vec<u8> {
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
pub fn survives(name: &str, corpus: &[&str], target: impl Fn(&[u8])) {
    let corpus: Vec<Vec<u8>> = corpus.iter().map(|text| text.as_bytes().to_vec()).collect();
    let mut dice = Dice(SEED);
    for number in 0..inputs() {
        let input = mutated(&mut dice, &corpus);
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
