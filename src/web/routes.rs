//! The table of all routes, one screen: what there is, by which door, for whom. The server is built from it and the
//! tests walk through it.

use super::route::Door::{Account, Bank, Health};
use super::route::Who::{Anyone, Machine, SignedIn};
use super::route::{Rate, Route, Stranger, get, post};
use super::{account, answer, api, bank, buy, demo, farm, health, office, operator, shop, trace};

/// Every route of the market, the more particular path before the more general.
pub fn table() -> Vec<Route> {
    [
        buy::routes(),
        answer::routes(),
        api::routes(),
        shop::routes(),
        trace::routes(),
        office::routes(),
        operator::routes(),
        farm::farm_routes(),
        account_routes(),
        machine_routes(),
    ]
    .concat()
}

/// What a server mounts: the table, and in a demonstration the bank's part.
pub fn mounted(is_demo: bool) -> Vec<Route> {
    let mut routes = table();
    if is_demo {
        routes.extend(demo::routes());
    }
    routes
}

fn account_routes() -> Vec<Route> {
    vec![
        get("/tai-khoan/dang-nhap", Account, Anyone).public(&["tiep"]).to(account::show_sign_in),
        post("/tai-khoan/dang-nhap", Account, Anyone).rate(Rate::SignIn).to(account::sign_in),
        get("/tai-khoan/ma", Account, Anyone).public(&[]).to(account::show_code_form),
        post("/tai-khoan/ma", Account, Anyone).rate(Rate::SignIn).to(account::ask_for_code),
        post("/tai-khoan/ma/nhap", Account, Anyone).rate(Rate::SignIn).to(account::sign_in_by_code),
        get("/tai-khoan/the/{token}", Account, Anyone).sample("/tai-khoan/the/khong-co").to(account::show_card),
        post("/tai-khoan/the/{token}", Account, Anyone)
            .sample("/tai-khoan/the/khong-co")
            .rate(Rate::SignIn)
            .to(account::sign_in_by_card),
        get("/tai-khoan", Account, SignedIn).to(account::show_account),
        get("/tai-khoan/mat-khau", Account, SignedIn).to(account::show_password_form),
        post("/tai-khoan/mat-khau", Account, SignedIn).rate(Rate::SignIn).to(account::set_password),
        post("/tai-khoan/htx", Account, SignedIn).to(account::switch_cooperative),
        post("/tai-khoan/phien/{id}/ket-thuc", Account, SignedIn)
            .sample("/tai-khoan/phien/018f0000-0000-7000-8000-000000000000/ket-thuc")
            .to(account::end_session),
        post("/tai-khoan/ra", Account, SignedIn).to(account::sign_out),
    ]
}

fn machine_routes() -> Vec<Route> {
    vec![
        get("/healthz", Health, Anyone).to(health::alive),
        get("/readyz", Health, Anyone).to(health::ready),
        get("/metrics", Health, Machine).stranger(Stranger::NotFound).to(health::metrics),
        post("/webhooks/bank/{provider}/{account}", Bank, Anyone)
            .sample("/webhooks/bank/sepay/khong-co")
            .to(bank::receive),
        // VietQR.vn writes one slash or two behind the address that it was given.
        post("/webhooks/bank/vietqr/{account}{slash:/?}/api/token_generate", Bank, Anyone)
            .sample("/webhooks/bank/vietqr/khong-co/api/token_generate")
            .to(bank::grant_vietqr_token),
        post("/webhooks/bank/vietqr/{account}{slash:/?}/bank/api/transaction-sync", Bank, Anyone)
            .sample("/webhooks/bank/vietqr/khong-co/bank/api/transaction-sync")
            .to(bank::receive_vietqr),
        get("/assets/{name:.+}", Health, Anyone).sample("/assets/app.css").to(health::asset),
    ]
}
