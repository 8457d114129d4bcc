//! What can be there only once: an address made from a name, the account of a phone, a member's number, a first receiving
//! account, the last manager.

use super::*;
use crate::kit::app::TestApp;
use crate::kit::make;
use crate::on_both_engines;
use futures_util::future::{join, join_all};
use ganh::domain::account::MemberRole;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::id::AccountId;
use ganh::domain::lang::Lang;
use ganh::domain::money::Money;
use ganh::domain::product::Category;
use ganh::domain::quantity::{Base, BaseUnit, Quantity};
use ganh::domain::stock::LotKind;
use ganh::domain::trace::WordOf;
use ganh::service::founding::{NewBankAccount, set_first_bank_account};
use ganh::service::granting::{self, GrantSaid};
use ganh::service::listing::{LotSaid, OfferSaid, ProductSaid, add_product};
use ganh::service::listing_at_once::list_at_once;
use ganh::service::membership::{self, NewMember, change_roles, take_in_member};
use ganh::service::operating::approve_cooperative;
use ganh::service::people::{self, Joining, NewPerson};
use ganh::service::who::{Operator, Seller};
use ganh::store;
use std::collections::HashSet;

fn person(phone: &str) -> NewPerson {
    let phone = phone.parse().expect("a phone");
    NewPerson { phone, name: "Chị Mới".into(), email: None, lang: Lang::Vi, password: None }
}

fn joining(phone: &str) -> Joining {
    let phone = phone.parse().expect("a phone");
    let (name, number) = ("Chị Mới".to_owned(), phone_end(&phone));
    Joining { phone, name, email: None, password_hash: None, number, roles: vec![MemberRole::Packer] }
}

fn phone_end(phone: &ganh::domain::phone::Phone) -> String {
    phone.as_text().chars().rev().take(4).collect()
}

async fn take_in(kit: &Kit, seller: &Seller, phone: &str) -> Result<AccountId, ServiceError> {
    let new = NewMember {
        name: "Cô Gói".into(),
        phone: phone.into(),
        number: String::new(),
        roles: vec![MemberRole::Packer],
    };
    take_in_member(kit, seller, &new).await
}

async fn grant(kit: &Kit, operator: &Operator, phone: &str) -> Result<(), ServiceError> {
    let said = GrantSaid {
        phone: phone.into(),
        name: "Ông Kiểm".into(),
        kind: "official".into(),
        territory: "p:33".into(),
        basis: "QĐ 15/QĐ-SCT".into(),
        office: "Đội 2".into(),
        days: String::new(),
    };
    granting::give_grant(kit, operator, &said).await.map(drop)
}

fn goods(kit: &Kit, name: &str) -> (ProductSaid, OfferSaid, LotSaid) {
    let product = ProductSaid {
        name: name.into(),
        also_called: String::new(),
        category: Category::Fruit,
        base_unit: BaseUnit::Gram,
        description: String::new(),
        picture: None,
        keeps_days: None,
        season: None,
        next_harvest_day: None,
        charged_by_true_weight: false,
        tolerance_bps: 0,
    };
    let offer = OfferSaid {
        id: None,
        label: "kg".into(),
        unit: "kg".into(),
        base: Base(1_000),
        about: false,
        price: Money(45_000),
        min: Quantity(500),
        step: Quantity(500),
        position: 0,
        is_active: true,
    };
    let lot = LotSaid {
        kind: LotKind::Harvest,
        made_on: kit.now().day(),
        best_before: None,
        place: "Vườn sau đê".into(),
        commune_code: None,
        quantity: Base(5_000),
        word_of: WordOf::Grower,
        owner: None,
    };
    (product, offer, lot)
}

on_both_engines! {
    async fn cooperatives_of_one_name_opened_at_once_each_get_an_address_of_their_own(db: TestDb) {
        let app = TestApp::start(db).await;
        for round in 0..rounds() {
            let name = format!("HTX Vườn {round}");
            join_all((0..6).map(|_| make::bare_cooperative(&app.kit, &name, make::TAN_HUNG, true))).await;
        }
        let all = app.kit.db.read(store::cooperative::list).await.expect("all");
        let slugs: HashSet<_> = all.iter().map(|row| row.slug.clone()).collect();
        assert_eq!((all.len(), slugs.len()), (6 * rounds() as usize, 6 * rounds() as usize));
        assert!(slugs.contains("htx-vuon-0") && slugs.contains("htx-vuon-0-6"), "{slugs:?}");
        sound(&app.kit).await;
    }

    async fn goods_of_one_name_listed_by_four_cooperatives_at_once_all_stand_on_show(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let mut sellers = Vec::new();
        for number in 1..=4 {
            sellers.push(make::seller(kit, &format!("HTX Vườn {number}"), number).await);
        }
        for round in 0..rounds() {
            let (product, offer, lot) = goods(kit, &format!("Nhãn lồng {round}"));
            let listed = join_all(sellers.iter().map(|seller| list_at_once(kit, seller, &product, &offer, &lot)));
            let begun = join_all(sellers.iter().map(|seller| add_product(kit, seller, &product)));
            let (listed, begun) = join(listed, begun).await;
            let slugs: HashSet<String> = all_done(listed).into_iter().map(|listed| listed.slug).collect();
            assert_eq!((slugs.len(), all_done(begun).len()), (4, 4), "{slugs:?}");
        }
        sound(kit).await;
    }

    async fn a_phone_that_many_open_an_account_for_at_once_has_one(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let seller = make::seller(kit, "HTX Vườn Nhãn", 1).await;
        for round in 0..rounds() {
            let (one, other) = (format!("0971{round:06}"), format!("0972{round:06}"));
            let alone = join_all((0..4).map(|_| people::add_person(kit, person(&one))));
            let lists = [0, 1].map(|_| vec![joining(&one), joining(&other)]);
            let lists = join_all(lists.map(|list| people::add_people(kit, Some(&seller.cooperative), list)));
            let (alone, lists) = join(alone, lists).await;
            let (alone, lists) = (winners(alone, "refusal-phone-taken"), winners(lists, "refusal-phone-taken"));
            assert_eq!(alone.len() + lists.len(), 1, "one list or one person came first: {alone:?} {lists:?}");
        }
        sound(kit).await;
    }

    async fn a_person_taken_in_from_many_sides_at_once_is_one_person_and_a_member_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (one, two) = (make::seller(kit, "HTX Một", 1).await, make::seller(kit, "HTX Hai", 2).await);
        let operator = make::operator(kit, 3).await;
        for round in 0..rounds() {
            let phone = format!("0973{round:06}");
            let (of_one, (of_two, grants)) = join(
                join_all((0..3).map(|_| take_in(kit, &one, &phone))),
                join(
                    join_all((0..3).map(|_| take_in(kit, &two, &phone))),
                    join_all((0..2).map(|_| grant(kit, &operator, &phone))),
                ),
            ).await;
            let (of_one, of_two) = (winners(of_one, "refusal-member-there"), winners(of_two, "refusal-member-there"));
            assert_eq!((of_one.len(), &of_one, all_done(grants).len()), (1, &of_two, 2));
        }
        sound(kit).await;
    }

    async fn members_taken_in_at_once_bear_numbers_of_their_own(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let seller = make::seller(kit, "HTX Một", 1).await;
        for round in 0..rounds() {
            let phones: Vec<String> = (0..8).map(|n| format!("0974{round:05}{n}")).collect();
            all_done(join_all(phones.iter().map(|phone| take_in(kit, &seller, phone))).await);
        }
        let members = membership::list_members(kit, &seller).await.expect("members");
        let numbers: HashSet<_> = members.iter().map(|member| member.number.clone()).collect();
        assert_eq!((members.len(), numbers.len()), (1 + 8 * rounds() as usize, members.len()));
        sound(kit).await;
    }

    async fn of_first_receiving_accounts_given_at_once_one_is_kept(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let cooperative = make::bare_cooperative(kit, &format!("HTX {round}"), make::TAN_HUNG, true).await;
            let accounts: Vec<NewBankAccount> = (0..6).map(|n| NewBankAccount {
                provider: BankProvider::Sepay,
                bin: "970436".into(),
                account_number: format!("101758888{n}"),
                holder_name: "HTX".into(),
                memo_prefix: String::new(),
                virtual_account: String::new(),
            }).collect();
            let all = join_all(accounts.iter().map(|new| set_first_bank_account(kit, &cooperative, None, new))).await;
            let kept = winners(all, "refusal-account-there");
            let now = kit.now();
            let there = kit.db.read(move |conn| store::bank::list_active(conn, &[cooperative], now)).await.expect("there");
            assert_eq!((kept.len(), there.len()), (1, 1));
            assert_eq!(kept[0].id, there[0].id);
        }
        sound(kit).await;
    }

    async fn two_managers_who_take_each_others_role_at_once_leave_one_manager(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let one = make::seller(kit, "HTX Một", 1).await;
        let account = make::person(kit, "Ông Hai", 2).await;
        people::add_member(kit, &one.cooperative, &account, "2", &[MemberRole::Manager]).await.expect("a member");
        let two = Seller { account, ..one.clone() };
        for round in 0..rounds() {
            let packer = [MemberRole::Packer];
            let (of_two, of_one) =
                join(change_roles(kit, &one, &two.account, &packer), change_roles(kit, &two, &one.account, &packer)).await;
            assert!(of_two.is_ok() != of_one.is_ok(), "round {round}: {of_two:?} {of_one:?}");
            let (stays, fell) = if of_two.is_ok() { (&one, &two) } else { (&two, &one) };
            winners(vec![of_two, of_one], "refusal-last-manager");
            let members = membership::list_members(kit, stays).await.expect("members");
            let managers = members.iter().filter(|member| member.roles.contains(&MemberRole::Manager));
            assert_eq!(managers.map(|member| &member.account).collect::<Vec<_>>(), [&stays.account]);
            change_roles(kit, stays, &fell.account, &[MemberRole::Manager]).await.expect("given back");
        }
        sound(kit).await;
    }

    async fn a_cooperative_approved_by_four_at_once_is_approved_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let operator = make::operator(kit, 1).await;
        for round in 0..rounds() {
            let id = make::bare_cooperative(kit, &format!("HTX {round}"), make::TAN_HUNG, false).await;
            let all = join_all((0..4).map(|_| approve_cooperative(kit, &operator, &id))).await;
            assert_eq!(winners(all, "refusal-cooperative-moved").len(), 1);
        }
        sound(kit).await;
    }
}
