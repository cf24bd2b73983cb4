//! `doctor`: what the machine has, what is missing, and what would disturb a measurement.

use anyhow::Result;

use crate::cli::Common;
use crate::environment::{Environment, first_line};
use crate::report::terminal;
use crate::session::Session;

pub fn run(common: &Common) -> Result<bool> {
    let session = Session::open(common)?;
    let environment = Environment::look(&session.facts()?);
    let python = &environment.python;

    let mut table = terminal::table(&["", "found"]);
    let mut row = |name: &str, value: &str| {
        table.add_row([name, value]);
    };
    row(
        "processor",
        &format!("{}, {} cores", environment.cpu, environment.cores),
    );
    row("kernel", &environment.kernel);
    row(
        "load",
        &environment
            .load_before
            .map_or("unknown".to_owned(), |l| format!("{l:.2}")),
    );
    row(
        "Python",
        &format!(
            "{} {} ({})",
            python.implementation, python.version, python.compiler
        ),
    );
    row(
        "its loop",
        &format!("{:.1} ns a turn of `total += i & 7`", python.loop_ns),
    );
    row(
        "its flags",
        &format!("{} {}", python.opt, python.config_args),
    );
    for (name, version) in &environment.tools {
        row(name, version);
    }
    println!("{table}");

    let missing = missing(&environment);
    for sentence in &missing {
        println!("missing: {sentence}");
    }
    for sentence in warnings(&environment) {
        println!("warning: {sentence}");
    }
    for sentence in notes(&environment) {
        println!("note: {sentence}");
    }
    Ok(missing.is_empty())
}

/// What no contender of a typical study can be built without.
fn missing(environment: &Environment) -> Vec<String> {
    let python = &environment.python;
    let mut missing = Vec::new();
    if !python.headers {
        missing.push(format!(
            "no Python.h in {}: install the headers of this Python (Debian: apt-get install \
             python3-dev; Fedora: dnf install python3-devel)",
            python.include
        ));
    }
    if !python.virtual_environment {
        missing.push(
            "this Python belongs to no virtual environment, and contenders are installed into it: \
             run `make setup`, or give the Python of one with --python"
                .to_owned(),
        );
    }
    let compiler = python.c_compiler.split_whitespace().next().unwrap_or("cc");
    if first_line(compiler, &["--version"]).is_none() {
        missing.push(format!(
            "no C compiler '{compiler}', which this Python was built with: install it (Debian: \
             apt-get install build-essential; macOS: xcode-select --install), or set CC"
        ));
    }
    for tool in ["rustc", "cargo"] {
        if !environment.tools.contains_key(tool) {
            missing.push(format!("no {tool}: install Rust from https://rustup.rs"));
        }
    }
    missing
}

/// What makes a measurement worse than it could be.
fn warnings(environment: &Environment) -> Vec<String> {
    let mut warnings = Vec::new();
    #[allow(clippy::cast_precision_loss)] // A number of cores.
    let cores = environment.cores as f64;
    if let Some(load) = environment.load_before.filter(|load| *load > cores / 2.0) {
        warnings.push(format!(
            "the load is {load:.2} on {cores} cores: intervals will be wide; close what else runs"
        ));
    }
    if environment.python.debug {
        warnings.push("this is a debug build of Python: its times say nothing".to_owned());
    }
    if environment.python.loop_ns > 40.0 {
        warnings.push(format!(
            "this Python takes {:.0} ns for one turn of a small loop; a build with optimisation \
             takes less than 25 on most machines, so \"times faster than Python\" will flatter",
            environment.python.loop_ns
        ));
    }
    if let Ok(governor) =
        std::fs::read_to_string("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
        && governor.trim() != "performance"
    {
        warnings.push(format!(
            "the processor's frequency governor is '{}'",
            governor.trim()
        ));
    }
    warnings
}

fn notes(environment: &Environment) -> Vec<String> {
    let mut notes = Vec::new();
    if !environment.tools.contains_key("valgrind") {
        notes.push(
            "no valgrind, so instructions cannot be counted (Debian: apt-get install valgrind)"
                .to_owned(),
        );
    }
    notes
}
