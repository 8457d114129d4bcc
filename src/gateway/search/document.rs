//! What the engines know of one product. The database is the truth; this is a copy made for finding.

/// One product as it is indexed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    pub product_id: String,
    pub slug: String,
    pub name: String,
    /// What people also call it.
    pub also_called: Vec<String>,
    /// Slug and name.
    pub category: String,
    pub category_name: String,
    /// Slug and name.
    pub cooperative: String,
    pub cooperative_name: String,
    /// Official code.
    pub commune: String,
    /// Today's name, then the names that people still use for its parts.
    pub places: Vec<String>,
    /// Kinds of certificate in force.
    pub certificates: Vec<String>,
    pub description: String,
    /// Of its first offer.
    pub price_vnd: i64,
    /// 0 sold out, 1 few left, 2 in stock.
    pub availability_rank: u64,
    /// How well it sells; larger is better.
    pub sold_rank: i64,
    /// When it was listed or last changed, unix seconds.
    pub updated_at_s: i64,
    /// Days since 1970 of its next harvest; none when unknown.
    pub harvest_day: Option<i64>,
}
