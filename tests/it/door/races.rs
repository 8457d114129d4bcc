//! Everybody at once at the door and at the till, round after round. The embedded engine's one writer would hide a missing lock; a
//! server shows it.

use super::*;
use crate::races::{all_done, rounds, winners, winners_among};
use futures_util::future::{join, join_all};
use ganh::service::cash_hand_over::{undo_hand_over, withdraw_cash};
use ganh::service::cash_settling::settle_on_behalf;

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
                let keys = ["refusal-undone-already", "refusal-undo-count"];
                assert_eq!(winners_among(back, &keys).len(), 1, "round {round}");
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
            // Every third round nobody says anything: the one row is unsaid from four sides.
            let saying = if round % 3 == 2 { 0 } else { 2 };
            let (said, unsaid) = join(join_all((0..saying).map(|_| says())), join_all((0..4 - saying).map(|_| unsays()))).await;
            let said = winners_among(said, &["refusal-said-already", "refusal-held-changed"]);
            // Whoever is second to unsay is told so; only what was said meanwhile is told otherwise.
            let key = if said.is_empty() { "refusal-undone-already" } else { "refusal-cash-handed-in" };
            let unsaid = winners(unsaid, key).len();
            assert!(said.len() <= 1 && unsaid <= 1, "round {round}: {said:?}, unsaid {unsaid} times");
            assert!(said.len() + unsaid == 1, "round {round}: one of the two was first");
            for id in said {
                confirm_cash(&app.kit, &coop.seller, &id, &counts(now, "")).await.expect("counted");
            }
            assert!(held(&app.kit, &carrier).await >= 0);
            check(&app.kit).await;
        }
    }

    async fn what_is_withdrawn_and_what_is_counted_at_once_is_one_of_the_two(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        for round in 0..rounds() {
            let id = said(&app.kit, &coop, &fruit, &carrier).await;
            let exact = counts(40_000, "");
            let (counted, withdrawn) = join(
                join_all((0..3).map(|_| confirm_cash(&app.kit, &coop.seller, &id, &exact))),
                join_all((0..3).map(|_| withdraw_cash(&app.kit, &carrier, &id))),
            ).await;
            let keys = ["refusal-counted-already", "refusal-hand-over-ended"];
            let (counted, withdrawn) = (winners_among(counted, &keys).len(), winners_among(withdrawn, &keys).len());
            assert_eq!(counted + withdrawn, 1, "round {round}: {counted} counted, {withdrawn} withdrew");
            assert_eq!(held(&app.kit, &carrier).await, if counted == 1 { 0 } else { 40_000 }, "round {round}");
            if withdrawn == 1 {
                let again = say_cash(&app.kit, &carrier, &says(40_000, 40_000)).await.expect("said anew");
                confirm_cash(&app.kit, &coop.seller, &again, &exact).await.expect("counted");
            }
        }
        check(&app.kit).await;
    }

    async fn cash_settled_on_behalf_while_its_carrier_hands_it_in_leaves_these_hands_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Manager]).await;
        for round in 0..rounds() {
            let order = on_the_way(&app.kit, &fruit, "2", &carrier).await;
            take(&app.kit, &carrier, &order, 40_000).await.expect("cash");
            let gone = settles(&carrier, 40_000, 39_000, "Đã nghỉ việc");
            let managers = [&coop.seller, &second, &coop.seller, &second];
            let (settled, said) = join(
                join_all(managers.map(|who| settle_on_behalf(&app.kit, who, &gone))),
                join_all((0..round % 3).map(|_| async { say_cash(&app.kit, &carrier, &says(40_000, 40_000)).await })),
            ).await;
            let settled = winners_among(settled, &["refusal-settle-held", "refusal-settle-said"]).len();
            let said = winners_among(said, &["refusal-held-changed", "refusal-said-already"]);
            assert_eq!(settled + said.len(), 1, "round {round}");
            for id in said {
                confirm_cash(&app.kit, &second, &id, &counts(40_000, "")).await.expect("counted");
            }
            assert_eq!(held(&app.kit, &carrier).await, 0, "round {round}");
        }
        check(&app.kit).await;
    }

    async fn whoever_takes_an_order_over_takes_it_from_who_carried_it_then(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let people = [packer(&app.kit, &coop).await, packer(&app.kit, &coop).await, packer(&app.kit, &coop).await];
        for round in 0..rounds() {
            let order = on_the_way(&app.kit, &fruit, "1", &people[0]).await;
            // Two take it over, each pressing three times; one of them comes last, from the other.
            let takers = [&people[1], &people[2]];
            all_done(join_all(takers.iter().cycle().take(6).map(|who| door::take_order(&app.kit, who, &order.id))).await);
            let id = order.id.clone();
            let row = app.kit.db.read(move |conn| store::carrying::find_carrier(conn, &id)).await.expect("read").expect("a carrier");
            let last = takers.iter().position(|who| who.account == row.account_id).expect("one of the two");
            assert_eq!(row.taken_from.as_ref(), Some(&takers[1 - last].account), "round {round}");
        }
        check(&app.kit).await;
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
