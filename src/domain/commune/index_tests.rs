//! What people type for a place, and what must come out.

use super::*;

fn first(text: &str) -> Found {
    *search(text, None).first().unwrap_or_else(|| panic!("nothing for {text}"))
}

fn names(text: &str, province: Option<&str>) -> Vec<&'static str> {
    search(text, province).into_iter().map(|found| found.commune.name.as_str()).collect()
}

#[test]
fn a_name_with_its_marks_comes_before_the_same_letters_without_them() {
    let found = first("Tân Hưng");
    assert_eq!((found.commune.code.as_str(), found.how, found.old_name), ("11977", How::Exact, None));
    assert_eq!(first("tan hung").how, How::Folded);
    assert_eq!(first("xã tân hưng").how, How::Exact);
    assert_eq!(first("TAN HUNG").commune.code, "11977");
    assert_eq!(first("Ta\u{302}n Hưng").how, How::Exact, "marks typed as letters of their own");
    let answers = search("Định Công", None);
    assert_eq!(answers.first().map(|f| (f.commune.code.as_str(), f.how)), Some(("00316", How::Exact)));
}

#[test]
fn a_repeated_name_gives_several_answers_with_the_home_province_first() {
    let answers = search("Tân Tiến", None);
    let exact: Vec<_> = answers.iter().filter(|f| f.how == How::Exact).collect();
    assert!(exact.len() >= 5, "{}", exact.len());
    assert_eq!(exact.first().map(|f| f.commune.code.as_str()), Some("12583"));
    assert!(search("Tân Tiến", Some("33")).iter().all(|f| f.commune.province_code == "33"));
}

#[test]
fn an_old_ward_leads_to_every_ward_that_took_a_part_of_it_and_says_so() {
    let answers = search("Đại Kim", None);
    let codes: Vec<_> = answers.iter().filter(|f| f.how == How::OldName).map(|f| f.commune.name.as_str()).collect();
    assert!(codes.contains(&"Phường Định Công") && codes.contains(&"Phường Hoàng Liệt"), "{codes:?}");
    assert!(answers.iter().take(2).all(|f| f.old_name == Some("Phường Đại Kim")));
    assert_eq!(first("dai kim").old_name, Some("Phường Đại Kim"));
    assert_eq!(first("P.Đại Kim").old_name, Some("Phường Đại Kim"));
}

#[test]
fn old_communes_of_the_home_province_are_found_by_the_names_that_made_them_known() {
    for (typed, code) in [
        ("Thái Đô", "12943"),
        ("nam thinh", "13057"),
        ("Đông Tảo", "12070"),
        ("xã Đông La", "12688"),
        ("Phan Sào Nam", "12406"),
        ("diem dien", "12826"),
        ("thị trấn Diêm Điền", "12826"),
        ("Hồng Tiến", "13186"),
        ("bach thuan", "13246"),
    ] {
        assert_eq!(first(typed).commune.code, code, "{typed}");
    }
}

#[test]
fn places_known_for_their_goods_lead_to_the_commune_of_today() {
    for (typed, code, name) in [
        ("Hồng Nam", "11977", "Xã Hồng Nam"),
        ("chi tan", "12271", "Xã Chí Tân"),
        ("Bần", "12103", "Phố Bần"),
        ("làng Nguyễn", "12688", "Làng Nguyễn"),
        ("Nghĩa Trai", "12004", "Làng Nghĩa Trai"),
    ] {
        let answers = search(typed, None);
        let found = answers.iter().find(|f| f.commune.code == code).map(|f| f.old_name);
        assert_eq!(found, Some(Some(name)), "{typed}");
    }
    assert_eq!(first("làng Nguyễn").commune.code, "12688");
    let names = old_names("11977");
    assert!(
        names.contains(&"Xã Thủ Sỹ") && names.contains(&"Xã Hồng Nam") && names.contains(&"Thành phố Hưng Yên"),
        "{names:?}"
    );
    assert!(!names.contains(&"Xã Tân Hưng") && old_names("00000").is_empty());
}

#[test]
fn an_abolished_district_leads_to_its_communes() {
    let hoang_mai = search("quận Hoàng Mai", None);
    let wards: Vec<_> =
        hoang_mai.iter().filter(|f| f.old_name == Some("Quận Hoàng Mai")).map(|f| f.commune.bare_name()).collect();
    assert!(["Hoàng Mai", "Định Công", "Hoàng Liệt", "Yên Sở"].iter().all(|ward| wards.contains(ward)), "{wards:?}");
    let city = names("Thành phố Thái Bình", None);
    let city: Vec<_> = city.into_iter().take(5).collect();
    assert!(
        ["Phường Thái Bình", "Phường Trần Lãm", "Phường Trà Lý", "Phường Vũ Phúc"].iter().all(|w| city.contains(w)),
        "{city:?}"
    );
    let kien_xuong = search("huyện Kiến Xương", None);
    assert!(
        kien_xuong.iter().filter(|f| f.commune.province_code == "33").count() >= 9,
        "nine communes kept a code of the district"
    );
    assert!(kien_xuong.iter().all(|f| f.old_name.is_none_or(|name| name.to_lowercase().contains("kiến xương"))));
    assert!(names("huyen kien xuong", None).contains(&"Xã Bình Định"));
    assert_eq!(first("Kiến Xương").commune.name, "Xã Kiến Xương");
}

#[test]
fn an_address_is_read_from_its_parts_and_what_follows_decides_between_namesakes() {
    assert_eq!(first("Hồng Tiến, Bình Định, Hưng Yên").commune.code, "13186");
    assert_eq!(first("số 5 ngõ 12, phường Hoàng Mai, Hà Nội").commune.code, "00331");
    assert_eq!(first("Phường Hoàng Mai, Tỉnh Nghệ An").commune.code, "17110");
    assert_eq!(first("Quang Trung, Kiến Xương, Thái Bình").commune.name, "Xã Kiến Xương");
    assert_eq!(first("Minh Tân, huyện Hưng Hà, Thái Bình").commune.name, "Xã Lê Quý Đôn");
}

#[test]
fn a_name_that_begins_like_a_kind_is_not_cut() {
    assert!(search("Quan Hoa", None).iter().any(|f| f.old_name == Some("Phường Quan Hoa")));
    assert!(search("Quán Thánh", None).iter().any(|f| f.commune.name == "Phường Ba Đình"));
    assert_eq!(first("pho hien").commune.code, "11953");
}

#[test]
fn typing_ahead_finds_by_the_first_letters_and_then_by_later_words() {
    assert_eq!(first("pho hi").how, How::Prefix);
    assert!(names("ngũ lão", Some("33")).contains(&"Xã Phạm Ngũ Lão"));
    assert!(search("a", None).len() <= 50);
}

#[test]
fn nothing_typed_and_nothing_known_give_nothing() {
    for text in ["", " , ", "xyzzy", "()", "«»"] {
        assert!(search(text, None).is_empty(), "{text}");
    }
}

#[test]
fn every_commune_is_found_first_or_among_its_namesakes_by_its_own_name() {
    for commune in
        LAND.communes.iter().enumerate().filter(|(at, c)| at % 7 == 0 || c.province_code == "33").map(|(_, c)| c)
    {
        let answers = search(&commune.name, Some(&commune.province_code));
        assert!(answers.iter().take(4).any(|f| f.commune.code == commune.code), "{}", commune.with_province());
    }
}

#[test]
fn a_name_and_what_it_lies_in_are_told_apart_without_a_comma() {
    for (typed, code) in [
        ("tan hung hung yen", "11977"),
        ("Tân Hưng Hưng Yên", "11977"),
        ("xã tân hưng tỉnh hưng yên", "11977"),
        ("dinh cong ha noi", "00316"),
        ("phường định công hoàng mai hà nội", "00316"),
    ] {
        assert_eq!(first(typed).commune.code, code, "{typed}");
    }
    assert_eq!(first("đại kim hà nội").old_name, Some("Phường Đại Kim"));
    assert!(search("tan hung atlantis", None).is_empty());
    assert!(search("tan hung ha noi", Some("33")).is_empty());
}
