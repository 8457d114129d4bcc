//! One tap on an order: who taps, on what, with what typed. What it is on is read anew for each tap; another cooperative's is not there.

use super::desk::{Fields, Typed};
use crate::domain::id::OrderId;
use crate::service::door::{self, DoorView};
use crate::service::error::ServiceError;
use crate::service::kit::Kit;
use crate::service::selling::{self, SellersOrder};
use crate::service::who::{Seller, SignedIn};
use crate::web::error::WebError;
use crate::web::session::Extracting;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

/// What can be tapped on, by the order's code in the address.
pub trait Tapped: Sized + 'static {
    async fn find(kit: &Kit, seller: &Seller, code: &str) -> Result<Self, ServiceError>;
    fn order(&self) -> &SellersOrder;
}

impl Tapped for SellersOrder {
    async fn find(kit: &Kit, seller: &Seller, code: &str) -> Result<Self, ServiceError> {
        selling::find_own_order(kit, seller, code).await
    }

    fn order(&self) -> &SellersOrder {
        self
    }
}

impl Tapped for DoorView {
    async fn find(kit: &Kit, seller: &Seller, code: &str) -> Result<Self, ServiceError> {
        door::show_door(kit, seller, code).await
    }

    fn order(&self) -> &SellersOrder {
        &self.order
    }
}

pub struct Tap<T> {
    pub req: HttpRequest,
    pub kit: Kit,
    pub me: SignedIn,
    pub seller: Seller,
    pub on: T,
    pub typed: Typed,
}

/// Whoever may not tap is told so before what was typed is looked at.
impl<T: Tapped> FromRequest for Tap<T> {
    type Error = WebError;
    type Future = Extracting<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, form) = (req.clone(), Fields::from_request(req, payload));
        Box::pin(async move {
            let (kit, me, seller) =
                (Kit::extract(&req).await?, SignedIn::extract(&req).await?, Seller::extract(&req).await?);
            let typed = Typed::of(form.await?.0);
            let code = web::Path::<String>::extract(&req).await.map_err(|_no_code| WebError::not_found())?;
            let on = T::find(&kit, &seller, &code).await?;
            Ok(Self { req, kit, me, seller, on, typed })
        })
    }
}

impl<T: Tapped> Tap<T> {
    pub fn id(&self) -> &OrderId {
        &self.on.order().view.order.id
    }

    /// What was tapped on, as it is now.
    pub async fn now(&self) -> Result<T, ServiceError> {
        T::find(&self.kit, &self.seller, self.on.order().view.order.code.as_text()).await
    }
}
