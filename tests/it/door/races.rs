//! Everybody at once at the door and at the till, round after round. The embedded engine's one writer would hide a missing lock; a
//! server shows it.

use super::*;
use crate::races::{rounds, winners};
use futures_util::future::{join, join_all};
use ganh::service::cash_hand_over::undo_hand_over;

on_both_engines! {
    async fn the_banks_word_against_cash_at_the_same_moment_is_never_both_in_silence(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let (mut with_cash, mut owed) = (0, 0);
        for round in 0..rounds() {
            let order = on_the_way(&app.kit, &fruit, "1", &carrier).await;
            let movement = Movement::to(&coop, &order.code, 20_000);
            let seen = Seen { due: Money(20_000), received: Money(0), agreed: true };
            let cash = || take_cash_at_door(&app.kit, &carrier, &order.id, Money(20_000), seen);
            // The carrier presses twice while the bank tells.
            let (told, pressed) = join(tell(&app, &coop, &movement), join(cash(), cash())).await;
            told.is(200);
            let taken = [&pressed.0, &pressed.1].into_iter().filter(|one| one.is_ok()).count();
            assert!(taken <= 1, "round {round}: cash was taken twice");
            let view = look(&app.kit, &order.id).await;
            let expected = 20_000 * (1 + i64::try_from(taken).expect("few"));
            assert_eq!(view.balance.received, Money(expected), "round {round}");
            assert_eq!(view.balance.refund_due, Money(expected - 20_000), "round {round}: what is too much is owed back");
            with_cash += 20_000 * i64::try_from(taken).expect("few");
            owed += taken;
            door::deliver_at_door(&app.kit, &carrier, &order.id, Money(0)).await.expect("green");
        }
        assert_eq!(held(&app.kit, &carrier).await, with_cash);
        assert_eq!(reasons(&app.kit, &coop).await.len(), owed, "each is asked about once");
        check(&app.kit).await;
    }

    async fn six_who_count_one_hand_over_at_once_count_it_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        for round in 0..rounds() {
            let id = said(&app.kit, &coop, &fruit, &carrier).await;
            let exact = counts(40_000, "");
            let people = [&coop.seller, &second, &coop.seller, &second, &coop.seller, &second];
            let all = join_all(people.map(|who| confirm_cash(&app.kit, who, &id, &exact))).await;
            assert_eq!(winners(all, "refusal-counted-already").len(), 1, "round {round}");
            assert_eq!(held(&app.kit, &carrier).await, 0);
            if round % 3 == 0 {
                let back = join_all([&coop.seller, &second, &coop.seller, &second].map(|who| undo_hand_over(&app.kit, who, &id))).await;
                assert_eq!(back.into_iter().filter(Result::is_ok).count(), 1, "round {round}");
                let id = say_cash(&app.kit, &carrier, &says(40_000, 40_000)).await.expect("said anew");
                confirm_cash(&app.kit, &second, &id, &exact).await.expect("counted");
            }
        }
        assert_eq!(stands_on(&app.kit, &coop, LedgerKind::Cash).await, 40_000 * i64::from(rounds()));
        check(&app.kit).await;
    }

    async fn cash_said_unsaid_and_counted_at_once_never_leaves_less_than_nothing_in_hands(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        for round in 0..rounds() {
            let before = held(&app.kit, &carrier).await;
            let order = on_the_way(&app.kit, &fruit, "2", &carrier).await;
            take(&app.kit, &carrier, &order, 40_000).await.expect("cash");
            let row = show_door(&app.kit, &carrier, order.code.as_text()).await.expect("a door").cash[0].0.id.clone();
            let now = before + 40_000;
            let says = || async { say_cash(&app.kit, &carrier, &says(now, now)).await };
            let unsays = || async { door::undo_cash(&app.kit, &carrier, &row).await };
            let (said, unsaid) = join(join(says(), says()), join(unsays(), unsays())).await;
            let said: Vec<_> = [said.0, said.1].into_iter().flatten().collect();
            let unsaid = [&unsaid.0, &unsaid.1].into_iter().filter(|one| one.is_ok()).count();
            assert!(said.len() <= 1 && unsaid <= 1, "round {round}: {said:?}, unsaid {unsaid} times");
            assert!(said.len() + unsaid == 1, "round {round}: one of the two was first");
            for id in said {
                confirm_cash(&app.kit, &coop.seller, &id, &counts(now, "")).await.expect("counted");
            }
            assert!(held(&app.kit, &carrier).await >= 0);
            check(&app.kit).await;
        }
    }

    async fn two_who_set_out_with_one_order_and_take_it_over_leave_one_carrier(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let people = [packer(&app.kit, &coop).await, packer(&app.kit, &coop).await];
        for round in 0..rounds() {
            let order = at_the_door(&app.kit, &[(&fruit, "1")]).await;
            handling::confirm_order(&app.kit, &people[0], &order.id).await.expect("yes");
            handling::pack_order(&app.kit, &people[0], &order.id).await.expect("packed");
            let all = join_all(people.iter().cycle().take(6).map(|who| door::take_order(&app.kit, who, &order.id))).await;
            assert!(all.iter().any(Result::is_ok), "round {round}: {all:?}");
            let view = show_door(&app.kit, &people[0], order.code.as_text()).await.expect("a door");
            let carrier = view.carrier.expect("somebody").0;
            let (mine, theirs): (Vec<&Seller>, Vec<&Seller>) = people.iter().partition(|who| who.account == carrier);
            assert_eq!(refusals(take(&app.kit, theirs[0], &order, 20_000).await), ["refusal-not-carrier"]);
            take(&app.kit, mine[0], &order, 20_000).await.expect("the carrier's cash");
        }
        check(&app.kit).await;
    }
}
