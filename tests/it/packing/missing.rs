//! A line that is not there when the box is packed: out, or another product instead; the buyer never pays more and is told.

use super::{figure, open, tap, words_to_buyer};
use crate::handling::traced;
use crate::kit::app::refusals;
use crate::kit::bank::{Goods, Movement, Placed, goods, look, order, tell};
use crate::on_both_engines;
use crate::races::sound;
use ganh::domain::id::OrderLineId;
use ganh::domain::money::Money;
use ganh::domain::order::IfShort;
use ganh::domain::trace::Step;
use ganh::service::handling;
use ganh::service::kit::Kit;
use ganh::service::packing::Act;
use ganh::service::packing_view::show_packing_order;
use ganh::store;

async fn line_of(kit: &Kit, placed: &Placed, of: &Goods) -> OrderLineId {
    let lines = look(kit, &placed.id).await.lines;
    lines.into_iter().map(|one| one.line).find(|line| line.product_id == of.product).expect("its line").id
}

/// On hand and held, grams.
async fn stock(kit: &Kit, goods: &Goods) -> (i64, i64) {
    let id = goods.lot.clone();
    let lot = kit.db.read(move |conn| store::lot::get(conn, &id)).await.expect("the lot");
    (lot.on_hand.0, lot.held.0)
}

on_both_engines! {
    async fn a_missing_line_goes_out_and_what_was_paid_for_it_is_owed_back(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let honey = goods(kit, &coop, "Mật ong", 20_000, 20).await;
        let placed = order(kit, &[(&fruit, "1"), (&honey, "2")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &placed)).await.is(200);
        handling::confirm_order(kit, &coop.seller, &placed.id).await.expect("yes");
        app.clock.advance_s(60);
        let gone = line_of(kit, &placed, &honey).await;
        let packer = app.signed_in(&coop.seller.account).await;
        let page = packer.get(&format!("/ban-hang/dong-hang/{}?thieu={gone}", placed.code)).await.is(200);
        page.says("Thiếu Mật ong").says("Hết thì gọi cho khách").says("tel:").says("Khách bảo bỏ món này");
        tap(kit, &coop.seller, &placed, Act::Without(gone.clone())).await.expect("out");
        tap(kit, &coop.seller, &placed, Act::Without(gone)).await.expect("out already");
        let view = look(kit, &placed.id).await;
        assert_eq!((view.order.total_vnd, view.balance.refund_due), (Money(45_000), Money(40_000)));
        assert_eq!(stock(kit, &honey).await, (20_000, 0));
        assert_eq!(words_to_buyer(kit, &coop, &placed).await.iter().filter(|kind| *kind == "order_changed").count(), 1);
        let steps: Vec<Step> = traced(kit, &placed.id).await.into_iter().map(|(step, _)| step).collect();
        assert_eq!(steps, [Step::Sold, Step::Released]);
        let last = line_of(kit, &placed, &fruit).await;
        assert_eq!(refusals(tap(kit, &coop.seller, &placed, Act::Without(last)).await), ["refusal-last-line"]);
        tap(kit, &coop.seller, &placed, Act::Weigh(figure(kit, &placed, 1_000).await)).await.expect("weighed");
        tap(kit, &coop.seller, &placed, Act::Pack { seen: None }).await.expect("packed");
        handling::deliver_order(kit, &coop.seller, &placed.id).await.expect("handed over");
        assert_eq!(stock(kit, &honey).await, (20_000, 0));
        sound(kit).await;
    }

    async fn another_product_stands_in_and_costs_no_more(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let wanted = goods(kit, &coop, "Ổi lê", 30_000, 20).await;
        let cheaper = goods(kit, &coop, "Ổi găng", 25_000, 20).await;
        let dearer = goods(kit, &coop, "Cam Vinh", 60_000, 20).await;
        let mut raw = crate::kit::bank::checkout(&[(&fruit, "1"), (&wanted, "2")]);
        raw.payment = "cod".into();
        for line in &mut raw.lines {
            line.if_short = Some("replace".into());
        }
        let placed = crate::kit::bank::orders(kit, &raw).await.pop().expect("an order");
        handling::confirm_order(kit, &coop.seller, &placed.id).await.expect("yes");
        let gone = line_of(kit, &placed, &wanted).await;
        let view = show_packing_order(kit, &coop.seller, placed.code.as_text()).await.expect("a box");
        let offered: Vec<_> = view.stand_ins[&gone].iter().map(|fit| fit.product.id.clone()).collect();
        assert_eq!(offered, std::slice::from_ref(&cheaper.product), "neither what is dearer nor itself");
        let no = tap(kit, &coop.seller, &placed, Act::Instead(gone.clone(), dearer.offer.clone())).await;
        assert_eq!(refusals(no), ["refusal-no-stand-in"]);
        tap(kit, &coop.seller, &placed, Act::Instead(gone.clone(), cheaper.offer.clone())).await.expect("instead");
        let again = tap(kit, &coop.seller, &placed, Act::Instead(gone, cheaper.offer.clone())).await;
        assert_eq!(refusals(again), ["refusal-line-out"]);
        let now = look(kit, &placed.id).await;
        assert_eq!((now.order.total_vnd, now.lines.len()), (Money(45_000 + 50_000), 3));
        assert_eq!((stock(kit, &wanted).await, stock(kit, &cheaper).await), ((20_000, 0), (20_000, 2_000)));
        tap(kit, &coop.seller, &placed, Act::Weigh(figure(kit, &placed, 1_000).await)).await.expect("weighed");
        tap(kit, &coop.seller, &placed, Act::Pack { seen: None }).await.expect("packed");
        assert_eq!(stock(kit, &cheaper).await, (18_000, 0));
        sound(kit).await;
    }

    async fn whoever_wants_no_other_gets_no_other(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let wanted = goods(kit, &coop, "Ổi lê", 30_000, 20).await;
        let cheaper = goods(kit, &coop, "Ổi găng", 25_000, 20).await;
        let mut raw = crate::kit::bank::checkout(&[(&fruit, "1"), (&wanted, "2")]);
        raw.payment = "cod".into();
        for line in &mut raw.lines {
            line.if_short = Some(IfShort::Drop.to_string());
        }
        let placed = crate::kit::bank::orders(kit, &raw).await.pop().expect("an order");
        handling::confirm_order(kit, &coop.seller, &placed.id).await.expect("yes");
        let gone = line_of(kit, &placed, &wanted).await;
        let no = tap(kit, &coop.seller, &placed, Act::Instead(gone, cheaper.offer)).await;
        assert_eq!(refusals(no), ["refusal-no-stand-in"]);
        sound(kit).await;
    }
}
