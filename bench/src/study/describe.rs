//! What a study says in short, made whole: after this every contender says all of itself.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::files::Place;
use super::{Contender, Edits, LinePatterns, Study, expand, parts};

/// What contenders have in common that are built in the same way. A contender that names it takes
/// from here what it does not say itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuiltWith {
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    dependency_cache: Option<String>,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    tools: Vec<String>,
    #[serde(default)]
    build_tools: Vec<String>,
    /// `{module}` is that of the contender.
    #[serde(default)]
    fetch: Vec<String>,
    #[serde(default)]
    lines: LinePatterns,
    #[serde(default)]
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
    #[serde(default)]
    colour: Option<usize>,
}

impl Study {
    /// Fills in what files leave out, makes contenders of peers and cases of their parameters.
    pub(super) fn resolve(&mut self, places: &BTreeMap<String, Vec<Place>>) -> Result<()> {
        self.locate(places)?;
        self.describe(places.get("contender").map_or(&[], Vec::as_slice))?;
        for peer in std::mem::take(&mut self.peers) {
            ensure!(
                !peer.distributions.is_empty(),
                "{}: the peer {} names no distribution",
                self.at("contender", &peer.name),
                peer.name
            );
            self.contenders.push(Contender::from(peer));
        }
        let mut cases = Vec::new();
        for (index, case) in std::mem::take(&mut self.cases).iter().enumerate() {
            let place = places.get("case").and_then(|places| places.get(index));
            let at = || place.map_or_else(|| case.name.clone(), Place::to_string);
            let of_case = expand(case).with_context(at)?;
            for case in &of_case {
                self.note("case", &case.name, place)?;
            }
            cases.extend(of_case);
        }
        self.cases = cases;
        for contender in &mut self.contenders {
            parts::narrow(contender, &self.checks, &self.cases, &self.header.parts);
        }
        Ok(())
    }

    /// Notes where everything stands that has a name.
    fn locate(&mut self, places: &BTreeMap<String, Vec<Place>>) -> Result<()> {
        fn names<T>(items: &[T], name: impl Fn(&T) -> &String) -> Vec<String> {
            items.iter().map(|item| name(item).clone()).collect()
        }
        for (list, kind, names) in [
            (
                "contender",
                "contender",
                names(&self.contenders, |c| &c.name),
            ),
            ("peer", "contender", names(&self.peers, |p| &p.name)),
            ("check", "check", names(&self.checks, |c| &c.name)),
            ("regime", "regime", names(&self.regimes, |r| &r.name)),
            ("outcome", "outcome", names(&self.outcomes, |o| &o.name)),
            ("table", "table", names(&self.tables, |t| &t.name)),
            ("chart", "chart", names(&self.charts, |c| &c.file)),
            (
                "toolchain",
                "toolchain",
                names(&self.toolchains, |t| &t.name),
            ),
            ("mistake", "mistake", names(&self.mistakes, |m| &m.name)),
            ("gate", "gate", numbers(self.gates.len())),
            ("goal", "goal", numbers(self.goals.len())),
        ] {
            let places = places.get(list).into_iter().flatten();
            for (name, place) in names.iter().zip(places) {
                self.note(kind, name, Some(place))?;
            }
        }
        Ok(())
    }

    fn note(&mut self, kind: &'static str, name: &str, place: Option<&Place>) -> Result<()> {
        let place = place.map(Place::to_string).unwrap_or_default();
        let other = self.places.insert((kind, name.to_owned()), place.clone());
        ensure!(
            other.is_none(),
            "{place}: {kind}s: the name '{name}' is used twice, first in {}",
            other.unwrap_or_default()
        );
        Ok(())
    }

    /// The file and the line where something stands.
    pub(super) fn at(&self, kind: &'static str, name: &str) -> String {
        let place = self.places.get(&(kind, name.to_owned()));
        place.cloned().unwrap_or_else(|| format!("{kind} {name}"))
    }

    fn describe(&mut self, places: &[Place]) -> Result<()> {
        let root = self.root();
        for (contender, place) in self.contenders.iter_mut().zip(places) {
            describe(contender, &root, &place.path, &self.built_with)
                .with_context(|| place.to_string())?;
            for (mistake, reason) in &contender.cannot {
                let of_name = self.mistakes.iter_mut().find(|m| m.name == *mistake);
                let of_name = of_name.with_context(|| {
                    format!(
                        "{place}: {} says that it cannot have the mistake '{mistake}', and there is none",
                        contender.name
                    )
                })?;
                let name = contender.name.clone();
                of_name.cannot.insert(name, reason.clone());
            }
        }
        Ok(())
    }
}

/// What is named by nothing but its place in the list.
fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|index| index.to_string()).collect()
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
        "{} has `distributions`, so it is a `[[peer]]`",
        contender.name
    );
    if contender.folder.is_empty() {
        let file = file.canonicalize()?;
        let folder = file.parent().and_then(|path| path.strip_prefix(root).ok());
        let folder = folder.and_then(Path::to_str).unwrap_or_default();
        ensure!(
            !folder.is_empty(),
            "{} has no `folder`, and this file lies in none below the root",
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
        take(contender, way);
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
fn take(contender: &mut Contender, way: &BuiltWith) {
    let fetch = way.fetch.iter();
    let fetch = fetch.map(|word| word.replace("{module}", &contender.module));
    let fetch: Vec<_> = fetch.collect();
    let lists = [
        (&mut contender.sources, &way.sources),
        (&mut contender.languages, &way.languages),
        (&mut contender.tools, &way.tools),
        (&mut contender.build_tools, &way.build_tools),
        (&mut contender.fetch, &fetch),
    ];
    let of_lines = contender.lines.each_mut().into_iter();
    for (own, common) in lists.into_iter().chain(of_lines.zip(way.lines.each())) {
        if own.is_empty() {
            own.clone_from(common);
        }
    }
    let cache = &way.dependency_cache;
    contender.dependency_cache = contender.dependency_cache.take().or(cache.clone());
    let edit = &mut contender.edit;
    edit.kernel = edit.kernel.take().or(way.edit.kernel.clone());
    edit.glue = edit.glue.take().or(way.edit.glue.clone());
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
            equal_work: false,
            // Nothing is built, and what repeats the work is of no interest to its users.
            floors: false,
            folder: String::new(),
            variant_of: None,
            built_with: None,
            parts: None,
            nickname: None,
            conformance: toml::Table::new(),
            build: Vec::new(),
            sources: Vec::new(),
            dependency_cache: None,
            lines: LinePatterns::default(),
            kernel: String::new(),
            binding: String::new(),
            naive: false,
            oldest_python: String::new(),
            languages: Vec::new(),
            tools: Vec::new(),
            build_tools: Vec::new(),
            fetch: Vec::new(),
            edit: Edits::default(),
            cannot: BTreeMap::new(),
            colour: peer.colour,
        }
    }
}
