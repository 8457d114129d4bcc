//! The files that are part of the program: templates and texts, in every build; `DEV_DIR` reads them from disk instead.

use std::collections::BTreeMap;
use std::path::Path;

#[derive(rust_embed::RustEmbed)]
#[folder = "templates"]
struct Templates;

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/i18n"]
struct I18n;

/// Name and source of every template.
pub fn templates(dev_dir: Option<&Path>) -> Vec<(String, String)> {
    match dev_dir {
        Some(dir) => from_disk(&dir.join("templates"), "md"),
        None => embedded::<Templates>(),
    }
}

/// `vi/shop.ftl` → its source.
pub fn texts(dev_dir: Option<&Path>) -> BTreeMap<String, String> {
    match dev_dir {
        Some(dir) => from_disk(&dir.join("assets/i18n"), "md").into_iter().collect(),
        None => embedded::<I18n>().into_iter().collect(),
    }
}

fn embedded<E: rust_embed::RustEmbed>() -> Vec<(String, String)> {
    let mut files: Vec<_> = E::iter()
        .filter(|name| !name.ends_with(".md"))
        .filter_map(|name| {
            E::get(&name).map(|file| (name.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect();
    files.sort();
    files
}

fn from_disk(root: &Path, but_not: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|extension| extension != but_not)
                && let (Ok(name), Ok(source)) = (path.strip_prefix(root), std::fs::read_to_string(&path))
            {
                files.push((name.to_string_lossy().replace('\\', "/"), source));
            }
        }
    }
    files.sort();
    files
}
