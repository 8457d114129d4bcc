//! Cards, codes, passwords and sessions while somebody else uses them or takes them away.

use super::*;
use crate::kit::app::{PASSWORD, TestApp};
use crate::kit::make;
use crate::on_both_engines;
use diesel::prelude::*;
use futures_util::future::{join, join_all};
use ganh::config::Secret;
use ganh::domain::account::{MemberRole, SignInKind};
use ganh::domain::id::{AccountId, SessionId};
use ganh::domain::lang::Lang;
use ganh::service::membership::end_ways_in;
use ganh::service::people;
use ganh::service::signing_in::{self, Client, Entered, set_password, sign_in_by_card, sign_in_by_code};
use ganh::service::who::Seller;
use ganh::store;
use ganh::store::schema::sign_in_code;
use std::time::Duration;

fn client() -> Client {
    Client { address: "127.0.0.1".into(), device: "Test".into(), lang: Lang::Vi }
}

/// A manager and one who packs for the same cooperative, whose phone is `0980000002`.
async fn two(kit: &Kit) -> (Seller, AccountId) {
    let manager = make::seller(kit, "HTX Vườn Nhãn", 1).await;
    let packer = make::person(kit, "Cô Gói", 2).await;
    people::add_member(kit, &manager.cooperative, &packer, "2", &[MemberRole::Packer]).await.expect("a member");
    (manager, packer)
}

const PACKER: &str = "0980000002";

async fn live(kit: &Kit, account: &AccountId) -> Vec<SessionId> {
    let (account, now) = (account.clone(), kit.now());
    let rows = kit.db.read(move |conn| store::session::list_live(conn, &account, now)).await.expect("sessions");
    rows.into_iter().map(|row| row.id).collect()
}

async fn open_cards(kit: &Kit, manager: &Seller) -> usize {
    let (cooperative, now) = (manager.cooperative.clone(), kit.now());
    kit.db.read(move |conn| store::sign_in::list_open_cards(conn, &cooperative, now)).await.expect("cards").len()
}

/// Nobody met a fault; being too late is none.
#[track_caller]
fn nobody_fell<T>(all: &[Result<T, ServiceError>]) {
    for error in all.iter().filter_map(|one| one.as_ref().err()) {
        assert!(!matches!(error, ServiceError::Broken(_) | ServiceError::Unavailable { .. }), "{error}");
    }
}

/// Wrong tries of the packer's newest code, and whether it was used.
async fn newest_code(kit: &Kit) -> (i64, bool) {
    let newest = |conn: &mut store::Conn| {
        let row = sign_in_code::table.order((sign_in_code::made_at.desc(), sign_in_code::id.desc()));
        let row = row.select((sign_in_code::tries, sign_in_code::used_at.is_not_null()));
        row.first::<(i64, bool)>(conn).map_err(store::StoreError::from)
    };
    kit.db.read(newest).await.expect("a code")
}

async fn by_kind(kit: &Kit, account: &AccountId, kind: SignInKind) -> Entered {
    signing_in::sign_in_as(kit, account, kind, &client()).await.expect("in")
}

on_both_engines! {
    async fn a_card_pressed_by_eight_at_once_signs_one_in(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (manager, packer) = two(kit).await;
        for _ in 0..rounds() {
            let token = signing_in::issue_card(kit, &manager, &packer).await.expect("a card");
            let client = client();
            let all = join_all((0..8).map(|_| sign_in_by_card(kit, &token, &client))).await;
            assert_eq!((winners(all, "refusal-card").len(), live(kit, &packer).await.len()), (1, 1));
            end_ways_in(kit, &manager, &packer).await.expect("ended");
        }
        sound(kit).await;
    }

    async fn of_cards_printed_at_once_only_one_opens(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (manager, packer) = two(kit).await;
        for round in 0..rounds() {
            let tokens = all_done(join_all((0..4).map(|_| signing_in::issue_card(kit, &manager, &packer))).await);
            assert_eq!(open_cards(kit, &manager).await, 1, "round {round}");
            let client = client();
            let all = join_all(tokens.iter().map(|token| sign_in_by_card(kit, token, &client))).await;
            assert_eq!(winners(all, "refusal-card").len(), 1);
            end_ways_in(kit, &manager, &packer).await.expect("ended");
        }
        sound(kit).await;
    }

    async fn a_lost_phones_ways_in_end_though_its_card_is_pressed_in_the_same_moment(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (manager, packer) = two(kit).await;
        for round in 0..rounds() {
            let token = signing_in::issue_card(kit, &manager, &packer).await.expect("a card");
            let client = client();
            let (pressed, ended) = join(
                join_all((0..3).map(|_| sign_in_by_card(kit, &token, &client))),
                join_all((0..2).map(|_| end_ways_in(kit, &manager, &packer))),
            ).await;
            nobody_fell(&pressed);
            all_done(ended);
            assert_eq!((live(kit, &packer).await.len(), open_cards(kit, &manager).await), (0, 0), "round {round}");
        }
        sound(kit).await;
    }

    async fn a_code_guessed_at_from_many_sides_is_used_once_and_never_after_five_wrong_tries(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (manager, packer) = two(kit).await;
        for round in 0..rounds() {
            app.clock.advance_s(1);
            signing_in::ask_for_code(kit, PACKER, &client()).await.expect("a code");
            let right = signing_in::codes_to_tell(kit, &manager).await.expect("codes").pop().expect("a code").code;
            let wrong = if right == "000000" { "111111" } else { "000000" };
            // The right one comes first, in the middle or at the end of eight wrong ones, and twice.
            let guesses: Vec<&str> = (0..10).map(|n| if n / 2 == round % 5 { &*right } else { wrong }).collect();
            let client = client();
            let all = join_all(guesses.iter().map(|guess| sign_in_by_code(kit, PACKER, guess, &client))).await;
            let (tries, is_used) = newest_code(kit).await;
            assert_eq!(winners(all, "refusal-code").len(), usize::from(is_used), "round {round}");
            assert!(if is_used { tries < 5 } else { tries == 10 }, "round {round}: {tries} tries, used: {is_used}");
        }
        assert!(live(kit, &packer).await.len() <= rounds() as usize);
        sound(kit).await;
    }

    async fn codes_asked_for_at_once_are_no_more_than_an_hour_allows(db: TestDb) {
        let app = TestApp::start_with(db, |config| config.has_limits = true).await;
        let kit = &app.kit;
        two(kit).await;
        for round in 0..rounds() {
            app.clock.advance_s(3_601);
            let client = client();
            let all = join_all((0..8).map(|_| signing_in::ask_for_code(kit, PACKER, &client))).await;
            let given = all.iter().filter(|one| one.is_ok()).count();
            assert_eq!(given, 5, "round {round}: {all:?}");
            assert!(all.iter().filter_map(|one| one.as_ref().err()).all(|e| matches!(e, ServiceError::TooMany { .. })));
        }
        sound(kit).await;
    }

    async fn who_signs_in_with_the_old_password_while_it_is_changed_is_not_in_afterwards(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let account = app.account("Bà Tám").await;
        let mut old = PASSWORD.to_owned();
        for round in 0..rounds() / 2 {
            let me = by_kind(kit, &account, SignInKind::Code).await.me;
            let new = format!("ruộng nhà bà Tám {round}");
            let client = client();
            // Half a hash later: who reads the old hash now computes while the new one is written.
            let guests = async {
                tokio::time::sleep(Duration::from_millis(8)).await;
                let ins = (0..4).map(|_| signing_in::sign_in_by_password(kit, &me.phone, Secret::new(&old), &client));
                join_all(ins).await
            };
            let (changed, guests) = join(set_password(kit, &me, Secret::new(""), Secret::new(&new)), guests).await;
            changed.expect("changed");
            nobody_fell(&guests);
            assert_eq!(live(kit, &account).await, [me.session], "round {round}");
            old = new;
        }
        sound(kit).await;
    }

    async fn of_two_new_passwords_given_at_once_for_one_old_one_is_kept_and_its_giver_stays(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let account = app.account("Bà Tám").await;
        let mut old = PASSWORD.to_owned();
        for round in 0..rounds() / 4 {
            let one = by_kind(kit, &account, SignInKind::Password).await.me;
            let two = by_kind(kit, &account, SignInKind::Password).await.me;
            let (first, second) = (format!("ruộng thứ nhất {round}"), format!("ruộng thứ hai {round}"));
            let (of_one, of_two) = join(
                set_password(kit, &one, Secret::new(&old), Secret::new(&first)),
                set_password(kit, &two, Secret::new(&old), Secret::new(&second)),
            ).await;
            assert!(of_one.is_ok() != of_two.is_ok(), "round {round}: {of_one:?} {of_two:?}");
            let (stays, new) = if of_one.is_ok() { (one, first) } else { (two, second) };
            winners(vec![of_one, of_two], "refusal-old-password");
            assert_eq!(live(kit, &account).await, [stays.session], "round {round}");
            old = new;
        }
        sound(kit).await;
    }

    async fn a_session_ended_while_it_is_used_is_ended_once_and_stays_ended(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (manager, packer) = two(kit).await;
        for round in 0..rounds() {
            let entered = by_kind(kit, &packer, SignInKind::Password).await;
            // So long that its next visit is written down.
            app.clock.advance_s(601);
            let (used, (moved, ended)) = join(
                join_all((0..4).map(|_| signing_in::find_session(kit, &entered.token))),
                join(
                    signing_in::switch_cooperative(kit, &entered.me, &manager.cooperative),
                    join_all((0..3).map(|_| signing_in::end_session(kit, &entered.me, &entered.me.session))),
                ),
            ).await;
            all_done(used);
            moved.expect("moved");
            nobody_fell(&ended);
            assert_eq!(ended.iter().filter(|one| one.is_ok()).count(), 1, "round {round}");
            signing_in::sign_out(kit, &entered.me).await.expect("a second press finds it done");
            assert!(signing_in::find_session(kit, &entered.token).await.expect("read").is_none());
        }
        sound(kit).await;
    }
}
