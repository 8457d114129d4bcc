//! Waiting money beside the orders it may be for: the likeliest first and why, and one movement given to several orders, whole.

use crate::kit::TestDb;
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{self, Coop, Goods, Movement, Placed, checkout, coop, goods, look, order, seller, tell};
use crate::on_both_engines;
use ganh::domain::account::MemberRole;
use ganh::domain::likeness::Why;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::payment::{MoneyCaseReason, ProofGrade};
use ganh::service::deciding::{Resolution, Rest, resolve_case};
use ganh::service::kit::Kit;
use ganh::service::money_candidates::CaseView;
use ganh::service::{money_view, verifying};

async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 200).await;
    (app, coop, fruit)
}

async fn check(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
}

async fn cases(kit: &Kit, coop: &Coop) -> Vec<CaseView> {
    money_view::show_money(kit, &coop.seller, "").await.expect("the page").cases
}

async fn order_by(app: &TestApp, fruit: &Goods, quantity: &str, buyer: &str) -> Placed {
    let mut raw = checkout(&[(fruit, quantity)]);
    raw.buyer.name = buyer.into();
    bank::orders(&app.kit, &raw).await.pop().expect("an order")
}

/// Two orders, and one transfer that names both.
async fn two_in_one(app: &TestApp, coop: &Coop, fruit: &Goods, extra_vnd: i64) -> (Placed, Placed, CaseView) {
    let (one, two) = (order(&app.kit, &[(fruit, "1")]).await, order(&app.kit, &[(fruit, "2")]).await);
    let memo = format!("{} va {}", one.code, two.code);
    tell(app, coop, &Movement::to(coop, memo, one.total_vnd + two.total_vnd + extra_vnd)).await.is(200);
    let case = cases(&app.kit, coop).await.into_iter().find(|view| view.case.reason == MoneyCaseReason::TwoHits);
    (one, two, case.expect("a person is asked"))
}

fn split(parts: &[(&Placed, i64)], rest: Rest) -> Resolution {
    let parts = parts.iter().map(|(order, vnd)| (order.code.clone(), Money(*vnd))).collect();
    Resolution::Split { parts, rest }
}

on_both_engines! {
    async fn candidates_are_ranked_by_code_amount_name_and_time_and_say_why(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let amount = order_by(&app, &fruit, "3", "Trần Thị Hoa").await;
        let both = order_by(&app, &fruit, "3", "Nguyễn Văn A").await;
        let name = order_by(&app, &fruit, "1", "anh Nguyễn Văn A").await;
        let neither = order_by(&app, &fruit, "2", "Lê Thị Tư").await;
        tell(&app, &coop, &Movement::to(&coop, "tra tien nhan", 60_000)).await.is(200);
        let case = cases(&app.kit, &coop).await.remove(0);
        let found: Vec<_> = case.candidates.iter().map(|one| one.brief.order.code.clone()).collect();
        // The machine named both of that amount; the payer's name then decides.
        assert_eq!(found, [both.code.clone(), amount.code.clone(), name.code.clone()]);
        assert!(case.candidates[0].why.contains(&Why::Amount) && case.candidates[0].why.contains(&Why::Name));
        assert!(case.candidates[2].why.contains(&Why::Name) && !case.candidates[2].why.contains(&Why::Amount));
        let actor = app.signed_in(&coop.seller.account).await;
        let page = actor.get("/ban-hang/tien").await.is(200);
        page.says("đúng số tiền").says("cùng tên").says(name.code.as_text());
        assert!(!page.body.contains(neither.code.as_text()), "nothing speaks for it");
        actor.get("/ban-hang/tien?tim=le+thi").await.is(200).says(neither.code.as_text());
        actor.post(&format!("/ban-hang/tien/{}", case.case.id), &[("how", "assign"), ("code", both.code.as_text())]).await.is(303);
        assert_eq!(look(&app.kit, &both.id).await.order.state, OrderState::Placed);
        check(&app.kit).await;
    }

    async fn one_transfer_for_two_orders_is_split_as_prefilled_and_pays_both(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (one, two, case) = two_in_one(&app, &coop, &fruit, 0).await;
        let shares: Vec<_> = case.candidates.iter().filter_map(|one| one.share.map(Money::vnd)).collect();
        assert_eq!(shares.iter().sum::<i64>(), 60_000, "prefilled by each due");
        let actor = app.signed_in(&coop.seller.account).await;
        actor.get("/ban-hang/tien").await.is(200).says("Một khoản ghi nhiều mã đơn").says("value=\"40.000\"").says("value=\"20.000\"");
        let (first, second) = (format!("part[{}]", one.code), format!("part[{}]", two.code));
        let way = format!("/ban-hang/tien/{}", case.case.id);
        let fields = [("how", "split"), (first.as_str(), "20.000"), (second.as_str(), "40.000"), ("rest", "waits")];
        actor.post(&way, &fields).await.is(303);
        actor.post(&way, &fields).await.is(409).says("đã có người xử lý xong");
        for order in [&one, &two] {
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.order.state, view.due, view.balance.received.vnd()), (OrderState::Placed, Money(0), order.total_vnd));
            assert_eq!(view.money.iter().map(|part| part.amount_vnd.vnd()).collect::<Vec<_>>(), [order.total_vnd], "its part of the movement");
            assert_eq!(view.proof(), Some(ProofGrade::BankMessage));
        }
        assert!(cases(&app.kit, &coop).await.is_empty());
        actor.get("/ban-hang/tien").await.is(200).says(&format!("vào đơn {}", two.code)).says(&coop.seller.name);
        check(&app.kit).await;
    }

    async fn the_parts_of_a_split_are_whole_and_no_more_than_came_or_is_due(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (one, two, case) = two_in_one(&app, &coop, &fruit, 0).await;
        let refused = |how: Resolution| {
            let (kit, by, id) = (app.kit.clone(), coop.seller.clone(), case.case.id.clone());
            async move { refusals(resolve_case(&kit, &by, &id, &how).await) }
        };
        assert_eq!(refused(split(&[(&one, 20_000), (&two, 40_001)], Rest::Waits)).await, ["refusal-parts-sum"]);
        assert_eq!(refused(split(&[(&one, 20_000), (&one, 20_000)], Rest::Waits)).await, ["refusal-parts-sum"]);
        assert_eq!(refused(split(&[(&one, 0), (&two, 40_000)], Rest::Waits)).await, ["refusal-parts-sum"]);
        assert_eq!(refused(split(&[(&one, -1), (&two, 40_000)], Rest::Waits)).await, ["refusal-parts-sum"]);
        assert_eq!(refused(split(&[], Rest::Waits)).await, ["refusal-parts-sum"]);
        assert_eq!(refused(split(&[(&one, 20_001), (&two, 39_000)], Rest::Waits)).await, ["refusal-part-more-than-due"]);
        for order in [&one, &two] {
            assert_eq!(look(&app.kit, &order.id).await.balance.received, Money(0), "refused whole");
        }
        assert_eq!(cases(&app.kit, &coop).await.len(), 1);
        check(&app.kit).await;
    }

    async fn what_a_split_leaves_waits_on_or_goes_back(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (one, two, case) = two_in_one(&app, &coop, &fruit, 5_000).await;
        resolve_case(&app.kit, &coop.seller, &case.case.id, &split(&[(&one, 20_000)], Rest::Waits)).await.expect("a part");
        check(&app.kit).await;
        let left = cases(&app.kit, &coop).await.remove(0);
        assert_eq!((left.case.reason, left.case.amount_vnd), (MoneyCaseReason::Unmatched, Money(45_000)));
        resolve_case(&app.kit, &coop.seller, &left.case.id, &split(&[(&two, 40_000)], Rest::GoesBack)).await.expect("the rest");
        let view = look(&app.kit, &two.id).await;
        assert_eq!((view.order.state, view.balance.refund_due), (OrderState::Placed, Money(5_000)));
        assert_eq!(look(&app.kit, &one.id).await.balance.received, Money(20_000));
        let over = cases(&app.kit, &coop).await.remove(0);
        assert_eq!((over.case.reason, over.case.amount_vnd), (MoneyCaseReason::Over, Money(5_000)));
        check(&app.kit).await;
    }

    async fn two_people_who_split_and_assign_one_movement_at_once_do_it_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        for round in 0..8 {
            let (one, two, case) = two_in_one(&app, &coop, &fruit, 0).await;
            let hows = [
                split(&[(&one, 20_000), (&two, 40_000)], Rest::Waits),
                split(&[(&two, 40_000), (&one, 20_000)], Rest::GoesBack),
                Resolution::Assign(one.code.clone()),
                Resolution::OtherMoney,
            ];
            let tasks = hows.into_iter().enumerate().map(|(n, how)| {
                let by = if n % 2 == 0 { coop.seller.clone() } else { second.clone() };
                let (kit, id) = (app.kit.clone(), case.case.id.clone());
                tokio::spawn(async move { resolve_case(&kit, &by, &id, &how).await })
            });
            let done: Vec<_> = futures_util::future::join_all(tasks).await.into_iter().map(|task| task.expect("no panic")).collect();
            assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1, "round {round}: {done:?}");
            let received = look(&app.kit, &one.id).await.balance.received.vnd() + look(&app.kit, &two.id).await.balance.received.vnd();
            assert!(received == 60_000 || (received == 0 && done[3].is_ok()), "round {round}: {received}");
            for left in cases(&app.kit, &coop).await {
                resolve_case(&app.kit, &coop.seller, &left.case.id, &Resolution::SentBack).await.expect("sent back");
            }
            // What was set aside leaves two orders that nobody pays.
            for order in [one, two] {
                drop(ganh::service::ending::cancel_order(&app.kit, &order.id).await);
            }
            for left in cases(&app.kit, &coop).await {
                resolve_case(&app.kit, &coop.seller, &left.case.id, &Resolution::SentBack).await.expect("sent back");
            }
        }
        check(&app.kit).await;
    }
}
