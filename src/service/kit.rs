//! What every use case is handed: the database, the time, chance, the configuration, keys and the ways to the world.

use super::keys::Keys;
use super::passwords::Passwords;
use crate::config::Config;
use crate::domain::time::{At, Clock, Entropy};
use crate::gateway::mail::Mailer;
use crate::gateway::media::Media;
use crate::gateway::search::Search;
use crate::store::db::Db;
use crate::view::Views;
use std::sync::Arc;

/// Cheap to clone; made once by `app.rs`.
#[derive(Clone)]
pub struct Kit {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub config: Arc<Config>,
    pub keys: Keys,
    pub passwords: Passwords,
    pub mail: Mailer,
    pub media: Media,
    pub search: Search,
    pub views: Views,
}

impl Kit {
    /// The time of this process.
    pub fn now(&self) -> At {
        self.clock.now()
    }

    /// Ten random bytes, what an id needs.
    pub fn ten(&self) -> [u8; 10] {
        crate::domain::time::ten(self.entropy.as_ref())
    }
}
