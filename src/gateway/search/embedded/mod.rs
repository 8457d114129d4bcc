//! The engine inside: tantivy over folded text, one folder a process (or memory). Always there; never the truth.
//! Every call here blocks for a few milliseconds: `Search` carries them off the async threads.

mod facets;
mod fields;
mod query;

use super::document::Document;
use super::error::SearchError;
use super::ranking::{Shown, score};
use super::words::{Word, words};
use crate::domain::search::{SearchHit, SearchPage, SearchQuery, Sort};
use facets::FacetCounter;
use fields::{Fields, SHAPE};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::Query;
use tantivy::schema::{TantivyDocument, Value as _};
use tantivy::{DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, SegmentReader, Term};

/// How many of the best by the engine's own score are judged by ours.
const JUDGED: usize = 300;
/// What a synonym counts less than the word itself.
const SAID_OTHERWISE: i64 = 15;
/// No page reaches further than this.
const DEEPEST: usize = 10_000;
/// What the writer may hold in memory, bytes (tantivy asks for at least 15 MB).
const WRITER_BYTES: usize = 20_000_000;

fn open_writer(index: &Index) -> Result<IndexWriter, SearchError> {
    Ok(index.writer_with_num_threads(1, WRITER_BYTES)?)
}

/// The index of this process.
pub struct Embedded {
    index: Index,
    fields: Fields,
    reader: IndexReader,
    /// None after a failure: what was half put must not ride along with the next commit, so the writer is opened anew.
    writer: Mutex<Option<IndexWriter>>,
}

impl Embedded {
    /// An index in memory, empty.
    pub fn in_memory() -> Result<Self, SearchError> {
        let (schema, fields) = fields::schema();
        Self::around(Index::create_in_ram(schema), fields)
    }

    /// The index of a folder. What cannot be read, or has another shape, is begun anew with cursor 0.
    pub fn in_folder(folder: &Path) -> Result<Self, SearchError> {
        match Self::open(folder) {
            Ok(there) if there.shape_is_ours() => Ok(there),
            // Somebody else's lock is no reason to throw their index away.
            Err(SearchError::Engine(tantivy::TantivyError::LockFailure(error, text))) => {
                Err(tantivy::TantivyError::LockFailure(error, text).into())
            }
            _ => {
                if folder.exists() {
                    std::fs::remove_dir_all(folder)?;
                }
                Self::open(folder)
            }
        }
    }

    fn open(folder: &Path) -> Result<Self, SearchError> {
        std::fs::create_dir_all(folder)?;
        let (schema, fields) = fields::schema();
        let directory = tantivy::directory::MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        Self::around(Index::open_or_create(directory, schema)?, fields)
    }

    fn around(index: Index, fields: Fields) -> Result<Self, SearchError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writer = Mutex::new(Some(open_writer(&index)?));
        Ok(Self { index, fields, reader, writer })
    }

    fn payload(&self) -> Option<String> {
        self.index.load_metas().ok().and_then(|metas| metas.payload)
    }

    fn shape_is_ours(&self) -> bool {
        self.payload().is_none_or(|payload| payload.split_once(':').is_some_and(|(shape, _)| shape == SHAPE))
    }

    /// The last change that this index holds; 0 when it holds none. Kept in the commit itself, so a crash replays.
    pub fn cursor(&self) -> i64 {
        self.payload().and_then(|payload| payload.split_once(':')?.1.parse().ok()).unwrap_or(0)
    }

    /// Puts and deletes in one commit, and moves the cursor with it.
    pub fn apply(&self, documents: &[Document], deletes: &[String], cursor: i64) -> Result<(), SearchError> {
        self.commit(false, documents, deletes, cursor)
    }

    /// Replaces everything in one commit: a search before it sees the old, a search after it the new.
    pub fn rebuild(&self, documents: &[Document], cursor: i64) -> Result<(), SearchError> {
        self.commit(true, documents, &[], cursor)
    }

    fn commit(&self, anew: bool, documents: &[Document], deletes: &[String], cursor: i64) -> Result<(), SearchError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken out: a writer that fails or panics is dropped with all that it held, and lets go of the folder.
        let mut writer = match slot.take() {
            Some(writer) => writer,
            None => open_writer(&self.index)?,
        };
        self.write(&mut writer, anew, documents, deletes, cursor)?;
        *slot = Some(writer);
        self.reader.reload()?;
        Ok(())
    }

    fn write(
        &self,
        writer: &mut IndexWriter,
        anew: bool,
        documents: &[Document],
        deletes: &[String],
        cursor: i64,
    ) -> Result<(), SearchError> {
        if anew {
            writer.delete_all_documents()?;
        }
        for id in deletes {
            writer.delete_term(Term::from_field_text(self.fields.id, id));
        }
        for document in documents {
            // One by one, in order: of a product that comes twice, the later stays.
            writer.delete_term(Term::from_field_text(self.fields.id, &document.product_id));
            writer.add_document(self.fields.written(document))?;
        }
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&format!("{SHAPE}:{cursor}"));
        prepared.commit()?;
        Ok(())
    }

    /// Products in the index.
    pub fn count(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// One page of results.
    pub fn search(&self, query: &SearchQuery) -> Result<SearchPage, SearchError> {
        let searcher = self.reader.searcher();
        let meant = query::meant(&searcher, &self.fields, query)?;
        let (total, facets) = searcher.search(&meant.query, &(Count, FacetCounter))?;
        let wanted = Wanted::of(query);
        let found = if meant.reading.is_empty() || query.sort != Sort::Relevance {
            self.sorted(&searcher, &meant.query, query.sort, &wanted)?
        } else {
            self.best(&searcher, &meant.query, &meant.reading, &wanted)?
        };
        let hits = found.into_iter().map(|address| self.hit(&searcher, address)).collect::<Result<_, _>>()?;
        Ok(SearchPage { hits, total: u64::try_from(total).unwrap_or(u64::MAX), facets, decoded: meant.decoded })
    }

    fn hit(&self, searcher: &Searcher, address: DocAddress) -> Result<SearchHit, SearchError> {
        let document: TantivyDocument = searcher.doc(address)?;
        let text = |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        Ok(SearchHit { product_id: text(self.fields.id), slug: text(self.fields.slug) })
    }

    fn sorted(
        &self,
        searcher: &Searcher,
        query: &dyn Query,
        sort: Sort,
        wanted: &Wanted,
    ) -> Result<Vec<DocAddress>, SearchError> {
        if wanted.limit == 0 {
            return Ok(Vec::new());
        }
        let by =
            TopDocs::with_limit(wanted.limit).and_offset(wanted.offset).tweak_score(move |segment: &SegmentReader| {
                let column = |name: &str| segment.fast_fields().i64(name).ok();
                let (price, sold, updated, harvest) =
                    (column("price"), column("sold"), column("updated"), column("harvest"));
                let stock = segment.fast_fields().u64("stock").ok();
                move |doc, _score| {
                    let of = |column: &Option<tantivy::columnar::Column<i64>>, absent| {
                        column.as_ref().and_then(|column| column.first(doc)).unwrap_or(absent)
                    };
                    let stocked = stock.as_ref().and_then(|column| column.first(doc)).unwrap_or(0);
                    let first = match sort {
                        Sort::Relevance => i64::try_from(stocked.min(2)).unwrap_or(0),
                        Sort::PriceUp => of(&price, i64::MAX).saturating_neg(),
                        Sort::PriceDown => of(&price, i64::MIN),
                        Sort::Newest => of(&updated, i64::MIN),
                        Sort::Harvest => of(&harvest, i64::MAX).saturating_neg(),
                    };
                    (first, stocked, of(&sold, 0), of(&updated, 0))
                }
            });
        Ok(searcher.search(query, &by)?.into_iter().map(|(_, address)| address).collect())
    }

    /// The engine's best, the first `JUDGED` of them in our order.
    fn best(
        &self,
        searcher: &Searcher,
        query: &dyn Query,
        asked: &[Vec<Word>],
        wanted: &Wanted,
    ) -> Result<Vec<DocAddress>, SearchError> {
        if wanted.limit == 0 {
            return Ok(Vec::new());
        }
        let reach = JUDGED.max(wanted.offset.saturating_add(wanted.limit));
        let found = searcher.search(query, &TopDocs::with_limit(reach).order_by_score())?;
        let mut judged = Vec::with_capacity(found.len().min(JUDGED));
        for (_, address) in found.iter().take(JUDGED) {
            let document: TantivyDocument = searcher.doc(*address)?;
            let sold = document.get_first(self.fields.sold).and_then(|value| value.as_i64()).unwrap_or(0);
            let shown = self.shown(&document);
            // What was typed stands a little before what is only another name for it.
            let first = asked.first().map_or(0, |wording| score(wording, &shown));
            let others =
                asked.iter().skip(1).map(|wording| score(wording, &shown).saturating_sub(SAID_OTHERWISE)).max();
            judged.push((first.max(others.unwrap_or(0)), sold, *address));
        }
        judged.sort_by_key(|(points, sold, address)| (std::cmp::Reverse((*points, *sold)), *address));
        let rest = found.iter().skip(JUDGED).map(|(_, address)| *address);
        let ordered = judged.into_iter().map(|(.., address)| address).chain(rest);
        Ok(ordered.skip(wanted.offset).take(wanted.limit).collect())
    }

    fn shown(&self, document: &TantivyDocument) -> Shown {
        let all = |field| document.get_all(field).filter_map(|value| value.as_str().map(words)).collect::<Vec<_>>();
        Shown {
            name: all(self.fields.shown_name).into_iter().next().unwrap_or_default(),
            also: all(self.fields.shown_also),
            around: all(self.fields.shown_around),
            availability_rank: document.get_first(self.fields.stock).and_then(|value| value.as_u64()).unwrap_or(0),
        }
    }
}

/// Which of the results, in numbers that the engine takes.
struct Wanted {
    offset: usize,
    limit: usize,
}

impl Wanted {
    fn of(query: &SearchQuery) -> Self {
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let offset = size(query.offset());
        let limit = if offset >= DEEPEST { 0 } else { size(query.limit()) };
        Self { offset, limit }
    }
}

#[cfg(test)]
mod tests;
