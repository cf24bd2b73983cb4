//! Where and how records were made, as far as they differ in it.

use crate::format::percent;
use crate::record::Record;
use crate::report::figures::comparison::Member;
use crate::report::sections::{NOTHING, distinct, one_line};

/// What the records say differently: the name of each such thing, and what each record says.
pub fn differences(members: &[Member]) -> Vec<(String, Vec<String>)> {
    let all: Vec<Facts> = members
        .iter()
        .map(|member| facts(&member.results.record))
        .collect();
    let names = distinct(all.iter().flatten().map(|(name, _)| name));
    let of = |facts: &Facts, name: &str| {
        let found = facts.iter().find(|(known, _)| known == name);
        found.map_or(NOTHING.to_owned(), |(_, value)| value.clone())
    };
    names
        .into_iter()
        .map(|name| {
            (
                name.clone(),
                all.iter().map(|facts| of(facts, name)).collect(),
            )
        })
        .filter(|(_, values): &(String, Vec<String>)| {
            values.iter().any(|value| *value != values[0])
        })
        .collect()
}

/// Names and values.
type Facts = Vec<(String, String)>;

fn facts(record: &Record) -> Facts {
    let e = &record.environment;
    let p = &e.python;
    let number = |value: Option<f64>| value.map_or("unknown".to_owned(), |v| format!("{v:.2}"));
    let share = |value: Option<f64>| value.map_or("unknown".to_owned(), percent);
    let binary = |name: &str| p.binaries.get(name).cloned().unwrap_or_default();
    let processes = if record.isolated {
        "isolated"
    } else {
        "all in one process"
    };
    let mut facts: Facts = [
        ("processor", format!("{}, {} cores", e.cpu, e.cores)),
        ("kernel", e.kernel.clone()),
        ("architecture", e.architecture.clone()),
        ("governor", e.governor.clone().unwrap_or_default()),
        ("Python", format!("{}, {}", p.name(), p.compiler)),
        ("Python's files", binary("interpreter")),
        ("Python's build", format!("{} {}", p.opt, p.config_args)),
        ("libc", format!("{} {}", p.libc, binary("libc"))),
        ("profile", record.profile.clone()),
        ("processes", processes.to_owned()),
        ("seed", record.study.header.seed.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), one_line(&value)))
    .to_vec();
    facts.extend(e.tools.iter().map(|(k, v)| (k.clone(), v.clone())));
    facts.extend(e.locks.iter().map(|(k, v)| (k.clone(), v.clone())));
    let candidates = record.contenders.iter();
    facts.extend(candidates.map(|(name, c)| (format!("sources of {name}"), c.sources.clone())));
    // These differ from run to run, and are worth a look when they differ much.
    facts.push(("busy with others".to_owned(), share(e.busy)));
    facts.push(("stolen time".to_owned(), share(e.steal)));
    facts.push(("load before".to_owned(), number(e.load_before)));
    facts.push(("Python's loop, ns".to_owned(), format!("{:.1}", p.loop_ns)));
    facts
}
