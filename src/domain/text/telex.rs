//! Raw keys of Vietnamese typing (Telex `gaoj neeps`, VNI `ga5o ne61p`) turned into the words that were meant, when the typing
//! program was off. Works word by word, only on words that are no Vietnamese without marks, and only when the result can exist:
//! plain names stay as they are. A search tries it only after the words as typed found nothing.

use super::syllable::{Tone, is_legal, is_legal_unaccented, with_tone};

/// Foreign words of food and trade that happen to decode into a syllable.
const FOREIGN: &[&str] = &[
    "bar", "bars", "beef", "beer", "box", "bus", "chef", "chips", "far", "gas", "max", "mix", "oats", "sos", "tax",
    "taxi", "tex", "tips", "tops",
];

/// The query with its raw words decoded; none when there is nothing to decode.
pub fn decode(query: &str) -> Option<String> {
    let mut changed = false;
    let words: Vec<String> = query
        .split_whitespace()
        .map(|word| {
            let decoded = decode_word(word);
            changed |= decoded.is_some();
            decoded.unwrap_or_else(|| word.to_owned())
        })
        .collect();
    changed.then(|| words.join(" "))
}

/// One word, in lower case; none when it is plain, foreign, or makes no syllable.
pub fn decode_word(word: &str) -> Option<String> {
    let keys = word.to_ascii_lowercase();
    let typed = keys.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !typed || keys.len() > 14 || is_legal_unaccented(&keys) || FOREIGN.contains(&keys.as_str()) {
        return None;
    }
    let typing = if keys.bytes().any(|byte| byte.is_ascii_digit()) { vni(&keys) } else { telex(&keys) };
    let syllable = typing.finished();
    (syllable != keys && is_legal(&syllable)).then_some(syllable)
}

fn telex(keys: &str) -> Typing {
    let mut typing = Typing::default();
    for key in keys.chars() {
        let tone = match key {
            's' => Some(Tone::Rising),
            'f' => Some(Tone::Falling),
            'r' => Some(Tone::Asking),
            'x' => Some(Tone::Tumbling),
            'j' => Some(Tone::Heavy),
            'z' => Some(Tone::Level),
            _ => None,
        };
        match (key, tone) {
            // z takes a tone away; without one it is a letter, and no syllable has it.
            ('z', _) if typing.tone.is_none() => typing.letters.push('z'),
            (_, Some(tone)) if typing.has_vowel() => typing.tone = Some(tone),
            ('w', _) if typing.horn(true) => {}
            ('w', _) => typing.letters.push('ư'),
            ('a' | 'e' | 'o', _) if typing.last_vowel() == Some(key) => typing.hat(),
            ('d', _) if typing.bar() => {}
            (letter, _) => typing.letters.push(letter),
        }
    }
    typing
}

fn vni(keys: &str) -> Typing {
    let mut typing = Typing::default();
    for key in keys.chars() {
        match key {
            '0' => typing.tone = Some(Tone::Level),
            '1' => typing.tone = Some(Tone::Rising),
            '2' => typing.tone = Some(Tone::Falling),
            '3' => typing.tone = Some(Tone::Asking),
            '4' => typing.tone = Some(Tone::Tumbling),
            '5' => typing.tone = Some(Tone::Heavy),
            '6' => typing.hat(),
            // A key without a letter to act on stays a digit, and no syllable has digits.
            '7' if typing.horn(false) => {}
            '8' if typing.replace_last('a', 'ă') => {}
            '9' if typing.bar() => {}
            letter => typing.letters.push(letter),
        }
    }
    typing
}

/// A word being typed.
#[derive(Default)]
struct Typing {
    letters: Vec<char>,
    tone: Option<Tone>,
}

impl Typing {
    fn has_vowel(&self) -> bool {
        self.letters.iter().any(|c| matches!(c, 'a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'o' | 'ô' | 'ơ' | 'u' | 'ư' | 'y'))
    }

    /// The last vowel typed so far, consonants after it or not: `nep` + e makes nêp.
    fn last_vowel(&self) -> Option<char> {
        self.letters
            .iter()
            .rev()
            .find(|c| matches!(c, 'a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'o' | 'ô' | 'ơ' | 'u' | 'ư' | 'y'))
            .copied()
    }

    fn replace_last(&mut self, from: char, to: char) -> bool {
        match self.letters.iter_mut().rev().find(|c| **c == from) {
            Some(letter) => {
                *letter = to;
                true
            }
            None => false,
        }
    }

    /// a e o → â ê ô.
    fn hat(&mut self) {
        if let Some(letter) = self.letters.iter_mut().rev().find(|c| matches!(c, 'a' | 'e' | 'o')) {
            *letter = match *letter {
                'a' => 'â',
                'e' => 'ê',
                _ => 'ô',
            };
        }
    }

    /// d → đ, at once (`dd`) or after the rest (`duocwjd`).
    fn bar(&mut self) -> bool {
        match self.letters.first_mut() {
            Some(first) if *first == 'd' => {
                *first = 'đ';
                true
            }
            _ => false,
        }
    }

    /// u o → ư ơ, both in `uo`, the first u in `uu`; with `breve` also a → ă, but `ua` → ưa. The u of `qu` is no vowel.
    fn horn(&mut self, breve: bool) -> bool {
        let glide = usize::from(self.letters.starts_with(&['q', 'u'])).saturating_mul(2);
        let tail: String = self.letters.iter().skip(glide).collect();
        let turned = ["uo", "uu", "ua"].into_iter().zip(["ươ", "ưu", "ưa"]).find_map(|(from, to)| {
            (tail.contains(from) && (breve || from != "ua")).then(|| tail.replacen(from, to, 1))
        });
        let turned = turned.or_else(|| {
            let place = tail.char_indices().rev().find(|(_, c)| matches!(c, 'u' | 'o') || (breve && *c == 'a'));
            place.map(|(index, c)| {
                let shaped = match c {
                    'u' => "ư",
                    'o' => "ơ",
                    _ => "ă",
                };
                let (before, after) = tail.split_at_checked(index).unwrap_or((&tail, ""));
                let rest: String = after.chars().skip(1).collect();
                format!("{before}{shaped}{rest}")
            })
        });
        match turned {
            Some(tail) => {
                self.letters.truncate(glide);
                self.letters.extend(tail.chars());
                true
            }
            None => false,
        }
    }

    fn finished(self) -> String {
        let typed: String = self.letters.into_iter().collect();
        // Typing programs complete ươ from either half once a letter follows.
        let mut toneless = typed.replace("ưo", "ươ");
        if !toneless.starts_with("qu") && !toneless.ends_with("uơ") {
            toneless = toneless.replace("uơ", "ươ");
        }
        with_tone(&toneless, self.tone.unwrap_or(Tone::Level))
    }
}

#[cfg(test)]
mod tests {
    use super::super::syllable::{split_tone, words};
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    /// Sixty goods of the province.
    const GOODS: &str = "Nhãn lồng Hương Chi, Nhãn Miền Thiết, Nhãn đường phèn, Vải trứng, Vải lai chín sớm, Ổi Bo, \
        Cam lòng vàng, Cam đường canh, Bưởi Diễn, Quất, Chuối tiêu hồng, Hồng xiêm, Táo ta, Dưa hấu, \
        Gạo nếp cái hoa vàng, Gạo Bắc thơm, Gạo tám thơm, Gạo ruộng rươi, Lạc nhân, Vừng đen, Đỗ xanh, \
        Đỗ đen xanh lòng, Ngô nếp, Khoai tây, Ớt chỉ thiên, Tỏi, Hành củ khô, Cà chua, Su hào, Bắp cải, \
        Rau muống, Rau cải ngọt, Rau ngót, Bí xanh, Bí đỏ, Dưa chuột, Mướp đắng, Khoai sọ, Bột sắn dây, \
        Nghệ củ tươi, Tinh bột nghệ, Hạt sen, Long nhãn, Trà hoa cúc chi, Nụ hòe khô, Gà Đông Tảo làm sẵn, \
        Trứng vịt biển, Trứng gà ta, Vịt biển làm sẵn, Ngao Tiền Hải, Tôm thẻ, Cá vược, Rươi, Mắm cáy, \
        Nước mắm cốt, Mật ong sú vẹt, Mật ong hoa nhãn, Tương nếp Bần, Miến dong, Bánh cáy làng Nguyễn";

    fn names() -> Vec<String> {
        GOODS.split(", ").map(|name| words(name).join(" ")).collect()
    }

    fn keys(word: &str, shape: fn(char) -> &'static str, tones: [&str; 6], late: bool) -> String {
        let (toneless, tone) = split_tone(word);
        let (mut out, mut marks) = (String::new(), String::new());
        for c in toneless.chars() {
            let base = c.nfd().next().expect("one");
            out.push(if c == 'đ' { 'd' } else { base });
            if late { marks.push_str(shape(c)) } else { out.push_str(shape(c)) }
        }
        let order = [Tone::Level, Tone::Falling, Tone::Asking, Tone::Tumbling, Tone::Rising, Tone::Heavy];
        let index = order.iter().position(|t| *t == tone).expect("listed");
        out + &marks.replace("77", "7") + tones[index]
    }

    fn telex_shape(c: char) -> &'static str {
        match c {
            'ă' | 'ơ' | 'ư' => "w",
            'â' => "a",
            'ê' => "e",
            'ô' => "o",
            'đ' => "d",
            _ => "",
        }
    }

    fn vni_shape(c: char) -> &'static str {
        match c {
            'â' | 'ê' | 'ô' => "6",
            'ơ' | 'ư' => "7",
            'ă' => "8",
            'đ' => "9",
            _ => "",
        }
    }

    fn raw(name: &str, word: impl Fn(&str) -> String) -> String {
        name.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    fn meant(typed: &str) -> String {
        decode(typed).unwrap_or_else(|| typed.to_owned())
    }

    #[test]
    fn every_name_typed_raw_is_understood() {
        let (telex_tones, vni_tones) = (["", "f", "r", "x", "s", "j"], ["", "2", "3", "4", "1", "5"]);
        let mut lost = Vec::new();
        for name in names() {
            for typed in [
                raw(&name, |word| keys(word, telex_shape, telex_tones, false)),
                raw(&name, |word| keys(word, vni_shape, vni_tones, false)),
                raw(&name, |word| keys(word, vni_shape, vni_tones, true)),
            ] {
                if meant(&typed) != name {
                    lost.push(format!("{typed} → {} not {name}", meant(&typed)));
                }
            }
        }
        assert!(lost.is_empty(), "{lost:#?}");
    }

    #[test]
    fn known_queries_are_understood() {
        for (typed, name) in [
            ("gaoj neeps", "gạo nếp"),
            ("ga5o ne61p", "gạo nếp"),
            ("oori bo", "ổi bo"),
            ("trwsng vịt", "trứng vịt"),
            ("GAOJ", "gạo"),
            ("nepes", "nếp"),
            ("dduwowngf", "đường"),
            ("duongwfd", "đường"),
            ("nuwocs mawms", "nước mắm"),
            ("nuocws", "nước"),
            ("ruowuj", "rượu"),
            ("quyts", "quýt"),
            ("hoaf", "hòa"),
            ("thuyr", "thủy"),
            ("khoai taay", "khoai tây"),
            ("d9a65u d9o64", "đậu đỗ"),
            ("nhaxn", "nhãn"),
            ("muwaf", "mừa"),
        ] {
            assert_eq!(decode(typed).as_deref(), Some(name), "{typed}");
        }
        assert_eq!(decode("quaar"), None, "quẩ is no syllable");
    }

    #[test]
    fn plain_and_foreign_words_stay() {
        for name in names() {
            let plain = super::super::fold::fold(&name);
            assert_eq!(decode(&plain), None, "{plain}");
            assert_eq!(decode(&name), None, "{name}");
        }
        for word in [
            "box", "mix", "kiwi", "beef", "gas", "xoong", "st25", "bt7", "cafe", "wifi", "pizza", "organic", "vietgap",
            "ocop", "gap", "kg", "500g", "b1", "x",
        ] {
            assert_eq!(decode(word), None, "{word}");
        }
    }

    proptest! {
        #[test]
        fn what_comes_out_can_exist(text in "[a-z0-9]{0,12}|\\PC{0,16}") {
            if let Some(word) = decode_word(&text) {
                prop_assert!(is_legal(&word), "{} → {}", text, word);
                prop_assert_eq!(decode_word(&word), None);
            }
        }
    }
}
