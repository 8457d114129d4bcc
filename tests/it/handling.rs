//! A cooperative handles an order: one tap each from the yes to the buyer's hands, each in the history and on the trace; what
//! cannot be is refused with a reason, and two people at once move it once. After each test every invariant is checked.

use crate::kit::TestDb;
use crate::kit::app::{Answer, TestApp, refusals};
use crate::kit::bank::{Coop, Goods, Movement, Placed, checkout, coop, goods, look, order, orders, seller, tell};
use crate::on_both_engines;
use ganh::domain::account::MemberRole;
use ganh::domain::id::{OrderId, OrderLineId};
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::payment::MoneyCaseReason;
use ganh::domain::product::Category;
use ganh::domain::quantity::{Base, BaseUnit};
use ganh::domain::settlement::Settlement;
use ganh::domain::trace::{Step, WordOf};
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::listing::{self, ProductSaid};
use ganh::service::who::Seller;
use ganh::service::{ending, handling, money_list, verifying};
use ganh::store;

async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
    (app, coop, fruit)
}

/// From now on charged by the true weight, at most 5 % over what was ordered.
pub async fn charge_by_weight(kit: &Kit, coop: &Coop, fruit: &Goods) {
    let said = ProductSaid {
        name: "Nhãn lồng".into(),
        also_called: String::new(),
        category: Category::Fruit,
        base_unit: BaseUnit::Gram,
        description: String::new(),
        picture: None,
        keeps_days: None,
        season: None,
        next_harvest_day: None,
        charged_by_true_weight: true,
        tolerance_bps: 500,
    };
    listing::change_product(kit, &coop.seller, &fruit.product, &said).await.expect("changed");
}

/// An order paid on delivery: the cooperative may say yes at once.
pub async fn at_the_door(kit: &Kit, lines: &[(&Goods, &str)]) -> Placed {
    let mut raw = checkout(lines);
    raw.payment = "cod".into();
    orders(kit, &raw).await.pop().expect("an order")
}

async fn check(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
}

/// Steps of an order on the trace, in their order.
pub async fn traced(kit: &Kit, id: &OrderId) -> Vec<(Step, WordOf)> {
    let trace_ref = look(kit, id).await.order.trace_ref;
    let events = kit.db.read(move |conn| store::trace::list_of_order(conn, &trace_ref)).await.expect("events");
    let step = |event: store::trace::TraceEvent| {
        (Step::of_cbv(event.event_type, event.action, &event.biz_step).expect("a step"), event.word_of)
    };
    events.into_iter().map(step).collect()
}

async fn history(kit: &Kit, id: &OrderId) -> Vec<&'static str> {
    look(kit, id).await.moves.iter().map(|step| step.event.as_text()).collect()
}

/// What the buyer is owed in words about this order.
async fn told(kit: &Kit, coop: &Coop, id: &OrderId) -> Vec<String> {
    let (cooperative, id) = (coop.id.clone(), id.clone());
    let all = kit.db.read(move |conn| store::message::list_open(conn, Some(&cooperative), 100)).await.expect("words");
    all.into_iter().filter(|one| one.order_id.as_ref() == Some(&id)).map(|one| one.kind).collect()
}

/// On hand and held of a lot, grams.
async fn stock(kit: &Kit, fruit: &Goods) -> (i64, i64) {
    let id = fruit.lot.clone();
    let lot = kit.db.read(move |conn| store::lot::get(conn, &id)).await.expect("the lot");
    (lot.on_hand.0, lot.held.0)
}

async fn lines_of(kit: &Kit, id: &OrderId) -> Vec<store::order::OrderLine> {
    look(kit, id).await.lines.into_iter().map(|one| one.line).collect()
}

/// All lines at this weight, as the service takes it.
pub async fn weights(kit: &Kit, id: &OrderId, weight_g: i64) -> Vec<(OrderLineId, Base)> {
    lines_of(kit, id).await.into_iter().map(|line| (line.id, Base(weight_g))).collect()
}

/// One tap by its word, with 1.9 kg on the scale.
async fn tap(kit: &Kit, seller: &Seller, id: &OrderId, word: &str) -> Result<(), ServiceError> {
    match word {
        "nhan" => handling::confirm_order(kit, seller, id).await,
        "can" => handling::weigh_order(kit, seller, id, &weights(kit, id, 1_900).await).await,
        "dong" => handling::pack_order(kit, seller, id).await,
        "gui" => handling::send_order(kit, seller, id).await,
        "giao" => handling::deliver_order(kit, seller, id).await,
        "tu-choi" => handling::decline_order(kit, seller, id, "Vườn bị ngập").await,
        other => panic!("no such tap: {other}"),
    }
}

const LIFE: [&str; 5] = ["nhan", "can", "dong", "gui", "giao"];
const HISTORY: [&str; 5] = ["checked_out", "confirmed", "packed", "sent", "delivered"];

on_both_engines! {
    async fn an_order_goes_from_the_yes_to_the_buyers_hands_by_one_tap_each(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        charge_by_weight(&app.kit, &coop, &fruit).await;
        let order = at_the_door(&app.kit, &[(&fruit, "2")]).await;
        assert_eq!(stock(&app.kit, &fruit).await, (100_000, 2_000));
        let steps = [Step::Sold, Step::Weighed, Step::Packed, Step::Shipped, Step::HandedOver];
        let states = [OrderState::Confirmed, OrderState::Confirmed, OrderState::Packed, OrderState::OnTheWay, OrderState::Delivered];
        for (index, word) in LIFE.iter().enumerate() {
            app.clock.advance_s(60);
            tap(&app.kit, &coop.seller, &order.id, word).await.expect(word);
            assert_eq!(look(&app.kit, &order.id).await.order.state, states[index], "{word}");
            let so_far = traced(&app.kit, &order.id).await;
            assert_eq!(so_far.iter().map(|(step, _)| *step).collect::<Vec<_>>(), steps[..=index], "{word}");
            let source = if *word == "can" { WordOf::Instrument } else { WordOf::Cooperative };
            assert_eq!(so_far[index].1, source, "{word}");
            check(&app.kit).await;
        }
        assert_eq!(history(&app.kit, &order.id).await, HISTORY);
        assert!(look(&app.kit, &order.id).await.moves[1..].iter().all(|step| step.by_account_id.as_ref() == Some(&coop.seller.account)));
        assert_eq!(told(&app.kit, &coop, &order.id).await, ["order_confirmed", "order_packed", "order_sent", "order_delivered"]);
        assert_eq!(stock(&app.kit, &fruit).await, (98_100, 0), "what the scale said has left the lot");
        let view = look(&app.kit, &order.id).await;
        assert_eq!((view.order.total_vnd, view.due, view.balance.receivable), (Money(38_000), Money(38_000), Money(38_000)));
    }

    async fn a_second_tap_changes_nothing_and_is_answered_as_the_first(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        charge_by_weight(&app.kit, &coop, &fruit).await;
        let order = at_the_door(&app.kit, &[(&fruit, "2")]).await;
        let actor = app.signed_in(&coop.seller.account).await;
        let field = format!("weight[{}]", lines_of(&app.kit, &order.id).await[0].id);
        for word in LIFE {
            app.clock.advance_s(60);
            // The last of them is at the door: what its buyer has not paid yet is said.
            let at_the_door = ("giao", format!("/ban-hang/giao/{}/da-giao", order.code));
            let way = if word == at_the_door.0 { at_the_door.1 } else { format!("/ban-hang/don/{}/{word}", order.code) };
            let page = |answer: Answer| answer.location().split('?').next().unwrap_or_default().to_owned();
            let first = page(actor.post(&way, &[(&field, "1,9"), ("owing", "38000")]).await.is(303));
            let before = (history(&app.kit, &order.id).await, traced(&app.kit, &order.id).await, stock(&app.kit, &fruit).await, told(&app.kit, &coop, &order.id).await);
            let second = page(actor.post(&way, &[(&field, "1,9"), ("owing", "38000")]).await.is(303));
            let after = (history(&app.kit, &order.id).await, traced(&app.kit, &order.id).await, stock(&app.kit, &fruit).await, told(&app.kit, &coop, &order.id).await);
            assert_eq!((first, before), (second, after), "{word}");
        }
        assert_eq!(history(&app.kit, &order.id).await, HISTORY);
        check(&app.kit).await;
    }

    async fn moves_in_a_wrong_order_are_refused_with_a_reason(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        charge_by_weight(&app.kit, &coop, &fruit).await;
        let unpaid = order(&app.kit, &[(&fruit, "2")]).await;
        let order = at_the_door(&app.kit, &[(&fruit, "2")]).await;
        let refused = async |id: &OrderId, word: &str| {
            let before = look(&app.kit, id).await;
            let keys = refusals(tap(&app.kit, &coop.seller, id, word).await);
            let after = look(&app.kit, id).await;
            assert_eq!((before.order, before.moves.len()), (after.order, after.moves.len()), "{word}");
            keys
        };
        assert_eq!(refused(&unpaid.id, "nhan").await, ["refusal-order-state"], "nobody has paid");
        for word in ["dong", "gui", "giao"] {
            let key = if word == "dong" { "refusal-weigh-first" } else { "refusal-order-state" };
            assert_eq!(refused(&order.id, word).await, [key], "{word} before the yes");
        }
        assert_eq!(refused(&order.id, "can").await, ["refusal-weigh-state"]);
        tap(&app.kit, &coop.seller, &order.id, "nhan").await.expect("yes");
        assert_eq!(refused(&order.id, "dong").await, ["refusal-weigh-first"]);
        assert_eq!(refused(&order.id, "giao").await, ["refusal-order-state"]);
        let actor = app.signed_in(&coop.seller.account).await;
        actor.post(&format!("/ban-hang/don/{}/dong", order.code), &[]).await.is(409).says("Nhãn lồng");
        for word in ["can", "dong", "giao"] {
            tap(&app.kit, &coop.seller, &order.id, word).await.expect(word);
        }
        for word in ["nhan", "dong", "gui", "giao", "tu-choi"] {
            assert_eq!(refused(&order.id, word).await, ["refusal-order-state"], "{word} at the end");
        }
        check(&app.kit).await;
    }

    async fn the_scale_changes_the_price_of_goods_charged_by_true_weight_only(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let eggs = goods(&app.kit, &coop, "Gạo", 30_000, 100).await;
        charge_by_weight(&app.kit, &coop, &fruit).await;
        let order = at_the_door(&app.kit, &[(&fruit, "2"), (&eggs, "2")]).await;
        assert_eq!(order.total_vnd, 100_000);
        tap(&app.kit, &coop.seller, &order.id, "nhan").await.expect("yes");
        tap(&app.kit, &coop.seller, &order.id, "can").await.expect("both weigh 1.9 kg");
        let lines = lines_of(&app.kit, &order.id).await;
        let price = |name: &str| lines.iter().find(|line| line.product_name.starts_with(name)).and_then(|line| line.weighed_vnd);
        assert_eq!((price("Nhãn"), price("Gạo")), (Some(Money(38_000)), Some(Money(60_000))));
        assert_eq!(look(&app.kit, &order.id).await.order.total_vnd, Money(98_000));
        tap(&app.kit, &coop.seller, &order.id, "dong").await.expect("packed");
        assert_eq!((stock(&app.kit, &fruit).await, stock(&app.kit, &eggs).await), ((98_100, 0), (98_100, 0)));
        check(&app.kit).await;
    }

    async fn a_weight_ten_times_off_or_over_the_tolerance_is_asked_back_and_writes_nothing(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        charge_by_weight(&app.kit, &coop, &fruit).await;
        let order = at_the_door(&app.kit, &[(&fruit, "1.5")]).await;
        tap(&app.kit, &coop.seller, &order.id, "nhan").await.expect("yes");
        for (weight_g, key) in [(15_000, "refusal-weight-ten-times"), (150, "refusal-weight-ten-times"), (0, "refusal-weight"), (1_576, "refusal-weight-tolerance")] {
            let weights = weights(&app.kit, &order.id, weight_g).await;
            assert_eq!(refusals(handling::weigh_order(&app.kit, &coop.seller, &order.id, &weights).await), [key], "{weight_g} g");
        }
        let line = lines_of(&app.kit, &order.id).await.remove(0);
        assert_eq!((line.weighed_base, look(&app.kit, &order.id).await.order.total_vnd), (None, Money(30_000)));
        let actor = app.signed_in(&coop.seller.account).await;
        let way = format!("/ban-hang/don/{}/can", order.code);
        let asked = actor.post(&way, &[(&format!("weight[{}]", line.id), "1.500")]).await;
        assert_eq!(asked.status, 422, "1.500 kg for 1,5 kg: {}", asked.body);
        asked.says("value=\"1.500\"").says("1,5");
        let most = weights(&app.kit, &order.id, 1_575).await;
        handling::weigh_order(&app.kit, &coop.seller, &order.id, &most).await.expect("5 % over");
        assert_eq!(look(&app.kit, &order.id).await.order.total_vnd, Money(31_500));
        check(&app.kit).await;
    }

    async fn a_no_gives_the_goods_back_tells_the_buyer_why_and_owes_money_back(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (paid, owing) = (order(&app.kit, &[(&fruit, "2")]).await, at_the_door(&app.kit, &[(&fruit, "3")]).await);
        tell(&app, &coop, &Movement::paying(&coop, &paid)).await.is(200);
        assert_eq!(stock(&app.kit, &fruit).await, (100_000, 5_000));
        app.clock.advance_s(60);
        for order in [&paid, &owing] {
            assert_eq!(refusals(handling::decline_order(&app.kit, &coop.seller, &order.id, " \n ").await), ["refusal-reason"]);
            tap(&app.kit, &coop.seller, &order.id, "tu-choi").await.expect("no");
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.order.state, view.order.reason.as_deref()), (OrderState::Declined, Some("Vườn bị ngập")));
            assert_eq!(told(&app.kit, &coop, &order.id).await.last().map(String::as_str), Some("order_declined"));
            check(&app.kit).await;
        }
        assert_eq!(stock(&app.kit, &fruit).await, (100_000, 0));
        let (paid, owing) = (look(&app.kit, &paid.id).await, look(&app.kit, &owing.id).await);
        assert_eq!((paid.settlement, paid.balance.refund_due), (Settlement::RefundDue, Money(40_000)));
        assert_eq!((owing.settlement, owing.balance.refund_due), (Settlement::Unpaid, Money(0)));
        let id = coop.id.clone();
        let cases = app.kit.db.read(move |conn| store::bank::list_open_cases(conn, Some(&id), 10)).await.expect("cases");
        assert_eq!(cases.iter().map(|case| (case.reason, case.amount_vnd)).collect::<Vec<_>>(), [(MoneyCaseReason::Refund, Money(40_000))]);
    }

    async fn another_cooperatives_order_is_not_there(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let other = crate::kit::bank::coop(&app.kit, "Gà Đông Tảo").await;
        let order = at_the_door(&app.kit, &[(&fruit, "2")]).await;
        let before = look(&app.kit, &order.id).await.order;
        for word in LIFE.into_iter().chain(["tu-choi"]) {
            let answer = tap(&app.kit, &other.seller, &order.id, word).await;
            assert!(matches!(answer, Err(ServiceError::NotFound)), "{word}: {answer:?}");
        }
        let cash = money_list::take_cash(&app.kit, &other.seller, &order.id, Money(40_000)).await;
        let word = money_list::mark_money_received(&app.kit, &other.seller, &order.id, Money(40_000)).await;
        assert!(matches!((&cash, &word), (Err(ServiceError::NotFound), Err(ServiceError::NotFound))), "{cash:?} {word:?}");
        let actor = app.signed_in(&other.seller.account).await;
        for word in LIFE.into_iter().chain(["tu-choi", "tien", "tien-mat", "bo-tien"]) {
            actor.post(&format!("/ban-hang/don/{}/{word}", order.code), &[("reason", "x"), ("amount", "1")]).await.is(404);
        }
        actor.get(&format!("/ban-hang/don/{}", order.code)).await.is(404);
        assert_eq!(look(&app.kit, &order.id).await.order, before);
        let packer = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Lister]).await;
        assert!(matches!(tap(&app.kit, &packer, &order.id, "can").await, Err(ServiceError::Forbidden)));
    }

    async fn two_people_tapping_at_once_move_it_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        charge_by_weight(&app.kit, &coop, &fruit).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        for round in 0..6 {
            let order = at_the_door(&app.kit, &[(&fruit, "2")]).await;
            for word in LIFE {
                app.clock.advance_s(60);
                let taps = [&coop.seller, &second, &coop.seller, &second].map(|seller| {
                    let (kit, seller, id) = (app.kit.clone(), seller.clone(), order.id.clone());
                    tokio::spawn(async move { tap(&kit, &seller, &id, word).await })
                });
                let done: Vec<_> = futures_util::future::join_all(taps).await.into_iter().map(|tap| tap.expect("no panic")).collect();
                let well = done.iter().filter(|result| result.is_ok()).count();
                assert_eq!(well, if word == "can" { 4 } else { 1 }, "round {round}, {word}: {done:?}");
                assert!(done.iter().all(|result| matches!(result, Ok(()) | Err(ServiceError::Changed(_)))), "{word}: {done:?}");
            }
            assert_eq!(history(&app.kit, &order.id).await, HISTORY);
            assert_eq!(traced(&app.kit, &order.id).await.len(), LIFE.len(), "each once on the trace");
            assert_eq!(told(&app.kit, &coop, &order.id).await.len(), 4);
        }
        assert_eq!(stock(&app.kit, &fruit).await, (100_000 - 6 * 1_900, 0));
        check(&app.kit).await;
    }

    async fn a_buyer_taking_back_and_a_cooperative_saying_yes_at_once_are_not_both_right(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let mut confirmed = 0;
        for round in 0..20 {
            let order = at_the_door(&app.kit, &[(&fruit, "2")]).await;
            let (kit, id, seller) = (app.kit.clone(), order.id.clone(), coop.seller.clone());
            let yes = tokio::spawn(async move { handling::confirm_order(&kit, &seller, &id).await });
            let (kit, id) = (app.kit.clone(), order.id.clone());
            let back = tokio::spawn(async move { ending::cancel_order(&kit, &id).await });
            let (yes, back) = (yes.await.expect("no panic"), back.await.expect("no panic"));
            assert!(yes.is_ok() != back.is_ok(), "round {round}: {yes:?} {back:?}");
            confirmed += i64::from(yes.is_ok());
            let state = look(&app.kit, &order.id).await.order.state;
            assert_eq!(state, if yes.is_ok() { OrderState::Confirmed } else { OrderState::Cancelled });
            let left = if yes.is_ok() { back } else { yes };
            assert!(matches!(left, Err(ServiceError::Changed(_))), "{left:?}");
        }
        assert_eq!(stock(&app.kit, &fruit).await, (100_000, confirmed * 2_000));
        check(&app.kit).await;
    }

    async fn money_that_meets_a_no_is_never_lost(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        for round in 0..12 {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            let (kit, id, seller) = (app.kit.clone(), order.id.clone(), coop.seller.clone());
            let no = tokio::spawn(async move { handling::decline_order(&kit, &seller, &id, "Hết hàng").await });
            let movement = Movement::paying(&coop, &order);
            tell(&app, &coop, &movement).await.is(200);
            no.await.expect("no panic").expect("an order may be declined before and after it is paid");
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.order.state, view.settlement), (OrderState::Declined, Settlement::RefundDue), "round {round}");
            assert_eq!((view.balance.received, view.balance.refund_due), (Money(20_000), Money(20_000)), "round {round}");
        }
        assert_eq!(stock(&app.kit, &fruit).await, (100_000, 0));
        check(&app.kit).await;
    }
}
