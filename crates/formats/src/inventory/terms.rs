//! Terms that the formats share: what a task says about a system, what a licence is called, whom a package URL names.

/// The kind of AI system that a task or domain suggests: `text-generation` is generative.
pub(crate) fn kind_of_task(task: &str) -> Option<&'static str> {
    const TASKS: &[(&str, &[&str])] = &[
        ("speech", &["speech", "audio", "voice", "transcription"]),
        (
            "generative",
            &[
                "text generation",
                "text to image",
                "text to video",
                "image to text",
                "image to image",
                "summarization",
                "translation",
                "text2text",
                "conversational",
                "generation",
                "generative",
                "image text to text",
                "any to any",
                "visual question answering",
                "chatbot",
                "chat",
                "language model",
            ],
        ),
        (
            "vision",
            &[
                "image",
                "video",
                "object detection",
                "depth estimation",
                "mask generation",
                "vision",
                "optical character",
                "handwriting",
                "document",
            ],
        ),
        ("recommender", &["recommend", "ranking"]),
        (
            "predictive",
            &[
                "classification",
                "regression",
                "forecasting",
                "tabular",
                "fill mask",
                "sentence similarity",
                "feature extraction",
                "question answering",
                "zero shot",
                "time series",
                "prediction",
                "scoring",
                "anomaly",
            ],
        ),
        ("agent", &["reinforcement learning", "robotics", "agent"]),
        ("optimization", &["optimization", "optimisation", "scheduling"]),
    ];
    let folded = super::fold::fold_word(task);
    TASKS
        .iter()
        .find(|(_, words)| words.iter().any(|word| folded.contains(word)))
        .map(|(kind, _)| *kind)
}

/// A package URL without version, qualifiers and subpath: the same for every release of the package.
pub(crate) fn purl_identity(purl: &str) -> Option<&str> {
    if !purl.starts_with("pkg:") {
        return None;
    }
    let end = purl.find(['?', '#']).unwrap_or(purl.len());
    let plain = purl.get(..end)?;
    // The version follows the last "@" of the last part; a scope such as `@org/name` begins a part.
    let name = plain.rfind('/').map_or(0, |at| at.saturating_add(1));
    let version =
        plain.get(name..)?.find('@').filter(|at| *at > 0).map(|at| at.saturating_add(name));
    plain.get(..version.unwrap_or(plain.len()))
}

/// Whether a package URL points at a public model hub.
pub(crate) fn is_open_model(purl: &str) -> bool {
    purl.starts_with("pkg:huggingface/")
}

/// What personal data a sensitivity statement speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sensitivity {
    None,
    Personal,
    Special,
    /// It says something else.
    Unclear,
}

/// Reads statements such as "PII", "health records", "no personal data".
pub(crate) fn sensitivity(statement: &str) -> Sensitivity {
    const SPECIAL: &[&str] = &[
        "special categor",
        "sensitive personal",
        "health",
        "medical",
        "biometric",
        "genetic",
        "religio",
        "ethnic",
        "racial",
        "race",
        "sexual",
        "political",
        "trade union",
        "phi",
    ];
    const PERSONAL: &[&str] = &[
        "pii",
        "personal data",
        "personal information",
        "personally identif",
        "name",
        "e mail",
        "email",
        "address",
        "phone",
        "gender",
        "age",
        "date of birth",
        "customer data",
        "user data",
        "employee",
        "ip address",
        "demographic",
        "location data",
    ];
    let folded = super::fold::fold_word(statement);
    let stated = |words: &[&str]| {
        words.iter().any(|word| {
            if word.len() <= 4 {
                super::fold::has_phrase(&folded, word)
            } else {
                folded.contains(word)
            }
        })
    };
    let denied =
        ["no ", "none", "not ", "without ", "does not ", "do not ", "there is no ", "no personal"]
            .iter()
            .any(|start| {
                folded.starts_with(start) || folded.contains(&format!(" contain {start}"))
            })
            || [
                "does not contain",
                "do not contain",
                "no personal",
                "not contain any personal",
                "no sensitive",
            ]
            .iter()
            .any(|part| folded.contains(part));
    match (denied, stated(SPECIAL), stated(PERSONAL)) {
        (true, ..) if folded.split(' ').count() <= 25 => Sensitivity::None,
        (true, ..) => Sensitivity::Unclear,
        (false, true, _) => Sensitivity::Special,
        (false, false, true) => Sensitivity::Personal,
        (false, false, false) => Sensitivity::Unclear,
    }
}

/// At most `most` characters, cut at a word with an ellipsis.
pub(crate) fn capped(text: &str, most: usize) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = text.get(..end).unwrap_or_default();
    let word = cut.rfind(char::is_whitespace).filter(|at| *at > end / 2).unwrap_or(cut.len());
    format!("{}…", cut.get(..word).unwrap_or_default().trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_keeps_its_identity_from_release_to_release() {
        for (purl, identity) in [
            ("pkg:huggingface/acme/scorer@1.0", "pkg:huggingface/acme/scorer"),
            ("pkg:npm/%40acme/scorer@2.0.0?arch=x#sub", "pkg:npm/%40acme/scorer"),
            ("pkg:generic/@acme/scorer", "pkg:generic/@acme/scorer"),
            ("pkg:generic/scorer", "pkg:generic/scorer"),
        ] {
            assert_eq!(purl_identity(purl), Some(identity));
        }
        assert_eq!(purl_identity("acme/scorer"), None);
    }

    #[test]
    fn tasks_tell_the_kind_of_system() {
        for (task, kind) in [
            ("text-generation", Some("generative")),
            ("image-classification", Some("vision")),
            ("automatic-speech-recognition", Some("speech")),
            ("tabular-regression", Some("predictive")),
            ("time travel", None),
        ] {
            assert_eq!(kind_of_task(task), kind, "{task}");
        }
    }

    #[test]
    fn statements_about_personal_data_are_weighed() {
        for (statement, expected) in [
            ("PII", Sensitivity::Personal),
            ("names and addresses of customers", Sensitivity::Personal),
            ("Health records", Sensitivity::Special),
            ("No personal data", Sensitivity::None),
            ("The data does not contain personal information.", Sensitivity::None),
            ("Public", Sensitivity::Unclear),
        ] {
            assert_eq!(sensitivity(statement), expected, "{statement}");
        }
    }

    #[test]
    fn long_texts_are_cut_at_a_word() {
        assert_eq!(capped("one two three", 9), "one two…");
        assert_eq!(capped(" one ", 9), "one");
    }
}
