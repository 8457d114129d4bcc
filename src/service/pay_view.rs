//! How what is due is transferred: the account, the sum, the memo and the code that says all three, as a page and a gallery show it.

use super::error::ServiceError;
use super::kit::Kit;
use crate::domain::bank;
use crate::domain::code::OrderCode;
use crate::domain::holder_name::HolderName;
use crate::domain::lang::Lang;
use crate::domain::memo;
use crate::domain::money::Money;
use crate::domain::vietqr::{self, Transfer};
use crate::gateway::qr::{self, Caption};
use crate::store::bank::BankAccount;
use crate::store::cooperative::Cooperative;
use crate::store::order::Order;
use crate::store::pay_link::PaymentLink;
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

/// Where a transfer goes, and with which words.
struct Target {
    bin: String,
    number: String,
    holder: String,
    memo: String,
    /// A provider's code, as it came.
    qr_payload: Option<String>,
}

impl Target {
    fn of_account(account: &BankAccount, code: &OrderCode) -> Self {
        Self {
            bin: account.bin.clone(),
            number: account.shown_number().to_owned(),
            holder: account.holder_name.clone(),
            memo: memo::memo_of(account.memo_prefix.as_deref(), code),
            qr_payload: None,
        }
    }

    /// What stands in a provider's code: its number may be a virtual one, its memo has a code of the provider's before ours.
    fn of_link(link: &PaymentLink, plain: &Target) -> Option<Self> {
        let said = vietqr::decode(link.qr_payload.as_deref()?).ok()?;
        Some(Self {
            bin: said.bin?,
            number: said.account?,
            holder: link.holder_name.clone().unwrap_or_else(|| plain.holder.clone()),
            memo: said.memo.unwrap_or_else(|| plain.memo.clone()),
            qr_payload: link.qr_payload.clone(),
        })
    }
}

/// How what is due can be transferred: through the link that its provider made for exactly this, else to the account that the order was printed with.
pub(super) fn pay_view(
    order: &Order,
    cooperative: &Cooperative,
    (account, is_checked): (&BankAccount, bool),
    link: Option<&PaymentLink>,
    due: Money,
) -> Result<PayView, ServiceError> {
    let amount = due.min(TRANSFER_CEILING);
    // A link that asks for another sum is about to be replaced: the plain account meanwhile.
    let plain = Target::of_account(account, &order.code);
    let target = link.filter(|link| link.amount_vnd == amount).and_then(|link| Target::of_link(link, &plain));
    let target = target.unwrap_or(plain);
    let transfer = Transfer::to_account(&target.bin, &target.number).asking(amount).saying(target.memo.clone());
    Ok(PayView {
        qr_payload: match target.qr_payload {
            Some(theirs) => theirs,
            None => vietqr::encode(&transfer).map_err(ServiceError::broken)?,
        },
        bank_name: bank::find(&target.bin).map_or_else(|| target.bin.clone(), |bank| bank.short_name.clone()),
        bin: target.bin,
        account: target.number,
        is_part: amount < due,
        amount,
        memo: target.memo,
        holder_name: HolderName::of(&target.holder, &cooperative.legal_name, is_checked),
        holder: target.holder,
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
