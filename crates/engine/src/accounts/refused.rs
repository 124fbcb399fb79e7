//! Why somebody is not let in.

use jiff::SignedDuration;

/// Why somebody is not let in, or not to what they sign in with. What is said is the same whether there is such an account or
/// not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Unknown, barred, blocked for a while, or the password is wrong: nobody learns which.
    #[error(
        "the e-mail address and the password do not fit; after several failures signing in waits for a while, even with the \
         right password"
    )]
    Credentials,
    #[error(
        "that is not the code, or it was used before; after several failures codes wait for a while. Wait for the next \
         one, or sign in from the start"
    )]
    Code,
    #[error("the passkey could not be checked: it is none that is known here, or it took too long")]
    Passkey,
    #[error("too many attempts; wait {} seconds", .0.as_secs())]
    TooMany(SignedDuration),
    #[error(
        "sign in again first: this changes what you sign in with, so it has to be within 15 minutes of signing in"
    )]
    NotFresh,
    #[error("an API token can't do this; sign in")]
    NoSession,
    #[error("the link is not valid: it was used, withdrawn, or is too old; ask for another")]
    Link,
    #[error("the invitation is for another e-mail address than that of your account")]
    OtherAddress,
}
