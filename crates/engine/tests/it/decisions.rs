//! The Statement of Applicability goes out as a workbook, is edited, and comes back.

use std::collections::BTreeMap;

use proptest::{collection::btree_map, prelude::*, sample::select};
use serde_json::{Value, json};
use surety_aims::{Kind, decisions::Field};
use surety_engine::{
    Aims, Moment,
    import::{ChangeKind, FileImport, ImportOptions, NamedBytes},
    sheets::{self, People},
    views::STANDARD,
};
use surety_reports::{
    Cell, Format, TextOptions, Workbook, render,
    sheet::Row,
    views::{self, soa::DECISIONS},
};
use tokio::runtime::Runtime;

use crate::given::{Home, holds, operator, restate, run, size, state, withdraw};

/// A row and a column of the sheet with what is written there.
type Edits = BTreeMap<(usize, Field), String>;

async fn exported(aims: &Aims) -> Workbook {
    let view = aims.view(Moment::Now).await.unwrap();
    let people = People::of(aims).await.unwrap();
    let soa = view.soa(STANDARD, None).unwrap();
    let person = |person| people.name(view.book(), person);
    let names = views::Names { book: view.book(), person: &person };
    let framework = view.framework(STANDARD).unwrap();
    let sheets = sheets::soa(&soa, framework, &names, Format::Xlsx);
    sheets::workbook(aims, &view, views::soa::TITLE, sheets)
}

fn rows(workbook: &mut Workbook) -> Vec<&mut Vec<Cell>> {
    let sheet = workbook.sheets.iter_mut().find(|sheet| sheet.name == DECISIONS).unwrap();
    let rows = sheet.rows.iter_mut();
    rows.filter_map(|row| match row {
        Row::Cells(cells) => Some(cells),
        Row::Group(_) | Row::Total(_) => None,
    })
    .collect()
}

fn column(field: Field) -> usize {
    5 + Field::ALL.iter().position(|one| *one == field).unwrap()
}

/// The row of a decision by its id, or of a control that has none.
fn row_of(workbook: &mut Workbook, id: &str) -> usize {
    let rows = rows(workbook);
    let found = rows.iter().position(|cells| cells[1].words() == id || cells[0].words() == id);
    found.unwrap_or_else(|| panic!("no row of {id}"))
}

fn edit(workbook: &mut Workbook, row: usize, field: Field, text: &str) {
    rows(workbook)[row][column(field)] = Cell::text(text.to_owned());
}

async fn import(aims: &Aims, workbook: &Workbook, dry_run: bool) -> FileImport {
    let bytes = render(workbook, Format::Xlsx, TextOptions::default()).unwrap();
    let file = NamedBytes { name: "soa.xlsx".to_owned(), bytes };
    let options = ImportOptions { dry_run, ..ImportOptions::default() };
    let report = aims.import(&operator(), &[file], &options, &mut |_| {}).await.unwrap();
    report.files.into_iter().next().unwrap()
}

async fn body(aims: &Aims, id: &str) -> Value {
    let view = aims.view(Moment::Now).await.unwrap();
    view.book().get(id.parse().unwrap()).unwrap().body.to_json()
}

/// Two people, a group, a system and three decisions: for the organisation, the group and the system.
async fn decided(aims: &Aims) {
    let control = |more: Value| {
        let mut body = json!({ "control": "iso42001:A.2.2", "justification": "because\nof it", "applicable": true });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        state(Kind::ControlImplementation, body)
    };
    let commands = [
        state(Kind::Person, json!({ "position": "Head of lending" })),
        state(Kind::Person, json!({ "position": "Head of IT" })),
        state(Kind::SystemGroup, json!({ "name": "Scores" })),
        state(Kind::AiSystem, json!({ "name": "Credit score" })),
        control(json!({ "owner": "PER-1", "basis": ["law", "risk"], "cadence": "half_yearly" })),
        control(json!({ "group": "GRP-1", "description": "=1+1", "due": "2026-12-31" })),
        control(json!({ "ai_system": "SYS-1", "applicable": false })),
    ];
    run(aims, commands).await;
}

#[tokio::test]
async fn what_nobody_edited_changes_nothing() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    decided(&aims).await;
    let before = size(&aims).await;
    let workbook = exported(&aims).await;
    let file = import(&aims, &workbook, false).await;
    assert_eq!((file.changes.len(), file.problems.len()), (0, 0), "{:?}", file.problems);
    assert_eq!(file.format.unwrap().to_string(), "decisions of a Statement of Applicability");
    assert_eq!(size(&aims).await, before);
}

#[tokio::test]
async fn edited_cells_are_shown_first_and_then_taken() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    decided(&aims).await;
    let mut workbook = exported(&aims).await;
    let whole = row_of(&mut workbook, "CTL-1");
    edit(&mut workbook, whole, Field::Justification, "Clause 5.2 asks for it.");
    edit(&mut workbook, whole, Field::Owner, "PER-2");
    edit(&mut workbook, whole, Field::Basis, "law");
    let system = row_of(&mut workbook, "CTL-3");
    edit(&mut workbook, system, Field::Applicable, "");
    let undecided = row_of(&mut workbook, "iso42001:A.2.3");
    edit(&mut workbook, undecided, Field::Applicable, "no");
    edit(&mut workbook, undecided, Field::Justification, "There is one policy.");
    let before = size(&aims).await;
    let preview = import(&aims, &workbook, true).await;
    assert_eq!(size(&aims).await, before, "a preview writes nothing");
    let file = import(&aims, &workbook, false).await;
    assert_eq!(preview.changes, file.changes);
    assert!(file.problems.is_empty(), "{:?}", file.problems);
    let edits = &file.changes[0].edits;
    assert_eq!(edits[0].field, "justification");
    assert_eq!(
        (&*edits[0].before, &*edits[0].after),
        ("because\nof it", "Clause 5.2 asks for it.")
    );
    let first = body(&aims, "CTL-1").await;
    assert_eq!(first["justification"], "Clause 5.2 asks for it.");
    assert_eq!((&first["owner"], &first["basis"]), (&json!("PER-2"), &json!(["law"])));
    assert_eq!(first["cadence"], "half_yearly", "what was not edited stays");
    assert_eq!(body(&aims, "CTL-3").await.get("applicable"), None);
    assert_eq!(file.changes[2].change, ChangeKind::Create);
    let new = body(&aims, "CTL-4").await;
    assert_eq!((&new["control"], &new["applicable"]), (&json!("iso42001:A.2.3"), &json!(false)));
    holds(&aims).await;
}

#[tokio::test]
async fn what_changed_since_the_export_is_named_and_left() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    decided(&aims).await;
    let mut workbook = exported(&aims).await;
    for id in ["CTL-1", "CTL-2", "CTL-3", "iso42001:A.2.3"] {
        let row = row_of(&mut workbook, id);
        edit(&mut workbook, row, Field::Justification, "mine");
    }
    let mut theirs = body(&aims, "CTL-1").await;
    theirs["justification"] = json!("theirs");
    let decided = json!({ "control": "iso42001:A.2.3", "applicable": true });
    let since = [
        restate("CTL-1", 1, theirs),
        withdraw("CTL-2"),
        state(Kind::ControlImplementation, decided),
    ];
    run(&aims, since).await;
    let file = import(&aims, &workbook, false).await;
    let said: Vec<_> = file.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "CTL-1 was in version 1 in the export and is in version 2 now; not taken: justification; export anew",
            "CTL-2 was withdrawn since the export; not taken: justification",
            "iso42001:A.2.3 was decided since the export, in CTL-4; export anew",
        ]
    );
    assert!(file.problems[0].place.to_string().contains("Decisions"), "{}", file.problems[0].place);
    assert_eq!(body(&aims, "CTL-1").await["justification"], "theirs");
    assert_eq!(body(&aims, "CTL-3").await["justification"], "mine", "the rest goes in");
}

#[tokio::test]
async fn a_state_is_reached_by_steps_or_not_at_all() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    decided(&aims).await;
    let mut whole = body(&aims, "CTL-1").await;
    whole["description"] = json!("A policy.");
    whole["artefact"] = json!("POL-1");
    whole["due"] = json!("2026-12-31");
    run(&aims, [restate("CTL-1", 1, whole)]).await;
    let mut workbook = exported(&aims).await;
    for (id, wanted) in [("CTL-1", "In progress"), ("CTL-2", "retired"), ("CTL-3", "sleeping")] {
        let row = row_of(&mut workbook, id);
        edit(&mut workbook, row, Field::State, wanted);
    }
    let file = import(&aims, &workbook, false).await;
    let view = aims.view(Moment::Now).await.unwrap();
    assert_eq!(view.book().get("CTL-1".parse().unwrap()).unwrap().state, "in_progress");
    assert_eq!(view.book().get("CTL-2".parse().unwrap()).unwrap().state, "not_started");
    let said: Vec<_> = file.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(
        said.iter().any(|one| one.starts_with("write one of not started, planned")),
        "{said:?}"
    );
}

#[tokio::test]
async fn rows_that_name_what_is_not_there_are_reported() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    decided(&aims).await;
    let mut workbook = exported(&aims).await;
    let strange = row_of(&mut workbook, "CTL-1");
    rows(&mut workbook)[strange][1] = Cell::text("CTL-99");
    let wrong = row_of(&mut workbook, "CTL-2");
    rows(&mut workbook)[wrong][2] = Cell::from(7_i64);
    let twice = row_of(&mut workbook, "CTL-3");
    let unknown = row_of(&mut workbook, "iso42001:A.2.3");
    rows(&mut workbook)[unknown][0] = Cell::text("iso42001:A.99");
    edit(&mut workbook, unknown, Field::Justification, "x");
    edit(&mut workbook, twice, Field::Owner, "Nobody");
    edit(&mut workbook, twice, Field::Due, "soon");
    let copy = rows(&mut workbook)[twice].clone();
    let sheet = workbook.sheets.iter_mut().find(|sheet| sheet.name == DECISIONS).unwrap();
    sheet.push(copy);
    let before = size(&aims).await;
    let file = import(&aims, &workbook, false).await;
    let said: Vec<_> = file.problems.iter().map(|problem| problem.message.as_str()).collect();
    let mut wanted = vec![
        "CTL-99 is no decision of the export",
        "CTL-2 was iso42001:A.2.2 in version 1 in the export",
        "name a person by id",
        "write a date",
        "CTL-3 stands here a second time",
    ];
    wanted.retain(|wanted| !said.iter().any(|one| one.starts_with(wanted)));
    assert!(wanted.is_empty(), "{wanted:?} not in {said:?}");
    assert!(
        file.problems.iter().any(|one| one.value.as_deref() == Some("iso42001:A.99")),
        "{said:?}"
    );
    assert_eq!(size(&aims).await, before);
}

#[tokio::test]
async fn a_workbook_of_another_ledger_is_refused() {
    let (home, other) = (Home::sqlite(), Home::sqlite());
    let (_engine, aims) = home.open().await;
    let (_other, theirs) = other.open().await;
    decided(&aims).await;
    run(&theirs, [state(Kind::Person, json!({ "position": "Somebody" }))]).await;
    let workbook = exported(&theirs).await;
    let file = import(&aims, &workbook, false).await;
    assert_eq!(file.problems[0].message, "it was made of another ledger");
    let file = import(&theirs, &exported(&aims).await, false).await;
    assert!(
        file.problems[0].message.contains("ledger entries, and there are"),
        "{:?}",
        file.problems
    );
}

const WORDS: [Field; 4] =
    [Field::Justification, Field::Description, Field::Artefact, Field::TestMethod];

fn any_edit() -> impl Strategy<Value = (Field, String)> {
    let text = "[ -~äß\n]{1,40}".prop_filter("says something", |text| !text.trim().is_empty());
    prop_oneof![
        4 => (select(&WORDS[..]), text),
        1 => select(&["yes", "no"][..]).prop_map(|text| (Field::Applicable, text.to_owned())),
        1 => select(&["daily", "on event"][..]).prop_map(|text| (Field::Cadence, text.to_owned())),
        1 => select(&["risk", "law, contract"][..]).prop_map(|text| (Field::Basis, text.to_owned())),
        1 => select(&["PER-1", "PER-2 whoever"][..]).prop_map(|text| (Field::Owner, text.to_owned())),
        1 => (1_i8..28).prop_map(|day| (Field::Due, format!("2027-02-{day:02}"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn exactly_the_edits_come_back(edits in btree_map(0_usize..12, any_edit(), 0..8)) {
        Runtime::new().unwrap().block_on(async {
            let home = Home::sqlite();
            let (_engine, aims) = home.open().await;
            decided(&aims).await;
            let mut workbook = exported(&aims).await;
            let edits: Edits = edits.into_iter().map(|(row, (field, text))| ((row, field), text)).collect();
            for ((row, field), text) in &edits {
                edit(&mut workbook, *row, *field, text);
            }
            let before = exported(&aims).await;
            let file = import(&aims, &workbook, false).await;
            assert!(file.problems.is_empty(), "{:?}", file.problems);
            let mut after = exported(&aims).await;
            let mut expected = before;
            for ((row, field), text) in &edits {
                edit(&mut expected, *row, *field, text.trim());
            }
            for (wanted, found) in rows(&mut expected).iter().zip(rows(&mut after)) {
                assert_eq!(wanted[0], found[0]);
                for field in Field::ALL.into_iter().filter(|field| *field != Field::State) {
                    let (wanted, found) = (wanted[column(field)].words(), found[column(field)].words());
                    assert!(field.same(&found, &wanted), "{field:?}: {wanted:?} is {found:?}");
                }
            }
            let taken: usize = file.changes.iter().map(|change| change.edits.len()).sum();
            assert!(taken <= edits.len(), "{taken} of {}", edits.len());
        });
    }
}
