//! The only account of a cooperative receives everything else too: «tiền khác» is never work, is dismissed by people and by rules,
//! comes back, and what banks wrote of it is forgotten. After each test every invariant is checked.

use crate::kit::TestDb;
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{self, Coop, Goods, Movement, coop, goods, look, order, seller, tell};
use crate::on_both_engines;
use ganh::domain::account::MemberRole;
use ganh::domain::id::BankEventId;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::other_money::RuleKind;
use ganh::domain::payment::{BankEventState, MoneyCaseState};
use ganh::service::deciding::{Resolution, resolve_case};
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::{money_view, other_money, tidying, verifying, working};
use ganh::store;
use ganh::store::bank::BankEvent;

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

async fn in_state(kit: &Kit, coop: &Coop, state: BankEventState) -> Vec<BankEvent> {
    let id = coop.id.clone();
    kit.db.read(move |conn| store::bank::list_events(conn, &id, state, 500)).await.expect("events")
}

async fn ids(kit: &Kit, coop: &Coop, state: BankEventState) -> Vec<BankEventId> {
    in_state(kit, coop, state).await.into_iter().map(|event| event.id).collect()
}

/// Traders pay, members pay in: money that no order asks for.
async fn others_pay(app: &TestApp, coop: &Coop, memos: &[&str]) {
    for memo in memos {
        tell(app, coop, &Movement::to(coop, memo, 7_654_321)).await.is(200);
    }
}

on_both_engines! {
    async fn other_money_is_no_work_and_is_dismissed_one_by_one_and_all_at_once(db: TestDb) {
        let (app, coop, _fruit) = open(db).await;
        others_pay(&app, &coop, &["thuong lai tra", "gop von", "tien dien"]).await;
        let today = working::show_today(&app.kit, &coop.seller).await.expect("today");
        assert_eq!(today.money_cases, 0, "it is never counted as work");
        let actor = app.signed_in(&coop.seller.account).await;
        let page = actor.get("/ban-hang/tien").await.is(200);
        page.says("Tiền khác (3)").says("Bỏ qua cả 3 khoản").says("xóa sau 30 ngày").says("Không có khoản nào cần xem");
        let shelf = ids(&app.kit, &coop, BankEventState::OtherMoney).await;
        actor.post("/ban-hang/tien/khac", &[("act", "ticked")]).await.is(422).says("Chưa chọn khoản nào");
        actor.post("/ban-hang/tien/khac", &[("act", "ticked"), ("id", shelf[0].as_text())]).await.is(303);
        actor.post("/ban-hang/tien/khac", &[("act", "ticked"), ("id", shelf[0].as_text())]).await.is(409).says("có người xử lý rồi");
        // An old page still shows all three; the one that is gone does not stand in the way.
        let shown: Vec<(&str, &str)> = shelf.iter().map(|id| ("shown", id.as_text())).chain([("act", "all")]).collect();
        actor.post("/ban-hang/tien/khac", &shown).await.is(303);
        let dismissed = money_view::show_money(&app.kit, &coop.seller, "").await.expect("the page").shelf;
        assert_eq!((dismissed.count, dismissed.dismissed_count), (0, 3));
        assert!(dismissed.dismissed.iter().all(|(_, by)| by.as_ref().and_then(|case| case.resolved_by.as_ref()) == Some(&coop.seller.account)));
        actor.get("/ban-hang/tien").await.is(200).says("Đã bỏ qua (3)").says(&coop.seller.name);
        check(&app.kit).await;
    }

    async fn what_was_dismissed_comes_back_to_the_list_and_pays_an_order(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        tell(&app, &coop, &Movement::to(&coop, "tien hang", 40_000)).await.is(200);
        let shelf = ids(&app.kit, &coop, BankEventState::OtherMoney).await;
        other_money::dismiss(&app.kit, &coop.seller, &shelf).await.expect("dismissed");
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        let actor = app.signed_in(&coop.seller.account).await;
        actor.post("/ban-hang/tien/khac", &[("back", shelf[0].as_text())]).await.is(303);
        actor.post("/ban-hang/tien/khac", &[("back", shelf[0].as_text())]).await.is(409);
        actor.get("/ban-hang/tien").await.is(200).says("Tiền chưa rõ của đơn nào").says(order.code.as_text()).says("đúng số tiền");
        let case = money_view::show_money(&app.kit, &coop.seller, "").await.expect("the page").cases.remove(0).case;
        resolve_case(&app.kit, &coop.seller, &case.id, &Resolution::Assign(order.code.clone())).await.expect("given");
        assert_eq!(look(&app.kit, &order.id).await.order.state, OrderState::Placed);
        assert_eq!(refusals(other_money::bring_back(&app.kit, &coop.seller, &shelf[0]).await), ["refusal-nothing-to-bring-back"]);
        check(&app.kit).await;
    }

    async fn a_rule_dismisses_what_comes_and_never_touches_an_orders_code_or_amount(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        others_pay(&app, &coop, &["CTY PHAN BON tra no", "tien dien"]).await;
        let actor = app.signed_in(&coop.seller.account).await;
        actor.post("/ban-hang/tien/quy-tac", &[("kind", "words"), ("said", "bón")]).await.is(422);
        actor.post("/ban-hang/tien/quy-tac", &[("kind", "words"), ("said", "Cty Phân Bón")]).await.is(303);
        actor.post("/ban-hang/tien/quy-tac", &[("kind", "words"), ("said", "cty phan bon")]).await.is(409).says("đã có rồi");
        assert_eq!(ids(&app.kit, &coop, BankEventState::Dismissed).await.len(), 1, "what lay there already");
        others_pay(&app, &coop, &["cty phan b on thang 11"]).await;
        assert_eq!(ids(&app.kit, &coop, BankEventState::Dismissed).await.len(), 2, "what comes");
        let (coded, bare) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "3")]).await);
        tell(&app, &coop, &Movement::to(&coop, format!("cty phan bon {}", coded.code), 20_000)).await.is(200);
        assert_eq!(look(&app.kit, &coded.id).await.order.state, OrderState::Placed, "a code of ours");
        tell(&app, &coop, &Movement::to(&coop, "cty phan bon mua nhan", bare.total_vnd)).await.is(200);
        let page = money_view::show_money(&app.kit, &coop.seller, "").await.expect("the page");
        assert_eq!(page.cases.len(), 1, "an open order of that amount: a person is asked");
        let rule = page.shelf.rules[0].id.clone();
        actor.get("/ban-hang/tien").await.is(200).says("Nội dung có: Cty Phân Bón").says("bỏ qua theo quy tắc");
        let way = format!("/ban-hang/tien/quy-tac/{rule}/bo");
        actor.post(&way, &[]).await.is(303);
        actor.post(&way, &[]).await.is(409).says("có người bỏ rồi");
        others_pay(&app, &coop, &["cty phan bon"]).await;
        assert_eq!(in_state(&app.kit, &coop, BankEventState::OtherMoney).await.len(), 2, "the rule is gone, what it dismissed stays");
        assert_eq!(ids(&app.kit, &coop, BankEventState::Dismissed).await.len(), 2);
        check(&app.kit).await;
    }

    async fn another_cooperatives_money_and_rules_are_not_there(db: TestDb) {
        let (app, coop, _fruit) = open(db).await;
        let other = bank::coop(&app.kit, "Gà Đông Tảo").await;
        others_pay(&app, &coop, &["thuong lai"]).await;
        let mine = ids(&app.kit, &coop, BankEventState::OtherMoney).await;
        assert!(matches!(other_money::dismiss(&app.kit, &other.seller, &mine).await, Err(ServiceError::NotFound)));
        assert!(matches!(other_money::bring_back(&app.kit, &other.seller, &mine[0]).await, Err(ServiceError::NotFound)));
        other_money::add_rule(&app.kit, &other.seller, RuleKind::Words, "thương lái").await.expect("a rule of theirs");
        let theirs = money_view::show_money(&app.kit, &other.seller, "").await.expect("theirs").shelf.rules.remove(0);
        assert!(matches!(other_money::remove_rule(&app.kit, &coop.seller, &theirs.id).await, Err(ServiceError::NotFound)));
        others_pay(&app, &coop, &["thuong lai"]).await;
        assert_eq!(ids(&app.kit, &coop, BankEventState::OtherMoney).await.len(), 2, "their rule is not ours");
        let packer = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        assert!(matches!(other_money::dismiss(&app.kit, &packer, &mine).await, Err(ServiceError::Forbidden)));
        assert!(matches!(other_money::add_rule(&app.kit, &packer, RuleKind::Payer, "thuong lai").await, Err(ServiceError::Forbidden)));
        check(&app.kit).await;
    }

    async fn what_the_bank_wrote_of_other_money_is_forgotten_after_the_stated_days_and_of_orders_kept(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &order)).await.is(200);
        others_pay(&app, &coop, &["thuong lai", "gop von"]).await;
        let shelf = ids(&app.kit, &coop, BankEventState::OtherMoney).await;
        other_money::dismiss(&app.kit, &coop.seller, &shelf[..1]).await.expect("dismissed");
        app.clock.advance_s(29 * 86_400);
        assert_eq!(tidying::forget_raw_bodies(&app.kit).await.expect("tidied"), 0);
        app.clock.advance_s(2 * 86_400);
        assert_eq!(tidying::forget_raw_bodies(&app.kit).await.expect("tidied"), 2);
        assert_eq!(tidying::forget_raw_bodies(&app.kit).await.expect("tidied"), 0);
        for state in [BankEventState::OtherMoney, BankEventState::Dismissed] {
            assert!(in_state(&app.kit, &coop, state).await.iter().all(|event| event.raw_body.is_none() && !event.memo.is_empty()));
        }
        assert!(in_state(&app.kit, &coop, BankEventState::Booked).await.iter().all(|event| event.raw_body.is_some()));
        check(&app.kit).await;
    }

    async fn a_transfer_a_little_short_pays_only_under_the_cooperatives_own_rule(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (strict, kind) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "1")]).await);
        let short = |order: &bank::Placed| Movement { amount_vnd: order.total_vnd - 500, ..Movement::paying(&coop, order) };
        tell(&app, &coop, &short(&strict)).await.is(200);
        assert_eq!(look(&app.kit, &strict.id).await.due, Money(500), "nothing is let go unless it is laid down");
        let actor = app.signed_in(&coop.seller.account).await;
        actor.post("/ban-hang/tien/chenh-lech", &[("lets_go", "5.001")]).await.is(422);
        actor.post("/ban-hang/tien/chenh-lech", &[("lets_go", "2.000")]).await.is(303);
        actor.post("/ban-hang/tien/chenh-lech", &[("lets_go", "1.000")]).await.is(303);
        actor.get("/ban-hang/tien").await.is(200).says("chuyển thiếu tới 1.000");
        tell(&app, &coop, &short(&kind)).await.is(200);
        let view = look(&app.kit, &kind.id).await;
        assert_eq!((view.order.state, view.due, view.order.total_vnd), (OrderState::Placed, Money(0), Money(kind.total_vnd - 500)));
        actor.get("/ban-hang/tien").await.is(200).says("bỏ qua theo quy định của HTX");
        let accountant = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        let refused = other_money::let_small_differences_go(&app.kit, &accountant, Money(1)).await;
        assert!(matches!(refused, Err(ServiceError::Forbidden)), "a manager's matter");
        check(&app.kit).await;
    }

    async fn people_who_dismiss_and_bring_back_at_once_leave_one_state_and_one_case(db: TestDb) {
        let (app, coop, _fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        for round in 0..10 {
            others_pay(&app, &coop, &["thuong lai"]).await;
            let event = ids(&app.kit, &coop, BankEventState::OtherMoney).await.remove(0);
            let tasks = (0..6).map(|n| {
                let (kit, by, id) = (app.kit.clone(), if n % 2 == 0 { coop.seller.clone() } else { second.clone() }, event.clone());
                tokio::spawn(async move {
                    if n < 4 { other_money::dismiss(&kit, &by, &[id]).await.map(|_| ()) } else { other_money::bring_back(&kit, &by, &id).await }
                })
            });
            let done: Vec<_> = futures_util::future::join_all(tasks).await.into_iter().map(|task| task.expect("no panic")).collect();
            assert!(done.iter().all(|result| matches!(result, Ok(()) | Err(ServiceError::Changed(_)))), "round {round}: {done:?}");
            assert!(done[..4].iter().filter(|result| result.is_ok()).count() <= 1, "round {round}: {done:?}");
            assert_eq!(done[4..].iter().filter(|result| result.is_ok()).count(), 1, "round {round}: {done:?}");
            let id = coop.id.clone();
            let cases = app.kit.db.read(move |conn| store::bank::list_open_cases(conn, Some(&id), 100)).await.expect("cases");
            assert_eq!(cases.len(), 1, "round {round}");
            assert_eq!(cases[0].state, MoneyCaseState::Open);
            resolve_case(&app.kit, &coop.seller, &cases[0].id, &Resolution::OtherMoney).await.expect("aside");
            other_money::dismiss(&app.kit, &coop.seller, &[event]).await.expect("dismissed");
        }
        check(&app.kit).await;
    }
}
