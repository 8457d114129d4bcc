//! Ordering as the use cases do it: all or none, once a key, never more than there is, and held goods that come back by
//! themselves.

use crate::kit::app::{TestApp, refusals};
use crate::kit::{Engine, make};
use crate::on_both_engines;
use ganh::domain::id::{LotId, OfferId, ProductId};
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::product::{Category, ProductState};
use ganh::domain::quantity::{Base, BaseUnit, Quantity};
use ganh::domain::refusal::Refusal;
use ganh::service::basket::{Going, show_basket};
use ganh::service::checkout::RawCheckout;
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::listing::{self, OfferSaid, ProductSaid};
use ganh::service::ordering::{self, Ordering, PlacedPurchase};
use ganh::service::showing::{self, PurchaseView};
use ganh::service::who::Seller;
use ganh::service::{ending, verifying};
use ganh::store::lot::Lot;

/// A cooperative with 20 kg of one product.
struct Stand {
    seller: Seller,
    product: ProductId,
    lot: LotId,
    slug: String,
}

async fn stand(kit: &Kit, name: &str, product: &str, number: u32) -> Stand {
    let seller = make::seller(kit, name, number).await;
    make::receiving_account(kit, &seller, &name.to_uppercase()).await;
    let id = make::product(kit, &seller, product).await;
    let (lot, _) = make::lot(kit, &seller, &id, Base(20_000)).await;
    Stand { seller, product: id, lot, slug: ganh::domain::text::slug::slug(product) }
}

fn by_transfer(lines: &[(&str, &str)]) -> RawCheckout {
    RawCheckout { payment: "vietqr".to_owned(), ..make::basket(lines, "Chị Mua", "0912345678") }
}

async fn place(kit: &Kit, raw: &RawCheckout, key: &str) -> Result<PlacedPurchase, ServiceError> {
    let ordering = Ordering { key: key.to_owned(), language: "vi".to_owned(), account: None };
    ordering::place_order(kit, raw, &ordering).await
}

async fn placed(kit: &Kit, raw: &RawCheckout, key: &str) -> PurchaseView {
    let done = place(kit, raw, key).await.expect("ordered");
    showing::show_purchase(kit, &done.purchase).await.expect("the purchase")
}

async fn lot_now(kit: &Kit, id: &LotId) -> Lot {
    let id = id.clone();
    kit.db.read(move |conn| Ok::<_, ServiceError>(ganh::store::lot::get(conn, &id)?)).await.expect("the lot")
}

/// What a shopper could order now, in grams.
async fn available(kit: &Kit, product: &ProductId) -> i64 {
    let (id, now) = (product.clone(), kit.now());
    let read = kit.db.read(move |conn| {
        let stock = ganh::service::stock_view::stock_of(conn, now, std::slice::from_ref(&id))?;
        ganh::service::stock_view::available(stock.get(&id).map(Vec::as_slice).unwrap_or_default())
    });
    read.await.expect("stock").0
}

async fn books_are_sound(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{report:?}");
}

fn one(result: Result<PlacedPurchase, ServiceError>) -> Refusal {
    match result {
        Err(ServiceError::Refused(mut all) | ServiceError::Changed(mut all)) if all.len() == 1 => all.remove(0),
        other => panic!("one refusal was expected: {other:?}"),
    }
}

on_both_engines! {
    async fn one_checkout_is_one_purchase_with_one_order_a_cooperative(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (one, two) = (stand(kit, "HTX Một", "Nhãn lồng", 1).await, stand(kit, "HTX Hai", "Gạo nếp", 2).await);
        let view = placed(kit, &by_transfer(&[(&one.slug, "1.5"), (&two.slug, "2"), (&one.slug, "0.5")]), "k").await;
        assert_eq!(view.orders.len(), 2);
        let sums: Vec<(i64, i64, usize)> =
            view.orders.iter().map(|o| (o.order.goods_vnd.vnd(), o.order.total_vnd.vnd(), o.lines.len())).collect();
        assert_eq!(sums, [(90_000, 120_000, 2), (90_000, 120_000, 1)], "goods and 30,000 for each trip");
        assert_eq!(view.purchase.total_vnd, Money(240_000));
        let accounts: std::collections::BTreeSet<_> = view.orders.iter().map(|o| o.order.bank_account_id.clone()).collect();
        assert_eq!(accounts.len(), 2, "each cooperative is paid on its own account");
        assert!(view.orders.iter().all(|o| o.lines.iter().all(|line| !line.lots.is_empty())), "every line has its lot");
        assert_eq!(lot_now(kit, &one.lot).await.held, Base(2_000));
        books_are_sound(kit).await;
        app.stop().await;
    }

    async fn when_one_cooperative_lacks_goods_nothing_is_ordered_of_any(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (one, two) = (stand(kit, "HTX Một", "Nhãn lồng", 1).await, stand(kit, "HTX Hai", "Gạo nếp", 2).await);
        let short = self::one(place(kit, &by_transfer(&[(&one.slug, "1"), (&two.slug, "20.5")]), "k").await);
        assert_eq!((short.key.as_str(), short.field.as_str()), ("refusal-short", "lines[1].quantity"));
        assert_eq!(short.args["available"], "20\u{a0}kg");
        assert_eq!(short.args["available_quantity"], "20");
        assert_eq!(lot_now(kit, &one.lot).await.held, Base::ZERO);
        // The key was not used up: the mended request orders under it.
        placed(kit, &by_transfer(&[(&one.slug, "1"), (&two.slug, "20")]), "k").await;
        let gone = self::one(place(kit, &by_transfer(&[(&two.slug, "1")]), "other").await);
        assert_eq!(gone.key, "refusal-sold-out");
        app.stop().await;
    }

    async fn a_quantity_that_is_not_whole_is_answered_with_the_nearest_two(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let stand = stand(kit, "HTX Trứng", "Nhãn lồng", 1).await;
        let eggs = by_tens(kit, &stand.seller).await;
        let refusal = one(place(kit, &by_transfer(&[("trung-ga", "1.55")]), "k").await);
        assert_eq!(refusal.key, "refusal-quantity-not-whole");
        assert_eq!((refusal.args["below"].as_str(), refusal.args["above"].as_str()), ("1,5", "1,6"));
        let step = one(place(kit, &by_transfer(&[(&stand.slug, "1.2")]), "k").await);
        assert_eq!(step.key, "refusal-quantity-step");
        let shown = show_basket(kit, vec![(eggs, Quantity(1_550))], Going::home(None)).await.expect("a basket");
        let fixes: Vec<i64> = shown.groups[0].lines[0].fixes.iter().map(|fix| fix.0).collect();
        assert_eq!(fixes, [1_500, 1_600], "the basket offers both as buttons");
        app.stop().await;
    }

    async fn a_total_that_was_shown_otherwise_is_answered_with_both_figures(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let stand = stand(kit, "HTX Một", "Nhãn lồng", 1).await;
        let raw = RawCheckout { expected_total_vnd: Some(70_000), ..by_transfer(&[(&stand.slug, "1")]) };
        let refusal = one(place(kit, &raw, "k").await);
        assert_eq!(refusal.key, "refusal-total-changed");
        assert_eq!((refusal.args["expected_vnd"].as_str(), refusal.args["total_vnd"].as_str()), ("70000", "75000"));
        assert_eq!(lot_now(kit, &stand.lot).await.held, Base::ZERO);
        placed(kit, &RawCheckout { expected_total_vnd: Some(75_000), ..raw }, "k").await;
        app.stop().await;
    }

    async fn the_same_key_orders_once_and_another_body_under_it_is_refused(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let stand = stand(kit, "HTX Một", "Nhãn lồng", 1).await;
        let raw = by_transfer(&[(&stand.slug, "1")]);
        let first = place(kit, &raw, "k").await.expect("ordered");
        let second = place(kit, &raw, "k").await.expect("the same");
        assert_eq!((first.purchase.clone(), false, true), (second.purchase, first.replayed, second.replayed));
        let other = by_transfer(&[(&stand.slug, "2")]);
        assert_eq!(refusals(place(kit, &other, "k").await), ["refusal-idempotency-reused"]);
        assert_eq!(refusals(place(kit, &raw, "").await), ["refusal-idempotency-key"]);
        assert_eq!(lot_now(kit, &stand.lot).await.held, Base(1_000));
        // After a day the key is free again.
        app.clock.advance_s(25 * 3600);
        assert!(!place(kit, &other, "k").await.expect("a new order").replayed);
        app.stop().await;
    }

    async fn one_key_sent_by_sixteen_at_once_is_one_purchase(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let stand = stand(kit, "HTX Một", "Nhãn lồng", 1).await;
        let raw = by_transfer(&[(&stand.slug, "1")]);
        let all = futures_util::future::join_all((0..16).map(|_| place(kit, &raw, "k"))).await;
        let all: Vec<PlacedPurchase> = all.into_iter().map(|done| done.expect("ordered")).collect();
        assert!(all.iter().all(|done| done.purchase == all[0].purchase));
        assert_eq!(all.iter().filter(|done| !done.replayed).count(), 1);
        assert_eq!(lot_now(kit, &stand.lot).await.held, Base(1_000));
        app.stop().await;
    }

    async fn a_cancelled_order_gives_its_goods_back_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let stand = stand(kit, "HTX Một", "Nhãn lồng", 1).await;
        let view = placed(kit, &by_transfer(&[(&stand.slug, "5")]), "k").await;
        let order = view.orders[0].order.id.clone();
        assert_eq!(available(kit, &stand.product).await, 15_000);
        ending::cancel_order(kit, &order).await.expect("cancelled");
        ending::cancel_order(kit, &order).await.expect("a second press finds it done");
        assert_eq!(available(kit, &stand.product).await, 20_000);
        books_are_sound(kit).await;
        app.stop().await;
    }

    async fn goods_come_back_when_their_hold_runs_out_without_any_job(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let stand = stand(kit, "HTX Một", "Nhãn lồng", 1).await;
        let view = placed(kit, &by_transfer(&[(&stand.slug, "20")]), "k").await;
        assert_eq!(available(kit, &stand.product).await, 0);
        app.clock.advance_s(15 * 60);
        assert_eq!(available(kit, &stand.product).await, 20_000, "as it is shown");
        placed(kit, &by_transfer(&[(&stand.slug, "20")]), "k2").await;
        // The tidying job changes no answer, it only writes down what is so.
        assert_eq!(ending::expire_orders(kit).await.expect("tidied"), 1);
        let order = view.orders[0].order.id.clone();
        let state = kit.db.read(move |conn| Ok::<_, ServiceError>(ganh::store::order::get(conn, &order)?.state)).await;
        assert_eq!(state.expect("the order"), OrderState::Expired);
        assert_eq!(lot_now(kit, &stand.lot).await.held, Base(20_000), "the second buyer's");
        books_are_sound(kit).await;
        app.stop().await;
    }

    async fn a_hold_lives_while_its_page_asks_and_no_longer_than_its_bound(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let stand = stand(kit, "HTX Một", "Nhãn lồng", 1).await;
        let view = placed(kit, &by_transfer(&[(&stand.slug, "20")]), "k").await;
        let order = view.orders[0].order.id.clone();
        let began = kit.now();
        for _minute in 0..44 {
            app.clock.advance_s(60);
            ending::renew_hold(kit, &order).await.expect("renewed");
            assert_eq!(available(kit, &stand.product).await, 0, "{} s on", kit.now().seconds_since(began));
        }
        app.clock.advance_s(60);
        ending::renew_hold(kit, &order).await.expect("asked once more");
        assert_eq!(available(kit, &stand.product).await, 20_000, "45 minutes are the bound");
        app.stop().await;
    }

    async fn a_dead_hold_is_not_woken_by_a_late_page(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let stand = stand(kit, "HTX Một", "Nhãn lồng", 1).await;
        let view = placed(kit, &by_transfer(&[(&stand.slug, "20")]), "k").await;
        app.clock.advance_s(16 * 60);
        ending::renew_hold(kit, &view.orders[0].order.id).await.expect("asked");
        assert_eq!(available(kit, &stand.product).await, 20_000);
        app.stop().await;
    }

    /// Eight at once over two lots, in opposite order of lines, round after round: exactly what there is is sold, nobody
    /// waits for ever, nothing else than «sold out» is answered. 200 rounds with `GANH_LONG`.
    async fn eight_who_race_for_the_same_lots_sell_exactly_what_is_there(db: TestDb) {
        let app = TestApp::start(db).await;
        let kit = &app.kit;
        let (one, two) = (stand(kit, "HTX Một", "Nhãn lồng", 1).await, stand(kit, "HTX Hai", "Gạo nếp", 2).await);
        let rounds = match (db.engine, std::env::var("GANH_LONG").is_ok()) {
            (_, true) => 200,
            (Engine::Postgres, false) => 40,
            (Engine::Sqlite, false) => 10,
        };
        let mut sold = 0;
        for round in 0..rounds {
            let there = available(kit, &one.product).await / 1000;
            let buys = (0..8).map(|buyer| {
                let (first, second) = if buyer % 2 == 0 { (&one.slug, &two.slug) } else { (&two.slug, &one.slug) };
                let raw = make::basket(&[(first, "1"), (second, "1")], "Chị Mua", "0912345678");
                async move { place(kit, &raw, &format!("{round}-{buyer}")).await }
            });
            let all = futures_util::future::join_all(buys).await;
            let done = i64::try_from(all.iter().filter(|one| one.is_ok()).count()).expect("few");
            assert_eq!(done, there.min(8), "round {round}: {all:?}");
            for lost in all.into_iter().filter(Result::is_err) {
                assert!(matches!(lost, Err(ServiceError::Changed(_))), "{lost:?}");
            }
            sold += done;
            if there < 8 {
                for stand in [&one, &two] {
                    make::lot(kit, &stand.seller, &stand.product, Base(11_000)).await;
                }
            }
        }
        assert!(sold >= 20);
        books_are_sound(kit).await;
        app.stop().await;
    }
}

/// Eggs by tens: half a ten can be bought, half an egg cannot.
async fn by_tens(kit: &Kit, seller: &Seller) -> OfferId {
    let said = ProductSaid {
        name: "Trứng gà".to_owned(),
        also_called: String::new(),
        category: Category::EggMeat,
        base_unit: BaseUnit::Piece,
        description: String::new(),
        picture: None,
        keeps_days: None,
        season: None,
        next_harvest_day: None,
        charged_by_true_weight: false,
        tolerance_bps: 0,
    };
    let product = listing::add_product(kit, seller, &said).await.expect("a product");
    let offer = OfferSaid {
        id: None,
        label: "chục".to_owned(),
        unit: "chục".to_owned(),
        base: Base(10),
        about: false,
        price: Money(35_000),
        min: Quantity(100),
        step: Quantity(100),
        position: 0,
        is_active: true,
    };
    let offer = listing::put_offer(kit, seller, &product, &offer).await.expect("an offer");
    listing::set_product_state(kit, seller, &product, ProductState::Published).await.expect("published");
    make::lot(kit, seller, &product, Base(100)).await;
    offer
}
