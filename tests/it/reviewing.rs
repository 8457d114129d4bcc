//! Reviews: only by who received the goods, one a line, counted in the same breath as they are written; answered once, hidden with a reason
//! that the author reads. After each test every invariant is checked, the sums among them.

use crate::claiming::{open, received};
use crate::kit::app::{TestApp, refusals};
use crate::kit::bank::{self, Goods, Placed, look, order};
use crate::kit::make::operator;
use crate::on_both_engines;
use crate::races::rounds;
use crate::refunds::check;
use futures_util::future::{join, join_all};
use ganh::domain::id::{OrderLineId, ReviewId};
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::reviewing::{self, hide_review, show_reviews, write_review};
use ganh::service::showing;
use ganh::store;

async fn line_of(kit: &Kit, order: &Placed) -> OrderLineId {
    look(kit, &order.id).await.lines[0].line.id.clone()
}

async fn review_of(kit: &Kit, order: &Placed) -> ReviewId {
    let id = order.id.clone();
    kit.db.read(move |conn| store::review::list_of_order(conn, &id)).await.expect("reviews").remove(0).id
}

fn address(app: &TestApp, order: &Placed) -> String {
    format!("/don/{}/danh-gia?k={}", order.code, showing::order_key(&app.kit, &order.id))
}

async fn sum(kit: &Kit, fruit: &Goods) -> (i64, Option<i64>) {
    let shown = show_reviews(kit, &fruit.product).await.expect("reviews");
    (shown.count, shown.mean_tenths)
}

on_both_engines! {
    async fn who_received_goods_reviews_them_once_and_everybody_reads_it_at_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let page = format!("/san-pham/{}", fruit.slug);
        let anyone = app.visitor();
        let before = anyone.get(&page).await.is(200);
        assert!(!before.body.contains("aggregateRating") && !before.body.contains("Người mua đánh giá"));
        let waiting = order(kit, &[(&fruit, "1")]).await;
        let line = line_of(kit, &waiting).await;
        assert_eq!(refusals(write_review(kit, &waiting.id, &line, "5", "Ngon").await), ["refusal-review-not-received"]);
        anyone.get(&address(&app, &waiting)).await.is(200).says("Nhận hàng rồi mới đánh giá được");
        let mine = received(kit, &coop, &[(&fruit, "2")]).await;
        let (way, line) = (address(&app, &mine), line_of(kit, &mine).await.to_string());
        let stars = format!("stars[{line}]");
        anyone.get(&way).await.is(200).says("Món này thế nào?");
        let typed = [("line", line.as_str()), ("words", "Ngọt, giao sớm")];
        anyone.post(&way, &typed).await.is(422).says("Chọn từ 1 đến 5 sao").says("Ngọt, giao sớm");
        anyone.post(&way.replace("k=", "k=0"), &[("line", &line), (&stars, "5")]).await.is(404);
        for _ in 0..2 {
            anyone.post(&way, &[("line", &line), (&stars, "4"), ("words", "Ngọt, giao sớm")]).await.is(303);
        }
        anyone.post(&way, &[("line", &line), (&stars, "1"), ("words", "Đổi ý")]).await.is(409).says("đã đánh giá rồi");
        let second = received(kit, &coop, &[(&fruit, "1")]).await;
        write_review(kit, &second.id, &line_of(kit, &second).await, "5", "").await.expect("said");
        let seen = anyone.get(&page).await.is(200);
        seen.says("4,5 trên 5 sao, 2 lượt").says("Ngọt, giao sớm").says("Mua, nhận hàng").says("\"ratingValue\":\"4.5\"");
        assert!(!seen.body.contains("Chị Mua"), "the given name and no more");
        assert_eq!(app.shopper().await.get(&page).await.bytes, seen.bytes, "the same for everyone");
        // The cooperative answers once.
        let id = review_of(kit, &mine).await;
        let farm = app.signed_in(&coop.seller.account).await;
        farm.get("/ban-hang/danh-gia").await.is(200).says("Ngọt, giao sớm").says("Trả lời khách");
        let answer = format!("/ban-hang/danh-gia/{id}");
        farm.post(&answer, &[("answer", " ")]).await.is(422);
        for _ in 0..2 {
            farm.post(&answer, &[("answer", "Cảm ơn, vụ sau lại mời")]).await.is(303);
        }
        farm.post(&answer, &[("answer", "Lời khác")]).await.is(409).says("đã trả lời rồi").says("Lời khác");
        let stranger = bank::coop(kit, "Nhà Khác").await;
        app.signed_in(&stranger.seller.account).await.post(&answer, &[("answer", "x")]).await.is(404);
        anyone.get(&page).await.is(200).says("Cảm ơn, vụ sau lại mời");
        // The operator hides it with a reason, which its author reads and nobody else.
        let market = app.operator().await;
        let hide = format!("/van-hanh/danh-gia/{id}");
        market.post(&hide, &[("reason", " ")]).await.is(422);
        for _ in 0..2 {
            market.post(&hide, &[("reason", "Có số điện thoại của người khác")]).await.is(303);
        }
        let after = anyone.get(&page).await.is(200);
        after.says("5 trên 5 sao, 1 lượt");
        assert!(!after.body.contains("Ngọt, giao sớm") && !after.body.contains("số điện thoại của người khác"));
        anyone.get(&way).await.is(200).says("Có số điện thoại của người khác");
        check(kit).await;
        market.post(&hide, &[("act", "show")]).await.is(303);
        assert_eq!(sum(kit, &fruit).await, (2, Some(45)));
        check(kit).await;
    }

    async fn people_of_the_cooperative_do_not_review_their_own_goods(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let id = coop.seller.account.clone();
        let phone = kit.db.read(move |conn| store::account::get(conn, &id)).await.expect("a person").phone;
        let mut raw = bank::checkout(&[(&fruit, "1")]);
        (raw.buyer.phone, raw.payment) = (phone.as_text().to_owned(), "cod".into());
        let own = bank::orders(kit, &raw).await.pop().expect("an order");
        crate::claiming::hand_over(kit, &coop, &own).await;
        let said = write_review(kit, &own.id, &line_of(kit, &own).await, "5", "Nhất chợ").await;
        assert_eq!((refusals(said), sum(kit, &fruit).await), (vec!["refusal-review-own".to_owned()], (0, None)));
        check(kit).await;
    }

    async fn reviews_written_answered_and_hidden_at_once_add_up(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let market = operator(kit, 77).await;
        let mut last: Option<ReviewId> = None;
        for round in 0..rounds() {
            let (one, two) = (received(kit, &coop, &[(&fruit, "1")]).await, received(kit, &coop, &[(&fruit, "1")]).await);
            let (first, second) = (line_of(kit, &one).await, line_of(kit, &two).await);
            let pairs = [(&one, &first, "1"), (&two, &second, "5"), (&one, &first, "2"), (&two, &second, "5")];
            let writes = join_all(pairs.into_iter().cycle().take(8).map(|(order, line, stars)| write_review(kit, &order.id, line, stars, "")));
            let hidden = async {
                match &last {
                    Some(id) => hide_review(kit, &market, id, Some("Trái luật")).await,
                    None => Ok(()),
                }
            };
            let (done, hidden) = join(writes, hidden).await;
            hidden.expect("hidden");
            for error in done.into_iter().filter_map(Result::err) {
                assert!(matches!(error, ServiceError::Changed(_)), "{error}");
            }
            let shown = 2 * i64::from(round + 1) - i64::from(round);
            assert_eq!(sum(kit, &fruit).await.0, shown, "round {round}");
            let id = review_of(kit, &two).await;
            let said: Vec<String> = (0..4).map(|n| format!("Cảm ơn {n}")).collect();
            let answers = join_all(said.iter().map(|words| reviewing::answer_review(kit, &coop.seller, &id, words)));
            assert_eq!(answers.await.iter().filter(|one| one.is_ok()).count(), 1, "round {round}");
            last = Some(id);
        }
        check(kit).await;
    }
}
