//! Searching: the index finds, the database tells. Each serving process keeps an index of its own, which follows the
//! change feed with its own cursor; Meilisearch, where there is one, is fed once for all of them, by the worker.

use super::browsing::{Card, cards_by_id, cards_of, is_shown};
use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::commune::{self, Commune};
use crate::domain::id::ProductId;
use crate::domain::search::{Facets, SearchQuery};
use crate::domain::stock::StockWord;
use crate::domain::time::At;
use crate::gateway::search::Document;
use crate::store::market_info::MEILISEARCH_CURSOR;
use crate::store::product::Product;
use crate::store::{self, Conn};

/// Changes or products one round takes.
const ROUND: i64 = 400;
/// The topic by which every serving process is told to build its index anew.
const INDEX: &str = "index";

/// One page of products found.
#[derive(Debug, Clone)]
pub struct Found {
    pub cards: Vec<Card>,
    pub total: u64,
    pub facets: Facets,
    /// «Tìm: gạo nếp», when raw keys were read so.
    pub decoded: Option<String>,
}

/// Finds and browses. `to`: the commune that «giao đến» is about.
pub async fn search_products(
    kit: &Kit,
    query: &SearchQuery,
    to: Option<&'static Commune>,
) -> Result<Found, ServiceError> {
    let page = kit.search.search(query).await.map_err(ServiceError::broken)?;
    let ids = page.hits.into_iter().filter_map(|hit| hit.product_id.parse().ok()).collect();
    Ok(Found { cards: cards_by_id(kit, ids, to).await?, total: page.total, facets: page.facets, decoded: page.decoded })
}

/// Before the first page: an index that is empty, or that knows changes which this database never had (it was restored,
/// or is another one), is built anew. Answers how many products were built in.
pub async fn prepare_index(kit: &Kit) -> Result<usize, ServiceError> {
    let (cursor, last) = (kit.search.cursor(), last_change(kit).await?);
    if cursor > 0 && cursor <= last { Ok(0) } else { build_index(kit).await }
}

async fn last_change(kit: &Kit) -> Result<i64, ServiceError> {
    kit.db.read(|conn| Ok::<_, ServiceError>(store::change::last_id(conn)?)).await
}

/// Brings this process's index up to date with what has changed. Answers how many changes it took.
pub async fn follow_changes(kit: &Kit) -> Result<usize, ServiceError> {
    let (now, cursor) = (kit.now(), kit.search.cursor());
    let news = kit.db.read(move |conn| news_after(conn, now, cursor, true)).await?;
    if news.taken == 0 {
        return Ok(0);
    }
    if news.is_anew {
        build_index(kit).await?;
    } else {
        kit.search.apply(news.documents, news.gone, news.last).await.map_err(ServiceError::broken)?;
    }
    // Pages of results made before this commit showed the index as it was; and what another process wrote is news here.
    kit.db.raise_generation();
    Ok(news.taken)
}

struct News {
    taken: usize,
    last: i64,
    is_anew: bool,
    documents: Vec<Document>,
    gone: Vec<String>,
}

/// `heeds_index`: whether being told to build anew is news.
fn news_after(conn: &mut Conn, now: At, cursor: i64, heeds_index: bool) -> Result<News, ServiceError> {
    let changes = store::change::list_after(conn, cursor, ROUND)?;
    let last = changes.last().map_or(cursor, |change| change.id);
    let of = |topic: &'static str| changes.iter().filter(move |change| change.topic == topic);
    let mut ids: Vec<ProductId> = of("product").filter_map(|change| change.key.parse().ok()).collect();
    for change in of("cooperative") {
        if let Ok(cooperative) = change.key.parse() {
            ids.extend(store::product::list_own(conn, &cooperative)?.into_iter().map(|product| product.id));
        }
    }
    ids.sort();
    ids.dedup();
    let is_anew = heeds_index && of(INDEX).next().is_some();
    let (documents, gone) = if is_anew { (Vec::new(), Vec::new()) } else { documents_of(conn, now, &ids)? };
    Ok(News { taken: changes.len(), last, is_anew, documents, gone })
}

/// Documents of those that the public may find, and the ids of those that it may not (or that are gone).
fn documents_of(conn: &mut Conn, now: At, ids: &[ProductId]) -> Result<(Vec<Document>, Vec<String>), ServiceError> {
    let mut documents = Vec::new();
    for chunk in ids.chunks(500) {
        let products = store::product::list_of(conn, chunk)?;
        documents.extend(shown_documents(conn, now, products)?);
    }
    let mut gone: Vec<String> = ids.iter().map(ToString::to_string).collect();
    gone.retain(|id| !documents.iter().any(|document: &Document| document.product_id == *id));
    Ok((documents, gone))
}

fn shown_documents(conn: &mut Conn, now: At, products: Vec<Product>) -> Result<Vec<Document>, ServiceError> {
    let cards = cards_of(conn, now, products, None)?;
    let shown = cards.iter().filter(|card| is_shown(&card.product, &card.cooperative));
    Ok(shown.map(document_of).collect())
}

fn document_of(card: &Card) -> Document {
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
        // A label like «Gạo, nếp, hạt» would make every grain a glutinous rice.
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
        // The freshest first. Days since 1970, not days ago: documents are written on different days.
        sold_rank: card.made_on.map_or(0, |day| day.days_since(epoch)),
        updated_at_s: product.updated_at.unix_seconds(),
        harvest_day: product.next_harvest_day.or(card.made_on).map(|day| day.days_since(epoch)),
    }
}

/// Builds this process's index anew beside the old and puts it in its place. Answers how many products stand in it.
async fn build_index(kit: &Kit) -> Result<usize, ServiceError> {
    // The cursor is read first: what changes meanwhile is taken again by `follow_changes`.
    let cursor = last_change(kit).await?;
    let documents = all_documents(kit).await?;
    let count = documents.len();
    kit.search.rebuild(documents, cursor).await.map_err(ServiceError::broken)?;
    Ok(count)
}

async fn all_documents(kit: &Kit) -> Result<Vec<Document>, ServiceError> {
    let now = kit.now();
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
            None => return Ok(documents),
        }
    }
}

/// Puts what has changed into Meilisearch; the first time, everything. The cursor lies in the database and moves after
/// the server has it, so a server that was down, or a worker that died, costs a repetition and nothing else. Answers how
/// many changes it took; none without a Meilisearch.
pub async fn feed_meilisearch(kit: &Kit) -> Result<usize, ServiceError> {
    if !kit.search.has_meilisearch() {
        return Ok(0);
    }
    let now = kit.now();
    let found = kit
        .db
        .read(move |conn| {
            let cursor = store::market_info::find(conn, MEILISEARCH_CURSOR)?.and_then(|text| text.parse::<i64>().ok());
            let last = store::change::last_id(conn)?;
            // A cursor beyond the feed is another database's.
            let cursor = cursor.filter(|cursor| *cursor <= last);
            cursor.map(|cursor| news_after(conn, now, cursor, false)).transpose()
        })
        .await?;
    let Some(news) = found else { return fill_meilisearch(kit).await };
    if news.taken == 0 {
        return Ok(0);
    }
    if !news.documents.is_empty() {
        kit.search.put(&news.documents).await.map_err(ServiceError::broken)?;
    }
    if !news.gone.is_empty() {
        kit.search.delete(&news.gone).await.map_err(ServiceError::broken)?;
    }
    put_cursor(kit, news.last).await?;
    Ok(news.taken)
}

async fn fill_meilisearch(kit: &Kit) -> Result<usize, ServiceError> {
    // Read first: what changes meanwhile is fed again.
    let cursor = last_change(kit).await?;
    let documents = all_documents(kit).await?;
    kit.search.rebuild_meilisearch(&documents).await.map_err(ServiceError::broken)?;
    put_cursor(kit, cursor).await?;
    Ok(documents.len())
}

async fn put_cursor(kit: &Kit, cursor: i64) -> Result<(), ServiceError> {
    let put = move |conn: &mut Conn| {
        Ok::<_, ServiceError>(store::market_info::put(conn, MEILISEARCH_CURSOR, &cursor.to_string())?)
    };
    kit.db.write(put).await
}

/// What `ganh reindex` does: Meilisearch's index is built beside the old one and swapped, and every serving process is
/// told through the feed to build its own anew, which no search notices. Answers how many products there are to find.
pub async fn rebuild_index(kit: &Kit) -> Result<usize, ServiceError> {
    let count =
        if kit.search.has_meilisearch() { fill_meilisearch(kit).await? } else { all_documents(kit).await?.len() };
    let now = kit.now();
    kit.db.write(move |conn| Ok::<_, ServiceError>(store::change::insert(conn, INDEX, "all", now)?)).await?;
    Ok(count)
}
