//! How many times as fast as others a contender should be, and whether it is.

use regex::Regex;

use super::format::{digits, estimated_time, ratio};
use super::table::Table;
use super::{NOT_EQUAL_MEANS, Results};
use crate::analysis::{Estimate, Role};
use crate::study::{Case, Contender, Goal};

/// A goal in one case.
struct Aim<'a> {
    goal: &'a Goal,
    case: &'a Case,
    time: Estimate,
    /// The fastest of those that it is compared with, its time, and how many times as fast the
    /// contender is.
    against: Option<(&'a Contender, Estimate, Estimate)>,
}

/// Every goal in every case that was measured.
pub fn goals(results: &Results) -> String {
    let mut table = Table::new(&[
        "work",
        "case",
        "beside",
        "its time",
        "contender",
        "its time",
        "times as fast",
        "goal",
        "verdict",
    ]);
    let aims = aims(results);
    if aims.is_empty() {
        return "The record has nothing that a goal is set for.\n".to_owned();
    }
    for aim in &aims {
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
        table.row(&[
            aim.goal.work.clone(),
            format!("`{}`", aim.case.name),
            beside,
            theirs,
            results.marked(&aim.goal.contender),
            estimated_time(&aim.time),
            faster,
            format!("≥ {}", digits(aim.goal.at_least)),
            verdict,
        ]);
    }
    format!(
        "{}\nEach goal is compared with the fastest that it names and that took part in the case, or with \
         the fastest peer; both were timed in the same processes. *Met*: the whole interval is at the \
         goal or above it; *missed*: below it; ≈ where there are too few runs for an interval, and the \
         range decides. {NOT_EQUAL_MEANS}\n",
        table.text
    )
}

fn aims(results: &Results) -> Vec<Aim<'_>> {
    let study = &results.record.study;
    let mut aims = Vec::new();
    for goal in &study.goals {
        // The study has been checked; a record that was meddled with has no such cases.
        let Ok(pattern) = Regex::new(&goal.cases) else {
            continue;
        };
        for case in study.cases.iter().filter(|c| pattern.is_match(&c.name)) {
            if let Some(timed) = results.timed(&case.name, &goal.contender) {
                aims.push(Aim {
                    goal,
                    case,
                    time: timed.time,
                    against: fastest(results, goal, case),
                });
            }
        }
    }
    aims
}

/// The fastest of those that the goal is about, of whoever shared processes with the contender.
fn fastest<'a>(
    results: &'a Results,
    goal: &Goal,
    case: &Case,
) -> Option<(&'a Contender, Estimate, Estimate)> {
    let wanted = |c: &&Contender| {
        if goal.against.is_empty() {
            c.is_peer() && c.name != goal.contender
        } else {
            goal.against.contains(&c.name)
        }
    };
    let others = results.record.study.contenders.iter().filter(wanted);
    let timed = others.filter_map(|other| {
        let time = results.timed(&case.name, &other.name)?.time;
        let roles = ((&*other.name, Role::Call), (&*goal.contender, Role::Call));
        let faster = results.timings.ratio(&case.name, roles.0, roles.1)?;
        Some((other, time, faster))
    });
    timed.min_by(|a, b| a.1.centre.total_cmp(&b.1.centre))
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
    use crate::report::regimes::tests::{results, timed};

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

    fn calls(rows: &[(&str, &str, u64)]) -> Vec<Slice> {
        let rows = rows.iter();
        let drifting = |ns: u64| move |block| ns * 100 + u64::from(block);
        rows.flat_map(|(case, contender, ns)| timed(case, contender, Role::Call, drifting(*ns)))
            .collect()
    }

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
        let text = goals(of);
        let rows = text.lines().filter(|line| line.contains("`size/"));
        let cells = rows.map(|line| {
            let cells: Vec<&str> = line.trim_matches(['|', ' ']).split(" | ").collect();
            [cells[0], cells[1], cells[2], cells[8]].join("; ")
        });
        cells.collect()
    }

    #[test]
    fn a_goal_is_about_the_best_in_each_case() {
        let slices = calls(&[
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
        assert!(goals(&of(&[])).starts_with("The record has nothing"));
    }
}
