//! Orders, lots and checkouts' keys: ended, closed, counted and asked for by many at once.

use super::*;
use crate::kit::app::TestApp;
use crate::kit::{bank, make};
use crate::on_both_engines;
use diesel::prelude::*;
use futures_util::future::{join, join_all};
use ganh::domain::id::{LotId, OrderId};
use ganh::domain::message::MessageKind;
use ganh::domain::order::{OrderEvent, OrderState};
use ganh::domain::quantity::Base;
use ganh::service::listing::{LotAct, move_lot};
use ganh::service::lost_order::find_lost_order;
use ganh::service::{ending, handling, tidying};
use ganh::store;
use ganh::store::order::OrderMove;
use ganh::store::schema::message;

async fn moves(kit: &Kit, id: &OrderId) -> Vec<OrderMove> {
    let id = id.clone();
    kit.db.read(move |conn| store::order::list_moves(conn, &id)).await.expect("moves")
}

async fn lot_now(kit: &Kit, id: &LotId) -> store::lot::Lot {
    let id = id.clone();
    kit.db.read(move |conn| store::lot::get(conn, &id)).await.expect("a lot")
}

/// Being too late is no fault.
#[track_caller]
fn done_or_changed<T>(all: Vec<Result<T, ServiceError>>) {
    for error in all.into_iter().filter_map(Result::err) {
        assert!(matches!(error, ServiceError::Changed(_)), "{error}");
    }
}

on_both_engines! {
    async fn orders_ended_by_shopper_and_clock_while_their_page_asks_end_once_and_give_back_everything(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 9).await;
        let rice = bank::goods(kit, &coop, "Gạo", 30_000, 9).await;
        for round in 0..rounds() {
            let baskets = [[(&fruit, "1"), (&rice, "2")], [(&rice, "1"), (&fruit, "2")]];
            let (one, two) = join(bank::order(kit, &baskets[0]), bank::order(kit, &baskets[1])).await;
            let is_late = round % 2 == 1;
            // Late, or so soon before it that the page's asking writes.
            app.clock.advance_s(if is_late { 15 * 60 } else { 14 * 60 });
            let ids = [&one.id, &two.id];
            let (cancelled, (expired, renewed)) = join(
                join_all(ids.into_iter().cycle().take(4).map(|id| ending::cancel_order(kit, id))),
                join(
                    join_all(ids.into_iter().cycle().take(4).map(|id| ending::expire_order(kit, id))),
                    join_all(ids.into_iter().cycle().take(4).map(|id| ending::renew_hold(kit, id))),
                ),
            ).await;
            done_or_changed(cancelled);
            let expired = all_done(expired).into_iter().filter(|ended| *ended).count();
            all_done(renewed);
            let mut by_clock = 0;
            for id in ids {
                let ends: Vec<_> = moves(kit, id).await.into_iter().map(|row| row.to_state)
                    .filter(|to| matches!(to, OrderState::Cancelled | OrderState::Expired)).collect();
                assert_eq!(ends.len(), 1, "round {round}: {ends:?}");
                by_clock += usize::from(ends == [OrderState::Expired]);
            }
            assert_eq!((expired, is_late || by_clock == 0), (by_clock, true), "round {round}");
            for lot in [&fruit.lot, &rice.lot] {
                assert_eq!((lot_now(kit, lot).await.held, lot_now(kit, lot).await.on_hand), (Base(0), Base(9_000)));
            }
        }
        sound(kit).await;
    }

    async fn an_order_closed_by_four_clocks_at_once_is_closed_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let seller = make::seller(kit, "HTX Một", 1).await;
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        make::lot(kit, &seller, &product, Base(500_000)).await;
        for round in 0..rounds() {
            let id = make::order_of(kit, "nhan-long", "1").await;
            handling::confirm_order(kit, &seller, &id).await.expect("confirmed");
            handling::pack_order(kit, &seller, &id).await.expect("packed");
            handling::send_order(kit, &seller, &id).await.expect("sent");
            handling::deliver_order(kit, &seller, &id).await.expect("delivered");
            all_done(join_all((0..4).map(|_| ending::close_order(kit, &id))).await);
            let closings = moves(kit, &id).await.into_iter().filter(|row| row.event == OrderEvent::Closed).count();
            assert_eq!(closings, 1, "round {round}");
        }
        sound(kit).await;
    }

    async fn a_lot_lost_from_eight_sides_while_it_is_ordered_loses_what_there_is_and_no_more(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 5).await;
        for round in 0..rounds() {
            let losses: Vec<LotAct> = (0..8).map(|n| if n % 2 == 0 {
                LotAct::Loss { base: Base(1_000), reason: "dập".into() }
            } else {
                LotAct::SoldOutside { base: Base(1_000), to_whom: "chợ".into() }
            }).collect();
            let (lost, placed) = join(
                join_all(losses.iter().map(|act| move_lot(kit, &coop.seller, &fruit.lot, act))),
                join_all((0..2).map(|_| async { bank::place(kit, &bank::checkout(&[(&fruit, "1")])).await })),
            ).await;
            assert_eq!(winners(lost, "refusal-lot-has-less").len(), 5, "round {round}");
            assert_eq!(lot_now(kit, &fruit.lot).await.on_hand, Base(0), "round {round}");
            done_or_changed(placed);
            // Two who count at once and one who brings more: whoever came last is right, and the sum holds.
            let counts = [LotAct::Counted(Base(5_000)), LotAct::More(Base(1_000)), LotAct::Counted(Base(5_000))];
            all_done(join_all(counts.iter().map(|act| move_lot(kit, &coop.seller, &fruit.lot, act))).await);
            assert!([Base(5_000), Base(6_000)].contains(&lot_now(kit, &fruit.lot).await.on_hand));
            // What was ordered runs out, and the lot stands as before.
            app.clock.advance_s(16 * 60);
            ending::expire_orders(kit).await.expect("ended");
            move_lot(kit, &coop.seller, &fruit.lot, &LotAct::Counted(Base(5_000))).await.expect("counted");
        }
        sound(kit).await;
    }

    async fn a_checkouts_key_forgotten_and_used_again_at_once_makes_one_purchase(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 9).await;
        let raw = bank::checkout(&[(&fruit, "1")]);
        for round in 0..rounds() {
            // The last round's key has just run out.
            app.clock.advance_s(24 * 3_600);
            let (placed, forgotten) = join(
                join_all((0..6).map(|_| bank::place_with_key(kit, &raw, "k"))),
                join_all((0..4).map(|_| tidying::forget_run_out_keys(kit))),
            ).await;
            let (placed, forgotten) = (all_done(placed), all_done(forgotten));
            assert!(placed.iter().all(|one| one.purchase == placed[0].purchase), "round {round}: {placed:?}");
            assert_eq!(placed.iter().filter(|one| !one.replayed).count(), 1, "round {round}");
            assert!(forgotten.into_iter().sum::<usize>() <= 1, "a key in force was forgotten");
        }
        ending::expire_orders(kit).await.expect("ended");
        sound(kit).await;
    }

    async fn a_lost_page_asked_for_by_eight_at_once_is_owed_one_way_back(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn", 20_000, 9).await;
        for round in 0..rounds() {
            let order = bank::order(kit, &[(&fruit, "1")]).await;
            let phone = bank::look(kit, &order.id).await.buyer.buyer_phone;
            app.clock.advance_s(2 * 3_600);
            let now = kit.now();
            let code = order.code.to_string();
            let found = all_done(join_all((0..8).map(|_| find_lost_order(kit, &code, &phone))).await);
            assert!(found.iter().all(|one| one.is_buyer));
            let ways_back = move |conn: &mut store::Conn| {
                let rows = message::table
                    .filter(message::order_id.eq(&order.id))
                    .filter(message::kind.eq(MessageKind::PurchaseMade.as_text()))
                    .filter(message::made_at.eq(now));
                rows.count().get_result::<i64>(conn).map_err(store::StoreError::from)
            };
            assert_eq!(kit.db.read(ways_back).await.expect("counted"), 1, "round {round}");
        }
        sound(kit).await;
    }
}
