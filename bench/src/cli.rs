//! The command line. Its help is written to teach.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use regex::Regex;

/// Measures what each way out of Python costs and what it buys.
///
/// The verbs are run in this order: doctor, build, verify, run, report. Each leaves its result for
/// the next one, so a step can be repeated alone. `make bench` runs them all.
///
/// Exit codes: 0 all went well; 1 some contender failed, and the rest was done; 2 nothing could
/// be done.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Args)]
pub struct Common {
    /// The study: contenders, cases and charts
    #[arg(
        long,
        value_name = "FILE",
        default_value = "bench/study.toml",
        global = true
    )]
    pub study: PathBuf,
    /// Python of the virtual environment that contenders are installed into and measured in
    #[arg(long, value_name = "PATH", default_value = "python3", global = true)]
    pub python: PathBuf,
    /// Only this contender (may be repeated); the reference and the baseline always take part
    #[arg(long, value_name = "CONTENDER", global = true)]
    pub only: Vec<String>,
    /// Only cases whose name matches, such as '^pair/' or 'ascii-8$'
    #[arg(long, value_name = "REGEX", global = true)]
    pub filter: Option<Regex>,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Look at the machine: what is missing, how to get it, and what would disturb a measurement
    Doctor,
    /// Show the contenders, the cases and the checks of the study
    List,
    /// Build each contender into a wheel, measure the effort, and install it
    ///
    /// Each contender is built from nothing but downloaded dependencies, in a scratch copy of the
    /// sources, without network. Where it compiles dependencies, it is built a second time with
    /// these already compiled, which shows its own share. A contender that was already built from
    /// the same sources is left alone.
    Build(Build),
    /// Compare every contender's answers with the reference's
    ///
    /// Each contender gets the study's generated inputs and every case, in a process of its own.
    /// Nothing is timed that has not passed.
    Verify,
    /// Time the cases, and write a record
    ///
    /// A block is one process that hosts all contenders; in each round, every contender is timed
    /// once, in a shuffled and balanced order. Blocks are the unit of replication: more of them
    /// make the intervals narrower. Prints the record's folder on standard output.
    Run(Run),
    /// Draw tables and charts from a record
    Report(Report),
}

#[derive(Debug, Args)]
pub struct Build {
    /// Build again what was already built from the same sources
    #[arg(long)]
    pub again: bool,
}

#[derive(Debug, Args)]
pub struct Run {
    /// How much to measure: a [profile.NAME] of the study
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub profile: String,
    /// Folder for the record [default: <results>/<date>-<machine>]
    #[arg(long, value_name = "FOLDER", conflicts_with = "resume")]
    pub record: Option<PathBuf>,
    /// Go on with an interrupted record; finished blocks are not measured again
    #[arg(long, value_name = "FOLDER")]
    pub resume: Option<PathBuf>,
    /// Folder that records are created in [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER")]
    pub results: Option<PathBuf>,
    /// Leave out the native benchmarks
    #[arg(long)]
    pub no_criterion: bool,
}

#[derive(Debug, Args)]
pub struct Report {
    /// Folder of the record [default: the newest in <results>]
    pub record: Option<PathBuf>,
    /// Folder with records [default: results, below the study's root]
    #[arg(long, value_name = "FOLDER")]
    pub results: Option<PathBuf>,
    /// Also put the result table into FILE, between its `<!-- ffi-bench: ... -->` markers
    #[arg(long, value_name = "FILE")]
    pub splice: Vec<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
