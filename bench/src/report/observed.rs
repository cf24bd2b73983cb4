//! Tables of what is looked at once: imports, allocations, outcomes.

use super::Results;
use super::format::{bytes, digits, estimated_time};
use super::regimes::{by_contender, cases_of, contenders_of};
use super::table::Table as MarkdownTable;
use crate::analysis::interval::{CONFIDENCE, geometric};
use crate::analysis::{Estimate, median};
use crate::observed::{Allocations, Import, Observed, Seen};
use crate::study::{Case, Table};

fn of(results: &Results) -> Option<&Observed> {
    results.record.observed.as_ref()
}

/// What importing costs.
pub fn imports(results: &Results, table: &Table) -> Option<String> {
    let observed = of(results)?;
    let headings = [
        "import, warm",
        "import, cold",
        "resident memory",
        "not shared",
        "modules",
        "threads",
    ]
    .map(str::to_owned);
    by_contender(results, table, &headings, |contender| {
        let Some(samples) = observed.imports.get(&contender.name) else {
            return vec![None; headings.len()];
        };
        let time = |cold: bool| import_time(samples, cold).as_ref().map(estimated_time);
        let warm = || samples.iter().filter(|s| !s.cold);
        let kilobytes = |of: fn(&Import) -> Option<f64>| {
            let values: Vec<f64> = warm().filter_map(of).collect();
            (!values.is_empty()).then(|| format!("{} kB", digits(median(values))))
        };
        let most = |of: fn(&Import) -> Option<u32>| warm().filter_map(of).max();
        vec![
            time(false),
            time(true),
            kilobytes(|s| s.resident_kb.map(|kib| kib * 1.024)),
            kilobytes(|s| s.private_kb.map(|kib| kib * 1.024)),
            most(|s| Some(s.modules)).map(|n| n.to_string()),
            most(|s| s.threads).map(|n| n.to_string()),
        ]
    })
}

/// Nanoseconds that an import takes, warm or cold.
pub fn import_time(samples: &[Import], cold: bool) -> Option<Estimate> {
    let times = samples.iter().filter(|s| s.cold == cold).map(|s| s.ns);
    let logs: Vec<f64> = times.map(f64::ln).collect();
    (!logs.is_empty()).then(|| geometric(&logs, logs.len(), CONFIDENCE))
}

/// What one call allocates: a row for each contender, or for each case where there is only one
/// contender.
pub fn memory(results: &Results, table: &Table) -> Option<String> {
    let observed = of(results)?;
    let cases: Vec<&Case> = cases_of(results, table)
        .into_iter()
        .filter(|case| observed.allocations.contains_key(&case.name))
        .collect();
    if let [alone] = contenders_of(results, table)[..] {
        let mut headings = vec!["case".to_owned()];
        headings.extend(ALLOCATED.map(str::to_owned));
        headings.push("for each".to_owned());
        let mut drawn = MarkdownTable::new(&headings);
        let mut empty = true;
        for case in cases {
            let Some(found) = observed.allocations[&case.name].get(&alone.name) else {
                continue;
            };
            empty = false;
            let mut row = vec![format!("`{}`", case.name)];
            row.extend(allocated(found));
            let each = held_for_each(results, case, found);
            row.push(each.map_or("–".to_owned(), |held| {
                format!("{held} / {}", singular(&case.unit))
            }));
            drawn.row(&row);
        }
        return (!empty).then_some(drawn.text);
    }
    let mut headings = Vec::new();
    for case in &cases {
        let name = &case.name;
        headings.push(format!("`{name}`: {}", ALLOCATED[0]));
        headings.extend(ALLOCATED[1..].iter().map(|&what| what.to_owned()));
        if results.record.work.contains_key(name) {
            headings.push(format!("per {}", singular(&case.unit)));
        }
    }
    by_contender(results, table, &headings, |contender| {
        let mut row = Vec::new();
        for case in &cases {
            let found = observed.allocations[&case.name].get(&contender.name);
            match found {
                Some(found) => row.extend(allocated(found).map(Some)),
                None => row.extend(ALLOCATED.map(|_| None)),
            }
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
pub fn outcomes(results: &Results, table: &Table) -> Option<String> {
    let observed = of(results)?;
    let mut drawn = MarkdownTable::new(&["what is done", "what Python sees", "with"]);
    let mut empty = true;
    for outcome in &results.record.study.outcomes {
        let Some(seen) = observed.outcomes.get(&outcome.name) else {
            continue;
        };
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for contender in contenders_of(results, table) {
            let Some(what) = seen.get(&contender.name).map(in_words) else {
                continue;
            };
            match groups.iter_mut().find(|(of, _)| *of == what) {
                Some((_, titles)) => titles.push(&contender.title),
                None => groups.push((what, vec![&contender.title])),
            }
        }
        for (what, titles) in groups {
            empty = false;
            let who = titles.join("; ");
            drawn.row(&[&outcome.about, &what, &who]);
        }
    }
    (!empty).then_some(drawn.text)
}

fn in_words(seen: &Seen) -> String {
    match seen {
        Seen::Value(text) => format!("`{text}`"),
        // Below the message, a traceback has the notes that were added to the exception.
        Seen::Exception(text) => match text.split_once('\n') {
            Some((message, notes)) => format!("raises `{message}`; below it `{notes}`"),
            None => format!("raises `{text}`"),
        },
        Seen::Death(how) => format!("**the process ends: {how}**"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::observed::Allocations;
    use crate::report::regimes::content;
    use crate::report::regimes::tests::results;

    fn table(kind: &str) -> String {
        format!("[[table]]\nname = 't'\nkind = '{kind}'\ntitle = 'T'\ncases = '^size/'\n")
    }

    fn shown(mut results: Results, observed: Observed) -> Vec<String> {
        results.record.observed = Some(observed);
        let text = content(&results, &results.record.study.tables[0]).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
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
            ("ref", Seen::Exception("E: a | b".to_owned())),
            ("base", Seen::Death("killed".to_owned())),
            ("other", Seen::Exception("E: a | b".to_owned())),
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
        let seen = |text: &str| in_words(&Seen::Exception(text.to_owned()));
        assert_eq!(seen("E: wrong"), "raises `E: wrong`");
        assert_eq!(
            seen("E: wrong\nin 'a'"),
            "raises `E: wrong`; below it `in 'a'`"
        );
    }
}
