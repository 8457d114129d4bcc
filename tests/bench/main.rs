//! How fast the program is, beside the plain way of doing the same. Run by hand: `cargo test --test bench`, better with
//! `--release`. `GANH_BENCH_FOLDER` names a folder on the disk to measure; a file system in memory would flatter.

mod group_commit;

fn main() {
    // The harness's own arguments (`--list`, filters) mean nothing here.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    group_commit::run();
}

/// The middle of what was measured.
fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f64::NAN)
}
