//! `build`: a wheel of each contender, what it took, and its installation.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::cli::{Build, Common, Target};
use crate::cmd::{record_for, save};
use crate::environment::redact;
use crate::progress::Progress;
use crate::record::Effort;
use crate::report::terminal;
use crate::session::Session;
use crate::sources::{copy_tree, count_lines, source_hash};
use crate::state::Built;
use crate::study::Contender;

/// Variables that would change what a build does on one machine and not on another.
const FOREIGN_FLAGS: [&str; 7] = [
    "CFLAGS",
    "CXXFLAGS",
    "CPPFLAGS",
    "LDFLAGS",
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
];

/// Lines of a failed build that go into the record.
const LAST_LINES: usize = 12;

pub fn run(common: &Common, options: &Build) -> Result<bool> {
    let mut session = Session::open(common)?;
    ensure!(
        session.facts()?["virtual_environment"] == true,
        "{} belongs to no virtual environment, and contenders are installed into it: run \
         `make setup`, or give the Python of one with --python",
        session.python.display()
    );
    session
        .study
        .without_rare(&common.profile, &common.only, common.filter.is_some())?;
    let root = session.study.root();
    for package in &session.study.header.packages {
        install_package(&session, &root.join(package))?;
    }

    let mut all = session.state.built()?;
    let present = present(&session)?;
    for contender in &session.study.contenders {
        let sources = source_hash(&root, contender)?;
        let unchanged = matches!(all.get(&contender.name), Some(Built::Installed { sources: of, .. }) if *of == sources);
        if unchanged && present.contains(&contender.module) && !options.again {
            eprintln!(
                "build {}: already built from the same sources",
                contender.name
            );
            continue;
        }
        let progress = Progress::start(&format!("build {}", contender.name), 0);
        let outcome = match build(&session, contender) {
            Ok(effort) => {
                progress.end(&format!("{:.1} s of building, installed", effort.seconds));
                Built::Installed { sources, effort }
            }
            Err(error) => {
                let message = redact(&format!("{error:#}"), &root);
                progress.end(&format!("FAILED: {message}"));
                Built::Failed { message }
            }
        };
        all.insert(contender.name.clone(), outcome);
        session.state.save_built(&all)?;
    }

    let mut table = terminal::table(&[
        "contender",
        "build",
        "own code",
        "wheel",
        "extension",
        "kernel",
        "glue",
        "config",
        "generated",
    ]);
    let mut fine = true;
    for contender in &session.study.contenders {
        match all.get(&contender.name) {
            Some(Built::Installed { effort: e, .. }) => {
                let mut cells = vec![contender.name.clone()];
                cells.extend(terminal::effort_cells(e));
                table.add_row(cells);
            }
            Some(Built::Failed { message }) => {
                fine = false;
                table.add_row([contender.name.clone(), format!("FAILED: {message}")]);
            }
            None => {}
        }
    }
    println!("{table}");
    if let Some(folder) = &options.record {
        let target = Target {
            record: Some(folder.clone()),
            ..Target::default()
        };
        let (folder, mut record) = record_for(&mut session, common, &target, "the effort")?;
        for (name, candidate) in &mut record.contenders {
            if let Some(Built::Installed { effort, .. }) = all.get(name) {
                candidate.effort = Some(effort.clone());
            }
        }
        save(&record, folder)?;
    }
    Ok(fine)
}

/// Modules that the interpreter can find already.
fn present(session: &Session) -> Result<Vec<String>> {
    let modules: Vec<&str> = session
        .study
        .contenders
        .iter()
        .map(|c| c.module.as_str())
        .collect();
    let answer = session
        .interpreter
        .ask_once(&json!({ "mode": "present", "modules": modules }))?;
    Ok(serde_json::from_value(answer["present"].clone())?)
}

/// Builds and installs a package that is not measured.
fn install_package(session: &Session, folder: &Path) -> Result<()> {
    let wheels = fresh(&session.state.folder.join("packages"))?;
    let copy = fresh(&session.state.folder.join("source"))?;
    copy_tree(folder, &copy)?;
    let log = session.state.folder.join("package.log");
    let arguments = [
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "--wheel-dir",
    ];
    let mut command = builder(session)?;
    command.args(arguments).arg(&wheels).arg(&copy);
    execute(&mut command, &log).with_context(|| format!("cannot build {}", folder.display()))?;
    install(session, &only_wheel(&wheels)?, &log)
}

/// One clean build, its measurements, and the installation of what it made.
fn build(session: &Session, contender: &Contender) -> Result<Effort> {
    let place = session
        .state
        .folder
        .join("build")
        .join(contender.name.replace('/', "-"));
    let copy = fresh(&place.join("source"))?;
    let wheels = fresh(&place.join("wheels"))?;
    let cache = fresh(&place.join("cache"))?;
    let root = session.study.root();

    let seconds = timed_build(session, contender, &root, &place)?;
    let own_seconds = if contender.dependency_cache.is_some() {
        // The same again with fresh sources, and the compiled dependencies of the first time.
        fresh(&copy)?;
        fresh(&wheels)?;
        Some(timed_build(session, contender, &root, &place)?)
    } else {
        None
    };

    let wheel = only_wheel(&wheels)?;
    let (extension_bytes, stripped_bytes) = extension_sizes(&wheel, &place)?;
    let effort = Effort {
        seconds,
        own_seconds,
        wheel_bytes: fs::metadata(&wheel)?.len(),
        extension_bytes,
        stripped_bytes,
        lines: count_lines(&copy, &contender.lines)?,
    };
    install(session, &wheel, &place.join("install.log"))?;
    // Only the wheel is of further use; caches of compiled dependencies are large.
    fs::remove_dir_all(&cache)?;
    Ok(effort)
}

/// Copies the sources and builds them; gives the seconds of the build alone.
fn timed_build(session: &Session, contender: &Contender, root: &Path, place: &Path) -> Result<f64> {
    let copy = place.join("source");
    copy_tree(root, &copy)?;
    let fill = |argument: &String| {
        argument
            .replace("{python}", &session.python.display().to_string())
            .replace("{wheels}", &place.join("wheels").display().to_string())
            .replace(
                "{folder}",
                &copy.join(&contender.folder).display().to_string(),
            )
    };
    let arguments: Vec<String> = contender.build.iter().map(fill).collect();
    let (program, rest) = arguments
        .split_first()
        .context("its build command is empty")?;
    let mut command = builder(session)?;
    if *program != session.python.display().to_string() {
        command = with_environment(Command::new(program), session)?;
    }
    command.args(rest).current_dir(&copy);
    if let Some(variable) = &contender.dependency_cache {
        command.env(variable, place.join("cache"));
    }
    let begin = Instant::now();
    execute(&mut command, &place.join("build.log"))?;
    Ok(begin.elapsed().as_secs_f64())
}

fn builder(session: &Session) -> Result<Command> {
    with_environment(Command::new(&session.python), session)
}

/// The environment of a build: no network, no flags of the user's, the virtual environment's
/// tools first.
fn with_environment(mut command: Command, session: &Session) -> Result<Command> {
    let tools = session.python.parent().unwrap_or(Path::new("/")).to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(tools).chain(std::env::split_paths(&path));
    let path: OsString = std::env::join_paths(folders)?;
    command
        .env("PATH", path)
        .env("CARGO_NET_OFFLINE", "true")
        .env("PIP_NO_INPUT", "1")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .env("PYTHONNOUSERSITE", "1");
    for name in FOREIGN_FLAGS {
        command.env_remove(name);
    }
    Ok(command)
}

/// Runs a command with its output in a log; an error carries the log's last lines.
fn execute(command: &mut Command, log: &Path) -> Result<()> {
    let file = fs::File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let status = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .status()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if !status.success() {
        let text = String::from_utf8_lossy(&fs::read(log)?).into_owned();
        let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
        let last = lines[lines.len().saturating_sub(LAST_LINES)..].join("\n");
        bail!(
            "the build command ended with {status} (all it said: {}):\n{last}",
            log.display()
        );
    }
    Ok(())
}

fn install(session: &Session, wheel: &Path, log: &Path) -> Result<()> {
    let mut command = builder(session)?;
    command
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--force-reinstall",
        ])
        .arg(wheel);
    execute(&mut command, log).context("cannot install the wheel")
}

/// An empty folder at this place.
fn fresh(folder: &Path) -> Result<PathBuf> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(e).with_context(|| format!("cannot empty {}", folder.display()));
        }
        _ => {}
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder.to_owned())
}

fn only_wheel(folder: &Path) -> Result<PathBuf> {
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let wheels: Vec<_> = files
        .filter(|p| p.extension().is_some_and(|e| e == "whl"))
        .collect();
    match wheels.as_slice() {
        [wheel] => Ok(wheel.clone()),
        _ => bail!(
            "the build left {} wheels, not one, in {}",
            wheels.len(),
            folder.display()
        ),
    }
}

/// Bytes of the native libraries in a wheel, as they are and after `strip`.
fn extension_sizes(wheel: &Path, place: &Path) -> Result<(u64, u64)> {
    let mut archive = zip::ZipArchive::new(fs::File::open(wheel)?)?;
    let (mut whole, mut stripped) = (0, 0);
    for index in 0..archive.len() {
        let mut member = archive.by_index(index)?;
        let native = [".so", ".dylib", ".pyd"]
            .iter()
            .any(|ending| member.name().ends_with(ending));
        if !native {
            continue;
        }
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes)?;
        let file = place.join("extension");
        fs::write(&file, &bytes)?;
        // macOS's strip keeps what dynamic linking needs only with -x.
        let arguments: &[&str] = if cfg!(target_os = "macos") {
            &["-x"]
        } else {
            &[]
        };
        let status = Command::new("strip").args(arguments).arg(&file).status();
        ensure!(
            status.is_ok_and(|s| s.success()),
            "cannot run strip on {}",
            member.name()
        );
        whole += bytes.len() as u64;
        stripped += fs::metadata(&file)?.len();
        fs::remove_file(&file)?;
    }
    Ok((whole, stripped))
}
