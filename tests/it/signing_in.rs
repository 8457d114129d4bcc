//! Signing in by password, card and code; sessions; what a guesser meets.

use crate::kit::app::{Actor, PASSWORD, TestApp};
use crate::on_both_engines;
use ganh::domain::account::MemberRole;
use ganh::domain::id::AccountId;
use ganh::service::signing_in;

async fn phone_of(app: &TestApp, account: &AccountId) -> String {
    let id = account.clone();
    let account = app.kit.db.read(move |conn| ganh::store::account::get(conn, &id)).await.expect("an account");
    account.phone.as_text().to_owned()
}

async fn sign_in(actor: &Actor, phone: &str, password: &str) -> crate::kit::app::Answer {
    actor.post("/tai-khoan/dang-nhap", &[("phone", phone), ("password", password)]).await
}

on_both_engines! {
    async fn a_person_signs_in_with_phone_and_password_and_out_again(db: TestDb) {
        let app = TestApp::start(db).await;
        let phone = phone_of(&app, &app.account("Bà Tám").await).await;
        let actor = app.visitor();
        let answer = sign_in(&actor, &phone, PASSWORD).await.is(303);
        assert_eq!(answer.location(), "/tai-khoan");
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
        let old = actor.cookie("ganh").expect("a cookie");
        actor.get("/tai-khoan").await.is(200).says("Bà Tám");
        let out = actor.post("/tai-khoan/ra", &[]).await.is(303);
        assert!(out.header("clear-site-data").contains("storage"));
        actor.set_cookie("ganh", &old);
        actor.get("/tai-khoan").await.is(303);
        app.stop().await;
    }

    async fn each_role_lands_at_its_own_door_and_a_turned_away_page_comes_back(db: TestDb) {
        let app = TestApp::start(db).await;
        let phone = phone_of(&app, &app.account("Chị Mua").await).await;
        let actor = app.visitor();
        let away = actor.get("/tai-khoan/mat-khau").await.is(303);
        let next = away.location().split_once("tiep=").expect("a way back").1.to_owned();
        actor.get(away.location()).await.is(200).says(&next);
        let fields = [("phone", phone.as_str()), ("password", PASSWORD), ("next", &next)];
        assert_eq!(actor.post("/tai-khoan/dang-nhap", &fields).await.is(303).location(), "/tai-khoan/mat-khau");
        let evil = data_encoding::BASE64URL_NOPAD.encode(b"//evil.example/");
        let fields = [("phone", phone.as_str()), ("password", PASSWORD), ("next", &evil)];
        assert_eq!(app.visitor().post("/tai-khoan/dang-nhap", &fields).await.is(303).location(), "/tai-khoan");
        let htx = app.cooperative("HTX A").await;
        assert_eq!(app.seller(&htx, &[MemberRole::Packer]).await.me.expect("in").home(), "/ban-hang");
        assert_eq!(app.official().await.me.expect("in").home(), "/co-quan");
        assert_eq!(app.operator().await.me.expect("in").home(), "/van-hanh");
        app.stop().await;
    }

    async fn an_unknown_phone_and_a_wrong_password_get_the_same_answer(db: TestDb) {
        let app = TestApp::start(db).await;
        let phone = phone_of(&app, &app.account("Bà Tám").await).await;
        let wrong = sign_in(&app.visitor(), &phone, "không phải").await.is(422);
        let unknown = sign_in(&app.visitor(), "0999999999", "không phải").await.is(422);
        let plain = |page: &str, phone: &str| page.replace(phone, "");
        assert_eq!(plain(&wrong.body, &phone), plain(&unknown.body, "0999999999"));
        app.stop().await;
    }

    async fn a_guesser_waits_and_the_person_at_another_address_does_not(db: TestDb) {
        let app = TestApp::start_with(db, |config| {
            config.has_limits = true;
            let proxies = std::collections::BTreeMap::from([("TRUSTED_PROXIES", "127.0.0.1".to_owned())]);
            let read = ganh::config::Config::read(&|name| proxies.get(name).cloned()).expect("proxies");
            config.trusted_proxies = read.trusted_proxies;
        }).await;
        let phone = phone_of(&app, &app.account("Bà Tám").await).await;
        let from = |address: &'static str, password: &'static str| {
            let (actor, phone) = (app.visitor(), phone.clone());
            let base = app.base_url.clone();
            async move {
                let body = serde_html_form::to_string([("phone", phone.as_str()), ("password", password)]).expect("form");
                let request = actor.request("POST", "/tai-khoan/dang-nhap").header("origin", base)
                    .header("x-forwarded-for", address).body(body);
                actor.send(request).await
            }
        };
        for _ in 0..5 {
            from("203.0.113.1", "đoán bừa").await.is(422);
        }
        let held = from("203.0.113.1", PASSWORD).await.is(429);
        assert_eq!(held.header("retry-after"), "900");
        from("203.0.113.2", PASSWORD).await.is(303);
        app.clock.advance_s(16 * 60);
        from("203.0.113.1", PASSWORD).await.is(303);
        app.stop().await;
    }

    async fn a_card_shows_first_signs_in_once_and_is_then_dead(db: TestDb) {
        let app = TestApp::start(db).await;
        let htx = app.cooperative("HTX A").await;
        let manager = app.seller(&htx, &[MemberRole::Manager]).await;
        let packer = app.seller(&htx, &[MemberRole::Packer]).await;
        let member = packer.me.as_ref().expect("in").account.clone();
        let token = signing_in::issue_card(&app.kit, &manager.seller_proof(), &member).await.expect("a card");
        assert!(signing_in::issue_card(&app.kit, &packer.seller_proof(), &member).await.is_err(), "managers only");
        let path = format!("/tai-khoan/the/{token}");
        let holder = app.visitor();
        for _ in 0..3 {
            let page = holder.get(&path).await.is(200);
            page.says("HTX A");
            assert_eq!(page.header("cache-control"), "no-store");
        }
        assert_eq!(holder.post(&path, &[]).await.is(303).location(), "/ban-hang");
        holder.get("/tai-khoan").await.is(200);
        app.visitor().post(&path, &[]).await.is(409);
        app.visitor().get(&path).await.is(200).says("/tai-khoan/ma");
        app.visitor().get("/tai-khoan/the/khong-co").await.is(404);
        let first = signing_in::issue_card(&app.kit, &manager.seller_proof(), &member).await.expect("a card");
        signing_in::revoke_cards(&app.kit, &manager.seller_proof(), &member).await.expect("taken back");
        app.visitor().post(&format!("/tai-khoan/the/{first}"), &[]).await.is(409);
        app.stop().await;
    }

    async fn a_code_is_told_by_a_manager_and_lets_a_new_password_be_set(db: TestDb) {
        let app = TestApp::start(db).await;
        let htx = app.cooperative("HTX A").await;
        let manager = app.seller(&htx, &[MemberRole::Manager]).await;
        let packer = app.seller(&htx, &[MemberRole::Packer]).await;
        let phone = packer.me.as_ref().expect("in").phone.clone();
        let actor = app.visitor();
        let known = actor.post("/tai-khoan/ma", &[("phone", &phone)]).await.is(200);
        let unknown = actor.post("/tai-khoan/ma", &[("phone", "0999999999")]).await.is(200);
        assert_eq!(known.body.replace(&phone, ""), unknown.body.replace("0999999999", ""));
        let codes = signing_in::codes_to_tell(&app.kit, &manager.seller_proof()).await.expect("codes");
        assert_eq!(codes.len(), 1);
        let code = codes[0].code.clone();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        let wrong = if code == "000000" { "111111" } else { "000000" };
        actor.post("/tai-khoan/ma/nhap", &[("phone", &phone), ("code", wrong)]).await.is(422);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        let into = actor.post("/tai-khoan/ma/nhap", &[("phone", &phone), ("code", &spaced)]).await.is(303);
        assert_eq!(into.location(), "/tai-khoan/mat-khau");
        app.visitor().post("/tai-khoan/ma/nhap", &[("phone", &phone), ("code", &code)]).await.is(422);
        actor.post("/tai-khoan/mat-khau", &[("password", "12345678")]).await.is(422).says("Mật khẩu này");
        actor.post("/tai-khoan/mat-khau", &[("password", "ruộng nhà bà Tám")]).await.is(303);
        packer.get("/tai-khoan").await.is(303);
        sign_in(&app.visitor(), &phone, "ruộng nhà bà Tám").await.is(303);
        sign_in(&app.visitor(), &phone, PASSWORD).await.is(422);
        app.stop().await;
    }

    async fn a_code_dies_after_five_wrong_tries_and_after_ten_minutes(db: TestDb) {
        let app = TestApp::start(db).await;
        let operator = app.operator().await;
        let shopper = app.shopper().await;
        let phone = shopper.me.as_ref().expect("in").phone.clone();
        let actor = app.visitor();
        let newest = || async {
            actor.post("/tai-khoan/ma", &[("phone", &phone)]).await.is(200);
            let codes = signing_in::codes_to_tell_by_operator(&app.kit, &operator.operator_proof()).await;
            codes.expect("codes").pop().expect("a code").code
        };
        let code = newest().await;
        let wrong = if code == "000000" { "111111" } else { "000000" };
        for _ in 0..5 {
            actor.post("/tai-khoan/ma/nhap", &[("phone", &phone), ("code", wrong)]).await.is(422);
        }
        actor.post("/tai-khoan/ma/nhap", &[("phone", &phone), ("code", &code)]).await.is(422);
        app.clock.advance_s(1);
        let code = newest().await;
        app.clock.advance_s(601);
        actor.post("/tai-khoan/ma/nhap", &[("phone", &phone), ("code", &code)]).await.is(422);
        app.stop().await;
    }

    async fn a_person_sees_and_ends_their_own_sessions_and_nobody_elses(db: TestDb) {
        let app = TestApp::start(db).await;
        let account = app.account("Bà Tám").await;
        let (here, there) = (app.signed_in(&account).await, app.signed_in(&account).await);
        let stranger = app.shopper().await;
        let id = there.me.as_ref().expect("in").session.to_string();
        let path = format!("/tai-khoan/phien/{id}/ket-thuc");
        here.get("/tai-khoan").await.is(200).says(&path);
        stranger.post(&path, &[]).await.is(303);
        there.get("/tai-khoan").await.is(200);
        here.post(&path, &[]).await.is(303);
        there.get("/tai-khoan").await.is(303);
        here.post(&path, &[]).await.is(303);
        app.stop().await;
    }

    async fn a_member_of_two_cooperatives_switches_between_them(db: TestDb) {
        let app = TestApp::start(db).await;
        let (first, second) = (app.cooperative("HTX A").await, app.cooperative("HTX B").await);
        let seller = app.seller(&first, &[MemberRole::Manager]).await;
        let account = seller.me.as_ref().expect("in").account.clone();
        let none = app.cooperative("HTX C").await;
        ganh::service::people::add_member(&app.kit, &second, &account, "7", &[MemberRole::Packer]).await.expect("member");
        seller.post("/tai-khoan/htx", &[("cooperative", second.as_text())]).await.is(303);
        let token = seller.cookie("ganh").expect("a cookie");
        let me = signing_in::find_session(&app.kit, &token).await.expect("read").expect("live");
        assert_eq!(me.seller().expect("a seller").cooperative, second);
        seller.post("/tai-khoan/htx", &[("cooperative", none.as_text())]).await.is(404);
        app.stop().await;
    }

    async fn an_official_is_signed_out_after_a_working_day_and_a_grant_ends_at_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let official = app.official().await;
        official.get("/tai-khoan").await.is(200);
        app.clock.advance_s(12 * 3600 + 1);
        official.get("/tai-khoan").await.is(303);
        app.stop().await;
    }
}
