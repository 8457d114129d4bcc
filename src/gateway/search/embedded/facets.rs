//! Counts the facets of everything found, in one pass beside the other collectors.

use crate::domain::search::{FACETS, FacetCount, Facets};
use std::collections::BTreeMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// How many values of a facet are told, the most frequent first.
const VALUES_MOST: usize = 100;

/// Counts the values of every facet.
pub struct FacetCounter;

type Counts = BTreeMap<(&'static str, String), u64>;

/// The columns of one segment, with a count for each value by its number.
pub struct SegmentCounter(Vec<(&'static str, StrColumn, Vec<u64>)>);

impl Collector for FacetCounter {
    type Fruit = Facets;
    type Child = SegmentCounter;

    fn for_segment(&self, _ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let mut columns = Vec::with_capacity(FACETS.len());
        for name in FACETS {
            // A segment in which nobody has a certificate has no such column.
            if let Some(column) = segment.fast_fields().str(name)? {
                let counts = vec![0; column.num_terms()];
                columns.push((name, column, counts));
            }
        }
        Ok(SegmentCounter(columns))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Counts>) -> tantivy::Result<Facets> {
        let mut sums = Counts::new();
        for ((name, value), count) in segments.into_iter().flatten() {
            let sum = sums.entry((name, value)).or_default();
            *sum = sum.saturating_add(count);
        }
        let mut facets: Facets = FACETS.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
        for ((name, value), count) in sums {
            facets.entry(name.to_owned()).or_default().push(FacetCount { value, count });
        }
        for values in facets.values_mut() {
            values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            values.truncate(VALUES_MOST);
        }
        Ok(facets)
    }
}

impl SegmentCollector for SegmentCounter {
    type Fruit = Counts;

    fn collect(&mut self, doc: DocId, _score: Score) {
        for (_, column, counts) in &mut self.0 {
            for number in column.term_ords(doc) {
                if let Some(count) = usize::try_from(number).ok().and_then(|number| counts.get_mut(number)) {
                    *count = count.saturating_add(1);
                }
            }
        }
    }

    fn harvest(self) -> Counts {
        let mut sums = Counts::new();
        for (name, column, counts) in self.0 {
            for (number, count) in (0_u64..).zip(counts).filter(|(_, count)| *count > 0) {
                let mut value = String::new();
                if column.ord_to_str(number, &mut value).unwrap_or(false) {
                    sums.insert((name, value), count);
                }
            }
        }
        sums
    }
}
