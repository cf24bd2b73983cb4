//! What a study says in short, made whole: after this every contender says all of itself.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use regex::Regex;
use serde::Deserialize;

use super::cases::expand;
use super::files::EntryLines;
use super::{Contender, Edits, LinePatterns, Study, parts};

/// What contenders have in common that are built in the same way. A contender that names it takes
/// from here what it does not say itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BuiltWith {
    sources: Vec<String>,
    dependency_cache: Option<String>,
    languages: Vec<String>,
    tools: Vec<String>,
    build_tools: Vec<String>,
    /// `{module}` is that of the contender.
    fetch: Vec<String>,
    lines: LinePatterns,
    edit: Edits,
}

/// A library that others install for the same job. It is measured and not built.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    name: String,
    title: String,
    /// The adapter that is imported: it gives the library's functions the names that cases call.
    module: String,
    /// What pip calls the library, and whatever else it consists of.
    distributions: Vec<String>,
    cases: String,
    checks: Vec<String>,
    #[serde(default)]
    may_change: Vec<String>,
    colour: Option<usize>,
}

impl Study {
    /// Fills in what files leave out, makes contenders of peers and cases of their parameters.
    pub(super) fn resolve(&mut self, lines: &mut EntryLines) -> Result<()> {
        let root = self.root();
        for (contender, line) in self.contenders.iter_mut().zip(lines.of("contender")) {
            describe(contender, &root, &line.path, &self.built_with)
                .with_context(|| line.to_string())?;
            for (mistake, reason) in &contender.cannot {
                let of_name = self.mistakes.iter_mut().find(|m| m.name == *mistake);
                let of_name = of_name.with_context(|| {
                    format!(
                        "{line}: {} says that it cannot have the mistake '{mistake}', and the study has no such mistake",
                        contender.name
                    )
                })?;
                let name = contender.name.clone();
                of_name.cannot.insert(name, reason.clone());
            }
        }
        for (peer, line) in std::mem::take(&mut self.peers)
            .into_iter()
            .zip(lines.take("peer"))
        {
            ensure!(
                !peer.distributions.is_empty(),
                "{line}: the peer {} names no distribution",
                peer.name
            );
            self.contenders.push(Contender::from(peer));
            lines.add("contender", line);
        }
        for (case, line) in std::mem::take(&mut self.cases)
            .iter()
            .zip(lines.take("case"))
        {
            for case in expand(case).with_context(|| line.to_string())? {
                self.cases.push(case);
                lines.add("case", line.clone());
            }
        }
        for contender in &mut self.contenders {
            parts::narrow(contender, &self.checks, &self.cases, &self.header.parts);
        }
        Ok(())
    }

    /// Gives a colour to each contender that has none. What is always measured gets the colours in
    /// turn; what is optional is a variant, and gets that of what it is a variant of.
    pub(super) fn paint(&mut self) {
        let common = self.contenders.iter_mut().filter(|c| !c.optional);
        for (number, contender) in common.enumerate() {
            contender.colour.get_or_insert(number);
        }
        let painted = self.contenders.clone();
        for contender in &mut self.contenders {
            let of = |c: &&Contender| Some(&c.name) == contender.variant_of.as_ref();
            let inherited = painted.iter().find(of).and_then(|other| other.colour);
            contender.colour = contender.colour.or(inherited);
        }
    }

    /// Works out which contenders each case applies to.
    pub(super) fn assign(&mut self) -> Result<()> {
        let mut able = Vec::new();
        for contender in &self.contenders {
            let pattern = Regex::new(&contender.cases)
                .with_context(|| format!("cases of {}", contender.name))?;
            able.push((contender, pattern));
        }
        for case in &mut self.cases {
            let able = able.iter().filter(|(contender, pattern)| {
                let name = &contender.name;
                case.applies_to(name)
                    && !case.except.contains(name)
                    && pattern.is_match(&case.name)
                    && contender.has(&parts::of_case(case, name, &self.header.parts))
            });
            case.contenders = able.map(|(contender, _)| contender.name.clone()).collect();
            ensure!(
                !case.contenders.is_empty(),
                "case {}: no contender takes part in it",
                case.name
            );
            ensure!(
                case.expect.is_some() || case.applies_to(&self.header.reference),
                "case {}: the reference takes no part in it, so it needs `expect`, the right answer",
                case.name
            );
        }
        Ok(())
    }
}

/// Says of a contender all that its file, and where that lies, leave to be known.
fn describe(
    contender: &mut Contender,
    root: &Path,
    file: &Path,
    ways: &BTreeMap<String, BuiltWith>,
) -> Result<()> {
    ensure!(
        !contender.is_peer(),
        "{} has `distributions`, so it must be a `[[peer]]`",
        contender.name
    );
    if contender.folder.is_empty() {
        let file = file.canonicalize()?;
        let folder = file.parent().and_then(|path| path.strip_prefix(root).ok());
        let folder = folder.and_then(Path::to_str).unwrap_or_default();
        ensure!(
            !folder.is_empty(),
            "{} needs a `folder`, because this file is not in a folder below the root",
            contender.name
        );
        folder.clone_into(&mut contender.folder);
    }
    if let Some(name) = &contender.built_with {
        let way = ways.get(name).with_context(|| {
            let known: Vec<_> = ways.keys().map(String::as_str).collect();
            format!(
                "{}: `built_with` names '{name}'; the study has {}",
                contender.name,
                known.join(", ")
            )
        })?;
        take(contender, way.clone());
    }
    let folder = contender.folder.clone();
    let own = |path: &mut String| {
        if let Some(inside) = path.strip_prefix("./") {
            *path = format!("{folder}/{inside}");
        }
    };
    contender.sources.iter_mut().for_each(own);
    let edits = [&mut contender.edit.kernel, &mut contender.edit.glue];
    edits
        .into_iter()
        .flatten()
        .for_each(|edit| own(&mut edit.file));
    for patterns in contender.lines.each_mut() {
        for pattern in patterns {
            if pattern.starts_with("./") {
                own(pattern);
                pattern.insert(0, '/');
            }
        }
    }
    Ok(())
}

/// Takes what a contender does not say itself.
fn take(contender: &mut Contender, mut way: BuiltWith) {
    for word in &mut way.fetch {
        *word = word.replace("{module}", &contender.module);
    }
    let lists = [
        (&mut contender.sources, way.sources),
        (&mut contender.languages, way.languages),
        (&mut contender.tools, way.tools),
        (&mut contender.build_tools, way.build_tools),
        (&mut contender.fetch, way.fetch),
        (&mut contender.lines.kernel, way.lines.kernel),
        (&mut contender.lines.glue, way.lines.glue),
        (&mut contender.lines.configuration, way.lines.configuration),
        (&mut contender.lines.stubs, way.lines.stubs),
        (&mut contender.lines.generated, way.lines.generated),
    ];
    for (own, common) in lists {
        if own.is_empty() {
            *own = common;
        }
    }
    let Contender {
        dependency_cache,
        edit,
        ..
    } = contender;
    *dependency_cache = dependency_cache.take().or(way.dependency_cache);
    edit.kernel = edit.kernel.take().or(way.edit.kernel);
    edit.glue = edit.glue.take().or(way.edit.glue);
}

impl From<Peer> for Contender {
    fn from(peer: Peer) -> Self {
        Self {
            own_site: false,
            site: None,
            name: peer.name,
            title: peer.title,
            module: peer.module,
            distributions: peer.distributions,
            cases: peer.cases,
            checks: Some(peer.checks),
            may_change: peer.may_change,
            optional: true,
            colour: peer.colour,
            // It is not built, does other work, and has no function that repeats the work.
            ..Self::default()
        }
    }
}
