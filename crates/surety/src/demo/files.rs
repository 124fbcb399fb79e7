//! What evidence looks like from inside: small files that say something.

use std::fmt::Write;

use jiff::civil::Date;
use serde_json::json;

use super::{
    calendar::{plus, roll},
    systems::System,
};

/// A file with its text.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) name: String,
    pub(super) text: String,
}

/// A file name from words: small letters and hyphens.
fn slug(words: &str) -> String {
    let mut slug = String::new();
    for character in words.chars().flat_map(char::to_lowercase) {
        match character {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'a'..='z' | '0'..='9' => slug.push(character),
            _ if !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_matches('-').to_owned()
}

/// What is measured of a sort of system, and the threshold in per mille.
fn measure(system: &System) -> (&'static str, u32) {
    match system.text("kind") {
        "generative" => ("answers_rated_wrong", 30),
        "vision" => ("findings_overturned", 40),
        "recommender" => ("rankings_overruled", 60),
        "speech" => ("calls_ranked_anew", 50),
        "optimization" => ("outside_of_corridor", 20),
        _ => ("relative_error", 120),
    }
}

/// One line a week: cases, what is measured, whether it was above the threshold.
pub(super) fn monitoring(system: &System, from: Date, to: Date) -> Text {
    let (measure, threshold) = measure(system);
    let mut text = format!("week_from,cases,{measure}_permille,threshold_permille,alarm\n");
    for week in 0..5 {
        let day = plus(from, 7 * week);
        if day > to {
            break;
        }
        let seed = format!("{} {day}", system.name);
        let cases = 180 + roll(&seed, 2_400);
        let spread = roll(&format!("{seed} spread"), threshold.saturating_mul(2) / 3);
        let alarm = roll(&format!("{seed} alarm"), 29) == 0;
        let value = if alarm { threshold + 1 + spread / 4 } else { threshold / 5 + spread };
        let alarm = if alarm { "yes" } else { "no" };
        // Writing to a text can't fail.
        let _written = writeln!(text, "{day},{cases},{value},{threshold},{alarm}");
    }
    Text { name: format!("{}-monitoring-{to}.csv", slug(&system.name)), text }
}

/// Decisions in which people did not follow the system.
pub(super) fn overrides(system: &System, from: Date, to: Date) -> Text {
    let reasons = ["context not seen", "data out of date", "person explained", "doubtful quality"];
    let mut text = "day,case,proposed,decided,reason\n".to_owned();
    for number in 0..(3 + roll(&format!("{} {to} rows", system.name), 6)) {
        let seed = format!("{} {to} {number}", system.name);
        let day = plus(from, i32::try_from(roll(&seed, 28)).unwrap_or(0));
        let case = 10_000 + roll(&format!("{seed} case"), 89_999);
        let reason = usize::try_from(roll(&format!("{seed} reason"), 4)).unwrap_or(0);
        let reason = reasons.get(reason).copied().unwrap_or_default();
        let _written = writeln!(text, "{day},C{case},refuse,accept,{reason}");
    }
    Text { name: format!("{}-overrides-{to}.csv", slug(&system.name)), text }
}

/// The result of a test before a release.
pub(super) fn validation(system: &System, version: &str, day: Date) -> Text {
    let (measure, threshold) = measure(system);
    let slices = ["all", "new customers", "night", "countryside"].map(|slice| {
        let value = threshold / 4 + roll(&format!("{} {day} {slice}", system.name), threshold / 2);
        json!({ "slice": slice, "cases": 200 + roll(&format!("{slice} {day}"), 1_800), measure: value })
    });
    let report = json!({
        "system": system.name, "version": version, "tested_on": day.to_string(),
        "unit": "per mille", "threshold": threshold, "slices": slices, "result": "passed",
    });
    let text = serde_json::to_string_pretty(&report).unwrap_or_default();
    Text { name: format!("{}-{version}-validation.json", slug(&system.name)), text }
}

/// Who took part in a training, by staff number, and whether the test was passed.
pub(super) fn training(unit: &str, title: &str, day: Date) -> Text {
    let mut text = "staff_number,day,training,test\n".to_owned();
    for number in 0..(8 + roll(&format!("{unit} {day}"), 17)) {
        let seed = format!("{unit} {day} {number}");
        let staff = 1_000 + roll(&seed, 790);
        let test = if roll(&format!("{seed} test"), 9) == 0 { "repeat" } else { "passed" };
        let _written = writeln!(text, "{staff},{day},{title},{test}");
    }
    Text { name: format!("training-{}-{day}.csv", slug(unit)), text }
}

/// Minutes of a meeting.
pub(super) fn minutes(title: &str, day: Date, points: &[&str]) -> Text {
    let mut text = format!("# {title}\n\n{day}, Flensburg\n\n");
    for point in points {
        let _written = writeln!(text, "- {point}");
    }
    Text { name: format!("{}-{day}.md", slug(title)), text }
}
