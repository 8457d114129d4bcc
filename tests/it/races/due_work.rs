//! What is owed and what has run out: letters, words that people pass on, parked work, forgetting. Several workers at once.

use super::*;
use crate::kit::app::TestApp;
use crate::kit::{bank, make};
use crate::on_both_engines;
use diesel::prelude::*;
use futures_util::future::{join, join_all};
use ganh::domain::account::SignInKind;
use ganh::domain::id::{CooperativeId, OutboxId};
use ganh::domain::lang::Lang;
use ganh::domain::message::{MessageState, OutboxState};
use ganh::domain::quantity::Base;
use ganh::service::dispatch::dispatch_due;
use ganh::service::operating::{mark_message_told, retry_parked};
use ganh::service::passing_on::mark_passed_on;
use ganh::service::signing_in::{self, Client, forget_old_sign_ins};
use ganh::service::tidying::{forget_run_out_codes, forget_run_out_keys};
use ganh::store;
use ganh::store::message::Message;
use ganh::store::schema::message;
use std::collections::HashSet;

async fn open_words(kit: &Kit, cooperative: Option<&CooperativeId>) -> Vec<Message> {
    let cooperative = cooperative.cloned();
    kit.db.read(move |conn| store::message::list_open(conn, cooperative.as_ref(), 500)).await.expect("words")
}

async fn all_words(kit: &Kit) -> Vec<Message> {
    let all = |conn: &mut store::Conn| {
        message::table.select(Message::as_select()).load(conn).map_err(store::StoreError::from)
    };
    kit.db.read(all).await.expect("words")
}

async fn drain(kit: &Kit) {
    while dispatch_due(kit).await.expect("a round") > 0 {}
}

on_both_engines! {
    async fn letters_taken_by_five_workers_while_people_pass_them_on_go_once_each(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 900).await;
        for round in 0..rounds() {
            join_all((0..4).map(|_| async { bank::order(kit, &[(&fruit, "1")]).await })).await;
            let words = open_words(kit, Some(&coop.id)).await;
            assert!(!words.is_empty());
            let (_, told) = join(
                join_all((0..5).map(|_| drain(kit))),
                join_all(words.iter().take(2).map(|word| mark_passed_on(kit, &coop.seller, &word.id, "zalo"))),
            ).await;
            winners(told, "refusal-told-already");
            let open = all_words(kit).await.into_iter().filter(|word| word.state == MessageState::Open).count();
            assert_eq!(open, 0, "round {round}");
        }
        let sent: Vec<String> = kit.mail.sent().into_iter().map(|sent| sent.letter.message_id).collect();
        let once: HashSet<_> = sent.iter().cloned().collect();
        assert_eq!(sent.len(), once.len(), "a letter went twice");
        let by_mail = all_words(kit).await.into_iter().filter(|word| word.state == MessageState::Sent);
        assert!(by_mail.into_iter().all(|word| once.contains(word.id.as_text())));
        let counts = kit.db.read(store::outbox::count_by_state).await.expect("counts");
        assert!(counts.iter().all(|(state, _)| *state == OutboxState::Done), "{counts:?}");
        sound(kit).await;
    }

    async fn words_passed_on_by_six_at_once_are_passed_on_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let seller = make::seller(kit, "HTX Một", 1).await;
        let operators = [make::operator(kit, 2).await, make::operator(kit, 3).await];
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        make::lot(kit, &seller, &product, Base(500_000)).await;
        for _ in 0..rounds() {
            // Nobody answers in time: the operator is asked to call.
            app.clock.set(crate::kit::app::MORNING.parse().expect("a time"));
            make::order_of(kit, "nhan-long", "1").await;
            app.clock.advance_s(121 * 60);
            ganh::service::answer_clock::ask_for_answers(kit).await.expect("asked");
            let theirs = open_words(kit, Some(&seller.cooperative)).await.remove(0);
            let markets = open_words(kit, None).await.remove(0);
            let ways = ["zalo", "sms", "call", "zalo", "sms", "call"];
            let (told, pressed) = join(
                join_all(ways.map(|how| mark_passed_on(kit, &seller, &theirs.id, how))),
                join_all(operators.iter().cycle().take(6).map(|one| mark_message_told(kit, one, &markets.id))),
            ).await;
            assert_eq!(winners(told, "refusal-told-already").len(), 1);
            all_done(pressed);
            let told = all_words(kit).await.into_iter().filter(|word| [&theirs.id, &markets.id].contains(&&word.id));
            assert!(told.into_iter().all(|word| word.state == MessageState::Told && word.told_by.is_some()));
        }
        sound(kit).await;
    }

    async fn parked_work_asked_for_again_by_six_at_once_is_owed_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let operator = make::operator(kit, 1).await;
        for round in 0..rounds() {
            let id = OutboxId::new(kit.now(), kit.ten());
            let row = store::outbox::Outbox {
                id: id.clone(),
                key: format!("index:{round}"),
                kind: "index".to_owned(),
                payload: "{\"work\":\"index\",\"product\":\"x\"}".to_owned(),
                state: OutboxState::Parked,
                due_at: kit.now(),
                tries: 8,
                lease_until: None,
                lease_by: None,
                last_error: Some("no answer".to_owned()),
                made_at: kit.now(),
                done_at: None,
            };
            kit.db.write(move |conn| store::outbox::insert(conn, &row)).await.expect("parked");
            let (asked, _) = join(
                join_all((0..6).map(|_| retry_parked(kit, &operator, &id))),
                join_all((0..2).map(|_| drain(kit))),
            ).await;
            assert_eq!(winners(asked, "refusal-not-parked").len(), 1, "round {round}");
            drain(kit).await;
        }
        let counts = kit.db.read(store::outbox::count_by_state).await.expect("counts");
        assert_eq!(counts, [(OutboxState::Done, i64::from(rounds()))]);
        sound(kit).await;
    }

    async fn what_has_run_out_is_forgotten_once_by_four_tidiers_and_nothing_else(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let account = make::person(kit, "Bà Tám", 1).await;
        let client = Client { address: "127.0.0.1".into(), device: "Test".into(), lang: Lang::Vi };
        for round in 0..rounds() {
            for _ in 0..3 {
                signing_in::sign_in_as(kit, &account, SignInKind::Password, &client).await.expect("in");
                signing_in::ask_for_code(kit, "0980000001", &client).await.expect("a code");
                signing_in::sign_in_by_code(kit, "0999999999", "123456", &client).await.expect_err("nobody");
            }
            // Old sign-ins and codes are past their end, this round's are not.
            app.clock.advance_s(121 * 86_400);
            let fresh = signing_in::sign_in_as(kit, &account, SignInKind::Password, &client).await.expect("in");
            signing_in::ask_for_code(kit, "0980000001", &client).await.expect("a code");
            signing_in::sign_in_by_code(kit, "0999999999", "123456", &client).await.expect_err("nobody");
            let (sign_ins, (codes, keys)) = join(
                join_all((0..4).map(|_| forget_old_sign_ins(kit))),
                join(
                    join_all((0..4).map(|_| forget_run_out_codes(kit))),
                    join_all((0..4).map(|_| forget_run_out_keys(kit))),
                ),
            ).await;
            let sum = |all| all_done::<usize>(all).into_iter().sum::<usize>();
            // Three sign-ins, three codes and three tries under three names each, and what was fresh in the last round.
            let before = usize::from(round > 0);
            assert_eq!((sum(sign_ins), sum(codes), sum(keys)), (3 + 9 + 4 * before, 3 + before, 0), "round {round}");
            assert!(signing_in::find_session(kit, &fresh.token).await.expect("read").is_some());
        }
        sound(kit).await;
    }
}
