//! A whole market for one test: kit, server on a free port and a clock and chance that the test owns; and a browser that
//! asks it over HTTP. Knows no feature.

use super::TestDb;
use ganh::app::{App, Running, World};
use ganh::config::Config;
use ganh::domain::account::SignInKind;
use ganh::domain::id::AccountId;
use ganh::domain::lang::Lang;
use ganh::domain::time::{At, Clock, Entropy};
use ganh::service::kit::Kit;
use ganh::service::signing_in::{Client, sign_in_as};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Monday, nine in the morning: cooperatives are open.
pub const MORNING: &str = "2026-11-23T09:00:00+07:00";

/// A clock that stands until the test moves it.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn put(&self, at: &str) {
        self.0.store(at.parse::<At>().expect("a time").unix_micros(), Ordering::SeqCst);
    }

    pub fn pass_minutes(&self, minutes: i64) {
        self.0.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> At {
        At::from_unix_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that is the same in every run.
pub struct TestEntropy(AtomicU64);

impl Entropy for TestEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// A market that answers on a port of its own. End it with `stop`.
pub struct Market {
    pub kit: Kit,
    pub clock: Arc<TestClock>,
    pub base_url: String,
    running: Running,
    http: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.body))
    }
}

/// Who asks: nobody in particular, or a person by their sign-in.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    pub cookie: Option<String>,
    pub csrf: String,
}

impl Market {
    /// Opens over a test's database: no worker, no limits, mail into memory, Monday morning.
    pub async fn open(db: &TestDb) -> Self {
        let url = db.url.clone();
        let variables = move |name: &str| -> Option<String> {
            let value = match name {
                "DATABASE_URL" => url.as_str(),
                "LISTEN" => "127.0.0.1:0",
                "SECRET_KEY" => "a secret of these tests alone, long enough",
                "LOG_KEY" => "a log key of these tests alone, long enough",
                "MEDIA_URL" | "SMTP_URL" => "memory:",
                "WORKER" => "off",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let mut config = Config::read(&variables).expect("a configuration");
        config.has_limits = false;
        let clock = Arc::new(TestClock(AtomicI64::new(0)));
        clock.put(MORNING);
        let world = World { clock: clock.clone(), entropy: Arc::new(TestEntropy(AtomicU64::new(0))) };
        let running = App::start(config, world).await.expect("the market starts");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { kit: running.kit.clone(), clock, base_url: running.base_url.clone(), running, http }
    }

    pub async fn stop(self) {
        self.running.stop().await;
    }

    /// A browser in which this person is signed in.
    pub async fn sign_in(&self, account: &AccountId) -> Browser {
        let client = Client { address: "127.0.0.1".to_owned(), device: "test".to_owned(), lang: Lang::Vi };
        let entered = sign_in_as(&self.kit, account, SignInKind::Password, &client).await.expect("signed in");
        let csrf = self.kit.keys.link_token("csrf", entered.me.session.as_text());
        Browser { cookie: Some(format!("ganh={}", entered.token)), csrf }
    }

    /// A page as nobody in particular sees it.
    pub async fn get(&self, path: &str) -> Answer {
        self.get_as(&Browser::default(), path).await
    }

    pub async fn get_as(&self, browser: &Browser, path: &str) -> Answer {
        self.ask(browser, self.http.get(format!("{}{path}", self.base_url))).await
    }

    /// A form as the page of this person sends it; the token goes along.
    pub async fn post_as(&self, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", browser.csrf.as_str())];
        all.extend_from_slice(fields);
        let body = serde_html_form::to_string(&all).expect("a form");
        let request = self
            .http
            .post(format!("{}{path}", self.base_url))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", &self.base_url)
            .body(body);
        self.ask(browser, request).await
    }

    /// Any request that `http` can make.
    pub async fn ask(&self, browser: &Browser, mut request: reqwest::RequestBuilder) -> Answer {
        if let Some(cookie) = &browser.cookie {
            request = request.header("cookie", cookie);
        }
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, body: answer.text().await.expect("a body") }
    }

    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }
}
