//! «Hái được bao nhiêu?»: more, less and nothing; whoever stops in the middle goes on where it stopped.

use super::*;

async fn harvest(kit: &Kit, coop: &Coop, window: &Opened, kg: i64) {
    let on = kit.now().day();
    harvesting::say_harvest(kit, &coop.seller, &window.id, Base(kg * 1000), on).await.expect("harvested");
}

/// Pays an order before anybody asked for it.
async fn pays(kit: &Kit, coop: &Coop, order: &Placed, vnd: i64) {
    money_list::mark_money_received(kit, &coop.seller, &order.id, Money(vnd)).await.expect("paid");
}

on_both_engines! {
    async fn more_than_was_ordered_serves_everyone_and_the_rest_is_on_sale(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let saturday = window(kit, &coop, &fruit, 50, SharingRule::First).await;
        let door = ordered(kit, &fruit, &saturday, "20", "cod", "less").await;
        let bank = ordered(kit, &fruit, &saturday, "10", "vietqr", "less").await;
        harvest_day(&app);
        harvest(kit, &coop, &saturday, 34).await;
        assert_eq!(stands(kit, &[&door, &bank]).await, [(20_000, OrderState::Confirmed), (10_000, OrderState::AwaitingPayment)]);
        assert_eq!(look(kit, &bank.id).await.due, Money(200_000), "the code appears when the goods are there");
        let lot = now_of(kit, &saturday.id).await.lot_id;
        let lot = kit.db.read(move |conn| Ok::<_, ServiceError>(store::lot::get(conn, &lot)?)).await.expect("a lot");
        assert_eq!((lot.kind, lot.on_hand, lot.held), (LotKind::Harvest, Base(34_000), Base(30_000)));
        bank::order(kit, &[(&fruit, "6")]).await;
        pays(kit, &coop, &bank, 200_000).await;
        assert_eq!(look(kit, &bank.id).await.order.state, OrderState::Confirmed);
        handling::pack_order(kit, &coop.seller, &door.id).await.expect("packed");
        sound(kit).await;
    }

    async fn less_is_shared_by_the_rule_that_was_shown_and_what_was_paid_beyond_is_owed_back(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        for (rule, expected) in [(SharingRule::First, [20_000, 10_000, 3_000]), (SharingRule::Equal, [13_200, 6_600, 13_200])] {
            let coop = coop(kit, "Nhãn Lồng").await;
            let fruit = goods(kit, &coop, "Nhãn lồng", 20_000, 2).await;
            let told = words(kit, MessageKind::PreorderLess).await;
            let saturday = window(kit, &coop, &fruit, 50, rule).await;
            let mut orders = Vec::new();
            for kg in ["20", "10", "20"] {
                orders.push(ordered(kit, &fruit, &saturday, kg, "vietqr", "less").await);
                app.clock.advance_s(60);
            }
            pays(kit, &coop, &orders[2], 400_000).await;
            harvest_day(&app);
            harvest(kit, &coop, &saturday, 33).await;
            let stand: Vec<i64> = stands(kit, &orders.iter().collect::<Vec<_>>()).await.into_iter().map(|(base, _)| base).collect();
            assert_eq!(stand, expected, "{rule}");
            assert_eq!(stand.iter().sum::<i64>(), 33_000);
            let paid = look(kit, &orders[2].id).await;
            assert_eq!(paid.balance.refund_due, Money(400_000 - expected[2] * 20));
            assert_eq!(paid.order.state, OrderState::Confirmed, "paid, and what it gets stands");
            let short = expected.iter().zip([20_000, 10_000, 20_000]).filter(|(got, asked)| **got < *asked).count();
            assert_eq!(words(kit, MessageKind::PreorderLess).await - told, i64::try_from(short).expect("few"));
            sound(kit).await;
        }
    }

    async fn a_harvest_that_fails_tells_everyone_gives_everything_back_and_moves_those_who_wait(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let saturday = window(kit, &coop, &fruit, 50, SharingRule::First).await;
        let paid = ordered(kit, &fruit, &saturday, "20", "vietqr", "less").await;
        pays(kit, &coop, &paid, 400_000).await;
        let waits = ordered(kit, &fruit, &saturday, "10", "cod", "next").await;
        let too_much = ordered(kit, &fruit, &saturday, "15", "cod", "next").await;
        harvest_day(&app);
        let later = window(kit, &coop, &fruit, 12, SharingRule::First).await;
        harvest(kit, &coop, &saturday, 0).await;
        harvest(kit, &coop, &saturday, 0).await;
        assert_eq!(now_of(kit, &saturday.id).await.state, WindowState::Failed);
        assert_eq!(stands(kit, &[&paid, &waits, &too_much]).await.into_iter().map(|(_, state)| state).collect::<Vec<_>>(), [OrderState::Declined, OrderState::Placed, OrderState::Declined]);
        let view = look(kit, &paid.id).await;
        assert_eq!((view.balance.refund_due, view.settlement), (Money(400_000), Settlement::RefundDue));
        let next = look(kit, &waits.id).await;
        let day = now_of(kit, &later.id).await.harvest_from;
        assert_eq!(next.waits_for, Some(day));
        assert!(next.delivery.deliver_on >= Some(day));
        assert_eq!((words(kit, MessageKind::OrderDeclined).await, words(kit, MessageKind::PreorderMoved).await), (2, 1));
        sound(kit).await;
        harvest_day(&app);
        harvest(kit, &coop, &later, 12).await;
        assert_eq!(stands(kit, &[&waits]).await, [(10_000, OrderState::Confirmed)]);
        sound(kit).await;
    }

    async fn all_or_nothing_steps_back_for_others_and_one_pack_less_leaves_the_other_line(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let saturday = window(kit, &coop, &fruit, 50, SharingRule::First).await;
        let mut two = ahead(&fruit, &saturday, "4", "cod", "less");
        two.lines.push(ahead(&fruit, &saturday, "5", "cod", "whole").lines.remove(0));
        let two = bank::orders(kit, &two).await.remove(0);
        app.clock.advance_s(60);
        let part = ordered(kit, &fruit, &saturday, "6", "cod", "less").await;
        harvest_day(&app);
        harvest(kit, &coop, &saturday, 8).await;
        let view = look(kit, &two.id).await;
        assert_eq!(view.order.total_vnd, Money(80_000), "the line that could not be whole has fallen away");
        assert_eq!(view.lines.iter().map(|one| one.line.weighed_base).collect::<Vec<_>>(), [None, Some(Base(0))]);
        assert_eq!(stands(kit, &[&part]).await, [(4_000, OrderState::Confirmed)]);
        sound(kit).await;
        handling::pack_order(kit, &coop.seller, &two.id).await.expect("packed");
        assert!(view.lines.iter().all(|one| one.line.weighed_base.is_none() || one.lots.is_empty()));
        sound(kit).await;
    }

    async fn whoever_stops_between_two_orders_goes_on_and_nothing_is_done_twice(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let saturday = window(kit, &coop, &fruit, 50, SharingRule::Equal).await;
        let mut orders = Vec::new();
        for _ in 0..4 {
            orders.push(ordered(kit, &fruit, &saturday, "10", "cod", "less").await);
        }
        harvest_day(&app);
        harvesting::write_harvest_down(kit, &coop.seller, &saturday.id, Base(30_000), kit.now().day()).await.expect("written");
        assert!(stands(kit, &orders.iter().collect::<Vec<_>>()).await.iter().all(|(base, state)| (*base, *state) == (10_000, OrderState::Placed)));
        // Here the program was killed; others come, one buyer has had enough meanwhile.
        ending::cancel_order(kit, &orders[3].id).await.expect("taken back");
        let done = join_all((0..3).map(|_| harvesting::settle_harvests(kit))).await;
        assert_eq!(done.into_iter().map(|done| done.expect("a round")).sum::<usize>(), 4);
        harvest(kit, &coop, &saturday, 30).await;
        assert_eq!(harvesting::settle_harvests(kit).await.expect("a round"), 0);
        let stand = stands(kit, &orders.iter().collect::<Vec<_>>()).await;
        assert_eq!(stand[..3], [(7_500, OrderState::Confirmed); 3]);
        assert_eq!(stand[3].1, OrderState::Cancelled);
        assert_eq!((words(kit, MessageKind::PreorderLess).await, words(kit, MessageKind::OrderConfirmed).await), (3, 3));
        let other = harvesting::say_harvest(kit, &coop.seller, &saturday.id, Base(31_000), kit.now().day()).await;
        assert_eq!(refusals(other), ["refusal-window-harvested"]);
        bank::order(kit, &[(&fruit, "7.5")]).await;
        sound(kit).await;
    }
}
