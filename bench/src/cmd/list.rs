//! `list`: what is in the study.

use anyhow::Result;

use crate::cli::Common;
use crate::report::terminal;
use crate::study::Study;

pub fn run(common: &Common) -> Result<bool> {
    let mut study = Study::load(&common.study)?;
    study.narrow(&common.only, common.filter.as_ref())?;
    println!("{}\n", study.header.title);

    let mut contenders = terminal::table(&["contender", "what it is", "module", "folder"]);
    for c in &study.contenders {
        contenders.add_row([&c.name, &c.title, &c.module, &c.folder]);
    }
    println!("{contenders}\n");

    let mut checks = terminal::table(&["check", "inputs", "what is generated"]);
    for c in &study.checks {
        checks.add_row([&c.name, &c.count.to_string(), &c.about]);
    }
    println!("{checks}\n");

    let mut cases = terminal::table(&["case", "floor", "what is timed"]);
    for c in &study.cases {
        let floor = if c.floor.is_some() { "yes" } else { "" };
        cases.add_row([c.name.as_str(), floor, &c.about]);
    }
    println!("{cases}\n");

    let mut profiles = terminal::table(&["profile", "blocks", "rounds in each"]);
    for (name, p) in &study.profiles {
        profiles.add_row([name, &p.blocks.to_string(), &p.rounds.to_string()]);
    }
    println!("{profiles}");
    Ok(true)
}
