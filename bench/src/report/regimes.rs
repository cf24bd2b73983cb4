//! The tables that the study declares for its regimes.

use std::fmt::Write;

use regex::Regex;

use super::format::{
    difference, digits, estimated_time, factor, instructions, percent, rate, ratio, time, verdict,
};
use super::ladder::ladder;
use super::table::Table;
use super::terms::{At, instructions_of, left_over, without_kernel};
use super::{NOT_EQUAL, NOT_EQUAL_MEANS, Results, observed};
use crate::analysis::parts::{From, from_where};
use crate::analysis::{Estimate, Leg, Verdict};
use crate::counts::Counts;
use crate::study::{self, Case, Contender, TableKind};

/// Every table of the study that has something to show, under its heading.
pub fn tables(results: &Results) -> String {
    let mut text = String::new();
    for table in &results.record.study.tables {
        if let Some(content) = content(results, table) {
            let _ = write!(text, "### {}\n\n{content}\n", table.title);
        }
    }
    if text.is_empty() {
        return text;
    }
    format!("## By regime\n\n{text}")
}

/// One table with the sentences that explain it; nothing where nothing of it was measured.
pub fn content(results: &Results, table: &study::Table) -> Option<String> {
    let drawn = match table.kind {
        TableKind::Times => times(results, table),
        TableKind::List => list(results, table),
        TableKind::Differences => differences(results, table),
        TableKind::Parts => parts(results, table),
        TableKind::Instructions => above_baseline(results, table),
        TableKind::Slopes => slopes(results, table),
        TableKind::BreakEven => break_even(results, table),
        TableKind::Tuning => tuning(results, table),
        TableKind::Variants => variants(results, table),
        TableKind::Languages => languages(results, table),
        TableKind::Memory => observed::memory(results, table),
        TableKind::Imports => observed::imports(results, table),
        TableKind::Outcomes => observed::outcomes(results, table),
        TableKind::Ladder => ladder(results, table),
        TableKind::Throughput => throughput(results, table),
    }?;
    let about = if table.about.is_empty() {
        String::new()
    } else {
        format!("{}\n\n", table.about.trim())
    };
    let means = if table.kind != TableKind::Ladder && drawn.contains(NOT_EQUAL) {
        format!("\n{NOT_EQUAL_MEANS}\n")
    } else {
        String::new()
    };
    Some(format!("{about}{drawn}{means}"))
}

/// The cases that a table is about.
pub fn cases_of<'a>(results: &'a Results, table: &study::Table) -> Vec<&'a Case> {
    // The study has been checked; a record that was meddled with has no such cases.
    let Ok(pattern) = Regex::new(&table.cases) else {
        return Vec::new();
    };
    let cases = results.record.study.cases.iter();
    cases
        .filter(|case| !table.cases.is_empty() && pattern.is_match(&case.name))
        .collect()
}

/// The contenders that a table shows: those it names, or all that do the same work, and in a table of
/// peers' cases whoever took part; and what the user named.
pub fn contenders_of<'a>(results: &'a Results, table: &study::Table) -> Vec<&'a Contender> {
    let among_peers = among_peers(results, table);
    let all = results.record.study.contenders.iter();
    all.filter(|c| {
        if table.contenders.is_empty() {
            c.equal_work || among_peers || results.record.study.names(c)
        } else {
            table.contenders.contains(&c.name) || results.record.study.names(c)
        }
    })
    .collect()
}

/// Whether a table is about cases of peers and no others.
fn among_peers(results: &Results, table: &study::Table) -> bool {
    let cases = cases_of(results, table);
    !cases.is_empty() && cases.iter().all(|c| results.record.study.among_peers(c))
}

/// A table with a row for each contender, which begins with its title; rows that are empty
/// everywhere stay out.
pub fn by_contender(
    results: &Results,
    table: &study::Table,
    headings: &[String],
    cells: impl Fn(&Contender) -> Vec<Option<String>>,
) -> Option<String> {
    let first = std::iter::once("contender".to_owned());
    let mut drawn = Table::new(&first.chain(headings.iter().cloned()).collect::<Vec<_>>());
    let mut empty = true;
    for contender in contenders_of(results, table) {
        let cells = cells(contender);
        if cells.iter().all(Option::is_none) {
            continue;
        }
        empty = false;
        let mut row = vec![results.marked(&contender.name)];
        row.extend(
            cells
                .into_iter()
                .map(|c| c.unwrap_or_else(|| "–".to_owned())),
        );
        drawn.row(&row);
    }
    (!empty).then_some(drawn.text)
}

/// A row for each case, a column for each contender; the rare ones are in it if they are named.
fn times(results: &Results, table: &study::Table) -> Option<String> {
    let cases = cases_of(results, table);
    let timed = |case: &Case, c: &Contender| results.timed(&case.name, &c.name);
    let contenders: Vec<&Contender> = contenders_of(results, table)
        .into_iter()
        .filter(|c| {
            let all = !table.contenders.is_empty() || among_peers(results, table);
            all || results.record.study.shows(c)
        })
        .filter(|c| cases.iter().any(|case| timed(case, c).is_some()))
        .collect();
    let mut headings = vec!["case".to_owned()];
    headings.extend(contenders.iter().map(|c| results.marked(&c.name)));
    let mut drawn = Table::new(&headings);
    let mut empty = true;
    for case in cases {
        if contenders.iter().all(|c| timed(case, c).is_none()) {
            continue;
        }
        empty = false;
        let cell = |c: &&Contender| match timed(case, c) {
            Some(timed) => estimated_time(&timed.time),
            None if results.record.failed(&c.name, &case.name).is_some() => "failed".to_owned(),
            None => "–".to_owned(),
        };
        let mut row = vec![format!("`{}`", case.name)];
        row.extend(contenders.iter().map(cell));
        drawn.row(&row);
    }
    (!empty).then_some(drawn.text)
}

/// A row for each case and contender, with what is done in a second, and what one of it takes.
fn throughput(results: &Results, table: &study::Table) -> Option<String> {
    let mut drawn = Table::new(&[
        "case",
        "contender",
        "time",
        "in a second",
        "instructions",
        "of which for each",
    ]);
    let mut empty = true;
    for case in cases_of(results, table) {
        let Some(&work) = results.record.work.get(&case.name) else {
            continue;
        };
        for contender in contenders_of(results, table) {
            let Some(timed) = results.timed(&case.name, &contender.name) else {
                continue;
            };
            empty = false;
            let counted = match &results.record.counts {
                Some(Counts::Counted(counted)) => {
                    counted.row(&case.name, &contender.name, Leg::Call)
                }
                _ => None,
            };
            let none = || "–".to_owned();
            drawn.row(&[
                format!("`{}`", case.name),
                results.marked(&contender.name),
                estimated_time(&timed.time),
                format!("{} {}", rate(work, timed.time.centre), case.unit),
                counted.map_or_else(none, |count| instructions(count.total())),
                counted.map_or_else(none, |count| digits(count.total() / work)),
            ]);
        }
    }
    (!empty).then_some(drawn.text)
}

/// A row for each case and contender, with what the call costs above the loop around it.
fn list(results: &Results, table: &study::Table) -> Option<String> {
    let mut drawn = Table::new(&[
        "case",
        "contender",
        "time",
        "above the loop",
        "instructions",
    ]);
    let mut empty = true;
    let part = study::Part {
        name: String::new(),
        plus: vec!["self".to_owned()],
        minus: vec!["loop".to_owned()],
        per: 1.0,
        kernel: false,
    };
    for case in cases_of(results, table) {
        for contender in contenders_of(results, table) {
            let Some(timed) = results.timed(&case.name, &contender.name) else {
                continue;
            };
            empty = false;
            let at = At {
                case: Some(case),
                contender: &contender.name,
            };
            let terms = results.terms(&part, at);
            let above = results
                .timings
                .sum(&terms, 1.0)
                .filter(|_| results.sound(&terms));
            let counted = match &results.record.counts {
                Some(Counts::Counted(counted)) => {
                    counted.row(&case.name, &contender.name, Leg::Call)
                }
                _ => None,
            };
            drawn.row(&[
                format!("`{}`", case.name),
                results.marked(&contender.name),
                estimated_time(&timed.time),
                above.as_ref().map_or("–".to_owned(), difference),
                counted.map_or("–".to_owned(), |c| instructions(c.total())),
            ]);
        }
    }
    (!empty).then_some(drawn.text)
}

fn differences(results: &Results, table: &study::Table) -> Option<String> {
    let headings: Vec<String> = table.parts.iter().map(|part| part.name.clone()).collect();
    by_contender(results, table, &headings, |contender| {
        let at = At {
            case: None,
            contender: &contender.name,
        };
        let cell = |part: &study::Part| {
            let terms = results.terms(part, at);
            let sum = results.timings.sum(&terms, part.per);
            sum.filter(|_| results.sound(&terms))
                .as_ref()
                .map(difference)
        };
        table.parts.iter().map(cell).collect()
    })
}

fn parts(results: &Results, table: &study::Table) -> Option<String> {
    let mut headings = vec!["case".to_owned(), "contender".to_owned(), "call".to_owned()];
    headings.extend(table.parts.iter().map(|part| part.name.clone()));
    headings.extend(["left over".to_owned(), "binding".to_owned()]);
    let mut drawn = Table::new(&headings);
    let mut empty = true;
    for case in cases_of(results, table) {
        for contender in contenders_of(results, table) {
            let Some(split) = split(results, table, case, contender) else {
                continue;
            };
            empty = false;
            let mut row = vec![
                format!("`{}`", case.name),
                results.marked(&contender.name),
                time(split.whole.centre),
            ];
            let part = |e: &Option<Estimate>| e.as_ref().map_or("–".to_owned(), part_of);
            row.extend(split.parts.iter().map(part));
            row.push(part(&split.left_over));
            row.push(split.binding.as_ref().map_or("–".to_owned(), share));
            drawn.row(&row);
        }
    }
    (!empty).then_some(drawn.text)
}

/// A case of a contender, taken apart.
pub struct Split {
    pub whole: Estimate,
    pub parts: Vec<Option<Estimate>>,
    pub left_over: Option<Estimate>,
    /// What is not the work itself, as a fraction of the whole.
    pub binding: Option<Estimate>,
}

/// Takes a case apart; nothing where it was not timed, or none of its parts was.
pub fn split(
    results: &Results,
    table: &study::Table,
    case: &Case,
    contender: &Contender,
) -> Option<Split> {
    let at = At {
        case: Some(case),
        contender: &contender.name,
    };
    let whole = Results::whole(case, &contender.name);
    let terms: Vec<_> = table
        .parts
        .iter()
        .map(|part| results.terms(part, at))
        .collect();
    let sum = |terms: &[_]| {
        let sum = results.timings.sum(terms, 1.0);
        sum.filter(|_| results.sound(terms))
    };
    let parts: Vec<Option<Estimate>> = terms.iter().map(|terms| sum(terms)).collect();
    if parts.iter().all(Option::is_none) {
        return None;
    }
    let binding = without_kernel(table, &whole, &terms)
        .filter(|terms| results.sound(terms))
        .and_then(|terms| results.timings.share(&terms, std::slice::from_ref(&whole)));
    Some(Split {
        whole: sum(std::slice::from_ref(&whole))?,
        left_over: sum(&left_over(&whole, &terms)),
        parts,
        binding,
    })
}

/// A part of a time; one that cannot be told from nothing, or is less than nothing, says so.
fn part_of(e: &Estimate) -> String {
    let negative = if e.high < 0.0 { " (negative)" } else { "" };
    format!("{}{negative}", difference(e))
}

/// A fraction with the half width of its interval.
fn share(e: &Estimate) -> String {
    format!("{} ±{}", percent(e.centre), digits(50.0 * (e.high - e.low)))
}

/// The instructions of the table's contenders above the baseline's, part by part. Counts are
/// exact, so there is no interval; the ratio of times beside them has one.
fn above_baseline(results: &Results, table: &study::Table) -> Option<String> {
    let Some(Counts::Counted(counted)) = &results.record.counts else {
        return None;
    };
    let baseline = results
        .record
        .study
        .contender(&results.record.study.header.baseline)?;
    let mut headings = vec![
        "case".to_owned(),
        "contender".to_owned(),
        baseline.title.clone(),
        "above it".to_owned(),
    ];
    headings.extend(table.parts.iter().map(|part| part.name.clone()));
    headings.extend(["left over", "ratio", "ratio of times", "verdict"].map(str::to_owned));
    let mut drawn = Table::new(&headings);
    let mut empty = true;
    for case in cases_of(results, table) {
        for contender in contenders_of(results, table) {
            if contender.name == baseline.name {
                continue;
            }
            let of = |name: &str| counted.row(&case.name, name, Leg::Call);
            let (Some(own), Some(base)) = (of(&contender.name), of(&baseline.name)) else {
                continue;
            };
            empty = false;
            let (own, base) = (own.total(), base.total());
            let mut row = vec![
                format!("`{}`", case.name),
                results.marked(&contender.name),
                instructions(base),
                signed(own - base),
            ];
            let mut rest = Some(own - base);
            for part in &table.parts {
                let terms = |name: &str| {
                    let at = At {
                        case: Some(case),
                        contender: name,
                    };
                    results.terms(part, at)
                };
                let (of_own, of_base) = (terms(&contender.name), terms(&baseline.name));
                if of_own.is_empty() {
                    row.push("–".to_owned());
                    continue;
                }
                let above = instructions_of(counted, &of_own)
                    .zip(instructions_of(counted, &of_base))
                    .map(|(own, base)| own - base);
                rest = rest.zip(above).map(|(rest, above)| rest - above);
                row.push(above.map_or("–".to_owned(), signed));
            }
            row.push(rest.map_or("–".to_owned(), signed));
            row.push(factor(own / base));
            let timed = results.timed(&case.name, &contender.name);
            let against = timed.and_then(|timed| timed.ratio);
            row.push(against.as_ref().map_or("–".to_owned(), ratio));
            row.push(
                against
                    .as_ref()
                    .map_or(String::new(), |e| verdict(e).to_owned()),
            );
            drawn.row(&row);
        }
    }
    (!empty).then_some(drawn.text)
}

fn signed(count: f64) -> String {
    // What is less than half a tenth is shown as nothing, without a sign.
    let count = if count.abs() < 0.05 { 0.0 } else { count };
    format!("{count:+.1}").replace("+0.0", "0")
}

fn slopes(results: &Results, table: &study::Table) -> Option<String> {
    let axis = table.x.as_deref()?;
    let places: Vec<(String, f64)> = cases_of(results, table)
        .into_iter()
        .filter_map(|case| Some((case.name.clone(), number(case, axis)?)))
        .collect();
    let per = |e: &Estimate| {
        format!(
            "{} ±{} ps",
            digits(e.centre * 1e3),
            digits(500.0 * (e.high - e.low))
        )
    };
    let headings = [
        "at 0".to_owned(),
        format!("per {}", table.unit),
        "misfit".to_owned(),
    ];
    by_contender(results, table, &headings, |contender| {
        let sound: Vec<(String, f64)> = places
            .iter()
            .filter(|(case, _)| results.record.failed(&contender.name, case).is_none())
            .cloned()
            .collect();
        let Some(line) = results.timings.line(&contender.name, &sound) else {
            return vec![None; 3];
        };
        let unresolved = if line.slope.low <= 0.0 && line.slope.high >= 0.0 {
            " (not resolved)"
        } else {
            ""
        };
        vec![
            Some(difference(&line.intercept)),
            Some(format!("{}{unresolved}", per(&line.slope))),
            Some(percent(line.misfit)),
        ]
    })
}

/// The value of a case's parameter, where it is a number.
pub fn number(case: &Case, parameter: &str) -> Option<f64> {
    let value = case.params.get(parameter)?;
    #[allow(clippy::cast_precision_loss)] // Lengths and counts.
    value
        .as_float()
        .or_else(|| value.as_integer().map(|i| i as f64))
}

/// For each value of `y`, from which value of `x` on a contender is faster than the reference, and
/// no longer different from the baseline.
fn break_even(results: &Results, table: &study::Table) -> Option<String> {
    let (along, rows) = (table.x.as_deref()?, table.y.as_deref()?);
    let cases = cases_of(results, table);
    let mut values: Vec<f64> = cases.iter().filter_map(|case| number(case, rows)).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let header = &results.record.study.header;
    let mut headings = vec!["contender".to_owned(), "compared with".to_owned()];
    headings.extend(values.iter().map(|value| format!("{rows} {value}")));
    let mut drawn = Table::new(&headings);
    let mut empty = true;
    for contender in contenders_of(results, table) {
        for (other, what) in [(&header.reference, "faster"), (&header.baseline, "same")] {
            if contender.name == *other || (what == "same" && contender.name == header.reference) {
                continue;
            }
            let mut row = vec![
                results.marked(&contender.name),
                format!(
                    "{what} {} {}",
                    if what == "same" { "as" } else { "than" },
                    results.title_of(other)
                ),
            ];
            let mut any = false;
            for value in &values {
                let mut ratios: Vec<(f64, Estimate)> = cases
                    .iter()
                    .filter(|case| number(case, rows) == Some(*value))
                    .filter_map(|case| {
                        let timed = results.timed(&case.name, &contender.name)?;
                        let e = if what == "faster" {
                            timed.speed_up?
                        } else {
                            timed.ratio?
                        };
                        Some((number(case, along)?, e))
                    })
                    .collect();
                ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
                let holds = |e: &Estimate| match what {
                    "faster" => e.low > 1.0,
                    _ => e.verdict() == Verdict::Same,
                };
                let found: Vec<(f64, bool)> = ratios.iter().map(|(x, e)| (*x, holds(e))).collect();
                any |= !found.is_empty();
                row.push(
                    from_where(&found).map_or("–".to_owned(), |from| match from {
                        From::First(x) => format!("from {x} on"),
                        From::Between(before, from) => format!("between {before} and {from}"),
                        From::Never(last) => {
                            let (_, e) = &ratios[ratios.len() - 1];
                            // Of the reference's time, as of the baseline's.
                            let e = if what == "faster" { e.inverse() } else { *e };
                            format!("not up to {last} ({} times)", factor(e.centre))
                        }
                    }),
                );
            }
            if any {
                empty = false;
                drawn.row(&row);
            }
        }
    }
    (!empty).then_some(drawn.text)
}

/// A variant in a case, beside what it is a variant of.
pub struct Pair<'a> {
    pub variant: &'a Contender,
    pub other: &'a Contender,
    pub case: &'a Case,
    /// Times as long as the other.
    pub over: Estimate,
    of_variant: Estimate,
    of_other: Estimate,
}

/// What beginners' first versions take, beside the experts'.
pub fn first_versions<'a>(results: &'a Results, table: &study::Table) -> Vec<Pair<'a>> {
    beside(results, table, |contender| contender.naive)
}

fn tuning(results: &Results, table: &study::Table) -> Option<String> {
    let headings = [
        "first version",
        "tuned",
        "case",
        "its time",
        "tuned takes",
        "first version over tuned",
        "verdict",
    ];
    pairs(&headings, &first_versions(results, table))
}

/// What the variants that the table names take, beside what each is a variant of.
fn variants(results: &Results, table: &study::Table) -> Option<String> {
    let headings = [
        "variant",
        "of",
        "case",
        "its time",
        "the other takes",
        "variant over the other",
        "verdict",
    ];
    let wanted = |contender: &Contender| table.contenders.contains(&contender.name);
    pairs(&headings, &beside(results, table, wanted))
}

/// Each case of each variant that is wanted.
fn beside<'a>(
    results: &'a Results,
    table: &study::Table,
    wanted: impl Fn(&Contender) -> bool,
) -> Vec<Pair<'a>> {
    let mut found = Vec::new();
    for variant in contenders_of(results, table) {
        let other = variant.variant_of.as_deref().filter(|_| wanted(variant));
        let Some(other) = other.and_then(|name| results.record.study.contender(name)) else {
            continue;
        };
        for case in cases_of(results, table) {
            let both = (
                results.timed(&case.name, &variant.name),
                results.timed(&case.name, &other.name),
            );
            let legs = ((&*variant.name, Leg::Call), (&*other.name, Leg::Call));
            let over = results.timings.ratio(&case.name, legs.0, legs.1);
            if let ((Some(of_variant), Some(of_other)), Some(over)) = (both, over) {
                found.push(Pair {
                    variant,
                    other,
                    case,
                    over,
                    of_variant: of_variant.time,
                    of_other: of_other.time,
                });
            }
        }
    }
    found
}

fn pairs(headings: &[&str], pairs: &[Pair]) -> Option<String> {
    let mut drawn = Table::new(headings);
    for pair in pairs {
        drawn.row(&[
            pair.variant.title.clone(),
            pair.other.title.clone(),
            format!("`{}`", pair.case.name),
            estimated_time(&pair.of_variant),
            estimated_time(&pair.of_other),
            ratio(&pair.over),
            verdict(&pair.over).to_owned(),
        ]);
    }
    (!pairs.is_empty()).then_some(drawn.text)
}

/// A row for each case and language, a column for each binding, with ratios to the baseline.
fn languages(results: &Results, table: &study::Table) -> Option<String> {
    let contenders: Vec<&Contender> = contenders_of(results, table)
        .into_iter()
        .filter(|c| !c.kernel.is_empty() && !c.binding.is_empty())
        .collect();
    let distinct = |of: &dyn Fn(&Contender) -> String| {
        let mut names: Vec<String> = Vec::new();
        for name in contenders.iter().map(|c| of(c)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let kernels = distinct(&|c| c.kernel.clone());
    let bindings = distinct(&|c| c.binding.clone());
    let mut headings = vec!["case".to_owned(), "kernel".to_owned()];
    headings.extend(bindings.iter().cloned());
    let mut drawn = Table::new(&headings);
    let mut empty = true;
    for case in cases_of(results, table) {
        for kernel in &kernels {
            let mut row = vec![format!("`{}`", case.name), kernel.clone()];
            let mut any = false;
            for binding in &bindings {
                let contender = contenders
                    .iter()
                    .find(|c| c.kernel == *kernel && c.binding == *binding);
                let cell = contender.and_then(|c| {
                    let timed = results.timed(&case.name, &c.name)?;
                    let is_baseline = c.name == results.record.study.header.baseline;
                    Some(match timed.ratio {
                        Some(e) => format!("{} {}", ratio(&e), verdict(&e)),
                        None if is_baseline => format!("1 ({})", time(timed.time.centre)),
                        None => time(timed.time.centre),
                    })
                });
                any |= cell.is_some();
                row.push(cell.unwrap_or_else(|| "–".to_owned()));
            }
            if any {
                empty = false;
                drawn.row(&row);
            }
        }
    }
    (!empty).then_some(drawn.text)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::analysis::Slice;
    use crate::counts::{Counted, Instructions};
    use crate::record::{Candidate, Record};
    use crate::study::Study;

    const BLOCKS: u32 = 5;

    const STUDY: &str = r#"
        [study]
        name = "s"
        title = "S"
        prelude = "p.py"
        reference = "ref"
        baseline = "base"
        seed = 1
        loop_case = "call/empty"
        [profile.default]
        blocks = 5
        rounds = 1
        [[contender]]
        name = "ref"
        title = "Reference"
        folder = "ref"
        module = "ref"
        kernel = "Python"
        binding = "none"
        [[contender]]
        name = "base"
        title = "Base"
        folder = "base"
        module = "base"
        kernel = "C"
        binding = "C API"
        [[contender]]
        name = "other"
        title = "Other"
        folder = "other"
        module = "other"
        variant_of = "base"
        naive = true
        kernel = "C"
        binding = "cffi"
        [[case]]
        name = "call/empty"
        about = "Nothing"
        call = "None"
        contenders = ["base"]
        [[case]]
        name = "call/noop"
        about = "No operation"
        call = "noop()"
        [[case]]
        name = "size/1-8"
        about = "One of 8"
        params = { n = 1, length = 8 }
        call = "f()"
        floor = "f(n)"
        work = "8"
        unit = "bytes"
        [[case]]
        name = "size/10-8"
        about = "Ten of 8"
        params = { n = 10, length = 8 }
        call = "f()"
        floor = "f(n)"
        [[case]]
        name = "size/100-8"
        about = "A hundred of 8"
        params = { n = 100, length = 8 }
        call = "f()"
    "#;

    /// A record of that study, with these tables and slices.
    pub fn results(tables: &str, slices: &[Slice]) -> Results {
        let study: Study = toml::from_str(&format!("{STUDY}{tables}")).unwrap();
        let candidate = |c: &Contender| (c.name.clone(), Candidate::default());
        let record = Record {
            contenders: study.contenders.iter().map(candidate).collect(),
            ..Record::new(study, "default").unwrap()
        };
        Results::new(record, slices)
    }

    /// One slice in each block, of so many nanoseconds an iteration.
    pub fn timed(case: &str, contender: &str, leg: Leg, ns: impl Fn(u32) -> u64) -> Vec<Slice> {
        let slice = |block| Slice {
            block,
            case: case.to_owned(),
            contender: contender.to_owned(),
            leg,
            round: 0,
            position: 0,
            iterations: 100,
            nanoseconds: 100 * ns(block),
        };
        (0..BLOCKS).map(slice).collect()
    }

    /// Calls that take as long in each block.
    fn calls(rows: &[(&str, &str, u64)]) -> Vec<Slice> {
        let rows = rows.iter();
        rows.flat_map(|(case, contender, ns)| timed(case, contender, Leg::Call, |_| *ns))
            .collect()
    }

    /// The only table, without its heading.
    fn shown(results: &Results) -> Vec<String> {
        let [table] = results.record.study.tables.as_slice() else {
            panic!("one table at a time")
        };
        let text = content(results, table).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_call_is_taken_apart_and_what_is_nothing_or_less_says_so() {
        let table = r#"
            [[table]]
            name = "t"
            kind = "parts"
            title = "T"
            cases = "^size/1-"
            parts = [
                { name = "loop", plus = ["loop"] },
                { name = "less", plus = ["loop"], minus = ["call/noop"] },
                { name = "nothing", plus = ["self"], minus = ["self"] },
                { name = "gone", plus = ["call/gone"] },
                { name = "kernel", plus = ["floor"], kernel = true },
            ]
        "#;
        // The loop is timed with one contender only, and counts for all.
        let mut slices = calls(&[
            ("call/empty", "base", 10),
            ("call/noop", "other", 30),
            ("size/1-8", "other", 400),
        ]);
        slices.extend(timed("size/1-8", "other", Leg::Floor, |_| 100));
        let lines = shown(&results(table, &slices));
        assert_eq!(
            lines[2..],
            [
                "| `size/1-8` | Other | 400 ns | 10.0 ±0 ns | -20.0 ±0 ns (negative) | \
              0 ±0 ns (not resolved) | – | 100 ±0 ns | – | 75 % ±0 |"
            ]
        );
        let table = table.replace("{ name = \"gone\", plus = [\"call/gone\"] },", "");
        let lines = shown(&results(&table, &slices));
        assert!(
            lines[2].ends_with("| 100 ±0 ns | 310 ±0 ns | 75 % ±0 |"),
            "{lines:?}"
        );
    }

    #[test]
    fn what_a_case_has_no_part_for_is_in_what_is_left_over() {
        let table = r#"
            [[table]]
            name = "t"
            kind = "parts"
            title = "T"
            cases = "^size/100-"
            parts = [
                { name = "loop", plus = ["loop"] },
                { name = "by colour", plus = ["size/{colour}"] },
                { name = "kernel", plus = ["floor"], kernel = true },
            ]
        "#;
        let rows = [("call/empty", "base", 10), ("size/100-8", "other", 400)];
        assert_eq!(
            shown(&results(table, &calls(&rows)))[2..],
            ["| `size/100-8` | Other | 400 ns | 10.0 ±0 ns | – | – | 390 ±0 ns | – |"]
        );
    }

    #[test]
    fn a_part_of_what_failed_is_not_shown() {
        let table = r#"
            [[table]]
            name = "t"
            kind = "differences"
            title = "T"
            parts = [
                { name = "a", plus = ["size/10-8"], minus = ["size/1-8"], per = 9 },
                { name = "b", plus = ["size/10-8"] },
            ]
        "#;
        let rows = [("size/1-8", "base", 100), ("size/10-8", "base", 190)];
        let mut results = results(table, &calls(&rows));
        assert_eq!(shown(&results)[2..], ["| Base | 10.0 ±0 ns | 190 ±0 ns |"]);
        let record = &mut results.record;
        record.fail("base", Some("size/1-8"), "run", "it failed".to_owned());
        assert_eq!(shown(&results)[2..], ["| Base | – | 190 ±0 ns |"]);
    }

    #[test]
    fn a_list_has_what_is_above_the_loop_and_no_sums_with_what_failed() {
        let table = "[[table]]\nname = 't'\nkind = 'list'\ntitle = 'T'\ncases = '^call/noop'\n";
        let rows = [("call/empty", "base", 10), ("call/noop", "other", 35)];
        let mut results = results(table, &calls(&rows));
        let row = "| `call/noop` | Other | 35.0 ns ±0 % |";
        assert_eq!(shown(&results)[2..], [format!("{row} 25.0 ±0 ns | – |")]);
        let record = &mut results.record;
        record.fail("base", Some("call/empty"), "run", "it failed".to_owned());
        assert_eq!(shown(&results)[2..], [format!("{row} – | – |")]);
    }

    #[test]
    fn times_name_what_failed_and_leave_out_what_was_not_asked() {
        let table = "[[table]]\nname = 't'\nkind = 'times'\ntitle = 'T'\ncases = '^size/'\n";
        let rows = [("size/1-8", "base", 10), ("size/10-8", "other", 20)];
        let mut results = results(table, &calls(&rows));
        let record = &mut results.record;
        record.fail("other", Some("size/1-8"), "run", "it failed".to_owned());
        let lines = shown(&results);
        assert_eq!(lines[0], "| case | Base | Other |");
        assert_eq!(lines[2], "| `size/1-8` | 10.0 ns ±0 % | failed |");
        assert_eq!(lines[3], "| `size/10-8` | – | 20.0 ns ±0 % |");
        assert_eq!(lines.len(), 4, "{lines:?}");
    }

    #[test]
    fn who_does_other_work_is_in_the_tables_of_peers_and_where_it_is_named() {
        let table = "[[table]]\nname = 't'\nkind = 'times'\ntitle = 'T'\ncases = '^size/1-'\n";
        let headings = |more: &str| {
            let rows = [("size/1-8", "base", 10), ("size/1-8", "other", 20)];
            let mut of = results(&format!("{table}{more}"), &calls(&rows));
            let other = &mut of.record.study.contenders[2];
            (other.equal_work, other.rare) = (false, true);
            let lines = shown(&of);
            let explained = lines.last().unwrap().starts_with("*Not equal work*");
            (lines[0].clone(), explained)
        };
        let marked = "Other (not equal work)";
        assert_eq!(headings(""), ("| case | Base |".to_owned(), false));
        let named = headings("contenders = ['base', 'other']\n");
        assert_eq!(named, (format!("| case | Base | {marked} |"), true));
        let regime = "[[regime]]\nname = 'size'\ntitle = 'S'\nabout = ''\npeers = true\n";
        assert_eq!(
            headings(regime),
            (format!("| case | Base | {marked} |"), true)
        );
    }

    #[test]
    fn a_straight_line_is_what_it_costs_at_0_and_for_each() {
        let table = r#"
            [[table]]
            name = "t"
            kind = "slopes"
            title = "T"
            cases = "^size/"
            x = "n"
            unit = "word"
        "#;
        let line = [("size/1-8", 52), ("size/10-8", 70), ("size/100-8", 250)];
        let mut slices: Vec<Slice> = line
            .iter()
            .flat_map(|(case, ns)| timed(case, "base", Leg::Call, |_| *ns))
            .collect();
        // The same time everywhere, now a little more and now a little less.
        for (place, (case, _)) in (0..).zip(&line) {
            let ns = |block: u32| 1000 + u64::from((block + place) % 3);
            slices.extend(timed(case, "other", Leg::Call, ns));
        }
        let lines = shown(&results(table, &slices));
        assert_eq!(lines[0], "| contender | at 0 | per word | misfit |");
        // The last bits of a fit are not of interest.
        for text in ["| Base | 50.0 ±0", " ns | 2000 ±0", " ps | 0"] {
            assert!(lines[2].contains(text), "{lines:?}");
        }
        assert!(lines[3].contains(" ps (not resolved) |"), "{lines:?}");
    }

    #[test]
    fn a_break_even_is_everywhere_between_two_values_or_nowhere() {
        let table = r#"
            [[table]]
            name = "t"
            kind = "break-even"
            title = "T"
            cases = "^size/"
            x = "n"
            y = "length"
        "#;
        let with = |base: [u64; 3], other: [u64; 3]| {
            let cases = ["size/1-8", "size/10-8", "size/100-8"];
            let rows: Vec<(&str, &str, u64)> = (0..3)
                .flat_map(|i| {
                    [("ref", 1000), ("base", base[i]), ("other", other[i])]
                        .map(|(contender, ns)| (cases[i], contender, ns))
                })
                .collect();
            shown(&results(table, &calls(&rows))).split_off(2)
        };
        assert_eq!(
            with([100, 100, 100], [4000, 100, 101]),
            [
                "| Base | faster than Reference | from 1 on |",
                "| Other | faster than Reference | between 1 and 10 |",
                "| Other | same as Base | between 1 and 10 |",
            ]
        );
        // It was faster in between, which is not from there on.
        assert_eq!(
            with([2000, 500, 500], [500, 2500, 3000]),
            [
                "| Base | faster than Reference | between 1 and 10 |",
                "| Other | faster than Reference | not up to 100 (3.00 times) |",
                "| Other | same as Base | not up to 100 (6.00 times) |",
            ]
        );
    }

    #[test]
    fn a_first_version_stands_beside_what_it_is_a_version_of() {
        let table = "[[table]]\nname = 't'\nkind = 'tuning'\ntitle = 'T'\ncases = '^size/'\n";
        let rows = [
            ("size/1-8", "base", 100),
            ("size/1-8", "other", 350),
            ("size/10-8", "other", 400),
        ];
        let row = "| Other | Base | `size/1-8` | 350 ns ±0 % | 100 ns ±0 % | 3.50 [3.50, 3.50] | different |";
        assert_eq!(shown(&results(table, &calls(&rows)))[2..], [row]);
        // The same for variants that the table names, and for no other.
        let variants = table.replace("tuning", "variants");
        assert!(shown(&results(&variants, &calls(&rows))).is_empty());
        let named = format!("{variants}contenders = ['other']\n");
        assert_eq!(shown(&results(&named, &calls(&rows)))[2..], [row]);
    }

    #[test]
    fn languages_go_down_and_bindings_across() {
        let table = "[[table]]\nname = 't'\nkind = 'languages'\ntitle = 'T'\ncases = '^size/1-'\n";
        let rows = [
            ("size/1-8", "ref", 900),
            ("size/1-8", "base", 100),
            ("size/1-8", "other", 101),
        ];
        assert_eq!(
            shown(&results(table, &calls(&rows))),
            [
                "| case | kernel | none | C API | cffi |",
                "|---|---|---|---|---|",
                "| `size/1-8` | Python | 9.00 [9.00, 9.00] different | – | – |",
                "| `size/1-8` | C | – | 1 (100 ns) | 1.010 [1.010, 1.010] same |",
            ]
        );
    }

    #[test]
    fn instructions_are_those_above_the_baseline_part_by_part() {
        let table = r#"
            [[table]]
            name = "t"
            kind = "instructions"
            title = "T"
            cases = "^size/1-"
            contenders = ["base", "other"]
            parts = [
                { name = "call", plus = ["call/noop"] },
                { name = "gone", plus = ["floor"] },
            ]
        "#;
        let row = |total: f64| {
            let instructions = Instructions {
                extension: total,
                ..Instructions::default()
            };
            [(Leg::Call, instructions)].into_iter().collect()
        };
        let rows = |base: f64, other: f64| {
            [
                ("base".to_owned(), row(base)),
                ("other".to_owned(), row(other)),
            ]
            .into_iter()
            .collect()
        };
        let counted = Counted {
            fingerprint: std::collections::BTreeMap::new(),
            artefacts: std::collections::BTreeMap::new(),
            rows: [
                ("call/noop".to_owned(), rows(50.0, 65.5)),
                ("size/1-8".to_owned(), rows(200.0, 230.0)),
            ]
            .into_iter()
            .collect(),
            left_out: std::collections::BTreeMap::new(),
        };
        let slices = calls(&[("size/1-8", "base", 100), ("size/1-8", "other", 101)]);
        let mut of_both = results(table, &slices);
        assert!(shown(&of_both).is_empty());
        of_both.record.counts = Some(Counts::Counted(counted.clone()));
        let begin = "| `size/1-8` | Other | 200.0 | +30.0 | +15.5 |";
        let end = "1.150 | 1.010 [1.010, 1.010] | same |";
        assert_eq!(shown(&of_both)[2..], [format!("{begin} – | – | {end}")]);

        let table = table.replace("{ name = \"gone\", plus = [\"floor\"] },", "");
        let mut of_both = results(&table, &slices);
        of_both.record.counts = Some(Counts::Counted(counted.clone()));
        assert_eq!(shown(&of_both)[2..], [format!("{begin} +14.5 | {end}")]);

        // What is above the case itself is none of its parts.
        let table = table.replace("] },", "], minus = [\"size/1-8\"] },");
        let mut of_both = results(&table, &slices);
        of_both.record.counts = Some(Counts::Counted(counted));
        assert!(shown(&of_both)[2].contains("| +30.0 | – | +30.0 |"));
    }

    #[test]
    fn a_count_has_its_sign_unless_it_is_nothing() {
        let written = [0.0, 0.04, -0.04, 0.1, 10.04, -2.5].map(signed);
        assert_eq!(written, ["0", "0", "0", "+0.1", "+10.0", "-2.5"]);
    }

    #[test]
    fn a_table_of_nothing_has_no_heading_and_without_any_there_is_no_section() {
        let tables_of = |text: &str| tables(&results(text, &calls(&[("call/noop", "base", 10)])));
        let empty = "[[table]]\nname = 'e'\nkind = 'times'\ntitle = 'E'\ncases = '^size/'\n";
        let full = "[[table]]\nname = 'f'\nkind = 'times'\ntitle = 'F'\ncases = '^call/'\n";
        assert_eq!(tables_of(empty), "");
        let text = tables_of(&format!("{empty}{full}"));
        assert!(
            text.starts_with("## By regime\n\n### F\n\n| case | Base |"),
            "{text}"
        );
        assert!(!text.contains("### E"), "{text}");
    }

    #[test]
    fn throughput_is_work_by_time_where_there_is_work() {
        const THROUGHPUT: &str = r#"
            [[table]]
            name = "t"
            kind = "throughput"
            title = "T"
            cases = "^(size/1-8|call/noop)$"
            contenders = ["base"]
        "#;
        let mut of = results(
            THROUGHPUT,
            &[
                timed("size/1-8", "base", Leg::Call, |_| 4),
                timed("call/noop", "base", Leg::Call, |_| 4),
            ]
            .concat(),
        );
        of.record.work.insert("size/1-8".to_owned(), 8.0);
        let text = content(&of, &of.record.study.tables[0]).unwrap_or_default();
        let rows: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(rows.len(), 1, "{text}");
        assert!(rows[0].starts_with("| `size/1-8` | Base | 4"), "{text}");
        // 8 bytes in 4 ns are 2 in each.
        assert!(rows[0].contains(" bytes | – | – |"), "{text}");
        assert!(rows[0].contains(" G bytes"), "{text}");
    }
}
