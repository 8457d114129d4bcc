//! Reading a payload: any order of objects, unknown ones skipped, another scheme's valid code named as such, all else refused
//! with the reason and the place.

use super::encode::printable;
use super::fault::{DecodeRefusal, Fault};
use super::tlv::{Object, digits, get, objects, split};
use super::{ACCOUNT_CHARS, Decoded, Kind, Method, NAPAS_GUID, crc16};
use crate::domain::money::Money;

fn refused<T>(fault: Fault, at: usize) -> Result<T, DecodeRefusal> {
    Err(DecodeRefusal { fault, at })
}

/// What the payload says.
pub fn decode(payload: &str) -> Result<Decoded, DecodeRefusal> {
    if payload.is_empty() {
        return refused(Fault::Empty, 0);
    }
    let sealed = check_seal(payload)?;
    let root = objects(payload, 0)?;
    match root.first() {
        Some(first) if first.id == "00" && first.value == "01" => {}
        _ => return refused(Fault::Format, 0),
    }
    let end = payload.chars().count();
    match root.last() {
        Some(last) if sealed && last.id == "63" && last.value.len() == 4 => {}
        _ => return refused(Fault::NoChecksum, end),
    }
    match napas(&root)? {
        Some(scheme) => vietqr(&root, &scheme, end),
        None => other(&root, end),
    }
}

/// The same as one line of JSON; white space around the payload, as copying leaves it, is no matter.
pub fn decode_json(payload: &str) -> Result<String, DecodeRefusal> {
    let decoded = decode(payload.trim())?;
    // Strings, numbers and null always serialize.
    Ok(serde_json::to_string(&decoded).unwrap_or_default())
}

/// Whether the payload ends with its checksum, looked at first: a copy with one wrong character is told so, whatever else the
/// character broke. A payload that does not end like one is left to the walk over its objects, which finds where it goes wrong.
fn check_seal(payload: &str) -> Result<bool, DecodeRefusal> {
    let count = payload.chars().count();
    let Some((body, tail)) = count.checked_sub(8).and_then(|at| split(payload, at)) else { return Ok(false) };
    let Some(found) = tail.strip_prefix("6304") else { return Ok(false) };
    let expected = format!("{:04X}", crc16(format!("{body}6304").as_bytes()));
    // Some wallets write lower case.
    if found.eq_ignore_ascii_case(&expected) {
        return Ok(true);
    }
    refused(Fault::Checksum { found: found.to_owned(), expected }, count.saturating_sub(4))
}

/// The objects of tag 38, when it is NAPAS's.
fn napas<'a>(root: &[Object<'a>]) -> Result<Option<Vec<Object<'a>>>, DecodeRefusal> {
    let Some(template) = get(root, "38") else { return Ok(None) };
    // Another scheme may hold tag 38 in a shape of its own; only what begins with the NAPAS identifier is held to the rules.
    if !template.value.starts_with(&format!("0010{NAPAS_GUID}")) {
        let parsed = objects(template.value, template.at).unwrap_or_default();
        if get(&parsed, "00").is_none_or(|guid| guid.value != NAPAS_GUID) {
            return Ok(None);
        }
    }
    objects(template.value, template.at).map(Some)
}

fn vietqr(root: &[Object<'_>], scheme: &[Object<'_>], end: usize) -> Result<Decoded, DecodeRefusal> {
    let method = match get(root, "01") {
        Some(object) => match method(object) {
            Some(method) => method,
            None => return refused(Fault::Method, object.at),
        },
        None => return refused(Fault::Method, end),
    };
    let Some(beneficiary) = get(scheme, "01") else {
        return refused(Fault::NoBeneficiary, get(root, "38").map_or(end, |template| template.at));
    };
    let inner = objects(beneficiary.value, beneficiary.at)?;
    let bin = required(&inner, "00", beneficiary.at, Fault::Bin, |bin| bin.len() == 6 && digits(bin))?;
    let account = required(&inner, "01", beneficiary.at, Fault::Account, |account| {
        account.len() <= ACCOUNT_CHARS && printable(account) && !account.trim().is_empty()
    })?;
    let service = match get(scheme, "02") {
        Some(service) if service.value.len() > 10 || !printable(service.value) => {
            return refused(Fault::Service, service.at);
        }
        service => service.map(|object| object.value.to_owned()),
    };
    required(root, "53", end, Fault::Currency, |currency| currency == "704")?;
    required(root, "58", end, Fault::Country, |country| country == "VN")?;
    let amount = match get(root, "54") {
        Some(object) => match amount(object.value) {
            Some(amount) => Some(amount),
            None => return refused(Fault::Amount, object.at),
        },
        None => None,
    };
    let extra = match get(root, "62") {
        Some(template) => objects(template.value, template.at)?,
        None => Vec::new(),
    };
    Ok(Decoded {
        kind: Kind::VietQr,
        method: Some(method),
        bin: Some(bin),
        account: Some(account),
        service,
        amount,
        memo: text(&extra, "08"),
        bill: text(&extra, "01"),
    })
}

/// Another scheme's code is valid by EMVCo's rules; what it says inside its own templates is not ours to judge.
fn other(root: &[Object<'_>], end: usize) -> Result<Decoded, DecodeRefusal> {
    let schemes: Vec<&Object<'_>> = root.iter().filter(|object| ("02"..="51").contains(&object.id)).collect();
    if schemes.is_empty() {
        return refused(Fault::NoScheme, end);
    }
    let guid = schemes
        .iter()
        .filter(|object| object.id >= "26")
        .find_map(|template| text(&objects(template.value, template.at).unwrap_or_default(), "00"));
    let in_dong = get(root, "53").is_some_and(|currency| currency.value == "704");
    let extra = get(root, "62").and_then(|template| objects(template.value, template.at).ok()).unwrap_or_default();
    Ok(Decoded {
        kind: Kind::Other { guid },
        method: get(root, "01").and_then(method),
        bin: None,
        account: None,
        service: None,
        amount: get(root, "54").filter(|_amount| in_dong).and_then(|object| amount(object.value)),
        memo: text(&extra, "08"),
        bill: text(&extra, "01"),
    })
}

fn method(object: Object<'_>) -> Option<Method> {
    match object.value {
        "11" => Some(Method::Static),
        "12" => Some(Method::Dynamic),
        _ => None,
    }
}

fn required(
    among: &[Object<'_>],
    id: &str,
    missing_at: usize,
    fault: Fault,
    fits: impl Fn(&str) -> bool,
) -> Result<String, DecodeRefusal> {
    match get(among, id) {
        Some(object) if fits(object.value) => Ok(object.value.to_owned()),
        Some(object) => refused(fault, object.at),
        None => refused(fault, missing_at),
    }
}

fn text(among: &[Object<'_>], id: &str) -> Option<String> {
    get(among, id).map(|object| object.value.to_owned())
}

/// `50000` and `50000.` are both good; the đồng has no fraction (ISO 4217 exponent 0), and zero is no amount. The ceiling of a
/// transfer is the bank's to enforce: it has moved before, so a higher figure is still read.
fn amount(value: &str) -> Option<Money> {
    let whole = value.strip_suffix('.').unwrap_or(value);
    if value.len() > 13 || !digits(whole) {
        return None;
    }
    whole.parse().ok().filter(|amount| *amount > 0).map(Money)
}
