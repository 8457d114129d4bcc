//! Statements: taken in once however often, the same money as a webhook's or a person's word, and looked at before.

use super::*;
use crate::kit::app::{Actor, Answer, refusals};
use crate::kit::bank;
use crate::on_both_engines;
use futures_util::future::join_all;
use ganh::domain::account::MemberRole;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::money::Money;
use ganh::domain::order::OrderState;
use ganh::domain::payment::{BankEventState, MoneyCaseReason, ProofGrade};
use ganh::domain::settlement::Settlement;
use ganh::service::money_list::mark_money_received;
use ganh::service::tidying;

async fn upload(actor: &Actor, path: &str, file: &[u8]) -> Answer {
    let csrf = actor.csrf().await;
    let head = format!(
        "--dau\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--dau\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"thang-11.csv\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--dau--\r\n"].concat();
    let request = actor.request("POST", path).header("sec-fetch-site", "same-origin");
    actor.send(request.header("content-type", "multipart/form-data; boundary=dau").body(body)).await
}

/// How one movement stands in the statement, seen from its webhook.
#[derive(Clone, Copy, Debug)]
enum Known {
    SameReference,
    OtherReference,
    NoReferenceThere,
    NoReferenceAnywhere,
}

on_both_engines! {
    async fn a_statement_pays_an_order_and_twice_is_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        let lines = [line(&Movement::paying(&coop, &order)), line(&Movement::to(&coop, "tien nha", 77_000))];
        assert_eq!(import(&app.kit, &coop, &lines).await, counts(2, 0, 0));
        assert_eq!(stands(&app.kit, &order).await, (OrderState::Placed, Settlement::Settled));
        assert_eq!(look(&app.kit, &order.id).await.proof(), Some(ProofGrade::Statement));
        assert_eq!(import(&app.kit, &coop, &lines).await, counts(0, 0, 2));
        // Another export of the same days, in the other order, with one movement more.
        let more = [lines[1].clone(), lines[0].clone(), line(&Movement::to(&coop, "tien dien", 5_000))];
        assert_eq!(import(&app.kit, &coop, &more).await, counts(1, 0, 2));
        assert_eq!(look(&app.kit, &order.id).await.balance.received.vnd(), 20_000);
        assert_eq!(events(&app.kit, &coop, BankEventState::OtherMoney).await.len(), 2);
        check(&app.kit).await;
    }

    async fn rows_shuffled_over_two_files_are_one_file(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let mut lines = Vec::new();
        for n in 0..6 {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            lines.push(line(&Movement { is_in: n != 5, ..Movement::paying(&coop, &order) }));
        }
        let (even, odd): (Vec<_>, Vec<_>) = lines.iter().cloned().enumerate().partition(|(n, _)| n % 2 == 0);
        let (mut even, odd): (Vec<String>, Vec<String>) = (even.into_iter().map(|row| row.1).collect(), odd.into_iter().map(|row| row.1).collect());
        even.push(odd[1].clone());
        assert_eq!(import(&app.kit, &coop, &even).await, counts(4, 0, 0));
        assert_eq!(import(&app.kit, &coop, &odd).await, counts(2, 0, 1));
        assert_eq!(import(&app.kit, &coop, &lines).await, counts(0, 0, 6));
        assert_eq!(events(&app.kit, &coop, BankEventState::Booked).await.len(), 5);
        check(&app.kit).await;
    }

    async fn webhook_and_statement_in_any_order_end_alike(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        use Known::{NoReferenceAnywhere, NoReferenceThere, OtherReference, SameReference};
        for known in [SameReference, OtherReference, NoReferenceThere, NoReferenceAnywhere] {
            for statement_first in [false, true] {
                let order = order(&app.kit, &[(&fruit, "1")]).await;
                let mut told = Movement::paying(&coop, &order);
                let mut written = told.clone();
                match known {
                    SameReference => {}
                    OtherReference => written.reference = format!("5213 - {}", told.id),
                    NoReferenceThere => written.reference = String::new(),
                    NoReferenceAnywhere => (told.reference, written.reference) = (String::new(), String::new()),
                }
                written.memo = format!("MBVCB.1.{}\n{}.CT tu 0123", &order.code.as_text()[..4], &order.code.as_text()[4..]);
                let lines = [line(&written)];
                if statement_first {
                    assert_eq!(import(&app.kit, &coop, &lines).await, counts(1, 0, 0), "{known:?}");
                    tell(&app, &coop, &told).await.is(200);
                } else {
                    tell(&app, &coop, &told).await.is(200);
                    assert_eq!(import(&app.kit, &coop, &lines).await, counts(0, 1, 0), "{known:?}");
                }
                tell(&app, &coop, &told).await.is(200);
                assert_eq!(import(&app.kit, &coop, &lines).await, counts(0, 0, 1), "{known:?}");
                let view = look(&app.kit, &order.id).await;
                assert_eq!((view.order.state, view.settlement), (OrderState::Placed, Settlement::Settled), "{known:?} {statement_first}");
                assert_eq!(view.balance.received.vnd(), 20_000, "{known:?} {statement_first}");
                assert_eq!(view.proof(), Some(ProofGrade::BankMessage));
            }
        }
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
    }

    async fn two_lines_alike_are_two_movements_whatever_the_webhook_told(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        for statement_first in [false, true] {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            let told = Movement::paying(&coop, &order);
            let lines = [line(&told), line(&told)];
            if statement_first {
                import(&app.kit, &coop, &lines).await;
                tell(&app, &coop, &told).await.is(200);
            } else {
                tell(&app, &coop, &told).await.is(200);
                assert_eq!(import(&app.kit, &coop, &lines).await, counts(1, 1, 0));
            }
            assert_eq!(look(&app.kit, &order.id).await.balance.received.vnd(), 40_000, "the buyer paid twice");
        }
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Duplicate, 20_000), (MoneyCaseReason::Duplicate, 20_000)]);
        check(&app.kit).await;
    }

    async fn one_reference_on_two_orders_pays_both(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (one, two) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "1")]).await);
        let first = Movement::paying(&coop, &one);
        let second = Movement { reference: first.reference.clone(), ..Movement::paying(&coop, &two) };
        tell(&app, &coop, &first).await.is(200);
        tell(&app, &coop, &second).await.is(200);
        assert_eq!(stands(&app.kit, &two).await, (OrderState::Placed, Settlement::Settled));
        assert_eq!(import(&app.kit, &coop, &[line(&first), line(&second)]).await, counts(0, 2, 0));
        check(&app.kit).await;
    }

    async fn a_persons_word_is_confirmed_by_the_statement_and_then_by_the_bank(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "1")]).await;
        mark_money_received(&app.kit, &coop.seller, &order.id, Money(20_000)).await.expect("said");
        let movement = Movement::paying(&coop, &order);
        let id = importing::bring_statement(&app.kit, &coop.seller, None, "a", file(&[line(&movement)])).await.expect("read");
        let preview = importing::show_statement(&app.kit, &coop.seller, &id).await.expect("a look");
        assert_eq!(preview.counts(), counts(0, 1, 0), "seen before it is taken in");
        assert_eq!(importing::take_statement(&app.kit, &coop.seller, &id).await.expect("taken"), counts(0, 1, 0));
        assert_eq!(look(&app.kit, &order.id).await.proof(), Some(ProofGrade::Statement));
        tell(&app, &coop, &movement).await.is(200);
        let view = look(&app.kit, &order.id).await;
        assert_eq!((view.balance.received.vnd(), view.proof()), (20_000, Some(ProofGrade::BankMessage)));
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
    }

    async fn a_cooperative_without_messages_lives_by_statements(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = bank::coop_paid_by(&app.kit, "Làng Cũ", BankProvider::None).await;
        let fruit = bank::goods(&app.kit, &coop, "Ổi", 20_000, 100).await;
        let (paid, lost) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "2")]).await);
        let lines = [line(&Movement::paying(&coop, &paid)), line(&Movement::to(&coop, "NODATA", lost.total_vnd))];
        assert_eq!(import(&app.kit, &coop, &lines).await, counts(2, 0, 0));
        assert_eq!(stands(&app.kit, &paid).await, (OrderState::Placed, Settlement::Settled));
        assert_eq!(stands(&app.kit, &lost).await.0, OrderState::AwaitingPayment, "what names no order goes to people");
        assert_eq!(reasons(&app.kit, &coop).await, [(MoneyCaseReason::Unmatched, 40_000)]);
        check(&app.kit).await;
    }

    async fn the_page_shows_what_it_would_do_and_does_it_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let (told, silent) = (order(&app.kit, &[(&fruit, "1")]).await, order(&app.kit, &[(&fruit, "3")]).await);
        let known = Movement::paying(&coop, &told);
        tell(&app, &coop, &known).await.is(200);
        let actor = app.seller(&coop.id, &[MemberRole::Accountant]).await;
        actor.get("/ban-hang/tien").await.is(200).says("/ban-hang/tien/sao-ke");
        actor.get("/ban-hang/tien/sao-ke").await.is(200).says("Xem trước sao kê").says(&coop.account_number);
        let lines = [line(&known), line(&Movement::paying(&coop, &silent)), "hôm qua;1;;5.000;;gì đó\n".to_owned()];
        let sent = upload(&actor, "/ban-hang/tien/sao-ke", &file(&lines)).await.is(303);
        let way = sent.location().to_owned();
        assert_eq!(upload(&actor, "/ban-hang/tien/sao-ke", &file(&lines)).await.is(303).location(), way, "the same file");
        let page = actor.get(&way).await.is(200);
        page.says("Chưa ai báo: 1 khoản").says("sao kê xác nhận: 1 khoản").says("Không đọc được: 1 dòng").says("Dòng 5:");
        page.says("Nhập 2 khoản vào sổ").says("thang-11.csv");
        assert_eq!(stands(&app.kit, &silent).await.0, OrderState::AwaitingPayment, "a look books nothing");
        for _ in 0..2 {
            assert_eq!(actor.post(&way, &[]).await.is(303).location(), way);
            let page = actor.get(&way).await.is(200);
            page.says("Đã nhập lúc");
            assert!(!page.body.contains("khoản vào sổ"), "nothing is left to press");
        }
        assert_eq!(stands(&app.kit, &silent).await, (OrderState::Placed, Settlement::Settled));
        actor.get("/ban-hang/tien/sao-ke").await.is(200).says("đã nhập");
        upload(&actor, "/ban-hang/tien/sao-ke", b"").await.is(422).says("Chưa chọn tệp sao kê");
        upload(&actor, "/ban-hang/tien/sao-ke", b"%PDF-1.4").await.is(422).says("không phải CSV hay .xlsx");
        upload(&actor, "/ban-hang/tien/sao-ke", b"a,b\n1,2\n").await.is(422).says("Không thấy dòng tiêu đề");
        let other = format!("Số tài khoản: 999888777666\n{}", String::from_utf8(file(&lines)).expect("text"));
        upload(&actor, "/ban-hang/tien/sao-ke", other.as_bytes()).await.is(422).says("999888777666");
        check(&app.kit).await;
    }

    async fn a_statement_is_its_cooperatives_accountants_matter(db: TestDb) {
        let (app, coop, _fruit) = open(db).await;
        let (other, _goods) = crate::paying::another(&app).await;
        let lines = [line(&Movement::to(&coop, "x", 1_000))];
        let id = importing::bring_statement(&app.kit, &coop.seller, None, "a", file(&lines)).await.expect("read");
        let theirs = importing::take_statement(&app.kit, &other.seller, &id).await;
        assert!(matches!(theirs, Err(ganh::service::error::ServiceError::NotFound)), "{theirs:?}");
        let account = Some(coop.receiving.id.clone());
        let foreign = importing::bring_statement(&app.kit, &other.seller, account, "a", file(&lines)).await;
        assert_eq!(refusals(foreign), ["refusal-no-account"]);
        let packer = bank::seller(&app.kit, &coop.id, "x", &[MemberRole::Packer]).await;
        let packer = importing::show_statement(&app.kit, &packer, &id).await;
        assert!(matches!(packer, Err(ganh::service::error::ServiceError::Forbidden)));
        check(&app.kit).await;
    }

    async fn statement_and_webhook_from_eight_sides_at_once_credit_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let rounds = if std::env::var("GANH_LONG").is_ok() { 200 } else { 12 };
        for round in 0..rounds {
            let order = order(&app.kit, &[(&fruit, "1")]).await;
            let told = Movement::paying(&coop, &order);
            let written = Movement { reference: if round % 2 == 0 { told.reference.clone() } else { String::new() }, ..told.clone() };
            let lines = [line(&written)];
            join_all((0..8).map(|n| {
                let (app, coop, told, lines) = (&app, &coop, &told, &lines);
                async move {
                    if n % 2 == 0 {
                        tell(app, coop, told).await.is(200);
                    } else {
                        import(&app.kit, coop, lines).await;
                    }
                }
            })).await;
            let view = look(&app.kit, &order.id).await;
            assert_eq!((view.order.state, view.balance.received.vnd()), (OrderState::Placed, 20_000), "round {round}");
        }
        assert!(reasons(&app.kit, &coop).await.is_empty());
        check(&app.kit).await;
    }

    async fn what_a_file_held_is_forgotten_in_time_and_the_books_are_not(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let order = order(&app.kit, &[(&fruit, "2")]).await;
        let lines = [line(&Movement::paying(&coop, &order))];
        assert_eq!(import(&app.kit, &coop, &lines).await, counts(1, 0, 0));
        let id = importing::list_statements(&app.kit, &coop.seller).await.expect("a list").1.remove(0).id;
        let actor = app.signed_in(&coop.seller.account).await;
        let address = format!("/ban-hang/tien/sao-ke/{id}");
        tidying::forget_raw_bodies(&app.kit).await.expect("a round");
        actor.get(&address).await.is(200).says(order.code.as_text());
        app.clock.advance_s(31 * 86_400);
        assert!(tidying::forget_raw_bodies(&app.kit).await.expect("a round") > 0);
        assert_eq!(tidying::forget_raw_bodies(&app.kit).await.expect("a round"), 0);
        let actor = app.signed_in(&coop.seller.account).await;
        let page = actor.get(&address).await.is(200);
        page.says("đã được xóa sau thời hạn giữ");
        assert!(!page.body.contains(order.code.as_text()));
        assert_eq!(look(&app.kit, &order.id).await.balance.received.vnd(), 40_000);
        // The same file once more is the same statement, and books nothing.
        assert_eq!(import(&app.kit, &coop, &lines).await, counts(0, 0, 1));
        actor.get(&address).await.is(200).says(order.code.as_text());
        check(&app.kit).await;
    }
}
