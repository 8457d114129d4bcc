//! Vietnam's banks and wallets by BIN, from the table embedded in the program. Keyed on BIN, never on a short code: lists
//! disagree about codes (`BVB` is BaoViet in one and Bản Việt in another). Knows no account.

use std::sync::LazyLock;

/// One row of `assets/data/banks.csv`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Bank {
    /// Six digits.
    pub bin: String,
    /// vietqr.io's code, for reading only.
    pub code: String,
    /// As people call it: `Vietcombank`.
    pub short_name: String,
    pub name: String,
    /// 1 when the bank's own app can pay by scanning. Says nothing about receiving: never a reason to refuse an account.
    vietqr_supported: u8,
}

impl Bank {
    /// Whether this bank's own app can pay by scanning a VietQR.
    pub const fn pays_by_scanning(&self) -> bool {
        self.vietqr_supported == 1
    }
}

static BANKS: LazyLock<Vec<Bank>> = LazyLock::new(|| {
    let table = include_str!("../../assets/data/banks.csv");
    let mut banks: Vec<Bank> = csv::Reader::from_reader(table.as_bytes()).deserialize().flatten().collect();
    banks.sort_by(|a, b| a.bin.cmp(&b.bin));
    banks
});

/// All banks, by BIN.
pub fn all() -> &'static [Bank] {
    &BANKS
}

/// The bank of a BIN.
pub fn find(bin: &str) -> Option<&'static Bank> {
    let place = BANKS.binary_search_by(|bank| bank.bin.as_str().cmp(bin)).ok()?;
    BANKS.get(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        assert_eq!(all().len(), include_str!("../../assets/data/banks.csv").lines().count() - 1);
        assert!(all().iter().all(|bank| bank.bin.len() == 6 && !bank.short_name.is_empty()));
        assert_eq!(all().iter().filter(|bank| bank.pays_by_scanning()).count(), 43);
        assert!(all().windows(2).all(|pair| pair[0].bin < pair[1].bin), "a BIN stands twice");
    }

    #[test]
    fn banks_are_found_by_bin() {
        assert_eq!(find("970436").map(|bank| bank.short_name.as_str()), Some("Vietcombank"));
        assert_eq!(find("970405").map(|bank| bank.short_name.as_str()), Some("Agribank"));
        assert_eq!(find("000000"), None);
        assert_eq!(find(""), None);
    }
}
