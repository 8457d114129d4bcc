//! The house stands: an import points down, never up or sideways, and the files of a room form no circle: in every folder,
//! files and folders counted as one each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Room → floor. Rooms of one floor never import each other.
const FLOORS: &[(&str, u8)] = &[
    ("domain", 1),
    ("config", 1),
    ("failpoint", 1),
    ("store", 2),
    ("gateway", 2),
    ("view", 2),
    ("service", 3),
    ("web", 4),
    ("worker", 4),
    ("app", 5),
    ("demo", 5),
    ("command", 6),
    ("main", 7),
];
/// What lies below and is not for them all the same: a page never asks the store.
const NEVER: &[(&str, &str)] = &[("web", "store")];

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// A source file: its module path (`store::conn::query`) and its text without comments.
struct Source {
    module: Vec<String>,
    is_folder: bool,
    text: String,
}

fn sources(folder: &Path, module: &[String], into: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("src").map(|entry| entry.expect("a file").path()) {
        let stem = entry.file_stem().expect("a name").to_string_lossy().into_owned();
        if entry.is_dir() {
            sources(&entry, &[module, &[stem]].concat(), into);
        } else if entry.extension().is_some_and(|extension| extension == "rs") && !(module.is_empty() && stem == "lib")
        {
            let text = std::fs::read_to_string(&entry).expect("text");
            let text: Vec<_> = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect();
            let is_folder = stem == "mod";
            let module = if is_folder { module.to_vec() } else { [module, &[stem]].concat() };
            into.push(Source { module, is_folder, text: text.join("\n") });
        }
    }
}

/// The paths that begin at `text`, braces spelled out: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    walk(text, &mut Vec::new(), &mut found);
    found
}

fn walk<'t>(mut text: &'t str, before: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'t str {
    let depth = before.len();
    loop {
        text = text.trim_start();
        let length = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        let (name, rest) = text.split_at(length);
        if name.is_empty() {
            break;
        }
        before.push(name.to_owned());
        text = rest;
        let Some(rest) = text.strip_prefix("::") else { break };
        text = rest.trim_start();
        if let Some(mut inner) = text.strip_prefix('{') {
            loop {
                inner = inner.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
                if let Some(after) = inner.strip_prefix('}') {
                    before.truncate(depth);
                    return after;
                }
                let left = walk(inner, before, found);
                if left.len() == inner.len() {
                    break;
                }
                inner = left.split_once([',', '}']).map_or("", |(skipped, _)| &left[skipped.len()..]);
            }
            break;
        }
    }
    found.push(before.clone());
    before.truncate(depth);
    text
}

/// Every path that begins with `start`, wherever it stands.
fn paths_from(text: &str, start: &str) -> Vec<Vec<String>> {
    text.match_indices(start)
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
        .flat_map(|(at, _)| paths(&text[at..]))
        .collect()
}

/// What is wrong with a room's imports, in words.
fn wrong_arrows(source: &Source) -> Vec<String> {
    let room = source.module[0].as_str();
    let Some(own) = floor(room) else { return vec![format!("{room} is no room of the house")] };
    let start = if room == "main" { "ganh::" } else { "crate::" };
    let mut wrong = Vec::new();
    for path in paths_from(&source.text, start) {
        let Some(target) = path.get(1).map(String::as_str).filter(|target| *target != room) else { continue };
        let Some(other) = floor(target) else { continue };
        if other >= own || NEVER.contains(&(room, target)) {
            wrong.push(format!("{} ({own}) imports {} ({other})", source.module.join("::"), path[1..].join("::")));
        }
    }
    wrong
}

/// The files that `source` takes something from, its own tests aside.
fn uses(source: &Source, files: &BTreeMap<Vec<String>, &Source>) -> BTreeSet<Vec<String>> {
    let text = source.text.split("#[cfg(test)]").next().unwrap_or("");
    let mut absolute: Vec<Vec<String>> = Vec::new();
    absolute.extend(paths_from(text, "crate::").into_iter().map(|path| path[1..].to_vec()));
    for path in paths_from(text, "super::") {
        let up = path.iter().take_while(|part| *part == "super").count();
        let base = &source.module[..source.module.len().saturating_sub(up)];
        absolute.push([base, &path[up..]].concat());
    }
    for path in paths_from(text, "self::") {
        absolute.push([&source.module, &path[1..]].concat());
    }
    for at in text.match_indices("use ").map(|(at, _)| at + 4) {
        for path in paths(&text[at..]) {
            let child = [&source.module, &path[..]].concat();
            let direct = child.get(..source.module.len() + 1);
            if source.is_folder && direct.is_some_and(|child| files.contains_key(child)) {
                absolute.push(child);
            }
        }
    }
    absolute.iter().filter_map(|path| owner(path, files)).filter(|file| *file != source.module).collect()
}

/// The file in which a path ends: the longest prefix that is one.
fn owner(path: &[String], files: &BTreeMap<Vec<String>, &Source>) -> Option<Vec<String>> {
    (1..=path.len()).rev().map(|length| path[..length].to_vec()).find(|prefix| files.contains_key(prefix))
}

/// One arrow between two things of the same folder: a folder counts as one file to those beside it, and its `mod.rs`,
/// which holds what its files share, counts as the folder itself.
fn between_neighbours(from: &[String], to: &[String]) -> Option<(Vec<String>, Vec<String>)> {
    let same = from.iter().zip(to).take_while(|(one, other)| one == other).count();
    let (one, other) = (from.get(..=same)?, to.get(..=same)?);
    Some((one.to_vec(), other.to_vec()))
}

/// The circles among these files.
fn circles(all: &[Source]) -> Vec<String> {
    let files: BTreeMap<Vec<String>, &Source> = all.iter().map(|source| (source.module.clone(), source)).collect();
    let mut arrows: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for source in all {
        for used in uses(source, &files) {
            if let Some((from, to)) = between_neighbours(&source.module, &used) {
                arrows.entry(from).or_default().insert(to);
            }
        }
    }
    let mut done = BTreeSet::new();
    arrows.keys().filter_map(|file| circle(file, &arrows, &mut Vec::new(), &mut done)).collect()
}

/// A circle that is met from `at` on, if there is one.
fn circle(
    at: &[String],
    arrows: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
    way: &mut Vec<Vec<String>>,
    done: &mut BTreeSet<Vec<String>>,
) -> Option<String> {
    if let Some(first) = way.iter().position(|file| file == at) {
        let names: Vec<_> = way[first..].iter().map(|file| file.join("::")).collect();
        return Some(format!("{} → {}", names.join(" → "), at.join("::")));
    }
    if !done.insert(at.to_vec()) {
        return None;
    }
    way.push(at.to_vec());
    let found = arrows.get(at).into_iter().flatten().find_map(|next| circle(next, arrows, way, done));
    way.pop();
    found
}

fn all_sources() -> Vec<Source> {
    let mut all = Vec::new();
    sources(Path::new("src"), &[], &mut all);
    all
}

#[test]
fn an_import_points_down() {
    let wrong: Vec<_> = all_sources().iter().flat_map(wrong_arrows).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_files_of_a_room_form_no_circle() {
    let circles = circles(&all_sources());
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn the_reader_of_imports_finds_what_is_wrong() {
    let source = |module: &str, text: &str| Source {
        module: module.split("::").map(str::to_owned).collect(),
        is_folder: false,
        text: text.to_owned(),
    };
    let refused = [
        ("domain::a", "use crate::store::Conn;"),
        ("domain::a", "fn f() { crate::config::read() }"),
        ("store::a", "use crate::{domain::money::Money, gateway::mail};"),
        ("store::a", "use crate::{\n    domain::{a, b},\n    service::{c::D},\n};"),
        ("web::a", "use crate::store::Db;"),
        ("demo", "use crate::app::App;"),
    ];
    for (module, text) in refused {
        assert_eq!(wrong_arrows(&source(module, text)).len(), 1, "{module}: {text}");
    }
    let fine = [
        ("store::a", "use crate::domain::{money::Money, time::At};\nuse super::conn::Conn;"),
        ("web::a", "use crate::{service::kit::Kit, domain::id::OrderId};"),
        ("main", "use ganh::app; use ganh::config::Config;"),
    ];
    for (module, text) in fine {
        assert_eq!(wrong_arrows(&source(module, text)), Vec::<String>::new(), "{module}: {text}");
    }
    let one = || source("store::one", "use super::two::X;");
    let round = [one(), source("store::two", "use crate::store::{a::B, one::Y};")];
    assert_eq!(circles(&round).len(), 1);
    let shared = [source("store::two", "mod inner; use inner::X;"), source("store::two::inner", "use super::Y;")];
    assert_eq!(circles(&shared), Vec::<String>::new(), "a folder and its own file are one");
    let round_by_folder = [
        source("store::one", "use super::two::inner::X;"),
        source("store::two", ""),
        source("store::two::inner", "use crate::store::one::Y;"),
    ];
    assert_eq!(circles(&round_by_folder).len(), 1);
}
