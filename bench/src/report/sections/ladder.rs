//! A ladder: how a time becomes shorter, one cause at a time.

use super::{NOTHING, Table};
use crate::format::{estimated_time, ratio, verdict};
use crate::report::figures::Results;
use crate::report::figures::ladder::rungs;
use crate::study::{self, Step};

/// The ladder as a table.
pub fn ladder(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let mut drawn = Table::new(
        "step | one cause | time | times as fast as the step before | times as fast as the first",
    );
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
        let missing = if rung.failed { "failed" } else { NOTHING };
        drawn.add_row([
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
    drawn.filled()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Role;
    use crate::report::sections::regimes::content;
    use crate::report::tests::{self as fixture, results, timed};

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
        let lines = fixture::shown(results);
        let cells = lines[2..].iter().map(|line| {
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
        let lines = &fixture::shown(&of)[2..];
        assert!(
            lines[1].starts_with("| b | algorithm | – |  |"),
            "{lines:?}"
        );
        assert!(
            lines[2].starts_with("| c | language | failed |  |"),
            "{lines:?}"
        );
        assert!(lines[3].contains("|  | 120 [120, 120] |"), "{lines:?}");
    }

    #[test]
    fn where_nothing_was_measured_there_is_no_ladder() {
        let of = of(&[("size/100-8", "ref", 10)]);
        assert!(content(&of, &of.record.study.tables[0]).is_none());
    }
}
