//! Numbers as people read them: three significant digits, a unit, an interval.

use crate::analysis::{Estimate, Verdict};

/// A value with three significant digits.
pub fn digits(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 100.0 || magnitude == 0.0 {
        format!("{value:.0}")
    } else if magnitude >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// Nanoseconds in the unit that fits.
pub fn time(ns: f64) -> String {
    let (value, unit) = in_unit(ns, ns);
    format!("{} {unit}", digits(value))
}

fn in_unit(ns: f64, like: f64) -> (f64, &'static str) {
    match like.abs() {
        n if n < 999.5 => (ns, "ns"),
        n if n < 999_500.0 => (ns / 1e3, "µs"),
        n if n < 999_500_000.0 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    }
}

/// An estimated time: with the half width of its interval, or with its range.
pub fn estimated_time(e: &Estimate) -> String {
    if e.range {
        let (low, _) = in_unit(e.low, e.centre);
        let (high, _) = in_unit(e.high, e.centre);
        return format!(
            "{} ({} to {}, n = {})",
            time(e.centre),
            digits(low),
            digits(high),
            e.blocks
        );
    }
    let percent = 50.0 * (e.high - e.low) / e.centre.abs();
    format!("{} ±{} %", time(e.centre), digits(percent))
}

/// A difference of times, which may be no different from nothing.
pub fn difference(e: &Estimate) -> String {
    let (centre, unit) = in_unit(e.centre, e.centre);
    let (half, _) = in_unit((e.high - e.low) / 2.0, e.centre);
    let noise = if e.low <= 0.0 && e.high >= 0.0 {
        " (not resolved)"
    } else {
        ""
    };
    format!("{} ±{} {unit}{noise}", digits(centre), digits(half))
}

/// A ratio with its interval.
pub fn ratio(e: &Estimate) -> String {
    let n = if e.range {
        format!(", n = {}", e.blocks)
    } else {
        String::new()
    };
    format!(
        "{} [{}, {}{n}]",
        factor(e.centre),
        factor(e.low),
        factor(e.high)
    )
}

/// A factor near 1 needs more digits than one that is not.
pub fn factor(value: f64) -> String {
    if value < 2.0 {
        format!("{value:.3}")
    } else {
        digits(value)
    }
}

/// A factor where there is room for two digits.
pub fn factor_in_a_cell(value: f64) -> String {
    match value {
        v if v >= 9.95 => format!("{v:.0}"),
        v if v >= 0.995 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

/// A number of instructions: tenths where there are few, because a mean need not be whole.
pub fn instructions(value: f64) -> String {
    if value < 1000.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

/// The day of a time.
pub fn date(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}

/// A fraction as a percentage.
pub fn percent(fraction: f64) -> String {
    let text = digits(fraction * 100.0);
    let short = match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.'),
        None => &text,
    };
    format!("{short} %")
}

/// What is done in a second, when `work` takes so many nanoseconds.
pub fn rate(work: f64, ns: f64) -> String {
    let per_second = work / ns * 1e9;
    let (value, unit) = match per_second {
        r if r < 999.5 => (r, ""),
        r if r < 999_500.0 => (r / 1e3, " k"),
        r if r < 999_500_000.0 => (r / 1e6, " M"),
        r => (r / 1e9, " G"),
    };
    format!("{}{unit}", digits(value))
}

/// How many times as fast, for people.
pub fn times(e: &Estimate) -> String {
    format!("{}×", digits(e.centre))
}

/// What may be said of a ratio; of a range nothing.
pub fn verdict(ratio: &Estimate) -> &'static str {
    match ratio.verdict() {
        _ if ratio.range => "–",
        Verdict::Same => "same",
        Verdict::Different => "different",
        Verdict::Unresolved => "unresolved",
    }
}

/// Bytes in kB or MB, of 1,000.
pub fn bytes(count: u64) -> String {
    #[allow(clippy::cast_precision_loss)] // Three digits are shown.
    let count = count as f64;
    match count {
        0.0 => "–".to_owned(),
        c if c < 1e6 => format!("{} kB", digits(c / 1e3)),
        c => format!("{} MB", digits(c / 1e6)),
    }
}

/// Seconds of a build.
pub fn seconds(value: f64) -> String {
    format!("{value:.1} s")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(centre: f64, low: f64, high: f64, range: bool) -> Estimate {
        Estimate {
            centre,
            low,
            high,
            blocks: 3,
            range,
        }
    }

    #[test]
    fn times_have_three_digits_and_the_unit_that_fits() {
        assert_eq!(time(41.27), "41.3 ns");
        assert_eq!(time(999.6), "1.00 µs");
        assert_eq!(time(12_345.0), "12.3 µs");
        assert_eq!(time(1_234_567.0), "1.23 ms");
        assert_eq!(time(1.8e9), "1.80 s");
    }

    #[test]
    fn an_interval_is_shown_as_such_and_a_range_with_its_number() {
        assert_eq!(
            estimated_time(&estimate(100.0, 99.0, 101.0, false)),
            "100 ns ±1.00 %"
        );
        assert_eq!(
            estimated_time(&estimate(1.8e9, 1.75e9, 1.9e9, true)),
            "1.80 s (1.75 to 1.90, n = 3)"
        );
        assert_eq!(
            ratio(&estimate(1.04, 1.02, 1.06, false)),
            "1.040 [1.020, 1.060]"
        );
        assert_eq!(
            ratio(&estimate(150.0, 140.0, 160.0, true)),
            "150 [140, 160, n = 3]"
        );
    }

    #[test]
    fn a_range_gets_no_verdict() {
        assert_eq!(verdict(&estimate(40.0, 39.0, 41.0, true)), "–");
        assert_eq!(verdict(&estimate(40.0, 39.0, 41.0, false)), "different");
        assert_eq!(verdict(&estimate(1.0, 0.9, 1.1, false)), "unresolved");
    }

    #[test]
    fn a_difference_that_may_be_nothing_says_so() {
        assert_eq!(
            difference(&estimate(45.0, 36.0, 54.0, false)),
            "45.0 ±9.00 ns"
        );
        assert_eq!(
            difference(&estimate(5.0, -4.0, 14.0, false)),
            "5.00 ±9.00 ns (not resolved)"
        );
    }

    #[test]
    fn rates_and_percentages_have_three_digits_at_most() {
        assert_eq!(rate(64.0, 1000.0), "64.0 M");
        assert_eq!(rate(1.0, 2e9), "0.50");
        assert_eq!(percent(0.02), "2 %");
        assert_eq!(percent(0.001), "0.1 %");
        assert_eq!(percent(0.1234), "12.3 %");
        assert_eq!(percent(1.0), "100 %");
    }

    #[test]
    fn sizes_are_in_thousands() {
        assert_eq!(bytes(420_000), "420 kB");
        assert_eq!(bytes(4_300_000), "4.30 MB");
        assert_eq!(bytes(0), "–");
    }
}
