//! The databases themselves refuse to change a log, whoever asks.

use crate::backend::Backend;
use crate::fixture::{ACME, entries, plain, redacting};
use crate::on_every_backend;

on_every_backend!(the_log_cannot_be_changed_past_the_store);

/// Statements that both databases understand.
const CHANGES: &[&str] = &[
    "DELETE FROM entry",
    "DELETE FROM entry WHERE seq = 2",
    "UPDATE entry SET payload = 'other' WHERE seq = 0",
    "UPDATE entry SET header = payload WHERE seq = 0",
    "UPDATE entry SET seq = 9 WHERE seq = 2",
    "UPDATE entry SET instant = instant + 1 WHERE seq = 0",
    "UPDATE entry SET subject = 'SYS-1' WHERE seq = 0",
    "UPDATE entry SET idempotency_key = 'key' WHERE seq = 0",
    // Erasing without a redaction on the ledger.
    "UPDATE entry SET salt = NULL, payload = NULL WHERE seq = 0",
    "UPDATE entry SET payload = NULL WHERE seq = 0",
    // Bringing back, or changing more than a redaction may, of an entry that is redacted.
    "UPDATE entry SET salt = header, payload = header WHERE seq = 1",
    "UPDATE entry SET subject = 'SYS-1' WHERE seq = 1",
    "UPDATE redaction SET seq = 0",
    "DELETE FROM redaction",
    // A redaction by nothing, by an earlier entry, of nothing, or for the second time.
    "INSERT INTO redaction (organisation, seq, redacted_by) VALUES ('acme', 0, 9)",
    "INSERT INTO redaction (organisation, seq, redacted_by) VALUES ('acme', 2, 0)",
    "INSERT INTO redaction (organisation, seq, redacted_by) VALUES ('acme', 9, 3)",
    "INSERT INTO redaction (organisation, seq, redacted_by) VALUES ('acme', 1, 2)",
    "DELETE FROM organisation",
];

const CHANGES_IN_SQLITE: &[&str] = &[
    "INSERT OR REPLACE INTO entry (organisation, seq, instant, header) \
     VALUES ('acme', 0, 0, x'00')",
    "INSERT INTO entry (organisation, seq, instant, header) VALUES ('acme', 9, 0, x'00')",
    "UPDATE OR REPLACE entry SET seq = 0 WHERE seq = 1",
    "INSERT OR REPLACE INTO redaction (organisation, seq, redacted_by) VALUES ('acme', 1, 2)",
];

const CHANGES_IN_POSTGRES: &[&str] = &[
    "TRUNCATE entry CASCADE",
    "TRUNCATE redaction",
    "TRUNCATE head CASCADE",
    "DELETE FROM head",
    "UPDATE head SET size = 1",
    "UPDATE head SET instant = 0",
    "INSERT INTO entry (organisation, seq, instant, header) VALUES ('acme', 4, 0, 'x')",
    "INSERT INTO entry (organisation, seq, instant, header) VALUES ('acme', 9, 0, 'x')",
    "WITH ahead AS (UPDATE head SET size = 9) \
     INSERT INTO entry (organisation, seq, instant, header) VALUES ('acme', 8, 0, 'x')",
    "INSERT INTO entry (organisation, seq, instant, header) VALUES ('acme', 0, 0, 'x') \
     ON CONFLICT (organisation, seq) DO UPDATE SET header = 'x'",
];

async fn the_log_cannot_be_changed_past_the_store(backend: &Backend) {
    backend.store.append(ACME, 0, &entries(0..3)).await.unwrap();
    backend.store.append(ACME, 3, &[redacting(3, 1)]).await.unwrap();
    let own = if backend.folder.is_some() { CHANGES_IN_SQLITE } else { CHANGES_IN_POSTGRES };
    for sql in CHANGES.iter().chain(own) {
        assert!(backend.execute(sql).await.is_err(), "{sql}");
    }
    let mut expected = plain(&entries(0..4));
    expected[1] = expected[1].clone().redacted();
    assert_eq!(backend.store.entries(ACME, 0, 10).await.unwrap(), expected);
    assert_eq!(backend.store.size(ACME).await.unwrap(), 4);
}
