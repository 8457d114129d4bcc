//! Runs of `id (2 digits) · length (2 digits, in characters) · value`. Knows the shape, no meaning.

use super::fault::{DecodeRefusal, Fault};

/// One object of a run. `at` is where its value begins, in characters from the start of the whole payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Object<'a> {
    pub id: &'a str,
    pub value: &'a str,
    pub at: usize,
}

/// All objects of a run that begins at character `start` of the payload. An id twice is refused: two readers could differ.
pub fn objects(text: &str, start: usize) -> Result<Vec<Object<'_>>, DecodeRefusal> {
    let mut found: Vec<Object<'_>> = Vec::new();
    let (mut rest, mut at) = (text, start);
    while !rest.is_empty() {
        let refuse = |fault| DecodeRefusal { fault, at };
        let (id, after_id) = split(rest, 2).ok_or_else(|| refuse(Fault::HeaderCut))?;
        let (length, after_length) = split(after_id, 2).ok_or_else(|| refuse(Fault::HeaderCut))?;
        if !digits(id) {
            return Err(refuse(Fault::IdNotDigits));
        }
        if found.iter().any(|object| object.id == id) {
            return Err(refuse(Fault::Twice(id.to_owned())));
        }
        let count: usize = if digits(length) { length.parse().unwrap_or(0) } else { 0 };
        let length_at = at.saturating_add(2);
        if count == 0 {
            return Err(DecodeRefusal { fault: Fault::BadLength, at: length_at });
        }
        let (value, after) = split(after_length, count).ok_or_else(|| DecodeRefusal {
            fault: Fault::RunsOut { declared: count, left: after_length.chars().count() },
            at: length_at,
        })?;
        let value_at = at.saturating_add(4);
        found.push(Object { id, value, at: value_at });
        (rest, at) = (after, value_at.saturating_add(count));
    }
    Ok(found)
}

/// The object with this id.
pub fn get<'a>(objects: &[Object<'a>], id: &str) -> Option<Object<'a>> {
    objects.iter().find(|object| object.id == id).copied()
}

/// One object as text. The caller keeps values within 1 to 99 ASCII characters.
pub fn object(id: &str, value: &str) -> String {
    format!("{id}{:02}{value}", value.len())
}

pub fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first `count` characters and the rest; none when there are fewer.
pub fn split(text: &str, count: usize) -> Option<(&str, &str)> {
    let end = text.char_indices().map(|(index, _)| index).chain([text.len()]).nth(count)?;
    text.split_at_checked(end)
}
