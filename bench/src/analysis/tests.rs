use super::*;

fn slice(block: u32, contender: &str, leg: Leg, iterations: u64, nanoseconds: u64) -> Slice {
    Slice {
        block,
        case: "g/c".to_owned(),
        contender: contender.to_owned(),
        leg,
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
    let e = mean(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    assert!(
        close(e.centre, 3.0) && close(e.low, 1.036_757) && close(e.high, 4.963_243),
        "{e:?}"
    );
    assert!(!e.range);
}

#[test]
fn few_blocks_give_a_range_and_no_verdict() {
    let e = mean(&[0.9, 1.1, 1.3]);
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
                Leg::Call,
                iterations,
                iterations * a + outlier,
            ));
            slices.push(slice(
                block,
                "b",
                Leg::Call,
                iterations,
                iterations * b + outlier,
            ));
        }
    }
    slices.push(slice(2, "a", Leg::Call, 1, 7));
    let timings = Timings::new(&slices);
    let ratio = timings
        .ratio("g/c", ("a", Leg::Call), ("b", Leg::Call))
        .unwrap();
    assert!(close(ratio.centre, 4.0) && ratio.blocks == 2, "{ratio:?}");
    assert_eq!(timings.time("g/c", "a", Leg::Call).unwrap().blocks, 3);
    assert!(
        timings
            .ratio("g/c", ("a", Leg::Call), ("b", Leg::Floor))
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
        slices.push(slice(block, "a", Leg::Call, 1, call));
        slices.push(slice(block, "a", Leg::Floor, AMORTISED, AMORTISED * floor));
    }
    let crossing = Timings::new(&slices).crossing("g/c", "a").unwrap();
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

/// A small generator, so that the simulations repeat: splitmix64.
struct Random(u64);

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
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
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
                    slices.push(slice(block, contender, Leg::Call, 1, ns));
                }
            }
        }
        let ratio = Timings::new(&slices)
            .ratio("g/c", ("a", Leg::Call), ("b", Leg::Call))
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
        let e = mean(&logs);
        covered += u32::from(e.low <= 0.0 && 0.0 <= e.high);
    }
    assert!(covered < 250, "{covered} of 500");
}
