//! The packing day: laid out by product, scale and buyer; strange weights are asked back with everything that was typed; what a phone
//! sends twice is done once; two packers on one order are asked; small differences follow the rule. Every invariant is checked.

mod corrected;
mod missing;
mod together;

use crate::handling::{at_the_door, charge_by_weight};
use crate::kit::TestDb;
use crate::kit::app::{Answer, TestApp, refusals};
use crate::kit::bank::{Coop, Goods, Movement, Placed, coop, goods, look, order, tell};
use crate::on_both_engines;
use crate::races::sound;
use ganh::domain::id::OrderLineId;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::quantity::Base;
use ganh::service::checkout::RawRecipient;
use ganh::service::error::ServiceError;
use ganh::service::handling::{self, Say, Weighed};
use ganh::service::kit::Kit;
use ganh::service::packing::{self, Act};
use ganh::service::packing_view::show_packing_day;
use ganh::service::proposing::{agree_to_change, find_change};
use ganh::service::showing::order_key;
use ganh::service::who::Seller;

/// A cooperative with fruit at 45,000 đ/kg that is charged by its true weight, at most 5 % over.
pub async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 45_000, 100).await;
    charge_by_weight(&app.kit, &coop, &fruit).await;
    (app, coop, fruit)
}

/// An order that waits to be packed.
pub async fn to_pack(kit: &Kit, coop: &Coop, lines: &[(&Goods, &str)]) -> Placed {
    let placed = at_the_door(kit, lines).await;
    handling::confirm_order(kit, &coop.seller, &placed.id).await.expect("yes");
    placed
}

pub async fn lines_of(kit: &Kit, placed: &Placed) -> Vec<OrderLineId> {
    look(kit, &placed.id).await.lines.into_iter().map(|one| one.line.id).collect()
}

/// One figure on the first line, as the page showed it unweighed.
pub async fn figure(kit: &Kit, placed: &Placed, weight_g: i64) -> Weighed {
    let line = lines_of(kit, placed).await.remove(0);
    Weighed { seen: Some(None), ..Weighed::plain(line, Base(weight_g)) }
}

pub async fn tap(kit: &Kit, seller: &Seller, placed: &Placed, act: Act) -> Result<(), ServiceError> {
    packing::act(kit, seller, &placed.id, None, &act).await
}

/// What the first line weighs and costs.
pub async fn weighed(kit: &Kit, placed: &Placed) -> (Option<i64>, Option<i64>) {
    let line = look(kit, &placed.id).await.lines.remove(0).line;
    (line.weighed_base.map(|base| base.0), line.weighed_vnd.map(Money::vnd))
}

pub async fn words_to_buyer(kit: &Kit, coop: &Coop, placed: &Placed) -> Vec<String> {
    let (cooperative, id) = (coop.id.clone(), placed.id.clone());
    let all = kit.db.read(move |conn| ganh::store::message::list_open(conn, Some(&cooperative), 100)).await;
    all.expect("words").into_iter().filter(|one| one.order_id.as_ref() == Some(&id)).map(|one| one.kind).collect()
}

fn url(placed: &Placed, word: &str) -> String {
    format!("/ban-hang/dong-hang/{}{word}", placed.code)
}

on_both_engines! {
    async fn a_day_is_laid_out_by_product_by_scale_and_by_buyer(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let honey = goods(kit, &coop, "Mật ong", 90_000, 20).await;
        let packer = app.signed_in(&coop.seller.account).await;
        packer.get("/ban-hang/dong-hang").await.is(200).says("Không có đơn nào cần đóng");
        let first = to_pack(kit, &coop, &[(&fruit, "2"), (&honey, "1")]).await;
        let second = to_pack(kit, &coop, &[(&fruit, "1.5")]).await;
        let day = show_packing_day(kit, &coop.seller, None).await.expect("a day");
        let picks: Vec<(i64, usize, usize)> =
            day.picks.iter().map(|pick| (pick.total.0, pick.orders, pick.lots.len())).collect();
        assert!(picks.contains(&(3_500, 2, 1)) && picks.contains(&(1_000, 1, 1)), "{picks:?}");
        let page = packer.get("/ban-hang/dong-hang").await.is(200);
        page.says("Soạn theo sản phẩm").says("3,5\u{a0}kg").says("ba cân rưỡi").says("Cân từng món").says("Đóng theo khách");
        page.says(first.code.as_text()).says(second.code.as_text()).says(fruit.lot_code.as_text());
        packer.get("/ban-hang/dong-hang/phieu-soan").await.is(200).says("Phiếu soạn hàng").says("…………");
        packer.get("/ban-hang").await.is(200).says("Đóng hàng: soạn, cân, đóng").says("2 đơn cần cân");
        assert!(show_packing_day(kit, &coop.seller, Some(None)).await.expect("no day").orders.is_empty());
    }

    async fn a_strange_weight_is_asked_back_with_what_was_typed(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let placed = to_pack(kit, &coop, &[(&fruit, "1.5")]).await;
        let line = lines_of(kit, &placed).await.remove(0).to_string();
        let packer = app.signed_in(&coop.seller.account).await;
        let send = async |weight: &str, say: &str| {
            packer.post(&url(&placed, "/can"), &[("line", &line), ("seen", "-"), ("weight", weight), ("say", say)]).await
        };
        let asked = send("1.500", "").await.is(422);
        asked.says("số này lạ quá").says("Đúng ra là 1,5\u{a0}kg").says("value=\"1.500\"").says("một cân rưỡi");
        send("0", "").await.is(422);
        send("hai cân", "").await.is(422).says("Không đọc được");
        let over = send("1,6", "").await.is(422);
        over.says("nặng quá mức đã hẹn").says("Cho phần dư, khách trả 70.875\u{a0}₫").says("Hỏi khách: lấy cả, trả 72.000\u{a0}₫");
        let under = send("1.2", "").await.is(422);
        under.says("nhẹ hơn mức đã hẹn").says("Chỉ có 1,2\u{a0}kg, báo khách");
        assert_eq!(weighed(kit, &placed).await, (None, None), "what is asked back writes nothing");
        packer.get(&url(&placed, &format!("?mon={line}&can=1,6"))).await.is(200).says("nặng quá mức đã hẹn");

        send("1,6", "give").await.is(303);
        assert_eq!(weighed(kit, &placed).await, (Some(1_600), Some(70_875)), "the rest is given, the trace says what is in the box");
        assert_eq!(look(kit, &placed.id).await.order.total_vnd, Money(70_875));
        let other = to_pack(kit, &coop, &[(&fruit, "1.5")]).await;
        let figure = Weighed { say: Some(Say::Less), ..figure(kit, &other, 1_200).await };
        tap(kit, &coop.seller, &other, Act::Weigh(figure)).await.expect("there is no more");
        assert_eq!(weighed(kit, &other).await, (Some(1_200), Some(54_000)));
        assert!(words_to_buyer(kit, &coop, &other).await.contains(&"order_changed".to_owned()));
        sound(kit).await;
    }

    async fn the_buyer_is_asked_and_takes_more_at_its_price(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let placed = to_pack(kit, &coop, &[(&fruit, "1")]).await;
        let more = figure(kit, &placed, 1_380).await;
        tap(kit, &coop.seller, &placed, Act::Ask(more.clone())).await.expect("asked");
        tap(kit, &coop.seller, &placed, Act::Ask(more)).await.expect("asked already");
        assert_eq!(words_to_buyer(kit, &coop, &placed).await.iter().filter(|kind| *kind == "weight_asked").count(), 1);
        assert_eq!(refusals(tap(kit, &coop.seller, &placed, Act::Pack { seen: None }).await), ["refusal-weigh-first"]);
        let fine = figure(kit, &placed, 1_000).await;
        assert_eq!(refusals(tap(kit, &coop.seller, &placed, Act::Ask(fine)).await), ["refusal-ask-needless"]);
        let change = find_change(kit, &placed.id).await.expect("read").expect("open");
        assert_eq!((change.total, change.lines.len()), (Money(62_100), 0));
        let own = format!("/don/{}?k={}", placed.code, order_key(kit, &placed.id));
        app.visitor().get(&own).await.is(200).says("Bạn lấy cả không?").says("1,38\u{a0}kg").says("62.100\u{a0}₫");
        agree_to_change(kit, &placed.id, &change.proposal.id).await.expect("agreed");
        assert_eq!(weighed(kit, &placed).await, (Some(1_380), Some(62_100)));
        assert_eq!(look(kit, &placed.id).await.order.state, OrderState::Confirmed);
        assert_eq!(refusals(agree_to_change(kit, &placed.id, &change.proposal.id).await), ["refusal-proposal-gone"]);
        tap(kit, &coop.seller, &placed, Act::Pack { seen: None }).await.expect("packed");
        sound(kit).await;
    }

    async fn small_differences_of_what_was_paid_before_follow_the_rule(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let paid = async |weight_g: i64| {
            let placed = order(kit, &[(&fruit, "2")]).await;
            tell(&app, &coop, &Movement::paying(&coop, &placed)).await.is(200);
            handling::confirm_order(kit, &coop.seller, &placed.id).await.expect("yes");
            tap(kit, &coop.seller, &placed, Act::Weigh(figure(kit, &placed, weight_g).await)).await.expect("weighed");
            tap(kit, &coop.seller, &placed, Act::Pack { seen: None }).await.expect("packed");
            placed
        };
        let heavier = paid(2_050).await;
        let view = look(kit, &heavier.id).await;
        assert_eq!((view.order.total_vnd, view.due), (Money(90_000), Money::ZERO), "2.250 đ are let go");
        assert_eq!(view.lines[0].line.weighed_vnd, Some(Money(92_250)), "the line says what it weighed");
        let rule = |most, lets_go| ganh::domain::weighing::SmallRule { most: Money(most), lets_go };
        let lay_down = async |most, lets_go| {
            ganh::service::small_difference::lay_down_small_rule(kit, &coop.seller, rule(most, lets_go)).await
        };
        assert_eq!(refusals(lay_down(60_000, true).await), ["refusal-small-most"]);
        lay_down(10_000, false).await.expect("laid down");
        assert_eq!(look(kit, &paid(2_050).await.id).await.due, Money(2_250), "collected at the door");
        lay_down(1_000, true).await.expect("laid down");
        assert_eq!(look(kit, &paid(2_050).await.id).await.due, Money(2_250), "more than small");
        let unpaid = to_pack(kit, &coop, &[(&fruit, "0.1")]).await;
        tap(kit, &coop.seller, &unpaid, Act::Weigh(figure(kit, &unpaid, 100).await)).await.expect("weighed");
        tap(kit, &coop.seller, &unpaid, Act::Pack { seen: None }).await.expect("packed");
        assert_eq!(look(kit, &unpaid.id).await.due, Money(4_500), "nothing was paid, nothing is let go");
        let page = app.signed_in(&coop.seller.account).await.get("/ban-hang/them/chenh-can").await.is(200);
        page.says("Tiền chênh cân").says("1.000");
        sound(kit).await;
    }

    async fn the_slip_of_a_gift_says_nothing_of_money(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let mut raw = crate::kit::bank::checkout(&[(&fruit, "1")]);
        raw.payment = "cod".into();
        raw.recipient = Some(RawRecipient {
            name: "Bà Ngoại".into(),
            phone: "0912345678".into(),
            message: Some("Chúc mừng sinh nhật".into()),
            hide_prices: true,
        });
        let gift = crate::kit::bank::orders(kit, &raw).await.pop().expect("an order");
        handling::confirm_order(kit, &coop.seller, &gift.id).await.expect("yes");
        tap(kit, &coop.seller, &gift, Act::Weigh(figure(kit, &gift, 1_020).await)).await.expect("weighed");
        let packer = app.signed_in(&coop.seller.account).await;
        let slip: Answer = packer.get(&url(&gift, "/phieu")).await.is(200);
        slip.says("Chúc mừng sinh nhật").says("1,02\u{a0}kg").says("<svg").says("Thu ngày");
        assert!(!slip.body.contains('₫'), "a gift's slip names no price");
        let own = to_pack(kit, &coop, &[(&fruit, "1")]).await;
        packer.get(&url(&own, "/phieu")).await.is(200).says("45.000\u{a0}₫");
    }
}
