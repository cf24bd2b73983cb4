//! From the parts that a study declares to the terms that are added up.

use std::collections::BTreeMap;

use super::Results;
use crate::analysis::Role;
use crate::analysis::parts::Term;
use crate::counts::{InstructionCounts, Instructions};
use crate::study::{Case, Part, TableSpec};

/// Where the values of braces come from, and what `self` and `floor` mean.
#[derive(Clone, Copy)]
pub struct PartContext<'a> {
    pub case: Option<&'a Case>,
    pub contender: &'a str,
}

impl<'a> PartContext<'a> {
    pub fn case(case: &'a Case, contender: &'a str) -> Self {
        Self {
            case: Some(case),
            contender,
        }
    }

    pub fn none(contender: &'a str) -> Self {
        Self {
            case: None,
            contender,
        }
    }
}

impl Results {
    /// The terms of a part for a contender, in a case or in none. There are none where the case has
    /// no such part: no floor, or not the parameter that a name asks for; or where the part is what
    /// another case has above this one.
    pub fn terms(&self, part: &Part, at: PartContext) -> Vec<Term> {
        let missing = |name: &String| match name.as_str() {
            "floor" => at.case.is_none_or(|case| case.floor.is_none()),
            name => filled(name, at.case).contains('{'),
        };
        let above_itself = at.case.is_some_and(|case| part.minus.contains(&case.name));
        if above_itself || part.plus.iter().chain(&part.minus).any(missing) {
            return Vec::new();
        }
        let with = |names: &[String], weight: f64| -> Vec<Term> {
            let terms = names.iter().map(|name| self.term(name, at, weight));
            terms.collect()
        };
        [with(&part.plus, 1.0), with(&part.minus, -1.0)].concat()
    }

    /// The whole of a case, as a term.
    pub fn whole(case: &Case, contender: &str) -> Term {
        Term {
            case: case.name.clone(),
            contender: contender.to_owned(),
            role: Role::Call,
            weight: 1.0,
        }
    }

    fn term(&self, name: &str, at: PartContext, weight: f64) -> Term {
        let own = at.case.map_or("", |case| case.name.as_str());
        let (case, role) = match name {
            "floor" => (own.to_owned(), Role::Floor),
            "self" => (own.to_owned(), Role::Call),
            "loop" => {
                let header = &self.record.study.header;
                (header.loop_case.clone().unwrap_or_default(), Role::Call)
            }
            _ => (filled(name, at.case), Role::Call),
        };
        // The loop is the same around every contender's calls; one of them times it.
        let contender = match self.record.study.case(&case) {
            Some(of) if name == "loop" && !of.contenders.is_empty() => of.contenders[0].clone(),
            _ => at.contender.to_owned(),
        };
        Term {
            case,
            contender,
            role,
            weight,
        }
    }

    /// Whether all that the terms name was measured and nothing speaks against it.
    pub fn sound(&self, terms: &[Term]) -> bool {
        terms
            .iter()
            .all(|t| self.record.failed(&t.contender, &t.case).is_none())
    }
}

/// A name with the case's parameters in place of its braces.
fn filled(name: &str, case: Option<&Case>) -> String {
    let mut name = name.to_owned();
    for (key, value) in case.iter().flat_map(|case| &case.params) {
        let shown = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        name = name.replace(&format!("{{{key}}}"), &shown);
    }
    name
}

/// What all parts of a table leave over, as terms: the whole without them.
pub fn left_over(whole: &Term, parts: &[Vec<Term>]) -> Vec<Term> {
    let without = parts.iter().flatten().map(|term| Term {
        weight: -term.weight,
        ..term.clone()
    });
    without.chain(std::iter::once(whole.clone())).collect()
}

/// The whole without the parts that are the work itself, or nothing where there is no such part.
pub fn without_kernel(table: &TableSpec, whole: &Term, parts: &[Vec<Term>]) -> Option<Vec<Term>> {
    let kernel: Vec<Vec<Term>> = table
        .parts
        .iter()
        .zip(parts)
        .filter(|(part, terms)| part.kernel && !terms.is_empty())
        .map(|(_, terms)| terms.clone())
        .collect();
    (!kernel.is_empty()).then(|| left_over(whole, &kernel))
}

/// The instructions of a sum of terms.
pub fn instructions_of(counted: &InstructionCounts, terms: &[Term]) -> Option<f64> {
    // A term may be there twice, once to be subtracted: rows are looked up once each.
    let mut weights: BTreeMap<(&str, &str, Role), f64> = BTreeMap::new();
    for term in terms {
        *weights
            .entry((&term.case, &term.contender, term.role))
            .or_default() += term.weight;
    }
    let mut sum = 0.0;
    for ((case, contender, role), weight) in weights {
        if weight != 0.0 {
            sum += weight
                * counted
                    .row(case, contender, role)
                    .map(Instructions::total)?;
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::results;

    fn part(plus: &[&str], minus: &[&str]) -> Part {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Part {
            name: "part".to_owned(),
            plus: owned(plus),
            minus: owned(minus),
            per: 1.0,
            kernel: false,
        }
    }

    fn term(case: &str, contender: &str, role: Role, weight: f64) -> Term {
        Term {
            case: case.to_owned(),
            contender: contender.to_owned(),
            role,
            weight,
        }
    }

    #[test]
    fn names_stand_for_cases_of_the_contender_or_of_the_loop() {
        let results = results("", &[]);
        let at = PartContext {
            case: results.record.study.case("size/10-8"),
            contender: "other",
        };
        let part = part(
            &["self", "call/noop", "size/{n}-{length}"],
            &["floor", "loop"],
        );
        assert_eq!(
            results.terms(&part, at),
            [
                term("size/10-8", "other", Role::Call, 1.0),
                term("call/noop", "other", Role::Call, 1.0),
                term("size/10-8", "other", Role::Call, 1.0),
                term("size/10-8", "other", Role::Floor, -1.0),
                // The contender that times the loop.
                term("call/empty", "base", Role::Call, -1.0),
            ]
        );
    }

    #[test]
    fn a_case_without_a_floor_or_a_parameter_has_no_such_part() {
        let results = results("", &[]);
        let at = |case: &str| PartContext {
            case: results.record.study.case(case),
            contender: "other",
        };
        let number = |part: &Part, case: &str| results.terms(part, at(case)).len();
        let floor = part(&["self"], &["floor"]);
        assert_eq!(
            (number(&floor, "size/10-8"), number(&floor, "size/100-8")),
            (2, 0)
        );
        let length = part(&["size/1-{length}"], &[]);
        assert_eq!(
            (number(&length, "size/10-8"), number(&length, "call/noop")),
            (1, 0)
        );
    }

    #[test]
    fn a_loop_that_everybody_times_is_ones_own() {
        let mut results = results("", &[]);
        for case in &mut results.record.study.cases {
            case.contenders.clear();
        }
        let at = PartContext {
            case: None,
            contender: "other",
        };
        let found = results.terms(&part(&["loop"], &[]), at);
        assert_eq!(found, [term("call/empty", "other", Role::Call, 1.0)]);
    }

    #[test]
    fn what_is_left_over_is_the_whole_without_its_parts() {
        let whole = term("size/1-8", "other", Role::Call, 1.0);
        let parts = [
            vec![
                term("call/noop", "other", Role::Call, 1.0),
                term("call/empty", "base", Role::Call, -1.0),
            ],
            vec![term("size/1-8", "other", Role::Floor, 1.0)],
        ];
        let expected = [
            term("call/noop", "other", Role::Call, -1.0),
            term("call/empty", "base", Role::Call, 1.0),
            term("size/1-8", "other", Role::Floor, -1.0),
            whole.clone(),
        ];
        assert_eq!(left_over(&whole, &parts), expected);

        let text = |kernel: &str| {
            format!(
                "[[table]]\nname = 't'\nkind = 'parts'\ntitle = 'T'\n\
                 parts = [{{ name = 'a' }}, {{ name = 'b'{kernel} }}]"
            )
        };
        let table = |kernel| results(&text(kernel), &[]).record.study.tables[0].clone();
        let without = without_kernel(&table(", kernel = true"), &whole, &parts);
        assert_eq!(without, Some(expected[2..].to_vec()));
        assert_eq!(without_kernel(&table(""), &whole, &parts), None);
    }

    #[test]
    fn a_count_that_is_taken_from_itself_need_not_be_there() {
        let instructions = Instructions {
            interpreter: 3.0,
            libc: 4.0,
            ..Instructions::default()
        };
        let roles: BTreeMap<Role, Instructions> = [(Role::Call, instructions)].into();
        let counted = InstructionCounts {
            fingerprint: BTreeMap::new(),
            artefacts: BTreeMap::new(),
            rows: [("a".to_owned(), [("x".to_owned(), roles)].into())].into(),
            left_out: BTreeMap::new(),
        };
        let a = |weight| term("a", "x", Role::Call, weight);
        let gone = |weight| term("gone", "x", Role::Call, weight);
        let of = |terms: &[Term]| instructions_of(&counted, terms);
        assert_eq!(of(&[a(1.0), a(1.0), gone(1.0), gone(-1.0)]), Some(14.0));
        assert_eq!(of(&[a(1.0), gone(1.0)]), None);
    }

    #[test]
    fn terms_are_sound_until_one_of_them_has_failed() {
        let mut results = results("", &[]);
        let terms = [
            term("size/1-8", "other", Role::Call, 1.0),
            term("call/empty", "base", Role::Call, -1.0),
        ];
        assert!(results.sound(&terms));
        results
            .record
            .fail("other", Some("call/noop"), "run", String::new());
        assert!(results.sound(&terms));
        results.record.fail("base", None, "run", String::new());
        assert!(!results.sound(&terms));
        assert!(results.sound(&terms[..1]));
    }
}
