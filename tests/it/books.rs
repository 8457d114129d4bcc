//! The month's books: what each account held, what came and went, and every entry in a file that accounting programs take in.

use crate::kit::app::TestApp;
use crate::kit::bank::{Movement, coop, goods, look, order, tell};
use crate::kit::{TestDb, run};
use crate::on_both_engines;
use crate::paying::check;
use calamine::{Reader as _, Xlsx};
use diesel::connection::SimpleConnection as _;
use ganh::domain::books::Month;
use ganh::domain::ledger::LedgerKind;
use ganh::domain::money::Money;
use ganh::service::books::{AccountLine, list_entries, show_books};
use ganh::service::closing::close_books;
use ganh::service::error::ServiceError;
use ganh::service::{handling, verifying};

fn line(lines: &[AccountLine], kind: LedgerKind) -> &AccountLine {
    lines.iter().find(|line| line.kind == kind).expect("every account")
}

on_both_engines! {
    async fn a_month_closes_where_the_next_one_opens_and_both_balance(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        let paid = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &paid)).await.is(200);
        let this = Month::of(app.kit.now().day());
        app.clock.advance_s(31 * 86_400);
        handling::confirm_order(&app.kit, &coop.seller, &paid.id).await.expect("confirmed");
        handling::pack_order(&app.kit, &coop.seller, &paid.id).await.expect("packed");
        handling::deliver_order(&app.kit, &coop.seller, &paid.id).await.expect("handed over");
        let first = show_books(&app.kit, &coop.seller, this).await.expect("books");
        let next = show_books(&app.kit, &coop.seller, this.after()).await.expect("books");
        assert_eq!(line(&first, LedgerKind::Bank).closing, Money(40_000));
        assert_eq!(line(&first, LedgerKind::Prepayments).closing, Money(-40_000));
        assert_eq!((line(&next, LedgerKind::Revenue).credit, line(&next, LedgerKind::Prepayments).closing), (Money(40_000), Money::ZERO));
        for (before, after) in first.iter().zip(&next) {
            assert_eq!((before.kind, before.closing), (after.kind, after.opening));
        }
        for lines in [&first, &next] {
            let sum = |of: fn(&AccountLine) -> Money| Money::sum(lines.iter().map(of)).expect("small");
            assert_eq!(sum(|line| line.debit), sum(|line| line.credit));
            assert_eq!(sum(|line| line.closing), Money::ZERO);
        }
        assert_eq!(look(&app.kit, &paid.id).await.balance.receivable, Money::ZERO);
    }

    async fn the_files_hold_every_line_and_only_the_accountants_get_them(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        let paid = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::to(&coop, format!("=HYPERLINK(1) {}", paid.code), 40_000)).await.is(200);
        let accountant = app.signed_in(&coop.seller.account).await;
        let page = accountant.get("/ban-hang/so-sach").await.is(200);
        page.says("Khách trả trước").says("Sổ sách tháng 2026-11").says("40.000");
        let text = accountant.get("/ban-hang/so-sach.csv?thang=2026-11").await.is(200);
        assert_eq!(text.header("content-disposition"), "attachment; filename=\"so-sach-2026-11.csv\"");
        text.says("Tiền ngân hàng,,40000,0,").says(paid.code.as_text()).says("'=HYPERLINK(1)");
        let entries = list_entries(&app.kit, &coop.seller, Month::read("2026-11").expect("a month")).await.expect("entries");
        let lines: usize = entries.iter().map(|entry| entry.lines.len()).sum();
        assert_eq!(text.body.lines().count(), lines + 1);
        let sheet = accountant.request("GET", "/ban-hang/so-sach.xlsx?thang=2026-11").send().await.expect("an answer");
        assert_eq!(sheet.status().as_u16(), 200);
        let bytes = sheet.bytes().await.expect("a body").to_vec();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
        assert_eq!(book.worksheet_range("2026-11").expect("the month").height(), lines + 1);
        accountant.get("/ban-hang/so-sach?thang=2026-13").await.is(422).says("không phải một tháng");
        accountant.get("/ban-hang/so-sach?thang=2026-10").await.is(200).says("Sổ sách tháng 2026-10");
        let packer = app.seller(&coop.id, &[ganh::domain::account::MemberRole::Packer]).await;
        packer.get("/ban-hang/so-sach.csv").await.is(403);
    }

    async fn a_closed_month_is_closed_once_and_held_against_its_entries(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        let paid = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &paid)).await.is(200);
        tell(&app, &coop, &Movement::paying(&coop, &paid)).await.is(200);
        let (this, actor) = (Month::of(app.kit.now().day()), app.signed_in(&coop.seller.account).await);
        let page = format!("/ban-hang/so-sach/khoa-so?thang={}", this.text());
        let form = [("thang", "2026-11")];
        actor.get(&page).await.is(200).says("Tháng 2026-11 chưa hết");
        actor.post("/ban-hang/so-sach/khoa-so", &form).await.is(422).says("Khóa sổ được từ 1 giờ sáng");
        app.clock.advance_s(31 * 86_400);
        let actor = app.signed_in(&coop.seller.account).await;
        actor.get(&page).await.is(200).says("1 khoản tiền còn chờ").says("Phải trả lại khách").says("Các tháng trước còn mở");
        actor.post("/ban-hang/so-sach/khoa-so", &form).await.is(303);
        actor.post("/ban-hang/so-sach/khoa-so", &form).await.is(409).says("đã khóa rồi");
        actor.get("/ban-hang/so-sach?thang=2026-11").await.is(200).says("Đã khóa sổ lúc");
        // What comes later belongs to a later month, and the closed one stays.
        tell(&app, &coop, &Movement::to(&coop, "khong ma", 5_000)).await.is(200);
        check(&app.kit).await;
        app.clock.advance_s(31 * 86_400);
        close_books(&app.kit, &coop.seller, this.after()).await.expect("the next");
        check(&app.kit).await;
        // Somebody who writes into the past is found.
        db.bare().batch_execute("UPDATE journal SET day = '2026-11-30' WHERE day > '2026-12-01'").expect("rewritten");
        let report = verifying::verify(&app.kit).await.expect("a report");
        assert!(report.broken().iter().any(|row| row.contains("closed period")), "{:#?}", report.broken());
    }

    async fn the_chart_of_the_cooperative_stands_in_what_is_taken_along(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        let paid = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &paid)).await.is(200);
        let actor = app.signed_in(&coop.seller.account).await;
        let page = actor.post("/ban-hang/so-sach/tai-khoan", &[("code[bank]", "=1+1"), ("code[prepayments]", "131")]).await;
        page.is(422).says("«=1+1» không phải số tài khoản").says("value=\"131\"");
        actor.post("/ban-hang/so-sach/tai-khoan", &[("code[bank]", "112"), ("code[prepayments]", "131")]).await.is(303);
        actor.get("/ban-hang/so-sach?thang=2026-11").await.is(200).says("112");
        actor.get("/ban-hang/so-sach.csv?thang=2026-11").await.is(200).says("Tiền ngân hàng,112,40000,0,");
        let sheet = actor.request("GET", "/ban-hang/so-sach/no-co.xlsx?thang=2026-11").send().await.expect("an answer");
        let bytes = sheet.bytes().await.expect("a body").to_vec();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
        let range = book.worksheet_range("2026-11").expect("the month");
        let row: Vec<String> = range.rows().nth(1).expect("an entry").iter().map(ToString::to_string).collect();
        assert_eq!((&*row[1], &*row[3], &*row[4], &*row[5]), ("BT202611-0001", "112", "131", "40000"));
        actor.get("/ban-hang/so-sach/chi-tiet/bank?thang=2026-11").await.is(200).says(paid.code.as_text()).says("40.000");
        actor.get("/ban-hang/so-sach/chi-tiet/nothing").await.is(404);
        // An empty field takes the number away.
        actor.post("/ban-hang/so-sach/tai-khoan", &[("code[bank]", "")]).await.is(303);
        actor.get("/ban-hang/so-sach.csv?thang=2026-11").await.is(200).says("Tiền ngân hàng,,40000,0,");
    }
}

/// Eight people press at once: one closing.
#[test]
fn a_month_is_closed_once_however_many_press() {
    let Some(db) = TestDb::on_postgres("books") else { return };
    run(async {
        let app = TestApp::start(&db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let this = Month::of(app.kit.now().day());
        app.clock.advance_s(31 * 86_400);
        let pressed = futures_util::future::join_all((0..8).map(|_| close_books(&app.kit, &coop.seller, this))).await;
        assert_eq!(pressed.iter().filter(|done| done.is_ok()).count(), 1, "{pressed:?}");
        let refused = |done: &Result<(), ServiceError>| matches!(done, Err(ServiceError::Changed(_)));
        assert_eq!(pressed.iter().filter(|done| refused(done)).count(), 7, "{pressed:?}");
        check(&app.kit).await;
    });
}
