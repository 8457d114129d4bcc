//! What the outbox owes is paid: letters in the reader's language, once each, again when the server was not there, parked when they can
//! never go; one bad letter keeps no other, and no order ever waits for mail.

use crate::kit::app::TestApp;
use crate::kit::bank::{Movement, coop, goods, order, tell};
use crate::on_both_engines;
use diesel::prelude::*;
use ganh::domain::lang::Lang;
use ganh::domain::message::{MessageKind, MessageState, OutboxState};
use ganh::service::answer_clock::ask_for_answers;
use ganh::service::dispatch::dispatch_due;
use ganh::service::kit::Kit;
use ganh::service::{verifying, wording};
use ganh::store;
use ganh::store::message::Message;
use ganh::store::outbox::Outbox;
use ganh::store::schema::{message, outbox};
use std::collections::HashSet;

async fn owed(kit: &Kit) -> Vec<Outbox> {
    kit.db
        .read(|conn| {
            outbox::table.order(outbox::id).select(Outbox::as_select()).load(conn).map_err(store::StoreError::from)
        })
        .await
        .expect("rows")
}

async fn messages(kit: &Kit) -> Vec<Message> {
    kit.db
        .read(|conn| {
            message::table.order(message::id).select(Message::as_select()).load(conn).map_err(store::StoreError::from)
        })
        .await
        .expect("rows")
}

/// Works until nothing is due.
pub async fn drain(kit: &Kit) {
    while dispatch_due(kit).await.expect("a round") > 0 {}
}

/// Nothing is owed to the world any more.
pub async fn assert_outbox_is_empty(kit: &Kit) {
    let left: Vec<_> = owed(kit).await.into_iter().filter(|row| row.state != OutboxState::Done).collect();
    assert!(left.is_empty(), "{left:#?}");
}

on_both_engines! {
    async fn every_letter_goes_once_with_its_own_id(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        for _ in 0..6 {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        }
        // Those who answer for the cooperative are asked by its clock.
        ask_for_answers(&app.kit).await.expect("asked");
        // Three workers at once.
        tokio::join!(drain(&app.kit), drain(&app.kit), drain(&app.kit));
        assert_outbox_is_empty(&app.kit).await;
        let sent = app.kit.mail.sent();
        let ids: HashSet<_> = sent.iter().map(|sent| sent.letter.message_id.clone()).collect();
        // Made, paid, and the cooperative's.
        assert_eq!((sent.len(), ids.len()), (18, 18));
        assert!(messages(&app.kit).await.iter().all(|message| message.state == MessageState::Sent));
        drain(&app.kit).await;
        assert_eq!(app.kit.mail.sent().len(), 18);
        let made = sent.iter().find(|sent| sent.letter.subject.starts_with("Đơn hàng MU")).expect("the purchase's letter");
        assert!(made.letter.text.contains("/mua/MU") && made.letter.text.contains("?k="), "{}", made.letter.text);
        assert!(verifying::verify(&app.kit).await.expect("a report").is_sound());
    }

    async fn a_letter_that_cannot_be_written_is_parked_and_the_others_go(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        let bad = order(&app.kit, &[(&fruit, "1")]).await;
        let poison = messages(&app.kit).await.remove(0);
        let id = poison.id.clone();
        app.kit.db.write(move |conn| {
            diesel::update(message::table.find(&id)).set(message::kind.eq("no_such_kind")).execute(conn).map_err(store::StoreError::from)
        }).await.expect("poisoned");
        tell(&app, &coop, &Movement::paying(&coop, &bad)).await.is(200);
        ask_for_answers(&app.kit).await.expect("asked");
        for tried in 1..=8 {
            drain(&app.kit).await;
            let row = owed(&app.kit).await.into_iter().find(|row| row.key.contains(poison.id.as_text())).expect("its row");
            assert_eq!(row.tries, tried);
            assert_eq!(row.state == OutboxState::Parked, tried == 8, "try {tried}: {row:?}");
            app.clock.advance_s(240 * 60);
        }
        assert_eq!(app.kit.mail.sent().len(), 2, "the others went at once");
        let parked = messages(&app.kit).await.into_iter().find(|message| message.id == poison.id).expect("the message");
        assert_eq!(parked.state, MessageState::Parked, "back in the people's list");
    }

    async fn a_worker_that_fell_is_followed_by_another_when_its_lease_is_up(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        order(&app.kit, &[(&fruit, "1")]).await;
        let now = app.kit.now();
        let lease = move |conn: &mut store::Conn| store::outbox::claim(conn, "who fell", now, now.plus_seconds(120), 10);
        assert_eq!(app.kit.db.write(lease).await.expect("claimed").len(), 1);
        drain(&app.kit).await;
        assert!(app.kit.mail.sent().is_empty(), "it is somebody else's for now");
        app.clock.advance_s(120);
        drain(&app.kit).await;
        assert_eq!(app.kit.mail.sent().len(), 1);
        assert_outbox_is_empty(&app.kit).await;
    }

    async fn every_kind_of_message_has_its_words_in_both_languages(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        order(&app.kit, &[(&fruit, "1")]).await;
        let sample = messages(&app.kit).await.remove(0);
        let sealed = app.kit.keys.seal(MessageKind::SignInCode.as_text(), b"123456").expect("sealed");
        let args = serde_json::json!({"code": "HT7K2M9QA", "total": "<b>20.000 ₫</b>", "reason": "over", "minutes": "10"});
        for kind in MessageKind::ALL {
            for lang in Lang::ALL {
                let mut args = args.clone();
                if *kind == MessageKind::SignInCode {
                    args["sealed_code"] = serde_json::json!(sealed);
                }
                let message = Message { kind: kind.to_string(), language: lang.to_string(), args: args.to_string(), ..sample.clone() };
                let words = wording::words_of(&app.kit, &message).expect("words");
                for text in [&words.subject, &words.text, &words.html] {
                    assert!(!text.contains("mail-") && !text.contains("{"), "{kind} {lang}: {text}");
                }
                assert!(!words.subject.is_empty() && !words.subject.contains('\n') && !words.subject.contains("123456"), "{}", words.subject);
                assert!(!words.html.contains("<b>"), "a value is never markup: {}", words.html);
            }
        }
    }
}
