//! What a block does: which contenders take part in which case, how long and how often.
//!
//! Blocks come in *passes*. In each pass every *lineup* of contenders gets one process. All
//! contenders are one lineup; when they are isolated, each has a lineup of its own, with the
//! baseline beside it. A *row* (a contender in a case) takes part in its first passes, until it has
//! its sample size.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::analysis::interval::blocks_needed;
use crate::analysis::{Role, Timings};
use crate::protocol::{Calibration, CaseEntry, CaseToTime, WorkerCase};
use crate::study::{Case, Contender, Profile, Study};

/// Length of a slice, where a call is shorter.
pub const SLICE_NS: f64 = 500_000.0;

/// What one contender may take of one case in one block, where a call is longer than a slice.
const BUDGET_NS: f64 = 60_000_000.0;

/// A call longer than this runs once in each of [`SLOW_PASSES`] passes, spread over the first stage.
const SLOW_NS: f64 = 500_000_000.0;
const SLOW_PASSES: u32 = 3;

/// A slice longer than this is not run an extra time to warm up.
const WARM_NS: f64 = 50_000_000.0;

/// What starting a process takes, about; for estimates of the time that is left.
const START_NS: f64 = 150_000_000.0;

/// The part of the time that all cases have together that starting processes may take.
const STARTS: f64 = 0.25;

/// Starts for which there is always time: half a minute.
const FEW_STARTS: u32 = 250;

/// By case, contender and role.
pub type Calibrations = BTreeMap<String, BTreeMap<String, BTreeMap<Role, Calibration>>>;

/// Nanoseconds that a row took in the blocks of the first stage, with all about it, and the
/// number of these blocks. By case and contender.
pub type Costs = BTreeMap<String, BTreeMap<String, (u64, u32)>>;

/// How long a row is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleSize {
    #[serde(rename = "turns")]
    pub passes: u32,
    pub ended_by: Ended,
}

/// What ends the measurement of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// The wanted width, by what the first stage foretold.
    Width,
    /// The time that the row may take.
    Budget,
    /// The profile has a fixed number of blocks.
    Fixed,
}

/// By case and contender.
pub type Plan = BTreeMap<String, BTreeMap<String, SampleSize>>;

/// The contenders that share a process.
struct Lineup<'a> {
    hosts: Vec<&'a Contender>,
    /// Whether the baseline is here timed against itself.
    again: bool,
}

/// All together; or, isolated, each beside the baseline, and the baseline beside itself.
fn lineups(study: &Study, isolate: bool) -> Vec<Lineup<'_>> {
    let all: Vec<&Contender> = study.contenders.iter().collect();
    if !isolate {
        return vec![Lineup {
            hosts: all,
            again: true,
        }];
    }
    let is_baseline = |c: &&Contender| c.name == study.header.baseline;
    let (baseline, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_baseline);
    let beside_baseline = |contender| Lineup {
        hosts: [vec![contender], baseline.clone()].concat(),
        again: false,
    };
    let mut lineups: Vec<_> = others.into_iter().map(beside_baseline).collect();
    lineups.push(Lineup {
        hosts: baseline,
        again: true,
    });
    lineups
}

/// Everything that decides what blocks do.
pub struct Planner<'a> {
    study: &'a Study,
    settings: Profile,
    lineups: Vec<Lineup<'a>>,
    /// What all needed alone.
    calibrations: &'a Calibrations,
    /// Digest of the right answer to each case.
    digests: BTreeMap<String, String>,
    /// Contenders that take no part in a case, or in any.
    out: BTreeSet<(String, Option<String>)>,
    /// How long each row is measured, once the first stage is over.
    sizes: Option<Plan>,
}

/// Which block: a lineup's in a pass.
#[derive(Clone, Copy)]
pub struct BlockId {
    pub pass: u32,
    lineup: usize,
    /// Of all blocks of a run.
    pub number: u32,
}

/// One block, as the worker reads it.
pub struct Block<'a> {
    pub cases: Vec<CaseToTime<'a>>,
    /// Nanoseconds it will take, about.
    expected_ns: f64,
}

impl Block<'_> {
    /// What it will take, about; nothing where there is nothing to do.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // An estimate.
    pub fn milliseconds(&self) -> u64 {
        if self.cases.is_empty() {
            return 0;
        }
        (self.expected_ns / 1e6) as u64
    }
}

impl<'a> Planner<'a> {
    pub fn new(
        study: &'a Study,
        settings: Profile,
        isolated: bool,
        calibrations: &'a Calibrations,
        digests: BTreeMap<String, String>,
    ) -> Self {
        Self {
            study,
            settings,
            lineups: lineups(study, isolated),
            calibrations,
            digests,
            out: BTreeSet::new(),
            sizes: None,
        }
    }

    /// From now on a contender takes no part in a case, or in any.
    pub fn leave_out(&mut self, contender: &str, case: Option<&str>) {
        self.out
            .insert((contender.to_owned(), case.map(str::to_owned)));
    }

    fn is_out(&self, contender: &str, case: &str) -> bool {
        let named = |case: Option<&str>| (contender.to_owned(), case.map(str::to_owned));
        self.out.contains(&named(None)) || self.out.contains(&named(Some(case)))
    }

    /// From now on each row is measured as long as this says; gives how many passes that takes.
    pub fn take_up(&mut self, sizes: Plan) -> u32 {
        let rows = sizes.values().flat_map(BTreeMap::values);
        let passes = rows.map(|size| size.passes).max().unwrap_or(0);
        self.sizes = Some(sizes);
        passes.max(self.settings.blocks)
    }

    /// The blocks of these passes.
    pub fn blocks(&self, passes: Range<u32>) -> impl Iterator<Item = BlockId> {
        let lineups = self.lineups.len();
        passes.flat_map(move |pass| {
            (0..lineups).map(move |lineup| BlockId {
                pass,
                lineup,
                number: pass * number(lineups) + number(lineup),
            })
        })
    }

    /// What a lineup does in a pass; no cases when all its rows have their sample size.
    pub fn block(&self, at: BlockId) -> Block<'_> {
        let (lineup, pass) = (&self.lineups[at.lineup], at.pass);
        let mut expected_ns = START_NS;
        let mut cases = Vec::new();
        for case in &self.study.cases {
            let (entries, ns) = self.entries(case, lineup, pass);
            let Some(digest) = self.digests.get(&case.name) else {
                continue;
            };
            if entries.is_empty() {
                continue;
            }
            expected_ns += ns;
            cases.push(CaseToTime {
                case: WorkerCase::new(case, self.study.header.seed),
                digest,
                rounds: self.settings.rounds,
                entries,
            });
        }
        Block { cases, expected_ns }
    }

    fn entries(&self, case: &Case, lineup: &Lineup<'a>, pass: u32) -> (Vec<CaseEntry<'a>>, f64) {
        let baseline = &self.study.header.baseline;
        let present = |c: &Contender| {
            !self.is_out(&c.name, &case.name) && self.takes_part(case, &c.name, pass)
        };
        let others = |c: &Contender| c.name != *baseline && present(c);
        // The baseline is there for whoever needs it.
        let needed = lineup.hosts.iter().any(|c| others(c));
        let mut entries = Vec::new();
        let mut expected_ns = 0.0;
        for contender in &lineup.hosts {
            let is_baseline = contender.name == *baseline;
            let again = is_baseline && lineup.again && present(contender);
            let call = if is_baseline {
                again || (needed && !self.is_out(baseline, &case.name))
            } else {
                others(contender)
            };
            for (role, wanted) in [
                (Role::Call, call),
                (Role::Floor, call),
                (Role::Again, again),
            ] {
                let calibration = self.calibration(case, &contender.name, role);
                let Some(calibration) = calibration.filter(|_| wanted) else {
                    continue;
                };
                // A call and its floor have speeds of their own, and a slow one sits most passes out.
                if !slow_pass(calibration.ns, self.settings.blocks, pass) {
                    continue;
                }
                let (entry, ns) = entry(contender, role, calibration, self.settings.rounds);
                entries.push(entry);
                expected_ns += ns;
            }
        }
        (entries, expected_ns)
    }

    fn calibration(&self, case: &Case, contender: &str, role: Role) -> Option<Calibration> {
        let roles = self.calibrations.get(&case.name)?.get(contender)?;
        // Beside itself the baseline makes the same call.
        let alone = if role == Role::Again {
            Role::Call
        } else {
            role
        };
        roles.get(&alone).copied()
    }

    /// Whether a row has not reached its sample size; the baseline's own row is the one against itself.
    fn takes_part(&self, case: &Case, contender: &str, pass: u32) -> bool {
        let planned = self.sizes.as_ref();
        let planned = planned.and_then(|plan| plan.get(&case.name)?.get(contender));
        pass < planned.map_or(self.settings.blocks, |size| size.passes)
    }

    /// The second stage: how long each row is measured, by what the first stage has cost and shown.
    pub fn second_stage(&self, costs: &Costs, timings: &Timings) -> Plan {
        let (study, settings) = (self.study, self.settings);
        let seconds = study.cases.iter().map(|case| settings.seconds_of(case));
        let most = most_passes(settings.blocks, seconds.sum());
        let mut plan = Plan::new();
        for case in &study.cases {
            let rows: Vec<&Contender> = study
                .contenders
                .iter()
                .filter(|c| case.applies_to(&c.name) && !self.is_out(&c.name, &case.name))
                .collect();
            #[allow(clippy::cast_precision_loss)] // A few contenders.
            let share_ns = settings.seconds_of(case) * 1e9 / rows.len() as f64;
            let baseline = study.header.baseline.as_str();
            let sizes = rows.iter().map(|contender| {
                let role = if contender.name == baseline {
                    Role::Again
                } else {
                    Role::Call
                };
                let (row, beside) = ((contender.name.as_str(), role), (baseline, Role::Call));
                let logs = timings.log_ratios(&case.name, row, beside);
                let cost = costs
                    .get(&case.name)
                    .and_then(|rows| rows.get(&contender.name))
                    .map_or(0.0, |(ns, blocks)| mean_cost(*ns, *blocks));
                let size = sample_size(settings, logs.as_deref(), share_ns, cost).at_most(most);
                (contender.name.clone(), size)
            });
            plan.insert(case.name.clone(), sizes.collect());
        }
        plan
    }
}

/// A few passes and lineups.
fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(1)
}

/// Whether a call of this length runs in this pass.
fn slow_pass(ns: f64, pilot: u32, pass: u32) -> bool {
    if ns <= SLOW_NS {
        return true;
    }
    let wanted = SLOW_PASSES.min(pilot);
    (0..wanted).any(|k| k * pilot / wanted == pass)
}

/// One contender's part in one case of a block, and the nanoseconds that it takes.
fn entry(
    contender: &Contender,
    role: Role,
    calibration: Calibration,
    rounds: u32,
) -> (CaseEntry<'_>, f64) {
    let slice = calibration.ns.max(SLICE_NS);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and 120.
    let affordable = (BUDGET_NS / slice) as u32;
    let rounds = affordable.clamp(1, rounds);
    let warm = slice <= WARM_NS;
    let entry = CaseEntry {
        contender: contender.into(),
        role,
        iterations: calibration.iterations,
        rounds,
        warm,
        dose: 1.0,
    };
    (entry, slice * f64::from(rounds + u32::from(warm)))
}

/// Passes for whose processes there is time. The later ones have few rows, and starting them takes
/// longer than the rows do. `seconds` are those of all cases.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Saturates.
fn most_passes(pilot: u32, seconds: f64) -> u32 {
    let part = (STARTS * seconds * 1e9 / START_NS) as u32;
    pilot.saturating_add(part.max(FEW_STARTS))
}

impl SampleSize {
    fn new(passes: u32, ended_by: Ended) -> Self {
        Self { passes, ended_by }
    }

    /// No more passes than these.
    fn at_most(self, passes: u32) -> Self {
        if self.passes <= passes {
            return self;
        }
        Self::new(passes, Ended::Budget)
    }
}

#[allow(clippy::cast_precision_loss)] // Nanoseconds of a run.
fn mean_cost(ns: u64, blocks: u32) -> f64 {
    ns as f64 / f64::from(blocks.max(1))
}

/// How long one row is measured. `logs` are the logarithms of its ratio to the baseline in the
/// blocks of the first stage, `cost` the nanoseconds it takes in a block.
fn sample_size(settings: Profile, logs: Option<&[f64]>, share_ns: f64, cost: f64) -> SampleSize {
    let pilot = settings.blocks;
    // Without a ratio there is no width to want.
    let (Some(width), Some(logs)) = (settings.width, logs) else {
        return SampleSize::new(pilot, Ended::Fixed);
    };
    // A slow call is not in every block of the first stage, and will be in no other.
    if logs.len() < pilot as usize {
        return SampleSize::new(pilot, Ended::Budget);
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Saturates.
    let affordable = ((share_ns / cost.max(1.0)) as u32).max(pilot);
    SampleSize::new(blocks_needed(logs, width.ln_1p()), Ended::Width).at_most(affordable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: Profile = Profile {
        blocks: 10,
        rounds: 12,
        width: Some(0.02),
        case_seconds: 10.0,
        optional_case_seconds: None,
        criterion_seconds: 1.0,
        effort_minutes: 0.0,
        effort_repeats: 1,
        elsewhere: false,
        mistake_runs: 0,
        optional: false,
        exhaustive: false,
    };

    fn planned(ns: f64) -> (u32, bool) {
        let contender: Contender =
            toml::from_str("name='a'\ntitle='A'\nfolder='a'\nmodule='a'").unwrap();
        let calibration = Calibration { iterations: 1, ns };
        let (entry, _) = entry(&contender, Role::Call, calibration, PROFILE.rounds);
        (entry.rounds, entry.warm)
    }

    fn turns_of(ns: f64, pilot: u32) -> Vec<u32> {
        (0..20).filter(|pass| slow_pass(ns, pilot, *pass)).collect()
    }

    #[test]
    fn a_slow_call_takes_part_in_fewer_rounds() {
        assert_eq!(planned(50.0), (12, true));
        assert_eq!(planned(4e6), (12, true));
        assert_eq!(planned(2e7), (3, true));
        assert_eq!(planned(3e8), (1, false));
    }

    #[test]
    fn a_very_slow_call_takes_part_in_three_turns_of_the_first_stage() {
        assert_eq!(turns_of(6e8, 10), [0, 3, 6]);
        assert_eq!(turns_of(6e8, 2), [0, 1]);
        assert_eq!(turns_of(4e8, 10).len(), 20);
    }

    #[test]
    fn a_noisy_row_gets_as_many_blocks_as_its_interval_takes() {
        // Standard deviation 0.05, t(0.975, 9) = 2.262157: (2.262157 x 0.05 / ln 1.02)^2 = 32.6.
        let pilot: Vec<f64> = [-1.0, 1.0]
            .repeat(5)
            .iter()
            .map(|x| x * 0.05 * 0.9f64.sqrt())
            .collect();
        assert_eq!(
            sample_size(PROFILE, Some(&pilot), 1e9, 1e7),
            SampleSize::new(33, Ended::Width)
        );
        // A tenth of the time.
        assert_eq!(
            sample_size(PROFILE, Some(&pilot), 1e8, 1e7),
            SampleSize::new(10, Ended::Budget)
        );
        assert_eq!(
            sample_size(PROFILE, Some(&pilot), 2e8, 1e7),
            SampleSize::new(20, Ended::Budget)
        );
    }

    #[test]
    fn starting_processes_takes_a_part_of_the_time() {
        // Two hundred cases of 15 s: a quarter of 3,000 s for starts of 0.15 s.
        assert_eq!(most_passes(20, 3000.0), 5020);
        assert_eq!(most_passes(10, 1.0), 260);
        let row = SampleSize::new(900, Ended::Width);
        let fewer = row.at_most(260);
        assert_eq!((fewer.passes, fewer.ended_by), (260, Ended::Budget));
        assert_eq!(row.at_most(900), row);
    }

    #[test]
    fn a_calm_row_has_had_enough_after_the_first_stage() {
        let pilot = [0.001, -0.001].repeat(5);
        assert_eq!(
            sample_size(PROFILE, Some(&pilot), 1e9, 1e7),
            SampleSize::new(10, Ended::Width)
        );
    }

    #[test]
    fn a_row_that_is_not_in_every_block_has_what_it_has() {
        assert_eq!(
            sample_size(PROFILE, None, 1e9, 1e7),
            SampleSize::new(10, Ended::Fixed)
        );
        assert_eq!(
            sample_size(PROFILE, Some(&[0.1, 0.2, 0.3]), 1e9, 1e7),
            SampleSize::new(10, Ended::Budget)
        );
    }
}
