//! Makers of what a test stands on: people, a cooperative, a product, a lot, an order. Made through the services, so that
//! what is made is what a market can hold. Extend, never duplicate.

use ganh::domain::account::{GrantKind, MemberRole};
use ganh::domain::bank_message::BankProvider;
use ganh::domain::code::LotCode;
use ganh::domain::id::{AccountId, CooperativeId, LotId, OrderId, ProductId};
use ganh::domain::lang::Lang;
use ganh::domain::money::Money;
use ganh::domain::order::FulfilmentKind;
use ganh::domain::product::{Category, CooperativeKind, ProductState};
use ganh::domain::quantity::{Base, BaseUnit, Quantity};
use ganh::domain::stock::LotKind;
use ganh::domain::trace::WordOf;
use ganh::service::checkout::{RawBuyer, RawCheckout, RawFulfilment, RawLine};
use ganh::service::founding::{self, NewBankAccount, NewCooperative, NewWay, Receiving};
use ganh::service::kit::Kit;
use ganh::service::listing::{self, LotSaid, OfferSaid, ProductSaid};
use ganh::service::ordering::{Ordering, place_order};
use ganh::service::people::{self, NewGrant, NewPerson};
use ganh::service::showing::{OrderView, show_purchase};
use ganh::service::who::{Official, Operator, Seller};

/// Xã Tân Hưng, Hưng Yên.
pub const TAN_HUNG: &str = "11977";
/// A ward of Hà Nội, where shoppers live.
pub const HOAN_KIEM: &str = "00070";

/// Where a cooperative's transfers arrive; without one it is paid on delivery only.
pub async fn receiving_account(kit: &Kit, seller: &Seller, holder: &str) -> Receiving {
    let new = NewBankAccount {
        provider: BankProvider::Sepay,
        bin: "970436".to_owned(),
        account_number: "1017588888".to_owned(),
        holder_name: holder.to_owned(),
        memo_prefix: String::new(),
        virtual_account: String::new(),
    };
    founding::set_first_bank_account(kit, &seller.cooperative, Some(&seller.account), &new).await.expect("an account")
}

/// A person with a phone of their own, made from `number`; never one that `TestApp::account` gives.
pub async fn person(kit: &Kit, name: &str, number: u32) -> AccountId {
    let person = NewPerson {
        phone: format!("098{number:07}").parse().expect("a phone"),
        name: name.to_owned(),
        email: None,
        lang: Lang::Vi,
        password: None,
    };
    people::add_person(kit, person).await.expect("a person")
}

/// A cooperative as `commune` may know it, approved or not, without members.
pub async fn bare_cooperative(kit: &Kit, name: &str, commune: &str, is_approved: bool) -> CooperativeId {
    let new = NewCooperative {
        kind: CooperativeKind::Cooperative,
        legal_name: format!("HỢP TÁC XÃ {}", name.to_uppercase()),
        name: name.to_owned(),
        tax_code: Some("0900123456".to_owned()),
        registration_no: None,
        commune_code: commune.to_owned(),
        address: "Thôn Nội".to_owned(),
        place_e6: None,
        phone: "0221 386 1234".parse().expect("a phone"),
        email: None,
        about: String::new(),
        cover: None,
        opens_min: 6 * 60,
        closes_min: 20 * 60,
        confirm_within_min: 120,
        is_approved,
    };
    founding::open_cooperative(kit, &new).await.expect("a cooperative")
}

/// An open cooperative that brings its goods everywhere for 30,000 đ, and its manager as whom the test acts.
/// `number` makes the manager's phone; each call needs its own.
pub async fn seller_in(kit: &Kit, name: &str, commune: &str, number: u32) -> Seller {
    let cooperative = bare_cooperative(kit, name, commune, true).await;
    let way = NewWay {
        kind: FulfilmentKind::Delivery,
        label: "Giao tận nhà".to_owned(),
        scope: "*".to_owned(),
        fee: Money(30_000),
        free_from: None,
        minimum: Money(0),
        weekdays: String::new(),
        cutoff_min: 17 * 60,
        cutoff_days: 1,
        from_min: 7 * 60,
        to_min: 12 * 60,
        position: 0,
        point: None,
    };
    founding::add_way(kit, &cooperative, &way).await.expect("a way");
    let account = person(kit, "Bà Quản Lý", number).await;
    people::add_member(kit, &cooperative, &account, "1", &[MemberRole::Manager]).await.expect("a member");
    Seller {
        account,
        name: "Bà Quản Lý".to_owned(),
        cooperative,
        cooperative_slug: ganh::domain::text::slug::slug(name),
        cooperative_name: name.to_owned(),
        roles: vec![MemberRole::Manager],
    }
}

/// The same in Tân Hưng, Hưng Yên.
pub async fn seller(kit: &Kit, name: &str, number: u32) -> Seller {
    seller_in(kit, name, TAN_HUNG, number).await
}

/// A published product sold by the kilogram at 45,000 đ, charged as ordered. Its slug is the name's.
pub async fn product(kit: &Kit, seller: &Seller, name: &str) -> ProductId {
    let said = ProductSaid {
        name: name.to_owned(),
        also_called: String::new(),
        category: Category::Fruit,
        base_unit: BaseUnit::Gram,
        description: "Quả vừa, ngọt.".to_owned(),
        picture: None,
        keeps_days: Some(7),
        season: None,
        next_harvest_day: None,
        charged_by_true_weight: false,
        tolerance_bps: 0,
    };
    let id = listing::add_product(kit, seller, &said).await.expect("a product");
    let offer = OfferSaid {
        id: None,
        label: "Bán theo cân".to_owned(),
        unit: "kg".to_owned(),
        base: Base(1000),
        about: false,
        price: Money(45_000),
        min: Quantity(500),
        step: Quantity(500),
        position: 0,
        is_active: true,
    };
    listing::put_offer(kit, seller, &id, &offer).await.expect("an offer");
    listing::set_product_state(kit, seller, &id, ProductState::Published).await.expect("published");
    id
}

/// A lot picked today.
pub async fn lot(kit: &Kit, seller: &Seller, product: &ProductId, base: Base) -> (LotId, LotCode) {
    let said = LotSaid {
        kind: LotKind::Harvest,
        made_on: kit.now().day(),
        best_before: None,
        place: "Vườn sau đê".to_owned(),
        commune_code: None,
        quantity: base,
        word_of: WordOf::Grower,
        owner: None,
    };
    listing::add_lot(kit, seller, product, &said).await.expect("a lot")
}

/// A guest's checkout, paid on delivery: (slug, quantity in sale units) each.
pub fn basket(lines: &[(&str, &str)], buyer: &str, phone: &str) -> RawCheckout {
    let line = |(product, quantity): &(&str, &str)| RawLine {
        product: (*product).to_owned(),
        offer: None,
        quantity: (*quantity).to_owned(),
        if_short: None,
    };
    RawCheckout {
        lines: lines.iter().map(line).collect(),
        buyer: RawBuyer { name: buyer.to_owned(), phone: phone.to_owned(), email: None },
        fulfilment: RawFulfilment {
            kind: "delivery".to_owned(),
            commune_code: Some(HOAN_KIEM.to_owned()),
            address: Some("12 ngõ Hàng Trống".to_owned()),
            ..RawFulfilment::default()
        },
        payment: "cod".to_owned(),
        ..RawCheckout::default()
    }
}

/// Orders a basket; its orders, one a cooperative.
pub async fn order(kit: &Kit, basket: &RawCheckout) -> Vec<OrderView> {
    let key = ganh::domain::id::hex(&kit.ten());
    let ordering = Ordering { key, language: "vi".to_owned(), account: None };
    let placed = place_order(kit, basket, &ordering).await.expect("an order");
    show_purchase(kit, &placed.purchase).await.expect("the purchase").orders
}

/// Orders one product as somebody; the order's id.
pub async fn order_of(kit: &Kit, slug: &str, quantity: &str) -> OrderId {
    let orders = order(kit, &basket(&[(slug, quantity)], "Chị Mua", "0912345678")).await;
    orders.into_iter().next().expect("one order").order.id
}

fn grant(kind: GrantKind, territory: &str) -> NewGrant {
    NewGrant {
        kind,
        territory: territory.to_owned(),
        basis: "QĐ 12/QĐ-UBND".to_owned(),
        office: Some("Chi cục Quản lý chất lượng".to_owned()),
        valid_days: None,
    }
}

/// A public servant for a territory: a commune's code, `p:33` or `*`.
pub async fn official(kit: &Kit, territory: &str, number: u32) -> Official {
    let account = person(kit, "Ông Cán Bộ", number).await;
    people::give_grant(kit, &account, grant(GrantKind::Official, territory)).await.expect("a grant");
    Official {
        account,
        name: "Ông Cán Bộ".to_owned(),
        office: "Chi cục Quản lý chất lượng".to_owned(),
        territory: territory.to_owned(),
    }
}

/// One of those who run the market.
pub async fn operator(kit: &Kit, number: u32) -> Operator {
    let account = person(kit, "Cô Ban Quản Lý", number).await;
    people::give_grant(kit, &account, grant(GrantKind::Operator, "*")).await.expect("a grant");
    Operator { account, name: "Cô Ban Quản Lý".to_owned() }
}

crate::on_both_engines! {
    async fn what_is_made_can_be_ordered(db: TestDb) {
        let app = crate::kit::app::TestApp::start(db).await;
        let seller = super::seller(&app.kit, "HTX Vườn Nhãn", 1).await;
        let product = super::product(&app.kit, &seller, "Nhãn lồng").await;
        let (lot, _) = super::lot(&app.kit, &seller, &product, ganh::domain::quantity::Base(10_000)).await;
        super::order_of(&app.kit, "nhan-long", "1.5").await;
        let lot = app.kit.db.read(move |conn| ganh::store::lot::get(conn, &lot)).await.expect("the lot");
        assert_eq!((lot.on_hand, lot.held), (ganh::domain::quantity::Base(10_000), ganh::domain::quantity::Base(1_500)));
    }
}
