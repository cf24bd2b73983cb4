//! All that is said of a record, section by section.

use super::goals::goals;
use super::summary::summary;
use super::{Item, NOT_EQUAL_MEANS, Section, Table, code, effort, regimes, trust, verdicts};
use crate::analysis::{MARGIN, Role};
use crate::format::{date, difference, estimated_time, rate, ratio, time, verdict};
use crate::plan::SLICE_NS;
use crate::report::figures::{CaseResult, Results};
use crate::study::{Case, Contender};

/// A part of what is said: the name of its place in documents and on the page, its heading, and what is
/// put there.
pub type ReportPart = (&'static str, &'static str, fn(&Results) -> Vec<Item>);

/// Everything that is said of a record, in its order. What is empty is left out.
pub const PARTS: [ReportPart; 15] = [
    ("results", "In short", summary),
    ("verdicts", "By regime, in words", verdicts::list),
    ("failures", "What failed", failures),
    ("goals", "Goals", goals),
    ("regimes", "By regime", |of| within(regimes::sections(of))),
    ("effort", "Effort", |of| within(effort::sections(of))),
    ("cases", "Every case", |of| within(cases(of))),
    ("ranking", "Ranking", trust::rankings),
    ("counts", "Instructions", trust::counts),
    ("precision", "Precision", trust::precision),
    ("again", "A/A: the baseline against itself", trust::again),
    ("positions", "First in a round", trust::positions),
    ("self-test", "Self-test", trust::self_test),
    ("verification", "What was measured", verification),
    ("environment", "Environment", environment),
];

fn within(sections: Vec<Section>) -> Vec<Item> {
    sections.into_iter().map(Item::from).collect()
}

/// The whole report.
pub fn document(results: &Results) -> Section {
    let parts = PARTS.iter();
    let sections = parts.map(|(id, title, items)| Section::named(id, title, items(results)));
    let filled = sections.filter(|section| !section.items.is_empty());
    let items = introduction(results)
        .into_iter()
        .chain(filled.map(Item::from));
    Section::new(&results.record.study.header.title, items.collect())
}

fn introduction(results: &Results) -> Vec<Item> {
    let record = &results.record;
    let state = match record.finished {
        Some(_) => "",
        None => ", **not finished**",
    };
    let isolated = if record.isolated {
        ", each contender alone with the baseline"
    } else {
        ""
    };
    let made = format!(
        "Measured on {} with the profile `{}`{isolated}{state}, {}, {}.\nMade by `{}`; drawn from the \
         record by `ffi-bench report`.",
        date(&record.started),
        record.profile,
        record.environment.python.build(),
        record.environment.cpu,
        record.command,
    );
    let baseline = results.title_of(&record.study.header.baseline);
    let reference = results.title_of(&record.study.header.reference);
    let margin = MARGIN * 100.0;
    let how_to_read = format!(
        "How to read the tables:\n\n\
         - *Time* is one call, with the half width of its 95 % confidence interval over blocks \
         (processes). A call of more than half a second runs once in each of 3 blocks and shows its \
         range.\n\
         - *Floor* is the kernel alone: many runs share one crossing.\n\
         - *Crossing* is the time of a call above its floor.\n\
         - *Ratio* is to the row {baseline}, from the same blocks. Its verdict is *same* (the \
         interval lies inside ±{margin} %), *different* (it lies outside) or *unresolved*.\n\
         - *Speed-up* is over {reference} on this interpreter, with its own verdict.\n\
         - *Blocks* is the sample size of the row, and what ended it: the requested *width* of its \
         interval, its share of the *time* of the case, or the *plan* of a profile with a fixed number."
    );
    vec![made.into(), how_to_read.into()]
}

/// What failed, and why.
pub fn failures(results: &Results) -> Vec<Item> {
    let mut table = Table::new("contender | case | in | what happened");
    for f in &results.record.failures {
        let case = f.case.as_deref().unwrap_or("all");
        table.add_row([results.title_of(&f.contender), case, &f.stage, &f.message]);
    }
    table.filled().map(Item::from).into_iter().collect()
}

fn cases(results: &Results) -> Vec<Section> {
    let cases = results.record.study.cases.iter();
    cases.filter_map(|case| of_case(results, case)).collect()
}

fn of_case(results: &Results, case: &Case) -> Option<Section> {
    let cells = results.cells(case);
    let work = results.record.work.get(&case.name);
    let per_second = work.map(|_| format!("{}/s", case.unit));
    let mut table = Table::new("contender | time").and(per_second).and([
        "floor",
        "crossing",
        "ratio",
        "verdict",
        "speed-up",
        "its verdict",
        "blocks",
    ]);
    for cell in &cells {
        table.add_row(row(results, case, cell));
    }
    let mut table = table.filled()?;
    if let Some(row) = loop_row(results, case) {
        table.add_row(row);
    }
    let mut items: Vec<Item> = vec![format!("{}.", case.about).into(), table.into()];
    if cells.iter().any(|cell| !cell.contender.equal_work) {
        items.push(NOT_EQUAL_MEANS.into());
    }
    if let Some(e) = results.record.criterion.get(&case.name) {
        let [mean, low, high] = [e.mean, e.low, e.high].map(time);
        let text = format!(
            "Criterion measured the same kernel in Rust without Python: {mean} [{low}, {high}]{}.",
            beside_floor(results, case, e.mean)
        );
        items.push(text.into());
    }
    Some(Section::new(&case.name, items))
}

/// How Criterion's estimate compares with the floor it checks. They come from different
/// processes, so this is a look, not a verdict.
fn beside_floor(results: &Results, case: &Case, mean: f64) -> String {
    let of = |name: &str| {
        let floor = results.timed(&case.name, name)?.floor?;
        let (title, times) = (results.title_of(name), floor.centre / mean);
        Some(format!("; the floor of {title} is {times:.2} times that"))
    };
    let criterion = results.record.study.criterion.as_ref();
    criterion.and_then(|c| of(&c.contender)).unwrap_or_default()
}

/// What of each time is the interpreter's loop around the calls, where that may matter.
fn loop_row(results: &Results, case: &Case) -> Option<Vec<String>> {
    let header = &results.record.study.header;
    let loop_case = header
        .loop_case
        .as_ref()
        .filter(|name| **name != case.name)?;
    let timed = results.timed(&case.name, &header.baseline)?;
    if timed.time.centre > SLICE_NS / 50.0 {
        return None;
    }
    let mut contenders = results.record.study.contenders.iter();
    let time = contenders.find_map(|c| results.timings.time(loop_case, &c.name, Role::Call))?;
    Some(vec![
        "(the loop around it)".to_owned(),
        estimated_time(&time),
    ])
}

fn row(results: &Results, case: &Case, cell: &CaseResult) -> Vec<String> {
    let header = &results.record.study.header;
    let name = &cell.contender.name;
    let mut row = vec![results.marked(name)];
    let t = match &cell.timed {
        Ok(timed) => timed,
        Err(failure) => {
            row.push(format!("failed ({}), see *What failed*", failure.stage));
            return row;
        }
    };
    row.push(estimated_time(&t.time));
    let work = results.record.work.get(&case.name);
    row.extend(work.map(|work| rate(*work, t.time.centre)));
    row.push(t.floor.as_ref().map_or(String::new(), estimated_time));
    row.push(t.crossing.as_ref().map_or(String::new(), difference));
    for (e, of) in [
        (&t.ratio, &header.baseline),
        (&t.speed_up, &header.reference),
    ] {
        // What is compared with itself is 1 times as long; without a comparison there is nothing.
        let unity = if name == of { "1" } else { "" };
        row.push(e.as_ref().map_or(unity.to_owned(), ratio));
        row.push(e.as_ref().map_or("", verdict).to_owned());
    }
    let size = results.sample_size(&case.name, name);
    let why = size.map_or("", |size| trust::why(size.ended_by));
    row.push(format!("{}, {why}", t.time.blocks));
    row
}

/// Which sources and artefacts were measured.
pub fn verification(results: &Results) -> Vec<Item> {
    let study = &results.record.study;
    let mut table = Table::new("contender | agreed on | sources | artefact | build");
    for contender in &study.contenders {
        let Some(c) = results.record.contenders.get(&contender.name) else {
            continue;
        };
        let info = c.build_info.iter().map(|(k, v)| format!("{k}: {v}"));
        table.add_row([
            contender.title.clone(),
            format!("{} inputs", c.verified_inputs),
            code(&c.sources),
            code(&c.artefact),
            info.collect::<Vec<_>>().join("; "),
        ]);
    }
    let of_peers = if study.contenders.iter().any(Contender::is_peer) {
        " The sources of a peer are the versions that pip installed."
    } else {
        ""
    };
    let text = format!(
        "Before the timing, each contender agreed with the reference on every generated input and \
         in every case. Sources and artefacts are hashes of files.{of_peers}"
    );
    vec![text.into(), table.into()]
}

/// The machine, the interpreter and the tools, and what there is to be warned of.
pub fn environment(results: &Results) -> Vec<Item> {
    let e = &results.record.environment;
    let p = &e.python;
    let number = |value: Option<f64>| value.map_or("unknown".to_owned(), |v| format!("{v:.2}"));
    let steal = e.steal.map(|s| format!("{:.2} %", s * 100.0));
    let mut table = Table::new("environment | value");
    let mut row = |name: &str, value: String| table.add_row([name, &value]);
    row("processor", format!("{}, {} cores", e.cpu, e.cores));
    row("kernel", format!("{} ({})", e.kernel, e.architecture));
    let load = format!("{}, {}", number(e.load_before), number(e.load_after));
    row("load before and after", load);
    let steal = steal.unwrap_or_else(|| "unknown".to_owned());
    row("time stolen by the hypervisor", steal);
    let python = format!("{} {}", p.implementation, p.version);
    row("Python", format!("{python}, {}, {}", p.compiler, p.libc));
    for (name, hash) in &e.locks {
        row(name, code(hash));
    }
    row("Python's build", format!("{} {}", p.opt, p.config_args));
    let turn = format!("{:.1} ns a turn of `total += i & 7`", p.loop_ns);
    row("Python's loop", turn);
    for (name, version) in &e.tools {
        row(name, version.clone());
    }
    let warnings = results.record.warnings().into_iter();
    let warnings: Vec<String> = warnings.map(|w| format!("- Warning: {w}.")).collect();
    let mut items = vec![table.into()];
    if !warnings.is_empty() {
        items.push(warnings.join("\n").into());
    }
    items
}
