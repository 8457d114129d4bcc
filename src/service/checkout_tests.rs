use super::*;

fn whole() -> RawCheckout {
    RawCheckout {
        lines: vec![RawLine { product: "nhan".into(), quantity: "1.5".into(), ..Default::default() }],
        buyer: RawBuyer { name: " Khách  A ".into(), phone: "0912 345 678".into(), email: None },
        fulfilment: RawFulfilment {
            kind: "delivery".into(),
            commune_code: Some("11977".into()),
            address: Some("thôn 1".into()),
            ..Default::default()
        },
        payment: "vietqr".into(),
        ..Default::default()
    }
}

fn refused(raw: &RawCheckout) -> Vec<(String, String)> {
    match raw.read() {
        Err(ServiceError::Refused(refusals)) => refusals.into_iter().map(|no| (no.key, no.field)).collect(),
        other => panic!("expected refusals, got {other:?}"),
    }
}

#[test]
fn everything_wrong_is_said_at_once() {
    let raw = RawCheckout {
        lines: vec![RawLine { quantity: "0".into(), ..Default::default() }],
        buyer: RawBuyer { name: "".into(), phone: "12".into(), email: Some("no".into()) },
        fulfilment: RawFulfilment { kind: "delivery".into(), ..Default::default() },
        payment: "gold".into(),
        ..Default::default()
    };
    let fields: Vec<String> = refused(&raw).into_iter().map(|(_, field)| field).collect();
    for field in [
        "lines[0].quantity",
        "buyer.name",
        "buyer.phone",
        "buyer.email",
        "payment",
        "fulfilment.commune_code",
        "fulfilment.address",
    ] {
        assert!(fields.iter().any(|there| there == field), "{field} in {fields:?}");
    }
}

#[test]
fn the_buyer_is_the_recipient_unless_said_otherwise() {
    let read = whole().read().expect("whole");
    assert_eq!(read.recipient_name, "Khách A");
    assert_eq!(read.recipient_phone, read.buyer_phone);
}

#[test]
fn another_request_has_another_hash_and_the_same_the_same() {
    let mut other = whole();
    other.lines[0].quantity = "2".into();
    assert_eq!(whole().hash().expect("hash"), whole().hash().expect("hash"));
    assert_ne!(whole().hash().expect("hash"), other.hash().expect("hash"));
}
