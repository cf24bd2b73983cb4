use super::change::{RecordPair, changes};
use super::interval::{blocks_needed, estimate};
use super::position::first_position;
use super::ranking::rank;
use super::*;

fn slice(block: u32, contender: &str, role: Role, iterations: u64, nanoseconds: u64) -> Slice {
    Slice {
        block,
        case: "g/c".to_owned(),
        contender: contender.to_owned(),
        role,
        round: 0,
        position: 0,
        iterations,
        nanoseconds,
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 * b.abs().max(1e-3)
}

#[test]
fn the_median_of_an_even_number_lies_between_the_middle_two() {
    assert!(close(median(vec![5.0, 1.0, 3.0]), 3.0));
    assert!(close(median(vec![4.0, 1.0, 3.0, 100.0]), 3.5));
}

/// Worked out by hand: mean 3, variance 2.5, t(0.975, 4) = 2.776445, half width 1.963243.
#[test]
fn the_interval_is_students() {
    let e = estimate(&[1.0, 2.0, 3.0, 4.0, 5.0], 5, CONFIDENCE);
    assert!(
        close(e.centre, 3.0) && close(e.low, 1.036_757) && close(e.high, 4.963_243),
        "{e:?}"
    );
    assert!(!e.range);
}

#[test]
fn few_blocks_give_a_range_and_no_verdict() {
    let e = estimate(&[0.9, 1.1, 1.3], 3, CONFIDENCE);
    assert!(e.range && close(e.low, 0.9) && close(e.high, 1.3) && e.blocks == 3);
    assert_eq!(e.verdict(), Verdict::Unresolved);
}

/// Two blocks, each with a median that an outlier does not move; a ratio uses shared blocks only.
#[test]
fn a_ratio_is_the_geometric_mean_of_the_ratios_of_medians_of_shared_blocks() {
    let mut slices = Vec::new();
    for (block, a, b) in [(0, 20, 10), (1, 80, 10)] {
        for (iterations, outlier) in [(1, 0), (2, 0), (1, 1_000_000)] {
            slices.push(slice(
                block,
                "a",
                Role::Call,
                iterations,
                iterations * a + outlier,
            ));
            slices.push(slice(
                block,
                "b",
                Role::Call,
                iterations,
                iterations * b + outlier,
            ));
        }
    }
    slices.push(slice(2, "a", Role::Call, 1, 7));
    let timings = Timings::new(&slices, 10);
    let ratio = timings
        .ratio("g/c", ("a", Role::Call), ("b", Role::Call))
        .unwrap();
    assert!(close(ratio.centre, 4.0) && ratio.blocks == 2, "{ratio:?}");
    assert_eq!(timings.time("g/c", "a", Role::Call).unwrap().blocks, 3);
    assert!(
        timings
            .ratio("g/c", ("a", Role::Call), ("b", Role::Floor))
            .is_none()
    );
    let inverse = ratio.inverse();
    assert!(
        close(inverse.centre, 0.25) && close(inverse.low, 1.0 / 8.0),
        "{inverse:?}"
    );
}

#[test]
fn the_crossing_is_the_call_less_the_floor_of_the_same_block() {
    let mut slices = Vec::new();
    for (block, call, floor) in [(0, 100, 60), (1, 120, 70), (2, 90, 50), (3, 110, 60)] {
        slices.push(slice(block, "a", Role::Call, 1, call));
        slices.push(slice(block, "a", Role::Floor, AMORTISED, AMORTISED * floor));
    }
    let crossing = Timings::new(&slices, 10).crossing("g/c", "a").unwrap();
    // Differences 40, 50, 40, 50: mean 45, variance 100/3, t(0.975, 3) = 3.182446.
    assert!(
        close(crossing.centre, 45.0) && close(crossing.high - 45.0, 9.186_931),
        "{crossing:?}"
    );
}

#[test]
fn a_verdict_needs_the_whole_interval() {
    let verdict = |low, high| {
        Estimate {
            centre: f64::midpoint(low, high),
            low,
            high,
            blocks: 10,
            range: false,
        }
        .verdict()
    };
    assert_eq!(verdict(0.985, 1.015), Verdict::Same);
    assert_eq!(verdict(1.001, 1.019), Verdict::Same);
    assert_eq!(verdict(1.021, 1.2), Verdict::Different);
    assert_eq!(verdict(0.5, 0.979), Verdict::Different);
    assert_eq!(verdict(1.01, 1.03), Verdict::Unresolved);
    assert_eq!(verdict(0.9, 1.1), Verdict::Unresolved);
}

/// Share of simulated runs whose interval holds the true ratio. A process moves both contenders
/// together (`process`), each by itself (`layout`), and each slice has noise and rare long pauses.
fn coverage(blocks: u32, truth: f64, runs: u32, seed: u64) -> f64 {
    let mut random = Random(seed);
    let mut covered = 0;
    for _ in 0..runs {
        let mut slices = Vec::new();
        for block in 0..blocks {
            let process = (0.1 * random.normal()).exp();
            for (contender, true_ns) in [("a", 1000.0 * truth), ("b", 1000.0)] {
                let layout = (0.02 * random.normal()).exp();
                for _ in 0..10 {
                    let pause = if random.uniform() < 0.05 { 3.0 } else { 1.0 };
                    let noise = (0.03 * random.normal()).exp() * pause;
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let ns = (true_ns * process * layout * noise) as u64;
                    slices.push(slice(block, contender, Role::Call, 1, ns));
                }
            }
        }
        let ratio = Timings::new(&slices, blocks as usize)
            .ratio("g/c", ("a", Role::Call), ("b", Role::Call))
            .unwrap();
        covered += u32::from(ratio.low <= truth && truth <= ratio.high);
    }
    f64::from(covered) / f64::from(runs)
}

/// With 2,000 runs the standard error of a true 95 % is 0.5 points; the limits are four of them.
#[test]
fn the_95_percent_interval_covers_the_truth_95_times_in_100() {
    for (blocks, truth, seed) in [(10, 1.0, 1), (10, 1.5, 2), (40, 1.03, 3)] {
        let share = coverage(blocks, truth, 2000, seed);
        assert!(
            (0.93..=0.97).contains(&share),
            "{blocks} blocks, ratio {truth}: {share}"
        );
    }
}

/// The mistake that the method avoids: slices pooled as if each were an experiment.
#[test]
fn pooled_slices_would_cover_far_less() {
    let mut random = Random(4);
    let mut covered = 0;
    for _ in 0..500 {
        let logs: Vec<f64> = (0..10)
            .flat_map(|_| {
                let layout = 0.03 * random.normal();
                (0..100)
                    .map(|_| layout + 0.04 * random.normal())
                    .collect::<Vec<_>>()
            })
            .collect();
        let e = estimate(&logs, logs.len(), CONFIDENCE);
        covered += u32::from(e.low <= 0.0 && 0.0 <= e.high);
    }
    assert!(covered < 250, "{covered} of 500");
}

/// Worked out by hand: the pilot 1, 2, 3, 4 has variance 5/3 and t(0.975, 3) = 3.182446. Of eight
/// values its interval has the half width 3.182446 x (5/3 / 8)^0.5 = 1.452581, that of all of
/// them (variance 10/7, t(0.975, 7) = 2.364624) only 0.999236.
#[test]
fn the_wider_of_the_two_intervals_is_given() {
    let values = [1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0];
    let e = estimate(&values, 4, CONFIDENCE);
    assert!(close(e.high - e.centre, 1.452_581), "{e:?}");
    let e = estimate(&values, 8, CONFIDENCE);
    assert!(close(e.high - e.centre, 0.999_236), "{e:?}");
    // A calm pilot does not hide what came after it.
    let values = [2.0, 2.0, 2.0, 2.0, 0.0, 4.0, 0.0, 4.0];
    assert!(estimate(&values, 4, CONFIDENCE).high > 3.0);
}

/// The pilot above: (3.182446 / half width)^2 x 5/3 blocks.
#[test]
fn the_number_of_blocks_follows_from_the_pilot() {
    let pilot = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(blocks_needed(&pilot, 1.0), 17);
    assert_eq!(blocks_needed(&pilot, 0.5), 68);
    assert_eq!(blocks_needed(&pilot, 10.0), 4);
    assert_eq!(blocks_needed(&[2.0; 4], 0.1), 4);
}

/// What a block's logarithm of a ratio is drawn from; each has a standard deviation of about 1.
#[derive(Clone, Copy, Debug)]
enum Noise {
    Normal,
    /// Student's t with 3 degrees of freedom: its fourth moment does not exist.
    HeavyTails,
    /// One block in twenty is five times as noisy as the others.
    Bursts,
}

impl Noise {
    fn draw(self, random: &mut Random) -> f64 {
        match self {
            Self::Normal => random.normal(),
            Self::HeavyTails => {
                let chi: f64 = (0..3).map(|_| random.normal().powi(2)).sum();
                random.normal() / (chi / 3.0).sqrt() / 3f64.sqrt()
            }
            Self::Bursts => {
                let burst = random.uniform() < 0.05;
                random.normal() * if burst { 5.0 } else { 1.0 } / 1.48
            }
        }
    }
}

/// Share of simulated two-stage runs whose interval holds the truth, and their mean blocks.
fn two_stage(noise: Noise, deviation: f64, runs: u32, random: &mut Random) -> (f64, f64) {
    const PILOT: usize = 10;
    const MOST: u32 = 120;
    let (mut covered, mut blocks) = (0, 0);
    for _ in 0..runs {
        let mut logs: Vec<f64> = (0..PILOT).map(|_| deviation * noise.draw(random)).collect();
        let needed = blocks_needed(&logs, 0.02f64.ln_1p()).min(MOST);
        while logs.len() < needed as usize {
            logs.push(deviation * noise.draw(random));
        }
        let e = estimate(&logs, PILOT, CONFIDENCE);
        covered += u32::from(e.low <= 0.0 && 0.0 <= e.high);
        blocks += needed;
    }
    (
        f64::from(covered) / f64::from(runs),
        f64::from(blocks) / f64::from(runs),
    )
}

/// The stopping rule as runs use it. It may cover more than 95 %, because the wider interval is
/// given, but not less: the limit below is four standard errors of 2,000 runs.
#[test]
fn the_interval_covers_the_truth_after_two_stages_as_well() {
    let mut random = Random(5);
    for noise in [Noise::Normal, Noise::HeavyTails, Noise::Bursts] {
        for deviation in [0.005, 0.03, 0.05, 0.2] {
            let (share, blocks) = two_stage(noise, deviation, 2000, &mut random);
            assert!(
                (0.93..=0.99).contains(&share),
                "{noise:?} {deviation}: {share} with {blocks} blocks"
            );
        }
    }
}

/// Rows of equal noise take as many blocks as the width asks for: the rule is not a constant.
#[test]
fn noisier_rows_take_more_blocks() {
    let mut random = Random(6);
    let blocks = |deviation| two_stage(Noise::Normal, deviation, 300, &mut Random(7)).1;
    assert!(blocks(0.005) < 10.1);
    assert!((25.0..42.0).contains(&blocks(0.05)));
    assert!(two_stage(Noise::Normal, 0.5, 300, &mut random).1 > 119.0);
}

/// Simulated slices of one case: contenders with their true times, blocks with common noise.
fn simulated(times: &[(&str, f64)], blocks: u32, noise: f64, random: &mut Random) -> Vec<Slice> {
    let mut slices = Vec::new();
    for block in 0..blocks {
        let process = (0.1 * random.normal()).exp();
        for (contender, ns) in times {
            let time = 1000.0 * ns * process * (noise * random.normal()).exp();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            slices.push(slice(block, contender, Role::Call, 1, time as u64));
        }
    }
    slices
}

#[test]
fn who_cannot_be_told_apart_shares_a_rank() {
    let mut random = Random(8);
    let times = [
        ("slow", 2000.0),
        ("a", 1000.0),
        ("b", 1000.0),
        ("c", 1200.0),
    ];
    let slices = simulated(&times, 20, 0.01, &mut random);
    let ranking = rank(
        &Timings::new(&slices, 10),
        "g/c",
        &["slow", "a", "b", "c", "absent"],
    )
    .unwrap();
    let of = |name: &str| ranking.ranks.iter().find(|(n, _)| n == name).unwrap().1;
    assert_eq!([of("a"), of("b"), of("c"), of("slow")], [1, 1, 3, 4]);
    assert_eq!(ranking.comparisons, 6);
    assert_eq!(ranking.ranks.last().unwrap().0, "slow");
}

/// Eight equal contenders have 28 comparisons. At 95 % each, and without a margin, most of the
/// simulated cases would have a winner; together at 95 %, few may.
#[test]
fn equal_contenders_are_rarely_ranked_apart() {
    let mut random = Random(9);
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let times: Vec<(&str, f64)> = names.iter().map(|name| (*name, 1000.0)).collect();
    let mut apart = 0;
    for _ in 0..200 {
        let slices = simulated(&times, 10, 0.05, &mut random);
        let ranking = rank(&Timings::new(&slices, 10), "g/c", &names).unwrap();
        apart += usize::from(ranking.ranks.iter().any(|(_, rank)| *rank > 1));
    }
    assert!(apart <= 14, "{apart} of 200");
}

#[test]
fn the_effect_of_the_first_position_is_found_and_is_not_invented() {
    let mut random = Random(10);
    for truth in [1.0, 1.1] {
        let mut slices = Vec::new();
        for block in 0..10 {
            for round in 0..6 {
                for (place, contender) in ["a", "b", "c"].iter().enumerate() {
                    let position = (u32::try_from(place).unwrap() + round) % 3;
                    let slow = if position == 0 { truth } else { 1.0 };
                    let time = 1e6 * slow * (0.01 * random.normal()).exp();
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let ns = time as u64;
                    slices.push(Slice {
                        round,
                        position,
                        ..slice(block, contender, Role::Call, 1, ns)
                    });
                }
            }
        }
        let e = first_position(&slices, None, 10).unwrap();
        assert!(
            e.low < truth && truth < e.high && e.high - e.low < 0.02,
            "{e:?}"
        );
        assert!(first_position(&slices, Some("g/other"), 10).is_none());
    }
    // Where every round has one slice there is no first one.
    let alone: Vec<Slice> = (0..10)
        .map(|block| slice(block, "a", Role::Call, 1, 5))
        .collect();
    assert!(first_position(&alone, None, 10).is_none());
}

fn change_of(before: &[(&str, f64)], after: &[(&str, f64)], seed: u64) -> Vec<change::Change> {
    let mut random = Random(seed);
    let mut timings = |times| Timings::new(&simulated(times, 30, 0.02, &mut random), 10);
    let rows: Vec<(String, String)> = before
        .iter()
        .filter(|(name, _)| *name != "base")
        .map(|(name, _)| ("g/c".to_owned(), (*name).to_owned()))
        .collect();
    let (before, after) = (timings(before), timings(after));
    let pair = RecordPair {
        before: &before,
        after: &after,
        rows,
    };
    changes(&[pair], "base").remove(0)
}

/// The second record is of a machine three times as fast: ratios do not notice.
#[test]
fn a_change_is_a_ratio_of_ratios() {
    let before = [("base", 1000.0), ("same", 1500.0), ("slower", 1500.0)];
    let after = [("base", 333.0), ("same", 499.5), ("slower", 599.4)];
    let found = change_of(&before, &after, 12);
    assert!(!found[0].changed && found[1].changed, "{found:?}");
    assert!((found[1].factor.centre - 1.2).abs() < 0.03);
    assert!(found[0].factor.low < 1.0 && 1.0 < found[0].factor.high);
}

/// 100 rows in 40 comparisons: at 95 % each, hundreds of intervals would miss. One alarm among
/// them would have a probability of 4 %, were it not for the fixed seeds.
#[test]
fn two_records_of_the_same_thing_agree() {
    let names: Vec<String> = (0..100).map(|k| format!("c{k}")).collect();
    let mut times: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 1000.0)).collect();
    times.push(("base", 1000.0));
    for seed in 0..40 {
        let found = change_of(&times, &times, 100 + seed);
        assert_eq!(found.len(), 100);
        assert!(found.iter().all(|c| !c.changed), "seed {seed}");
    }
}

/// A change that is just large enough to be called one alone is not when more pairs ask for the
/// same assurance; and what one pair says does not depend on the order of the pairs.
#[test]
fn all_rows_of_all_pairs_share_one_chance_of_a_false_alarm() {
    let mut random = Random(13);
    let mut timings = |ns| {
        let times = [("base", 1000.0), ("other", ns)];
        Timings::new(&simulated(&times, 8, 0.02, &mut random), 8)
    };
    let first = timings(1000.0);
    let rows = vec![("g/c".to_owned(), "other".to_owned())];
    let of = |records: &[&Timings]| {
        let pair = |after| RecordPair {
            before: &first,
            after,
            rows: rows.clone(),
        };
        let pairs: Vec<RecordPair> = records.iter().map(|after| pair(after)).collect();
        changes(&pairs, "base").concat()
    };
    // Whatever the noise, some size of change lies between the two limits.
    let mut between = 0;
    for size in 1..200 {
        let after = timings(1000.0 * (1.0 + 0.001 * f64::from(size)));
        let alone = of(&[&after]);
        let among = of(&[&[&after][..], &[&first; 300]].concat());
        assert_eq!(among.len(), 301);
        assert_eq!(alone[0].factor, among[0].factor);
        assert!(alone[0].changed || !among[0].changed);
        between += usize::from(alone[0].changed && !among[0].changed);
    }
    assert!(between > 0);
}

/// A small generator, so that simulations repeat: splitmix64.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In the open interval from 0 to 1.
    #[allow(clippy::cast_precision_loss)]
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
