//! Windows of a delivery day with room for so many orders: which days and windows a way still has, and which one a buyer's wish means.

use super::delivery::WayRule;
use super::id::DeliverySlotId;
use super::time::{At, Day};

/// Hours of a day in which a cooperative brings at most so many orders. Minutes of the day in Vietnam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotRule {
    pub id: DeliverySlotId,
    pub from_min: i64,
    pub to_min: i64,
    pub capacity: i64,
}

/// A day, and a window where the way has windows, on which an order made now can still come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub day: Day,
    pub slot: Option<SlotRule>,
    /// Orders that still fit; none: as many as come.
    pub left: Option<i64>,
    /// Until when an order makes it.
    pub order_by: At,
}

/// What a buyer asks for: a day, and one of its windows. As text: `2026-11-25`, or `<id of the window>@2026-11-25`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub day: Day,
    pub slot: Option<DeliverySlotId>,
}

/// The text is no wish: words of the buyer, perhaps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a day, nor a window of a day")]
pub struct NotAWish;

impl std::str::FromStr for Wish {
    type Err = NotAWish;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('@') {
            Some((slot, day)) => Ok(Wish {
                day: day.parse().map_err(|_no_day| NotAWish)?,
                slot: Some(slot.parse().map_err(|_no_id| NotAWish)?),
            }),
            None => Ok(Wish { day: text.parse().map_err(|_no_day| NotAWish)?, slot: None }),
        }
    }
}

impl std::fmt::Display for Wish {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.slot {
            Some(slot) => write!(out, "{slot}@{}", self.day),
            None => write!(out, "{}", self.day),
        }
    }
}

impl Opening {
    /// The wish that means exactly this.
    pub fn wish(&self) -> Wish {
        Wish { day: self.day, slot: self.slot.as_ref().map(|slot| slot.id.clone()) }
    }

    /// Whether one more order fits.
    pub const fn has_room(&self) -> bool {
        match self.left {
            Some(left) => left > 0,
            None => true,
        }
    }
}

/// Several wishes, one a way, separated by spaces: a basket of several cooperatives has several days. None when it says anything else.
pub fn read_wishes(text: &str) -> Option<Vec<Wish>> {
    let wishes: Result<Vec<Wish>, NotAWish> = text.split_whitespace().map(str::parse).collect();
    wishes.ok().filter(|wishes| !wishes.is_empty())
}

/// Days and windows that an order made now can still make, soonest first, full ones too. `taken` says how many orders a window of a
/// day has.
pub fn openings(
    way: &WayRule,
    slots: &[SlotRule],
    taken: impl Fn(&DeliverySlotId, Day) -> i64,
    now: At,
) -> Vec<Opening> {
    let mut out = Vec::new();
    for day in way.days(now) {
        let order_by = way.cutoff_of(day);
        if slots.is_empty() {
            out.push(Opening { day, slot: None, left: None, order_by });
        }
        for slot in slots {
            let left = slot.capacity.saturating_sub(taken(&slot.id, day)).max(0);
            // A window of today that is over is none.
            if now < day.at_minute(slot.to_min) {
                out.push(Opening { day, slot: Some(slot.clone()), left: Some(left), order_by });
            }
        }
    }
    out
}

/// What a wish comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    Is(Opening),
    /// The window asked for is full or past; the next that has room, if any.
    Gone {
        next: Option<Opening>,
    },
    /// Nothing is left in the weeks that can be ordered for.
    Nothing,
}

/// The opening that wishes mean among those of one way. A wish for another way's window means nothing here; without a wish it is the
/// first with room.
pub fn choose(openings: &[Opening], slots: &[SlotRule], wishes: &[Wish]) -> Choice {
    let first = || openings.iter().find(|one| one.has_room());
    let own = |wish: &&Wish| wish.slot.as_ref().is_none_or(|id| slots.iter().any(|slot| slot.id == *id));
    let Some(wish) = wishes.iter().find(own) else {
        return first().map_or(Choice::Nothing, |one| Choice::Is(one.clone()));
    };
    let meant = openings.iter().find(|one| {
        let is_slot = wish.slot.is_none() || one.slot.as_ref().map(|slot| &slot.id) == wish.slot.as_ref();
        one.day == wish.day && is_slot && one.has_room()
    });
    match meant {
        Some(one) => Choice::Is(one.clone()),
        None => Choice::Gone { next: first().cloned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::domain::order::FulfilmentKind;

    fn at(text: &str) -> At {
        text.parse().expect("a time")
    }

    fn slot(number: u8, from_h: i64, capacity: i64) -> SlotRule {
        let id = DeliverySlotId::new(At::from_unix_seconds(i64::from(number)), [number; 10]);
        SlotRule { id, from_min: from_h * 60, to_min: (from_h + 3) * 60, capacity }
    }

    /// Wednesday and Saturday, ordered until 17:00 the day before.
    fn van() -> WayRule {
        WayRule {
            kind: FulfilmentKind::Delivery,
            scope: "p:01".parse().expect("a scope"),
            fee: Money(25_000),
            free_from: None,
            minimum: Money::ZERO,
            weekdays: "36".to_owned(),
            cutoff_min: 17 * 60,
            cutoff_days: 1,
        }
    }

    #[test]
    fn a_full_window_is_shown_full_and_the_next_is_taken() {
        let (early, late) = (slot(1, 7, 2), slot(2, 15, 5));
        let slots = [early.clone(), late.clone()];
        let wednesday = Day::new(2026, 11, 25).expect("a day");
        let taken = |id: &DeliverySlotId, day: Day| if *id == early.id && day == wednesday { 2 } else { 0 };
        let open = openings(&van(), &slots, taken, at("2026-11-23T09:00:00+07:00"));
        assert_eq!((open[0].left, open[1].left, open[0].day), (Some(0), Some(5), wednesday));
        assert_eq!(choose(&open, &slots, &[]), Choice::Is(open[1].clone()));
        let wish = Wish { day: wednesday, slot: Some(early.id.clone()) };
        assert_eq!(choose(&open, &slots, &[wish]), Choice::Gone { next: Some(open[1].clone()) });
        let day_alone = Wish { day: wednesday, slot: None };
        assert_eq!(choose(&open, &slots, &[day_alone]), Choice::Is(open[1].clone()));
        let others = Wish { day: wednesday, slot: Some(slot(9, 7, 1).id) };
        assert_eq!(choose(&open, &slots, &[others]), Choice::Is(open[1].clone()));
        let before_the_cut_off = openings(&van(), &slots, |_, _| 0, at("2026-11-24T17:00:00+07:00"));
        assert!(before_the_cut_off.iter().all(|one| one.day > wednesday));
    }

    #[test]
    fn a_way_without_windows_takes_as_many_as_come() {
        let open = openings(&van(), &[], |_, _| 99, at("2026-11-23T09:00:00+07:00"));
        assert_eq!(open[0].left, None);
        assert_eq!(choose(&open, &[], &[]), Choice::Is(open[0].clone()));
        assert_eq!(choose(&[], &[], &[]), Choice::Nothing);
    }

    #[test]
    fn a_wish_is_read_back_as_it_was_written_and_words_are_no_wish() {
        let wish = Wish { day: Day::new(2026, 11, 25).expect("a day"), slot: Some(slot(3, 7, 1).id) };
        assert_eq!(wish.to_string().parse(), Ok(wish.clone()));
        assert_eq!(read_wishes(&format!("{wish} 2026-11-28")).map(|all| all.len()), Some(2));
        for words in ["buổi sáng", "", "2026-13-01", "x@2026-11-25"] {
            assert_eq!(read_wishes(words), None, "{words:?}");
        }
    }
}
