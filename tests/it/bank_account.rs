//! The receiving account on its pages: what is possible at a bank, how a provider is joined, a new key beside the old one.

use crate::kit::app::{Answer, PASSWORD, TestApp};
use crate::kit::bank::{Coop, Movement, coop_paid_by, post_signed};
use crate::on_both_engines;
use ganh::config::Secret;
use ganh::domain::account::MemberRole;
use ganh::domain::bank_message::BankProvider;
use ganh::domain::bank_ways::providers_at;
use ganh::domain::money::Money;
use ganh::gateway::bank::{self, Headers};
use ganh::service::error::ServiceError;
use ganh::service::joining_bank::{self, NewKey};
use ganh::service::paying;
use ganh::store;

const HERE: &str = "/ban-hang/tien/tai-khoan";

fn hidden(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.body.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

async fn manager(app: &TestApp, coop: &Coop) -> crate::kit::app::Actor {
    app.seller(&coop.id, &[MemberRole::Manager]).await
}

/// What the door answers to a movement signed with this key.
async fn told(app: &TestApp, coop: &Coop, provider: BankProvider, key: &str, id: u64) -> String {
    let reference = format!("FT{id}");
    let at = app.kit.now();
    let said = bank::Movement {
        id,
        account: &coop.account_number,
        amount: Money(1_000),
        memo: "thu",
        reference: &reference,
        at,
    };
    let signed = bank::compose(provider, key, &said).expect("talks");
    let headers = Headers::new(signed.headers.iter().map(|(name, value)| (*name, value.as_bytes())));
    let delivered =
        paying::receive_bank_message(&app.kit, provider, &coop.receiving.path_id, headers, signed.body).await;
    delivered.expect("an answer").word.to_owned()
}

on_both_engines! {
    async fn choosing_a_bank_says_at_once_what_is_possible(db: TestDb) {
        let app = TestApp::start(db).await;
        let htx = app.cooperative("HTX Mới").await;
        let actor = app.seller(&htx, &[MemberRole::Manager]).await;
        actor.get(HERE).await.is(200).says("HTX đang dùng ngân hàng nào?").says("Agribank");
        let heard = actor.get(&format!("{HERE}?bin=970422")).await.is(200);
        heard.says("tự báo được").says("SePay báo tự động").says("value=\"sepay\" checked").says("xem ngày thứ Hai 23/11");
        actor.get(&format!("{HERE}?bin=970418")).await.is(200).says("tài khoản ảo").says("value=\"sepay\" checked");
        let silent = actor.get(&format!("{HERE}?bin=970405")).await.is(200);
        silent.says("chưa tự báo được").says("HTX tự ghi đã nhận tiền").says("Mở thêm một tài khoản").says("value=\"none\" checked");
        assert!(!silent.body.contains("value=\"sepay\""), "SePay does not reach Agribank");
        actor.get(&format!("{HERE}?bin=khong-co")).await.is(200).says("HTX đang dùng ngân hàng nào?");
        // Every provider that is offered is one that can be chosen.
        for provider in providers_at("970422") {
            assert!(heard.body.contains(&format!("value=\"{provider}\"")), "{provider}");
        }
        let odd = [("bin", "970405"), ("account_number", "khong dung"), ("holder_name", "HTX MOI"), ("provider", "none")];
        actor.post(HERE, &[("account_number", "!"), odd[0], odd[2], odd[3]]).await.is(422).says("Agribank");
        actor.post(HERE, &[("account_number", "1500201012345"), odd[0], odd[2], odd[3]]).await.is(303);
        actor.get(HERE).await.is(200).says("1500201012345").says("HTX tự ghi");
        // Whoever set it up stands beside it; another is proposed on the same form, with the same fields.
        let (now, by) = (app.kit.now(), actor.me.as_ref().expect("me").seller().expect("a seller").account);
        let active = app.kit.db.read(move |conn| store::bank::list_active(conn, &[htx], now)).await.expect("accounts").remove(0);
        assert_eq!(active.made_by, Some(by));
        let proposed = actor.get(&format!("{HERE}/doi?bin=970418")).await.is(200);
        for field in ["account_number", "holder_name", "memo_prefix", "virtual_account", "provider"] {
            assert!(heard.body.contains(&format!("name=\"{field}\"")) && proposed.body.contains(&format!("name=\"{field}\"")), "{field}");
        }
    }

    async fn every_provider_has_a_page_that_leads_through_and_english_too(db: TestDb) {
        let app = TestApp::start(db).await;
        for provider in BankProvider::ALL {
            let coop = coop_paid_by(&app.kit, "Nhãn Lồng", *provider).await;
            let mut actor = manager(&app, &coop).await;
            for speaks in ["vi", "en"] {
                actor.speaks = speaks;
                let page = actor.get(HERE).await.is(200);
                assert!(!page.body.contains("farm-guide-") && !page.body.contains("farm-provider-"), "{provider} {speaks}");
                assert!(page.body.contains(&coop.account_number), "{provider}");
                let address = format!("/webhooks/bank/{provider}/{}", coop.receiving.path_id);
                assert_eq!(page.body.contains(&address), *provider != BankProvider::None, "{provider}");
                let is_drawn = ["sepay", "casso", "payos", "vietqr"].contains(&provider.as_text());
                assert_eq!(page.body.contains(&format!("/assets/img/guide/{provider}")), is_drawn, "{provider}");
            }
        }
    }

    async fn a_key_that_the_provider_makes_is_typed_in_and_only_then_is_anybody_believed(db: TestDb) {
        let app = TestApp::start(db).await;
        for provider in [BankProvider::Casso, BankProvider::Payos] {
            let coop = coop_paid_by(&app.kit, "Nhãn Lồng", provider).await;
            assert!(coop.receiving.secret.is_none() && coop.receiving.webhook_url.is_some());
            let actor = manager(&app, &coop).await;
            let page = actor.get(HERE).await.is(200);
            page.says("Còn thiếu khóa của nơi báo tin").says("Dán khóa của nơi báo tin");
            assert_eq!(told(&app, &coop, provider, "khoa-cua-kenh-1", 1).await, "bad_signature");
            let seen = hidden(&page, "seen");
            let post = |key: &'static str, password: &'static str| {
                let fields = [("key", key), ("password", password), ("seen", seen.as_str())].map(|(name, value)| (name, value.to_owned()));
                let actor = &actor;
                async move {
                    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    actor.post(&format!("{HERE}/doi-khoa"), &fields).await
                }
            };
            post("khoa-cua-kenh-1", "khong-phai").await.is(422).says("Mật khẩu đang dùng chưa đúng");
            post("", PASSWORD).await.is(422).says("Chưa dán khóa");
            post("có dấu cách", PASSWORD).await.is(422).says("Khóa này chưa đúng");
            assert_eq!(told(&app, &coop, provider, "khoa-cua-kenh-1", 1).await, "bad_signature");
            let done = post("khoa-cua-kenh-1", PASSWORD).await.is(303);
            assert_eq!(done.location(), format!("{HERE}?da=khoa"));
            assert_eq!(told(&app, &coop, provider, "khoa-cua-kenh-1", 1).await, "taken");
            let page = actor.get(HERE).await.is(200);
            page.says("Ngân hàng báo tin đều");
            assert!(!page.body.contains("khoa-cua-kenh-1"), "a key is not shown again");
        }
    }

    async fn a_new_key_and_the_old_one_are_both_good_for_a_day(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop_paid_by(&app.kit, "Nhãn Lồng", BankProvider::Sepay).await;
        let old = coop.receiving.secret.clone().expect("a secret");
        let actor = manager(&app, &coop).await;
        let seen = hidden(&actor.get(HERE).await.is(200), "seen");
        let fields = [("key", ""), ("mode", "signed"), ("password", PASSWORD), ("seen", seen.as_str())];
        let page = actor.post(&format!("{HERE}/doi-khoa"), &fields).await.is(200);
        let new = page.body.split("<code>").nth(2).and_then(|rest| rest.split('<').next()).expect("the new key").to_owned();
        assert!(new.len() >= 32 && new != old);
        assert_eq!(told(&app, &coop, BankProvider::Sepay, &new, 1).await, "taken");
        assert_eq!(told(&app, &coop, BankProvider::Sepay, &old, 2).await, "taken");
        actor.get(HERE).await.is(200).says("Khóa trước còn dùng được tới");
        // The same page sent once more is told so, and the old key has not lost its day.
        actor.post(&format!("{HERE}/doi-khoa"), &fields).await.is(409).says("vừa được người khác đổi");
        app.clock.advance_s(joining_bank::OVERLAP_S - 1);
        assert_eq!(told(&app, &coop, BankProvider::Sepay, &old, 3).await, "taken");
        app.clock.advance_s(2);
        assert_eq!(told(&app, &coop, BankProvider::Sepay, &old, 4).await, "bad_signature");
        assert_eq!(told(&app, &coop, BankProvider::Sepay, &new, 5).await, "taken");
        // A packer and another cooperative's manager have nothing to change here.
        let packer = app.seller(&coop.id, &[MemberRole::Packer]).await;
        packer.post(&format!("{HERE}/doi-khoa"), &fields).await.is(403);
        let movement = Movement::to(&coop, "thu", 1_000);
        post_signed(&app, &coop.receiving.path_id, "khac", app.kit.now().unix_seconds(), &movement.body()).await.is(401);
    }

    async fn sepays_plain_key_is_kept_as_what_it_is(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop_paid_by(&app.kit, "Nhãn Lồng", BankProvider::Sepay).await;
        let actor = manager(&app, &coop).await;
        let seen = hidden(&actor.get(HERE).await.is(200), "seen");
        let fields = [("key", "KHOA-API-CUA-HTX"), ("mode", "plain"), ("password", PASSWORD), ("seen", seen.as_str())];
        actor.post(&format!("{HERE}/doi-khoa"), &fields).await.is(303);
        assert_eq!(told(&app, &coop, BankProvider::Sepay, "apikey:KHOA-API-CUA-HTX", 1).await, "taken");
        assert_eq!(told(&app, &coop, BankProvider::Sepay, "KHOA-API-CUA-HTX", 2).await, "bad_signature");
    }

    async fn of_two_who_change_the_key_at_once_one_is_told(db: TestDb) {
        let app = TestApp::start(db).await;
        let coop = coop_paid_by(&app.kit, "Nhãn Lồng", BankProvider::Sepay).await;
        let first = coop.receiving.secret.clone().expect("a secret");
        let actor = manager(&app, &coop).await;
        let (me, seller) = (actor.me.clone().expect("signed in"), actor.seller_proof());
        let way = joining_bank::show_way_in(&app.kit, &me, &seller, None).await.expect("a page").expect("an account");
        let change = |given: &str| NewKey {
            password: Secret::new(PASSWORD),
            given: given.to_owned(),
            plain: false,
            seen: way.seen.clone(),
            account: None,
        };
        let (one, two) = tokio::join!(
            joining_bank::change_key(&app.kit, &me, &seller, change("khoa-moi-mot")),
            joining_bank::change_key(&app.kit, &me, &seller, change("khoa-moi-hai")),
        );
        let won = [("khoa-moi-mot", one), ("khoa-moi-hai", two)];
        let changed = won.iter().filter(|(_, done)| matches!(done, Err(ServiceError::Changed(_)))).count();
        assert_eq!((won.iter().filter(|(_, done)| done.is_ok()).count(), changed), (1, 1));
        for (id, (key, done)) in (10..).zip(&won) {
            let word = told(&app, &coop, BankProvider::Sepay, key, id).await;
            assert_eq!(word, if done.is_ok() { "taken" } else { "bad_signature" });
        }
        assert_eq!(told(&app, &coop, BankProvider::Sepay, &first, 20).await, "taken", "the key before has its day");
    }
}
