//! What a route is: data that the server, the tests, the OpenAPI check and the limits read alike.

use crate::domain::account::MemberRole;
use actix_web::http::Method;
use actix_web::{FromRequest, Handler, HttpResponse};
use std::sync::Arc;

/// The door by which one enters; also the look of its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    Shop,
    Trace,
    Account,
    Farm,
    Office,
    Operator,
    Bank,
    Api,
    Log,
    Health,
}

impl Door {
    /// `area` of the layout.
    pub const fn area(self) -> &'static str {
        match self {
            Door::Shop | Door::Bank | Door::Api | Door::Log | Door::Health => "shop",
            Door::Trace => "trace",
            Door::Account => "account",
            Door::Farm => "farm",
            Door::Office => "office",
            Door::Operator => "operator",
        }
    }

    /// Whether programs come in here: errors are problem documents, cookies are never looked at.
    pub const fn is_for_machines(self) -> bool {
        matches!(self, Door::Bank | Door::Api | Door::Log | Door::Health)
    }
}

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anyone,
    SignedIn,
    /// A member of the cooperative now worked for, in any role.
    Seller,
    /// A member in this role, or a manager.
    SellerAs(MemberRole),
    Official,
    Operator,
    /// A program; it proves itself in its own way (signature, key) behind this door.
    Machine,
}

/// What the others get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    /// The same as everybody.
    Page,
    /// To the sign-in page and back; a plain refusal when signed in as somebody else.
    SignIn,
    /// As if nothing were here.
    NotFound,
    /// 401, or 403 when signed in, as a problem document.
    Problem,
}

/// How often one address may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rate {
    Free,
    Page,
    Act,
    SignIn,
    Api,
    Webhook,
}

/// Whether the answer is the same for everyone and may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    No,
    /// Kept by path, these query parameters in this order, and language; other parameters are ignored.
    Public(&'static [&'static str]),
}

/// One route. Begin with `get` or `post`; `to` ends it.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub door: Door,
    pub who: Who,
    pub stranger: Stranger,
    /// A real address of this route, for the tests.
    pub sample: &'static str,
    pub rate: Rate,
    pub keep: Keep,
    pub body_max_bytes: usize,
    make: Arc<dyn Fn() -> actix_web::Route + Send + Sync>,
}

/// A form's usual size; routes that take pictures say more.
pub const FORM_MAX_BYTES: usize = 64 * 1024;

fn route(method: Method, path: &'static str, door: Door, who: Who) -> Route {
    let stranger = match (who, door.is_for_machines()) {
        (Who::Anyone, _) => Stranger::Page,
        (_, true) => Stranger::Problem,
        (_, false) => Stranger::SignIn,
    };
    let rate = match (door, &method) {
        (Door::Health | Door::Log, _) => Rate::Free,
        (Door::Bank, _) => Rate::Webhook,
        (Door::Api, _) => Rate::Api,
        (_, method) if method.is_safe() => Rate::Page,
        _ => Rate::Act,
    };
    let nowhere = || actix_web::web::to(|| async { HttpResponse::NotFound().finish() });
    Route {
        method,
        path,
        door,
        who,
        stranger,
        sample: path,
        rate,
        keep: Keep::No,
        body_max_bytes: FORM_MAX_BYTES,
        make: Arc::new(nowhere),
    }
}

/// A route that only shows.
pub fn get(path: &'static str, door: Door, who: Who) -> Route {
    route(Method::GET, path, door, who)
}

/// A route that acts.
pub fn post(path: &'static str, door: Door, who: Who) -> Route {
    route(Method::POST, path, door, who)
}

impl Route {
    /// What people without the right get, when it is not what the door usually does.
    #[must_use]
    pub fn stranger(self, stranger: Stranger) -> Self {
        Self { stranger, ..self }
    }

    /// A real address, needed when the path has a `{parameter}`.
    #[must_use]
    pub fn sample(self, sample: &'static str) -> Self {
        Self { sample, ..self }
    }

    #[must_use]
    pub fn rate(self, rate: Rate) -> Self {
        Self { rate, ..self }
    }

    /// The page is the same bytes for everyone; `known` are the query parameters that matter.
    #[must_use]
    pub fn public(self, known: &'static [&'static str]) -> Self {
        Self { keep: Keep::Public(known), ..self }
    }

    #[must_use]
    pub fn body_max_bytes(self, body_max_bytes: usize) -> Self {
        Self { body_max_bytes, ..self }
    }

    /// The function that answers.
    #[must_use]
    pub fn to<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: actix_web::Responder + 'static,
    {
        Self { make: Arc::new(move || actix_web::web::to(handler.clone())), ..self }
    }

    pub(super) fn handler(&self) -> actix_web::Route {
        (self.make)()
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({:?}, {:?})", self.method, self.path, self.door, self.who)
    }
}
