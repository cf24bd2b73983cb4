//! What the page's advice is made from: figures of the record, and nothing that is decided here.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Results;
use super::terms::PartContext;
use crate::analysis::{Estimate, Role};
use crate::effort::values::{Fitness, Seen, Start};
use crate::study::{Contender, Part};

/// Centre, low and high end.
pub type Triple = [f64; 3];

/// The figures behind the guide.
#[derive(Debug, Serialize)]
pub struct Evidence {
    /// The cases whose floors tell how much faster native code is.
    pub speed: Vec<String>,
    pub data: Vec<Crossing>,
    pub candidates: Vec<Choice>,
    /// The interpreters that wheels were tried on and that some contender is for.
    pub interpreters: Vec<String>,
    /// Versions of Python that are supported, such as "3.14"; all when empty.
    pub supported: Vec<String>,
}

/// What it costs to hand something over.
#[derive(Debug, Serialize)]
pub struct Crossing {
    pub name: String,
    pub title: String,
    /// The cases that it was measured in.
    pub cases: Vec<String>,
    /// By contender, nanoseconds of a call in which nothing is computed.
    pub costs: BTreeMap<String, Triple>,
}

/// What there is to know of one that may be advised.
#[derive(Debug, Serialize)]
pub struct Choice {
    pub name: String,
    pub title: String,
    /// Times as fast as the reference's work; absent for the reference. Who has the same kernel has
    /// the same speed.
    pub speed: Option<Triple>,
    /// The least and the largest of the figures that this is the mean of, and their number.
    pub spread: Option<(f64, f64, usize)>,
    /// Languages that one must know to change it.
    pub languages: Vec<String>,
    /// Commands that have to be installed before it can be built.
    pub tools: Vec<String>,
    /// Interpreters that the wheel for the measured one serves.
    pub serves: Vec<String>,
    /// Interpreters that it can be built for.
    pub rebuilt: Vec<String>,
    /// Mistakes that were tried, those that went through without a word at least once, and those
    /// that crashed at least once.
    pub mistakes: usize,
    pub silent: usize,
    pub crashes: usize,
    /// Lines of glue.
    pub glue: Option<usize>,
    /// Seconds of a build from nothing, and after an edit of the glue.
    pub build: Option<f64>,
    pub edit: Option<f64>,
}

/// The evidence, unless the study wants no guide or the record has no candidates for it.
pub fn evidence(results: &Results) -> Option<Evidence> {
    let record = &results.record;
    let guide = &record.study.guide;
    let candidates: Vec<Choice> = guide
        .contenders
        .iter()
        .filter_map(|name| candidate(results, record.study.contender(name)?))
        .collect();
    // One way alone is no choice.
    if candidates.len() < 2 {
        return None;
    }
    let data: Vec<Crossing> = guide
        .data
        .iter()
        .map(|data| Crossing {
            name: data.name.clone(),
            title: data.title.clone(),
            cases: data.plus.clone(),
            costs: candidates
                .iter()
                .filter(|c| c.speed.is_some())
                .filter_map(|c| {
                    let part = Part {
                        name: data.name.clone(),
                        plus: data.plus.clone(),
                        minus: data.minus.clone(),
                        per: 1.0,
                        kernel: false,
                    };
                    let cost = results.part(&part, PartContext::none(&c.name))?;
                    Some((c.name.clone(), triple(&cost)))
                })
                .collect(),
        })
        .filter(|crossing| !crossing.costs.is_empty())
        .collect();
    (!data.is_empty()).then(|| Evidence {
        speed: guide.speed.clone(),
        data,
        candidates,
        supported: guide
            .supported
            .as_ref()
            .map_or_else(Vec::new, |supported| supported.versions.clone()),
        interpreters: results
            .interpreters()
            .into_iter()
            .map(str::to_owned)
            .collect(),
    })
}

fn triple(e: &Estimate) -> Triple {
    [e.centre, e.low, e.high]
}

/// A contender with what was found of it; nothing when its speed is not known.
fn candidate(results: &Results, contender: &Contender) -> Option<Choice> {
    let record = &results.record;
    let reference = &record.study.header.reference;
    let (speed, spread) = if contender.name == *reference {
        record.contenders.get(reference)?;
        (None, None)
    } else {
        let (speed, spread) = kernel_speed(results, contender)?;
        (Some(speed), Some(spread))
    };
    let effort = results.effort(&contender.name);
    let fitting = |wanted: &[Fitness]| -> Vec<String> {
        let fits = effort.iter().flat_map(|effort| &effort.fits);
        fits.filter(|(_, fit)| wanted.contains(&fit.outcome))
            .map(|(name, _)| name.clone())
            .collect()
    };
    let seen = mistakes(results, contender);
    Some(Choice {
        name: contender.name.clone(),
        title: contender.title.clone(),
        speed,
        spread,
        languages: contender.languages.clone(),
        tools: contender.tools.clone(),
        serves: fitting(&[Fitness::Serves]),
        rebuilt: fitting(&[Fitness::Rebuilt]),
        mistakes: seen.tried,
        silent: seen.silent,
        crashes: seen.crashes,
        glue: effort.map(|effort| effort.lines.glue),
        build: effort.and_then(crate::effort::values::Effort::seconds),
        edit: effort.and_then(|effort| {
            effort
                .builds(Start::GlueEdit, None, None)?
                .median(|cost| cost.seconds)
        }),
    })
}

/// How many times as fast as the reference a kernel is, and the spread of the figures.
///
/// Where a compiler places a loop can change its speed by tens of percent, and differs from one
/// package to the next. So this is the geometric mean over all cases and over all candidates whose
/// kernel has the same source files. The ends are the means of the ends, which is more than 95 % of
/// such intervals need.
fn kernel_speed(results: &Results, contender: &Contender) -> Option<(Triple, (f64, f64, usize))> {
    let study = &results.record.study;
    let (reference, guide) = (study.header.reference.as_str(), &study.guide);
    let same = |c: &&Contender| {
        let kernel = &c.lines.kernel;
        c.name == contender.name || (!kernel.is_empty() && *kernel == contender.lines.kernel)
    };
    let advised = guide
        .contenders
        .iter()
        .filter_map(|name| study.contender(name));
    let mut found = Vec::new();
    for member in advised.filter(same) {
        for case in &guide.speed {
            let roles = ((reference, Role::Call), (&*member.name, Role::Floor));
            found.extend(results.timings.ratio(case, roles.0, roles.1));
        }
    }
    // Nothing is known of one that was not measured itself.
    let own = |case: &String| results.timed(case, &contender.name).is_some();
    if found.is_empty() || !guide.speed.iter().any(own) {
        return None;
    }
    let mean = |end: fn(&Estimate) -> f64| {
        let logs: Vec<f64> = found.iter().map(|e| end(e).ln()).collect();
        (logs.iter().sum::<f64>() / count(logs.len())).exp()
    };
    let centres = found.iter().map(|e| e.centre);
    let least = centres.clone().fold(f64::INFINITY, f64::min);
    let most = centres.fold(0.0, f64::max);
    let speed = [mean(|e| e.centre), mean(|e| e.low), mean(|e| e.high)];
    Some((speed, (least, most, found.len())))
}

#[allow(clippy::cast_precision_loss)] // A few cases.
fn count(number: usize) -> f64 {
    number as f64
}

/// What became of the mistakes that were tried with a contender.
pub struct Mistakes {
    pub tried: usize,
    /// Those that went through without a word at least once.
    pub silent: usize,
    /// Those that crashed, or never ended, at least once.
    pub crashes: usize,
}

/// What became of the mistakes with a contender.
pub fn mistakes(results: &Results, contender: &Contender) -> Mistakes {
    // A variant is written with the same tool, so its author makes the same mistakes.
    let author = contender.variant_of.as_ref().unwrap_or(&contender.name);
    let mistakes = results.record.surroundings.mistakes.values();
    let entries: Vec<_> = mistakes.filter_map(|of| of.get(author)).collect();
    let with = |wanted: &dyn Fn(&Seen) -> bool| {
        let found = entries
            .iter()
            .filter(|entry| entry.plain.iter().any(|sighting| wanted(&sighting.seen)));
        found.count()
    };
    Mistakes {
        tried: entries.len(),
        silent: with(&|seen| matches!(seen, Seen::Unnoticed | Seen::WrongAnswer(_))),
        crashes: with(&|seen| matches!(seen, Seen::Crash(_) | Seen::Hang)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Role;
    use crate::report::tests::{results, timed};

    const GUIDE: &str = r#"
        [guide]
        contenders = ["ref", "base", "other"]
        speed = "size/1-8"
        data = [
            { name = "nothing", title = "nothing", plus = ["call/noop"], minus = ["loop"] },
            { name = "never", title = "what was not measured", plus = ["size/100-8"] },
        ]
    "#;

    #[test]
    fn speed_is_the_reference_over_a_floor_and_a_crossing_is_a_difference() {
        let slices = [
            timed("call/empty", "base", Role::Call, |_| 10),
            timed("call/noop", "base", Role::Call, |_| 40),
            timed("size/1-8", "ref", Role::Call, |_| 9000),
            timed("size/1-8", "base", Role::Call, |_| 450),
            timed("size/1-8", "base", Role::Floor, |_| 300),
        ];
        let of = results(GUIDE, &slices.concat());
        let evidence = evidence(&of).unwrap();
        let names: Vec<&str> = evidence
            .candidates
            .iter()
            .map(|c| c.name.as_str())
            .collect();
        assert_eq!(names, ["ref", "base"], "nothing is known of the third");
        assert_eq!(evidence.candidates[0].speed, None);
        let speed = evidence.candidates[1].speed.unwrap();
        assert!((speed[0] - 30.0).abs() < 1e-9, "{speed:?}");
        let [crossing] = evidence.data.as_slice() else {
            panic!("one of two was measured")
        };
        assert!(
            (crossing.costs["base"][0] - 30.0).abs() < 1e-9,
            "{crossing:?}"
        );
        assert!(!crossing.costs.contains_key("ref"));
    }

    #[test]
    fn one_way_alone_is_no_choice() {
        let slices = timed("size/1-8", "ref", Role::Call, |_| 9000);
        assert!(evidence(&results(GUIDE, &slices)).is_none());
        assert!(evidence(&results("", &slices)).is_none());
    }

    #[test]
    fn who_has_the_same_kernel_has_the_same_speed() {
        let slices = [
            timed("call/empty", "base", Role::Call, |_| 10),
            timed("call/noop", "base", Role::Call, |_| 40),
            timed("size/1-8", "ref", Role::Call, |_| 9000),
            timed("size/1-8", "base", Role::Call, |_| 450),
            timed("size/1-8", "base", Role::Floor, |_| 300),
            timed("size/1-8", "other", Role::Call, |_| 450),
            timed("size/1-8", "other", Role::Floor, |_| 75),
        ]
        .concat();
        let speeds = |same: bool| {
            let mut of = results(GUIDE, &slices);
            for contender in &mut of.record.study.contenders {
                let file = if same { "kernel" } else { &contender.name };
                contender.lines.kernel = vec![file.to_owned()];
            }
            let candidates = evidence(&of).unwrap().candidates;
            let speeds = candidates
                .iter()
                .filter_map(|c| Some((c.speed?[0], c.spread?)));
            speeds.collect::<Vec<_>>()
        };
        let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-9;
        let [base, other] = speeds(false)[..] else {
            panic!("two are timed")
        };
        assert!(close(base.0, 30.0) && close(other.0, 120.0));
        for (speed, (least, most, number)) in speeds(true) {
            assert!(close(speed, 60.0), "the geometric mean");
            assert!(close(least, 30.0) && close(most, 120.0));
            assert_eq!(number, 2);
        }
    }
}
