//! Our payment codes before readers that others wrote: zbar, at the 240 pixels of a small screen.

use ganh::domain::money::Money;
use ganh::domain::vietqr::{Transfer, encode};
use ganh::gateway::qr::{Caption, png, svg};
use image::imageops::FilterType;
use std::path::Path;
use std::process::Command;

const SMALL_PX: u32 = 240;

fn is_installed(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    assert!(found || std::env::var("CI").as_deref() != Ok("true"), "{tool} is not installed");
    if !found {
        println!("skipped: {tool} is not installed");
    }
    found
}

fn read_by_zbar(picture: &Path) -> String {
    let out = Command::new("zbarimg").args(["-q", "--raw", "--nodbus"]).arg(picture).output().expect("zbarimg");
    String::from_utf8(out.stdout).expect("text").trim_end().to_owned()
}

fn payloads() -> Vec<String> {
    let to = |bin: &str, account: &str| Transfer::to_account(bin, account);
    [
        to("970436", "1017595600").asking(Money(185_000)).saying("HT7K2M9QA"),
        to("970422", "V3CASLHRE4GFPY5").asking(Money(499_999_999)).saying("SEVQR HT7K2M9QA"),
        to("970446", "1234567890123456789").asking(Money(1)).saying("TKPABC HT7K2M9QA chuyen t"),
        Transfer::to_card("970403", "9704031101234567"),
        to("970405", "3900205123456"),
    ]
    .iter()
    .map(|transfer| encode(transfer).expect("within the limits"))
    .collect()
}

#[test]
fn the_picture_for_the_gallery_is_read_at_240_pixels() {
    if !is_installed("zbarimg") {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    for (number, payload) in payloads().iter().enumerate() {
        let drawn = image::load_from_memory(&png(payload, None).expect("drawn")).expect("a picture");
        let whole = folder.path().join(format!("{number}.png"));
        drawn.save(&whole).expect("saved");
        assert_eq!(read_by_zbar(&whole), *payload);
        let small = folder.path().join(format!("{number}-small.png"));
        drawn.resize(SMALL_PX, SMALL_PX, FilterType::Lanczos3).save(&small).expect("saved");
        assert_eq!(read_by_zbar(&small), *payload, "at {SMALL_PX} pixels");
    }
}

#[test]
fn the_picture_of_the_page_is_read_at_240_pixels() {
    if !is_installed("zbarimg") || !is_installed("rsvg-convert") {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    for (number, payload) in payloads().iter().enumerate() {
        let (drawn, small) = (folder.path().join(format!("{number}.svg")), folder.path().join(format!("{number}.png")));
        std::fs::write(&drawn, svg(payload, &Caption { title: "VietQR", ..Caption::default() }).expect("drawn"))
            .expect("saved");
        let done =
            Command::new("rsvg-convert").args(["-b", "white", "-w", "240", "-o"]).arg(&small).arg(&drawn).status();
        assert!(done.expect("rsvg-convert").success());
        assert_eq!(read_by_zbar(&small), *payload);
    }
}
