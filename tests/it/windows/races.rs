//! Windows under many hands: the last kilo, the end against orders, two presses of one harvest, a harvest against cancelling and paying.

use super::*;

fn is_told<T>(result: &Result<T, ServiceError>) -> bool {
    matches!(result, Ok(_) | Err(ServiceError::Changed(_)))
}

on_both_engines! {
    async fn the_last_kilo_of_a_window_is_sold_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        for _ in 0..rounds().min(20) {
            let small = window(kit, &coop, &fruit, 3, SharingRule::First).await;
            let raws: Vec<RawCheckout> = (0..6).map(|_| ahead(&fruit, &small, "1", "cod", "less")).collect();
            let done = join_all(raws.iter().map(|raw| bank::place(kit, raw))).await;
            assert!(done.iter().all(is_told), "{done:?}");
            assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 3);
        }
        sound(kit).await;
    }

    async fn a_window_that_is_closed_meanwhile_takes_what_began_in_time_and_ended_early_nothing_more(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        for round in 0..rounds().min(20) {
            let small = window(kit, &coop, &fruit, 9, SharingRule::First).await;
            let raws: Vec<RawCheckout> = (0..4).map(|_| ahead(&fruit, &small, "1", "cod", "less")).collect();
            let harvests = round % 2 == 0;
            let on = kit.now().day();
            let (done, ended) = join(join_all(raws.iter().map(|raw| bank::place(kit, raw))), async {
                if harvests {
                    harvesting::say_harvest(kit, &coop.seller, &small.id, Base(2_000), on).await
                } else {
                    windows::change_window(kit, &coop.seller, &small.id, &WindowAct::Pause).await
                }
            }).await;
            ended.expect("ended");
            assert!(done.iter().all(is_told), "{done:?}");
            let sold = i64::try_from(done.iter().filter(|one| one.is_ok()).count()).expect("few") * 1_000;
            let id = small.id.clone();
            let lines = kit.db.read(move |conn| Ok::<_, ServiceError>(store::window::list_lines(conn, &id)?)).await.expect("lines");
            assert_eq!(lines.iter().map(|line| line.ordered.0).sum::<i64>(), sold);
            assert!(!harvests || lines.iter().all(|line| line.settled_at.is_some()), "nobody ordered what had been shared out");
        }
        sound(kit).await;
    }

    async fn a_harvest_said_twice_while_buyers_cancel_and_pay_gives_each_gram_once_and_no_money_is_lost(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        for round in 0..rounds().min(20) {
            let small = window(kit, &coop, &fruit, 30, if round % 2 == 0 { SharingRule::First } else { SharingRule::Equal }).await;
            let mut orders = Vec::new();
            for wish in ["less", "whole", "next"] {
                orders.push(ordered(kit, &fruit, &small, "10", "vietqr", wish).await);
            }
            let on = kit.now().day();
            let amount = Base(if round % 3 == 0 { 0 } else { 17_000 });
            let says = || harvesting::say_harvest(kit, &coop.seller, &small.id, amount, on);
            let ((one, two), (cancelled, paid)) = join(
                join(says(), says()),
                join(
                    ending::cancel_order(kit, &orders[0].id),
                    join_all(orders.iter().skip(1).map(|order| money_list::mark_money_received(kit, &coop.seller, &order.id, Money(200_000)))),
                ),
            ).await;
            one.expect("said");
            two.expect("said again");
            assert!(is_told(&cancelled) && paid.iter().all(is_told), "{cancelled:?} {paid:?}");
            harvesting::settle_harvests(kit).await.expect("a round");
            for (order, paid) in orders.iter().skip(1).zip(&paid) {
                let view = look(kit, &order.id).await;
                let came = if paid.is_ok() { 200_000 } else { 0 };
                let kept = if view.order.state.is_dead() { 0 } else { view.order.total_vnd.vnd().min(came) };
                assert_eq!(view.balance.refund_due, Money(came - kept), "round {round}: {:?}", view.order.state);
                let held = kit.db.read({ let id = order.id.clone(); move |conn| Ok::<_, ServiceError>(store::lot::list_holds(conn, &[id])?) }).await.expect("holds");
                let held: i64 = held.iter().filter(|hold| hold.state == HoldState::Standing).map(|hold| hold.base_quantity.0).sum();
                assert_eq!(held, if view.order.state.is_dead() { 0 } else { view.lines[0].line.base_quantity.0 });
            }
        }
        sound(kit).await;
    }
}
