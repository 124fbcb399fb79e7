//! One question after the other, on a terminal or whatever else reads and writes lines.

use std::io::{self, BufRead, Write};

use jiff::civil::Date;
use surety_law::classification::{Answers, Prefilled, Procedure, Question, next_question};

use crate::output::WrongUse;

/// Where questions are put and answers come from.
pub(super) struct Terminal<R, W> {
    pub(super) input: R,
    pub(super) output: W,
}

/// What somebody typed.
enum Reply {
    Values(Vec<String>),
    Date(Date),
    Unknown,
    Help,
    Back,
    Stop,
    Unclear(String),
}

impl<R: BufRead, W: Write> Terminal<R, W> {
    /// Asks until no question is left or somebody stops, and gives all answers back: those that were known and the new.
    ///
    /// The end of the input stops, so that nothing that was said is lost.
    pub(super) fn ask(
        mut self,
        known: Answers,
        prefilled: &Prefilled,
        (on, law_as_of): (Date, Date),
    ) -> anyhow::Result<Answers> {
        let procedure = Procedure::ai_act();
        let mut answers = known;
        let mut trail: Vec<(String, Answers)> = Vec::new();
        self.greet(prefilled)?;
        while let Some(question) = next_question(procedure, &answers, on, law_as_of)
            .map_err(|error| WrongUse(error.to_string()))?
        {
            self.put(&question)?;
            let before = answers.clone();
            match self.reply(&question)? {
                Reply::Values(values) => answers.set(&question.node, values),
                Reply::Date(date) => {
                    if let Some(fact) = &question.date {
                        answers.set_date(&fact.fact, date);
                    }
                }
                Reply::Unknown => answers.set(&question.node, Vec::<String>::new()),
                Reply::Help => {
                    self.help(&question)?;
                    continue;
                }
                Reply::Back => {
                    match trail.pop() {
                        Some((_, earlier)) => answers = earlier,
                        None => writeln!(self.output, "  this is the first question")?,
                    }
                    continue;
                }
                Reply::Stop => break,
                Reply::Unclear(what) => {
                    writeln!(self.output, "  {what}")?;
                    continue;
                }
            }
            // An answer that contradicts earlier ones is asked again, with the reason.
            if let Err(error) = next_question(procedure, &answers, on, law_as_of) {
                writeln!(self.output, "  {error}")?;
                answers = before;
                continue;
            }
            trail.push((question.node.to_string(), before));
        }
        Ok(answers)
    }

    fn greet(&mut self, prefilled: &Prefilled) -> io::Result<()> {
        writeln!(
            self.output,
            "Answer with numbers (several with commas), u: not known, ?: help, b: back, q: stop here and go on later."
        )?;
        for one in &prefilled.suggestions {
            let values = one.values.join(", ");
            writeln!(
                self.output,
                "  from the inventory: {} = {values} ({})",
                one.node, one.because
            )?;
        }
        Ok(())
    }

    fn put(&mut self, question: &Question) -> io::Result<()> {
        let progress = question.progress;
        let out = &mut self.output;
        let left = (progress.left_at_least, progress.left_at_most);
        writeln!(out, "\n{} answered, {} to {} left", progress.answered, left.0, left.1)?;
        writeln!(out, "{}  [{}]", question.question, question.citations.join(", "))?;
        for (number, answer) in (1..).zip(&question.answers) {
            let mark = match (answer.implied, question.suggested.contains(&answer.value)) {
                (true, _) => "  (follows already)",
                (false, true) => "  (suggested)",
                (false, false) => "",
            };
            writeln!(out, "  {number:>2}  {}{mark}", answer.label)?;
        }
        if let Some(date) = &question.date {
            writeln!(out, "  or a date, such as 2026-08-02: {}", date.question)?;
        }
        write!(out, "{} > ", if question.several { "one or several" } else { "one" })?;
        out.flush()
    }

    fn help(&mut self, question: &Question) -> io::Result<()> {
        writeln!(self.output, "  {}", question.help)?;
        if !question.note.is_empty() {
            writeln!(self.output, "  {}", question.note)?;
        }
        for answer in question.answers.iter().filter(|answer| !answer.explain.is_empty()) {
            writeln!(self.output, "  - {}: {}", answer.label, answer.explain)?;
        }
        writeln!(self.output, "  if not known: {}", question.if_unknown.join(", "))
    }

    fn reply(&mut self, question: &Question) -> io::Result<Reply> {
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            return Ok(Reply::Stop);
        }
        Ok(read(line.trim(), question))
    }
}

/// What a line says about a question: commands, numbers or the values themselves.
fn read(line: &str, question: &Question) -> Reply {
    match line {
        "u" => return Reply::Unknown,
        "?" => return Reply::Help,
        "b" => return Reply::Back,
        "q" => return Reply::Stop,
        "" if !question.suggested.is_empty() => {
            return Reply::Values(question.suggested.iter().map(ToString::to_string).collect());
        }
        _ => {}
    }
    if let (Some(_), Ok(date)) = (&question.date, line.parse()) {
        return Reply::Date(date);
    }
    let mut values = Vec::new();
    for word in line.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let numbered = word.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let answer = match numbered {
            Some(place) => question.answers.get(place),
            None => question.answers.iter().find(|answer| &*answer.value == word),
        };
        match answer {
            Some(answer) => values.push(answer.value.to_string()),
            None => {
                let last = question.answers.len();
                return Reply::Unclear(format!("`{word}` is no answer; a number from 1 to {last}"));
            }
        }
    }
    match values.len() {
        0 => Reply::Unclear("an answer, please; u if it is not known".to_owned()),
        1 => Reply::Values(values),
        _ if question.several => Reply::Values(values),
        _ => Reply::Unclear("only one of them, please".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn told(lines: &str, known: Answers) -> (Answers, String) {
        let mut shown = Vec::new();
        let terminal = Terminal { input: lines.as_bytes(), output: &mut shown };
        let day = date(2026, 11, 21);
        let answers = terminal.ask(known, &Prefilled::default(), (day, day)).unwrap();
        (answers, String::from_utf8(shown).unwrap())
    }

    fn first() -> Question {
        let day = date(2026, 11, 21);
        next_question(Procedure::ai_act(), &Answers::default(), day, day).unwrap().unwrap()
    }

    #[test]
    fn a_number_answers_and_the_end_of_input_keeps_what_was_said() {
        let (answers, shown) = told("1\n", Answers::default());
        let question = first();
        assert_eq!(answers.get(&question.node).unwrap(), [question.answers[0].value.to_string()]);
        assert!(shown.contains(&*question.question));
    }

    #[test]
    fn going_on_asks_the_question_after_the_last_answer() {
        let (half, _) = told("1\nq\n", Answers::default());
        let (_, shown) = told("q\n", half);
        assert!(!shown.contains(&*first().question));
    }

    #[test]
    fn back_takes_the_last_answer_away() {
        let (answers, _) = told("1\nb\nq\n", Answers::default());
        assert_eq!(answers, Answers::default());
    }

    #[test]
    fn not_known_passes_the_question() {
        let (answers, _) = told("u\nq\n", Answers::default());
        assert_eq!(answers.get(&first().node), Some(&[][..]));
    }

    #[test]
    fn what_is_no_answer_is_asked_again() {
        let (answers, shown) = told("99\nnonsense\n\u{7f}\nq\n", Answers::default());
        assert_eq!(answers, Answers::default());
        assert!(shown.contains("`99` is no answer; a number from 1 to"));
    }

    #[test]
    fn not_knowing_anything_comes_to_an_end() {
        let (_, shown) = told(&"u\n".repeat(500), Answers::default());
        assert!(shown.matches(" left\n").count() < 200);
    }
}
