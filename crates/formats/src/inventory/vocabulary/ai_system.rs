//! AI system registers.

use super::{
    Choice, Field, Kind, Shape, choice,
    choices::{BOOLEAN, LEVELS, SCOPE},
    field,
};

#[rustfmt::skip]
pub(super) static AI_SYSTEM: Kind = Kind {
    name: "ai_system",
    label: "AI system",
    title: "name",
    sheets: &[
        "ai system", "ai systems", "systems", "use cases", "use case", "ai use cases", "ai inventory", "ai register",
        "inventory", "ki systeme", "ki system", "ki verzeichnis", "ki register", "ki inventar", "systeme", "models",
        "model inventory", "systemes", "systemes ia", "applications", "anwendungen", "algorithm register",
    ],
    fields: FIELDS,
    states: STATES,
    questions: QUESTIONS,
};

#[rustfmt::skip]
static QUESTIONS: &[(&str, &str)] = &[
    ("purpose", "intended purpose"),
    ("purpose", "intended to solve"),
    ("purpose", "intended use"),
    ("description", "describe the ai system s outputs"),
    ("state", "stage of development"),
    ("state", "stage of the system"),
    ("go_live", "became operational"),
    ("go_live", "date implemented"),
    ("go_live", "put into service"),
    ("origin", "purchased from a vendor"),
    ("origin", "developed under contract"),
    ("origin", "in house or"),
    ("personal_data", "personally identifiable information"),
    ("personal_data", "process personal data"),
    ("personal_data", "involve personal data"),
    ("personal_data", "personenbezogene daten"),
    ("ai_act_class", "risk class"),
    ("affected_people", "people are affected"),
    ("affected_people", "persons are affected"),
    ("owner", "who is responsible"),
    ("suppliers", "name of the vendor"),
];

#[rustfmt::skip]
static FIELDS: &[Field] = &[
    field("external_id", Shape::Identifier, &[
        "system id", "ai system id", "id", "use case id", "inventory id", "asset id", "register id", "reference",
        "ref", "ref id", "nr", "no", "number", "nummer", "kennung", "identifiant", "cmdb id", "key", "lfd nr",
        "system nr", "model id", "unique id", "identifier",
    ]),
    field("name", Shape::Text, &[
        "ai system name", "system name", "ai system", "name of the ai system", "system", "use case name",
        "ai use case name", "name of use case", "ai use case", "application name", "application", "ai tool",
        "tool name", "tool", "ai application", "ki system", "name des ki systems", "ki anwendung", "systemname",
        "anwendungsfall", "bezeichnung", "systembezeichnung", "nom du systeme", "nom du systeme d ia",
        "systeme d ia", "systeme", "title", "titel", "nom", "product name", "product", "project name", "solution",
        "solution name", "asset name", "algorithm", "algorithm name", "service name", "use case", "model name",
        "model", "modell", "project", "anwendung",
    ]),
    field("code", Shape::Text, &[
        "short name", "code", "acronym", "abbreviation", "kuerzel", "system code", "abkuerzung", "sigle",
    ]),
    field("purpose", Shape::Text, &[
        "intended purpose", "intended use", "business purpose", "purpose of use", "use case", "use case description",
        "zweck", "zweckbestimmung", "einsatzzweck", "verwendungszweck", "finalite", "objectif", "usage", "objective",
        "goal", "business objective", "problem solved", "what is it used for",
        "intended purpose and expected benefits", "anwendungszweck", "anwendungsfall", "business case",
        "application", "purpose and expected benefits",
    ]),
    field("description", Shape::Text, &[
        "system description", "description of the system", "beschreibung", "kurzbeschreibung", "summary", "details",
        "short description", "overview", "functionality", "function", "funktionsweise", "what does it do",
        "system outputs", "outputs", "describe the ai system s outputs", "output",
    ]),
    field("kind", Shape::One(KIND), &[
        "ai type", "type of ai", "system type", "ai technique", "technique", "type", "technology", "ai technology",
        "ai category", "category of ai", "classification", "ai classification", "ki art", "art der ki", "typ", "art",
        "modality", "ai modality", "model type", "type de systeme", "ki typ", "technologie", "ai method", "methods",
    ]),
    field("origin", Shape::One(ORIGIN), &[
        "make or buy", "build or buy", "sourcing", "source", "herkunft", "beschaffung", "origine", "acquisition",
        "in house or vendor", "internal external", "development type", "developed or bought", "procurement",
        "contracting usage", "deployment type", "build buy", "bezug", "developed under contract s or in house",
        "developed in house", "entwicklung",
    ]),
    field("owner", Shape::Person, &[
        "system owner", "business owner", "ai owner", "product owner", "responsible person", "responsible",
        "accountable", "accountable person", "accountable owner", "verantwortlich", "verantwortlicher",
        "verantwortliche person", "systemverantwortlicher", "systemeigner", "fachverantwortlicher", "eigentuemer",
        "responsable", "proprietaire", "contact", "contact person", "contact email", "ansprechpartner", "kontakt",
        "point of contact", "poc", "model owner", "use case owner", "technical owner", "owner email",
        "email address", "email", "owner name", "it owner", "ai system owner", "process owner", "lead",
    ]),
    field("unit", Shape::Text, &[
        "department", "business unit", "team", "division", "unit", "abteilung", "bereich", "fachbereich",
        "geschaeftsbereich", "service", "departement", "direction", "organisational unit", "organizational unit",
        "function area", "bureau", "agency bureau", "agency component", "bureau component", "business area",
        "entity", "organisation unit", "org unit", "owning department", "business function", "agency", "agency name",
    ]),
    field("version", Shape::Text, &[
        "system version", "release", "model version", "version number", "versionsnummer",
    ]),
    field("group", Shape::Link("system_group"), &[
        "system group", "ai portfolio", "portfolio", "gruppe", "systemgruppe", "product family", "programme",
    ]),
    field("roles", Shape::Many(ROLES), &[
        "ai role", "our role", "role", "iso 42001 role", "rolle", "organisation role", "organization role",
        "role of organisation",
    ]),
    field("role_reasons", Shape::Text, &["role reason", "role justification", "role rationale", "rollenbegruendung"]),
    field("ai_act_roles", Shape::Many(ACT_ROLES), &[
        "ai act role", "eu ai act role", "role under ai act", "role under the eu ai act", "regulatory role",
        "rolle nach ki vo", "rolle ki verordnung", "operator role", "role ai act", "rolle nach ai act",
    ]),
    field("model_names", Shape::List, &[
        "models used", "model used", "model", "models", "model name", "ai model", "underlying model",
        "foundation model", "base model", "llm", "modell", "modelle", "modele", "algorithm", "ml model", "ai models",
        "gpai model",
    ]),
    field("suppliers", Shape::Links("supplier"), &[
        "vendor", "supplier", "vendor name", "supplier name", "third party", "third party provider", "manufacturer",
        "lieferant", "anbieter", "hersteller", "fournisseur", "vendors", "suppliers", "ai provider", "provider",
        "external provider", "model provider", "dienstleister", "editeur", "prestataire", "developer", "vendor s",
        "technology provider",
    ]),
    field("datasets", Shape::Links("dataset_card"), &[
        "datasets", "dataset", "data sets", "data set", "data sets used", "datasets used", "training data set",
        "training datasets", "datensaetze", "datensatz", "jeux de donnees", "jeu de donnees", "training dataset",
    ]),
    field("users", Shape::Text, &[
        "intended users", "user group", "user groups", "users", "end users", "nutzer", "nutzergruppe", "anwender",
        "benutzer", "utilisateurs", "target users", "used by", "user base", "anwenderkreis",
    ]),
    field("affected_people", Shape::Text, &[
        "affected persons", "affected people", "affected parties", "data subjects", "impacted people",
        "affected groups", "betroffene", "betroffene personen", "personnes concernees", "stakeholders",
        "impacted groups", "who is affected", "subjects", "impacted stakeholders",
    ]),
    field("decision_effect", Shape::One(DECISION), &[
        "decision impact", "effect on decisions", "decision making", "decision role", "role in decision",
        "entscheidungswirkung", "decision support", "entscheidungseinfluss", "effect of output",
    ]),
    field("automation_level", Shape::One(AUTOMATION), &[
        "level of automation", "automation", "human oversight", "degree of automation", "autonomy", "autonomy level",
        "automatisierungsgrad", "menschliche aufsicht", "degre d automatisation", "human in the loop", "oversight",
        "human involvement", "supervision humaine", "human oversight level",
    ]),
    field("personal_data", Shape::Bool(BOOLEAN), &[
        "personal data", "pii", "processes personal data", "contains personal data", "personal data processed",
        "personal data used", "personenbezogene daten", "donnees personnelles", "has pii", "personal information",
        "gdpr relevant", "personal data involved", "personal data y n", "uses personal data",
        "personally identifiable information", "donnees a caractere personnel", "pii involved", "dsgvo relevant",
    ]),
    field("special_category_data", Shape::Bool(BOOLEAN), &[
        "special category data", "special categories", "sensitive data", "sensitive personal data",
        "special categories of personal data", "besondere kategorien",
        "besondere kategorien personenbezogener daten", "donnees sensibles", "art 9 data", "gdpr art 9",
    ]),
    field("jurisdictions", Shape::Places, &[
        "countries", "country", "jurisdiction", "region", "regions", "geography", "markets", "laender", "land",
        "pays", "countries of use", "country of use", "deployment region", "location of use", "einsatzland",
        "territory", "geographies",
    ]),
    field("ai_act_class", Shape::One(ACT_CLASS), &[
        "ai act class", "risk class", "risk tier", "ai act risk class", "eu ai act risk class",
        "eu ai act classification", "ai act classification", "eu ai act risk category", "ai act risk category",
        "ai act category", "risk category", "risk classification", "risikoklasse", "risikokategorie", "risikostufe",
        "risikoklasse ki vo", "classe de risque", "categorie de risque", "niveau de risque", "risk level",
        "ai risk level", "ai act risk level", "eu ai act", "ai act", "regulatory classification",
        "eu ai act risk tier", "ai risk tier", "risk", "risk rating", "high risk", "eu ai act risk level",
        "ki vo risikoklasse", "risikoeinstufung", "ai act risk tier", "classification ai act",
    ]),
    field("criticality", Shape::One(LEVELS), &[
        "business criticality", "criticality", "kritikalitaet", "criticite", "importance", "business impact",
        "impact", "priority", "kritisch", "business critical", "severity", "wichtigkeit",
    ]),
    field("in_scope", Shape::Bool(SCOPE), &[
        "in scope", "scope", "aims scope", "iso 42001 scope", "im geltungsbereich", "geltungsbereich",
        "in aims scope", "in scope of aims", "perimetre", "in scope y n",
    ]),
    field("go_live", Shape::Date, &[
        "go live date", "go live", "live since", "deployment date", "date deployed", "production date",
        "in production since", "launch date", "start date", "inbetriebnahme", "produktiv seit", "in betrieb seit",
        "date de mise en service", "mise en production", "operational date", "date implemented",
        "implementation date", "in use since", "live date", "go live datum", "einfuehrung", "einfuehrungsdatum",
        "date of deployment", "release date",
    ]),
    field("retire_by", Shape::Date, &[
        "retirement date", "retire by", "end of life", "eol", "decommission date", "sunset date",
        "ausserbetriebnahme", "end date", "abschaltung", "date de retrait", "date retired", "planned retirement",
        "end of life date",
    ]),
    field("next_review", Shape::Date, &[
        "next review", "review date", "next review date", "review due", "naechste pruefung",
        "naechste ueberpruefung", "ueberpruefung am", "prochaine revue", "review by", "next assessment",
        "next assessment date", "naechstes review", "pruefdatum", "wiedervorlage",
    ]),
    field("licence", Shape::Text, &["licence", "license", "lizenz", "license type", "licensing", "licence type"]),
    field("metrics", Shape::Metrics, &[
        "metrics", "performance metrics", "performance", "accuracy metrics", "kpis", "kpi", "kennzahlen",
        "model performance",
    ]),
    field("limitations", Shape::Text, &[
        "known limitations", "limitations", "restrictions", "known issues", "einschraenkungen", "grenzen", "limites",
        "prohibited uses", "out of scope use", "limits", "bekannte einschraenkungen",
    ]),
    field("state", Shape::State, &[
        "status", "state", "lifecycle stage", "lifecycle", "life cycle stage", "lifecycle status",
        "deployment status", "stage", "phase", "development stage", "stage of development", "stand", "zustand",
        "lebenszyklusphase", "statut", "etat", "operational status", "system status", "current status",
        "project status", "production status", "betriebsstatus", "lifecycle phase", "life cycle phase",
    ]),
];

#[rustfmt::skip]
static STATES: &[Choice] = &[
    choice("proposed", &[
        "proposed", "idea", "planned", "requested", "concept", "ideation", "new", "idee", "geplant", "vorgeschlagen",
        "propose", "planifie", "backlog", "intake", "planning", "initiation", "exploration", "submitted",
    ]),
    choice("under_assessment", &[
        "under assessment", "under review", "in review", "assessment", "in assessment", "in pruefung", "pruefung",
        "evaluation pending", "being assessed", "en evaluation",
    ]),
    choice("in_development", &[
        "in development", "development", "dev", "building", "build", "in progress", "implementation",
        "pre deployment", "in entwicklung", "entwicklung", "en developpement", "prototype", "poc",
        "proof of concept", "implementation and assessment", "acquisition and or development",
        "development and acquisition", "design",
    ]),
    choice("in_evaluation", &[
        "in evaluation", "evaluation", "test", "testing", "pilot", "piloting", "pilot phase", "in pilot",
        "pilotphase", "im test", "uat", "trial", "beta", "validation", "staging", "en test", "pilote",
    ]),
    choice("approved_for_deployment", &[
        "approved for deployment", "approved", "ready for deployment", "freigegeben", "approuve",
        "release candidate", "ready",
    ]),
    choice("in_operation", &[
        "in operation", "operational", "in production", "production", "prod", "live", "deployed", "active", "in use",
        "running", "operation and maintenance", "operations and maintenance", "go live", "in betrieb", "produktiv",
        "aktiv", "im einsatz", "en production", "en service", "actif", "in produktion", "productive", "operate",
        "implemented", "released", "rolled out",
    ]),
    choice("suspended", &[
        "suspended", "paused", "on hold", "stopped", "disabled", "ausgesetzt", "pausiert", "suspendu", "en pause",
    ]),
    choice("retiring", &[
        "retiring", "phase out", "phasing out", "sunset", "sunsetting", "being retired", "end of life", "auslaufend",
        "decommissioning",
    ]),
    choice("retired", &[
        "retired", "decommissioned", "inactive", "archived", "terminated", "closed", "ausser betrieb",
        "abgeschaltet", "stillgelegt", "inaktiv", "retire", "mis hors service",
    ]),
    choice("rejected", &["rejected", "declined", "cancelled", "abgelehnt", "rejete", "refuse"]),
];

#[rustfmt::skip]
static KIND: &[Choice] = &[
    choice("predictive", &[
        "predictive", "prediction", "classification", "classifier", "regression", "forecasting", "scoring",
        "classical ml", "classical machine learning", "machine learning", "ml", "supervised learning",
        "anomaly detection", "traditional ai", "vorhersage", "prognose", "klassifikation", "predictif", "nlp",
        "natural language processing", "deep learning", "predictive analytics", "unsupervised learning",
        "traditional ml",
    ]),
    choice("generative", &[
        "generative", "generative ai", "gen ai", "genai", "llm", "large language model", "chatbot",
        "foundation model", "text generation", "image generation", "generative ki", "generativ", "ia generative",
        "rag", "copilot", "conversational ai", "chat assistant", "virtual assistant",
    ]),
    choice("recommender", &[
        "recommender", "recommendation", "recommendation system", "recommendations", "personalisation",
        "personalization", "empfehlungssystem", "empfehlung", "recommandation", "ranking",
    ]),
    choice("vision", &[
        "vision", "computer vision", "image recognition", "image classification", "object detection",
        "facial recognition", "face recognition", "ocr", "bildverarbeitung", "bilderkennung",
        "vision par ordinateur", "image analysis",
    ]),
    choice("speech", &[
        "speech", "speech recognition", "voice", "speech to text", "text to speech", "transcription",
        "spracherkennung", "audio", "reconnaissance vocale", "asr",
    ]),
    choice("optimization", &[
        "optimization", "optimisation", "optimierung", "scheduling", "operations research",
        "planning and scheduling", "routing",
    ]),
    choice("rule_based", &[
        "rule based", "rules", "expert system", "rules engine", "rpa", "regelbasiert", "systeme expert",
        "knowledge based", "business rules", "symbolic ai",
    ]),
    choice("agent", &[
        "agent", "agentic", "agentic ai", "ai agent", "autonomous agent", "agents", "multi agent", "agent system",
    ]),
    choice("other", &["other", "sonstige", "sonstiges", "autre", "reinforcement learning", "robotics"]),
];

#[rustfmt::skip]
static ORIGIN: &[Choice] = &[
    choice("built", &[
        "built", "build", "in house", "inhouse", "internal", "make", "developed in house", "self developed",
        "custom", "own development", "eigenentwicklung", "intern", "selbst entwickelt", "interne",
        "developpe en interne", "proprietary", "custom built", "in house development", "internally developed",
        "custom developed", "homegrown", "yes",
    ]),
    choice("bought", &[
        "bought", "buy", "vendor", "third party", "3rd party", "external", "purchased", "saas", "commercial", "cots",
        "procured", "extern", "externe", "zugekauft", "gekauft", "kauf", "achete", "vendor purchased", "licensed",
        "supplier", "off the shelf", "commercial off the shelf", "outsourced", "vendor supplied", "eingekauft", "no",
        "vendor product", "contract",
    ]),
    choice("embedded", &[
        "embedded", "embedded in product", "embedded in software", "built into software", "feature of product",
        "eingebettet", "integriert", "integre", "embedded feature", "embedded ai",
    ]),
    choice("open_model", &[
        "open model", "open source", "open weights", "open weight", "open source model", "quelloffen", "oss",
        "hugging face",
    ]),
    choice("hybrid", &[
        "hybrid", "mixed", "co developed", "fine tuned", "finetuned", "customised vendor", "customized vendor",
        "contracting and in house", "both", "combination", "gemischt", "vendor and in house", "co development",
        "bought and customised", "api based", "built on vendor model", "built on third party model",
    ]),
];

#[rustfmt::skip]
pub(super) static ROLES: &[Choice] = &[
    choice("provider", &[
        "provider", "ai provider", "anbieter", "fournisseur", "platform provider", "service provider",
        "product provider",
    ]),
    choice("producer", &["producer", "ai producer", "hersteller", "producteur"]),
    choice("developer", &["developer", "ai developer", "entwickler", "developpeur", "builder"]),
    choice("customer", &["customer", "ai customer", "kunde", "client"]),
    choice("user", &["user", "ai user", "deployer", "nutzer", "betreiber", "utilisateur", "operator"]),
    choice("partner_integrator", &["integrator", "system integrator", "ai system integrator", "partner integrator"]),
    choice("partner_data_provider", &["data provider", "datenlieferant", "partner data provider"]),
    choice("subject", &["subject", "ai subject", "data subject", "betroffener"]),
    choice("authority", &["authority", "regulator", "behoerde", "policy maker"]),
];

#[rustfmt::skip]
static ACT_ROLES: &[Choice] = &[
    choice("provider", &["provider", "anbieter", "fournisseur"]),
    choice("deployer", &["deployer", "betreiber", "deployeur", "user", "deployer user"]),
    choice("importer", &["importer", "einfuehrer", "importeur"]),
    choice("distributor", &["distributor", "haendler", "distributeur"]),
    choice("authorised_representative", &[
        "authorised representative", "authorized representative", "bevollmaechtigter", "mandataire",
    ]),
    choice("product_manufacturer", &["product manufacturer", "produkthersteller", "fabricant de produits"]),
    choice("none", &["none", "keine", "no role", "aucun"]),
    choice("unknown", &["unknown", "tbd", "unbekannt", "to be determined", "offen", "inconnu"]),
];

#[rustfmt::skip]
static DECISION: &[Choice] = &[
    choice("none", &["none", "no effect", "no decision", "no decisions", "keine", "keiner", "aucun"]),
    choice("informs", &[
        "informs", "inform", "informational", "information", "informativ", "supports", "support", "decision support",
        "assists", "unterstuetzt", "advisory", "insight",
    ]),
    choice("recommends", &[
        "recommends", "recommendation", "recommend", "empfiehlt", "empfehlung", "recommande", "suggests",
        "human decides",
    ]),
    choice("decides", &[
        "decides", "decision", "automated decision", "fully automated", "automatic", "entscheidet", "automatisch",
        "decide", "makes decisions", "automated decision making", "autonomous",
    ]),
];

#[rustfmt::skip]
static AUTOMATION: &[Choice] = &[
    choice("human_in_loop", &[
        "human in loop", "human in the loop", "hitl", "in the loop", "human decides", "assisted", "manual approval",
        "decision support", "low", "mensch entscheidet", "yes", "human approval", "assistive", "partially automated",
        "semi automated", "human review",
    ]),
    choice("human_on_loop", &[
        "human on loop", "human on the loop", "hotl", "on the loop", "supervised", "monitored", "medium",
        "human monitors", "ueberwacht", "supervision",
    ]),
    choice("human_out_of_loop", &[
        "human out of loop", "human out of the loop", "hootl", "out of the loop", "fully automated", "autonomous",
        "fully autonomous", "vollautomatisch", "high", "no human", "full automation", "no", "human not in the loop",
    ]),
];

#[rustfmt::skip]
static ACT_CLASS: &[Choice] = &[
    choice("prohibited", &[
        "prohibited", "unacceptable", "unacceptable risk", "verboten", "inakzeptabel", "interdit", "inacceptable",
        "art 5", "banned", "unannehmbares risiko",
    ]),
    choice("high", &[
        "high", "high risk", "hoch", "hochrisiko", "hohes risiko", "haut risque", "eleve", "annex iii", "annex i",
        "high impact", "yes", "h", "hr", "art 6",
    ]),
    choice("limited", &[
        "limited", "limited risk", "begrenzt", "begrenztes risiko", "limite", "risque limite", "transparency",
        "transparency risk", "transparency obligations", "art 50", "l", "specific transparency risk",
    ]),
    choice("minimal", &[
        "minimal", "minimal risk", "low", "low risk", "no risk", "niedrig", "gering", "geringes risiko",
        "minimales risiko", "risque minimal", "faible", "minimal or no risk", "none", "minimal no risk",
    ]),
    choice("gpai", &[
        "gpai", "general purpose ai", "general purpose", "gpai model", "systemic risk", "gpai with systemic risk",
        "general purpose ai model",
    ]),
    choice("out_of_scope", &[
        "out of scope", "not in scope", "not an ai system", "not applicable", "exempt", "n a", "na",
        "kein ki system", "hors champ", "nicht anwendbar", "exempted",
    ]),
    choice("unknown", &[
        "unknown", "tbd", "to be determined", "not classified", "unclassified", "not assessed", "pending",
        "unbekannt", "offen", "noch offen", "inconnu", "a determiner", "to be classified",
    ]),
];
