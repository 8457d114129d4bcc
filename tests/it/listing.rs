//! Goods come to market: a photo without what it betrays, a price, a lot with its day; and what happens to a lot beside orders,
//! whatever meets it. After each test every invariant is checked.

use crate::kit::TestDb;
use crate::kit::app::{Actor, Answer, TestApp, refusals};
use crate::kit::bank::{Coop, Goods, checkout, coop, goods, order, place, seller};
use crate::on_both_engines;
use ganh::domain::account::MemberRole;
use ganh::domain::money::Money;
use ganh::domain::product::Category;
use ganh::domain::quantity::{Base, BaseUnit};
use ganh::domain::stock::{LotKind, MovementKind};
use ganh::domain::trace::{Step, WordOf};
use ganh::gateway::media::{PICTURE_LIMITS, WIDTHS};
use ganh::service::error::ServiceError;
use ganh::service::kit::Kit;
use ganh::service::listing::{self, LotAct, LotSaid, ProductSaid};
use ganh::service::{goods_view, verifying};
use ganh::store;
use image::{DynamicImage, ImageEncoder as _, codecs::jpeg::JpegEncoder};

/// A photo as a phone takes it: sideways, and telling where it was taken.
pub fn photo(width_px: u32, height_px: u32) -> Vec<u8> {
    let pixels =
        image::RgbImage::from_fn(width_px, height_px, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    // One entry, orientation 1, and after it what nobody should learn.
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS 20.6464N 106.0511E nha ba Ban");
    encoder.set_exif_metadata(exif).expect("room for it");
    DynamicImage::ImageRgb8(pixels).write_with_encoder(encoder).expect("a photo");
    assert!(bytes.windows(4).any(|part| part == b"GPS "), "the photo betrays its place");
    bytes
}

/// A form with a file in it, as a browser sends it.
pub async fn upload(actor: &Actor, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let mut body = Vec::new();
    let csrf = actor.csrf().await;
    for (name, value) in [[("csrf", csrf.as_str())].as_slice(), fields].concat() {
        body.extend_from_slice(
            format!("--dau\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    body.extend_from_slice(b"--dau\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"IMG.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n");
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--dau--\r\n");
    let request = actor.request("POST", path).header("sec-fetch-site", "same-origin");
    actor.send(request.header("content-type", "multipart/form-data; boundary=dau").body(body)).await
}

const QUICK: [(&str, &str); 6] = [
    ("name", "Ổi lê Tân Hưng"),
    ("category", "fruit"),
    ("price", "25.000"),
    ("quantity", "12,5"),
    ("made_on", "2026-11-22"),
    ("place", "Vườn sau đê"),
];

async fn open(db: &TestDb) -> (TestApp, Coop, Goods) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
    (app, coop, fruit)
}

async fn check(kit: &Kit) {
    let report = verifying::verify(kit).await.expect("a report");
    assert!(report.is_sound(), "{:#?}", report.broken());
}

async fn lot_of(kit: &Kit, fruit: &Goods) -> store::lot::Lot {
    let id = fruit.lot.clone();
    kit.db.read(move |conn| store::lot::get(conn, &id)).await.expect("the lot")
}

async fn movements(kit: &Kit, fruit: &Goods) -> Vec<(MovementKind, i64)> {
    let id = fruit.lot.clone();
    let rows = kit.db.read(move |conn| store::lot::list_movements(conn, &id)).await.expect("movements");
    rows.into_iter().map(|row| (row.kind, row.base_quantity.0)).collect()
}

fn said(name: &str) -> ProductSaid {
    ProductSaid {
        name: name.to_owned(),
        also_called: String::new(),
        category: Category::Fruit,
        base_unit: BaseUnit::Gram,
        description: String::new(),
        picture: None,
        keeps_days: None,
        season: None,
        next_harvest_day: None,
        charged_by_true_weight: false,
        tolerance_bps: 0,
    }
}

on_both_engines! {
    async fn goods_with_photo_price_and_lot_stand_before_shoppers(db: TestDb) {
        let (app, coop, _) = open(db).await;
        let actor = app.signed_in(&coop.seller.account).await;
        let shopper = app.visitor();
        shopper.get("/san-pham/oi-le-tan-hung").await.is(404);
        upload(&actor, "/ban-hang/hang/dang-nhanh", &QUICK, &photo(1600, 1200)).await.is(303);
        let page = shopper.get("/san-pham/oi-le-tan-hung").await.is(200);
        page.says("Ổi lê Tân Hưng").says("25.000").says("22/11").says("Vườn sau đê").says("12,5").says("/media/");
        let name = page.body.split("/media/").nth(1).and_then(|rest| rest.split(".webp").next()).expect("a picture");
        let (key, _) = name.rsplit_once('-').expect("a width");
        let mut sizes = Vec::new();
        for width in WIDTHS {
            let picture = shopper.get(&format!("/media/{key}-{width}.webp")).await.is(200);
            assert_eq!(picture.header("content-type"), "image/webp");
            assert!(picture.header("cache-control").contains("immutable"), "{}", picture.header("cache-control"));
            let shown = image::load_from_memory(&picture.bytes).expect("a picture");
            assert_eq!((shown.width(), shown.height()), (width, width * 3 / 4));
            for betrayed in [b"GPS ".as_slice(), b"EXIF", b"Exif", b"XMP "] {
                assert!(!picture.bytes.windows(betrayed.len()).any(|part| part == betrayed), "{width}");
            }
            sizes.push(picture.bytes.len());
        }
        assert!(sizes.is_sorted(), "{sizes:?}");
        let mut basket = checkout(&[]);
        basket.lines = vec![ganh::service::checkout::RawLine { product: "oi-le-tan-hung".into(), offer: None, quantity: "1.5".into(), if_short: None }];
        place(&app.kit, &basket).await.expect("it can be bought");
        actor.get("/ban-hang/hang").await.is(200).says("Ổi lê Tân Hưng").says(&format!("/media/{key}-320.webp"));
        check(&app.kit).await;
    }

    async fn what_is_no_photo_is_refused_by_a_sentence_and_nothing_typed_is_lost(db: TestDb) {
        let (app, coop, _) = open(db).await;
        let actor = app.signed_in(&coop.seller.account).await;
        let mut torn = photo(640, 480);
        torn.truncate(120);
        let wide = photo(PICTURE_LIMITS.side_px + 8, 8);
        let files: [(&[u8], &str); 3] = [(b"<svg onload='alert(1)'>", "Không đọc được kiểu ảnh này"), (&torn, "Ảnh bị hỏng"), (&wide, "Ảnh to quá")];
        for (file, sentence) in files {
            let page = upload(&actor, "/ban-hang/hang/dang-nhanh", &QUICK, file).await.is(422);
            page.says(sentence).says("value=\"Ổi lê Tân Hưng\"").says("value=\"25.000\"").says("value=\"12,5\"");
        }
        let heavy = listing::add_photo(&app.kit, &coop.seller, vec![0xff; PICTURE_LIMITS.bytes + 1], "").await;
        assert_eq!(refusals(heavy), ["refusal-picture-too-many-bytes"]);
        upload(&actor, "/ban-hang/hang/dang-nhanh", &QUICK, &vec![0xff; 9 * 1024 * 1024]).await.is(413).says("Chọn ảnh nhẹ hơn");
        app.visitor().get("/san-pham/oi-le-tan-hung").await.is(404);
        // A good photo stays with the form when something else has to be mended.
        let wrong = [&QUICK[..2], &[("price", "abc"), ("quantity", "12,5")]].concat();
        let page = upload(&actor, "/ban-hang/hang/dang-nhanh", &wrong, &photo(640, 480)).await.is(422);
        let kept = page.body.split("name=\"picture\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("kept");
        actor.post("/ban-hang/hang/dang-nhanh", &[&QUICK[..], &[("picture", kept)]].concat()).await.is(303);
        app.visitor().get("/san-pham/oi-le-tan-hung").await.is(200).says("/media/");
        let packer = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        assert!(matches!(listing::add_photo(&app.kit, &packer, photo(64, 64), "").await, Err(ServiceError::Forbidden)));
    }

    async fn what_happens_to_a_lot_beside_orders_is_a_movement_and_stands_on_its_trace(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (kit, by) = (&app.kit, &coop.seller);
        let acts = [
            (LotAct::More(Base(5_000)), MovementKind::Intake, 5_000, Step::Counted),
            (LotAct::Loss { base: Base(2_000), reason: "Dập".into() }, MovementKind::Loss, -2_000, Step::Lost),
            (LotAct::SoldOutside { base: Base(3_000), to_whom: "Chị Hoa".into() }, MovementKind::OutsideSale, -3_000, Step::SoldOutside),
            (LotAct::Counted(Base(99_500)), MovementKind::Count, -500, Step::Counted),
        ];
        let mut due = vec![(MovementKind::Harvest, 100_000)];
        for (act, kind, base, step) in acts {
            app.clock.advance_s(60);
            assert_eq!(listing::move_lot(kit, by, &fruit.lot, &act).await.expect("written"), Base(0));
            due.push((kind, base));
            assert_eq!(movements(kit, &fruit).await, due);
            let id = fruit.lot.clone();
            let events = kit.db.read(move |conn| store::trace::list_of_lot(conn, &id, 20)).await.expect("events");
            let (event, part) = events.into_iter().max_by_key(|(event, _)| event.at).expect("one");
            assert_eq!(Step::of_cbv(event.event_type, event.action, &event.biz_step), Some(step), "{act:?}");
            assert_eq!(part.base_quantity.0.abs(), if step == Step::Counted { lot_of(kit, &fruit).await.on_hand.0 } else { base.abs() });
        }
        let page = goods_view::show_lot(kit, by, &fruit.lot).await.expect("its page");
        assert_eq!((page.lot.lot.on_hand, page.movements.last().and_then(|row| row.by_account_id.clone())), (Base(99_500), Some(by.account.clone())));
        check(kit).await;
    }

    async fn a_lot_never_falls_below_nothing_and_says_when_it_falls_below_what_is_promised(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (kit, by) = (&app.kit, &coop.seller);
        order(kit, &[(&fruit, "60")]).await;
        let too_much = listing::move_lot(kit, by, &fruit.lot, &LotAct::Loss { base: Base(100_001), reason: String::new() }).await;
        assert_eq!(refusals(too_much), ["refusal-lot-has-less"]);
        for nothing in [LotAct::More(Base(0)), LotAct::Loss { base: Base(-5), reason: String::new() }, LotAct::Counted(Base(-1))] {
            assert_eq!(refusals(listing::move_lot(kit, by, &fruit.lot, &nothing).await), ["refusal-lot-quantity"], "{nothing:?}");
        }
        assert_eq!(movements(kit, &fruit).await.len(), 1);
        // The truth may be written, and is told: 60 kg are promised.
        let short = listing::move_lot(kit, by, &fruit.lot, &LotAct::Counted(Base(45_000))).await.expect("the truth");
        assert_eq!(short, Base(15_000));
        let actor = app.signed_in(&by.account).await;
        actor.get(&format!("/ban-hang/dot/{}", fruit.lot)).await.is(200).says("Đã hứa").says("chỉ còn").says("Chị Mua");
        assert_eq!(refusals(place(kit, &checkout(&[(&fruit, "1")])).await).len(), 1, "nothing more is sold from it");
        let other = crate::kit::bank::coop(kit, "Gà Đông Tảo").await;
        let foreign = listing::move_lot(kit, &other.seller, &fruit.lot, &LotAct::More(Base(1))).await;
        assert!(matches!(foreign, Err(ServiceError::NotFound)), "{foreign:?}");
        check(kit).await;
    }

    async fn a_lot_that_many_move_at_once_keeps_its_book(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let second = seller(&app.kit, &coop.id, "HTX", &[MemberRole::Lister]).await;
        let tasks: Vec<_> = (0..24).map(|number| {
            let (kit, lot, fruit) = (app.kit.clone(), fruit.lot.clone(), fruit.clone());
            let by = if number % 2 == 0 { coop.seller.clone() } else { second.clone() };
            tokio::spawn(async move {
                match number % 4 {
                    0 => listing::move_lot(&kit, &by, &lot, &LotAct::More(Base(1_000))).await.map(|_| 1_000),
                    1 => listing::move_lot(&kit, &by, &lot, &LotAct::Loss { base: Base(30_000), reason: "Úng".into() }).await.map(|_| -30_000),
                    2 => listing::move_lot(&kit, &by, &lot, &LotAct::SoldOutside { base: Base(20_000), to_whom: String::new() }).await.map(|_| -20_000),
                    _ => place(&kit, &checkout(&[(&fruit, "2")])).await.map(|_| 0),
                }
            })
        }).collect();
        let done = futures_util::future::join_all(tasks).await;
        let mut on_hand = 100_000;
        for result in done.into_iter().map(|task| task.expect("no panic")) {
            match result {
                Ok(moved) => on_hand += moved,
                Err(error) => assert!(matches!(error, ServiceError::Changed(_)), "{error:?}"),
            }
        }
        let lot = lot_of(&app.kit, &fruit).await;
        let book: i64 = movements(&app.kit, &fruit).await.iter().map(|(_, base)| base).sum();
        assert_eq!((lot.on_hand.0, book), (on_hand, on_hand));
        assert!(lot.on_hand.0 >= 0 && lot.held.0 >= 0, "{lot:?}");
        check(&app.kit).await;
    }

    async fn two_people_changing_one_product_at_once_do_not_write_over_each_other(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        for round in 0..6 {
            app.clock.advance_s(5);
            let shown = goods_view::show_goods(&app.kit, &coop.seller, &fruit.product).await.expect("a page");
            let seen = Some(shown.goods.product.updated_at);
            app.clock.advance_s(5);
            let tasks = ["một", "hai"].map(|word| {
                let (kit, by, id) = (app.kit.clone(), coop.seller.clone(), fruit.product.clone());
                tokio::spawn(async move { listing::change_product_as_seen(&kit, &by, &id, &said(&format!("Nhãn {word} {round}")), seen).await })
            });
            let done: Vec<_> = futures_util::future::join_all(tasks).await.into_iter().map(|task| task.expect("no panic")).collect();
            assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1, "{done:?}");
            let told = done.into_iter().find(|result| result.is_err()).expect("one is told");
            assert_eq!(refusals(told), ["refusal-product-changed"]);
        }
    }

    async fn goods_without_price_or_with_an_impossible_lot_do_not_come_to_market(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (kit, by) = (&app.kit, &coop.seller);
        let id = listing::add_product(kit, by, &said("Mít")).await.expect("a draft");
        let published = listing::set_product_state(kit, by, &id, ganh::domain::product::ProductState::Published).await;
        assert_eq!(refusals(published), ["refusal-publish-needs-offer"]);
        app.visitor().get("/san-pham/mit").await.is(404);
        let lot = |quantity, day| LotSaid {
            kind: LotKind::Harvest, made_on: day, best_before: None, place: String::new(), commune_code: None,
            quantity: Base(quantity), word_of: WordOf::Grower, owner: None,
        };
        let today = kit.now().day();
        assert_eq!(refusals(listing::add_lot(kit, by, &fruit.product, &lot(0, today)).await), ["refusal-lot-quantity"]);
        assert_eq!(refusals(listing::add_lot(kit, by, &fruit.product, &lot(1, today.plus_days(1))).await), ["refusal-lot-day"]);
        let offer = listing::OfferSaid { id: None, label: "kg".into(), unit: "kg".into(), base: Base(1000), about: false, price: Money(0), min: ganh::domain::quantity::Quantity::ONE, step: ganh::domain::quantity::Quantity::ONE, position: 0, is_active: true };
        assert_eq!(refusals(listing::put_offer(kit, by, &id, &offer).await), ["refusal-price"]);
        check(kit).await;
    }
}
