//! Who may decide on another receiving account: a second manager of the cooperative or an operator, come by themselves, and still holding
//! the role when the cooperative is held.

use super::error::{ServiceError, ServiceResult};
use super::who::{Operator, Seller, SignedIn};
use crate::domain::account::{MemberRole, SignInKind};
use crate::domain::account_change::{Against, Second};
use crate::domain::id::{AccountId, CooperativeId};
use crate::domain::refusal::Refusal;
use crate::store::{self, Conn};

/// Who decides on what another has proposed.
#[derive(Debug, Clone, Copy)]
pub enum Decider<'a> {
    Manager(&'a Seller),
    Operator(&'a Operator),
}

impl Decider<'_> {
    fn account(&self) -> &AccountId {
        match self {
            Decider::Manager(seller) => &seller.account,
            Decider::Operator(operator) => &operator.account,
        }
    }

    const fn second(&self) -> Second {
        match self {
            Decider::Manager(_) => Second::Manager,
            Decider::Operator(_) => Second::Operator,
        }
    }

    /// Of which cooperative a decider may decide; none: of any.
    fn only_of(&self) -> Option<CooperativeId> {
        match self {
            Decider::Manager(seller) => Some(seller.cooperative.clone()),
            Decider::Operator(_) => None,
        }
    }

    pub(super) fn may(&self) -> ServiceResult<()> {
        match self {
            Decider::Manager(seller) if !seller.may(MemberRole::Manager) => Err(ServiceError::Forbidden),
            _ => Ok(()),
        }
    }
}

/// A decider inside a write.
#[derive(Debug, Clone)]
pub(super) struct By {
    pub(super) account: AccountId,
    pub(super) second: Second,
    pub(super) only_of: Option<CooperativeId>,
}

impl By {
    pub(super) fn of(decider: Decider<'_>) -> Self {
        Self { account: decider.account().clone(), second: decider.second(), only_of: decider.only_of() }
    }
}

pub(super) fn against(why: Against) -> ServiceError {
    let changed = |key| ServiceError::changed(Refusal::new(key));
    match why {
        Against::SamePerson => ServiceError::refused(Refusal::new("refusal-change-same-person")),
        Against::NotTheProposer => ServiceError::Forbidden,
        Against::TooLate => changed("refusal-change-too-late"),
        Against::Moved => changed("refusal-change-moved"),
    }
}

/// A card is printed by another person: for this, who holds one comes by the password or a code.
pub(super) fn came_by_oneself(me: &SignedIn) -> ServiceResult<()> {
    if me.kind == SignInKind::Card {
        return Err(ServiceError::refused(Refusal::new("refusal-change-card").about("password")));
    }
    Ok(())
}

/// The role as it is at this moment, the cooperative held: a proof from the beginning of the request may be old.
pub(super) fn still_manages(conn: &mut Conn, cooperative: &CooperativeId, account: &AccountId) -> ServiceResult<()> {
    let roles = store::member::list_roles(conn, account)?;
    let manages = roles.iter().any(|held| held.cooperative == *cooperative && held.role == MemberRole::Manager);
    if manages { Ok(()) } else { Err(ServiceError::Forbidden) }
}
