//! What people type against what they must find.

use super::super::samples::documents;
use super::*;
use crate::domain::search::PER_PAGE_MOST;

fn market() -> Embedded {
    let engine = Embedded::in_memory().expect("engine");
    engine.apply(&documents(), &[], 7).expect("put");
    engine
}

fn ask(engine: &Embedded, query: &SearchQuery) -> SearchPage {
    engine.search(query).expect("answer")
}

fn typed(q: &str) -> SearchQuery {
    SearchQuery { q: q.into(), ..SearchQuery::default() }
}

fn slugs(page: &SearchPage) -> Vec<&str> {
    page.hits.iter().map(|hit| hit.slug.as_str()).collect()
}

#[test]
fn the_first_result_is_what_was_meant() {
    let engine = market();
    let meant = [
        ("dưa", "dua-hau dua-chuot"),
        ("dừa", "dua-xiem dua-sap"),
        ("dứa", "dua-mat"),
        ("dưa chuột", "dua-chuot"),
        ("DƯA HẤU", "dua-hau"),
        ("du\u{31b}a ha\u{302}\u{301}u", "dua-hau"),
        ("ổi", "oi-bo"),
        ("oi bo", "oi-bo"),
        ("na", "na-bo"),
        ("bí", "bi-xanh bi-do"),
        ("bì", "bi-lon-kho"),
        ("cá", "ca-vuoc"),
        ("cà", "ca-chua"),
        ("cam", "cam-long-vang cam-duong-canh"),
        ("mơ", "mo-vang"),
        ("mỡ", "mo-lon-thang"),
        ("dầu", "dau-vung"),
        ("dâu", "dau-tam"),
        ("đỗ đen", "do-den-xanh-long"),
        ("dau xanh", "do-xanh"),
        ("ga dong tao", "ga-dong-tao-lam-san"),
        ("nhan long hung yen", "nhan-long-huong-chi"),
        ("trung vit", "trung-vit-bien"),
        ("trứng vịt", "trung-vit-bien"),
        ("nhãn Hồng Nam", "nhan-long-huong-chi nhan-mien-thiet nhan-duong-phen"),
        ("ngao Nam Thịnh", "ngao-tien-hai"),
        ("gà Khoái Châu", "ga-dong-tao-lam-san trung-ga-ta"),
        ("khoai tây Đông Hưng", "khoai-tay"),
        ("gạo nếp", "gao-nep-cai-hoa-vang"),
        ("gao nep", "gao-nep-cai-hoa-vang"),
        ("lạc nhân", "lac-nhan"),
        ("hạnh", "quat"),
        ("hành", "hanh-cu-kho"),
        ("mắm cáy", "mam-cay"),
        ("ớt cay", "ot-chi-thien"),
        ("tương", "tuong-nep-ban"),
        ("sa-pô-chê", "hong-xiem"),
        ("bánh cáy", "banh-cay-lang-nguyen"),
        ("dau phong", "lac-nhan"),
        ("mật nhãn", "mat-ong-hoa-nhan"),
        ("hoa nhãn mật ong", "mat-ong-hoa-nhan"),
    ];
    for (q, first) in meant {
        let page = ask(&engine, &typed(q));
        let found = page.hits.first().map(|hit| hit.slug.as_str()).unwrap_or("nothing");
        assert!(first.split(' ').any(|slug| slug == found), "«{q}»: {:?}", slugs(&page));
    }
}

#[test]
fn other_marks_are_not_counted_as_found() {
    let engine = market();
    for (q, all) in [
        ("dừa", vec!["dua-sap", "dua-xiem"]),
        ("dứa", vec!["dua-mat"]),
        ("ổi", vec!["oi-bo"]),
        ("bì", vec!["bi-lon-kho"]),
    ] {
        let page = ask(&engine, &typed(q));
        let mut found = slugs(&page);
        found.sort_unstable();
        assert_eq!((found, page.total), (all.clone(), all.len() as u64), "«{q}»");
    }
    let unmarked = ask(&engine, &typed("dua"));
    assert_eq!(unmarked.total, 5, "{:?}", slugs(&unmarked));
}

#[test]
fn a_word_in_passing_is_no_product_unless_nothing_else_is() {
    let engine = market();
    assert!(!slugs(&ask(&engine, &typed("cá"))).contains(&"rau-muong"));
    assert_eq!(slugs(&ask(&engine, &typed("cùi dày"))), ["nhan-long-huong-chi"]);
}

#[test]
fn unfinished_wrong_and_run_together_words_are_understood() {
    let engine = market();
    let meant = [
        ("ngao ti", "ngao-tien-hai"),
        ("trứ", "trung-vit-bien trung-ga-ta vai-trung"),
        ("nhã", "nhan"),
        ("bán", "banh-cay-lang-nguyen"),
        ("bah cay", "banh-cay-lang-nguyen"),
        ("gao nept", "gao-nep-cai-hoa-vang"),
        ("trung vjt", "trung-vit-bien"),
        ("khoai tai", "khoai-tay"),
        ("đua hấu", "dua-hau"),
        ("ngao tiên hải", "ngao-tien-hai"),
        ("ngao tien hay", "ngao-tien-hai"),
        ("caibap", "bap-cai"),
        ("gaonep", "gao-nep-cai-hoa-vang"),
        ("st 25", "gao-st25"),
        ("ST25", "gao-st25"),
        ("gạo nếp ở đâu bán rẻ", "gao-nep-cai-hoa-vang"),
    ];
    for (q, first) in meant {
        let page = ask(&engine, &typed(q));
        let found = page.hits.first().map(|hit| hit.slug.as_str()).unwrap_or("nothing");
        assert!(first.split(' ').any(|slug| found.starts_with(slug)), "«{q}»: {:?}", slugs(&page));
    }
}

#[test]
fn browsing_shows_what_can_be_bought_first_and_counts_everything() {
    let engine = market();
    let all = documents().len();
    let page = ask(&engine, &SearchQuery { per_page: PER_PAGE_MOST, ..SearchQuery::default() });
    assert_eq!((page.total, page.hits.len()), (all as u64, all));
    let stock: Vec<u64> = page
        .hits
        .iter()
        .map(|hit| documents().iter().find(|d| d.slug == hit.slug).expect("known").availability_rank)
        .collect();
    assert!(stock.is_sorted_by(|a, b| a >= b), "{stock:?}");
    let sum: u64 = page.facets["category"].iter().map(|facet| facet.count).sum();
    assert_eq!(sum, all as u64);
    assert_eq!(
        page.facets["certificate"].iter().map(|facet| facet.value.as_str()).collect::<Vec<_>>(),
        ["ocop", "vietgap"]
    );
    assert!(page.facets["category"].is_sorted_by(|a, b| a.count >= b.count));
}

#[test]
fn filters_sorts_and_pages_hold() {
    let engine = market();
    let fruit =
        SearchQuery { category: Some("trai-cay".into()), per_page: 5, sort: Sort::PriceUp, ..SearchQuery::default() };
    let total = documents().iter().filter(|d| d.category == "trai-cay").count() as u64;
    let (mut seen, mut prices) = (Vec::new(), Vec::new());
    for page in 1..=8 {
        let answer = ask(&engine, &SearchQuery { page, ..fruit.clone() });
        assert_eq!(answer.total, total);
        for hit in answer.hits {
            prices.push(documents().into_iter().find(|d| d.product_id == hit.product_id).expect("known").price_vnd);
            seen.push(hit.product_id);
        }
    }
    assert!(prices.is_sorted(), "{prices:?}");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len() as u64, total, "every product once");
    let narrow = SearchQuery {
        cooperative: Some("htx-gao-dong-hung".into()),
        certificate: Some("ocop".into()),
        min_price_vnd: Some(30_000),
        max_price_vnd: Some(60_000),
        sort: Sort::PriceDown,
        commune: Some("7".into()),
        ..SearchQuery::default()
    };
    let answer = ask(&engine, &narrow);
    let found: Vec<Document> =
        answer.hits.iter().map(|hit| documents().into_iter().find(|d| d.slug == hit.slug).expect("known")).collect();
    assert!(
        !found.is_empty()
            && found.iter().all(|d| (30_000..=60_000).contains(&d.price_vnd) && d.certificates.len() == 2)
    );
    assert!(found.is_sorted_by(|a, b| a.price_vnd >= b.price_vnd));
    let newest = ask(&engine, &SearchQuery { sort: Sort::Newest, ..SearchQuery::default() });
    assert_eq!(newest.hits[0].slug, "banh-cay-lang-nguyen");
    let harvest = ask(&engine, &SearchQuery { sort: Sort::Harvest, ..SearchQuery::default() });
    assert_eq!(harvest.hits[0].product_id, "p-002", "the nearest harvest, not the unknown one");
    let within = ask(&engine, &SearchQuery { category: Some("gao".into()), ..typed("gạo") });
    assert_eq!(within.total, 5);
    assert_eq!(ask(&engine, &SearchQuery { category: Some("none".into()), ..typed("gạo") }).total, 0);
}

#[test]
fn strange_queries_find_nothing_and_break_nothing() {
    let engine = market();
    let long = "ế".repeat(5_000);
    for q in [
        "xyzzyq",
        "\u{0}",
        "\"",
        "*",
        "name:gao",
        "(((",
        "🐔",
        "-",
        "a AND",
        "ổi OR",
        "../..",
        "' OR 1=1 --",
        &long,
        "\u{202e}",
    ] {
        let _ = ask(&engine, &typed(q));
    }
    assert_eq!(ask(&engine, &typed("🐔")).total, 0, "something was asked for");
    assert_eq!(ask(&engine, &typed("   ")).total, documents().len() as u64);
    for (page, per_page) in [(0, 0), (u32::MAX, u32::MAX), (9_999, 100)] {
        let answer = ask(&engine, &SearchQuery { page, per_page, ..SearchQuery::default() });
        assert_eq!(answer.total, documents().len() as u64);
    }
}

#[test]
fn a_change_is_seen_at_once_and_the_cursor_goes_with_it() {
    let engine = market();
    assert_eq!(engine.cursor(), 7);
    let mut changed = documents().remove(0);
    changed.name = "Thanh long ruột đỏ".into();
    changed.also_called.clear();
    engine.apply(&[changed.clone(), changed], &["p-006".into()], 9).expect("put");
    assert_eq!((engine.cursor(), engine.count()), (9, documents().len() as u64 - 1));
    assert_eq!(ask(&engine, &typed("thanh long")).total, 1);
    assert_eq!(ask(&engine, &typed("ổi")).total, 0);
    engine.rebuild(&documents()[..3], 12).expect("rebuilt");
    assert_eq!((engine.cursor(), engine.count()), (12, 3));
}

#[test]
fn a_folder_keeps_index_and_cursor_and_a_ruined_one_is_begun_anew() {
    let folder = tempfile::tempdir().expect("folder");
    let place = folder.path().join("index");
    {
        let engine = Embedded::in_folder(&place).expect("engine");
        assert_eq!((engine.cursor(), engine.count()), (0, 0));
        engine.apply(&documents(), &[], 41).expect("put");
        assert!(Embedded::in_folder(&place).is_err(), "another process holds it");
    }
    {
        let engine = Embedded::in_folder(&place).expect("engine");
        assert_eq!((engine.cursor(), engine.count()), (41, documents().len() as u64));
    }
    std::fs::write(place.join("meta.json"), b"{ruined").expect("written");
    let engine = Embedded::in_folder(&place).expect("engine");
    assert_eq!((engine.cursor(), engine.count()), (0, 0));
}
