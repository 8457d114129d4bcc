//! The tables as queries see them, once for both engines. Kept by hand beside the migrations; a test compares it with both.

diesel::table! {
    /// Facts about this database itself: whether it is a demonstration, which key sealed it.
    market_info (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    /// The tenant: any selling party.
    cooperative (id) {
        id -> Text,
        slug -> Text,
        kind -> Text,
        legal_name -> Text,
        name -> Text,
        name_key -> Text,
        tax_code -> Nullable<Text>,
        registration_no -> Nullable<Text>,
        commune_code -> Text,
        address -> Text,
        latitude_e6 -> Nullable<BigInt>,
        longitude_e6 -> Nullable<BigInt>,
        phone -> Text,
        email -> Nullable<Text>,
        about -> Text,
        cover -> Nullable<Text>,
        state -> Text,
        opens_min -> BigInt,
        closes_min -> BigInt,
        confirm_within_min -> BigInt,
        confirms_first -> Bool,
        created_at -> Timestamp,
        approved_at -> Nullable<Timestamp>,
        /// Orders whose lines are all lots in stock are accepted at once.
        accepts_stock -> Bool,
    }
}

diesel::table! {
    /// A person who signs in, one per phone.
    account (id) {
        id -> Text,
        phone -> Text,
        name -> Text,
        name_key -> Text,
        email -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        language -> Text,
        is_active -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    /// Account x cooperative.
    member (id) {
        id -> Text,
        cooperative_id -> Text,
        account_id -> Text,
        number -> Text,
        joined_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    member_role (member_id, role) {
        member_id -> Text,
        role -> Text,
    }
}

diesel::table! {
    /// Helper, official, operator: with territory and validity.
    role_grant (id) {
        id -> Text,
        account_id -> Text,
        kind -> Text,
        territory -> Text,
        basis -> Text,
        office -> Nullable<Text>,
        valid_from -> Timestamp,
        valid_until -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        granted_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// A sign-in; the token itself is never stored.
    session (id) {
        id -> Text,
        token_hash -> Text,
        account_id -> Text,
        kind -> Text,
        cooperative_id -> Nullable<Text>,
        device -> Text,
        made_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// A printed card from the cooperative, single use.
    sign_in_card (id) {
        id -> Text,
        cooperative_id -> Text,
        account_id -> Text,
        token_hash -> Text,
        made_by -> Text,
        made_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Six digits, ten minutes, five tries.
    sign_in_code (id) {
        id -> Text,
        phone -> Text,
        account_id -> Nullable<Text>,
        purpose -> Text,
        code_hash -> Text,
        made_at -> Timestamp,
        expires_at -> Timestamp,
        tries -> BigInt,
        used_at -> Nullable<Timestamp>,
        told_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// Failed tries, for limits that do not lock anybody out.
    sign_in_try (id) {
        id -> BigInt,
        subject -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    /// Append-only: who agreed to which text, when, by which way.
    consent (id) {
        id -> Text,
        account_id -> Nullable<Text>,
        purchase_id -> Nullable<Text>,
        purpose -> Text,
        text_version -> Text,
        channel -> Text,
        given_at -> Timestamp,
        withdrawn_at -> Nullable<Timestamp>,
        by_account_id -> Nullable<Text>,
    }
}

diesel::table! {
    picture (id) {
        id -> Text,
        cooperative_id -> Text,
        kind -> Text,
        media_key -> Text,
        width_px -> BigInt,
        height_px -> BigInt,
        alt -> Text,
        credit -> Text,
        made_at -> Timestamp,
    }
}

diesel::table! {
    /// Thửa: ruộng, vườn, ao, bãi.
    plot (id) {
        id -> Text,
        cooperative_id -> Text,
        member_id -> Nullable<Text>,
        name -> Text,
        commune_code -> Text,
        area_m2 -> Nullable<BigInt>,
        growing_area_code -> Nullable<Text>,
        made_at -> Timestamp,
    }
}

diesel::table! {
    product (id) {
        id -> Text,
        cooperative_id -> Text,
        slug -> Text,
        name -> Text,
        name_key -> Text,
        also_called -> Text,
        category -> Text,
        base_unit -> Text,
        description -> Text,
        picture_id -> Nullable<Text>,
        state -> Text,
        state_reason -> Nullable<Text>,
        gtin -> Nullable<Text>,
        keeps_days -> Nullable<BigInt>,
        season -> Nullable<Text>,
        next_harvest_day -> Nullable<Text>,
        charged_by_true_weight -> Bool,
        tolerance_bps -> BigInt,
        tax_treatment -> Text,
        standards -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    /// A sale unit, pack or grade of a product.
    offer (id) {
        id -> Text,
        cooperative_id -> Text,
        product_id -> Text,
        label -> Text,
        unit -> Text,
        base_quantity -> BigInt,
        about -> Bool,
        price_vnd -> BigInt,
        min_quantity -> BigInt,
        step_quantity -> BigInt,
        position -> BigInt,
        is_active -> Bool,
    }
}

diesel::table! {
    /// A lower price from a quantity on.
    offer_step (offer_id, from_quantity) {
        offer_id -> Text,
        from_quantity -> BigInt,
        cooperative_id -> Text,
        price_vnd -> BigInt,
    }
}

diesel::table! {
    certificate (id) {
        id -> Text,
        cooperative_id -> Text,
        product_id -> Nullable<Text>,
        kind -> Text,
        number -> Text,
        issued_by -> Text,
        grade -> Nullable<BigInt>,
        valid_from -> Text,
        valid_until -> Nullable<Text>,
        suspended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    lot (id) {
        id -> Text,
        code -> Text,
        cooperative_id -> Text,
        owner_cooperative_id -> Text,
        product_id -> Text,
        plot_id -> Nullable<Text>,
        grower_member_id -> Nullable<Text>,
        kind -> Text,
        made_on -> Text,
        best_before -> Nullable<Text>,
        place -> Text,
        commune_code -> Text,
        state -> Text,
        state_reason -> Nullable<Text>,
        on_hand -> BigInt,
        held -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    /// Append-only; a correction is a movement.
    stock_movement (id) {
        id -> Text,
        cooperative_id -> Text,
        lot_id -> Text,
        kind -> Text,
        base_quantity -> BigInt,
        order_id -> Nullable<Text>,
        order_line_id -> Nullable<Text>,
        to_whom -> Nullable<Text>,
        reason -> Nullable<Text>,
        by_account_id -> Nullable<Text>,
        corrects -> Nullable<Text>,
        at -> Timestamp,
        day -> Text,
    }
}

diesel::table! {
    /// How a cooperative brings its goods, and what that costs.
    delivery_way (id) {
        id -> Text,
        cooperative_id -> Text,
        kind -> Text,
        label -> Text,
        scope -> Text,
        fee_vnd -> BigInt,
        free_from_vnd -> Nullable<BigInt>,
        minimum_vnd -> BigInt,
        weekdays -> Text,
        cutoff_min -> BigInt,
        cutoff_days -> BigInt,
        from_min -> BigInt,
        to_min -> BigInt,
        position -> BigInt,
        is_active -> Bool,
    }
}

diesel::table! {
    /// Hours of a delivery day with room for so many orders.
    delivery_slot (id) {
        id -> Text,
        cooperative_id -> Text,
        delivery_way_id -> Text,
        from_min -> BigInt,
        to_min -> BigInt,
        capacity -> BigInt,
        is_active -> Bool,
    }
}

diesel::table! {
    pickup_point (id) {
        id -> Text,
        cooperative_id -> Text,
        delivery_way_id -> Text,
        name -> Text,
        commune_code -> Text,
        address -> Text,
        hours -> Text,
    }
}

diesel::table! {
    /// One checkout.
    purchase (id) {
        id -> Text,
        code -> Text,
        account_id -> Nullable<Text>,
        buyer_name -> Text,
        buyer_phone -> Text,
        buyer_email -> Nullable<Text>,
        language -> Text,
        rules_version -> Text,
        total_vnd -> BigInt,
        made_at -> Timestamp,
        day -> Text,
    }
}

diesel::table! {
    /// One row a key; inserted first, in the purchase's own transaction.
    idempotency (key) {
        key -> Text,
        request_hash -> Text,
        purchase_id -> Text,
        made_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    /// The buyer's wish for an e-invoice.
    invoice_request (purchase_id) {
        purchase_id -> Text,
        tax_code -> Text,
        name -> Text,
        address -> Text,
        email -> Text,
    }
}

diesel::table! {
    /// One per cooperative in a purchase.
    sale_order (id) {
        id -> Text,
        code -> Text,
        purchase_id -> Text,
        cooperative_id -> Text,
        state -> Text,
        payment -> Text,
        bank_account_id -> Nullable<Text>,
        goods_vnd -> BigInt,
        shipping_vnd -> BigInt,
        total_vnd -> BigInt,
        trace_ref -> Text,
        placed_at -> Nullable<Timestamp>,
        expires_at -> Nullable<Timestamp>,
        confirm_by -> Nullable<Timestamp>,
        renewed_until -> Nullable<Timestamp>,
        is_late -> Bool,
        short_stock -> Bool,
        reason -> Nullable<Text>,
        made_at -> Timestamp,
        day -> Text,
        changed_at -> Timestamp,
        answer_stage -> BigInt,
        answer_due_at -> Nullable<Timestamp>,
        deposit_vnd -> BigInt,
    }
}

diesel::table! {
    /// Where an order goes.
    order_delivery (order_id) {
        order_id -> Text,
        cooperative_id -> Text,
        kind -> Text,
        delivery_way_id -> Nullable<Text>,
        pickup_point_id -> Nullable<Text>,
        deliver_on -> Nullable<Text>,
        slot -> Nullable<Text>,
        recipient_name -> Text,
        recipient_phone -> Text,
        gift_message -> Nullable<Text>,
        hide_prices -> Bool,
        commune_code -> Nullable<Text>,
        commune_name -> Nullable<Text>,
        address -> Nullable<Text>,
        note -> Nullable<Text>,
        delivery_slot_id -> Nullable<Text>,
    }
}

diesel::table! {
    order_line (id) {
        id -> Text,
        cooperative_id -> Text,
        order_id -> Text,
        product_id -> Text,
        offer_id -> Text,
        product_name -> Text,
        offer_label -> Text,
        unit -> Text,
        base_unit -> Text,
        quantity -> BigInt,
        base_per_unit -> BigInt,
        base_quantity -> BigInt,
        about -> Bool,
        price_vnd -> BigInt,
        line_vnd -> BigInt,
        weighed_base -> Nullable<BigInt>,
        weighed_vnd -> Nullable<BigInt>,
        weighed_at -> Nullable<Timestamp>,
        if_short -> Text,
        tax_line -> Nullable<Text>,
        position -> BigInt,
    }
}

diesel::table! {
    /// Which lot stands on which line; standing holds are summed in lot.held.
    stock_hold (id) {
        id -> Text,
        cooperative_id -> Text,
        lot_id -> Text,
        order_id -> Text,
        order_line_id -> Text,
        base_quantity -> BigInt,
        state -> Text,
        expires_at -> Nullable<Timestamp>,
        made_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// The history of every move.
    order_move (id) {
        id -> Text,
        cooperative_id -> Text,
        order_id -> Text,
        event -> Text,
        from_state -> Text,
        to_state -> Text,
        by_kind -> Text,
        by_account_id -> Nullable<Text>,
        on_behalf_of -> Nullable<Text>,
        reason -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    /// Where a cooperative is paid.
    bank_account (id) {
        id -> Text,
        path_id -> Text,
        cooperative_id -> Text,
        provider -> Text,
        bin -> Text,
        account_number -> Text,
        holder_name -> Text,
        secret_sealed -> Nullable<Text>,
        secret_before_sealed -> Nullable<Text>,
        secret_before_until -> Nullable<Timestamp>,
        state -> Text,
        first_message_at -> Nullable<Timestamp>,
        last_message_at -> Nullable<Timestamp>,
        made_at -> Timestamp,
        made_by -> Nullable<Text>,
        approved_by -> Nullable<Text>,
        active_from -> Nullable<Timestamp>,
        memo_prefix -> Nullable<Text>,
        virtual_account -> Nullable<Text>,
    }
}

diesel::table! {
    /// Every movement that a bank, a statement or a person told of.
    bank_event (id) {
        id -> Text,
        cooperative_id -> Text,
        bank_account_id -> Text,
        provider -> Text,
        provider_event_id -> Text,
        direction -> Text,
        amount_vnd -> BigInt,
        memo -> Text,
        description -> Text,
        reference_code -> Text,
        counter_name -> Nullable<Text>,
        counter_account -> Nullable<Text>,
        booked_at -> Timestamp,
        received_at -> Timestamp,
        day -> Text,
        grade -> Text,
        is_stale -> Bool,
        natural_key -> Nullable<Text>,
        state -> Text,
        order_id -> Nullable<Text>,
        said_by -> Nullable<Text>,
        undone_at -> Nullable<Timestamp>,
        confirmed_by_event -> Nullable<Text>,
        raw_body -> Nullable<Text>,
        other_account -> Nullable<Text>,
    }
}

diesel::table! {
    /// The people's list: money that waits for a person.
    money_case (id) {
        id -> Text,
        cooperative_id -> Text,
        bank_event_id -> Nullable<Text>,
        order_id -> Nullable<Text>,
        reason -> Text,
        amount_vnd -> BigInt,
        candidates -> Text,
        state -> Text,
        made_at -> Timestamp,
        resolved_at -> Nullable<Timestamp>,
        resolved_by -> Nullable<Text>,
        resolution -> Nullable<Text>,
    }
}

diesel::table! {
    /// A later telling of money that stands here already.
    same_money (bank_event_id) {
        bank_event_id -> Text,
        cooperative_id -> Text,
        first_event_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    /// What an account held right after a movement.
    bank_balance (bank_event_id) {
        bank_event_id -> Text,
        cooperative_id -> Text,
        bank_account_id -> Text,
        balance_vnd -> BigInt,
    }
}

diesel::table! {
    /// A statement that somebody uploaded.
    statement (id) {
        id -> Text,
        cooperative_id -> Text,
        bank_account_id -> Text,
        file_name -> Text,
        file_hash -> Text,
        content -> Text,
        made_at -> Timestamp,
        made_by -> Nullable<Text>,
        taken_at -> Nullable<Timestamp>,
        taken_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// Accounts whose provider can be asked.
    bank_poll (bank_account_id) {
        bank_account_id -> Text,
        cooperative_id -> Text,
        key_sealed -> Text,
        set_at -> Timestamp,
        set_by -> Nullable<Text>,
        asked_at -> Nullable<Timestamp>,
        swept_on -> Nullable<Text>,
        answered_at -> Nullable<Timestamp>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    /// Changing where a cooperative is paid.
    bank_account_change (id) {
        id -> Text,
        cooperative_id -> Text,
        old_account_id -> Text,
        new_account_id -> Text,
        state -> Text,
        proposed_by -> Text,
        proposed_at -> Timestamp,
        agreed_by -> Nullable<Text>,
        agreed_as -> Nullable<Text>,
        agreed_at -> Nullable<Timestamp>,
        in_force_from -> Nullable<Timestamp>,
        ended_by -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    /// Who has made sure of a holder's name that is not the cooperative's.
    holder_check (bank_account_id) {
        bank_account_id -> Text,
        cooperative_id -> Text,
        checked_by -> Text,
        checked_at -> Timestamp,
        reason -> Text,
    }
}

diesel::table! {
    /// What opens the API of accounts whose provider makes payment links.
    link_key (bank_account_id) {
        bank_account_id -> Text,
        cooperative_id -> Text,
        client_id_sealed -> Text,
        api_key_sealed -> Text,
        set_at -> Timestamp,
        set_by -> Nullable<Text>,
        answered_at -> Nullable<Timestamp>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    /// A link that a provider was asked to make for an order.
    payment_link (id) {
        id -> Text,
        cooperative_id -> Text,
        bank_account_id -> Text,
        order_id -> Text,
        number -> BigInt,
        amount_vnd -> BigInt,
        state -> Text,
        link_id -> Nullable<Text>,
        qr_payload -> Nullable<Text>,
        account_number -> Nullable<Text>,
        holder_name -> Nullable<Text>,
        expires_at -> Nullable<Timestamp>,
        made_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        poll_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Which money is never an order's, as a cooperative says.
    other_money_rule (id) {
        id -> Text,
        cooperative_id -> Text,
        kind -> Text,
        said -> Text,
        plain -> Text,
        made_at -> Timestamp,
        made_by -> Text,
        removed_at -> Nullable<Timestamp>,
        removed_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// A period of the books that was closed.
    books_closing (id) {
        id -> Text,
        cooperative_id -> Text,
        first_day -> Text,
        last_day -> Text,
        at -> Timestamp,
        by_account_id -> Text,
    }
}

diesel::table! {
    /// What each ledger account moved in a closed period and held at its end.
    books_closing_line (books_closing_id, kind) {
        books_closing_id -> Text,
        kind -> Text,
        cooperative_id -> Text,
        debit_vnd -> BigInt,
        credit_vnd -> BigInt,
        closing_vnd -> BigInt,
    }
}

diesel::table! {
    /// The account of a cooperative's own chart for each ledger account.
    chart_code (cooperative_id, kind) {
        cooperative_id -> Text,
        kind -> Text,
        code -> Text,
        set_at -> Timestamp,
        set_by -> Text,
    }
}

diesel::table! {
    /// Money owed back to a buyer.
    refund (id) {
        id -> Text,
        cooperative_id -> Text,
        order_id -> Text,
        amount_vnd -> BigInt,
        state -> Text,
        bin -> Nullable<Text>,
        account_number -> Nullable<Text>,
        holder_name -> Nullable<Text>,
        account_from_event -> Nullable<Text>,
        account_at -> Nullable<Timestamp>,
        asked_by -> Nullable<Text>,
        approver -> Nullable<Text>,
        link_hash -> Nullable<Text>,
        link_until -> Nullable<Timestamp>,
        approved_by -> Nullable<Text>,
        approved_at -> Nullable<Timestamp>,
        sent_by -> Nullable<Text>,
        sent_at -> Nullable<Timestamp>,
        closed_by_event -> Nullable<Text>,
        moved_to -> Nullable<Text>,
        made_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        in_cash -> Bool,
    }
}

diesel::table! {
    ledger_account (id) {
        id -> Text,
        cooperative_id -> Text,
        kind -> Text,
    }
}

diesel::table! {
    /// One balanced entry.
    journal (id) {
        id -> Text,
        cooperative_id -> Text,
        kind -> Text,
        order_id -> Nullable<Text>,
        bank_event_id -> Nullable<Text>,
        reverses -> Nullable<Text>,
        by_account_id -> Nullable<Text>,
        note -> Nullable<Text>,
        at -> Timestamp,
        day -> Text,
    }
}

diesel::table! {
    /// Debit is positive; the postings of a journal add up to nothing.
    posting (id) {
        id -> Text,
        cooperative_id -> Text,
        journal_id -> Text,
        ledger_account_id -> Text,
        kind -> Text,
        order_id -> Nullable<Text>,
        amount_vnd -> BigInt,
    }
}

diesel::table! {
    /// One row a fact; a correction is a new fact.
    trace_event (id) {
        id -> Text,
        cooperative_id -> Text,
        event_type -> Text,
        action -> Nullable<Text>,
        biz_step -> Text,
        disposition -> Nullable<Text>,
        at -> Timestamp,
        recorded_at -> Timestamp,
        day -> Text,
        place -> Text,
        commune_code -> Nullable<Text>,
        party -> Text,
        word_of -> Text,
        by_account_id -> Nullable<Text>,
        trace_ref -> Nullable<Text>,
        bank_event_id -> Nullable<Text>,
        body -> Text,
        salt -> Text,
        corrects -> Nullable<Text>,
    }
}

diesel::table! {
    trace_event_lot (trace_event_id, lot_id, role) {
        trace_event_id -> Text,
        lot_id -> Text,
        role -> Text,
        base_quantity -> BigInt,
    }
}

diesel::table! {
    /// Waits without an index until the sequencer gives it one.
    log_entry (id) {
        id -> Text,
        kind -> Text,
        trace_event_id -> Nullable<Text>,
        leaf -> Text,
        salt -> Nullable<Text>,
        made_at -> Timestamp,
        position -> Nullable<BigInt>,
        leaf_hash -> Nullable<Text>,
        sealed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Hashes of whole subtrees (RFC 6962).
    log_node (level, position) {
        level -> BigInt,
        position -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    /// Signed tree heads.
    log_checkpoint (size) {
        size -> BigInt,
        root -> Text,
        note -> Text,
        made_at -> Timestamp,
    }
}

diesel::table! {
    /// Work owed to the world outside, in order per key.
    outbox (id) {
        id -> Text,
        key -> Text,
        kind -> Text,
        payload -> Text,
        state -> Text,
        due_at -> Timestamp,
        tries -> BigInt,
        lease_until -> Nullable<Timestamp>,
        lease_by -> Nullable<Text>,
        last_error -> Nullable<Text>,
        made_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Words owed to a person; the card with Zalo, SMS and call buttons.
    message (id) {
        id -> Text,
        cooperative_id -> Nullable<Text>,
        order_id -> Nullable<Text>,
        account_id -> Nullable<Text>,
        to_name -> Text,
        to_phone -> Text,
        to_email -> Nullable<Text>,
        language -> Text,
        kind -> Text,
        args -> Text,
        state -> Text,
        made_at -> Timestamp,
        told_at -> Nullable<Timestamp>,
        told_by -> Nullable<Text>,
        told_how -> Nullable<Text>,
    }
}

diesel::table! {
    /// What the public sees has changed; followed by every serving process.
    change (id) {
        id -> BigInt,
        topic -> Text,
        key -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    /// One holder at a time of a named duty.
    lease (name) {
        name -> Text,
        holder -> Text,
        until -> Timestamp,
    }
}

diesel::table! {
    /// Dated: the newest row that has begun is in force.
    setting (name, valid_from) {
        name -> Text,
        valid_from -> Text,
        value -> Text,
        basis -> Text,
    }
}

diesel::table! {
    order_carrier (order_id) {
        order_id -> Text,
        cooperative_id -> Text,
        account_id -> Text,
        since -> Timestamp,
        taken_from -> Nullable<Text>,
    }
}

diesel::table! {
    cash_hand_over (id) {
        id -> Text,
        cooperative_id -> Text,
        carrier_id -> Text,
        state -> Text,
        covers_vnd -> BigInt,
        kept_vnd -> BigInt,
        said_vnd -> BigInt,
        notes -> Text,
        remark -> Text,
        said_at -> Timestamp,
        counted_vnd -> Nullable<BigInt>,
        cashier_id -> Nullable<Text>,
        counted_at -> Nullable<Timestamp>,
        reason -> Text,
        is_same_person -> Bool,
        journal_id -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        undo_journal_id -> Nullable<Text>,
        is_on_behalf -> Bool,
    }
}

diesel::table! {
    carrier_cash (id) {
        id -> Text,
        cooperative_id -> Text,
        carrier_id -> Text,
        journal_id -> Text,
        order_id -> Nullable<Text>,
        hand_over_id -> Nullable<Text>,
        undoes -> Nullable<Text>,
        amount_vnd -> BigInt,
        at -> Timestamp,
        day -> Text,
    }
}

diesel::table! {
    /// How cooperatives answered the orders of the last thirty days, as it was counted last.
    answer_score (cooperative_id) {
        cooperative_id -> Text,
        orders -> BigInt,
        in_time -> BigInt,
        median_min -> Nullable<BigInt>,
        counted_at -> Timestamp,
    }
}

diesel::table! {
    /// A link that acts without a sign-in, for one member on one order.
    act_link (id) {
        id -> Text,
        cooperative_id -> Text,
        order_id -> Text,
        account_id -> Text,
        acts -> Text,
        token_hash -> Text,
        until -> Timestamp,
        made_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// What a cooperative can do instead of what was ordered.
    order_proposal (id) {
        id -> Text,
        cooperative_id -> Text,
        order_id -> Text,
        by_account_id -> Text,
        state -> Text,
        deliver_on -> Nullable<Text>,
        made_at -> Timestamp,
        until -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    order_proposal_line (order_proposal_id, order_line_id) {
        order_proposal_id -> Text,
        order_line_id -> Text,
        cooperative_id -> Text,
        quantity -> BigInt,
    }
}

diesel::table! {
    /// What a buyer says is wrong with a line that was received.
    claim (id) {
        id -> Text,
        cooperative_id -> Text,
        order_id -> Text,
        order_line_id -> Text,
        kind -> Text,
        state -> Text,
        quantity -> Nullable<BigInt>,
        base_quantity -> BigInt,
        words -> Text,
        accepted_vnd -> BigInt,
        press -> Text,
        waits_since -> Timestamp,
        stage -> BigInt,
        due_at -> Nullable<Timestamp>,
        solve_by -> Timestamp,
        made_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// The lots that a claim's line came from.
    claim_lot (claim_id, lot_id) {
        claim_id -> Text,
        lot_id -> Text,
        cooperative_id -> Text,
        base_quantity -> BigInt,
    }
}

diesel::table! {
    /// Never served on the public path.
    claim_photo (id) {
        id -> Text,
        claim_id -> Text,
        cooperative_id -> Text,
        media_key -> Text,
        made_at -> Timestamp,
    }
}

diesel::table! {
    claim_step (id) {
        id -> Text,
        claim_id -> Text,
        cooperative_id -> Text,
        event -> Text,
        by_kind -> Text,
        by_account_id -> Nullable<Text>,
        words -> Text,
        amount_vnd -> Nullable<BigInt>,
        journal_id -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    delivery_attempt (id) {
        id -> Text,
        cooperative_id -> Text,
        order_id -> Text,
        carrier_id -> Text,
        reason -> Text,
        note -> Nullable<Text>,
        next_on -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    refused_delivery (order_id) {
        order_id -> Text,
        cooperative_id -> Text,
        phone -> Text,
        reason -> Text,
        at -> Timestamp,
        cleared_at -> Nullable<Timestamp>,
        cleared_by -> Nullable<Text>,
        cleared_why -> Nullable<Text>,
    }
}

diesel::table! {
    coach_leg (order_id) {
        order_id -> Text,
        cooperative_id -> Text,
        plate -> Text,
        leaves_at -> Timestamp,
        stop -> Text,
        phone -> Nullable<Text>,
        said_by -> Text,
        said_at -> Timestamp,
    }
}

diesel::table! {
    buyer_lock (phone_hash) {
        phone_hash -> Text,
    }
}

diesel::table! {
    delivery_pause (id) {
        id -> Text,
        cooperative_id -> Nullable<Text>,
        scope -> Text,
        from_on -> Text,
        until_on -> Nullable<Text>,
        message -> Text,
        stops_clocks -> Bool,
        made_by -> Text,
        made_at -> Timestamp,
        ended_by -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    pause_told (delivery_pause_id, order_id) {
        delivery_pause_id -> Text,
        order_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    /// One row a tap: the same key with the same request is answered the same way.
    packing_act (cooperative_id, key) {
        cooperative_id -> Text,
        key -> Text,
        order_id -> Text,
        account_id -> Text,
        request_hash -> Text,
        refused -> Nullable<Text>,
        made_at -> Timestamp,
    }
}

diesel::table! {
    /// Who packs an order, since when.
    order_packer (order_id) {
        order_id -> Text,
        cooperative_id -> Text,
        account_id -> Text,
        since -> Timestamp,
        taken_from -> Nullable<Text>,
    }
}

diesel::table! {
    /// Every weighing of a line, the newest is the line's; corrections have a reason.
    line_weight (id) {
        id -> Text,
        cooperative_id -> Text,
        order_id -> Text,
        order_line_id -> Text,
        by_account_id -> Nullable<Text>,
        weighed_base -> BigInt,
        weighed_vnd -> BigInt,
        reason -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    /// More of a line than was promised, which the buyer may take at its price.
    order_proposal_weight (order_proposal_id) {
        order_proposal_id -> Text,
        cooperative_id -> Text,
        order_line_id -> Text,
        weighed_base -> BigInt,
        weighed_vnd -> BigInt,
    }
}

diesel::table! {
    /// What a buyer says of a line that was received.
    review (id) {
        id -> Text,
        cooperative_id -> Text,
        product_id -> Text,
        order_id -> Text,
        order_line_id -> Text,
        state -> Text,
        stars -> BigInt,
        words -> Text,
        given_name -> Text,
        received_on -> Text,
        made_at -> Timestamp,
        answer -> Nullable<Text>,
        answered_by -> Nullable<Text>,
        answered_at -> Nullable<Timestamp>,
        hidden_reason -> Nullable<Text>,
        hidden_by -> Nullable<Text>,
        hidden_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// The lots that a review's line came from.
    review_lot (review_id, lot_id) {
        review_id -> Text,
        lot_id -> Text,
        cooperative_id -> Text,
    }
}

diesel::table! {
    /// What the shown reviews of a product add up to.
    review_sum (product_id) {
        product_id -> Text,
        cooperative_id -> Text,
        reviews -> BigInt,
        stars -> BigInt,
    }
}

diesel::table! {
    /// What will be harvested when, until when it is ordered; bears a lot that is only planned.
    sales_window (id) {
        id -> Text,
        cooperative_id -> Text,
        product_id -> Text,
        lot_id -> Text,
        harvest_from -> Text,
        harvest_to -> Text,
        planned -> BigInt,
        closes_at -> Timestamp,
        weekdays -> Text,
        state -> Text,
        sharing -> Text,
        previous_id -> Nullable<Text>,
        opened_by -> Text,
        made_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
        harvested -> Nullable<BigInt>,
        harvested_on -> Nullable<Text>,
        harvested_at -> Nullable<Timestamp>,
        harvested_by -> Nullable<Text>,
        deposit_bps -> BigInt,
    }
}

diesel::table! {
    /// Offers of a window, as the usual ones stood when it opened.
    window_offer (offer_id) {
        offer_id -> Text,
        sales_window_id -> Text,
        cooperative_id -> Text,
    }
}

diesel::table! {
    /// What was ordered of a window, and what became of it.
    window_line (order_line_id) {
        order_line_id -> Text,
        order_id -> Text,
        cooperative_id -> Text,
        sales_window_id -> Text,
        ordered -> BigInt,
        granted -> Nullable<BigInt>,
        settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    voucher (id) {
        id -> Text,
        cooperative_id -> Text,
        code -> Text,
        kind -> Text,
        percent_bps -> BigInt,
        most_off_vnd -> BigInt,
        least_goods_vnd -> BigInt,
        from_day -> Text,
        to_day -> Text,
        uses_most -> BigInt,
        phone_most -> BigInt,
        made_by -> Text,
        made_at -> Timestamp,
        stopped_by -> Nullable<Text>,
        stopped_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    order_voucher (order_id) {
        order_id -> Text,
        voucher_id -> Text,
        cooperative_id -> Text,
        percent_bps -> BigInt,
        most_off_vnd -> BigInt,
        gross_vnd -> BigInt,
        off_vnd -> BigInt,
        shipping_off_vnd -> BigInt,
        at -> Timestamp,
    }
}

diesel::joinable!(member -> cooperative (cooperative_id));
diesel::joinable!(member -> account (account_id));
diesel::joinable!(member_role -> member (member_id));
diesel::joinable!(session -> account (account_id));
diesel::joinable!(session -> cooperative (cooperative_id));
diesel::joinable!(sign_in_card -> cooperative (cooperative_id));
diesel::joinable!(picture -> cooperative (cooperative_id));
diesel::joinable!(plot -> cooperative (cooperative_id));
diesel::joinable!(plot -> member (member_id));
diesel::joinable!(product -> cooperative (cooperative_id));
diesel::joinable!(product -> picture (picture_id));
diesel::joinable!(offer -> cooperative (cooperative_id));
diesel::joinable!(offer -> product (product_id));
diesel::joinable!(offer_step -> offer (offer_id));
diesel::joinable!(line_weight -> order_line (order_line_id));
diesel::joinable!(offer_step -> cooperative (cooperative_id));
diesel::joinable!(certificate -> cooperative (cooperative_id));
diesel::joinable!(certificate -> product (product_id));
diesel::joinable!(lot -> product (product_id));
diesel::joinable!(lot -> plot (plot_id));
diesel::joinable!(lot -> member (grower_member_id));
diesel::joinable!(stock_movement -> cooperative (cooperative_id));
diesel::joinable!(stock_movement -> lot (lot_id));
diesel::joinable!(stock_movement -> account (by_account_id));
diesel::joinable!(delivery_way -> cooperative (cooperative_id));
diesel::joinable!(pickup_point -> cooperative (cooperative_id));
diesel::joinable!(pickup_point -> delivery_way (delivery_way_id));
diesel::joinable!(purchase -> account (account_id));
diesel::joinable!(invoice_request -> purchase (purchase_id));
diesel::joinable!(sale_order -> purchase (purchase_id));
diesel::joinable!(sale_order -> cooperative (cooperative_id));
diesel::joinable!(order_delivery -> sale_order (order_id));
diesel::joinable!(order_delivery -> cooperative (cooperative_id));
diesel::joinable!(order_delivery -> delivery_way (delivery_way_id));
diesel::joinable!(order_delivery -> pickup_point (pickup_point_id));
diesel::joinable!(order_line -> cooperative (cooperative_id));
diesel::joinable!(order_line -> sale_order (order_id));
diesel::joinable!(order_line -> product (product_id));
diesel::joinable!(order_line -> offer (offer_id));
diesel::joinable!(stock_hold -> cooperative (cooperative_id));
diesel::joinable!(stock_hold -> lot (lot_id));
diesel::joinable!(stock_hold -> sale_order (order_id));
diesel::joinable!(stock_hold -> order_line (order_line_id));
diesel::joinable!(order_move -> cooperative (cooperative_id));
diesel::joinable!(order_move -> sale_order (order_id));
diesel::joinable!(bank_account -> cooperative (cooperative_id));
diesel::joinable!(bank_event -> cooperative (cooperative_id));
diesel::joinable!(bank_event -> bank_account (bank_account_id));
diesel::joinable!(bank_event -> sale_order (order_id));
diesel::joinable!(bank_event -> account (said_by));
diesel::joinable!(refund -> cooperative (cooperative_id));
diesel::joinable!(refund -> sale_order (order_id));
diesel::joinable!(other_money_rule -> cooperative (cooperative_id));
diesel::joinable!(money_case -> cooperative (cooperative_id));
diesel::joinable!(money_case -> bank_event (bank_event_id));
diesel::joinable!(money_case -> sale_order (order_id));
diesel::joinable!(money_case -> account (resolved_by));
diesel::joinable!(bank_balance -> bank_event (bank_event_id));
diesel::joinable!(bank_poll -> bank_account (bank_account_id));
diesel::joinable!(bank_account_change -> cooperative (cooperative_id));
diesel::joinable!(holder_check -> bank_account (bank_account_id));
diesel::joinable!(link_key -> bank_account (bank_account_id));
diesel::joinable!(payment_link -> bank_account (bank_account_id));
diesel::joinable!(payment_link -> sale_order (order_id));
diesel::joinable!(statement -> bank_account (bank_account_id));
diesel::joinable!(books_closing -> cooperative (cooperative_id));
diesel::joinable!(books_closing_line -> books_closing (books_closing_id));
diesel::joinable!(chart_code -> cooperative (cooperative_id));
diesel::joinable!(ledger_account -> cooperative (cooperative_id));
diesel::joinable!(journal -> cooperative (cooperative_id));
diesel::joinable!(journal -> sale_order (order_id));
diesel::joinable!(journal -> bank_event (bank_event_id));
diesel::joinable!(journal -> account (by_account_id));
diesel::joinable!(posting -> cooperative (cooperative_id));
diesel::joinable!(posting -> journal (journal_id));
diesel::joinable!(posting -> ledger_account (ledger_account_id));
diesel::joinable!(posting -> sale_order (order_id));
diesel::joinable!(trace_event -> cooperative (cooperative_id));
diesel::joinable!(trace_event -> account (by_account_id));
diesel::joinable!(trace_event_lot -> trace_event (trace_event_id));
diesel::joinable!(trace_event_lot -> lot (lot_id));
diesel::joinable!(log_entry -> trace_event (trace_event_id));
diesel::joinable!(message -> cooperative (cooperative_id));
diesel::joinable!(message -> sale_order (order_id));

diesel::joinable!(order_carrier -> sale_order (order_id));
diesel::joinable!(carrier_cash -> cash_hand_over (hand_over_id));
diesel::joinable!(act_link -> sale_order (order_id));
diesel::joinable!(answer_score -> cooperative (cooperative_id));
diesel::joinable!(order_proposal -> sale_order (order_id));
diesel::joinable!(order_proposal_line -> order_proposal (order_proposal_id));
diesel::joinable!(claim -> sale_order (order_id));
diesel::joinable!(claim_photo -> claim (claim_id));
diesel::joinable!(review_lot -> review (review_id));

diesel::allow_tables_to_appear_in_same_query!(
    market_info,
    cooperative,
    account,
    member,
    member_role,
    role_grant,
    session,
    sign_in_card,
    sign_in_code,
    sign_in_try,
    consent,
    picture,
    plot,
    product,
    offer,
    offer_step,
    certificate,
    lot,
    stock_movement,
    delivery_way,
    pickup_point,
    purchase,
    idempotency,
    invoice_request,
    sale_order,
    order_delivery,
    order_line,
    stock_hold,
    order_move,
    bank_account,
    bank_event,
    money_case,
    same_money,
    bank_balance,
    statement,
    bank_poll,
    bank_account_change,
    holder_check,
    link_key,
    payment_link,
    other_money_rule,
    books_closing,
    books_closing_line,
    chart_code,
    order_carrier,
    window_line,
    window_offer,
    sales_window,
    pause_told,
    delivery_pause,
    buyer_lock,
    coach_leg,
    refused_delivery,
    delivery_attempt,
    cash_hand_over,
    carrier_cash,
    act_link,
    answer_score,
    order_proposal,
    order_proposal_line,
    order_proposal_weight,
    order_packer,
    packing_act,
    line_weight,
    claim,
    claim_lot,
    claim_photo,
    claim_step,
    review,
    review_lot,
    review_sum,
    refund,
    ledger_account,
    journal,
    posting,
    trace_event,
    trace_event_lot,
    log_entry,
    log_node,
    log_checkpoint,
    outbox,
    message,
    change,
    lease,
    setting,
    voucher,
    order_voucher,
);
