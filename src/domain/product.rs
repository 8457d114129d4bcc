//! Words about goods: their kinds, states, papers and the way they are taxed.

crate::word_enum! {
    ProductState { Draft = "draft", Published = "published", Hidden = "hidden", TakenDown = "taken_down" }
}
crate::word_enum! {
    Category {
        Fruit = "fruit", Vegetable = "vegetable", RiceGrain = "rice_grain", EggMeat = "egg_meat", Seafood = "seafood",
        HoneyDried = "honey_dried", SauceSpice = "sauce_spice", CakeGift = "cake_gift", TeaHerb = "tea_herb",
    }
}
crate::word_enum! {
    /// How value-added tax treats a product; `unset` until rules are set.
    TaxTreatment {
        NotSubject = "not_subject", Exempt = "exempt", Rate0 = "rate_0", Rate5 = "rate_5", Rate8 = "rate_8",
        Rate10 = "rate_10", Unset = "unset",
    }
}
crate::word_enum! { PictureKind { Photo = "photo", Drawing = "drawing" } }
crate::word_enum! {
    CertificateKind {
        Vietgap = "vietgap", Globalgap = "globalgap", Organic = "organic", Ocop = "ocop", FoodSafety = "food_safety",
        Commitment = "commitment", SelfDeclaration = "self_declaration",
        GeographicalIndication = "geographical_indication", Trademark = "trademark", GrowingArea = "growing_area",
        HarvestArea = "harvest_area", Veterinary = "veterinary", TestReport = "test_report",
    }
}
crate::word_enum! {
    CooperativeKind { Cooperative = "cooperative", Household = "household", Company = "company" }
}
crate::word_enum! {
    CooperativeState { AwaitingApproval = "awaiting_approval", Open = "open", Paused = "paused", Closed = "closed" }
}
crate::word_enum! {
    /// An account in force; one proposed, agreed on or not; one that was in force and still hears; one that never came into force.
    BankAccountState { Active = "active", Pending = "pending", Retired = "retired", Dropped = "dropped" }
}
