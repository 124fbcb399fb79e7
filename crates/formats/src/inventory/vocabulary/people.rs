//! People: position and unit for the record; name and address for the accounts beside the ledger.

use super::{Kind, Shape, choices::REGISTER, field};

#[rustfmt::skip]
pub(super) static PERSON: Kind = Kind {
    name: "person",
    label: "person",
    title: "name",
    sheets: &[
        "people", "persons", "person", "personen", "contacts", "staff", "employees", "mitarbeiter", "personnes",
        "roles", "team", "users",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &[
            "person id", "employee id", "personnel number", "personalnummer", "staff id", "id", "matricule",
            "user id",
        ]),
        field("name", Shape::PersonName, &[
            "full name", "person", "employee", "employee name", "display name", "mitarbeiter", "vollstaendiger name",
            "nom complet", "nom", "contact name", "vor und nachname", "name vorname",
        ]),
        field("email", Shape::Email, &[
            "e mail", "email address", "e mail address", "mail", "e mail adresse", "courriel", "adresse e mail",
            "work email",
        ]),
        field("position", Shape::Text, &[
            "job title", "title", "role", "function", "funktion", "stelle", "stellenbezeichnung", "rolle", "poste",
            "fonction", "job", "position title",
        ]),
        field("unit", Shape::Text, &[
            "department", "team", "business unit", "abteilung", "bereich", "departement", "service",
            "organisational unit", "division",
        ]),
        field("skills", Shape::List, &[
            "competences", "competencies", "competence", "qualifications", "kompetenzen", "faehigkeiten",
            "competence areas", "qualifikation", "training", "certifications",
        ]),
        field("left_on", Shape::Date, &[
            "leaving date", "exit date", "left", "austritt", "austrittsdatum", "date de depart", "end date",
        ]),
        field("manager", Shape::Person, &[
            "line manager", "reports to", "supervisor", "vorgesetzter", "vorgesetzte", "fuehrungskraft", "superieur",
        ]),
        field("state", Shape::State, &["status", "state", "statut"]),
    ],
    states: REGISTER,
    questions: &[],
};
