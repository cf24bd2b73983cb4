//! `doctor`: what the machine has, what is missing, and what would disturb a measurement.

use anyhow::Result;

use crate::admission::installed;
use crate::cli::Common;
use crate::effort::known::foreign_settings;
use crate::environment::{Environment, first_line, unfit_build};
use crate::format::percent;
use crate::output::say;
use crate::report::terminal::{self, paragraph};
use crate::session::Session;
use crate::sources::source_hash;
use crate::state::Built;

/// Contenders that are named at most because something about them is out of date.
const STALE: usize = 4;

pub fn run(common: &Common) -> Result<bool> {
    let session = Session::open(common)?;
    let study = &session.study;
    let environment = Environment::look(session.facts()?, &study.root(), &study.header.locks)?;
    let python = &environment.python;

    let mut table = terminal::table(&["", "found"]).with_prose([1]);
    let mut row = |name: &str, value: &str| {
        table.add_row([name, value]);
    };
    row(
        "processor",
        &format!("{}, {} cores", environment.cpu, environment.cores),
    );
    row("kernel", &environment.kernel);
    row(
        "busy with others",
        &environment
            .busy
            .map_or("unknown".to_owned(), |b| format!("{:.0} %", b * 100.0)),
    );
    let number = |value: Option<f64>| value.map_or("unknown".to_owned(), |v| format!("{v:.2}"));
    row("load average", &number(environment.load_before));
    row(
        "stolen time",
        &environment.steal.map_or("unknown".to_owned(), percent),
    );
    row(
        "frequency governor",
        environment.governor.as_deref().unwrap_or("unknown"),
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
    row("seed", &session.study.header.seed.to_string());
    for (name, hash) in &environment.locks {
        row(name, hash);
    }
    let all = session.study.contenders.len();
    let installed = installed(&session)?.len();
    row(
        "installed",
        &format!("{installed} of {all} contenders and peers"),
    );
    say(&table.to_string());

    let mut missing = missing(&environment);
    missing.extend(foreign_settings(&session.study)?);
    for sentence in &missing {
        say(&paragraph(&format!("missing: {sentence}")));
    }
    let stale = terminal::first_of(stale(&session)?, STALE, "contenders are in such a state");
    for sentence in environment.warnings().into_iter().chain(stale) {
        say(&paragraph(&format!("warning: {sentence}")));
    }
    for sentence in notes(&environment) {
        say(&paragraph(&format!("note: {sentence}")));
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
    let chosen = std::env::var("CC").unwrap_or_else(|_| python.c_compiler.clone());
    let compiler = chosen.split_whitespace().next().unwrap_or("cc");
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

/// Contenders that are installed, but not as they would be built and verified now; or as nobody
/// should measure them.
fn stale(session: &Session) -> Result<Vec<String>> {
    let built = session.state.built()?;
    let verdicts = session.state.verdicts()?;
    let installed = installed(session)?;
    let mut warnings = Vec::new();
    for contender in &session.study.contenders {
        let name = &contender.name;
        let Some(Built::Installed { sources, .. }) = built.get(name) else {
            continue;
        };
        if *sources != source_hash(&session.study.root(), contender)? {
            warnings.push(format!(
                "{name} is installed from other sources than the present ones: run `ffi-bench build`"
            ));
            continue;
        }
        let Some(verdict) = verdicts.get(name).filter(|v| v.sources == *sources) else {
            continue;
        };
        if installed
            .get(name)
            .is_some_and(|now| *now != verdict.artefact)
        {
            warnings.push(format!(
                "the installed {} is not the verified one: run `ffi-bench build --again`, then \
                 `ffi-bench verify`",
                contender.module
            ));
        }
        if let Some(reason) = unfit_build(&verdict.build_info) {
            warnings.push(format!("{name}: {reason}, its times are meaningless"));
        }
    }
    Ok(warnings)
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
