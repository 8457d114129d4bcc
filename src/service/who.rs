//! Proofs of who acts: made by `signing_in` from a live session, asked for by the use cases as arguments.
//! Whoever holds a `Seller` has been proven to be one.

use super::error::ServiceError;
use crate::domain::account::{GrantKind, MemberRole, SignInKind};
use crate::domain::id::{AccountId, CooperativeId, SessionId};
use crate::domain::lang::Lang;
use crate::domain::time::At;

/// A cooperative for which a person works.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Work {
    pub cooperative: CooperativeId,
    pub slug: String,
    pub name: String,
    pub roles: Vec<MemberRole>,
}

/// A grant in force.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Grant {
    pub kind: GrantKind,
    /// Commune code, province code as `p:33`, or `*`.
    pub territory: String,
    pub office: Option<String>,
}

/// A person who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session: SessionId,
    pub account: AccountId,
    pub name: String,
    /// E.164.
    pub phone: String,
    pub lang: Lang,
    pub kind: SignInKind,
    /// The cooperative now worked for; one of `works`.
    pub cooperative: Option<CooperativeId>,
    pub works: Vec<Work>,
    pub grants: Vec<Grant>,
    pub signed_in_at: At,
}

/// A person who works for a cooperative, with the roles held there.
#[derive(Debug, Clone)]
pub struct Seller {
    pub account: AccountId,
    pub name: String,
    pub cooperative: CooperativeId,
    pub cooperative_slug: String,
    pub cooperative_name: String,
    pub roles: Vec<MemberRole>,
}

/// A public servant with a grant in force.
#[derive(Debug, Clone)]
pub struct Official {
    pub account: AccountId,
    pub name: String,
    pub office: String,
    pub territory: String,
}

/// One of the people who run the market.
#[derive(Debug, Clone)]
pub struct Operator {
    pub account: AccountId,
    pub name: String,
}

impl SignedIn {
    /// The cooperative now worked for.
    pub fn work(&self) -> Option<&Work> {
        let chosen = self.cooperative.as_ref();
        self.works.iter().find(|work| Some(&work.cooperative) == chosen).or_else(|| self.works.first())
    }

    pub fn seller(&self) -> Option<Seller> {
        self.work().map(|work| Seller {
            account: self.account.clone(),
            name: self.name.clone(),
            cooperative: work.cooperative.clone(),
            cooperative_slug: work.slug.clone(),
            cooperative_name: work.name.clone(),
            roles: work.roles.clone(),
        })
    }

    fn grant(&self, kind: GrantKind) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.kind == kind)
    }

    pub fn official(&self) -> Option<Official> {
        self.grant(GrantKind::Official).map(|grant| Official {
            account: self.account.clone(),
            name: self.name.clone(),
            office: grant.office.clone().unwrap_or_default(),
            territory: grant.territory.clone(),
        })
    }

    pub fn operator(&self) -> Option<Operator> {
        self.grant(GrantKind::Operator).map(|_| Operator { account: self.account.clone(), name: self.name.clone() })
    }

    /// Where a person lands after signing in, the first door that is theirs.
    pub fn home(&self) -> &'static str {
        if self.operator().is_some() {
            "/van-hanh"
        } else if self.official().is_some() {
            "/co-quan"
        } else if self.work().is_some() {
            "/ban-hang"
        } else {
            "/tai-khoan"
        }
    }
}

/// Whoever has not this role may not.
pub(super) fn needs(seller: &Seller, role: MemberRole) -> Result<(), ServiceError> {
    if seller.may(role) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// Only who lists for the cooperative goes on.
pub(super) fn may_list(seller: &Seller) -> Result<(), ServiceError> {
    if seller.may(MemberRole::Lister) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

/// Only who keeps the cooperative's money goes on.
pub(super) fn may_touch_money(seller: &Seller) -> Result<(), ServiceError> {
    if seller.may(MemberRole::Accountant) { Ok(()) } else { Err(ServiceError::Forbidden) }
}

impl Seller {
    /// Whether this person holds a role here; a manager holds all.
    pub fn may(&self, role: MemberRole) -> bool {
        self.roles.iter().any(|held| *held == role || *held == MemberRole::Manager)
    }
}
