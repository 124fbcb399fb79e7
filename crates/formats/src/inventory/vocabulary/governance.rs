//! Risks, evidence and controls.

use super::{
    Choice, Kind, Shape, choice,
    choices::{BOOLEAN, CADENCE, CONFIDENTIALITY},
    field,
};

#[rustfmt::skip]
pub(super) static RISK: Kind = Kind {
    name: "risk",
    label: "risk",
    title: "title",
    sheets: &[
        "risks", "risk", "risk register", "risiken", "risikoregister", "risk database", "ai risk",
        "registre des risques", "risques", "threats",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &[
            "risk id", "id", "risk ref", "risk reference", "risk no", "risiko id", "risiko nr", "nr", "no", "ref",
            "reference", "ev id", "ref id", "identifiant",
        ]),
        field("title", Shape::Text, &[
            "risk title", "risk name", "risk", "name", "risiko", "risikobezeichnung", "risikoname", "titel",
            "risque", "intitule", "threat", "threat name", "risk statement", "risk event", "risk subcategory",
            "risk scenario", "nom", "bezeichnung", "risk category",
        ]),
        field("kind", Shape::One(RISK_KIND), &[
            "threat or opportunity", "risk type", "type", "art", "typ", "risikoart",
        ]),
        field("ai_system", Shape::Link("ai_system"), &[
            "ai system", "system", "ki system", "systeme", "application", "use case", "asset", "affected system",
            "ai system name", "anwendung",
        ]),
        field("sources", Shape::List, &[
            "risk source", "risk sources", "source", "risikoquelle", "cause", "causes", "ursache",
            "source de risque", "root cause", "vulnerability",
        ]),
        field("description", Shape::Text, &[
            "risk description", "details", "beschreibung", "risikobeschreibung", "consequences", "scenario",
            "impact description", "description du risque", "auswirkung beschreibung",
        ]),
        field("objectives_affected", Shape::List, &[
            "affected objectives", "objective", "objectives", "ziele", "betroffene ziele", "objectifs",
            "trustworthiness characteristic", "principle",
        ]),
        field("lifecycle_stage", Shape::List, &[
            "life cycle stage", "lifecycle stages", "lifecycle phase", "phase", "lebenszyklusphase",
        ]),
        field("owner", Shape::Person, &[
            "risk owner", "responsible", "risikoeigner", "risikoverantwortlicher", "verantwortlich", "responsable",
            "proprietaire du risque", "accountable", "risikoeigentuemer",
        ]),
        field("inherent_likelihood", Shape::Level("inherent", "likelihood"), &[
            "inherent likelihood", "likelihood", "probability", "eintrittswahrscheinlichkeit", "wahrscheinlichkeit",
            "probabilite", "gross likelihood", "inherent probability", "brutto wahrscheinlichkeit", "vraisemblance",
            "initial likelihood",
        ]),
        field("inherent_consequence", Shape::Level("inherent", "consequence"), &[
            "inherent impact", "impact", "severity", "consequence", "schadenshoehe", "auswirkung", "schadensausmass",
            "gravite", "inherent severity", "gross impact", "inherent consequence", "brutto auswirkung",
            "initial impact", "schwere",
        ]),
        field("inherent_organisation", Shape::Level("inherent", "organisation"), &[
            "impact on organisation", "impact on organization", "organisational impact",
            "inherent impact organisation", "business impact", "auswirkung organisation",
        ]),
        field("inherent_individuals", Shape::Level("inherent", "individuals"), &[
            "impact on individuals", "impact on people", "individual impact", "inherent impact individuals",
            "auswirkung personen", "impact on persons",
        ]),
        field("inherent_society", Shape::Level("inherent", "society"), &[
            "impact on society", "societal impact", "inherent impact society", "auswirkung gesellschaft",
        ]),
        field("current_likelihood", Shape::Level("current", "likelihood"), &[
            "current likelihood", "current probability", "aktuelle wahrscheinlichkeit",
        ]),
        field("current_consequence", Shape::Level("current", "consequence"), &[
            "current impact", "current severity", "current consequence", "aktuelle auswirkung",
        ]),
        field("residual_likelihood", Shape::Level("residual", "likelihood"), &[
            "residual likelihood", "target likelihood", "net likelihood", "residual probability",
            "restwahrscheinlichkeit", "netto wahrscheinlichkeit", "probabilite residuelle",
        ]),
        field("residual_consequence", Shape::Level("residual", "consequence"), &[
            "residual impact", "target impact", "net impact", "residual severity", "residual consequence",
            "restauswirkung", "netto auswirkung", "impact residuel",
        ]),
        field("treatment", Shape::One(TREATMENT), &[
            "treatment option", "risk treatment", "response", "risk response", "treatment strategy", "behandlung",
            "risikobehandlung", "massnahmentyp", "traitement", "strategy", "mitigation strategy",
            "behandlungsoption",
        ]),
        field("controls", Shape::Requirements, &[
            "controls", "control", "control ids", "control reference", "mitigating controls", "massnahmen iso",
            "annex a controls", "iso 42001 control", "controles", "iso 42001 controls", "kontrollen",
        ]),
        field("due", Shape::Date, &[
            "due date", "deadline", "target date", "treatment due date", "faellig", "faellig am", "frist",
            "echeance", "treatment date",
        ]),
        field("next_review", Shape::Date, &[
            "next review date", "review date", "naechste pruefung", "naechste ueberpruefung", "prochaine revue",
            "review due",
        ]),
        field("acceptance_reason", Shape::Text, &[
            "acceptance rationale", "reason for acceptance", "akzeptanzbegruendung", "justification d acceptation",
        ]),
        field("accepted_by", Shape::Person, &["accepted by", "approved by", "akzeptiert von", "accepte par"]),
        field("accepted_until", Shape::Date, &["accepted until", "acceptance expiry", "akzeptiert bis"]),
        field("state", Shape::State, &["status", "state", "risk status", "statut", "stand"]),
    ],
    states: &[
        choice("identified", &[
            "identified", "open", "new", "offen", "identifiziert", "neu", "identifie", "ouvert", "draft",
        ]),
        choice("analysed", &["analysed", "analyzed", "analysiert", "analyse", "assessed", "bewertet"]),
        choice("evaluated", &["evaluated", "evaluiert", "evalue", "prioritised"]),
        choice("in_treatment", &[
            "in treatment", "mitigating", "in progress", "treatment", "in behandlung", "in bearbeitung",
            "en traitement", "being mitigated", "ongoing",
        ]),
        choice("accepted", &["accepted", "akzeptiert", "accepte", "retained"]),
        choice("closed", &["closed", "mitigated", "geschlossen", "ferme", "resolved", "erledigt"]),
        choice("materialised", &["materialised", "materialized", "occurred", "eingetreten", "issue"]),
    ],
    questions: &[],
};

#[rustfmt::skip]
static RISK_KIND: &[Choice] = &[
    choice("threat", &["threat", "risk", "negative", "bedrohung", "menace", "downside", "hazard", "gefahr"]),
    choice("opportunity", &["opportunity", "positive", "chance", "opportunite", "upside"]),
];

#[rustfmt::skip]
static TREATMENT: &[Choice] = &[
    choice("avoid", &["avoid", "terminate", "vermeiden", "eviter", "eliminate", "avoidance", "vermeidung"]),
    choice("modify", &[
        "modify", "mitigate", "reduce", "treat", "mitigation", "reduzieren", "vermindern", "mindern", "reduire",
        "attenuer", "reduction", "mitigated", "verminderung",
    ]),
    choice("share", &[
        "share", "transfer", "insure", "uebertragen", "teilen", "transferer", "partager", "outsource",
        "transferieren",
    ]),
    choice("retain", &[
        "retain", "accept", "tolerate", "akzeptieren", "tragen", "accepter", "accepted", "acceptance", "akzeptanz",
    ]),
    choice("pursue", &["pursue", "exploit", "enhance", "nutzen", "take"]),
];

#[rustfmt::skip]
pub(super) static EVIDENCE_ITEM: Kind = Kind {
    name: "evidence_item",
    label: "piece of evidence",
    title: "title",
    sheets: &[
        "evidence", "evidences", "evidence register", "nachweise", "nachweis", "preuves", "artifacts", "artefacts",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &[
            "evidence id", "id", "nr", "no", "ref", "reference", "nachweis nr",
        ]),
        field("title", Shape::Text, &[
            "evidence title", "evidence name", "evidence", "name", "nachweis", "titel", "document", "dokument",
            "preuve", "document name", "artefact", "artifact", "bezeichnung",
        ]),
        field("kind", Shape::One(EVIDENCE_KIND), &[
            "evidence type", "type", "art", "typ", "nachweisart", "category", "format",
        ]),
        field("source", Shape::Text, &["source system", "origin", "quelle", "source", "herkunft", "tool"]),
        field("collected_by", Shape::Person, &[
            "collected by", "provided by", "uploaded by", "owner", "evidence owner", "erhoben von",
            "bereitgestellt von", "collecte par", "responsible", "verantwortlich",
        ]),
        field("collected_on", Shape::Date, &[
            "collected on", "collection date", "date collected", "date", "datum", "erhoben am", "upload date",
            "date de collecte",
        ]),
        field("period_from", Shape::Date, &[
            "period from", "period start", "from", "from date", "start date", "valid from", "zeitraum von",
            "covers from",
        ]),
        field("period_to", Shape::Date, &[
            "period to", "period end", "until", "to date", "end date", "bis", "zeitraum bis", "au", "covers to",
        ]),
        field("fresh_until", Shape::Date, &[
            "valid until", "expiry", "expiry date", "expires", "gueltig bis", "valable jusqu au", "refresh by",
            "fresh until",
        ]),
        field("supports", Shape::Requirements, &[
            "supports", "control", "controls", "requirement", "requirements", "clause", "clauses", "control id",
            "control ids", "anforderung", "anforderungen", "kontrolle", "kontrollen", "exigence",
            "iso 42001 control", "iso 42001 reference", "iso reference", "annex a control",
        ]),
        field("ai_systems", Shape::Links("ai_system"), &[
            "ai systems", "ai system", "system", "systems", "ki system", "ki systeme", "applies to",
        ]),
        field("url", Shape::Text, &[
            "link", "url", "location", "path", "lien", "ablageort", "file link", "evidence link",
        ]),
        field("confidentiality", Shape::One(CONFIDENTIALITY), &[
            "classification", "confidentiality", "vertraulichkeit", "klassifizierung", "confidentialite",
        ]),
        field("automated", Shape::Bool(BOOLEAN), &[
            "automated", "automatic", "automatisiert", "automatise", "collected automatically",
        ]),
        field("state", Shape::State, &["status", "state", "review status", "statut"]),
    ],
    states: &[
        choice("collected", &["collected", "submitted", "new", "open", "erhoben", "pending", "uploaded"]),
        choice("accepted", &["accepted", "approved", "valid", "akzeptiert", "accepte", "verified"]),
        choice("rejected", &["rejected", "abgelehnt", "invalid", "rejete"]),
    ],
    questions: &[],
};

#[rustfmt::skip]
static EVIDENCE_KIND: &[Choice] = &[
    choice("file", &[
        "file", "document", "report", "record", "datei", "dokument", "fichier", "pdf", "minutes", "protokoll",
    ]),
    choice("link", &["link", "url", "reference", "verweis", "lien"]),
    choice("screenshot", &["screenshot", "screen shot", "bildschirmfoto", "capture d ecran", "image"]),
    choice("log", &["log", "logs", "audit log", "protokolldatei", "journal", "log extract"]),
    choice("export", &["export", "system export", "extract", "auszug", "configuration export"]),
    choice("attestation", &[
        "attestation", "certificate", "declaration", "statement", "zertifikat", "bestaetigung", "certificat",
        "sign off",
    ]),
    choice("test_result", &[
        "test result", "test results", "test report", "test", "testergebnis", "testbericht", "resultat de test",
        "evaluation report",
    ]),
    choice("policy", &["policy", "richtlinie", "politique", "procedure", "verfahren"]),
    choice("template", &["template", "vorlage", "modele", "form"]),
];

#[rustfmt::skip]
pub(super) static CONTROL_IMPLEMENTATION: Kind = Kind {
    name: "control_implementation",
    label: "control",
    title: "control",
    sheets: &[
        "controls", "control", "soa", "statement of applicability", "annex a", "kontrollen", "massnahmen",
        "erklaerung zur anwendbarkeit", "controles", "control register",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &["implementation id", "control implementation id"]),
        field("control", Shape::Requirement, &[
            "control id", "control", "control reference", "control ref", "annex a control", "control number",
            "iso 42001 control", "kontrolle", "massnahme nr", "controle", "ref", "reference", "id", "nr", "no",
            "clause", "control no",
        ]),
        field("group", Shape::Link("system_group"), &["system group", "group", "gruppe"]),
        field("ai_system", Shape::Link("ai_system"), &[
            "ai system", "system", "ki system", "systeme", "applies to system",
        ]),
        field("applicable", Shape::Bool(BOOLEAN), &[
            "applicable", "applicability", "anwendbar", "anwendbarkeit", "applicable y n", "included", "in soa",
            "selected", "zutreffend", "applicabilite",
        ]),
        field("justification", Shape::Text, &[
            "justification for inclusion exclusion", "justification", "reason", "rationale", "begruendung",
            "reason for inclusion", "justification for inclusion", "justification for exclusion",
            "reason for exclusion", "raison",
        ]),
        field("basis", Shape::Many(BASIS), &[
            "basis", "reason code", "driver", "drivers", "grundlage", "reason for selection", "lr co br rra",
        ]),
        field("description", Shape::Text, &[
            "implementation description", "how implemented", "implementation", "description of implementation",
            "beschreibung", "umsetzung", "umsetzungsbeschreibung", "how it is met", "mise en oeuvre",
            "implementation details", "control description",
        ]),
        field("guidance_considered", Shape::Text, &["guidance considered", "guidance", "annex b guidance"]),
        field("owner", Shape::Person, &[
            "control owner", "responsible", "verantwortlich", "kontrolleigner", "massnahmenverantwortlicher",
            "responsable", "accountable",
        ]),
        field("artefact", Shape::Text, &[
            "artifact", "evidence", "reference document", "nachweis", "preuve", "related documents", "documentation",
        ]),
        field("cadence", Shape::One(CADENCE), &[
            "frequency", "control frequency", "haeufigkeit", "turnus", "frequence", "interval", "periodicity",
        ]),
        field("due", Shape::Date, &[
            "due date", "target date", "implementation date", "planned date", "deadline", "faellig", "umsetzung bis",
            "echeance", "planned for",
        ]),
        field("test_method", Shape::Text, &[
            "test method", "test procedure", "testing", "pruefmethode", "methode de test",
        ]),
        field("last_tested", Shape::Date, &[
            "last tested", "test date", "last test date", "zuletzt getestet", "date du test",
        ]),
        field("test_result", Shape::One(TEST_RESULT), &[
            "test result", "effectiveness", "result", "wirksamkeit", "resultat", "operating effectiveness",
        ]),
        field("next_review", Shape::Date, &[
            "next review date", "review date", "naechste pruefung", "prochaine revue",
        ]),
        field("state", Shape::State, &[
            "implementation status", "status", "state", "umsetzungsstatus", "umsetzungsgrad", "statut", "maturity",
            "etat",
        ]),
    ],
    states: &[
        choice("not_started", &[
            "not started", "not implemented", "nicht umgesetzt", "nicht begonnen", "open", "offen", "non commence",
            "none",
        ]),
        choice("planned", &["planned", "geplant", "planifie"]),
        choice("in_progress", &[
            "in progress", "partially implemented", "partial", "partly implemented", "teilweise",
            "teilweise umgesetzt", "in umsetzung", "en cours", "partially",
        ]),
        choice("implemented", &[
            "implemented", "fully implemented", "umgesetzt", "vollstaendig umgesetzt", "done", "complete",
            "completed", "mis en oeuvre", "yes", "in place", "full",
        ]),
        choice("effective", &["effective", "wirksam", "operating effectively", "efficace", "operating"]),
        choice("ineffective", &["ineffective", "unwirksam", "not effective", "inefficace", "failed"]),
        choice("retired", &["retired", "obsolete", "withdrawn"]),
    ],
    questions: &[],
};

#[rustfmt::skip]
static BASIS: &[Choice] = &[
    choice("risk", &[
        "risk", "rra", "risk assessment", "risiko", "risque", "result of risk assessment", "risk treatment",
        "risikobewertung",
    ]),
    choice("law", &[
        "law", "lr", "legal", "regulation", "gesetz", "loi", "legal requirement", "regulatory", "legal requirements",
        "gesetzliche anforderung",
    ]),
    choice("contract", &[
        "contract", "co", "contractual", "vertrag", "contrat", "contractual obligation", "contractual obligations",
        "customer",
    ]),
    choice("good_practice", &[
        "good practice", "best practice", "br", "bp", "business requirement", "bewaehrte praxis", "bonne pratique",
        "business requirements best practice", "br bp",
    ]),
    choice("objective", &["objective", "ziel", "objectif", "policy", "business objective"]),
];

#[rustfmt::skip]
static TEST_RESULT: &[Choice] = &[
    choice("effective", &["effective", "pass", "passed", "wirksam", "bestanden", "efficace", "ok", "satisfactory"]),
    choice("ineffective", &[
        "ineffective", "fail", "failed", "unwirksam", "nicht bestanden", "inefficace", "not effective",
        "unsatisfactory",
    ]),
    choice("not_tested", &["not tested", "nicht getestet", "non teste", "pending", "untested"]),
];
