//! Which values can be drawn, the ranges that hold them, and how numbers are written.

use super::Interval;

/// A value that a logarithmic axis can show. kuva draws everything below 1e-10 in one place.
pub(super) fn positive(value: f64) -> bool {
    (1e-9..=1e15).contains(&value)
}

/// A value that a linear axis can show.
pub(super) fn drawable(value: f64) -> bool {
    value.abs() <= 1e15
}

impl Interval {
    /// The ends: the value itself where one of them cannot be drawn, or they are the wrong way round.
    pub(super) fn ends(self, valid: fn(f64) -> bool) -> (f64, f64) {
        if valid(self.low) && valid(self.high) && self.low <= self.high {
            (self.low, self.high)
        } else {
            (self.value, self.value)
        }
    }

    /// What a logarithmic axis has to hold.
    pub(super) fn values(self) -> [f64; 3] {
        let (low, high) = self.ends(positive);
        [self.value, low, high]
    }
}

/// A range for a logarithmic axis that holds all values with some air. It is never narrower than a
/// factor of 5, so that it has at least two ticks and noise does not fill the picture.
pub(super) fn log_range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let (low, high) = extent(values)?;
    let air = (high / low).powf(0.04).max(1.1);
    let widen = (5.0 * low / high).max(1.0).sqrt();
    Some((low / air / widen, high * air * widen))
}

/// The smallest and the largest value.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
    })
}

/// A duration with the unit that suits it: `250 ns`, `1.5 µs`, `20 ms`.
pub(super) fn duration(nanoseconds: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")];
    // Ticks are computed, so a microsecond may arrive as 999.9999999999999 ns.
    let value = nanoseconds * (1.0 + 1e-9);
    let (size, unit) = UNITS
        .into_iter()
        .find(|(size, _)| value >= *size)
        .unwrap_or((1.0, "ns"));
    format!("{} {unit}", significant(nanoseconds / size))
}

/// A number in three significant digits, with `k`, `M` or `G` from ten thousand upwards.
pub(super) fn number(value: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, "G"), (1e6, "M"), (1e3, "k")];
    let size = value.abs() * (1.0 + 1e-9);
    if size < 1e4 {
        return significant(value);
    }
    let (unit, suffix) = UNITS
        .into_iter()
        .find(|(unit, _)| size >= *unit)
        .unwrap_or((1.0, ""));
    format!("{}{suffix}", significant(value / unit))
}

/// Three significant digits without trailing zeros; whole numbers keep all their digits.
fn significant(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.1 => 3,
        size if size >= 0.01 => 4,
        _ => return format!("{value:.0e}"),
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text
    }
}
