//! Tables of what it takes to have each contender.

use std::fmt::Write;

use super::Results;
use super::format::{bytes, digits, estimated_time, percent, seconds};
use super::observed::import_time;
use super::table::{Table, code, one_line};
use crate::effort::Effort;
use crate::effort::builds::{Builds, Start};
use crate::effort::first_call::Fetched;
use crate::effort::interpreters::{Fit, Outcome};
use crate::effort::launch::Cost;
use crate::effort::ledger::{Entry, Seen, Sighting};
use crate::effort::places::Places;
use crate::study::Contender;

/// What a table says of something that was not looked at.
const NOTHING: &str = "–";

/// A kind of place, and how many there are of it.
type Kind = (&'static str, fn(&Places) -> usize);

const KINDS: [Kind; 5] = [
    ("unsafe", |p| p.unsafe_blocks),
    ("reference counts", |p| p.reference_counts),
    ("allocations", |p| p.allocations),
    ("pointers", |p| p.pointers),
    ("casts", |p| p.casts),
];

/// One table of effort.
pub type Section = fn(&Results) -> String;

/// The tables of effort: the name of a place in a document, the heading, and what is put there.
pub const SECTIONS: [(&str, &str, Section); 8] = [
    ("builds", "Build times", builds),
    ("resources", "What a build takes", resources),
    ("toolchains", "Other toolchains", toolchains),
    ("shipped", "What is shipped", shipped),
    ("first-call", "The way to a first call", first_call),
    ("written", "What is written", written),
    ("portability", "Portability", portability),
    ("mistakes", "When it goes wrong", mistakes),
];

/// Every table of effort, with its heading.
pub fn tables(results: &Results) -> String {
    let mut text = String::from("## Effort\n\n");
    for (_, title, table) in SECTIONS {
        let _ = writeln!(text, "### {title}\n\n{}", table(results));
    }
    text
}

fn effort<'a>(results: &'a Results, contender: &Contender) -> Option<&'a Effort> {
    results
        .record
        .contenders
        .get(&contender.name)?
        .effort
        .as_ref()
}

/// A row for each contender, `failed` where there is none.
fn by_contender(
    results: &Results,
    headings: &[&str],
    cells: impl Fn(&Contender, &Effort) -> Option<Vec<String>>,
) -> Table {
    let mut all = vec!["contender"];
    all.extend(headings);
    let mut table = Table::new(&all);
    let built = results.record.study.contenders.iter();
    for contender in built.filter(|c| !c.is_peer()) {
        let mut row = vec![contender.title.clone()];
        if let Some(effort) = effort(results, contender) {
            let Some(cells) = cells(contender, effort) else {
                continue;
            };
            row.extend(cells);
        } else {
            let known = results.record.contenders.contains_key(&contender.name);
            row.push(if known { NOTHING } else { "failed" }.to_owned());
            row.resize(all.len(), String::new());
        }
        table.row(&row);
    }
    table
}

fn or_nothing(text: Option<String>) -> String {
    text.unwrap_or_else(|| NOTHING.to_owned())
}

/// The middle one of repeated builds, with the least and the most.
fn spread(
    builds: Option<&Builds>,
    of: impl Fn(&Cost) -> f64,
    unit: impl Fn(f64) -> String,
) -> String {
    let Some(builds) = builds else {
        return NOTHING.to_owned();
    };
    let Some(middle) = builds.median(&of) else {
        return "failed".to_owned();
    };
    let low = builds.costs.iter().map(&of).fold(f64::INFINITY, f64::min);
    let high = builds
        .costs
        .iter()
        .map(&of)
        .fold(f64::NEG_INFINITY, f64::max);
    if builds.costs.len() < 2 {
        unit(middle)
    } else {
        format!("{} ({} to {})", unit(middle), digits(low), digits(high))
    }
}

pub const STARTS: [(Start, &str); 5] = [
    (Start::Nothing, "from nothing"),
    (Start::Clean, "own code only"),
    (Start::Unchanged, "nothing changed"),
    (Start::GlueEdit, "after an edit of the glue"),
    (Start::KernelEdit, "after an edit of the kernel"),
];

/// Seconds of the builds, on all processors and on one.
pub fn builds(results: &Results) -> String {
    let mut headings: Vec<String> = STARTS.iter().map(|(_, name)| (*name).to_owned()).collect();
    headings.extend(["from nothing", "own code only"].map(|name| format!("{name}, one processor")));
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let cells = |of: &dyn Fn(Start, Option<u32>) -> String| {
        let mut cells: Vec<String> = STARTS.iter().map(|(start, _)| of(*start, None)).collect();
        cells.extend([Start::Nothing, Start::Clean].map(|start| of(start, Some(1))));
        cells
    };
    let mut table = by_contender(results, &headings, |_, e| {
        Some(cells(&|start, cores| {
            spread(e.builds(start, None, cores), |c| c.seconds, seconds)
        }))
    });
    let nothing = &results.record.surroundings.empty_package;
    if !nothing.is_empty() {
        let mut row = vec!["(an empty package)".to_owned()];
        row.extend(cells(&|start, cores| {
            let builds = nothing
                .iter()
                .find(|b| b.start == start && b.cores == cores);
            spread(builds, |c| c.seconds, seconds)
        }));
        table.row(&row);
    }
    let mut text = format!(
        "{}\nFrom sources to wheel, with what is downloaded already. *From nothing*: the dependencies \
         are compiled, too. *Own code only*: they are compiled already; {NOTHING} where there are none. \
         *An empty package* has nothing to compile: that is pip's own time, and contained in all. In \
         brackets: the least and the most of repeated builds, of which the middle one is shown.\n",
        table.text
    );
    for what in &results.record.surroundings.no_time {
        let _ = writeln!(text, "- There was no time for {what}.");
    }
    for contender in &results.record.study.contenders {
        for failed in effort(results, contender).iter().flat_map(|e| &e.builds) {
            if let (Some(reason), None) = (&failed.failed, &failed.toolchain) {
                let name = STARTS.iter().find(|(start, _)| *start == failed.start);
                let name = name.map_or("", |(_, name)| name);
                let _ = writeln!(text, "- {}, {name}: {}", contender.title, one_line(reason));
            }
        }
    }
    text
}

/// Processor time, memory and bytes written of the builds from nothing and of the own code.
pub fn resources(results: &Results) -> String {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    let table = by_contender(
        results,
        &[
            "processor time",
            "largest process",
            "all processes",
            "written",
            "own code: processor time",
            "largest process",
            "all processes",
            "written",
        ],
        |_, e| {
            let mut cells = Vec::new();
            for start in [Start::Nothing, Start::Clean] {
                let builds = e.builds(start, None, None);
                let whole = |bytes_of: f64| bytes(bytes_of as u64);
                cells.extend([
                    spread(builds, |c| c.cpu_seconds, seconds),
                    or_nothing(
                        builds
                            .and_then(|b| b.median(|c| c.largest_bytes as f64))
                            .map(whole),
                    ),
                    or_nothing(
                        builds
                            .and_then(|b| b.median(|c| c.together_bytes.unwrap_or(0) as f64))
                            .filter(|bytes| *bytes > 0.0)
                            .map(whole),
                    ),
                    or_nothing(
                        builds
                            .filter(|b| b.costs.iter().any(|c| c.written_bytes.is_some()))
                            .and_then(|b| b.median(|c| c.written_bytes.unwrap_or(0) as f64))
                            .map(whole),
                    ),
                ]);
            }
            Some(cells)
        },
    );
    format!(
        "{}\nThe builds from nothing, and of the own code, on all processors. *Largest process*: the \
         peak of its resident memory. *All processes*: the most that all had at one time; what they share \
         counts once. *Written*: what was given to the system to write to files, temporary ones included.\n",
        table.text
    )
}

/// The same contender compiled in other ways.
pub fn toolchains(results: &Results) -> String {
    let study = &results.record.study;
    let mut table = Table::new(&[
        "contender",
        "toolchain",
        "from nothing",
        "own code only",
        "native library, unstripped",
        "as released",
    ]);
    let mut some = false;
    for contender in &study.contenders {
        let Some(effort) = effort(results, contender) else {
            continue;
        };
        for toolchain in &study.toolchains {
            let of = |start| effort.builds(start, Some(&toolchain.name), None);
            let Some(nothing) = of(Start::Nothing) else {
                continue;
            };
            some = true;
            if let (Some(reason), true) = (&nothing.failed, nothing.costs.is_empty()) {
                table.row(&[
                    &contender.title,
                    &toolchain.about,
                    &one_line(reason),
                    "",
                    "",
                    "",
                ]);
                continue;
            }
            let time = |builds| spread(builds, |c: &Cost| c.seconds, seconds);
            let size = nothing.extension_bytes;
            table.row(&[
                contender.title.clone(),
                toolchain.about.clone(),
                time(Some(nothing)),
                time(of(Start::Clean)),
                or_nothing(size.map(bytes)),
                bytes(effort.extension_bytes),
            ]);
        }
    }
    if some {
        table.text
    } else {
        "Nothing was built with another toolchain.\n".to_owned()
    }
}

/// What a user gets: sizes, what it needs, what it fits.
pub fn shipped(results: &Results) -> String {
    let table = by_contender(
        results,
        &[
            "tags of the wheel",
            "confirmed",
            "wheel",
            "installed",
            "extension",
            "stripped",
            "code",
            "constants and data",
            "unwinding",
            "symbols exported",
            "shared libraries",
            "Python packages",
            "import, warm",
        ],
        |contender, e| {
            let shipped = &e.shipped;
            let observed = results.record.observed.as_ref();
            let imports = observed.and_then(|o| o.imports.get(&contender.name));
            let import = imports.and_then(|samples| import_time(samples, false));
            let section = |names: &[&str]| {
                let sum: u64 = names
                    .iter()
                    .filter_map(|name| shipped.sections.get(*name))
                    .sum();
                or_nothing((sum > 0).then(|| bytes(sum)))
            };
            let native = |size: u64| or_nothing((size > 0).then(|| bytes(size)));
            let list = |items: &[String]| {
                if items.is_empty() {
                    "none".to_owned()
                } else {
                    items.join(", ")
                }
            };
            let audits = shipped
                .audits
                .iter()
                .map(|(name, found)| format!("{name}: {found}"));
            let audits = audits.collect::<Vec<_>>().join("; ");
            Some(vec![
                format!("`{}`", shipped.tag),
                if audits.is_empty() {
                    NOTHING.to_owned()
                } else {
                    audits
                },
                bytes(e.wheel_bytes),
                bytes(shipped.installed_bytes),
                native(e.extension_bytes),
                native(e.stripped_bytes),
                section(&["code"]),
                section(&["constants", "data"]),
                section(&["unwinding"]),
                if e.extension_bytes > 0 {
                    shipped.exported.len().to_string()
                } else {
                    NOTHING.to_owned()
                },
                if e.extension_bytes > 0 {
                    list(&shipped.libraries)
                } else {
                    NOTHING.to_owned()
                },
                list(&shipped.packages),
                or_nothing(import.as_ref().map(estimated_time)),
            ])
        },
    );
    format!(
        "{}\n*Confirmed*: what the tools that look into a wheel find its tags should be. *Code*, \
         *constants and data* and *unwinding* are sections of the extension.\n",
        table.text
    )
}

/// What a newcomer needs, and how long the first call takes.
pub fn first_call(results: &Results) -> String {
    let mut failures = String::new();
    let table = by_contender(
        results,
        &[
            "languages to know",
            "tools to know",
            "to install first",
            "downloaded for the build",
            "commands",
            "until the first call",
        ],
        |contender, e| {
            let downloads = e.fetched.as_ref().map(|fetched| match fetched {
                Fetched::Archives { count, bytes: size } => {
                    format!(
                        "{} in {count} archive{}",
                        bytes(*size),
                        if *count == 1 { "" } else { "s" }
                    )
                }
                Fetched::Failed { .. } => "failed".to_owned(),
            });
            let call = e.first_call.as_ref();
            if downloads.is_none() && call.is_none() {
                return None;
            }
            let list = |items: &[String]| match items.len() {
                0 => "nothing".to_owned(),
                n => format!("{n}: {}", items.join(", ")),
            };
            Some(vec![
                list(&contender.languages),
                list(&contender.build_tools),
                list(&contender.tools),
                or_nothing(downloads),
                or_nothing(call.map(|call| call.steps.len().to_string())),
                or_nothing(call.map(|call| match &call.failed {
                    Some(_) => "failed".to_owned(),
                    None => seconds(call.seconds.iter().sum()),
                })),
            ])
        },
    );
    for contender in &results.record.study.contenders {
        let Some(e) = effort(results, contender) else {
            continue;
        };
        if let Some(Fetched::Failed { message }) = &e.fetched {
            let _ = writeln!(
                failures,
                "- {}, download: {}",
                contender.title,
                one_line(message)
            );
        }
        if let Some(message) = e.first_call.as_ref().and_then(|call| call.failed.as_ref()) {
            let _ = writeln!(
                failures,
                "- {}, first call: {}",
                contender.title,
                one_line(message)
            );
        }
    }
    let steps = results
        .record
        .study
        .contenders
        .iter()
        .find_map(|c| effort(results, c)?.first_call.as_ref());
    let steps = steps.map_or(String::new(), |call| {
        let commands: Vec<String> = call.steps.iter().map(|step| format!("`{step}`")).collect();
        format!(
            "The commands were, for the first of them: {}.",
            commands.join(", then ")
        )
    });
    format!(
        "{}\n*Tools to know*: what its build is written for, besides the compilers. *To install first*: commands that have to be there besides Python. *Downloaded*: crates and \
         Python packages, those that they need themselves included; compilers are not. {steps} They were \
         run in a fresh copy of the sources, with the network and whatever this user's caches held.\n{failures}",
        table.text
    )
}

/// Lines and places of what is written by hand.
pub fn written(results: &Results) -> String {
    let mut headings = vec![
        "kernel",
        "glue",
        "share of glue",
        "configuration",
        "stubs",
        "generated",
    ];
    headings.extend(KINDS.map(|(name, _)| name));
    let table = by_contender(results, &headings, |_, e| {
        let lines = e.lines;
        let by_hand = lines.kernel + lines.glue + lines.configuration;
        #[allow(clippy::cast_precision_loss)] // Lines.
        let share = if by_hand == 0 {
            0.0
        } else {
            lines.glue as f64 / by_hand as f64
        };
        let mut cells = vec![
            lines.kernel.to_string(),
            lines.glue.to_string(),
            percent(share),
            lines.configuration.to_string(),
            lines.stubs.to_string(),
            lines.generated.to_string(),
        ];
        cells.extend(KINDS.map(|(_, of)| of(&e.places).to_string()));
        Some(cells)
    });
    format!(
        "{}\nLines are neither blank nor comment; the share of glue is of kernel, glue and configuration. \
         Contenders that share a kernel each show its lines. The last columns count the places in kernel \
         and glue where the author alone keeps memory safe.\n",
        table.text
    )
}

/// Contender by interpreter.
pub fn portability(results: &Results) -> String {
    let interpreters = &results.record.surroundings.interpreters;
    if interpreters.is_empty() {
        return "No wheel was tried on an interpreter.\n".to_owned();
    }
    let headings: Vec<&str> = interpreters.iter().map(|i| i.name.as_str()).collect();
    let table = by_contender(results, &headings, |_, e| {
        let cell = |name: &&str| or_nothing(e.fits.get(*name).map(in_words));
        Some(headings.iter().map(cell).collect())
    });
    let mut text = format!(
        "{}\n*One wheel serves*: the wheel that was built for the first of these interpreters installs \
         into a fresh environment, imports, and answers the corpus rightly. *Rebuilt*: one that was built \
         for this interpreter does.\n",
        table.text
    );
    for (reason, who, on) in reasons(results, &headings) {
        let _ = writeln!(text, "- {}, on {}: {reason}", who.join("; "), on.join(", "));
    }
    text
}

/// Why contenders do not fit interpreters: the reason, the contenders, the interpreters.
fn reasons<'a>(
    results: &'a Results,
    interpreters: &[&'a str],
) -> Vec<(String, Vec<&'a str>, Vec<&'a str>)> {
    let mut all: Vec<(String, Vec<&str>, Vec<&str>)> = Vec::new();
    for contender in &results.record.study.contenders {
        let Some(e) = effort(results, contender) else {
            continue;
        };
        let mut of_this: Vec<(String, Vec<&str>)> = Vec::new();
        for name in interpreters {
            let fit = e.fits.get(*name);
            let bad = fit.filter(|f| !matches!(f.outcome, Outcome::Serves | Outcome::Rebuilt));
            let Some(reason) = bad.map(|fit| one_line(&fit.words)) else {
                continue;
            };
            match of_this.iter_mut().find(|(of, _)| *of == reason) {
                Some((_, on)) => on.push(name),
                None => of_this.push((reason, vec![name])),
            }
        }
        for (reason, on) in of_this {
            match all
                .iter_mut()
                .find(|(of, _, at)| *of == reason && *at == on)
            {
                Some((_, who, _)) => who.push(&contender.title),
                None => all.push((reason, vec![&contender.title], on)),
            }
        }
    }
    all
}

fn in_words(fit: &Fit) -> String {
    let outcome = match fit.outcome {
        Outcome::Serves => "one wheel serves",
        Outcome::Rebuilt => "rebuilt and works",
        Outcome::DoesNotBuild => "**does not build**",
        Outcome::Fails => "**fails**",
        Outcome::DoesNotApply => "does not apply",
        Outcome::NotTried => "not tried",
    };
    match fit.gil_turned_on {
        Some(true) => format!("{outcome}, turns the GIL on"),
        Some(false) => format!("{outcome}, without the GIL"),
        None => outcome.to_owned(),
    }
}

/// Mistake by contender, and all that was said.
pub fn mistakes(results: &Results) -> String {
    let ledger = &results.record.surroundings.ledger;
    let study = &results.record.study;
    let contenders: Vec<&Contender> = study
        .contenders
        .iter()
        .filter(|c| ledger.values().any(|of| of.contains_key(&c.name)))
        .collect();
    if contenders.is_empty() {
        return "No mistake was tried.\n".to_owned();
    }
    let mut headings = vec!["mistake"];
    headings.extend(contenders.iter().map(|c| c.title.as_str()));
    let mut table = Table::new(&headings);
    let mut words = String::new();
    for mistake in &study.mistakes {
        let Some(entries) = ledger.get(&mistake.name) else {
            continue;
        };
        let mut row = vec![mistake.title.clone()];
        let _ = writeln!(words, "- **{}.** {}", mistake.title, mistake.about);
        for contender in &contenders {
            let entry = entries.get(&contender.name);
            row.push(or_nothing(entry.map(|entry| verdicts(entry).join("; "))));
            if let Some(entry) = entry {
                let _ = writeln!(words, "  - {}: {}", contender.title, said(entry));
            }
        }
        table.row(&row);
    }
    format!(
        "{}\nEach wrong module was shown to the compiler and to the linter, then run as a user would run into \
         it, several times plain and several times under AddressSanitizer; what was seen only there stands \
         behind *ASan*.\n\nIn their own words:\n\n{words}",
        table.text
    )
}

/// What became of a mistake, in the words of the table.
pub fn verdicts(entry: &Entry) -> Vec<String> {
    if entry.cannot.is_some() {
        return vec!["cannot be written".to_owned()];
    }
    if entry.refused.is_some() {
        return vec!["refused by the compiler".to_owned()];
    }
    let mut all: Vec<String> = Vec::new();
    if entry.linted.is_some() {
        all.push("caught by the linter".to_owned());
    }
    all.extend(entry.plain.iter().map(|s| short(&s.seen)));
    let silent = entry
        .plain
        .iter()
        .all(|s| matches!(s.seen, Seen::Unnoticed | Seen::WrongAnswer(_)));
    if silent {
        let reports = entry
            .sanitized
            .iter()
            .filter(|s| matches!(s.seen, Seen::Report(_)));
        all.extend(reports.map(|s| format!("ASan: {}", short(&s.seen))));
    }
    if all.is_empty() {
        all.push("not tried".to_owned());
    }
    all.dedup();
    all
}

fn short(seen: &Seen) -> String {
    match seen {
        Seen::Unnoticed => "goes unnoticed".to_owned(),
        Seen::WrongAnswer(_) => "**silently wrong**".to_owned(),
        Seen::Exception(_) => "Python exception".to_owned(),
        Seen::Crash(how) => format!("**crash** ({how})"),
        Seen::Report(name) => name.clone(),
        Seen::Hang => "**hangs**".to_owned(),
    }
}

/// All that was said, by compiler, linter, interpreter and sanitizer.
pub fn said(entry: &Entry) -> String {
    let mut parts = Vec::new();
    if let Some(reason) = &entry.cannot {
        parts.push(format!("cannot be written: {reason}"));
    }
    if let Some(words) = &entry.refused {
        parts.push(format!("the compiler: `{}`", code(words)));
    }
    if let Some(words) = &entry.linted {
        parts.push(format!("the linter: `{}`", code(words)));
    }
    let all = |sightings: &[Sighting]| {
        let total: u32 = sightings.iter().map(|s| s.times).sum();
        let one = |s: &Sighting| {
            let what = match &s.seen {
                Seen::WrongAnswer(text) => format!("the answer `{}`", code(text)),
                Seen::Exception(text) => format!("`{}`", code(text)),
                seen => short(seen).replace("**", ""),
            };
            format!("{what} ({} of {total})", s.times)
        };
        sightings.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    if !entry.plain.is_empty() {
        parts.push(format!("plain: {}", all(&entry.plain)));
    }
    if !entry.sanitized.is_empty() {
        parts.push(format!("AddressSanitizer: {}", all(&entry.sanitized)));
    }
    parts.extend(entry.notes.iter().cloned());
    format!("{}.", parts.join("; ").trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effort::interpreters::Interpreter;
    use crate::report::regimes::tests::results;

    fn cost(seconds: f64) -> Cost {
        Cost {
            seconds,
            ..Cost::default()
        }
    }

    fn built(start: Start, seconds: &[f64]) -> Builds {
        Builds {
            start,
            toolchain: None,
            cores: None,
            costs: seconds.iter().map(|s| cost(*s)).collect(),
            extension_bytes: None,
            failed: None,
        }
    }

    /// The tables of a study whose baseline took this effort.
    fn of(effort: Effort) -> Results {
        let mut results = results("", &[]);
        let base = results.record.contenders.get_mut("base").unwrap();
        base.effort = Some(effort);
        results
    }

    fn row<'a>(table: &'a str, contender: &str) -> &'a str {
        let begin = format!("| {contender} |");
        table.lines().find(|line| line.starts_with(&begin)).unwrap()
    }

    #[test]
    fn a_build_that_was_repeated_shows_its_spread_and_one_that_was_not_made_a_dash() {
        let results = of(Effort {
            builds: vec![
                built(Start::Nothing, &[3.0, 1.0, 2.0]),
                built(Start::Unchanged, &[0.5]),
                Builds {
                    failed: Some("no such line".to_owned()),
                    ..built(Start::GlueEdit, &[])
                },
            ],
            ..Effort::default()
        });
        let table = builds(&results);
        assert_eq!(
            row(&table, "Base"),
            "| Base | 2.0 s (1.00 to 3.00) | – | 0.5 s | failed | – | – | – |"
        );
        assert!(row(&table, "Other").starts_with("| Other | – |"));
        let mut results = results;
        results.record.contenders.remove("other");
        let table = builds(&results);
        assert!(row(&table, "Other").starts_with("| Other | failed |"));
        assert!(table.contains("- Base, after an edit of the glue: no such line"));
    }

    #[test]
    fn a_mistake_is_shown_by_what_became_of_it() {
        let seen = |seen: Seen, times| Sighting { seen, times };
        let wrong = || seen(Seen::WrongAnswer("0".to_owned()), 3);
        let report = || seen(Seen::Report("heap-use-after-free".to_owned()), 5);
        let of = |entry: Entry| verdicts(&entry).join("; ");
        assert_eq!(of(Entry::default()), "not tried");
        let entry = || Entry {
            plain: vec![wrong(), seen(Seen::Crash("SIGSEGV".to_owned()), 2)],
            sanitized: vec![report()],
            ..Entry::default()
        };
        assert_eq!(of(entry()), "**silently wrong**; **crash** (SIGSEGV)");
        let linted = Entry {
            linted: Some("it is wrong".to_owned()),
            ..entry()
        };
        assert!(of(linted).starts_with("caught by the linter; "));
        let silent = Entry {
            plain: vec![wrong(), seen(Seen::Unnoticed, 2)],
            ..entry()
        };
        assert_eq!(
            of(silent),
            "**silently wrong**; goes unnoticed; ASan: heap-use-after-free"
        );
        let refused = Entry {
            refused: Some("error".to_owned()),
            ..entry()
        };
        assert_eq!(of(refused), "refused by the compiler");
    }

    #[test]
    fn who_fits_for_the_same_reason_stands_in_one_line() {
        let fit = |outcome, words: &str, gil_turned_on| Fit {
            outcome,
            words: words.to_owned(),
            gil_turned_on,
        };
        let mut results = of(Effort {
            fits: [
                ("P 1".to_owned(), fit(Outcome::Serves, "all right", None)),
                ("P 2t".to_owned(), fit(Outcome::Rebuilt, "", Some(true))),
                (
                    "P 3".to_owned(),
                    fit(Outcome::DoesNotBuild, "no header", None),
                ),
                (
                    "P 4".to_owned(),
                    fit(Outcome::DoesNotBuild, "no header", None),
                ),
            ]
            .into(),
            ..Effort::default()
        });
        results.record.surroundings.interpreters = ["P 1", "P 2t", "P 3", "P 4"]
            .map(|name| Interpreter {
                name: name.to_owned(),
                version: String::new(),
                free_threaded: false,
                path: std::path::PathBuf::new(),
            })
            .into();
        let table = portability(&results);
        assert_eq!(
            row(&table, "Base"),
            "| Base | one wheel serves | rebuilt and works, turns the GIL on | **does not build** | \
             **does not build** |"
        );
        assert!(table.contains("- Base, on P 3, P 4: no header\n"));
    }
}
