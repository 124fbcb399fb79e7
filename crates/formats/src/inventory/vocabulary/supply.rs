//! Suppliers, data sets and resources.

use super::{
    Choice, Kind, Shape, choice,
    choices::{LEVELS, REGISTER},
    field,
};

#[rustfmt::skip]
pub(super) static SUPPLIER: Kind = Kind {
    name: "supplier",
    label: "supplier",
    title: "name",
    sheets: &[
        "suppliers", "supplier", "vendors", "vendor", "third parties", "third party", "lieferanten", "anbieter",
        "dienstleister", "fournisseurs", "vendor register", "supplier register", "third party register",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &[
            "supplier id", "vendor id", "id", "nr", "no", "supplier number", "vendor number", "lieferantennummer",
            "kreditor", "identifiant", "reference", "ref",
        ]),
        field("name", Shape::Text, &[
            "supplier name", "vendor name", "supplier", "vendor", "third party", "third party name", "lieferant",
            "lieferantenname", "anbieter", "fournisseur", "nom du fournisseur", "dienstleister", "company",
            "company name", "firma", "provider", "provider name", "prestataire", "unternehmen",
        ]),
        field("supplies", Shape::Many(SUPPLIES), &[
            "supply type", "what they supply", "service type", "type of service", "category", "type",
            "goods or services", "leistung", "leistungsart", "kategorie", "product type", "products services",
            "services", "service", "type de service", "prestation", "services provided", "supplier type",
            "vendor type",
        ]),
        field("role", Shape::Text, &["ai act role", "supplier role", "vendor role", "rolle"]),
        field("ai_systems", Shape::Links("ai_system"), &[
            "ai systems", "systems", "ai system", "system", "used in", "used by systems", "ki systeme", "ki system",
            "systeme", "application", "applications", "supported systems",
        ]),
        field("criticality", Shape::One(LEVELS), &[
            "tier", "vendor tier", "supplier tier", "risk tier", "vendor criticality", "supplier criticality",
            "kritikalitaet", "criticite", "importance", "risk level", "risk rating", "vendor risk", "wichtigkeit",
        ]),
        field("contract", Shape::Text, &[
            "contract number", "contract reference", "agreement", "vertrag", "vertragsnummer", "contrat",
            "contract id", "msa", "contract name",
        ]),
        field("ai_clauses", Shape::List, &[
            "ai contract clauses", "contract clauses", "clauses", "ki klauseln", "vertragsklauseln", "ai terms",
        ]),
        field("data_location", Shape::Text, &[
            "data location", "hosting location", "data residency", "location", "hosting region", "datenstandort",
            "speicherort", "serverstandort", "localisation des donnees", "processing location", "country", "land",
            "pays",
        ]),
        field("sub_suppliers", Shape::List, &[
            "subprocessors", "sub processors", "sub suppliers", "subcontractors", "fourth parties",
            "unterauftragnehmer", "subunternehmer", "sous traitants",
        ]),
        field("assurance", Shape::Text, &[
            "certifications", "certification", "certificates", "assurance", "attestations", "zertifikate",
            "zertifizierung", "audit reports", "soc 2", "iso certificates", "assurance report",
        ]),
        field("assurance_until", Shape::Date, &[
            "certificate expiry", "certification expiry", "assurance expiry", "assurance valid until",
            "certificate valid until", "zertifikat gueltig bis", "valid until", "expiry date",
        ]),
        field("owner", Shape::Person, &[
            "vendor manager", "supplier manager", "relationship owner", "business owner", "contract owner",
            "responsible", "verantwortlich", "verantwortlicher", "responsable", "internal owner", "vendor owner",
            "supplier owner", "einkaeufer",
        ]),
        field("next_review", Shape::Date, &[
            "next review date", "review date", "next assessment", "reassessment date", "naechste pruefung",
            "naechste ueberpruefung", "prochaine revue", "review due",
        ]),
        field("exit_plan", Shape::Text, &[
            "exit strategy", "exit", "ausstiegsplan", "exitstrategie", "plan de sortie",
        ]),
        field("conditions", Shape::List, &["approval conditions", "auflagen", "restrictions"]),
        field("url", Shape::Text, &["website", "web site", "homepage", "link", "webseite", "site web"]),
        field("state", Shape::State, &[
            "status", "state", "approval status", "due diligence status", "vendor status", "supplier status",
            "statut", "stand",
        ]),
    ],
    states: &[
        choice("prospective", &["prospective", "prospect", "new", "candidate", "potential", "neu", "potenziell"]),
        choice("in_due_diligence", &[
            "in due diligence", "due diligence", "under review", "in review", "assessment", "onboarding",
            "in pruefung", "pending",
        ]),
        choice("approved", &[
            "approved", "active", "current", "freigegeben", "aktiv", "genehmigt", "actif", "approuve", "onboarded",
            "in use",
        ]),
        choice("conditional", &[
            "conditional", "conditionally approved", "approved with conditions", "bedingt freigegeben",
            "mit auflagen",
        ]),
        choice("suspended", &["suspended", "on hold", "gesperrt", "blocked", "ausgesetzt"]),
        choice("exited", &[
            "exited", "terminated", "inactive", "offboarded", "beendet", "inaktiv", "former", "ended",
        ]),
        choice("rejected", &["rejected", "declined", "abgelehnt", "refuse"]),
    ],
    questions: &[],
};

#[rustfmt::skip]
static SUPPLIES: &[Choice] = &[
    choice("model", &[
        "model", "models", "ai model", "foundation model", "llm", "modell", "modele", "ml model", "llm api",
        "model api",
    ]),
    choice("data", &["data", "dataset", "datasets", "daten", "donnees", "data provider", "training data"]),
    choice("tooling", &[
        "tooling", "tool", "tools", "software", "library", "framework", "werkzeuge", "outil", "development tool",
        "mlops", "monitoring",
    ]),
    choice("platform", &[
        "platform", "cloud", "hosting", "infrastructure", "paas", "iaas", "plattform", "plateforme", "compute",
        "cloud platform", "cloud hosting",
    ]),
    choice("service", &[
        "service", "services", "saas", "ai service", "api", "dienst", "dienstleistung", "application",
        "managed service", "ai system", "product",
    ]),
    choice("labelling", &["labelling", "labeling", "annotation", "data labelling", "data labeling", "annotierung"]),
    choice("development", &[
        "development", "software development", "engineering", "entwicklung", "developpement", "integration",
        "implementation", "integrator",
    ]),
    choice("people", &[
        "people", "staffing", "consulting", "contractors", "personnel", "beratung", "personal", "conseil",
        "consultancy", "staff augmentation",
    ]),
];

#[rustfmt::skip]
pub(super) static DATASET_CARD: Kind = Kind {
    name: "dataset_card",
    label: "data set",
    title: "name",
    sheets: &[
        "datasets", "dataset", "data sets", "data", "data inventory", "data register", "datensaetze",
        "datenverzeichnis", "jeux de donnees", "data catalogue", "data catalog", "training data",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &[
            "dataset id", "data set id", "data id", "id", "nr", "no", "asset id", "reference", "ref", "identifiant",
        ]),
        field("name", Shape::Text, &[
            "dataset name", "data set name", "dataset", "data set", "name of dataset", "datensatz",
            "name des datensatzes", "jeu de donnees", "nom du jeu de donnees", "data asset", "data asset name",
            "title", "titel", "data source name", "table name", "bezeichnung", "nom",
        ]),
        field("version", Shape::Text, &["dataset version", "data version", "release"]),
        field("ai_systems", Shape::Links("ai_system"), &[
            "ai systems", "used in", "used by", "ai system", "system", "systems", "used by systems", "ki system",
            "ki systeme", "model", "models", "application",
        ]),
        field("use", Shape::One(USE), &[
            "usage", "use type", "data use", "used for", "split", "verwendung", "nutzung", "utilisation",
            "purpose type", "lifecycle use", "role",
        ]),
        field("source", Shape::One(SOURCE), &[
            "source type", "data source", "origin", "herkunft", "quelle", "datenquelle", "origine", "data origin",
            "acquisition type", "provenance", "acquisition method",
        ]),
        field("provider", Shape::Text, &[
            "data provider", "supplier", "vendor", "publisher", "creator", "anbieter", "lieferant", "fournisseur",
            "bereitgestellt von", "originator",
        ]),
        field("acquired_on", Shape::Date, &[
            "acquisition date", "date acquired", "collected on", "collection date", "erhoben am", "erworben am",
            "beschafft am", "date d acquisition", "date obtained",
        ]),
        field("selection_reason", Shape::Text, &[
            "reason for selection", "selection rationale", "rationale", "justification", "auswahlgrund",
            "begruendung", "why selected",
        ]),
        field("rights_basis", Shape::Text, &[
            "legal basis", "licence", "license", "rights", "data rights", "rechtsgrundlage", "lizenz",
            "nutzungsrechte", "base legale", "droits", "usage rights", "terms of use", "lawful basis",
        ]),
        field("personal_data", Shape::One(PERSONAL), &[
            "personal data", "pii", "contains personal data", "contains pii", "data classification",
            "personal data category", "personenbezogene daten", "personenbezug", "donnees personnelles",
            "sensitivity", "privacy classification", "personal information", "anonymisation", "personal data type",
        ]),
        field("categories", Shape::Text, &[
            "data categories", "data category", "data types", "type of data", "datenkategorien", "datenarten",
            "categories de donnees", "description", "beschreibung", "content", "contents", "data type", "inhalt",
        ]),
        field("quantity", Shape::Text, &[
            "size", "number of records", "records", "volume", "rows", "row count", "umfang", "groesse",
            "anzahl datensaetze", "taille", "data volume", "record count", "amount of data",
        ]),
        field("time_span", Shape::Text, &[
            "time period", "period", "time range", "date range", "coverage period", "zeitraum", "periode",
            "time frame", "temporal coverage",
        ]),
        field("demographics", Shape::Text, &[
            "demographic coverage", "population", "demographie", "demografie", "bevoelkerung",
            "demographic features",
        ]),
        field("known_bias", Shape::Text, &[
            "bias", "biases", "known biases", "bias assessment", "verzerrung", "bekannte verzerrungen", "biais",
            "biais connus", "bias notes",
        ]),
        field("representativeness", Shape::Text, &[
            "representativity", "representative", "repraesentativitaet", "representativite", "coverage",
        ]),
        field("quality_requirements", Shape::List, &[
            "data quality requirements", "quality criteria", "qualitaetsanforderungen", "exigences de qualite",
        ]),
        field("quality_results", Shape::List, &[
            "data quality", "quality", "quality check", "quality checks", "data quality results", "quality score",
            "datenqualitaet", "qualitaet", "qualite", "quality assessment",
        ]),
        field("labelling", Shape::Text, &[
            "labeling", "annotation", "labelling process", "labels", "annotierung", "kennzeichnung",
            "labelling method",
        ]),
        field("preparation", Shape::List, &[
            "data preparation", "preprocessing", "pre processing", "processing steps", "datenaufbereitung",
            "aufbereitung", "preparation des donnees", "cleaning", "transformations",
        ]),
        field("lineage", Shape::List, &[
            "data lineage", "derived from", "upstream", "upstream sources", "source systems", "source system",
            "quellsysteme", "quellsystem", "lignage",
        ]),
        field("integrity_hash", Shape::Text, &[
            "hash", "checksum", "sha256", "sha 256", "pruefsumme", "somme de controle", "digest",
        ]),
        field("retention", Shape::Text, &[
            "retention period", "storage period", "aufbewahrung", "aufbewahrungsfrist", "speicherdauer",
            "conservation", "duree de conservation",
        ]),
        field("disposal", Shape::Text, &[
            "deletion", "disposal method", "loeschung", "loeschkonzept", "suppression", "deletion method",
        ]),
        field("known_gaps", Shape::Text, &[
            "gaps", "data gaps", "known gaps", "missing data", "luecken", "datenluecken", "lacunes", "limitations",
            "known limitations", "known issues",
        ]),
        field("purposes", Shape::List, &[
            "purpose", "intended use", "allowed purposes", "zweck", "zwecke", "finalite", "finalites",
            "permitted use", "intended purpose",
        ]),
        field("limits", Shape::Text, &[
            "usage restrictions", "restrictions", "use restrictions", "nutzungsbeschraenkungen", "limites",
            "prohibited uses", "constraints", "einschraenkungen",
        ]),
        field("languages", Shape::List, &["language", "languages", "sprache", "sprachen", "langue", "langues"]),
        field("urls", Shape::List, &[
            "url", "link", "location", "path", "speicherort", "lien", "data location", "storage location",
            "download url", "ablageort",
        ]),
        field("steward", Shape::Person, &[
            "data steward", "data owner", "owner", "dataset owner", "datenverantwortlicher", "dateneigner",
            "verantwortlich", "responsable", "proprietaire", "custodian", "contact", "responsible", "data custodian",
        ]),
        field("next_review", Shape::Date, &[
            "next review date", "review date", "naechste pruefung", "prochaine revue", "naechste ueberpruefung",
            "review due",
        ]),
        field("state", Shape::State, &["status", "state", "approval status", "dataset status", "statut", "stand"]),
    ],
    states: &[
        choice("draft", &["draft", "entwurf", "new", "brouillon", "proposed", "neu"]),
        choice("in_review", &["in review", "under review", "in pruefung", "en revue", "pending approval"]),
        choice("approved", &[
            "approved", "active", "released", "freigegeben", "aktiv", "approuve", "in use", "production",
        ]),
        choice("restricted", &["restricted", "eingeschraenkt", "restreint", "limited use"]),
        choice("blocked", &["blocked", "gesperrt", "quarantined", "bloque"]),
        choice("retired", &["retired", "archived", "deleted", "obsolete", "archiviert", "geloescht"]),
    ],
    questions: &[],
};

#[rustfmt::skip]
static USE: &[Choice] = &[
    choice("training", &[
        "training", "train", "fine tuning", "finetuning", "pretraining", "pre training", "entrainement",
        "trainingsdaten",
    ]),
    choice("validation", &["validation", "dev set", "validierung", "tuning"]),
    choice("test", &["test", "testing", "evaluation", "benchmark", "eval"]),
    choice("production", &["production", "inference", "operational", "input", "live", "produktion", "betrieb"]),
    choice("reference", &["reference", "lookup", "master data", "referenz", "stammdaten"]),
    choice("retrieval", &["retrieval", "rag", "knowledge base", "grounding", "vector store", "wissensbasis"]),
];

#[rustfmt::skip]
static SOURCE: &[Choice] = &[
    choice("internal", &[
        "internal", "in house", "intern", "interne", "own", "proprietary", "first party", "eigene", "company data",
    ]),
    choice("purchased", &[
        "purchased", "bought", "vendor", "licensed", "commercial", "gekauft", "zugekauft", "achete", "third party",
    ]),
    choice("open", &[
        "open", "open data", "public", "open source", "publicly available", "oeffentlich", "donnees ouvertes",
    ]),
    choice("shared", &["shared", "partner", "consortium", "geteilt", "partage"]),
    choice("customer", &["customer", "client", "customer data", "kunde", "kundendaten", "user generated", "user"]),
    choice("synthetic", &["synthetic", "generated", "simulated", "synthetisch", "synthetique"]),
    choice("scraped", &["scraped", "web scraped", "crawled", "web crawl", "web", "gescrapt"]),
];

#[rustfmt::skip]
static PERSONAL: &[Choice] = &[
    choice("none", &[
        "none", "no", "n", "nein", "non", "keine", "aucune", "no personal data", "no pii", "non personal", "0",
        "false", "kein personenbezug",
    ]),
    choice("personal", &[
        "personal", "yes", "y", "ja", "oui", "pii", "personal data", "personenbezogen", "contains personal data",
        "x", "1", "true", "contains pii",
    ]),
    choice("special", &[
        "special", "special category", "special categories", "sensitive", "health", "biometric",
        "besondere kategorien", "sensitive personal data", "phi", "art 9",
    ]),
    choice("pseudonymized", &[
        "pseudonymized", "pseudonymised", "pseudonymisiert", "pseudonymise", "pseudonymous", "tokenized",
        "tokenised",
    ]),
    choice("anonymized", &[
        "anonymized", "anonymised", "anonymous", "anonymisiert", "anonymise", "anonym", "aggregated",
        "de identified",
    ]),
    choice("unknown", &["unknown", "tbd", "unbekannt", "not assessed", "unclear", "inconnu"]),
];

#[rustfmt::skip]
pub(super) static RESOURCE: Kind = Kind {
    name: "resource",
    label: "resource",
    title: "name",
    sheets: &[
        "resources", "resource", "ressourcen", "ressources", "tools", "tooling", "compute", "infrastructure",
        "assets",
    ],
    fields: &[
        field("external_id", Shape::Identifier, &["resource id", "asset id", "id", "nr", "no", "reference", "ref"]),
        field("name", Shape::Text, &[
            "resource name", "resource", "ressource", "asset", "asset name", "tool", "component", "bezeichnung",
            "nom", "komponente",
        ]),
        field("ai_system", Shape::Link("ai_system"), &[
            "ai system", "system", "used by", "ki system", "systeme", "application", "use case",
        ]),
        field("kind", Shape::One(RESOURCE_KIND), &[
            "resource type", "resource kind", "type", "category", "art", "typ", "kategorie", "ressourcenart",
            "categorie", "asset type",
        ]),
        field("lifecycle_stage", Shape::List, &[
            "life cycle stage", "lifecycle stages", "lebenszyklusphase", "phase", "stage",
        ]),
        field("owner", Shape::Person, &[
            "resource owner", "responsible", "verantwortlich", "responsable", "asset owner", "contact",
            "eigentuemer",
        ]),
        field("version", Shape::Text, &["resource version", "release"]),
        field("location", Shape::Text, &[
            "hosting", "region", "standort", "ort", "lieu", "site", "hosted in", "environment",
        ]),
        field("supplier", Shape::Link("supplier"), &[
            "vendor", "lieferant", "anbieter", "fournisseur", "provider", "manufacturer", "hersteller",
        ]),
        field("environmental_note", Shape::Text, &[
            "environmental impact", "energy use", "energy consumption", "carbon footprint", "co2",
            "energieverbrauch", "umweltauswirkung", "impact environnemental",
        ]),
        field("cost", Shape::Text, &["costs", "annual cost", "monthly cost", "kosten", "cout", "budget"]),
        field("last_verified", Shape::Date, &[
            "last verified", "verified on", "last checked", "zuletzt geprueft", "geprueft am", "verifie le",
            "last review",
        ]),
        field("next_review", Shape::Date, &[
            "next review date", "review date", "naechste pruefung", "prochaine revue", "review due",
        ]),
        field("state", Shape::State, &["status", "state", "statut", "stand"]),
    ],
    states: REGISTER,
    questions: &[],
};

#[rustfmt::skip]
static RESOURCE_KIND: &[Choice] = &[
    choice("data", &["data", "dataset", "daten", "donnees"]),
    choice("tooling", &[
        "tooling", "tool", "tools", "software", "library", "framework", "model", "werkzeug", "outil", "platform",
    ]),
    choice("compute", &[
        "compute", "computing", "hardware", "system", "server", "gpu", "cloud", "infrastructure", "rechenleistung",
        "calcul", "system and computing", "hosting",
    ]),
    choice("human", &[
        "human", "people", "staff", "personnel", "team", "personal", "humain", "mitarbeiter", "expertise",
    ]),
];
