//! Reviews: only by who received the goods, one a line, tied to the lots that the line came from; the cooperative answers once, the operator
//! hides with a reason that the author reads. The count and the mean move in the same transaction, under the product's lock.

use super::claiming::time_of;
use super::draw::Draw;
use super::error::ServiceError;
use super::kit::Kit;
use super::showing::OrderView;
use super::who::{Operator, Seller, may_list};
use crate::domain::code::{LotCode, OrderCode};
use crate::domain::id::{LotId, OrderId, OrderLineId, ProductId, ReviewId};
use crate::domain::order::HoldState;
use crate::domain::refusal::Refusal;
use crate::domain::review::{MOST_WORDS, ReviewState, given_name, mean_tenths, read_stars};
use crate::domain::text::clean;
use crate::store::order::{Order, OrderLine};
use crate::store::review::{Review, ReviewLot};
use crate::store::{self, Conn};
use std::collections::HashMap;

/// Reviews on a product's page, and in a list.
const MOST: i64 = 30;
const MOST_LISTED: i64 = 100;

/// A review with the names around it.
#[derive(Debug, Clone)]
pub struct ReviewView {
    pub review: Review,
    pub lots: Vec<LotCode>,
    pub product: String,
    pub slug: String,
    pub cooperative: String,
    pub order: OrderCode,
}

/// What a product's page shows.
#[derive(Debug, Clone, Default)]
pub struct ProductReviews {
    pub count: i64,
    /// Tenths of a star.
    pub mean_tenths: Option<i64>,
    pub newest: Vec<ReviewView>,
}

/// The reviews of one order, for whoever holds its key.
#[derive(Debug, Clone)]
pub struct OrderReviews {
    pub reviews: Vec<ReviewView>,
    /// Lines that can be reviewed now.
    pub free: Vec<OrderLineId>,
}

fn read_words(said: &str, must: bool, field: &str) -> Result<String, ServiceError> {
    let long =
        |_| ServiceError::refused(Refusal::new("refusal-claim-words-long").with("most", MOST_WORDS).about(field));
    let words = clean::lines(said, MOST_WORDS).map_err(long)?;
    if must && words.is_empty() {
        return Err(ServiceError::refused(Refusal::new("refusal-claim-words").about(field)));
    }
    Ok(words)
}

/// Says of one line of an order how it was. The caller has proven the order's key. The same said twice is said once.
pub async fn write_review(
    kit: &Kit,
    id: &OrderId,
    line: &OrderLineId,
    stars: &str,
    words: &str,
) -> Result<(), ServiceError> {
    let (words, stars) = (read_words(words, false, "words"), read_stars(stars, &format!("stars[{line}]")));
    let (stars, words) = match (stars, words) {
        (Ok(stars), Ok(words)) => (stars, words),
        (Err(refusal), _) => return Err(ServiceError::refused(refusal)),
        (_, Err(error)) => return Err(error),
    };
    let (draw, id, line) = (Draw::new(kit), id.clone(), line.clone());
    kit.db
        .write(move |conn| {
            let run = draw.fresh();
            let order = store::order::get(conn, &id)?;
            let lines = store::order::list_lines(conn, std::slice::from_ref(&id))?;
            let line = lines.into_iter().find(|row| row.id == line).ok_or(ServiceError::NotFound)?;
            // The product before the order, as every lock is taken.
            store::product::lock_own(conn, &order.cooperative_id, &line.product_id)?;
            let order = store::order::lock(conn, &id)?;
            let known = store::review::list_of_order(conn, &id)?.into_iter().find(|row| row.order_line_id == line.id);
            if let Some(known) = known {
                let is_same = known.stars == stars && known.words == words;
                let there =
                    || ServiceError::changed(Refusal::new("refusal-review-there").with("name", &line.product_name));
                return if is_same { Ok(()) } else { Err(there()) };
            }
            let purchase = store::purchase::get(conn, &order.purchase_id)?;
            let row = may_review(conn, &order, &line, &purchase.buyer_phone)?;
            let review = Review {
                id: ReviewId::new(run.now, run.ten()),
                stars,
                words: words.clone(),
                given_name: given_name(&purchase.buyer_name),
                made_at: run.now,
                ..row
            };
            let holds = store::lot::list_holds(conn, std::slice::from_ref(&id))?;
            let mut lots: Vec<LotId> = holds
                .into_iter()
                .filter(|hold| hold.order_line_id == line.id && hold.state != HoldState::Released)
                .map(|hold| hold.lot_id)
                .collect();
            lots.sort();
            lots.dedup();
            let lot = |lot_id| ReviewLot {
                review_id: review.id.clone(),
                lot_id,
                cooperative_id: review.cooperative_id.clone(),
            };
            store::review::insert(conn, &review, &lots.into_iter().map(lot).collect::<Vec<_>>())?;
            count_anew(conn, &review, run.now)
        })
        .await
}

/// The row of a review before anything is said in it.
///
/// # Errors
/// `Changed` before the hand-over, and for people of the cooperative that sells.
fn may_review(conn: &mut Conn, order: &Order, line: &OrderLine, phone: &str) -> Result<Review, ServiceError> {
    let not_yet = || ServiceError::changed(Refusal::new("refusal-review-not-received"));
    let (received, _) = time_of(conn, order)?.ok_or_else(not_yet)?;
    let delivery = store::order::list_deliveries(conn, std::slice::from_ref(&order.id))?.pop();
    let phones = [Some(phone.to_owned()), delivery.map(|delivery| delivery.recipient_phone)];
    let members = store::member::list_of_cooperative(conn, &order.cooperative_id)?;
    let members: Vec<_> = members.into_iter().map(|member| member.account_id).collect();
    let is_own = store::account::list_of(conn, &members)?
        .iter()
        .any(|member| phones.iter().flatten().any(|phone| phone == member.phone.as_text()));
    if is_own {
        return Err(ServiceError::changed(Refusal::new("refusal-review-own")));
    }
    Ok(Review {
        id: ReviewId::new(received, [0; 10]),
        cooperative_id: order.cooperative_id.clone(),
        product_id: line.product_id.clone(),
        order_id: order.id.clone(),
        order_line_id: line.id.clone(),
        state: ReviewState::Shown,
        stars: 0,
        words: String::new(),
        given_name: String::new(),
        received_on: received.day(),
        made_at: received,
        answer: None,
        answered_by: None,
        answered_at: None,
        hidden_reason: None,
        hidden_by: None,
        hidden_at: None,
    })
}

/// The sum, and word to everything that shows the product.
fn count_anew(conn: &mut Conn, review: &Review, now: crate::domain::time::At) -> Result<(), ServiceError> {
    store::review::count_anew(conn, &review.product_id, &review.cooperative_id)?;
    store::change::insert(conn, "order", review.order_id.as_text(), now)?;
    Ok(store::change::insert(conn, "product", review.product_id.as_text(), now)?)
}

/// The cooperative's one answer to a review. The same said twice is said once.
pub async fn answer_review(kit: &Kit, seller: &Seller, id: &ReviewId, answer: &str) -> Result<(), ServiceError> {
    may_list(seller)?;
    let (now, seller, id, said) = (kit.now(), seller.clone(), id.clone(), answer.to_owned());
    kit.db
        .write(move |conn| {
            let review = store::review::get_own(conn, &seller.cooperative, &id)?;
            store::product::lock_own(conn, &seller.cooperative, &review.product_id)?;
            let answer = read_words(&said, true, "answer")?;
            if !store::review::mark_answered(conn, &id, &answer, &seller.account, now)? {
                let is_same = store::review::get(conn, &id)?.answer.as_ref() == Some(&answer);
                return if is_same {
                    Ok(())
                } else {
                    Err(ServiceError::changed(Refusal::new("refusal-review-answered")))
                };
            }
            count_anew(conn, &review, now)
        })
        .await
}

/// The operator hides a review with a reason that its author reads, or (none) shows it again. Law 122/2025 Art. 17.2(h) has reviews shown
/// in full: only what is unlawful is hidden, and why is kept.
pub async fn hide_review(
    kit: &Kit,
    operator: &Operator,
    id: &ReviewId,
    reason: Option<&str>,
) -> Result<(), ServiceError> {
    let reason = reason.map(|reason| read_words(reason, true, "reason")).transpose()?;
    let (now, by, asked) = (kit.now(), operator.account.clone(), id.clone());
    kit.db
        .write(move |conn| {
            let review = store::review::get(conn, &asked)?;
            store::product::lock_own(conn, &review.cooperative_id, &review.product_id)?;
            let hidden = reason.as_deref().map(|reason| (reason, &by, now));
            // A second press finds it so already.
            if store::review::mark_state(conn, &asked, hidden)? { count_anew(conn, &review, now) } else { Ok(()) }
        })
        .await?;
    tracing::info!(target: "access", operator = %operator.account, what = "review", id = %id);
    Ok(())
}

fn views_of(conn: &mut Conn, reviews: Vec<Review>) -> Result<Vec<ReviewView>, ServiceError> {
    let ids: Vec<ReviewId> = reviews.iter().map(|review| review.id.clone()).collect();
    let rows = store::review::list_lots(conn, &ids)?;
    let lot_ids: Vec<LotId> = rows.iter().map(|row| row.lot_id.clone()).collect();
    let mut codes: HashMap<LotId, LotCode> = HashMap::new();
    for chunk in lot_ids.chunks(500) {
        codes.extend(store::lot::list_of(conn, chunk)?.into_iter().map(|lot| (lot.id, lot.code)));
    }
    let mut views = Vec::new();
    for review in reviews {
        let product = store::product::get(conn, &review.product_id)?;
        let own = rows.iter().filter(|row| row.review_id == review.id);
        views.push(ReviewView {
            lots: own.filter_map(|row| codes.get(&row.lot_id).cloned()).collect(),
            cooperative: store::cooperative::get(conn, &review.cooperative_id)?.name,
            order: store::order::get(conn, &review.order_id)?.code,
            product: product.name,
            slug: product.slug,
            review,
        });
    }
    Ok(views)
}

/// What a product's page shows of its reviews.
pub async fn show_reviews(kit: &Kit, product: &ProductId) -> Result<ProductReviews, ServiceError> {
    let product = product.clone();
    kit.db
        .read(move |conn| {
            let sum = store::review::list_sums(conn, std::slice::from_ref(&product))?.pop();
            let (count, stars) = sum.map_or((0, 0), |sum| (sum.reviews, sum.stars));
            let newest = store::review::list_shown(conn, &product, MOST)?;
            Ok(ProductReviews { count, mean_tenths: mean_tenths(count, stars), newest: views_of(conn, newest)? })
        })
        .await
}

/// The reviews of one order, and the lines that can be reviewed.
pub async fn show_order_reviews(kit: &Kit, view: &OrderView) -> Result<OrderReviews, ServiceError> {
    let (order, lines) = (view.order.clone(), view.lines.clone());
    kit.db
        .read(move |conn| {
            let rows = store::review::list_of_order(conn, &order.id)?;
            let can = time_of(conn, &order)?.is_some();
            let free = lines
                .iter()
                .map(|line| &line.line.id)
                .filter(|id| can && !rows.iter().any(|row| row.order_line_id == **id));
            let free = free.cloned().collect();
            Ok(OrderReviews { reviews: views_of(conn, rows)?, free })
        })
        .await
}

/// A cooperative's newest reviews.
pub async fn list_reviews(kit: &Kit, seller: &Seller) -> Result<Vec<ReviewView>, ServiceError> {
    let cooperative = seller.cooperative.clone();
    kit.db
        .read(move |conn| {
            let rows = store::review::list_newest(conn, Some(&cooperative), MOST_LISTED)?;
            views_of(conn, rows)
        })
        .await
}

/// The market's newest reviews.
pub async fn list_all_reviews(kit: &Kit, _operator: &Operator) -> Result<Vec<ReviewView>, ServiceError> {
    kit.db
        .read(move |conn| {
            let rows = store::review::list_newest(conn, None, MOST_LISTED)?;
            views_of(conn, rows)
        })
        .await
}
