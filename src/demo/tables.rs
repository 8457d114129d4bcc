//! The tables of the demonstration province, read from the embedded CSV files under `assets/data/demo`.
//! Knows no clock, no database and no rule of the market: rows as they are written, with their keys checked by the tests.

use super::season::Seasons;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use std::sync::LazyLock;

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $row:ty, $file:literal) => {
        $(#[$doc])*
        pub fn $name() -> &'static [$row] {
            static ROWS: LazyLock<Vec<$row>> =
                LazyLock::new(|| rows(include_str!(concat!("../../assets/data/demo/", $file))));
            &ROWS
        }
    };
}

table!(/** The nine shelves of the market, in their order. */ categories, Category, "categories.csv");
table!(/** The sixty goods. */ goods, Goods, "goods.csv");
table!(/** Varieties, grades and by-products of the goods. */ variants, Variant, "variants.csv");
table!(/** Packs in which goods are sold. */ offers, Offer, "offers.csv");
table!(/** The forty-eight cooperatives. */ cooperatives, Cooperative, "cooperatives.csv");
table!(/** What leads the front page in which month. */ leads, Lead, "calendar.csv");
table!(/** People by role and calling. */ people, Person, "people.csv");
table!(/** Where past orders went. */ destinations, Destination, "destinations.csv");
table!(/** Ways in which goods travel. */ ways, Way, "delivery.csv");
table!(/** Certificates and the like. */ papers, Paper, "papers.csv");

table!(/** Words that the generator writes into the data. */ texts, Text, "texts.csv");

/// Drawings of the goods, those of by-products without a number.
pub fn drawings() -> &'static [Drawing] {
    static ROWS: LazyLock<Vec<Drawing>> = LazyLock::new(|| rows(include_str!("../../assets/img/goods/index.csv")));
    &ROWS
}

/// One of the texts, with `{name}` replaced by its value.
pub fn text(key: &str, values: &[(&str, &str)]) -> String {
    let found = texts().iter().find(|text| text.key == key).map_or(key, |text| text.text.as_str());
    values.iter().fold(found.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// Rows that cannot be read are left out; the tests count them.
fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().filter_map(Result::ok).collect()
}

/// A shelf of the market.
#[derive(Debug, Clone, Deserialize)]
pub struct Category {
    pub slug: String,
    pub name_vi: String,
    pub name_en: String,
}

/// What is counted beneath every pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BaseUnit {
    G,
    Ml,
    Piece,
}

/// In what shape goods travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    Fresh,
    Dry,
    Bottled,
    Eggs,
    Chilled,
    Frozen,
    Live,
}

/// One of the sixty goods of the province.
#[derive(Debug, Clone, Deserialize)]
pub struct Goods {
    pub number: u32,
    pub name: String,
    pub slug: String,
    /// Words that mean the same in both directions.
    #[serde(deserialize_with = "by_semicolon")]
    pub synonyms_both: Vec<String>,
    /// Words that lead to these goods, but not back.
    #[serde(deserialize_with = "by_semicolon")]
    pub synonyms_one_way: Vec<String>,
    pub category: String,
    pub base_unit: BaseUnit,
    /// The range of prices for `price_base` base units, in đồng.
    pub price_low_vnd: i64,
    pub price_high_vnd: i64,
    pub price_base: i64,
    /// When it is on sale; empty = all year.
    pub season: Seasons,
    /// When most of it comes («rộ vụ»), cheapest in the middle.
    pub peak: Seasons,
    /// Price in the twenty days before Tết, in percent of the season's.
    pub tet_percent: i64,
    /// One picking, one batch, one net, in base units.
    pub lot_low_base: i64,
    pub lot_high_base: i64,
    /// Days from the date to «dùng trước».
    pub keeps_days: i64,
    /// More than zero: sold by true weight, within so many percent of what was ordered.
    pub tolerance_percent: i64,
    pub form: Form,
    /// A protected name (geographical indication, collective or certification mark) that needs a paper; often none.
    pub mark: Option<String>,
    /// How a lot is called: «đợt hái», «mẻ», «con nước».
    pub lot_word: String,
    pub description: String,
}

/// A variety, a grade or a by-product: with its cooperative it is one product. Empty columns are as the goods'.
#[derive(Debug, Clone, Deserialize)]
pub struct Variant {
    pub goods: u32,
    pub position: u32,
    pub name: String,
    pub slug: String,
    pub price_percent: i64,
    /// 1 loại một, 2 loại hai, 3 loại dạt.
    pub grade: Option<u8>,
    pub category: Option<String>,
    pub form: Option<Form>,
    /// `all` = all year, for a by-product of seasonal goods.
    pub season: Option<Seasons>,
    pub keeps_days: Option<i64>,
    /// Lots in percent of the goods' lots.
    pub lot_percent: i64,
    pub description: Option<String>,
}

/// A pack: «túi 1 kg», «thùng 5 kg», «chục 10 bắp».
#[derive(Debug, Clone, Deserialize)]
pub struct Offer {
    pub goods: u32,
    /// Only for that variant; empty = for all that have none of their own.
    pub variant: Option<u32>,
    pub position: u32,
    pub label: String,
    /// The word a price stands beside: «25.000 ₫/túi».
    pub sale_unit: String,
    /// Base units in one sale unit.
    pub base_quantity: i64,
    /// «khoảng»: the pack's content is not exact.
    #[serde(deserialize_with = "zero_or_one")]
    pub about: bool,
    /// Price in percent of the pure price by base units.
    pub price_percent: i64,
    pub min_thousandths: i64,
    pub step_thousandths: i64,
}

/// Whether and when a cooperative's shop is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopState {
    Open,
    /// Closed while none of its fresh goods is in season.
    Seasonal,
    /// New, awaiting the operator's approval.
    Pending,
}

/// What there is to say about a receiving account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    Own,
    /// In a person's name; the market must say so.
    Personal,
    /// Replaced last month; both secrets are alive.
    Replaced,
}

/// Why a cooperative lists and never sells (scene 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsold {
    NoDelivery,
    NoPhoto,
    DoublePrice,
}

/// An invented cooperative in a real commune.
#[derive(Debug, Clone, Deserialize)]
pub struct Cooperative {
    pub number: u32,
    pub commune_code: String,
    pub name: String,
    pub slug: String,
    /// Numbers of its goods, the leading one first.
    #[serde(deserialize_with = "by_space")]
    pub goods: Vec<u32>,
    /// How many products it offers.
    pub n: u32,
    pub members: u32,
    /// Short name and BIN as in `banks.csv`.
    pub bank: String,
    pub bin: String,
    /// `sepay`, `casso`, `payos`, `vietqr`, `generic` or `none`.
    pub provider: String,
    /// Letters of `delivery.csv`.
    #[serde(deserialize_with = "by_space")]
    pub ways: Vec<String>,
    pub character: String,
    /// A file of `assets/img/scenes`.
    pub scene: String,
    /// `06:00`.
    pub hours_open: String,
    pub hours_close: String,
    pub confirm_within_min: i64,
    pub state: ShopState,
    pub account_kind: AccountKind,
    pub unsold_reason: Option<Unsold>,
    /// Its prices in percent of the goods'.
    pub price_percent: i64,
    pub latitude: f64,
    pub longitude: f64,
    pub zone: String,
    /// Begins with `HTX MAU`.
    pub account_holder: String,
}

/// As the receiving account's holder says it too: nobody may take a shop of the demonstration for the one that it is made after.
pub fn legal_name(name: &str) -> String {
    name.replacen("HTX ", "HTX Mẫu ", 1)
}

impl Cooperative {
    /// The demo's receiving account: letters that no bank issues, and eleven digits.
    pub fn account_number(&self) -> String {
        format!("GANHDEMO{:011}", u64::from(self.number).saturating_mul(1_000_003))
    }
}

/// Whether goods lead a month's front page or are announced on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeadKind {
    Lead,
    Coming,
}

/// A line of the front page's calendar.
#[derive(Debug, Clone, Deserialize)]
pub struct Lead {
    pub month: u32,
    pub kind: LeadKind,
    pub position: u32,
    pub goods: u32,
}

/// Somebody, called by role and what they grow. Nobody real.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    pub key: String,
    /// manager, packer, accountant, lister, grower, helper, official, operator, driver, shopper.
    pub role: String,
    pub cooperative: Option<u32>,
    pub calling: String,
    /// `0530 0xx xxx`, which no operator has.
    pub phone: String,
    /// Home or territory; empty for province-wide roles.
    pub commune_code: Option<String>,
    pub note: Option<String>,
}

impl Person {
    /// An address that can reach nobody.
    pub fn mail(&self) -> String {
        format!("{}@demo.example", self.key)
    }
}

/// A commune that orders went to, with its share of all orders.
#[derive(Debug, Clone, Deserialize)]
pub struct Destination {
    /// province, hanoi, haiphong, ninhbinh, elsewhere.
    pub scope: String,
    pub province_code: String,
    pub commune_code: String,
    pub commune: String,
    pub share_permille: u32,
    /// `van` where the cooperatives' own van goes.
    pub note: Option<String>,
}

/// A way of bringing goods: G near by, H own van to Hà Nội, X coach, P parcel, N pick-up point, R gathered run.
#[derive(Debug, Clone, Deserialize)]
pub struct Way {
    pub way: String,
    pub name_vi: String,
    pub name_en: String,
    /// ISO weekdays, `36` = Wednesday and Saturday.
    pub days: String,
    pub from_hour: u32,
    pub to_hour: u32,
    pub second_from_hour: Option<u32>,
    pub second_to_hour: Option<u32>,
    pub cut_off_hour: u32,
    pub cut_off_days_before: u32,
    pub fee_low_vnd: i64,
    pub fee_high_vnd: i64,
    pub free_from_vnd: Option<i64>,
    pub minimum_vnd: Option<i64>,
    /// The fee is for a box up to this weight.
    pub up_to_g: Option<i64>,
    pub transit_days_low: u32,
    pub transit_days_high: u32,
    #[serde(deserialize_with = "by_space")]
    pub forms: Vec<Form>,
    pub note: String,
}

/// A certificate or a right to a name, with dates relative to today.
#[derive(Debug, Clone, Deserialize)]
pub struct Paper {
    pub cooperative: u32,
    /// Empty = for the whole cooperative.
    pub goods: Option<u32>,
    /// Empty = for all products of those goods.
    pub variant: Option<u32>,
    /// VietGAP, GlobalGAP, organic, OCOP3, OCOP4, ATTP, ATTP_commitment, name_right.
    pub kind: String,
    /// A running number to make the paper's number from.
    pub number: String,
    /// Days from today to its end; negative = it has ended.
    pub valid_until_days: i64,
    /// Days from today to its beginning, negative.
    pub issued_days: i64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Text {
    pub key: String,
    pub text: String,
}

/// A drawing under `assets/img/goods`.
#[derive(Debug, Clone, Deserialize)]
pub struct Drawing {
    /// Of the goods; none: a by-product, known by the drawing's name.
    pub number: Option<u32>,
    pub file: String,
    pub alt_vi: String,
}

/// One of the goods by number.
pub fn find_goods(number: u32) -> Option<&'static Goods> {
    goods().iter().find(|goods| goods.number == number)
}

/// A cooperative by number.
pub fn find_cooperative(number: u32) -> Option<&'static Cooperative> {
    cooperatives().iter().find(|cooperative| cooperative.number == number)
}

/// A shopper without a row of their own: «Khách Hoàng Mai 117» and a phone behind all phones of `people.csv`.
/// No phone repeats below 90,000.
pub fn shopper(number: u32, destination: &Destination) -> (String, String) {
    let place = destination.commune.split_once(' ').map_or(destination.commune.as_str(), |(_, bare)| bare);
    (format!("Khách {place} {number:03}"), format!("05300{:05}", (number % 90_000).saturating_add(10_000)))
}

fn split<'de, D: Deserializer<'de>, T: std::str::FromStr>(from: D, by: char) -> Result<Vec<T>, D::Error> {
    let text = String::deserialize(from)?;
    let parts = text.split(by).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().map_err(|_odd| serde::de::Error::custom(format!("«{part}»")))).collect()
}

fn by_semicolon<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    split(from, ';')
}

fn by_space<'de, D: Deserializer<'de>, T: std::str::FromStr>(from: D) -> Result<Vec<T>, D::Error> {
    split(from, ' ')
}

fn zero_or_one<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    u8::deserialize(from).map(|digit| digit == 1)
}

impl std::str::FromStr for Form {
    type Err = serde::de::value::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::deserialize(serde::de::value::StrDeserializer::new(text))
    }
}

#[cfg(test)]
#[path = "tables_tests.rs"]
mod tests;
