//! The texts and templates hold together: both languages say the same, every key is there and used, words that are never
//! used do not occur, and nothing is unescaped by accident.

use super::texts::{KeyUse, key_uses, message_keys};
use super::{Views, embedded, filters};
use crate::domain::lang::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One file a room, and each key begins with its room.
const ROOMS: [&str; 25] = [
    "voucher",
    "pause",
    "way",
    "ui",
    "window",
    "shop",
    "farm",
    "office",
    "operator",
    "account",
    "trace",
    "mail",
    "refusal",
    "demo",
    "error",
    "bank",
    "buy",
    "statement",
    "door",
    "answer",
    "stock",
    "delivery",
    "claim",
    "review",
    "packing",
];

fn keys_of(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let files = embedded::texts(None).into_iter();
    let of_lang = files.filter_map(|(name, source)| Some((name.strip_prefix(&format!("{lang}/"))?.to_owned(), source)));
    of_lang.map(|(name, source)| (name, message_keys(&source).collect())).collect()
}

fn rust_sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new("src").to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("src").map(|entry| entry.expect("an entry").path()) {
            let name = entry.display().to_string();
            if entry.is_dir() {
                folders.push(entry);
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&entry).expect("text");
                found.push((name, text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()));
            }
        }
    }
    found
}

fn looks_like_a_key(text: &str) -> bool {
    let room = text.split('-').next().unwrap_or_default();
    text.contains('-')
        && ROOMS.contains(&room)
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
}

/// The keys that Rust code names: literals that begin with a room; `"error-{word}-title"` counts by its beginning.
fn keys_in_code() -> Vec<(String, KeyUse)> {
    let mut uses = Vec::new();
    for (file, text) in rust_sources() {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for literal in code.split('"') {
            let (start, is_open) = literal.split_once('{').map_or((literal, false), |(start, _)| (start, true));
            if looks_like_a_key(start) {
                let is_beginning = is_open || start.ends_with('-');
                let used = if is_beginning { KeyUse::Beginning(start.into()) } else { KeyUse::Whole(start.into()) };
                uses.push((file.clone(), used));
            }
        }
    }
    uses
}

fn all_uses() -> Vec<(String, KeyUse)> {
    let templates = embedded::templates(None);
    let in_templates = templates.iter().flat_map(|(name, source)| {
        let parts: Vec<&str> = source.split('"').collect();
        // A class is written like a key and is none.
        let literals = parts.windows(2).step_by(2).filter(|pair| !pair[0].ends_with("class="));
        let literals = literals.map(|pair| pair[1]).filter(|literal| looks_like_a_key(literal));
        let literals = literals.map(|literal| match literal.ends_with('-') {
            true => KeyUse::Beginning(literal.to_owned()),
            false => KeyUse::Whole(literal.to_owned()),
        });
        key_uses(source).into_iter().chain(literals.collect::<Vec<_>>()).map(|used| (name.clone(), used))
    });
    in_templates.chain(keys_in_code()).collect()
}

#[test]
fn both_languages_hold_the_same_keys_in_the_same_files() {
    let (vi, en) = (keys_of("vi"), keys_of("en"));
    assert_eq!(vi.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (file, keys) in &vi {
        assert_eq!(keys, &en[file], "{file}");
    }
}

#[test]
fn a_key_begins_with_its_room() {
    for (file, keys) in keys_of("vi") {
        let room = file.trim_end_matches(".ftl");
        assert!(ROOMS.contains(&room), "{room} is no room");
        for key in keys {
            assert!(key.starts_with(&format!("{room}-")), "{key} in {file}");
        }
    }
}

#[test]
fn both_languages_take_the_same_arguments() {
    let arguments = |lang: &str| -> BTreeMap<String, BTreeSet<String>> {
        let mut of_key: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, source) in embedded::texts(None).into_iter().filter(|(name, _)| name.starts_with(lang)) {
            let mut key = name;
            for line in source.lines() {
                if let Some(found) = message_keys(line).next() {
                    key = found;
                }
                let names = line.split("$").skip(1).map(|rest| {
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
                });
                of_key.entry(key.clone()).or_default().extend(names);
            }
        }
        of_key.retain(|key, _| !key.ends_with(".ftl"));
        of_key
    };
    let (vi, en) = (arguments("vi"), arguments("en"));
    let differ: Vec<_> = vi.iter().filter(|(key, names)| en.get(*key) != Some(names)).collect();
    // A count may be said in English only, where the word changes with it.
    let differ: Vec<_> = differ.into_iter().filter(|(key, names)| !names.is_subset(&en[*key])).collect();
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn every_key_that_is_used_exists_and_every_key_is_used() {
    let there: BTreeSet<String> = keys_of("vi").into_values().flatten().collect();
    let uses = all_uses();
    let missing: Vec<_> = uses
        .iter()
        .filter(|(_, used)| match used {
            KeyUse::Whole(key) => !there.contains(key),
            KeyUse::Beginning(start) => !there.iter().any(|key| key.starts_with(start)),
        })
        .collect();
    assert!(missing.is_empty(), "used but not there: {missing:#?}");
    let is_used = |key: &&String| {
        uses.iter().any(|(_, used)| match used {
            KeyUse::Whole(name) => name == *key,
            KeyUse::Beginning(start) => key.starts_with(start),
        })
    };
    let unused: Vec<_> = there.iter().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "there but not used: {unused:#?}");
}

#[test]
fn every_template_that_code_names_exists_and_every_page_is_named() {
    let there: BTreeSet<String> = embedded::templates(None).into_iter().map(|(name, _)| name).collect();
    let mut named = BTreeSet::new();
    for (file, text) in rust_sources() {
        for literal in text.split('"').filter(|literal| literal.ends_with(".html") && literal.len() > 5) {
            let is_path = literal.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-".contains(c));
            if is_path && !literal.starts_with('.') {
                assert!(there.contains(literal), "{literal} in {file}");
                named.insert(literal.to_owned());
            }
        }
    }
    // Parts are components that pages name without their file.
    let is_page = |name: &&String| {
        let is_parts = name.starts_with("ui/") || name.ends_with("/parts.html");
        name.ends_with(".html") && !is_parts && !name.starts_with("mail/") && *name != "layout.html"
    };
    let all: String = embedded::templates(None).into_iter().map(|(_, source)| source).collect();
    let orphans: Vec<_> = there
        .iter()
        .filter(is_page)
        .filter(|name| !named.contains(*name) && !all.contains(&format!("\"{name}\"")))
        .collect();
    assert!(orphans.is_empty(), "templates that nobody renders: {orphans:?}");
}

#[test]
fn only_plain_text_is_not_escaped() {
    let views = Views::load(assets(), None).expect("the views load");
    for (name, is_escaped) in views.escape_states() {
        let is_text = name.starts_with("mail/") && name.ends_with(".txt");
        assert_eq!(is_escaped, !is_text, "{name} is {}escaped", if is_escaped { "" } else { "not " });
    }
}

#[test]
fn a_hostile_value_cannot_become_markup() {
    let views = Views::load(assets(), None).expect("the views load");
    let mut context = tera_context();
    context.insert("title", "<script>alert('x')</script>\"'");
    let page = views.render("error.html", Lang::Vi, &context).expect("the page");
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(page.contains("&lt;script&gt;alert"), "{page}");
}

#[test]
fn no_template_holds_a_script_a_style_or_a_handler() {
    for (name, source) in embedded::templates(None) {
        let lower = source.to_lowercase();
        for inline in [" style=\"", " onclick", " onload", " onsubmit", " onchange", "javascript:", "<style"] {
            assert!(!lower.contains(inline) || name.starts_with("mail/"), "{name} holds {inline}");
        }
        for script in lower.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            let is_data = tag.contains("application/ld+json");
            assert!(tag.contains("src=") || is_data, "{name} holds an inline script");
        }
    }
}

/// Whole words and phrases that no Vietnamese text holds (the glossary's "never" and "no English and no jargon").
const NEVER: &[&str] = &[
    "anh/chị",
    "cô/chú",
    "quý khách",
    "ok",
    "submit",
    "có lỗi xảy ra",
    "webhook",
    "voucher",
    "slot",
    "stock",
    "qr code",
    "otp",
    "link",
    "upload",
    "draft",
    "tab",
    "refresh",
    "admin",
    "cộng tác viên",
    "tạm giữ",
    "niêm phong",
    "đình chỉ",
    "login",
    "email",
    "online",
    "shop",
    "checkout",
    "click",
];
/// «lô» alone also means a plot, and a lottery; officials and papers say «lô hàng».
const FARMERS: &[&str] = &[
    "voucher.ftl",
    "ui.ftl",
    "shop.ftl",
    "buy.ftl",
    "farm.ftl",
    "account.ftl",
    "door.ftl",
    "answer.ftl",
    "stock.ftl",
    "delivery.ftl",
    "claim.ftl",
    "review.ftl",
    "way.ftl",
    "pause.ftl",
    "packing.ftl",
    "window.ftl",
];

fn words(text: &str) -> String {
    let spaced: String =
        text.to_lowercase().chars().map(|c| if c.is_alphanumeric() || c == '/' { c } else { ' ' }).collect();
    format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Key and text of each line that people read, names of arguments taken out.
fn texts_of(source: &str) -> Vec<(String, String)> {
    let mut key = String::new();
    let mut texts = Vec::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        let text = match line.split_once('=') {
            Some((name, text)) if !line.starts_with(' ') => {
                key = name.trim().to_owned();
                text
            }
            _ => line,
        };
        let mut plain = String::new();
        let mut depth = 0_u32;
        for letter in text.chars() {
            match letter {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                other if depth == 0 => plain.push(other),
                _ => {}
            }
        }
        texts.push((key.clone(), plain));
    }
    texts
}

#[test]
fn no_vietnamese_text_holds_a_word_that_is_never_used() {
    let mut found = Vec::new();
    for (name, source) in embedded::texts(None).into_iter().filter(|(name, _)| name.starts_with("vi/")) {
        for (key, text) in texts_of(&source) {
            let said = words(&text);
            found.extend(
                NEVER.iter().filter(|word| said.contains(&format!(" {word} "))).map(|word| format!("{key}: {word}")),
            );
            let bare_lot = said.contains(" lô ") && !said.contains(" lô hàng ");
            if FARMERS.iter().any(|room| name.ends_with(room)) && bare_lot {
                found.push(format!("{key}: lô"));
            }
            if said == " xác nhận " {
                found.push(format!("{key}: xác nhận alone"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn texts_are_in_nfc() {
    use unicode_normalization::is_nfc;
    for (name, source) in embedded::texts(None).into_iter().chain(embedded::templates(None)) {
        assert!(is_nfc(&source), "{name}");
    }
}

fn assets() -> super::AssetNames {
    // Names only matter where a page is really served; here each is its own address.
    let named = embedded::templates(None).into_iter().flat_map(|(_, source)| {
        let names: Vec<String> = source
            .split("asset(name=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next().map(str::to_owned))
            .collect();
        names
    });
    std::sync::Arc::new(named.chain(["img/icons.svg".to_owned()]).map(|name| (name.clone(), name)).collect())
}

fn tera_context() -> super::Context {
    let fill = serde_json::json!({
        "path": "/", "area": "shop", "demo": false, "help_phone": "", "me": null, "csrf": "",
        "title": "", "text": "", "problems": [], "request_id": "", "is_ours": true,
    });
    super::Context::from_serialize(&fill).expect("a context")
}

#[test]
fn values_are_written_as_people_read_them() {
    use filters::{base_quantity, day_said, money, phone};
    assert_eq!(money(25_000, Lang::Vi), "25.000\u{a0}₫");
    assert_eq!(money(25_000, Lang::En), "25,000\u{a0}₫");
    let said = |base, unit| base_quantity(base, unit, Lang::Vi).expect("a unit");
    assert_eq!(said(1_500, "g"), "1,5\u{a0}kg");
    assert_eq!(said(1_860, "g"), "1,86\u{a0}kg");
    assert_eq!(said(400, "g"), "400\u{a0}g");
    assert_eq!(said(1_200_000, "g"), "1,2\u{a0}tấn");
    assert_eq!(said(12, "piece"), "12");
    assert!(base_quantity(1, "kg", Lang::Vi).is_err());
    let day = "2026-11-25".parse().expect("a day");
    assert_eq!(day_said(day, Lang::Vi, false), "thứ Tư 25/11");
    assert_eq!(day_said(day, Lang::En, true), "Wed 25 Nov 2026");
    assert_eq!(phone("+84912345678"), "0912 345 678");
}
