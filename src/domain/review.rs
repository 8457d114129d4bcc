//! What a buyer says of goods that were received: stars, whose name is shown how far, and how many of them make which mean. Pure.

use super::money::Money;
use super::refusal::Refusal;

crate::word_enum! {
    ReviewState {
        Shown = "shown",
        /// By the operator, with a reason that its author reads.
        Hidden = "hidden",
    }
}

/// Letters of a review, an answer, a reason.
pub const MOST_WORDS: usize = 1_000;

/// From one to five.
///
/// # Errors
/// With a sentence about `field` for anything else.
pub fn read_stars(text: &str, field: &str) -> Result<i64, Refusal> {
    let stars = text.trim().parse::<i64>().ok().filter(|stars| (1..=5).contains(stars));
    stars.ok_or_else(|| Refusal::new("refusal-review-stars").about(field))
}

/// The given name, which stands last in Vietnam: all that others learn of a buyer.
pub fn given_name(name: &str) -> String {
    name.split_whitespace().last().unwrap_or("…").chars().take(30).collect()
}

/// Of so many reviews so many stars: the mean in tenths of a star, half up; none without reviews.
pub fn mean_tenths(reviews: i64, stars: i64) -> Option<i64> {
    // The one rounding rule there is, with tenths of a star for đồng.
    let tenths = Money(stars).scaled_half_up(10, reviews).ok()?;
    (reviews > 0).then_some(tenths.vnd())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_are_one_to_five_and_nothing_else() {
        let read = |text: &str| read_stars(text, "stars").ok();
        assert_eq!(
            ["1", " 5 ", "0", "6", "4.5", "-1", "", "năm"].map(read),
            [Some(1), Some(5), None, None, None, None, None, None]
        );
    }

    #[test]
    fn others_learn_the_given_name_and_no_more() {
        for (name, shown) in [("Nguyễn Thị Minh Khai", "Khai"), ("  Hoa ", "Hoa"), ("", "…")] {
            assert_eq!(given_name(name), shown);
        }
    }

    proptest! {
        #[test]
        fn a_mean_lies_between_the_worst_and_the_best(all in proptest::collection::vec(1_i64..=5, 1..60)) {
            let (count, sum) = (i64::try_from(all.len()).expect("few"), all.iter().sum::<i64>());
            let mean = mean_tenths(count, sum).expect("a mean");
            let (least, most) = (all.iter().min().expect("one") * 10, all.iter().max().expect("one") * 10);
            prop_assert!(least <= mean && mean <= most);
            prop_assert!((mean * count - sum * 10).abs() * 2 <= count);
            prop_assert_eq!(mean_tenths(0, 0), None);
        }
    }
}
