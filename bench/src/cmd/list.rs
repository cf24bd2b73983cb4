//! `list`: what is in the study.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::Result;

use crate::cli::Common;
use crate::report::format::percent;
use crate::report::terminal;
use crate::study::Study;

pub fn run(common: &Common) -> Result<bool> {
    let mut study = Study::load(&common.study)?;
    study.narrow(&common.only, common.filter.as_ref())?;
    let mut text = format!("{}\n\n", study.header.title);

    let mut contenders = terminal::table(&["contender", "what it is", "module", "folder"]);
    for c in &study.contenders {
        contenders.add_row([&c.name, &c.title, &c.module, &c.folder]);
    }
    let _ = writeln!(text, "{contenders}\n");

    let mut checks = terminal::table(&["check", "inputs", "what is generated"]);
    for c in &study.checks {
        checks.add_row([&c.name, &c.count.to_string(), &c.about]);
    }
    let _ = writeln!(text, "{checks}\n");

    let mut cases = terminal::table(&["case", "floor", "what is timed"]);
    for c in &study.cases {
        let floor = if c.floor.is_some() { "yes" } else { "" };
        cases.add_row([c.name.as_str(), floor, &c.about]);
    }
    let _ = writeln!(text, "{cases}\n");

    let mut profiles = terminal::table(&[
        "profile",
        "blocks at least",
        "rounds in each",
        "wanted half width",
        "time for a case",
    ]);
    for (name, p) in &study.profiles {
        let (width, time) = match p.width {
            Some(width) => (
                format!("±{}", percent(width)),
                format!("{} s", p.case_seconds),
            ),
            None => ("none: no more blocks".to_owned(), String::new()),
        };
        profiles.add_row([
            name,
            &p.blocks.to_string(),
            &p.rounds.to_string(),
            &width,
            &time,
        ]);
    }
    let _ = writeln!(text, "{profiles}");
    // Whoever reads may have seen enough: a closed pipe is no error.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(true)
}
