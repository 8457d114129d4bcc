//! What can tell the market of money at which bank: a dated table, for the chooser alone. Banks and providers change their minds, so
//! nothing is refused by it; an account may use any provider that its people have agreed with.

use super::bank_message::BankProvider;

/// When the table was last compared with its source.
pub const COMPARED_ON: &str = "2026-11-23";

/// How far SePay reaches into a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The account itself.
    Account,
    /// Only a virtual account that the bank gives; its number is the one to write down.
    VirtualAccount,
}

/// One bank at which SePay hears of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub bin: &'static str,
    pub reach: Reach,
    /// Money that leaves is told too, so refunds end by themselves.
    pub tells_outgoing: bool,
    /// A company's account is joined with a USB signature stick.
    pub wants_signature_stick: bool,
}

const fn heard(bin: &'static str, reach: Reach) -> Heard {
    Heard { bin, reach, tells_outgoing: false, wants_signature_stick: false }
}

const fn both_ways(bin: &'static str) -> Heard {
    Heard { bin, reach: Reach::Account, tells_outgoing: true, wants_signature_stick: false }
}

/// developer.sepay.vn, «Ngân hàng nào hỗ trợ webhook SePay?». Agribank, Co-opBank, LPBank and Vietcombank are not in it.
const SEPAY: [Heard; 10] = [
    heard("970416", Reach::Account),                                          // ACB
    heard("970418", Reach::VirtualAccount),                                   // BIDV
    heard("970452", Reach::Account),                                          // KienlongBank
    heard("970422", Reach::Account),                                          // MB
    heard("970426", Reach::VirtualAccount),                                   // MSB
    heard("970448", Reach::VirtualAccount),                                   // OCB
    both_ways("970403"),                                                      // Sacombank
    both_ways("970423"),                                                      // TPBank
    both_ways("970415"),                                                      // VietinBank
    Heard { wants_signature_stick: true, ..heard("970432", Reach::Account) }, // VPBank
];

/// What SePay hears at a bank; none where it does not reach.
pub fn heard_at(bin: &str) -> Option<&'static Heard> {
    SEPAY.iter().find(|heard| heard.bin == bin)
}

/// Banks where a second account would be heard at once: the account itself, no stick.
pub fn easy_banks() -> impl Iterator<Item = &'static str> {
    SEPAY.iter().filter(|heard| heard.reach == Reach::Account && !heard.wants_signature_stick).map(|heard| heard.bin)
}

/// Whom to offer at a bank, the best first. Which banks Casso, payOS and VietQR.vn join is between them and their customers, so they
/// stand behind; Casso's first message stands last of all.
pub fn providers_at(bin: &str) -> Vec<BankProvider> {
    let others =
        [BankProvider::Casso, BankProvider::Payos, BankProvider::Vietqr, BankProvider::Generic, BankProvider::CassoV1];
    let first = match heard_at(bin) {
        Some(_) => [BankProvider::Sepay, BankProvider::None],
        None => [BankProvider::None, BankProvider::Sepay],
    };
    first.into_iter().filter(|one| *one != BankProvider::Sepay || heard_at(bin).is_some()).chain(others).collect()
}

/// Whether a provider makes the key and the cooperative types it here; otherwise the market makes it and the cooperative types it there.
pub const fn makes_its_key(provider: BankProvider) -> bool {
    matches!(provider, BankProvider::Casso | BankProvider::Payos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bank;
    use crate::domain::time::Day;

    #[test]
    fn every_row_is_a_bank_and_stands_once() {
        for row in &SEPAY {
            assert!(bank::find(row.bin).is_some(), "{}", row.bin);
            assert_eq!(SEPAY.iter().filter(|other| other.bin == row.bin).count(), 1);
        }
        assert!(COMPARED_ON.parse::<Day>().is_ok());
    }

    #[test]
    fn the_banks_of_the_communes_begin_by_hand_and_the_others_by_sepay() {
        for (bin, first) in
            [("970405", BankProvider::None), ("970446", BankProvider::None), ("970422", BankProvider::Sepay)]
        {
            let offered = providers_at(bin);
            assert_eq!(offered.first(), Some(&first), "{bin}");
            assert_eq!(offered.contains(&BankProvider::Sepay), first == BankProvider::Sepay);
            assert!(offered.contains(&BankProvider::None));
        }
        assert!(easy_banks().all(|bin| heard_at(bin).is_some()) && !easy_banks().any(|bin| bin == "970418"));
    }
}
