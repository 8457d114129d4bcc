//! How likely money without a reference is for an order: by amount, name and time, each with the reason that a person is shown.
//! Pure; a likeness never books anything, it only puts the likeliest order first.

use super::money::Money;
use super::text::fold::fold;
use super::time::At;

crate::word_enum! {
    /// Why an order stands among the candidates; the words on the page are `farm-why-*`.
    Why { Named = "named", Amount = "amount", Name = "name", GivenName = "given_name", Time = "time" }
}

/// Money within this of the order's making is «gần lúc đặt», seconds: 48 hours.
const NEAR_S: i64 = 2 * 86_400;
/// What people write before a name, and no part of it.
const TITLES: [&str; 10] = ["anh", "chi", "ong", "ba", "co", "chu", "bac", "em", "di", "cau"];

/// What is known of the money.
#[derive(Debug, Clone, Copy)]
pub struct Came<'a> {
    pub amount: Money,
    pub at: At,
    /// The payer as the bank names it, when it does.
    pub payer: Option<&'a str>,
    /// Everything else that the bank wrote; many banks put the payer's name there.
    pub words: &'a str,
}

/// What is known of an order that it may be for.
#[derive(Debug, Clone, Copy)]
pub struct Open<'a> {
    /// The machine has named it: its code stands in the memo, or it was bought together with one that does.
    pub is_named: bool,
    /// What it still wants.
    pub wants: Money,
    pub made_at: At,
    pub buyer: &'a str,
}

/// The reasons for an order, the strongest first; none when nothing but the time speaks for it.
pub fn likeness(came: &Came<'_>, open: &Open<'_>) -> Vec<Why> {
    let mut why = Vec::new();
    if open.is_named {
        why.push(Why::Named);
    }
    if open.wants == came.amount {
        why.push(Why::Amount);
    }
    why.extend(same_name(came, open.buyer));
    let near = came.at.seconds_since(open.made_at);
    if !why.is_empty() && (0..=NEAR_S).contains(&near) {
        why.push(Why::Time);
    }
    why
}

/// For sorting: more is likelier. A code outweighs an amount, an amount a whole name, and all of them the time.
pub fn weight(why: &[Why]) -> u32 {
    why.iter().fold(0, |sum, one| {
        sum.saturating_add(match one {
            Why::Named => 16,
            Why::Amount => 8,
            Why::Name => 6,
            Why::GivenName => 2,
            Why::Time => 1,
        })
    })
}

fn parts(name: &str) -> Vec<String> {
    let folded = fold(name).to_lowercase();
    let all = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let mut parts: Vec<String> = all.map(str::to_owned).collect();
    if parts.len() > 1 && parts.first().is_some_and(|first| TITLES.contains(&first.as_str())) {
        parts.remove(0);
    }
    parts
}

/// «cùng tên» when two parts or more agree in their order; «cùng tên gọi» when only the last one, the given name, does.
fn same_name(came: &Came<'_>, buyer: &str) -> Option<Why> {
    let buyer = parts(buyer);
    let given = buyer.last()?;
    if let Some(payer) = came.payer.map(parts).filter(|payer| !payer.is_empty()) {
        let (short, long) = if payer.len() < buyer.len() { (&payer, &buyer) } else { (&buyer, &payer) };
        if short.len() > 1 && stands_in(short, long) {
            return Some(Why::Name);
        }
        if payer.last() == Some(given) && short.len() == 1 {
            return Some(Why::GivenName);
        }
    }
    // Banks break words at fixed widths, so spaces are not asked.
    let written: String = parts(came.words).concat();
    (buyer.len() > 1 && written.contains(&buyer.concat())).then_some(Why::Name)
}

/// Whether all of `short` stand in `long` in this order.
fn stands_in(short: &[String], long: &[String]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|part| rest.any(|other| other == part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(payer: Option<&str>, words: &str, amount: i64, buyer: &str) -> Vec<Why> {
        let at = At::from_unix_seconds(1_000_000);
        let came = Came { amount: Money(amount), at, payer, words };
        let open = Open { is_named: false, wants: Money(100), made_at: at.plus_seconds(-3_600), buyer };
        likeness(&came, &open)
    }

    #[test]
    fn names_are_compared_folded_without_titles_and_in_their_order() {
        use Why::{Amount, GivenName, Name, Time};
        type Row = (&'static str, Option<&'static str>, &'static str, i64, &'static str, &'static [Why]);
        let rows: [Row; 10] = [
            ("same amount", None, "chuyen tien", 100, "Chị Lan", &[Amount, Time]),
            ("same name in capitals", Some("NGUYEN THI LAN"), "", 7, "Nguyễn Thị Lan", &[Name, Time]),
            ("middle name left out", Some("NGUYEN THI LAN"), "", 7, "Nguyễn Lan", &[Name, Time]),
            ("both", Some("NGUYEN THI LAN"), "", 100, "chị Nguyễn Thị Lan", &[Amount, Name, Time]),
            ("given name alone", Some("NGUYEN THI LAN"), "", 7, "Chị Lan", &[GivenName, Time]),
            ("another given name", Some("NGUYEN THI LAN"), "", 7, "Nguyễn Thị Hoa", &[]),
            ("name in the bank's text", None, "NGUYEN THI LA N chuyen tien", 7, "Nguyễn Thị Lan", &[Name, Time]),
            ("one word in a text is no name", None, "lan nay tra tien", 7, "Lan", &[]),
            ("parts the other way round", Some("LAN NGUYEN"), "", 7, "Nguyễn Thị Lan", &[]),
            ("nothing", Some("TRAN VAN TOAN"), "", 7, "", &[]),
        ];
        for (row, payer, words, amount, buyer, expected) in rows {
            assert_eq!(why(payer, words, amount, buyer), expected, "{row}");
        }
    }

    #[test]
    fn a_code_outweighs_an_amount_and_an_amount_a_name() {
        let order = [
            vec![Why::Named],
            vec![Why::Amount, Why::Name, Why::Time],
            vec![Why::Amount, Why::Time],
            vec![Why::Name, Why::Time],
            vec![Why::GivenName, Why::Time],
        ];
        assert!(order.windows(2).all(|pair| weight(&pair[0]) > weight(&pair[1])));
    }
}
