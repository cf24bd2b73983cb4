//! How far the figures may be trusted: what the record says of the method itself.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Results;
use super::format::{instructions, percent, ratio, verdict};
use super::table::Table;
use crate::analysis::interval::CONFIDENCE;
use crate::analysis::ranking::rank;
use crate::analysis::{Estimate, MARGIN, Role, Verdict};
use crate::plan::Ended;
use crate::self_test::{FALSE_ALARM, MOST_BLOCKS, SelfTest, half_width, holds_one};

/// How many blocks the rows took, what ended them, and how wide their intervals have become.
pub fn precision(results: &Results) -> String {
    let record = &results.record;
    let mut text = String::new();
    let baseline = record.study.header.baseline.as_str();
    let mut widths = Vec::new();
    let mut ended: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut fewest, mut most) = (u32::MAX, 0);
    for case in &record.study.cases {
        for contender in record
            .study
            .contenders
            .iter()
            .filter(|c| c.name != baseline)
        {
            let timed = results.timed(&case.name, &contender.name);
            let Some(e) = timed.and_then(|t| t.ratio).filter(|e| !e.range) else {
                continue;
            };
            widths.push(half_width(&e));
            let blocks = u32::try_from(e.blocks).unwrap_or(u32::MAX);
            (fewest, most) = (fewest.min(blocks), most.max(blocks));
            if let Some(quota) = results.quota(&case.name, &contender.name) {
                *ended.entry(why(quota.ended_by)).or_default() += 1;
            }
        }
    }
    if widths.is_empty() {
        return "No ratio has an interval: there are too few blocks.\n".to_owned();
    }
    widths.sort_by(f64::total_cmp);
    let at = |share: usize| percent(widths[(widths.len() - 1) * share / 100]);
    let settings = record.settings;
    let wanted = settings
        .width
        .map_or("no width was wanted".to_owned(), |width| {
            format!("±{} was wanted", percent(width))
        });
    let ended: Vec<String> = ended
        .iter()
        .map(|(why, number)| format!("{number} ended by {why}"))
        .collect();
    let _ = writeln!(
        text,
        "{} ratios have an interval; {wanted}. Half widths: {} (median), {} (nine in ten are \
         narrower), {} (widest). A row took {fewest} to {most} blocks: {}.",
        widths.len(),
        at(50),
        at(90),
        at(100),
        ended.join(", "),
    );
    text
}

/// Why a row has as many blocks as it has.
pub fn why(ended: Ended) -> &'static str {
    match ended {
        Ended::Width => "width",
        Ended::Budget => "time",
        Ended::Fixed => "plan",
    }
}

/// The baseline against itself.
pub fn again(results: &Results) -> String {
    let baseline = results.title_of(&results.record.study.header.baseline);
    let mut table = Table::new(&["case", "ratio", "verdict"]);
    let (mut covered, mut with_interval, mut wrong) = (0, 0, 0);
    for case in &results.record.study.cases {
        let Some(e) = results.again(&case.name) else {
            continue;
        };
        with_interval += usize::from(!e.range);
        covered += usize::from(!e.range && holds_one(&e));
        wrong += usize::from(e.verdict() == Verdict::Different);
        table.row(&[&case.name, &ratio(&e), verdict(&e)]);
    }
    format!(
        "## A/A: {baseline} against itself\n\nIn every case the contender is timed a second time as if \
         it were another contender. {covered} of {with_interval} intervals hold 1 (95 in 100 should); \
         {wrong} are wrongly called different.\n\n{}\n",
        table.text
    )
}

/// How many times as long the first slice of a round takes.
pub fn position(results: &Results) -> String {
    let sentence = |e: &Estimate| {
        format!(
            "Over all cases, the first slice of a round takes {} times as long as the same \
             contender's others ({}).",
            ratio(e),
            verdict(e)
        )
    };
    results.first_position(None).map_or(
        "No round has two slices, so there is no first one.".to_owned(),
        |e| sentence(&e),
    )
}

/// The effect of the first position in each case.
pub fn positions(results: &Results) -> String {
    let mut table = Table::new(&["case", "first over others", "verdict"]);
    for case in &results.record.study.cases {
        if let Some(e) = results.first_position(Some(&case.name)) {
            table.row(&[&case.name, &ratio(&e), verdict(&e)]);
        }
    }
    format!(
        "## First in a round\n\n{} The order is shuffled and balanced, so that an effect hits all \
         alike.\n\n{}\n",
        position(results),
        table.text
    )
}

/// Who is faster than whom in each case.
pub fn rankings(results: &Results) -> String {
    let record = &results.record;
    if record.isolated {
        return "## Ranking\n\nContenders that never shared a process are not ranked.\n\n"
            .to_owned();
    }
    let mut table = Table::new(&["case", "ranking", "comparisons"]);
    for case in &record.study.cases {
        let names: Vec<&str> = record
            .study
            .contenders
            .iter()
            .filter(|c| results.compares(case, c) && record.failed(&c.name, &case.name).is_none())
            .map(|c| c.name.as_str())
            .collect();
        let Some(ranking) = rank(&results.timings, &case.name, &names) else {
            continue;
        };
        let mut groups: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (name, rank) in &ranking.ranks {
            groups.entry(*rank).or_default().push(results.marked(name));
        }
        let groups: Vec<String> = groups
            .iter()
            .map(|(rank, titles)| format!("{rank}. {}", titles.join(" = ")))
            .collect();
        let comparisons = ranking.comparisons.to_string();
        table.row(&[&case.name, &groups.join("; "), &comparisons]);
    }
    format!(
        "## Ranking\n\nIn each case all contenders are compared with all. One is ranked before another \
         when the interval of their ratio excludes a difference of {}; a rank is 1 more than the \
         number of contenders that are faster. So many comparisons at {} each would often call a \
         winner by chance: the comparisons of a case therefore share the {} that may miss \
         (Bonferroni), and with a probability of {} all of a case hold together. Who takes more than \
         half a second per call has too few blocks to be ranked.\n\n{}\n",
        percent(MARGIN),
        percent(CONFIDENCE),
        percent(1.0 - CONFIDENCE),
        percent(CONFIDENCE),
        table.text
    )
}

/// The cells of a self-test's table.
pub fn self_test_rows(test: &SelfTest) -> impl Iterator<Item = [String; 4]> {
    test.rows.iter().map(|row| {
        [
            row.test.clone(),
            row.seen.clone(),
            row.limit.clone(),
            row.outcome.name().to_owned(),
        ]
    })
}

/// The self-test, or that there was none.
pub fn self_test(results: &Results) -> String {
    let Some(test) = &results.record.self_test else {
        return "This record has no self-test: `ffi-bench self-test` adds one.\n".to_owned();
    };
    let mut table = Table::new(&["test", "seen", "limit", "outcome"]);
    for row in self_test_rows(test) {
        table.row(&row);
    }
    format!(
        "The self-test of {} took {} s and was {}. A sound harness that has time for all {MOST_BLOCKS} \
         blocks fails it with a probability of at most {}, with fewer blocks more often. What is *shown* \
         decides nothing.\n\n{}",
        &test.started[..10.min(test.started.len())],
        test.seconds,
        if test.passed() {
            "passed"
        } else {
            "**not passed**"
        },
        percent(FALSE_ALARM),
        table.text
    )
}

/// Instructions of the calls, and ratios to the baseline.
pub fn counts(results: &Results) -> String {
    use crate::counts::Counts;
    let record = &results.record;
    let counted = match &record.counts {
        None => return "Not counted: `ffi-bench count` adds instructions.\n".to_owned(),
        Some(Counts::NotCounted(why)) => return format!("Not counted: {why}.\n"),
        Some(Counts::Counted(counted)) => counted,
    };
    let baseline = &record.study.header.baseline;
    let mut table = Table::new(&[
        "case",
        "contender",
        "instructions",
        "interpreter",
        "extension",
        "libc",
        "other",
        "floor",
        "ratio",
    ]);
    for case in &record.study.cases {
        for contender in &record.study.contenders {
            let Some(call) = counted.row(&case.name, &contender.name, Role::Call) else {
                continue;
            };
            let floor = counted.row(&case.name, &contender.name, Role::Floor);
            let of_baseline = counted.row(&case.name, baseline, Role::Call);
            let number = instructions;
            table.row(&[
                case.name.clone(),
                contender.title.clone(),
                number(call.total()),
                number(call.interpreter),
                number(call.extension),
                number(call.libc),
                number(call.other),
                floor.map_or(String::new(), |floor| number(floor.total())),
                of_baseline.map_or(String::new(), |of| {
                    format!("{:.3}", call.total() / of.total())
                }),
            ]);
        }
    }
    format!(
        "Instructions of one call, counted by callgrind after warming up, by the object file that they \
         are in; *floor* is the kernel alone. They repeat exactly for the same binaries on the same \
         processor, and are not time. A call of more than 2 ms is not counted.\n\n{}",
        table.text
    )
}
