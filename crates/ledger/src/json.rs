//! RFC 8785 canonical JSON: the one byte form in which entries are hashed.

use serde::Serialize;

/// `value` as RFC 8785 canonical JSON (JCS): no white space, object keys sorted by UTF-16 code
/// units, numbers as ECMAScript writes them.
///
/// Two things that JSON can't hold are for the caller to keep out. An integer beyond 2^53 loses
/// precision (RFC 8785 section 3.2.2.3): such numbers belong in strings. A float that is not finite is
/// written as `null` inside an array or object, as by `serde_json`: what was read from JSON has none.
///
/// # Errors
/// [`CanonicalJsonError`] if `value` has no JSON form: it is a number that is not finite, a map has
/// keys that are not strings, or its `Serialize` fails.
pub fn canonical_json<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalJsonError> {
    serde_json_canonicalizer::to_vec(value).map_err(CanonicalJsonError)
}

/// Why a value has no canonical JSON form.
#[derive(Debug, thiserror::Error)]
#[error("value has no canonical JSON form")]
pub struct CanonicalJsonError(#[source] pub(crate) serde_json::Error);
