//! The sellers' door, `/ban-hang`: what a farmer or clerk does on a cheap phone. Handlers only: who may and what happens is the
//! services' matter, the words are the views'.

mod account;
mod account_change;
mod account_links;
mod account_links_said;
mod account_poll;
mod account_words;
mod answering;
mod books;
mod books_close;
mod claims;
mod desk;
mod door;
mod door_acts;
mod goods;
mod hands;
mod lots;
mod members;
mod messages;
mod money;
mod money_said;
mod offers;
mod order;
mod order_acts;
mod orders;
mod other_money;
mod packing;
mod packing_acts;
mod packing_parcel;
mod parcels;
mod pause;
mod product;
mod quick;
mod refund;
mod reviews;
mod routes;
mod said;
mod statement;
mod tap;
mod today;
pub(super) mod upload;
mod way_acts;
mod way_said;
mod ways;
mod windows;

pub use routes::farm_routes;
