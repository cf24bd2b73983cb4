//! `build`: a wheel of each contender, installed, and what it takes to have it.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::cli::{Build, Common, Target};
use crate::cmd::{record_for, save};
use crate::effort::install::install_package;
use crate::effort::known::foreign_settings;
use crate::effort::values::Effort;
use crate::effort::work::Work;
use crate::interrupt;
use crate::output::{note, say};
use crate::report::sections::Table;
use crate::report::sections::effort::{IN_SHORT, in_short};
use crate::session::Session;
use crate::state::Built;

pub fn run(common: &Common, options: &Build) -> Result<bool> {
    let mut session = Session::open(common)?;
    interrupt::watch()?;
    ensure!(
        session.facts()?.virtual_environment,
        "{} belongs to no virtual environment, and contenders are installed into it: run \
         `make setup`, or give the Python of one with --python",
        session.python.display()
    );
    let foreign = foreign_settings(&session.study)?;
    ensure!(foreign.is_empty(), "{}", foreign.join("; "));
    session
        .study
        .without_optional(common.profile(), &common.only, false)?;
    // What others have built is installed by pip.
    session.study.contenders.retain(|c| !c.is_peer());
    for (name, reason) in &session.left_out {
        note(&format!("left out: {name}, because {reason}"));
    }
    let root = session.study.root();
    for package in &session.study.header.packages {
        install_package(&session, &root.join(package))?;
    }
    let mut work = Work::begin(&session, common, options)?;
    work.contenders()?;
    if !options.install_only {
        work.installed()?;
    }
    if work.measuring() {
        work.downloads_and_first_calls()?;
        work.interpreters()?;
        work.mistakes()?;
        work.rounds()?;
    }
    // The table is of use above all where something failed.
    let fine = summary(&session)? && work.fine;
    if let Some(folder) = &options.record {
        put_into(&mut session, common, folder)?;
    }
    Ok(fine)
}

/// What came of it, as a table; whether all contenders could be built.
fn summary(session: &Session) -> Result<bool> {
    let mut table = Table::new(IN_SHORT);
    let mut fine = true;
    let built = session.state.built()?;
    for contender in &session.study.contenders {
        match built.get(&contender.name) {
            Some(Built::Installed { effort, .. }) => {
                let mut cells = vec![contender.name.clone()];
                cells.extend(in_short(effort));
                table.add_row(cells);
            }
            // Why was said when it happened, and is in the record.
            Some(Built::Failed { .. }) => {
                fine = false;
                table.add_row([contender.name.clone(), "FAILED".to_owned()]);
            }
            None => {}
        }
    }
    say(&table.to_string());
    Ok(fine)
}

/// Puts what is known into a record of the same artefacts.
fn put_into(session: &mut Session, common: &Common, folder: &Path) -> Result<()> {
    let target = Target {
        record: Some(folder.to_owned()),
        ..Target::default()
    };
    let built = session.state.built()?;
    let (folder, mut record) = record_for(session, common, &target, "the effort")?;
    for (name, candidate) in &mut record.contenders {
        if let Some(Built::Installed { effort, .. }) = built.get(name) {
            candidate.effort = Some(Effort::clone(effort));
        }
    }
    record.surroundings = session.state.surroundings()?;
    save(&record, folder)
}
