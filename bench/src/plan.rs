//! What a block does: which contenders take part in which case, how long and how often.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::analysis::Leg;
use crate::record::Record;
use crate::session::{case_request, contender_request};
use crate::study::{Case, Contender, Profile, Study};

/// Length of a slice, where a call is shorter.
pub const SLICE_NS: f64 = 500_000.0;

/// What one contender may take of one case in one block, where a call is longer than a slice:
/// slow contenders do not eat the time of the others.
const BUDGET_NS: f64 = 20_000_000.0;

/// Blocks in which a call longer than [`BUDGET_NS`] takes part at least: its interval is over
/// these. Beyond that it sits out as many blocks as keep it within the budget on average.
const FEWEST_BLOCKS: u32 = 10;

/// A call longer than this runs once in each of [`SLOW_BLOCKS`] blocks.
const SLOW_NS: f64 = 500_000_000.0;
const SLOW_BLOCKS: u32 = 3;

/// A slice longer than this is not run an extra time to warm up.
const WARM_NS: f64 = 50_000_000.0;

/// What a contender needed when it ran alone.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Calibration {
    /// Iterations that fill a slice.
    pub iterations: u64,
    /// Nanoseconds per iteration.
    pub ns: f64,
}

/// By case, contender and leg.
pub type Calibrations = BTreeMap<(String, String, Leg), Calibration>;

/// The cases of one block as the worker reads them; a case that nobody can run is left out.
pub fn plan_block(
    study: &Study,
    profile: Profile,
    record: &Record,
    calibrations: &Calibrations,
    digests: &BTreeMap<String, String>,
    block: u32,
) -> Vec<Value> {
    let plan = |case: &Case| {
        let mut entries = Vec::new();
        for contender in &study.contenders {
            if record.failed(&contender.name, &case.name).is_some() {
                continue;
            }
            let mut add = |role: Leg, leg: Leg| {
                let key = (case.name.clone(), contender.name.clone(), leg);
                if let Some(calibration) = calibrations.get(&key) {
                    entries.extend(entry(contender, role, leg, *calibration, profile, block));
                }
            };
            add(Leg::Call, Leg::Call);
            add(Leg::Floor, Leg::Floor);
            if contender.name == study.header.baseline {
                add(Leg::Again, Leg::Call);
            }
        }
        let digest = digests.get(&case.name).filter(|_| !entries.is_empty())?;
        let mut request = case_request(case, study.header.seed);
        request["digest"] = json!(digest);
        request["rounds"] = json!(profile.rounds);
        request["entries"] = json!(entries);
        Some(request)
    };
    study.cases.iter().filter_map(plan).collect()
}

/// One contender's part, or nothing when it sits this block out.
fn entry(
    contender: &Contender,
    role: Leg,
    leg: Leg,
    calibration: Calibration,
    profile: Profile,
    block: u32,
) -> Option<Value> {
    if !takes_part(calibration.ns, profile.blocks, block) {
        return None;
    }
    let slice = calibration.ns.max(SLICE_NS);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and 40.
    let affordable = (BUDGET_NS / slice) as u32;
    let mut entry = contender_request(contender);
    entry["role"] = json!(role.name());
    entry["leg"] = json!(leg.name());
    entry["iterations"] = json!(calibration.iterations);
    entry["rounds"] = json!(affordable.clamp(1, profile.rounds));
    entry["warm"] = json!(slice <= WARM_NS);
    Some(entry)
}

/// Whether a call of this length runs in this block.
fn takes_part(ns: f64, blocks: u32, block: u32) -> bool {
    let wanted = if ns > SLOW_NS {
        SLOW_BLOCKS
    } else {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // At most all blocks.
        let affordable = (BUDGET_NS / ns * f64::from(blocks)).min(f64::from(blocks)) as u32;
        affordable.max(FEWEST_BLOCKS)
    };
    turn(blocks, block) < wanted
}

/// The turn of a block in an order that is spread over the run from its first few on: by the
/// reversed bits of their numbers. Whoever takes part in few blocks takes part in the first of
/// these, so that two slow contenders meet, and a ratio needs blocks that they share.
fn turn(blocks: u32, block: u32) -> u32 {
    let earlier = |other: &u32| other.reverse_bits() < block.reverse_bits();
    u32::try_from((0..blocks).filter(earlier).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: Profile = Profile {
        blocks: 40,
        rounds: 12,
        criterion_seconds: 1.0,
    };

    fn planned(ns: f64) -> Value {
        let contender = toml::from_str("name='a'\ntitle='A'\nfolder='a'\nmodule='a'").unwrap();
        let calibration = Calibration { iterations: 1, ns };
        entry(&contender, Leg::Call, Leg::Call, calibration, PROFILE, 0).unwrap()
    }

    fn blocks_of(ns: f64, blocks: u32) -> Vec<u32> {
        (0..blocks)
            .filter(|block| takes_part(ns, blocks, *block))
            .collect()
    }

    #[test]
    fn a_slow_call_takes_part_in_fewer_rounds() {
        assert_eq!(planned(50.0)["rounds"], 12);
        assert_eq!(planned(4e6)["rounds"], 5);
        assert_eq!(planned(3e8)["rounds"], 1);
        assert_eq!(planned(3e8)["warm"], false);
    }

    #[test]
    fn a_slower_call_takes_part_in_fewer_blocks_but_not_in_too_few() {
        assert_eq!(blocks_of(4e6, 40).len(), 40);
        assert_eq!(blocks_of(4e7, 40).len(), 20);
        assert_eq!(blocks_of(4e8, 40), [0, 4, 8, 12, 16, 20, 24, 28, 32, 36]);
        assert_eq!(blocks_of(4e8, 8).len(), 8);
    }

    #[test]
    fn a_very_slow_call_takes_part_in_three_blocks() {
        assert_eq!(blocks_of(6e8, 40), [0, 16, 32]);
        assert_eq!(blocks_of(6e8, 2), [0, 1]);
    }

    #[test]
    fn slower_calls_only_run_where_less_slow_ones_run() {
        for (slow, less) in [(6e8, 4e8), (4e8, 3e7), (3e7, 2.5e7)] {
            let there = blocks_of(less, 37);
            assert!(
                blocks_of(slow, 37)
                    .iter()
                    .all(|block| there.contains(block))
            );
        }
    }
}
