//! Answers that are refused, with what is wrong and what to do.

use jiff::civil::date;
use surety_law::classification::{Answers, Procedure, classify};

use super::reference::{ON, answers, scenarios};

#[test]
fn unsound_answers_are_refused_with_the_question_and_what_to_do() {
    let base = || answers(&scenarios()[0].answers);
    let watching = || base().with("p.h1", ["yes"]).with("p.h2", ["no"]);
    for (given, message) in [
        (
            base().with("start.what", ["system"]),
            "there is no question `start.what` (`start`?); take the names from the procedure",
        ),
        (
            base().with("end", ["yes"]),
            "there is no question `end`; take the names from the procedure",
        ),
        (
            base().with("start", ["thing"]),
            "question `start` has no answer `thing`; answer `system`, `model`, `both`",
        ),
        (
            base().with("start", ["system", "both"]),
            "question `start` takes one answer, not `system`, `both`; keep one",
        ),
        (
            base().with("a3.4", ["4(a)", "none"]),
            "answer `none` to `a3.4` stands alone, but `4(a)` came with it; drop one or the other",
        ),
        (
            base().with("a3.5", ["5(b)", "x5(b)"]),
            "answers `5(b)` and `x5(b)` to `a3.5` exclude each other; keep one",
        ),
        (
            watching().with("a3.1", ["x1(a)"]),
            "answer `x1(a)` to `a3.1` contradicts `cleared.h_notle`, from which `1(a)` follows; \
             answer `1(a)` instead or correct `p.h2`",
        ),
    ] {
        let refused = classify(Procedure::ai_act(), &given, ON, ON).unwrap_err();
        assert_eq!(refused.to_string(), message);
    }
}

#[test]
fn an_unknown_date_is_refused() {
    let mut given = Answers::default();
    given.set_date("sold_on", date(2026, 1, 1));
    assert_eq!(
        classify(Procedure::ai_act(), &given, ON, ON).unwrap_err().to_string(),
        "there is no date `sold_on`; dates are `system_placed_on`, `model_placed_on`, \
         `significant_change_on`"
    );
}

#[test]
fn what_follows_is_added_to_an_answer_that_does_not_exclude_it() {
    let given = answers(&scenarios()[0].answers)
        .with("p.h1", ["yes"])
        .with("p.h2", ["no"])
        .with("a3.1", ["none"])
        .with("a3.1.legal", ["yes"]);
    let result = classify(Procedure::ai_act(), &given, ON, ON).unwrap();
    assert!(result.found("a3.1(a)"));
    let step = result.why.path.iter().find(|step| &*step.node == "a3.1").unwrap();
    let answered: Vec<&str> = step.answers.iter().map(|one| &*one.value).collect();
    assert_eq!(
        (answered, &*step.implied[0], &*step.because[0]),
        (vec!["1(a)"], "1(a)", "cleared.h_notle")
    );
}

#[test]
fn a_suggestion_that_is_not_kept_is_marked() {
    let given = answers(&scenarios()[0].answers).with("p.g1", ["yes"]).with("p.g2", ["yes"]);
    let result = classify(Procedure::ai_act(), &given, ON, ON).unwrap();
    assert!(result.found("a3.check_declined"));
}

#[test]
fn answers_that_nothing_asked_for_are_told() {
    let given = answers(&scenarios()[0].answers).with("t.2x", ["none"]).with("fr.who", ["public"]);
    let result = classify(Procedure::ai_act(), &given, ON, ON).unwrap();
    let unused: Vec<String> = result
        .unused
        .iter()
        .map(|one| format!("{} {:?} {:?}", one.node, one.because, one.instead))
        .collect();
    assert_eq!(unused, ["fr.who Automatic [\"other\"]", "t.2x NotReached []"]);
}
