//! Texts in two languages: one Fluent bundle each, made of one file a room. Knows which key a template names.

use super::error::ViewError;
use crate::domain::lang::Lang;
use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use std::collections::{BTreeMap, BTreeSet};

pub use fluent_bundle::FluentArgs as Args;

type Bundle = FluentBundle<FluentResource>;

/// Both languages.
pub struct Texts {
    vi: Bundle,
    en: Bundle,
    keys: BTreeMap<Lang, BTreeSet<String>>,
}

fn bundle(lang: Lang) -> Bundle {
    // The two tags are well formed; the default (`und`) would only mean plain plural rules.
    let id: unic_langid::LanguageIdentifier = lang.as_text().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Isolation marks would stand invisibly in prices and in copied memos.
    bundle.set_use_isolating(false);
    bundle
}

impl Texts {
    /// From files named `vi/shop.ftl`; a file that does not parse or a key that stands twice is an error.
    pub fn read(files: &BTreeMap<String, String>) -> Result<Self, ViewError> {
        let (mut vi, mut en) = (bundle(Lang::Vi), bundle(Lang::En));
        let mut keys: BTreeMap<Lang, BTreeSet<String>> = BTreeMap::new();
        for (name, source) in files {
            let (folder, _file) = name.split_once('/').unwrap_or((name, ""));
            let Ok(lang) = folder.parse::<Lang>() else { continue };
            let resource = FluentResource::try_new(source.clone())
                .map_err(|(_resource, errors)| ViewError::Texts(format!("{name}: {errors:?}")))?;
            keys.entry(lang).or_default().extend(message_keys(source));
            let into = if lang == Lang::Vi { &mut vi } else { &mut en };
            into.add_resource(resource).map_err(|errors| ViewError::Texts(format!("{name}: {errors:?}")))?;
        }
        Ok(Self { vi, en, keys })
    }

    fn of(&self, lang: Lang) -> &Bundle {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }

    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.of(lang).has_message(key)
    }

    /// Every key of a language.
    pub fn keys(&self, lang: Lang) -> impl Iterator<Item = &str> {
        self.keys.get(&lang).into_iter().flatten().map(String::as_str)
    }

    /// The text of a key. A key that is missing is said as itself, and told to the log.
    pub fn say(&self, lang: Lang, key: &str, args: &Args<'_>) -> String {
        let bundle = self.of(lang);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, lang = lang.as_text(), "a text is missing");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, lang = lang.as_text(), ?errors, "a text could not be filled in");
        }
        text
    }
}

/// The keys that a file defines: what stands at the beginning of a line before `=`.
pub fn message_keys(source: &str) -> impl Iterator<Item = String> {
    source
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('=').map(|(key, _text)| key.trim().to_owned()))
}

/// How a template names a text: whole, or by a beginning to which it adds a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyUse {
    Whole(String),
    Beginning(String),
}

/// Every `t(key="…")` of a template.
pub fn key_uses(template: &str) -> Vec<KeyUse> {
    template
        .split("t(key=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(key, after)| {
            if after.trim_start().starts_with('~') {
                KeyUse::Beginning(key.to_owned())
            } else {
                KeyUse::Whole(key.to_owned())
            }
        })
        .collect()
}

/// Those named whole.
pub fn whole_keys(template: &str) -> impl Iterator<Item = String> {
    key_uses(template).into_iter().filter_map(|used| match used {
        KeyUse::Whole(key) => Some(key),
        KeyUse::Beginning(_) => None,
    })
}
