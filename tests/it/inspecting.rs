//! What officials see: for a lot every order, for an order every lot, sums that agree, and nothing outside their territory.

use crate::kit::app::TestApp;
use crate::kit::make;
use crate::on_both_engines;
use ganh::domain::id::OrderId;
use ganh::domain::quantity::Base;
use ganh::service::error::ServiceError;
use ganh::service::handling::{confirm_order, pack_order};
use ganh::service::inspecting::{inspect_lot, inspect_order};
use ganh::service::inspecting_search::search_all;
use ganh::service::listing::{LotAct, move_lot};
use ganh::web::route::{Door, Who};
use std::collections::BTreeSet;

#[test]
fn the_office_has_no_route_that_acts() {
    let office: Vec<_> =
        ganh::web::routes::table().into_iter().filter(|route| route.path.starts_with("/co-quan")).collect();
    assert!(office.len() >= 4);
    for route in office {
        assert!(route.method.is_safe() && route.who == Who::Official && route.door == Door::Office, "{route:?}");
    }
}

async fn order(app: &TestApp, slug: &str, quantity: &str) -> OrderId {
    make::order_of(&app.kit, slug, quantity).await
}

on_both_engines! {
    async fn an_orders_lots_and_a_lots_orders_agree_both_ways(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, seller) = (&app.kit, make::seller(&app.kit, "HTX Vườn Nhãn", 1).await);
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        let mut lots = Vec::new();
        for _ in 0..3 {
            lots.push(make::lot(kit, &seller, &product, Base(2_000)).await.1);
            app.clock.advance_s(60);
        }
        // 1.5 + 1.5 spans two lots, 2.5 the rest.
        for quantity in ["1.5", "1.5", "2.5"] {
            let id = order(&app, "nhan-long", quantity).await;
            confirm_order(kit, &seller, &id).await.expect("confirmed");
        }
        let official = make::official(kit, "p:33", 90).await;
        let (mut by_lot, mut by_order) = (BTreeSet::new(), BTreeSet::new());
        let mut orders = BTreeSet::new();
        for code in &lots {
            let file = inspect_lot(kit, &official, code).await.expect("the lot");
            assert!(file.checks.all(), "{:?}", file.checks);
            for row in &file.orders {
                by_lot.insert((code.clone(), row.order.code.clone(), row.held));
                orders.insert(row.order.code.clone());
            }
        }
        for code in &orders {
            for part in inspect_order(kit, &official, code).await.expect("the order").lots {
                by_order.insert((part.lot.code.clone(), code.clone(), part.held));
            }
        }
        assert_eq!(orders.len(), 3);
        assert_eq!(by_lot.len(), 5, "{by_lot:?}");
        assert_eq!(by_lot, by_order);
    }

    async fn the_mass_balance_adds_up_after_everything_that_can_happen(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, seller) = (&app.kit, make::seller(&app.kit, "HTX Vườn Nhãn", 1).await);
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        let (lot, code) = make::lot(kit, &seller, &product, Base(20_000)).await;
        let packed = order(&app, "nhan-long", "3").await;
        confirm_order(kit, &seller, &packed).await.expect("confirmed");
        pack_order(kit, &seller, &packed).await.expect("packed");
        order(&app, "nhan-long", "2").await;
        let cancelled = order(&app, "nhan-long", "1").await;
        ganh::service::ending::cancel_order(kit, &cancelled).await.expect("cancelled");
        for act in [
            LotAct::More(Base(1_000)),
            LotAct::Loss { base: Base(700), reason: "dập".into() },
            LotAct::SoldOutside { base: Base(6_000), to_whom: "Bà Tám chợ Gạo".into() },
            LotAct::Counted(Base(11_000)),
        ] {
            move_lot(kit, &seller, &lot, &act).await.expect("moved");
        }
        let file = inspect_lot(kit, &make::official(kit, "11977", 90).await, &code).await.expect("the lot");
        let balance = file.balance;
        let parts = [balance.harvested, balance.taken_in, balance.sold, balance.sold_outside, balance.lost, balance.counted, balance.left];
        assert_eq!(parts.map(|base| base.0), [20_000, 1_000, 3_000, 6_000, 700, -300, 11_000]);
        assert_eq!((file.lot.on_hand, file.lot.held), (Base(11_000), Base(2_000)));
        assert_eq!(file.orders.iter().map(|row| (row.held.0, row.taken.0)).collect::<Vec<_>>(), [(0, 3_000), (2_000, 0)]);
        assert_eq!(file.given_up, 1);
        assert!(file.checks.all(), "{:?}", file.checks);
        assert!(file.movements.iter().any(|row| row.movement.to_whom.as_deref() == Some("Bà Tám chợ Gạo")));
    }

    async fn a_sum_that_was_tampered_with_is_shown(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, seller) = (&app.kit, make::seller(&app.kit, "HTX Vườn Nhãn", 1).await);
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        let (lot, code) = make::lot(kit, &seller, &product, Base(20_000)).await;
        kit.db.write(move |conn| {
            use diesel::prelude::*;
            diesel::update(ganh::store::schema::lot::table.find(&lot)).set(ganh::store::schema::lot::on_hand.eq(25_000_i64)).execute(conn)?;
            Ok::<_, ganh::store::StoreError>(())
        }).await.expect("tampered");
        let official = make::official(kit, "*", 90).await;
        assert!(!inspect_lot(kit, &official, &code).await.expect("the lot").checks.stock);
        let page = app.signed_in(&official.account).await.get(&format!("/co-quan/dot-hang/{code}")).await;
        assert!(page.body.contains("Sổ không khớp"), "{}", page.body);
    }

    async fn outside_the_territory_nothing_is_there(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, seller) = (&app.kit, make::seller(&app.kit, "HTX Vườn Nhãn", 1).await);
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        let (_, code) = make::lot(kit, &seller, &product, Base(20_000)).await;
        let id = order(&app, "nhan-long", "2").await;
        let order = kit.db.read(move |conn| ganh::store::order::get(conn, &id)).await.expect("the order").code;
        let all = ["nhan long", "Vườn Nhãn", "0900123456", "0912345678", "0221 386 1234", code.as_text(), order.as_text()];
        for (number, (territory, is_inside)) in [("11977", true), ("p:33", true), ("*", true), ("12004", false), ("p:01", false), ("xyz", false)].into_iter().enumerate() {
            let official = make::official(kit, territory, 90 + u32::try_from(number).expect("few")).await;
            let (lot, seen) = (inspect_lot(kit, &official, &code).await, inspect_order(kit, &official, &order).await);
            if is_inside {
                assert!(lot.is_ok() && seen.is_ok(), "{territory}");
            } else {
                assert!(matches!(lot, Err(ServiceError::NotFound)) && matches!(seen, Err(ServiceError::NotFound)), "{territory}");
            }
            for text in all {
                let found = search_all(kit, &official, text).await.is_ok_and(|hits| !hits.is_empty());
                assert_eq!(found, is_inside, "{text} in {territory}");
            }
            let actor = app.signed_in(&official.account).await;
            for path in [format!("/co-quan/dot-hang/{code}"), format!("/co-quan/dot-hang/{code}/don-hang.csv"), format!("/co-quan/don/{order}")] {
                assert_eq!(actor.get(&path).await.status, if is_inside { 200 } else { 404 }, "{path} in {territory}");
            }
        }
    }

    async fn pages_show_the_people_and_are_kept_nowhere(db: TestDb) {
        let app = TestApp::start(db).await;
        let (kit, seller) = (&app.kit, make::seller(&app.kit, "HTX Vườn Nhãn", 1).await);
        let product = make::product(kit, &seller, "Nhãn lồng").await;
        let (_, code) = make::lot(kit, &seller, &product, Base(20_000)).await;
        let mut basket = make::basket(&[("nhan-long", "2")], "=HYPERLINK(\"http://x\")", "0912777888");
        basket.fulfilment.address = Some("+7 hẻm Kim Tước".to_owned());
        let view = make::order(kit, &basket).await.remove(0);
        confirm_order(kit, &seller, &view.order.id).await.expect("confirmed");
        let actor = app.signed_in(&make::official(kit, "p:33", 90).await.account).await;
        for path in [format!("/co-quan/dot-hang/{code}"), format!("/co-quan/don/{}", view.order.code), "/co-quan?q=0912777888".to_owned()] {
            let page = actor.get(&path).await;
            assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{path}: {}", page.body);
        }
        let order = actor.get(&format!("/co-quan/don/{}", view.order.code)).await;
        assert!(order.body.contains("0912 777 888") && order.body.contains(&code.to_string()), "{}", order.body);
        let sheet = actor.get(&format!("/co-quan/dot-hang/{code}/don-hang.csv")).await;
        assert!(sheet.body.starts_with('\u{feff}') && sheet.header("content-type").starts_with("text/csv"));
        let mut rows = csv::Reader::from_reader(sheet.body.trim_start_matches('\u{feff}').as_bytes());
        let row = rows.records().next().expect("a row").expect("csv");
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{row:?}");
        assert_eq!((&row[0], &row[3], &row[7]), (view.order.code.as_text(), "2", "0912 777 888"));
    }
}
