//! At the buyer's door: the screen is green when the goods are paid for to the đồng and never before; cash is held by whoever took it
//! until a cashier has counted it, and nobody's mistake or second press loses a đồng. After each test every invariant is checked.

mod hands;
mod races;

use crate::handling::{at_the_door, charge_by_weight, weights};
use crate::kit::TestDb;
use crate::kit::app::{Answer, TestApp, refusals};
use crate::kit::bank::{Coop, Goods, Movement, Placed, coop, goods, look, order, seller, tell};
use crate::on_both_engines;
use ganh::domain::account::MemberRole;
use ganh::domain::id::HandOverId;
use ganh::domain::ledger::LedgerKind;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::payment::MoneyCaseReason;
use ganh::domain::settlement::Settlement;
use ganh::service::cash_hand_over::{CashCounted, CashSaid, confirm_cash, say_cash};
use ganh::service::cash_settling::CashSettled;
use ganh::service::door::{Seen, show_door, take_cash_at_door};
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::who::Seller;
use ganh::service::{door, hand_over_view, handling, money_list, verifying};
use ganh::store;
use std::time::Duration;

async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 900).await;
    (app, coop, fruit)
}

async fn check(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
}

async fn packer(kit: &Kit, coop: &Coop) -> Seller {
    seller(kit, &coop.id, "HTX", &[MemberRole::Packer]).await
}

/// An order that stands packed goes on its way with a carrier.
async fn set_out(kit: &Kit, carrier: &Seller, order: &Placed) {
    let state = look(kit, &order.id).await.order.state;
    if state == OrderState::Placed {
        handling::confirm_order(kit, carrier, &order.id).await.expect("yes");
    }
    handling::pack_order(kit, carrier, &order.id).await.expect("packed");
    handling::send_order(kit, carrier, &order.id).await.expect("on the way");
}

/// An order paid on delivery, of so many kilograms at 20,000 đ, on its way.
async fn on_the_way(kit: &Kit, fruit: &Goods, kg: &str, carrier: &Seller) -> Placed {
    let order = at_the_door(kit, &[(fruit, kg)]).await;
    set_out(kit, carrier, &order).await;
    order
}

async fn take(kit: &Kit, carrier: &Seller, order: &Placed, amount: i64) -> Result<(), ServiceError> {
    let view = look(kit, &order.id).await;
    let seen = Seen { due: view.due, received: view.balance.received, agreed: true };
    take_cash_at_door(kit, carrier, &order.id, Money(amount), seen).await
}

fn says(total: i64, held: i64) -> CashSaid {
    CashSaid {
        total: Money(total),
        kept: Money(0),
        notes: Vec::new(),
        remark: String::new(),
        seen: Money(held),
        agreed: true,
    }
}

fn counts(total: i64, reason: &str) -> CashCounted {
    CashCounted { total: Money(total), reason: reason.to_owned(), is_same_person: false }
}

/// What a manager says of cash that this carrier will not hand in.
fn settles(carrier: &Seller, held: i64, counted: i64, reason: &str) -> CashSettled {
    let carrier = carrier.account.clone();
    CashSettled { carrier, counted: Money(counted), reason: reason.to_owned(), seen: Money(held) }
}

/// 40,000 đ taken at a door and said to be handed in by this carrier.
pub async fn said(kit: &Kit, coop: &Coop, fruit: &Goods, carrier: &Seller) -> HandOverId {
    assert_eq!(carrier.cooperative, coop.id);
    let order = on_the_way(kit, fruit, "2", carrier).await;
    take(kit, carrier, &order, 2 * fruit.price_vnd).await.expect("cash");
    say_cash(kit, carrier, &says(2 * fruit.price_vnd, 2 * fruit.price_vnd)).await.expect("said")
}

/// Cash of an order that has not been packed, taken at the counter by a packer and said to be handed in.
pub async fn said_at_the_counter(kit: &Kit, coop: &Coop, fruit: &Goods) -> HandOverId {
    let carrier = packer(kit, coop).await;
    let order = at_the_door(kit, &[(fruit, "1")]).await;
    money_list::take_cash(kit, &carrier, &order.id, Money(order.total_vnd)).await.expect("cash");
    say_cash(kit, &carrier, &says(order.total_vnd, order.total_vnd)).await.expect("said")
}

/// As `said`, counted 1,000 đ short by the manager.
pub async fn confirmed(kit: &Kit, coop: &Coop, fruit: &Goods) -> HandOverId {
    let carrier = packer(kit, coop).await;
    let id = said(kit, coop, fruit, &carrier).await;
    let short = counts(2 * fruit.price_vnd - 1_000, "Thối nhầm cho khách");
    confirm_cash(kit, &coop.seller, &id, &short).await.expect("counted");
    id
}

/// What stands on a ledger account of a cooperative.
async fn stands_on(kit: &Kit, coop: &Coop, kind: LedgerKind) -> i64 {
    use ganh::domain::books::Month;
    use ganh::service::books::show_books;
    let lines = show_books(kit, &coop.seller, Month::of(kit.now().day())).await.expect("books");
    lines.into_iter().find(|line| line.kind == kind).expect("an account").closing.vnd()
}

async fn held(kit: &Kit, who: &Seller) -> i64 {
    hand_over_view::show_hands(kit, who).await.expect("hands").mine.held.vnd()
}

async fn reasons(kit: &Kit, coop: &Coop) -> Vec<(MoneyCaseReason, i64)> {
    let id = coop.id.clone();
    let cases = kit.db.read(move |conn| store::bank::list_open_cases(conn, Some(&id), 100)).await.expect("cases");
    cases.into_iter().map(|case| (case.reason, case.amount_vnd.vnd())).collect()
}

fn is_green(page: &Answer) -> bool {
    page.body.contains("door is-green")
}

on_both_engines! {
    async fn the_screen_asks_for_the_true_weight_and_turns_green_by_the_banks_word(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        charge_by_weight(&app.kit, &coop, &fruit).await;
        let carrier = packer(&app.kit, &coop).await;
        let order = at_the_door(&app.kit, &[(&fruit, "2")]).await;
        handling::confirm_order(&app.kit, &carrier, &order.id).await.expect("yes");
        handling::weigh_order(&app.kit, &carrier, &order.id, &weights(&app.kit, &order.id, 1_900).await).await.expect("weighed");
        set_out_packed(&app.kit, &carrier, &order).await;
        let actor = app.signed_in(&carrier.account).await;
        let way = format!("/ban-hang/giao/{}", order.code);
        actor.get("/ban-hang/giao").await.is(200).says("Chị Mua").says("38.000").says("tel:+84");
        let screen = actor.get(&way).await.is(200);
        screen.says("38.000").says("Còn phải thu").says("Khách quét mã này").says("ba mươi tám nghìn");
        assert!(!is_green(&screen));
        assert_eq!(look(&app.kit, &order.id).await.pay.expect("a code").amount, Money(38_000));
        // The buyer's own page shows the same code.
        let key = ganh::service::showing::order_key(&app.kit, &order.id);
        app.visitor().get(&format!("/don/{}?k={key}", order.code)).await.is(200).says("38.000").says("qr-code");
        let mut stream = actor.request("GET", &format!("{way}/song")).send().await.expect("a stream");
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        tell(&app, &coop, &Movement::to(&coop, &order.code, 30_000)).await.is(200);
        heard(&mut stream).await;
        let part = actor.get(&way).await.is(200);
        part.says("Đã về 30.000").says("8.000").says("Ngân hàng báo");
        assert!(!is_green(&part), "8,000 đ are missing");
        assert_eq!(look(&app.kit, &order.id).await.pay.expect("a fresh code").amount, Money(8_000));
        tell(&app, &coop, &Movement::to(&coop, &order.code, 8_000)).await.is(200);
        heard(&mut stream).await;
        let green = actor.get(&way).await.is(200);
        green.says("Đủ tiền rồi").says("38.000").says("Ngân hàng báo");
        assert!(is_green(&green) && !green.body.contains("door-code"));
        actor.post(&format!("{way}/da-giao"), &[("owing", "0")]).await.is(303);
        assert_eq!(look(&app.kit, &order.id).await.order.state, OrderState::Delivered);
        actor.post(&format!("{way}/da-giao"), &[("owing", "0")]).await.is(303);
        actor.get(&way).await.is(200).says("Đã giao, đủ tiền");
        check(&app.kit).await;
    }

    async fn a_prepaid_order_is_green_at_once_and_nothing_else_is(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let actor = app.signed_in(&carrier.account).await;
        let paid = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &paid)).await.is(200);
        let before = actor.get(&format!("/ban-hang/giao/{}", paid.code)).await.is(200);
        before.says("chưa lên đường");
        assert!(!is_green(&before), "it is not at the door yet");
        set_out(&app.kit, &carrier, &paid).await;
        assert!(is_green(&actor.get(&format!("/ban-hang/giao/{}", paid.code)).await.is(200)));
        let unpaid = on_the_way(&app.kit, &fruit, "1", &carrier).await;
        assert!(!is_green(&actor.get(&format!("/ban-hang/giao/{}", unpaid.code)).await.is(200)));
        check(&app.kit).await;
    }

    async fn cash_that_is_not_what_is_due_is_asked_once_more_and_says_short_or_over(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let actor = app.signed_in(&carrier.account).await;
        let order = on_the_way(&app.kit, &fruit, "5", &carrier).await;
        let (way, screen) = (format!("/ban-hang/giao/{}/tien-mat", order.code), format!("/ban-hang/giao/{}", order.code));
        let shown = [("due", "100000"), ("received", "0")];
        let with = |more: &[(&'static str, &'static str)]| [&shown[..], more].concat();
        actor.post(&way, &with(&[("amount", "1.000.000")])).await.is(422).says("thừa hay thiếu số 0");
        actor.post(&way, &with(&[("amount", "90.000")])).await.is(422).says("Khách đưa thiếu 10.000");
        actor.post(&way, &with(&[("amount", "120.000")])).await.is(422).says("Khách đưa thừa 20.000");
        actor.post(&way, &with(&[("amount", "120.000"), ("agreed", "90000")])).await.is(422);
        assert_eq!(held(&app.kit, &carrier).await, 0, "asked, not taken");
        // Short: the rest is still due, and not green.
        actor.post(&way, &with(&[("amount", "90.000"), ("agreed", "90000")])).await.is(303);
        let page = actor.get(&screen).await.is(200);
        page.says("Đã về 90.000").says("Tiền mặt,");
        assert!(!is_green(&page));
        assert_eq!((held(&app.kit, &carrier).await, look(&app.kit, &order.id).await.due), (90_000, Money(10_000)));
        // The same form once more is the same tap; after a minute it is an old page.
        actor.post(&way, &with(&[("amount", "90.000"), ("agreed", "90000")])).await.is(303);
        app.clock.advance_s(61);
        actor.post(&way, &with(&[("amount", "90.000"), ("agreed", "90000")])).await.is(409).says("giờ còn thiếu 10.000");
        assert_eq!(held(&app.kit, &carrier).await, 90_000);
        // Over: green, and the rest is owed back for a person to send.
        actor.post(&way, &[("due", "10000"), ("received", "90000"), ("amount", "15.000"), ("agreed", "15000")]).await.is(303);
        let page = actor.get(&screen).await.is(200);
        page.says("Khách đã trả thừa 5.000");
        assert!(is_green(&page));
        assert_eq!(look(&app.kit, &order.id).await.settlement, Settlement::Over);
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Over, 5_000)]);
        assert_eq!((held(&app.kit, &carrier).await, stands_on(&app.kit, &coop, LedgerKind::CashWithCarrier).await), (105_000, 105_000));
        assert_eq!(stands_on(&app.kit, &coop, LedgerKind::Cash).await, 0, "nothing is in the till yet");
        check(&app.kit).await;
    }

    async fn whoever_is_slower_than_the_bank_or_than_another_carrier_is_told_so(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (first, second) = (packer(&app.kit, &coop).await, packer(&app.kit, &coop).await);
        let (one, other) = (app.signed_in(&first.account).await, app.signed_in(&second.account).await);
        let order = on_the_way(&app.kit, &fruit, "1", &first).await;
        let way = format!("/ban-hang/giao/{}", order.code);
        let cash = [("due", "20000"), ("received", "0"), ("amount", "20000")];
        other.get(&way).await.is(200).says(&format!("{} đang giao đơn này", first.name)).says("Tôi giao thay");
        other.post(&format!("{way}/tien-mat"), &cash).await.is(409).says(&format!("đang do {} giao", first.name));
        other.post(&format!("{way}/da-giao"), &[("owing", "20000")]).await.is(409);
        other.post(&format!("{way}/di"), &[]).await.is(303);
        other.post(&format!("{way}/di"), &[]).await.is(303);
        one.post(&format!("{way}/tien-mat"), &cash).await.is(409).says(&format!("đang do {} giao", second.name));
        // The bank was faster: the cash goes back, and can be noted only when somebody says that it was kept.
        tell(&app, &coop, &Movement::to(&coop, &order.code, 20_000)).await.is(200);
        let page = other.post(&format!("{way}/tien-mat"), &cash).await.is(409);
        page.says("Đưa lại tiền mặt cho khách");
        assert!(is_green(&page));
        let kept = [("due", "0"), ("received", "20000"), ("amount", "20000")];
        other.post(&format!("{way}/tien-mat"), &kept).await.is(422).says("Đơn đã đủ tiền");
        other.post(&format!("{way}/tien-mat"), &[&kept[..], &[("agreed", "20000")]].concat()).await.is(303);
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Duplicate, 20_000)]);
        assert_eq!((held(&app.kit, &first).await, held(&app.kit, &second).await), (0, 20_000));
        other.post(&format!("{way}/da-giao"), &[("owing", "0")]).await.is(303);
        check(&app.kit).await;
    }

    async fn the_orders_own_page_leads_to_the_door_and_only_its_carrier_hands_it_over(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (carrier, other) = (packer(&app.kit, &coop).await, packer(&app.kit, &coop).await);
        let actor = app.signed_in(&carrier.account).await;
        actor.get("/ban-hang/giao").await.is(200).says("Đơn đóng hàng xong sẽ hiện ở đây");
        let order = on_the_way(&app.kit, &fruit, "1", &carrier).await;
        let (page, way) = (format!("/ban-hang/don/{}", order.code), format!("/ban-hang/giao/{}", order.code));
        let shown = actor.get(&page).await.is(200);
        shown.says(&format!("href=\"{way}\""));
        assert!(!shown.body.contains(&format!("{page}/giao\"")), "handed over at the door alone");
        // A page that stood open since it was packed leads there too, and nothing has moved.
        assert_eq!(actor.post(&format!("{page}/giao"), &[("seen", "packed")]).await.is(303).location(), way);
        assert_eq!(look(&app.kit, &order.id).await.order.state, OrderState::OnTheWay);
        assert_eq!(refusals(handling::deliver_order(&app.kit, &other, &order.id).await), ["refusal-not-carrier"]);
        handling::deliver_order(&app.kit, &carrier, &order.id).await.expect("handed over");
        // What waits for somebody to set out is said to stand below, when it does.
        let packed = at_the_door(&app.kit, &[(&fruit, "1")]).await;
        handling::confirm_order(&app.kit, &carrier, &packed.id).await.expect("yes");
        handling::pack_order(&app.kit, &carrier, &packed.id).await.expect("packed");
        actor.get("/ban-hang/giao").await.is(200).says("ở đơn đã đóng hàng bên dưới");
        check(&app.kit).await;
    }

    async fn goods_are_left_unpaid_only_when_the_carrier_says_how_much_is_owing(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let actor = app.signed_in(&carrier.account).await;
        let order = on_the_way(&app.kit, &fruit, "2", &carrier).await;
        let way = format!("/ban-hang/giao/{}", order.code);
        actor.post(&format!("{way}/da-giao"), &[("owing", "0")]).await.is(409).says("còn thiếu 40.000");
        actor.post(&format!("{way}/da-giao"), &[("owing", "30000")]).await.is(409);
        actor.post(&format!("{way}/da-giao"), &[("owing", "40000")]).await.is(303);
        let page = actor.get(&way).await.is(200);
        assert!(!is_green(&page));
        // Who pays after all turns it green, at the same screen.
        tell(&app, &coop, &Movement::to(&coop, &order.code, 40_000)).await.is(200);
        assert!(is_green(&actor.get(&way).await.is(200)));
        check(&app.kit).await;
    }

    async fn cash_stands_with_its_taker_unless_a_cashier_took_it_into_the_till(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let orders = [at_the_door(&app.kit, &[(&fruit, "1")]).await, at_the_door(&app.kit, &[(&fruit, "1")]).await];
        money_list::take_cash(&app.kit, &coop.seller, &orders[0].id, Money(20_000)).await.expect("into the till");
        money_list::take_cash(&app.kit, &carrier, &orders[1].id, Money(20_000)).await.expect("at the counter");
        assert_eq!((held(&app.kit, &carrier).await, held(&app.kit, &coop.seller).await), (20_000, 0));
        // A manager who carries holds it like anybody.
        let third = on_the_way(&app.kit, &fruit, "1", &coop.seller).await;
        take(&app.kit, &coop.seller, &third, 20_000).await.expect("at the door");
        assert_eq!(held(&app.kit, &coop.seller).await, 20_000);
        let sums = (stands_on(&app.kit, &coop, LedgerKind::Cash).await, stands_on(&app.kit, &coop, LedgerKind::CashWithCarrier).await);
        assert_eq!(sums, (20_000, 40_000));
        for order in [&orders[0], &orders[1], &third] {
            assert_eq!(look(&app.kit, &order.id).await.settlement, Settlement::Settled);
        }
        check(&app.kit).await;
    }

    async fn a_slip_of_the_finger_is_taken_back_within_the_hour_by_an_entry(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (carrier, other) = (packer(&app.kit, &coop).await, packer(&app.kit, &coop).await);
        let order = on_the_way(&app.kit, &fruit, "2", &carrier).await;
        take(&app.kit, &carrier, &order, 20_000).await.expect("half of it");
        take(&app.kit, &carrier, &order, 20_000).await.expect("the rest");
        let rows = show_door(&app.kit, &carrier, order.code.as_text()).await.expect("a door").cash;
        let foreign = door::undo_cash(&app.kit, &other, &rows[1].0.id).await;
        assert!(matches!(foreign, Err(ServiceError::Forbidden)), "{foreign:?}");
        let actor = app.signed_in(&carrier.account).await;
        let way = format!("/ban-hang/giao/{}/bo-tien-mat", order.code);
        actor.post(&way, &[("cash", rows[1].0.id.as_text())]).await.is(303);
        actor.post(&way, &[("cash", rows[1].0.id.as_text())]).await.is(409);
        assert_eq!((held(&app.kit, &carrier).await, look(&app.kit, &order.id).await.due), (20_000, Money(20_000)));
        // Said to be handed in, it is no longer the carrier's to unsay.
        let id = say_cash(&app.kit, &carrier, &says(20_000, 20_000)).await.expect("said");
        assert_eq!(refusals(door::undo_cash(&app.kit, &carrier, &rows[0].0.id).await), ["refusal-cash-handed-in"]);
        ganh::service::cash_hand_over::withdraw_cash(&app.kit, &carrier, &id).await.expect("withdrawn");
        app.clock.advance_s(3_601);
        assert_eq!(refusals(door::undo_cash(&app.kit, &carrier, &rows[0].0.id).await), ["refusal-undo-too-late"]);
        check(&app.kit).await;
    }

    async fn cash_that_was_unsaid_lets_other_money_pay_the_order_and_asks_nobody_any_more(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let carrier = packer(&app.kit, &coop).await;
        let order = on_the_way(&app.kit, &fruit, "1", &carrier).await;
        take(&app.kit, &carrier, &order, 20_000).await.expect("cash");
        tell(&app, &coop, &Movement::to(&coop, &order.code, 20_000)).await.is(200);
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Duplicate, 20_000)], "both came, and somebody is asked");
        let row = show_door(&app.kit, &carrier, order.code.as_text()).await.expect("a door").cash[0].0.clone();
        door::undo_cash(&app.kit, &carrier, &row.id).await.expect("it was never taken");
        assert_eq!(look(&app.kit, &order.id).await.settlement, Settlement::Settled);
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
    }
}

/// As `set_out`, of an order that was weighed.
async fn set_out_packed(kit: &Kit, carrier: &Seller, order: &Placed) {
    handling::pack_order(kit, carrier, &order.id).await.expect("packed");
    handling::send_order(kit, carrier, &order.id).await.expect("on the way");
}

/// The next word of a stream that something has changed.
async fn heard(stream: &mut reqwest::Response) {
    let wait = async {
        loop {
            let chunk = stream.chunk().await.expect("a line").expect("the stream goes on");
            if String::from_utf8_lossy(&chunk).contains("event: changed") {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("a word within 20 s");
}
