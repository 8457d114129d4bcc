//! Vietnamese syllables: which ones can exist, their tone, where it is written, and where a run without spaces comes apart.
//! Knows spelling, no meaning.

use super::fold::fold;
use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// The six tones, in the order of dictionaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tone {
    /// ngang
    Level,
    /// huyền
    Falling,
    /// hỏi
    Asking,
    /// ngã
    Tumbling,
    /// sắc
    Rising,
    /// nặng
    Heavy,
}

impl Tone {
    /// The tone of a combining mark.
    const fn of_mark(mark: char) -> Option<Tone> {
        match mark {
            '\u{300}' => Some(Tone::Falling),
            '\u{309}' => Some(Tone::Asking),
            '\u{303}' => Some(Tone::Tumbling),
            '\u{301}' => Some(Tone::Rising),
            '\u{323}' => Some(Tone::Heavy),
            _ => None,
        }
    }

    const fn mark(self) -> Option<char> {
        match self {
            Tone::Level => None,
            Tone::Falling => Some('\u{300}'),
            Tone::Asking => Some('\u{309}'),
            Tone::Tumbling => Some('\u{303}'),
            Tone::Rising => Some('\u{301}'),
            Tone::Heavy => Some('\u{323}'),
        }
    }
}

const ONSETS: &str = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph r s t th tr v x";

/// Rimes without tone. «oong» is left to the one word that needs it («xoong»): else «hoongf» would never be read as hồng.
const RIMES: &str = "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu \
    o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt \
    uơ uy uya uych uynh uyt uyu uyên uyêt uyp uân uâng uât uây uê uêch uênh ư ưa ưc ưi ưng ưt ưu \
    ươc ươi ươm ươn ương ươp ươt ươu y";

const QU_RIMES: &str = "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăt ân ât âu ây e en eo et ê ên ênh êch êt ôc y yt ynh yên yêt ych ơ i it in anh";

const Y_ALONE: &str = "yêm yên yêng yêt yêu";

/// Every syllable that spelling allows, without tones.
static TONELESS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut all: HashSet<String> =
        RIMES.split_whitespace().chain(Y_ALONE.split_whitespace()).map(str::to_owned).collect();
    for onset in ONSETS.split_whitespace() {
        all.extend(RIMES.split_whitespace().filter(|rime| may_meet(onset, rime)).map(|rime| format!("{onset}{rime}")));
    }
    all.extend(QU_RIMES.split_whitespace().map(|rime| format!("qu{rime}")));
    all.insert("xoong".to_owned());
    all
});

/// The same without any marks.
static UNACCENTED: LazyLock<HashSet<String>> =
    LazyLock::new(|| TONELESS.iter().map(|syllable| fold(syllable)).collect());

/// Before e, ê, i, y one writes k, gh, ngh; before other vowels c, g, ng. «gi» never doubles its i.
fn may_meet(onset: &str, rime: &str) -> bool {
    let front = rime.starts_with(['e', 'ê', 'i', 'y']);
    match onset {
        "k" | "gh" | "ngh" => front,
        "c" | "ng" => !front,
        // gì, gìn, giêng are written g + i….
        "g" => !rime.starts_with(['e', 'ê', 'y']),
        "gi" => !rime.starts_with(['i', 'y']),
        _ => true,
    }
}

/// The syllable in lower case and NFC without its tone, and the tone. Letters like ă, ê, ơ, đ stay.
pub fn split_tone(word: &str) -> (String, Tone) {
    let mut tone = Tone::Level;
    let toneless = word
        .nfd()
        .filter(|c| Tone::of_mark(*c).inspect(|found| tone = *found).is_none())
        .nfc()
        .flat_map(char::to_lowercase)
        .collect();
    (toneless, tone)
}

/// The syllable with its tone written where Vietnamese writes it (hòa, thủy, toàn, khuỷu, nước).
pub fn with_tone(toneless: &str, tone: Tone) -> String {
    let (Some(mark), Some(place)) = (tone.mark(), tone_place(toneless)) else { return toneless.to_owned() };
    let marked = toneless.chars().enumerate().flat_map(|(index, c)| [Some(c), (index == place).then_some(mark)]);
    marked.flatten().collect::<String>().nfc().collect()
}

const fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'o' | 'ô' | 'ơ' | 'u' | 'ư' | 'y')
}

/// Which character carries the tone: a shaped vowel, the last one of several; else by the length of the vowel group.
fn tone_place(toneless: &str) -> Option<usize> {
    let chars: Vec<char> = toneless.chars().collect();
    let glide = match chars.as_slice() {
        ['q', 'u', next, ..] if is_vowel(*next) => 2,
        ['g', 'i', next, ..] if is_vowel(*next) => 2,
        _ => 0,
    };
    let start = chars.iter().enumerate().position(|(index, c)| index >= glide && is_vowel(*c))?;
    let group: Vec<char> = chars.iter().skip(start).take_while(|c| is_vowel(**c)).copied().collect();
    if let Some(shaped) = group.iter().rposition(|c| !c.is_ascii()) {
        return Some(start.saturating_add(shaped));
    }
    let closed = chars.len() > start.saturating_add(group.len());
    let inside = match (group.len(), closed) {
        (0 | 1, _) => 0,
        (count, true) => count.saturating_sub(1),
        (2, false) => 0,
        (_, false) => 1,
    };
    Some(start.saturating_add(inside))
}

/// Whether a word with its marks is a syllable that can exist. Stops (c, ch, p, t) carry only the rising or the heavy tone.
pub fn is_legal(word: &str) -> bool {
    let (toneless, tone) = split_tone(word);
    let stopped = toneless.ends_with(['c', 'p', 't']) || toneless.ends_with("ch");
    TONELESS.contains(&toneless) && (!stopped || matches!(tone, Tone::Rising | Tone::Heavy))
}

/// Whether a word without any marks is what is left of some syllable.
pub fn is_legal_unaccented(word: &str) -> bool {
    UNACCENTED.contains(word)
}

/// Words of a text in lower case and NFC: runs of letters and digits.
pub fn words(text: &str) -> Vec<String> {
    let lower: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A run without spaces as the fewest syllables of at least two letters: `caibap` → cai bap. None when it is one already or does
/// not come apart.
pub fn split_run(run: &str) -> Option<Vec<String>> {
    if run.is_empty() || !run.is_ascii() || run.len() > 24 || is_legal_unaccented(run) {
        return None;
    }
    // best[i]: the fewest syllables that make up the first i letters.
    let mut best: Vec<Option<Vec<&str>>> = vec![Some(Vec::new())];
    for end in 1..=run.len() {
        let mut found: Option<Vec<&str>> = None;
        for start in end.saturating_sub(7)..end.saturating_sub(1) {
            let (Some(Some(before)), Some(piece)) = (best.get(start), run.get(start..end)) else { continue };
            let shorter = found.as_ref().is_none_or(|so_far| before.len().saturating_add(1) < so_far.len());
            if shorter && is_legal_unaccented(piece) {
                found = Some(before.iter().copied().chain([piece]).collect());
            }
        }
        best.push(found);
    }
    let whole = best.pop().flatten()?;
    Some(whole.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn syllables_that_exist_are_legal() {
        for word in "nhãn lồng hương chi miền thiết đường phèn vải trứng chín sớm ổi bo cam vàng bưởi diễn quất chuối tiêu hồng xiêm \
            gạo nếp cái hoa bắc thơm tám ruộng rươi lạc vừng đỗ xanh ngô khoai tây ớt thiên tỏi hành củ khô su hào bắp cải rau muống ngót bí \
            dưa chuột mướp đắng sọ bột sắn dây nghệ tươi tinh hạt sen trà cúc nụ hòe gà đông tảo làm sẵn trứng vịt biển ngao tiền hải tôm thẻ cá vược mắm \
            cáy nước cốt mật ong sú vẹt tương bần miến dong bánh làng nguyễn quýt quả quế quốc gì giêng giết nghiêng khuỷu huỳnh quỳnh thuyền yến yêu ngoằn \
            ngoèo xoong uy tín kỹ nghêu ghẹ"
            .split_whitespace()
        {
            assert!(is_legal(word), "{word}");
            assert!(is_legal_unaccented(&fold(word)), "{word}");
            let (toneless, tone) = split_tone(word);
            assert_eq!(with_tone(&toneless, tone), word);
        }
    }

    #[test]
    fn spellings_that_cannot_exist_are_not() {
        for word in [
            "gaoj", "neeps", "kiwi", "beef", "box", "ce", "ka", "ngi", "cat", "mạch ", "st25", "", "giia", "qa", "đx",
            "hoong", "trwsng",
        ] {
            assert!(!is_legal(word), "{word}");
        }
    }

    #[test]
    fn a_run_comes_apart_into_syllables() {
        assert_eq!(split_run("caibap"), Some(vec!["cai".to_owned(), "bap".to_owned()]));
        assert_eq!(split_run("gaonep").map(|s| s.join(" ")).as_deref(), Some("gao nep"));
        assert_eq!(split_run("nhanlonghungyen").map(|s| s.join(" ")).as_deref(), Some("nhan long hung yen"));
        for run in ["toan", "gaoj", "st25", "xyz", "", "đậu"] {
            assert_eq!(split_run(run), None, "{run}");
        }
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words("Gạo ST25 – 1,5kg (cà-phê)"), ["gạo", "st25", "1", "5kg", "cà", "phê"]);
        assert_eq!(words("Ga\u{323}o"), ["gạo"]);
    }

    proptest! {
        #[test]
        fn a_tone_taken_off_can_be_put_back(index in any::<prop::sample::Index>(), tone in prop::sample::select(vec![Tone::Level, Tone::Falling, Tone::Asking, Tone::Tumbling, Tone::Rising, Tone::Heavy])) {
            let mut all: Vec<&String> = TONELESS.iter().collect();
            all.sort();
            let syllable = all[index.index(all.len())];
            prop_assert_eq!(split_tone(&with_tone(syllable, tone)), (syllable.clone(), tone));
        }

        #[test]
        fn any_text_is_split_without_harm(text in "\\PC{0,30}|[a-z]{0,30}") {
            let _ = (words(&text), split_tone(&text), is_legal(&text));
            if let Some(pieces) = split_run(&text) {
                prop_assert_eq!(pieces.concat(), text);
            }
        }
    }
}
