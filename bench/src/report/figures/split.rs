//! A time taken apart, and a time beside another.

use super::Results;
use super::terms::{PartContext, left_over, without_kernel};
use crate::analysis::Estimate;
use crate::analysis::parts::Term;
use crate::study::{Case, Contender, Part, TableSpec};

/// A case of a contender, taken apart.
pub struct Split {
    pub whole: Estimate,
    pub parts: Vec<Option<Estimate>>,
    pub left_over: Option<Estimate>,
    /// What is not the work itself, as a fraction of the whole.
    pub binding: Option<Estimate>,
}

/// A variant in a case, beside what it is a variant of.
pub struct VariantPair<'a> {
    pub variant: &'a Contender,
    pub other: &'a Contender,
    pub case: &'a Case,
    /// Times as long as the other.
    pub over: Estimate,
    pub of_variant: Estimate,
    pub of_other: Estimate,
}

impl Results {
    /// Takes a case apart; nothing where it was not timed, or none of its parts was.
    pub fn split(&self, table: &TableSpec, case: &Case, contender: &Contender) -> Option<Split> {
        let at = PartContext::case(case, &contender.name);
        let whole = Self::whole(case, &contender.name);
        let parts = table.parts.iter();
        let terms: Vec<_> = parts.map(|part| self.terms(part, at)).collect();
        let parts: Vec<_> = terms.iter().map(|terms| self.sum(terms, 1.0)).collect();
        if parts.iter().all(Option::is_none) {
            return None;
        }
        let binding = without_kernel(table, &whole, &terms)
            .filter(|terms| self.sound(terms))
            .and_then(|terms| self.timings.share(&terms, std::slice::from_ref(&whole)));
        Some(Split {
            whole: self.sum(std::slice::from_ref(&whole), 1.0)?,
            left_over: self.sum(&left_over(&whole, &terms), 1.0),
            parts,
            binding,
        })
    }

    /// What a part takes.
    pub fn part(&self, part: &Part, at: PartContext) -> Option<Estimate> {
        self.sum(&self.terms(part, at), part.per)
    }

    /// A sum of times, unless something speaks against one of them.
    fn sum(&self, terms: &[Term], per: f64) -> Option<Estimate> {
        let sum = self.timings.sum(terms, per);
        sum.filter(|_| self.sound(terms))
    }

    /// What beginners' first versions take, beside the experts'.
    pub fn first_versions(&self, table: &TableSpec) -> Vec<VariantPair<'_>> {
        self.beside(table, |contender| contender.naive)
    }

    /// Each case of each variant that is wanted, beside what it is a variant of.
    pub fn beside(
        &self,
        table: &TableSpec,
        wanted: impl Fn(&Contender) -> bool,
    ) -> Vec<VariantPair<'_>> {
        let study = &self.record.study;
        let mut found = Vec::new();
        for variant in self.contenders_of(table) {
            let other = variant.variant_of.as_deref().filter(|_| wanted(variant));
            let Some(other) = other.and_then(|name| study.contender(name)) else {
                continue;
            };
            let cases = self.cases_of(table).into_iter();
            found.extend(cases.filter_map(|case| {
                Some(VariantPair {
                    variant,
                    other,
                    case,
                    of_variant: self.timed(&case.name, &variant.name)?.time,
                    of_other: self.timed(&case.name, &other.name)?.time,
                    over: self.over(&case.name, &variant.name, &other.name)?,
                })
            }));
        }
        found
    }
}
