//! Everything at once: the same message from eight sides, and money against cancelling, expiring, undoing and ordering. The clock of
//! these tests moves between the rounds, so that every meeting of two happens again and again.

use super::*;
use futures_util::future::join_all;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::money::Money;
use ganh::gateway::bank::{Headers, sepay};
use ganh::service::money_list::{mark_money_received, undo_money_received};
use ganh::service::{ending, paying};

/// Rounds of a race; the long form is the contract's 200.
fn rounds() -> usize {
    if std::env::var("GANH_LONG").is_ok() { 200 } else { 40 }
}

/// A delivery at the door's inner side, so that eight of them meet in the database and not in HTTP.
async fn deliver(kit: &Kit, coop: &Coop, movement: &Movement) -> String {
    let (body, stamp) = (movement.body(), kit.now().unix_seconds());
    let signature = sepay::sign(coop.receiving.secret.as_deref().expect("a secret"), stamp, body.as_bytes());
    let stamp = stamp.to_string();
    let headers =
        Headers::new([(sepay::TIMESTAMP_HEADER, stamp.as_bytes()), (sepay::SIGNATURE_HEADER, signature.as_bytes())]);
    for _ in 0..20 {
        let path = &coop.receiving.path_id;
        let told =
            paying::receive_bank_message(kit, BankProvider::Sepay, path, headers.clone(), body.clone().into_bytes())
                .await;
        let told = told.expect("an answer");
        // A bank that is told "not now" comes again.
        if told.word != "not_now" {
            return told.word.to_owned();
        }
    }
    panic!("not now, twenty times");
}

on_both_engines! {
    async fn the_same_message_from_eight_sides_at_once_is_booked_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        for _ in 0..rounds() / 8 {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            let movement = Movement::paying(&coop, &order);
            // Half of them under another id: the same money by another way.
            let other = Movement { id: movement.id + 500_000, ..movement.clone() };
            let words = join_all((0..8).map(|n| deliver(&app.kit, &coop, if n % 2 == 0 { &movement } else { &other }))).await;
            assert_eq!(words.iter().filter(|word| *word == "taken").count(), 2, "{words:?}");
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.order.state, view.balance.received.vnd()), (OrderState::Placed, 20_000));
        }
        check(&app.kit).await;
    }

    async fn money_racing_the_end_of_orders_and_new_orders_is_neither_lost_nor_doubled(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        // Little stock: whoever ends frees what the next one takes.
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 6).await;
        let mut sent = 0;
        for round in 0..rounds() {
            let placed = join_all((0..3).map(|_| async { bank::place(&app.kit, &bank::checkout(&[(&fruit, "1")])).await })).await;
            let mut orders = Vec::new();
            for purchase in placed.into_iter().flatten() {
                let view = ganh::service::showing::show_purchase(&app.kit, &purchase.purchase).await.expect("a view");
                let order = &view.orders[0].order;
                orders.push(Placed { id: order.id.clone(), code: order.code.clone(), total_vnd: order.total_vnd.vnd() });
            }
            if round % 2 == 0 {
                app.clock.advance_s(15 * 60);
            }
            let kit = &app.kit;
            let coop = &coop;
            let fruit = &fruit;
            let moves = orders.iter().enumerate().map(|(n, order)| async move {
                let movement = Movement::paying(coop, order);
                let money = async {
                    tokio::join!(deliver(kit, coop, &movement), deliver(kit, coop, &movement));
                };
                let against = async {
                    match (round + n) % 4 {
                        0 => drop(ending::cancel_order(kit, &order.id).await),
                        1 => drop(ending::expire_orders(kit).await),
                        2 => drop(bank::place(kit, &bank::checkout(&[(fruit, "2")])).await),
                        _ => drop(ending::renew_hold(kit, &order.id).await),
                    }
                };
                tokio::join!(money, against);
            });
            join_all(moves).await;
            sent += 20_000 * i64::try_from(orders.len()).expect("few");
            for order in &orders {
                let view = look(kit, &order.id).await;
                assert_eq!(view.balance.received.vnd(), 20_000, "round {round}, {}: {}", order.code, view.order.state);
            }
        }
        let booked: i64 = events(&app.kit, &coop, BankEventState::Booked).await.iter().map(|event| event.amount_vnd.vnd()).sum();
        assert_eq!(booked, sent);
        check(&app.kit).await;
    }

    async fn a_word_taken_back_while_the_bank_confirms_it_is_credited_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        for round in 0..rounds() / 2 {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            mark_money_received(&app.kit, &coop.seller, &order.id, Money(20_000)).await.expect("said");
            let word = look(&app.kit, &order.id).await.money.remove(0);
            let movement = Movement::paying(&coop, &order);
            tokio::join!(
                deliver(&app.kit, &coop, &movement),
                async { drop(undo_money_received(&app.kit, &coop.seller, &word.id).await) },
            );
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.balance.received.vnd(), view.settlement), (20_000, Settlement::Settled), "round {round}");
        }
        check(&app.kit).await;
    }

    async fn a_case_decided_by_two_at_once_is_decided_once(db: TestDb) {
        use ganh::service::money_list::{Resolution, resolve_case};
        let (app, coop, fruit) = open(db).await;
        for round in 0..rounds() / 4 {
            let (one, two) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "1")]).await);
            deliver(&app.kit, &coop, &Movement::to(&coop, "quen ghi ma", 20_000)).await;
            let case = open_case(&app.kit, &coop, MoneyCaseReason::Unmatched).await;
            let (kit, seller) = (&app.kit, &coop.seller);
            let (to_one, to_two, aside) =
                (Resolution::Assign(one.code.clone()), Resolution::Assign(two.code.clone()), Resolution::OtherMoney);
            let done = tokio::join!(
                resolve_case(kit, seller, &case.id, &to_one),
                resolve_case(kit, seller, &case.id, &to_two),
                resolve_case(kit, seller, &case.id, &aside),
            );
            let well = [done.0.is_ok(), done.1.is_ok(), done.2.is_ok()];
            assert_eq!(well.iter().filter(|ok| **ok).count(), 1, "round {round}: {well:?}");
            for order in [&one, &two] {
                drop(ending::cancel_order(kit, &order.id).await);
            }
        }
        check(&app.kit).await;
    }
}
