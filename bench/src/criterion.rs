//! The study's native benchmarks: gives them the cases' inputs, runs them, reads their estimates.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::effort::known::offline;
use crate::files;
use crate::process;
use crate::progress::Progress;
use crate::protocol::{Reply, Request};
use crate::record;
use crate::restart::forgiving;
use crate::session::Session;
use crate::study::{Case, NativeBenchmarks};

/// How long compiling and measuring may take together.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Estimates by case, nanoseconds.
pub fn run(
    session: &Session,
    settings: &NativeBenchmarks,
    seconds: f64,
) -> Result<BTreeMap<String, record::NativeEstimate>> {
    let cases: Vec<&Case> = session
        .study
        .cases
        .iter()
        .filter(|case| !case.criterion.is_empty())
        .collect();
    let label = format!(
        "native benchmarks: compiling, then {} of about {:.0} s each",
        cases.len(),
        (2.0 * seconds).max(1.0)
    );
    let progress = Progress::unmeasured(&label);
    let inputs = session.state.folder.join("inputs.json");
    write_inputs(session, settings, &cases, &inputs)?;

    let output = session.state.folder.join("criterion");
    match fs::remove_dir_all(&output) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
        _ => {}
    }
    let (program, arguments) = settings
        .command
        .split_first()
        .context("criterion.command is empty")?;
    let log = session.state.folder.join("criterion.log");
    let file = fs::File::create(&log)?;
    let mut command = offline(program, &session.python)?;
    command
        .args(arguments)
        .arg("--warm-up-time")
        .arg(seconds.to_string())
        .arg("--measurement-time")
        .arg(seconds.to_string())
        .current_dir(session.study.root())
        .env("FFI_BENCH_INPUTS", &inputs)
        .env("CRITERION_HOME", &output)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file);
    if let Some(failed) = process::run(&mut command, PATIENCE)? {
        let reason = failed.reason;
        bail!("{reason} What it said is in {}", log.display());
    }

    let mut estimates = BTreeMap::new();
    for case in cases {
        let path = output.join(&case.name).join("new/estimates.json");
        if path.exists() {
            estimates.insert(case.name.clone(), estimate(&path)?);
        }
    }
    progress.end(&format!("{} estimates", estimates.len()));
    Ok(estimates)
}

fn write_inputs(
    session: &Session,
    settings: &NativeBenchmarks,
    cases: &[&Case],
    to: &Path,
) -> Result<()> {
    let contender = session
        .study
        .contender(&settings.contender)
        .with_context(|| format!("{} is left out, so there are no inputs", settings.contender))?;
    let request = Request::Inputs {
        prelude: session.study.prelude(),
        contender: contender.into(),
        cases: session.cases(contender, cases).collect(),
    };
    forgiving(|| {
        session.ask(&request, |reply| match reply {
            Reply::Inputs(inputs) => files::write_whole(to, &serde_json::to_vec(&inputs)?),
            other => Err(other.unexpected()),
        })
    })??;
    Ok(())
}

/// What Criterion writes, as far as it is read.
#[derive(Deserialize)]
struct Estimates {
    slope: Option<Estimate>,
    mean: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
    confidence_interval: ConfidenceInterval,
}

#[derive(Deserialize)]
struct ConfidenceInterval {
    lower_bound: f64,
    upper_bound: f64,
}

/// The estimate that Criterion itself displays: the slope where it fitted one, else the mean.
fn estimate(path: &Path) -> Result<record::NativeEstimate> {
    let text = fs::read_to_string(path)?;
    let found: Estimates =
        serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))?;
    let found = found.slope.unwrap_or(found.mean);
    Ok(record::NativeEstimate {
        mean: found.point_estimate,
        low: found.confidence_interval.lower_bound,
        high: found.confidence_interval.upper_bound,
    })
}
