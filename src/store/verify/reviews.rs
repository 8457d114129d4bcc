//! What the shown reviews of products add up to, beside the reviews.

use super::Checked;
use crate::domain::id::ProductId;
use crate::domain::review::ReviewState;
use crate::store::conn::Conn;
use crate::store::error::StoreResult;
use crate::store::review::list_sums;
use crate::store::schema::review;
use diesel::prelude::*;

/// A product's sum beside its shown reviews.
#[derive(Debug, Clone)]
pub struct ReviewSums {
    pub product: ProductId,
    /// Reviews and stars as written, and as counted.
    pub said: (i64, i64),
    pub counted: (i64, i64),
}

impl Checked for ReviewSums {
    fn key(&self) -> String {
        self.product.to_string()
    }
}

impl ReviewSums {
    pub fn trouble(&self) -> Option<String> {
        let Self { product, said, counted } = self;
        (said != counted)
            .then(|| format!("product {product} says {said:?} of reviews and stars, there are {counted:?}"))
    }
}

/// Products that were ever reviewed.
pub fn list_review_sums(conn: &mut Conn, after: &str, most: i64) -> StoreResult<Vec<ReviewSums>> {
    let products: Vec<ProductId> = review::table
        .filter(review::product_id.gt(after))
        .select(review::product_id)
        .distinct()
        .order(review::product_id)
        .limit(most)
        .load(conn)?;
    let sums = list_sums(conn, &products)?;
    let shown: Vec<(ProductId, i64)> = review::table
        .filter(review::product_id.eq_any(&products))
        .filter(review::state.eq(ReviewState::Shown))
        .select((review::product_id, review::stars))
        .load(conn)?;
    let row = |product: ProductId| {
        let own = shown.iter().filter(|(of, _)| *of == product).map(|(_, stars)| *stars);
        let counted =
            own.fold((0_i64, 0_i64), |(count, sum), stars| (count.saturating_add(1), sum.saturating_add(stars)));
        let said = sums.iter().find(|sum| sum.product_id == product).map_or((0, 0), |sum| (sum.reviews, sum.stars));
        ReviewSums { product, said, counted }
    };
    Ok(products.into_iter().map(row).collect())
}
