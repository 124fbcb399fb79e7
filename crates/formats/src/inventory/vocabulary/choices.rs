//! Words for the choices of several kinds.

use super::{Choice, choice};

#[rustfmt::skip]
pub(crate) static BOOLEAN: &[Choice] = &[
    choice("true", &[
        "yes", "y", "true", "1", "x", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sim", "checked", "applicable",
        "zutreffend",
    ]),
    choice("false", &[
        "no", "n", "false", "0", "nein", "falsch", "non", "faux", "unchecked", "not applicable", "none", "keine",
        "kein", "nicht zutreffend", "aucun", "aucune", "neither",
    ]),
];

#[rustfmt::skip]
pub(crate) static SCOPE: &[Choice] = &[
    choice("true", &[
        "yes", "y", "true", "1", "x", "ja", "oui", "in scope", "in", "included", "im geltungsbereich", "einbezogen",
        "inclus",
    ]),
    choice("false", &[
        "no", "n", "false", "0", "nein", "non", "out of scope", "out", "excluded", "not in scope", "ausserhalb",
        "ausgeschlossen", "exclu", "hors perimetre",
    ]),
];

#[rustfmt::skip]
pub(crate) static LEVELS: &[Choice] = &[
    choice("low", &[
        "low", "l", "niedrig", "gering", "faible", "bas", "minor", "tier 3", "tier 4", "unkritisch", "non critical",
    ]),
    choice("medium", &[
        "medium", "med", "m", "moderate", "mittel", "moyen", "moyenne", "tier 2", "normal", "important",
    ]),
    choice("high", &[
        "high", "h", "hoch", "eleve", "elevee", "critical", "very high", "kritisch", "sehr hoch", "critique",
        "tier 1", "severe", "major", "mission critical", "business critical",
    ]),
];

#[rustfmt::skip]
pub(crate) static CONFIDENTIALITY: &[Choice] = &[
    choice("public", &["public", "oeffentlich", "publique"]),
    choice("internal", &["internal", "intern", "interne", "internal use only"]),
    choice("confidential", &["confidential", "vertraulich", "confidentiel"]),
    choice("restricted", &["restricted", "secret", "strictly confidential", "streng vertraulich", "restreint"]),
];

#[rustfmt::skip]
pub(crate) static CADENCE: &[Choice] = &[
    choice("continuous", &[
        "continuous", "continuously", "continual", "laufend", "kontinuierlich", "continu", "real time",
    ]),
    choice("daily", &["daily", "every day", "taeglich", "quotidien"]),
    choice("weekly", &["weekly", "every week", "woechentlich", "hebdomadaire"]),
    choice("monthly", &["monthly", "every month", "monatlich", "mensuel"]),
    choice("quarterly", &["quarterly", "every quarter", "vierteljaehrlich", "quartalsweise", "trimestriel"]),
    choice("half_yearly", &[
        "half yearly", "semi annual", "semi annually", "twice a year", "halbjaehrlich", "semestriel",
        "every six months", "every 6 months",
    ]),
    choice("annual", &["annual", "annually", "yearly", "every year", "jaehrlich", "annuel", "once a year"]),
    choice("biennial", &["biennial", "every two years", "every 2 years", "alle zwei jahre", "bisannuel"]),
    choice("on_event", &[
        "on event", "event driven", "ad hoc", "on demand", "per release", "on change", "as needed", "anlassbezogen",
    ]),
];

#[rustfmt::skip]
pub(super) static REGISTER: &[Choice] = &[
    choice("draft", &["draft", "entwurf", "brouillon", "new", "neu", "planned"]),
    choice("active", &["active", "aktiv", "actif", "current", "in use", "valid", "confirmed"]),
    choice("retired", &["retired", "inactive", "inaktiv", "obsolete", "archived", "left"]),
];
