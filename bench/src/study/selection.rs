//! What of a study is measured and shown: the part that was asked for, and what this machine has.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use regex::Regex;

use super::{Case, Contender, Study};
use crate::version::satisfies;

impl Study {
    /// Whether `--only` named a contender.
    pub fn names(&self, contender: &Contender) -> bool {
        self.named.contenders.contains(&contender.name)
    }

    /// Whether a contender is shown where not all of them are: one that was named, and otherwise all
    /// but the optional and those that do other work.
    pub fn shows(&self, contender: &Contender) -> bool {
        self.names(contender) || (!contender.optional && contender.equal_work)
    }

    /// The cases that are shown where not all of them are: those of the summary and those that were
    /// named; and of a contender that was named and takes part in none of these, all of its own.
    pub fn in_short(&self) -> Vec<&Case> {
        let chosen = |case: &&Case| self.named.cases || self.header.summary.contains(&case.name);
        let takes_part = |name: &String| {
            let mut chosen = self.cases.iter().filter(chosen);
            chosen.any(|case| case.applies_to(name))
        };
        let mut others = self.named.contenders.clone();
        others.retain(|name| !takes_part(name));
        let of_others = |case: &&Case| others.iter().any(|name| case.applies_to(name));
        let cases = self.cases.iter();
        cases
            .filter(|case| chosen(case) || of_others(case))
            .collect()
    }

    /// Whether a case is one in which peers are compared with contenders.
    pub fn among_peers(&self, case: &Case) -> bool {
        let mut regimes = self.regimes.iter();
        regimes.any(|regime| regime.peers && regime.name == case.group())
    }
    /// Narrows the study to some contenders and cases, as `--only`, `--filter` and `--skip` ask, and
    /// notes what they name.
    /// The reference and the baseline stay: without them there is nothing to compare with.
    pub fn narrow(
        &mut self,
        only: &[String],
        filter: Option<&Regex>,
        skip: Option<&Regex>,
    ) -> Result<()> {
        for name in only {
            ensure!(
                self.contender(name).is_some(),
                "--only {name}: the study has no such contender; it has {}",
                self.contenders
                    .iter()
                    .map(|c| &*c.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        if !only.is_empty() {
            let kept: BTreeSet<String> = only
                .iter()
                .chain([&self.header.reference, &self.header.baseline])
                .cloned()
                .collect();
            self.contenders.retain(|c| kept.contains(&c.name));
            self.named.contenders.extend_from_slice(only);
            self.without_orphans();
        }
        if let Some(filter) = filter {
            self.named.cases = true;
            self.cases.retain(|c| filter.is_match(&c.name));
            ensure!(
                !self.cases.is_empty(),
                "--filter {filter}: no case has such a name"
            );
        }
        if let Some(skip) = skip {
            self.cases.retain(|c| !skip.is_match(&c.name));
            ensure!(!self.cases.is_empty(), "--skip {skip}: no case is left");
        }
        Ok(())
    }

    /// Shows what was measured as another version of the study declares it: its summary, regimes,
    /// tables, charts, goals and guide, and the contenders' titles,
    /// colours, languages and build tools. What was measured stays as it is.
    ///
    /// # Errors
    ///
    /// When the other one is not a version of this study.
    pub fn show_as(&mut self, other: &Self) -> Result<()> {
        ensure!(
            self.header.name == other.header.name,
            "the record is of the study {}, not of {}",
            self.header.name,
            other.header.name
        );
        let shown = other.clone();
        self.header.title = shown.header.title;
        self.header.summary = shown.header.summary;
        self.regimes = shown.regimes;
        self.tables = shown.tables;
        self.charts = shown.charts;
        self.goals = shown.goals;
        self.guide = shown.guide;
        for contender in &mut self.contenders {
            if let Some(shown) = other.contender(&contender.name) {
                contender.title.clone_from(&shown.title);
                contender.colour = shown.colour;
                contender.languages.clone_from(&shown.languages);
                contender.build_tools.clone_from(&shown.build_tools);
            }
        }
        Ok(())
    }

    /// Leaves out what is optional, unless the profile wants it or it was asked for: a contender by
    /// name, cases by a filter.
    pub fn without_optional(
        &mut self,
        profile: &str,
        only: &[String],
        filtered: bool,
    ) -> Result<()> {
        if self.profile(profile)?.optional {
            return Ok(());
        }
        let always = [&self.header.reference, &self.header.baseline];
        self.contenders
            .retain(|c| !c.optional || only.contains(&c.name) || always.contains(&&c.name));
        self.cases.retain(|c| !c.optional || filtered);
        self.without_orphans();
        Ok(())
    }

    /// Leaves out the contenders that are for a newer Python than this one; gives the reasons.
    pub fn without_newer(&mut self, python: &str) -> BTreeMap<String, String> {
        let always = [self.header.reference.clone(), self.header.baseline.clone()];
        self.without(|contender| {
            let oldest = &contender.oldest_python;
            let fits = oldest.is_empty()
                || always.contains(&contender.name)
                || satisfies(python, &format!(">={oldest}"));
            (!fits).then(|| format!("it is for Python {oldest} or later, and this is {python}"))
        })
    }

    /// Leaves out the peers that are not installed; gives the reasons. `present` are the modules and
    /// the distributions that the interpreter has.
    pub fn without_absent(&mut self, present: &[String]) -> BTreeMap<String, String> {
        let missing = |name: &&String| !present.contains(name);
        self.without(|contender| {
            if let Some(name) = contender.distributions.iter().find(missing) {
                return Some(format!("{name} is not installed: `make peers` installs it"));
            }
            let module = Some(&contender.module).filter(|_| contender.is_peer());
            let module = module.filter(missing)?;
            Some(format!(
                "its adapter {module} is not installed: `make peers` installs it"
            ))
        })
    }

    /// Leaves out the contenders for which there is a reason; gives the reasons.
    fn without(
        &mut self,
        reason: impl Fn(&Contender) -> Option<String>,
    ) -> BTreeMap<String, String> {
        let reasons = self.contenders.iter();
        let reasons = reasons.filter_map(|c| Some((c.name.clone(), reason(c)?)));
        let reasons: BTreeMap<_, _> = reasons.collect();
        self.contenders.retain(|c| !reasons.contains_key(&c.name));
        self.without_orphans();
        reasons
    }

    /// Leaves out the cases that none of the contenders takes part in.
    fn without_orphans(&mut self) {
        let contenders = &self.contenders;
        self.cases
            .retain(|case| contenders.iter().any(|c| case.applies_to(&c.name)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SMALL, load, with_peer};
    use super::*;

    /// The names of the contenders and cases that are left of a study in which `b`, `c` and the
    /// case `h/only` are optional, and `h/only` is of `c` alone.
    fn left(profile: &str, only: &[&str], filtered: bool) -> String {
        let more = r#"
            [[contender]]
            name = "c"
            title = "C"
            folder = "c"
            module = "c"
            optional = true
            [profile.all]
            blocks = 2
            rounds = 2
            optional = true
            [[case]]
            name = "g/rare"
            about = "rare"
            call = "f(1)"
            optional = true
            [[case]]
            name = "h/only"
            about = "c's own"
            call = "f(2)"
            contenders = ["c"]
            expect = "2"
        "#;
        let text = SMALL.replace("module = \"b\"", "module = \"b\"\nrare = true") + more;
        let mut study = load(&text.replace("[1, 2]", "[1]")).unwrap();
        let only: Vec<String> = only.iter().map(|&name| name.to_owned()).collect();
        study.without_optional(profile, &only, filtered).unwrap();
        let contenders = study.contenders.iter().map(|c| c.name.as_str());
        let cases = study.cases.iter().map(|c| c.name.as_str());
        contenders.chain(cases).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_rare_is_left_out_unless_it_is_asked_for() {
        // The baseline stays, optional or not; a case that nobody is left for goes.
        assert_eq!(left("quick", &[], false), "a b g/x-1 g/y-1");
        assert_eq!(left("quick", &["c"], false), "a b c g/x-1 g/y-1 h/only");
        assert_eq!(left("quick", &[], true), "a b g/x-1 g/y-1 g/rare");
        assert_eq!(left("all", &[], false), "a b c g/x-1 g/y-1 g/rare h/only");
    }

    #[test]
    fn a_peer_that_is_not_installed_is_left_out_with_the_reason() {
        let left_out = |present: &[&str]| {
            let mut study = load(&with_peer("")).unwrap();
            let present: Vec<String> = present.iter().map(|&name| name.to_owned()).collect();
            let reasons = study.without_absent(&present);
            assert_eq!(study.contender("lib").is_none(), !reasons.is_empty());
            assert!(study.contender("a").is_some(), "a contender is built");
            reasons.get("lib").cloned().unwrap_or_default()
        };
        assert_eq!(left_out(&["lib", "adapters.lib"]), "");
        assert!(left_out(&["adapters.lib"]).starts_with("lib is not installed: `make peers`"));
        assert!(left_out(&["lib"]).contains("adapter adapters.lib is not installed"));
    }

    #[test]
    fn a_colour_stays_when_others_are_left_out_and_a_rare_variant_inherits_its_own() {
        let mut study = load(SMALL).unwrap();
        let mut optional = study.contenders[1].clone();
        optional.name = "optional".to_owned();
        optional.optional = true;
        optional.variant_of = Some(study.contenders[1].name.clone());
        study.contenders.insert(0, optional);
        study.paint();
        let colours = |study: &Study| -> Vec<Option<usize>> {
            study.contenders.iter().map(|c| c.colour).collect()
        };
        let all = colours(&study);
        assert_eq!(all[..3], [Some(1), Some(0), Some(1)]);
        study.contenders.remove(1);
        study.paint();
        assert_eq!(colours(&study)[..2], [Some(1), Some(1)]);
    }

    /// What `--only` and `--filter` leave of a study with a contender `c` that is optional and has the
    /// cases `own/` alone, and whose summary is `g/x-1`.
    fn narrowed(only: &[&str], filter: Option<&str>) -> Study {
        let c = "[[contender]]\nname = \"c\"\ntitle = \"C\"\nfolder = \"c\"\nmodule = \"c\"\n\
                 optional = true\ncases = \"own/\"\n\
                 [[case]]\nname = \"own/case\"\nabout = \"c's own\"\ncall = \"f(3)\"\n\
                 except = [\"a\", \"b\"]\nexpect = \"3\"\n";
        let text = SMALL.replace("seed = 1", "seed = 1\nsummary = [\"g/x-1\"]") + c;
        let mut study = load(&text).unwrap();
        let only: Vec<String> = only.iter().map(|&name| name.to_owned()).collect();
        let filter = filter.map(|pattern| Regex::new(pattern).unwrap());
        study.narrow(&only, filter.as_ref(), None).unwrap();
        study
    }

    #[test]
    fn what_was_named_is_shown() {
        let shown = |study: &Study| {
            let contenders = study.contenders.iter().filter(|c| study.shows(c));
            let contenders = contenders.map(|c| c.name.as_str());
            let cases = study.in_short().into_iter().map(|c| c.name.as_str());
            contenders.chain(cases).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(&narrowed(&[], None)), "a b g/x-1");
        assert_eq!(shown(&narrowed(&["c"], None)), "a b c g/x-1 own/case");
        assert_eq!(shown(&narrowed(&["b"], None)), "a b g/x-1");
        assert_eq!(shown(&narrowed(&[], Some("y"))), "a b g/y-1 g/y-2");
        // A record keeps it; of what was not named it says nothing.
        let text = |study: &Study| serde_json::to_string(study).unwrap();
        let named = narrowed(&["c"], Some("own"));
        let again: Study = serde_json::from_str(&text(&named)).unwrap();
        assert_eq!(again.named, named.named);
        assert!(!text(&narrowed(&[], None)).contains("named"));
        let error = load(&format!("{SMALL}\n[named]\ncontenders = [\"b\"]")).unwrap_err();
        assert!(error.to_string().contains("a key of records"), "{error}");
    }

    #[test]
    fn narrowing_keeps_the_reference_and_the_baseline() {
        let mut study = load(SMALL).unwrap();
        study
            .narrow(&["a".to_owned()], Some(&Regex::new("x-").unwrap()), None)
            .unwrap();
        assert_eq!(study.contenders.len(), 2);
        assert_eq!(study.cases.len(), 2);
        assert!(study.narrow(&["z".to_owned()], None, None).is_err());
        assert!(
            study
                .narrow(&[], Some(&Regex::new("nothing").unwrap()), None)
                .is_err()
        );
        let skip = |pattern: &str| {
            let mut study = load(SMALL).unwrap();
            study
                .narrow(&[], None, Some(&Regex::new(pattern).unwrap()))
                .map(|()| study.cases.len())
        };
        assert_eq!(skip("x-").unwrap(), 2);
        assert_eq!(skip("nothing").unwrap(), 4);
        assert!(skip(".").is_err());
    }
}
