//! Which parts of the contract a case or a check needs, and whether a contender has them.
//!
//! A part is `name`, a function or a class of the contender's module, or `Class.method`. Which of
//! them a call needs is read off its text; `uses` says it where the text does not.

use super::{Case, Check, Contender};

impl Contender {
    /// Whether it has some parts of the contract.
    pub(super) fn has(&self, needed: &[String]) -> bool {
        let own = self.parts.as_ref();
        own.is_none_or(|own| needed.iter().all(|part| own.contains(part)))
    }
}

/// Leaves to a contender the checks, and the floors, that it has the parts for. What it names itself
/// stays as it is.
pub(super) fn narrow(
    contender: &mut Contender,
    checks: &[Check],
    cases: &[Case],
    parts: &[String],
) {
    if contender.parts.is_none() {
        return;
    }
    if contender.checks.is_none() {
        let able = checks.iter().filter(|check| {
            let texts: Vec<_> = check.calls.iter().map(String::as_str).collect();
            let found = || named(parts, &texts);
            contender.has(&check.uses.clone().unwrap_or_else(found))
        });
        contender.checks = Some(able.map(|check| check.name.clone()).collect());
    }
    let own = |case: &&Case| contender.has(&of_case(case, &contender.name, parts));
    let floors = cases.iter().filter(own).filter_map(|c| c.floor.as_deref());
    let has_floors = contender.has(&named(parts, &floors.collect::<Vec<_>>()));
    contender.floors &= has_floors;
}

/// The parts that a case needs of a contender.
pub(super) fn of_case(case: &Case, contender: &str, parts: &[String]) -> Vec<String> {
    if let Some(uses) = &case.uses {
        return uses.clone();
    }
    let call = case.calls.get(contender).unwrap_or(&case.call);
    let texts = [&case.setup, call].into_iter().chain(&case.each);
    named(parts, &texts.map(String::as_str).collect::<Vec<_>>())
}

/// The parts that stand in some texts: a function as a word of its own or of `contender`, a method
/// behind a dot.
fn named(parts: &[String], texts: &[&str]) -> Vec<String> {
    let stands = |part: &&String| {
        let (method, name) = match part.split_once('.') {
            Some((_, name)) => (true, name),
            None => (false, part.as_str()),
        };
        texts.iter().any(|text| {
            let mut found = text.match_indices(name);
            found.any(|(at, _)| {
                let (before, after) = (&text[..at], &text[at + name.len()..]);
                let in_word = |c: char| c.is_alphanumeric() || c == '_';
                let word = !before.ends_with(in_word) && !after.starts_with(in_word);
                let of_object = before.ends_with('.') && !before.ends_with("contender.");
                word && of_object == method
            })
        })
    };
    parts.iter().filter(stands).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_where_it_is_called() {
        let parts = ["noop", "distance", "Box", "Box.noop", "Box.near"].map(str::to_owned);
        let of = |text: &str| named(&parts, &[text]).join(" ");
        assert_eq!(of("noop()"), "noop");
        assert_eq!(of("contender.noop()"), "noop");
        assert_eq!(of("box.noop()"), "Box.noop");
        assert_eq!(of("[distance(a, b) for a, b in pairs]"), "distance");
        assert_eq!(of("distance_myers(a, b) + my_distance"), "");
        assert_eq!(of("contender.Box(words).near(query, 5)"), "Box Box.near");
    }
}
