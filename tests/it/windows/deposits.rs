//! A deposit before the harvest: the order stands once it has come, the rest is due when the goods come; it goes back where the harvest
//! fails, where the buyer takes the order back in time, and by the rule that was shown where not in time.

use super::{Opened, ahead, harvest_day, now_of, offer_of, open, plan};
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{self, Coop, Goods, Movement, Placed, look, tell};
use crate::on_both_engines;
use crate::races::sound;
use diesel::connection::SimpleConnection as _;
use ganh::domain::id::SalesWindowId;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::quantity::Base;
use ganh::domain::settlement::Settlement;
use ganh::domain::sharing::SharingRule;
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::windows::{self, WindowSaid};
use ganh::service::{ending, handling, harvesting, money_list, window_clock};

/// A window of 50 kg that asks for 30 %.
async fn third_first(kit: &Kit, coop: &Coop, fruit: &Goods) -> Opened {
    let id = SalesWindowId::new(kit.now(), kit.ten());
    let said = WindowSaid { plan: plan(kit, 50, ""), sharing: SharingRule::First, deposit_bps: 3_000 };
    windows::open_window(kit, &coop.seller, &fruit.product, &said, &id).await.expect("open");
    Opened { offer: offer_of(kit, &id).await, id }
}

/// An order of 7 kg, its deposit paid through the bank.
async fn deposited(app: &TestApp, coop: &Coop, fruit: &Goods, window: &Opened, payment: &str) -> Placed {
    let order = bank::orders(&app.kit, &ahead(fruit, window, "7", payment, "less")).await.remove(0);
    let view = look(&app.kit, &order.id).await;
    assert_eq!((view.order.state, view.asks, view.due), (OrderState::AwaitingPayment, Money(42_000), Money(140_000)));
    assert_eq!(view.pay.expect("a code of the deposit").amount, Money(42_000));
    tell(app, coop, &Movement::to(coop, format!("{} coc", order.code), 42_000)).await.is(200);
    let view = look(&app.kit, &order.id).await;
    assert_eq!((view.order.state, view.settlement), (OrderState::Placed, Settlement::Partial));
    assert!(view.pay.is_none(), "nothing is asked for before the harvest");
    order
}

on_both_engines! {
    async fn an_order_stands_by_its_deposit_and_owes_the_rest_when_the_goods_come(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let window = third_first(kit, &coop, &fruit).await;
        let orders = [deposited(&app, &coop, &fruit, &window, "vietqr").await, deposited(&app, &coop, &fruit, &window, "cod").await];
        sound(kit).await;
        harvest_day(&app);
        window_clock::close_windows(kit).await.expect("closed");
        harvesting::say_harvest(kit, &coop.seller, &window.id, Base(10_000), kit.now().day()).await.expect("harvested");
        let (first, second) = (look(kit, &orders[0].id).await, look(kit, &orders[1].id).await);
        assert_eq!((first.order.state, first.due), (OrderState::Confirmed, Money(98_000)));
        assert_eq!((second.order.state, second.order.total_vnd, second.due), (OrderState::Confirmed, Money(60_000), Money(18_000)), "3 kg are left");
        assert_eq!(second.pay.expect("the rest").amount, Money(18_000));
        tell(&app, &coop, &Movement::to(&coop, format!("{} not", orders[0].code), 98_000)).await.is(200);
        money_list::take_cash(kit, &coop.seller, &orders[1].id, Money(18_000)).await.expect("at the counter");
        for order in &orders {
            handling::pack_order(kit, &coop.seller, &order.id).await.expect("packed");
            handling::deliver_order(kit, &coop.seller, &order.id).await.expect("delivered");
            assert_eq!(look(kit, &order.id).await.settlement, Settlement::Settled);
        }
        sound(kit).await;
    }

    async fn a_deposit_goes_back_where_nothing_comes_of_the_order(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let window = third_first(kit, &coop, &fruit).await;
        let taken_back = deposited(&app, &coop, &fruit, &window, "cod").await;
        ending::cancel_order(kit, &taken_back.id).await.expect("taken back in time");
        let failed = deposited(&app, &coop, &fruit, &window, "vietqr").await;
        let late = bank::orders(kit, &ahead(&fruit, &window, "7", "cod", "less")).await.remove(0);
        app.clock.advance_s(3_600);
        ending::expire_order(kit, &late.id).await.expect("its time is up");
        assert_eq!(look(kit, &late.id).await.order.state, OrderState::Expired);
        tell(&app, &coop, &Movement::to(&coop, format!("{} coc", late.code), 42_000)).await.is(200);
        let revived = look(kit, &late.id).await;
        assert_eq!((revived.order.state, revived.order.is_late), (OrderState::Placed, true), "a late deposit makes it live again");
        sound(kit).await;
        harvest_day(&app);
        harvesting::say_harvest(kit, &coop.seller, &window.id, Base::ZERO, kit.now().day()).await.expect("said");
        for order in [&taken_back, &failed, &late] {
            assert_eq!(look(kit, &order.id).await.balance.refund_due, Money(42_000));
        }
        sound(kit).await;
    }

    async fn deposits_awaited_count_as_transfers_awaited_however_the_rest_is_paid(db: TestDb) {
        let app = TestApp::start_with(db, |config| config.has_limits = true).await;
        let kit = &app.kit;
        let coop = bank::coop(kit, "Nhãn Lồng").await;
        let fruit = bank::goods(kit, &coop, "Nhãn lồng", 20_000, 2).await;
        let window = third_first(kit, &coop, &fruit).await;
        let mut raw = ahead(&fruit, &window, "1", "cod", "less");
        raw.buyer.phone = "0912345678".into();
        for _ in 0..5 {
            bank::place(kit, &raw).await.expect("within the limit");
        }
        assert!(matches!(bank::place(kit, &raw).await, Err(ServiceError::TooMany { .. })));
        sound(kit).await;
    }

    async fn by_the_rule_that_was_shown_nobody_takes_an_order_back_once_its_window_is_closed(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let window = third_first(kit, &coop, &fruit).await;
        let order = deposited(&app, &coop, &fruit, &window, "vietqr").await;
        let other = deposited(&app, &coop, &fruit, &window, "vietqr").await;
        let page = app.visitor().get(&format!("/san-pham/{}", fruit.slug)).await.is(200);
        page.says("Cọc 30\u{a0}%").says("trước khi hái");
        db.bare().batch_execute("UPDATE setting SET value = '0' WHERE name = 'deposit_cancel_after_close'").expect("laid down");
        ending::cancel_order(kit, &other.id).await.expect("still open");
        app.clock.set(now_of(kit, &window.id).await.closes_at);
        assert_eq!(refusals(ending::cancel_order(kit, &order.id).await), ["refusal-deposit-closed"]);
        handling::decline_order(kit, &coop.seller, &order.id, "mưa đá").await.expect("the cooperative still can");
        assert_eq!(look(kit, &order.id).await.balance.refund_due, Money(42_000));
        sound(kit).await;
    }

    async fn the_form_asks_for_a_percentage_and_the_checkout_says_what_it_comes_to(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let lister = app.signed_in(&coop.seller.account).await;
        let day = kit.now().day();
        let (harvest, closes) = (day.plus_days(5).to_string(), day.plus_days(3).to_string());
        let here = format!("/ban-hang/hang/{}/mo-ban", fruit.product);
        let fields = |deposit: &'static str| {
            [("harvest_from", harvest.as_str()), ("closes_on", closes.as_str()), ("quantity", "50"), ("deposit", deposit)].to_vec()
        };
        lister.post(&here, &fields("130")).await.is(422).says("từ 0 đến 100");
        let made = lister.post(&here, &fields("30")).await.is(303);
        let made = made.location().split('?').next().expect("a path").to_owned();
        lister.get(&made).await.is(200).says("Cọc 30\u{a0}%");
        let window = made.rsplit('/').next().and_then(|id| id.parse::<SalesWindowId>().ok()).expect("an id");
        let buyer = app.visitor();
        let offer = offer_of(kit, &window).await;
        buyer.post("/gio-hang", &[("offer", offer.as_str()), ("quantity", "7")]).await.is(303);
        buyer.get("/thanh-toan").await.is(200).says("Cọc trước 42.000");
        let order = bank::orders(kit, &ahead(&fruit, &Opened { id: window, offer }, "7", "cod", "less")).await.remove(0);
        let key = ganh::service::showing::order_key(kit, &order.id);
        let page = buyer.get(&format!("/don/{}?k={key}", order.code)).await.is(200);
        page.says("Tiền cọc: 42.000");
        let sellers = app.signed_in(&coop.seller.account).await.get(&format!("/ban-hang/don/{}", order.code)).await.is(200);
        sellers.says("value=\"42.000\"");
        sound(kit).await;
    }
}
