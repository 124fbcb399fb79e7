//! RFC 8785 canonical JSON: the one byte form in which entries are hashed.

use serde::Serialize;

/// `value` as RFC 8785 canonical JSON (JCS): no white space, object keys sorted by UTF-16 code
/// units, numbers as ECMAScript writes them. An integer beyond 2^53 loses precision in that form, as
/// the RFC says (section 3.2.2.3): such numbers belong in strings.
///
/// # Errors
/// [`CanonicalJsonError`] if `value` has no JSON form: a number that is not finite, a map whose keys
/// are not strings, or a `Serialize` that fails.
pub fn canonical_json<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalJsonError> {
    serde_json_canonicalizer::to_vec(value).map_err(CanonicalJsonError)
}

/// Why a value has no canonical JSON form.
#[derive(Debug, thiserror::Error)]
#[error("value has no canonical JSON form")]
pub struct CanonicalJsonError(#[source] serde_json::Error);
