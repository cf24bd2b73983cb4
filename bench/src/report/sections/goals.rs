//! The goals of the study, and whether they are met.

use super::{Item, NOT_EQUAL_MEANS, Table, code};
use crate::analysis::Estimate;
use crate::format::{digits, estimated_time, ratio};
use crate::report::figures::Results;
use crate::report::figures::goals::aims;

/// Every goal in every case that was measured; nothing where the study has none.
pub fn goals(results: &Results) -> Vec<Item> {
    if results.record.study.goals.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(
        "work | case | beside | its time | contender | its time | times as fast | goal | verdict",
    );
    for aim in &aims(results) {
        let [beside, theirs, faster, verdict] = aim.against.as_ref().map_or_else(
            || ["nobody", "–", "–", "not resolved"].map(str::to_owned),
            |(other, time, faster)| {
                [
                    results.marked(&other.name),
                    estimated_time(time),
                    ratio(faster),
                    judged(faster, aim.goal.at_least).to_owned(),
                ]
            },
        );
        table.add_row([
            aim.goal.work.clone(),
            code(&aim.case.name),
            beside,
            theirs,
            results.marked(&aim.goal.contender),
            estimated_time(&aim.time),
            faster,
            format!("≥ {}", digits(aim.goal.at_least)),
            verdict,
        ]);
    }
    let Some(table) = table.filled() else {
        return vec!["The record has nothing for the goals of the study.".into()];
    };
    let note = format!(
        "Each goal is compared with the fastest contender that it names and that took part in the \
         case. If it names none, it is compared with the fastest peer. Both were timed in the same \
         processes. *Met*: the whole interval is at or above the goal. *Missed*: the whole interval \
         is below it. ≈: there are too few runs for an interval, so the range decides. {NOT_EQUAL_MEANS}"
    );
    vec![table.into(), note.into()]
}

/// Whether a factor is at the goal.
fn judged(faster: &Estimate, goal: f64) -> &'static str {
    match (faster.low >= goal, faster.high < goal, faster.range) {
        (true, _, false) => "met",
        (true, _, true) => "≈ met",
        (_, true, false) => "missed",
        (_, true, true) => "≈ missed",
        _ => "not resolved",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Slice;
    use crate::report::formats::markdown;
    use crate::report::tests::{drifting, results};

    const GOALS: &str = r#"
        [[goal]]
        work = "named"
        cases = "^size/1-"
        contender = "base"
        against = ["ref"]
        at_least = 10.0
        [[goal]]
        work = "best"
        cases = "^size/"
        contender = "base"
        at_least = 2.0
    "#;

    /// Two peers beside the contenders.
    fn of(slices: &[Slice]) -> Results {
        let mut of = results(GOALS, slices);
        for name in ["p", "q"] {
            let mut peer = of.record.study.contenders[2].clone();
            peer.name = name.to_owned();
            peer.title = name.to_uppercase();
            peer.distributions = vec![name.to_owned()];
            peer.equal_work = false;
            of.record.study.contenders.push(peer);
        }
        of
    }

    fn shown(of: &Results) -> Vec<String> {
        let text = markdown::items(&goals(of));
        let rows = text.lines().filter(|line| line.contains("`size/"));
        let cells = rows.map(|line| {
            let cells: Vec<&str> = line.trim_matches(['|', ' ']).split(" | ").collect();
            [cells[0], cells[1], cells[2], cells[8]].join("; ")
        });
        cells.collect()
    }

    #[test]
    fn a_goal_is_about_the_best_in_each_case() {
        let slices = drifting(&[
            ("size/1-8", "ref", 1500),
            ("size/1-8", "base", 100),
            ("size/1-8", "p", 300),
            ("size/1-8", "q", 190),
            ("size/10-8", "base", 100),
            ("size/10-8", "p", 250),
            ("size/10-8", "q", 900),
            ("size/100-8", "base", 100),
            ("call/noop", "p", 1),
        ]);
        assert_eq!(
            shown(&of(&slices)),
            [
                "named; `size/1-8`; Reference; met",
                "best; `size/1-8`; Q (not equal work); missed",
                "best; `size/10-8`; P (not equal work); met",
                "best; `size/100-8`; nobody; not resolved",
            ]
        );
        let mut failed = of(&slices);
        let record = &mut failed.record;
        record.fail("q", Some("size/1-8"), "verify", "wrong".to_owned());
        assert_eq!(
            shown(&failed)[1],
            "best; `size/1-8`; P (not equal work); met"
        );
    }

    #[test]
    fn between_the_ends_of_an_interval_nothing_is_said() {
        let estimate = |low, high, range| Estimate {
            centre: f64::midpoint(low, high),
            low,
            high,
            blocks: 3,
            range,
        };
        let words = |low, high| judged(&estimate(low, high, false), 2.0);
        assert_eq!(words(2.0, 2.5), "met");
        assert_eq!(words(1.9, 2.1), "not resolved");
        assert_eq!(words(1.9, 2.0), "not resolved");
        assert_eq!(words(1.5, 1.99), "missed");
        assert_eq!(judged(&estimate(2.0, 2.5, true), 2.0), "≈ met");
        assert_eq!(judged(&estimate(1.0, 1.5, true), 2.0), "≈ missed");
    }

    #[test]
    fn where_nothing_was_measured_there_is_no_table() {
        let text = markdown::items(&goals(&of(&[])));
        assert!(text.starts_with("The record has nothing"));
    }
}
