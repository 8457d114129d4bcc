//! The ladder: how strictly a query is meant, from the strictest reading down. The first rung that finds anything
//! is the answer, so totals and facets count what was meant and not what merely resembles it.

/// How the last word may be finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    Whole,
    /// It may be the beginning of a longer word.
    Beginning,
}

/// How each word is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Typed with marks, so these marks (or a text that has none at all).
    Kept,
    /// Marks do not matter.
    Dropped,
    /// Nor does a wrong letter, two in a long word.
    Typos,
}

/// One rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    pub marks: Marks,
    pub last: Last,
    /// Whether descriptions count. Names are asked first: a word in passing is not a product.
    pub descriptions: bool,
}

const fn rung(marks: Marks, last: Last, descriptions: bool) -> Rung {
    Rung { marks, last, descriptions }
}

/// The rungs for a query as it stands.
pub const LADDER: [Rung; 8] = [
    rung(Marks::Kept, Last::Whole, false),
    rung(Marks::Kept, Last::Beginning, false),
    rung(Marks::Dropped, Last::Whole, false),
    rung(Marks::Kept, Last::Whole, true),
    rung(Marks::Dropped, Last::Beginning, false),
    rung(Marks::Dropped, Last::Whole, true),
    rung(Marks::Typos, Last::Whole, false),
    rung(Marks::Dropped, Last::Beginning, true),
];

/// The rungs for what is left of it when its last words are dropped: few, since there may be ten words.
pub const SHORT_LADDER: [Rung; 3] = [
    rung(Marks::Kept, Last::Whole, false),
    rung(Marks::Dropped, Last::Whole, false),
    rung(Marks::Typos, Last::Whole, false),
];
