//! What the environment says, read and refused.

use super::*;
use std::collections::BTreeMap;

fn config(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let map: BTreeMap<String, String> = pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    Config::read(&|name| map.get(name).cloned())
}

fn refused(pairs: &[(&str, &str)]) -> Vec<&'static str> {
    config(pairs).expect("readable").refusals_to_serve().into_iter().map(|refusal| refusal.variable).collect()
}

const KEY: &str = "k2GmA0pYcXr8Wq5vZt7uBn3eLd9hSj1f";
const LOG: &str = "q9TzR4wEbV6yNc2mXk8sHa5gPd7jUf3L";

#[test]
fn every_variable_stands_in_the_example_and_the_example_knows_no_other() {
    let example: Vec<&str> = include_str!("../../.env.example")
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once('='))
        .map(|(name, _)| name)
        .filter(|name| !name.contains(' '))
        .collect();
    assert_eq!(example, VARIABLES);
}

#[test]
fn every_variable_that_is_read_is_in_the_list() {
    let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
    Config::read(&|name| {
        asked.borrow_mut().insert(name.to_owned());
        None
    })
    .expect("defaults are readable");
    assert_eq!(asked.into_inner(), VARIABLES.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn a_safe_configuration_is_served_and_an_unsafe_one_names_its_variable() {
    let good = [("SECRET_KEY", KEY), ("LOG_KEY", LOG), ("BASE_URL", "https://cho.example")];
    assert!(refused(&good).is_empty());
    assert_eq!(refused(&[("LOG_KEY", LOG)]), ["SECRET_KEY"]);
    assert_eq!(refused(&[("SECRET_KEY", KEY), ("LOG_KEY", "short")]), ["LOG_KEY"]);
    assert_eq!(refused(&[("SECRET_KEY", KEY), ("LOG_KEY", KEY)]), ["LOG_KEY"]);
    assert_eq!(refused(&[good[0], good[1], ("BASE_URL", "http://cho.example")]), ["BASE_URL"]);
    assert_eq!(refused(&[good[0], good[1], ("BASE_URL", "cho.example")]), ["BASE_URL"]);
    assert!(refused(&[good[0], good[1], ("BASE_URL", "http://[::1]:8080")]).is_empty());
    assert_eq!(config(&[("MEILI_URL", "http://m:7700")]).expect_err("no key").variable, "MEILI_KEY");
    assert_eq!(config(&[("TRUSTED_PROXIES", "10.0.0.0/99")]).expect_err("no net").variable, "TRUSTED_PROXIES");
    assert_eq!(config(&[("WORKER", "maybe")]).expect_err("no switch").variable, "WORKER");
}

#[test]
fn a_key_that_this_project_prints_is_refused() {
    let printed = "openssl rand -base64 48 makes one";
    assert!(include_str!("../../.env.example").contains(printed));
    assert_eq!(refused(&[("SECRET_KEY", printed), ("LOG_KEY", LOG)]), ["SECRET_KEY"]);
}

#[test]
fn a_secret_is_never_written_out() {
    let config = config(&[("SECRET_KEY", KEY), ("DATABASE_URL", "postgres://u:pass@h/d")]).expect("readable");
    let written = format!("{config:?}");
    assert!(written.contains("***") && !written.contains(KEY) && !written.contains("pass"), "{written}");
}

#[test]
fn a_net_holds_its_addresses_and_no_other() {
    let net = Net::read("10.1.0.0/16").expect("a net");
    assert!(["10.1.2.3", "::ffff:10.1.2.3"].iter().all(|ip| net.holds(ip.parse().expect("address"))));
    assert!(!net.holds("10.2.2.3".parse().expect("address")));
    assert!(Net::read("0.0.0.0/0").expect("a net").holds("8.8.8.8".parse().expect("address")));
}
