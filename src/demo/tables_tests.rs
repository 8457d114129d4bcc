//! The tables agree with one another, with the land, and with what may not touch the world outside.

use super::*;
use crate::domain::commune;
use crate::domain::holder_name::is_legal_name;
use std::collections::{BTreeMap, HashSet};

fn unique<'a>(words: impl Iterator<Item = &'a str>) -> usize {
    words.collect::<HashSet<_>>().len()
}

#[test]
fn every_row_of_every_table_is_read() {
    for (file, text, read) in [
        ("goods", include_str!("../../assets/data/demo/goods.csv"), goods().len()),
        ("variants", include_str!("../../assets/data/demo/variants.csv"), variants().len()),
        ("offers", include_str!("../../assets/data/demo/offers.csv"), offers().len()),
        ("cooperatives", include_str!("../../assets/data/demo/cooperatives.csv"), cooperatives().len()),
        ("calendar", include_str!("../../assets/data/demo/calendar.csv"), leads().len()),
        ("people", include_str!("../../assets/data/demo/people.csv"), people().len()),
        ("destinations", include_str!("../../assets/data/demo/destinations.csv"), destinations().len()),
        ("delivery", include_str!("../../assets/data/demo/delivery.csv"), ways().len()),
        ("papers", include_str!("../../assets/data/demo/papers.csv"), papers().len()),
        ("texts", include_str!("../../assets/data/demo/texts.csv"), texts().len()),
        ("drawings", include_str!("../../assets/img/goods/index.csv"), drawings().len()),
        ("categories", include_str!("../../assets/data/demo/categories.csv"), categories().len()),
    ] {
        assert_eq!(read, text.lines().count() - 1, "{file}");
    }
    assert_eq!((goods().len(), cooperatives().len(), categories().len()), (60, 48, 9));
}

#[test]
fn every_cooperative_lies_in_its_commune_and_sells_goods_that_exist() {
    for cooperative in cooperatives() {
        assert!(
            commune::find(&cooperative.commune_code).is_some_and(|c| c.province_code == "33"),
            "{}",
            cooperative.name
        );
        assert!(cooperative.goods.iter().all(|number| find_goods(*number).is_some()), "{}", cooperative.name);
        assert!(cooperative.ways.iter().all(|way| ways().iter().any(|w| w.way == *way)), "{}", cooperative.name);
        assert!(cooperative.account_holder.starts_with("HTX MAU ") && cooperative.account_holder.is_ascii());
        assert!(is_legal_name(&cooperative.account_holder, &legal_name(&cooperative.name)), "{}", cooperative.name);
        assert_eq!(cooperative.account_number().len(), 19);
        assert!(cooperative.hours_open < cooperative.hours_close);
    }
    let grown: HashSet<u32> = cooperatives().iter().flat_map(|c| c.goods.iter().copied()).collect();
    assert!((1..=60).all(|number| grown.contains(&number)), "goods that nobody sells");
    assert_eq!(unique(cooperatives().iter().map(|c| c.slug.as_str())), 48);
}

#[test]
fn banks_are_those_of_the_bank_table() {
    let banks = include_str!("../../assets/data/banks.csv");
    for cooperative in cooperatives() {
        assert!(
            banks
                .lines()
                .any(|line| line.starts_with(&cooperative.bin) && line.contains(&format!(",{},", cooperative.bank)))
        );
    }
    assert_eq!(cooperatives().iter().filter(|c| c.provider == "none").count(), 13);
    for provider in ["sepay", "casso", "payos", "vietqr", "generic"] {
        assert!(cooperatives().iter().any(|c| c.provider == provider && c.state == ShopState::Open), "{provider}");
    }
}

#[test]
fn nobody_can_be_reached() {
    assert_eq!(unique(people().iter().map(|p| p.phone.as_str())), people().len());
    assert_eq!(unique(people().iter().map(|p| p.key.as_str())), people().len());
    for person in people() {
        assert!(
            person.phone.len() == 10
                && person.phone.starts_with("05300")
                && person.phone.bytes().all(|b| b.is_ascii_digit())
        );
        assert!(person.commune_code.as_deref().is_none_or(|code| commune::find(code).is_some()), "{}", person.key);
        assert!(person.mail().ends_with("@demo.example"));
    }
    let there = destinations().first().expect("a destination");
    let taken: HashSet<_> = people().iter().map(|p| p.phone.clone()).collect();
    let shoppers: HashSet<_> = (0..90_000).map(|number| shopper(number, there).1).collect();
    assert!(shoppers.len() == 90_000 && shoppers.is_disjoint(&taken));
    assert!(
        cooperatives().iter().all(|c| people().iter().any(|p| p.role == "manager" && p.cooperative == Some(c.number)))
    );
}

#[test]
fn callings_are_not_repeated_within_a_cooperative() {
    for cooperative in cooperatives() {
        let own: Vec<_> = people().iter().filter(|p| p.cooperative == Some(cooperative.number)).collect();
        assert_eq!(unique(own.iter().map(|p| p.calling.as_str())), own.len(), "{}", cooperative.name);
    }
}

#[test]
fn orders_went_to_communes_that_exist_and_their_shares_add_up() {
    let mut scopes: BTreeMap<&str, u32> = BTreeMap::new();
    for place in destinations() {
        let found = commune::find(&place.commune_code).expect("a commune");
        assert_eq!((&found.name, &found.province_code), (&place.commune, &place.province_code));
        *scopes.entry(&place.scope).or_default() += place.share_permille;
    }
    assert_eq!(
        scopes.into_iter().collect::<Vec<_>>(),
        [("elsewhere", 80), ("haiphong", 80), ("hanoi", 380), ("ninhbinh", 50), ("province", 410),]
    );
}

#[test]
fn papers_stand_for_goods_that_their_cooperative_sells_in_the_numbers_of_the_province() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for paper in papers() {
        let holder = find_cooperative(paper.cooperative).expect("a cooperative");
        assert!(paper.goods.is_none_or(|number| holder.goods.contains(&number)), "{paper:?}");
        assert!(paper.issued_days < 0 && paper.issued_days < paper.valid_until_days);
        *kinds.entry(&paper.kind).or_default() += 1;
    }
    for (kind, count) in [
        ("VietGAP", 21),
        ("GlobalGAP", 1),
        ("organic", 1),
        ("OCOP3", 58),
        ("OCOP4", 9),
        ("ATTP", 22),
        ("ATTP_commitment", 26),
    ] {
        assert_eq!(kinds.get(kind), Some(&count), "{kind}");
    }
    let soon = |kind: &str, days: i64| {
        papers().iter().filter(|p| p.kind == kind && (0..=days).contains(&p.valid_until_days)).count()
    };
    let ended = |kind: &str| papers().iter().filter(|p| p.kind == kind && p.valid_until_days < 0).count();
    assert_eq!((soon("VietGAP", 30), ended("VietGAP"), ended("ATTP_commitment"), ended("ATTP")), (2, 1, 2, 0));
    assert_eq!((soon("OCOP3", 60) + soon("OCOP4", 60), ended("OCOP3") + ended("OCOP4")), (3, 0));
}

#[test]
fn one_cooperative_alone_uses_a_protected_name_without_its_paper() {
    let mut without = Vec::new();
    for cooperative in cooperatives() {
        for number in &cooperative.goods {
            let marked = find_goods(*number).is_some_and(|g| g.mark.is_some());
            let paper =
                |p: &&Paper| p.kind == "name_right" && p.cooperative == cooperative.number && p.goods == Some(*number);
            if marked && papers().iter().find(paper).is_none() {
                without.push((cooperative.number, *number));
            }
        }
    }
    assert_eq!(without, [(3, 1)]);
}

#[test]
fn no_text_claims_that_a_food_cures() {
    let texts = goods().iter().map(|g| &g.description).chain(variants().iter().filter_map(|v| v.description.as_ref()));
    for text in texts {
        let lower = text.to_lowercase();
        for word in [
            "chữa",
            "trị bệnh",
            "điều trị",
            "phòng bệnh",
            "giảm đau",
            "ung thư",
            "huyết áp",
            "bổ thận",
            "rượu",
            "tốt cho sức khỏe",
        ] {
            assert!(!lower.contains(word), "{text}");
        }
    }
}
