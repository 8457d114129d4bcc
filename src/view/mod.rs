//! Floor 2: what people read. Templates (tera 2) and texts (Fluent), embedded in the program. A template, filter or key
//! that is not there fails when the program starts. Knows no database and no request.

mod embedded;
mod error;
pub mod filters;
pub mod texts;

use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use texts::{Args, Texts};

pub use error::ViewError;
pub use filters::AssetNames;
pub use tera::Context;

struct Loaded {
    tera: tera::Tera,
    texts: Arc<Texts>,
}

/// All templates and texts. Cheap to clone.
#[derive(Clone)]
pub struct Views {
    loaded: Arc<Loaded>,
    /// For those who work on templates: read again from here at each page.
    dev_dir: Option<PathBuf>,
    assets: AssetNames,
}

impl Views {
    /// Loads and checks everything.
    pub fn load(assets: AssetNames, dev_dir: Option<PathBuf>) -> Result<Self, ViewError> {
        let loaded = Arc::new(Loaded::read(&assets, dev_dir.as_deref())?);
        Ok(Self { loaded, dev_dir, assets })
    }

    fn now(&self) -> Result<Arc<Loaded>, ViewError> {
        match &self.dev_dir {
            Some(dir) => Loaded::read(&self.assets, Some(dir)).map(Arc::new),
            None => Ok(Arc::clone(&self.loaded)),
        }
    }

    /// Whether somebody is at work on the templates, so that no page may be kept.
    pub fn is_in_work(&self) -> bool {
        self.dev_dir.is_some()
    }

    /// A template filled in. `lang` is put into the context.
    pub fn render(&self, template: &str, lang: Lang, context: &Context) -> Result<String, ViewError> {
        let loaded = self.now()?;
        let mut context = context.clone();
        context.insert("lang", lang.as_text());
        loaded.tera.render(template, &context).map_err(|error| broken(template, &error))
    }

    /// One text without arguments.
    pub fn say(&self, lang: Lang, key: &str) -> String {
        self.say_with(lang, key, &Args::new())
    }

    /// One text with arguments.
    pub fn say_with(&self, lang: Lang, key: &str, args: &Args<'_>) -> String {
        self.loaded.texts.say(lang, key, args)
    }

    /// The sentence of a refusal.
    pub fn refusal(&self, lang: Lang, refusal: &Refusal) -> String {
        let mut args = Args::new();
        for (name, value) in &refusal.args {
            args.set(name.as_str(), value.as_str());
        }
        self.say_with(lang, &refusal.key, &args)
    }

    /// Each template with whether its values are escaped, by name.
    pub fn escape_states(&self) -> BTreeMap<String, bool> {
        self.loaded.tera.get_template_names().map(|name| (name.to_owned(), is_escaped(name))).collect()
    }
}

/// tera escapes by this suffix alone.
fn is_escaped(name: &str) -> bool {
    [".html", ".htm", ".xml"].iter().any(|suffix| name.ends_with(suffix))
}

fn broken(name: &str, error: &tera::Error) -> ViewError {
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        reason = format!("{reason}: {inner}");
        cause = inner.source();
    }
    ViewError::Template { name: name.to_owned(), reason }
}

impl Loaded {
    fn read(assets: &AssetNames, dev_dir: Option<&Path>) -> Result<Self, ViewError> {
        let texts = Arc::new(Texts::read(&embedded::texts(dev_dir))?);
        let templates = embedded::templates(dev_dir);
        for (name, source) in &templates {
            for key in texts::whole_keys(source) {
                if let Some(lang) = Lang::ALL.iter().find(|lang| !texts.has(**lang, &key)) {
                    return Err(ViewError::NoSuchText { template: name.clone(), key, lang: *lang });
                }
            }
        }
        let mut tera = tera::Tera::new();
        filters::register(&mut tera, Arc::clone(&texts), Arc::clone(assets));
        tera.add_raw_templates(templates).map_err(|error| broken("(while loading)", &error))?;
        Ok(Self { tera, texts })
    }
}

#[cfg(test)]
mod tests;
