//! Reviews on a product's page: how many, the mean, and the newest, the same for everyone. Values ready to read; no HTML.

use super::look::Reader;
use crate::domain::quantity::Quantity;
use crate::service::reviewing::{ProductReviews, ReviewView};
use crate::view::filters;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize, Default)]
pub struct ReviewsLook {
    /// «4,7 trên 5, 12 lượt»; none without reviews.
    summary: Option<String>,
    rows: Vec<ReviewLook>,
}

#[derive(Serialize)]
struct ReviewLook {
    stars: i64,
    who: String,
    words: String,
    /// The lots, each with its way to where it is from.
    lots: Vec<String>,
    answer: Option<String>,
}

impl ReviewsLook {
    pub fn of(reader: &Reader<'_>, reviews: &ProductReviews) -> Self {
        let summary = reviews.mean_tenths.map(|mean| {
            let said = reader.quantity(Quantity(mean.saturating_mul(100)));
            reader.with("review-mean", &[("mean", said), ("count", reviews.count.to_string())])
        });
        Self { summary, rows: reviews.newest.iter().map(|view| look(reader, view)).collect() }
    }
}

fn look(reader: &Reader<'_>, view: &ReviewView) -> ReviewLook {
    let review = &view.review;
    let day = filters::day_said(review.received_on, reader.lang, true);
    ReviewLook {
        stars: review.stars,
        who: reader.with("review-who", &[("name", review.given_name.clone()), ("day", day)]),
        words: review.words.clone(),
        lots: view.lots.iter().map(ToString::to_string).collect(),
        answer: review.answer.clone(),
    }
}

/// schema.org's AggregateRating; none without reviews.
pub fn rating(reviews: &ProductReviews) -> Option<Value> {
    let mean = reviews.mean_tenths?;
    Some(json!({
        "@type": "AggregateRating",
        "ratingValue": format!("{}.{}", mean.div_euclid(10), mean.rem_euclid(10)),
        "bestRating": "5",
        "worstRating": "1",
        "ratingCount": reviews.count.to_string(),
    }))
}
