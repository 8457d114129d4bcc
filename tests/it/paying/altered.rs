//! What is not the bank's word: altered, unsigned, for nobody, by an old secret, too large; and what is late but true.

use super::*;
use diesel::prelude::*;
use ganh::gateway::bank::sepay;
use ganh::store::schema::bank_account;

async fn nothing_happened(app: &TestApp, coop: &Coop, order: &Placed) {
    assert_eq!(stands(&app.kit, order).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
    for state in BankEventState::ALL {
        assert!(events(&app.kit, coop, *state).await.is_empty(), "an unproven message was stored as {state}");
    }
    check(&app.kit).await;
}

on_both_engines! {
    async fn an_altered_or_unsigned_message_is_refused_and_not_stored(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let movement = Movement::paying(&coop, &order);
        let (body, now_s) = (movement.body(), app.kit.now().unix_seconds());
        let secret = coop.receiving.secret.clone().expect("a secret");
        let path = format!("/webhooks/bank/sepay/{}", coop.receiving.path_id);
        let visitor = app.visitor();
        let signature = sepay::sign(&secret, now_s, body.as_bytes());
        let send = |stamp: String, signature: String, body: String| {
            let request = visitor.request("POST", &path).header(sepay::TIMESTAMP_HEADER, stamp).header(sepay::SIGNATURE_HEADER, signature);
            visitor.send(request.body(body))
        };
        // A bit of the amount, a bit of the signature, another second, nothing at all.
        let cheaper = body.replace("20000", "20001");
        assert_ne!(cheaper, body);
        send(now_s.to_string(), signature.clone(), cheaper).await.is(401);
        let last = if signature.ends_with('0') { '1' } else { '0' };
        let flipped = format!("{}{last}", &signature[..signature.len() - 1]);
        send(now_s.to_string(), flipped, body.clone()).await.is(401);
        send((now_s + 1).to_string(), signature.clone(), body.clone()).await.is(401);
        visitor.send(visitor.request("POST", &path).body(body.clone())).await.is(401);
        visitor.send(visitor.request("POST", &path)).await.is(401);
        nothing_happened(&app, &coop, &order).await;
        let figures = visitor.get("/metrics").await.body;
        assert!(figures.contains(r#"word="bad_signature"} 5"#), "{figures}");
    }

    async fn an_unknown_account_is_answered_like_a_bad_signature(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let body = Movement::paying(&coop, &order).body();
        let now_s = app.kit.now().unix_seconds();
        let unknown = bank::post_signed(&app, "khong-co", "any", now_s, &body).await.is(401);
        let wrong = bank::post_signed(&app, &coop.receiving.path_id, "not the secret", now_s, &body).await.is(401);
        assert_eq!(unknown.body, wrong.body);
        let names = |answer: &crate::kit::app::Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&unknown), names(&wrong));
        // Another provider's door for the same account is no door.
        let visitor = app.visitor();
        let path = format!("/webhooks/bank/generic/{}", coop.receiving.path_id);
        visitor.send(visitor.request("POST", &path).body(body)).await.is(401);
        nothing_happened(&app, &coop, &order).await;
    }

    async fn a_body_beyond_64_kib_is_refused(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let huge = Movement::to(&coop, "x".repeat(70_000), 20_000);
        tell(&app, &coop, &huge).await.is(413);
        nothing_happened(&app, &coop, &order).await;
    }

    async fn signed_nonsense_is_told_so(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let secret = coop.receiving.secret.clone().expect("a secret");
        let now_s = app.kit.now().unix_seconds();
        for body in ["", "{}", "[1]", r#"{"id":null,"transferType":"in","transferAmount":1000}"#] {
            bank::post_signed(&app, &coop.receiving.path_id, &secret, now_s, body).await.is(400);
        }
        nothing_happened(&app, &coop, &order).await;
    }

    async fn a_true_message_with_an_old_timestamp_is_booked_and_marked(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let secret = coop.receiving.secret.clone().expect("a secret");
        let three_days_ago = app.kit.now().unix_seconds() - 3 * 86_400;
        let body = Movement::paying(&coop, &order).body();
        bank::post_signed(&app, &coop.receiving.path_id, &secret, three_days_ago, &body).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        assert!(events(&app.kit, &coop, BankEventState::Booked).await[0].is_stale);
        check(&app.kit).await;
    }

    async fn the_secret_before_signs_until_its_end_and_no_longer(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let before = coop.receiving.secret.clone().expect("a secret");
        let sealed = |text: &str| app.kit.keys.seal("webhook", text.as_bytes()).expect("sealed");
        let (old, new, until) = (sealed(&before), sealed("the new secret"), app.kit.now().plus_minutes(60));
        let path = coop.receiving.path_id.clone();
        app.kit.db.write(move |conn| {
            let row = bank_account::table.filter(bank_account::path_id.eq(&path));
            let values = (
                bank_account::secret_sealed.eq(&new),
                bank_account::secret_before_sealed.eq(&old),
                bank_account::secret_before_until.eq(until),
            );
            diesel::update(row).set(values).execute(conn).map_err(store::StoreError::from)
        }).await.expect("a rotation");
        let orders = [order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "1")]).await];
        let post = async |secret: &str, order: &Placed| {
            let body = Movement::paying(&coop, order).body();
            bank::post_signed(&app, &coop.receiving.path_id, secret, app.kit.now().unix_seconds(), &body).await
        };
        post(&before, &orders[0]).await.is(200);
        post("the new secret", &orders[1]).await.is(200);
        app.clock.advance_s(3_601);
        post(&before, &orders[2]).await.is(401);
        check(&app.kit).await;
    }
}
