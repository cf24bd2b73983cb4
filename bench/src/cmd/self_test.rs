//! `self-test`: the method on things whose answer is known.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::analysis::interval::{CONFIDENCE, geometric};
use crate::analysis::{Estimate, Role, Slice, Timings};
use crate::cli::{Common, SelfTestOptions, Target};
use crate::cmd::run::{now, scratch_record};
use crate::cmd::{NoRecord, calibrate, record_for, save, verify};
use crate::format::{factor, time};
use crate::interrupt;
use crate::output::{note, say};
use crate::plan::Calibrations;
use crate::progress::Progress;
use crate::protocol::{Calibration, CaseEntry, CaseToTime, Pyperf, WorkerCase};
use crate::record::Record;
use crate::report::sections::trust::self_test_rows;
use crate::report::terminal;
use crate::restart::forgiving;
use crate::self_test::{
    DOSES, MOST_BLOCKS, PILOT, SelfTest, TestRow, against_itself, another_method, dosed, pooled,
    row, shown,
};
use crate::session::Session;
use crate::study::{Case, Contender};
use crate::timing::{lone_entry, right_digests, run_block};

/// Comparisons of a contender with itself, at least.
const COMPARISONS: usize = 40;

/// Most cases that are looked at, and of these the ones with doses and the ones for pyperf.
const MOST_CASES: usize = 8;
const CASES_WITH_DOSES: usize = 3;
const CASES_FOR_PYPERF: usize = 3;

/// A slice of a call of this length has iterations enough that 1.03 of them is not 1.02.
const LONGEST_NS: f64 = 5_000.0;

const ROUNDS: u32 = 12;

/// What the blocks may take, and pyperf, so that all is done in five minutes.
const BLOCKS_TAKE: Duration = Duration::from_secs(150);
const PYPERF_TAKES: Duration = Duration::from_secs(90);

/// Slices of each of two processes, one after the other.
const SEQUENTIAL_ROUNDS: u32 = 100;

/// One input of so many is answered wrongly by the contender that `verify` must refuse.
const WRONG_EVERY: u64 = 10_000;

/// Blocks are numbered from here, so that their seeds are not those of a run.
const FIRST_BLOCK: u32 = 1_000_000;

pub fn run(common: &Common, options: &SelfTestOptions) -> Result<bool> {
    let mut session = Session::open(common)?;
    interrupt::watch()?;
    let began = Instant::now();
    let started = now();
    let (folder, mut record) = record_or_none(&mut session, common, &options.target)?;
    calibrate(&session, &mut record)?;
    let test = Test::prepare(&session, &record, options.blocks)?;
    let mut rows = test.in_blocks()?;
    rows.extend(test.one_after_the_other()?);
    rows.extend(test.beside_pyperf()?);
    rows.push(test.planted()?);
    let done = SelfTest {
        started,
        seconds: began.elapsed().as_secs(),
        rows: sorted(rows),
    };
    let mut table = terminal::table(&["test", "seen", "limit", "outcome"]).with_prose([0, 1, 2]);
    for cells in self_test_rows(&done) {
        table.add_row(cells);
    }
    say(&table.to_string());
    let passed = done.passed();
    record.self_test = Some(done);
    save(&record, folder)?;
    Ok(passed)
}

/// The record that the outcome is put into. Where nobody named one and none fits, the self-test is
/// made all the same.
fn record_or_none(
    session: &mut Session,
    common: &Common,
    target: &Target,
) -> Result<(Option<PathBuf>, Record)> {
    match record_for(session, common, target, "a self-test") {
        Err(error) if error.is::<NoRecord>() => {
            note(&format!("{error:#}; its outcome is only printed"));
            Ok((None, scratch_record(session, common)?))
        }
        outcome => outcome,
    }
}

/// What all parts work with.
struct Test<'a> {
    session: &'a Session,
    baseline: &'a Contender,
    /// Fast cases of the baseline, with what it needed alone.
    cases: Vec<(&'a Case, Calibration)>,
    /// What all contenders needed alone.
    calibrations: Calibrations,
    digests: BTreeMap<String, String>,
    most_blocks: u32,
}

impl<'a> Test<'a> {
    fn prepare(session: &'a Session, record: &Record, most_blocks: u32) -> Result<Self> {
        let mut calibrations = record.calibrations.clone();
        for (case, rows) in &mut calibrations {
            rows.retain(|contender, _| record.failed(contender, case).is_none());
        }
        let study = &session.study;
        let baseline = study.baseline()?;
        let of = |case: &Case| {
            let roles = calibrations.get(&case.name)?.get(&baseline.name)?;
            roles.get(&Role::Call).copied()
        };
        let cases: Vec<_> = study
            .cases
            .iter()
            // Everybody calls the same in a self-test.
            .filter(|case| !case.gc && case.calls.is_empty())
            .filter_map(|case| Some((case, of(case).filter(|c| c.ns <= LONGEST_NS)?)))
            .take(MOST_CASES)
            .collect();
        ensure!(
            !cases.is_empty(),
            "no case of {} takes less than {}: the self-test needs a faster case",
            baseline.name,
            time(LONGEST_NS)
        );
        Ok(Self {
            session,
            baseline,
            cases,
            digests: right_digests(session)?,
            calibrations,
            most_blocks,
        })
    }

    /// Pairs of the baseline with itself in each case.
    fn pairs(&self) -> usize {
        COMPARISONS.div_ceil(self.cases.len())
    }

    /// The contenders that pyperf times, too.
    fn others(&self) -> impl Iterator<Item = &'a Contender> {
        let study = &self.session.study;
        study
            .contenders
            .iter()
            .filter(|c| c.variant_of.is_none() && c.equal_work)
            .filter(|c| c.name != study.header.reference)
    }

    /// A case with entries that have names of their own.
    fn timed(
        &self,
        case: &'a Case,
        rounds: u32,
        entries: Vec<CaseEntry<'a>>,
    ) -> Result<CaseToTime<'_>> {
        let digest = self.digests.get(&case.name);
        Ok(CaseToTime {
            case: WorkerCase::new(case, self.session.study.header.seed),
            digest: digest.context("a case without an answer")?,
            rounds,
            entries,
        })
    }

    fn baseline_as(
        &self,
        name: &str,
        dose: f64,
        calibration: Calibration,
        rounds: u32,
    ) -> CaseEntry<'a> {
        let mut entry = lone_entry(self.baseline, calibration, rounds);
        name.clone_into(&mut entry.contender.name);
        entry.dose = dose;
        entry
    }

    fn run_block(&self, number: u32, cases: &[CaseToTime]) -> Result<Vec<Slice>> {
        let run = || run_block(self.session, FIRST_BLOCK + number, cases, |_| ());
        Ok(forgiving(run)??.slices)
    }

    /// A/A, doses, and the contenders that pyperf is compared with: in the same blocks.
    fn in_blocks(&self) -> Result<Vec<TestRow>> {
        let mut requests = Vec::new();
        // Case and the two names of each comparison.
        let mut against = Vec::new();
        let mut doses = Vec::new();
        for (index, (case, calibration)) in self.cases.iter().enumerate() {
            let mut entries = Vec::new();
            let mut add = |name: String, dose: f64| {
                entries.push(self.baseline_as(&name, dose, *calibration, ROUNDS));
                name
            };
            for pair in 0..self.pairs() {
                let names = [0, 1].map(|side| add(format!("pair {pair}, {side}"), 1.0));
                against.push((case.name.clone(), names));
            }
            if index < CASES_WITH_DOSES {
                let plain = add("plain".to_owned(), 1.0);
                for dose in DOSES {
                    let name = add(format!("dose {dose}"), dose);
                    doses.push((case.name.clone(), dose, [name, plain.clone()]));
                }
            }
            if index < CASES_FOR_PYPERF {
                entries.extend(self.others().filter_map(|contender| {
                    let roles = self.calibrations.get(&case.name)?.get(&contender.name)?;
                    Some(lone_entry(contender, *roles.get(&Role::Call)?, ROUNDS))
                }));
            }
            requests.push(self.timed(case, ROUNDS, entries)?);
        }
        let compared = |timings: &Timings, case: &str, names: &[String; 2]| {
            let [a, b] = names;
            timings
                .log_ratios(case, (a, Role::Call), (b, Role::Call))
                .unwrap_or_default()
        };

        let mut slices = Vec::new();
        let mut progress = Progress::in_turn("in blocks", u64::from(self.most_blocks), "block");
        let began = Instant::now();
        let mut wanted = self.most_blocks;
        let mut number = 0;
        while number < wanted {
            progress.at(u64::from(number), "");
            slices.append(&mut self.run_block(number, &requests)?);
            number += 1;
            if number as usize == PILOT {
                // The number is fixed now, by the time that is left; what was measured has no say.
                let share = BLOCKS_TAKE.as_secs_f64() / began.elapsed().as_secs_f64();
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Saturates.
                let affordable = (share * f64::from(number)) as u32;
                wanted = wanted.min(affordable).max(number);
                progress.resize(u64::from(wanted));
            }
        }
        progress.end(&format!("{wanted} of them"));

        let timings = Timings::new(&slices, PILOT);
        let itself: Vec<Vec<f64>> = against
            .iter()
            .map(|(case, names)| compared(&timings, case, names))
            .collect();
        let mut rows = vec![against_itself(&itself)];
        for (case, dose, names) in &doses {
            rows.push(dosed(case, *dose, &compared(&timings, case, names)));
        }
        rows.push(Self::rounds_as_experiments(&slices, &against));
        for (case, _) in self.cases.iter().take(CASES_FOR_PYPERF) {
            for contender in self.others() {
                let found = timings.time(&case.name, &contender.name, Role::Call);
                let ratio = timings.ratio(
                    &case.name,
                    (&contender.name, Role::Call),
                    (&self.baseline.name, Role::Call),
                );
                if let (Some(found), Some(ratio)) = (found, ratio) {
                    rows.push(shown(
                        &pyperf_row(&case.name, &contender.name),
                        format!("here {} ({})", time(found.centre), factor(ratio.centre)),
                    ));
                }
            }
        }
        Ok(rows)
    }

    /// What the same blocks say to someone who takes each round for an experiment.
    fn rounds_as_experiments(slices: &[Slice], pairs: &[(String, [String; 2])]) -> TestRow {
        type Rounds = BTreeMap<(u32, u32), f64>;
        let mut times: BTreeMap<(&str, &str), Rounds> = BTreeMap::new();
        for slice in slices {
            times
                .entry((&slice.case, &slice.contender))
                .or_default()
                .insert((slice.block, slice.round), slice.per_iteration());
        }
        let estimates: Vec<Estimate> = pairs
            .iter()
            .filter_map(|(case, [a, b])| {
                let (a, b) = (times.get(&(case, a))?, times.get(&(case, b))?);
                let logs: Vec<f64> = a
                    .iter()
                    .filter_map(|(at, a)| Some((a / b.get(at)?).ln()))
                    .collect();
                Some(geometric(&logs, logs.len(), CONFIDENCE))
            })
            .collect();
        another_method("the same, each round taken for an experiment", &estimates)
    }

    /// The baseline in one process, then in another, as one would time two contenders in turn.
    fn one_after_the_other(&self) -> Result<Vec<TestRow>> {
        let requests: Vec<CaseToTime> = self
            .cases
            .iter()
            .map(|(case, calibration)| {
                let entry = self.baseline_as("alone", 1.0, *calibration, SEQUENTIAL_ROUNDS);
                self.timed(case, SEQUENTIAL_ROUNDS, vec![entry])
            })
            .collect::<Result<_>>()?;
        let mut processes = Vec::new();
        let wanted = 2 * self.pairs();
        let mut progress = Progress::in_turn("one after the other", wanted as u64, "process");
        for number in 0..wanted {
            progress.at(number as u64, "");
            let block = MOST_BLOCKS + u32::try_from(number)?;
            processes.push(self.run_block(block, &requests)?);
        }
        progress.end(&format!("{} processes", processes.len()));
        let samples = |slices: &[Slice], case: &str| -> Vec<f64> {
            let of = slices.iter().filter(|slice| slice.case == case);
            of.map(|slice| slice.per_iteration().ln()).collect()
        };
        let estimates: Vec<Estimate> = processes
            .chunks(2)
            .flat_map(|pair| {
                self.cases.iter().filter_map(|(case, _)| {
                    pooled(
                        &samples(&pair[0], &case.name),
                        &samples(&pair[1], &case.name),
                    )
                })
            })
            .collect();
        Ok(vec![another_method(
            "one process after the other, samples pooled",
            &estimates,
        )])
    }

    /// The same cases, timed by an independent tool.
    fn beside_pyperf(&self) -> Result<Vec<TestRow>> {
        let interpreter = &self.session.interpreter;
        if interpreter.present(&["pyperf"], &[])?.is_empty() {
            let seen = "pyperf is not installed: `pip install pyperf` into the environment".into();
            return Ok(vec![shown("beside pyperf", seen)]);
        }
        if self.others().next().is_none() {
            let seen = "the study has no contender for it".to_owned();
            return Ok(vec![shown("beside pyperf", seen)]);
        }
        let progress = Progress::unmeasured("beside pyperf");
        let folder = &self.session.state.folder;
        let (request, output) = (
            folder.join("pyperf-request.json"),
            folder.join("pyperf.json"),
        );
        let study = &self.session.study;
        let cases = self.cases.iter().take(CASES_FOR_PYPERF);
        let text = serde_json::to_vec(&Pyperf {
            prelude: study.prelude(),
            cases: cases
                .map(|(case, _)| WorkerCase::new(case, study.header.seed))
                .collect(),
            contenders: self.others().map(Into::into).collect(),
        })?;
        fs::write(&request, text)?;
        let _ = fs::remove_file(&output);
        let mut command = Command::new(&interpreter.python);
        command
            .arg(interpreter.script("with_pyperf.py"))
            .args([
                "--processes=4",
                "--values=3",
                "--warmups=1",
                "--min-time=0.05",
            ])
            .args(["--quiet", "--inherit-environ=FFI_BENCH_REQUEST", "--output"])
            .arg(&output)
            .env("FFI_BENCH_REQUEST", &request)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let outcome = crate::process::run(&mut command, PYPERF_TAKES)?;
        if let Some(failed) = outcome {
            let seen = format!("pyperf failed: {}", failed.reason);
            return Ok(vec![shown("beside pyperf", seen)]);
        }
        let found: Benchmarks = serde_json::from_str(&fs::read_to_string(&output)?)
            .with_context(|| format!("{} is damaged", output.display()))?;
        let means = found.means();
        progress.end(&format!("{} benchmarks", means.len()));
        let mut rows = Vec::new();
        for (case, _) in self.cases.iter().take(CASES_FOR_PYPERF) {
            let mean = |name: &str| means.get(&format!("{} {name}", case.name)).copied();
            let baseline = mean(&self.baseline.name);
            for contender in self.others() {
                if let Some((ns, baseline)) = mean(&contender.name).zip(baseline) {
                    rows.push(shown(
                        &pyperf_row(&case.name, &contender.name),
                        format!("pyperf {} ({})", time(ns), factor(ns / baseline)),
                    ));
                }
            }
        }
        Ok(rows)
    }

    /// A contender that is wrong on one input in 10,000 must be refused.
    fn planted(&self) -> Result<TestRow> {
        if self.session.study.checks.is_empty() {
            let seen = "the study has no check that could find a wrong answer".to_owned();
            return Ok(shown("a wrong answer", seen));
        }
        let refused = verify::refuses_planted(self.session, self.baseline, WRONG_EVERY)?;
        let name = format!(
            "{} with one wrong answer in {WRONG_EVERY}",
            self.baseline.name
        );
        Ok(match refused {
            Some(reason) => {
                let short: String = reason.split(", the first").next().unwrap_or("").to_owned();
                row(&name, format!("refused: {short}"), "refused", true)
            }
            None => row(&name, "not refused".to_owned(), "refused", false),
        })
    }
}

/// Joins the rows that have the harness's figures with those that have pyperf's.
fn sorted(rows: Vec<TestRow>) -> Vec<TestRow> {
    let mut joined: Vec<TestRow> = Vec::new();
    for row in rows {
        match joined.iter_mut().find(|other| other.test == row.test) {
            Some(other) => other.seen = format!("{}, {}", other.seen, row.seen),
            None => joined.push(row),
        }
    }
    // What was tested first, what is only shown after it.
    joined.sort_by_key(|row| row.outcome == crate::self_test::TestOutcome::Shown);
    joined
}

fn pyperf_row(case: &str, contender: &str) -> String {
    format!("{case}, {contender}: time (ratio)")
}

/// What pyperf writes, as far as it is read.
#[derive(Deserialize)]
struct Benchmarks {
    benchmarks: Vec<Benchmark>,
}

#[derive(Deserialize)]
struct Benchmark {
    #[serde(default)]
    metadata: Metadata,
    runs: Vec<PyperfRun>,
}

/// Where there is only one benchmark, its name stands elsewhere, and there is nothing to compare.
#[derive(Default, Deserialize)]
struct Metadata {
    name: Option<String>,
}

/// A process; one that only warms up has no values.
#[derive(Deserialize)]
struct PyperfRun {
    #[serde(default)]
    values: Vec<f64>,
}

impl Benchmarks {
    /// Mean nanoseconds by benchmark.
    fn means(self) -> BTreeMap<String, f64> {
        let mut means = BTreeMap::new();
        for benchmark in self.benchmarks {
            let runs = benchmark.runs.into_iter();
            let values: Vec<f64> = runs.flat_map(|run| run.values).collect();
            let name = benchmark.metadata.name.filter(|_| !values.is_empty());
            if let Some(name) = name {
                #[allow(clippy::cast_precision_loss)] // A dozen values.
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                means.insert(name, mean * 1e9);
            }
        }
        means
    }
}
