//! Finding a commune by what people type: today's name, a name from before 2025-07-01, an abolished district, with or without
//! marks, alone or as the end of an address, with commas or without. Knows only the table of the land; says by which old name it found something.

use super::{Commune, HOME_PROVINCE, LAND, read};
use crate::domain::text::fold::fold;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// More answers than a person reads.
const MOST: usize = 50;

/// How a name was met, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Today's name, letter by letter with its marks.
    Exact,
    /// Today's name but for marks and case.
    Folded,
    /// Today's name begins so.
    Prefix,
    /// A name from before: commune, ward, town or district.
    OldName,
    /// A later word of today's name begins so.
    Contains,
    /// An old name, or one of its words, begins so.
    OldContains,
}

/// One commune that was meant, perhaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub commune: &'static Commune,
    pub how: How,
    /// The old name it was found by: «Phường Đại Kim», «Huyện Kiến Xương»; none when today's name met.
    pub old_name: Option<&'static str>,
}

/// A name under which a commune can be found.
struct Entry {
    commune: usize,
    /// Without its kind, lower case with marks.
    lower: String,
    /// The same folded, with a space before every word.
    folded: String,
    /// Folded kind: `xa`, `phuong`, `huyen` …
    kind: String,
    old_name: Option<String>,
}

struct Index {
    entries: Vec<Entry>,
    /// Folded bare names of districts and provinces, old and new, of each commune: what may follow a comma.
    around: HashMap<usize, HashSet<String>>,
}

/// Kinds of units as people write them before a name, folded, with what they stand for.
const KINDS: [(&str, &str); 19] = [
    ("thi tran", "thi tran"),
    ("thanh pho", "thanh pho"),
    ("dac khu", "dac khu"),
    ("thi xa", "thi xa"),
    ("phuong", "phuong"),
    ("huyen", "huyen"),
    ("quan", "quan"),
    ("tinh", "tinh"),
    ("xa", "xa"),
    ("tp.", "thanh pho"),
    ("tp", "thanh pho"),
    ("tt.", "thi tran"),
    ("tx.", "thi xa"),
    ("p.", "phuong"),
    ("x.", "xa"),
    ("h.", "huyen"),
    ("q.", "quan"),
    ("p", "phuong"),
    ("t.", "tinh"),
];

static INDEX: LazyLock<Index> = LazyLock::new(build);

/// Takes the kind off a folded name: (`xa`, `tan hung`).
fn split_kind(folded: &str) -> Option<(&'static str, &str)> {
    KINDS.iter().find_map(|(word, kind)| {
        let rest = folded.strip_prefix(word)?;
        let apart = word.ends_with('.') || rest.starts_with(' ');
        let rest = rest.trim();
        (apart && !rest.is_empty()).then_some((*kind, rest))
    })
}

/// Folded, words parted by single spaces.
fn tidy(text: &str) -> String {
    fold(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The bare name of a unit with its marks: the kind's words taken off the front.
fn bare<'a>(name: &'a str, kind: &str) -> &'a str {
    let words = kind.split(' ').filter(|word| !word.is_empty()).count();
    (0..words).fold(name, |rest, _| rest.split_once(' ').map_or(rest, |(_, tail)| tail.trim_start()))
}

fn entry(commune: usize, name: &str, old_name: Option<String>) -> Entry {
    let all = tidy(name);
    let (kind, folded) = split_kind(&all).unwrap_or(("", all.as_str()));
    Entry {
        commune,
        lower: bare(name, kind).to_lowercase(),
        folded: format!(" {folded}"),
        kind: kind.to_owned(),
        old_name,
    }
}

fn build() -> Index {
    let districts = read::districts();
    let known_places = read::known_places();
    let mut entries = Vec::with_capacity(16_000);
    let mut around: HashMap<usize, HashSet<String>> = HashMap::new();
    for (at, commune) in LAND.communes.iter().enumerate() {
        let near = around.entry(at).or_default();
        let mut surround = |name: &str| {
            let folded = tidy(name);
            near.insert(split_kind(&folded).map_or(folded.as_str(), |(_, rest)| rest).to_owned());
        };
        surround(&commune.province_name);
        entries.push(entry(at, &commune.name, None));
        let mut named: HashSet<String> = HashSet::new();
        for district in districts.iter().filter(|district| district.holds(commune)) {
            surround(&district.district);
            surround(&district.old_province);
            if named.insert(district.district.to_lowercase()) {
                entries.push(entry(at, &district.district, Some(district.district.clone())));
            }
        }
        for place in known_places.iter().filter(|place| place.commune_code == commune.code) {
            // «Làng» and «phố» begin names of communes too, so they are no kinds: both spellings are entered.
            for spelling in [place.name.as_str(), bare(&place.name, "xa")] {
                entries.push(entry(at, spelling, Some(place.name.clone())));
            }
        }
        for unit in read::old_units(&commune.formed_from) {
            entries.push(entry(at, unit.name, Some(unit.name.to_owned())));
            let Some(district) = unit.district else { continue };
            surround(district);
            if named.insert(district.to_lowercase()) {
                entries.push(entry(at, district, Some(district.to_owned())));
            }
        }
    }
    Index { entries, around }
}

/// What was asked, in one reading of it.
struct Asked<'a> {
    lower: &'a str,
    folded: &'a str,
    kind: Option<&'a str>,
}

fn met(entry: &Entry, asked: &Asked<'_>) -> Option<How> {
    let name = entry.folded.get(1..)?;
    let old = entry.old_name.is_some();
    let how = if name == asked.folded {
        match (old, entry.lower == asked.lower) {
            (true, _) => How::OldName,
            (false, true) => How::Exact,
            (false, false) => How::Folded,
        }
    } else if name.starts_with(asked.folded) {
        if old { How::OldContains } else { How::Prefix }
    } else if asked.folded.len() >= 2
        && entry
            .folded
            .match_indices(asked.folded)
            .any(|(at, _)| at.checked_sub(1).and_then(|before| entry.folded.as_bytes().get(before)) == Some(&b' '))
    {
        if old { How::OldContains } else { How::Contains }
    } else {
        return None;
    };
    Some(how)
}

/// Lower is better: what surrounds it fits, the kind of unit fits a whole name, how it was met, the home province, the code.
type Rank<'a> = (Reverse<usize>, bool, How, bool, &'a str);

fn look(asked: &Asked<'_>, province: Option<&str>, context: &[String]) -> Vec<Found> {
    let mut best: HashMap<usize, (Rank<'static>, Found)> = HashMap::new();
    for entry in &INDEX.entries {
        let Some(commune) = LAND.communes.get(entry.commune) else { continue };
        if province.is_some_and(|code| code != commune.province_code) {
            continue;
        }
        let Some(how) = met(entry, asked) else { continue };
        let fits = INDEX
            .around
            .get(&entry.commune)
            .map_or(0, |near| context.iter().filter(|word| near.contains(*word)).count());
        let whole = matches!(how, How::Exact | How::Folded | How::OldName);
        let other_kind = !(whole && asked.kind == Some(entry.kind.as_str()));
        let rank = (Reverse(fits), other_kind, how, commune.province_code != HOME_PROVINCE, commune.code.as_str());
        let found = Found { commune, how, old_name: entry.old_name.as_deref() };
        let stands = best.entry(entry.commune).or_insert((rank, found));
        if rank < stands.0 {
            *stands = (rank, found);
        }
    }
    let mut ranked: Vec<_> = best.into_values().collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, found)| found).take(MOST).collect()
}

/// Communes that `text` may mean, best first, at most fifty. `text` is a name («Đại Kim», «quận Hoàng Mai», «dinh cong») or an
/// address whose parts stand between commas; what follows the name puts first the communes that lie there. `province` is a
/// province code and excludes all others. Repeated names give several answers, the home province's first.
pub fn search(text: &str, province: Option<&str>) -> Vec<Found> {
    // Some keyboards send marks as letters of their own.
    let text: String = text.nfc().collect();
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let tidied: Vec<String> = parts.iter().map(|part| tidy(part)).collect();
    let without_kind = |folded: &String| split_kind(folded).map_or(folded.as_str(), |(_, rest)| rest).to_owned();
    for (at, (part, folded)) in parts.iter().zip(&tidied).enumerate() {
        let context: Vec<String> = tidied.iter().skip(at.saturating_add(1)).map(without_kind).collect();
        let lower = part.to_lowercase();
        let as_typed = look(&Asked { lower: &lower, folded, kind: None }, province, &context);
        if !as_typed.is_empty() {
            return as_typed;
        }
        let Some((kind, rest)) = split_kind(folded) else { continue };
        let lower = without_kind_marked(&lower, rest);
        let by_kind = look(&Asked { lower, folded: rest, kind: Some(kind) }, province, &context);
        if !by_kind.is_empty() {
            return by_kind;
        }
    }
    parts.iter().find_map(|part| run_together(part, province)).unwrap_or_default()
}

/// A name and what it lies in without a comma between them: «tan hung hung yen», «đại kim hoàng mai hà nội». The longest name whose
/// rest surrounds it.
fn run_together(part: &str, province: Option<&str>) -> Option<Vec<Found>> {
    let lower = part.to_lowercase();
    let (words, marked): (Vec<String>, Vec<&str>) = lower.split_whitespace().map(|word| (fold(word), word)).unzip();
    (1..words.len()).rev().find_map(|cut| {
        let (name, rest) = (words.get(..cut)?.join(" "), words.get(cut..)?.join(" "));
        let marked = marked.get(..cut)?.join(" ");
        let (kind, folded) = split_kind(&name).map_or((None, name.as_str()), |(kind, bare)| (Some(kind), bare));
        let lower = if kind.is_some() { without_kind_marked(&marked, folded) } else { &marked };
        let mut found = look(&Asked { lower, folded, kind }, province, std::slice::from_ref(&rest));
        found.retain(|one| surrounds(&rest, one.commune));
        (!found.is_empty()).then_some(found)
    })
}

/// Whether a text ends in, and is nothing but, names of what a commune lies in, each with its kind or without.
fn surrounds(rest: &str, commune: &Commune) -> bool {
    let at = LAND.communes.iter().position(|known| known.code == commune.code);
    let Some(near) = at.and_then(|at| INDEX.around.get(&at)) else { return false };
    let rest = split_kind(rest).map_or(rest, |(_, bare)| bare);
    near.contains(rest)
        || near.iter().any(|name| {
            let after = rest.strip_prefix(name.as_str()).and_then(|after| after.strip_prefix(' '));
            after.is_some_and(|after| near.contains(split_kind(after).map_or(after, |(_, bare)| bare)))
        })
}

/// The names that lead to a commune besides its own: old communes, wards, towns, districts, villages known for their goods.
/// With their kinds, each once; none for an unknown code.
pub fn old_names(commune_code: &str) -> Vec<&'static str> {
    let Some(commune) = super::find(commune_code) else { return Vec::new() };
    let mut names: Vec<&'static str> = INDEX
        .entries
        .iter()
        .filter(|entry| LAND.communes.get(entry.commune) == Some(commune))
        .filter_map(|entry| entry.old_name.as_deref())
        .filter(|name| *name != commune.name)
        .collect();
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

/// The end of the marked text that folds to `rest`.
fn without_kind_marked<'a>(lower: &'a str, rest: &str) -> &'a str {
    lower
        .char_indices()
        .map(|(at, _)| lower.get(at..).unwrap_or(""))
        .find(|tail| tidy(tail) == rest)
        .map_or(lower, str::trim)
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
