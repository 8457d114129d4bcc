//! From basket to paid order: the pages of the shop's door that belong to one buyer. None of them is kept, indexed or told
//! to another site; an order's page opens by its key.

mod basket;
mod cart;
mod change;
mod change_fill;
mod checkout;
mod checkout_form;
mod claim;
mod claim_fill;
mod lost;
mod order;
mod order_fill;
mod purchase;
mod refund;
mod refund_fill;
mod review;
mod way_fill;
mod words;

use super::route::Door::Shop;
use super::route::Rate;
use super::route::Who::{Anyone, SignedIn};
use super::route::{Route, get, post};

/// The rows of this door.
pub fn routes() -> Vec<Route> {
    [order_routes(), claim::routes(), review::routes()].concat()
}

fn order_routes() -> Vec<Route> {
    vec![
        get("/gio-hang", Shop, Anyone).to(basket::show_basket),
        post("/gio-hang", Shop, Anyone).to(basket::add_to_basket),
        post("/gio-hang/mon", Shop, Anyone).to(basket::change_line),
        post("/gio-hang/noi-giao", Shop, Anyone).to(basket::set_place),
        get("/thanh-toan", Shop, Anyone).to(checkout::show_checkout),
        post("/thanh-toan", Shop, Anyone).to(checkout::place_order),
        get("/mua/{code}", Shop, Anyone).sample("/mua/MU2345672").to(purchase::show_purchase),
        get("/mua/{code}/song", Shop, Anyone).sample("/mua/MU2345672/song").to(purchase::follow_purchase),
        post("/mua/{code}/dat-lai", Shop, Anyone).sample("/mua/MU2345672/dat-lai").to(purchase::order_again),
        get("/don", Shop, Anyone).to(lost::show_lost),
        post("/don", Shop, Anyone).rate(Rate::SignIn).to(lost::find_lost),
        get("/don/{code}", Shop, Anyone).sample("/don/HT7K2M9QA").to(order::show_order),
        get("/don/{code}/song", Shop, Anyone).sample("/don/HT7K2M9QA/song").to(order::follow_order),
        get("/don/{code}/qr.svg", Shop, Anyone).sample("/don/HT7K2M9QA/qr.svg").to(order::show_qr),
        get("/don/{code}/qr.png", Shop, Anyone).sample("/don/HT7K2M9QA/qr.png").to(order::show_qr_png),
        post("/don/{code}/tai-khoan-nhan", Shop, Anyone)
            .sample("/don/HT7K2M9QA/tai-khoan-nhan")
            .rate(Rate::SignIn)
            .to(refund::say_where),
        post("/don/{code}/cho-mua-sau", Shop, Anyone).sample("/don/HT7K2M9QA/cho-mua-sau").to(refund::wait),
        post("/don/{code}/mon-khac", Shop, Anyone)
            .sample("/don/HT7K2M9QA/mon-khac")
            .rate(Rate::SignIn)
            .to(refund::pay_another),
        post("/don/{code}/dong-y-doi", Shop, Anyone).sample("/don/HT7K2M9QA/dong-y-doi").to(change::agree),
        get("/duyet-tra/{id}", Shop, Anyone)
            .sample("/duyet-tra/018f0000-0000-7000-8000-000000000000")
            .to(refund::show_link_page),
        post("/duyet-tra/{id}", Shop, Anyone)
            .sample("/duyet-tra/018f0000-0000-7000-8000-000000000000")
            .rate(Rate::SignIn)
            .to(refund::agree_by_link),
        post("/don/{code}/dat-lai", Shop, Anyone).sample("/don/HT7K2M9QA/dat-lai").to(order::order_again),
        post("/don/{code}/luu", Shop, SignedIn).sample("/don/HT7K2M9QA/luu").to(order::keep_order),
        post("/don/{code}/huy", Shop, Anyone).sample("/don/HT7K2M9QA/huy").to(order::cancel_order),
    ]
}
