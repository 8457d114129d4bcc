//! Codes that take something off: what they take, of what, when not; what follows the true weight; the last use taken by one. After each
//! test every invariant is checked, what each order took beside its lines.

use crate::kit::TestDb;
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{self, Coop, Goods, Placed, checkout, coop, goods, look};
use crate::on_both_engines;
use crate::races::{rounds, sound, winners};
use futures_util::future::join_all;
use ganh::domain::claim::ClaimState;
use ganh::domain::id::VoucherId;
use ganh::domain::money::Money;
use ganh::domain::order::FulfilmentKind;
use ganh::domain::quantity::Base;
use ganh::domain::voucher::{Plan, Terms, VoucherKind};
use ganh::service::checkout::RawCheckout;
use ganh::service::claim_deciding::{Decision, decide};
use ganh::service::founding::{self, NewWay};
use ganh::service::kit::Kit;
use ganh::service::packing::Act;
use ganh::service::vouchers::{list_vouchers, make_voucher, stop_voucher};
use ganh::service::weight_correcting::correct_weight;
use ganh::service::{ending, handling, money_list, ordering, weight_correcting};
use serde_json::json;

async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 900).await;
    (app, coop, fruit)
}

/// A tenth off for a month, for everybody and any number of times.
fn tenth(kit: &Kit) -> Plan {
    Plan {
        code: "TET10".into(),
        kind: VoucherKind::Percent,
        terms: Terms { percent_bps: 1_000, most_off: Money::ZERO },
        least_goods: Money::ZERO,
        from_day: kit.now().day(),
        to_day: kit.now().day().plus_days(30),
        uses_most: 0,
        phone_most: 0,
    }
}

async fn made(kit: &Kit, coop: &Coop, plan: &Plan) -> VoucherId {
    let id = VoucherId::new(kit.now(), kit.ten());
    make_voucher(kit, &coop.seller, plan, &id).await.expect("a code");
    id
}

/// Two orders with a code: for the check of everything.
pub async fn used(kit: &Kit, coop: &Coop, fruit: &Goods) -> Placed {
    made(kit, coop, &tenth(kit)).await;
    with_code(kit, fruit, "1", "TET10").await;
    with_code(kit, fruit, "2", "TET10").await
}

fn coded(fruit: &Goods, kg: &str, code: &str) -> RawCheckout {
    RawCheckout { voucher: Some(code.to_owned()), ..checkout(&[(fruit, kg)]) }
}

async fn with_code(kit: &Kit, fruit: &Goods, kg: &str, code: &str) -> Placed {
    bank::orders(kit, &coded(fruit, kg, code)).await.remove(0)
}

async fn uses(kit: &Kit, coop: &Coop) -> Vec<i64> {
    list_vouchers(kit, &coop.seller).await.expect("codes").iter().map(|one| one.uses).collect()
}

on_both_engines! {
    async fn a_percentage_is_taken_off_what_was_ordered_weighed_and_given_back(db: TestDb) {
        let (app, coop, fruit) = crate::packing::open(db).await;
        let kit = &app.kit;
        made(kit, &coop, &Plan { terms: Terms { percent_bps: 1_250, most_off: Money(50_000) }, ..tenth(kit) }).await;
        let quote = ordering::quote(kit, &coded(&fruit, "2", "tết-10")).await.expect("a quote");
        let group = &quote.groups[0];
        assert_eq!((group.goods, group.total, quote.total), (Money(78_750), Money(78_750), Money(78_750)), "12.5 % of 90 000");
        let mut raw = coded(&fruit, "2", "Tết 10");
        raw.expected_total_vnd = Some(78_750);
        let order = bank::orders(kit, &raw).await.remove(0);
        let view = look(kit, &order.id).await;
        assert_eq!((view.order.goods_vnd, view.due), (Money(78_750), Money(78_750)));
        let sum = Money(order.total_vnd);
        money_list::mark_money_received(kit, &coop.seller, &order.id, sum).await.expect("paid");
        handling::confirm_order(kit, &coop.seller, &order.id).await.expect("yes");
        let figure = crate::packing::figure(kit, &order, 1_980).await;
        crate::packing::tap(kit, &coop.seller, &order, Act::Weigh(figure)).await.expect("weighed");
        let weighed = look(kit, &order.id).await.order;
        assert_eq!((weighed.goods_vnd, weighed.total_vnd), (Money(77_962), Money(77_962)), "12.5 % of 89 100, half up");
        crate::packing::tap(kit, &coop.seller, &order, Act::Pack { seen: None }).await.expect("packed");
        handling::deliver_order(kit, &coop.seller, &order.id).await.expect("delivered");
        sound(kit).await;
        let line = crate::packing::lines_of(kit, &order).await.remove(0);
        correct_weight(kit, &coop.seller, &order.id, &line, Base(1_900), "cân quên trừ bì").await.expect("corrected");
        let view = look(kit, &order.id).await;
        assert_eq!(view.order.goods_vnd, Money(74_812), "12.5 % of 85 500");
        assert!(weight_correcting::is_corrected(view.order.state));
        sound(kit).await;
        let claim = crate::claiming::claimed(kit, &order, "1.9").await;
        let all = decide(kit, &coop.seller, &claim.id, ClaimState::Open, Decision::Accept(Money(85_500)), "Trả").await;
        assert_eq!(refusals(all), ["refusal-claim-amount"], "never more than it was charged");
        let charged = Decision::Accept(Money(74_812));
        decide(kit, &coop.seller, &claim.id, ClaimState::Open, charged, "Trả").await.expect("given back");
        assert_eq!(look(kit, &order.id).await.order.total_vnd, Money::ZERO);
        sound(kit).await;
    }

    async fn free_delivery_costs_the_buyer_nothing_and_says_what_it_would(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let way = NewWay {
            kind: FulfilmentKind::Coach, label: "Xe khách".into(), scope: "*".into(), fee: Money(25_000), free_from: None,
            minimum: Money(0), weekdays: String::new(), cutoff_min: 1020, cutoff_days: 0, from_min: 360, to_min: 600, position: 1, point: None,
        };
        founding::add_way(kit, &coop.id, &way).await.expect("a way");
        made(kit, &coop, &Plan { code: "FREE".into(), kind: VoucherKind::FreeShipping, ..tenth(kit) }).await;
        let mut raw = serde_json::to_value(coded(&fruit, "2", "free")).expect("json");
        raw["expected_total_vnd"] = json!(40_000);
        raw["fulfilment"]["kind"] = json!("coach");
        let visitor = app.visitor();
        let post = |path: &str| visitor.request("POST", path).header("Idempotency-Key", "mot-khoa-rieng").header("content-type", "application/json").body(raw.to_string());
        let quote = visitor.send(post("/api/v1/quotes")).await.is(200).json();
        assert_eq!(quote["orders"][0]["shipping_vnd"], 0);
        assert_eq!((&quote["orders"][0]["discount_vnd"], &quote["total_vnd"]), (&json!(25_000), &json!(40_000)));
        let placed = visitor.send(post("/api/v1/orders")).await.is(201).json();
        let (code, key) = (placed["orders"][0]["code"].as_str().expect("a code"), placed["orders"][0]["key"].as_str().expect("a key"));
        let order = visitor.send(visitor.request("GET", &format!("/api/v1/orders/{code}")).header("x-order-key", key)).await.is(200).json();
        assert_eq!((&order["discount_vnd"], &order["shipping_vnd"], &order["total_vnd"]), (&json!(25_000), &json!(0), &json!(40_000)));
        visitor.get(&format!("/don/{code}?k={key}")).await.is(200).says("Mã giảm giá: −25.000");
        let other = goods(kit, &crate::kit::bank::coop(kit, "Khác").await, "Cam", 30_000, 10).await;
        let refused = bank::place(kit, &coded(&other, "1", "FREE")).await;
        assert_eq!(refusals(refused), ["refusal-voucher-unknown"], "another cooperative's code");
        sound(kit).await;
    }

    async fn a_code_that_does_not_hold_is_said_and_nothing_is_ordered(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let today = kit.now().day();
        let code = |code: &str| Plan { code: code.into(), ..tenth(kit) };
        made(kit, &coop, &Plan { from_day: today.plus_days(2), ..code("SOM") }).await;
        made(kit, &coop, &Plan { least_goods: Money(100_000), ..code("LON") }).await;
        made(kit, &coop, &Plan { phone_most: 1, ..code("MOTLAN") }).await;
        made(kit, &coop, &Plan { uses_most: 1, ..code("CUOI") }).await;
        let over = made(kit, &coop, &Plan { to_day: today, ..code("HOMNAY") }).await;
        let no = async |kg: &str, code: &str| refusals(bank::place(kit, &coded(&fruit, kg, code)).await);
        assert_eq!(no("1", "KHONGCO").await, ["refusal-voucher-unknown"]);
        assert_eq!(no("1", "a!").await, ["refusal-voucher-code"]);
        assert_eq!(no("1", "SOM").await, ["refusal-voucher-early"]);
        assert_eq!(no("4.9", "LON").await, ["refusal-voucher-least"]);
        with_code(kit, &fruit, "5", "LON").await;
        let mut mine = coded(&fruit, "1", "MOTLAN");
        let first = bank::orders(kit, &mine).await.remove(0);
        assert_eq!(refusals(bank::place(kit, &mine).await), ["refusal-voucher-yours"]);
        ending::cancel_order(kit, &first.id).await.expect("taken back");
        bank::orders(kit, &mine).await;
        mine.buyer.phone = "0912345678".into();
        bank::orders(kit, &mine).await;
        let last = with_code(kit, &fruit, "1", "CUOI").await;
        assert_eq!(no("1", "CUOI").await, ["refusal-voucher-used-up"]);
        let quoted = ordering::quote(kit, &coded(&fruit, "1", "CUOI")).await.expect("a quote");
        assert_eq!(quoted.changed.iter().map(|no| no.key.as_str()).collect::<Vec<_>>(), ["refusal-voucher-used-up"]);
        assert_eq!(quoted.total, Money(20_000), "without it");
        app.clock.advance_s(3_600);
        let expired = ending::expire_order(kit, &last.id).await.expect("its time is up");
        assert!(expired);
        with_code(kit, &fruit, "1", "CUOI").await;
        stop_voucher(kit, &coop.seller, &over).await.expect("stopped");
        stop_voucher(kit, &coop.seller, &over).await.expect("a second press finds it done");
        assert_eq!(no("1", "HOMNAY").await, ["refusal-voucher-over"]);
        app.clock.advance_s(31 * 86_400);
        assert_eq!(no("1", "MOTLAN").await, ["refusal-voucher-over"]);
        sound(kit).await;
    }

    async fn the_last_use_is_taken_by_one_of_eight(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let other = goods(kit, &coop, "Long nhãn", 90_000, 900).await;
        for round in 0..rounds() {
            let code = format!("LUOT{round}");
            made(kit, &coop, &Plan { code: code.clone(), uses_most: 2, ..tenth(kit) }).await;
            with_code(kit, &fruit, "1", &code).await;
            let raws: Vec<RawCheckout> =
                (0..8).map(|n| coded(if n % 2 == 0 { &fruit } else { &other }, "1", &code)).collect();
            let placed = join_all(raws.iter().map(|raw| bank::place(kit, raw))).await;
            assert_eq!(winners(placed, "refusal-voucher-used-up").len(), 1);
        }
        sound(kit).await;
    }

    async fn the_pages_let_a_manager_make_a_code_and_a_buyer_use_it(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let manager = app.signed_in(&coop.seller.account).await;
        let here = "/ban-hang/them/ma-giam-gia";
        manager.get("/ban-hang/them").await.is(200).says(here);
        manager.get(here).await.is(200).says("Chưa có mã nào");
        let id = VoucherId::new(kit.now(), kit.ten());
        let wrong = [("id", id.as_text()), ("code", "Tết 27"), ("kind", "percent"), ("percent", "mười"), ("least_goods", "x")];
        let page = manager.post(here, &wrong).await.is(422);
        page.says("Số phần trăm từ 1 đến 100").says("value=\"Tết 27\"");
        let right = [("id", id.as_text()), ("code", "Tết 27"), ("kind", "percent"), ("percent", "12,5 %"), ("most_off", "50.000")];
        for _ in 0..2 {
            let done = manager.post(here, &right).await.is(303);
            assert_eq!(done.location(), format!("{here}?da=lam-ma"));
        }
        let again = VoucherId::new(kit.now(), kit.ten());
        let same = [("id", again.as_text()), ("code", "TET27"), ("kind", "free_shipping")];
        manager.post(here, &same).await.is(422).says("HTX đã có mã TET27");
        manager.get(here).await.is(200).says("TET27").says("Giảm 12,5\u{a0}%");
        assert_eq!(uses(kit, &coop).await, [0]);

        let buyer = app.visitor();
        buyer.post("/gio-hang", &[("offer", fruit.offer.as_text()), ("quantity", "2")]).await.is(303);
        let page = buyer.get("/thanh-toan").await.is(200);
        page.says("Có mã giảm giá");
        let hidden = |page: &crate::kit::app::Answer, name: &str| {
            let rest = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a field").to_owned();
            rest.split('"').next().expect("a value").to_owned()
        };
        let mut fields: Vec<(String, String)> = ["basket", "token", "expected_total_vnd", "quoted_for"]
            .map(|name| (name.to_owned(), hidden(&page, name)))
            .into();
        let said = [("name", "Chị Mua"), ("phone", "0912345670"), ("kind", "delivery"), ("payment", "vietqr"), ("address", "Số 1"), ("commune_code", bank::COMMUNE)];
        fields.extend(said.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let press = |fields: &[(String, String)], code: &str, act: &str| {
            let more = [("voucher", code), ("do", act)].map(|(name, value)| (name.to_owned(), value.to_owned()));
            [fields, &more].concat()
        };
        let refused = buyer.post_bare("/thanh-toan", &press(&fields, "KHAC", "quote")).await;
        refused.says("Không có mã KHAC");
        let shown = buyer.post_bare("/thanh-toan", &press(&fields, "tết 27", "quote")).await.is(200);
        shown.says("Mã TET27: giảm 5.000").says("35.000");
        let fresh = ["basket", "token", "expected_total_vnd", "quoted_for"].map(|name| (name.to_owned(), hidden(&shown, name)));
        fields.splice(0..4, fresh);
        let placed = buyer.post_bare("/thanh-toan", &press(&fields, "tết 27", "order")).await.is(303);
        buyer.get(placed.location()).await.is(200).says("35.000");
        assert_eq!(uses(kit, &coop).await, [1]);
        let stopped = manager.post(&format!("{here}/{id}/ngung"), &[]).await.is(303);
        assert_eq!(stopped.location(), format!("{here}?da=ngung-ma"));
        manager.get(here).await.is(200).says("Đã ngừng");
        sound(kit).await;
    }
}
