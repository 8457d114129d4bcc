//! What the first page of the market leads with today: what is in season, what came in last, what is nearly gone, and
//! who sells. A few dozen cards, however large the market.

use super::browsing::{Card, cards_by_id, cards_in, is_on_market};
use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::commune::Commune;
use crate::domain::id::ProductId;
use crate::domain::search::{FacetCount, SearchQuery};
use crate::domain::stock::StockWord;
use crate::domain::time::Day;
use crate::store;
use crate::store::cooperative::Cooperative;
use std::collections::HashMap;

/// Cards from which the first page chooses.
const CANDIDATES: u32 = 96;
const MOST_LEADS: usize = 8;
const MOST_FRESH: usize = 8;
const MOST_FEW: usize = 4;
const MOST_COOPERATIVES: usize = 6;
/// Cards of one cooperative in one row, so that no single one fills the page.
const OF_ONE: usize = 2;

/// The first page.
#[derive(Debug, Clone)]
pub struct Greeting {
    /// Its time of the year is now, and there is some.
    pub in_season: Vec<Card>,
    /// Harvested last, not shown above.
    pub fresh: Vec<Card>,
    pub few_left: Vec<Card>,
    pub cooperatives: Vec<Seller>,
    /// Category and commune with how many goods each has.
    pub categories: Vec<FacetCount>,
    pub communes: Vec<FacetCount>,
    /// Goods in the market, what is sold out included.
    pub total: u64,
}

/// A cooperative with the most goods to be had now.
#[derive(Debug, Clone)]
pub struct Seller {
    pub cooperative: Cooperative,
    pub goods: u64,
    pub freshest: Option<Day>,
}

/// What the first page shows. `to`: the commune that «giao đến» is about.
pub async fn greet(kit: &Kit, to: Option<&'static Commune>) -> Result<Greeting, ServiceError> {
    let query = SearchQuery { per_page: CANDIDATES, ..SearchQuery::default() };
    let page = kit.search.search(&query).await.map_err(ServiceError::broken)?;
    let ids: Vec<ProductId> = page.hits.iter().filter_map(|hit| hit.product_id.parse().ok()).collect();
    let mut cards = cards_by_id(kit, ids, to).await?;
    cards.retain(|card| card.stock != StockWord::SoldOut && card.is_open());
    let counts = |name: &str| page.facets.get(name).cloned().unwrap_or_default();
    let today = kit.now().day();
    let in_season = row(&mut cards, MOST_LEADS, |card| card.is_in_season(today));
    let fresh = row(&mut cards, MOST_FRESH, |card| card.made_on.is_some());
    let shown: Vec<ProductId> = in_season.iter().chain(&fresh).map(|card| card.product.id.clone()).collect();
    let (few_left, cooperatives) = nearly_gone_and_sellers(kit, shown, counts("cooperative"), to).await?;
    let freshest = |seller: &Cooperative| {
        let theirs = in_season.iter().chain(&fresh).chain(&cards).filter(|card| card.cooperative.id == seller.id);
        theirs.filter_map(|card| card.made_on).max()
    };
    let mut cooperatives: Vec<Seller> = cooperatives
        .into_iter()
        .map(|(cooperative, goods)| Seller { freshest: freshest(&cooperative), cooperative, goods })
        .collect();
    cooperatives.sort_by_key(|seller| std::cmp::Reverse((seller.freshest, seller.goods)));
    cooperatives.truncate(MOST_COOPERATIVES);
    Ok(Greeting {
        in_season,
        fresh,
        few_left,
        cooperatives,
        categories: counts("category"),
        communes: counts("commune"),
        total: page.total,
    })
}

/// Takes the first cards that fit out of the rest.
fn row(cards: &mut Vec<Card>, most: usize, fits: impl Fn(&Card) -> bool) -> Vec<Card> {
    let mut taken: Vec<Card> = Vec::new();
    let mut of_one: HashMap<String, usize> = HashMap::new();
    cards.retain(|card| {
        let seen = of_one.entry(card.cooperative.slug.clone()).or_default();
        let is_taken = taken.len() < most && *seen < OF_ONE && fits(card);
        if is_taken {
            *seen = seen.saturating_add(1);
            taken.push(card.clone());
        }
        !is_taken
    });
    taken
}

type Counted = Vec<(Cooperative, u64)>;

async fn nearly_gone_and_sellers(
    kit: &Kit,
    shown: Vec<ProductId>,
    counts: Vec<FacetCount>,
    to: Option<&'static Commune>,
) -> Result<(Vec<Card>, Counted), ServiceError> {
    let now = kit.now();
    kit.db
        .read(move |conn| {
            let mut ids = store::lot::list_nearly_gone(conn, now.day(), 40)?;
            ids.retain(|id| !shown.contains(id));
            let mut few = cards_in(conn, now, &ids, to)?;
            few.retain(|card| card.stock == StockWord::FewLeft && card.is_open());
            let count_of = |slug: &str| counts.iter().find(|count| count.value == slug).map_or(0, |count| count.count);
            let all = store::cooperative::list(conn)?.into_iter().filter(is_on_market);
            let sellers =
                all.map(|cooperative| (count_of(&cooperative.slug), cooperative)).filter(|(count, _)| *count > 0);
            Ok::<_, ServiceError>((
                row(&mut few, MOST_FEW, |_| true),
                sellers.map(|(count, row)| (row, count)).collect(),
            ))
        })
        .await
}
