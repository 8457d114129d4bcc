//! What whoever opens a demonstration is told: where it is, how to sign in, the receiving accounts with their secrets, what can
//! be ordered. Kept in the demonstration's folder between two starts.

use super::recipe::Recipe;
use super::shelves::Shelf;
use super::shops::Shop;
use crate::domain::commune;
use crate::domain::id::ProductId;
use crate::domain::product::CooperativeState;
use crate::domain::quantity::Base;
use crate::service::browsing::cards_by_id;
use crate::service::error::ServiceResult;
use crate::service::kit::Kit;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A commune of the province that is nobody's neighbour: what reaches it reaches all.
const FAR_COMMUNE: &str = "13225";
/// Products that one start names.
const MOST_PRODUCTS: usize = 160;

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct SignIn {
    /// `shopper`, `seller`, `helper`, `official` or `operator`.
    pub role: Cow<'static, str>,
    pub name: String,
    pub phone: String,
    pub password: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooperative: Option<String>,
}

/// A receiving account and what its provider needs.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Receiver {
    pub cooperative: String,
    pub provider: String,
    pub account: String,
    pub secret: Option<String>,
    /// `/webhooks/bank/sepay/…`; the address in front of it may differ from start to start.
    pub webhook_url: Option<String>,
}

/// A product that may be named, and whose account it is paid to.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Candidate {
    pub id: ProductId,
    pub slug: String,
    pub provider: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Opening {
    pub seed: u64,
    pub sign_ins: Vec<SignIn>,
    pub bank_accounts: Vec<Receiver>,
    pub candidates: Vec<Candidate>,
    pub lots: Vec<String>,
}

impl Opening {
    pub(super) fn of(
        recipe: &Recipe,
        shops: &[Shop],
        shelves: &[Shelf],
        sign_ins: &[SignIn],
        lots: Vec<String>,
    ) -> Self {
        let provider = |shop: &Shop| shop.provider.as_text().to_owned();
        let receivers = shops.iter().map(|shop| Receiver {
            cooperative: shop.seller.cooperative_slug.clone(),
            provider: provider(shop),
            account: shop.account.clone(),
            secret: shop.receiving.secret.clone(),
            webhook_url: shop
                .receiving
                .secret
                .as_ref()
                .map(|_| format!("/webhooks/bank/{}/{}", shop.provider, shop.receiving.path_id)),
        });
        let candidates = shelves.iter().filter(|shelf| !shelf.is_by_true_weight()).filter_map(|shelf| {
            let shop = shops.get(shelf.shop).filter(|shop| shop.is_approved() && shop.has_way("T"))?;
            // Where one bunch is below the least sum of a way, one cannot be ordered at once.
            let has_minimum = shop.has_way("G") && shop.row.number.rem_euclid(4) == 3;
            (!has_minimum).then(|| Candidate {
                id: shelf.id.clone(),
                slug: shelf.slug.clone(),
                provider: provider(shop),
            })
        });
        Self {
            seed: recipe.seed,
            sign_ins: sign_ins.to_vec(),
            bank_accounts: receivers.collect(),
            candidates: candidates.collect(),
            lots,
        }
    }

    /// Those of the candidates that can be ordered now: their cooperative sells, in stock, in whole units, of every provider in
    /// turn.
    pub async fn products(&self, kit: &Kit) -> ServiceResult<Vec<String>> {
        let mut cards = Vec::new();
        for chunk in self.candidates.chunks(400) {
            let ids = chunk.iter().map(|candidate| candidate.id.clone()).collect();
            cards.extend(cards_by_id(kit, ids, commune::find(FAR_COMMUNE)).await?);
        }
        let mut by_provider: Vec<(&str, Vec<String>)> = Vec::new();
        for card in cards {
            let Some(offer) = card.offer.as_ref().filter(|_| card.cooperative.state == CooperativeState::Open) else {
                continue;
            };
            let whole = offer.min_quantity.0 <= 1000 && 1000_i64.checked_rem(offer.step_quantity.0) == Some(0);
            let plenty = card.available >= Base(offer.base_quantity.0.saturating_mul(20));
            let candidate = self.candidates.iter().find(|candidate| candidate.id == card.product.id);
            let Some(candidate) = candidate.filter(|_| whole && plenty && card.arrives.is_some()) else { continue };
            match by_provider.iter_mut().find(|(provider, _)| *provider == candidate.provider) {
                Some((_, there)) => there.push(card.product.slug.clone()),
                None => by_provider.push((&candidate.provider, vec![card.product.slug.clone()])),
            }
        }
        let deepest = by_provider.iter().map(|(_, slugs)| slugs.len()).max().unwrap_or(0);
        let in_turn =
            (0..deepest).flat_map(|turn| by_provider.iter().filter_map(move |(_, slugs)| slugs.get(turn).cloned()));
        Ok(in_turn.take(MOST_PRODUCTS).collect())
    }

    /// The one line of `ganh demo --json`.
    pub fn json(
        &self,
        base_url: &str,
        env: &serde_json::Map<String, serde_json::Value>,
        products: &[String],
    ) -> String {
        let accounts: Vec<serde_json::Value> = self
            .bank_accounts
            .iter()
            .map(|account| {
                serde_json::json!({
                    "cooperative": account.cooperative,
                    "provider": account.provider,
                    "account": account.account,
                    "secret": account.secret,
                    "webhook_url": account.webhook_url.as_ref().map(|path| format!("{base_url}{path}")),
                })
            })
            .collect();
        serde_json::json!({
            "base_url": base_url,
            "env": env,
            "sign_ins": self.sign_ins.iter().map(|one| serde_json::json!({
                "role": one.role, "name": one.name, "phone": one.phone, "password": one.password,
            })).collect::<Vec<_>>(),
            "bank_accounts": accounts,
            "products": products,
            "lots": self.lots,
        })
        .to_string()
    }
}
