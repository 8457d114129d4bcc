//! A business "no": the id of a sentence with its arguments. The sentence itself is a translation's matter.

use std::collections::BTreeMap;

/// Why something cannot be done, for people: `key` names a Fluent message in `assets/i18n/*/refusal.ftl`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Refusal {
    pub key: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
    /// Which field or line it is about: `buyer.phone`, `lines[2].quantity`; empty for the whole request.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
}

impl Refusal {
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: BTreeMap::new(), field: String::new() }
    }

    /// The same with one argument more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// The same about one field.
    #[must_use]
    pub fn about(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
}
