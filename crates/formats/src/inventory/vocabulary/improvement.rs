//! Obligations, actions and findings.

use super::{Choice, Kind, Shape, choice, choices::REGISTER, field};

#[rustfmt::skip]
pub(super) static LEGAL_OBLIGATION: Kind = Kind {
    name: "legal_obligation",
    label: "legal obligation",
    title: "title",
    sheets: &[
        "legal", "legal register", "legal obligations", "obligations", "compliance obligations", "rechtskataster",
        "rechtliche anforderungen", "registre legal", "laws", "regulations", "law",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &["obligation id", "id", "nr", "no", "ref", "reference"]),
        field("title", Shape::Text, &[
            "obligation", "legal obligation", "legal requirement", "law", "regulation", "requirement title", "name",
            "titel", "gesetz", "vorschrift", "pflicht", "rechtliche anforderung", "obligation legale", "titre",
            "rechtsvorschrift", "requirement",
        ]),
        field("source", Shape::Text, &[
            "legal source", "article", "citation", "law reference", "fundstelle", "artikel", "paragraph",
            "reference legale", "provision", "legislation", "rechtsquelle", "quelle", "section",
        ]),
        field("jurisdiction", Shape::Text, &[
            "jurisdiction", "country", "region", "land", "pays", "rechtsraum", "juridiction", "geltungsbereich",
        ]),
        field("applies_from", Shape::Date, &[
            "applicable from", "applies from", "effective date", "date of application", "in force since", "gilt ab",
            "anwendbar ab", "applicable a partir du", "in kraft seit", "inkrafttreten", "application date",
        ]),
        field("applies_to", Shape::Links("ai_system"), &[
            "applies to", "ai systems", "ai system", "affected systems", "gilt fuer", "betroffene systeme",
            "systems", "systeme",
        ]),
        field("duty", Shape::Text, &[
            "duty", "obligation text", "requirement text", "what must be done", "description", "pflicht",
            "beschreibung", "anforderung", "obligation description", "summary",
        ]),
        field("how_met", Shape::Text, &[
            "how met", "compliance measure", "how complied", "measures", "measure", "compliance approach",
            "umsetzung", "massnahmen", "massnahme", "erfuellung", "mise en conformite", "how it is met", "controls",
        ]),
        field("owner", Shape::Person, &[
            "responsible", "obligation owner", "verantwortlich", "verantwortlicher", "responsable", "accountable",
            "contact",
        ]),
        field("status_of_law", Shape::One(LAW_STATUS), &[
            "status of law", "law status", "legal status", "rechtsstand", "statut de la loi",
        ]),
        field("next_review", Shape::Date, &[
            "next review date", "review date", "naechste pruefung", "prochaine revue", "naechste ueberpruefung",
        ]),
        field("state", Shape::State, &["status", "state", "statut"]),
    ],
    states: REGISTER,
    questions: &[],
};

#[rustfmt::skip]
static LAW_STATUS: &[Choice] = &[
    choice("in_force", &[
        "in force", "in effect", "effective", "applicable", "in kraft", "geltend", "en vigueur", "active",
    ]),
    choice("adopted_not_applicable_yet", &[
        "adopted not applicable yet", "adopted", "not yet applicable", "verabschiedet", "noch nicht anwendbar",
        "adopte", "enacted", "future",
    ]),
    choice("proposed", &["proposed", "draft", "bill", "entwurf", "projet", "proposal"]),
    choice("repealed", &["repealed", "withdrawn", "aufgehoben", "abroge", "superseded"]),
];

#[rustfmt::skip]
pub(super) static IMPROVEMENT_ACTION: Kind = Kind {
    name: "improvement_action",
    label: "action",
    title: "title",
    sheets: &[
        "actions", "action", "action plan", "improvements", "capa", "tasks", "massnahmenplan", "massnahmen",
        "aktionen", "plan d action", "corrective actions", "poam",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &[
            "action id", "id", "nr", "no", "task id", "ref", "reference", "ticket", "massnahmen nr", "ticket id",
            "issue key",
        ]),
        field("title", Shape::Text, &[
            "action title", "action", "task", "improvement", "measure", "massnahme", "aktion", "aufgabe", "name",
            "titel", "mesure", "corrective action", "action item", "summary", "action description", "tache",
        ]),
        field("source", Shape::One(ACTION_SOURCE), &[
            "action source", "origin", "source", "quelle", "herkunft", "ausloeser", "trigger", "origine",
            "raised from",
        ]),
        field("requirement", Shape::Requirement, &[
            "requirement", "control", "clause", "control id", "anforderung", "exigence", "related control",
            "iso 42001 reference",
        ]),
        field("ai_system", Shape::Link("ai_system"), &["ai system", "system", "ki system", "systeme", "application"]),
        field("benefit", Shape::Text, &[
            "expected benefit", "benefit", "nutzen", "benefice", "expected result", "goal",
        ]),
        field("owner", Shape::Person, &[
            "action owner", "assignee", "assigned to", "responsible", "verantwortlich", "verantwortlicher",
            "zustaendig", "responsable", "wer", "who",
        ]),
        field("due", Shape::Date, &[
            "due date", "due", "deadline", "target date", "faellig", "faellig am", "frist", "termin", "bis wann",
            "echeance", "date limite", "completion date",
        ]),
        field("result", Shape::Text, &["outcome", "result", "ergebnis", "resultat", "resolution", "closure notes"]),
        field("state", Shape::State, &["status", "state", "action status", "statut", "stand"]),
    ],
    states: &[
        choice("open", &[
            "open", "new", "to do", "todo", "offen", "neu", "not started", "ouvert", "a faire", "backlog", "planned",
        ]),
        choice("in_progress", &[
            "in progress", "ongoing", "doing", "in bearbeitung", "in umsetzung", "laufend", "en cours", "started",
            "wip",
        ]),
        choice("implemented", &[
            "implemented", "done", "complete", "completed", "umgesetzt", "erledigt", "fait", "termine", "resolved",
        ]),
        choice("verified", &["verified", "geprueft", "verifiziert", "verifie", "validated"]),
        choice("closed", &["closed", "geschlossen", "abgeschlossen", "ferme", "clos"]),
        choice("cancelled", &["cancelled", "canceled", "abgebrochen", "storniert", "annule", "dropped", "won t do"]),
    ],
    questions: &[],
};

#[rustfmt::skip]
static ACTION_SOURCE: &[Choice] = &[
    choice("gap", &["gap", "gap analysis", "gap assessment", "luecke", "ecart", "gap analyse"]),
    choice("review", &["review", "management review", "managementbewertung", "revue", "revue de direction"]),
    choice("audit", &[
        "audit", "internal audit", "external audit", "audit finding", "finding", "internes audit",
        "certification audit",
    ]),
    choice("feedback", &[
        "feedback", "complaint", "customer feedback", "rueckmeldung", "beschwerde", "reclamation", "customer",
    ]),
    choice("incident", &["incident", "vorfall", "nonconformity", "abweichung"]),
    choice("risk", &["risk", "risk assessment", "risk treatment", "risiko", "risque", "risikobehandlung"]),
    choice("idea", &["idea", "suggestion", "improvement", "idee", "vorschlag", "improvement idea", "verbesserung"]),
];

#[rustfmt::skip]
pub(super) static AUDIT_FINDING: Kind = Kind {
    name: "audit_finding",
    label: "audit finding",
    title: "statement",
    sheets: &[
        "findings", "finding", "audit findings", "audit", "feststellungen", "auditfeststellungen", "constats",
        "nonconformities", "abweichungen",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &[
            "finding id", "id", "nr", "no", "finding no", "finding number", "ref", "reference", "nc number",
        ]),
        field("statement", Shape::Text, &[
            "finding statement", "finding", "statement", "nonconformity", "description", "finding description",
            "feststellung", "beschreibung", "abweichung", "constat", "observation", "title", "titel", "details",
        ]),
        field("audit", Shape::Text, &[
            "audit name", "audit", "audit id", "audit reference", "audit title", "auditbezeichnung",
        ]),
        field("grade", Shape::One(GRADE), &[
            "grade", "grading", "category", "severity", "type", "finding type", "classification", "einstufung",
            "kategorie", "bewertung", "gravite", "rating", "klassifizierung",
        ]),
        field("requirement", Shape::Requirement, &[
            "requirement", "clause", "control", "criterion", "criteria", "control id", "anforderung", "normkapitel",
            "kapitel", "exigence", "clause reference", "norm reference", "standard clause",
        ]),
        field("ai_system", Shape::Link("ai_system"), &["ai system", "system", "ki system", "systeme", "application"]),
        field("evidence", Shape::Text, &[
            "objective evidence", "evidence", "audit evidence", "nachweis", "preuve", "objektiver nachweis",
        ]),
        field("auditee", Shape::Person, &[
            "auditee", "responsible", "auditierter", "verantwortlich", "responsable", "audite", "owner",
            "finding owner",
        ]),
        field("auditor", Shape::Person, &["auditor", "raised by", "lead auditor", "auditeur", "festgestellt von"]),
        field("cause", Shape::Text, &[
            "root cause", "cause", "ursache", "ursachenanalyse", "cause racine", "root cause analysis",
        ]),
        field("correction", Shape::Text, &[
            "correction", "immediate correction", "containment", "sofortmassnahme", "korrektur", "corrective action",
            "korrekturmassnahme",
        ]),
        field("raised_on", Shape::Date, &[
            "raised on", "date raised", "date", "finding date", "audit date", "datum", "festgestellt am",
            "date du constat",
        ]),
        field("due", Shape::Date, &[
            "due date", "due", "deadline", "target date", "faellig", "faellig am", "frist", "echeance",
        ]),
        field("state", Shape::State, &["status", "state", "finding status", "statut", "stand"]),
    ],
    states: &[
        choice("raised", &["raised", "open", "new", "offen", "neu", "ouvert"]),
        choice("accepted", &["accepted", "agreed", "akzeptiert", "accepte"]),
        choice("disputed", &["disputed", "bestritten", "conteste"]),
        choice("action_planned", &[
            "action planned", "planned", "in progress", "massnahme geplant", "en cours", "in bearbeitung",
        ]),
        choice("action_done", &["action done", "implemented", "done", "umgesetzt", "fait", "resolved"]),
        choice("verified", &["verified", "verifiziert", "verifie"]),
        choice("closed", &["closed", "geschlossen", "abgeschlossen", "ferme", "clos"]),
    ],
    questions: &[],
};

#[rustfmt::skip]
static GRADE: &[Choice] = &[
    choice("major", &[
        "major", "major nonconformity", "major nc", "hauptabweichung", "major non conformity", "nc majeure",
        "majeure", "schwerwiegend", "critical", "high",
    ]),
    choice("minor", &[
        "minor", "minor nonconformity", "minor nc", "nebenabweichung", "minor non conformity", "nc mineure",
        "mineure", "geringfuegig", "medium",
    ]),
    choice("observation", &["observation", "obs", "beobachtung", "hinweis", "remarque", "note", "low"]),
    choice("ofi", &[
        "ofi", "opportunity for improvement", "improvement", "verbesserungspotenzial", "verbesserungspotential",
        "piste d amelioration", "recommendation", "empfehlung", "verbesserung",
    ]),
    choice("positive", &[
        "positive", "good practice", "strength", "staerke", "positiv", "point fort", "positive finding",
        "commendation",
    ]),
];
