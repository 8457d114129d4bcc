//! A receiving account that changes, from eight sides at once: one proposal stands, one second person is heard, a stop and an agreement
//! never both hold, and an order names the account that is in force at its own moment.

use super::*;
use crate::kit::app::TestApp;
use crate::kit::{bank, make};
use crate::on_both_engines;
use futures_util::future::{join, join_all};
use ganh::config::Secret;
use ganh::domain::account::{MemberRole, SignInKind};
use ganh::domain::account_change::{ChangeState, LEAST_WAIT_S};
use ganh::domain::bank_message::BankProvider;
use ganh::domain::id::AccountChangeId;
use ganh::domain::lang::Lang;
use ganh::service::account_change::{self, Decider};
use ganh::service::account_change_view::show_changes;
use ganh::service::account_in_force;
use ganh::service::founding::NewBankAccount;
use ganh::service::people;
use ganh::service::signing_in::{Client, sign_in_as};
use ganh::service::who::{Seller, SignedIn};
use ganh::store;

struct Manager {
    me: SignedIn,
    seller: Seller,
}

/// Somebody who has just come in, without a password: what is asked here is who is first.
async fn managers(kit: &Kit, coop: &bank::Coop, many: u32) -> Vec<Manager> {
    let client = Client { address: "127.0.0.1".into(), device: "Test".into(), lang: Lang::Vi };
    let mut all = Vec::new();
    for _ in 0..many {
        let number = bank::number();
        let account = make::person(kit, "Ông Quản Lý", number).await;
        people::add_member(kit, &coop.id, &account, &number.to_string(), &[MemberRole::Manager])
            .await
            .expect("a member");
        let me = sign_in_as(kit, &account, SignInKind::Password, &client).await.expect("in").me;
        all.push(Manager { seller: me.seller().expect("a seller"), me });
    }
    all
}

async fn propose(kit: &Kit, who: &Manager, number: u32) -> Result<AccountChangeId, ServiceError> {
    let new = NewBankAccount {
        provider: BankProvider::Sepay,
        bin: "970422".into(),
        account_number: format!("77{number:08}"),
        holder_name: "HTX".into(),
        memo_prefix: String::new(),
        virtual_account: String::new(),
    };
    account_change::propose_account(kit, &who.me, &who.seller, &new, Secret::new("")).await
}

async fn agree(kit: &Kit, who: &Manager, id: &AccountChangeId) -> Result<(), ServiceError> {
    account_change::agree_to_change(kit, &who.me, Decider::Manager(&who.seller), id, Secret::new("")).await
}

async fn stop(kit: &Kit, who: &Manager, id: &AccountChangeId) -> Result<(), ServiceError> {
    account_change::stop_change(kit, Decider::Manager(&who.seller), id).await
}

on_both_engines! {
    async fn of_eight_who_propose_at_once_one_does_and_of_eight_who_agree_one_is_heard(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let coop = bank::coop(kit, "Nhãn Lồng").await;
            let all = managers(kit, &coop, 8).await;
            let proposed = join_all((0..).zip(&all).map(|(n, one)| propose(kit, one, n))).await;
            let by = proposed.iter().position(Result::is_ok).expect("somebody");
            let ids = winners(proposed, "refusal-change-there");
            assert_eq!(ids.len(), 1, "round {round}");
            let seconds: Vec<&Manager> = all.iter().enumerate().filter(|(n, _)| *n != by).map(|(_, one)| one).collect();
            let agreed = join_all(seconds.iter().map(|one| agree(kit, one, &ids[0]))).await;
            assert_eq!(winners(agreed, "refusal-change-moved").len(), 1, "round {round}");
            let changes = show_changes(kit, &coop.seller).await.expect("changes");
            let under_way = changes.under_way.expect("one");
            assert!(under_way.change.agreed_by.as_ref().is_some_and(|second| *second != under_way.change.proposed_by));
            assert_eq!(under_way.new.approved_by, under_way.change.agreed_by);
            assert_eq!(under_way.new.active_from, under_way.change.in_force_from);
        }
        sound(kit).await;
    }

    async fn an_agreement_and_an_end_at_once_never_both_hold(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let coop = bank::coop(kit, "Nhãn Lồng").await;
            let all = managers(kit, &coop, 8).await;
            let id = propose(kit, &all[0], round).await.expect("proposed");
            let agreeing = join_all(all[1..5].iter().map(|one| agree(kit, one, &id)));
            let refusing = join_all(
                all[5..].iter().map(|one| account_change::refuse_change(kit, Decider::Manager(&one.seller), &id, "không")),
            );
            let taking_back = account_change::take_back_change(kit, &all[0].seller, &id);
            let (agreed, (refused, taken_back)) = join(agreeing, join(refusing, taking_back)).await;
            let agreed = winners(agreed, "refusal-change-moved").len();
            let ended = winners(refused, "refusal-change-moved").len() + winners(vec![taken_back], "refusal-change-moved").len();
            assert_eq!(agreed + ended, 1, "round {round}");
            if agreed == 1 {
                // And then agreed against stopped, with the worker pressing on: before the hour only the stop can win.
                let (stopped, brought) =
                    join(join_all(all.iter().map(|one| stop(kit, one, &id))), account_in_force::bring_into_force(kit)).await;
                assert_eq!((winners(stopped, "refusal-change-moved").len(), brought.expect("looked")), (1, 0));
            }
            let changes = show_changes(kit, &coop.seller).await.expect("changes");
            assert!(changes.under_way.is_none() && changes.others.is_empty(), "round {round}: nothing is left over");
        }
        sound(kit).await;
    }

    async fn orders_placed_while_an_account_comes_into_force_and_is_stopped_agree_with_what_holds_in_the_end(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (mut in_force, mut stopped) = (0, 0);
        for round in 0..rounds() {
            let coop = bank::coop(kit, "Nhãn Lồng").await;
            let goods = bank::goods(kit, &coop, &format!("Nhãn {round}"), 45_000, 100).await;
            let all = managers(kit, &coop, 2).await;
            let id = propose(kit, &all[0], round).await.expect("proposed");
            agree(kit, &all[1], &id).await.expect("agreed");
            let new = show_changes(kit, &coop.seller).await.expect("changes").under_way.expect("one").new.id;
            // The stop was pressed in the last second, and reaches the database together with the first orders of the new hour.
            app.clock.advance_s(LEAST_WAIT_S - 1);
            let pressed = stop(kit, &all[0], &id);
            let raw = bank::checkout(&[(&goods, "1")]);
            let ordering = async {
                tokio::task::yield_now().await;
                app.clock.advance_s(1);
                join_all((0..6).map(|_| bank::place(kit, &raw))).await
            };
            let worker = async {
                tokio::task::yield_now().await;
                account_in_force::bring_into_force(kit).await
            };
            let (halted, (placed, brought)) = join(pressed, join(ordering, worker)).await;
            brought.expect("looked");
            let was_stopped = winners(vec![halted], "refusal-change-too-late").len() == 1;
            let purchases: Vec<_> = placed.into_iter().map(|one| one.expect("placed").purchase).collect();
            let mut named = Vec::new();
            for purchase in purchases {
                let view = ganh::service::showing::show_purchase(kit, &purchase).await.expect("a view");
                named.extend(view.orders.into_iter().map(|order| order.order.bank_account_id.expect("an account")));
            }
            let on_new = named.iter().filter(|account| **account == new).count();
            let state = show_changes(kit, &coop.seller).await.expect("changes").past[0].change.state;
            if was_stopped {
                stopped += 1;
                assert_eq!((on_new, state), (0, ChangeState::Stopped), "round {round}: stopped, and yet an order names it");
            } else {
                in_force += 1;
                assert_eq!((on_new, state), (6, ChangeState::InForce), "round {round}");
            }
            let owner = coop.id.clone();
            let now = kit.now();
            let active = kit.db.read(move |conn| store::bank::list_active(conn, &[owner], now)).await.expect("accounts");
            assert_eq!((active.len(), active[0].id == new), (1, !was_stopped));
        }
        println!("stopped in time {stopped}, in force {in_force}");
        sound(kit).await;
    }
}
