//! A cooperative comes to the market: itself, its books, its ways of delivery, the account that it is paid on, its papers.

use super::account_words;
pub use super::account_words::DEMO_ACCOUNT_PREFIX;
use super::draw::{Draw, Run};
use super::error::ServiceError;
use super::kit::Kit;
use super::posting::open_books;
use super::who::Seller;
use crate::domain::bank;
use crate::domain::bank_message::BankProvider;
use crate::domain::bank_ways::makes_its_key;
use crate::domain::commune;
use crate::domain::delivery::Scope;
use crate::domain::id::{
    AccountId, BankAccountId, CertificateId, CooperativeId, DeliveryWayId, PickupPointId, ProductId,
};
use crate::domain::memo;
use crate::domain::money::Money;
use crate::domain::order::FulfilmentKind;
use crate::domain::phone::Phone;
use crate::domain::product::{BankAccountState, CertificateKind, CooperativeKind, CooperativeState};
use crate::domain::refusal::Refusal;
use crate::domain::text::{clean, collate::name_key, slug::slug};
use crate::domain::time::Day;
use crate::store::bank::BankAccount;
use crate::store::cooperative::{Cooperative, DeliveryWay, PickupPoint};
use crate::store::product::Certificate;
use crate::store::told::Told;
use crate::store::{self, Conn};

/// A cooperative to be.
#[derive(Debug, Clone)]
pub struct NewCooperative {
    pub kind: CooperativeKind,
    pub legal_name: String,
    pub name: String,
    pub tax_code: Option<String>,
    pub registration_no: Option<String>,
    pub commune_code: String,
    pub address: String,
    /// Millionths of a degree.
    pub place_e6: Option<(i64, i64)>,
    pub phone: Phone,
    pub email: Option<String>,
    pub about: String,
    pub cover: Option<String>,
    pub opens_min: i64,
    pub closes_min: i64,
    pub confirm_within_min: i64,
    /// Approved from the start (the operator opens it) or waiting for approval.
    pub is_approved: bool,
}

/// A way of delivery to be.
#[derive(Debug, Clone)]
pub struct NewWay {
    pub kind: FulfilmentKind,
    pub label: String,
    /// `*`, `p:33` or `c:11977,11980`.
    pub scope: String,
    pub fee: Money,
    pub free_from: Option<Money>,
    pub minimum: Money,
    /// Of 1234567, Monday is 1; empty: every day.
    pub weekdays: String,
    pub cutoff_min: i64,
    pub cutoff_days: i64,
    pub from_min: i64,
    pub to_min: i64,
    pub position: i64,
    /// Only for picking up.
    pub point: Option<NewPoint>,
}

#[derive(Debug, Clone)]
pub struct NewPoint {
    pub name: String,
    pub commune_code: String,
    pub address: String,
    pub hours: String,
}

/// A receiving account to be.
#[derive(Debug, Clone)]
pub struct NewBankAccount {
    pub provider: BankProvider,
    pub bin: String,
    pub account_number: String,
    pub holder_name: String,
    /// What payers must write before the code; empty is nothing.
    pub memo_prefix: String,
    /// The number that payers are shown instead; empty is none.
    pub virtual_account: String,
}

/// What the cooperative tells its provider: where to post and the secret to sign with.
#[derive(Debug, Clone)]
pub struct Receiving {
    pub id: BankAccountId,
    pub path_id: String,
    pub webhook_url: Option<String>,
    pub secret: Option<String>,
}

/// Opens a cooperative with its books. The slug is made from the name.
pub async fn open_cooperative(kit: &Kit, new: &NewCooperative) -> Result<CooperativeId, ServiceError> {
    let name = clean::line(&new.name, 120).map_err(|_long| ServiceError::refused(too_long("name", 120)))?;
    if name.is_empty() || new.legal_name.trim().is_empty() {
        return Err(ServiceError::refused(Refusal::new("refusal-name").about("name")));
    }
    if commune::find(&new.commune_code).is_none() {
        return Err(ServiceError::refused(Refusal::new("refusal-commune").about("commune_code")));
    }
    let (draw, new) = (Draw::new(kit), new.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let id = CooperativeId::new(run.now, run.ten());
            let mut row = Cooperative {
                id: id.clone(),
                slug: String::new(),
                kind: new.kind,
                legal_name: new.legal_name.clone(),
                name_key: name_key(&name),
                name: name.clone(),
                tax_code: new.tax_code.clone(),
                registration_no: new.registration_no.clone(),
                commune_code: new.commune_code.clone(),
                address: new.address.clone(),
                latitude_e6: new.place_e6.map(|(latitude, _)| latitude),
                longitude_e6: new.place_e6.map(|(_, longitude)| longitude),
                phone: new.phone.as_text().to_owned(),
                email: new.email.clone(),
                about: new.about.clone(),
                cover: new.cover.clone(),
                state: if new.is_approved { CooperativeState::Open } else { CooperativeState::AwaitingApproval },
                opens_min: new.opens_min,
                closes_min: new.closes_min,
                confirm_within_min: new.confirm_within_min,
                confirms_first: false,
                accepts_stock: false,
                created_at: run.now,
                approved_at: new.is_approved.then_some(run.now),
            };
            insert_named(conn, &mut row)?;
            open_books(conn, &run, &id)?;
            store::change::insert(conn, "cooperative", id.as_text(), run.now)?;
            Ok(id)
        })
        .await
}

fn too_long(field: &str, most: usize) -> Refusal {
    Refusal::new("refusal-text-too-long").with("most", most).about(field)
}

/// Writes the row under the first address of its name that is free. The insertion itself decides: another of the same name may
/// be opened in the same moment.
fn insert_named(conn: &mut Conn, row: &mut Cooperative) -> Result<(), ServiceError> {
    let stem = slug(&row.name);
    for number in 1..1000 {
        row.slug = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
        if store::cooperative::insert_new(conn, row)? == Told::Fresh {
            return Ok(());
        }
    }
    Err(ServiceError::broken("a thousand cooperatives of one name"))
}

/// The operator approves a cooperative, pauses it or opens it again.
pub async fn set_cooperative_state(
    kit: &Kit,
    _operator: &super::who::Operator,
    id: &CooperativeId,
    from: CooperativeState,
    to: CooperativeState,
) -> Result<(), ServiceError> {
    let (now, id) = (kit.now(), id.clone());
    kit.db
        .write(move |conn| {
            if !store::cooperative::mark_state(conn, &id, from, to)? {
                return Err(ServiceError::changed(Refusal::new("refusal-cooperative-moved")));
            }
            store::change::insert(conn, "cooperative", id.as_text(), now)?;
            Ok(())
        })
        .await
}

/// Adds a way of delivery, with its point when goods are picked up.
pub async fn add_way(kit: &Kit, cooperative: &CooperativeId, way: &NewWay) -> Result<DeliveryWayId, ServiceError> {
    way.scope.parse::<Scope>().map_err(|_bad| ServiceError::refused(Refusal::new("refusal-scope").about("scope")))?;
    let (draw, cooperative, way) = (Draw::new(kit), cooperative.clone(), way.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let id = DeliveryWayId::new(run.now, run.ten());
            store::cooperative::insert_way(
                conn,
                &DeliveryWay {
                    id: id.clone(),
                    cooperative_id: cooperative.clone(),
                    kind: way.kind,
                    label: way.label.clone(),
                    scope: way.scope.clone(),
                    fee_vnd: way.fee,
                    free_from_vnd: way.free_from,
                    minimum_vnd: way.minimum,
                    weekdays: way.weekdays.clone(),
                    cutoff_min: way.cutoff_min,
                    cutoff_days: way.cutoff_days,
                    from_min: way.from_min,
                    to_min: way.to_min,
                    position: way.position,
                    is_active: true,
                },
            )?;
            if let Some(point) = &way.point {
                add_point(conn, &run, &cooperative, &id, point)?;
            }
            store::change::insert(conn, "cooperative", cooperative.as_text(), run.now)?;
            Ok(id)
        })
        .await
}

fn add_point(
    conn: &mut Conn,
    run: &Run,
    cooperative: &CooperativeId,
    way: &DeliveryWayId,
    point: &NewPoint,
) -> Result<(), ServiceError> {
    let row = PickupPoint {
        id: PickupPointId::new(run.now, run.ten()),
        cooperative_id: cooperative.clone(),
        delivery_way_id: way.clone(),
        name: point.name.clone(),
        commune_code: point.commune_code.clone(),
        address: point.address.clone(),
        hours: point.hours.clone(),
    };
    Ok(store::cooperative::insert_point(conn, &row)?)
}

/// An account as it is kept, with what cannot be one refused: its number, its virtual number, its word in the memo.
pub(super) fn read_account(kit: &Kit, new: &NewBankAccount) -> Result<Numbers, ServiceError> {
    let number = account_words::read_number(kit, &new.account_number, "account_number")?;
    let virtual_account = account_words::read_virtual(kit, &new.virtual_account, &number)?;
    let memo_prefix = memo::read_prefix(&new.memo_prefix).map_err(ServiceError::refused)?;
    if bank::find(&new.bin).is_none() {
        return Err(ServiceError::refused(Refusal::new("refusal-bank").about("bin")));
    }
    Ok(Numbers { number, virtual_account, memo_prefix })
}

/// What a payer needs of an account.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    pub number: String,
    pub virtual_account: Option<String>,
    pub memo_prefix: Option<String>,
}

/// The secret of a new account where the market makes it. Casso and payOS make their own (a demonstration plays them, and makes it too).
pub(super) fn first_secret(kit: &Kit, provider: BankProvider) -> Option<String> {
    let is_ours = provider != BankProvider::None && (!makes_its_key(provider) || kit.config.is_demo);
    is_ours.then(|| kit.keys.new_token())
}

pub(super) fn sealed_secret(kit: &Kit, secret: Option<&str>) -> Result<Option<String>, ServiceError> {
    secret.map(|secret| kit.keys.seal("webhook", secret.as_bytes())).transpose().map_err(ServiceError::broken)
}

/// Sets up the first receiving account of a cooperative, with a fresh webhook secret where the market makes it. Where the provider makes
/// it, nobody is believed until it is typed in. Changing an account in force is `account_change`, guarded.
pub async fn set_first_bank_account(
    kit: &Kit,
    cooperative: &CooperativeId,
    by: Option<&AccountId>,
    new: &NewBankAccount,
) -> Result<Receiving, ServiceError> {
    let Numbers { number, virtual_account, memo_prefix } = read_account(kit, new)?;
    let secret = first_secret(kit, new.provider);
    let sealed = sealed_secret(kit, secret.as_deref())?;
    let path_id = kit.keys.new_token();
    let provider = new.provider;
    let (draw, owner, new, path) = (Draw::new(kit), cooperative.clone(), new.clone(), path_id.clone());
    let by = by.cloned();
    let id = kit
        .db
        .write(move |conn| {
            let run = draw.fresh();
            store::cooperative::lock_of(conn, std::slice::from_ref(&owner))?;
            if !store::bank::list_active(conn, std::slice::from_ref(&owner), run.now)?.is_empty() {
                return Err(ServiceError::changed(Refusal::new("refusal-account-there")));
            }
            let row = BankAccount {
                id: BankAccountId::new(run.now, run.ten()),
                path_id: path.clone(),
                cooperative_id: owner.clone(),
                provider: new.provider,
                bin: new.bin.clone(),
                account_number: number.clone(),
                holder_name: new.holder_name.clone(),
                secret_sealed: sealed.clone(),
                secret_before_sealed: None,
                secret_before_until: None,
                state: BankAccountState::Active,
                first_message_at: None,
                last_message_at: None,
                made_at: run.now,
                made_by: by.clone(),
                approved_by: None,
                active_from: Some(run.now),
                memo_prefix: memo_prefix.clone(),
                virtual_account: virtual_account.clone(),
            };
            store::bank::insert_account(conn, &row)?;
            Ok(row.id)
        })
        .await?;
    let webhook_url =
        (provider != BankProvider::None).then(|| format!("{}/webhooks/bank/{provider}/{path_id}", kit.config.base_url));
    Ok(Receiving { id, path_id, webhook_url, secret })
}

/// A paper of a cooperative or of one product; the badge is computed from it and never typed.
#[derive(Debug, Clone)]
pub struct NewCertificate {
    pub product: Option<ProductId>,
    pub kind: CertificateKind,
    pub number: String,
    pub issued_by: String,
    /// OCOP stars.
    pub grade: Option<i64>,
    pub valid_from: Day,
    pub valid_until: Option<Day>,
}

pub async fn add_certificate(
    kit: &Kit,
    cooperative: &CooperativeId,
    new: &NewCertificate,
) -> Result<CertificateId, ServiceError> {
    let (draw, cooperative, new) = (Draw::new(kit), cooperative.clone(), new.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let id = CertificateId::new(run.now, run.ten());
            let row = Certificate {
                id: id.clone(),
                cooperative_id: cooperative.clone(),
                product_id: new.product.clone(),
                kind: new.kind,
                number: new.number.clone(),
                issued_by: new.issued_by.clone(),
                grade: new.grade,
                valid_from: new.valid_from,
                valid_until: new.valid_until,
                suspended_at: None,
            };
            store::product::insert_certificate(conn, &row)?;
            store::change::insert(conn, "cooperative", cooperative.as_text(), run.now)?;
            Ok(id)
        })
        .await
}

/// Whether the cooperative is paid on an account already.
pub async fn has_account(kit: &Kit, seller: &Seller) -> Result<bool, ServiceError> {
    let (now, cooperative) = (kit.now(), seller.cooperative.clone());
    let found = kit
        .db
        .read(move |conn| {
            Ok::<_, ServiceError>(store::bank::list_active(conn, std::slice::from_ref(&cooperative), now)?)
        })
        .await?;
    Ok(!found.is_empty())
}
