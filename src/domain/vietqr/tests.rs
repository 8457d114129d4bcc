//! Known-good codes of the NAPAS specification and of independent libraries, and what must never be accepted.

use super::*;
use proptest::prelude::*;

const S1: &str = "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52";
const S2: &str = "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E";
const S4: &str = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F";
const B1: &str = "00020101021138540010A00000072701240006970423011000999999990208QRIBFTTA53037045802VN6304CBB4";
const X1: &str = "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F";
const X2: &str = "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA53037045405100005802VN62150811Chuyen tien630453E6";
const O1: &str = "00020101021238540010A00000072701240006970436011010175956000208QRIBFTTA530370454061850005802VN62150811HTX7K2M9QXA630478EC";
const O2: &str =
    "00020101021238540010A00000072701240006970446011001234567890208QRIBFTTA5303704540115802VN62050801A6304D15C";
const O3: &str = "00020101021238570010A00000072701270006970405011339002051234560208QRIBFTTA530370454094999999995802VN62220818HTXAB3DEFGH4JKMNPQ63044EB9";
const SWAPPED: &str =
    "00020101021138560010A0000007270126000697041501121133666688880208QRIBFTTA54057000153037045802VN6304ED54";
const VNPAY: &str = "00020101021126280010A0000007750110010531314453037045408210900005802VN5910CELLPHONES62600312CPSHN ONLINE0517021908061613127850705ONLHN0810CellphoneS63047685";
const BAD_CRC: &str = "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811Chuyen tien6304BBB5";
const MISPRINT: &str = "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304F4E5";

fn resealed(body: &str) -> String {
    format!("{body}6304{:04X}", crc16(format!("{body}6304").as_bytes()))
}

#[test]
fn the_known_codes_are_made_byte_for_byte() {
    let with_bill = Transfer { bill: Some("NPS6869".to_owned()), ..Transfer::to_account("970403", "0011012345678") };
    for (transfer, payload) in [
        (Transfer::to_card("970403", "9704031101234567"), S1),
        (with_bill.asking(Money(180_000)).saying("thanh toán đơn hàng"), S2),
        (Transfer::to_account("970403", "0011012345678"), S4),
        (Transfer::to_account("970423", "0099999999"), B1),
        (Transfer::to_account("970416", "257678859").saying("  "), X1),
        (Transfer::to_account("970416", "257678859").asking(Money(10_000)).saying("Chuyển tiền"), X2),
        (Transfer::to_account("970436", "1017595600").asking(Money(185_000)).saying("HTX7K2M9QXA"), O1),
        (Transfer::to_account("970446", "0123456789").asking(Money(1)).saying("A"), O2),
        (Transfer::to_account("970405", "3900205123456").asking(Money(499_999_999)).saying("HTXAB3DEFGH4JKMNPQ"), O3),
    ] {
        assert_eq!(encode(&transfer).as_deref(), Ok(payload));
        let decoded = decode(payload).expect("known good");
        assert_eq!(decoded.kind, Kind::VietQr);
        assert_eq!(decoded.bin.as_deref(), Some(transfer.bin.as_str()));
        assert_eq!(decoded.account.as_deref(), Some(transfer.account.as_str()));
        assert_eq!(decoded.service.as_deref(), Some(transfer.service.as_text()));
        assert_eq!(decoded.amount, transfer.amount);
        assert_eq!(decoded.bill, transfer.bill);
    }
    assert_eq!(decode(S2).expect("good").memo.as_deref(), Some("thanh toan don hang"));
}

#[test]
fn a_code_is_told_in_one_line_of_json() {
    assert_eq!(
        decode_json(&format!("{O1}\n")).as_deref(),
        Ok(
            r#"{"kind":"vietqr","method":"dynamic","bin":"970436","bank":"Vietcombank","account":"1017595600","service":"QRIBFTTA","amount_vnd":185000,"memo":"HTX7K2M9QXA","bill":null}"#
        )
    );
    assert_eq!(
        decode_json(VNPAY).as_deref(),
        Ok(
            r#"{"kind":"other","method":"static","bin":null,"bank":null,"account":null,"service":null,"amount_vnd":21090000,"memo":"CellphoneS","bill":null}"#
        )
    );
    assert_eq!(encode_text("970436", "1017595600", Some(185_000), Some("HTX7K2M9QXA"), false).as_deref(), Ok(O1));
    assert_eq!(encode_text("970403", "9704031101234567", None, None, true).as_deref(), Ok(S1));
}

#[test]
fn objects_may_stand_in_any_order_and_unknown_ones_are_skipped() {
    let swapped = decode(SWAPPED).expect("valid");
    assert_eq!((swapped.amount, swapped.method), (Some(Money(70_001)), Some(Method::Static)));
    assert_eq!(decode(VNPAY).expect("valid").kind, Kind::Other { guid: Some("A000000775".to_owned()) });

    let body = X2.strip_suffix("630453E6").expect("sealed");
    let stranger = body.replacen("5802VN", "5802VN5907HTX RAU6504abcd8012000899999999", 1);
    assert_eq!(decode(&resealed(&stranger)), decode(X2));
    // Lengths count characters, and names of other banks may be in any alphabet.
    let accented = body.replacen("5802VN", "5802VN5908HTX Nhãn", 1);
    assert_eq!(decode(&resealed(&accented)), decode(X2));
    // 62 before 38, and 38 with its service first.
    let turned = "00020101021262150811Chuyen tien38530208QRIBFTTA0010A000000727012300069704160109257678859540510000530370458 02VN".replace(' ', "");
    let turned = turned.replace("Chuyentien", "Chuyen tien");
    assert_eq!(decode(&resealed(&turned)), decode(X2));
}

#[test]
fn a_checksum_in_lower_case_is_good() {
    let lower = B1.replace("6304CBB4", "6304cbb4");
    assert_eq!(decode(&lower), decode(B1));
}

#[test]
fn an_amount_is_whole_dong_above_zero() {
    let with = |amount: &str| {
        let object = format!("54{:02}{amount}", amount.len());
        decode(&resealed(&X1.replace("6304AE9F", "").replacen("5802VN", &format!("{object}5802VN"), 1)))
    };
    assert_eq!(with("50000").expect("good").amount, Some(Money(50_000)));
    assert_eq!(with("50000.").expect("good").amount, Some(Money(50_000)));
    assert_eq!(with("500000000").expect("another bank's ceiling").amount, Some(Money(500_000_000)));
    for amount in ["0", "0.", ".", "50000.5", "50000.00", "-5", "+5", "50 000", "5,000", "00000000000001", "1e5"] {
        let refusal = with(amount).expect_err(amount);
        assert_eq!((refusal.fault, refusal.at), (Fault::Amount, 80), "{amount}");
    }
}

#[test]
fn what_is_broken_is_refused_with_reason_and_place() {
    let fault = |payload: &str| decode(payload).expect_err(payload);
    assert_eq!(
        fault(BAD_CRC),
        DecodeRefusal {
            fault: Fault::Checksum { found: "BBB5".to_owned(), expected: "BBB8".to_owned() },
            at: BAD_CRC.len() - 4
        }
    );
    assert_eq!(fault(MISPRINT), DecodeRefusal { fault: Fault::HeaderCut, at: 60 });
    assert_eq!(fault(""), DecodeRefusal { fault: Fault::Empty, at: 0 });
    assert_eq!(fault("hello"), DecodeRefusal { fault: Fault::IdNotDigits, at: 0 });
    assert_eq!(fault("000201"), DecodeRefusal { fault: Fault::NoChecksum, at: 6 });
    assert_eq!(fault("0002010102"), DecodeRefusal { fault: Fault::RunsOut { declared: 2, left: 0 }, at: 8 });
    assert_eq!(fault("000200"), DecodeRefusal { fault: Fault::Format, at: 0 });
    assert_eq!(fault("0000"), DecodeRefusal { fault: Fault::BadLength, at: 2 });
    assert_eq!(
        fault("0002010102116304zzzz").fault,
        Fault::Checksum { found: "zzzz".to_owned(), expected: format!("{:04X}", crc16(b"0002010102116304")) }
    );
    assert_eq!(fault("0002010102116302éé").fault, Fault::NoChecksum);
    assert_eq!(
        fault("00020100020163041234").fault,
        Fault::Checksum { found: "1234".to_owned(), expected: format!("{:04X}", crc16(b"0002010002016304")) }
    );
    assert_eq!(fault(&resealed("000201000201")), DecodeRefusal { fault: Fault::Twice("00".to_owned()), at: 6 });
    assert_eq!(fault(&resealed("0002010102115802VN")).fault, Fault::NoScheme);
    let body = X1.replace("6304AE9F", "");
    for (from, to, expected) in [
        ("010211", "010213", Fault::Method),
        ("0102113853", "3853", Fault::Method),
        ("5303704", "5303840", Fault::Currency),
        ("5802VN", "5802US", Fault::Country),
        ("0006970416", "000697O416", Fault::Bin),
        ("5802VN", "", Fault::Country),
    ] {
        assert_eq!(fault(&resealed(&body.replacen(from, to, 1))).fault, expected, "{from} → {to}");
    }
    let no_beneficiary = "00020101021138260010A0000007270208QRIBFTTA53037045802VN";
    assert_eq!(fault(&resealed(no_beneficiary)).fault, Fault::NoBeneficiary);
    let twenty = "00020101021138640010A000000727013400069704160120123456789012345678900208QRIBFTTA53037045802VN";
    assert_eq!(fault(&resealed(twenty)).fault, Fault::Account);
}

#[test]
fn what_does_not_fit_is_refused_and_never_cut() {
    let to = || Transfer::to_account("970436", "1017595600");
    assert!(encode(&to().saying("Trần Thị Hạnh mua nhãn HY")).is_ok(), "25 characters");
    assert_eq!(encode(&to().saying("Trần Thị Hạnh mua nhãn HYN")), Err(EncodeRefusal::MemoLong(26)));
    assert_eq!(encode(&to().saying("ổi 🍐")), Err(EncodeRefusal::MemoCharacter('🍐')));
    assert_eq!(encode(&to().saying("nhãn\u{200b}\nlồng")), encode(&to().saying("nhan long")));
    for amount in [0, -1, 500_000_000, i64::MIN, i64::MAX] {
        assert_eq!(encode(&to().asking(Money(amount))), Err(EncodeRefusal::Amount(amount)));
    }
    for bin in ["", "97043", "9704366", "97043x", "９７０４３６"] {
        assert_eq!(encode(&Transfer::to_account(bin, "1")), Err(EncodeRefusal::Bin), "{bin}");
    }
    for account in ["", "12345678901234567890", "1017 595600", "tài", "1-2"] {
        assert_eq!(encode(&Transfer::to_account("970436", account)), Err(EncodeRefusal::Account), "{account}");
    }
    assert!(encode(&Transfer::to_account("970422", "V3CASLHRE4GFPY5")).is_ok());
    assert!(encode(&Transfer::to_account("970422", "1234567890123456789")).is_ok());
    for card in ["970403110123456", "97040311012345678901", "9704031101234V67"] {
        assert_eq!(encode(&Transfer::to_card("970403", card)), Err(EncodeRefusal::Card), "{card}");
    }
}

fn any_transfer() -> impl Strategy<Value = Transfer> {
    let target = prop_oneof![
        ("[0-9]{6}", "[0-9A-Za-z]{1,19}").prop_map(|(bin, account)| Transfer::to_account(&bin, &account)),
        ("[0-9]{6}", "[0-9]{16,19}").prop_map(|(bin, card)| Transfer::to_card(&bin, &card)),
    ];
    let text = || prop::option::of("[!-~]([ -~]{0,23}[!-~])?");
    (target, prop::option::of(1_i64..=MOST_VND), text(), text()).prop_map(|(to, amount, memo, bill)| Transfer {
        amount: amount.map(Money),
        memo,
        bill,
        ..to
    })
}

proptest! {
    #[test]
    fn what_is_made_is_read_back(transfer in any_transfer()) {
        let payload = encode(&transfer).expect("within the limits");
        prop_assert!(payload.is_ascii());
        let expected = Decoded {
            kind: Kind::VietQr,
            method: Some(if transfer.amount.is_some() { Method::Dynamic } else { Method::Static }),
            bin: Some(transfer.bin),
            account: Some(transfer.account),
            service: Some(transfer.service.as_text().to_owned()),
            amount: transfer.amount,
            memo: transfer.memo,
            bill: transfer.bill,
        };
        prop_assert_eq!(decode(&payload), Ok(expected));
    }

    #[test]
    fn one_changed_character_is_refused(transfer in any_transfer(), place in any::<prop::sample::Index>(), new in "[ -~]|\\PC") {
        let payload = encode(&transfer).expect("within the limits");
        let mut chars: Vec<char> = payload.chars().collect();
        let at = place.index(chars.len());
        let new = new.chars().next().expect("one");
        prop_assume!(chars[at] != new);
        let only_case_of_crc = at + 4 >= chars.len() && chars[at].eq_ignore_ascii_case(&new);
        chars[at] = new;
        let changed: String = chars.into_iter().collect();
        let (before, after) = (decode(&payload).expect("made here"), decode(&changed));
        if only_case_of_crc {
            prop_assert_eq!(after, Ok(before));
        } else if new.is_ascii() {
            prop_assert!(after.is_err(), "{} read as {:?}", changed, after);
        } else {
            prop_assert_ne!(after, Ok(before));
        }
    }

    #[test]
    fn one_lost_character_is_refused(transfer in any_transfer(), place in any::<prop::sample::Index>()) {
        let payload = encode(&transfer).expect("within the limits");
        let at = place.index(payload.len());
        let shorter: String = payload.chars().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
        prop_assert_ne!(decode(&shorter), decode(&payload));
    }

    #[test]
    fn any_text_is_refused_without_harm(text in "\\PC{0,80}|[0-9]{0,80}") {
        if let Err(refusal) = decode(&text) {
            prop_assert!(refusal.at <= text.chars().count());
        }
    }

    #[test]
    fn any_sealed_run_is_read_or_refused_within_it(body in "000201[0-9A-F]{0,60}") {
        let text = resealed(&body);
        if let Err(refusal) = decode(&text) {
            prop_assert!(refusal.at <= text.chars().count());
        }
    }
}
