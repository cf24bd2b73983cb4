//! How far the figures may be trusted: what the record says of the method itself.

use std::collections::BTreeMap;

use super::{Item, Table};
use crate::analysis::interval::CONFIDENCE;
use crate::analysis::ranking::rank;
use crate::analysis::{MARGIN, Role, Verdict};
use crate::counts::Counts;
use crate::format::{date, instructions, percent, ratio, verdict};
use crate::plan::Ended;
use crate::report::figures::Results;
use crate::self_test::{FALSE_ALARM, MOST_BLOCKS, SelfTest, half_width, holds_one};

/// How many blocks the rows took, what ended them, and how wide their intervals have become.
pub fn precision(results: &Results) -> Vec<Item> {
    let study = &results.record.study;
    let mut widths = Vec::new();
    let mut ended: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut fewest, mut most) = (usize::MAX, 0);
    for case in &study.cases {
        for contender in &study.contenders {
            // The baseline has no ratio.
            let timed = results.timed(&case.name, &contender.name);
            let Some(e) = timed.and_then(|t| t.ratio).filter(|e| !e.range) else {
                continue;
            };
            widths.push(half_width(&e));
            (fewest, most) = (fewest.min(e.blocks), most.max(e.blocks));
            if let Some(size) = results.sample_size(&case.name, &contender.name) {
                *ended.entry(why(size.ended_by)).or_default() += 1;
            }
        }
    }
    if widths.is_empty() {
        return vec![
            "No ratio has a confidence interval, because there are too few blocks.".into(),
        ];
    }
    widths.sort_by(f64::total_cmp);
    let at = |share: usize| percent(widths[(widths.len() - 1) * share / 100]);
    let wanted = match results.record.settings.width {
        Some(width) => format!("The requested half width is ±{}", percent(width)),
        None => "No half width was requested".to_owned(),
    };
    let ended = ended.iter();
    let ended = ended.map(|(why, number)| format!("{number} ended by {why}"));
    let text = format!(
        "{} ratios have a confidence interval. {wanted}. Half widths: {} (median), {} (90th \
         percentile), {} (largest). The sample size of a row is {fewest} to {most} blocks: {}.",
        widths.len(),
        at(50),
        at(90),
        at(100),
        ended.collect::<Vec<_>>().join(", "),
    );
    vec![text.into()]
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
pub fn again(results: &Results) -> Vec<Item> {
    let baseline = results.title_of(&results.record.study.header.baseline);
    let mut table = Table::new("case | ratio | verdict");
    let (mut covered, mut with_interval, mut wrong) = (0, 0, 0);
    for case in &results.record.study.cases {
        let Some(e) = results.again(&case.name) else {
            continue;
        };
        with_interval += usize::from(!e.range);
        covered += usize::from(!e.range && holds_one(&e));
        wrong += usize::from(e.verdict() == Verdict::Different);
        table.add_row([&case.name, &ratio(&e), verdict(&e)]);
    }
    let text = format!(
        "In every case the baseline, {baseline}, is timed a second time, as if it were another \
         contender. {covered} of {with_interval} intervals contain 1, and 95 % should. {wrong} are \
         wrongly called different."
    );
    vec![text.into(), table.into()]
}

/// How many times as long the first slice of a round takes.
pub fn position(results: &Results) -> Vec<Item> {
    vec![first_over_others(results).into()]
}

fn first_over_others(results: &Results) -> String {
    match results.first_position(None) {
        Some(e) => format!(
            "Over all cases, the first slice of a round takes {} times as long as other slices of \
             the same contender ({}).",
            ratio(&e),
            verdict(&e)
        ),
        None => "No round has two slices.".to_owned(),
    }
}

/// The effect of the first position in each case.
pub fn positions(results: &Results) -> Vec<Item> {
    let mut table = Table::new("case | first over others | verdict");
    for case in &results.record.study.cases {
        if let Some(e) = results.first_position(Some(&case.name)) {
            table.add_row([&case.name, &ratio(&e), verdict(&e)]);
        }
    }
    let text = format!(
        "{} The order is shuffled and balanced, so an effect is the same for all contenders.",
        first_over_others(results)
    );
    vec![text.into(), table.into()]
}

/// Who is faster than whom in each case.
pub fn rankings(results: &Results) -> Vec<Item> {
    let record = &results.record;
    if record.isolated {
        return vec!["Contenders that never shared a process are not ranked.".into()];
    }
    let mut table = Table::new("case | ranking | comparisons");
    for case in &record.study.cases {
        let contenders = record.study.contenders.iter();
        let compared = contenders
            .filter(|c| results.compares(case, c) && record.failed(&c.name, &case.name).is_none());
        let names: Vec<&str> = compared.map(|c| c.name.as_str()).collect();
        let Some(ranking) = rank(&results.timings, &case.name, &names) else {
            continue;
        };
        let mut groups: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (name, rank) in &ranking.ranks {
            groups.entry(*rank).or_default().push(results.marked(name));
        }
        let groups = groups.iter();
        let groups = groups.map(|(rank, titles)| format!("{rank}. {}", titles.join(" = ")));
        let groups = groups.collect::<Vec<_>>().join("; ");
        table.add_row([&case.name, &groups, &ranking.comparisons.to_string()]);
    }
    let text = format!(
        "In each case, every contender is compared with every other. A contender ranks before \
         another if the interval of their ratio excludes a difference of {}. Its rank is 1 more \
         than the number of faster contenders. Many comparisons at {} each would often call a \
         winner by chance. So the comparisons of a case share an error rate of {} (Bonferroni), and \
         all of them hold together with a probability of {}. A contender that takes more than half \
         a second per call has too few blocks to be ranked.",
        percent(MARGIN),
        percent(CONFIDENCE),
        percent(1.0 - CONFIDENCE),
        percent(CONFIDENCE),
    );
    vec![text.into(), table.into()]
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
pub fn self_test(results: &Results) -> Vec<Item> {
    let Some(test) = &results.record.self_test else {
        return vec!["This record has no self-test. `ffi-bench self-test` adds one.".into()];
    };
    let mut table = Table::new("test | seen | limit | outcome");
    for row in self_test_rows(test) {
        table.add_row(row);
    }
    let passed = if test.passed() {
        "passed"
    } else {
        "**not passed**"
    };
    let outcome = format!(
        "The self-test of {} took {} s and was {passed}. A sound harness with time for all \
         {MOST_BLOCKS} blocks fails it with a probability of at most {}. With fewer blocks it fails \
         more often. Rows with the outcome *shown* do not count.",
        date(&test.started),
        test.seconds,
        percent(FALSE_ALARM),
    );
    vec![outcome.into(), table.into()]
}

/// Instructions of the calls, and ratios to the baseline.
pub fn counts(results: &Results) -> Vec<Item> {
    let record = &results.record;
    let counted = match &record.counts {
        None => return vec!["Not counted. `ffi-bench count` adds instructions.".into()],
        Some(Counts::NotCounted(why)) => return vec![format!("Not counted: {why}.").into()],
        Some(Counts::Counted(counted)) => counted,
    };
    let mut table = Table::new(
        "case | contender | instructions | interpreter | extension | libc | other | floor | ratio",
    );
    for case in &record.study.cases {
        let of_baseline = counted.row(&case.name, &record.study.header.baseline, Role::Call);
        for contender in &record.study.contenders {
            let Some(call) = counted.row(&case.name, &contender.name, Role::Call) else {
                continue;
            };
            let floor = counted.row(&case.name, &contender.name, Role::Floor);
            let ratio = of_baseline.map(|of| format!("{:.3}", call.total() / of.total()));
            table.add_row([
                case.name.clone(),
                contender.title.clone(),
                instructions(call.total()),
                instructions(call.interpreter),
                instructions(call.extension),
                instructions(call.libc),
                instructions(call.other),
                floor.map_or(String::new(), |floor| instructions(floor.total())),
                ratio.unwrap_or_default(),
            ]);
        }
    }
    let text = "The instructions of one call after warm-up, counted by callgrind for each object \
                file. *Floor* is the kernel alone. Counts repeat exactly for the same binaries on \
                the same processor. They are not times. Calls of more than 2 ms are not counted.";
    vec![text.into(), table.into()]
}
