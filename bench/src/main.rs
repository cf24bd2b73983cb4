//! `ffi-bench`: what each way out of Python costs and buys, measured.
//!
//! The data flows one way: study, build, verify, run, record, analysis, report.

// `output` writes, and knows what to do where that fails.
#![deny(clippy::print_stdout, clippy::print_stderr)]

#[cfg(not(unix))]
compile_error!("Windows is not supported yet, because it is not tested. Use Linux, macOS or WSL");

mod admission;
mod analysis;
mod charts;
mod cli;
mod cmd;
mod code;
mod counts;
mod criterion;
mod effort;
mod environment;
mod files;
mod format;
mod interrupt;
mod observed;
mod output;
mod plan;
mod process;
mod progress;
mod protocol;
mod record;
mod report;
mod restart;
mod self_test;
mod session;
mod sources;
mod state;
mod study;
mod timing;
mod version;
mod worker;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Kind, New, Verb};
use cmd::compare::Compared;
use interrupt::Interrupted;
use output::{lost, note, say};

/// Some contender failed; the rest was done.
pub const SOME_FAILED: u8 = 1;
/// Nothing could be done, or nothing be said of it.
const STOPPED: u8 = 2;
/// `compare` or `ab` found one, with --fail-on-regression.
pub const REGRESSION: u8 = 3;

fn main() -> ExitCode {
    process::outlive_file_size_limits();
    let code = match Cli::try_parse() {
        Ok(cli) => run(&cli),
        Err(error) if error.use_stderr() => {
            // Where nobody hears that, the code says it.
            let _ = error.print();
            STOPPED
        }
        Err(help) => {
            say(&help.render().ansi().to_string());
            0
        }
    };
    let Some(reason) = lost() else {
        return ExitCode::from(code);
    };
    note(&format!(
        "ffi-bench: standard output could not be written: {reason}"
    ));
    ExitCode::from(if code == 0 { STOPPED } else { code })
}

/// Does what was asked for; gives the exit code.
fn run(cli: &Cli) -> u8 {
    let common = cli.common();
    let outcome = match &cli.verb {
        Verb::Bench(options) => cmd::bench::run(&common, options),
        Verb::Doctor(_) => cmd::doctor::run(&common),
        Verb::List(_) => cmd::list::run(&common),
        Verb::New(New {
            what: Kind::Contender(options),
        }) => cmd::new::run(&common, options),
        Verb::Build(options) => cmd::build::run(&common, options),
        Verb::Launch(options) => match effort::launch::run(options) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Verb::Verify(_) => cmd::verify::run(&common),
        Verb::Run(options) => cmd::run::run(&common, options),
        Verb::Count(options) => cmd::count::run(&common, options),
        Verb::Observe(options) => cmd::observe::run(&common, options),
        Verb::SelfTest(options) => cmd::self_test::run(&common, options),
        Verb::Report(options) => cmd::report::run(&common, options),
        Verb::Export(options) => cmd::export::run(&common, options),
        Verb::Ab(options) => match cmd::ab::run(&common, options) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Verb::Compare(options) => match cmd::compare::run(&common, options) {
            Ok(Compared::Changed) => return REGRESSION,
            Ok(Compared::Same) => Ok(true),
            Err(error) => Err(error),
        },
    };
    match outcome {
        Ok(true) => 0,
        Ok(false) => SOME_FAILED,
        Err(error) => {
            note(&format!("ffi-bench: {error:#}"));
            match error.downcast_ref::<Interrupted>() {
                Some(Interrupted(signal)) => 128 + signal,
                None => STOPPED,
            }
        }
    }
}
