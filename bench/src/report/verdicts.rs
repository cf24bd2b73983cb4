//! What each regime comes to, in a few sentences filled in from the record.

use std::fmt::Write;

use serde::Serialize;

use super::Results;
use super::format::{estimated_time, ratio, verdict};
use crate::analysis::ranking::rank;
use crate::analysis::{Estimate, Leg};
use crate::study::{Case, Contender, Regime};

/// What one regime comes to.
#[derive(Debug, Serialize)]
pub struct RegimeVerdict {
    /// The group of its cases.
    pub regime: String,
    pub title: String,
    /// The case that stands for it.
    pub case: String,
    /// Number of its cases that were timed.
    pub cases: usize,
    /// Markdown.
    pub sentences: Vec<String>,
}

/// A verdict on each regime that was measured, in the order of the study.
pub fn verdicts(results: &Results) -> Vec<RegimeVerdict> {
    let regimes = results.record.study.regimes.iter();
    regimes
        .filter_map(|regime| of_regime(results, regime))
        .collect()
}

/// The verdicts as a list.
pub fn list(results: &Results) -> String {
    let mut text = String::new();
    for verdict in verdicts(results) {
        let sentences = verdict.sentences.join(" ");
        let _ = writeln!(text, "- **{}.** {sentences}", verdict.title);
    }
    if text.is_empty() {
        text.push_str("The record has no regime to judge.\n");
    }
    text
}

fn of_regime(results: &Results, regime: &Regime) -> Option<RegimeVerdict> {
    let cases: Vec<&Case> = results
        .record
        .study
        .cases
        .iter()
        .filter(|case| case.name.split('/').next() == Some(&regime.name))
        .filter(|case| !timed(results, case).is_empty())
        .collect();
    let named = |case: &&&Case| regime.headline.as_ref() == Some(&case.name);
    // A case that only one takes part in, such as the loop, compares nothing.
    let compares = |case: &&&Case| timed(results, case).len() > 1;
    let headline = cases
        .iter()
        .find(named)
        .or_else(|| cases.iter().find(compares))
        .or_else(|| cases.first())?;
    let mut sentences = at_headline(results, headline);
    sentences.extend(over_all(results, &cases));
    Some(RegimeVerdict {
        regime: regime.name.clone(),
        title: regime.title.clone(),
        case: headline.name.clone(),
        cases: cases.len(),
        sentences,
    })
}

/// The contenders proper: variants would crowd a sentence.
fn contenders(results: &Results) -> impl Iterator<Item = &Contender> {
    let all = results.record.study.contenders.iter();
    all.filter(|c| !c.rare && c.variant_of.is_none())
}

/// Those of them that were timed in a case, the fastest first.
fn timed<'a>(results: &'a Results, case: &Case) -> Vec<(&'a Contender, Estimate)> {
    let mut found: Vec<(&Contender, Estimate)> = contenders(results)
        .filter_map(|c| Some((c, results.timed(&case.name, &c.name)?.time)))
        .collect();
    found.sort_by(|a, b| a.1.centre.total_cmp(&b.1.centre));
    found
}

/// Whoever is not shown to be slower than another.
fn leaders<'a>(results: &'a Results, case: &Case) -> Option<Vec<&'a Contender>> {
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

fn bold(contender: &Contender) -> String {
    format!("**{}**", contender.title)
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

fn at_headline(results: &Results, case: &Case) -> Vec<String> {
    let header = &results.record.study.header;
    let reference = results.title_of(&header.reference);
    let timed = timed(results, case);
    let Some((fastest, time)) = timed.first() else {
        return Vec::new();
    };
    let faster = |contender: &Contender| {
        let estimate = results.timed(&case.name, &contender.name)?.speed_up?;
        let about = if estimate.range { "about " } else { "" };
        Some(format!(
            ", {about}{} times as fast as {reference}",
            ratio(&estimate)
        ))
    };
    let mut sentences = Vec::new();
    let leaders = leaders(results, case);
    let first = match leaders.as_deref() {
        None | Some([]) => fastest,
        // By the clock one of them is first, and it is named first.
        Some(all) => all.iter().copied().find(|c| c.name == fastest.name).unwrap_or(all[0]),
    };
    let takes = format!(
        "`{}`: {} takes {}{}",
        case.name,
        bold(first),
        estimated_time(time),
        faster(first).unwrap_or_default()
    );
    sentences.push(match leaders.as_deref() {
        _ if timed.len() == 1 => format!("{takes}."),
        None | Some([]) => format!("{takes}; nobody is ranked here."),
        Some([one]) if one.name == header.reference => {
            format!("{takes}, and nothing is faster: here it does not pay to leave it.")
        }
        Some([_]) => format!("{takes}, and is the fastest."),
        Some(all) => {
            let others = all.iter().filter(|c| c.name != first.name);
            let others: Vec<String> = others.map(|c| bold(c)).collect();
            format!("{takes}; {} not shown to be slower.", is_or_are(&others))
        }
    });
    let among = |c: &Contender| leaders.iter().flatten().any(|leader| leader.name == c.name);
    let behind: Vec<String> = timed
        .iter()
        .map(|(contender, _)| *contender)
        .filter(|c| c.name != first.name && c.name != header.reference && !among(c))
        .filter_map(|c| {
            let over = over(results, case, c, first)?;
            let word = match verdict(&over) {
                "different" | "–" => String::new(),
                word => format!(" ({word})"),
            };
            Some(format!("{} {}{word}", bold(c), ratio(&over)))
        })
        .collect();
    if !behind.is_empty() {
        sentences.push(format!("Times as long: {}.", listed(&behind)));
    }
    let failed: Vec<String> = contenders(results)
        .filter_map(|c| {
            let failure = results.record.failed(&c.name, &case.name)?;
            Some(format!("{} ({})", bold(c), failure.stage))
        })
        .collect();
    if !failed.is_empty() {
        sentences.push(format!("Failed: {}.", listed(&failed)));
    }
    sentences
}

fn is_or_are(names: &[String]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", listed(names))
}

fn over(results: &Results, case: &Case, a: &Contender, b: &Contender) -> Option<Estimate> {
    let legs = ((&*a.name, Leg::Call), (&*b.name, Leg::Call));
    results.timings.ratio(&case.name, legs.0, legs.1)
}

/// How often each is among the fastest, and the widest gap.
fn over_all(results: &Results, cases: &[&Case]) -> Option<String> {
    let ranked: Vec<(&Case, Vec<&Contender>)> = cases
        .iter()
        .filter(|case| timed(results, case).len() > 1)
        .filter_map(|case| Some((*case, leaders(results, case)?)))
        .collect();
    if ranked.len() < 2 {
        return None;
    }
    let times = |c: &Contender| {
        let led = ranked.iter().filter(|(_, all)| all.iter().any(|l| l.name == c.name));
        led.count()
    };
    let reference = &results.record.study.header.reference;
    let mut counted: Vec<(usize, &Contender)> = contenders(results)
        .map(|c| (times(c), c))
        .filter(|(times, c)| *times > 0 || c.name != *reference)
        .collect();
    counted.sort_by_key(|(times, _)| std::cmp::Reverse(*times));
    let counted: Vec<String> = counted
        .iter()
        .map(|(times, c)| format!("{} {times}", bold(c)))
        .collect();
    let widest = ranked
        .iter()
        .flat_map(|(case, leaders)| {
            let leader = leaders[0];
            let others = contenders(results).filter(|c| c.name != *reference);
            others.filter_map(move |c| Some((*case, c, leader, over(results, case, c, leader)?)))
        })
        .filter(|(_, c, leader, _)| c.name != leader.name)
        .max_by(|a, b| a.3.centre.total_cmp(&b.3.centre));
    let widest = widest.map_or_else(String::new, |(case, c, leader, e)| {
        format!(
            "; the widest gap is that of {} in `{}`, {} times {}",
            bold(c),
            case.name,
            ratio(&e),
            bold(leader)
        )
    });
    Some(format!(
        "Not shown to be slower than any other, of {} cases: {}{widest}.",
        ranked.len(),
        listed(&counted)
    ))
}
