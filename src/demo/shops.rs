//! The cooperatives of the province: themselves, their people, how they bring goods, the accounts that they are paid on.

use super::chance::{Stage, together};
use super::tables::{self, Cooperative, Person, ShopState, Unsold, Way, text};
use crate::domain::account::MemberRole;
use crate::domain::bank_message::BankProvider;
use crate::domain::commune;
use crate::domain::id::{AccountId, CooperativeId};
use crate::domain::money::Money;
use crate::domain::order::FulfilmentKind;
use crate::domain::phone::Phone;
use crate::domain::product::CooperativeKind;
use crate::domain::time::At;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::founding::{self, NewBankAccount, NewCooperative, NewPoint, NewWay, Receiving};
use crate::service::people::{self, Joining};
use crate::service::who::Seller;
use crate::store;

/// When the province's cooperatives came to the market, days ago.
pub const OPENED_DAYS_AGO: i64 = 400;
/// Kilometres that «giao gần» reaches.
const NEAR_KM: f64 = 12.0;
/// The first phone behind those of `people.csv`; shoppers without a row have theirs from 10,000 on.
const FIRST_FREE_PHONE: u32 = 400;
/// Members of a second or third copy of a cooperative, so that the block of phones is long enough.
const MEMBERS_OF_A_COPY: u32 = 8;

/// A cooperative that has been opened.
#[derive(Debug, Clone)]
pub struct Shop {
    pub row: &'static Cooperative,
    /// 0 for the province itself, 1 and more for its repetitions by `--scale`.
    pub copy: u32,
    pub id: CooperativeId,
    /// Its manager.
    pub seller: Seller,
    pub manager_phone: String,
    pub provider: BankProvider,
    pub receiving: Receiving,
    pub account: String,
}

impl Shop {
    /// Sells to the public, sooner or later in the year.
    pub fn is_approved(&self) -> bool {
        self.row.state != ShopState::Pending
    }

    /// Whether one of its ways is of this letter.
    pub fn has_way(&self, letter: &str) -> bool {
        ways_of(self.row).iter().any(|way| way.way == letter)
    }

    /// What makes names of acts unlike those of other cooperatives.
    pub fn mark(&self) -> String {
        format!("{}-{}", self.copy, self.row.number)
    }
}

/// Who tells of a cooperative's money.
fn provider_of(row: &Cooperative) -> BankProvider {
    row.provider.parse().unwrap_or(BankProvider::None)
}

/// A phone of the demonstration's block.
pub fn phone(national: &str) -> ServiceResult<Phone> {
    national.parse().map_err(|_odd| ServiceError::broken(format!("not a phone: {national}")))
}

/// Minutes since midnight of `06:30`.
pub fn minute(clock: &str) -> i64 {
    let (hours, minutes) = clock.split_once(':').unwrap_or((clock, "0"));
    let number = |text: &str| text.parse::<i64>().unwrap_or(0);
    number(hours).saturating_mul(60).saturating_add(number(minutes))
}

/// The commune's name.
pub fn place(row: &Cooperative) -> &'static str {
    commune::find(&row.commune_code).map_or("", |commune| commune.name.as_str())
}

fn copied(name: &str, copy: u32) -> String {
    if copy == 0 { name.to_owned() } else { format!("{name} {}", copy.saturating_add(1)) }
}

/// Opens every cooperative, `copies` times over. `hash`: of the one password.
pub async fn open(stage: &Stage, copies: u32, hash: &str) -> ServiceResult<Vec<Shop>> {
    let opened = stage.now.day().plus_days(-OPENED_DAYS_AGO).at_minute(8 * 60);
    let rows: Vec<(&'static Cooperative, u32)> =
        (0..copies).flat_map(|copy| tables::cooperatives().iter().map(move |row| (row, copy))).collect();
    let mut free_phone = FIRST_FREE_PHONE;
    let mut staffs = Vec::new();
    for (row, copy) in &rows {
        staffs.push(staff(row, *copy, hash, &mut free_phone)?);
    }
    let ids = together(rows.iter().zip(&staffs).map(|((row, copy), staff)| {
        let kit = stage.at(opened, &format!("open-{copy}-{}", row.number));
        let new = new_cooperative(row, *copy, staff);
        async move { founding::open_cooperative(&kit, &new?).await }
    }))
    .await?;
    let accounts = together(rows.iter().zip(&ids).zip(&staffs).map(|(((row, copy), id), staff)| {
        let kit = stage.at(opened, &format!("people-{copy}-{}", row.number));
        async move { people::add_people(&kit, Some(id), staff.clone()).await }
    }))
    .await?;
    add_ways(stage, opened, &rows, &ids).await?;
    let receiving = set_accounts(stage, opened, &rows, &ids).await?;
    let all = ids.clone();
    let there = stage.kit.db.read(move |conn| Ok::<_, ServiceError>(store::cooperative::list_of(conn, &all)?)).await?;
    let mut shops = Vec::new();
    for ((((row, copy), id), staff), (accounts, receiving)) in
        rows.iter().zip(&ids).zip(&staffs).zip(accounts.iter().zip(receiving))
    {
        let (Some(cooperative), Some(account), Some(manager)) =
            (there.iter().find(|one| one.id == *id), accounts.first(), staff.first())
        else {
            return Err(ServiceError::broken("a cooperative without its manager"));
        };
        shops.push(Shop {
            row,
            copy: *copy,
            id: id.clone(),
            seller: manager_of(cooperative, account, manager),
            manager_phone: manager.phone.shown(),
            provider: provider_of(row),
            receiving,
            account: account_number(row, *copy),
        });
    }
    Ok(shops)
}

fn manager_of(cooperative: &store::cooperative::Cooperative, account: &AccountId, manager: &Joining) -> Seller {
    Seller {
        account: account.clone(),
        name: manager.name.clone(),
        cooperative: cooperative.id.clone(),
        cooperative_slug: cooperative.slug.clone(),
        cooperative_name: cooperative.name.clone(),
        roles: vec![MemberRole::Manager],
    }
}

/// `GANHDEMO` and eleven digits, each copy its own.
fn account_number(row: &Cooperative, copy: u32) -> String {
    let plain = row.account_number();
    let number = plain.trim_start_matches(founding::DEMO_ACCOUNT_PREFIX).parse::<u64>().unwrap_or(0);
    format!("{}{:011}", founding::DEMO_ACCOUNT_PREFIX, number.saturating_add(u64::from(copy).saturating_mul(101)))
}

fn roles(person: &Person) -> Vec<MemberRole> {
    match person.role.as_str() {
        "manager" => vec![MemberRole::Manager],
        "packer" => vec![MemberRole::Packer],
        "accountant" => vec![MemberRole::Accountant],
        "lister" => vec![MemberRole::Lister],
        _ => Vec::new(),
    }
}

/// Everybody of a cooperative, the manager first: those of the table, then growers up to its number.
fn staff(row: &Cooperative, copy: u32, hash: &str, free_phone: &mut u32) -> ServiceResult<Vec<Joining>> {
    let mut named: Vec<&Person> =
        tables::people().iter().filter(|person| person.cooperative == Some(row.number)).collect();
    named.sort_by_key(|person| person.role != "manager");
    let wanted = if copy == 0 { row.members } else { MEMBERS_OF_A_COPY };
    let mut staff = Vec::new();
    for number in 0..wanted {
        let person = named.get(usize::try_from(number).unwrap_or(usize::MAX));
        let of_table = person.filter(|_| copy == 0);
        let national = match of_table {
            Some(person) => person.phone.clone(),
            None => {
                *free_phone = free_phone.saturating_add(1);
                format!("05300{free_phone:05}")
            }
        };
        staff.push(Joining {
            phone: phone(&national)?,
            name: person.map_or_else(|| grower_name(row, number), |person| person.calling.clone()),
            email: of_table.map(|person| person.mail()),
            password_hash: person.map(|_| hash.to_owned()),
            number: format!("{:03}", number.saturating_add(1)),
            roles: person.map(|person| roles(person)).unwrap_or_default(),
        });
    }
    Ok(staff)
}

/// «Bác Ngao 27»: a role and what they grow, never a name.
fn grower_name(row: &Cooperative, number: u32) -> String {
    let calling = text(&format!("calling-{}", number.rem_euclid(6).saturating_add(1)), &[]);
    let count = u32::try_from(row.goods.len()).unwrap_or(1).max(1);
    let goods = row
        .goods
        .get(usize::try_from(number.rem_euclid(count)).unwrap_or(0))
        .and_then(|number| tables::find_goods(*number));
    let word = goods.and_then(|goods| goods.name.split_whitespace().next()).unwrap_or_default();
    format!("{calling} {word} {}", number.saturating_add(1))
}

fn new_cooperative(row: &Cooperative, copy: u32, staff: &[Joining]) -> ServiceResult<NewCooperative> {
    let manager = staff.first().ok_or_else(|| ServiceError::broken("a cooperative without people"))?;
    let (name, members) = (copied(&row.name, copy), row.members.to_string());
    let micro = |degrees: f64| format!("{:.0}", degrees * 1e6).parse::<i64>().ok();
    Ok(NewCooperative {
        kind: CooperativeKind::Cooperative,
        legal_name: tables::legal_name(&name),
        about: text("about", &[("name", &name), ("place", place(row)), ("members", &members)]),
        name,
        tax_code: Some(format!("99{:08}", row.number.saturating_mul(10_007).saturating_add(copy))),
        registration_no: None,
        commune_code: row.commune_code.clone(),
        address: text(
            "address",
            &[("number", &row.number.rem_euclid(7).saturating_add(1).to_string()), ("place", place(row))],
        ),
        place_e6: micro(row.latitude).zip(micro(row.longitude)),
        phone: manager.phone.clone(),
        // A reminder by mail for each of two thousand past orders would be written to the disk on the first start.
        email: None,
        cover: Some(format!("img/scenes/{}", row.scene)),
        opens_min: minute(&row.hours_open),
        closes_min: minute(&row.hours_close),
        confirm_within_min: row.confirm_within_min,
        is_approved: row.state != ShopState::Pending,
    })
}

/// The ways of a cooperative: its own, and the shared cars within the province. None where none is set (scene 15).
fn ways_of(row: &Cooperative) -> Vec<&'static Way> {
    if row.unsold_reason == Some(Unsold::NoDelivery) {
        return Vec::new();
    }
    // The order in which they are tried for an address: near by first, the country last.
    let letters = ["G", "T", "H", "P", "X", "N"];
    let has = |letter: &str| letter == "T" || row.ways.iter().any(|way| way == letter);
    letters
        .iter()
        .filter(|letter| has(letter))
        .filter_map(|letter| tables::ways().iter().find(|way| way.way == **letter))
        .collect()
}

fn scope_of(row: &Cooperative, way: &Way) -> String {
    let listed = |codes: Vec<&str>| format!("c:{}", codes.join(","));
    match way.way.as_str() {
        "G" => listed(
            commune::place::near(&row.commune_code, NEAR_KM).iter().map(|commune| commune.code.as_str()).collect(),
        ),
        "H" => {
            let van = tables::destinations().iter().filter(|place| place.note.as_deref() == Some("van"));
            listed(van.map(|place| place.commune_code.as_str()).collect())
        }
        "T" | "N" => "p:33".to_owned(),
        _ => "*".to_owned(),
    }
}

fn new_way(stage: &Stage, row: &Cooperative, way: &Way, position: i64) -> NewWay {
    let fee = stage
        .chance(&format!("fee-{}-{}", row.number, way.way))
        .between(way.fee_low_vnd / 1000, way.fee_high_vnd / 1000);
    let minutes = |hour: u32| i64::from(hour).saturating_mul(60);
    // A least sum stands only where the cooperative is far from quick: others would rather sell one bunch.
    let minimum = way.minimum_vnd.filter(|_| row.number.rem_euclid(4) == 3);
    let label = if way.way == "P" { text("gatherer-way", &[("name", &way.name_vi)]) } else { way.name_vi.clone() };
    NewWay {
        kind: match way.way.as_str() {
            "X" => FulfilmentKind::Coach,
            "N" => FulfilmentKind::Pickup,
            _ => FulfilmentKind::Delivery,
        },
        label,
        scope: scope_of(row, way),
        fee: Money(fee.saturating_mul(1000)),
        free_from: way.free_from_vnd.map(Money),
        minimum: Money(minimum.unwrap_or(0)),
        weekdays: if way.days == "1234567" { String::new() } else { way.days.clone() },
        cutoff_min: minutes(way.cut_off_hour),
        cutoff_days: i64::from(way.cut_off_days_before),
        from_min: minutes(way.from_hour),
        to_min: minutes(way.to_hour),
        position,
        point: (way.way == "N").then(|| NewPoint {
            name: text("point-shop", &[("name", &row.name)]),
            commune_code: row.commune_code.clone(),
            address: text("address", &[("number", "1"), ("place", place(row))]),
            hours: text("point-hours", &[]),
        }),
    }
}

async fn add_ways(
    stage: &Stage,
    at: At,
    rows: &[(&'static Cooperative, u32)],
    ids: &[CooperativeId],
) -> ServiceResult<()> {
    let mut acts = Vec::new();
    for ((row, copy), id) in rows.iter().zip(ids) {
        for (way, position) in ways_of(row).into_iter().zip(0..) {
            let kit = stage.at(at, &format!("way-{copy}-{}-{position}", row.number));
            let new = new_way(stage, row, way, position);
            acts.push(async move { founding::add_way(&kit, id, &new).await });
        }
    }
    together(acts).await.map(|_| ())
}

async fn set_accounts(
    stage: &Stage,
    at: At,
    rows: &[(&'static Cooperative, u32)],
    ids: &[CooperativeId],
) -> ServiceResult<Vec<Receiving>> {
    together(rows.iter().zip(ids).map(|((row, copy), id)| {
        let kit = stage.at(at, &format!("receiving-{copy}-{}", row.number));
        let new = NewBankAccount {
            provider: provider_of(row),
            bin: row.bin.clone(),
            account_number: account_number(row, *copy),
            holder_name: copied(&row.account_holder, *copy),
            memo_prefix: String::new(),
            virtual_account: String::new(),
        };
        async move { founding::set_first_bank_account(&kit, id, None, &new).await }
    }))
    .await
}
