//! How what is due is transferred: the account, the sum, the memo and the code that says all three, as a page and a gallery show it.

use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::bank;
use crate::domain::holder_name::HolderName;
use crate::domain::lang::Lang;
use crate::domain::memo;
use crate::domain::money::Money;
use crate::domain::vietqr::{self, Transfer};
use crate::gateway::qr::{self, Caption};
use crate::store::bank::BankAccount;
use crate::store::cooperative::Cooperative;
use crate::store::order::Order;
use crate::view::texts::Args;

/// One transfer stays below 500,000,000 đ (NAPAS 247, a dated setting): larger sums are asked for in parts.
pub const TRANSFER_CEILING: Money = Money(499_999_999);

/// «MẪU – KHÔNG CHUYỂN TIỀN» as a picture, for codes of a demonstration market.
const DEMO_STRIP_VI: &[u8] = include_bytes!("../../assets/img/qr-demo-vi.png");
const DEMO_STRIP_EN: &[u8] = include_bytes!("../../assets/img/qr-demo-en.png");

/// How what is due now can be transferred.
#[derive(Debug, Clone)]
pub struct PayView {
    pub bin: String,
    pub bank_name: String,
    pub account: String,
    pub holder: String,
    /// What this code asks for: what is due, or the first part of it.
    pub amount: Money,
    /// More parts follow.
    pub is_part: bool,
    pub memo: String,
    pub qr_payload: String,
    /// Whether the holder is the cooperative by name: said to the shopper.
    pub holder_name: HolderName,
}

/// How what is due can be transferred to the account that the order was printed with.
pub(super) fn pay_view(
    order: &Order,
    cooperative: &Cooperative,
    (account, is_checked): (&BankAccount, bool),
    due: Money,
) -> Result<PayView, ServiceError> {
    let amount = due.min(TRANSFER_CEILING);
    let memo = memo::memo_of(account.memo_prefix.as_deref(), &order.code);
    let number = account.shown_number();
    let transfer = Transfer::to_account(&account.bin, number).asking(amount).saying(memo.clone());
    Ok(PayView {
        qr_payload: vietqr::encode(&transfer).map_err(ServiceError::broken)?,
        bin: account.bin.clone(),
        bank_name: bank::find(&account.bin).map_or_else(|| account.bin.clone(), |bank| bank.short_name.clone()),
        account: number.to_owned(),
        holder: account.holder_name.clone(),
        is_part: amount < due,
        amount,
        memo,
        holder_name: HolderName::of(&account.holder_name, &cooperative.legal_name, is_checked),
    })
}

/// The code of a transfer as a picture. On a demonstration market it says above and below that nothing may be transferred.
pub fn qr_svg(kit: &Kit, lang: Lang, pay: &PayView) -> Result<String, ServiceError> {
    let mut args = Args::new();
    args.set("holder", pay.holder.as_str());
    args.set("bank", pay.bank_name.as_str());
    let title = kit.views.say_with(lang, "ui-qr-alt", &args);
    let seal = kit.config.is_demo.then(|| kit.views.say(lang, "ui-qr-demo"));
    let caption = Caption { title: &title, above: seal.as_deref(), below: seal.as_deref() };
    qr::svg(&pay.qr_payload, &caption).map_err(ServiceError::broken)
}

/// The same as a PNG for the gallery, which is what bank apps scan from.
pub fn qr_png(kit: &Kit, lang: Lang, pay: &PayView) -> Result<Vec<u8>, ServiceError> {
    let strip = match lang {
        Lang::Vi => DEMO_STRIP_VI,
        Lang::En => DEMO_STRIP_EN,
    };
    qr::png(&pay.qr_payload, kit.config.is_demo.then_some(strip)).map_err(ServiceError::broken)
}
