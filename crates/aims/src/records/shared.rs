//! Values that several kinds share.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Problems;

choice! {
    /// Low, medium or high.
    Criticality { Low, Medium, High }
}

choice! {
    /// The part an organisation plays for an AI system (ISO/IEC 42001 4.1, ISO/IEC 22989 5.19).
    AiRole { Provider, Producer, Developer, Customer, User, PartnerIntegrator, PartnerDataProvider, Subject, Authority }
}

choice! {
    /// How often a control runs or proof of it is renewed.
    Cadence { Continuous, Daily, Weekly, Monthly, Quarterly, HalfYearly, Annual, Biennial, OnEvent }
}

choice! {
    /// Who may read it.
    Confidentiality { Public, Internal, Confidential, Restricted }
}

choice! {
    /// Who outside the organisation can get it.
    Availability { Public, OnRequest, Internal }
}

impl From<Cadence> for surety_catalog::Cadence {
    fn from(cadence: Cadence) -> Self {
        match cadence {
            Cadence::Continuous => Self::Continuous,
            Cadence::Daily => Self::Daily,
            Cadence::Weekly => Self::Weekly,
            Cadence::Monthly => Self::Monthly,
            Cadence::Quarterly => Self::Quarterly,
            Cadence::HalfYearly => Self::HalfYearly,
            Cadence::Annual => Self::Annual,
            Cadence::Biennial => Self::Biennial,
            Cadence::OnEvent => Self::OnEvent,
        }
    }
}

/// A requirement, written `framework:requirement`: `iso42001:A.6.2.4`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct Requirement(pub surety_catalog::RequirementRef);

/// Marked, so that [`crate::walk`] recognises it in any record.
impl Serialize for Requirement {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(crate::walk::REQUIREMENT, self.0.as_str())
    }
}

impl std::str::FromStr for Requirement {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Requirement)
    }
}

impl JsonSchema for Requirement {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Requirement".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[^:]+:.+$", "x-requirement": true })
    }
}

/// A file in the vault, named by the SHA-256 of its content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FileRef {
    /// SHA-256 of the content, in lower-case hex.
    pub sha256: String,
    /// What the file was called when it was added.
    pub name: String,
    /// Media type of the content, such as application/pdf.
    pub media_type: String,
    /// Size in bytes.
    pub bytes: u64,
}

impl FileRef {
    /// Whether the digest has the form of one.
    pub fn is_sound(&self) -> bool {
        self.sha256.len() == 64
            && self.sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// The dates that are given, each with its field.
pub(super) fn given<const N: usize>(
    dates: [(&'static str, Option<Date>); N],
) -> Vec<(&'static str, Date)> {
    dates.into_iter().filter_map(|(field, date)| Some((field, date?))).collect()
}

/// Rule: what comes later doesn't lie before what comes earlier. The later field is at fault.
pub(super) fn in_order(
    problems: &mut Problems,
    (earlier, from): (&str, Option<Date>),
    (later, to): (&str, Option<Date>),
) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        problems.add(later, format!("{to} lies before {earlier} ({from}); correct one of the two"));
    }
}

/// Rule: the file is one that the vault can hold.
pub(super) fn is_file(problems: &mut Problems, file: Option<&FileRef>) {
    is_sound_file(problems, "file", file);
}

/// The same of a file in another field.
pub(super) fn is_sound_file(problems: &mut Problems, field: &str, file: Option<&FileRef>) {
    let sound = file.is_none_or(FileRef::is_sound);
    problems.unless(sound, field, "`sha256` is not 64 lower-case hex digits; add the file again");
}

/// Rule: a rating lies on the scale.
pub(super) fn is_rating(problems: &mut Problems, field: &str, what: &str, rating: Option<u8>) {
    if let Some(rating) = rating
        && !(1..=5).contains(&rating)
    {
        problems.add(field, format!("{what} is {rating}; rate from 1 to 5"));
    }
}

/// The verdict of a guard that says what to do first.
pub(super) fn require(holds: bool, first: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(first.to_owned()) }
}
