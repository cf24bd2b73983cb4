//! `list`: what is in the study.

use std::fmt::Write as _;

use anyhow::Result;

use crate::cli::Common;
use crate::format::percent;
use crate::output::say;
use crate::report::terminal::{self, paragraph};
use crate::study::{Case, Study};

pub fn run(common: &Common) -> Result<bool> {
    let mut study = Study::load(&common.study)?;
    study.narrow(&common.only, common.filter.as_ref(), common.skip.as_ref())?;
    let mut text = format!("{}\n\n", study.header.title);

    let optional = |optional: bool| if optional { "optional" } else { "" };
    let headings = ["contender", "what it is", "module", ""];
    let mut contenders = terminal::table(&headings).with_prose([1]);
    for c in &study.contenders {
        let how = if c.is_peer() {
            "optional, peer"
        } else {
            optional(c.optional)
        };
        contenders.add_row([&c.name, &c.title, &c.module, how]);
    }
    let _ = writeln!(text, "{contenders}\n");

    let mut checks = terminal::table(&["check", "inputs", "what is generated"]).with_prose([2]);
    for c in &study.checks {
        checks.add_row([&c.name, &c.count.to_string(), &c.about]);
    }
    let _ = writeln!(text, "{checks}\n");

    for (heading, cases) in by_regime(&study) {
        let mut table = terminal::table(&["case", "floor", "what is timed", ""]).with_prose([2]);
        for c in cases {
            let floor = if c.floor.is_some() { "yes" } else { "" };
            table.add_row([c.name.as_str(), floor, &c.about, optional(c.optional)]);
        }
        let _ = writeln!(text, "{}\n{table}\n", paragraph(&heading));
    }
    let _ = writeln!(
        text,
        "{}\n",
        paragraph(
            "Optional contenders and cases take part in a profile that says `optional`, or when --only or --filter names them."
        )
    );

    let mut profiles = terminal::table(&[
        "profile",
        "blocks at least",
        "rounds in each",
        "wanted half width",
        "time for a case",
        "",
    ])
    .with_prose([3, 5]);
    for (name, p) in &study.profiles {
        let (width, time) = match p.width {
            Some(width) => (
                format!("±{}", percent(width)),
                format!("{} s", p.case_seconds),
            ),
            None => ("none: no more blocks".to_owned(), String::new()),
        };
        profiles.add_row([
            name.as_str(),
            &p.blocks.to_string(),
            &p.rounds.to_string(),
            &width,
            &time,
            if p.optional { "with the optional" } else { "" },
        ]);
    }
    let _ = writeln!(text, "{profiles}");
    say(&text);
    Ok(true)
}

/// The cases under the heading of their regime, in the order of the catalogue; those of no regime
/// come last, under none.
fn by_regime(study: &Study) -> Vec<(String, Vec<&Case>)> {
    let mut found: Vec<(String, Vec<&Case>)> = study
        .regimes
        .iter()
        .map(|r| {
            let heading = format!("{} ({}/): {}.", r.title, r.name, r.about);
            let of = study.cases.iter().filter(|c| c.group() == r.name);
            (heading, of.collect())
        })
        .collect();
    let known = |c: &&Case| study.regimes.iter().any(|r| r.name == c.group());
    let others = study.cases.iter().filter(|c| !known(c)).collect();
    found.push((String::new(), others));
    found.retain(|(_, cases)| !cases.is_empty());
    found
}
