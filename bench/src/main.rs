//! `ffi-bench`: what each way out of Python costs and buys, measured.
//!
//! The data flows one way: study, build, verify, run, record, analysis, report.

mod admission;
mod analysis;
mod charts;
mod cli;
mod cmd;
mod criterion;
mod environment;
mod plan;
mod progress;
mod record;
mod report;
mod session;
mod sources;
mod state;
mod study;
mod timing;
mod worker;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Verb};

/// Some contender failed; the rest was done.
pub const SOME_FAILED: u8 = 1;
/// Nothing could be done.
const STOPPED: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.verb {
        Verb::Doctor => cmd::doctor::run(&cli.common),
        Verb::List => cmd::list::run(&cli.common),
        Verb::Build(options) => cmd::build::run(&cli.common, options),
        Verb::Verify => cmd::verify::run(&cli.common),
        Verb::Run(options) => cmd::run::run(&cli.common, options),
        Verb::Report(options) => cmd::report::run(&cli.common, options),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(SOME_FAILED),
        Err(error) => {
            eprintln!("ffi-bench: {error:#}");
            ExitCode::from(STOPPED)
        }
    }
}
