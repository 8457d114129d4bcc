//! How fast the program is, beside the plain way of doing the same. Run by hand: `cargo test --test bench [webhooks]`, better
//! with `--release`. `GANH_BENCH_FOLDER` names a folder on the disk to measure; a file system in memory would flatter (`TMPDIR`
//! for the webhooks).

mod group_commit;
#[path = "../it/kit/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the kit of the tests holds more than a bench takes from it")]
mod kit;
mod orders;
mod webhooks;

use std::time::Duration;

fn main() {
    let (options, wanted): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    if options.iter().any(|option| option == "--list") {
        return;
    }
    // As the test harness does: words choose what runs.
    let benches: [(&str, fn()); 3] =
        [("group_commit", group_commit::run), ("webhooks", webhooks::run), ("orders", orders::run)];
    for (name, run) in benches {
        if wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str())) {
            run();
        }
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "counts of a bench are small")]
fn per_second(count: usize, span: Duration) -> f64 {
    count as f64 / span.as_secs_f64()
}

/// The middle of what was measured.
fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f64::NAN)
}
