//! One question at a time.

use surety_law::classification::{Answers, Procedure, classify, next_question};

use super::reference::{ON, Walk, answers, scenarios};

#[test]
fn questions_come_in_the_order_of_the_walk_and_end_with_it() {
    for scenario in scenarios() {
        let mut given = Answers::default();
        let mut walk = Walk::start(scenario.on);
        let mut asked = 0;
        while let Some(question) =
            next_question(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap()
        {
            assert_eq!(question.progress.answered, asked);
            assert!(question.progress.left_at_least <= scenario.answers.len() - asked);
            assert!(question.progress.left_at_most >= scenario.answers.len() - asked);
            assert_eq!(*question.node, walk.question().unwrap().id, "{}", scenario.id);
            let values = &scenario.answers[&*question.node];
            given.set(&question.node, values);
            walk = walk.answer(values).unwrap();
            asked += 1;
        }
        assert!(walk.question().is_none(), "{}", scenario.id);
        assert_eq!(asked, scenario.answers.len());
    }
}

#[test]
fn it_goes_on_where_it_was_left() {
    let scenario = &scenarios()[0];
    let mut given = answers(&scenario.answers);
    given.remove("p.gen");
    given.remove("t.1");
    let next = |given: &Answers| next_question(Procedure::ai_act(), given, ON, ON).unwrap();
    assert_eq!(&*next(&given).unwrap().node, "p.gen");
    given.set("p.gen", ["no"]);
    assert_eq!(&*next(&given).unwrap().node, "t.1", "later answers are still there");
    given.set("t.1", ["no"]);
    assert_eq!(next(&given), None);
}

#[test]
fn what_is_not_known_is_passed_and_stays_open() {
    let scenario = &scenarios()[0];
    let given = answers(&scenario.answers).with("d.profiling", Vec::<String>::new());
    let next = next_question(Procedure::ai_act(), &given, ON, ON).unwrap();
    assert_eq!(next, None, "the cautious answer leads on to what is answered");
    let result = classify(Procedure::ai_act(), &given, ON, ON).unwrap();
    assert_eq!(&*result.open_points[0], "d.profiling");
    let open: Vec<&str> = result.still_open.iter().map(|one| &*one.node).collect();
    assert_eq!(open, ["d.profiling", "d.cond", "d.sig", "d.harm"]);
}

#[test]
fn what_follows_is_preselected_with_its_reason() {
    let scenario = &scenarios()[0];
    let mut given = answers(&scenario.answers).with("p.g1", ["yes"]).with("p.g2", ["yes"]);
    given.remove("a3.1");
    let question = next_question(Procedure::ai_act(), &given, ON, ON).unwrap().unwrap();
    assert_eq!(&*question.node, "a3.1");
    assert_eq!(
        (&*question.suggested[0], &*question.suggested_because[0]),
        ("1(b)", "cleared.g_exc")
    );
    assert!(question.answers.iter().all(|one| !one.implied), "only suggested");
    given.set("p.g2", ["no"]);
    let question = next_question(Procedure::ai_act(), &given, ON, ON).unwrap().unwrap();
    let implied = question.answers.iter().find(|one| one.implied).unwrap();
    assert_eq!((&*implied.value, &*implied.point), ("1(b)", "a3.1(b)"));
}

#[test]
fn a_question_that_a_date_answers_names_the_date() {
    let scenario = scenarios().into_iter().find(|one| one.id == "sc.03").unwrap();
    let mut given = answers(&scenario.answers);
    given.remove("t.2d");
    let question = next_question(Procedure::ai_act(), &given, ON, ON).unwrap().unwrap();
    assert_eq!(&*question.date.unwrap().fact, "system_placed_on");
}
