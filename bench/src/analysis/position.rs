//! Does it matter who goes first? The order is balanced so that it need not; this is the look.

use std::collections::BTreeMap;

use super::interval::{CONFIDENCE, geometric};
use super::{Estimate, Role, Slice, median};

/// How many times as long a slice takes that is the first of its round.
///
/// For each entry of a case and block: the median of its slices in the first place over the
/// median of its others. The logarithms are averaged within a block, where most entries held
/// the first place, and the estimate is over blocks. `None` where no round has two slices.
pub fn first_position(slices: &[Slice], case: Option<&str>, pilot: usize) -> Option<Estimate> {
    type Entry<'a> = (&'a str, &'a str, Role);
    let mut samples: BTreeMap<u32, BTreeMap<Entry, Vec<(u32, f64)>>> = BTreeMap::new();
    for slice in slices
        .iter()
        .filter(|slice| case.is_none_or(|name| slice.case == name))
    {
        samples
            .entry(slice.block)
            .or_default()
            .entry((&slice.case, &slice.contender, slice.role))
            .or_default()
            .push((slice.position, slice.per_iteration()));
    }
    let of_block = |entries: &BTreeMap<Entry, Vec<(u32, f64)>>| {
        let effects: Vec<f64> = entries.values().filter_map(|of| effect(of)).collect();
        #[allow(clippy::cast_precision_loss)] // Some hundred entries.
        let number = effects.len() as f64;
        (!effects.is_empty()).then(|| effects.iter().sum::<f64>() / number)
    };
    let logs: Vec<f64> = samples.values().filter_map(of_block).collect();
    (!logs.is_empty()).then(|| geometric(&logs, pilot, CONFIDENCE))
}

/// Logarithm of the first place over the others, of one entry in one block.
fn effect(slices: &[(u32, f64)]) -> Option<f64> {
    let of = |first: bool| -> Vec<f64> {
        slices
            .iter()
            .filter(|(position, _)| (*position == 0) == first)
            .map(|(_, time)| *time)
            .collect()
    };
    let (first, rest) = (of(true), of(false));
    (!first.is_empty() && !rest.is_empty()).then(|| (median(first) / median(rest)).ln())
}
