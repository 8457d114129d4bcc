//! The languages of the market. Vietnamese comes first everywhere.

crate::word_enum! {
    /// The language in which a person reads.
    Lang { Vi = "vi", En = "en" }
}
