//! Signing in: by phone and password, by a card from the cooperative, by a six-digit code told by a person; and the
//! sessions that follow. Whoever guesses is slowed down, nobody is locked out, and an unknown phone looks like a known
//! one. Knows no cookie.

mod card;
mod code;
mod entry;
mod password;
mod session;

pub use card::{CardShown, issue_card, revoke_cards, show_card, sign_in_by_card};
pub use code::{CODE_MESSAGE, CodeToTell, ask_for_code, codes_to_tell, codes_to_tell_by_operator, sign_in_by_code};
pub use entry::{Client, Entered, forget_old_sign_ins};
pub use password::{asks_old_password, check_again, check_new_password, set_password, sign_in_by_password};
pub use session::{SessionShown, end_session, find_session, list_sessions, sign_in_as, sign_out, switch_cooperative};
