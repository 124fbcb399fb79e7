//! CSV registers.

use surety_formats::inventory::{
    Format, InventoryError, Options, Reading, Severity, Target, read, recognise,
};

use crate::{fixture, shown, with};

const INVENTORY: &[u8] = include_bytes!("fixtures/ai-inventory.csv");

fn csv(text: &str) -> Reading {
    read("register.csv", text.as_bytes(), &Options::default())
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn an_inventory_with_a_title_and_mistakes_is_read_and_every_mistake_is_named() {
    insta::assert_snapshot!(shown(&fixture("ai-inventory.csv", INVENTORY, Format::Csv)));
}

#[test]
fn a_risk_register_is_recognised_by_its_columns() {
    let register = include_bytes!("fixtures/risk-register.csv");
    insta::assert_snapshot!(shown(&fixture("risk-register.csv", register, Format::Csv)));
}

#[test]
fn a_german_register_in_windows_1252_is_understood() {
    let text = "KI-System;Zweck;Art der KI;Verantwortlich;Lieferant;Status;Risikoklasse;Personenbezogene Daten;Nächste Überprüfung\r\n\
                Schadenprüfung;Prüft Schäden;Bildverarbeitung;Müller, Änne;Söhne GmbH;In Betrieb;Hochrisiko;ja;01.02.2027\r\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    insta::assert_snapshot!(shown(&fixture("KI-Verzeichnis.csv", &bytes, Format::Csv)));
}

#[test]
fn a_french_register_is_understood() {
    let reading = csv(
        "Nom du système,Finalité,Fournisseur,Statut,Niveau de risque,Données personnelles\nTri des dossiers,Trier,Acmé SAS,En production,Haut risque,oui\n",
    );
    let system = &reading.proposals[0];
    assert_eq!(
        (system.name.as_str(), system.state.as_deref()),
        ("Tri des dossiers", Some("in_operation"))
    );
    assert_eq!(
        (&system.body["ai_act_class"], &system.body["personal_data"]),
        (&"high".into(), &true.into())
    );
}

#[test]
fn every_kind_is_recognised_by_its_columns() {
    for (kind, text) in [
        (
            "supplier",
            "Vendor,Service,Criticality,Contract,Certifications\nAcme,SaaS,Tier 1,C-1,ISO 27001\n",
        ),
        (
            "dataset_card",
            "Dataset,Data owner,Licence,Personal data,Used in\nClaims,Anna Weber,internal,yes,Triage\n",
        ),
        ("resource", "Resource,Resource type,AI system,Region\nGPU cluster,compute,Triage,Oslo\n"),
        ("risk", "Risk,Likelihood,Impact,Risk owner\nDrift,2,3,Anna Weber\n"),
        (
            "evidence_item",
            "Evidence,Evidence type,Control ID,Collected on\nPen test,report,A.6.2.4,2026-01-05\n",
        ),
        ("person", "Full name,E-mail,Job title,Department\nAnna Weber,anna@example.org,CISO,IT\n"),
        (
            "control_implementation",
            "Control ID,Applicable,Justification for inclusion/exclusion,Implementation status,Control owner\nA.2.2,Yes,Law,Implemented,Anna Weber\n",
        ),
        (
            "legal_obligation",
            "Legal obligation,Jurisdiction,Article,How met\nAI literacy,EU,Art. 4,Training\n",
        ),
        (
            "improvement_action",
            "Action,Assigned to,Due date,Action status\nWrite policy,Anna Weber,2027-01-01,open\n",
        ),
        (
            "audit_finding",
            "Finding,Grading,Clause,Auditee,Date raised\nNo policy,Major NC,5.2,Anna Weber,2026-10-01\n",
        ),
    ] {
        let reading = csv(text);
        assert_eq!(reading.proposals[0].kind, kind, "{text}");
        assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    }
}

#[test]
fn people_keep_name_and_address_out_of_the_body() {
    let reading = csv(
        "Full name,E-mail,Job title,Department\n\"Weber, Anna\",Anna@Example.org,Head of Claims,Claims\n,,,\n,,CISO,IT\n",
    );
    let person = &reading.proposals[0];
    let identity = person.identity.as_ref().unwrap();
    assert_eq!(
        (identity.name.as_deref(), identity.email.as_deref()),
        (Some("Anna Weber"), Some("anna@example.org"))
    );
    assert_eq!(
        serde_json::to_string(&person.body).unwrap(),
        r#"{"position":"Head of Claims","unit":"Claims"}"#
    );
    assert_eq!(reading.problems.len(), 1);
}

#[test]
fn a_mapped_column_overrides_its_header_and_a_dash_leaves_it_out() {
    let text = "Thing,Remark,Owner\nTriage,Sorts claims,Anna Weber\n";
    let options = with(|options| {
        options.map = vec![
            ("thing".into(), "name".into()),
            ("B".into(), "ai_system.purpose".into()),
            ("3".into(), "-".into()),
        ];
    });
    let reading = read("things.csv", text.as_bytes(), &options).unwrap();
    let system = &reading.proposals[0];
    assert_eq!((system.kind, system.name.as_str()), ("ai_system", "Triage"));
    assert_eq!(system.body["purpose"], "Sorts claims");
    assert!(system.links.is_empty() && system.original.is_empty() && reading.unmapped.is_empty());
}

#[test]
fn a_wrong_option_is_refused_with_what_there_is() {
    let refused = |change: &dyn Fn(&mut Options)| {
        read("ai-inventory.csv", INVENTORY, &with(|options| change(options))).unwrap_err()
    };
    let error = refused(&|options| options.map = vec![("Nope".into(), "purpose".into())]);
    assert!(
        matches!(&error, InventoryError::UnknownColumn { columns, .. } if columns.len() == 14),
        "{error}"
    );
    let error = refused(&|options| options.map = vec![("Vendor".into(), "nope".into())]);
    assert!(error.to_string().contains("has no field \"nope\""), "{error}");
    let error = refused(&|options| options.kind = Some("nope".into()));
    assert!(error.to_string().contains("known are ai_system, supplier"), "{error}");
}

#[test]
fn references_to_records_that_exist_stay_references() {
    let reading = csv("AI system,Vendor,Owner\nTriage,SUP-3,PER-12\n");
    let ids: Vec<&Target> = reading.proposals[0].links.iter().map(|link| &link.target).collect();
    assert!(matches!(ids[..], [Target::Record { .. }, Target::Record { .. }]), "{ids:?}");
    assert_eq!(reading.proposals.len(), 1);
}

#[test]
fn dates_of_a_column_agree_on_whether_the_day_comes_first() {
    let text = "AI system,Go-live date\na,03/04/2026\nb,12/25/2026\n";
    assert_eq!(csv(text).proposals[0].body["go_live"], "2026-03-04");
    let unclear = csv("AI system,Go-live date\na,03/04/2026\n");
    assert_eq!(unclear.proposals[0].body["go_live"], "2026-04-03");
    assert_eq!(unclear.problems[0].severity, Severity::Warning);
}

#[test]
fn a_problem_names_file_line_and_column() {
    let reading = csv("AI system,Risk class,Go-live date\n\na,\"two\nlines\",\nb,High,someday\n");
    let places: Vec<String> =
        reading.problems.iter().map(|problem| problem.place.to_string()).collect();
    assert_eq!(
        places,
        [
            "register.csv, line 3, column 2 (Risk class)",
            "register.csv, line 4, column 3 (Go-live date)"
        ]
    );
    assert_eq!(reading.problems[1].value.as_deref(), Some("someday"));
    assert_eq!(reading.proposals[1].original["Go-live date"], "someday");
}

#[test]
fn questionnaires_and_tables_of_something_else_are_refused() {
    let questionnaire = b"#,Section,Question,Answer\n1,GRC,Is there a policy?,\n";
    assert_eq!(recognise("q.csv", questionnaire), Some(Format::Csv));
    let error = read("q.csv", questionnaire, &Options::default()).unwrap_err().to_string();
    assert!(error.contains("is a questionnaire"), "{error}");
    let error =
        read("m.csv", b"Temperature,Pressure\n1,2\n", &Options::default()).unwrap_err().to_string();
    assert!(
        error.contains("line 1 has \"Temperature\", \"Pressure\"")
            && error.contains("--map COLUMN=name"),
        "{error}"
    );
    assert!(matches!(
        read("e.csv", b"", &Options::default()),
        Err(InventoryError::Unrecognised { .. })
    ));
}

#[test]
fn a_later_copy_of_the_register_means_the_same_records() {
    let ids = |name: &str| -> Vec<(String, String)> {
        let reading = read(name, INVENTORY, &Options::default()).unwrap();
        reading
            .proposals
            .into_iter()
            .map(|proposal| (proposal.source, proposal.external_id))
            .collect()
    };
    assert_eq!(ids("ai-inventory.csv"), ids("exports/AI Inventory 2026-12 (final).csv"));
    let named =
        read("x.csv", INVENTORY, &with(|options| options.table = Some("main".into()))).unwrap();
    assert_eq!(named.proposals[0].source, "table:main");
}

#[test]
fn a_rating_takes_one_consequence_for_all_parties_and_several_as_stated() {
    let reading = csv("Risk,Likelihood,Impact\nDrift,2,3\n");
    let expected =
        serde_json::json!({"organisation": 3, "individuals": 3, "society": 3, "likelihood": 2});
    assert_eq!(reading.proposals[0].body["inherent"], expected);
    let reading =
        csv("Risk,Likelihood,Impact on organisation,Impact on individuals\nDrift,2,1,4\n");
    let expected =
        serde_json::json!({"organisation": 1, "individuals": 4, "society": 4, "likelihood": 2});
    assert_eq!(reading.proposals[0].body["inherent"], expected);
}
