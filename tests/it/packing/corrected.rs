//! A weight put right after the box was closed: entries beside what was written, in stock, books, trace and the line's history.

use super::{figure, lines_of, open, tap, to_pack, weighed};
use crate::kit::app::refusals;
use crate::kit::bank::{look, seller};
use crate::on_both_engines;
use crate::races::{rounds, sound, winners};
use futures_util::future::join_all;
use ganh::domain::account::MemberRole;
use ganh::domain::claim::ClaimState;
use ganh::domain::money::Money;
use ganh::domain::quantity::Base;
use ganh::service::claim_deciding::{Decision, decide};
use ganh::service::error::ServiceError;
use ganh::service::packing::Act;
use ganh::service::weight_correcting::correct_weight;
use ganh::service::{handling, money_list};
use ganh::store;

on_both_engines! {
    async fn a_correction_after_the_hand_over_stands_beside_what_was_written(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let placed = to_pack(kit, &coop, &[(&fruit, "2")]).await;
        let line = lines_of(kit, &placed).await.remove(0);
        let correct = async |who: &ganh::service::who::Seller, grams: i64, why: &str| {
            correct_weight(kit, who, &placed.id, &line, Base(grams), why).await
        };
        assert_eq!(refusals(correct(&coop.seller, 1_950, "cân sai").await), ["refusal-correct-state"]);
        tap(kit, &coop.seller, &placed, Act::Weigh(figure(kit, &placed, 2_000).await)).await.expect("weighed");
        tap(kit, &coop.seller, &placed, Act::Pack { seen: None }).await.expect("packed");
        money_list::take_cash(kit, &coop.seller, &placed.id, Money(90_000)).await.expect("paid at the counter");
        handling::deliver_order(kit, &coop.seller, &placed.id).await.expect("handed over");
        app.clock.advance_s(60);
        let packer = seller(kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        assert!(matches!(correct(&packer, 1_900, "cân sai").await, Err(ServiceError::Forbidden)));
        assert_eq!(refusals(correct(&coop.seller, 1_900, " ").await), ["refusal-reason"]);
        correct(&coop.seller, 1_900, "cân quên trừ bì").await.expect("corrected");
        correct(&coop.seller, 1_900, "cân quên trừ bì").await.expect("the same once more changes nothing");
        assert_eq!(weighed(kit, &placed).await, (Some(1_900), Some(85_500)));
        let view = look(kit, &placed.id).await;
        assert_eq!((view.order.total_vnd, view.balance.refund_due), (Money(85_500), Money(4_500)));
        let (lot, trace_ref) = (fruit.lot.clone(), view.order.trace_ref.clone());
        let read = move |conn: &mut store::Conn| {
            let movements = store::lot::list_movements(conn, &lot)?;
            let events = store::trace::list_of_order(conn, &trace_ref)?;
            Ok::<_, store::StoreError>((store::lot::get(conn, &lot)?.on_hand, movements, events))
        };
        let (on_hand, movements, events) = kit.db.read(read).await.expect("what stands");
        assert_eq!(on_hand, Base(98_100));
        let fixed: Vec<_> = movements.iter().filter(|row| row.corrects.is_some()).collect();
        assert_eq!(fixed.iter().map(|row| (row.base_quantity, row.reason.as_deref())).collect::<Vec<_>>(), [(Base(100), Some("cân quên trừ bì"))]);
        assert!(movements.iter().any(|row| Some(&row.id) == fixed[0].corrects.as_ref()));
        assert_eq!(events.iter().filter(|event| event.corrects.is_some()).count(), 1);

        correct(&coop.seller, 2_050, "cân lại lần nữa").await.expect("more was in the box");
        assert_eq!(weighed(kit, &placed).await, (Some(2_050), Some(85_500)), "the buyer never pays more afterwards");
        let claim = crate::claiming::claimed(kit, &placed, "2").await;
        let given = Decision::Accept(Money(80_000));
        decide(kit, &coop.seller, &claim.id, ClaimState::Open, given, "Trả lại").await.expect("given back");
        assert_eq!(refusals(correct(&coop.seller, 1_500, "cân lại").await), ["refusal-correct-claimed"]);
        sound(kit).await;
    }

    async fn of_corrections_at_once_each_stands_beside_the_last(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        for _ in 0..rounds() {
            let placed = to_pack(kit, &coop, &[(&fruit, "0.5")]).await;
            let line = lines_of(kit, &placed).await.remove(0);
            tap(kit, &coop.seller, &placed, Act::Weigh(figure(kit, &placed, 500).await)).await.expect("weighed");
            tap(kit, &coop.seller, &placed, Act::Pack { seen: None }).await.expect("packed");
            let delivers = handling::deliver_order(kit, &coop.seller, &placed.id);
            let corrects = join_all(
                [480, 490, 495, 505].map(|grams| correct_weight(kit, &coop.seller, &placed.id, &line, Base(grams), "cân sai")),
            );
            let (delivered, corrected) = futures_util::future::join(delivers, corrects).await;
            delivered.expect("handed over");
            assert_eq!(winners(corrected, "none").len(), 4);
        }
        sound(kit).await;
    }
}
