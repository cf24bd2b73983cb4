//! The command line. Its help is written to teach.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use regex::Regex;

use crate::self_test::{MOST_BLOCKS, PILOT};

/// Measures what each way out of Python costs and what it buys.
///
/// `bench` does a whole measurement. The other verbs are its steps, and what can be made of a record.
/// Each step leaves its result for the next one, so it can be repeated alone.
///
/// Exit codes: 0 all went well; 1 some contender, gate or self-test failed, and the rest was done;
/// 2 nothing could be done, or what was to be printed could not be; 3 `compare
/// --fail-on-regression` found a regression; 128 and the signal's number after an interruption. A
/// reader that closes the pipe, such as `head`, changes none of these.
///
/// --study and --python may stand before the verb. A verb that needs neither takes no notice then.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    on: StudyAndPython,
    #[command(subcommand)]
    pub verb: Verb,
}

/// What a verb works on, wherever it was said.
#[derive(Debug)]
pub struct Common {
    pub study: PathBuf,
    pub python: PathBuf,
    pub only: Vec<String>,
    pub filter: Option<Regex>,
    pub skip: Option<Regex>,
    /// Absent when nobody named one.
    pub profile: Option<String>,
}

impl Common {
    /// The profile that was named, or the one that is used otherwise.
    pub fn profile(&self) -> &str {
        self.profile.as_deref().unwrap_or("default")
    }
}

#[derive(Debug, Default, Args)]
pub struct StudyFile {
    /// The study: contenders, cases and charts [default: bench/study.toml]
    #[arg(long, value_name = "FILE")]
    study: Option<PathBuf>,
}

/// The study and the interpreter. They may stand before the verb as well, where `list`, `report` and
/// `compare` take no notice of what they do not need: so one alias serves for all verbs.
#[derive(Debug, Default, Args)]
pub struct StudyAndPython {
    #[command(flatten)]
    file: StudyFile,
    /// Python of the virtual environment that contenders are installed into and measured in
    /// [default: python3]
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub struct Only {
    /// Only this contender (may be repeated); the reference and the baseline always take part
    #[arg(long, value_name = "CONTENDER")]
    only: Vec<String>,
}

#[derive(Debug, Default, Args)]
pub struct CaseOptions {
    /// Only cases whose name matches, such as '^pair/' or 'ascii-8$'
    #[arg(long, value_name = "REGEX")]
    filter: Option<Regex>,
    /// None of the cases whose name matches
    #[arg(long, value_name = "REGEX")]
    skip: Option<Regex>,
}

#[derive(Debug, Default, Args)]
pub struct OfProfile {
    /// How much to build, verify and run: a [profile.NAME] of the study [default: default]. What
    /// the study marks as optional takes part only where the profile says so, or where --only or
    /// --filter names it. With a record it has to be the record's
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

/// What verbs have that measure cases.
#[derive(Debug, Default, Args)]
pub struct MeasureOptions {
    #[command(flatten)]
    on: StudyAndPython,
    #[command(flatten)]
    only: Only,
    #[command(flatten)]
    cases: CaseOptions,
    #[command(flatten)]
    profile: OfProfile,
}

impl Cli {
    /// What the options say of the work; behind the verb they count more than before it.
    pub fn common(&self) -> Common {
        let (mut on, mut file, mut only, mut cases, mut profile) = (None, None, None, None, None);
        match &self.verb {
            Verb::Bench(o) => {
                (file, only, cases) = (Some(&o.file), Some(&o.only), Some(&o.cases));
                profile = Some(&o.profile);
            }
            Verb::Doctor(o) => (on, only) = (Some(&o.on), Some(&o.only)),
            Verb::List(o) => (file, only, cases) = (Some(&o.file), Some(&o.only), Some(&o.cases)),
            Verb::Build(o) => {
                (on, only, profile) = (Some(&o.on), Some(&o.only), Some(&o.profile));
            }
            Verb::Report(o) => (file, only, cases) = (Some(&o.file), Some(&o.only), Some(&o.cases)),
            Verb::Compare(o) => (only, cases) = (Some(&o.only), Some(&o.cases)),
            Verb::New(New {
                what: Kind::Contender(o),
            }) => file = Some(&o.file),
            Verb::Launch(_) => {}
            Verb::Verify(Verify { measured })
            | Verb::Run(Run { measured, .. })
            | Verb::Count(Count { measured, .. })
            | Verb::Observe(Observe { measured, .. })
            | Verb::SelfTest(SelfTestOptions { measured, .. }) => {
                on = Some(&measured.on);
                only = Some(&measured.only);
                cases = Some(&measured.cases);
                profile = Some(&measured.profile);
            }
        }
        let file = file.or(on.map(|on| &on.file));
        let study = file.and_then(|file| file.study.as_ref());
        let python = on.and_then(|on| on.python.as_ref());
        let study = study.or(self.on.file.study.as_ref()).cloned();
        let python = python.or(self.on.python.as_ref()).cloned();
        Common {
            study: study.unwrap_or_else(|| "bench/study.toml".into()),
            python: python.unwrap_or_else(|| "python3".into()),
            only: only.map(|only| only.only.clone()).unwrap_or_default(),
            filter: cases.and_then(|cases| cases.filter.clone()),
            skip: cases.and_then(|cases| cases.skip.clone()),
            profile: profile.and_then(|profile| profile.profile.clone()),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Measure: all steps in their order, from a look at the machine to the report
    ///
    /// The steps, and what each leaves for the next:
    ///
    ///   1. doctor                  says what is missing and what would disturb
    ///   2. build --install-only    the contenders, built and installed
    ///   3. verify                  a verdict on every contender's answers
    ///   4. run                     the record, with all times; first results within minutes
    ///   5. build --record          how builds behave, in the record
    ///   6. count                   instructions, in the record; left out without valgrind
    ///   7. observe                 imports, allocations and outcomes, in the record
    ///   8. report                  the page, tables and charts beside the record
    ///   9. report --terminal       the results at a glance
    ///
    /// Each is printed as the command that does it alone. A contender that fails is a row of the
    /// report: the others are measured all the same, and the exit code is 1. A step that cannot work
    /// ends the measurement with exit code 2.
    ///
    /// An interruption says how to go on: with --resume and the record's folder, finished blocks are
    /// not measured again. Before there is a record, start again: what is built stays built.
    ///
    /// Which profiles there are, `list` shows: begin with a short one, and take a longer one for
    /// what others are to rely on.
    ///
    /// With several interpreters each gets a record, and these are compared in the end. One that
    /// fails costs neither the records of the others nor their comparison.
    #[command(verbatim_doc_comment)]
    Bench(Bench),
    /// Look at the machine: what is missing, how to get it, and what would disturb a measurement
    Doctor(Doctor),
    /// Show the contenders, the cases and the checks of the study
    List(List),
    /// Begin a new contender as a copy of one that is there
    New(New),
    /// Build each contender into a wheel, install it, and measure the effort
    ///
    /// Each contender is built from nothing but downloaded dependencies, in a scratch copy of the
    /// sources, without network, and installed; a variant uses what its origin has compiled, unless
    /// the profile is exhaustive. As the profile says, it is then built with its dependencies
    /// compiled, with nothing changed, after edits of one line, on one processor and with other
    /// toolchains; its wheel is tried on every interpreter that is found, or that
    /// the variable PYTHONS names; its downloads and its first call are measured; and the study's
    /// mistakes are built and run. What was measured already, from the same sources and with the same
    /// profile, is left alone, so that an interrupted build goes on where it was.
    Build(Build),
    /// Run a command and write down what it took: the harness starts builds through this
    #[command(hide = true)]
    Launch(Launch),
    /// Compare every contender's answers with the reference's
    ///
    /// Each contender gets the study's generated inputs and every case, in a process of its own.
    /// Nothing is timed that has not passed.
    Verify(Verify),
    /// Time the cases, and write a record
    ///
    /// A block is one process that hosts all contenders; in each round, every contender is timed
    /// once, in a shuffled and balanced order. Blocks are the unit of replication. The profile's
    /// first blocks tell how many more each row needs for an interval of the wanted width; its
    /// share of the case's time may end it before. Prints the record's folder on standard output.
    Run(Run),
    /// Count instructions per call under valgrind, and put them into a record
    ///
    /// Counts repeat to the instruction for one set of binaries on one machine, whatever else runs.
    /// They are split by object file: interpreter, extension, C library. A call of more than 2 ms
    /// is left out. Without an exhaustive profile, or a --filter, the cases are those of the summary
    /// and the gates.
    Count(Count),
    /// Look at what is seen once: imports, allocations, outcomes; and put it into a record
    ///
    /// What importing each contender costs, in fresh processes, with its files in the system's cache
    /// and without. What one call allocates, in Python's heap and outside of it, by glibc's own
    /// trace; a call of more than 20 ms is traced only by an exhaustive profile. What Python sees of
    /// the study's outcomes, such as a panic.
    Observe(Observe),
    /// Put the method to the test, in at most 5 minutes, and its outcome into a record
    ///
    /// Without a record of this machine, this interpreter and these sources the outcome is only
    /// printed. A contender against itself; one that does a known amount of work more; one that is wrong on
    /// one input in 10,000. Also shows what other methods would have said in the same minutes.
    SelfTest(SelfTestOptions),
    /// Draw a record: one page, tables, charts, and files for other programs
    ///
    /// From the record alone: report.html, tables.md, charts/*.svg, summary.json and *.csv beside it.
    /// With --filter and --only a part of it. --terminal shows it at a glance and writes nothing.
    Report(Report),
    /// Put records side by side: first their environments, then speed-ups, ratios and what changed
    ///
    /// Of machines, interpreters or states of the sources. Seconds of two records are not
    /// comparable, and none are compared. What stands side by side is what each record measured for
    /// itself: how many times faster than the reference a contender is on the interpreter of that
    /// record, and its ratio to the baseline. A change is a ratio of two such ratios, of a record and
    /// the first one. A row is called changed when the interval that all rows of all records share
    /// excludes a change of less than 2 %: with a probability of 99.9 % no row of records of the same
    /// thing is. A row that failed or is missing in some of the records is shown with a word or a dash.
    Compare(Compare),
}

#[derive(Debug, Args)]
pub struct Bench {
    #[command(flatten)]
    file: StudyFile,
    /// Python of the virtual environment that contenders are installed into and measured in; of
    /// several, if repeated [default: python3]
    #[arg(long = "python", value_name = "PATH")]
    pub pythons: Vec<PathBuf>,
    #[command(flatten)]
    only: Only,
    #[command(flatten)]
    cases: CaseOptions,
    #[command(flatten)]
    profile: OfProfile,
    /// Folder that records are created in [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER")]
    pub results: Option<PathBuf>,
    /// Go on with the record of an interrupted measurement: time what is not timed yet, then do the
    /// later steps
    #[arg(long, value_name = "FOLDER", conflicts_with = "results")]
    pub resume: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    on: StudyAndPython,
    #[command(flatten)]
    only: Only,
}

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    file: StudyFile,
    #[command(flatten)]
    only: Only,
    #[command(flatten)]
    cases: CaseOptions,
}

#[derive(Debug, Args)]
pub struct New {
    #[command(subcommand)]
    pub what: Kind,
}

#[derive(Debug, Subcommand)]
pub enum Kind {
    /// Copy a contender's folder under another name, adapt its description, and say what is left to do
    Contender(NewContender),
}

#[derive(Debug, Args)]
pub struct NewContender {
    #[command(flatten)]
    file: StudyFile,
    /// Its name, which is that of its folder, too
    pub name: String,
    /// The contender that is copied
    #[arg(long, value_name = "CONTENDER")]
    pub like: String,
    /// What Python is to import [default: NAME with the prefix of the other's module]
    #[arg(long, value_name = "NAME")]
    pub module: Option<String>,
}

#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    measured: MeasureOptions,
}

#[derive(Debug, Args)]
pub struct Observe {
    #[command(flatten)]
    measured: MeasureOptions,
    #[command(flatten)]
    pub target: Target,
}

#[derive(Debug, Args)]
pub struct Build {
    #[command(flatten)]
    on: StudyAndPython,
    #[command(flatten)]
    only: Only,
    #[command(flatten)]
    profile: OfProfile,
    /// Build and measure again what was already built from the same sources
    #[arg(long)]
    pub again: bool,
    /// Only build and install: of the effort, keep what a build from nothing takes, and leave the rest
    /// to a later `build`
    #[arg(long, conflicts_with = "record")]
    pub install_only: bool,
    /// Put the effort into this record, provided that it was measured with what is built now
    #[arg(long, value_name = "FOLDER")]
    pub record: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    measured: MeasureOptions,
    /// Folder for the record [default: <results>/<date>-<machine>]
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["resume", "results"])]
    pub record: Option<PathBuf>,
    /// Go on with an interrupted record; finished blocks are not measured again
    #[arg(long, value_name = "FOLDER")]
    pub resume: Option<PathBuf>,
    /// Folder that records are created in [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER", conflicts_with = "resume")]
    pub results: Option<PathBuf>,
    /// Let each contender share its processes with the baseline only
    #[arg(long, conflicts_with = "resume")]
    pub isolate: bool,
    /// Leave out the native benchmarks
    #[arg(long)]
    pub no_criterion: bool,
}

#[derive(Debug, Args)]
pub struct Launch {
    /// File that the report is written to
    #[arg(long, value_name = "FILE")]
    pub report: PathBuf,
    /// Keep it to so many processors
    #[arg(long, value_name = "N")]
    pub cores: Option<u32>,
    /// The command and its arguments
    #[arg(last = true, required = true)]
    pub command: Vec<OsString>,
}

/// A record that something is put into.
#[derive(Debug, Default, Args)]
pub struct Target {
    /// Record that the outcome is put into [default: the newest in <results> of this machine, this
    /// interpreter and these sources]
    #[arg(long, value_name = "FOLDER", conflicts_with = "results")]
    pub record: Option<PathBuf>,
    /// Folder with records [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER")]
    pub results: Option<PathBuf>,
    /// Only print the outcome
    #[arg(long, conflicts_with_all = ["record", "results"])]
    pub no_record: bool,
}

#[derive(Debug, Args)]
pub struct Count {
    #[command(flatten)]
    measured: MeasureOptions,
    #[command(flatten)]
    pub target: Target,
    /// Fail when a ratio to the baseline is outside the study's [[gate]] for it
    #[arg(long)]
    pub gate: bool,
}

#[derive(Debug, Args)]
pub struct SelfTestOptions {
    #[command(flatten)]
    measured: MeasureOptions,
    #[command(flatten)]
    pub target: Target,
    /// Blocks at most; fewer take less time and make the intervals wider
    #[arg(long, value_name = "N", default_value_t = MOST_BLOCKS,
          value_parser = clap::value_parser!(u32).range(PILOT as i64..=MOST_BLOCKS as i64))]
    pub blocks: u32,
}

#[derive(Debug, Args)]
pub struct Compare {
    #[command(flatten)]
    only: Only,
    #[command(flatten)]
    cases: CaseOptions,
    /// Folders of the records, two or more; the others are compared with the first one
    #[arg(required = true, num_args = 2.., value_name = "RECORD")]
    pub records: Vec<PathBuf>,
    /// Compare instructions instead of ratios of times; only of two records with an equal fingerprint
    #[arg(long)]
    pub counts: bool,
    /// End with exit code 3 when a row has become slower
    #[arg(long)]
    pub fail_on_regression: bool,
    /// Write Markdown instead of a table for the terminal
    #[arg(long)]
    pub markdown: bool,
    /// Also write the comparison as one page that needs nothing else: tables, charts, a search
    #[arg(long, value_name = "FILE", conflicts_with = "counts")]
    pub html: Option<PathBuf>,
    /// Also put the comparison, as Markdown, into FILE, between its `<!-- ffi-bench: ... -->`
    /// markers called `compare again` or `compare isolated`, or `compare several` for more than two
    #[arg(long, value_name = "FILE", conflicts_with = "counts")]
    pub splice: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Report {
    #[command(flatten)]
    file: StudyFile,
    #[command(flatten)]
    only: Only,
    #[command(flatten)]
    cases: CaseOptions,
    /// Folder of the record [default: the newest in <results> of this machine; where there is none,
    /// the newest]
    pub record: Option<PathBuf>,
    /// Folder with records [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER", conflicts_with = "record")]
    pub results: Option<PathBuf>,
    /// Also put tables into FILE, between its `<!-- ffi-bench: NAME -->` and `<!-- ffi-bench: end -->`
    /// lines. NAME is answer, results, verdicts, self-test, precision, position, counts, a table of effort
    /// (builds, resources, toolchains, shipped, first-call, written, portability, mistakes), that of a
    /// [[table]] of the study, or records: a list of all records in the folder that this one is in
    #[arg(long, value_name = "FILE")]
    pub splice: Vec<PathBuf>,
    /// Show the record as the study declares it today, and keep that in the record: summary, regimes,
    /// tables, charts, guide, titles and colours. What was measured stays as it is
    #[arg(long)]
    pub redeclare: bool,
    /// Print the results to the terminal, and write nothing
    #[arg(long, conflicts_with_all = ["splice", "redeclare"])]
    pub terminal: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
