//! Bodies behind each provider's proof: the first byte says whose.
#![no_main]

#[path = "../questions.rs"]
#[allow(dead_code, reason = "each target asks one of them")]
mod questions;

libfuzzer_sys::fuzz_target!(|input: &[u8]| questions::bank(input));
