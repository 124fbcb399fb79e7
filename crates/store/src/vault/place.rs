//! Where a vault is: a folder, or a bucket that speaks the protocol of Amazon S3.

use std::sync::Arc;
use std::time::Duration;

use object_store::ClientConfigKey;
use object_store::RetryConfig;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use url::Url;

use super::{Vault, VaultError, failed};

/// How often a request is sent to a bucket that does not answer, and for how long.
const RETRIES: usize = 3;
const RETRY_FOR: Duration = Duration::from_secs(20);

impl Vault {
    /// The vault at `location`, which is the path of a folder, made if it is not there, or
    /// `s3://BUCKET/PREFIX`. `settings` are names and values as the field has them in the environment:
    /// `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and others. Those
    /// that nobody knows here are passed over, as in any program that reads them.
    ///
    /// A bucket is not asked for anything yet; see [`Vault::discard_unfinished`].
    ///
    /// # Errors
    /// [`VaultError::Location`], [`VaultError::PlainHttp`], [`VaultError::Folder`], and
    /// [`VaultError::Objects`] if a setting can't be used.
    pub fn open<'s>(
        location: &str,
        settings: impl IntoIterator<Item = (&'s str, &'s str)>,
        limit_bytes: u64,
    ) -> Result<Self, VaultError> {
        if !location.contains("://") {
            return Self::in_folder(location.as_ref(), limit_bytes);
        }
        let (bucket, root) = bucket(location).ok_or(VaultError::Location)?;
        let objects = Arc::new(connected(&bucket, settings)?);
        Ok(Self { root: root.clone(), files: root, ..Self::new(objects, limit_bytes) })
    }
}

/// Bucket and prefix of `s3://BUCKET/PREFIX`, which says nothing else.
fn bucket(location: &str) -> Option<(String, Path)> {
    let url = Url::parse(location).ok()?;
    let is_plain = url.scheme() == "s3"
        && url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let bucket = url.host_str().filter(|bucket| is_plain && !bucket.is_empty())?;
    Some((bucket.to_owned(), Path::from_url_path(url.path()).ok()?))
}

fn connected<'s>(
    bucket: &str,
    settings: impl IntoIterator<Item = (&'s str, &'s str)>,
) -> Result<AmazonS3, VaultError> {
    // Whoever set another one before has decided; all of ours are the same.
    drop(rustls::crypto::ring::default_provider().install_default());
    let mut builder = AmazonS3Builder::new();
    for (name, value) in settings {
        if let Some(key) = key(name) {
            builder = builder.with_config(key, value);
        }
    }
    let is_plain = [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint]
        .iter()
        .filter_map(|key| builder.get_config_value(key))
        .any(|endpoint| endpoint.trim_start().to_lowercase().starts_with("http://"));
    let allowed = AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp);
    if is_plain && builder.get_config_value(&allowed).as_deref() != Some("true") {
        return Err(VaultError::PlainHttp);
    }
    let retry =
        RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_FOR, ..RetryConfig::default() };
    let built = builder.with_bucket_name(bucket).with_retry(retry).build();
    built.map_err(failed("be set up"))
}

/// The setting of that name, such as `AWS_REGION`. Which bucket it is stands in the location alone.
fn key(name: &str) -> Option<AmazonS3ConfigKey> {
    let key = name.to_ascii_lowercase();
    let key = key.strip_prefix("aws_").and_then(|_| key.parse().ok())?;
    Some(key).filter(|key| !matches!(key, AmazonS3ConfigKey::Bucket))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u64 = 1 << 20;

    #[test]
    fn a_bucket_is_named_with_its_prefix_and_nothing_else() {
        let at = |bucket: &str, prefix: &str| Some((bucket.to_owned(), Path::from(prefix)));
        let cases = [
            ("s3://evidence", at("evidence", "")),
            ("s3://evidence/", at("evidence", "")),
            ("s3://evidence/surety/prod", at("evidence", "surety/prod")),
            ("s3://evidence/surety/", at("evidence", "surety")),
            ("s3://", None),
            ("s3:///surety", None),
            ("s3://KEY:SECRET@evidence", None),
            ("s3://evidence?region=x", None),
            ("https://evidence.example/surety", None),
        ];
        for (location, expected) in cases {
            assert_eq!(bucket(location), expected, "{location}");
        }
    }

    #[test]
    fn a_refused_place_shows_no_secret() {
        let refused = Vault::open("s3://KEY:hunter2@evidence", [], LIMIT).unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("hunter2"));
        let settings =
            [("AWS_ENDPOINT_URL", "http://127.0.0.1:9"), ("AWS_SECRET_ACCESS_KEY", "hunter2")];
        let refused = Vault::open("s3://evidence", settings, LIMIT).unwrap_err();
        assert!(matches!(refused, VaultError::PlainHttp));
        let settings = [
            ("AWS_ACCESS_KEY_ID", "A"),
            ("AWS_SECRET_ACCESS_KEY", "hunter2"),
            ("AWS_PAGER", "less"),
        ];
        let vault = Vault::open("s3://evidence", settings, LIMIT).unwrap();
        assert!(!format!("{vault:?}").contains("hunter2"));
    }
}
