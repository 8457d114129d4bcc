//! Reviews, their lots, and what they add up to. Whoever changes a row holds its product's lock, so that sum and rows move together.

use super::conn::{Conn, MultiBackend};
use super::error::StoreResult;
use super::schema::{review, review_lot, review_sum};
use crate::domain::id::{AccountId, CooperativeId, LotId, OrderId, OrderLineId, ProductId, ReviewId};
use crate::domain::review::ReviewState;
use crate::domain::time::{At, Day};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = review, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Review {
    pub id: ReviewId,
    pub cooperative_id: CooperativeId,
    pub product_id: ProductId,
    pub order_id: OrderId,
    pub order_line_id: OrderLineId,
    pub state: ReviewState,
    /// One to five.
    pub stars: i64,
    pub words: String,
    pub given_name: String,
    pub received_on: Day,
    pub made_at: At,
    pub answer: Option<String>,
    pub answered_by: Option<AccountId>,
    pub answered_at: Option<At>,
    pub hidden_reason: Option<String>,
    pub hidden_by: Option<AccountId>,
    pub hidden_at: Option<At>,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = review_lot, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ReviewLot {
    pub review_id: ReviewId,
    pub lot_id: LotId,
    pub cooperative_id: CooperativeId,
}

/// What the shown reviews of a product add up to.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = review_sum, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ReviewSum {
    pub product_id: ProductId,
    pub cooperative_id: CooperativeId,
    pub reviews: i64,
    pub stars: i64,
}

pub fn insert(conn: &mut Conn, row: &Review, lots: &[ReviewLot]) -> StoreResult<()> {
    diesel::insert_into(review::table).values(row).execute(conn)?;
    for lot in lots {
        diesel::insert_into(review_lot::table).values(lot).execute(conn)?;
    }
    Ok(())
}

pub fn get(conn: &mut Conn, id: &ReviewId) -> StoreResult<Review> {
    Ok(review::table.find(id).select(Review::as_select()).get_result(conn)?)
}

/// One of a cooperative's own; another's is not there.
pub fn get_own(conn: &mut Conn, cooperative: &CooperativeId, id: &ReviewId) -> StoreResult<Review> {
    let query = review::table.find(id).filter(review::cooperative_id.eq(cooperative));
    Ok(query.select(Review::as_select()).get_result(conn)?)
}

pub fn list_of_order(conn: &mut Conn, order: &OrderId) -> StoreResult<Vec<Review>> {
    let query = review::table.filter(review::order_id.eq(order)).order(review::id);
    Ok(query.select(Review::as_select()).load(conn)?)
}

/// The shown reviews of a product, the newest first.
pub fn list_shown(conn: &mut Conn, product: &ProductId, most: i64) -> StoreResult<Vec<Review>> {
    let query = review::table
        .filter(review::product_id.eq(product))
        .filter(review::state.eq(ReviewState::Shown))
        .order((review::made_at.desc(), review::id.desc()))
        .limit(most);
    Ok(query.select(Review::as_select()).load(conn)?)
}

/// Reviews of one cooperative or of all, the newest first.
pub fn list_newest(conn: &mut Conn, cooperative: Option<&CooperativeId>, most: i64) -> StoreResult<Vec<Review>> {
    let mut query = review::table
        .order((review::made_at.desc(), review::id.desc()))
        .limit(most)
        .select(Review::as_select())
        .into_boxed();
    if let Some(cooperative) = cooperative {
        query = query.filter(review::cooperative_id.eq(cooperative));
    }
    Ok(query.load(conn)?)
}

pub fn list_lots(conn: &mut Conn, reviews: &[ReviewId]) -> StoreResult<Vec<ReviewLot>> {
    let query = review_lot::table
        .filter(review_lot::review_id.eq_any(reviews))
        .order((review_lot::review_id, review_lot::lot_id));
    Ok(query.select(ReviewLot::as_select()).load(conn)?)
}

/// The cooperative's one answer; false when there was one.
pub fn mark_answered(conn: &mut Conn, id: &ReviewId, answer: &str, by: &AccountId, at: At) -> StoreResult<bool> {
    let target = review::table.filter(review::id.eq(id)).filter(review::answered_at.is_null());
    let values = (review::answer.eq(answer), review::answered_by.eq(by), review::answered_at.eq(at));
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// Hidden with a reason, or (none) shown again; false when it was so already.
pub fn mark_state(conn: &mut Conn, id: &ReviewId, hidden: Option<(&str, &AccountId, At)>) -> StoreResult<bool> {
    let to = if hidden.is_some() { ReviewState::Hidden } else { ReviewState::Shown };
    let target = review::table.filter(review::id.eq(id)).filter(review::state.ne(to));
    let values = (
        review::state.eq(to),
        review::hidden_reason.eq(hidden.map(|(reason, ..)| reason)),
        review::hidden_by.eq(hidden.map(|(_, by, _)| by)),
        review::hidden_at.eq(hidden.map(|(.., at)| at)),
    );
    Ok(diesel::update(target).set(values).execute(conn)? == 1)
}

/// What the shown reviews of products (at most 500) add up to; those without any are not there.
pub fn list_sums(conn: &mut Conn, products: &[ProductId]) -> StoreResult<Vec<ReviewSum>> {
    let query = review_sum::table.filter(review_sum::product_id.eq_any(products));
    Ok(query.select(ReviewSum::as_select()).load(conn)?)
}

/// Counts a product's shown reviews anew. The caller holds the product's lock.
pub fn count_anew(conn: &mut Conn, product: &ProductId, cooperative: &CooperativeId) -> StoreResult<()> {
    let stars: Vec<i64> = review::table
        .filter(review::product_id.eq(product))
        .filter(review::state.eq(ReviewState::Shown))
        .select(review::stars)
        .load(conn)?;
    let row = ReviewSum {
        product_id: product.clone(),
        cooperative_id: cooperative.clone(),
        reviews: i64::try_from(stars.len()).unwrap_or(i64::MAX),
        stars: stars.iter().sum(),
    };
    let target = review_sum::table.find(product);
    if diesel::update(target).set(&row).execute(conn)? == 0 {
        diesel::insert_into(review_sum::table).values(&row).execute(conn)?;
    }
    Ok(())
}
