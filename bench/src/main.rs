//! `ffi-bench`: what each way out of Python costs and buys, measured.
//!
//! The data flows one way: study, build, verify, run, record, analysis, report.

#[cfg(not(unix))]
compile_error!("Windows is not supported yet: nobody has tested it. Use Linux, macOS or WSL");

mod admission;
mod analysis;
mod charts;
mod cli;
mod cmd;
mod counts;
mod criterion;
mod effort;
mod environment;
mod interrupt;
mod lines;
mod observed;
mod plan;
mod process;
mod progress;
mod record;
mod report;
mod self_test;
mod session;
mod sources;
mod state;
mod study;
mod timing;
mod worker;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Verb};
use cmd::compare::Compared;
use interrupt::Interrupted;

/// Some contender failed; the rest was done.
pub const SOME_FAILED: u8 = 1;
/// Nothing could be done.
const STOPPED: u8 = 2;
/// `compare --fail-on-regression` found one.
const REGRESSION: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.verb {
        Verb::Doctor => cmd::doctor::run(&cli.common),
        Verb::List => cmd::list::run(&cli.common),
        Verb::Build(options) => cmd::build::run(&cli.common, options),
        Verb::Launch(options) => match effort::launch::run(options) {
            Ok(code) => return ExitCode::from(code),
            Err(error) => Err(error),
        },
        Verb::Verify => cmd::verify::run(&cli.common),
        Verb::Run(options) => cmd::run::run(&cli.common, options),
        Verb::Count(options) => cmd::count::run(&cli.common, options),
        Verb::Observe(target) => cmd::observe::run(&cli.common, target),
        Verb::SelfTest(options) => cmd::self_test::run(&cli.common, options),
        Verb::Report(options) => cmd::report::run(&cli.common, options),
        Verb::Compare(options) => match cmd::compare::run(options) {
            Ok(Compared::Changed) => return ExitCode::from(REGRESSION),
            Ok(Compared::Same) => Ok(true),
            Err(error) => Err(error),
        },
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(SOME_FAILED),
        Err(error) => {
            eprintln!("ffi-bench: {error:#}");
            match error.downcast_ref::<Interrupted>() {
                Some(Interrupted(signal)) => ExitCode::from(128 + signal),
                None => ExitCode::from(STOPPED),
            }
        }
    }
}
