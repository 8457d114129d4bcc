//! Windows as their seller and their buyers meet them on pages.

use super::*;
use ganh::domain::time::Day;

/// Every hidden field of that name on a page.
fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let mark = format!("name=\"{name}\" value=\"");
    page.split(&mark).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {name}: {page}"))
}

on_both_engines! {
    async fn three_questions_open_a_window_that_buyers_order_from_and_its_page_says_what_to_harvest(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let seller = app.signed_in(&coop.seller.account).await;
        let form = seller.get(&format!("/ban-hang/hang/{}/mo-ban", fruit.product)).await.is(200).body;
        let (from, until): (Day, Day) = (kit.now().day().plus_days(5), kit.now().day().plus_days(3));
        let (from, until, id) = (from.to_string(), until.to_string(), hidden(&form, "window").to_owned());
        let fields = [("window", id.as_str()), ("harvest_from", &from), ("quantity", "120"), ("closes_on", &until), ("closes_at", "17:00"), ("sharing", "equal")];
        let path = format!("/ban-hang/hang/{}/mo-ban", fruit.product);
        let wrong = seller.post(&path, &[("window", id.as_str()), ("quantity", "120"), ("closes_on", &until)]).await.is(422);
        assert!(wrong.body.contains("value=\"120\"") && wrong.body.contains(&id), "nothing typed is lost");
        for _ in 0..2 {
            assert_eq!(seller.post(&path, &fields).await.is(303).location(), format!("/ban-hang/mo-ban/{id}?da=mo-ban"));
        }
        let buyer = app.visitor();
        let product = buyer.get(&format!("/san-pham/{}", fruit.slug)).await.is(200);
        product.says("Đặt trước: hái").says("còn 120\u{a0}kg").says("chia đều cho mọi người");
        let window = Opened { id: id.parse().expect("an id"), offer: offer_of(kit, &id.parse().expect("an id")).await };
        assert!(product.body.contains(&window.offer));
        buyer.post_bare("/gio-hang", &[("offer".into(), window.offer.clone()), ("quantity".into(), "7".into())]).await.is(303);
        buyer.get("/gio-hang").await.is(200).says("Đặt trước: hái");
        buyer.get("/thanh-toan").await.is(200).says("if_less");
        ordered(kit, &fruit, &window, "7", "cod", "less").await;
        seller.get("/ban-hang/mo-ban").await.is(200).says("Đã đặt 7\u{a0}kg trên 120\u{a0}kg");
        let page = format!("/ban-hang/mo-ban/{id}");
        seller.get(&page).await.is(200).says("Cần hái").says("7\u{a0}kg");
        seller.post(&page, &[("act", "amount"), ("quantity", "5")]).await.is(409).says("Đã hứa 7\u{a0}kg");
        harvest_day(&app);
        window_clock::close_windows(kit).await.expect("a round");
        seller.get("/ban-hang").await.is(200).says("Ghi số hái được");
        let today = kit.now().day().to_string();
        seller.post(&page, &[("act", "harvest"), ("quantity", "6,5"), ("made_on", &today)]).await.is(303);
        seller.get(&page).await.is(200).says("được 6,5\u{a0}kg");
        sound(kit).await;
    }
}
