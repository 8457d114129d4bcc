//! Money that people decide about: a person's word is never taken for the bank's, what waits ends by one decision with a name,
//! and two who decide at once do not both. After each test every invariant is checked.

use crate::kit::TestDb;
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{Coop, Goods, Movement, Placed, coop, goods, look, order, seller, tell};
use crate::on_both_engines;
use ganh::domain::account::MemberRole;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::payment::{BankEventState, MoneyCaseReason, MoneyCaseState, ProofGrade};
use ganh::domain::settlement::Settlement;
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::money_list::{Resolution, mark_money_received, resolve_case, take_cash, take_cash_as_seen};
use ganh::service::{ending, handling, money_view, verifying};
use ganh::store;
use ganh::store::bank::MoneyCase;

async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
    (app, coop, fruit)
}

async fn check(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
}

async fn waiting(kit: &Kit, coop: &Coop) -> Vec<MoneyCase> {
    let id = coop.id.clone();
    kit.db.read(move |conn| store::bank::list_open_cases(conn, Some(&id), 100)).await.expect("cases")
}

/// A transfer whose sender forgot the code, of as much as an open order costs.
async fn unknown_money(app: &TestApp, coop: &Coop, amount_vnd: i64) -> MoneyCase {
    tell(app, coop, &Movement::to(coop, "chuyen tien hang", amount_vnd)).await.is(200);
    let cases = waiting(&app.kit, coop).await;
    cases.into_iter().find(|case| case.reason == MoneyCaseReason::Unmatched).expect("somebody is asked")
}

async fn stands(kit: &Kit, order: &Placed) -> (OrderState, Settlement) {
    let view = look(kit, &order.id).await;
    (view.order.state, view.settlement)
}

on_both_engines! {
    async fn a_persons_word_looks_different_from_the_banks_for_everybody(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (said, proven) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "1")]).await);
        mark_money_received(&app.kit, &coop.seller, &said.id, Money(20_000)).await.expect("said");
        tell(&app, &coop, &Movement::paying(&coop, &proven)).await.is(200);
        let (word, bank) = (look(&app.kit, &said.id).await, look(&app.kit, &proven.id).await);
        assert_eq!((word.proof(), bank.proof()), (Some(ProofGrade::ByHand), Some(ProofGrade::BankMessage)));
        assert_eq!((&word.money[0].said_by, &bank.money[0].said_by), (&Some(coop.seller.account.clone()), &None));
        let actor = app.signed_in(&coop.seller.account).await;
        let page = actor.get("/ban-hang/tien").await.is(200);
        page.says(said.code.as_text()).says(&coop.seller.name);
        assert!(!page.body.contains(proven.code.as_text()), "what the bank has told asks nobody");
        let packer = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        let third = order(&app.kit, &[(&fruit, "1")]).await;
        let refused = mark_money_received(&app.kit, &packer, &third.id, Money(20_000)).await;
        assert!(matches!(refused, Err(ServiceError::Forbidden)), "{refused:?}");
        assert_eq!(refusals(mark_money_received(&app.kit, &coop.seller, &third.id, Money(20_001)).await), ["refusal-more-than-due"]);
        assert_eq!(refusals(mark_money_received(&app.kit, &coop.seller, &said.id, Money(1)).await), ["refusal-already-paid"]);
        check(&app.kit).await;
    }

    async fn unknown_money_given_to_an_order_pays_it_and_ends_the_case_under_a_name(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let case = unknown_money(&app, &coop, 20_000).await;
        let actor = app.signed_in(&coop.seller.account).await;
        actor.get("/ban-hang/tien").await.is(200).says("Tiền chưa rõ của đơn nào").says(order.code.as_text());
        let way = format!("/ban-hang/tien/{}", case.id);
        actor.post(&way, &[("how", "assign"), ("code", "HT222222A")]).await.is(422);
        actor.post(&way, &[("how", "assign"), ("code", order.code.as_text())]).await.is(303);
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        assert!(waiting(&app.kit, &coop).await.is_empty());
        actor.post(&way, &[("how", "assign"), ("code", order.code.as_text())]).await.is(409).says("đã có người xử lý xong");
        assert_eq!(look(&app.kit, &order.id).await.balance.received, Money(20_000), "the second press books nothing");
        let money = money_view::show_money(&app.kit, &coop.seller, "").await.expect("the list");
        let decided = &money.decided[0];
        assert_eq!((decided.resolved_by.as_ref(), decided.state), (Some(&coop.seller.account), MoneyCaseState::Resolved));
        assert_eq!(decided.resolution.as_deref(), Some(format!("assigned:{}", order.code).as_str()));
        check(&app.kit).await;
    }

    async fn unknown_money_put_aside_is_kept_among_other_money(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let case = unknown_money(&app, &coop, 20_000).await;
        for how in [Resolution::Seen, Resolution::SentBack] {
            assert_eq!(refusals(resolve_case(&app.kit, &coop.seller, &case.id, &how).await), ["refusal-case-needs-decision"], "{how:?}");
        }
        resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::OtherMoney).await.expect("not ours");
        assert_eq!(stands(&app.kit, &order).await, (OrderState::AwaitingPayment, Settlement::Unpaid));
        let id = coop.id.clone();
        let aside = app.kit.db.read(move |conn| store::bank::list_events(conn, &id, BankEventState::OtherMoney, 10)).await.expect("events");
        assert_eq!(aside.iter().map(|event| event.amount_vnd).collect::<Vec<_>>(), [Money(20_000)]);
        let actor = app.signed_in(&coop.seller.account).await;
        actor.get("/ban-hang/tien").await.is(200).says("cất sang tiền khác").says("chuyen tien hang");
        check(&app.kit).await;
    }

    async fn another_cooperatives_case_and_orders_are_not_there(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let other = crate::kit::bank::coop(&app.kit, "Gà Đông Tảo").await;
        let eggs = goods(&app.kit, &other, "Trứng", 20_000, 10).await;
        let (mine, theirs) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&eggs, "1")]).await);
        let case = unknown_money(&app, &coop, 20_000).await;
        let foreign = resolve_case(&app.kit, &other.seller, &case.id, &Resolution::OtherMoney).await;
        assert!(matches!(foreign, Err(ServiceError::NotFound)), "{foreign:?}");
        let to_theirs = resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::Assign(theirs.code.clone())).await;
        assert_eq!(refusals(to_theirs), ["refusal-order-unknown"]);
        let packer = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        let without = resolve_case(&app.kit, &packer, &case.id, &Resolution::OtherMoney).await;
        assert!(matches!(without, Err(ServiceError::Forbidden)), "{without:?}");
        ending::cancel_order(&app.kit, &mine.id).await.expect("taken back");
        let dead = resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::Assign(mine.code.clone())).await;
        assert_eq!(refusals(dead), ["refusal-order-ended"]);
        assert_eq!(waiting(&app.kit, &coop).await.len(), 1, "it still waits");
        check(&app.kit).await;
    }

    async fn two_people_deciding_at_once_decide_once_and_the_other_is_told(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        for round in 0..10 {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            let case = unknown_money(&app, &coop, 20_000).await;
            let hows = [(coop.seller.clone(), Resolution::Assign(order.code.clone())), (second.clone(), Resolution::OtherMoney)];
            let tasks = hows.map(|(by, how)| {
                let (kit, id) = (app.kit.clone(), case.id.clone());
                tokio::spawn(async move { resolve_case(&kit, &by, &id, &how).await })
            });
            let done: Vec<_> = futures_util::future::join_all(tasks).await.into_iter().map(|task| task.expect("no panic")).collect();
            let assigned = done[0].is_ok();
            assert!(assigned != done[1].is_ok(), "round {round}: {done:?}");
            let paid = look(&app.kit, &order.id).await.balance.received;
            assert_eq!(paid, if assigned { Money(20_000) } else { Money(0) }, "round {round}");
            let told = done.into_iter().find(Result::is_err).expect("one is told");
            assert_eq!(refusals(told), ["refusal-case-resolved"]);
            let money = money_view::show_money(&app.kit, &coop.seller, "").await.expect("the list");
            let by = &money.decided.iter().find(|decided| decided.id == case.id).expect("decided").resolved_by;
            assert_eq!(by.as_ref(), Some(if assigned { &coop.seller.account } else { &second.account }));
            drop(ending::cancel_order(&app.kit, &order.id).await);
            for case in waiting(&app.kit, &coop).await {
                resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::SentBack).await.expect("sent back");
            }
        }
        check(&app.kit).await;
    }

    async fn money_owed_back_waits_until_a_person_has_sent_it_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        handling::decline_order(&app.kit, &coop.seller, &order.id, "Vườn bị ngập").await.expect("no");
        let case = waiting(&app.kit, &coop).await.pop().expect("a refund");
        assert_eq!((case.reason, case.amount_vnd), (MoneyCaseReason::Refund, Money(40_000)));
        let actor = app.signed_in(&coop.seller.account).await;
        actor.get("/ban-hang/tien").await.is(200).says("Cần trả lại tiền cho khách").says("40.000");
        assert_eq!(refusals(resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::Seen).await), ["refusal-case-needs-decision"]);
        let way = format!("/ban-hang/tien/{}", case.id);
        actor.post(&way, &[("how", "sent_back")]).await.is(303);
        actor.post(&way, &[("how", "sent_back")]).await.is(409);
        let view = look(&app.kit, &order.id).await;
        assert_eq!((view.settlement, view.balance.refund_due, view.balance.refunded), (Settlement::Refunded, Money(0), Money(40_000)));
        check(&app.kit).await;
    }

    async fn cash_that_two_people_take_at_once_is_taken_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        for amount_vnd in [20_000, 5_000] {
            let mut raw = crate::kit::bank::checkout(&[(&fruit, "1")]);
            raw.payment = "cod".into();
            let order = crate::kit::bank::orders(&app.kit, &raw).await.pop().expect("an order");
            let tasks = [&coop.seller, &second, &coop.seller, &second].map(|by| {
                let (kit, by, id) = (app.kit.clone(), by.clone(), order.id.clone());
                tokio::spawn(async move { take_cash_as_seen(&kit, &by, &id, Money(amount_vnd), Some(Money(20_000))).await })
            });
            let done: Vec<_> = futures_util::future::join_all(tasks).await.into_iter().map(|task| task.expect("no panic")).collect();
            assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1, "{done:?}");
            assert!(done.iter().all(|result| matches!(result, Ok(()) | Err(ServiceError::Changed(_)))), "{done:?}");
            assert_eq!(look(&app.kit, &order.id).await.balance.received, Money(amount_vnd));
        }
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        assert_eq!(refusals(take_cash(&app.kit, &coop.seller, &order.id, Money(0)).await), ["refusal-more-than-due"]);
        check(&app.kit).await;
    }
}
