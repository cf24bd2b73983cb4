//! What each regime comes to, in a few sentences filled in from the record.

use std::cmp::Reverse;
use std::fmt::Write;

use serde::Serialize;

use super::{Item, NOT_EQUAL_MEANS};
use crate::effort::values::Fitness as Fits;
use crate::format::{estimated_time, ratio, seconds, verdict};
use crate::report::figures::standings::{
    contenders, judged, leaders, leads, of_group, ranked, timed,
};
use crate::report::figures::{Results, guide};
use crate::study::{Case, Contender, Regime, SupportedPythons};

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
    /// Markdown: who is the fastest in that case, and how fast.
    pub lead: String,
    /// How the others stand behind it, the fastest first, but for the reference.
    pub standings: Vec<Standing>,
    /// Markdown: what failed, and who leads in the other cases.
    pub notes: Vec<String>,
}

/// How a contender stands to the fastest.
#[derive(Debug, Serialize)]
pub struct Standing {
    pub contender: String,
    pub title: String,
    /// Times as long as the fastest: centre, low end, high end.
    pub factor: [f64; 3],
    /// The same in words, with doubts.
    pub words: String,
}

/// A verdict on each regime that was measured, in the order of the study.
pub fn verdicts(results: &Results) -> Vec<RegimeVerdict> {
    let regimes = results.record.study.regimes.iter();
    regimes
        .filter_map(|regime| of_regime(results, regime))
        .collect()
}

/// The verdicts as a list.
pub fn list(results: &Results) -> Vec<Item> {
    let mut text = String::new();
    for verdict in verdicts(results) {
        let behind = verdict.standings.iter();
        let behind: Vec<String> = behind
            .map(|standing| format!("**{}** {}", standing.title, standing.words))
            .collect();
        let _ = write!(text, "- **{}.** {}", verdict.title, verdict.lead);
        if !behind.is_empty() {
            let _ = write!(text, " Times as long as the fastest: {}.", listed(&behind));
        }
        for note in &verdict.notes {
            let _ = write!(text, " {note}");
        }
        text.push('\n');
    }
    if text.is_empty() {
        return vec!["The record has no regime with results.".into()];
    }
    let reference = results.title_of(&results.record.study.header.reference);
    let python = results.record.environment.python.build();
    let runs_on = format!("The reference, {reference}, runs on {python}.");
    vec![text.into(), runs_on.into()]
}

/// What the whole record comes to: speed, effort, safety and portability, a sentence each, as far as
/// the record knows.
pub fn answer(results: &Results) -> Vec<String> {
    let record = &results.record;
    let mut sentences = Vec::new();
    // One case for each regime: some have many cases only because there are many kinds of data.
    let regimes = record.study.regimes.iter();
    let standing: Vec<&Case> = regimes
        .filter(|regime| !regime.peers)
        .filter_map(|regime| Some(of_group(results, regime)?.1))
        .collect();
    if let Some((count, counted)) = leads_in_words(results, &standing) {
        sentences.push(format!(
            "**Speed.** Regimes in whose headline case each contender is among the fastest, out of \
             {count}: {counted}."
        ));
    }
    let native = |c: &&Contender| c.name != record.study.header.reference;
    let effort = |c: &Contender| results.effort(&c.name);
    let lines = contenders(results).filter(native);
    let lines = lines.filter_map(|c| Some((effort(c)?.lines.glue, c)));
    let builds = contenders(results).filter(native);
    let builds = builds.filter_map(|c| Some((effort(c)?.seconds()?, c)));
    let lines = ascending(results, lines, usize::to_string);
    let builds = ascending(results, builds, |time| seconds(*time));
    if let (Some(lines), Some(builds)) = (lines, builds) {
        sentences.push(format!(
            "**Effort.** Lines of glue: {lines}. Time of a build from nothing: {builds}."
        ));
    }
    let found = contenders(results).map(|c| (guide::mistakes(results, c), c));
    let found: Vec<_> = found.filter(|(seen, _)| seen.tried > 0).collect();
    let most = found.iter().map(|(seen, _)| seen.tried).max();
    let silent = found
        .iter()
        .map(|(seen, c)| ((seen.silent, seen.tried), *c));
    let silent = ascending(results, silent, |(silent, tried)| {
        // Whoever cannot make a mistake at all was not tried on it.
        if Some(*tried) == most {
            silent.to_string()
        } else {
            format!("{silent} of {tried}")
        }
    });
    if let (Some(silent), Some(most)) = (silent, most) {
        sentences.push(format!(
            "**Safety.** Mistakes that can pass silently, out of {most} common ones: {silent}."
        ));
    }
    sentences.extend(match &record.study.guide.supported {
        Some(supported) => served_pythons(results, supported),
        None => served_interpreters(results),
    });
    sentences
}

/// How many of the interpreters that were tried one wheel serves.
fn served_interpreters(results: &Results) -> Option<String> {
    let all = results.interpreters().len();
    let serves = contenders(results).filter_map(|c| {
        let fits = &results.effort(&c.name)?.fits;
        let serves = fits.values().filter(|fit| fit.outcome == Fits::Serves);
        // Ascending order would put those that serve fewest first.
        (!fits.is_empty()).then(|| (Reverse(serves.count()), c))
    });
    let serves = ascending(results, serves, |serves| serves.0.to_string())?;
    Some(format!(
        "**Portability.** Interpreters that one wheel serves, out of {all} supported ones on this \
         machine: {serves}."
    ))
}

/// How many of the supported versions of Python one wheel serves, variants that are advised included.
fn served_pythons(results: &Results, supported: &SupportedPythons) -> Option<String> {
    let study = &results.record.study;
    let of = |version: &String| -> Vec<&str> {
        let start = format!("{version}.");
        let tried = results.record.surroundings.interpreters.iter();
        let tried = tried.filter(|i| i.name.starts_with("CPython ") && !i.free_threaded);
        let tried = tried.filter(|i| i.version.starts_with(&start));
        tried.map(|i| i.name.as_str()).collect()
    };
    let tried = supported
        .versions
        .iter()
        .map(|version| (version, of(version)));
    let tried: Vec<_> = tried.filter(|(_, names)| !names.is_empty()).collect();
    let advised = |c: &&Contender| study.guide.contenders.contains(&c.name);
    let serves = study.contenders.iter().filter(advised).filter_map(|c| {
        let fits = &results.effort(&c.name)?.fits;
        let serves = |name: &&str| {
            fits.get(*name)
                .is_some_and(|fit| fit.outcome == Fits::Serves)
        };
        let those = tried.iter().filter(|(_, names)| names.iter().any(serves));
        (!fits.is_empty()).then(|| (Reverse(those.count()), c))
    });
    let serves = ascending(results, serves, |serves| serves.0.to_string())?;
    let (first, last) = (supported.versions.first()?, supported.versions.last()?);
    let tried: Vec<&str> = tried.iter().map(|(version, _)| version.as_str()).collect();
    let whole = tried.len() == supported.versions.len();
    Some(format!(
        "**Portability.** Of the Pythons {}, one wheel serves: {serves}. python.org supports {first} \
         to {last} ({}){}.",
        tried.join(", "),
        supported.date,
        if whole {
            ""
        } else {
            "; the others were not tried"
        },
    ))
}

/// The answer as a list.
pub fn answer_list(results: &Results) -> Vec<Item> {
    let sentences = answer(results);
    if sentences.is_empty() {
        return vec!["The record compares nothing.".into()];
    }
    vec![format!("- {}", sentences.join("\n- ")).into()]
}

/// Each contender with its value, the least first.
fn ascending<'a, T: PartialOrd>(
    results: &Results,
    values: impl Iterator<Item = (T, &'a Contender)>,
    words: impl Fn(&T) -> String,
) -> Option<String> {
    let mut values: Vec<(T, &Contender)> = values.collect();
    values.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal));
    let named: Vec<String> = values
        .iter()
        .map(|(value, c)| format!("{} {}", results.marked(&c.name), words(value)))
        .collect();
    // Titles may contain a comma.
    (!named.is_empty()).then(|| named.join("; "))
}

fn of_regime(results: &Results, regime: &Regime) -> Option<RegimeVerdict> {
    let (cases, headline) = of_group(results, regime)?;
    let (lead, standings) = at_headline(results, headline)?;
    let unequal = timed(results, headline).iter().any(|(c, _)| !c.equal_work);
    let notes = failed(results, headline)
        .into_iter()
        .chain(over_all(results, &cases))
        .chain(unequal.then(|| NOT_EQUAL_MEANS.to_owned()));
    Some(RegimeVerdict {
        regime: regime.name.clone(),
        title: regime.title.clone(),
        case: headline.name.clone(),
        cases: cases.len(),
        lead,
        standings,
        notes: notes.collect(),
    })
}

fn bold(results: &Results, contender: &Contender) -> String {
    format!("**{}**", results.marked(&contender.name))
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// Who is the fastest in a case, in a sentence, and how the others stand behind it.
fn at_headline(results: &Results, case: &Case) -> Option<(String, Vec<Standing>)> {
    let header = &results.record.study.header;
    let reference = results.title_of(&header.reference);
    let timed = timed(results, case);
    let leaders = leaders(results, case).unwrap_or_default();
    let among = |c: &Contender| leaders.iter().any(|leader| leader.name == c.name);
    // By the clock one of several leaders is first, and it is named first.
    let (first, time) = timed
        .iter()
        .find(|(c, _)| leaders.is_empty() || among(c))
        .copied()?;
    let others: Vec<String> = leaders
        .iter()
        .filter(|c| c.name != first.name)
        .map(|c| bold(results, c))
        .collect();
    let place = match others.as_slice() {
        _ if timed.len() == 1 => format!("{} was timed alone", bold(results, first)),
        _ if leaders.is_empty() => format!("{} is first, without a ranking", bold(results, first)),
        [] if first.name == header.reference => format!(
            "no contender is faster than {}, so leaving it does not pay here",
            bold(results, first)
        ),
        [] => format!("{} is the fastest", bold(results, first)),
        others => format!(
            "{} is first, and {} not shown to be slower",
            bold(results, first),
            is_or_are(others)
        ),
    };
    let speed_up = results.timed(&case.name, &first.name)?.speed_up;
    let faster = speed_up.map_or_else(String::new, |e| {
        let about = if e.range { "about " } else { "" };
        format!(", {about}{} times as fast as {reference}", ratio(&e))
    });
    let lead = format!(
        "In `{}` {place}: {}{faster}.",
        case.name,
        estimated_time(&time)
    );
    let behind = timed.iter().map(|(contender, _)| *contender);
    let standings = behind
        .filter(|c| c.name != first.name && c.name != header.reference)
        .filter_map(|c| {
            let over = results.over(&case.name, &c.name, &first.name)?;
            let doubt = match verdict(&over) {
                "different" | "–" if among(c) => " (not shown to be slower)".to_owned(),
                "different" | "–" => String::new(),
                word => format!(" ({word})"),
            };
            Some(Standing {
                contender: c.name.clone(),
                title: results.marked(&c.name),
                factor: [over.centre, over.low, over.high],
                words: format!("{}{doubt}", ratio(&over)),
            })
        })
        .collect();
    Some((lead, standings))
}

/// Who failed in a case.
fn failed(results: &Results, case: &Case) -> Option<String> {
    let failed: Vec<String> = judged(results, case)
        .into_iter()
        .filter_map(|c| {
            let failure = results.record.failed(&c.name, &case.name)?;
            Some(format!("{} ({})", bold(results, c), failure.stage))
        })
        .collect();
    (!failed.is_empty()).then(|| format!("Failed: {}.", listed(&failed)))
}

fn is_or_are(names: &[String]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", listed(names))
}

/// In how many cases several were compared, and in how many each is among the fastest, in words.
fn leads_in_words(results: &Results, cases: &[&Case]) -> Option<(usize, String)> {
    let (count, times) = leads(results, cases)?;
    // The most comes first.
    let times = times.into_iter().map(|(times, c)| (Reverse(times), c));
    let counted = ascending(results, times, |times| times.0.to_string())?;
    Some((count, counted))
}

/// How often each is among the fastest, and the widest gap.
fn over_all(results: &Results, cases: &[&Case]) -> Vec<String> {
    let Some((count, counted)) = leads_in_words(results, cases) else {
        return Vec::new();
    };
    let reference = &results.record.study.header.reference;
    let ranked = ranked(results, cases);
    let widest = ranked
        .iter()
        .flat_map(|(case, leaders)| {
            let leader = leaders[0];
            let others = judged(results, case).into_iter();
            let others = others.filter(|c| c.name != *reference);
            others.filter_map(move |c| {
                Some((
                    *case,
                    c,
                    leader,
                    results.over(&case.name, &c.name, &leader.name)?,
                ))
            })
        })
        .filter(|(_, c, leader, _)| c.name != leader.name)
        .max_by(|a, b| a.3.centre.total_cmp(&b.3.centre));
    let widest = widest.map(|(case, c, leader, e)| {
        format!(
            "Largest gap: {} in `{}`, {} times as long as {}.",
            results.marked(&c.name),
            case.name,
            ratio(&e),
            results.marked(&leader.name)
        )
    });
    std::iter::once(format!(
        "Cases in which each contender is among the fastest, out of {count}: {counted}."
    ))
    .chain(widest)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Role;
    use crate::effort::values::{Fit, TriedInterpreter};
    use crate::report::formats::{self, markdown};
    use crate::report::sections::{charts, document, glance, regimes, summary, trust};
    use crate::report::tests::{drifting, results, timed};

    const REGIMES: &str = r#"
        [[regime]]
        name = "call"
        title = "Calls"
        about = "Nothing"
        headline = "call/noop"
        [[regime]]
        name = "size"
        title = "Sizes"
        about = "Something"
    "#;

    fn in_list(of: &Results) -> String {
        markdown::items(&list(of))
    }

    #[test]
    fn the_fastest_leads_and_a_variant_is_no_contender() {
        let slices = drifting(&[
            ("call/noop", "ref", 100),
            ("call/noop", "base", 10),
            ("call/noop", "other", 5),
        ]);
        let of = results(REGIMES, &slices);
        let [verdict] = verdicts(&of).try_into().expect("one regime was measured");
        assert_eq!(verdict.case, "call/noop");
        assert!(
            verdict.lead.contains("**Base** is the fastest"),
            "{}",
            verdict.lead
        );
        assert!(
            verdict.lead.contains("times as fast as Reference"),
            "{}",
            verdict.lead
        );
        assert!(verdict.standings.is_empty(), "the reference stands nowhere");
        assert!(!in_list(&of).contains("Other"));
    }

    #[test]
    fn where_the_reference_is_the_fastest_it_does_not_pay_to_leave_it() {
        let slices = drifting(&[("size/1-8", "ref", 10), ("size/1-8", "base", 40)]);
        let of = results(REGIMES, &slices);
        let found = verdicts(&of);
        assert!(found[0].lead.contains("does not pay"), "{}", found[0].lead);
        assert_eq!(found[0].standings[0].contender, "base");
        let factor = found[0].standings[0].factor[0];
        assert!((3.9..4.1).contains(&factor), "{factor}");
    }

    #[test]
    fn who_is_not_shown_to_be_slower_is_not_called_slower() {
        let noisy = |contender, wave: [u64; 5]| {
            timed("size/1-8", contender, Role::Call, move |block| {
                wave[block as usize]
            })
        };
        let mut slices = noisy("ref", [1000, 1500, 900, 1300, 1100]);
        slices.extend(noisy("base", [1100, 1300, 1000, 1200, 1000]));
        let of = results(REGIMES, &slices);
        let lead = &verdicts(&of)[0].lead;
        assert!(lead.contains("not shown to be slower"), "{lead}");
    }

    #[test]
    fn a_contender_that_failed_is_named() {
        let slices = drifting(&[("size/1-8", "ref", 10)]);
        let mut of = results(REGIMES, &slices);
        of.record
            .fail("base", Some("size/1-8"), "verify", "wrong".to_owned());
        assert_eq!(verdicts(&of)[0].notes, ["Failed: **Base** (verify)."]);
        assert!(verdicts(&of)[0].lead.contains("timed alone"));
    }

    #[test]
    fn of_the_supported_pythons_those_count_that_were_tried_once_each() {
        let guide = r#"
            [guide]
            contenders = ["base"]
            speed = "size/1-8"
            data = []
            supported = { versions = ["3.12", "3.13", "3.14"], date = "2026-12-01", source = "s" }
        "#;
        let slices = drifting(&[("size/1-8", "ref", 10), ("size/1-8", "base", 4)]);
        let mut of = results(guide, &slices);
        let names = [
            ("CPython 3.9.1", Fits::Serves),
            ("CPython 3.12.1", Fits::Serves),
            ("CPython 3.12.9", Fits::Fails),
            ("CPython 3.13.0", Fits::Rebuilt),
            ("CPython 3.14.0t", Fits::Serves),
        ];
        let fits = names.map(|(name, outcome)| {
            let words = String::new();
            let fit = Fit {
                outcome,
                words,
                gil_turned_on: None,
            };
            (name.to_owned(), fit)
        });
        let contender = of.record.contenders.entry("base".to_owned()).or_default();
        contender.effort.get_or_insert_default().fits = fits.into();
        let interpreters = names.map(|(name, _)| TriedInterpreter {
            name: name.to_owned(),
            version: name["CPython ".len()..].to_owned(),
            free_threaded: name.ends_with('t'),
            path: std::path::PathBuf::new(),
        });
        of.record.surroundings.interpreters = interpreters.into();
        let said = answer(&of).join(" ");
        let wanted = "Of the Pythons 3.12, 3.13, one wheel serves: Base 1. python.org supports 3.12 \
                      to 3.14 (2026-12-01)";
        assert!(said.contains(wanted), "{said}");
    }

    #[test]
    fn an_interpreter_that_no_contender_is_for_is_not_counted() {
        let slices = drifting(&[("size/1-8", "ref", 10), ("size/1-8", "base", 4)]);
        let mut of = results(REGIMES, &slices);
        let fit = |(name, outcome): (&str, Fits)| {
            let words = String::new();
            let fit = Fit {
                outcome,
                words,
                gil_turned_on: None,
            };
            (name.to_owned(), fit)
        };
        let fits = [
            [("P 1", Fits::DoesNotApply), ("P 2", Fits::Serves)],
            [("P 1", Fits::DoesNotApply), ("P 2", Fits::DoesNotApply)],
        ];
        for (name, fits) in ["ref", "base"].into_iter().zip(fits) {
            let contender = of.record.contenders.entry(name.to_owned()).or_default();
            contender.effort.get_or_insert_default().fits = fits.into_iter().map(fit).collect();
        }
        of.record.surroundings.interpreters = ["P 1", "P 2"]
            .map(|name| TriedInterpreter {
                name: name.to_owned(),
                version: String::new(),
                free_threaded: false,
                path: std::path::PathBuf::new(),
            })
            .into();
        assert_eq!(of.interpreters(), ["P 2"]);
        let said = markdown::items(&answer_list(&of));
        assert!(
            said.contains("one wheel serves, out of 1 supported ones on this machine"),
            "{said}"
        );
    }

    #[test]
    fn whoever_does_other_work_is_judged_among_peers_only() {
        let peer = |text: &str| {
            let slices = drifting(&[
                ("size/1-8", "ref", 100),
                ("size/1-8", "base", 40),
                ("size/1-8", "other", 10),
            ]);
            let mut of = results(text, &slices);
            let other = &mut of.record.study.contenders[2];
            (other.equal_work, other.variant_of) = (false, None);
            other.distributions = vec!["other".to_owned()];
            of
        };
        let apart = peer(REGIMES);
        assert!(!in_list(&apart).contains("Other"), "{}", in_list(&apart));
        assert!(!markdown::items(&trust::rankings(&apart)).contains("Other"));
        assert!(!markdown::items(&summary::summary(&apart)).contains("Other"));
        let tables = markdown::document(&document::document(&apart));
        let (compared, measured) = tables.split_once("## What was measured").unwrap();
        let mut lines = compared.lines();
        let named = lines.find(|line| line.contains("Other ") && !line.starts_with("### "));
        assert_eq!(named, None);
        assert!(measured.contains("| Other"));

        let text = REGIMES.replace("\"Something\"", "\"Something\"\npeers = true");
        let among = peer(&text);
        let lead = &verdicts(&among)[0].lead;
        assert!(
            lead.contains("**Other (not equal work)** is the fastest"),
            "{lead}"
        );
        let notes = verdicts(&among)[0].notes.join(" ");
        assert!(notes.contains("*Not equal work*:"), "{notes}");
        let ranking = markdown::items(&trust::rankings(&among));
        assert!(
            ranking.contains("1. Other (not equal work); 2. Base"),
            "{ranking}"
        );
        // The answer is about contenders, and its cases are theirs.
        assert!(answer(&among).is_empty(), "{:?}", answer(&among));
    }

    #[test]
    fn what_only_named_is_shown_wherever_contenders_are() {
        let others = r#"
            [[table]]
            name = "t"
            kind = "times"
            title = "T"
            cases = "^size/"
            contenders = ["base"]
            [[chart]]
            file = "ratios"
            kind = "forest"
            title = "Ratios"
            cases = "^size/"
            contenders = ["base"]
            [[chart]]
            file = "speed-up"
            kind = "speed-up"
            title = "Speed-up"
            cases = "^size/"
        "#;
        let slices = drifting(&[
            ("size/1-8", "ref", 100),
            ("size/1-8", "base", 40),
            ("size/1-8", "other", 10),
            ("size/10-8", "other", 90),
        ]);
        let shown = |name: bool, filter: bool| {
            let mut of = results(&format!("{REGIMES}{others}"), &slices);
            let study = &mut of.record.study;
            study.header.summary = vec!["size/1-8".to_owned()];
            // As optional and as different as can be.
            let other = &mut study.contenders[2];
            (other.optional, other.equal_work) = (true, false);
            if name {
                study.named.contenders.push("other".to_owned());
            }
            study.named.cases = filter;
            let charts = charts::charts(&of).unwrap();
            let charts = charts.into_iter().map(|chart| chart.svg);
            let table = &of.record.study.tables[0];
            let texts = [
                formats::glance::glance(&glance::glance(&of)),
                markdown::items(&summary::summary(&of)),
                in_list(&of),
                markdown::items(&regimes::content(&of, table).unwrap()),
                markdown::items(&trust::rankings(&of)),
            ];
            let texts = texts.into_iter().chain(charts);
            texts.collect::<Vec<_>>()
        };
        for (place, text) in shown(false, false).iter().enumerate() {
            assert!(!text.contains("Other"), "{place}: {text}");
        }
        for (place, text) in shown(true, false).iter().enumerate() {
            assert!(text.contains("Other"), "{place}: {text}");
        }
        let [glance, summary, ..] = &shown(true, false)[..] else {
            unreachable!()
        };
        assert!(!glance.contains("size/10-8") && !summary.contains("size/10-8"));
        let [glance, summary, ..] = &shown(true, true)[..] else {
            unreachable!()
        };
        assert!(glance.contains("size/10-8"), "{glance}");
        let row = "| `size/10-8` | – | – | 9.00 µs |";
        assert!(summary.contains(row), "{summary}");
    }

    #[test]
    fn of_what_the_record_does_not_know_nothing_is_said() {
        let slices = drifting(&[("size/1-8", "ref", 10), ("size/1-8", "base", 40)]);
        let of = results(REGIMES, &slices);
        assert!(answer(&of).is_empty(), "{:?}", answer(&of));
        assert_eq!(
            in_list(&results("", &[])),
            "The record has no regime with results.\n"
        );
    }
}
