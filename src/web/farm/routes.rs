//! The rows of this door in the table of routes.

use super::{
    account, account_change, account_links, account_poll, account_words, answering, books, books_close, claims, door,
    door_acts, goods, hands, lots, members, messages, money, offers, order, order_acts, orders, other_money, packing,
    packing_acts, packing_parcel, parcels, pause, product, quick, refund, reviews, statement, today, vouchers,
    way_acts, ways, windows,
};
use crate::domain::account::MemberRole::{Accountant, Lister, Manager, Packer};
use crate::web::route::Door::Farm;
use crate::web::route::Who::{Seller, SellerAs};
use crate::web::route::{Rate, Route, get, post};

/// A form with a photo: the picture's own bound and room for the fields.
const PHOTO_FORM_MAX_BYTES: usize = 8 * 1024 * 1024 + 256 * 1024;

/// A bank's statement (5 MB at most) and room for the fields.
const STATEMENT_FORM_MAX_BYTES: usize = 5 * 1024 * 1024 + 64 * 1024;

/// An id and a code that are nobody's, for samples.
macro_rules! nobodys {
    ($before:literal, $after:literal) => {
        concat!($before, "018f0000-0000-7000-8000-000000000000", $after)
    };
}

/// Every row of the sellers' door.
pub fn farm_routes() -> Vec<Route> {
    [
        order_routes(),
        packing_routes(),
        door_routes(),
        goods_routes(),
        window_routes(),
        statement_routes(),
        refund_routes(),
        claim_routes(),
        money_routes(),
        people_routes(),
    ]
    .concat()
}

fn order_routes() -> Vec<Route> {
    vec![
        get("/ban-hang", Farm, Seller).to(today::show_today),
        get("/ban-hang/don", Farm, Seller).to(orders::show_orders),
        get("/ban-hang/don/{code}", Farm, Seller).sample("/ban-hang/don/HT222222A").to(order::show_order),
        get("/ban-hang/don/{code}/ma-qr.png", Farm, Seller)
            .sample("/ban-hang/don/HT222222A/ma-qr.png")
            .to(order::show_qr),
        post("/ban-hang/don/{code}/nhan", Farm, Seller).sample("/ban-hang/don/HT222222A/nhan").to(order_acts::confirm),
        post("/ban-hang/don/{code}/doi", Farm, Seller).sample("/ban-hang/don/HT222222A/doi").to(order_acts::propose),
        post("/ban-hang/don/{code}/nhac", Farm, Seller)
            .sample("/ban-hang/don/HT222222A/nhac")
            .to(order_acts::send_link),
        get("/ban-hang/them/ma-giam-gia", Farm, Seller).to(vouchers::show),
        post("/ban-hang/them/ma-giam-gia", Farm, SellerAs(Manager)).to(vouchers::make),
        post("/ban-hang/them/ma-giam-gia/{id}/ngung", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/them/ma-giam-gia/", "/ngung"))
            .to(vouchers::stop),
        get("/ban-hang/them/nhan-don", Farm, Seller).to(answering::show_rules),
        post("/ban-hang/them/nhan-don", Farm, SellerAs(Manager)).to(answering::lay_down_rules),
        post("/ban-hang/don/{code}/tu-choi", Farm, Seller)
            .sample("/ban-hang/don/HT222222A/tu-choi")
            .to(order_acts::decline),
        post("/ban-hang/don/{code}/can", Farm, SellerAs(Packer))
            .sample("/ban-hang/don/HT222222A/can")
            .to(order_acts::weigh),
        post("/ban-hang/don/{code}/dot", Farm, SellerAs(Packer))
            .sample("/ban-hang/don/HT222222A/dot")
            .to(order_acts::choose_lot),
        post("/ban-hang/don/{code}/dong", Farm, SellerAs(Packer))
            .sample("/ban-hang/don/HT222222A/dong")
            .to(order_acts::pack),
        post("/ban-hang/don/{code}/gui", Farm, SellerAs(Packer))
            .sample("/ban-hang/don/HT222222A/gui")
            .to(order_acts::send),
        post("/ban-hang/don/{code}/giao", Farm, SellerAs(Packer))
            .sample("/ban-hang/don/HT222222A/giao")
            .to(order_acts::deliver),
        post("/ban-hang/don/{code}/tien", Farm, SellerAs(Accountant))
            .sample("/ban-hang/don/HT222222A/tien")
            .to(order_acts::mark_money),
        post("/ban-hang/don/{code}/bo-tien", Farm, SellerAs(Accountant))
            .sample("/ban-hang/don/HT222222A/bo-tien")
            .to(order_acts::undo_money),
        post("/ban-hang/don/{code}/tien-mat", Farm, Seller)
            .sample("/ban-hang/don/HT222222A/tien-mat")
            .to(order_acts::take_cash),
    ]
}

/// The packing day, its boxes, and the rule for small differences.
fn packing_routes() -> Vec<Route> {
    macro_rules! tap {
        ($word:literal) => {
            post(concat!("/ban-hang/dong-hang/{code}/", $word), Farm, SellerAs(Packer))
                .sample(concat!("/ban-hang/dong-hang/HT222222A/", $word))
        };
    }
    vec![
        get("/ban-hang/dong-hang", Farm, SellerAs(Packer)).to(packing::show_day),
        get("/ban-hang/dong-hang/phieu-soan", Farm, SellerAs(Packer)).to(packing::show_sheet),
        get("/ban-hang/dong-hang/{code}", Farm, SellerAs(Packer))
            .sample("/ban-hang/dong-hang/HT222222A")
            .to(packing_parcel::show_parcel),
        get("/ban-hang/dong-hang/{code}/phieu", Farm, SellerAs(Packer))
            .sample("/ban-hang/dong-hang/HT222222A/phieu")
            .to(packing_parcel::show_slip),
        tap!("can").to(packing_acts::weigh),
        tap!("hoi").to(packing_acts::ask),
        tap!("dong").to(packing_acts::pack),
        tap!("cam").to(packing_acts::take_up),
        tap!("tha").to(packing_acts::leave),
        tap!("thieu").to(packing_acts::lack),
        post("/ban-hang/dong-hang/{code}/dinh-chinh", Farm, SellerAs(Manager))
            .sample("/ban-hang/dong-hang/HT222222A/dinh-chinh")
            .to(packing_acts::correct),
        get("/ban-hang/them/chenh-can", Farm, Seller).to(packing_acts::show_rule),
        post("/ban-hang/them/chenh-can", Farm, SellerAs(Manager)).to(packing_acts::lay_down_rule),
    ]
}

/// At the buyer's door, and cash on its way into the till.
fn door_routes() -> Vec<Route> {
    vec![
        get("/ban-hang/giao", Farm, SellerAs(Packer)).to(door::show_run),
        get("/ban-hang/giao/{code}", Farm, SellerAs(Packer)).sample("/ban-hang/giao/HT222222A").to(door::show_door),
        get("/ban-hang/giao/{code}/song", Farm, SellerAs(Packer))
            .sample("/ban-hang/giao/HT222222A/song")
            .to(door::follow_door),
        post("/ban-hang/giao/{code}/di", Farm, SellerAs(Packer))
            .sample("/ban-hang/giao/HT222222A/di")
            .to(door_acts::take),
        post("/ban-hang/giao/{code}/tien-mat", Farm, SellerAs(Packer))
            .sample("/ban-hang/giao/HT222222A/tien-mat")
            .to(door_acts::take_cash),
        post("/ban-hang/giao/{code}/bo-tien-mat", Farm, SellerAs(Packer))
            .sample("/ban-hang/giao/HT222222A/bo-tien-mat")
            .to(door_acts::undo_cash),
        post("/ban-hang/giao/{code}/da-giao", Farm, SellerAs(Packer))
            .sample("/ban-hang/giao/HT222222A/da-giao")
            .to(door_acts::deliver),
        get("/ban-hang/phieu-gui.csv", Farm, SellerAs(Packer)).to(parcels::download_csv),
        get("/ban-hang/phieu-gui.xlsx", Farm, SellerAs(Packer)).to(parcels::download_xlsx),
        get("/ban-hang/don/{code}/tem", Farm, SellerAs(Packer))
            .sample("/ban-hang/don/HT222222A/tem")
            .to(parcels::show_label),
        post("/ban-hang/them/tam-dung", Farm, SellerAs(Manager)).to(pause::start),
        post("/ban-hang/them/tam-dung/{id}/thoi", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/them/tam-dung/", "/thoi"))
            .to(pause::end),
        post("/ban-hang/giao/{code}/chua-giao", Farm, SellerAs(Packer))
            .sample("/ban-hang/giao/HT222222A/chua-giao")
            .to(way_acts::say_undelivered),
        post("/ban-hang/don/{code}/lay-ve", Farm, SellerAs(Packer))
            .sample("/ban-hang/don/HT222222A/lay-ve")
            .to(way_acts::take_back),
        post("/ban-hang/don/{code}/xoa-ghi-nhan", Farm, SellerAs(Manager))
            .sample("/ban-hang/don/HT222222A/xoa-ghi-nhan")
            .to(way_acts::clear_refused),
        post("/ban-hang/don/{code}/xe", Farm, SellerAs(Packer))
            .sample("/ban-hang/don/HT222222A/xe")
            .to(way_acts::send_by_coach),
        get("/ban-hang/nop-tien", Farm, Seller).to(hands::show_hands),
        post("/ban-hang/nop-tien", Farm, Seller).to(hands::say),
        post("/ban-hang/nop-tien/thay", Farm, SellerAs(Manager)).to(hands::settle),
        get("/ban-hang/nop-tien/{id}", Farm, Seller).sample(nobodys!("/ban-hang/nop-tien/", "")).to(hands::show_slip),
        post("/ban-hang/nop-tien/{id}/rut", Farm, Seller)
            .sample(nobodys!("/ban-hang/nop-tien/", "/rut"))
            .to(hands::withdraw),
        post("/ban-hang/nop-tien/{id}/nhan", Farm, SellerAs(Accountant))
            .sample(nobodys!("/ban-hang/nop-tien/", "/nhan"))
            .to(hands::count),
        post("/ban-hang/nop-tien/{id}/bo", Farm, SellerAs(Accountant))
            .sample(nobodys!("/ban-hang/nop-tien/", "/bo"))
            .to(hands::undo),
    ]
}

fn goods_routes() -> Vec<Route> {
    vec![
        get("/ban-hang/hang", Farm, Seller).to(goods::show_goods_list),
        get("/ban-hang/hang/dang-nhanh", Farm, SellerAs(Lister)).to(quick::show_form),
        post("/ban-hang/hang/dang-nhanh", Farm, SellerAs(Lister)).body_max_bytes(PHOTO_FORM_MAX_BYTES).to(quick::list),
        get("/ban-hang/hang/moi", Farm, SellerAs(Lister)).to(product::show_new),
        post("/ban-hang/hang/moi", Farm, SellerAs(Lister)).body_max_bytes(PHOTO_FORM_MAX_BYTES).to(product::add),
        get("/ban-hang/hang/{id}", Farm, Seller).sample(nobodys!("/ban-hang/hang/", "")).to(goods::show_goods),
        get("/ban-hang/hang/{id}/sua", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/sua"))
            .to(product::show_change),
        post("/ban-hang/hang/{id}/sua", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/sua"))
            .body_max_bytes(PHOTO_FORM_MAX_BYTES)
            .to(product::change),
        post("/ban-hang/hang/{id}/dang-ban", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/dang-ban"))
            .to(goods::publish),
        post("/ban-hang/hang/{id}/an-di", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/an-di"))
            .to(goods::hide),
        get("/ban-hang/hang/{id}/gia", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/gia"))
            .to(offers::show_offer),
        post("/ban-hang/hang/{id}/gia", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/gia"))
            .to(offers::put_offer),
        post("/ban-hang/hang/{id}/gia/thoi", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/gia/thoi"))
            .to(offers::take_back),
        get("/ban-hang/hang/{id}/dot", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/dot"))
            .to(lots::show_new),
        post("/ban-hang/hang/{id}/dot", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/dot"))
            .to(lots::open),
        get("/ban-hang/dot/{id}", Farm, Seller).sample(nobodys!("/ban-hang/dot/", "")).to(lots::show_lot),
        post("/ban-hang/dot/{id}", Farm, SellerAs(Lister)).sample(nobodys!("/ban-hang/dot/", "")).to(lots::act),
        post("/ban-hang/dot/{id}/bu", Farm, SellerAs(Packer)).sample(nobodys!("/ban-hang/dot/", "/bu")).to(lots::cover),
    ]
}

/// Sales windows.
fn window_routes() -> Vec<Route> {
    vec![
        get("/ban-hang/mo-ban", Farm, Seller).to(windows::show_windows),
        get("/ban-hang/hang/{id}/mo-ban", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/mo-ban"))
            .to(windows::show_new),
        post("/ban-hang/hang/{id}/mo-ban", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/hang/", "/mo-ban"))
            .to(windows::open),
        get("/ban-hang/mo-ban/{id}", Farm, Seller).sample(nobodys!("/ban-hang/mo-ban/", "")).to(windows::show_window),
        post("/ban-hang/mo-ban/{id}", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/mo-ban/", ""))
            .to(windows::act),
    ]
}

/// Before those of money, whose `/{id}` would take them.
fn statement_routes() -> Vec<Route> {
    vec![
        get("/ban-hang/tai-khoan/doi-soat", Farm, SellerAs(Accountant)).to(account_poll::show_poll),
        post("/ban-hang/tai-khoan/doi-soat", Farm, SellerAs(Manager)).to(account_poll::set_key),
        post("/ban-hang/tai-khoan/doi-soat/hoi", Farm, SellerAs(Accountant)).to(account_poll::ask_now),
        get("/ban-hang/tien/sao-ke", Farm, SellerAs(Accountant)).to(statement::show_statements),
        post("/ban-hang/tien/sao-ke", Farm, SellerAs(Accountant))
            .body_max_bytes(STATEMENT_FORM_MAX_BYTES)
            .to(statement::bring),
        get("/ban-hang/tien/sao-ke/{id}", Farm, SellerAs(Accountant))
            .sample(nobodys!("/ban-hang/tien/sao-ke/", ""))
            .to(statement::show_statement),
        post("/ban-hang/tien/sao-ke/{id}", Farm, SellerAs(Accountant))
            .sample(nobodys!("/ban-hang/tien/sao-ke/", ""))
            .to(statement::take),
    ]
}

/// Money back to a buyer, order by order.
fn refund_routes() -> Vec<Route> {
    vec![
        get("/ban-hang/don/{code}/tra-lai", Farm, SellerAs(Accountant))
            .sample("/ban-hang/don/HT222222A/tra-lai")
            .to(refund::show),
        post("/ban-hang/don/{code}/tra-lai", Farm, SellerAs(Accountant))
            .sample("/ban-hang/don/HT222222A/tra-lai")
            .to(refund::act),
        get("/ban-hang/don/{code}/tra-lai/ma-qr.png", Farm, SellerAs(Accountant))
            .sample("/ban-hang/don/HT222222A/tra-lai/ma-qr.png")
            .to(refund::show_qr),
    ]
}

fn money_routes() -> Vec<Route> {
    vec![
        get("/ban-hang/so-sach", Farm, SellerAs(Accountant)).to(books::show_books),
        get("/ban-hang/so-sach.csv", Farm, SellerAs(Accountant)).to(books::download_csv),
        get("/ban-hang/so-sach.xlsx", Farm, SellerAs(Accountant)).to(books::download_xlsx),
        get("/ban-hang/so-sach/no-co.xlsx", Farm, SellerAs(Accountant)).to(books::download_pairs),
        get("/ban-hang/so-sach/khoa-so", Farm, SellerAs(Accountant)).to(books_close::ask),
        post("/ban-hang/so-sach/khoa-so", Farm, SellerAs(Accountant)).to(books_close::close),
        get("/ban-hang/so-sach/tai-khoan", Farm, SellerAs(Accountant)).to(books_close::codes),
        post("/ban-hang/so-sach/tai-khoan", Farm, SellerAs(Accountant)).to(books_close::put_codes),
        get("/ban-hang/so-sach/chi-tiet/{kind}", Farm, SellerAs(Accountant))
            .sample("/ban-hang/so-sach/chi-tiet/bank")
            .to(books::show_account),
        get("/ban-hang/tien", Farm, SellerAs(Accountant)).to(money::show_money),
        get("/ban-hang/tien/tai-khoan", Farm, SellerAs(Manager)).to(account::show_form),
        post("/ban-hang/tien/tai-khoan", Farm, SellerAs(Manager)).to(account::set_up),
        post("/ban-hang/tien/tai-khoan/khoa", Farm, SellerAs(Manager)).to(account::show_secret),
        post("/ban-hang/tien/tai-khoan/kenh", Farm, SellerAs(Manager))
            .rate(Rate::SignIn)
            .to(account_links::set_link_keys),
        post("/ban-hang/tien/tai-khoan/tu", Farm, SellerAs(Manager))
            .rate(Rate::SignIn)
            .to(account_words::change_prefix),
        post("/ban-hang/tien/tai-khoan/doi-khoa", Farm, SellerAs(Manager)).rate(Rate::SignIn).to(account::change_key),
        get("/ban-hang/tien/tai-khoan/doi", Farm, SellerAs(Manager)).to(account_change::show_proposal),
        post("/ban-hang/tien/tai-khoan/doi", Farm, SellerAs(Manager)).rate(Rate::SignIn).to(account_change::propose),
        post("/ban-hang/tien/tai-khoan/doi/{id}/dong-y", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/tien/tai-khoan/doi/", "/dong-y"))
            .rate(Rate::SignIn)
            .to(account_change::agree),
        post("/ban-hang/tien/tai-khoan/doi/{id}/tu-choi", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/tien/tai-khoan/doi/", "/tu-choi"))
            .to(account_change::refuse),
        post("/ban-hang/tien/tai-khoan/doi/{id}/rut-lai", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/tien/tai-khoan/doi/", "/rut-lai"))
            .to(account_change::take_back),
        post("/ban-hang/tien/tai-khoan/doi/{id}/dung-lai", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/tien/tai-khoan/doi/", "/dung-lai"))
            .to(account_change::stop),
        post("/ban-hang/tien/khac", Farm, SellerAs(Accountant)).to(other_money::act),
        post("/ban-hang/tien/quy-tac", Farm, SellerAs(Accountant)).to(other_money::add_rule),
        post("/ban-hang/tien/quy-tac/{id}/bo", Farm, SellerAs(Accountant))
            .sample(nobodys!("/ban-hang/tien/quy-tac/", "/bo"))
            .to(other_money::remove_rule),
        post("/ban-hang/tien/chenh-lech", Farm, SellerAs(Manager)).to(other_money::let_go),
        post("/ban-hang/tien/{id}", Farm, SellerAs(Accountant))
            .sample(nobodys!("/ban-hang/tien/", ""))
            .to(money::decide),
    ]
}

fn claim_routes() -> Vec<Route> {
    vec![
        get("/ban-hang/bao-hang", Farm, Seller).to(claims::show_list),
        get("/ban-hang/bao-hang/{id}", Farm, Seller).sample(nobodys!("/ban-hang/bao-hang/", "")).to(claims::show_claim),
        post("/ban-hang/bao-hang/{id}", Farm, SellerAs(Accountant))
            .sample(nobodys!("/ban-hang/bao-hang/", ""))
            .to(claims::decide),
        get("/ban-hang/bao-hang/anh/{id}", Farm, Seller)
            .sample(nobodys!("/ban-hang/bao-hang/anh/", ""))
            .to(claims::show_photo),
        get("/ban-hang/danh-gia", Farm, Seller).to(reviews::show_list),
        post("/ban-hang/danh-gia/{id}", Farm, SellerAs(Lister))
            .sample(nobodys!("/ban-hang/danh-gia/", ""))
            .to(reviews::answer),
    ]
}

fn people_routes() -> Vec<Route> {
    vec![
        get("/ban-hang/nhan-tin", Farm, Seller).to(messages::show_messages),
        post("/ban-hang/nhan-tin/{id}", Farm, Seller)
            .sample(nobodys!("/ban-hang/nhan-tin/", ""))
            .to(messages::mark_passed_on),
        get("/ban-hang/them", Farm, Seller).to(members::show_more),
        get("/ban-hang/them/giao", Farm, Seller).to(ways::show_ways),
        post("/ban-hang/them/giao/gio/{id}", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/them/giao/gio/", ""))
            .to(ways::change_window),
        post("/ban-hang/them/giao/{id}", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/them/giao/", ""))
            .to(ways::add_window),
        post("/ban-hang/them/nguoi", Farm, SellerAs(Manager)).to(members::take_in),
        post("/ban-hang/them/nguoi/{id}/vai-tro", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/them/nguoi/", "/vai-tro"))
            .to(members::change_roles),
        post("/ban-hang/them/nguoi/{id}/the", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/them/nguoi/", "/the"))
            .to(members::print_card),
        post("/ban-hang/them/nguoi/{id}/thu-the", Farm, SellerAs(Manager))
            .sample(nobodys!("/ban-hang/them/nguoi/", "/thu-the"))
            .to(members::end_ways_in),
    ]
}
