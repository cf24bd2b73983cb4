//! What does not fit together in a study, named.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use regex::Regex;

use super::files::EntryLines;
use super::{
    Case, ChartKind, ChartSpec, Contender, Gate, Goal, Profile, Regime, Study, TableKind, TableSpec,
};
use crate::analysis::interval::FEWEST_BLOCKS;

/// What a chart may trade for speed.
const TRADED: [&str; 4] = ["glue", "written", "build", "size"];

impl Study {
    pub(super) fn validate(&self, lines: &EntryLines) -> Result<()> {
        let each = Each(lines);
        each.fits(
            "contender",
            &self.contenders,
            |c| Some(&c.name),
            |c| self.contender_fits(c),
        )?;
        each.fits(
            "case",
            &self.cases,
            |c| Some(&c.name),
            |c| self.case_fits(c),
        )?;
        let contenders = self.contenders.iter().map(|c| &c.name);
        unique(contenders.chain(self.cases.iter().map(|c| &c.name)))?;
        each.fits(
            "check",
            &self.checks,
            |c| Some(&c.name),
            |check| {
                self.are_contenders(
                    check.raises.keys(),
                    &format!("raises of check {}", check.name),
                )
            },
        )?;
        each.fits(
            "outcome",
            &self.outcomes,
            |o| Some(&o.name),
            |outcome| {
                self.are_contenders(&outcome.contenders, &format!("outcome {}", outcome.name))
            },
        )?;
        each.fits("gate", &self.gates, |_| None, |gate| self.gate_fits(gate))?;
        each.fits(
            "regime",
            &self.regimes,
            |r| Some(&r.name),
            |r| self.regime_fits(r),
        )?;
        each.fits(
            "chart",
            &self.charts,
            |c| Some(&c.file),
            |chart| {
                self.chart_fits(chart)
                    .with_context(|| format!("chart {}", chart.file))
            },
        )?;
        each.fits(
            "table",
            &self.tables,
            |t| Some(&t.name),
            |table| {
                self.table_fits(table)
                    .with_context(|| format!("table {}", table.name))
            },
        )?;
        each.fits(
            "goal",
            &self.goals,
            |_| None,
            |goal| {
                self.goal_fits(goal)
                    .with_context(|| format!("the goal for {}", goal.work))
            },
        )?;
        each.fits(
            "toolchain",
            &self.toolchains,
            |t| Some(&t.name),
            |toolchain| {
                self.are_contenders(
                    &toolchain.contenders,
                    &format!("toolchain {}", toolchain.name),
                )
            },
        )?;
        each.fits(
            "mistake",
            &self.mistakes,
            |m| Some(&m.name),
            |mistake| {
                self.are_contenders(mistake.cannot.keys(), &format!("mistake {}", mistake.name))
            },
        )?;
        self.names_fit()?;
        self.header_fits()?;
        for (name, profile) in &self.profiles {
            measures(profile).with_context(|| format!("profile {name}"))?;
        }
        self.guide_fits().context("guide")?;
        self.effort_fits()?;
        self.are_contenders(
            self.criterion.iter().map(|c| &c.contender),
            "criterion.contender",
        )
    }

    fn header_fits(&self) -> Result<()> {
        self.is_contender(&self.header.reference, "study.reference")?;
        self.is_contender(&self.header.baseline, "study.baseline")?;
        for name in self.header.summary.iter().chain(&self.header.loop_case) {
            ensure!(
                self.case(name).is_some(),
                "the study's header names '{name}', which is not a case"
            );
        }
        Ok(())
    }

    fn regime_fits(&self, regime: &Regime) -> Result<()> {
        let Some(headline) = &regime.headline else {
            return Ok(());
        };
        let case = self.case(headline);
        ensure!(
            case.is_some_and(|case| case.group() == regime.name),
            "regime {}: its headline {headline} is not one of its cases",
            regime.name
        );
        Ok(())
    }

    fn is_contender(&self, name: &str, by: &str) -> Result<()> {
        ensure!(
            self.contender(name).is_some(),
            "{by} names '{name}', which is not a contender"
        );
        Ok(())
    }

    fn are_contenders<'a>(
        &self,
        names: impl IntoIterator<Item = &'a String>,
        by: &str,
    ) -> Result<()> {
        let mut names = names.into_iter();
        names.try_for_each(|name| self.is_contender(name, by))
    }

    fn contender_fits(&self, contender: &Contender) -> Result<()> {
        let name = &contender.name;
        self.are_contenders(&contender.variant_of, &format!("variant_of of {name}"))?;
        for part in contender.parts.iter().flatten() {
            ensure!(
                self.header.parts.contains(part),
                "{name} has the part '{part}', which is not one of the study's `parts`"
            );
        }
        ensure!(
            contender.parts.is_none() || *name != self.header.reference,
            "{name} is the reference, so it has every part of the contract: leave `parts` out"
        );
        for check in contender.checks.iter().flatten() {
            ensure!(
                self.checks.iter().any(|c| c.name == *check),
                "{name} names '{check}', which is not a check"
            );
        }
        ensure!(
            contender.checks.is_none() || *name != self.header.reference,
            "{name} is the reference, so it takes every check: leave `checks` out"
        );
        ensure!(
            contender.equal_work || (!contender.cases.is_empty() && contender.checks.is_some()),
            "{name} does not do equal work, so it names its `cases` and its `checks`"
        );
        let special = [&self.header.reference, &self.header.baseline].contains(&name);
        ensure!(
            contender.equal_work || !special,
            "{name} does not do equal work, so it cannot be the reference or the baseline"
        );
        ensure!(
            !contender.naive || contender.variant_of.is_some(),
            "{name}: `naive` needs `variant_of`, the contender that an expert wrote"
        );
        Ok(())
    }

    fn effort_fits(&self) -> Result<()> {
        ensure!(
            self.mistakes.is_empty() || self.effort.mistakes.is_some(),
            "the study has mistakes, so `[effort.mistakes]` must say how to build and run them"
        );
        for audit in &self.effort.audits {
            Regex::new(&audit.tags)
                .and_then(|_| Regex::new(&audit.finding))
                .with_context(|| format!("audit {}", audit.name))?;
        }
        Ok(())
    }

    fn case_fits(&self, case: &Case) -> Result<()> {
        let by = format!("case {}", case.name);
        self.are_contenders(case.contenders.iter().chain(&case.except), &by)?;
        for name in case.calls.keys() {
            self.is_contender(name, &format!("{by}: `calls`"))?;
            ensure!(
                case.applies_to(name) && !case.except.contains(name),
                "{by}: `calls` names '{name}', which takes no part in it"
            );
        }
        let group = case.group();
        ensure!(
            self.regimes.is_empty() || self.regimes.iter().any(|r| r.name == group),
            "{by}: there is no regime '{group}'"
        );
        Ok(())
    }

    fn gate_fits(&self, gate: &Gate) -> Result<()> {
        let by = format!("the gate of {}", gate.case);
        self.is_contender(&gate.contender, &by)?;
        ensure!(
            self.case(&gate.case).is_some(),
            "{by}: there is no such case"
        );
        Ok(())
    }

    fn chart_fits(&self, chart: &ChartSpec) -> Result<()> {
        let draws = |kinds: &[TableKind]| {
            let named = |table: &&TableSpec| chart.table.as_ref() == Some(&table.name);
            let mut named = self.tables.iter().filter(named);
            named.any(|table| kinds.contains(&table.kind))
        };
        match chart.kind {
            ChartKind::Lines => ensure!(
                chart.x.is_some(),
                "a chart of lines needs `x`, the parameter of its axis"
            ),
            ChartKind::HeatMap => ensure!(
                chart.x.is_some() && chart.y.is_some(),
                "a heat map needs `x` and `y`, the parameters of its axes"
            ),
            ChartKind::Bars => ensure!(
                draws(&[TableKind::Differences, TableKind::Parts]),
                "bars need `table`, a table of differences or of parts"
            ),
            ChartKind::Tuning => ensure!(
                draws(&[TableKind::Tuning]),
                "a chart of tuning needs `table`, a table of tuning"
            ),
            ChartKind::Ladder => ensure!(
                draws(&[TableKind::Ladder]),
                "a ladder needs `table`, a table of kind ladder"
            ),
            ChartKind::TradeOff => ensure!(
                chart
                    .x
                    .as_ref()
                    .is_some_and(|x| TRADED.contains(&x.as_str())),
                "a trade-off needs `x`, one of {}",
                TRADED.join(", ")
            ),
            _ => {}
        }
        self.are_contenders(&chart.contenders, "it")?;
        Regex::new(&chart.cases)?;
        Ok(())
    }

    /// Advice that rests on nothing would be worse than none.
    fn guide_fits(&self) -> Result<()> {
        let guide = &self.guide;
        if guide.contenders.is_empty() {
            return Ok(());
        }
        for name in &guide.contenders {
            self.is_contender(name, "it")?;
            ensure!(
                self.contender(name).is_some_and(|c| c.equal_work),
                "{name} does not do equal work, so the guide cannot recommend it"
            );
        }
        for speed in &guide.speed {
            ensure!(
                self.case(speed).is_some_and(|case| case.floor.is_some()),
                "`speed` names cases with a floor, not {speed:?}"
            );
        }
        for data in &guide.data {
            for name in data.plus.iter().chain(&data.minus) {
                ensure!(
                    name == "loop" || self.case(name).is_some(),
                    "{}: there is no case {name}",
                    data.name
                );
            }
        }
        Ok(())
    }

    fn table_fits(&self, table: &TableSpec) -> Result<()> {
        ensure!(
            table.kind != TableKind::Variants || !table.contenders.is_empty(),
            "it needs `contenders`, the variants that it is about"
        );
        self.are_contenders(&table.contenders, "it")?;
        let (x, y) = match table.kind {
            TableKind::Slopes => (true, false),
            TableKind::BreakEven => (true, true),
            _ => (false, false),
        };
        ensure!(
            (!x || table.x.is_some()) && (!y || table.y.is_some()),
            "it needs `x`, the parameter along which it is computed{}",
            if y {
                ", and `y`, the parameter of its rows"
            } else {
                ""
            }
        );
        for name in table
            .parts
            .iter()
            .flat_map(|p| p.plus.iter().chain(&p.minus))
        {
            let special = ["self", "floor", "loop"].contains(&name.as_str());
            // Where a parameter is to be filled in, some cases may lack it.
            ensure!(
                special || name.contains('{') || self.case(name).is_some(),
                "its parts name '{name}', which is not a case"
            );
        }
        Regex::new(&table.cases)?;
        self.steps_fit(table)
    }

    fn steps_fit(&self, table: &TableSpec) -> Result<()> {
        ensure!(
            (table.kind == TableKind::Ladder) != table.steps.is_empty(),
            "a ladder needs `steps`, and no other table has them"
        );
        unique(table.steps.iter().map(|step| &step.title)).context("steps")?;
        for (index, step) in table.steps.iter().enumerate() {
            let by = format!("its step '{}'", step.title);
            self.is_contender(&step.contender, &by)?;
            let Some(case) = self.case(&step.case) else {
                bail!("{by} names '{}', which is not a case", step.case);
            };
            ensure!(
                case.applies_to(&step.contender) && !case.except.contains(&step.contender),
                "{by}: {} takes no part in {}",
                step.contender,
                step.case
            );
            ensure!(
                step.over.is_none() || table.step_before(index).is_some(),
                "{by}: `over` must be the title of an earlier step"
            );
        }
        Ok(())
    }

    fn goal_fits(&self, goal: &Goal) -> Result<()> {
        self.are_contenders(goal.against.iter().chain([&goal.contender]), "it")?;
        let pattern = Regex::new(&goal.cases)?;
        ensure!(
            self.cases.iter().any(|case| pattern.is_match(&case.name)),
            "no case has a name like {}",
            goal.cases
        );
        ensure!(goal.at_least > 0.0, "`at_least` is a factor, such as 2.0");
        Ok(())
    }
}

/// Whether anything can be measured by a profile.
pub fn measures(profile: &Profile) -> Result<()> {
    ensure!(
        profile.blocks > 0 && profile.rounds > 0,
        "`blocks` and `rounds` must be at least 1"
    );
    ensure!(
        profile.width.is_none_or(|width| width > 0.0 && width < 1.0),
        "`width` is a fraction, such as 0.02 for ±2 %"
    );
    ensure!(
        profile.effort_repeats > 0 && profile.effort_minutes >= 0.0,
        "`effort_repeats` is at least 1, and `effort_minutes` at least 0"
    );
    ensure!(
        profile.width.is_none() || profile.blocks as usize >= FEWEST_BLOCKS,
        "a `width` needs at least {FEWEST_BLOCKS} blocks to begin with"
    );
    Ok(())
}

/// Looks at every entry of a list, and says of one that is wrong where it stands.
struct Each<'a>(&'a EntryLines);

impl Each<'_> {
    /// Whether each entry fits, and no name is used twice.
    fn fits<T>(
        &self,
        list: &str,
        entries: &[T],
        name: impl Fn(&T) -> Option<&String>,
        fits: impl Fn(&T) -> Result<()>,
    ) -> Result<()> {
        let mut seen = BTreeMap::new();
        for (entry, line) in entries.iter().zip(self.0.of(list)) {
            if let Some(name) = name(entry)
                && let Some(other) = seen.insert(name, line)
            {
                bail!("{line}: {list}s: the name '{name}' is used twice, first in {other}");
            }
            fits(entry).with_context(|| line.to_string())?;
        }
        Ok(())
    }
}

fn unique<'a>(names: impl Iterator<Item = &'a String>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for name in names {
        ensure!(seen.insert(name), "the name '{name}' is used twice");
    }
    Ok(())
}
