//! Tables of what is looked at once: imports, allocations, outcomes.

use super::regimes::by_contender;
use super::{Table, code, or_nothing};
use crate::analysis::median;
use crate::format::{bytes, digits, estimated_time};
use crate::observed::{Allocations, Import, SeenOutcome};
use crate::report::figures::{Results, import_time};
use crate::study::{self, Case};

/// What importing costs.
pub fn imports(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let observed = results.record.observed.as_ref()?;
    let drawn = Table::new(
        "contender | import, warm | import, cold | resident memory | not shared | modules | threads",
    );
    by_contender(drawn, results, table, |contender| {
        let Some(samples) = observed.imports.get(&contender.name) else {
            return Vec::new();
        };
        let time = |cold: bool| import_time(samples, cold).as_ref().map(estimated_time);
        let warm = || samples.iter().filter(|s| !s.cold);
        let kilobytes = |of: fn(&Import) -> Option<f64>| {
            let values: Vec<f64> = warm().filter_map(of).collect();
            let kib = (!values.is_empty()).then(|| median(values));
            kib.map(|kib| format!("{} kB", digits(kib * 1.024)))
        };
        let most = |of: fn(&Import) -> Option<u32>| warm().filter_map(of).max();
        vec![
            time(false),
            time(true),
            kilobytes(|s| s.resident_kb),
            kilobytes(|s| s.private_kb),
            most(|s| Some(s.modules)).map(|n| n.to_string()),
            most(|s| s.threads).map(|n| n.to_string()),
        ]
    })
}

/// What one call allocates: a row for each contender, or for each case where there is only one
/// contender.
pub fn memory(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let all = &results.record.observed.as_ref()?.allocations;
    let mut cases = results.cases_of(table);
    cases.retain(|case| all.contains_key(&case.name));
    if let [alone] = results.contenders_of(table)[..] {
        let mut drawn = Table::new("case").and(ALLOCATED).and(["for each"]);
        for case in cases {
            if let Some(found) = all[&case.name].get(&alone.name) {
                let each = held_for_each(results, case, found);
                let each = each.map(|held| format!("{held} / {}", singular(&case.unit)));
                let cells = [code(&case.name)].into_iter().chain(allocated(found));
                drawn.add_row(cells.chain([or_nothing(each)]));
            }
        }
        return drawn.filled();
    }
    let mut drawn = Table::new("contender");
    for case in &cases {
        let first = format!("{}: {}", code(&case.name), ALLOCATED[0]);
        drawn = drawn.and([first]).and(ALLOCATED[1..].iter().copied());
        if results.record.work.contains_key(&case.name) {
            drawn = drawn.and([format!("per {}", singular(&case.unit))]);
        }
    }
    by_contender(drawn, results, table, |contender| {
        let mut row = Vec::new();
        for case in &cases {
            let found = all[&case.name].get(&contender.name);
            let cells = found.map(allocated);
            row.extend((0..ALLOCATED.len()).map(|place| Some(cells.as_ref()?[place].clone())));
            if results.record.work.contains_key(&case.name) {
                row.push(found.and_then(|found| held_for_each(results, case, found)));
            }
        }
        row
    })
}

const ALLOCATED: [&str; 3] = ["allocations", "at most", "held by the result"];

/// What [`ALLOCATED`] names.
fn allocated(found: &Allocations) -> [String; 3] {
    let size = |bytes_of: u64| {
        if bytes_of < 1000 {
            format!("{bytes_of} B")
        } else {
            bytes(bytes_of)
        }
    };
    [found.count.to_string(), size(found.peak), size(found.held)]
}

/// What the result holds for each of what the case does.
fn held_for_each(results: &Results, case: &Case, found: &Allocations) -> Option<String> {
    let work = results.record.work.get(&case.name)?;
    #[allow(clippy::cast_precision_loss)] // Bytes of one process.
    let held = found.held as f64 / work;
    Some(format!("{} B", digits(held)))
}

fn singular(unit: &str) -> &str {
    unit.strip_suffix('s').unwrap_or(unit)
}

/// What Python sees when things go as the study wants them to: a row for each thing that somebody
/// sees, with all who see it.
pub fn outcomes(results: &Results, table: &study::TableSpec) -> Option<Table> {
    let observed = results.record.observed.as_ref()?;
    let mut drawn = Table::new("what is done | what Python sees | with");
    for outcome in &results.record.study.outcomes {
        let Some(seen) = observed.outcomes.get(&outcome.name) else {
            continue;
        };
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for contender in results.contenders_of(table) {
            let Some(what) = seen.get(&contender.name).map(in_words) else {
                continue;
            };
            match groups.iter_mut().find(|(of, _)| *of == what) {
                Some((_, titles)) => titles.push(&contender.title),
                None => groups.push((what, vec![&contender.title])),
            }
        }
        for (what, titles) in groups {
            drawn.add_row([&outcome.about, &what, &titles.join("; ")]);
        }
    }
    drawn.filled()
}

fn in_words(seen: &SeenOutcome) -> String {
    match seen {
        SeenOutcome::Value(text) => format!("`{text}`"),
        // Below the message, a traceback has the notes that were added to the exception.
        SeenOutcome::Exception(text) => match text.split_once('\n') {
            Some((message, notes)) => format!("raises `{message}`; below it `{notes}`"),
            None => format!("raises `{text}`"),
        },
        SeenOutcome::Death(how) => format!("**the process ends: {how}**"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::observed::{Allocations, Observed};
    use crate::report::sections::regimes::content;
    use crate::report::tests::{self as fixture, results};

    fn table(kind: &str) -> String {
        format!("[[table]]\nname = 't'\nkind = '{kind}'\ntitle = 'T'\ncases = '^size/'\n")
    }

    fn shown(mut results: Results, observed: Observed) -> Vec<String> {
        results.record.observed = Some(observed);
        fixture::shown(&results)
    }

    #[test]
    fn nobody_looked_so_there_is_nothing() {
        for kind in ["imports", "memory", "outcomes"] {
            let results = results(&table(kind), &[]);
            assert!(content(&results, &results.record.study.tables[0]).is_none());
            assert!(shown(results, Observed::default()).is_empty());
        }
    }

    #[test]
    fn warm_and_cold_imports_are_told_apart() {
        let import = |round, cold, ns, kib: f64| Import {
            round,
            cold,
            ns,
            resident_kb: Some(kib),
            private_kb: None,
            threads: Some(round),
            modules: 3,
        };
        let samples = vec![
            import(0, false, 1e6, 100.0),
            import(0, true, 64e6, 1e6),
            import(1, false, 4e6, 200.0),
            import(2, false, 2e6, 1e6),
            // What is cold is hardly ever the memory's usual size.
            import(9, true, 1e6, 1e6),
        ];
        let observed = Observed {
            imports: [("base".to_owned(), samples)].into(),
            ..Observed::default()
        };
        assert_eq!(
            shown(results(&table("imports"), &[]), observed)[2..],
            [
                "| Base | 2.00 ms (1.00 to 4.00, n = 3) | 8.00 ms (1.00 to 64.0, n = 2) | 205 kB | – | 3 | 2 |"
            ]
        );
    }

    #[test]
    fn what_a_call_allocates_is_also_said_for_each_of_what_it_does() {
        let allocations = |count, peak, held| Allocations { count, peak, held };
        let of = |rows: &[(&str, Allocations)]| -> BTreeMap<String, Allocations> {
            rows.iter()
                .map(|(name, a)| ((*name).to_owned(), *a))
                .collect()
        };
        let observed = Observed {
            allocations: [
                (
                    "size/1-8".to_owned(),
                    of(&[
                        ("base", allocations(2, 1500, 24)),
                        ("other", allocations(0, 0, 0)),
                    ]),
                ),
                (
                    "size/10-8".to_owned(),
                    of(&[("base", allocations(1, 999, 0))]),
                ),
            ]
            .into(),
            ..Observed::default()
        };
        let mut results = results(&table("memory"), &[]);
        results.record.work = [("size/1-8".to_owned(), 8.0)].into();
        let lines = shown(results, observed);
        assert_eq!(
            lines[0],
            "| contender | `size/1-8`: allocations | at most | held by the result | per byte | \
             `size/10-8`: allocations | at most | held by the result |"
        );
        assert_eq!(
            lines[2],
            "| Base | 2 | 1.50 kB | 24 B | 3.00 B | 1 | 999 B | 0 B |"
        );
        assert_eq!(lines[3], "| Other | 0 | 0 B | 0 B | 0 B | – | – | – |");
    }

    #[test]
    fn what_one_contender_allocates_has_a_row_for_each_case() {
        let row = |name: &str, count, peak, held| {
            let allocations = Allocations { count, peak, held };
            (name.to_owned(), [("base".to_owned(), allocations)].into())
        };
        let observed = Observed {
            allocations: [row("size/1-8", 2, 1500, 24), row("size/10-8", 1, 999, 0)].into(),
            ..Observed::default()
        };
        let alone = table("memory") + "contenders = ['base']\n";
        let mut results = results(&alone, &[]);
        results.record.work = [("size/1-8".to_owned(), 8.0)].into();
        assert_eq!(
            shown(results, observed),
            [
                "| case | allocations | at most | held by the result | for each |",
                "|---|---|---|---|---|",
                "| `size/1-8` | 2 | 1.50 kB | 24 B | 3.00 B / byte |",
                "| `size/10-8` | 1 | 999 B | 0 B | – |",
            ]
        );
    }

    #[test]
    fn who_sees_the_same_stands_in_one_row() {
        let tables = table("outcomes")
            + "[[outcome]]\nname = 'o'\nabout = 'It is tried'\ncall = 'f()'\n"
            + "[[outcome]]\nname = 'p'\nabout = 'Nobody tried'\ncall = 'f()'\n";
        let seen = [
            ("ref", SeenOutcome::Exception("E: a | b".to_owned())),
            ("base", SeenOutcome::Death("killed".to_owned())),
            ("other", SeenOutcome::Exception("E: a | b".to_owned())),
        ];
        let seen = seen.map(|(name, seen)| (name.to_owned(), seen));
        let observed = Observed {
            outcomes: [("o".to_owned(), seen.into())].into(),
            ..Observed::default()
        };
        assert_eq!(
            shown(results(&tables, &[]), observed)[2..],
            [
                "| It is tried | raises `E: a \\| b` | Reference; Other |",
                "| It is tried | **the process ends: killed** | Base |",
            ]
        );
    }

    #[test]
    fn a_note_is_no_part_of_the_message() {
        let seen = |text: &str| in_words(&SeenOutcome::Exception(text.to_owned()));
        assert_eq!(seen("E: wrong"), "raises `E: wrong`");
        assert_eq!(
            seen("E: wrong\nin 'a'"),
            "raises `E: wrong`; below it `in 'a'`"
        );
    }
}
