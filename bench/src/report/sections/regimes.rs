//! The tables that the study declares for its regimes.

use super::ladder::ladder;
use super::{Item, NOT_EQUAL_MEANS, NOTHING, Section, Table, code, distinct, observed, or_nothing};
use crate::analysis::parts::{From, from_where};
use crate::analysis::{Estimate, Role, Verdict};
use crate::counts::{Counts, Instructions};
use crate::format::{
    difference, digits, estimated_time, factor, instructions, percent, rate, ratio, time, verdict,
};
use crate::report::figures::selection::number;
use crate::report::figures::split::VariantPair;
use crate::report::figures::terms::{PartContext, instructions_of};
use crate::report::figures::{NOT_EQUAL, Results};
use crate::study::{self, Case, Contender, TableKind};

/// Every table of the study that has something to show, under its heading.
pub fn sections(results: &Results) -> Vec<Section> {
    let tables = results.record.study.tables.iter();
    tables
        .filter_map(|table| {
            let id = table.name.replace(' ', "-");
            Some(Section::named(&id, &table.title, content(results, table)?))
        })
        .collect()
}

/// One table with the sentences that explain it; nothing where nothing of it was measured.
pub fn content(results: &Results, table: &study::TableSpec) -> Option<Vec<Item>> {
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
    let mut cells = drawn.headings.iter().chain(drawn.rows.iter().flatten());
    let marked = table.kind != TableKind::Ladder && cells.any(|cell| cell.contains(NOT_EQUAL));
    let mut items: Vec<Item> = vec![drawn.into()];
    if !table.about.is_empty() {
        items.insert(0, table.about.trim().into());
    }
    if marked {
        items.push(NOT_EQUAL_MEANS.into());
    }
    Some(items)
}

/// Adds a row for each contender, which begins with its title; rows that are empty everywhere stay
/// out.
pub fn by_contender(
    mut drawn: Table,
    results: &Results,
    table: &study::TableSpec,
    cells: impl Fn(&Contender) -> Vec<Option<String>>,
) -> Option<Table> {
    for contender in results.contenders_of(table) {
        drawn.add_known([results.marked(&contender.name)], cells(contender));
    }
    drawn.filled()
}

/// Adds a row for each case and contender that there are cells for, which begins with their names.
fn by_both(
    mut drawn: Table,
    results: &Results,
    table: &study::TableSpec,
    cells: impl Fn(&Case, &Contender) -> Option<Vec<String>>,
) -> Option<Table> {
    for case in results.cases_of(table) {
        for contender in results.contenders_of(table) {
            if let Some(cells) = cells(case, contender) {
                let names = [code(&case.name), results.marked(&contender.name)];
                drawn.add_row(names.into_iter().chain(cells));
            }
        }
    }
    drawn.filled()
}

/// A row for each case, a column for each contender; the optional ones are in it if they are named.
fn times(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let cases = results.cases_of(table);
    let timed = |case: &Case, c: &Contender| results.timed(&case.name, &c.name);
    let all = !table.contenders.is_empty() || results.among_peers(&cases);
    let mut contenders = results.contenders_of(table);
    contenders.retain(|c| {
        let was_timed = cases.iter().any(|case| timed(case, c).is_some());
        was_timed && (all || results.record.study.shows(c))
    });
    let titles = contenders.iter().map(|c| results.marked(&c.name));
    let mut drawn = Table::new("case").and(titles);
    for case in cases {
        if contenders.iter().all(|c| timed(case, c).is_none()) {
            continue;
        }
        let cell = |c: &&Contender| match timed(case, c) {
            Some(timed) => estimated_time(&timed.time),
            None if results.record.failed(&c.name, &case.name).is_some() => "failed".to_owned(),
            None => NOTHING.to_owned(),
        };
        drawn.add_row(std::iter::once(code(&case.name)).chain(contenders.iter().map(cell)));
    }
    drawn.filled()
}

/// The instructions of a call, if they were counted.
fn counted<'a>(results: &'a Results, case: &Case, contender: &str) -> Option<&'a Instructions> {
    match &results.record.counts {
        Some(Counts::Counted(counted)) => counted.row(&case.name, contender, Role::Call),
        _ => None,
    }
}

/// A row for each case and contender, with what is done in a second, and what one of it takes.
fn throughput(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let drawn =
        Table::new("case | contender | time | in a second | instructions | of which for each");
    by_both(drawn, results, table, |case, contender| {
        let work = *results.record.work.get(&case.name)?;
        let timed = results.timed(&case.name, &contender.name)?;
        let counted = counted(results, case, &contender.name);
        Some(vec![
            estimated_time(&timed.time),
            format!("{} {}", rate(work, timed.time.centre), case.unit),
            or_nothing(counted.map(|count| instructions(count.total()))),
            or_nothing(counted.map(|count| digits(count.total() / work))),
        ])
    })
}

/// A row for each case and contender, with what the call costs above the loop around it.
fn list(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let above_loop = study::Part {
        name: String::new(),
        plus: vec!["self".to_owned()],
        minus: vec!["loop".to_owned()],
        per: 1.0,
        kernel: false,
    };
    let drawn = Table::new("case | contender | time | above the loop | instructions");
    by_both(drawn, results, table, |case, contender| {
        let timed = results.timed(&case.name, &contender.name)?;
        let above = results.part(&above_loop, PartContext::case(case, &contender.name));
        let counted = counted(results, case, &contender.name);
        Some(vec![
            estimated_time(&timed.time),
            or_nothing(above.as_ref().map(difference)),
            or_nothing(counted.map(|count| instructions(count.total()))),
        ])
    })
}

fn differences(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let drawn = Table::new("contender").and(table.parts.iter().map(|part| &part.name));
    by_contender(drawn, results, table, |contender| {
        let parts = table.parts.iter();
        let parts = parts.map(|part| results.part(part, PartContext::none(&contender.name)));
        parts.map(|e| e.as_ref().map(difference)).collect()
    })
}

fn parts(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let drawn = Table::new("case | contender | call")
        .and(table.parts.iter().map(|part| &part.name))
        .and(["left over", "binding"]);
    by_both(drawn, results, table, |case, contender| {
        let split = results.split(table, case, contender)?;
        let mut row = vec![time(split.whole.centre)];
        let parts = split.parts.into_iter().chain([split.left_over]);
        row.extend(parts.map(|e| or_nothing(e.as_ref().map(part_of))));
        row.push(or_nothing(split.binding.as_ref().map(share)));
        Some(row)
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
fn above_baseline(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let Some(Counts::Counted(all)) = &results.record.counts else {
        return None;
    };
    let study = &results.record.study;
    let baseline = study.contender(&study.header.baseline)?;
    let drawn = Table::new("case | contender")
        .and([baseline.title.as_str(), "above it"])
        .and(table.parts.iter().map(|part| &part.name))
        .and(["left over", "ratio", "ratio of times", "verdict"]);
    by_both(drawn, results, table, |case, contender| {
        if contender.name == baseline.name {
            return None;
        }
        let own = counted(results, case, &contender.name)?.total();
        let base = counted(results, case, &baseline.name)?.total();
        let mut row = vec![instructions(base), signed(own - base)];
        let mut rest = Some(own - base);
        for part in &table.parts {
            let terms = |name| results.terms(part, PartContext::case(case, name));
            let of_own = terms(&contender.name);
            if of_own.is_empty() {
                row.push(NOTHING.to_owned());
                continue;
            }
            let above = instructions_of(all, &of_own)
                .zip(instructions_of(all, &terms(&baseline.name)))
                .map(|(own, base)| own - base);
            rest = rest.zip(above).map(|(rest, above)| rest - above);
            row.push(or_nothing(above.map(signed)));
        }
        let against = results
            .timed(&case.name, &contender.name)
            .and_then(|timed| timed.ratio);
        row.extend([
            or_nothing(rest.map(signed)),
            factor(own / base),
            or_nothing(against.as_ref().map(ratio)),
            against.as_ref().map_or("", verdict).to_owned(),
        ]);
        Some(row)
    })
}

fn signed(count: f64) -> String {
    // What is less than half a tenth is shown as nothing, without a sign.
    let count = if count.abs() < 0.05 { 0.0 } else { count };
    format!("{count:+.1}").replace("+0.0", "0")
}

fn slopes(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let axis = table.x.as_deref()?;
    let cases = results.cases_of(table).into_iter();
    let places: Vec<(String, f64)> = cases
        .filter_map(|case| Some((case.name.clone(), number(case, axis)?)))
        .collect();
    let per = |e: &Estimate| {
        let (centre, half) = (digits(e.centre * 1e3), digits(500.0 * (e.high - e.low)));
        let unresolved = e.low <= 0.0 && e.high >= 0.0;
        let unresolved = if unresolved { " (not resolved)" } else { "" };
        format!("{centre} ±{half} ps{unresolved}")
    };
    let per_unit = format!("per {}", table.unit);
    let drawn = Table::new("contender | at 0").and([per_unit.as_str(), "misfit"]);
    by_contender(drawn, results, table, |contender| {
        let mut sound = places.clone();
        sound.retain(|(case, _)| results.record.failed(&contender.name, case).is_none());
        let line = results.timings.line(&contender.name, &sound);
        line.map_or(vec![None], |line| {
            let cells = [
                difference(&line.intercept),
                per(&line.slope),
                percent(line.misfit),
            ];
            cells.map(Some).to_vec()
        })
    })
}

/// What a contender may be compared with along the axis of a grid.
#[derive(Clone, Copy, PartialEq)]
enum Than {
    Reference,
    Baseline,
}

/// For each value of `y`, from which value of `x` on a contender is faster than the reference, and
/// no longer different from the baseline.
fn break_even(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let (along, rows) = (table.x.as_deref()?, table.y.as_deref()?);
    let cases = results.cases_of(table);
    let mut values: Vec<f64> = cases.iter().filter_map(|case| number(case, rows)).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let header = &results.record.study.header;
    let headings = values.iter().map(|value| format!("{rows} {value}"));
    let mut drawn = Table::new("contender | compared with").and(headings);
    for contender in results.contenders_of(table) {
        for than in [Than::Reference, Than::Baseline] {
            let (other, compared) = match than {
                Than::Reference => (&header.reference, "faster than"),
                Than::Baseline => (&header.baseline, "same as"),
            };
            let is_reference = contender.name == header.reference;
            if contender.name == *other || (than == Than::Baseline && is_reference) {
                continue;
            }
            let cells = values.iter().map(|value| {
                let mut factors: Vec<(f64, Estimate)> = cases
                    .iter()
                    .filter(|case| number(case, rows) == Some(*value))
                    .filter_map(|case| {
                        let timed = results.timed(&case.name, &contender.name)?;
                        let e = match than {
                            Than::Reference => timed.speed_up?,
                            Than::Baseline => timed.ratio?,
                        };
                        Some((number(case, along)?, e))
                    })
                    .collect();
                factors.sort_by(|a, b| a.0.total_cmp(&b.0));
                from_which(&factors, than)
            });
            let compared = format!("{compared} {}", results.title_of(other));
            drawn.add_known([results.marked(&contender.name), compared], cells);
        }
    }
    drawn.filled()
}

/// From where on some factors hold what is asked for, in words.
fn from_which(factors: &[(f64, Estimate)], than: Than) -> Option<String> {
    let holds = |e: &Estimate| match than {
        Than::Reference => e.low > 1.0,
        Than::Baseline => e.verdict() == Verdict::Same,
    };
    let found: Vec<(f64, bool)> = factors.iter().map(|(x, e)| (*x, holds(e))).collect();
    let (_, last_factor) = factors.last()?;
    Some(match from_where(&found)? {
        From::First(x) => format!("from {x} on"),
        From::Between(before, from) => format!("between {before} and {from}"),
        From::Never(last) => {
            // Of the reference's time, as of the baseline's.
            let e = match than {
                Than::Reference => last_factor.inverse(),
                Than::Baseline => *last_factor,
            };
            format!("not up to {last} ({} times)", factor(e.centre))
        }
    })
}

fn tuning(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let headings = "first version | tuned | case | its time | tuned takes | first version over tuned | verdict";
    pairs(headings, &results.first_versions(table))
}

/// What the variants that the table names take, beside what each is a variant of.
fn variants(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let headings =
        "variant | of | case | its time | the other takes | variant over the other | verdict";
    let wanted = |contender: &Contender| table.contenders.contains(&contender.name);
    pairs(headings, &results.beside(table, wanted))
}

fn pairs(headings: &str, pairs: &[VariantPair]) -> Option<Table> {
    let mut drawn = Table::new(headings);
    for pair in pairs {
        drawn.add_row([
            pair.variant.title.clone(),
            pair.other.title.clone(),
            code(&pair.case.name),
            estimated_time(&pair.of_variant),
            estimated_time(&pair.of_other),
            ratio(&pair.over),
            verdict(&pair.over).to_owned(),
        ]);
    }
    drawn.filled()
}

/// A row for each case and language, a column for each binding, with ratios to the baseline.
fn languages(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let mut contenders = results.contenders_of(table);
    contenders.retain(|c| !c.kernel.is_empty() && !c.binding.is_empty());
    let kernels = distinct(contenders.iter().map(|c| &c.kernel));
    let bindings = distinct(contenders.iter().map(|c| &c.binding));
    let mut drawn = Table::new("case | kernel").and(bindings.iter().copied());
    for case in results.cases_of(table) {
        for kernel in &kernels {
            let cells = bindings.iter().map(|binding| {
                let mut all = contenders.iter();
                let c = all.find(|c| c.kernel == **kernel && c.binding == **binding)?;
                let timed = results.timed(&case.name, &c.name)?;
                let is_baseline = c.name == results.record.study.header.baseline;
                Some(match timed.ratio {
                    Some(e) => format!("{} {}", ratio(&e), verdict(&e)),
                    None if is_baseline => format!("1 ({})", time(timed.time.centre)),
                    None => time(timed.time.centre),
                })
            });
            drawn.add_known([code(&case.name), (*kernel).clone()], cells);
        }
    }
    drawn.filled()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Slice;
    use crate::counts::{InstructionCounts, Instructions};
    use crate::report::formats::markdown;
    use crate::report::sections::document::document;
    use crate::report::tests::{calls, results, shown, timed};

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
        slices.extend(timed("size/1-8", "other", Role::Floor, |_| 100));
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
            (other.equal_work, other.optional) = (false, true);
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
            .flat_map(|(case, ns)| timed(case, "base", Role::Call, |_| *ns))
            .collect();
        // The same time everywhere, now a little more and now a little less.
        for (place, (case, _)) in (0..).zip(&line) {
            let ns = |block: u32| 1000 + u64::from((block + place) % 3);
            slices.extend(timed(case, "other", Role::Call, ns));
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
            [(Role::Call, instructions)].into_iter().collect()
        };
        let rows = |base: f64, other: f64| {
            [
                ("base".to_owned(), row(base)),
                ("other".to_owned(), row(other)),
            ]
            .into_iter()
            .collect()
        };
        let counted = InstructionCounts {
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
        let tables_of = |text: &str| {
            let of = results(text, &calls(&[("call/noop", "base", 10)]));
            markdown::document(&document(&of))
        };
        let empty = "[[table]]\nname = 'e'\nkind = 'times'\ntitle = 'E'\ncases = '^size/'\n";
        let full = "[[table]]\nname = 'f'\nkind = 'times'\ntitle = 'F'\ncases = '^call/'\n";
        assert!(!tables_of(empty).contains("## By regime\n"));
        let text = tables_of(&format!("{empty}{full}"));
        assert!(
            text.contains("## By regime\n\n### F\n\n| case | Base |"),
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
                timed("size/1-8", "base", Role::Call, |_| 4),
                timed("call/noop", "base", Role::Call, |_| 4),
            ]
            .concat(),
        );
        of.record.work.insert("size/1-8".to_owned(), 8.0);
        let rows = &shown(&of)[2..];
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert!(rows[0].starts_with("| `size/1-8` | Base | 4"), "{rows:?}");
        // 8 bytes in 4 ns are 2 in each.
        assert!(rows[0].contains(" bytes | – | – |"), "{rows:?}");
        assert!(rows[0].contains(" G bytes"), "{rows:?}");
    }
}
