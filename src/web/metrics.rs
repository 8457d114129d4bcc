//! Figures of the server for Prometheus. Names routes by their pattern; knows no person.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

type Labels = Vec<(&'static str, String)>;

/// The figures of this process.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Family<Labels, Histogram>,
    bank_messages: Family<Labels, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("ganh");
        let requests = Family::<Labels, Counter>::default();
        let seconds =
            Family::<Labels, Histogram>::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.5, 10)));
        registry.register("http_requests", "Requests answered, by route and status", requests.clone());
        registry.register("http_request_seconds", "Time to answer, by route", seconds.clone());
        let bank_messages = Family::<Labels, Counter>::default();
        registry.register(
            "bank_messages",
            "Deliveries of banks, by provider and what came of them",
            bank_messages.clone(),
        );
        Self { registry, requests, seconds, bank_messages }
    }

    /// Counts one answer.
    pub fn request(&self, route: &str, method: &str, status: u16, seconds: f64) {
        let of = |name, value: &str| (name, value.to_owned());
        let labels = vec![of("route", route), of("method", method), of("status", &status.to_string())];
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&vec![of("route", route)]).observe(seconds);
    }

    /// Counts one delivery of a bank: `taken`, `seen`, `empty`, `token`, `bad_signature`, `unreadable`, `not_now`.
    pub fn bank_message(&self, provider: &str, word: &str) {
        let labels = vec![("provider", provider.to_owned()), ("word", word.to_owned())];
        self.bank_messages.get_or_create(&labels).inc();
    }

    /// All figures in the text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("the figures could not be written");
        }
        text
    }
}
