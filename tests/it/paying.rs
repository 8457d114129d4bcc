//! Money comes: what a bank tells over HTTP becomes what is booked, what the order is, and what waits for a person. After each
//! test every invariant is checked.

mod altered;
mod anchors;
mod by_hand;
mod late;
mod lived;
mod races;
mod schedule;

use crate::kit::TestDb;
use crate::kit::app::TestApp;
use crate::kit::bank::{self, Coop, Goods, Movement, Placed, coop, goods, look, order, tell};
use crate::on_both_engines;
use ganh::domain::order::OrderState;
use ganh::domain::payment::{BankEventState, MoneyCaseReason, MoneyCaseState};
use ganh::domain::settlement::Settlement;
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::verifying;
use ganh::store;
use ganh::store::bank::{BankEvent, MoneyCase};

/// A market with one cooperative and 100 kg of one fruit at 20,000 đ.
pub async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
    (app, coop, fruit)
}

/// One more cooperative with goods of its own, in the same market.
pub async fn another(app: &TestApp) -> (Coop, Goods) {
    let coop = coop(&app.kit, "Nhãn Muộn").await;
    let fruit = goods(&app.kit, &coop, "Nhãn muộn", 20_000, 100).await;
    (coop, fruit)
}

#[track_caller]
pub fn is_sound(report: &verifying::Report) {
    assert!(report.is_sound(), "{:#?}", report.broken());
}

/// Everything that must hold does hold.
pub async fn check(kit: &Kit) {
    is_sound(&verifying::verify(kit).await.expect("a report"));
}

/// What the people's list of a cooperative asks, oldest first.
pub async fn asked(kit: &Kit, coop: &Coop) -> Vec<MoneyCase> {
    let id = coop.id.clone();
    kit.db
        .read(move |conn| Ok::<_, ServiceError>(store::bank::list_open_cases(conn, Some(&id), 100)?))
        .await
        .expect("cases")
}

pub async fn reasons(kit: &Kit, coop: &Coop) -> Vec<(MoneyCaseReason, i64)> {
    asked(kit, coop).await.into_iter().map(|case| (case.reason, case.amount_vnd.vnd())).collect()
}

pub async fn events(kit: &Kit, coop: &Coop, state: BankEventState) -> Vec<BankEvent> {
    let id = coop.id.clone();
    kit.db
        .read(move |conn| Ok::<_, ServiceError>(store::bank::list_events(conn, &id, state, 500)?))
        .await
        .expect("events")
}

/// State and settlement of an order, as anybody would see them.
pub async fn stands(kit: &Kit, order: &Placed) -> (OrderState, Settlement) {
    let view = look(kit, &order.id).await;
    (view.order.state, view.settlement)
}

on_both_engines! {
    async fn exactly_what_is_due_pays_the_order(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1.5")]).await;
        let answer = tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        assert_eq!(answer.json(), serde_json::json!({"success": true}));
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
    }

    async fn one_message_told_three_times_is_booked_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        let movement = Movement::paying(&coop, &order);
        for _ in 0..3 {
            let answer = tell(&app, &coop, &movement).await.is(200);
            assert_eq!(answer.json(), serde_json::json!({"success": true}));
        }
        assert_eq!(look(&app.kit, &order.id).await.balance.received.vnd(), 40_000);
        assert_eq!(events(&app.kit, &coop, BankEventState::Booked).await.len(), 1);
        let figures = app.visitor().get("/metrics").await.body;
        assert!(figures.contains(r#"word="taken"} 1"#) && figures.contains(r#"word="seen"} 2"#), "{figures}");
        check(&app.kit).await;
    }

    async fn the_same_money_told_under_two_ids_is_booked_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        let first = Movement::paying(&coop, &order);
        let again = Movement { id: first.id + 500_000, ..first.clone() };
        tell(&app, &coop, &first).await.is(200);
        tell(&app, &coop, &again).await.is(200);
        assert_eq!(look(&app.kit, &order.id).await.balance.received.vnd(), 40_000);
        check(&app.kit).await;
    }

    async fn less_than_is_due_waits_for_the_rest(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::to(&coop, &order.code, 15_000)).await.is(200);
        let view = look(&app.kit, &order.id).await;
        assert_eq!((view.order.state, view.settlement), (OrderState::AwaitingPayment, Settlement::Partial));
        assert_eq!(view.due.vnd(), 25_000);
        let pay = view.pay.expect("a fresh code for the rest");
        assert_eq!(pay.amount.vnd(), 25_000);
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
        tell(&app, &coop, &Movement::to(&coop, &order.code, 25_000)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        check(&app.kit).await;
    }

    async fn more_than_is_due_pays_and_the_rest_waits_to_go_back(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let other = bank::coop(&app.kit, "Gà Đông Tảo").await;
        let eggs = goods(&app.kit, &other, "Trứng", 30_000, 10).await;
        let both = bank::orders(&app.kit, &bank::checkout(&[(&fruit, "1"), (&eggs, "1")])).await;
        let (mine, theirs) = if both[0].total_vnd == 20_000 { (&both[0], &both[1]) } else { (&both[1], &both[0]) };
        // The whole sum of the checkout came to one account.
        tell(&app, &coop, &Movement::to(&coop, &mine.code, 50_000)).await.is(200);
        assert_eq!(stands(&app.kit, mine).await, (OrderState::Placed, Settlement::Over));
        let cases = asked(&app.kit, &coop).await;
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Over, 30_000)]);
        assert_eq!(cases[0].candidates, theirs.code.to_string());
        assert_eq!(stands(&app.kit, theirs).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        check(&app.kit).await;
    }

    async fn an_order_that_is_paid_twice_owes_the_second_money_back(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Over));
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Duplicate, 20_000)]);
        check(&app.kit).await;
    }

    async fn another_cooperatives_account_never_pays_our_order(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let other = bank::coop(&app.kit, "Gà Đông Tảo").await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &other, &Movement::to(&other, &order.code, 20_000)).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        assert_eq!(events(&app.kit, &other, BankEventState::OtherMoney).await.len(), 1);
        assert!(events(&app.kit, &coop, BankEventState::Booked).await.is_empty());
        check(&app.kit).await;
    }

    async fn another_account_of_the_owner_is_no_payment_and_waits(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        // One webhook tells of several accounts of its owner: this one is not the one on the code.
        let elsewhere = Movement { account: "9999999999".into(), ..Movement::paying(&coop, &order) };
        tell(&app, &coop, &elsewhere).await.is(200);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::WrongAccount, 20_000)]);
        assert_eq!(events(&app.kit, &coop, BankEventState::Waiting).await.len(), 1);
        check(&app.kit).await;
    }

    async fn money_without_a_code_waits_only_when_an_open_order_costs_as_much(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement::to(&coop, "NGUYEN VAN A chuyen khoan", 20_000)).await.is(200);
        tell(&app, &coop, &Movement::to(&coop, "tien dien thang 11", 333_000)).await.is(200);
        let cases = asked(&app.kit, &coop).await;
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Unmatched, 20_000)]);
        assert_eq!(cases[0].candidates, order.code.to_string());
        assert_eq!(events(&app.kit, &coop, BankEventState::OtherMoney).await.len(), 1);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        check(&app.kit).await;
    }

    async fn two_codes_in_one_memo_wait_for_a_person(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (one, two) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "2")]).await);
        tell(&app, &coop, &Movement::to(&coop, format!("{} va {}", one.code, two.code), 60_000)).await.is(200);
        let cases = asked(&app.kit, &coop).await;
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::TwoHits, 60_000)]);
        assert!(cases[0].candidates.contains(one.code.as_text()) && cases[0].candidates.contains(two.code.as_text()));
        for order in [&one, &two] {
            assert_eq!(stands(&app.kit, order).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        }
        check(&app.kit).await;
    }

    async fn money_that_leaves_and_the_test_button_change_nothing(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement { is_in: false, ..Movement::paying(&coop, &order) }).await.is(200);
        for _ in 0..2 {
            tell(&app, &coop, &Movement { id: 0, ..Movement::paying(&coop, &order) }).await.is(200);
        }
        assert_eq!(stands(&app.kit, &order).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        assert_eq!(events(&app.kit, &coop, BankEventState::Ignored).await.len(), 1, "the ping blocks no id");
        check(&app.kit).await;
    }

    async fn texts_that_no_column_can_hold_lose_no_money(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let memo = format!("{}\0 \u{1}{}", order.code, "x".repeat(20_000));
        let movement = Movement { reference: "9".repeat(9_000), ..Movement::to(&coop, memo, 20_000) };
        let long_id = movement.body().replace(&format!("\"id\":{}", movement.id), &format!("\"id\":\"{}\"", "7".repeat(9_000)));
        let secret = coop.receiving.secret.clone().expect("a secret");
        let now_s = app.kit.now().unix_seconds();
        for _ in 0..2 {
            bank::post_signed(&app, &coop.receiving.path_id, &secret, now_s, &long_id).await.is(200);
        }
        assert_eq!(look(&app.kit, &order.id).await.balance.received.vnd(), 20_000);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        check(&app.kit).await;
    }
}

/// A case of the people's list is open for `reason`.
pub async fn open_case(kit: &Kit, coop: &Coop, reason: MoneyCaseReason) -> MoneyCase {
    let found = asked(kit, coop).await.into_iter().find(|case| case.reason == reason);
    let case = found.unwrap_or_else(|| panic!("nobody is asked because of {reason}"));
    assert_eq!(case.state, MoneyCaseState::Open);
    case
}
