//! Who is the fastest in a case, and who in many.

use super::Results;
use crate::analysis::Estimate;
use crate::analysis::ranking::rank;
use crate::study::{Case, Contender, Regime};

/// The cases of a regime that were timed, and the one that stands for it.
pub fn of_group<'a>(results: &'a Results, regime: &Regime) -> Option<(Vec<&'a Case>, &'a Case)> {
    let cases = results.record.study.cases.iter();
    let cases: Vec<&Case> = cases
        .filter(|case| case.group() == regime.name && !timed(results, case).is_empty())
        .collect();
    let named = |case: &&&Case| regime.headline.as_ref() == Some(&case.name);
    // A case that only one takes part in, such as the loop, compares nothing.
    let compares = |case: &&&Case| timed(results, case).len() > 1;
    let headline = cases
        .iter()
        .find(named)
        .or_else(|| cases.iter().find(compares))
        .or_else(|| cases.first())
        .copied()?;
    Some((cases, headline))
}

/// The contenders proper, and those that were named: other variants would crowd a sentence.
pub fn contenders(results: &Results) -> impl Iterator<Item = &Contender> {
    let study = &results.record.study;
    let all = study.contenders.iter();
    all.filter(|c| study.names(c) || (c.variant_of.is_none() && study.shows(c)))
}

/// Whoever is judged in a case: the contenders proper, and among peers all that took part.
pub fn judged<'a>(results: &'a Results, case: &Case) -> Vec<&'a Contender> {
    if results.record.study.among_peers(case) {
        let all = results.record.study.contenders.iter();
        all.filter(|c| case.applies_to(&c.name)).collect()
    } else {
        contenders(results).collect()
    }
}

/// Those of them that were timed in a case, the fastest first.
pub fn timed<'a>(results: &'a Results, case: &Case) -> Vec<(&'a Contender, Estimate)> {
    let mut found: Vec<(&Contender, Estimate)> = judged(results, case)
        .into_iter()
        .filter_map(|c| Some((c, results.timed(&case.name, &c.name)?.time)))
        .collect();
    found.sort_by(|a, b| a.1.centre.total_cmp(&b.1.centre));
    found
}

/// Whoever is not shown to be slower than another.
pub fn leaders<'a>(results: &'a Results, case: &Case) -> Option<Vec<&'a Contender>> {
    if results.record.isolated {
        return None;
    }
    let timed = timed(results, case);
    let names: Vec<&str> = timed.iter().map(|(c, _)| c.name.as_str()).collect();
    let ranking = rank(&results.timings, &case.name, &names)?;
    let first = ranking.ranks.into_iter().filter(|(_, rank)| *rank == 1);
    let found = first.filter_map(|(name, _)| results.record.study.contender(&name));
    Some(found.collect())
}

/// In how many cases several were compared, and in how many each is among the fastest.
pub fn leads<'a>(
    results: &'a Results,
    cases: &[&Case],
) -> Option<(usize, Vec<(usize, &'a Contender)>)> {
    let ranked = ranked(results, cases);
    if ranked.len() < 2 {
        return None;
    }
    let times = |c: &Contender| {
        let led = |(_, all): &&(&Case, Vec<&Contender>)| all.iter().any(|l| l.name == c.name);
        ranked.iter().filter(led).count()
    };
    let reference = &results.record.study.header.reference;
    let took_part = |c: &Contender| {
        let mut cases = ranked.iter();
        cases.any(|(case, _)| results.timed(&case.name, &c.name).is_some())
    };
    let judged = |c: &&Contender| {
        let mut cases = cases.iter();
        cases.any(|case| judged(results, case).iter().any(|of| of.name == c.name))
    };
    let all = results.record.study.contenders.iter().filter(judged);
    let counted = all
        .map(|c| (times(c), c))
        .filter(|(times, c)| *times > 0 || (c.name != *reference && took_part(c)))
        .collect();
    Some((ranked.len(), counted))
}

/// The cases in which several were compared, with those not shown to be slower than another.
pub fn ranked<'a>(results: &'a Results, cases: &[&'a Case]) -> Vec<(&'a Case, Vec<&'a Contender>)> {
    let compared = cases.iter().filter(|case| timed(results, case).len() > 1);
    compared
        .filter_map(|case| Some((*case, leaders(results, case)?)))
        .collect()
}
