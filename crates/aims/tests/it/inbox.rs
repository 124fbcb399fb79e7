//! What waits for somebody, and what no longer does.

use serde_json::json;
use surety_aims::{
    Kind, Principal, Role,
    derive::inbox::{Inbox, inbox},
};

use crate::given::{World, by, given, manager, person, policy, second, state, step};

fn of<'w>(world: &'w World, who: &Principal) -> Inbox<'w> {
    inbox(&world.book, who, jiff::civil::date(2026, 6, 1), 30)
}

fn comment(text: &str, mentions: &[&str]) -> surety_aims::Command {
    state(Kind::Comment, json!({ "about": "GRP-1", "text": text, "mentions": mentions }))
}

#[test]
fn a_question_waits_until_whoever_is_asked_has_said_something_there() {
    let mut world =
        given([person("One"), person("Two"), state(Kind::SystemGroup, json!({ "name": "A" }))]);
    world.does(&manager(), comment("What of this, PER-2?", &["PER-2"]));
    world.does(&manager(), comment("A note to myself", &["PER-1"]));
    let texts = |world: &World, who: &Principal| -> Vec<String> {
        of(world, who).mentions.iter().map(|mention| mention.text.to_owned()).collect()
    };
    assert_eq!(texts(&world, &second()), ["What of this, PER-2?"]);
    assert_eq!(texts(&world, &manager()), [""; 0], "nobody asks themselves");
    world.does(&second(), comment("Done", &[]));
    assert_eq!(texts(&world, &second()), [""; 0]);
    world.does(&manager(), comment("And this, PER-2?", &["PER-2"]));
    assert_eq!(texts(&world, &second()), ["And this, PER-2?"]);
}

#[test]
fn a_record_waits_for_a_second_person_who_may_approve() {
    let mut world = given([person("One"), person("Two"), state(Kind::Policy, policy())]);
    world.does(&manager(), step("POL-1", "submit"));
    let steps = |who: &Principal| -> Vec<&'static str> {
        of(&world, who).approvals.into_iter().flat_map(|one| one.steps).collect()
    };
    assert_eq!(steps(&second()), ["approve"]);
    assert_eq!(steps(&by("PER-3", Role::Approver)), ["approve"]);
    assert_eq!(steps(&manager()), [""; 0], "whoever stated it is no second person");
    assert_eq!(steps(&by("PER-3", Role::Contributor)), [""; 0], "and this role approves nothing");
    assert_eq!(steps(&by("PER-3", Role::Viewer)), [""; 0]);
}

#[test]
fn dates_are_those_of_what_one_owns() {
    let group = |name: &str, owner: &str, day: &str| {
        state(Kind::SystemGroup, json!({ "name": name, "owner": owner, "next_review": day }))
    };
    let world = given([
        person("One"),
        person("Two"),
        group("Mine", "PER-1", "2026-06-03"),
        group("Far", "PER-1", "2027-06-03"),
        group("Theirs", "PER-2", "2026-05-03"),
    ]);
    let titles: Vec<_> = of(&world, &manager()).due.iter().map(|item| item.title).collect();
    assert_eq!(titles, ["Mine"]);
    assert_eq!(of(&world, &manager()).count(), 1);
    assert_eq!(of(&world, &Principal::operator()).due.len(), 0, "who is no person owns nothing");
}
