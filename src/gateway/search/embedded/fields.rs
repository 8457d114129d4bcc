//! The shape of the index and how a document is written into it.

use super::super::document::Document;
use super::super::words::words;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TantivyDocument, TextFieldIndexing, TextOptions,
};

/// Raised when the shape changes: an index of another shape is built anew.
pub const SHAPE: &str = "v2";

/// The fields by what they are for.
#[derive(Clone)]
pub struct Fields {
    pub id: Field,
    pub slug: Field,
    /// Folded syllables: of the name, of everything short, of the description.
    pub name: Field,
    pub short: Field,
    pub description: Field,
    /// Syllables with their marks: of everything short, of the description.
    pub short_marked: Field,
    pub description_marked: Field,
    /// The first word of the name and of each other name, with marks and without.
    pub starts: Field,
    /// As written, to be judged.
    pub shown_name: Field,
    pub shown_also: Field,
    pub shown_around: Field,
    /// In the order of `domain::search::FACETS`.
    pub facets: [Field; 4],
    pub price: Field,
    pub stock: Field,
    pub sold: Field,
    pub updated: Field,
    pub harvest: Field,
}

/// The shape.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    // The text comes folded and cut: the engine only splits at spaces.
    let indexing =
        TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(IndexRecordOption::WithFreqs);
    let text = TextOptions::default().set_indexing_options(indexing);
    let facet = STRING | FAST;
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        slug: builder.add_text_field("slug", STORED),
        name: builder.add_text_field("name", text.clone()),
        short: builder.add_text_field("short", text.clone()),
        description: builder.add_text_field("description", text.clone()),
        short_marked: builder.add_text_field("short_marked", text.clone()),
        description_marked: builder.add_text_field("description_marked", text.clone()),
        starts: builder.add_text_field("starts", text),
        shown_name: builder.add_text_field("shown_name", STORED),
        shown_also: builder.add_text_field("shown_also", STORED),
        shown_around: builder.add_text_field("shown_around", STORED),
        facets: [
            builder.add_text_field("category", facet.clone()),
            builder.add_text_field("cooperative", facet.clone()),
            builder.add_text_field("commune", facet.clone()),
            builder.add_text_field("certificate", facet),
        ],
        price: builder.add_i64_field("price", INDEXED | FAST),
        stock: builder.add_u64_field("stock", FAST | STORED),
        sold: builder.add_i64_field("sold", FAST | STORED),
        updated: builder.add_i64_field("updated", FAST),
        harvest: builder.add_i64_field("harvest", FAST),
    };
    (builder.build(), fields)
}

impl Fields {
    /// A document as the engine keeps it.
    pub fn written(&self, document: &Document) -> TantivyDocument {
        let mut out = TantivyDocument::default();
        out.add_text(self.id, &document.product_id);
        out.add_text(self.slug, &document.slug);
        out.add_text(self.shown_name, &document.name);
        let around = [&document.category_name, &document.cooperative_name].into_iter().chain(&document.places);
        let mut short = String::from(&document.name);
        for also in &document.also_called {
            out.add_text(self.shown_also, also);
            push(&mut short, also);
        }
        for text in around {
            out.add_text(self.shown_around, text);
            push(&mut short, text);
        }
        out.add_text(self.name, folded(&document.name));
        out.add_text(self.short, folded(&short));
        out.add_text(self.short_marked, marked(&short));
        let names = std::iter::once(&document.name).chain(&document.also_called);
        let firsts = names.filter_map(|name| words(name).into_iter().next());
        out.add_text(
            self.starts,
            firsts.map(|word| format!("{} {}", word.marked, word.folded)).collect::<Vec<_>>().join(" "),
        );
        out.add_text(self.description, folded(&document.description));
        out.add_text(self.description_marked, marked(&document.description));
        let [category, cooperative, commune, certificate] = self.facets;
        out.add_text(category, &document.category);
        out.add_text(cooperative, &document.cooperative);
        out.add_text(commune, &document.commune);
        for kind in &document.certificates {
            out.add_text(certificate, kind);
        }
        out.add_i64(self.price, document.price_vnd);
        out.add_u64(self.stock, document.availability_rank);
        out.add_i64(self.sold, document.sold_rank);
        out.add_i64(self.updated, document.updated_at_s);
        if let Some(day) = document.harvest_day {
            out.add_i64(self.harvest, day);
        }
        out
    }
}

fn push(text: &mut String, more: &str) {
    text.push(' ');
    text.push_str(more);
}

fn folded(text: &str) -> String {
    words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}

/// Both spellings that are asked for: the tone at the end (whole words) and as written (beginnings).
fn marked(text: &str) -> String {
    let mut out = String::new();
    for word in words(text) {
        push(&mut out, &word.marked);
        if word.typed != word.marked {
            push(&mut out, &word.typed);
        }
    }
    out
}
