//! `ganh verify` sees what it should: each rule is broken on purpose, by SQL, and the broken row is named.

use crate::kit::TestDb;
use crate::kit::app::TestApp;
use crate::kit::bank::{Coop, Goods, Movement, Placed, coop, goods, order, tell};
use crate::on_both_engines;
use diesel::connection::SimpleConnection;
use ganh::domain::books::Month;
use ganh::service::closing::close_books;
use ganh::service::reviewing::write_review;
use ganh::service::verifying;

async fn market(db: &TestDb) -> (TestApp, Coop, Goods, Placed) {
    let app = TestApp::start(db).await;
    let coop = coop(&app.kit, "Nhãn Lồng").await;
    let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
    let order = order(&app.kit, &[(&fruit, "1")]).await;
    (app, coop, fruit, order)
}

/// Each breakage: a sentence of SQL, and what the report must name. `{…}` are filled in.
const BREAKAGES: &[(&str, &str)] = &[
    (
        "UPDATE posting SET amount_vnd = amount_vnd + 1 WHERE id = (SELECT MIN(id) FROM posting WHERE kind = 'prepayments')",
        "journal ",
    ),
    (
        "UPDATE posting SET kind = 'revenue' WHERE id = (SELECT MIN(id) FROM posting WHERE kind = 'prepayments')",
        "account that is not its own",
    ),
    ("UPDATE bank_event SET amount_vnd = amount_vnd + 5 WHERE state = 'booked'", "bank event "),
    ("UPDATE bank_event SET state = 'booked', order_id = '{order}' WHERE state = 'waiting'", "still asked about it"),
    ("UPDATE money_case SET state = 'resolved' WHERE reason = 'unmatched'", "nobody is asked about it"),
    ("UPDATE money_case SET state = 'resolved' WHERE reason = 'over'", "nobody is asked to send it"),
    (
        "UPDATE sale_order SET state = 'awaiting_payment', expires_at = '2030-01-01T00:00:00' WHERE id = '{order}'",
        "still awaits payment",
    ),
    (
        "UPDATE sale_order SET total_vnd = total_vnd * 9, goods_vnd = goods_vnd * 9 WHERE id = '{order}'; UPDATE order_line SET line_vnd = line_vnd * 9 WHERE order_id = '{order}'",
        "stands as paid",
    ),
    (
        "UPDATE sale_order SET state = 'cancelled' WHERE id = '{order}'; UPDATE stock_hold SET state = 'released' WHERE order_id = '{order}'; UPDATE lot SET held = held - 1000 WHERE held >= 1000",
        "owed back",
    ),
    ("UPDATE lot SET on_hand = on_hand + 1", "its movements say otherwise"),
    ("UPDATE lot SET held = held + 1", "its holds say otherwise"),
    (
        "UPDATE stock_hold SET state = 'released' WHERE order_id = '{order}'; UPDATE lot SET held = held - 1000 WHERE held >= 1000",
        "order {code}: line",
    ),
    ("UPDATE trace_event SET body = body || ' '", "is not what its log entry says"),
    ("UPDATE outbox SET payload = 'x' WHERE id = (SELECT MIN(id) FROM outbox)", "cannot be read"),
    ("UPDATE carrier_cash SET amount_vnd = amount_vnd + 1 WHERE amount_vnd > 0", "of cash in hands, and people hold"),
    ("UPDATE carrier_cash SET amount_vnd = amount_vnd - 1 WHERE amount_vnd < 0", "handed in"),
    (
        "UPDATE cash_hand_over SET state = 'withdrawn', counted_vnd = NULL, cashier_id = NULL",
        "is withdrawn, its entries",
    ),
    ("UPDATE cash_hand_over SET counted_vnd = counted_vnd + 1000", "its entries move"),
    ("UPDATE claim SET accepted_vnd = accepted_vnd + 1", "given back, its steps"),
    ("UPDATE review_sum SET stars = stars + 1", "of reviews and stars"),
    ("UPDATE sales_window SET planned = planned + 1", "its lot plans something else"),
    ("UPDATE order_voucher SET off_vnd = off_vnd + 1", "its code says otherwise"),
    ("UPDATE order_voucher SET gross_vnd = gross_vnd + 10", "its code was taken off"),
    ("UPDATE voucher SET uses_most = 1", "with a code for 1"),
    ("DELETE FROM outbox WHERE id = (SELECT MIN(id) FROM outbox)", "is owed as 0 letters"),
];

on_both_engines! {
    async fn each_broken_rule_names_its_row(db: TestDb) {
        let (app, coop, fruit, paid) = market(db).await;
        tell(&app, &coop, &Movement::to(&coop, &paid.code, 27_000)).await.is(200);
        let open = order(&app.kit, &[(&fruit, "2")]).await;
        tell(&app, &coop, &Movement::to(&coop, "quen ghi ma", open.total_vnd)).await.is(200);
        crate::door::confirmed(&app.kit, &coop, &fruit).await;
        crate::windows::opened(&app.kit, &coop, &fruit).await;
        crate::vouchers::used(&app.kit, &coop, &fruit).await;
        let received = crate::claiming::received(&app.kit, &coop, &[(&fruit, "1")]).await;
        crate::claiming::claimed(&app.kit, &received, "1").await;
        let line = crate::kit::bank::look(&app.kit, &received.id).await.lines[0].line.id.clone();
        write_review(&app.kit, &received.id, &line, "5", "Ngon").await.expect("reviewed");
        let last_month = Month::of(app.kit.now().day()).before();
        close_books(&app.kit, &coop.seller, last_month).await.expect("closed");
        let sound = verifying::verify(&app.kit).await.expect("a report");
        assert!(sound.is_sound(), "{:#?}", sound.broken());
        assert!(sound.findings.iter().all(|finding| finding.rows > 0), "{sound:#?}");
        let mut conn = db.bare();
        for (sql, named) in BREAKAGES {
            let fill = |text: &str| text.replace("{order}", paid.id.as_text()).replace("{code}", paid.code.as_text());
            // Kept aside and put back: the whole database would be long to copy.
            keep(&mut conn, "kept_", "");
            conn.batch_execute(&fill(sql)).unwrap_or_else(|error| panic!("{sql}: {error}"));
            let report = verifying::verify(&app.kit).await.expect("a report");
            let broken = report.broken().join("\n");
            assert!(broken.contains(&fill(named)), "{sql}\nwanted: {named}\nsaid: {broken}");
            keep(&mut conn, "", "kept_");
            let mended = verifying::verify(&app.kit).await.expect("a report");
            assert!(mended.is_sound(), "after {sql}: {:#?}", mended.broken());
        }
    }
}

const TABLES: [&str; 15] = [
    "voucher",
    "order_voucher",
    "posting",
    "bank_event",
    "money_case",
    "sale_order",
    "order_line",
    "stock_hold",
    "lot",
    "trace_event",
    "carrier_cash",
    "cash_hand_over",
    "claim",
    "review_sum",
    "sales_window",
];

/// Copies rows from `{from}table` over those of `{to}table`.
fn keep(conn: &mut ganh::store::Conn, to: &str, from: &str) {
    for table in TABLES.iter().chain(&["outbox"]) {
        let sql = if from.is_empty() {
            format!("DROP TABLE IF EXISTS {to}{table}; CREATE TABLE {to}{table} AS SELECT * FROM {table}")
        } else {
            put_back(table)
        };
        conn.batch_execute(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// Every column that a breakage touches, from the copy; rows that were deleted come back.
fn put_back(table: &str) -> String {
    let columns: &[&str] = match table {
        "posting" => &["amount_vnd", "kind"],
        "bank_event" => &["amount_vnd", "state", "order_id"],
        "money_case" => &["state"],
        "sale_order" => &["state", "expires_at", "total_vnd", "goods_vnd"],
        "order_line" => &["line_vnd"],
        "stock_hold" => &["state"],
        "lot" => &["on_hand", "held"],
        "trace_event" => &["body"],
        "carrier_cash" => &["amount_vnd"],
        "claim" => &["accepted_vnd"],
        "review_sum" => &["stars"],
        "sales_window" => &["planned"],
        "voucher" => &["uses_most"],
        "order_voucher" => &["off_vnd", "gross_vnd"],
        "cash_hand_over" => &["state", "counted_vnd", "cashier_id"],
        _ => return "DELETE FROM outbox; INSERT INTO outbox SELECT * FROM kept_outbox".to_owned(),
    };
    let key = match table {
        "review_sum" => "product_id",
        "order_voucher" => "order_id",
        _ => "id",
    };
    let set: Vec<String> = columns
        .iter()
        .map(|column| format!("{column} = (SELECT k.{column} FROM kept_{table} k WHERE k.{key} = {table}.{key})"))
        .collect();
    format!("UPDATE {table} SET {}", set.join(", "))
}
