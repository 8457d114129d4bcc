//! Makers: a cooperative with its people, goods and account, an order, a bank that signs. Everything goes through the services, as
//! in life; what a test wants otherwise it changes afterwards.

use super::app::{Answer, TestApp};
use ganh::domain::account::MemberRole;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::code::{LotCode, OrderCode};
use ganh::domain::id::{CooperativeId, LotId, OfferId, OrderId, ProductId};
use ganh::domain::lang::Lang;
use ganh::domain::money::Money;
use ganh::domain::order::FulfilmentKind;
use ganh::domain::product::{Category, CooperativeKind, ProductState};
use ganh::domain::quantity::{Base, BaseUnit, Quantity};
use ganh::domain::stock::LotKind;
use ganh::domain::trace::WordOf;
use ganh::gateway::bank::sepay;
use ganh::service::checkout::{RawBuyer, RawCheckout, RawFulfilment, RawLine};
use ganh::service::error::ServiceError;
use ganh::service::founding::{self, NewBankAccount, NewCooperative, NewWay, Receiving};
use ganh::service::kit::Kit;
use ganh::service::listing::{self, LotSaid, OfferSaid, ProductSaid};
use ganh::service::ordering::{self, Ordering, PlacedPurchase};
use ganh::service::people::{self, NewPerson};
use ganh::service::showing::{self, OrderView};
use ganh::service::who::Seller;
use ganh::store;
use std::sync::atomic::{AtomicU32, Ordering as Atomic};

/// A commune of Hưng Yên to which everything is delivered.
pub const COMMUNE: &str = "11977";

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A number that no other maker of this process has had.
pub fn number() -> u32 {
    NEXT.fetch_add(1, Atomic::Relaxed)
}

/// A cooperative in business: its manager as seller, and where its money comes in.
#[derive(Clone)]
pub struct Coop {
    pub id: CooperativeId,
    pub seller: Seller,
    pub account_number: String,
    pub receiving: Receiving,
}

/// A published product with one offer of one kilogram and one lot.
#[derive(Clone)]
pub struct Goods {
    pub product: ProductId,
    pub slug: String,
    pub offer: OfferId,
    pub lot: LotId,
    pub lot_code: LotCode,
    pub price_vnd: i64,
}

/// A cooperative that delivers everywhere for nothing and is paid through SePay.
pub async fn coop(kit: &Kit, name: &str) -> Coop {
    coop_paid_by(kit, name, BankProvider::Sepay).await
}

/// The same with another bank's messages, or (`None`) without any.
pub async fn coop_paid_by(kit: &Kit, name: &str, provider: BankProvider) -> Coop {
    let n = number();
    let new = NewCooperative {
        kind: CooperativeKind::Cooperative,
        legal_name: format!("Hợp tác xã {name} {n}"),
        name: format!("{name} {n}"),
        tax_code: None,
        registration_no: None,
        commune_code: COMMUNE.into(),
        address: "Thôn 1".into(),
        place_e6: None,
        phone: format!("09{:08}", 50_000_000 + n).parse().expect("a phone"),
        email: Some(format!("htx{n}@example.vn")),
        about: String::new(),
        cover: None,
        opens_min: 360,
        closes_min: 1200,
        confirm_within_min: 240,
        is_approved: true,
    };
    let id = founding::open_cooperative(kit, &new).await.expect("a cooperative");
    let way = NewWay {
        kind: FulfilmentKind::Delivery,
        label: "Giao tận nhà".into(),
        scope: "*".into(),
        fee: Money(0),
        free_from: None,
        minimum: Money(0),
        weekdays: String::new(),
        cutoff_min: 1020,
        cutoff_days: 0,
        from_min: 360,
        to_min: 600,
        position: 0,
        point: None,
    };
    founding::add_way(kit, &id, &way).await.expect("a way of delivery");
    let account_number = format!("10{n:08}");
    let new = NewBankAccount {
        provider,
        bin: "970436".into(),
        account_number: account_number.clone(),
        holder_name: "HTX".into(),
        memo_prefix: String::new(),
        virtual_account: String::new(),
    };
    let receiving = founding::set_first_bank_account(kit, &id, None, &new).await.expect("an account");
    let seller = seller(kit, &id, &format!("{name} {n}"), &[MemberRole::Manager]).await;
    Coop { id, seller, account_number, receiving }
}

/// A member of a cooperative in these roles, without a way to sign in.
pub async fn seller(kit: &Kit, cooperative: &CooperativeId, cooperative_name: &str, roles: &[MemberRole]) -> Seller {
    let n = number();
    let person = NewPerson {
        phone: format!("09{:08}", 60_000_000 + n).parse().expect("a phone"),
        name: format!("Bà Bán {n}"),
        email: None,
        lang: Lang::Vi,
        password: None,
    };
    let account = people::add_person(kit, person).await.expect("a person");
    people::add_member(kit, cooperative, &account, &n.to_string(), roles).await.expect("a member");
    Seller {
        account,
        name: format!("Bà Bán {n}"),
        cooperative: cooperative.clone(),
        cooperative_slug: format!("htx-{n}"),
        cooperative_name: cooperative_name.to_owned(),
        roles: roles.to_vec(),
    }
}

/// Goods sold by the kilogram, `kg` of them.
pub async fn goods(kit: &Kit, coop: &Coop, name: &str, price_vnd: i64, kg: i64) -> Goods {
    let said = ProductSaid {
        name: format!("{name} {}", number()),
        also_called: String::new(),
        category: Category::Fruit,
        base_unit: BaseUnit::Gram,
        description: String::new(),
        picture: None,
        keeps_days: None,
        season: None,
        next_harvest_day: None,
        charged_by_true_weight: false,
        tolerance_bps: 500,
    };
    let product = listing::add_product(kit, &coop.seller, &said).await.expect("a product");
    let offer = OfferSaid {
        id: None,
        label: "kg".into(),
        unit: "kg".into(),
        base: Base(1000),
        about: false,
        price: Money(price_vnd),
        min: Quantity(1),
        step: Quantity(1),
        position: 0,
        is_active: true,
    };
    let offer = listing::put_offer(kit, &coop.seller, &product, &offer).await.expect("an offer");
    let (lot, lot_code) = lot(kit, coop, &product, kg).await;
    listing::set_product_state(kit, &coop.seller, &product, ProductState::Published).await.expect("published");
    let id = product.clone();
    let row =
        kit.db.read(move |conn| Ok::<_, ServiceError>(store::product::get(conn, &id)?)).await.expect("the product");
    Goods { product, slug: row.slug, offer, lot, lot_code, price_vnd }
}

/// One more lot of a product, harvested today.
pub async fn lot(kit: &Kit, coop: &Coop, product: &ProductId, kg: i64) -> (LotId, LotCode) {
    let said = LotSaid {
        kind: LotKind::Harvest,
        made_on: kit.now().day(),
        best_before: None,
        place: "Bãi sông".into(),
        commune_code: None,
        quantity: Base(kg * 1000),
        word_of: WordOf::Grower,
        owner: None,
    };
    listing::add_lot(kit, &coop.seller, product, &said).await.expect("a lot")
}

/// A guest's checkout of these goods in kilograms (`"1.5"`), paid by transfer and brought home; each from another phone.
pub fn checkout(lines: &[(&Goods, &str)]) -> RawCheckout {
    let line = |(goods, quantity): &(&Goods, &str)| RawLine {
        product: goods.slug.clone(),
        offer: None,
        quantity: (*quantity).to_owned(),
        if_short: None,
    };
    RawCheckout {
        lines: lines.iter().map(line).collect(),
        buyer: RawBuyer {
            name: "Chị Mua".into(),
            phone: format!("09{:08}", 10_000_000 + number()),
            email: Some("chi.mua@example.vn".into()),
        },
        fulfilment: RawFulfilment {
            kind: "delivery".into(),
            commune_code: Some(COMMUNE.into()),
            address: Some("Số 1, thôn 2".into()),
            ..RawFulfilment::default()
        },
        payment: "vietqr".into(),
        ..RawCheckout::default()
    }
}

/// Places a checkout under a key of its own.
pub async fn place(kit: &Kit, raw: &RawCheckout) -> Result<PlacedPurchase, ServiceError> {
    place_with_key(kit, raw, &format!("key-{}", number())).await
}

pub async fn place_with_key(kit: &Kit, raw: &RawCheckout, key: &str) -> Result<PlacedPurchase, ServiceError> {
    let ordering = Ordering { key: key.to_owned(), language: "vi".into(), account: None };
    ordering::place_order(kit, raw, &ordering).await
}

/// An order just placed.
#[derive(Clone, Debug)]
pub struct Placed {
    pub id: OrderId,
    pub code: OrderCode,
    pub total_vnd: i64,
}

/// One order of these goods, of one cooperative.
pub async fn order(kit: &Kit, lines: &[(&Goods, &str)]) -> Placed {
    orders(kit, &checkout(lines)).await.pop().expect("an order")
}

/// The orders of a checkout, one a cooperative.
pub async fn orders(kit: &Kit, raw: &RawCheckout) -> Vec<Placed> {
    let placed = place(kit, raw).await.expect("a purchase");
    let view = showing::show_purchase(kit, &placed.purchase).await.expect("a view");
    let short =
        |view: OrderView| Placed { id: view.order.id, code: view.order.code, total_vnd: view.order.total_vnd.vnd() };
    view.orders.into_iter().map(short).collect()
}

/// An order as it stands now, with its money.
pub async fn look(kit: &Kit, id: &OrderId) -> OrderView {
    let id = id.clone();
    kit.db
        .read(move |conn| {
            let order = store::order::get(conn, &id)?;
            showing::views_of(conn, vec![order])
        })
        .await
        .expect("a view")
        .pop()
        .expect("an order")
}

/// A movement as SePay tells of it. Each has an id and a bank's number of its own.
#[derive(Clone)]
pub struct Movement {
    pub id: u64,
    pub account: String,
    pub memo: String,
    pub amount_vnd: i64,
    pub is_in: bool,
    pub reference: String,
    pub at: String,
}

impl Movement {
    /// Money that comes to a cooperative's account.
    pub fn to(coop: &Coop, memo: impl std::fmt::Display, amount_vnd: i64) -> Self {
        let id = u64::from(number()) + 1_000;
        Self {
            id,
            account: coop.account_number.clone(),
            memo: memo.to_string(),
            amount_vnd,
            is_in: true,
            reference: format!("FT{id:010}"),
            at: "2026-11-23 09:01:00".into(),
        }
    }

    /// Money for an order, with the memo that its code asks for.
    pub fn paying(coop: &Coop, order: &Placed) -> Self {
        Self::to(coop, format!("{} chuyen tien", order.code), order.total_vnd)
    }

    pub fn body(&self) -> String {
        serde_json::json!({
            "id": self.id,
            "gateway": "Vietcombank",
            "transactionDate": self.at,
            "accountNumber": self.account,
            "subAccount": "",
            "code": null,
            "content": self.memo,
            "transferType": if self.is_in { "in" } else { "out" },
            "description": format!("NGUYEN VAN A {}", self.memo),
            "transferAmount": self.amount_vnd,
            "accumulated": 0,
            "referenceCode": self.reference,
        })
        .to_string()
    }
}

/// Posts a body to an account's webhook over HTTP, signed with `secret` at `at_s`.
pub async fn post_signed(app: &TestApp, path_id: &str, secret: &str, at_s: i64, body: &str) -> Answer {
    let visitor = app.visitor();
    let request = visitor
        .request("POST", &format!("/webhooks/bank/sepay/{path_id}"))
        .header("content-type", "application/json")
        .header(sepay::TIMESTAMP_HEADER, at_s.to_string())
        .header(sepay::SIGNATURE_HEADER, sepay::sign(secret, at_s, body.as_bytes()))
        .body(body.to_owned());
    visitor.send(request).await
}

/// The bank tells of a movement, over HTTP, as it would.
pub async fn tell(app: &TestApp, coop: &Coop, movement: &Movement) -> Answer {
    let secret = coop.receiving.secret.clone().expect("a secret");
    post_signed(app, &coop.receiving.path_id, &secret, app.kit.now().unix_seconds(), &movement.body()).await
}
