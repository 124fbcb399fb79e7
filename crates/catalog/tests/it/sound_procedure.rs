//! The check of the build script on the decision procedure: each damage is named.

use std::path::Path;

use crate::{
    procedure::{DecisionProcedure, Question},
    source::{self, Everything},
    validate::problems,
};

fn everything() -> Everything {
    source::read(Path::new("../../catalogs")).unwrap()
}

fn question<'a>(procedure: &'a mut DecisionProcedure, id: &str) -> &'a mut Question {
    procedure.questions.iter_mut().find(|one| one.id == id).unwrap()
}

#[test]
fn each_damage_of_the_procedure_is_named() {
    type Damage = fn(&mut DecisionProcedure);
    let damages: [(Damage, &str); 18] = [
        (|p| p.framework = "x".into(), "procedure `x` has no law"),
        (|p| p.start = "x".into(), "def.machine: can't be reached"),
        (|p| question(p, "p.a1").next = "x".into(), "p.a1: leads to `x`, which is no question"),
        (|p| question(p, "p.b1").next = "p.a1".into(), "lead back to themselves"),
        (
            |p| question(p, "p.a1").answers[1].value = "yes".into(),
            "p.a1: answer `yes` stands twice",
        ),
        (|p| question(p, "p.a1").on_unknown = vec!["x".into()], "p.a1: on_unknown [\"x\"]"),
        (
            |p| question(p, "p.a1").on_unknown = vec!["yes".into(), "no".into()],
            "can't be given together",
        ),
        (
            |p| question(p, "a3.5").on_unknown = vec!["5(b)".into(), "x5(b)".into()],
            "can't be given together",
        ),
        (|p| question(p, "a3.4").answers[0].next = "end".into(), "lead to different questions"),
        (|p| question(p, "a3.4").answers[0].point = "a3.9".into(), "no use case `a3.9`"),
        (|p| question(p, "p.a3").answers[0].emit.clear(), "nothing finds `prohibited.a`"),
        (
            |p| question(p, "d.check").auto[0].any_of = vec!["kind:x".into()],
            "d.check: `kind:x` is no finding",
        ),
        (|p| p.findings[0].citations.clear(), "`subject.model_only` needs text and citations"),
        (
            |p| p.findings.iter_mut().for_each(|one| one.regime = one.regime.replace("art5", "x")),
            "`prohibited.a`: no row all in regime x",
        ),
        (|p| drop(p.verdicts.pop()), "the last verdict must hold without conditions"),
        (|p| p.outcomes.reverse(), "outcomes stand strictest first"),
        (|p| p.roles[0].role = "x".into(), "role of `role.provider` is not one of the law"),
        (|p| p.prefills[0].answer = vec!["x".into()], "start: prefill [\"x\"]"),
    ];
    for (damage, expected) in damages {
        let mut all = everything();
        damage(&mut all.procedures[0]);
        let found = problems(&all).join("\n");
        assert!(found.contains(expected), "expected `{expected}` in:\n{found}");
    }
}

#[test]
fn what_duties_and_annex_iii_ask_for_must_be_found() {
    let mut all = everything();
    all.laws[0].articles[0].obligations[0].requires_any = vec!["x".into()];
    all.annex_iii.points[0].id = "a3.0".into();
    let found = problems(&all).join("\n");
    assert!(found.contains("asks for `x`, which nothing finds"), "{found}");
    assert!(found.contains("Annex III 1(a) is not asked about"), "{found}");
}
