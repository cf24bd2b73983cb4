//! The stages of `build`: what is measured, in which order, and as far as there is time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use super::values::{Builds, Effort, Start, Surroundings, TriedInterpreter, Unchecked};
use crate::admission::installed;
use crate::cli::{Build, Common};
use crate::code::Language;
use crate::effort::builds::{Sequence, empty, like, missing};
use crate::effort::first_call::{fetch, first_call};
use crate::effort::install::install;
use crate::effort::interpreters::{Workshop, discover};
use crate::effort::mistakes::Trial;
use crate::effort::shipped::{self, only_wheel};
use crate::effort::unless_interrupted;
use crate::files::{hash, redact};
use crate::output::note;
use crate::progress::{Progress, seconds};
use crate::session::Session;
use crate::sources::{count_lines, folder_hash, matching, source_hash};
use crate::state::Built;
use crate::study::{Contender, LinePatterns, Profile, Toolchain};

/// What builds on one processor are taken to cost, in the same builds on all.
const ONE_PROCESSOR: f64 = 2.0;

/// What is built and measured, and what is known so far. It is saved after each step.
pub struct Work<'a> {
    session: &'a Session,
    profile_name: &'a str,
    profile: Profile,
    again: bool,
    install_only: bool,
    built: BTreeMap<String, Built>,
    around: Surroundings,
    /// Seconds that builds have taken.
    spent: f64,
    /// Whether nothing failed that should not fail.
    pub fine: bool,
}

impl<'a> Work<'a> {
    pub fn begin(session: &'a Session, common: &'a Common, options: &Build) -> Result<Self> {
        let mut around = session.state.surroundings()?;
        if !options.install_only {
            around.no_time.clear();
        }
        if options.again {
            around.empty_package.clear();
        }
        Ok(Self {
            session,
            profile_name: common.profile(),
            profile: session.study.profile(common.profile())?,
            again: options.again,
            install_only: options.install_only,
            built: session.state.built()?,
            around,
            spent: 0.0,
            fine: true,
        })
    }

    /// Whether builds are made that have no other purpose.
    pub fn measuring(&self) -> bool {
        !self.install_only
            && (self.profile.effort_minutes > 0.0
                || self.profile.elsewhere
                || self.profile.mistake_runs > 0)
    }

    /// Whether there is time for builds that will take about so many seconds.
    fn has_time(&self, seconds: f64) -> bool {
        self.spent + seconds <= self.profile.effort_minutes * 60.0
    }

    fn no_time_for(&mut self, what: String) {
        note(&format!(
            "no time for {what}: the profile gives builds {} minutes",
            self.profile.effort_minutes
        ));
        if !self.around.no_time.contains(&what) {
            self.around.no_time.push(what);
        }
    }

    fn place(&self, contender: &Contender, what: &str) -> PathBuf {
        let name = contender.name.replace('/', "-");
        self.session
            .state
            .folder
            .join("build")
            .join(name)
            .join(what)
    }

    fn wheel(&self, contender: &Contender) -> Result<PathBuf> {
        only_wheel(&self.place(contender, "wheel"))
    }

    fn sequence<'s>(&self, contender: &'s Contender, what: &str) -> Sequence<'s>
    where
        'a: 's,
    {
        Sequence {
            session: self.session,
            contender,
            python: &self.session.python,
            toolchain: None,
            cores: None,
            place: self.place(contender, what),
            cache: None,
        }
    }

    /// The builds of which one is installed. What they have compiled stays for those that are
    /// measured later, and for the contender's variants.
    fn installing<'s>(&self, contender: &'s Contender) -> Sequence<'s>
    where
        'a: 's,
    {
        let session = self.session;
        let caches = || session.state.folder.join("build/cache");
        let owner = match &contender.variant_of {
            Some(base) if !self.is_measured_alone(contender) => base,
            _ => &contender.name,
        };
        Sequence {
            cache: Some(caches().join(owner.replace('/', "-"))),
            ..self.sequence(contender, "release")
        }
    }

    /// Whether the build that is installed is made from nothing, so that it can be measured. A
    /// variant shares what its origin has compiled, unless the profile wants to know that, too.
    fn is_measured_alone(&self, contender: &Contender) -> bool {
        contender.dependency_cache.is_none()
            || contender.variant_of.is_none()
            || (self.profile.exhaustive && !self.install_only)
    }

    fn effort(&mut self, contender: &Contender) -> Option<&mut Effort> {
        match self.built.get_mut(&contender.name) {
            Some(Built::Installed { effort, .. }) => Some(effort),
            _ => None,
        }
    }

    fn save(&self) -> Result<()> {
        self.session.state.save_built(&self.built)?;
        self.session.state.save_surroundings(&self.around)
    }

    /// Notes what went wrong where the rest is done all the same; an interruption ends all.
    fn bear(&mut self, what: &str, outcome: Result<()>) -> Result<()> {
        if let Err(error) = unless_interrupted(outcome)? {
            let message = redact(&format!("{error:#}"), &self.session.study.root());
            note(&format!("{what}: FAILED: {message}"));
            self.fine = false;
        }
        Ok(())
    }

    /// Builds and installs every contender that has changed.
    pub fn contenders(&mut self) -> Result<()> {
        let session = self.session;
        let root = session.study.root();
        let present = installed(session)?;
        let contenders = &session.study.contenders;
        let mut progress = Progress::in_turn("build", contenders.len() as u64, "contender");
        let (mut done, mut installed) = (0, 0);
        for contender in contenders {
            let sources = source_hash(&root, contender)?;
            let of = match self.built.get(&contender.name) {
                Some(Built::Installed { sources, .. }) => Some(sources),
                _ => None,
            };
            if of == Some(&sources) && present.contains_key(&contender.name) && !self.again {
                progress.note(&format!(
                    "build {}: already built from the same sources",
                    contender.name
                ));
                progress.skip();
                continue;
            }
            progress.at(done, &contender.name);
            let began = Instant::now();
            let outcome = match unless_interrupted(self.build(contender))? {
                Err(error) => {
                    let message = redact(&format!("{error:#}"), &root);
                    progress.note(&format!("build {}: FAILED: {message}", contender.name));
                    Built::Failed { message }
                }
                Ok(effort) => {
                    installed += 1;
                    let fresh = effort.seconds();
                    let fresh =
                        fresh.map_or_else(String::new, |s| format!("{s:.1} s from nothing, "));
                    progress.note(&format!(
                        "build {}: {fresh}installed ({})",
                        contender.name,
                        seconds(began.elapsed())
                    ));
                    Built::Installed {
                        sources,
                        effort: Box::new(effort),
                    }
                }
            };
            done += 1;
            self.built.insert(contender.name.clone(), outcome);
            self.save()?;
        }
        progress.end(&format!(
            "{installed} of {} contenders built anew",
            contenders.len()
        ));
        Ok(())
    }

    /// Builds and installs one contender.
    fn build(&mut self, contender: &Contender) -> Result<Effort> {
        let began = Instant::now();
        let sequence = self.installing(contender);
        let mut builds = Vec::new();
        if self.is_measured_alone(contender) {
            sequence.build_from_nothing(&mut builds)?;
        } else {
            sequence.build_fresh_copy()?;
        }
        let wheel = empty(&self.place(contender, "wheel"))?;
        let built = only_wheel(&sequence.wheels())?;
        let wheel = wheel.join(built.file_name().context("a wheel has a name")?);
        fs::copy(&built, &wheel)?;
        let mut effort = look(contender, &sequence, &wheel)?;
        effort.builds = builds;
        install(
            self.session,
            &wheel,
            contender.site.as_deref(),
            &sequence.place.join("install.log"),
        )?;
        let _ = fs::remove_dir_all(&sequence.place);
        self.spent += began.elapsed().as_secs_f64();
        Ok(effort)
    }

    /// What is measured of the contenders that are installed, and stay so: their builds with nothing
    /// changed and after edits, if there is time for those of all of them; and what the study's tools
    /// say of their wheels.
    pub fn installed(&mut self) -> Result<()> {
        let all: Vec<&Contender> = self.session.study.contenders.iter().collect();
        let known = |contender: &Contender| match self.built.get(&contender.name) {
            Some(Built::Installed { effort, .. }) => Some(effort),
            _ => None,
        };
        let left: Vec<&Contender> = all
            .into_iter()
            .filter(|c| known(c).is_some_and(|effort| !self.is_measured(c, effort)))
            .collect();
        // Compiled dependencies are large, and are kept for these builds only.
        let caches = self.session.state.folder.join("build/cache");
        if left.is_empty() {
            let _ = fs::remove_dir_all(caches);
            return Ok(());
        }
        // What is built again takes about as long as what was built from nothing, all in all.
        let seconds = left.iter().filter_map(|c| known(c)?.seconds()).sum();
        let time = self.profile.effort_minutes > 0.0 && self.has_time(seconds);
        let mut progress = Progress::in_turn("builds after edits", left.len() as u64, "contender");
        for (done, contender) in left.iter().enumerate() {
            progress.at(done as u64, &contender.name);
            let Some(mut effort) = self.effort(contender).cloned() else {
                continue;
            };
            self.measure(contender, &mut effort, time)?;
            if let Some(known) = self.effort(contender) {
                *known = effort;
            }
            self.save()?;
        }
        progress.end("measured");
        let _ = fs::remove_dir_all(caches);
        Ok(())
    }

    /// Whether the profile wants to know no more of the builds of an installed contender.
    fn is_measured(&self, contender: &Contender, effort: &Effort) -> bool {
        let from_nothing = !effort.builds.is_empty() || !self.is_measured_alone(contender);
        from_nothing && (!self.measuring() || effort.profile == self.profile_name)
    }

    fn measure(&mut self, contender: &Contender, effort: &mut Effort, time: bool) -> Result<()> {
        let sequence = self.installing(contender);
        let what = format!("build {}", contender.name);
        let began = Instant::now();
        if effort.builds.is_empty() && self.is_measured_alone(contender) {
            let outcome = sequence.build_from_nothing(&mut effort.builds);
            self.bear(&what, outcome)?;
        }
        if self.measuring() {
            self.profile_name.clone_into(&mut effort.profile);
            fs::create_dir_all(&sequence.place)?;
            let log = sequence.place.join("audit.log");
            let audited = self
                .wheel(contender)
                .and_then(|wheel| shipped::audit(self.session, &wheel, &mut effort.shipped, &log));
            self.bear(&format!("the wheel of {}", contender.name), audited)?;
        }
        if time && self.is_measured_alone(contender) {
            let outcome = sequence
                .prepared(&mut effort.builds)
                .and_then(|()| sequence.own_code(&mut effort.builds))
                .and_then(|()| sequence.again(&mut effort.builds));
            self.bear(&what, outcome)?;
        }
        let _ = fs::remove_dir_all(&sequence.place);
        self.spent += began.elapsed().as_secs_f64();
        Ok(())
    }

    /// What pip itself takes, once more.
    fn empty_package(&mut self) -> Result<()> {
        let Some(folder) = &self.session.study.effort.empty_package else {
            return Ok(());
        };
        let nothing: Contender = toml::from_str(&format!(
            "name = 'empty package'\ntitle = 'empty package'\nfolder = '{folder}'\nmodule = ''"
        ))?;
        let sequence = self.sequence(&nothing, "release");
        let began = Instant::now();
        let mut builds = self.around.empty_package.clone();
        let outcome = sequence
            .fresh(&mut builds)
            .and_then(|()| sequence.again(&mut builds));
        self.spent += began.elapsed().as_secs_f64();
        self.bear("the empty package", outcome)?;
        self.around.empty_package = builds;
        self.save()
    }

    /// What has to be downloaded, and the way to a first call.
    pub fn downloads_and_first_calls(&mut self) -> Result<()> {
        if !self.profile.elsewhere {
            return Ok(());
        }
        let session = self.session;
        let contenders = &session.study.contenders;
        let mut progress = Progress::in_turn(
            "downloads and first calls",
            contenders.len() as u64,
            "contender",
        );
        for (done, contender) in contenders.iter().enumerate() {
            progress.at(done as u64, &contender.name);
            let again = self.again;
            let place = self.place(contender, "first");
            let steps = !session.study.effort.steps.is_empty() && contender.variant_of.is_none();
            let Some(effort) = self.effort(contender) else {
                continue;
            };
            if effort.fetched.is_none() || again {
                effort.fetched = Some(fetch(session, contender, &place)?);
            }
            if steps && (effort.first_call.is_none() || again) {
                effort.first_call = Some(first_call(session, contender, &place)?);
            }
            self.save()?;
        }
        progress.end("measured");
        Ok(())
    }

    /// Every contender on every interpreter.
    pub fn interpreters(&mut self) -> Result<()> {
        if !self.profile.elsewhere {
            return Ok(());
        }
        let session = self.session;
        let (interpreters, broken) = discover(session);
        for reason in broken {
            note(&format!("an interpreter that does not work: {reason}"));
            self.fine = false;
        }
        let names =
            |all: &[TriedInterpreter]| all.iter().map(|i| i.name.clone()).collect::<Vec<_>>();
        let same = names(&interpreters) == names(&self.around.interpreters);
        let contenders = &session.study.contenders;
        let total = (interpreters.len() * contenders.len()) as u64;
        let mut progress = Progress::in_turn("interpreters", total, "trial");
        let mut done = 0;
        for interpreter in &interpreters {
            let mut workshop = Workshop::new(session, interpreter);
            for contender in contenders {
                progress.at(done, &format!("{} on {}", contender.name, interpreter.name));
                let again = self.again || !same;
                let wheel = self.wheel(contender);
                let Some(effort) = self.effort(contender) else {
                    continue;
                };
                if effort.fits.contains_key(&interpreter.name) && !again {
                    progress.skip();
                    continue;
                }
                let fit = workshop.fit(contender, &wheel?, &effort.shipped)?;
                effort.fits.insert(interpreter.name.clone(), fit);
                done += 1;
                self.save()?;
            }
            workshop.clear();
        }
        progress.end(&format!("{} tried", interpreters.len()));
        for contender in contenders {
            let known = names(&interpreters);
            if let Some(effort) = self.effort(contender) {
                effort.fits.retain(|name, _| known.contains(name));
            }
        }
        self.around.interpreters = interpreters;
        let _ = fs::remove_dir_all(session.state.folder.join("interpreters/cache"));
        self.save()
    }

    /// The mistakes of the study, built and run.
    pub fn mistakes(&mut self) -> Result<()> {
        let session = self.session;
        let Some(plan) = &session.study.effort.mistakes else {
            return Ok(());
        };
        let runs = self.profile.mistake_runs;
        if runs == 0 {
            return Ok(());
        }
        let study = &session.study;
        let ways = study.contenders.iter();
        let ways = ways.filter(|c| c.variant_of.is_none());
        let contenders: Vec<&Contender> = ways.collect();
        let own = contenders.iter().map(|contender| contender.mistakes());
        let hashes: Vec<_> = own
            .chain([PathBuf::from(&plan.folder)])
            .map(|folder| folder_hash(&study.root().join(folder)))
            .collect::<Result<_>>()?;
        let identity = format!("{} x {runs}", hash(hashes.concat().as_bytes()));
        if self.around.mistakes_hash != identity || self.again {
            self.around.mistakes.clear();
            self.around.mistakes_hash = identity;
        }
        let total = (contenders.len() * session.study.mistakes.len()) as u64;
        let mut progress = Progress::in_turn("mistakes", total, "trial");
        let mut done = 0;
        for mistake in &session.study.mistakes {
            for contender in &contenders {
                progress.at(done, &format!("{}, {}", mistake.title, contender.name));
                let known = self
                    .around
                    .mistakes
                    .entry(mistake.name.clone())
                    .or_default();
                if known.contains_key(&contender.name) {
                    progress.skip();
                    continue;
                }
                done += 1;
                let trial = Trial {
                    session,
                    plan,
                    mistake,
                    contender,
                    place: session.state.folder.join("mistakes"),
                };
                known.insert(contender.name.clone(), trial.run(runs)?);
                self.save()?;
            }
        }
        let _ = fs::remove_dir_all(session.state.folder.join("mistakes"));
        progress.end("built and run");
        Ok(())
    }

    /// All builds, as often as the profile says and as far as there is time.
    ///
    /// They are made in rounds, each of which makes every build once, because the speed of a
    /// machine drifts: what is built three times in a row is measured in one of its moods, and
    /// what it is compared with in another.
    pub fn rounds(&mut self) -> Result<()> {
        if self.profile.effort_minutes <= 0.0 {
            return Ok(());
        }
        let session = self.session;
        // Optional contenders come last.
        let all = session.study.contenders.iter();
        let mut contenders: Vec<&Contender> = all.filter(|c| self.is_measured_alone(c)).collect();
        contenders.sort_by_key(|c| c.optional);
        let one = cfg!(target_os = "linux").then_some(1);
        let mut jobs: Vec<Job> = Vec::new();
        jobs.extend(contenders.iter().map(|c| (*c, None, None)));
        jobs.extend(
            contenders
                .iter()
                .filter_map(|c| Some((*c, None, Some(one?)))),
        );
        for toolchain in &session.study.toolchains {
            let of = contenders
                .iter()
                .filter(|c| toolchain.contenders.contains(&c.name));
            jobs.extend(of.map(|c| (*c, Some(toolchain), None)));
        }
        let rounds = self.profile.effort_repeats;
        let total = jobs.len() as u64 * u64::from(rounds);
        let mut progress = Progress::in_turn("rounds of builds", total, "build");
        let mut done = 0;
        for round in 0..rounds as usize {
            if times(&self.around.empty_package, None, None).is_some_and(|n| n <= round) {
                self.empty_package()?;
            }
            for job in &jobs {
                let (contender, toolchain, cores) = *job;
                let how = match (toolchain, cores) {
                    (Some(toolchain), _) => toolchain.name.as_str(),
                    (None, Some(_)) => "one processor",
                    (None, None) => "all processors",
                };
                let what = match round {
                    0 => format!("{}, {how}", contender.title),
                    _ => format!("{}, {how}, round {}", contender.title, round + 1),
                };
                progress.at(done, &what);
                done += 1;
                self.once_more(job, &what, round)?;
            }
        }
        progress.end("measured");
        Ok(())
    }

    /// Makes these builds if they were made in no more than `round` rounds so far.
    fn once_more(&mut self, job: &Job, what: &str, round: usize) -> Result<()> {
        let (contender, toolchain, cores) = *job;
        let name = toolchain.map(|t| t.name.as_str());
        let Some(effort) = self.effort(contender) else {
            return Ok(());
        };
        // What has failed once will fail again.
        if times(&effort.builds, name, cores).is_none_or(|n| n > round) {
            return Ok(());
        }
        let mut builds = effort.builds.clone();
        if let Some(reason) = toolchain.and_then(missing) {
            like(&mut builds, Start::Nothing, toolchain, cores).failed = Some(reason);
        } else {
            let all: f64 = builds
                .iter()
                .filter(|b| b.toolchain.is_none() && b.cores.is_none())
                .filter_map(|b| b.median(|cost| cost.seconds))
                .sum();
            let share = if cores.is_some() { ONE_PROCESSOR } else { 1.0 };
            if !self.has_time(all * share) {
                self.no_time_for(format!("builds of {what}"));
                return Ok(());
            }
            let mut sequence = self.sequence(contender, "rounds");
            (sequence.toolchain, sequence.cores) = (toolchain, cores);
            let began = Instant::now();
            let outcome = sequence.fresh(&mut builds).and_then(|()| {
                if toolchain.is_none() {
                    sequence.again(&mut builds)?;
                }
                Ok(())
            });
            self.spent += began.elapsed().as_secs_f64();
            // Compiled dependencies are large, and of no further use.
            let _ = fs::remove_dir_all(&sequence.place);
            self.bear(what, outcome)?;
        }
        if let Some(effort) = self.effort(contender) {
            effort.builds = builds;
        }
        self.save()
    }
}

/// One way to build one contender: with another toolchain than its own, or on so many processors.
type Job<'s> = (&'s Contender, Option<&'s Toolchain>, Option<u32>);

/// In how many rounds these builds were made; none when one of them failed.
fn times(builds: &[Builds], toolchain: Option<&str>, cores: Option<u32>) -> Option<usize> {
    let like = |b: &&Builds| b.toolchain.as_deref() == toolchain && b.cores == cores;
    if builds.iter().filter(like).any(|b| b.failed.is_some()) {
        return None;
    }
    // Edits are built with the contender's own toolchain alone.
    let last = match toolchain {
        None => Start::Unchanged,
        Some(_) => Start::Nothing,
    };
    let made = builds.iter().filter(like).find(|b| b.start == last);
    Some(made.map_or(0, |b| b.costs.len()))
}

/// What can be seen of a wheel and of the sources that it was built from.
fn look(contender: &Contender, sequence: &Sequence, wheel: &Path) -> Result<Effort> {
    let (extension_bytes, stripped_bytes) = shipped::extension_sizes(wheel, &sequence.place)?;
    let shipped = shipped::look(wheel)?;
    Ok(Effort {
        wheel_bytes: fs::metadata(wheel)?.len(),
        extension_bytes,
        stripped_bytes,
        shipped,
        lines: count_lines(&sequence.source(), &contender.lines)?,
        unchecked: count_unchecked(&sequence.source(), &contender.lines)?,
        ..Effort::default()
    })
}

/// Unchecked operations in what was written by hand.
fn count_unchecked(copy: &Path, patterns: &LinePatterns) -> Result<Unchecked> {
    let patterns = [patterns.kernel.clone(), patterns.glue.clone()].concat();
    let mut unchecked = Unchecked::default();
    for file in matching(copy, &patterns)? {
        if let Some(language) = Language::of(&file) {
            unchecked.count(language, &fs::read_to_string(&file)?);
        }
    }
    Ok(unchecked)
}
