//! The gap test on the money page: balances that do not follow each other are said, until what was missing has come.

use super::*;
use crate::on_both_engines;

fn row(day: u32, number: u32, out: i64, came: i64, balance: i64, memo: &str) -> String {
    format!("{day}/11/2026;CT{number};{out};{came};{balance};{memo}\n")
}

on_both_engines! {
    async fn a_movement_that_nobody_told_shows_as_a_gap_until_its_statement_comes(db: TestDb) {
        let (app, coop, _fruit) = open(db).await;
        let manager = app.signed_in(&coop.seller.account).await;
        let all = [
            row(20, 1, 0, 50_000, 1_050_000, "tien hop"),
            row(21, 2, 0, 70_000, 1_120_000, "tien nha"),
            row(21, 3, 20_000, 0, 1_100_000, "mua bao bi"),
            row(22, 4, 0, 10_000, 1_110_000, "tien dien"),
        ];
        import(&app.kit, &coop, &[all[0].clone(), all[2].clone(), all[3].clone()]).await;
        let page = manager.get("/ban-hang/tien").await.is(200);
        page.says("Có thể thiếu giao dịch giữa").says("70.000\u{a0}₫ tiền vào").says("/ban-hang/tai-khoan/doi-soat");
        // The same day told by its webhook too: one movement, one step.
        tell(&app, &coop, &Movement { at: "2026-11-22 08:00:00".into(), reference: "CT4".into(), ..Movement::to(&coop, "tien dien", 10_000) }).await.is(200);
        manager.get("/ban-hang/tien").await.is(200).says("Có thể thiếu giao dịch giữa");
        import(&app.kit, &coop, &all).await;
        let page = manager.get("/ban-hang/tien").await.is(200);
        assert!(!page.body.contains("Có thể thiếu giao dịch"), "{}", page.body);
        check(&app.kit).await;
    }
}
