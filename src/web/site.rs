//! What all handlers share in one process, and how they are handed the kit.

use super::assets::Assets;
use super::cache::PageCache;
use super::error::WebError;
use super::limits::Limits;
use super::metrics::Metrics;
use super::streams::Streams;
use crate::service::kit::Kit;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// Shared by all workers of the server.
pub struct Site {
    pub kit: Kit,
    pub assets: Arc<Assets>,
    pub pages: PageCache,
    pub limits: Limits,
    pub metrics: Metrics,
    pub streams: Streams,
}

impl Site {
    pub fn new(kit: Kit, assets: Arc<Assets>, streams: Streams) -> Self {
        Self { kit, assets, pages: PageCache::new(), limits: Limits::new(), metrics: Metrics::new(), streams }
    }

    /// The site of a request.
    pub fn of(req: &HttpRequest) -> Result<&Self, WebError> {
        let missing = || WebError::broken("the server was built without its site");
        req.app_data::<web::Data<Site>>().map(|site| site.get_ref()).ok_or_else(missing)
    }

    /// The address of the client: the peer's, or what a trusted proxy says it is.
    pub fn client(&self, req: &HttpRequest) -> IpAddr {
        let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip().to_canonical());
        let trusted = |address: IpAddr| self.kit.config.trusted_proxies.iter().any(|net| net.holds(address));
        if !trusted(peer) {
            return peer;
        }
        let forwarded = req.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = forwarded.flat_map(|line| line.split(',')).map(str::trim).collect();
        for hop in hops.into_iter().rev() {
            match hop.parse::<IpAddr>() {
                Ok(address) if trusted(address.to_canonical()) => {}
                Ok(address) => return address.to_canonical(),
                Err(_) => break,
            }
        }
        peer
    }
}

impl FromRequest for Kit {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Site::of(req).map(|site| site.kit.clone()))
    }
}
