//! The fields that say what part somebody gets.

use askama::Template;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use surety_aims::{Kind, RecordId, Ref, Role};
use surety_engine::{
    View,
    accounts::{Part, name_of, role_of},
    sheets::People,
};
use surety_reports::views::words;

use crate::{
    call::Call,
    html::{Choice, capitalised},
    pages::account::end_of,
    problem::Problem,
};

/// The fields, as they are drawn.
#[derive(Template)]
#[template(path = "parts/part.html")]
pub(super) struct PartFields {
    roles: Vec<Choice>,
    persons: Vec<Choice>,
    /// The last day of the part.
    expires: String,
    /// The newest day that it shows.
    until: String,
    /// Ids with spaces between.
    systems: String,
}

impl PartFields {
    pub(super) fn of(part: &Part, view: &View, people: &People) -> PartFields {
        let role = |role: &Role| Choice {
            name: capitalised(&words(&name_of(*role))),
            value: name_of(*role),
            chosen: *role == part.role,
        };
        let persons = view.book().of_kind(Kind::Person).filter(|record| record.is_live());
        let person = persons.map(|record| Choice {
            name: format!(
                "{} ({})",
                people.name(view.book(), Ref::new(record.id.number)),
                record.id
            ),
            value: record.id.to_string(),
            chosen: part.person == Some(record.id),
        });
        let mut persons: Vec<_> = person.collect();
        persons.sort_by(|one, other| one.name.cmp(&other.name));
        let systems: Vec<_> = part.systems.iter().map(ToString::to_string).collect();
        PartFields {
            roles: Role::ALL.iter().map(role).collect(),
            persons,
            expires: part
                .expires_at
                .and_then(last_day)
                .map(|day| day.to_string())
                .unwrap_or_default(),
            until: part.until.map(|day| day.to_string()).unwrap_or_default(),
            systems: systems.join(" "),
        }
    }
}

/// The day before whose end something ends.
fn last_day(end: jiff::Timestamp) -> Option<Date> {
    let before = end.checked_sub(1.microsecond()).ok()?;
    Some(before.to_zoned(TimeZone::UTC).date())
}

/// The part that a form gives.
pub(super) fn given(call: &Call) -> Result<Part, Problem> {
    let field = |name| call.field(name).trim();
    let role = role_of(field("role"));
    let person = Some(field("person")).filter(|person| !person.is_empty());
    let until = Some(field("until")).filter(|until| !until.is_empty());
    let systems = field("systems").split([' ', ',', '\n', '\r']).filter(|id| !id.is_empty());
    Ok(Part {
        role: role.ok_or_else(|| Problem::bad("choose a role"))?,
        person: person.map(id).transpose()?,
        expires_at: end_of(field("expires"))?,
        until: until
            .map(|day| day.parse().map_err(|_| Problem::bad(format!("`{day}` is no day"))))
            .transpose()?,
        systems: systems.map(id).collect::<Result<_, _>>()?,
    })
}

fn id(text: &str) -> Result<RecordId, Problem> {
    text.to_uppercase().parse().map_err(|_| Problem::bad(format!("`{text}` is no id of a record")))
}
