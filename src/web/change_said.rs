//! A change of a receiving account as plain values: what the pages of sellers and of the operator show of it alike.

use crate::domain::bank;
use crate::domain::product::BankAccountState;
use crate::service::account_change_view::{ChangeView, Changes};
use serde_json::{Value, json};

/// The page of a cooperative's receiving account.
const FARM: &str = "/ban-hang/tien/tai-khoan";

/// A bank by its short name; its BIN when nobody knows it.
pub fn bank_name(bin: &str) -> &str {
    bank::find(bin).map_or(bin, |bank| bank.short_name.as_str())
}

/// How an account stands that is not the one in force: one that was, or soon will be.
pub const fn standing(state: BankAccountState) -> &'static str {
    match state {
        BankAccountState::Pending => "pending",
        _ => "retired",
    }
}

/// For `ui.account_change`.
pub fn change(view: &ChangeView) -> Value {
    let row = &view.change;
    json!({
        "id": row.id,
        "state": view.state,
        "old": { "bank": bank_name(&view.old.bin), "number": view.old.account_number, "holder": view.old.holder_name },
        "new": { "bank": bank_name(&view.new.bin), "number": view.new.account_number, "holder": view.new.holder_name, "id": view.new.id },
        "virtual_number": view.new.virtual_account,
        "memo_prefix": view.new.memo_prefix,
        "proposed_by": view.proposed_by,
        "proposed_at": row.proposed_at,
        "agreed_by": view.agreed_by,
        "agreed_as": row.agreed_as,
        "agreed_at": row.agreed_at,
        "from": row.in_force_from,
        "ended_by": view.ended_by,
        "ended_at": row.ended_at,
        "reason": row.reason,
        "holder_differs": view.holder_differs,
        "legal_name": view.legal_name,
        "cooperative": view.cooperative,
        "phone": view.phone,
        "is_mine": view.is_mine,
    })
}

/// What a cooperative's account page shows of changes, and of the accounts beside the one in force.
pub fn changes(changes: &Changes) -> Value {
    let under_way = changes.under_way.as_ref().map(|view| {
        let mut value = change(view);
        if let Some(object) = value.as_object_mut() {
            object.insert("base".to_owned(), json!(format!("{FARM}/doi/{}", view.change.id)));
        }
        value
    });
    let others = changes.others.iter().map(|account| {
        json!({
            "bank": bank_name(&account.bin),
            "number": account.account_number,
            "state": standing(account.state),
            "url": format!("{FARM}?tk={}", account.id),
        })
    });
    json!({
        "under_way": under_way,
        "past": changes.past.iter().map(change).collect::<Vec<_>>(),
        "others": others.collect::<Vec<_>>(),
    })
}
