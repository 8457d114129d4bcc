//! How values are written for people: `money`, `base(unit)`, `quantity`, `day`, `at`, `phone`, `code`; and the functions
//! `t(key=…)` and `asset(name=…)`. A filter takes the language from the page's `lang`.

use super::texts::{Args, Texts};
use crate::domain::code;
use crate::domain::lang::Lang;
use crate::domain::money::grouped;
use crate::domain::time::{At, Day};
use chrono::Weekday;
use fluent_bundle::FluentValue;
use std::collections::HashMap;
use std::sync::Arc;
use tera::{Error, Kwargs, State, TeraResult, Value};

/// The address of each asset by its name: `app.css` → `/assets/app.4c1f….css`.
pub type AssetNames = Arc<HashMap<String, String>>;

pub fn register(tera: &mut tera::Tera, texts: Arc<Texts>, assets: AssetNames) {
    tera.register_filter("money", |vnd: i64, _: Kwargs, state: &State| money(vnd, lang_of(state)));
    tera.register_filter("base", |base: i64, kwargs: Kwargs, state: &State| -> TeraResult<String> {
        base_quantity(base, kwargs.must_get::<&str>("unit")?, lang_of(state))
    });
    tera.register_filter("quantity", |value: Value, _: Kwargs, state: &State| quantity(&value, lang_of(state)));
    tera.register_filter("day", |text: &str, kwargs: Kwargs, state: &State| -> TeraResult<String> {
        let with_year = kwargs.get::<bool>("year")?.unwrap_or(false);
        text.parse().map(|day| day_said(day, lang_of(state), with_year)).map_err(|_not_a_day| no("day", text))
    });
    tera.register_filter("at", |text: &str, kwargs: Kwargs, state: &State| -> TeraResult<String> {
        let only_time = kwargs.get::<bool>("only_time")?.unwrap_or(false);
        text.parse().map(|at| at_said(at, lang_of(state), only_time)).map_err(|_not_a_time| no("at", text))
    });
    tera.register_filter("phone", |text: &str, _: Kwargs, _: &State| phone(text));
    tera.register_filter("code", |text: &str, _: Kwargs, _: &State| code::grouped(text));
    tera.register_function("t", move |kwargs: Kwargs, state: &State| -> TeraResult<String> {
        let key = kwargs.must_get::<&str>("key")?;
        let lang = lang_of(state);
        if !texts.has(lang, key) {
            return Err(Error::message(format!("there is no text {key:?} in {lang}")));
        }
        Ok(texts.say(lang, key, &args_of(&kwargs)))
    });
    tera.register_function("asset", move |kwargs: Kwargs, _: &State| -> TeraResult<String> {
        let name = kwargs.must_get::<&str>("name")?;
        assets.get(name).cloned().ok_or_else(|| Error::message(format!("there is no asset {name:?}")))
    });
}

fn no(filter: &str, text: &str) -> Error {
    Error::message(format!("{text:?} cannot be written by the filter {filter}"))
}

fn lang_of(state: &State) -> Lang {
    state.get::<String>("lang").ok().flatten().and_then(|text| text.parse().ok()).unwrap_or(Lang::Vi)
}

fn args_of(kwargs: &Kwargs) -> Args<'static> {
    let mut args = Args::new();
    for (name, value) in kwargs.iter() {
        let Some(name) = name.as_str().filter(|name| *name != "key") else { continue };
        let value: FluentValue<'static> = match (value.as_i64(), value.as_f64()) {
            (Some(whole), _) => whole.into(),
            (None, Some(float)) => float.into(),
            _ => value.to_string().into(),
        };
        args.set(name.to_owned(), value);
    }
    args
}

/// `25.000 ₫` · `25,000 ₫`
pub fn money(vnd: i64, lang: Lang) -> String {
    format!("{}\u{a0}₫", whole(vnd, lang))
}

fn whole(value: i64, lang: Lang) -> String {
    match lang {
        Lang::Vi => grouped(value),
        Lang::En => grouped(value).replace('.', ","),
    }
}

/// Thousandths as a decimal with its mark and without zeros behind: 1500 → `1,5`.
fn thousandths(value: i64, lang: Lang) -> String {
    let (head, tail) = (value.div_euclid(1000), value.rem_euclid(1000));
    let head = whole(head, lang);
    if tail == 0 {
        return head;
    }
    let mark = if lang == Lang::Vi { ',' } else { '.' };
    format!("{head}{mark}{}", format!("{tail:03}").trim_end_matches('0'))
}

/// Base units as people say them: 1500 g → `1,5 kg`, 400 g → `400 g`, 1200000 g → `1,2 tấn`.
pub fn base_quantity(base: i64, unit: &str, lang: Lang) -> TeraResult<String> {
    let said = match (unit, base.unsigned_abs()) {
        ("g", 1_000_000..) => {
            format!("{}\u{a0}{}", thousandths(base.div_euclid(1000), lang), if lang == Lang::Vi { "tấn" } else { "t" })
        }
        ("g", 1000..) => format!("{}\u{a0}kg", thousandths(base, lang)),
        ("g", _) => format!("{}\u{a0}g", whole(base, lang)),
        ("ml", 1000..) => {
            format!("{}\u{a0}{}", thousandths(base, lang), if lang == Lang::Vi { "lít" } else { "l" })
        }
        ("ml", _) => format!("{}\u{a0}ml", whole(base, lang)),
        ("piece", _) => whole(base, lang),
        _ => return Err(no("base", unit)),
    };
    Ok(said)
}

/// Thousandths of a sale unit, or the decimal string that an interface gives.
fn quantity(value: &Value, lang: Lang) -> TeraResult<String> {
    match (value.as_i64(), value.as_str()) {
        (Some(number), _) => Ok(thousandths(number, lang)),
        (None, Some(text)) if lang == Lang::Vi => Ok(text.replace('.', ",")),
        (None, Some(text)) => Ok(text.to_owned()),
        _ => Err(no("quantity", &value.to_string())),
    }
}

/// `thứ Tư 25/11` · `Wed 25 Nov`
pub fn day_said(day: Day, lang: Lang, with_year: bool) -> String {
    let name = weekday(day.weekday(), lang);
    let (date, year) = (day.day_of_month(), day.year());
    match lang {
        Lang::Vi if with_year => format!("{name} {date}/{}/{year}", day.month()),
        Lang::Vi => format!("{name} {date}/{}", day.month()),
        Lang::En if with_year => format!("{name} {date} {} {year}", month_en(day.month())),
        Lang::En => format!("{name} {date} {}", month_en(day.month())),
    }
}

/// `16:30 thứ Tư 25/11`
pub fn at_said(at: At, lang: Lang, only_time: bool) -> String {
    let time = at.local().format("%H:%M");
    if only_time { time.to_string() } else { format!("{time} {}", day_said(at.day(), lang, false)) }
}

fn weekday(day: Weekday, lang: Lang) -> &'static str {
    match (lang, day) {
        (Lang::Vi, Weekday::Mon) => "thứ Hai",
        (Lang::Vi, Weekday::Tue) => "thứ Ba",
        (Lang::Vi, Weekday::Wed) => "thứ Tư",
        (Lang::Vi, Weekday::Thu) => "thứ Năm",
        (Lang::Vi, Weekday::Fri) => "thứ Sáu",
        (Lang::Vi, Weekday::Sat) => "thứ Bảy",
        (Lang::Vi, Weekday::Sun) => "Chủ nhật",
        (Lang::En, Weekday::Mon) => "Mon",
        (Lang::En, Weekday::Tue) => "Tue",
        (Lang::En, Weekday::Wed) => "Wed",
        (Lang::En, Weekday::Thu) => "Thu",
        (Lang::En, Weekday::Fri) => "Fri",
        (Lang::En, Weekday::Sat) => "Sat",
        (Lang::En, Weekday::Sun) => "Sun",
    }
}

fn month_en(month: u32) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(month).ok().and_then(|month| NAMES.get(month.saturating_sub(1))).copied().unwrap_or("")
}

/// E.164 as it is dialled and read in Vietnam: `+84912345678` → `0912 345 678`.
pub fn phone(text: &str) -> String {
    let local = text.strip_prefix("+84").map_or_else(|| text.to_owned(), |rest| format!("0{rest}"));
    let mut out = String::new();
    for (index, digit) in local.chars().enumerate() {
        if index == 4 || index == 7 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}
