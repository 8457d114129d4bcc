//! What holds for every provider alike.

use super::*;
use crate::domain::money::Money;
use proptest::prelude::*;

const TALKING: [BankProvider; 6] = [
    BankProvider::Sepay,
    BankProvider::Casso,
    BankProvider::CassoV1,
    BankProvider::Payos,
    BankProvider::Vietqr,
    BankProvider::Generic,
];
const SECRET: &str = "bi-mat-cua-tai-khoan";

fn now() -> At {
    At::from_unix_seconds(1_795_400_000)
}

/// A signed delivery. VietQR.vn's secret is a token.
fn composed(provider: BankProvider, memo: &str) -> Signed {
    let said = Movement { id: 77, account: "GANHDEMO1", amount: Money(215_000), memo, reference: "FT1", at: now() };
    let secret = match provider {
        BankProvider::Vietqr => vietqr_vn::issue(&Secret::new(SECRET), now()),
        _ => SECRET.to_owned(),
    };
    compose(provider, &secret, &said).expect("built")
}

fn headers(signed: &Signed) -> Headers {
    Headers::new(signed.headers.iter().map(|(name, value)| (*name, value.as_bytes())))
}

fn hear(provider: BankProvider, headers: &Headers, body: &[u8]) -> Result<Vec<BankMessage>, Rejected> {
    verify(provider, headers, body, &[Secret::new("khoa-cu"), Secret::new(SECRET)], now())
}

#[test]
fn what_is_composed_is_believed_and_read_back() {
    for provider in TALKING {
        let signed = composed(provider, "HT2345678 chuyển tiền/đơn");
        let heard = hear(provider, &headers(&signed), &signed.body).expect("signed").remove(0);
        let read = (heard.amount, &*heard.memo, heard.booked_at, &*heard.reference_code, &*heard.account_number);
        assert_eq!(read, (Money(215_000), "HT2345678 chuyển tiền/đơn", now(), "FT1", "GANHDEMO1"), "{provider}");
        assert!(!heard.ping && !heard.stale, "{provider}");
    }
    let key = composed_by_key();
    assert!(verify(BankProvider::Sepay, &headers(&key), &key.body, &[Secret::new("apikey:khoa")], now()).is_ok());
}

fn composed_by_key() -> Signed {
    let said = Movement { id: 7, account: "1", amount: Money(1), memo: "", reference: "", at: now() };
    compose(BankProvider::Sepay, "apikey:khoa", &said).expect("built")
}

#[test]
fn nobody_is_believed_without_the_secret() {
    for provider in BankProvider::ALL {
        let signed = composed_or_none(*provider);
        for secrets in [vec![], vec![Secret::new("")], vec![Secret::new("khoa-khac")]] {
            let answered = verify(*provider, &headers(&signed), &signed.body, &secrets, now());
            assert_eq!(answered, Err(Rejected::BadSignature), "{provider}");
        }
        let bare = verify(*provider, &Headers::default(), &signed.body, &[Secret::new(SECRET)], now());
        if *provider != BankProvider::Payos {
            assert_eq!(bare, Err(Rejected::BadSignature), "{provider}");
        }
    }
    assert!(
        compose(
            BankProvider::None,
            SECRET,
            &Movement { id: 1, account: "", amount: Money(1), memo: "", reference: "", at: now() }
        )
        .is_none()
    );
}

fn composed_or_none(provider: BankProvider) -> Signed {
    if provider == BankProvider::None {
        Signed { headers: Vec::new(), body: b"{}".to_vec() }
    } else {
        composed(provider, "HT2345678")
    }
}

/// The two that sign nothing (a word, a token) are judged by their header alone.
#[test]
fn every_flipped_bit_of_a_signed_body_is_refused() {
    for provider in [BankProvider::Sepay, BankProvider::Casso, BankProvider::Payos, BankProvider::Generic] {
        let signed = composed(provider, "HT2345678");
        let headers = headers(&signed);
        let right = hear(provider, &headers, &signed.body);
        for position in 0..signed.body.len() * 8 {
            let mut body = signed.body.clone();
            body[position / 8] ^= 1 << (position % 8);
            let heard = hear(provider, &headers, &body);
            // Whatever is believed says what was signed: payOS's envelope is not signed, nor is the case of a hex digit.
            let unsigned = provider == BankProvider::Payos && heard == right;
            assert!(heard == Err(Rejected::BadSignature) || unsigned, "{provider} bit {position}: {heard:?}");
        }
    }
}

#[test]
fn every_flipped_bit_of_a_proof_is_refused() {
    for provider in TALKING {
        let signed = composed(provider, "HT2345678");
        for which in 0..signed.headers.len() {
            let (name, value) = signed.headers[which].clone();
            for position in 0..value.len() * 8 {
                let mut altered = value.clone().into_bytes();
                altered[position / 8] ^= 1 << (position % 8);
                if altered.eq_ignore_ascii_case(value.as_bytes()) && provider != BankProvider::CassoV1 {
                    continue;
                }
                let pairs = signed
                    .headers
                    .iter()
                    .map(|(other, value)| (*other, if *other == name { altered.as_slice() } else { value.as_bytes() }));
                let heard = hear(provider, &Headers::new(pairs), &signed.body);
                assert_eq!(heard, Err(Rejected::BadSignature), "{provider} {name} bit {position}");
            }
        }
    }
}

#[test]
fn missing_double_malformed_and_huge_headers_are_refused() {
    for provider in TALKING.into_iter().filter(|provider| *provider != BankProvider::Payos) {
        let signed = composed(provider, "HT2345678");
        for which in 0..signed.headers.len() {
            let value = |odd: &[u8]| -> Headers {
                Headers::new(
                    signed
                        .headers
                        .iter()
                        .enumerate()
                        .map(|(n, (name, value))| {
                            (*name, if n == which { odd.to_vec() } else { value.clone().into_bytes() })
                        })
                        .collect::<Vec<_>>()
                        .iter()
                        .map(|(name, value)| (*name, value.as_slice())),
                )
            };
            let huge = "a".repeat(10_240);
            for odd in [b"".as_slice(), b"\xff\xfe\x00", b"zz", huge.as_bytes()] {
                assert_eq!(hear(provider, &value(odd), &signed.body), Err(Rejected::BadSignature), "{provider}");
            }
            let twice = signed.headers.iter().chain(signed.headers.get(which));
            let twice = Headers::new(twice.map(|(name, value)| (*name, value.as_bytes())));
            assert_eq!(hear(provider, &twice, &signed.body), Err(Rejected::BadSignature), "{provider}");
            let without = signed.headers.iter().enumerate().filter(|(n, _)| *n != which);
            let without = Headers::new(without.map(|(_, (name, value))| (*name, value.as_bytes())));
            assert_eq!(hear(provider, &without, &signed.body), Err(Rejected::BadSignature), "{provider}");
        }
    }
}

#[test]
fn success_is_said_in_the_words_the_provider_waits_for() {
    for provider in TALKING.into_iter().filter(|provider| *provider != BankProvider::Vietqr) {
        assert_eq!(answer(provider, Outcome::Taken, &[]), (200, json!({"success": true})), "{provider}");
        assert_eq!(answer(provider, Outcome::Rejected(Rejected::BadSignature), &[]).0, 401, "{provider}");
        assert_eq!(answer(provider, Outcome::NotNow, &[]).0, 503, "{provider}");
    }
}

/// JSON of any shape, with the fields that providers look for now and then.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        prop::sample::select(vec![
            "id",
            "data",
            "amount",
            "transferAmount",
            "signature",
            "when",
            "transactiontime",
            "orderCode",
            "code",
            "direction",
            "transferType",
            "transType",
            "booked_at",
            "content",
            "amount_vnd",
            "reference",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A body signed as each provider would, so that its reader is reached.
fn signed_anyhow(provider: BankProvider, body: &[u8]) -> (Headers, Vec<u8>) {
    let stamp = now().unix_seconds().to_string();
    let millis = format!("{stamp}000");
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let pairs: Vec<(&str, String)> = match provider {
        BankProvider::Sepay => vec![
            (sepay::TIMESTAMP_HEADER, stamp.clone()),
            (sepay::SIGNATURE_HEADER, sepay::sign(SECRET, now().unix_seconds(), body)),
        ],
        BankProvider::Generic => vec![
            (generic::TIMESTAMP_HEADER, stamp.clone()),
            (generic::SIGNATURE_HEADER, generic::sign(SECRET, now().unix_seconds(), body)),
        ],
        BankProvider::Casso => {
            let tag = signed::tag_512(SECRET, &format!("{millis}.{}", js::sorted_json(&value, js::Escapes::Raw)));
            vec![(casso::SIGNATURE_HEADER, format!("t={millis},v1={tag}"))]
        }
        BankProvider::CassoV1 => vec![(casso_v1::KEY_HEADER, SECRET.to_owned())],
        BankProvider::Vietqr => {
            vec![("authorization", format!("Bearer {}", vietqr_vn::issue(&Secret::new(SECRET), now())))]
        }
        BankProvider::Payos | BankProvider::None => Vec::new(),
    };
    let headers = Headers::new(pairs.iter().map(|(name, value)| (*name, value.as_bytes())));
    if provider == BankProvider::Payos {
        let text = value.as_object().map(payos::signed_text).unwrap_or_default();
        let whole = json!({"data": value, "signature": signed::tag_256(SECRET, &text)});
        return (headers, whole.to_string().into_bytes());
    }
    (headers, body.to_vec())
}

proptest! {
    #[test]
    fn any_bytes_are_answered_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        for provider in TALKING {
            let (headers, body) = signed_anyhow(provider, &body);
            let _ = hear(provider, &headers, &body);
        }
    }

    #[test]
    fn any_json_that_is_signed_is_read_without_a_panic(value in json_value()) {
        for provider in TALKING {
            let (headers, body) = signed_anyhow(provider, value.to_string().as_bytes());
            for message in hear(provider, &headers, &body).unwrap_or_default() {
                prop_assert!(message.amount.vnd() >= 0 && !message.provider_event_id.is_empty());
            }
        }
    }

    #[test]
    fn any_form_that_is_signed_is_read_without_a_panic(body in "\\PC{0,80}") {
        for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let signature = sepay::sign(SECRET, now().unix_seconds(), body.as_bytes());
            let stamp = now().unix_seconds().to_string();
            let headers = Headers::new([
                ("content-type", kind.as_bytes()),
                (sepay::TIMESTAMP_HEADER, stamp.as_bytes()),
                (sepay::SIGNATURE_HEADER, signature.as_bytes()),
            ]);
            prop_assert_ne!(hear(BankProvider::Sepay, &headers, body.as_bytes()), Err(Rejected::BadSignature));
        }
    }
}
