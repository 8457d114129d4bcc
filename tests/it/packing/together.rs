//! Phones that send twice, two packers on one order, and what meets in the same moment.

use super::{figure, lines_of, open, tap, to_pack, weighed};
use crate::kit::app::{Actor, Answer, TestApp, refusals};
use crate::kit::bank::{Placed, look, seller};
use crate::on_both_engines;
use crate::races::{rounds, sound, winners_among};
use futures_util::future::join_all;
use ganh::domain::account::MemberRole;
use ganh::domain::order::OrderState;
use ganh::domain::packing::IN_HAND_S;
use ganh::domain::quantity::Base;
use ganh::service::handling::{self, Weighed};
use ganh::service::packing::{self, Act};

/// As the script sends it.
async fn send(app: &TestApp, who: &Actor, placed: &Placed, word: &str, fields: &[(&str, &str)]) -> Answer {
    let body = serde_html_form::to_string(fields).expect("a form");
    let request = who
        .request("POST", &format!("/ban-hang/dong-hang/{}/{word}", placed.code))
        .header("accept", "application/json")
        .header("origin", &app.base_url)
        .header("x-csrf-token", who.csrf().await)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    who.send(request).await
}

on_both_engines! {
    async fn a_tap_that_is_sent_again_is_answered_as_the_first_time(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let placed = to_pack(kit, &coop, &[(&fruit, "1")]).await;
        let line = lines_of(kit, &placed).await.remove(0).to_string();
        let packer = app.signed_in(&coop.seller.account).await;
        let weigh = [("line", line.as_str()), ("seen", "-"), ("weight", "1,02"), ("key", "tap-0001")];
        for _ in 0..2 {
            let told = send(&app, &packer, &placed, "can", &weigh).await.is(200).json();
            assert_eq!((&told["done"], &told["said"], &told["seen"]), (&"can".into(), &"1,02\u{a0}kg".into(), &"1020".into()));
        }
        let other = [("line", line.as_str()), ("seen", "1020"), ("weight", "1,03"), ("key", "tap-0001")];
        send(&app, &packer, &placed, "can", &other).await.is(422).says("không đúng");
        let history = {
            let id = placed.id.clone();
            kit.db.read(move |conn| ganh::store::packing::list_weights(conn, &[id])).await.expect("history")
        };
        assert_eq!(history.len(), 1, "weighed once");

        let strange = [("line", line.as_str()), ("seen", "1020"), ("weight", "1,4"), ("key", "tap-0002")];
        let first = send(&app, &packer, &placed, "can", &strange).await.is(422).json();
        assert!(first["url"].as_str().expect("a way").contains("can=1,4"), "{first}");
        send(&app, &packer, &placed, "dong", &[("key", "tap-0003")]).await.is(200);
        let again = send(&app, &packer, &placed, "can", &strange).await.is(422).json();
        assert_eq!(first["reasons"], again["reasons"], "the same answer, though the order is packed by now");
        for _ in 0..2 {
            send(&app, &packer, &placed, "dong", &[("key", "tap-0003")]).await.is(200);
        }
        assert_eq!(look(kit, &placed.id).await.order.state, OrderState::Packed);
        sound(kit).await;
    }

    async fn two_figures_for_one_line_are_both_shown_and_a_person_chooses(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let placed = to_pack(kit, &coop, &[(&fruit, "1")]).await;
        let second = seller(kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        tap(kit, &second, &placed, Act::Weigh(figure(kit, &placed, 1_010).await)).await.expect("the first");
        let mine = figure(kit, &placed, 1_040).await;
        assert_eq!(refusals(tap(kit, &coop.seller, &placed, Act::Weigh(mine.clone())).await), ["refusal-weight-two"]);
        assert_eq!(weighed(kit, &placed).await.0, Some(1_010), "the later is not silently taken");
        let packer = app.signed_in(&coop.seller.account).await;
        let line = mine.line.to_string();
        let fields = [("line", line.as_str()), ("seen", "-"), ("weight", "1,04")];
        let page = packer.post(&format!("/ban-hang/dong-hang/{}/can", placed.code), &fields).await.is(409);
        page.says("có hai số cân").says("Đang ghi: 1,01\u{a0}kg").says("Máy này ghi: 1,04\u{a0}kg").says(&second.name);
        let chosen = Weighed { seen: Some(Some(Base(1_010))), ..mine.clone() };
        tap(kit, &coop.seller, &placed, Act::Weigh(chosen)).await.expect("chosen");
        tap(kit, &second, &placed, Act::Weigh(mine)).await.expect("the same figure is no other one");
        assert_eq!(weighed(kit, &placed).await.0, Some(1_040));
    }

    async fn whoever_comes_second_to_an_order_is_asked(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let lan = seller(kit, &coop.id, "HTX", &[MemberRole::Packer]).await;
        let placed = to_pack(kit, &coop, &[(&fruit, "1")]).await;
        tap(kit, &lan, &placed, Act::Weigh(figure(kit, &placed, 1_000).await)).await.expect("weighed");
        tap(kit, &lan, &placed, Act::TakeUp { from: None }).await.expect("taken up");
        tap(kit, &lan, &placed, Act::TakeUp { from: None }).await.expect("hers already");
        let page = app.signed_in(&coop.seller.account).await;
        let address = format!("/ban-hang/dong-hang/{}", placed.code);
        page.get(&address).await.is(200).says(&format!("{} đang đóng đơn này từ", lan.name)).says("Tôi đóng thay");
        for act in [Act::TakeUp { from: None }, Act::Pack { seen: None }, Act::TakeUp { from: Some(coop.seller.account.clone()) }] {
            assert_eq!(refusals(tap(kit, &coop.seller, &placed, act).await), ["refusal-packer-other"]);
        }
        assert_eq!(refusals(handling::pack_order(kit, &coop.seller, &placed.id).await), ["refusal-packer-other"]);
        tap(kit, &coop.seller, &placed, Act::TakeUp { from: Some(lan.account.clone()) }).await.expect("taken over");
        assert_eq!(refusals(tap(kit, &lan, &placed, Act::Pack { seen: None }).await), ["refusal-packer-other"]);
        tap(kit, &lan, &placed, Act::Leave).await.expect("it is not hers: nothing to leave");
        app.clock.advance_s(IN_HAND_S);
        tap(kit, &lan, &placed, Act::Pack { seen: None }).await.expect("whoever has gone home has it no more");
        let gone = refusals(tap(kit, &lan, &placed, Act::TakeUp { from: None }).await);
        assert_eq!(gone, ["refusal-weigh-state"]);
    }

    async fn a_page_that_showed_other_lines_packs_nothing(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let honey = crate::kit::bank::goods(kit, &coop, "Mật ong", 20_000, 20).await;
        let placed = to_pack(kit, &coop, &[(&fruit, "1"), (&honey, "1")]).await;
        let lines: Vec<_> = look(kit, &placed.id).await.lines.into_iter().map(|one| one.line).collect();
        let seen = Some(packing::seen_of(&lines));
        tap(kit, &coop.seller, &placed, Act::Weigh(figure(kit, &placed, 1_000).await)).await.expect("weighed");
        let other = lines.iter().find(|line| line.product_id == honey.product).expect("honey").id.clone();
        tap(kit, &coop.seller, &placed, Act::Without(other)).await.expect("out");
        assert_eq!(refusals(tap(kit, &coop.seller, &placed, Act::Pack { seen }).await), ["refusal-pack-changed"]);
        assert_eq!(look(kit, &placed.id).await.order.state, OrderState::Confirmed);
    }

    async fn of_two_packers_with_two_figures_one_is_taken(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let placed = to_pack(kit, &coop, &[(&fruit, "0.5")]).await;
            let mut taps = Vec::new();
            for grams in [490, 495, 500, 505, 510, 515, 520, 525] {
                let figure = figure(kit, &placed, grams).await;
                taps.push(Act::Weigh(figure));
            }
            let done = join_all(taps.iter().map(|act| packing::act(kit, &coop.seller, &placed.id, None, act))).await;
            assert_eq!(winners_among(done, &["refusal-weight-two"]).len(), 1, "round {round}");
        }
        sound(kit).await;
    }

    async fn packing_and_a_no_at_once_are_not_both_right(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let placed = to_pack(kit, &coop, &[(&fruit, "0.5")]).await;
            tap(kit, &coop.seller, &placed, Act::Weigh(figure(kit, &placed, 500).await)).await.expect("weighed");
            let act = Act::Pack { seen: None };
            let packs = join_all((0..4).map(|_| packing::act(kit, &coop.seller, &placed.id, None, &act)));
            let noes = join_all((0..4).map(|_| handling::decline_order(kit, &coop.seller, &placed.id, "Hết hàng")));
            let (packs, noes) = futures_util::future::join(packs, noes).await;
            let keys = ["refusal-order-state", "refusal-order-moved"];
            let won = winners_among(packs, &keys).len() + winners_among(noes, &keys).len();
            assert_eq!(won, 1, "round {round}");
            let state = look(kit, &placed.id).await.order.state;
            assert!(matches!(state, OrderState::Packed | OrderState::Declined), "{state}");
        }
        sound(kit).await;
    }

    async fn one_key_sent_by_eight_connections_is_done_once(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let placed = to_pack(kit, &coop, &[(&fruit, "0.5")]).await;
            let (act, key) = (Act::Weigh(figure(kit, &placed, 500).await), format!("tap-{round:04}"));
            let done = join_all((0..8).map(|_| packing::act(kit, &coop.seller, &placed.id, Some(&key), &act))).await;
            assert!(done.iter().all(Result::is_ok), "round {round}: {done:?}");
            let id = placed.id.clone();
            let history = kit.db.read(move |conn| ganh::store::packing::list_weights(conn, &[id])).await.expect("history");
            assert_eq!(history.len(), 1);
        }
    }
}
