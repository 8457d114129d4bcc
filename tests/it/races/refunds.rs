//! Money back to buyers, pressed, told and changed from several sides on the same rows: it goes once, lives once, is agreed once.

use super::*;
use crate::kit::bank::{self, checkout, goods, look, seller, tell};
use crate::on_both_engines;
use crate::refunds::{account, leaving, open, ready, refunds, short};
use futures_util::future::{join, join_all};
use ganh::domain::account::MemberRole;
use ganh::domain::id::RefundId;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::refund::RefundState;
use ganh::service::refund_choices::{give_back_kept, pay_another_order, take_up_waiting_order, wait_for_goods};
use ganh::service::refund_sending::{mark_paid_in_cash, mark_sent_back, undo_sent_back};
use ganh::service::refunding::{self, Seen, Wanted};
use ganh::store;
use ganh::store::refund::Refund;

fn account_no(n: usize) -> Wanted {
    let account_number = format!("10175888{n:02}");
    Wanted::Account { bin: "970436".into(), account_number, holder_name: "Nguyễn Thị Mua".into() }
}

fn under_way(rows: &[Refund]) -> Vec<&Refund> {
    rows.iter().filter(|row| row.state.is_under_way()).collect()
}

on_both_engines! {
    async fn money_goes_back_once_whoever_is_faster(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        refunding::ask_second_from(&app.kit, &coop.seller, Money(30_000)).await.expect("laid down");
        for round in 0..rounds() {
            let large = round % 2 == 0;
            let order = ready(&app, &coop, &fruit, if large { "2" } else { "1" }).await;
            let amount = Money(order.total_vnd);
            let press = |by: ganh::service::who::Seller| {
                let (kit, id) = (app.kit.clone(), order.id.clone());
                async move {
                    if large && by.roles == [MemberRole::Accountant] {
                        drop(refunding::approve(&kit, &by, &id, amount).await);
                    }
                    mark_sent_back(&kit, &by, &id, amount).await
                }
            };
            let people = (0..7).map(|n| press(if n % 2 == 0 { second.clone() } else { coop.seller.clone() }));
            let movement = leaving(&coop, &order);
            let (told, done) = join(tell(&app, &coop, &movement), join_all(people)).await;
            told.is(200);
            let sent = done.iter().filter(|one| one.is_ok()).count();
            assert!(sent <= 1, "round {round}: {sent}");
            let rows = refunds(&app.kit, &order).await;
            assert_eq!((rows.len(), rows[0].state), (1, RefundState::Closed), "round {round}");
            assert_eq!(look(&app.kit, &order.id).await.balance.refunded, amount, "round {round}");
        }
        sound(&app.kit).await;
    }

    async fn an_account_said_eight_times_while_it_is_sent_leaves_one_refund(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        for round in 0..rounds() {
            let order = ready(&app, &coop, &fruit, "1").await;
            let ways: Vec<_> = (0..6).map(account_no).collect();
            let (said, sent) = join(
                join_all(ways.iter().map(|wanted| refunding::say_where(&app.kit, &order.id, wanted))),
                join_all((0..2).map(|_| mark_sent_back(&app.kit, &coop.seller, &order.id, Money(20_000)))),
            ).await;
            winners(said, "refusal-nothing-owed");
            assert_eq!(winners(sent, "refusal-nothing-owed").len(), 1, "round {round}");
            let rows = refunds(&app.kit, &order).await;
            assert_eq!((rows.len(), rows[0].state), (1, RefundState::Sent), "round {round}");
        }
        sound(&app.kit).await;
    }

    async fn a_second_person_is_asked_and_agrees_once_while_the_account_changes(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let second = seller(kit, &coop.id, "HTX", &[MemberRole::Accountant]).await;
        refunding::ask_second_from(kit, &coop.seller, Money(10_000)).await.expect("laid down");
        for round in 0..rounds() {
            let order = ready(&app, &coop, &fruit, "1").await;
            let ask = || refunding::ask_second(kit, &coop.seller, &order.id, &second.account);
            let links = all_done(join_all((0..4).map(|_| ask())).await);
            let change = account_no(7);
            let seen = || Seen { amount: Money(20_000), account_number: Some("1017588888".into()) };
            let ((agreed, asked), (by_link, changed)) = join(
                join(join_all((0..3).map(|_| refunding::approve(kit, &second, &order.id, seen()))), join_all((0..2).map(|_| ask()))),
                join(
                    join_all(links.iter().map(|(id, token)| refunding::approve_by_link(kit, id, token))),
                    join_all((0..round % 2).map(|_| refunding::say_where(kit, &order.id, &change))),
                ),
            ).await;
            all_done(changed);
            winners(asked, "refusal-refund-not-ready");
            let links = winners_among(by_link, &["refusal-link-dead"]).len();
            let pressed = winners_among(agreed, &["refusal-refund-not-ready", "refusal-refund-changed"]).len();
            assert!(links + pressed <= 1, "round {round}: {links} by link, {pressed} signed in");
            let row = refunds(kit, &order).await.remove(0);
            if round % 2 == 0 {
                assert_eq!((links + pressed, row.state, row.approved_by), (1, RefundState::Approved, Some(second.account.clone())));
                assert_eq!(row.link_hash, None, "round {round}: who has agreed is asked no more");
            } else {
                // Whatever was agreed to was another account: a new one needs a new yes.
                let stands = (row.account_number.as_deref(), row.state, row.approved_by);
                assert_eq!(stands, (Some("1017588807"), RefundState::Ready, None), "round {round}");
            }
        }
        sound(kit).await;
    }

    async fn what_was_said_is_taken_back_or_proven_and_never_both(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        for round in 0..rounds() {
            let order = ready(&app, &coop, &fruit, "2").await;
            mark_sent_back(&app.kit, &coop.seller, &order.id, Money(40_000)).await.expect("said");
            let sent = refunds(&app.kit, &order).await.remove(0);
            let movement = leaving(&coop, &order);
            let (told, undone) = join(
                tell(&app, &coop, &movement),
                join_all((0..7).map(|_| undo_sent_back(&app.kit, &coop.seller, &sent.id))),
            ).await;
            told.is(200);
            assert!(winners(undone, "refusal-refund-undo").len() <= 1, "round {round}");
            // Taken back first, the movement closes what is owed again; proven first, it stays so.
            let rows = refunds(&app.kit, &order).await;
            assert!(under_way(&rows).is_empty(), "round {round}: {rows:#?}");
            assert_eq!(look(&app.kit, &order.id).await.balance.refunded, Money(40_000), "round {round}");
            sound(&app.kit).await;
        }
    }

    async fn an_order_that_waits_is_made_up_once_or_its_money_goes_back(db: TestDb) {
        let (app, coop, _) = open(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let (fruit, late, _) = short(&app, &coop).await;
            all_done(join_all((0..2).map(|_| wait_for_goods(kit, &late.id))).await);
            bank::lot(kit, &coop, &fruit.product, 9).await;
            let (made_up, said) = join(
                join_all((0..5).map(|_| take_up_waiting_order(kit, &coop.seller, &late.id))),
                join_all((0..3).map(|_| async { refunding::say_where(kit, &late.id, &account()).await })),
            ).await;
            let lives = made_up.iter().filter(|one| one.is_ok()).count();
            let rows = refunds(kit, &late).await;
            match look(kit, &late.id).await.order.state {
                OrderState::Placed => {
                    assert_eq!((lives, under_way(&rows).len()), (1, 0), "round {round}");
                    assert!(winners(said, "refusal-nothing-owed").is_empty(), "round {round}: made up, and sent back too");
                }
                other => {
                    assert_eq!((other, lives, under_way(&rows).len()), (OrderState::Expired, 0, 1), "round {round}");
                    all_done(said);
                }
            }
        }
        sound(kit).await;
    }

    async fn an_account_that_is_said_while_the_buyer_says_to_wait_is_where_the_money_goes(db: TestDb) {
        let (app, coop, _) = open(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let (_, late, _) = short(&app, &coop).await;
            let (waits, said) = join(
                join_all((0..7).map(|_| wait_for_goods(kit, &late.id))),
                async { refunding::say_where(kit, &late.id, &account()).await },
            ).await;
            winners(waits, "refusal-refund-being-sent");
            said.expect("said");
            // Whoever waits may say an account; where one is known nobody waits any more.
            assert_eq!(refunds(kit, &late).await.remove(0).state, RefundState::Ready, "round {round}");
        }
        sound(kit).await;
    }

    async fn a_refund_said_to_be_sent_and_to_be_paid_in_cash_at_once_is_one_of_the_two(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        for round in 0..rounds() {
            let order = ready(&app, &coop, &fruit, "1").await;
            let (sent, cash) = join(
                join_all((0..4).map(|_| mark_sent_back(&app.kit, &coop.seller, &order.id, Money(20_000)))),
                join_all((0..4).map(|_| mark_paid_in_cash(&app.kit, &coop.seller, &order.id, Money(20_000)))),
            ).await;
            let (sent, cash) = (winners(sent, "refusal-nothing-owed").len(), winners(cash, "refusal-nothing-owed").len());
            let rows = refunds(&app.kit, &order).await;
            assert_eq!((sent + cash, rows.len(), rows[0].in_cash), (1, 1, cash == 1), "round {round}");
        }
        sound(&app.kit).await;
    }

    async fn what_is_owed_pays_other_orders_once_and_no_order_twice(db: TestDb) {
        let (app, coop, _) = open(db).await;
        let kit = &app.kit;
        // Each of goods of its own: no lot's lock stands before the order's.
        let mut fruit = Vec::new();
        for _ in 0..4 {
            fruit.push(goods(kit, &coop, "Nhãn khác", 20_000, 900).await);
        }
        for round in 0..rounds() {
            let (_, late, phone) = short(&app, &coop).await;
            let mut others = Vec::new();
            for one in &fruit {
                let mut raw = checkout(&[(one, "1")]);
                raw.buyer.phone = phone.clone();
                others.push(bank::orders(kit, &raw).await.remove(0));
            }
            let moved = join_all((0..8).map(|n| pay_another_order(kit, &late.id, &others[n % 4].code))).await;
            assert_eq!(moved.iter().filter(|one| one.is_ok()).count(), 2, "round {round}: forty thousand pay two of twenty");
            let mut paid = 0;
            for other in &others {
                paid += usize::from(look(kit, &other.id).await.order.state == OrderState::Placed);
            }
            assert_eq!((paid, under_way(&refunds(kit, &late).await).len()), (2, 0), "round {round}");
        }
        sound(kit).await;
    }

    async fn what_was_left_is_given_back_once_and_a_limit_is_laid_down_once_a_day(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let order = bank::order(kit, &[(&fruit, "1")]).await;
            tell(&app, &coop, &bank::Movement { amount_vnd: 25_000, ..bank::Movement::paying(&coop, &order) }).await.is(200);
            let id = order.id.clone();
            let case = kit.db.read(move |conn| store::bank::list_cases_of_order(conn, &id)).await.expect("cases").remove(0);
            let seen = ganh::service::deciding::Resolution::Seen;
            ganh::service::deciding::resolve_case(kit, &coop.seller, &case.id, &seen).await.expect("left");
            let kept: RefundId = refunds(kit, &order).await.remove(0).id;
            let (given, laid_down) = join(
                join_all((0..8).map(|_| give_back_kept(kit, &coop.seller, &kept))),
                join_all((1..9).map(|n| refunding::ask_second_from(kit, &coop.seller, Money(100_000 * n)))),
            ).await;
            assert_eq!(winners(given, "refusal-nothing-owed").len(), 1, "round {round}");
            all_done(laid_down);
            let rows = refunds(kit, &order).await;
            assert_eq!(under_way(&rows).iter().map(|row| row.amount_vnd).collect::<Vec<_>>(), [Money(5_000)], "round {round}");
        }
        sound(kit).await;
    }
}
