//! The clock of claims, and the operator: asked in the cooperative's hours, each stage once however long no worker ran, found and asked
//! for, refused and done after all.

use super::*;
use crate::kit::make::operator;
use ganh::domain::message::MessageKind;
use ganh::service::claim_clock::follow_claims;

async fn follow(kit: &Kit) {
    while follow_claims(kit).await.expect("a round") > 0 {}
}

/// How many words of each stage were written for an order, to the cooperative and to the buyer.
async fn words(kit: &Kit, order: &OrderId) -> (Vec<String>, Vec<String>) {
    use diesel::prelude::*;
    use ganh::store::schema::message;
    let id = order.clone();
    let rows: Vec<(String, String)> = kit
        .db
        .read(move |conn| {
            let query = message::table.filter(message::order_id.eq(&id)).order(message::id);
            Ok::<_, store::StoreError>(query.select((message::kind, message::args)).load(conn)?)
        })
        .await
        .expect("words");
    let of = |kind: MessageKind, name: &str| {
        let rows = rows.iter().filter(|(row, _)| *row == kind.as_text());
        let mut words: Vec<String> = rows
            .map(|(_, args)| {
                serde_json::from_str::<serde_json::Value>(args).expect("args")[name]
                    .as_str()
                    .expect("a word")
                    .to_owned()
            })
            .collect();
        words.sort();
        words
    };
    (of(MessageKind::ClaimMade, "stage"), of(MessageKind::ClaimAnswered, "step"))
}

on_both_engines! {
    async fn a_silent_cooperative_is_asked_twice_in_its_hours_and_the_operator_looks_once_with_or_without_a_worker(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let order = received(kit, &coop, &[(&fruit, "2")]).await;
        let claim = claimed(kit, &order, "1").await;
        follow(kit).await;
        app.clock.advance_s(4 * 3600);
        follow(kit).await;
        follow(kit).await;
        assert_eq!(words(kit, &order.id).await, (vec!["again".into(), "asked".into()], vec![]));
        // Another, of which nobody takes care for a day.
        let other = received(kit, &coop, &[(&fruit, "2")]).await;
        let slept = claimed(kit, &other, "").await;
        app.clock.advance_s(24 * 3600);
        follow(kit).await;
        follow(kit).await;
        assert_eq!(words(kit, &other.id).await, (vec!["escalated".into()], vec!["escalated".into()]));
        for (order, claim) in [(&order, &claim), (&other, &slept)] {
            assert_eq!(claims(kit, &order.id).await[0].state, ClaimState::Escalated);
            let all = steps(kit, &claim.id).await;
            assert_eq!(all.iter().map(|step| step.event).collect::<Vec<_>>(), [ClaimEvent::Made, ClaimEvent::Escalated]);
        }
        let market = app.operator().await;
        market.get("/van-hanh").await.is(200).says("Khách báo hàng hỏng");
        market.get("/van-hanh/bao-hang").await.is(200).says("Ban quản lý chợ đang xem");
        check(kit).await;
    }

    async fn the_operator_finds_the_cooperative_refuses_and_pays_after_all(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let order = received(kit, &coop, &[(&fruit, "2")]).await;
        let claim = claimed(kit, &order, "1").await;
        let (by, id) = (&coop.seller, &claim.id);
        // No two things happen at the same instant.
        let tick = || app.clock.advance_s(1);
        tick();
        decide(kit, by, id, ClaimState::Open, Decision::Decline, "Lúc giao còn tươi").await.expect("no");
        tick();
        for _ in 0..2 {
            claiming::escalate(kit, &order.id, id, ClaimState::Declined, "Ảnh chụp lúc mở thùng").await.expect("further");
        }
        tick();
        let market = operator(kit, 77).await;
        let found = |amount: i64, words: &'static str| record_finding(kit, &market, id, ClaimState::Escalated, Money(amount), words);
        assert_eq!(refusals(found(20_000, " ").await), ["refusal-claim-words"]);
        assert_eq!(refusals(found(40_001, "Quá").await), ["refusal-claim-amount"]);
        for _ in 0..2 {
            found(15_000, "Ảnh rõ, thùng còn dán tem").await.expect("found");
        }
        tick();
        // The operator moves no money.
        assert_eq!(look(kit, &order.id).await.balance.refund_due, Money::ZERO);
        let mine = app.signed_in(&coop.seller.account).await;
        let desk = format!("/ban-hang/bao-hang/{id}");
        mine.get(&desk).await.is(200).says("Ban quản lý chợ đề nghị trả lại 15.000").says("value=\"15.000\"");
        mine.post(&desk, &[("act", "refuse"), ("reason", "Không đồng ý"), ("seen", "found")]).await.is(303);
        tick();
        assert_eq!(claims(kit, &order.id).await[0].state, ClaimState::Unmet);
        app.operator().await.get(&format!("/van-hanh/bao-hang/{id}")).await.is(200).says("Không đồng ý").says("HTX chưa làm như đề nghị");
        decide(kit, by, id, ClaimState::Unmet, Decision::Accept(Money(15_000)), "Thôi trả").await.expect("after all");
        assert_eq!(look(kit, &order.id).await.balance.refund_due, Money(15_000));
        check(kit).await;
        // Nobody takes it further: three days later it is closed, once.
        app.clock.advance_s(72 * 3600);
        follow(kit).await;
        follow(kit).await;
        let events: Vec<_> = steps(kit, id).await.iter().map(|step| step.event).collect();
        use ClaimEvent as E;
        assert_eq!(events, [E::Made, E::Declined, E::Escalated, E::Found, E::Unmet, E::Accepted, E::RanOut]);
        // Another cooperative's people and another order's key do not reach it.
        let stranger = bank::coop(kit, "Nhà Khác").await;
        let no = decide(kit, &stranger.seller, id, ClaimState::Closed, Decision::Decline, "x").await;
        assert!(matches!(no, Err(ServiceError::NotFound)));
        let other = received(kit, &coop, &[(&fruit, "1")]).await;
        assert!(matches!(claiming::close_claim(kit, &other.id, id, ClaimState::Closed).await, Err(ServiceError::NotFound)));
        check(kit).await;
    }
}
