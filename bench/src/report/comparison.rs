//! Two records side by side: environments first, then ratios to the baseline.

use std::fmt::Write;

use anyhow::{Result, ensure};

use super::Results;
use super::format::{factor, percent, ratio};
use super::table::{Table, one_line};
use super::terminal;
use crate::analysis::change::{Change, FALSE_ALARM, changes};
use crate::analysis::interval::CONFIDENCE;
use crate::analysis::{Verdict, median};
use crate::record::Record;
use crate::self_test::holds_one;

/// Rows that a summary shows at most.
const SHOWN: usize = 8;

/// What differs between two records.
pub struct Comparison {
    /// What differs in the environments: name, before, after.
    pub environments: Vec<[String; 3]>,
    pub changes: Vec<Change>,
    baseline: String,
    isolated: bool,
}

impl Comparison {
    /// # Errors
    ///
    /// When the records take their ratios to different baselines, or have no row in common.
    pub fn new(before: &Results, after: &Results) -> Result<Self> {
        let baseline = &before.record.study.header.baseline;
        ensure!(
            *baseline == after.record.study.header.baseline,
            "not comparable: ratios are to {baseline} in one record and to {} in the other",
            after.record.study.header.baseline
        );
        let rows: Vec<(String, String)> = before
            .record
            .study
            .cases
            .iter()
            .flat_map(|case| {
                let contenders = before.record.study.contenders.iter();
                contenders.map(|c| (case.name.clone(), c.name.clone()))
            })
            .filter(|(case, contender)| {
                contender != baseline
                    && same_case(&before.record, &after.record, case)
                    && [before, after]
                        .iter()
                        .all(|r| r.record.failed(contender, case).is_none())
            })
            .collect();
        let changes = changes(&before.timings, &after.timings, &rows, baseline);
        ensure!(
            !changes.is_empty(),
            "not comparable: the records have no row with an interval in common"
        );
        Ok(Self {
            environments: environments(&before.record, &after.record),
            changes,
            baseline: before.title_of(baseline).to_owned(),
            isolated: before.record.isolated != after.record.isolated,
        })
    }

    /// A name for the place in a document that this kind of comparison belongs to.
    pub fn name(&self) -> &'static str {
        if self.isolated { "isolated" } else { "again" }
    }
}

/// Whether a case measures the same thing in both records.
fn same_case(before: &Record, after: &Record, name: &str) -> bool {
    let (Some(a), Some(b)) = (before.study.case(name), after.study.case(name)) else {
        return false;
    };
    (&a.params, &a.setup, &a.call, a.gc) == (&b.params, &b.setup, &b.call, b.gc)
        && before.study.header.seed == after.study.header.seed
}

/// What two records say differently of where and how they were made.
fn environments(before: &Record, after: &Record) -> Vec<[String; 3]> {
    let facts = |record: &Record| -> Vec<(String, String)> {
        let e = &record.environment;
        let p = &e.python;
        let number = |value: Option<f64>| value.map_or("unknown".to_owned(), |v| format!("{v:.2}"));
        let share = |value: Option<f64>| value.map_or("unknown".to_owned(), percent);
        let mut facts: Vec<(String, String)> = [
            ("processor", format!("{}, {} cores", e.cpu, e.cores)),
            ("kernel", e.kernel.clone()),
            ("architecture", e.architecture.clone()),
            ("governor", e.governor.clone().unwrap_or_default()),
            (
                "Python",
                format!("{} {}, {}", p.implementation, p.version, p.compiler),
            ),
            (
                "Python's files",
                p.binaries.get("interpreter").cloned().unwrap_or_default(),
            ),
            ("Python's build", format!("{} {}", p.opt, p.config_args)),
            (
                "libc",
                format!(
                    "{} {}",
                    p.libc,
                    p.binaries.get("libc").cloned().unwrap_or_default()
                ),
            ),
            ("profile", record.profile.clone()),
            (
                "company",
                if record.isolated {
                    "isolated"
                } else {
                    "all in one process"
                }
                .to_owned(),
            ),
            ("seed", record.study.header.seed.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), one_line(&value)))
        .to_vec();
        facts.extend(e.tools.iter().map(|(k, v)| (k.clone(), v.clone())));
        facts.extend(e.locks.iter().map(|(k, v)| (k.clone(), v.clone())));
        facts.extend(
            record
                .contenders
                .iter()
                .map(|(name, c)| (format!("sources of {name}"), c.sources.clone())),
        );
        // These differ from run to run, and are worth a look when they differ much.
        facts.push(("busy with others".to_owned(), share(e.busy)));
        facts.push(("stolen time".to_owned(), share(e.steal)));
        facts.push(("load before".to_owned(), number(e.load_before)));
        facts.push(("Python's loop, ns".to_owned(), format!("{:.1}", p.loop_ns)));
        facts
    };
    let (a, b) = (facts(before), facts(after));
    let mut names: Vec<&String> = a.iter().map(|(name, _)| name).collect();
    names.extend(
        b.iter()
            .map(|(name, _)| name)
            .filter(|name| !a.iter().any(|(n, _)| n == *name)),
    );
    let of = |facts: &[(String, String)], name: &str| {
        let found = facts.iter().find(|(n, _)| n == name);
        found.map_or("–".to_owned(), |(_, value)| value.clone())
    };
    names
        .into_iter()
        .map(|name| [name.clone(), of(&a, name), of(&b, name)])
        .filter(|[_, before, after]| before != after)
        .collect()
}

/// The verdict on a change.
fn verdict(change: &Change) -> &'static str {
    match (change.changed, change.factor.verdict()) {
        (true, _) if change.factor.centre > 1.0 => "slower",
        (true, _) => "faster",
        (false, Verdict::Same) => "same",
        (false, _) => "unresolved",
    }
}

/// What the comparison comes to, in sentences.
fn sentences(comparison: &Comparison) -> String {
    let changes = &comparison.changes;
    let count = |of: &dyn Fn(&Change) -> bool| changes.iter().filter(|c| of(c)).count();
    let off = changes
        .iter()
        .map(|c| c.factor.centre.max(1.0 / c.factor.centre) - 1.0)
        .collect();
    format!(
        "{} ratios to {} compared: {} changed, {} same, {} unresolved. {} of the {} intervals of {} \
         hold 1; the median ratio has moved by {}. With a probability of {} no row of two records of \
         the same thing is called changed.",
        changes.len(),
        comparison.baseline,
        count(&|c| c.changed),
        count(&|c| verdict(c) == "same"),
        count(&|c| verdict(c) == "unresolved"),
        count(&|c| holds_one(&c.factor)),
        changes.len(),
        percent(CONFIDENCE),
        percent(median(off)),
        percent(1.0 - FALSE_ALARM),
    )
}

fn cells(change: &Change) -> [String; 6] {
    [
        change.case.clone(),
        change.contender.clone(),
        factor(change.before.centre),
        factor(change.after.centre),
        ratio(&change.factor),
        verdict(change).to_owned(),
    ]
}

const HEADINGS: [&str; 6] = [
    "case",
    "contender",
    "ratio before",
    "after",
    "change",
    "verdict",
];

/// The whole comparison for a terminal.
pub fn terminal_table(comparison: &Comparison) -> String {
    let mut text = String::new();
    if comparison.environments.is_empty() {
        text.push_str("The environments do not differ.\n\n");
    } else {
        let mut table = terminal::table(&["environment", "before", "after"]);
        for row in &comparison.environments {
            table.add_row(row);
        }
        let _ = writeln!(text, "{table}\n");
    }
    let mut table = terminal::table(&HEADINGS);
    for change in &comparison.changes {
        table.add_row(cells(change));
    }
    let _ = writeln!(text, "{table}\n{}", sentences(comparison));
    text
}

/// The whole comparison as Markdown.
pub fn markdown(comparison: &Comparison) -> String {
    let mut text = "# Two records compared\n\n".to_owned();
    text.push_str(&environment_table(comparison));
    let _ = writeln!(text, "{}\n", sentences(comparison));
    let mut table = Table::new(&HEADINGS);
    for change in &comparison.changes {
        table.row(&cells(change));
    }
    text.push_str(&table.text);
    text
}

fn environment_table(comparison: &Comparison) -> String {
    if comparison.environments.is_empty() {
        return "The environments do not differ.\n\n".to_owned();
    }
    let mut table = Table::new(&["environment", "before", "after"]);
    for row in &comparison.environments {
        table.row(row);
    }
    format!("{}\n", table.text)
}

/// The comparison for a document: environments, sentences, and the rows that moved most.
pub fn summary(comparison: &Comparison) -> String {
    let mut moved: Vec<&Change> = comparison
        .changes
        .iter()
        .filter(|c| c.changed || !holds_one(&c.factor))
        .collect();
    let least = |c: &Change| {
        // How far the interval stays away from 1.
        (c.factor.low.ln()).max(-c.factor.high.ln())
    };
    moved.sort_by(|a, b| least(b).total_cmp(&least(a)));
    let mut text = environment_table(comparison);
    let _ = writeln!(text, "{}", sentences(comparison));
    if !moved.is_empty() {
        let mut table = Table::new(&HEADINGS);
        for change in moved.iter().take(SHOWN) {
            table.row(&cells(change));
        }
        let _ = writeln!(
            text,
            "\nOf the {} rows whose interval does not hold 1, those farthest from it:\n\n{}",
            moved.len(),
            table.text
        );
    }
    text
}

/// Instructions of one row, before and after.
pub struct CountChange {
    pub case: String,
    pub contender: String,
    pub floor: bool,
    pub before: f64,
    pub after: f64,
}

impl CountChange {
    pub fn factor(&self) -> f64 {
        self.after / self.before
    }

    fn cells(&self) -> [String; 5] {
        let leg = if self.floor { ", floor" } else { "" };
        [
            format!("{}{leg}", self.case),
            self.contender.clone(),
            format!("{:.1}", self.before),
            format!("{:.1}", self.after),
            if self.before.to_bits() == self.after.to_bits() {
                "equal".to_owned()
            } else {
                format!("{:.4}", self.factor())
            },
        ]
    }
}

/// The same, the largest changes first.
pub fn counts_changed(mut changes: Vec<CountChange>) -> Vec<CountChange> {
    changes.sort_by(|a, b| b.factor().ln().abs().total_cmp(&a.factor().ln().abs()));
    changes
}

const COUNT_HEADINGS: [&str; 5] = ["case", "contender", "before", "after", "change"];

fn count_sentence(changes: &[CountChange]) -> String {
    let equal = |c: &&CountChange| c.before.to_bits() == c.after.to_bits();
    format!(
        "{} counts compared, {} are equal.\n",
        changes.len(),
        changes.iter().filter(equal).count()
    )
}

pub fn terminal_counts(changes: &[CountChange]) -> String {
    let mut table = terminal::table(&COUNT_HEADINGS);
    for change in changes {
        table.add_row(change.cells());
    }
    format!("{table}\n{}", count_sentence(changes))
}

pub fn markdown_counts(changes: &[CountChange]) -> String {
    let mut table = Table::new(&COUNT_HEADINGS);
    for change in changes {
        table.row(&change.cells());
    }
    format!("{}\n{}", table.text, count_sentence(changes))
}
