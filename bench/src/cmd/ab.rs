//! `ab`: two revisions of the sources, timed in the same blocks.
//!
//! Each chosen contender takes part twice, as `before/NAME` and as `after/NAME`, in a study that is
//! written for the purpose. From there on it is a measurement like any other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::cli::{Ab, Common};
use crate::cmd::bench::{Chain, given};
use crate::effort::builds::empty;
use crate::files::{write_document, write_whole};
use crate::interrupt;
use crate::output::{note, say};
use crate::record::{Record, ensure_room, load_slices};
use crate::report::figures::sides::{AFTER, BEFORE, Sides, side};
use crate::report::formats::markdown;
use crate::report::sections::{Item, Section, sides};
use crate::report::{Results, terminal};
use crate::sources::{copy_tree, folder_hash};
use crate::study::Study;
use crate::{REGRESSION, SOME_FAILED};

/// What stands for the sources as they are, committed or not.
const WORK_TREE: &str = ".";

pub fn run(common: &Common, options: &Ab) -> Result<u8> {
    ensure!(
        options.margin >= 0.0,
        "--margin {}: it must not be negative",
        options.margin
    );
    if let Some(folder) = options.summary.as_deref().and_then(Path::parent) {
        let there = folder.as_os_str().is_empty() || folder.is_dir();
        ensure!(
            there,
            "there is no folder {} for --summary",
            folder.display()
        );
    }
    interrupt::watch()?;
    let study = Study::load(&common.study)?;
    let root = study.root();
    let place = root.join("target/ffi-bench/ab");
    let results = options.results.clone();
    let results = results.unwrap_or_else(|| place.join("results"));
    ensure_room(&results)?;
    let mut labels = Vec::new();
    for (name, revision) in [(BEFORE, &options.before), (AFTER, &options.after)] {
        labels.push(put(&root, revision, &place.join(name))?);
        interrupt::check()?;
    }
    for package in &study.header.packages {
        copy_tree(&root.join(package), &empty(&place.join(package))?)?;
    }
    let file = place.join("study.toml");
    let written = toml::to_string(&two_sided(study.clone(), common, &labels)?)?;
    write_whole(&file, written.as_bytes())?;

    let both = Common {
        study: file,
        python: common.python.clone(),
        only: Vec::new(),
        filter: common.filter.clone(),
        skip: common.skip.clone(),
        profile: common.profile.clone(),
    };
    let mut chain = Chain::new(&both, None, &both.python);
    let (profile, cases) = (given("--profile", both.profile.as_ref()), chain.cases());
    chain.step("build", &[&profile, &["--install-only".into()]])?;
    chain.step("verify", &[&profile, &cases])?;
    chain.step(
        "run",
        &[&profile, &given("--results", Some(&results)), &cases],
    )?;
    let record = given("--record", chain.record.as_ref());
    if !options.no_count {
        chain.step("count", &[&record, &cases])?;
    }
    let folder = chain.record.take().context("the run left no record")?;
    let unchanged = unchanged(&study, &place, &folder)?;
    let regression = show(&folder, &labels, &unchanged, options)?;
    Ok(
        match (
            regression && options.fail_on_regression,
            chain.failed.is_empty(),
        ) {
            (true, _) => REGRESSION,
            (false, false) => SOME_FAILED,
            (false, true) => 0,
        },
    )
}

/// Puts the sources of a revision into a folder, and gives what the revision is called.
fn put(root: &Path, revision: &str, folder: &Path) -> Result<String> {
    empty(folder)?;
    if revision == WORK_TREE {
        copy_tree(root, folder)?;
        return Ok("work tree".to_owned());
    }
    let hash = resolved(root, revision)?;
    // In a folder below the top of a repository it gives that folder alone.
    let mut archive = git(root)
        .args(["archive", "--format=tar", &hash])
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run git")?;
    let sources = archive.stdout.take().context("git has a standard output")?;
    let unpacked = Command::new("tar")
        .args(["-x", "-f", "-", "-C"])
        .arg(folder)
        .stdin(sources)
        .status()
        .context("cannot run tar")?;
    let archived = archive.wait()?;
    ensure!(
        archived.success() && unpacked.success(),
        "cannot take the sources of {revision} out of the repository at {}",
        root.display()
    );
    Ok(hash[..9].to_owned())
}

/// The hash of a revision.
fn resolved(root: &Path, revision: &str) -> Result<String> {
    let asked = format!("{revision}^{{commit}}");
    let found = git(root)
        .args([
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &asked,
        ])
        .output()
        .context("cannot run git")?;
    ensure!(
        found.status.success(),
        "there is no revision {revision} in a git repository at {}: give a commit, a branch or a \
         tag, or '{WORK_TREE}' for the sources as they are",
        root.display()
    );
    Ok(String::from_utf8(found.stdout)?.trim().to_owned())
}

fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).stdin(Stdio::null());
    command
}

/// A study of the chosen contenders as both revisions have them. The reference of the second one
/// says what is right, and is not timed.
fn two_sided(mut study: Study, common: &Common, labels: &[String]) -> Result<Study> {
    study.narrow(&common.only, common.filter.as_ref(), common.skip.as_ref())?;
    study.without_optional(common.profile(), &common.only, common.filter.is_some())?;
    let reference = study.header.reference.clone();
    let chosen = |name: &String| match common.only.as_slice() {
        [] => *name != reference,
        only => only.contains(name),
    };
    let names: Vec<String> = study
        .contenders
        .iter()
        .filter(|c| !c.is_peer())
        .map(|c| c.name.clone())
        .filter(chosen)
        .collect();
    let Some(first) = names.first() else {
        bail!(
            "nothing is left to compare: a peer has no sources, and the reference is compared only where --only names it"
        );
    };
    let twice = |names_of: &[String]| -> Vec<String> {
        let of_both = |name: &String| [BEFORE, AFTER].map(|side_of| side(side_of, name));
        let kept = names_of.iter().filter(|name| names.contains(name));
        let of_reference = names_of.iter().filter(|name| **name == reference).cloned();
        of_reference.chain(kept.flat_map(of_both)).collect()
    };
    let keyed = |of: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        let pairs = of.iter().flat_map(|(name, value)| {
            let keys = twice(std::slice::from_ref(name)).into_iter();
            keys.map(move |key| (key, value.clone()))
        });
        pairs.collect()
    };

    let here = std::mem::take(&mut study.contenders);
    for contender in here {
        let mut sides = Vec::new();
        if contender.name == reference {
            sides.push((AFTER, reference.clone(), contender.title.clone()));
        }
        if names.contains(&contender.name) {
            for (side_of, label) in [BEFORE, AFTER].into_iter().zip(labels) {
                let title = format!("{} ({label})", contender.title);
                sides.push((side_of, side(side_of, &contender.name), title));
            }
        }
        for (side_of, name, title) in sides {
            let mut of_side = contender.clone();
            of_side.folder = format!("{side_of}/{}", contender.folder);
            let sources = contender.sources.iter();
            of_side.sources = sources.map(|path| format!("{side_of}/{path}")).collect();
            (of_side.name, of_side.title) = (name, title);
            (of_side.variant_of, of_side.own_site) = (None, true);
            (of_side.lines, of_side.edit) = Default::default();
            of_side.fetch.clear();
            study.contenders.push(of_side);
        }
    }
    for case in &mut study.cases {
        for value in case.params.values_mut() {
            *value = toml::Value::Array(vec![value.clone()]);
        }
        case.calls = keyed(&case.calls);
        case.except = twice(&case.except);
        if !case.contenders.is_empty() {
            case.contenders = twice(&case.contenders);
        }
    }
    let sides = |name: &String| *name != reference;
    study.cases.retain(|case| {
        study
            .contenders
            .iter()
            .any(|c| sides(&c.name) && case.applies_to(&c.name))
    });
    for check in &mut study.checks {
        check.raises = keyed(&check.raises);
    }

    study.header.prelude = study.prelude().display().to_string();
    study.header.baseline = side(BEFORE, first);
    study.header.time_reference = false;
    ".".clone_into(&mut study.header.root);
    study.header.locks.clear();
    study.header.summary.clear();
    let cases = &study.cases;
    let timed = |name: &String| cases.iter().any(|case| case.name == *name);
    study.header.loop_case = study.header.loop_case.take().filter(timed);
    // What is shown of the study is not shown of this one, and effort is not measured.
    (study.tables, study.charts, study.goals, study.gates) = Default::default();
    (
        study.regimes,
        study.outcomes,
        study.mistakes,
        study.toolchains,
    ) = Default::default();
    (study.guide, study.effort, study.criterion, study.named) = Default::default();
    Ok(study)
}

/// The contenders of a record whose sources are the same on both sides.
fn unchanged(study: &Study, place: &Path, record: &Path) -> Result<Vec<String>> {
    let record = Record::load(record)?;
    let mut names = Vec::new();
    for contender in &study.contenders {
        let of = |side_of: &str| {
            let paths = std::iter::once(&contender.folder).chain(&contender.sources);
            let hashes = paths.map(|path| folder_hash(&place.join(side_of).join(path)));
            hashes.collect::<Result<Vec<_>>>()
        };
        if record
            .contenders
            .contains_key(&side(AFTER, &contender.name))
            && of(BEFORE)? == of(AFTER)?
        {
            names.push(contender.name.clone());
        }
    }
    Ok(names)
}

/// Says what differs; whether anything became slower.
fn show(folder: &Path, labels: &[String], unchanged: &[String], options: &Ab) -> Result<bool> {
    let results = Results::new(Record::load(folder)?.shown()?, &load_slices(folder)?);
    let comparison = Sides::new(&results, options.margin / 100.0);
    let items: Vec<Item> = sides::sections(&comparison, &results, labels, unchanged);
    say(&terminal::items(&items));
    let title = format!("{} against {}", labels[1], labels[0]);
    let text = markdown::document(&Section::new(&title, items));
    let document = options
        .summary
        .clone()
        .unwrap_or_else(|| PathBuf::from(folder).join("ab.md"));
    write_document(&document, text.as_bytes())?;
    note(&format!("{}\n{}", folder.display(), document.display()));
    ensure!(
        !options.fail_on_regression || comparison.rows.iter().any(|row| row.ratio.is_some()),
        "whether anything became slower cannot be told: no row was timed on both sides"
    );
    Ok(comparison.slower())
}
