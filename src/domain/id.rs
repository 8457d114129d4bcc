//! Ids: UUIDv7 as text, one type a noun. Made from a given time and given random bytes, never from the world.

use super::time::At;
use std::fmt::Write as _;

/// The text of a UUIDv7 (RFC 9562 §5.7) for an instant and ten random bytes.
pub fn uuid_v7(at: At, random: [u8; 10]) -> String {
    let millis = u64::try_from(at.unix_micros().div_euclid(1000)).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
}

/// Lower-case hex of bytes.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// An id that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: {0:?}")]
pub struct NotAnId(pub String);

/// Makes the id type of one noun.
#[macro_export]
macro_rules! text_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(
            Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A new id for this instant and these random bytes.
            pub fn new(at: $crate::domain::time::At, random: [u8; 10]) -> Self {
                Self($crate::domain::id::uuid_v7(at, random))
            }

            /// The id as text.
            pub fn as_text(&self) -> &str { &self.0 }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::id::NotAnId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                uuid::Uuid::try_parse(text)
                    .map(|id| Self(id.to_string()))
                    .map_err(|_malformed| $crate::domain::id::NotAnId(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::domain::id::NotAnId;
            fn try_from(text: String) -> Result<Self, Self::Error> { text.parse() }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String { id.0 }
        }

        $crate::text_column!($name);
    )+ };
}

text_id!(
    AccountChangeId,
    AccountId,
    ActLinkId,
    AttemptId,
    PauseId,
    BankAccountId,
    BankEventId,
    BooksClosingId,
    CarrierCashId,
    CertificateId,
    ClaimId,
    ClaimPhotoId,
    ClaimStepId,
    ConsentId,
    CooperativeId,
    DeliverySlotId,
    DeliveryWayId,
    GrantId,
    HandOverId,
    HoldId,
    JournalId,
    LedgerAccountId,
    LineWeightId,
    LotId,
    MemberId,
    MessageId,
    MoneyCaseId,
    MovementId,
    OfferId,
    OrderId,
    OrderLineId,
    OrderMoveId,
    OtherMoneyRuleId,
    OutboxId,
    PaymentLinkId,
    PickupPointId,
    PictureId,
    PlotId,
    PostingId,
    ProductId,
    ProposalId,
    PurchaseId,
    RefundId,
    ReviewId,
    SalesWindowId,
    SessionId,
    SignInCardId,
    SignInCodeId,
    StatementId,
    TraceEventId,
    TraceRef,
    VoucherId,
);
