//! The published vectors in `tests/data`; each file names its origin and licence.

use serde::Deserialize;
use surety_ledger::canonical_json;

pub(crate) fn read<T: for<'de> Deserialize<'de>>(file: &'static str) -> T {
    serde_json::from_str(file).unwrap()
}

/// The log of 300 entries.
#[derive(Deserialize)]
pub(crate) struct Log {
    types: Vec<String>,
    pub(crate) vkeys: Vec<String>,
    pub(crate) checkpoints: Vec<LogCheckpoint>,
    pub(crate) proofs: Vec<LogIndexProof>,
}

#[derive(Deserialize)]
pub(crate) struct LogCheckpoint {
    pub(crate) size: u64,
    pub(crate) note: String,
}

#[derive(Deserialize)]
pub(crate) struct LogIndexProof {
    pub(crate) index: u64,
    pub(crate) proof: String,
}

impl Log {
    pub(crate) fn read() -> Self {
        read(include_str!("../data/log-300.json"))
    }

    pub(crate) fn entry(&self, index: usize) -> String {
        let kind = &self.types[index % self.types.len()];
        format!(r#"{{"seq":{index},"type":"{kind}","id":"rec-{index:04}"}}"#)
    }
}

#[test]
fn canonical_json_gives_the_bytes_of_the_published_vectors() {
    #[derive(Deserialize)]
    struct File {
        cases: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        name: String,
        input: String,
        output: String,
        hex: String,
    }
    let file: File = read(include_str!("../data/jcs.json"));
    assert_eq!(file.cases.len(), 4);
    for Case { name, input, output, hex } in file.cases {
        let value: serde_json::Value = serde_json::from_str(&input).unwrap();
        let canonical = canonical_json(&value).unwrap();
        assert_eq!(String::from_utf8(canonical.clone()).unwrap(), output, "{name}");
        let digits: String = canonical.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digits, hex, "{name}");
    }
}

#[test]
fn what_is_no_json_has_no_canonical_form() {
    assert!(canonical_json(&f64::NAN).is_err());
    let keyed_by_list = std::collections::BTreeMap::from([([1, 2], 3)]);
    assert!(canonical_json(&keyed_by_list).is_err());
}
