//! «Nhận đơn trong … phút»: the honest figure in words, on the pages of goods and of cooperatives. Knows no HTML.

use super::look::Reader;
use crate::domain::answer::Score;

/// The sentence; nothing below the least number of orders, which the service has seen to.
pub fn answers_said(reader: &Reader<'_>, score: Option<Score>) -> Option<String> {
    let score = score?;
    let percent = score.percent_in_time().to_string();
    Some(match score.median_min {
        Some(minutes) if minutes < 120 => {
            reader.with("answer-score-minutes", &[("minutes", minutes.max(1).to_string()), ("percent", percent)])
        }
        Some(minutes) => {
            let hours = minutes.saturating_add(59).div_euclid(60).to_string();
            reader.with("answer-score-hours", &[("hours", hours), ("percent", percent)])
        }
        None => reader.with("answer-score-share", &[("percent", percent)]),
    })
}
