//! What guarded statements tell: whether a row moved, whether it is new.

/// What `insert_new` did: the row was put, or one of the same name stood there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Fresh,
    Seen,
}

impl Told {
    /// From the number of rows that an insertion put.
    pub const fn of_rows(rows: usize) -> Self {
        if rows == 0 { Told::Seen } else { Told::Fresh }
    }
}

/// What `mark_…` did: its guard (`WHERE state = from`) held, or no row was in that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Moved,
    NotThere,
}

impl Mark {
    /// From the number of rows that a guarded update touched.
    pub const fn of_rows(rows: usize) -> Self {
        if rows == 0 { Mark::NotThere } else { Mark::Moved }
    }

    pub const fn moved(self) -> bool {
        matches!(self, Mark::Moved)
    }
}
