//! No worker ran for a day, then three begin at once: every closing, every notice and every refund comes to pass, once.

use crate::claiming::{claimed, received};
use crate::handling::at_the_door;
use crate::kit::app::TestApp;
use crate::kit::bank::{self, Placed, checkout, coop, goods, look};
use crate::kit::make;
use crate::on_both_engines;
use crate::races::sound;
use diesel::prelude::*;
use ganh::domain::message::OutboxState;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState as State;
use ganh::service::kit::Kit;
use ganh::service::money_list;
use ganh::service::pausing::{PauseSaid, Pauser, start_pause};
use ganh::store;
use ganh::store::schema::{claim_step, message, order_move, outbox, refund, sales_window};
use ganh::worker;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::sync::watch;

/// A commune in which nobody else buys.
const ELSEWHERE: &str = "11980";

/// Everything that work leaves behind: a line of text each, and how often it stands there.
async fn traces(kit: &Kit) -> BTreeMap<String, usize> {
    let read = |conn: &mut store::Conn| {
        let mut lines: Vec<String> = Vec::new();
        let moves = order_move::table.select((order_move::order_id, order_move::event));
        lines.extend(moves.load::<(String, String)>(conn)?.into_iter().map(|(id, event)| format!("move {id} {event}")));
        let words = message::table.select((message::order_id, message::kind, message::args, message::to_phone));
        let words = words.load::<(Option<String>, String, String, String)>(conn)?;
        lines.extend(words.into_iter().map(|(id, kind, args, to)| format!("words {id:?} {kind} {args} {to}")));
        let steps = claim_step::table.select((claim_step::claim_id, claim_step::event));
        lines
            .extend(steps.load::<(String, String)>(conn)?.into_iter().map(|(id, event)| format!("claim {id} {event}")));
        let refunds = refund::table.select((refund::order_id, refund::amount_vnd));
        lines.extend(refunds.load::<(String, i64)>(conn)?.into_iter().map(|(id, vnd)| format!("refund {id} {vnd}")));
        let windows = sales_window::table.select((sales_window::product_id, sales_window::harvest_from));
        lines.extend(windows.load::<(String, String)>(conn)?.into_iter().map(|(id, day)| format!("window {id} {day}")));
        Ok::<_, diesel::result::Error>(lines)
    };
    let mut count = BTreeMap::new();
    let all = kit.db.read(move |conn| Ok::<_, store::StoreError>(read(conn)?)).await;
    for line in all.expect("rows") {
        *count.entry(line).or_insert(0) += 1;
    }
    count
}

/// Whether the outbox owes nothing any more.
async fn is_paid_out(kit: &Kit) -> bool {
    let owed = |conn: &mut store::Conn| {
        let rows = outbox::table.filter(outbox::state.ne(OutboxState::Done)).count();
        Ok::<_, store::StoreError>(rows.get_result::<i64>(conn)?)
    };
    kit.db.read(owed).await.expect("a count") == 0
}

/// Three workers at once, for a moment. Each of them does each of its duties at least once, and ends what it has begun.
async fn three_workers(kit: &Kit) {
    let (stop, stopped) = watch::channel(false);
    let workers: Vec<_> = (0..3).map(|_| tokio::spawn(worker::work(kit.clone(), stopped.clone()))).collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.send(true).expect("somebody works");
    for worker in workers {
        worker.await.expect("an end");
    }
}

/// Workers come and go until three of them found nothing left to do; what stands there then, and how many letters went.
async fn until_at_rest(kit: &Kit) -> (BTreeMap<String, usize>, usize) {
    let mut last = (BTreeMap::new(), 0);
    for _ in 0..200 {
        three_workers(kit).await;
        let now = (traces(kit).await, kit.mail.sent().len());
        if now == last && is_paid_out(kit).await {
            return now;
        }
        last = now;
    }
    panic!("never at rest: {last:#?}");
}

on_both_engines! {
    async fn after_a_day_without_a_worker_everything_due_happens_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let coop = coop(kit, "Nhãn Lồng").await;
        let fruit = goods(kit, &coop, "Nhãn lồng", 20_000, 900).await;
        let operator = make::operator(kit, 1).await;
        let unpaid = bank::order(kit, &[(&fruit, "1")]).await;
        let unanswered = at_the_door(kit, &[(&fruit, "1")]).await;
        let paid = bank::order(kit, &[(&fruit, "2")]).await;
        let sum = Money(paid.total_vnd);
        money_list::mark_money_received(kit, &coop.seller, &paid.id, sum).await.expect("paid");
        let eaten = received(kit, &coop, &[(&fruit, "2")]).await;
        claimed(kit, &eaten, "1").await;
        crate::windows::closing_today(kit, &coop, &fruit).await;
        // Somebody waits where a storm is.
        let other = bank::coop(kit, "Cam").await;
        let orange = goods(kit, &other, "Cam Văn Giang", 30_000, 50).await;
        let mut raw = checkout(&[(&orange, "1")]);
        (raw.payment, raw.fulfilment.commune_code) = ("cod".into(), Some(ELSEWHERE.into()));
        let waiting = bank::orders(kit, &raw).await.remove(0);
        let pauser = Pauser::Operator(operator);
        let storm = PauseSaid { communes: vec![ELSEWHERE.into()], from_on: None, until_on: Some(kit.now().day().plus_days(9)), message: "Bão".into() };
        start_pause(kit, &pauser, &storm).await.expect("paused");

        app.clock.advance_s(2 * 86_400);
        let (after, letters) = until_at_rest(kit).await;
        let twice: Vec<_> = after.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "{twice:#?}");
        let stands = async |order: &Placed| look(kit, &order.id).await.order.state;
        assert_eq!(stands(&unpaid).await, State::Expired);
        for order in [&unanswered, &paid, &waiting] {
            assert_eq!(stands(order).await, State::Declined);
        }
        let has = |text: &str| after.keys().filter(|line| line.contains(text)).count();
        assert_eq!(look(kit, &paid.id).await.balance.refund_due, Money(40_000));
        assert_eq!(has(&format!("refund {} 40000", paid.id)), 1);
        let escalated = after.keys().filter(|line| line.starts_with("claim ") && line.ends_with("escalated")).count();
        assert_eq!((escalated, has("delivery_paused")), (1, 1));
        assert_eq!(has("window "), 2, "the next round");
        for order in [&unanswered, &paid, &waiting] {
            assert_eq!(has(&format!("move {} declined", order.id)), 1);
            assert_eq!(has(&format!("words Some(\"{}\") order_declined", order.id)), 1);
        }
        assert!(letters > 0 && has("window_closed") > 0, "{after:#?}");
        let sent: BTreeSet<_> = kit.mail.sent().into_iter().map(|sent| sent.letter.message_id).collect();
        assert_eq!(sent.len(), letters, "no letter went twice");
        sound(kit).await;
        app.stop().await;
    }
}
