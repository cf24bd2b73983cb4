//! Tables of what it takes to have each contender.

use std::fmt::Write;

use super::document::ReportPart;
use super::{Item, NOTHING, Section, Table, code, one_line, or_nothing};
use crate::effort::values::{
    Builds, Cost, Effort, Entry, Fetched, Fit, Fitness, Seen, Sighting, Start, Unchecked,
};
use crate::format::{bytes, digits, estimated_time, percent, seconds};
use crate::report::figures::{Results, import_time};
use crate::study::Contender;

/// A kind of unchecked operations, and how many there are of it.
type Kind = (&'static str, fn(&Unchecked) -> usize);

const KINDS: [Kind; 5] = [
    ("unsafe", |p| p.unsafe_blocks),
    ("reference counts", |p| p.reference_counts),
    ("allocations", |p| p.allocations),
    ("pointers", |p| p.pointers),
    ("casts", |p| p.casts),
];

/// The tables of effort.
pub const PARTS: [ReportPart; 8] = [
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
pub fn sections(results: &Results) -> Vec<Section> {
    let parts = PARTS.iter();
    parts
        .map(|(id, title, items)| Section::named(id, title, items(results)))
        .collect()
}

/// What the build of one contender comes to, in few columns.
pub const IN_SHORT: &str = "contender | from nothing | own code | edit of glue | extension | kernel | \
                            glue | generated";

/// Build times from nothing, of the own code, and after an edit of the glue; stripped extension,
/// and lines of kernel and glue, and generated ones.
pub fn in_short(effort: &Effort) -> [String; 7] {
    let edit = effort.builds(Start::GlueEdit, None, None);
    let edit = edit.and_then(|builds| builds.median(|cost| cost.seconds));
    let time = |value: Option<f64>| or_nothing(value.map(seconds));
    [
        time(effort.seconds()),
        time(effort.own_seconds()),
        time(edit),
        bytes(effort.stripped_bytes),
        effort.lines.kernel.to_string(),
        effort.lines.glue.to_string(),
        effort.lines.generated.to_string(),
    ]
}

/// Each contender whose effort is known.
fn known(results: &Results) -> impl Iterator<Item = (&Contender, &Effort)> {
    let contenders = results.record.study.contenders.iter();
    contenders.filter_map(|c| Some((c, results.effort(&c.name)?)))
}

/// Adds a row for each contender, `failed` where there is none.
fn by_contender(
    mut table: Table,
    results: &Results,
    cells: impl Fn(&Contender, &Effort) -> Option<Vec<String>>,
) -> Table {
    let built = results.record.study.contenders.iter();
    for contender in built.filter(|c| !c.is_peer()) {
        let mut row = vec![contender.title.clone()];
        if let Some(effort) = results.effort(&contender.name) {
            let Some(cells) = cells(contender, effort) else {
                continue;
            };
            row.extend(cells);
        } else {
            let known = results.record.contenders.contains_key(&contender.name);
            row.push(if known { NOTHING } else { "failed" }.to_owned());
            row.resize(table.headings.len(), String::new());
        }
        table.add_row(row);
    }
    table
}

/// The middle one of repeated builds, with the least and the most.
pub fn spread(
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
    if builds.costs.len() < 2 {
        return unit(middle);
    }
    let all = || builds.costs.iter().map(&of);
    let (low, high) = (all().reduce(f64::min), all().reduce(f64::max));
    let [low, high] = [low, high].map(|end| digits(end.unwrap_or(middle)));
    format!("{} ({low} to {high})", unit(middle))
}

pub const STARTS: [(Start, &str); 5] = [
    (Start::Nothing, "from nothing"),
    (Start::Clean, "own code only"),
    (Start::Unchanged, "nothing changed"),
    (Start::GlueEdit, "after an edit of the glue"),
    (Start::KernelEdit, "after an edit of the kernel"),
];

/// Seconds of the builds, on all processors and on one.
fn builds(results: &Results) -> Vec<Item> {
    let on_one = ["from nothing", "own code only"].map(|name| format!("{name}, one processor"));
    let table = Table::new("contender")
        .and(STARTS.map(|(_, name)| name))
        .and(on_one);
    let cells = |of: &dyn Fn(Start, Option<u32>) -> String| -> Vec<String> {
        let on_all = STARTS.iter().map(|(start, _)| of(*start, None));
        let on_one = [Start::Nothing, Start::Clean].map(|start| of(start, Some(1)));
        on_all.chain(on_one).collect()
    };
    let times = |builds: Option<&Builds>| spread(builds, |c| c.seconds, seconds);
    let mut table = by_contender(table, results, |_, e| {
        Some(cells(&|start, cores| times(e.builds(start, None, cores))))
    });
    let nothing = &results.record.surroundings.empty_package;
    if !nothing.is_empty() {
        let cells = cells(&|start, cores| {
            let mut all = nothing.iter();
            times(all.find(|b| b.start == start && b.cores == cores))
        });
        table.add_row(std::iter::once("(an empty package)".to_owned()).chain(cells));
    }
    let mut text = format!(
        "Builds from sources to wheel, after all downloads. *From nothing* includes compiling the \
         dependencies. *Own code only*: the dependencies are compiled already; {NOTHING} if there \
         are none. *An empty package* has nothing to compile. It shows pip's own time, which every \
         build includes. Each figure is the median of repeated builds. Brackets show the fastest \
         and the slowest of them."
    );
    for what in &results.record.surroundings.no_time {
        let _ = write!(text, "\n- There was no time for {what}.");
    }
    for (contender, effort) in known(results) {
        for failed in effort.builds.iter().filter(|b| b.toolchain.is_none()) {
            if let Some(reason) = &failed.failed {
                let name = STARTS.iter().find(|(start, _)| *start == failed.start);
                let name = name.map_or("", |(_, name)| name);
                let _ = write!(
                    text,
                    "\n- {}, {name}: {}",
                    contender.title,
                    one_line(reason)
                );
            }
        }
    }
    vec![table.into(), text.into()]
}

/// Processor time, memory and bytes written of the builds from nothing and of the own code.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]
fn resources(results: &Results) -> Vec<Item> {
    let table = Table::new(
        "contender | processor time | largest process | all processes | written | \
         own code: processor time | largest process | all processes | written",
    );
    let table = by_contender(table, results, |_, e| {
        let cells = [Start::Nothing, Start::Clean].map(|start| {
            let builds = e.builds(start, None, None);
            // What was not looked at in any of them is not known.
            let whole = |of: fn(&Cost) -> Option<u64>| {
                let builds = builds.filter(|b| b.costs.iter().any(|c| of(c).is_some()));
                let middle = builds.and_then(|b| b.median(|c| of(c).unwrap_or(0) as f64));
                or_nothing(middle.map(|middle| bytes(middle as u64)))
            };
            [
                spread(builds, |c| c.cpu_seconds, seconds),
                whole(|c| Some(c.largest_bytes)),
                whole(|c| c.together_bytes.filter(|bytes| *bytes > 0)),
                whole(|c| c.written_bytes),
            ]
        });
        Some(cells.concat())
    });
    let text = "Builds from nothing and of the own code, on all processors. *Largest process*: peak \
                resident memory of one process. *All processes*: largest total at one time; shared \
                memory counts once. *Written*: bytes written to files, including temporary files.";
    vec![table.into(), text.into()]
}

/// The same contender compiled in other ways.
fn toolchains(results: &Results) -> Vec<Item> {
    let mut table = Table::new(
        "contender | toolchain | from nothing | own code only | native library, unstripped | \
         as released",
    );
    for (contender, effort) in known(results) {
        for toolchain in &results.record.study.toolchains {
            let of = |start| effort.builds(start, Some(&toolchain.name), None);
            let Some(nothing) = of(Start::Nothing) else {
                continue;
            };
            let mut row = vec![contender.title.clone(), toolchain.about.clone()];
            if let (Some(reason), true) = (&nothing.failed, nothing.costs.is_empty()) {
                row.push(one_line(reason));
                row.resize(table.headings.len(), String::new());
            } else {
                let time = |builds| spread(builds, |c: &Cost| c.seconds, seconds);
                row.extend([
                    time(Some(nothing)),
                    time(of(Start::Clean)),
                    or_nothing(nothing.extension_bytes.map(bytes)),
                    bytes(effort.extension_bytes),
                ]);
            }
            table.add_row(row);
        }
    }
    match table.filled() {
        Some(table) => vec![table.into()],
        None => vec!["Nothing was built with another toolchain.".into()],
    }
}

/// What a user gets: sizes, what it needs, what it fits.
fn shipped(results: &Results) -> Vec<Item> {
    let table = Table::new(
        "contender | tags of the wheel | confirmed | wheel | installed | extension | stripped | code | \
         constants and data | unwinding | symbols exported | shared libraries | Python packages | \
         import, warm",
    );
    let observed = results.record.observed.as_ref();
    let table = by_contender(table, results, |contender, e| {
        let shipped = &e.shipped;
        let imports = observed.and_then(|o| o.imports.get(&contender.name));
        let import = imports.and_then(|samples| import_time(samples, false));
        let native = |size: u64| or_nothing((size > 0).then(|| bytes(size)));
        let section = |names: &[&str]| {
            let sizes = names.iter().filter_map(|name| shipped.sections.get(*name));
            native(sizes.sum())
        };
        let of_extension = |text: String| or_nothing((e.extension_bytes > 0).then_some(text));
        let list = |items: &[String]| match items {
            [] => "none".to_owned(),
            items => items.join(", "),
        };
        let audits = shipped.audits.iter();
        let audits = audits.map(|(name, found)| format!("{name}: {found}"));
        let audits = audits.collect::<Vec<_>>().join("; ");
        Some(vec![
            code(&shipped.tag),
            or_nothing((!audits.is_empty()).then_some(audits)),
            bytes(e.wheel_bytes),
            bytes(shipped.installed_bytes),
            native(e.extension_bytes),
            native(e.stripped_bytes),
            section(&["code"]),
            section(&["constants", "data"]),
            section(&["unwinding"]),
            of_extension(shipped.exported.len().to_string()),
            of_extension(list(&shipped.libraries)),
            list(&shipped.packages),
            or_nothing(import.as_ref().map(estimated_time)),
        ])
    });
    let text = "*Confirmed*: the tags that tools find by inspecting the wheel. *Code*, \
                *constants and data* and *unwinding* are sections of the extension.";
    vec![table.into(), text.into()]
}

/// What a newcomer needs, and how long the first call takes.
fn first_call(results: &Results) -> Vec<Item> {
    let table = Table::new(
        "contender | languages to know | tools to know | to install first | downloaded for the build | \
         commands | until the first call",
    );
    let table = by_contender(table, results, |contender, e| {
        let downloads = e.fetched.as_ref().map(|fetched| match fetched {
            Fetched::Archives { count, bytes: size } => {
                let plural = if *count == 1 { "" } else { "s" };
                format!("{} in {count} archive{plural}", bytes(*size))
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
        let until = call.map(|call| match &call.failed {
            Some(_) => "failed".to_owned(),
            None => seconds(call.seconds.iter().sum()),
        });
        Some(vec![
            list(&contender.languages),
            list(&contender.build_tools),
            list(&contender.tools),
            or_nothing(downloads),
            or_nothing(call.map(|call| call.steps.len().to_string())),
            or_nothing(until),
        ])
    });
    let mut failures = String::new();
    for (contender, e) in known(results) {
        let download = match &e.fetched {
            Some(Fetched::Failed { message }) => Some(message),
            _ => None,
        };
        let call = e.first_call.as_ref().and_then(|call| call.failed.as_ref());
        for (what, message) in [("download", download), ("first call", call)] {
            if let Some(message) = message {
                let (title, message) = (&contender.title, one_line(message));
                let _ = write!(failures, "\n- {title}, {what}: {message}");
            }
        }
    }
    let steps = known(results).find_map(|(_, e)| e.first_call.as_ref());
    let steps = steps.map_or(String::new(), |call| {
        let commands: Vec<String> = call.steps.iter().map(|step| format!("`{step}`")).collect();
        let commands = commands.join(", then ");
        format!("Commands for the first contender: {commands}.")
    });
    let text = format!(
        "*Tools to know*: build tools besides the compilers. *To install first*: commands that are \
         required besides Python. *Downloaded*: crates and Python packages with their own \
         dependencies, without compilers. {steps} They ran in a fresh copy of the sources, with \
         network access and this user's caches.{failures}"
    );
    vec![table.into(), text.into()]
}

/// Lines and unchecked operations of what is written by hand.
fn written(results: &Results) -> Vec<Item> {
    let headings = "contender | kernel | glue | share of glue | configuration | stubs | generated";
    let table = Table::new(headings).and(KINDS.map(|(name, _)| name));
    let table = by_contender(table, results, |_, e| {
        let lines = e.lines;
        let by_hand = lines.kernel + lines.glue + lines.configuration;
        #[allow(clippy::cast_precision_loss)] // Lines.
        let share = lines.glue as f64 / by_hand.max(1) as f64;
        let mut cells = vec![
            lines.kernel.to_string(),
            lines.glue.to_string(),
            percent(share),
            lines.configuration.to_string(),
            lines.stubs.to_string(),
            lines.generated.to_string(),
        ];
        cells.extend(KINDS.map(|(_, of)| of(&e.unchecked).to_string()));
        Some(cells)
    });
    let text = "Blank lines and comments are not counted. The share of glue is of kernel, glue and \
                configuration. Contenders that share a kernel each show its lines. The last columns \
                count places in kernel and glue where only the author keeps memory safe.";
    vec![table.into(), text.into()]
}

/// Contender by interpreter.
fn portability(results: &Results) -> Vec<Item> {
    let interpreters = results.record.surroundings.interpreters.iter();
    let names: Vec<&str> = interpreters.map(|i| i.name.as_str()).collect();
    if names.is_empty() {
        return vec!["No wheel was tried on an interpreter.".into()];
    }
    let table = Table::new("contender").and(names.iter().copied());
    let table = by_contender(table, results, |_, e| {
        let cell = |name: &&str| or_nothing(e.fits.get(*name).map(in_words));
        Some(names.iter().map(cell).collect())
    });
    let mut text =
        "*One wheel serves*: the wheel for the first of these interpreters installs into a fresh \
         environment, imports, and gives the right answers. *Rebuilt*: a wheel that was built for \
         this interpreter does so."
            .to_owned();
    for (reason, who, on) in reasons(results, &names) {
        let (who, on) = (who.join("; "), on.join(", "));
        let _ = write!(text, "\n- {who}, on {on}: {reason}");
    }
    vec![table.into(), text.into()]
}

/// Why contenders do not fit interpreters: the reason, the contenders, the interpreters.
fn reasons<'a>(
    results: &'a Results,
    interpreters: &[&'a str],
) -> Vec<(String, Vec<&'a str>, Vec<&'a str>)> {
    let mut all: Vec<(String, Vec<&str>, Vec<&str>)> = Vec::new();
    for (contender, e) in known(results) {
        let mut of_this: Vec<(String, Vec<&str>)> = Vec::new();
        for name in interpreters {
            let fit = e.fits.get(*name);
            let bad = fit.filter(|f| !matches!(f.outcome, Fitness::Serves | Fitness::Rebuilt));
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

/// How a wheel fits an interpreter, in a word.
pub fn fitting(outcome: Fitness) -> &'static str {
    match outcome {
        Fitness::Serves => "one wheel serves",
        Fitness::Rebuilt => "rebuilt and works",
        Fitness::DoesNotBuild => "does not build",
        Fitness::Fails => "fails",
        Fitness::DoesNotApply => "does not apply",
        Fitness::NotTried => "not tried",
    }
}

/// What a module for an interpreter without the GIL does with it.
pub fn with_gil(fit: &Fit) -> &'static str {
    match fit.gil_turned_on {
        Some(true) => ", turns the GIL on",
        Some(false) => ", without the GIL",
        None => "",
    }
}

fn in_words(fit: &Fit) -> String {
    let outcome = fitting(fit.outcome);
    let gil = with_gil(fit);
    match fit.outcome {
        Fitness::DoesNotBuild | Fitness::Fails => format!("**{outcome}**{gil}"),
        _ => format!("{outcome}{gil}"),
    }
}

/// Mistake by contender, and all that was said.
fn mistakes(results: &Results) -> Vec<Item> {
    let mistakes = &results.record.surroundings.mistakes;
    let study = &results.record.study;
    let tried = |c: &&Contender| mistakes.values().any(|of| of.contains_key(&c.name));
    let contenders: Vec<&Contender> = study.contenders.iter().filter(tried).collect();
    if contenders.is_empty() {
        return vec!["No mistake was tried.".into()];
    }
    let mut table = Table::new("mistake").and(contenders.iter().map(|c| &c.title));
    let mut words = String::new();
    for mistake in &study.mistakes {
        let Some(entries) = mistakes.get(&mistake.name) else {
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
        table.add_row(row);
    }
    let text = "Each wrong module was given to the compiler and to the linter. Then it ran as a \
                user would run it, several times plain and several times under AddressSanitizer. \
                *ASan* marks results that only AddressSanitizer showed.";
    let own_words = "Messages:".into();
    vec![table.into(), text.into(), own_words, words.into()]
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
        parts.push(format!("the compiler: {}", code(words)));
    }
    if let Some(words) = &entry.linted {
        parts.push(format!("the linter: {}", code(words)));
    }
    let all = |sightings: &[Sighting]| {
        let total: u32 = sightings.iter().map(|s| s.times).sum();
        let one = |s: &Sighting| {
            let what = match &s.seen {
                Seen::WrongAnswer(text) => format!("the answer {}", code(text)),
                Seen::Exception(text) => code(text),
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
    use crate::effort::values::TriedInterpreter;
    use crate::report::formats::markdown;
    use crate::report::tests::results;

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
        let table = markdown::items(&builds(&results));
        assert_eq!(
            row(&table, "Base"),
            "| Base | 2.0 s (1.00 to 3.00) | – | 0.5 s | failed | – | – | – |"
        );
        assert!(row(&table, "Other").starts_with("| Other | – |"));
        let mut results = results;
        results.record.contenders.remove("other");
        let table = markdown::items(&builds(&results));
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
                ("P 1".to_owned(), fit(Fitness::Serves, "all right", None)),
                ("P 2t".to_owned(), fit(Fitness::Rebuilt, "", Some(true))),
                (
                    "P 3".to_owned(),
                    fit(Fitness::DoesNotBuild, "no header", None),
                ),
                (
                    "P 4".to_owned(),
                    fit(Fitness::DoesNotBuild, "no header", None),
                ),
            ]
            .into(),
            ..Effort::default()
        });
        results.record.surroundings.interpreters = ["P 1", "P 2t", "P 3", "P 4"]
            .map(|name| TriedInterpreter {
                name: name.to_owned(),
                version: String::new(),
                free_threaded: false,
                path: std::path::PathBuf::new(),
            })
            .into();
        let table = markdown::items(&portability(&results));
        assert_eq!(
            row(&table, "Base"),
            "| Base | one wheel serves | rebuilt and works, turns the GIL on | **does not build** | \
             **does not build** |"
        );
        assert!(table.contains("- Base, on P 3, P 4: no header\n"));
    }
}
