//! The words of a message, written when they are read: from its kind and its arguments, in the reader's language. A mail and a
//! card in somebody's list say the same. Knows no channel.

use super::answer_link;
use super::error::{ServiceError, ServiceResult};
use super::kit::Kit;
use super::showing::order_key;
use super::signing_in::CODE_MESSAGE;
use crate::domain::lang::Lang;
use crate::domain::message::MessageKind;
use crate::store::message::Message;
use crate::view::Context;
use std::collections::BTreeMap;

/// A message ready to be read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Words {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Writes a message down.
pub fn words_of(kit: &Kit, message: &Message) -> ServiceResult<Words> {
    let lang = message.language.parse().unwrap_or(Lang::Vi);
    let context = context_of(kit, message)?;
    let render = |part: &str, form: &str| {
        let template = format!("mail/{}/{part}.{form}", message.kind);
        kit.views.render(&template, lang, &context).map_err(ServiceError::broken)
    };
    let subject = render("subject", "txt")?.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Words { subject, text: render("body", "txt")?, html: render("body", "html")? })
}

/// What every template of a mail may name: `name`, `url` (empty when nothing is to be opened), and the message's own arguments;
/// those that it does not have are empty.
fn context_of(kit: &Kit, message: &Message) -> ServiceResult<Context> {
    let mut args: BTreeMap<String, String> = serde_json::from_str(&message.args).map_err(ServiceError::broken)?;
    if let Some(sealed) = args.remove("sealed_code") {
        args.insert("code".into(), kit.keys.open_text(CODE_MESSAGE, &sealed).map_err(ServiceError::broken)?);
    }
    let mut context = Context::new();
    const NAMES: [&str; 16] = [
        "code", "total", "reason", "minutes", "step", "account", "who", "from", "stage", "by", "phone", "plate",
        "leaves", "stop", "orders", "amount",
    ];
    for name in NAMES {
        context.insert(name.to_owned(), args.get(name).map_or("", String::as_str));
    }
    let order = message.order_id.as_ref().zip(args.get("code"));
    let own_page = |(order, code)| format!("{}/don/{code}?k={}", kit.config.base_url, order_key(kit, order));
    // What goes to a cooperative leads behind its sign-in; what goes to a buyer opens by its key.
    let url = match args.get("url") {
        Some(url) => url.clone(),
        None if args.contains_key(answer_link::SEALED) => answer_link::url_of(kit, message).unwrap_or_default(),
        // Nobody who calls for a buyer is shown the buyer's page.
        None if message.kind == MessageKind::OrderUnanswered.as_text() => {
            let code = args.get("code").map_or("", String::as_str);
            format!("{}/ban-hang/don/{code}", kit.config.base_url)
        }
        None if message.kind == CODE_MESSAGE => format!("{}/tai-khoan/ma", kit.config.base_url),
        None if message.cooperative_id.is_none() => format!("{}/ban-hang", kit.config.base_url),
        None => order.map(own_page).unwrap_or_default(),
    };
    context.insert("url", &url);
    context.insert("name", &message.to_name);
    context.insert("market_url", &kit.config.base_url);
    Ok(context)
}
