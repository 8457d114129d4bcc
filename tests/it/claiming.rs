//! What buyers say is wrong with what they received: in time, by line, with pictures that only a few see; answered once, paid back by the
//! books, taken to the operator. After each test every invariant is checked, the claims against the ledger among them.

mod clock;
mod races;

use crate::kit::TestDb;
use crate::kit::app::{Actor, TestApp, refusals};
use crate::kit::bank::{self, Coop, Goods, Placed, coop, goods, look, order};
use crate::listing::{photo, upload};
use crate::on_both_engines;
use crate::refunds::{account, check, refunds};
use ganh::domain::account::MemberRole;
use ganh::domain::claim::{ClaimEvent, ClaimKind, ClaimState};
use ganh::domain::id::{ClaimId, OrderId};
use ganh::domain::money::Money;
use ganh::domain::quantity::Base;
use ganh::domain::refund::RefundState;
use ganh::domain::settlement::Settlement;
use ganh::service::claim_deciding::{Decision, decide, record_finding};
use ganh::service::claiming::{self, LineSaid, RawClaim};
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::refund_sending::mark_sent_back;
use ganh::service::{handling, money_list, refunding, showing};
use ganh::store;
use ganh::store::claim::{Claim, ClaimStep};

pub async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 900).await;
    (app, coop, fruit)
}

pub async fn hand_over(kit: &Kit, coop: &Coop, order: &Placed) {
    let seller = &coop.seller;
    handling::confirm_order(kit, seller, &order.id).await.expect("yes");
    handling::pack_order(kit, seller, &order.id).await.expect("packed");
    handling::deliver_order(kit, seller, &order.id).await.expect("delivered");
}

/// An order that was paid and handed over.
pub async fn received(kit: &Kit, coop: &Coop, lines: &[(&Goods, &str)]) -> Placed {
    let order = order(kit, lines).await;
    money_list::mark_money_received(kit, &coop.seller, &order.id, Money(order.total_vnd)).await.expect("paid");
    hand_over(kit, coop, &order).await;
    order
}

/// What is said of the first line of an order.
pub async fn said(kit: &Kit, order: &Placed, quantity: &str, press: &str) -> RawClaim {
    let line = look(kit, &order.id).await.lines[0].line.id.to_string();
    let line = LineSaid { line, kind: "spoiled".into(), quantity: quantity.into() };
    RawClaim { press: press.into(), lines: vec![line], words: "Thối ba quả".into() }
}

pub async fn claims(kit: &Kit, order: &OrderId) -> Vec<Claim> {
    let id = order.clone();
    kit.db.read(move |conn| store::claim::list_of_order(conn, &id)).await.expect("claims")
}

pub async fn steps(kit: &Kit, claim: &ClaimId) -> Vec<ClaimStep> {
    let id = claim.clone();
    kit.db.read(move |conn| store::claim::list_steps(conn, &[id])).await.expect("steps")
}

/// A claim about a part of the first line.
pub async fn claimed(kit: &Kit, order: &Placed, quantity: &str) -> Claim {
    let press = format!("p{}", bank::number());
    claiming::make_claims(kit, &order.id, &said(kit, order, quantity, &press).await, Vec::new())
        .await
        .expect("claimed");
    claims(kit, &order.id).await.pop().expect("a claim")
}

/// A claim as a row, of an order whatever its state: for pages that only have to show one.
pub async fn written_down(kit: &Kit, order: &OrderId) -> ClaimId {
    let view = look(kit, order).await;
    let (line, now) = (&view.lines[0].line, kit.now());
    let row = Claim {
        id: ClaimId::new(now, kit.ten()),
        cooperative_id: view.order.cooperative_id.clone(),
        order_id: order.clone(),
        order_line_id: line.id.clone(),
        kind: ClaimKind::Spoiled,
        state: ClaimState::Open,
        quantity: None,
        base_quantity: line.base_quantity,
        words: "Thối".into(),
        accepted_vnd: Money::ZERO,
        press: String::new(),
        waits_since: now,
        stage: 0,
        due_at: None,
        solve_by: now.plus_seconds(3600),
        made_at: now,
        ended_at: None,
    };
    let id = row.id.clone();
    // The order was never handed over, so no entry stands for it.
    kit.db.write(move |conn| store::claim::insert(conn, &row, &[])).await.expect("written");
    id
}

fn addresses(app: &TestApp, order: &Placed) -> (String, String) {
    let key = showing::order_key(&app.kit, &order.id);
    (format!("/don/{}?k={key}", order.code), format!("/don/{}/bao-hang?k={key}", order.code))
}

fn value_of(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// The buyer's form sent with one picture.
async fn report(buyer: &Actor, app: &TestApp, order: &Placed, press: &str, quantity: &str) -> u16 {
    let line = look(&app.kit, &order.id).await.lines[0].line.id.to_string();
    let (kind, part) = (format!("kind[{line}]"), format!("quantity[{line}]"));
    let fields = [("press", press), (&kind, "spoiled"), (&part, quantity), ("words", "Thối ba quả")];
    upload(buyer, &addresses(app, order).1, &fields, &photo(600, 400)).await.status
}

on_both_engines! {
    async fn a_claim_with_a_picture_is_answered_once_and_its_money_goes_back_by_the_refund(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let order = received(kit, &coop, &[(&fruit, "3")]).await;
        let (own, way) = addresses(&app, &order);
        let buyer = app.visitor();
        buyer.get(&own).await.is(200).says("Có gì chưa ổn thì báo trước").says("Báo hàng hỏng");
        let page = buyer.get(&way).await.is(200);
        let press = value_of(&page.body, "press");
        for _ in 0..2 {
            assert_eq!(report(&buyer, &app, &order, &press, "0,5").await, 303);
        }
        let claim = claims(kit, &order.id).await.pop().expect("a claim");
        assert_eq!((claims(kit, &order.id).await.len(), claim.base_quantity), (1, Base(500)));
        let shown = buyer.get(&way).await.is(200);
        shown.says("Thối ba quả").says(fruit.lot_code.as_text()).says("HTX trả lời trước");
        let picture = shown.body.split("<li><a href=\"").find(|rest| rest.contains("/bao-hang/anh/")).and_then(|rest| rest.split('"').next()).expect("a picture").to_owned();
        let seen = buyer.get(&picture.replace("&amp;", "&").replace("&#x3D;", "=")).await.is(200);
        assert!(seen.header("cache-control").contains("no-store") && !seen.bytes.windows(4).any(|part| part == b"GPS "));
        let bare = picture.split('?').next().expect("a path").to_owned();
        buyer.get(&format!("{bare}?k=sai")).await.is(404);
        let id = bare.rsplit('/').next().expect("an id").to_owned();
        let (mine, stranger) = (app.signed_in(&coop.seller.account).await, bank::coop(kit, "Nhà Khác").await);
        let stranger = app.signed_in(&stranger.seller.account).await;
        let key = { let id = id.parse().expect("an id"); kit.db.read(move |conn| store::claim::get_photo(conn, &id)).await.expect("a photo").media_key };
        for name in [format!("{key}-720.webp"), format!("{key}-1280.private")] {
            buyer.get(&format!("/media/{name}")).await.is(404);
        }
        mine.get(&format!("/ban-hang/bao-hang/anh/{id}")).await.is(200);
        stranger.get(&format!("/ban-hang/bao-hang/anh/{id}")).await.is(404);
        app.operator().await.get(&format!("/van-hanh/bao-hang/anh/{id}")).await.is(200);
        mine.get("/ban-hang").await.is(200).says("Khách báo, cần trả lời");
        mine.get(&format!("/ban-hang/don/{}", order.code)).await.is(200).says(&format!("/ban-hang/bao-hang/{}", claim.id));
        app.clock.advance_s(1);
        let desk = format!("/ban-hang/bao-hang/{}", claim.id);
        stranger.get(&desk).await.is(404);
        mine.get(&desk).await.is(200).says("value=\"10.000\"").says("Thối ba quả");
        mine.post(&desk, &[("act", "accept"), ("amount", "70.000"), ("seen", "open")]).await.is(422).says("nhiều nhất 60.000");
        let yes = [("act", "accept"), ("amount", "10.000"), ("seen", "open")];
        for _ in 0..2 {
            mine.post(&desk, &yes).await.is(303);
        }
        mine.post(&desk, &[("act", "decline"), ("reason", "Không phải"), ("seen", "open")]).await.is(409);
        app.clock.advance_s(1);
        let view = look(kit, &order.id).await;
        assert_eq!((view.order.total_vnd, view.balance.refund_due, view.settlement), (Money(50_000), Money(10_000), Settlement::Over));
        assert_eq!(refunds(kit, &order).await.iter().map(|row| row.state).collect::<Vec<_>>(), [RefundState::AskedAccount]);
        buyer.get(&own).await.is(200).says("HTX nhận trả lại tiền").says("Gửi tài khoản cho HTX").says("60.000");
        check(kit).await;
        refunding::say_where(kit, &order.id, &account()).await.expect("said");
        mark_sent_back(kit, &coop.seller, &order.id, Money(10_000)).await.expect("sent");
        let act = way.replace("/bao-hang?", &format!("/bao-hang/{}?", claim.id));
        for _ in 0..2 {
            buyer.post(&act, &[("act", "close"), ("seen", "accepted")]).await.is(303);
        }
        let view = look(kit, &order.id).await;
        assert_eq!((view.settlement, view.balance.refunded), (Settlement::Settled, Money(10_000)));
        assert_eq!(claims(kit, &order.id).await[0].state, ClaimState::Closed);
        // The rest of the line can be claimed, and no more than the rest given back; an order's refund may grow.
        let more = claimed(kit, &order, "").await;
        let over = decide(kit, &coop.seller, &more.id, ClaimState::Open, Decision::Accept(Money(50_001)), "Cả").await;
        assert_eq!(refusals(over), ["refusal-claim-amount"]);
        decide(kit, &coop.seller, &more.id, ClaimState::Open, Decision::Accept(Money(50_000)), "").await.expect("all");
        assert_eq!(look(kit, &order.id).await.balance.refund_due, Money(50_000));
        let again = claiming::make_claims(kit, &order.id, &said(kit, &order, "", "x").await, Vec::new()).await;
        assert_eq!(refusals(again), ["refusal-claim-there"]);
        check(kit).await;
    }

    async fn what_cannot_be_claimed_is_said_kindly_and_nothing_typed_is_lost(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let mut raw = bank::checkout(&[(&fruit, "2")]);
        raw.payment = "cod".into();
        let order = bank::orders(kit, &raw).await.pop().expect("an order");
        let (own, way) = addresses(&app, &order);
        let buyer = app.visitor();
        buyer.get(&own).await.is(200).says("báo trong 24 giờ");
        buyer.get(&way).await.is(200).says("Chưa nhận hàng thì chưa báo ở đây");
        let line = look(kit, &order.id).await.lines[0].line.id.to_string();
        let (kind, part) = (format!("kind[{line}]"), format!("quantity[{line}]"));
        buyer.post(&way, &[("press", "a"), (&kind, "spoiled")]).await.is(409).says("gọi HTX");
        hand_over(kit, &coop, &order).await;
        let page = buyer.post(&way, &[("press", "a"), (&kind, "short"), (&part, "2,5"), ("words", "Cân lại thấy thiếu")]).await.is(422);
        page.says("nhiều nhất 2\u{a0}kg").says("Cân lại thấy thiếu").says("value=\"2,5\"").says("value=\"short\" selected").says("Chọn lại ảnh");
        buyer.post(&way, &[("press", "a"), (&part, "1")]).await.is(422).says("Chọn một ý");
        buyer.post(&way, &[("press", "a"), ("words", "Hỏng")]).await.is(422).says("Chọn món có chuyện");
        buyer.post(&way, &[("press", "a"), (&kind, "other")]).await.is(422).says("Viết vài lời");
        buyer.post(&way.replace("k=", "k=0"), &[(&kind, "short")]).await.is(404);
        buyer.post(&way, &[("press", "a"), (&kind, "short"), (&part, "0,5")]).await.is(303);
        buyer.post(&way, &[("press", "b"), (&kind, "short")]).await.is(409).says("đã báo rồi");
        let claim = claims(kit, &order.id).await.pop().expect("a claim");
        let act = way.replace("/bao-hang?", &format!("/bao-hang/{}?", claim.id));
        buyer.post(&act, &[("act", "escalate"), ("seen", "open"), ("words", "Lâu quá")]).await.is(409).says("HTX còn giờ trả lời");
        let packer = bank::seller(kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        assert!(matches!(decide(kit, &packer, &claim.id, ClaimState::Open, Decision::Decline, "Không").await, Err(ServiceError::Forbidden)));
        let (mine, desk) = (app.signed_in(&coop.seller.account).await, format!("/ban-hang/bao-hang/{}", claim.id));
        mine.post(&desk, &[("act", "decline"), ("reason", " "), ("seen", "open")]).await.is(422);
        mine.post(&desk, &[("act", "accept"), ("amount", "5.000"), ("seen", "open")]).await.is(422);
        mine.post(&desk, &[("act", "photo"), ("reason", "Chụp cái cân"), ("seen", "open")]).await.is(303);
        buyer.get(&way).await.is(200).says("Chụp cái cân").says("Gửi ảnh");
        assert_eq!(upload(&buyer, &act, &[("act", "photo")], &photo(300, 200)).await.status, 303);
        assert_eq!(claims(kit, &order.id).await[0].state, ClaimState::Open);
        // Nothing was paid yet: what is owed at the door falls, and nothing has to go back.
        mine.post(&desk, &[("act", "accept"), ("amount", "10.000"), ("seen", "open")]).await.is(303);
        let view = look(kit, &order.id).await;
        assert_eq!((view.due, view.balance.receivable, view.balance.refund_due), (Money(30_000), Money(30_000), Money::ZERO));
        money_list::take_cash(kit, &coop.seller, &order.id, Money(30_000)).await.expect("cash");
        assert_eq!(look(kit, &order.id).await.settlement, Settlement::Settled);
        let late = received(kit, &coop, &[(&fruit, "1")]).await;
        app.clock.advance_s(24 * 3600 + 1);
        let refused = claiming::make_claims(kit, &late.id, &said(kit, &late, "", "c").await, Vec::new()).await;
        assert_eq!(refusals(refused), ["refusal-claim-late"]);
        buyer.get(&addresses(&app, &late).1).await.is(200).says("Đã hết giờ báo").says("Vẫn gọi được");
        check(kit).await;
    }
}
