//! The command line. Its help is written to teach.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use regex::Regex;

use crate::self_test::{MOST_BLOCKS, PILOT};

/// Measure what each way out of Python costs, and what it buys.
///
/// `bench` makes a whole measurement. The other verbs are its steps, or read a record.
/// Each step saves its result for the next one, so you can repeat a step alone.
///
/// Exit codes:
///
///   0    everything went well
///   1    a contender, a gate or the self-test failed; everything else was done
///   2    nothing could be done, or the output could not be written
///   3    `compare` or `ab` found a regression, with --fail-on-regression
///   128+ interrupted: 128 and the number of the signal
///
/// A reader that closes the pipe, such as `head`, does not change the exit code.
///
/// --study and --python may also stand before the verb. A verb that needs neither ignores them.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    verbatim_doc_comment,
    after_help = "Example: measure everything, with the short profile\n  ffi-bench bench --profile quick"
)]
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
    /// Python of a virtual environment. Contenders are installed into it and measured in it
    /// [default: python3]
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub struct Only {
    /// Use only this contender. May be repeated. The reference and the baseline always take part
    #[arg(long, value_name = "CONTENDER")]
    only: Vec<String>,
}

#[derive(Debug, Default, Args)]
pub struct CaseOptions {
    /// Use only cases whose name matches, such as '^pair/' or 'ascii-8$'
    #[arg(long, value_name = "REGEX")]
    filter: Option<Regex>,
    /// Leave out cases whose name matches
    #[arg(long, value_name = "REGEX")]
    skip: Option<Regex>,
}

#[derive(Debug, Default, Args)]
pub struct OfProfile {
    /// How much to build, verify and run: a [profile.NAME] of the study [default: default].
    /// Optional contenders and cases take part if the profile includes them, or if --only or
    /// --filter names them. A record accepts only its own profile
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
            Verb::Export(o) => (only, cases) = (Some(&o.only), Some(&o.cases)),
            Verb::New(New {
                what: Kind::Contender(o),
            }) => file = Some(&o.file),
            Verb::Launch(_) => {}
            Verb::Verify(Verify { measured })
            | Verb::Run(Run { measured, .. })
            | Verb::Count(Count { measured, .. })
            | Verb::Observe(Observe { measured, .. })
            | Verb::Ab(Ab { measured, .. })
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
    /// Measure: run all steps in order, from the check of the machine to the report
    ///
    /// The steps:
    ///
    ///   1. doctor                  shows what is missing and what would disturb a measurement
    ///   2. build --install-only    builds and installs the contenders
    ///   3. verify                  compares every contender's answers with the reference's
    ///   4. run                     times the cases; shows first results within minutes
    ///   5. build --record          measures how the builds behave
    ///   6. count                   counts instructions; left out without valgrind
    ///   7. observe                 measures imports and allocations, and tries the outcomes
    ///   8. report                  writes the page, tables and charts into the record's folder
    ///   9. report --terminal       prints the results
    ///
    /// Each step is printed as the command that runs it alone. A contender that fails becomes a row
    /// of the report. The others are still measured, and the exit code is 1. If a step cannot
    /// work, the measurement ends with exit code 2.
    ///
    /// An interruption prints how to continue: with --resume and the folder of the record. Finished
    /// blocks are not measured again. If there is no record yet, start again; finished builds are
    /// kept.
    ///
    /// `ffi-bench list` shows the profiles. Begin with a short one. Use a longer one for results that
    /// others rely on.
    ///
    /// With several interpreters, each gets a record, and the records are compared at the end. An
    /// interpreter that fails does not affect the records of the others.
    #[command(verbatim_doc_comment, after_help = concat!(
        "Examples:\n",
        "  ffi-bench bench --profile quick\n",
        "  ffi-bench bench --python .venv-3.12/bin/python --python .venv-3.13/bin/python\n",
    ))]
    Bench(Bench),
    /// Check the machine: show what is missing, how to get it, and what would disturb a measurement
    #[command(after_help = concat!(
        "Example:\n",
        "  ffi-bench doctor --python .venv/bin/python\n",
    ))]
    Doctor(Doctor),
    /// List the contenders, checks, cases and profiles of the study
    #[command(after_help = concat!(
        "Example:\n",
        "  ffi-bench list --filter '^pair/'\n",
    ))]
    List(List),
    /// Start a new contender as a copy of an existing one
    #[command(after_help = concat!(
        "Example:\n",
        "  ffi-bench new contender my_ext --like c_ext\n",
    ))]
    New(New),
    /// Build each contender into a wheel, install it, and measure the effort
    ///
    /// Each contender is built in a scratch copy of the sources, without network. It starts from
    /// nothing but downloaded dependencies. A variant reuses what its contender has compiled,
    /// unless the profile is exhaustive.
    ///
    /// The profile decides what else is measured. Builds are repeated with compiled dependencies,
    /// without a change, after edits of one line, on one processor, and with other toolchains.
    /// Wheels are tried on every interpreter that is found, or on those in the variable PYTHONS.
    /// Downloads and the first call are measured. The study's mistakes are built and run.
    ///
    /// Results for the same sources and the same profile are kept. An interrupted build therefore
    /// continues where it stopped.
    #[command(after_help = concat!(
        "Examples:\n",
        "  ffi-bench build --only c_ext\n",
        "  ffi-bench build --again --only c_ext\n",
    ))]
    Build(Build),
    /// Run a command and record what it used. The harness starts builds with this
    #[command(hide = true)]
    Launch(Launch),
    /// Compare every contender's answers with the reference's
    ///
    /// Each contender runs in its own process. It answers the study's generated inputs and every
    /// case. Only contenders that pass are timed.
    #[command(after_help = concat!(
        "Example:\n",
        "  ffi-bench verify --only c_ext\n",
    ))]
    Verify(Verify),
    /// Time the cases, and write a record
    ///
    /// A block is one process that runs all contenders. In each round of a block, every contender is
    /// timed once, in a shuffled and balanced order. Blocks are the unit of replication.
    ///
    /// The profile's first blocks fix the sample size of each row: as many blocks as its confidence
    /// interval needs for the wanted width. The row's share of the case's time may end it earlier.
    ///
    /// The folder of the record is printed on standard output.
    #[command(after_help = concat!(
        "Examples:\n",
        "  ffi-bench run --profile quick --filter '^pair/'\n",
        "  ffi-bench run --resume results/2026-11-30-machine\n",
    ))]
    Run(Run),
    /// Count instructions per call under valgrind, and add them to a record
    ///
    /// On one machine, the same binaries always give the same counts, whatever else runs. Counts are
    /// split by object file: interpreter, extension, C library.
    ///
    /// By default the cases are those of the summary and the gates. --filter, or an exhaustive
    /// profile, chooses others. Calls of more than 2 ms are left out.
    #[command(after_help = concat!(
        "Example:\n",
        "  ffi-bench count --filter '^call/' --no-record\n",
    ))]
    Count(Count),
    /// Measure imports and allocations, try the study's outcomes, and add all of it to a record
    ///
    /// Imports: each contender is imported in new processes, with its files in the system's cache and
    /// without.
    ///
    /// Allocations: glibc traces what one call allocates, inside and outside of Python's heap.
    /// Calls of more than 20 ms are traced only with an exhaustive profile.
    ///
    /// Outcomes: the study lists events, such as a panic. Each is tried once, and the record says
    /// how Python sees it.
    #[command(after_help = concat!(
        "Example:\n",
        "  ffi-bench observe --only rust_pyo3\n",
    ))]
    Observe(Observe),
    /// Check in at most 5 minutes whether the method can be trusted on this machine
    ///
    /// A contender is compared with itself: the A/A rows show the false-positive rate. A
    /// contender that does a known amount of extra work must be found slower. A contender that is
    /// wrong on one input in 10,000 must be refused. Other methods are shown beside this one.
    ///
    /// The result is added to the newest record of this machine, this interpreter and these sources.
    /// If there is no such record, the result is only printed.
    #[command(after_help = concat!(
        "Example:\n",
        "  ffi-bench self-test --blocks 40\n",
    ))]
    SelfTest(SelfTestOptions),
    /// Write the report of a record: a page, tables, charts, and files for other programs
    ///
    /// The report is made from the record alone. It consists of report.html, tables.md, charts/*.svg,
    /// summary.json and *.csv in the record's folder. --filter and --only choose a part of it.
    #[command(after_help = concat!(
        "Examples:\n",
        "  ffi-bench report results/2026-11-30-machine\n",
        "  ffi-bench report --terminal\n",
    ))]
    Report(Report),
    /// Compare records of machines, interpreters or versions of the sources
    ///
    /// Seconds of two records cannot be compared. The comparison therefore uses ratios that each
    /// record measured for itself: to the reference, and to the baseline. A change is the ratio of
    /// two such ratios, of one record and of the first.
    ///
    /// A row is "changed" when its confidence interval excludes every change of less than 2 %. The
    /// false-positive rate, for all rows of all records together, is 0.1 %. A row that failed or is
    /// missing in a record has a word or a dash.
    #[command(after_help = concat!(
        "Examples:\n",
        "  ffi-bench compare results/before results/after\n",
        "  ffi-bench compare --fail-on-regression results/before results/after\n",
    ))]
    Compare(Compare),
    /// Time two revisions of the sources in the same processes
    ///
    /// Each contender is built from both revisions, its answers are checked, and both are timed in
    /// the same blocks. With valgrind, the instructions of both are counted. The summary is printed,
    /// and written as Markdown for a pull request.
    ///
    /// Cases and inputs are those of --study. The reference of the second revision gives the right
    /// answers. It is compared only if --only names it.
    #[command(after_help = concat!(
        "Examples:\n",
        "  ffi-bench ab main .\n",
        "  ffi-bench ab HEAD~1 HEAD --only c_ext --filter '^call/'\n",
    ))]
    Ab(Ab),
    /// Write records in formats that other programs read
    ///
    /// --pyperf writes a JSON file for each contender, with the values of all slices. Floors are
    /// left out. pyperf compares such files.
    ///
    /// --series writes a CSV file with a row for each record, sorted by date. It has the ratios to
    /// the baseline, and the instructions. Seconds of two records cannot be compared, so it has none.
    #[command(after_help = concat!(
        "Examples:\n",
        "  ffi-bench export results/2026-11-30-machine --pyperf exported\n",
        "  ffi-bench export results/* --series series.csv\n",
    ))]
    Export(Export),
}

#[derive(Debug, Args)]
pub struct Export {
    /// The records
    #[arg(value_name = "RECORD", required = true)]
    pub records: Vec<PathBuf>,
    #[command(flatten)]
    only: Only,
    #[command(flatten)]
    cases: CaseOptions,
    /// Write a JSON file of pyperf for each contender of one record
    #[arg(long, value_name = "FOLDER")]
    pub pyperf: Option<PathBuf>,
    /// Write a CSV file with a row for each record
    #[arg(long, value_name = "FILE", conflicts_with = "pyperf")]
    pub series: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Ab {
    #[command(flatten)]
    measured: MeasureOptions,
    /// The revision to compare with: a commit, a branch or a tag
    pub before: String,
    /// The revision that is compared; '.' is the work tree as it is
    #[arg(default_value = ".")]
    pub after: String,
    /// A change of less than this many percent is no change
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0)]
    pub margin: f64,
    /// Where the summary goes [default: ab.md in the record's folder]
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Folder that the record is created in [default: target/ffi-bench/ab/results]
    #[arg(long, value_name = "FOLDER")]
    pub results: Option<PathBuf>,
    /// Count no instructions
    #[arg(long)]
    pub no_count: bool,
    /// End with exit code 3 if a row is slower
    #[arg(long)]
    pub fail_on_regression: bool,
}

#[derive(Debug, Args)]
pub struct Bench {
    #[command(flatten)]
    file: StudyFile,
    /// Python of a virtual environment. Contenders are installed into it and measured in it. May be
    /// repeated [default: python3]
    #[arg(long = "python", value_name = "PATH")]
    pub pythons: Vec<PathBuf>,
    #[command(flatten)]
    only: Only,
    #[command(flatten)]
    cases: CaseOptions,
    #[command(flatten)]
    profile: OfProfile,
    /// Create records in this folder [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER")]
    pub results: Option<PathBuf>,
    /// Continue the record of an interrupted measurement: finish the timing, then run the later steps
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
    /// Copy a contender's folder, adapt its description, and list what is left to do
    #[command(after_help = concat!(
        "Example:\n",
        "  ffi-bench new contender my_ext --like c_ext\n",
    ))]
    Contender(NewContender),
}

#[derive(Debug, Args)]
pub struct NewContender {
    #[command(flatten)]
    file: StudyFile,
    /// Name of the new contender and of its folder. A variant is CONTENDER/NAME
    pub name: String,
    /// Contender to copy
    #[arg(long, value_name = "CONTENDER")]
    pub like: String,
    /// Module that Python imports [default: NAME with the prefix of the copied module]
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
    /// Build and measure again, even if the sources have not changed
    #[arg(long)]
    pub again: bool,
    /// Only build and install. A later `build` measures the rest of the effort
    #[arg(long, conflicts_with = "record")]
    pub install_only: bool,
    /// Add the effort to this record. The record must have measured the present builds
    #[arg(long, value_name = "FOLDER")]
    pub record: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    measured: MeasureOptions,
    /// Write the record into this folder [default: <results>/<date>-<machine>]
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["resume", "results"])]
    pub record: Option<PathBuf>,
    /// Continue an interrupted record. Finished blocks are not measured again
    #[arg(long, value_name = "FOLDER")]
    pub resume: Option<PathBuf>,
    /// Create records in this folder [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER", conflicts_with = "resume")]
    pub results: Option<PathBuf>,
    /// Run each contender in processes that it shares with the baseline only
    #[arg(long, conflicts_with = "resume")]
    pub isolate: bool,
    /// Leave out the native benchmarks
    #[arg(long)]
    pub no_criterion: bool,
}

#[derive(Debug, Args)]
pub struct Launch {
    /// Write the report to this file
    #[arg(long, value_name = "FILE")]
    pub report: PathBuf,
    /// Use at most this number of processors
    #[arg(long, value_name = "N")]
    pub cores: Option<u32>,
    /// The command and its arguments
    #[arg(last = true, required = true)]
    pub command: Vec<OsString>,
}

/// A record that something is put into.
#[derive(Debug, Default, Args)]
pub struct Target {
    /// Add the result to this record [default: the newest in <results> of this machine, this
    /// interpreter and these sources]
    #[arg(long, value_name = "FOLDER", conflicts_with = "results")]
    pub record: Option<PathBuf>,
    /// Folder with records [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER")]
    pub results: Option<PathBuf>,
    /// Only print the result
    #[arg(long, conflicts_with_all = ["record", "results"])]
    pub no_record: bool,
}

#[derive(Debug, Args)]
pub struct Count {
    #[command(flatten)]
    measured: MeasureOptions,
    #[command(flatten)]
    pub target: Target,
    /// Fail if a ratio to the baseline is outside its [[gate]] of the study
    #[arg(long)]
    pub gate: bool,
}

#[derive(Debug, Args)]
pub struct SelfTestOptions {
    #[command(flatten)]
    measured: MeasureOptions,
    #[command(flatten)]
    pub target: Target,
    /// Run at most this number of blocks. Fewer blocks take less time and give wider intervals
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
    /// Folders of two or more records. The others are compared with the first
    #[arg(required = true, num_args = 2.., value_name = "RECORD")]
    pub records: Vec<PathBuf>,
    /// Compare instructions instead of times. Needs two records with the same fingerprint
    #[arg(long)]
    pub counts: bool,
    /// End with exit code 3 if a row has become slower
    #[arg(long)]
    pub fail_on_regression: bool,
    /// Write Markdown instead of a table for the terminal
    #[arg(long)]
    pub markdown: bool,
    /// Also write the comparison as one HTML file with tables, charts and a search
    #[arg(long, value_name = "FILE", conflicts_with = "counts")]
    pub html: Option<PathBuf>,
    /// Also write the comparison as Markdown into FILE, between its `<!-- ffi-bench: ... -->` markers.
    /// They are called `compare again`, `compare isolated` or, for more than two records,
    /// `compare several`
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
    /// Folder of the record [default: the newest of this machine in <results>, or else the newest of
    /// all]
    pub record: Option<PathBuf>,
    /// Folder with records [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER", conflicts_with = "record")]
    pub results: Option<PathBuf>,
    /// Also write tables into FILE, between its lines `<!-- ffi-bench: NAME -->` and
    /// `<!-- ffi-bench: end -->`. NAME is a [[table]] of the study, a table of effort, or one of
    /// answer, results, verdicts, self-test, precision, position, counts and records. The tables of
    /// effort are builds, resources, toolchains, shipped, first-call, written, portability and
    /// mistakes. `records` lists all records in the same folder
    #[arg(long, value_name = "FILE")]
    pub splice: Vec<PathBuf>,
    /// Take summary, regimes, tables, charts, guide, titles and colours from the present study, and
    /// save them in the record. The measurements do not change
    #[arg(long)]
    pub redeclare: bool,
    /// Print the results on the terminal, and write no file
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
