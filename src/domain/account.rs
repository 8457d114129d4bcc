//! Words about people: roles, grants, ways of signing in. Knows no password and no session.

crate::word_enum! {
    /// What a member may do for a cooperative. A manager may do everything.
    MemberRole { Manager = "manager", Lister = "lister", Packer = "packer", Accountant = "accountant" }
}

crate::word_enum! {
    /// What a person may be beside or without a cooperative.
    GrantKind { Helper = "helper", Official = "official", Operator = "operator" }
}

crate::word_enum! {
    /// How a session began.
    SignInKind { Password = "password", Card = "card", Code = "code" }
}

crate::word_enum! {
    /// What a one-time code is good for.
    CodePurpose { SignIn = "sign_in", NewPassword = "new_password", Consent = "consent" }
}
