//! A ladder: how a time becomes shorter, one cause at a time.

use super::Results;
use super::format::{estimated_time, ratio, verdict};
use super::table::Table;
use crate::analysis::{Estimate, Role, Row};
use crate::study::{self, Step};

/// One step, as far as it was measured.
pub struct Rung<'a> {
    pub step: &'a Step,
    pub time: Option<Estimate>,
    /// The step that it is compared with, and how many times as fast it is.
    pub over: Option<(&'a Step, Estimate)>,
    /// How many times as fast as the first step it is.
    pub over_first: Option<Estimate>,
    failed: bool,
}

/// The steps of a ladder; nothing where none of them was measured.
pub fn rungs<'a>(results: &'a Results, table: &'a study::Table) -> Option<Vec<Rung<'a>>> {
    let rung = |(place, step): (usize, &'a Step)| {
        let before = table.step_before(place);
        Rung {
            step,
            time: time(results, step),
            over: before.and_then(|before| Some((before, faster(results, step, before)?))),
            over_first: table.steps[..place]
                .first()
                .and_then(|first| faster(results, step, first)),
            failed: results.record.failed(&step.contender, &step.case).is_some(),
        }
    };
    let rungs: Vec<Rung> = table.steps.iter().enumerate().map(rung).collect();
    let measured = rungs.iter().any(|rung| rung.time.is_some());
    measured.then_some(rungs)
}

fn row(step: &Step) -> Row<'_> {
    (&step.case, &step.contender, Role::Call)
}

fn time(results: &Results, step: &Step) -> Option<Estimate> {
    let timed = results.timed(&step.case, &step.contender)?;
    Some(timed.time)
}

/// How many times as fast one step is as another, from the processes that timed both.
fn faster(results: &Results, step: &Step, other: &Step) -> Option<Estimate> {
    time(results, step)?;
    time(results, other)?;
    results.timings.ratio_across(row(other), row(step))
}

/// The ladder as a table.
pub fn ladder(results: &Results, table: &study::Table) -> Option<String> {
    let mut drawn = Table::new(&[
        "step",
        "one cause",
        "time",
        "times as fast as the step before",
        "times as fast as the first",
    ]);
    let mut before: Option<&Step> = None;
    for rung in rungs(results, table)? {
        let over = rung.over.as_ref().map(|(other, e)| {
            let skipped = before.is_some_and(|before| before.title != other.title);
            let of = if skipped {
                format!(", over *{}*", other.title)
            } else {
                String::new()
            };
            format!("{} {}{of}", ratio(e), verdict(e))
        });
        let missing = if rung.failed { "failed" } else { "–" };
        drawn.row(&[
            rung.step.title.clone(),
            rung.step.cause.clone(),
            rung.time
                .as_ref()
                .map_or(missing.to_owned(), estimated_time),
            over.unwrap_or_default(),
            rung.over_first.as_ref().map_or(String::new(), ratio),
        ]);
        before = Some(rung.step);
    }
    Some(drawn.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::regimes::content;
    use crate::report::regimes::tests::{results, timed};

    const LADDER: &str = r#"
        [[table]]
        name = "t"
        kind = "ladder"
        title = "T"
        steps = [
            { title = "a", cause = "first", case = "size/1-8", contender = "ref" },
            { title = "b", cause = "algorithm", case = "size/10-8", contender = "ref" },
            { title = "c", cause = "language", case = "size/1-8", contender = "base", over = "a" },
            { title = "d", cause = "both", case = "size/10-8", contender = "base" },
        ]
    "#;

    /// Processes of which each is slower than the one before, which hits all steps alike.
    fn of(steps: &[(&str, &str, u64)]) -> Results {
        let steps = steps.iter().map(|(case, contender, ns)| {
            let slower = move |block| ns * (10 + u64::from(block));
            timed(case, contender, Role::Call, slower)
        });
        results(LADDER, &steps.collect::<Vec<_>>().concat())
    }

    fn shown(results: &Results) -> Vec<String> {
        let table = &results.record.study.tables[0];
        let text = content(results, table).unwrap_or_default();
        let cells = text.lines().skip(2).map(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            format!("{}: {}; {}", cells[0], cells[3], cells[4])
        });
        cells.collect()
    }

    #[test]
    fn each_step_is_compared_in_the_same_processes_across_cases() {
        let of = of(&[
            ("size/1-8", "ref", 1200),
            ("size/10-8", "ref", 400),
            ("size/1-8", "base", 30),
            ("size/10-8", "base", 10),
        ]);
        // The processes differ by two fifths, the ratios within each do not.
        assert_eq!(
            shown(&of),
            [
                "| a: ;  |",
                "| b: 3.00 [3.00, 3.00] different; 3.00 [3.00, 3.00] |",
                "| c: 40.0 [40.0, 40.0] different, over *a*; 40.0 [40.0, 40.0] |",
                "| d: 3.00 [3.00, 3.00] different; 120 [120, 120] |",
            ]
        );
    }

    #[test]
    fn a_step_that_failed_is_a_row_and_nothing_is_compared_with_it() {
        let mut of = of(&[
            ("size/1-8", "ref", 1200),
            ("size/1-8", "base", 30),
            ("size/10-8", "base", 10),
        ]);
        let record = &mut of.record;
        record.fail("base", Some("size/1-8"), "verify", "wrong".to_owned());
        let table = &of.record.study.tables[0];
        let text = content(&of, table).unwrap();
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert!(lines[1].starts_with("| b | algorithm | – |  |"), "{text}");
        assert!(
            lines[2].starts_with("| c | language | failed |  |"),
            "{text}"
        );
        assert!(lines[3].contains("|  | 120 [120, 120] |"), "{text}");
    }

    #[test]
    fn where_nothing_was_measured_there_is_no_ladder() {
        let of = of(&[("size/100-8", "ref", 10)]);
        assert!(content(&of, &of.record.study.tables[0]).is_none());
    }
}
