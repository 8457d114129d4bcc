//! The month's books: what each account held, what came and went, and every entry in a file that accounting programs take in.

use crate::kit::app::TestApp;
use crate::kit::bank::{Movement, coop, goods, look, order, tell};
use crate::on_both_engines;
use calamine::{Reader as _, Xlsx};
use ganh::domain::ledger::LedgerKind;
use ganh::domain::money::Money;
use ganh::service::books::{AccountLine, Month, list_entries, show_books};
use ganh::service::handling;

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
        text.says("Tiền ngân hàng,40000,0,").says(paid.code.as_text()).says("'=HYPERLINK(1)");
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
}
