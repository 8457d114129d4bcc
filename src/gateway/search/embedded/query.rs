//! From what was typed to what is meant: readings × ladder → the first engine query that finds anything.

use super::super::error::SearchError;
use super::super::ladder::{LADDER, Last, Marks, Rung, SHORT_LADDER};
use super::super::words::{Word, query_words};
use super::fields::Fields;
use crate::domain::search::SearchQuery;
use crate::domain::text::query::letters_wrong;
use crate::domain::text::{fold::fold, synonym, telex};
use std::ops::Bound;
use tantivy::collector::Count;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur, Query, RangeQuery,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

/// A word in the name weighs so much more than elsewhere.
const NAME_BOOST: f32 = 3.0;
/// What a wrong letter or an unfinished word counts against a whole word's score.
const LOOSE_SCORE: f32 = 0.2;

/// One understanding of a query: its words, and the same said otherwise. Any of them will do, but another word only
/// where it begins a name: dứa is also thơm, yet fragrant rice (gạo thơm) is no pineapple.
type Reading = Vec<Vec<Word>>;

/// The query that found something, and how it was understood; empty when nothing was asked for.
pub struct Meant {
    pub query: Box<dyn Query>,
    pub reading: Reading,
    /// The words as raw keys were read, when that is what found something.
    pub decoded: Option<String>,
}

/// Climbs down until something is found. Nothing at all found: the last query, which finds nothing.
pub fn meant(searcher: &Searcher, fields: &Fields, asked: &SearchQuery) -> Result<Meant, SearchError> {
    let filters = filters(fields, asked);
    let words = query_words(&asked.q);
    if words.is_empty() {
        let nothing_asked = asked.q.trim().is_empty();
        let all: Box<dyn Query> = if nothing_asked { Box::new(AllQuery) } else { Box::new(EmptyQuery) };
        return Ok(Meant { query: all_of(vec![all], &filters), reading: Vec::new(), decoded: None });
    }
    // Words are dropped from the end, one at a time, as long as one is left.
    for kept in (1..=words.len()).rev() {
        let readings = readings(searcher, fields, words.get(..kept).unwrap_or_default());
        let rungs = if kept == words.len() { LADDER.as_slice() } else { SHORT_LADDER.as_slice() };
        for rung in rungs {
            for reading in &readings {
                // Without marks typed there are none to keep: the rung below is the same.
                if rung.marks == Marks::Kept && !reading.iter().flatten().any(Word::has_marks) {
                    continue;
                }
                let any = reading
                    .iter()
                    .zip(0_usize..)
                    .map(|(wording, place)| on_rung(fields, wording, *rung, place > 0))
                    .collect();
                let query = all_of(vec![any_of(any)], &filters);
                if searcher.search(&query, &Count)? > 0 {
                    return Ok(Meant { query, decoded: decoded(&words, reading), reading: reading.clone() });
                }
            }
        }
    }
    Ok(Meant { query: Box::new(EmptyQuery), reading: vec![words], decoded: None })
}

/// Whether a reading is the one made of raw keys.
fn decoded(typed: &[Word], reading: &Reading) -> Option<String> {
    let line = |words: &[Word]| words.iter().map(|word| word.typed.as_str()).collect::<Vec<_>>().join(" ");
    let read = line(reading.first()?);
    let kept = typed.get(..reading.first()?.len().min(typed.len()))?;
    telex::decode(&line(kept)).filter(|decoded| *decoded == read)
}

/// What was typed, then what may have been meant by it: run together («caibap»), apart («st 25»), raw keys («gaoj»).
fn readings(searcher: &Searcher, fields: &Fields, typed: &[Word]) -> Vec<Reading> {
    let known = |word: &str| searcher.doc_freq(&Term::from_field_text(fields.short, word)).unwrap_or(0) > 0;
    let line = typed.iter().map(|word| word.typed.as_str()).collect::<Vec<_>>().join(" ");
    let mut lines = vec![line.clone()];
    let split = typed.iter().map(|word| {
        two_words(&word.typed, known).filter(|_| !known(&word.folded)).unwrap_or_else(|| word.typed.clone())
    });
    lines.push(split.collect::<Vec<_>>().join(" "));
    for (left, right) in typed.iter().zip(typed.iter().skip(1)) {
        let together = format!("{}{}", left.typed, right.typed);
        if known(&fold(&together)) {
            lines.push(line.replacen(&format!("{} {}", left.typed, right.typed), &together, 1));
        }
    }
    lines.extend(telex::decode(&line));
    lines.dedup();
    let otherwise =
        |line: &String| synonym::alternatives(line).iter().map(|said| query_words(said)).collect::<Vec<_>>();
    let mut readings: Vec<Reading> =
        lines.iter().map(|line| std::iter::once(query_words(line)).chain(otherwise(line)).collect()).collect();
    // Last, another word wherever it stands: better than nothing.
    readings.extend(lines.iter().flat_map(otherwise).map(|wording| vec![wording]));
    readings
}

/// The cut of a word into two known ones, the longer first part preferred.
fn two_words(word: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    let cuts = word.char_indices().skip(2).map(|(at, _)| at).collect::<Vec<_>>();
    cuts.into_iter().rev().find_map(|at| {
        let (left, right) = word.split_at_checked(at)?;
        let both = [left, right].map(fold);
        let long_enough = both.iter().all(|part| part.chars().count() >= 2);
        (long_enough && both.iter().all(|part| known(part))).then(|| format!("{left} {right}"))
    })
}

fn all_of(mut must: Vec<Box<dyn Query>>, filters: &[Box<dyn Query>]) -> Box<dyn Query> {
    // Filters narrow and do not rank.
    must.extend(
        filters.iter().map(|filter| -> Box<dyn Query> { Box::new(ConstScoreQuery::new(filter.box_clone(), 0.0)) }),
    );
    Box::new(BooleanQuery::intersection(must))
}

fn filters(fields: &Fields, asked: &SearchQuery) -> Vec<Box<dyn Query>> {
    let wanted = [&asked.category, &asked.cooperative, &asked.commune, &asked.certificate];
    let mut filters: Vec<Box<dyn Query>> = fields
        .facets
        .iter()
        .zip(wanted)
        .filter_map(|(field, value)| {
            value.as_deref().filter(|value| !value.is_empty()).map(|value| term(*field, value))
        })
        .collect();
    if asked.min_price_vnd.is_some() || asked.max_price_vnd.is_some() {
        let bound = |price: Option<i64>| {
            price.map_or(Bound::Unbounded, |price| Bound::Included(Term::from_field_i64(fields.price, price)))
        };
        filters.push(Box::new(RangeQuery::new(bound(asked.min_price_vnd), bound(asked.max_price_vnd))));
    }
    filters
}

/// Every word on this rung; `begins_name`: and the first of them begins a name.
fn on_rung(fields: &Fields, words: &[Word], rung: Rung, begins_name: bool) -> Box<dyn Query> {
    let last = words.len().saturating_sub(1);
    let must = words.iter().enumerate().map(|(index, word)| {
        let beginning = rung.last == Last::Beginning && index == last;
        let mut any = vec![one_word(fields.short, fields.short_marked, word, rung.marks, beginning)];
        if rung.descriptions {
            any.push(one_word(fields.description, fields.description_marked, word, rung.marks, beginning));
        }
        (Occur::Must, any_of(any))
    });
    let named = words.iter().map(|word| {
        let boosted: Box<dyn Query> = Box::new(BoostQuery::new(term(fields.name, &word.folded), NAME_BOOST));
        (Occur::Should, boosted)
    });
    let first = words.first().filter(|_| begins_name).map(|word| {
        let spelled = if word.has_marks() { &word.marked } else { &word.folded };
        (Occur::Must, term(fields.starts, spelled))
    });
    Box::new(BooleanQuery::new(must.chain(named).chain(first).collect()))
}

fn one_word(folded: Field, marked: Field, word: &Word, marks: Marks, beginning: bool) -> Box<dyn Query> {
    let mut any: Vec<Box<dyn Query>> = Vec::new();
    if marks == Marks::Kept && word.has_marks() {
        any.push(term(marked, &word.marked));
        // A seller who writes without marks means any.
        any.push(term(marked, &word.folded));
        if beginning {
            any.push(begins(marked, &word.typed));
        }
    } else {
        any.push(term(folded, &word.folded));
        if beginning {
            any.push(begins(folded, &word.folded));
        }
    }
    let allowed = letters_wrong(&word.folded);
    if marks == Marks::Typos && allowed > 0 {
        let near = FuzzyTermQuery::new(Term::from_field_text(folded, &word.folded), allowed, true);
        any.push(Box::new(ConstScoreQuery::new(Box::new(near), LOOSE_SCORE)));
    }
    any_of(any)
}

fn any_of(mut any: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match (any.len(), any.pop()) {
        (1, Some(only)) => only,
        (_, last) => Box::new(BooleanQuery::union(any.into_iter().chain(last).collect())),
    }
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn begins(field: Field, text: &str) -> Box<dyn Query> {
    let prefix = FuzzyTermQuery::new_prefix(Term::from_field_text(field, text), 0, true);
    Box::new(ConstScoreQuery::new(Box::new(prefix), LOOSE_SCORE))
}
