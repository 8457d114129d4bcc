//! Whether an account is held by the cooperative itself, by name. Banks print holders in capitals without marks and shorten the words of
//! legal forms; so much is let pass, and nothing more: another form («công ty» for «hợp tác xã») is another owner. Pure.

use super::text::fold::fold;

crate::word_enum! {
    /// What is known of a holder's name.
    HolderName {
        /// The cooperative's own.
        Own = "own",
        /// Another name, and nobody has made sure of it.
        Other = "other",
        /// Another name, and an operator has made sure of it.
        Checked = "checked",
    }
}

impl HolderName {
    pub fn of(holder: &str, legal_name: &str, is_checked: bool) -> Self {
        match (is_legal_name(holder, legal_name), is_checked) {
            (true, _) => HolderName::Own,
            (false, true) => HolderName::Checked,
            (false, false) => HolderName::Other,
        }
    }
}

/// What banks and registers write for the same words; the longest first.
const SAME: [(&[&str], &str); 15] = [
    (&["trach", "nhiem", "huu", "han"], "tnhh"),
    (&["mot", "thanh", "vien"], "mtv"),
    (&["1", "thanh", "vien"], "mtv"),
    (&["hop", "tac", "xa"], "htx"),
    (&["ho", "kinh", "doanh"], "hkd"),
    (&["to", "hop", "tac"], "tht"),
    (&["cong", "ty"], "cty"),
    (&["co", "phan"], "cp"),
    (&["nong", "nghiep"], "nn"),
    (&["dich", "vu"], "dv"),
    (&["san", "xuat"], "sx"),
    (&["thuong", "mai"], "tm"),
    (&["kinh", "doanh"], "kd"),
    (&["nong", "san"], "ns"),
    (&["ct"], "cty"),
];
/// Joined names stand with «và» or without it.
const JOINS: &str = "va";

/// Words in the one spelling in which they are compared, without spaces: banks break words at fixed widths.
fn plain(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let (mut rest, mut out) = (words.as_slice(), String::new());
    while let Some((first, after)) = rest.split_first() {
        match SAME.iter().find(|(long, _)| rest.starts_with(long)) {
            Some((long, short)) => {
                out.push_str(short);
                rest = rest.get(long.len()..).unwrap_or_default();
            }
            None => {
                if *first != JOINS {
                    out.push_str(first);
                }
                rest = after;
            }
        }
    }
    out
}

/// Whether a holder's name is the legal name: marks, case, spaces, signs and the usual short words do not matter.
pub fn is_legal_name(holder: &str, legal_name: &str) -> bool {
    let (holder, legal) = (plain(holder), plain(legal_name));
    !holder.is_empty() && holder == legal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legal_name_is_known_in_the_spellings_of_banks() {
        let legal = "Hợp tác xã Nông nghiệp và Dịch vụ Nhãn Lồng Hồng Nam";
        for holder in [
            "HTX NONG NGHIEP VA DICH VU NHAN LONG HONG NAM",
            "HOP TAC XA NONG NGHIEP DICH VU NHAN LONG HONG NAM",
            "HTX NN&DV NHAN LONG HONG NAM",
            "HTX NN DV NHÃN LỒNG HỒNG NAM",
            "HTX NN-DV NHAN LON G HONG NAM",
            "hợp tác xã nông nghiệp & dịch vụ nhãn lồng hồng nam",
        ] {
            assert!(is_legal_name(holder, legal), "{holder}");
        }
        for (holder, legal) in [
            ("CTY TNHH MTV DUOC LIEU NGHIA TRAI", "Công ty TNHH một thành viên Dược liệu Nghĩa Trai"),
            ("CONG TY TRACH NHIEM HUU HAN 1 THANH VIEN DUOC LIEU NGHIA TRAI", "Công ty TNHH MTV Dược liệu Nghĩa Trai"),
            ("HKD NGUYEN THI DAO", "Hộ kinh doanh Nguyễn Thị Đào"),
            ("CT CP ONG MAT", "Công ty cổ phần Ong Mật"),
        ] {
            assert!(is_legal_name(holder, legal), "{holder}");
        }
    }

    #[test]
    fn another_owner_is_not_let_pass() {
        let legal = "Hợp tác xã Nhãn Lồng Hồng Nam";
        for holder in [
            "NGUYEN VAN A",
            "CTY TNHH NHAN LONG HONG NAM",
            "HTX NHAN LONG",
            "NHAN LONG HONG NAM",
            "HTX NHAN LONG HONG NAM 2",
            "HTX NHAN LONG HONG NAN",
            "HTX",
            "",
            " ",
            "合作社",
        ] {
            assert!(!is_legal_name(holder, legal), "{holder}");
        }
        assert!(!is_legal_name("", "") && !is_legal_name("合作社", "合作社"), "a name without letters proves nothing");
    }

    #[test]
    fn a_check_changes_what_is_said_of_another_name_alone() {
        assert_eq!(HolderName::of("HTX A", "Hợp tác xã A", false), HolderName::Own);
        assert_eq!(HolderName::of("HTX A", "Hợp tác xã A", true), HolderName::Own);
        assert_eq!(HolderName::of("NGUYEN A", "Hợp tác xã A", false), HolderName::Other);
        assert_eq!(HolderName::of("NGUYEN A", "Hợp tác xã A", true), HolderName::Checked);
    }
}
