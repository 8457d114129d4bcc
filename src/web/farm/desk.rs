//! What all pages of this door share: fields as typed, words with arguments, the line after an act, figures made ready to read.

use crate::domain::id::{PictureId, ProductId};
use crate::domain::lang::Lang;
use crate::domain::money::{Money, grouped, read_money};
use crate::domain::quantity::{Base, BaseUnit};
use crate::domain::refusal::Refusal;
use crate::domain::text::words::{price_words, quantity_words};
use crate::domain::time::{At, Day, NotATime};
use crate::domain::typed::read_base;
use crate::service::goods_view::Picture;
use crate::view::filters;
use crate::view::texts::Args;
use crate::web::error::{Fault, WebError};
use crate::web::form::{Form, Query};
use crate::web::lang::lang_of;
use crate::web::shop::look::Reader;
use crate::web::site::Site;
use actix_web::HttpRequest;
use std::collections::BTreeMap;

/// The fields of a form as they were typed; one that stands several times has several values.
#[derive(Debug, Clone, Default)]
pub struct Typed(BTreeMap<String, Vec<String>>);

/// A form whose fields are read by name.
pub type Fields = Form<Vec<(String, String)>>;
/// A query read by name.
pub type Asked = Query<Vec<(String, String)>>;

impl Typed {
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value);
        }
        Self(fields)
    }

    /// The value of a field, trimmed; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.get(name).into_iter().flatten().map(String::as_str).collect()
    }

    /// Fields of one kind, `part[HT…]`: what stands in the brackets, and the value.
    pub fn under(&self, kind: &str) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(move |(name, values)| {
            let inner = name.strip_prefix(kind)?.strip_prefix('[')?.strip_suffix(']')?;
            Some((inner, values.first().map_or("", |value| value.trim())))
        })
    }

    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    pub fn put(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), vec![value.to_owned()]);
    }

    /// For a template: each field's first value. Never the token.
    pub fn shown(&self) -> BTreeMap<&str, &str> {
        self.0.keys().filter(|name| *name != "csrf").map(|name| (name.as_str(), self.get(name))).collect()
    }
}

/// A text with its arguments in the language of a request.
pub fn words(req: &HttpRequest, key: &str, args: &[(&str, &str)]) -> String {
    let mut filled = Args::new();
    for (name, value) in args {
        filled.set((*name).to_owned(), (*value).to_owned());
    }
    Site::of(req).map_or_else(|_no_site| key.to_owned(), |site| site.kit.views.say_with(lang_of(req), key, &filled))
}

/// The same with a whole number that may change the words.
pub fn counted(req: &HttpRequest, key: &str, count: i64) -> String {
    let mut filled = Args::new();
    filled.set("count", count);
    Site::of(req).map_or_else(|_no_site| key.to_owned(), |site| site.kit.views.say_with(lang_of(req), key, &filled))
}

/// What was done, as the address after an act says it: `?da=nhan`. Unknown words say nothing.
pub fn flash(req: &HttpRequest, asked: &Asked) -> Option<String> {
    const DONE: [&str; 45] = [
        "lam-ma",
        "ngung-ma",
        "lay-ve",
        "xoa-ghi-nhan",
        "xe",
        "nhan",
        "doi",
        "tu-choi",
        "can",
        "dong",
        "gui",
        "giao",
        "tien",
        "tien-mat",
        "bo-tien",
        "luu",
        "dang-ban",
        "an-di",
        "gia",
        "dot",
        "kho",
        "khoan",
        "nhan-tin",
        "nguoi",
        "khoa",
        "bo-qua",
        "dua-lai",
        "quy-tac",
        "bo-quy-tac",
        "khoa-so",
        "de-nghi-doi",
        "dong-y-doi",
        "tu-choi-doi",
        "rut-doi",
        "dung-doi",
        "bu",
        "dot-khac",
        "danh-gia",
        "bao-hang-tra",
        "bao-hang-tu-choi",
        "bao-hang-xin-anh",
        "bao-hang-khong-tra",
        "mo-ban",
        "hai",
        "mat-mua",
    ];
    let word = asked.0.iter().find(|(name, _)| name == "da").map(|(_, value)| value.as_str())?;
    DONE.contains(&word).then(|| words(req, &format!("farm-done-{word}"), &[]))
}

/// The value of a query field.
pub fn asked_for<'a>(asked: &'a Asked, name: &str) -> &'a str {
    asked.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
}

/// Which page of a list; the first when it cannot be read.
pub fn page_number(asked: &Asked) -> i64 {
    asked_for(asked, "trang").parse().unwrap_or(1)
}

/// Refusals of what was typed, as an error that a form can be shown with.
pub fn refused(refusals: Vec<Refusal>) -> WebError {
    WebError { refusals, ..WebError::new(Fault::Refused) }
}

/// An amount of goods from a field.
pub fn amount_of(typed: &Typed, field: &str, unit: BaseUnit) -> Result<Base, Refusal> {
    let unreadable = |_| Refusal::new("refusal-amount").with("typed", typed.get(field)).about(field);
    read_base(typed.get(field), unit).map_err(unreadable)
}

/// A sum of money from a field.
pub fn money_of(typed: &Typed, field: &str) -> Result<Money, Refusal> {
    read_money(typed.get(field)).map_err(|_not_money| Refusal::new("refusal-price").about(field))
}

/// A sum as it stands in a field: `125.000`.
pub fn money_typed(amount: Money) -> String {
    grouped(amount.vnd())
}

/// `1,86 kg` in the reader's language.
pub fn amount_said(req: &HttpRequest, base: Base, unit: BaseUnit) -> String {
    filters::base_quantity(base.0, unit.as_text(), lang_of(req)).unwrap_or_else(|_unknown| base.said(unit))
}

/// «một cân tám lạng 60 gam», for those who read Vietnamese; the echo of a figure.
pub fn amount_echo(req: &HttpRequest, base: Base, unit: BaseUnit) -> String {
    if lang_of(req) == Lang::Vi { quantity_words(base, unit) } else { String::new() }
}

/// «hai mươi lăm nghìn một cân».
pub fn price_echo(req: &HttpRequest, price: Money, unit: &str) -> String {
    if lang_of(req) == Lang::Vi { price_words(price, unit) } else { String::new() }
}

/// The word of a base unit in a field: kg, lít, nothing for pieces.
pub const fn field_unit(unit: BaseUnit) -> &'static str {
    match unit {
        BaseUnit::Gram => "kg",
        BaseUnit::Millilitre => "lít",
        BaseUnit::Piece => "",
    }
}

/// How a line that was not weighed stands in a form.
const UNWEIGHED: &str = "-";

/// A weight as a form carries what its page showed.
pub fn shown_weight(weighed: Option<Base>) -> String {
    weighed.map_or_else(|| UNWEIGHED.to_owned(), |base| base.0.to_string())
}

/// What a page showed as a weight; the outer none: it did not say.
pub fn seen_weight(typed: &str) -> Option<Option<Base>> {
    match typed {
        "" => None,
        UNWEIGHED => Some(None),
        figure => figure.parse().ok().map(|figure| Some(Base(figure))),
    }
}

/// An instant with its day.
pub fn at_said(req: &HttpRequest, at: At) -> String {
    filters::at_said(at, lang_of(req), false)
}

/// The address of a product among the seller's.
pub fn goods_url(id: &ProductId) -> String {
    format!("/ban-hang/hang/{id}")
}

/// The id in an address.
pub fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, WebError> {
    text.parse().map_err(|_not_one| WebError::not_found())
}

/// The address of a picture, small: a kept photo, or a drawing embedded in the program.
pub fn picture_url(req: &HttpRequest, picture: &Picture) -> Option<String> {
    Reader::of(req).ok()?.picture(picture, 320)
}

/// How long until an instant, in words: «còn 2 giờ 10 phút»; none when it has passed.
pub fn left(req: &HttpRequest, now: At, until: At) -> Option<String> {
    let minutes = until.seconds_since(now).div_euclid(60);
    if minutes < 0 {
        return None;
    }
    let (hours, rest) = (minutes.div_euclid(60).to_string(), minutes.rem_euclid(60).to_string());
    Some(match minutes {
        0..60 => words(req, "farm-left-minutes", &[("minutes", &rest)]),
        _ => words(req, "farm-left-hours", &[("hours", &hours), ("minutes", &rest)]),
    })
}

/// The id of a picture that was sent before and comes along again.
pub fn picture_of(typed: &Typed) -> Option<PictureId> {
    typed.get("picture").parse().ok()
}

/// A day from a field; none when it was left empty.
pub fn day_of(typed: &Typed, field: &str) -> Result<Option<Day>, NotATime> {
    let text = typed.get(field);
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}

/// Minutes of the day of `07:30`, `7:30`, `7h30`, `7`.
pub fn minutes_of(typed: &Typed, field: &str) -> Result<i64, Refusal> {
    let no = || Refusal::new("refusal-slot-hours").about(field);
    let text = typed.get(field).replace(['h', 'g', '.'], ":");
    let (hour, minute) = text.split_once(':').unwrap_or((text.as_str(), ""));
    let hour: i64 = hour.trim().parse().map_err(|_no_hour| no())?;
    let minute: i64 = if minute.trim().is_empty() { 0 } else { minute.trim().parse().map_err(|_no_minute| no())? };
    let of_day = hour.saturating_mul(60).saturating_add(minute);
    let is_one = hour >= 0 && (0..60).contains(&minute) && of_day <= 24 * 60;
    if is_one { Ok(of_day) } else { Err(no()) }
}
