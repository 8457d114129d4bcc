//! Claims pressed from several sides on the same rows: one claim a line, one answer, one entry. Without the order's lock a line gives
//! back twice what it cost.

use super::*;
use crate::races::rounds;
use futures_util::future::{join, join_all};
use ganh::service::claim_clock::follow_claim;

/// Being too late is no fault.
#[track_caller]
fn done_or_changed<T>(all: Vec<Result<T, ServiceError>>) -> usize {
    let done = all.iter().filter(|one| one.is_ok()).count();
    for error in all.into_iter().filter_map(Result::err) {
        assert!(matches!(error, ServiceError::Changed(_)), "{error}");
    }
    done
}

on_both_engines! {
    async fn a_line_claimed_and_answered_from_eight_sides_has_one_claim_and_one_answer(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        for round in 0..rounds() {
            let order = received(kit, &coop, &[(&fruit, "2")]).await;
            let forms = join_all((0..8).map(|n| said(kit, &order, "", if n % 2 == 0 { "a" } else { "b" }))).await;
            let made = join_all(forms.iter().map(|form| claiming::make_claims(kit, &order.id, form, Vec::new()))).await;
            assert!(done_or_changed(made) >= 1);
            let rows = claims(kit, &order.id).await;
            assert_eq!(rows.len(), 1, "round {round}");
            let id = &rows[0].id;
            let answers = (0..8).map(|n| {
                let decision = if n % 4 == 3 { Decision::Decline } else { Decision::Accept(Money(40_000 - n * 1_000)) };
                decide(kit, &coop.seller, id, ClaimState::Open, decision, "Đã xem")
            });
            assert_eq!(done_or_changed(join_all(answers).await), 1, "round {round}");
            let row = claims(kit, &order.id).await.remove(0);
            assert_eq!(steps(kit, id).await.len(), 2, "round {round}");
            assert_eq!(look(kit, &order.id).await.balance.refund_due, row.accepted_vnd, "round {round}");
        }
        check(kit).await;
    }

    async fn an_acceptance_and_an_escalation_at_once_are_one_of_them(db: TestDb) {
        let (app, coop, fruit) = open(db).await;
        let kit = &app.kit;
        let mut kinds = [0_u32, 0];
        for round in 0..rounds() {
            let order = received(kit, &coop, &[(&fruit, "1")]).await;
            let claim = claimed(kit, &order, "").await;
            decide(kit, &coop.seller, &claim.id, ClaimState::Open, Decision::Decline, "Không thấy hỏng").await.expect("no");
            app.clock.advance_s(72 * 3600);
            let (yes, (further, clock)) = join(
                decide(kit, &coop.seller, &claim.id, ClaimState::Declined, Decision::Accept(Money(20_000)), ""),
                join(
                    claiming::escalate(kit, &order.id, &claim.id, ClaimState::Declined, "Xem lại giúp"),
                    follow_claim(kit, &claim.id),
                ),
            ).await;
            clock.expect("a clock");
            let done = done_or_changed(vec![yes, further]);
            let state = claims(kit, &order.id).await[0].state;
            assert!(done <= 1 && (done == 1) == (state != ClaimState::Closed), "round {round}: {done} {state}");
            kinds[usize::from(state == ClaimState::Accepted)] += 1;
            let given = look(kit, &order.id).await.balance.refund_due;
            assert_eq!(given, if state == ClaimState::Accepted { Money(20_000) } else { Money::ZERO }, "round {round}");
        }
        assert_eq!(kinds.iter().sum::<u32>(), rounds());
        check(kit).await;
    }
}
