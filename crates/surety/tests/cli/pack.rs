//! Audit packs: a stranger verifies them with nothing but the file.

use std::{
    io::{Cursor, Read, Write},
    path::Path,
    process::Command,
};

use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::desk::Desk;

fn packed() -> Desk {
    let desk = Desk::with_systems();
    let log = desk.write("log.txt", "alarm at noon\n");
    desk.done(&[
        "record",
        "create",
        "evidence_item",
        "--set",
        "title=Log",
        "--set",
        "kind=log",
        "--set",
        "source=Monitoring",
        "--set",
        "collected_on=2026-11-01",
        "--set",
        "supports=iso42001:A.6.2.6",
        "--file",
        &log,
    ]);
    desk.done(&["pack", "-o", &desk.text_path("pack.zip")]);
    desk
}

/// The members of a pack.
fn members(pack: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(std::fs::read(pack).unwrap())).unwrap();
    (0..archive.len())
        .map(|position| {
            let mut member = archive.by_index(position).unwrap();
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            (member.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn write(pack: &Path, members: &[(String, Vec<u8>)]) {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    std::fs::write(pack, archive.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn a_pack_verifies_with_its_own_key_and_says_what_that_proves() {
    let desk = packed();
    let said = desk.done(&["verify", &desk.text_path("pack.zip")]);
    assert!(said.contains("verified: Harbour Ferries as of 2026-11-20"), "{said}");
    assert!(said.contains("not who signed it"), "{said}");
    let vkey = desk.done(&["ledger", "keys"]);
    let trusted = desk.json(&[
        "verify",
        &desk.text_path("pack.zip"),
        "--vkey",
        vkey.trim(),
        "--format",
        "json",
    ]);
    assert_eq!(trusted["trusted_key"], true, "{trusted}");
    assert_eq!(trusted["derived"], true, "{trusted}");
    assert_eq!(trusted["wanting"], serde_json::json!([]));
}

#[test]
fn a_pack_verifies_where_there_is_no_data_folder() {
    let desk = packed();
    let elsewhere = Desk::bare();
    elsewhere.done(&["verify", &desk.text_path("pack.zip")]);
    assert!(!elsewhere.path("data").exists());
}

#[test]
fn a_pack_signed_by_another_key_is_found_wanting() {
    let desk = packed();
    let stranger = Desk::new().done(&["ledger", "keys"]);
    let ran = desk.run(&["verify", &desk.text_path("pack.zip"), "--vkey", stranger.trim()]);
    assert_eq!(ran.status, 1, "{ran:?}");
}

#[test]
fn every_member_that_was_tampered_with_is_named() {
    let desk = packed();
    let honest = members(&desk.path("pack.zip"));
    assert!(honest.len() > 10, "{}", honest.len());
    for position in 0..honest.len() {
        let mut forged = honest.clone();
        let (name, bytes) = &mut forged[position];
        let name = name.clone();
        match bytes.iter().position(|byte| byte.is_ascii_lowercase()) {
            Some(at) => bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' },
            None => bytes.push(b'x'),
        }
        write(&desk.path("forged.zip"), &forged);
        let ran = desk.run(&["verify", &desk.text_path("forged.zip")]);
        assert_eq!(ran.status, 1, "{name} was changed, and nobody noticed: {ran:?}");
    }
}

#[test]
fn a_member_that_is_missing_or_added_is_found() {
    let desk = packed();
    let honest = members(&desk.path("pack.zip"));
    let mut less = honest.clone();
    let taken = less.iter().position(|(name, _)| name.contains("evidence")).unwrap();
    less.remove(taken);
    write(&desk.path("less.zip"), &less);
    assert_eq!(desk.run(&["verify", &desk.text_path("less.zip")]).status, 1);
    let mut more = honest;
    more.push(("extra.txt".to_owned(), b"hello".to_vec()));
    write(&desk.path("more.zip"), &more);
    assert_eq!(desk.run(&["verify", &desk.text_path("more.zip")]).status, 1);
}

#[test]
fn what_is_no_pack_is_refused() {
    let desk = packed();
    let text = desk.write("text.zip", "this is no archive");
    assert!(desk.refused(1, &["verify", &text]).contains("text.zip"));
    let bytes = std::fs::read(desk.path("pack.zip")).unwrap();
    std::fs::write(desk.path("half.zip"), &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(desk.run(&["verify", &desk.text_path("half.zip")]).status, 1);
}

#[test]
fn an_older_checkpoint_must_fit_the_pack() {
    let desk = Desk::with_systems();
    let kept = desk.write("kept.txt", &desk.done(&["ledger", "checkpoint"]));
    desk.done(&["record", "create", "supplier", "--set", "name=Later Ltd"]);
    desk.done(&["pack", "-o", &desk.text_path("pack.zip")]);
    desk.done(&["verify", &desk.text_path("pack.zip"), "--checkpoint", &kept]);
    let foreign = desk.write("foreign.txt", &Desk::with_systems().done(&["ledger", "checkpoint"]));
    assert_eq!(
        desk.run(&["verify", &desk.text_path("pack.zip"), "--checkpoint", &foreign]).status,
        1
    );
}

#[test]
fn a_pack_of_a_past_day_holds_only_what_was_known_then() {
    let mut desk = Desk::bare();
    desk.at("2026-06-30T10:00:00Z").done(&["init", "--org", "Harbour Ferries"]);
    desk.done(&["import", &crate::desk::fixture("systems.csv")]);
    desk.at("2026-11-20T10:00:00Z").done(&[
        "record",
        "create",
        "supplier",
        "--set",
        "name=Later Ltd",
    ]);
    desk.done(&["pack", "--as-of", "2026-06-30", "-o", &desk.text_path("pack.zip")]);
    let said = desk.done(&["verify", &desk.text_path("pack.zip")]);
    assert!(said.contains("as of 2026-06-30"), "{said}");
    let all: String = members(&desk.path("pack.zip"))
        .iter()
        .map(|(_, bytes)| String::from_utf8_lossy(bytes))
        .collect();
    assert!(all.contains("Tide forecast") && !all.contains("Later Ltd"));
}

#[test]
fn the_python_verifier_agrees() {
    let desk = packed();
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify_pack.py");
    let vkey = desk.done(&["ledger", "keys"]);
    let verify = |pack: &Path| {
        let output = Command::new("python3")
            .arg(&tool)
            .arg(pack)
            .args(["--vkey", vkey.trim()])
            .output()
            .unwrap();
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        (output.status.code(), said)
    };
    let (status, said) = verify(&desk.path("pack.zip"));
    assert_eq!(
        status,
        Some(0),
        "{said}\nIs there Python 3.11 with the package cryptography? tools/test-setup/install.sh installs it."
    );
    assert!(said.contains("VERIFIED"), "{said}");
    let mut forged = members(&desk.path("pack.zip"));
    let entries = forged
        .iter_mut()
        .find(|(name, _)| name.contains("ledger/") && name.contains("entries"))
        .unwrap();
    let at = entries.1.windows(4).position(|window| window == b"Tide").unwrap();
    entries.1[at] = b'R';
    write(&desk.path("forged.zip"), &forged);
    let (status, said) = verify(&desk.path("forged.zip"));
    assert_eq!(status, Some(1), "{said}");
}
