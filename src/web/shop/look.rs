//! What the pages of the market share: values as their reader writes them, addresses of pictures, cards of goods.

use super::super::error::WebError;
use super::super::lang::lang_of;
use super::super::site::Site;
use crate::domain::commune::{self, Commune};
use crate::domain::lang::Lang;
use crate::domain::product::{CertificateKind, PictureKind};
use crate::domain::quantity::{Base, BaseUnit, Quantity};
use crate::domain::stock::StockWord;
use crate::domain::time::{At, Day};
use crate::service::browsing::{Arrival, Card, Certificate, Picture};
use crate::view::filters;
use crate::view::texts::Args;
use actix_web::HttpRequest;
use serde::Serialize;

/// Papers that a card shows, the ones that shoppers look for.
const ON_CARDS: [CertificateKind; 5] = [
    CertificateKind::Ocop,
    CertificateKind::Organic,
    CertificateKind::Globalgap,
    CertificateKind::Vietgap,
    CertificateKind::GeographicalIndication,
];
const MOST_ON_CARD: usize = 2;

/// Who reads a page, and when.
pub struct Reader<'a> {
    pub site: &'a Site,
    pub lang: Lang,
    pub now: At,
}

/// One argument of a text.
pub type Arg = (&'static str, String);

impl<'a> Reader<'a> {
    pub fn of(req: &'a HttpRequest) -> Result<Self, WebError> {
        let site = Site::of(req)?;
        Ok(Self { site, lang: lang_of(req), now: site.kit.now() })
    }

    pub fn say(&self, key: &str) -> String {
        self.site.kit.views.say(self.lang, key)
    }

    pub fn with(&self, key: &str, pairs: &[Arg]) -> String {
        let mut args = Args::new();
        for (name, value) in pairs {
            args.set(*name, value.as_str());
        }
        self.site.kit.views.say_with(self.lang, key, &args)
    }

    pub fn money(&self, vnd: i64) -> String {
        filters::money(vnd, self.lang)
    }

    pub fn day(&self, day: Day) -> String {
        filters::day_said(day, self.lang, false)
    }

    /// «hôm nay», «hôm qua», else the day with its date.
    pub fn past_day(&self, day: Day) -> String {
        match self.now.day().days_since(day) {
            0 => self.with("shop-day-today", &[("day", self.day(day))]),
            1 => self.with("shop-day-yesterday", &[("day", self.day(day))]),
            _ => filters::day_said(day, self.lang, day.year() != self.now.day().year()),
        }
    }

    /// «khoảng 20/7»: a harvest is no appointment.
    pub fn about(&self, day: Day) -> String {
        let date = match self.lang {
            Lang::Vi => format!("{}/{}", day.day_of_month(), day.month()),
            Lang::En => self.day(day),
        };
        let year = if day.year() == self.now.day().year() { String::new() } else { format!("/{}", day.year()) };
        let date = if self.lang == Lang::Vi { format!("{date}{year}") } else { date };
        self.with("shop-about-day", &[("day", date)])
    }

    /// An amount of goods in base units: «42 kg», «30 quả» for pieces.
    pub fn base(&self, base: Base, unit: BaseUnit, piece: &str) -> String {
        let said = filters::base_quantity(base.0, unit.as_text(), self.lang).unwrap_or_else(|_| base.0.to_string());
        if unit == BaseUnit::Piece && !piece.is_empty() { format!("{said}\u{a0}{piece}") } else { said }
    }

    /// A sale quantity without its unit: «1,5».
    pub fn quantity(&self, quantity: Quantity) -> String {
        match self.lang {
            Lang::Vi => quantity.said(),
            Lang::En => quantity.decimal(),
        }
    }

    /// «17 giờ mai», «17:30 thứ Tư 25/11».
    pub fn cutoff(&self, at: At) -> String {
        let minute = at.minute_of_day().rem_euclid(60);
        let time = match (self.lang, minute) {
            (Lang::Vi, 0) => self.with("shop-hour", &[("hour", at.minute_of_day().div_euclid(60).to_string())]),
            _ => filters::at_said(at, self.lang, true),
        };
        match at.day().days_since(self.now.day()) {
            0 => self.with("shop-cutoff-today", &[("time", time)]),
            1 => self.with("shop-cutoff-tomorrow", &[("time", time)]),
            _ => self.with("shop-cutoff-day", &[("time", time), ("day", self.day(at.day()))]),
        }
    }

    /// «giao thứ Tư 25/11, phí 25.000 ₫, chốt 17 giờ mai» without its first word, which the card has.
    pub fn arrival(&self, arrival: &Arrival) -> String {
        self.with(
            "shop-arrival",
            &[
                ("day", self.day(arrival.day)),
                ("fee", self.fee(arrival.way.fee_vnd.vnd())),
                ("cutoff", self.cutoff(arrival.cutoff)),
            ],
        )
    }

    pub fn fee(&self, vnd: i64) -> String {
        if vnd == 0 { self.say("shop-fee-none") } else { self.with("shop-fee", &[("fee", self.money(vnd))]) }
    }

    /// The address of a picture `px` wide (a drawing has one size for all).
    pub fn picture(&self, picture: &Picture, px: u32) -> Option<String> {
        match picture.kind {
            PictureKind::Photo => Some(photo_address(&picture.media_key, px)),
            PictureKind::Drawing => self.drawing(&picture.media_key),
        }
    }

    /// The address of an embedded drawing by its name, with or without its folder.
    fn drawing(&self, name: &str) -> Option<String> {
        let names = self.site.assets.names();
        let found = ["", "img/", "img/goods/", "img/scenes/"].iter().find_map(|folder| {
            names.get(&format!("{folder}{name}")).or_else(|| names.get(&format!("{folder}{name}.svg"))).cloned()
        });
        if found.is_none() {
            tracing::warn!(name, "no such drawing");
        }
        found
    }

    /// A cover: a drawing's name, else a photo's key.
    pub fn cover(&self, name: &str) -> Option<String> {
        let is_photo = name.len() > 30 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_photo { Some(photo_address(name, 1280)) } else { self.drawing(name) }
    }

    /// «OCOP 4 sao», «VietGAP».
    pub fn paper(&self, paper: &Certificate) -> String {
        match (paper.kind, paper.grade) {
            (CertificateKind::Ocop, Some(stars)) => self.with("shop-paper-ocop-stars", &[("stars", stars.to_string())]),
            (kind, _) => self.say(&format!("shop-paper-{kind}")),
        }
    }

    fn papers_on_card(&self, card: &Card) -> Vec<String> {
        let of = |kind: &CertificateKind| card.certificates.iter().find(|paper| paper.kind == *kind);
        ON_CARDS.iter().filter_map(of).take(MOST_ON_CARD).map(|paper| self.paper(paper)).collect()
    }

    /// Cards as `ui.product_card` shows them; goods without an offer are not for sale yet.
    pub fn cards(&self, cards: &[Card], to: Option<&Commune>) -> Vec<CardLook> {
        cards.iter().filter_map(|card| self.card(card, to)).collect()
    }

    fn card(&self, card: &Card, to: Option<&Commune>) -> Option<CardLook> {
        let offer = card.offer.as_ref()?;
        let commune = commune::find(&card.cooperative.commune_code).map(lower_kind);
        Some(CardLook {
            href: address(&format!("/san-pham/{}", card.product.slug), to),
            slug: card.product.slug.clone(),
            name: card.product.name.clone(),
            cooperative: card.cooperative.name.clone(),
            commune,
            price_vnd: offer.price_vnd.vnd(),
            unit: offer.unit.clone(),
            image_url: card.picture.as_ref().and_then(|picture| self.picture(picture, 320)),
            stock: self.stock(card),
            deliver_on: card.arrives.as_ref().map(|arrival| self.arrival(arrival)),
            next_harvest: card.product.next_harvest_day.map(|day| self.about(day)),
            certificates: self.papers_on_card(card),
        })
    }

    /// The word of the card's corner.
    pub fn stock(&self, card: &Card) -> &'static str {
        match card.stock {
            StockWord::InStock => "in",
            StockWord::FewLeft => "few",
            StockWord::SoldOut if card.preorder.is_some() => "preorder",
            StockWord::SoldOut if card.is_season_over(self.now.day()) => "season_over",
            StockWord::SoldOut => "out",
        }
    }
}

fn photo_address(key: &str, px: u32) -> String {
    format!("/media/{key}-{px}.webp")
}

/// «xã Tân Hưng»: as a name stands inside a line.
fn lower_kind(commune: &Commune) -> String {
    format!("{} {}", commune.kind.to_lowercase(), commune.bare_name())
}

/// A page's address with the place that goods go to, when there is one.
pub fn address(path: &str, to: Option<&Commune>) -> String {
    match to {
        Some(commune) => format!("{path}?xa={}", commune.code),
        None => path.to_owned(),
    }
}

/// When the first of some cards is no longer true.
pub fn until<'c>(cards: impl IntoIterator<Item = &'c Card>, now: At) -> At {
    let midnight = now.day().plus_days(1).at_minute(0);
    cards.into_iter().map(|card| card.until).min().unwrap_or(midnight)
}

/// One product in a list.
#[derive(Debug, Clone, Serialize)]
pub struct CardLook {
    pub href: String,
    pub slug: String,
    pub name: String,
    pub cooperative: String,
    pub commune: Option<String>,
    pub price_vnd: i64,
    pub unit: String,
    pub image_url: Option<String>,
    pub stock: &'static str,
    pub deliver_on: Option<String>,
    pub next_harvest: Option<String>,
    pub certificates: Vec<String>,
}

/// Where goods go, and the way to say otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct To {
    pub name: Option<String>,
    pub choose: String,
}

impl To {
    /// `back`: this page's address without `xa`.
    pub fn new(to: Option<&Commune>, back: &str) -> Self {
        let back = data_encoding::BASE64URL_NOPAD.encode(back.as_bytes());
        Self { name: to.map(|commune| commune.name.clone()), choose: format!("/giao-den?ve={back}") }
    }
}

/// The mark of a cooperative: two letters of its name and a colour of its own.
#[derive(Debug, Clone, Serialize)]
pub struct Mark {
    pub letters: String,
    pub hue: u32,
}

impl Mark {
    pub fn of(cooperative: &crate::service::browsing::Cooperative) -> Self {
        let names: Vec<&str> = cooperative.name.split_whitespace().filter(|word| *word != "HTX").collect();
        // The last two words are mostly the place, which tells cooperatives apart.
        let from = names.len().saturating_sub(2);
        let letters =
            names.iter().skip(from).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect();
        Self { letters, hue: super::super::page::hue(cooperative.id.as_text()).div_euclid(30) }
    }
}
