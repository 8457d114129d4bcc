//! A traceability fact in the shape of EPCIS 2.0 (GS1, ISO/IEC 19987) with CBV 2.0 words, and its leaf in the public log.
//! An order stands here by a random id, never by its buyer; a leaf shows neither buyer nor amount.

use super::code::LotCode;
use super::id::{LotId, TraceEventId, TraceRef, hex};
use super::quantity::{Base, BaseUnit};
use super::time::At;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

crate::word_enum! {
    TraceEventType {
        Object = "ObjectEvent", Aggregation = "AggregationEvent", Transaction = "TransactionEvent",
        Transformation = "TransformationEvent", Association = "AssociationEvent",
    }
}
crate::word_enum! { TraceAction { Add = "ADD", Observe = "OBSERVE", Delete = "DELETE" } }
crate::word_enum! { LotRole { Input = "input", Output = "output", Observed = "observed" } }
crate::word_enum! {
    /// Who says so: every step of a trace page carries exactly one.
    WordOf { Grower = "grower", Cooperative = "cooperative", Authority = "authority", Instrument = "instrument" }
}
crate::word_enum! {
    LogKind {
        Event = "event", Certificate = "certificate", Inspection = "inspection", Recall = "recall", Correction = "correction",
    }
}

/// What happened to goods, in our words; each has its place in the CBV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Picked, cut, caught, made: the lot begins.
    Harvested,
    /// An order took goods of the lot: a contract stands (the cooperative has said yes).
    Sold,
    /// The order goes without these goods after all: they are free again.
    Released,
    /// The true weight was taken.
    Weighed,
    Packed,
    Shipped,
    /// In the buyer's hands.
    HandedOver,
    Returned,
    Lost,
    SoldOutside,
    Counted,
}

impl Step {
    pub const ALL: [Step; 11] = [
        Step::Harvested,
        Step::Sold,
        Step::Released,
        Step::Weighed,
        Step::Packed,
        Step::Shipped,
        Step::HandedOver,
        Step::Returned,
        Step::Lost,
        Step::SoldOutside,
        Step::Counted,
    ];

    /// The word for JSON and for the keys of texts.
    pub const fn word(self) -> &'static str {
        match self {
            Step::Harvested => "harvested",
            Step::Sold => "sold",
            Step::Released => "released",
            Step::Weighed => "weighed",
            Step::Packed => "packed",
            Step::Shipped => "shipped",
            Step::HandedOver => "handed_over",
            Step::Returned => "returned",
            Step::Lost => "lost",
            Step::SoldOutside => "sold_outside",
            Step::Counted => "counted",
        }
    }

    /// Our word for what a stored event says in those of the CBV; none for a partner's event of another kind.
    pub fn of_cbv(event_type: TraceEventType, action: Option<TraceAction>, biz_step: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| {
            let (known_type, known_action, known_step, _) = step.cbv();
            known_type == event_type && Some(known_action) == action && known_step == biz_step
        })
    }

    /// CBV 2.0: event type, action, bizStep, disposition.
    pub const fn cbv(self) -> (TraceEventType, TraceAction, &'static str, &'static str) {
        use TraceAction::{Add, Delete, Observe};
        use TraceEventType::{Object, Transaction};
        match self {
            Step::Harvested => (Object, Add, "creating_class_instance", "active"),
            Step::Sold => (Transaction, Add, "reserving", "reserved"),
            Step::Released => (Transaction, Delete, "reserving", "sellable_accessible"),
            Step::Weighed => (Object, Observe, "inspecting", "in_progress"),
            Step::Packed => (Object, Observe, "packing", "in_progress"),
            Step::Shipped => (Object, Observe, "shipping", "in_transit"),
            Step::HandedOver => (Object, Observe, "retail_selling", "retail_sold"),
            Step::Returned => (Object, Observe, "receiving", "returned"),
            Step::Lost => (Object, Delete, "destroying", "destroyed"),
            Step::SoldOutside => (Object, Observe, "departing", "sellable_not_accessible"),
            Step::Counted => (Object, Observe, "stock_taking", "sellable_accessible"),
        }
    }

    /// Times of what shoppers do are cut to the hour in the public log.
    pub const fn is_about_an_order(self) -> bool {
        match self {
            Step::Sold
            | Step::Released
            | Step::Weighed
            | Step::Packed
            | Step::Shipped
            | Step::HandedOver
            | Step::Returned => true,
            Step::Harvested | Step::Lost | Step::SoldOutside | Step::Counted => false,
        }
    }
}

/// A lot's part in a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotPart {
    pub lot: LotId,
    pub code: LotCode,
    pub base: Base,
    pub unit: BaseUnit,
}

/// Everything a fact says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub id: TraceEventId,
    pub step: Step,
    pub at: At,
    pub recorded_at: At,
    pub place: String,
    pub commune_code: Option<String>,
    /// A role and a cooperative: «HTX Vườn Nhãn Tân Hưng».
    pub party: String,
    pub word_of: WordOf,
    pub lots: Vec<LotPart>,
    pub order: Option<TraceRef>,
    /// Of a harvest: day, grower's plot, grade … (EPCIS `ilmd`).
    pub made: Option<Value>,
    /// The event in whose place this one stands.
    pub corrects: Option<TraceEventId>,
}

/// A fact as it is stored: canonical body, and the leaf that commits to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub body: String,
    pub salt: String,
    pub leaf: String,
}

/// The fact could not be written as canonical JSON.
#[derive(Debug, thiserror::Error)]
#[error("a fact has no canonical form: {0}")]
pub struct NoCanonicalForm(#[from] serde_json::Error);

impl Fact {
    /// The EPCIS event as canonical JSON (RFC 8785). `base_url` names the places where ids can be looked up.
    pub fn body(&self, base_url: &str) -> Result<String, NoCanonicalForm> {
        let (event_type, action, biz_step, disposition) = self.step.cbv();
        let quantities: Vec<Value> = self
            .lots
            .iter()
            .map(|part| {
                let mut element =
                    json!({"epcClass": format!("{base_url}/id/lot/{}", part.code), "quantity": part.base.0.abs()});
                if let (Some(uom), Some(object)) = (part.unit.uom(), element.as_object_mut()) {
                    object.insert("uom".to_owned(), json!(uom));
                }
                element
            })
            .collect();
        let mut event = Map::new();
        let mut put = |name: &str, value: Value| event.insert(name.to_owned(), value);
        put("type", json!(event_type));
        put("action", json!(action));
        put("bizStep", json!(biz_step));
        put("disposition", json!(disposition));
        put("eventID", json!(format!("urn:uuid:{}", self.id)));
        put("eventTime", json!(self.at));
        put("eventTimeZoneOffset", json!("+07:00"));
        put("recordTime", json!(self.recorded_at));
        put("ganh:place", json!(self.place));
        put("ganh:party", json!(self.party));
        put("ganh:wordOf", json!(self.word_of));
        if let Some(code) = &self.commune_code {
            put("readPoint", json!({"id": format!("{base_url}/xa/{code}")}));
        }
        put("quantityList", Value::Array(quantities));
        if let Some(order) = &self.order {
            put("bizTransactionList", json!([{"type": "po", "bizTransaction": format!("urn:uuid:{order}")}]));
        }
        if let Some(corrects) = &self.corrects {
            put("ganh:corrects", json!(format!("urn:uuid:{corrects}")));
        }
        if let Some(made) = &self.made {
            put("ilmd", made.clone());
        }
        Ok(serde_json_canonicalizer::to_string(&Value::Object(event))?)
    }

    /// Body, salt and leaf. `salt`: 16 random bytes, kept beside the body and disclosed with it.
    pub fn sealed(&self, base_url: &str, actor: &str, salt: [u8; 16]) -> Result<Sealed, NoCanonicalForm> {
        let body = self.body(base_url)?;
        let commitment = hex(&Sha256::new().chain_update(body.as_bytes()).chain_update(salt).finalize());
        let public_time = |at: At| if self.step.is_about_an_order() { at.cut_to_hour() } else { at };
        let lots: Vec<String> = self.lots.iter().map(|part| part.code.to_string()).collect();
        let leaf = serde_json_canonicalizer::to_string(&json!({
            "v": 1,
            "kind": LogKind::Event,
            "id": self.id,
            "lots": lots,
            "actor": actor,
            "at": public_time(self.at),
            "recorded_at": public_time(self.recorded_at),
            "body_sha256": commitment,
            "prev": Value::Null,
        }))?;
        Ok(Sealed { body, salt: hex(&salt), leaf })
    }
}

/// The fingerprint of a fact, as its leaf shows it: SHA-256 of body and salt, hex.
pub fn fingerprint_of(leaf: &str) -> Option<String> {
    let envelope: Value = serde_json::from_str(leaf).ok()?;
    envelope.get("body_sha256").and_then(Value::as_str).map(str::to_owned)
}

/// Whether a stored body is the one its leaf commits to.
pub fn commitment_holds(body: &str, salt_hex: &str, leaf: &str) -> bool {
    let Ok(salt) = data_encoding::HEXLOWER.decode(salt_hex.as_bytes()) else { return false };
    let Ok(envelope) = serde_json::from_str::<Value>(leaf) else { return false };
    let commitment = hex(&Sha256::new().chain_update(body.as_bytes()).chain_update(salt).finalize());
    envelope.get("body_sha256").and_then(Value::as_str) == Some(commitment.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_known_again_by_its_words_of_the_cbv() {
        for step in Step::ALL {
            let (event_type, action, biz_step, _) = step.cbv();
            assert_eq!(Step::of_cbv(event_type, Some(action), biz_step), Some(step));
        }
        assert_eq!(Step::of_cbv(TraceEventType::Object, None, "harvesting"), None);
    }
}
