//! What the files of the project may hold: nothing unfinished, nothing of one machine, no file that grew too long.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};

use crate::Fault;

/// Lines of Rust above which a file is about more than one thing.
const MAX_LINES: usize = 600;

/// Files that may be longer, each with its reason.
const LONGER: &[(&str, &str)] = &[];

/// Words that mark unfinished work. Put together here, so that this file does not hold them.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
    concat!("to", "do!("),
    concat!("unimplem", "ented!("),
];

/// Folders that many machines have; a checkout there does not make them private.
const SHARED_FOLDERS: &[&str] = &[
    "/",
    "/builds",
    "/data",
    "/opt",
    "/private/tmp",
    "/src",
    "/srv",
    "/tmp",
    "/usr/src",
    "/var/tmp",
    "/workspace",
];

/// The one registry that the lock file may name; another would be a mirror of somebody's own.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks every file that belongs to the project.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<Fault>> {
    let places = places(root);
    let mut faults = Vec::new();
    for path in files(root)? {
        // What is not text has no lines, and what is being removed is not there.
        let Ok(text) = std::fs::read_to_string(root.join(&path)) else { continue };
        let name = path.to_string_lossy().replace('\\', "/");
        faults.extend(check_file(&name, &text, &places));
    }
    Ok(faults)
}

/// Files under version control and new ones that are not ignored.
fn files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("git can't be run; tidy asks it which files belong to the project")?;
    if !output.status.success() {
        // An unpacked archive has no history: take what lies there.
        return walk(root, root);
    }
    let names = String::from_utf8(output.stdout).context("git names a file that is not UTF-8")?;
    let mut files: Vec<_> = names.split_terminator('\0').map(PathBuf::from).collect();
    files.sort();
    files.dedup();
    ensure!(!files.is_empty(), "git lists no files in {}", root.display());
    Ok(files)
}

fn walk(root: &Path, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let left_out = ["target", "node_modules", ".git"].iter().any(|out| name == *out);
        if entry.file_type()?.is_dir() && !left_out {
            files.extend(walk(root, &path)?);
        } else if entry.file_type()?.is_file() {
            files.push(path.strip_prefix(root).unwrap_or(&path).to_owned());
        }
    }
    files.sort();
    Ok(files)
}

/// Where this machine keeps the checkout and its user's files: paths that mean nothing elsewhere.
fn places(root: &Path) -> Vec<String> {
    let home = std::env::home_dir().unwrap_or_default();
    let folders = root.ancestors().take(2).chain([home.as_path()]);
    let names = folders.map(|folder| folder.to_string_lossy().into_owned());
    names
        .filter(|name| !name.is_empty() && !SHARED_FOLDERS.contains(&name.as_str()))
        .map(|name| format!("{name}/"))
        .collect()
}

fn check_file(name: &str, text: &str, places: &[String]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let source = [".rs", ".py", ".sh", ".js", ".css", ".sql", ".toml", "Makefile"]
        .iter()
        .any(|end| name.ends_with(end));
    for (number, line) in (1_usize..).zip(text.lines()) {
        let mut wanting =
            |message: String| faults.push(Fault::new(format!("{name}:{number}"), message));
        if source && let Some(word) = UNFINISHED.iter().find(|word| holds_word(line, word)) {
            wanting(format!(
                "`{word}` marks unfinished work; finish it, or open an issue and leave it out"
            ));
        }
        if let Some(place) = places.iter().find(|place| holds_path(line, place)) {
            wanting(format!(
                "`{place}` is a path of one machine; write it relative to the project"
            ));
        }
        if name.ends_with("Cargo.lock") && line.starts_with("source = ") && !line.contains(REGISTRY)
        {
            wanting("names another registry than crates.io; lock without your mirror".to_owned());
        }
    }
    faults.extend(too_long(name, text));
    if name.ends_with("/Cargo.toml") && !inherits_lints(text) {
        faults.push(Fault::new(
            name,
            "does not inherit the lints of the workspace; add `[lints]` with `workspace = true`",
        ));
    }
    faults
}

/// Whether `line` holds `word` as a word of its own.
fn holds_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        let in_word = |letter: Option<char>| {
            letter.is_some_and(|one| one.is_alphanumeric() || matches!(one, '_' | '-'))
        };
        !in_word(before) && (word.ends_with('(') || !in_word(after))
    })
}

/// Whether an absolute path in `line` starts with `place`; the same letters inside a longer path or address are another.
fn holds_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|one| {
            !one.is_alphanumeric() && !matches!(one, '/' | '.' | '-' | '_' | '}' | '*')
        })
    })
}

fn too_long(name: &str, text: &str) -> Option<Fault> {
    let lines = text.lines().count();
    let allowed = LONGER.iter().any(|(path, _)| *path == name);
    if !name.ends_with(".rs") || lines <= MAX_LINES || allowed {
        return None;
    }
    let message = format!(
        "has {lines} lines, and {MAX_LINES} are the limit; split it by what its parts know"
    );
    Some(Fault::new(name, message))
}

fn inherits_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]");
    lines.next().is_some() && lines.next() == Some("workspace = true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(name: &str, text: &str) -> Vec<String> {
        let places = places(Path::new("/somewhere/surety"));
        check_file(name, text, &places).into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn unfinished_work_is_found_as_a_word_and_not_inside_one() {
        for word in UNFINISHED {
            assert_eq!(messages("a.rs", &format!("    // {word} later")).len(), 1, "{word}");
        }
        assert!(messages("a.rs", "let mastodons = \"METHODOLOGY\";").is_empty());
        assert!(
            messages("a.md", &format!("No `{}` without an issue.", UNFINISHED.concat())).is_empty()
        );
    }

    #[test]
    fn paths_of_one_machine_are_found_and_addresses_are_not() {
        for path in ["/somewhere/surety/x", "`/somewhere/else`", "(/somewhere/surety/"] {
            assert_eq!(messages("a.md", &format!("see {path} for more")).len(), 1, "{path}");
        }
        assert!(
            messages("a.md", "see https://example.org/somewhere/x and $DIR/somewhere/x").is_empty()
        );
    }

    #[test]
    fn a_long_rust_file_is_refused_and_a_long_document_is_not() {
        let long = "line\n".repeat(MAX_LINES + 1);
        assert_eq!(messages("a.rs", &long).len(), 1);
        assert!(messages("a.md", &long).is_empty());
        assert!(messages("a.rs", &"line\n".repeat(MAX_LINES)).is_empty());
    }

    #[test]
    fn every_file_that_may_be_longer_still_is() {
        for (path, reason) in LONGER {
            let text = std::fs::read_to_string(crate::root().join(path)).unwrap();
            assert!(text.lines().count() > MAX_LINES, "{path} is short enough now");
            assert!(!reason.is_empty(), "{path} has no reason");
        }
    }

    #[test]
    fn the_lock_file_names_no_mirror() {
        let of = |source: &str| messages("Cargo.lock", &format!("source = \"{source}\""));
        assert!(of(REGISTRY).is_empty());
        assert_eq!(of("registry+https://mirror.example/index").len(), 1);
    }

    #[test]
    fn a_crate_that_does_not_inherit_the_lints_is_refused() {
        assert!(
            messages("crates/a/Cargo.toml", "[package]\n\n[lints]\nworkspace = true\n").is_empty()
        );
        assert_eq!(messages("crates/a/Cargo.toml", "[package]\n").len(), 1);
    }
}
