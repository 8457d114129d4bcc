//! A lot with less than was promised from it, and another lot chosen by a person: promises move, none is lost, and the trace of an
//! order says from which lots it is served. After each test every invariant is checked.

use crate::handling::{at_the_door, traced};
use crate::kit::TestDb;
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{Coop, Goods, Placed, coop, goods, look, lot, order};
use crate::on_both_engines;
use crate::races::rounds;
use futures_util::future::join_all;
use ganh::domain::id::LotId;
use ganh::domain::order::{HoldState, OrderState};
use ganh::domain::quantity::Base;
use ganh::domain::trace::Step;
use ganh::service::goods_view;
use ganh::service::kit::Kit;
use ganh::service::listing::{LotAct, move_lot};
use ganh::service::{handling, shortage, verifying};
use ganh::store;

async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 40).await;
    (app, coop, fruit)
}

async fn check(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
}

/// Grams that each order is promised of a lot, in the order asked for.
async fn promised(kit: &Kit, lot: &LotId, of: &[&Placed]) -> Vec<i64> {
    let lot = lot.clone();
    let holds = kit
        .db
        .read(move |conn| store::lot::list_holds_of_lot(conn, &lot).map_err(ganh::service::error::ServiceError::from))
        .await
        .expect("holds");
    let standing = |placed: &&Placed| {
        let own = holds.iter().filter(|hold| hold.order_id == placed.id && hold.state == HoldState::Standing);
        own.map(|hold| hold.base_quantity.0).sum()
    };
    of.iter().map(standing).collect()
}

async fn steps(kit: &Kit, placed: &Placed) -> Vec<Step> {
    traced(kit, &placed.id).await.into_iter().map(|(step, _)| step).collect()
}

on_both_engines! {
    async fn whoever_was_promised_first_is_served_first_and_other_lots_make_up_for_the_rest(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let unpaid = order(kit, &[(&fruit, "10")]).await;
        app.clock.advance_s(60);
        let first = at_the_door(kit, &[(&fruit, "12")]).await;
        app.clock.advance_s(60);
        let second = at_the_door(kit, &[(&fruit, "15")]).await;
        handling::confirm_order(kit, &coop.seller, &first.id).await.expect("yes");
        handling::confirm_order(kit, &coop.seller, &second.id).await.expect("yes");
        let (other, _) = lot(kit, &coop, &fruit.product, 8).await;
        move_lot(kit, &coop.seller, &fruit.lot, &LotAct::Counted(Base(20_000))).await.expect("counted");

        let page = goods_view::show_lot(kit, &coop.seller, &fruit.lot).await.expect("its page");
        let plan = page.shortage.expect("a shortage");
        assert_eq!((plan.coverable, plan.missing), (Base(8_000), Base(9_000)));
        let missing = shortage::cover_from_other_lots(kit, &coop.seller, &fruit.lot).await.expect("covered");
        assert_eq!(missing, Base(9_000));
        assert_eq!(promised(kit, &other, &[&first, &second, &unpaid]).await, [0, 7_000, 1_000]);
        assert_eq!(promised(kit, &fruit.lot, &[&first, &second, &unpaid]).await, [12_000, 8_000, 9_000]);
        // A second press finds nothing that other lots could give.
        assert_eq!(shortage::cover_from_other_lots(kit, &coop.seller, &fruit.lot).await.expect("again"), Base(9_000));
        assert_eq!(promised(kit, &other, &[&first, &second, &unpaid]).await, [0, 7_000, 1_000]);
        handling::pack_order(kit, &coop.seller, &second.id).await.expect("packed from both");
        let lots = look(kit, &second.id).await.lines[0].lots.clone();
        assert_eq!(lots.iter().map(|(_, base)| base.0).sum::<i64>(), 15_000);
        assert_eq!(lots.len(), 2);
        check(kit).await;
    }

    async fn nothing_is_offered_while_a_lot_holds_what_it_promised(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        at_the_door(&app.kit, &[(&fruit, "12")]).await;
        let page = goods_view::show_lot(&app.kit, &coop.seller, &fruit.lot).await.expect("its page");
        assert!(page.shortage.is_none());
        assert_eq!(shortage::cover_from_other_lots(&app.kit, &coop.seller, &fruit.lot).await.expect("nothing"), Base::ZERO);
        check(&app.kit).await;
    }

    async fn a_person_chooses_another_lot_and_the_trace_says_both(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let placed = at_the_door(kit, &[(&fruit, "5")]).await;
        handling::confirm_order(kit, &coop.seller, &placed.id).await.expect("yes");
        app.clock.advance_s(60);
        let (small, _) = lot(kit, &coop, &fruit.product, 4).await;
        let (other, code) = lot(kit, &coop, &fruit.product, 6).await;
        let line = look(kit, &placed.id).await.lines[0].line.id.clone();
        let choose = |lot: LotId| {
            let (seller, order, line) = (coop.seller.clone(), placed.id.clone(), line.clone());
            async move { shortage::choose_lot(kit, &seller, &order, &line, &lot).await }
        };
        assert_eq!(refusals(choose(small).await), ["refusal-lot-choice"]);
        choose(other.clone()).await.expect("chosen");
        choose(other.clone()).await.expect("a second tap finds it done");
        assert_eq!(promised(kit, &other, &[&placed]).await, [5_000]);
        assert_eq!(promised(kit, &fruit.lot, &[&placed]).await, [0]);
        let steps = steps(kit, &placed).await;
        assert_eq!(steps[0], Step::Sold);
        assert!(steps[1..] == [Step::Released, Step::Sold] || steps[1..] == [Step::Sold, Step::Released], "{steps:?}");
        handling::pack_order(kit, &coop.seller, &placed.id).await.expect("packed");
        let lots = look(kit, &placed.id).await.lines[0].lots.clone();
        assert_eq!(lots.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>(), [code]);
        assert_eq!(refusals(choose(fruit.lot.clone()).await), ["refusal-lot-choice-state"]);
        check(kit).await;
    }

    async fn a_declined_order_that_had_its_yes_frees_its_lot_in_the_trace_too(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let placed = at_the_door(kit, &[(&fruit, "5")]).await;
        handling::confirm_order(kit, &coop.seller, &placed.id).await.expect("yes");
        app.clock.advance_s(60);
        handling::decline_order(kit, &coop.seller, &placed.id, "mưa dập hết").await.expect("no");
        assert_eq!(steps(kit, &placed).await, [Step::Sold, Step::Released]);
        assert_eq!(promised(kit, &fruit.lot, &[&placed]).await, [0]);
        check(kit).await;
    }

    async fn two_people_move_the_same_promises_at_once_and_each_gram_moves_once(db: TestDb) {
                let app = TestApp::start(db).await;
        let kit = &app.kit;
        for _ in 0..rounds() {
            let coop = coop(kit, "Nhãn Lồng").await;
            let fruit = goods(kit, &coop, "Nhãn lồng", 20_000, 40).await;
            let placed = at_the_door(kit, &[(&fruit, "12")]).await;
            let also = at_the_door(kit, &[(&fruit, "12")]).await;
            let (other, _) = lot(kit, &coop, &fruit.product, 20).await;
            move_lot(kit, &coop.seller, &fruit.lot, &LotAct::Counted(Base(6_000))).await.expect("counted");
            let line = look(kit, &placed.id).await.lines[0].line.id.clone();
            let cover = join_all((0..4).map(|_| shortage::cover_from_other_lots(kit, &coop.seller, &fruit.lot)));
            let choose =
                join_all((0..4).map(|_| shortage::choose_lot(kit, &coop.seller, &placed.id, &line, &other)));
            let (covered, _chosen_or_too_late) = futures_util::future::join(cover, choose).await;
            assert!(covered.iter().all(Result::is_ok), "{covered:?}");
            let (here, there) = (
                promised(kit, &fruit.lot, &[&placed, &also]).await.iter().sum::<i64>(),
                promised(kit, &other, &[&placed, &also]).await.iter().sum::<i64>(),
            );
            assert_eq!((here + there, there), (24_000, if here == 6_000 { 18_000 } else { 24_000 - here }));
            assert!(there <= 20_000);
        }
        check(kit).await;
    }

    async fn the_pages_offer_it_and_do_it(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let placed = at_the_door(kit, &[(&fruit, "12")]).await;
        let (other, _) = lot(kit, &coop, &fruit.product, 20).await;
        move_lot(kit, &coop.seller, &fruit.lot, &LotAct::Counted(Base(6_000))).await.expect("counted");
        let browser = app.signed_in(&coop.seller.account).await;
        let page = browser.get(&format!("/ban-hang/dot/{}", fruit.lot)).await;
        page.says("Lấy đợt khác bù 6\u{a0}kg");
        browser.post(&format!("/ban-hang/dot/{}/bu", fruit.lot), &[]).await.is(303);
        assert_eq!(promised(kit, &other, &[&placed]).await, [6_000]);
        let page = browser.get(&format!("/ban-hang/don/{}", placed.code)).await;
        page.says("Lấy đợt khác cho món này");
        let line = look(kit, &placed.id).await.lines[0].line.id.to_string();
        let act = format!("/ban-hang/don/{}/dot", placed.code);
        browser.post(&act, &[("line", &line), ("lot", other.as_text())]).await.is(303);
        assert_eq!(promised(kit, &other, &[&placed]).await, [12_000]);
        assert_eq!(look(kit, &placed.id).await.order.state, OrderState::Placed);
        check(kit).await;
    }
}
