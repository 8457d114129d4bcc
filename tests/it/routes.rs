//! The table of routes is what the server does: every route times every kind of person.

use crate::kit::app::{Actor, TestApp};
use crate::on_both_engines;
use ganh::domain::account::MemberRole;
use ganh::web::route::{Door, Route, Stranger, Who};
use ganh::web::routes::table;
use std::collections::BTreeSet;

#[test]
fn every_route_has_a_real_address_and_stands_once() {
    let mut seen = BTreeSet::new();
    for route in table() {
        assert!(!route.sample.contains(['{', '}']), "{route:?} needs a sample");
        assert!(route.sample.starts_with('/'), "{route:?}");
        assert!(seen.insert((route.method.to_string(), route.path)), "{route:?} stands twice");
        assert!(route.path == route.path.to_lowercase() && route.path.is_ascii(), "{route:?}: paths have no accents");
    }
}

#[test]
fn only_routes_that_show_are_kept_and_only_for_anyone() {
    for route in table().into_iter().filter(|route| route.keep != ganh::web::route::Keep::No) {
        assert!(route.method.is_safe() && route.who == Who::Anyone, "{route:?}");
    }
}

/// What a person should get: let in, or one of these.
#[derive(Debug, PartialEq)]
enum Due {
    In,
    Out(u16),
}

struct Person {
    name: &'static str,
    actor: Actor,
    is_signed_in: bool,
    may: fn(Who) -> bool,
}

fn due(route: &Route, person: &Person) -> Due {
    if (person.may)(route.who) {
        return Due::In;
    }
    match (route.stranger, person.is_signed_in) {
        (Stranger::Page, _) => Due::In,
        (Stranger::NotFound, _) => Due::Out(404),
        (_, true) => Due::Out(403),
        (Stranger::SignIn, false) if route.method.is_safe() => Due::Out(303),
        (_, false) => Due::Out(401),
    }
}

const fn is_open(who: Who) -> bool {
    matches!(who, Who::Anyone | Who::Machine)
}

async fn people(app: &TestApp) -> Vec<Person> {
    let htx = app.cooperative("HTX A").await;
    let person = |name, actor: Actor, may| Person { name, is_signed_in: actor.me.is_some(), actor, may };
    vec![
        person("stranger", app.visitor(), is_open),
        person("shopper", app.shopper().await, |who| is_open(who) || who == Who::SignedIn),
        person("packer", app.seller(&htx, &[MemberRole::Packer]).await, |who| {
            is_open(who) || matches!(who, Who::SignedIn | Who::Seller | Who::SellerAs(MemberRole::Packer))
        }),
        person("manager", app.seller(&htx, &[MemberRole::Manager]).await, |who| {
            is_open(who) || matches!(who, Who::SignedIn | Who::Seller | Who::SellerAs(_))
        }),
        person("official", app.official().await, |who| is_open(who) || matches!(who, Who::SignedIn | Who::Official)),
        person("operator", app.operator().await, |who| is_open(who) || matches!(who, Who::SignedIn | Who::Operator)),
    ]
}

on_both_engines! {
    async fn everybody_gets_at_each_door_what_the_table_says(db: TestDb) {
        let app = TestApp::start(db).await;
        let people = people(&app).await;
        let mut wrong = Vec::new();
        // Signing out comes last: it ends the session that the others need.
        let (last, mut routes): (Vec<_>, Vec<_>) = table().into_iter().partition(|route| route.path == "/tai-khoan/ra");
        routes.extend(last);
        for route in &routes {
            for person in &people {
                let answer = match route.method.as_str() {
                    "GET" => person.actor.get(route.sample).await,
                    "POST" => person.actor.post(route.sample, &[]).await,
                    other => person.actor.send(person.actor.request(other, route.sample)).await,
                };
                let to_sign_in = answer.status == 303 && answer.location().starts_with("/tai-khoan/dang-nhap");
                let fits = match due(route, person) {
                    // A bank proves itself by its signature, which none of these have.
                    Due::In if route.door == Door::Bank => matches!(answer.status, 400 | 401 | 404),
                    // The tests' clock stands while the database server's goes on.
                    Due::In if route.path == "/readyz" => matches!(answer.status, 200 | 503),
                    Due::In => !to_sign_in && answer.status < 500 && !matches!(answer.status, 401 | 403),
                    Due::Out(303) => to_sign_in,
                    Due::Out(status) => answer.status == status,
                };
                if !fits {
                    wrong.push(format!("{} at {route:?}: {} {}", person.name, answer.status, answer.location()));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        app.stop().await;
    }

    async fn a_public_page_is_the_same_bytes_for_everyone_and_kept(db: TestDb) {
        let app = TestApp::start(db).await;
        let people = people(&app).await;
        for route in table().into_iter().filter(|route| route.keep != ganh::web::route::Keep::No) {
            let first = people[0].actor.get(route.sample).await;
            // Nobody's page is not kept; `browsing` looks at those with somebody's.
            if first.status == 404 {
                continue;
            }
            assert!(first.header("vary").contains("Accept-Language") && !first.header("etag").is_empty(), "{route:?}");
            assert!(!first.headers.contains_key("set-cookie"), "{route:?}");
            for person in &people {
                let again = person.actor.get(&format!("{}?khong-biet={}", route.sample, person.name)).await;
                assert_eq!(again.bytes, first.bytes, "{} at {route:?}", person.name);
            }
            let request = people[0].actor.request("GET", route.sample).header("if-none-match", first.header("etag"));
            let known = people[0].actor.send(request).await;
            assert_eq!((known.status, known.bytes.len()), (304, 0), "{route:?}");
            let packed = people[0].actor.request("GET", route.sample).header("accept-encoding", "br");
            assert_eq!(people[0].actor.send(packed).await.header("content-encoding"), "br", "{route:?}");
        }
        app.stop().await;
    }
}
