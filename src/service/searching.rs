//! Searching: the index finds, the database tells. This process's index follows the change feed with its own cursor.

use super::browsing::{Card, cards_by_slug, cards_of};
use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::commune::{self, Commune};
use crate::domain::id::ProductId;
use crate::domain::product::{CooperativeState, ProductState};
use crate::domain::search::{Facets, SearchQuery};
use crate::domain::stock::StockWord;
use crate::domain::time::{At, Day};
use crate::gateway::search::Document;
use crate::store::product::Product;
use crate::store::{self, Conn};

/// Changes or products one round takes.
const ROUND: i64 = 400;

/// One page of products found.
#[derive(Debug, Clone)]
pub struct Found {
    pub cards: Vec<Card>,
    pub total: u64,
    pub facets: Facets,
}

/// Finds and browses. `to`: the commune that «giao đến» is about.
pub async fn search_products(kit: &Kit, query: &SearchQuery, to: Option<&'static Commune>) -> Result<Found, ServiceError> {
    let page = kit.search.search(query).await.map_err(ServiceError::broken)?;
    let slugs = page.hits.into_iter().map(|hit| hit.slug).collect();
    Ok(Found { cards: cards_by_slug(kit, slugs, to).await?, total: page.total, facets: page.facets })
}

/// Brings this process's index up to date with what has changed. Answers how many changes it took.
pub async fn follow_changes(kit: &Kit) -> Result<usize, ServiceError> {
    let (now, cursor) = (kit.now(), kit.search.cursor());
    let (taken, last, documents, gone) = kit
        .db
        .read(move |conn| {
            let changes = store::change::list_after(conn, cursor, ROUND)?;
            let last = changes.last().map_or(cursor, |change| change.id);
            let mut ids: Vec<ProductId> =
                changes.iter().filter(|change| change.topic == "product").filter_map(|change| change.key.parse().ok()).collect();
            for change in changes.iter().filter(|change| change.topic == "cooperative") {
                if let Ok(cooperative) = change.key.parse() {
                    ids.extend(store::product::list_own(conn, &cooperative)?.into_iter().map(|product| product.id));
                }
            }
            ids.sort();
            ids.dedup();
            let (documents, gone) = documents_of(conn, now, &ids)?;
            Ok::<_, ServiceError>((changes.len(), last, documents, gone))
        })
        .await?;
    if taken > 0 {
        kit.search.apply(documents, gone, last).await.map_err(ServiceError::broken)?;
    }
    Ok(taken)
}

/// Documents of those that the public may find, and the ids of those that it may not (or that are gone).
fn documents_of(conn: &mut Conn, now: At, ids: &[ProductId]) -> Result<(Vec<Document>, Vec<String>), ServiceError> {
    let mut documents = Vec::new();
    let mut gone: Vec<String> = ids.iter().map(ToString::to_string).collect();
    for chunk in ids.chunks(500) {
        let products = store::product::list_of(conn, chunk)?;
        let shown = products.into_iter().filter(|product| product.state == ProductState::Published).collect();
        documents.extend(shown_documents(conn, now, shown)?);
    }
    gone.retain(|id| !documents.iter().any(|document| document.product_id == *id));
    Ok((documents, gone))
}

fn shown_documents(conn: &mut Conn, now: At, products: Vec<Product>) -> Result<Vec<Document>, ServiceError> {
    let cards = cards_of(conn, now, products, None)?;
    let open = |card: &&Card| matches!(card.cooperative.state, CooperativeState::Open | CooperativeState::Paused);
    Ok(cards.iter().filter(open).map(|card| document_of(card, now.day())).collect())
}

fn document_of(card: &Card, today: Day) -> Document {
    let (product, cooperative) = (&card.product, &card.cooperative);
    let commune = commune::find(&cooperative.commune_code);
    let mut places: Vec<String> = commune.map(|commune| commune.name.clone()).into_iter().collect();
    places.extend(commune::old_names(&cooperative.commune_code).into_iter().map(str::to_owned));
    let epoch = At::from_unix_seconds(0).day();
    Document {
        product_id: product.id.to_string(),
        slug: product.slug.clone(),
        name: product.name.clone(),
        also_called: product.also_called.lines().map(str::to_owned).collect(),
        category: product.category.as_text().to_owned(),
        category_name: String::new(),
        cooperative: cooperative.slug.clone(),
        cooperative_name: cooperative.name.clone(),
        commune: cooperative.commune_code.clone(),
        places,
        certificates: card.certificate_kinds().iter().map(|kind| kind.as_text().to_owned()).collect(),
        description: product.description.clone(),
        price_vnd: card.offer.as_ref().map_or(0, |offer| offer.price_vnd.vnd()),
        availability_rank: match card.stock {
            StockWord::SoldOut => 0,
            StockWord::FewLeft => 1,
            StockWord::InStock => 2,
        },
        sold_rank: card.made_on.map_or(0, |day| 365_i64.saturating_sub(today.days_since(day)).max(0)),
        updated_at_s: product.updated_at.unix_seconds(),
        harvest_day: product.next_harvest_day.or(card.made_on).map(|day| day.days_since(epoch)),
    }
}

/// Builds the index anew from the database: what `ganh reindex` and a fresh folder do. Answers how many products stand in it.
pub async fn rebuild_index(kit: &Kit) -> Result<usize, ServiceError> {
    let now = kit.now();
    // The cursor is read first: what changes meanwhile is taken again by `follow_changes`.
    let cursor = kit.db.read(|conn| Ok::<_, ServiceError>(store::change::last_id(conn)?)).await?;
    let mut documents = Vec::new();
    let mut after: Option<ProductId> = None;
    loop {
        let from = after.clone();
        let (chunk, last) = kit
            .db
            .read(move |conn| {
                let products = store::product::list_published_after(conn, from.as_ref(), ROUND)?;
                let last = products.last().map(|product| product.id.clone());
                Ok::<_, ServiceError>((shown_documents(conn, now, products)?, last))
            })
            .await?;
        documents.extend(chunk);
        match last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    let count = documents.len();
    kit.search.rebuild_meilisearch(&documents).await.map_err(ServiceError::broken)?;
    kit.search.rebuild(documents, cursor).await.map_err(ServiceError::broken)?;
    Ok(count)
}
