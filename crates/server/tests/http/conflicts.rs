//! Two who change one record: the second sees both versions and chooses, field by field and without a script.

use axum::http::StatusCode;
use surety_aims::Role;

use crate::{
    desk::{Answered, Desk},
    pages::HOUSE,
    visitor::Visitor,
};

const NAME: (&str, &str) = ("name", "Berth planner");

/// What a field of a page says that is written at once, or a hidden one.
fn value(page: &Answered, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.html().split_once(&start).unwrap_or_else(|| panic!("{name}: {page:?}"));
    let value = rest.split('"').next().unwrap();
    let value = value.replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">");
    value.replace("&#38;", "&")
}

/// What a text area of a page says.
fn area(page: &Answered, name: &str) -> String {
    let (_, rest) = page.html().split_once(&format!(" name=\"{name}\"")).unwrap();
    let (_, rest) = rest.split_once(">\n").unwrap();
    rest.split("</textarea>").next().unwrap().to_owned()
}

#[tokio::test]
async fn the_second_of_two_sees_both_versions_and_chooses_field_by_field() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let edit = format!("{HOUSE}/records/ai_system/SYS-1/edit");
    let owner = ("owner", "PER-1");
    let theirs =
        [("base", "1"), NAME, owner, ("purpose", "Theirs <i>entirely</i>"), ("unit", "Ports")];
    assert_eq!(visitor.send(&desk, &edit, &theirs).await.status, StatusCode::SEE_OTHER);

    let mine = [("base", "1"), NAME, ("owner", "PER-2"), ("purpose", "Mine alone")];
    let refused = visitor.send(&desk, &edit, &mine).await;
    assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED);
    let html = refused.html();
    for said in [
        "Version 2: ",
        "20 Nov 2026, 15:00 UTC",
        "You both changed <a href=\"#field-purpose\">",
        "Only they changed <a href=\"#field-unit\">",
        "Theirs &#60;i&#62;entirely",
        "name=\"take\" value=\"purpose\"",
        "name=\"keep\" value=\"unit\"",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert!(!html.contains("<i>entirely") && !html.contains("value=\"owner\" formaction"));
    assert_eq!(area(&refused, "purpose"), "Mine alone", "both changed it, so mine stays at first");
    assert_eq!(area(&refused, "unit"), "Ports", "I had not touched it, so theirs is not undone");
    let (base, since) = (value(&refused, "base"), value(&refused, "since"));
    assert_eq!((base.as_str(), since.as_str()), ("2", "1"));

    let kept = value(&refused, "mine");
    let form = [
        ("base", "2"),
        ("since", "1"),
        ("mine", kept.as_str()),
        NAME,
        ("owner", "PER-2"),
        ("unit", "Ports"),
    ];
    let with = |more: [(&'static str, &'static str); 2]| [form.as_slice(), &more].concat();
    let take = with([("purpose", "Mine, longer"), ("take", "purpose")]);
    let taken = visitor.send(&desk, &edit, &take).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.html());
    assert_eq!(area(&taken, "purpose"), "Theirs &#60;i&#62;entirely&#60;/i&#62;");
    let keep = with([("purpose", "Theirs"), ("keep", "purpose")]);
    assert_eq!(area(&visitor.send(&desk, &edit, &keep).await, "purpose"), "Mine alone");
    let back = with([("purpose", "Typed anew"), ("keep", "unit")]);
    let back = visitor.send(&desk, &edit, &back).await;
    assert_eq!((area(&back, "unit").as_str(), area(&back, "purpose").as_str()), ("", "Typed anew"));
    for (button, purpose) in
        [("take", "Theirs &#60;i&#62;entirely&#60;/i&#62;"), ("keep", "Mine alone")]
    {
        let all = with([("purpose", "Typed anew"), (button, "*")]);
        let all = visitor.send(&desk, &edit, &all).await;
        assert_eq!(
            (area(&all, "purpose").as_str(), area(&all, "unit").as_str()),
            (purpose, "Ports")
        );
    }

    let record = format!("{HOUSE}/records/ai_system/SYS-1?tab=record");
    assert!(!visitor.open(&desk, &record).await.html().contains("Mine"), "choosing saves nothing");
    let saved = visitor.send(&desk, &edit, &with([("purpose", "Mine alone"), ("x", "")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html());
    let shown = visitor.open(&desk, &record).await;
    assert!(shown.html().contains("Mine alone") && shown.html().contains("Ports"));
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_both_versions_and_a_third_version_begins_again() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let edit = format!("{HOUSE}/records/ai_system/SYS-1/edit");
    for (base, purpose) in [("1", "Second"), ("2", "Third")] {
        let fields = [("base", base), NAME, ("purpose", purpose)];
        assert_eq!(visitor.send(&desk, &edit, &fields).await.status, StatusCode::SEE_OTHER);
    }
    let mine = r#"{"name":"Berth planner","purpose":"Mine"}"#;
    let chosen = [("base", "2"), ("since", "1"), ("mine", mine), NAME, ("purpose", "Mine")];
    let again = visitor.send(&desk, &edit, &chosen).await;
    assert_eq!(again.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!((value(&again, "base").as_str(), value(&again, "since").as_str()), ("3", "2"));
    assert!(again.html().contains("Version 3: ") && !again.html().contains("Version 2: "));

    let wrong = [("base", "3"), ("since", "2"), ("mine", mine), ("name", ""), ("purpose", "Mine")];
    let wrong = visitor.send(&desk, &edit, &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.html());
    assert!(wrong.html().contains("id=\"errors\"") && wrong.html().contains("value=\"purpose\""));

    for nonsense in [("mine", "{"), ("mine", "[]"), ("since", "x"), ("take", "nothing")] {
        let fields = [("base", "3"), NAME, ("take", "purpose"), ("mine", "{}"), nonsense];
        let fields = if nonsense.0 == "mine" {
            [fields[0], NAME, fields[2], nonsense, NAME]
        } else {
            fields
        };
        let answered = visitor.send(&desk, &edit, &fields).await;
        assert!(answered.status.as_u16() < 500, "{nonsense:?}: {}", answered.html());
    }
    let unbased = visitor.send(&desk, &edit, &[("base", "3"), NAME, ("take", "purpose")]).await;
    assert_eq!(unbased.status, StatusCode::BAD_REQUEST, "there is nothing to choose from");
}

#[tokio::test]
async fn a_decision_beside_the_matrix_offers_the_same_choice() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let form = format!("{HOUSE}/soa/cell?cell=A.2.2/organisation");
    let first = [("base", ""), ("applicable", "true"), ("justification", "Theirs")];
    assert_eq!(visitor.send(&desk, &form, &first).await.status, StatusCode::SEE_OTHER);
    let second = [("base", ""), ("justification", "Mine")];
    let refused = visitor.send(&desk, &form, &second).await;
    assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED, "{}", refused.html());
    assert_eq!(area(&refused, "justification"), "Mine");
    assert!(refused.html().contains("<option value=\"true\" selected>"), "only they said it");
    let mine = value(&refused, "mine");
    let take = [
        ("base", "1"),
        ("since", ""),
        ("mine", mine.as_str()),
        ("justification", "Mine"),
        ("take", "justification"),
    ];
    let taken = visitor.send(&desk, &form, &take).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.html());
    assert_eq!(area(&taken, "justification"), "Theirs");
}
