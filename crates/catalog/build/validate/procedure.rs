//! Whether a decision procedure can be walked: every name in it resolves, every question is reached, none twice, and
//! every finding can be made.

use std::collections::{HashMap, HashSet};

use super::unique;
use crate::procedure::{AnswerOption, DecisionProcedure, Question};
use crate::{AnnexIii, Law};

/// Adds what is wrong to `found`.
pub(super) fn check(
    procedure: &DecisionProcedure,
    law: &Law,
    annex: &AnnexIii,
    found: &mut Vec<String>,
) {
    let p = procedure;
    unique("date fact", p.date_facts.iter().map(|one| one.id.as_str()), found);
    unique("outcome", p.outcomes.iter().map(|one| one.id.as_str()), found);
    unique("finding", p.findings.iter().map(|one| one.id.as_str()), found);
    unique("question", p.questions.iter().map(|one| one.id.as_str()), found);
    unique("verdict", p.verdicts.iter().map(|one| one.id.as_str()), found);
    let mut problems = Vec::new();
    let mut complain = |what: String| problems.push(format!("procedure {}: {what}", p.framework));
    for question in &p.questions {
        check_answers(question, annex, &mut complain);
        check_rules(procedure, law, question, &mut complain);
    }
    check_graph(procedure, &mut complain);
    check_findings(procedure, law, &mut complain);
    check_end(procedure, law, &mut complain);
    check_maps(procedure, law, &mut complain);
    check_prefills(procedure, &mut complain);
    check_points(procedure, annex, &mut complain);
    for obligation in law.obligations() {
        for id in obligation.requires_any.iter().chain(&obligation.requires_none) {
            if !known_entry(procedure, id) {
                complain(format!("{} asks for `{id}`, which nothing finds", obligation.id));
            }
        }
    }
    found.extend(problems);
}

/// Whether an entry of a condition is a finding or a kind of findings.
fn known_entry(procedure: &DecisionProcedure, entry: &str) -> bool {
    match entry.strip_prefix("kind:") {
        Some(kind) => procedure.findings.iter().any(|one| one.kind == kind),
        None => procedure.finding(entry).is_some(),
    }
}

/// Answers of one question: unique values, lists of values that may be given together.
fn check_answers(question: &Question, annex: &AnnexIii, complain: &mut impl FnMut(String)) {
    let id = &question.id;
    let mut values = HashSet::new();
    for answer in &question.answers {
        if !values.insert(answer.value.as_str()) {
            complain(format!("{id}: answer `{}` stands twice", answer.value));
        }
        for other in answer.excludes.iter().filter(|one| option(question, one).is_none()) {
            complain(format!("{id}: `{}` excludes `{other}`, which is no answer", answer.value));
        }
        if !answer.point.is_empty() && annex.point(&answer.point).is_none() {
            complain(format!("{id}: no use case `{}` in Annex III", answer.point));
        }
    }
    if question.answers.len() < 2 || question.answers.len() > 16 {
        complain(format!("{id}: has {} answers, not 2 to 16", question.answers.len()));
    }
    if !question.several && question.answers.iter().any(|one| one.exclusive) {
        complain(format!("{id}: takes one answer, so none is exclusive"));
    }
    let combinable = question.answers.iter().filter(|one| question.several && !one.exclusive);
    let next: HashSet<&str> = combinable.map(|one| question.next_after(one)).collect();
    if next.len() > 1 {
        complain(format!("{id}: answers that can be given together lead to different questions"));
    }
    check_choice(question, "on_unknown", &question.on_unknown, complain);
    for rule in &question.auto {
        check_choice(question, "auto", &rule.answer, complain);
    }
    let dated = question.date_fact.iter().flat_map(|one| [&one.if_before, &one.otherwise]);
    for choice in dated.filter(|one| !one.is_empty()) {
        check_choice(question, "date_fact", choice, complain);
    }
    for rule in question.implied.iter().chain(&question.suggest) {
        if !question.several || option(question, &rule.value).is_none_or(|one| one.exclusive) {
            complain(format!("{id}: `{}` can't be implied or suggested", rule.value));
        }
    }
}

fn option<'a>(question: &'a Question, value: &str) -> Option<&'a AnswerOption> {
    question.answers.iter().find(|one| one.value == value)
}

/// A list of values that somebody may give.
fn check_choice(
    question: &Question,
    rule: &str,
    choice: &[String],
    complain: &mut impl FnMut(String),
) {
    let id = &question.id;
    let options: Vec<_> = choice.iter().filter_map(|one| option(question, one)).collect();
    if options.len() != choice.len() || options.is_empty() {
        complain(format!("{id}: {rule} {choice:?} names what is no answer, or nothing"));
    }
    let excludes = |one: &&AnswerOption| one.excludes.iter().any(|other| choice.contains(other));
    let alone = options.iter().any(|one| one.exclusive || !question.several || excludes(one));
    if choice.len() > 1 && alone {
        complain(format!("{id}: {rule} {choice:?} can't be given together"));
    }
}

/// Conditions and names in the rules of one question.
fn check_rules(
    procedure: &DecisionProcedure,
    law: &Law,
    question: &Question,
    complain: &mut impl FnMut(String),
) {
    let id = &question.id;
    let gate = question.gate.iter().flat_map(|one| one.any_of.iter().chain(&one.none_of));
    let auto = question.auto.iter().flat_map(|one| one.any_of.iter().chain(&one.none_of));
    let values = question.implied.iter().chain(&question.suggest).flat_map(|one| &one.any_of);
    for entry in gate.chain(auto).chain(values).filter(|one| !known_entry(procedure, one)) {
        complain(format!("{id}: `{entry}` is no finding"));
    }
    let emitted = question.answers.iter().flat_map(|one| &one.emit);
    for finding in emitted.chain(question.gate.iter().flat_map(|one| &one.emit)) {
        if procedure.finding(finding).is_none() {
            complain(format!("{id}: emits `{finding}`, which is no finding"));
        }
    }
    let Some(rule) = &question.date_fact else { return };
    if !procedure.date_facts.iter().any(|one| one.id == rule.fact) {
        complain(format!("{id}: no date fact `{}`", rule.fact));
    }
    if rule.before.is_some() != rule.before_by_tier.is_empty() {
        complain(format!("{id}: a date fact needs `before` or `before_by_tier`"));
    }
    for row in &rule.before_by_tier {
        if law.version(&row.version).is_none()
            || !procedure.tiers.iter().any(|one| one.tier == row.tier)
        {
            complain(format!("{id}: no version {} or tier {}", row.version, row.tier));
        }
    }
}

/// Whether walking always ends, and passes everywhere.
fn check_graph(procedure: &DecisionProcedure, complain: &mut impl FnMut(String)) {
    let mut ways: HashMap<&str, Vec<&str>> = HashMap::new();
    for question in &procedure.questions {
        let answers = question.answers.iter().map(|one| question.next_after(one));
        let skip = question.gate.iter().map(|one| one.skip_to.as_str());
        ways.insert(&question.id, answers.chain(skip).collect());
    }
    for (from, targets) in &ways {
        for to in targets.iter().filter(|to| **to != procedure.end && !ways.contains_key(**to)) {
            complain(format!("{from}: leads to `{to}`, which is no question"));
        }
    }
    if ways.contains_key(procedure.end.as_str()) {
        complain(format!("the end `{}` is a question", procedure.end));
    }
    let mut reached = HashSet::new();
    let mut todo = vec![procedure.start.as_str()];
    while let Some(one) = todo.pop() {
        if reached.insert(one) {
            todo.extend(ways.get(one).into_iter().flatten());
        }
    }
    for question in procedure.questions.iter().filter(|one| !reached.contains(one.id.as_str())) {
        complain(format!("{}: can't be reached", question.id));
    }
    // What leads only to the end or to what is settled is settled; a circle never is.
    let mut settled: HashSet<&str> = HashSet::from([procedure.end.as_str()]);
    while settled.len() <= ways.len() {
        let leads_on = |to: &Vec<&str>| to.iter().all(|to| settled.contains(to));
        let more: Vec<&str> =
            ways.iter().filter(|(_, to)| leads_on(to)).map(|(from, _)| *from).collect();
        let before = settled.len();
        settled.extend(more);
        if settled.len() == before {
            complain("questions lead back to themselves".to_owned());
            return;
        }
    }
}

/// Whether each finding is made somewhere and dated by rows that exist.
fn check_findings(procedure: &DecisionProcedure, law: &Law, complain: &mut impl FnMut(String)) {
    let mut made: HashSet<&str> = HashSet::new();
    for question in &procedure.questions {
        made.extend(question.answers.iter().flat_map(|one| &one.emit).map(String::as_str));
        made.extend(question.gate.iter().flat_map(|one| &one.emit).map(String::as_str));
        if !question.suggest.is_empty() {
            made.insert(&procedure.declined_suggestion);
        }
    }
    made.extend(procedure.derived.iter().map(|one| one.finding.as_str()));
    for finding in &procedure.findings {
        let id = &finding.id;
        if !made.contains(id.as_str()) {
            complain(format!("nothing finds `{id}`"));
        }
        if finding.citations.is_empty() || finding.text.is_empty() {
            complain(format!("`{id}` needs text and citations"));
        }
        let dates = law.regimes.iter().filter(|one| one.id == finding.regime);
        let row = dates.flat_map(|one| &one.dates).any(|one| one.scope == finding.scope);
        if (!finding.regime.is_empty() || !finding.scope.is_empty()) && !row {
            complain(format!("`{id}`: no row {} in regime {}", finding.scope, finding.regime));
        }
    }
    let single = [&procedure.declined_suggestion];
    for id in procedure.pre_release.iter().chain(single).filter(|one| !one.is_empty()) {
        if procedure.finding(id).is_none() {
            complain(format!("`{id}` is no finding"));
        }
    }
    let kinds = procedure.reported_kinds.iter().chain(&procedure.reported_kinds_without_duties);
    for kind in kinds.filter(|kind| !procedure.findings.iter().any(|one| one.kind == **kind)) {
        complain(format!("no finding is of kind `{kind}`"));
    }
}

/// Verdicts and what is derived after them.
fn check_end(procedure: &DecisionProcedure, law: &Law, complain: &mut impl FnMut(String)) {
    let outcome = |id: &String| procedure.outcome(id).is_some();
    for verdict in &procedure.verdicts {
        let id = &verdict.id;
        if !outcome(&verdict.outcome) {
            complain(format!("{id}: no outcome `{}`", verdict.outcome));
        }
        let entries = verdict.any_of.iter().chain(&verdict.none_of);
        let weighed = verdict.confidence_if.iter().map(|one| &one.finding);
        for entry in entries.chain(weighed).filter(|one| !known_entry(procedure, one)) {
            complain(format!("{id}: `{entry}` is no finding"));
        }
    }
    if !procedure.verdicts.last().is_some_and(|one| one.any_of.is_empty() && one.none_of.is_empty())
    {
        complain("the last verdict must hold without conditions".to_owned());
    }
    for one in procedure.outcomes.iter() {
        if !procedure.verdicts.iter().any(|verdict| verdict.outcome == one.id) {
            complain(format!("no verdict comes to `{}`", one.id));
        }
    }
    if !procedure.outcomes.is_sorted_by(|a, b| a.strictness >= b.strictness) {
        complain("outcomes stand strictest first".to_owned());
    }
    for one in law.outcomes_without_duties.iter().filter(|one| !outcome(one)) {
        complain(format!("outcome without duties `{one}` is no outcome"));
    }
    for derived in &procedure.derived {
        let entries = derived.any_of.iter().chain(&derived.none_of).chain([&derived.finding]);
        for entry in entries.filter(|one| !known_entry(procedure, one)) {
            complain(format!("derived {}: `{entry}` is no finding", derived.finding));
        }
        let outcomes = derived.unless_outcomes.iter().chain(&derived.only_outcomes);
        for id in outcomes.filter(|id| !outcome(id)) {
            complain(format!("derived {}: no outcome `{id}`", derived.finding));
        }
    }
}

/// Roles, tiers and role changes.
fn check_maps(procedure: &DecisionProcedure, law: &Law, complain: &mut impl FnMut(String)) {
    for one in &procedure.roles {
        let roles = std::iter::once(&one.role).chain(&one.needs_role);
        if !roles.into_iter().all(|role| law.roles.contains(role)) {
            complain(format!("role of `{}` is not one of the law", one.finding));
        }
        if procedure.finding(&one.finding).is_none() {
            complain(format!("role of `{}`, which is no finding", one.finding));
        }
    }
    for one in &procedure.tiers {
        if !law.tiers.contains(&one.tier)
            || !one.any_of.iter().all(|entry| known_entry(procedure, entry))
            || !one.outcomes.iter().all(|id| procedure.outcome(id).is_some())
        {
            complain(format!("tier `{}` or one of its conditions is not known", one.tier));
        }
    }
    for one in law.transitions.iter().filter(|one| procedure.finding(&one.finding).is_none()) {
        complain(format!("transition of `{}`, which is no finding", one.finding));
    }
    for one in &procedure.role_changes {
        match procedure.question(&one.node) {
            Some(question) => check_choice(question, &one.id, &one.answer, complain),
            None => complain(format!("{}: no question `{}`", one.id, one.node)),
        }
        if procedure.finding(&one.finding).is_none() {
            complain(format!("{}: `{}` is no finding", one.id, one.finding));
        }
    }
}

fn check_prefills(procedure: &DecisionProcedure, complain: &mut impl FnMut(String)) {
    for one in &procedure.prefills {
        let groups = one.fields.values().chain(one.unless.values()).flatten();
        for name in groups.filter_map(|value| value.strip_prefix('@')) {
            if !procedure.value_groups.contains_key(name) {
                complain(format!("prefill: no group of values `{name}`"));
            }
        }
        match (procedure.question(&one.node), one.date_fact.as_str()) {
            (Some(question), "") => check_choice(question, "prefill", &one.answer, complain),
            (None, fact) if procedure.date_facts.iter().any(|known| known.id == fact) => {}
            (_, _) => complain(format!("prefill of `{}{}` has no target", one.node, one.date_fact)),
        }
    }
}

/// Every use case is a finding and the answer to a question.
fn check_points(
    procedure: &DecisionProcedure,
    annex: &AnnexIii,
    complain: &mut impl FnMut(String),
) {
    for point in &annex.points {
        let asked = procedure.questions.iter().flat_map(|one| &one.answers);
        let found =
            asked.filter(|one| one.point == point.id).any(|one| one.emit.contains(&point.id));
        if !found || procedure.finding(&point.id).is_none() {
            complain(format!("Annex III {} is not asked about", point.point));
        }
        if !annex.areas.iter().any(|area| area.number == point.area) {
            complain(format!("Annex III {}: no area {}", point.point, point.area));
        }
    }
}
