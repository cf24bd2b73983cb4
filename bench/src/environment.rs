//! The machine, as far as a measurement depends on it. Nothing here names its owner or its host.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::files::hash;

/// What a record says of the machine and of the tools.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Environment {
    pub cpu: String,
    pub cores: usize,
    pub kernel: String,
    pub architecture: String,
    /// Average number of running processes over the last minute, when the run began and ended.
    pub load_before: Option<f64>,
    pub load_after: Option<f64>,
    /// Share of the processors that was busy in a second in which the harness only waited. The
    /// load average cannot tell: it still holds the builds that went before.
    pub busy: Option<f64>,
    /// Share of the time that the hypervisor gave to others during the run.
    pub steal: Option<f64>,
    /// How the kernel chooses the processor's frequency, where it tells.
    pub governor: Option<String>,
    /// Hashes of the files that lock what builds use.
    #[serde(default)]
    pub locks: BTreeMap<String, String>,
    /// Facts that the interpreter gave of itself.
    pub python: Python,
    /// First line of what each tool prints of its version.
    pub tools: BTreeMap<String, String>,
}

/// What the worker's `facts` say.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // Independent facts, each with its own name.
pub struct Python {
    pub executable: String,
    pub implementation: String,
    pub version: String,
    pub compiler: String,
    pub cache_tag: String,
    pub config_args: String,
    pub opt: String,
    pub cflags: String,
    pub c_compiler: String,
    pub include: String,
    pub headers: bool,
    pub virtual_environment: bool,
    pub debug: bool,
    pub gil_disabled: bool,
    pub libc: String,
    pub site_packages: String,
    /// Hashes of the interpreter's files and of the C library, as they are loaded.
    pub binaries: BTreeMap<String, String>,
    /// Nanoseconds that this interpreter takes for one turn of a fixed pure-Python loop. Another
    /// loop may tell another story: it is a fact of the machine, and judges no interpreter.
    pub loop_ns: f64,
}

impl Environment {
    /// A look that takes a second. `python` is the answer of the worker's `facts`, `locks` are files
    /// below `root` whose hashes say which tools were used.
    pub fn look(python: Python, root: &Path, locks: &[String]) -> Result<Self> {
        let lock = |name: &String| {
            let path = root.join(name);
            let bytes = std::fs::read(&path)
                .with_context(|| format!("study.locks names {}", path.display()))?;
            Ok((name.clone(), hash(&bytes)))
        };
        let (busy, steal) = others();
        Ok(Self {
            locks: locks.iter().map(lock).collect::<Result<_>>()?,
            load_before: load(),
            busy,
            steal,
            ..Self::glance(python)
        })
    }

    /// What is known at once.
    pub fn glance(python: Python) -> Self {
        Self {
            cpu: cpu(),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            kernel: first_line("uname", &["-sr"]).unwrap_or_default(),
            architecture: std::env::consts::ARCH.to_owned(),
            governor: governor(),
            python,
            tools: tools(),
            ..Self::default()
        }
    }

    /// What tells one machine from another, without its name.
    pub fn machine(&self) -> (&str, usize, &str) {
        (&self.cpu, self.cores, &self.architecture)
    }

    /// The same of this machine, as a look without an interpreter sees it.
    pub fn here() -> Self {
        Self::glance(Python::default())
    }

    /// What makes a measurement on this machine worse than it could be.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some(busy) = self.busy.filter(|busy| *busy > 0.1) {
            warnings.push(format!(
                "{:.0} % of the processors were busy with something else: intervals will be wide; \
                 close what else runs",
                busy * 100.0
            ));
        }
        if let Some(steal) = self.steal.filter(|steal| *steal > 0.02) {
            warnings.push(format!(
                "the hypervisor gave {:.1} % of the time to others",
                steal * 100.0
            ));
        }
        let load = self.load_before.unwrap_or(0.0);
        #[allow(clippy::cast_precision_loss)] // Some processors.
        if load > self.cores as f64 {
            warnings.push(format!(
                "the load average was {load:.1} on {} cores: what ran in the last minute may still \
                 be running",
                self.cores
            ));
        }
        if let Some(how) = sanitized(&self.python) {
            warnings.push(format!(
                "this Python runs under a sanitizer ({how}): its times are meaningless"
            ));
        }
        if self.python.debug {
            warnings.push("this is a debug build of Python: its times are meaningless".to_owned());
        }
        if let Some(governor) = self.governor.as_ref().filter(|name| *name != "performance") {
            warnings.push(format!(
                "the processor's frequency governor is '{governor}'"
            ));
        }
        warnings
    }

    /// A short name of the machine for a folder: processor and interpreter.
    pub fn slug(&self) -> String {
        let text = format!(
            "{} {}-{}",
            self.cpu, self.python.implementation, self.python.version
        );
        let lower = text.to_lowercase().replace("(r)", " ").replace("(tm)", " ");
        let parts: Vec<&str> = lower
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
            .filter(|p| !p.is_empty() && *p != "cpu" && *p != "processor")
            .collect();
        parts.join("-")
    }
}

impl Python {
    /// Implementation and version, with a "t" behind the version when it has no GIL.
    pub fn name(&self) -> String {
        let t = if self.gil_disabled { "t" } else { "" };
        format!("{} {}{t}", self.implementation, self.version)
    }

    /// What it is and how it was built, as far as it tells: how many times faster than Python
    /// something is depends on both. A missing `--enable-optimizations` proves nothing, because
    /// distributions have ways of their own to optimise by profile.
    pub fn build(&self) -> String {
        let flags = [&self.opt, &self.cflags].map(|flags| flags.split_whitespace());
        let mut flags = flags.into_iter().flatten().rev();
        let level = flags.find(|flag| flag.starts_with("-O"));
        let compiled = format!("{} {}", self.compiler, level.unwrap_or_default());
        let mut configured = self.config_args.split_whitespace();
        let by_profile = configured.any(|word| word.trim_matches('\'') == "--enable-optimizations");
        let optimised = match self.implementation.as_str() {
            "CPython" if by_profile => "optimised by profile",
            "CPython" => "not known to be optimised by profile",
            _ => "",
        };
        let known = [compiled.trim(), optimised];
        let known: Vec<&str> = known.into_iter().filter(|part| !part.is_empty()).collect();
        if known.is_empty() {
            self.name()
        } else {
            format!("{} ({})", self.name(), known.join(", "))
        }
    }
}

/// How the interpreter shows that it was built with a sanitizer.
fn sanitized(python: &Python) -> Option<String> {
    let texts = [&python.config_args, &python.opt, &python.cflags];
    let mut words = texts.iter().flat_map(|text| text.split_whitespace());
    let word = words.find(|word| word.contains("sanitize"))?;
    Some(word.trim_matches('\'').to_owned())
}

/// What a contender says of its own build that makes its times worthless.
pub fn unfit_build(build_info: &BTreeMap<String, String>) -> Option<String> {
    let optimised = |words: &[&str]| {
        let last = words.iter().rev().find(|word| word.starts_with("-O"));
        last.is_none_or(|word| *word != "-O0")
    };
    build_info.iter().find_map(|(key, text)| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let debug = (key == "profile" && text == "debug") || words.contains(&"opt-level=0");
        let sanitized = words.iter().find(|word| word.contains("sanitize"));
        if debug || !optimised(&words) {
            Some(format!("{key} is '{text}': a debug build"))
        } else {
            sanitized.map(|word| format!("built with {word}"))
        }
    })
}

/// Versions of the tools that builds use.
pub fn tools() -> BTreeMap<String, String> {
    let commands = ["cc", "rustc", "cargo", "valgrind"].into_iter();
    let version = |name: &str| Some((name.to_owned(), first_line(name, &["--version"])?));
    commands.filter_map(version).collect()
}

/// First line that a command prints; `None` when it is not there or fails.
pub fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output
        .status
        .success()
        .then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

fn governor() -> Option<String> {
    let file = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
    std::fs::read_to_string(file)
        .ok()
        .map(|text| text.trim().to_owned())
}

fn cpu() -> String {
    let linux = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|l| l.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        });
    linux
        .or_else(|| first_line("sysctl", &["-n", "machdep.cpu.brand_string"]))
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

/// Load average of the last minute.
pub fn load() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg")
        .ok()
        .or_else(|| first_line("sysctl", &["-n", "vm.loadavg"]))?;
    text.split_whitespace().find_map(|word| word.parse().ok())
}

/// Jiffies since boot, of all processors. Only Linux tells.
#[derive(Clone, Copy, Debug)]
pub struct Jiffies {
    all: u64,
    idle: u64,
    stolen: u64,
}

pub fn jiffies() -> Option<Jiffies> {
    let text = std::fs::read_to_string("/proc/stat").ok()?;
    let numbers: Vec<u64> = text
        .lines()
        .next()?
        .split_whitespace()
        .skip(1)
        .filter_map(|n| n.parse().ok())
        .collect();
    // user nice system idle iowait irq softirq steal
    let [.., stolen] = numbers.get(..8)? else {
        return None;
    };
    Some(Jiffies {
        all: numbers[..8].iter().sum(),
        idle: numbers[3] + numbers[4],
        stolen: *stolen,
    })
}

/// Shares of the processors' time that other processes use, and that the hypervisor gives to
/// others, while this process waits for a second.
fn others() -> (Option<f64>, Option<f64>) {
    let before = jiffies();
    std::thread::sleep(std::time::Duration::from_secs(1));
    let after = jiffies();
    let used = before
        .zip(after)
        .and_then(|(before, after)| busy(before, after));
    (used, steal(before, after))
}

fn busy(before: Jiffies, after: Jiffies) -> Option<f64> {
    share(
        // The kernel's counters of waiting and stolen time may go back a little.
        (after.all.saturating_sub(before.all))
            .saturating_sub(after.idle.saturating_sub(before.idle)),
        after.all.saturating_sub(before.all),
    )
}

#[allow(clippy::cast_precision_loss)] // A share.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Share of the time stolen between two readings of [`jiffies`].
pub fn steal(before: Option<Jiffies>, after: Option<Jiffies>) -> Option<f64> {
    let (before, after) = (before?, after?);
    share(
        after.stolen.saturating_sub(before.stolen),
        after.all.saturating_sub(before.all),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_machine_is_its_processor_and_interpreter() {
        let environment = Environment {
            cpu: "Intel(R) Xeon(R) Processor @ 2.60GHz".to_owned(),
            python: Python {
                implementation: "CPython".to_owned(),
                version: "3.11.7".to_owned(),
                ..Python::default()
            },
            ..Environment::default()
        };
        assert_eq!(environment.slug(), "intel-xeon-2.60ghz-cpython-3.11.7");
    }

    #[test]
    fn an_interpreter_says_how_it_was_built_as_far_as_it_knows() {
        let python = |config_args: &str| Python {
            implementation: "CPython".to_owned(),
            version: "3.13.1".to_owned(),
            compiler: "GCC 12.2.0".to_owned(),
            opt: "-DNDEBUG -O2".to_owned(),
            cflags: "-O2 -Wall -O3".to_owned(),
            config_args: config_args.to_owned(),
            ..Python::default()
        };
        assert_eq!(
            python("'--with-lto' '--enable-optimizations'").build(),
            "CPython 3.13.1 (GCC 12.2.0 -O3, optimised by profile)"
        );
        // Debian's own build is optimised and does not say so.
        assert_eq!(
            python("'--enable-shared'").build(),
            "CPython 3.13.1 (GCC 12.2.0 -O3, not known to be optimised by profile)"
        );
        let other = Python {
            implementation: "PyPy".to_owned(),
            version: "3.11.13".to_owned(),
            ..Python::default()
        };
        assert_eq!(other.build(), "PyPy 3.11.13");
    }

    #[test]
    fn a_loop_is_no_judge_of_an_interpreter() {
        let environment = Environment {
            python: Python {
                loop_ns: 1000.0,
                ..Python::default()
            },
            ..Environment::default()
        };
        assert_eq!(environment.warnings(), Vec::<String>::new());
    }

    #[test]
    fn a_build_that_nobody_ships_is_named() {
        let info = |key: &str, text: &str| {
            unfit_build(&[(key.to_owned(), text.to_owned())].into_iter().collect())
        };
        assert_eq!(info("flags", "-O0 -g -O2"), None);
        assert!(info("flags", "-O2 -O0").unwrap().contains("debug build"));
        assert!(info("profile", "debug").unwrap().contains("debug build"));
        assert_eq!(info("profile", "release"), None);
        assert!(
            info("flags", "-O2 -fsanitize=address")
                .unwrap()
                .contains("-fsanitize=address")
        );
    }

    #[test]
    fn the_stolen_share_is_between_the_readings() {
        let at = |all, stolen| {
            Some(Jiffies {
                all,
                idle: 0,
                stolen,
            })
        };
        assert_eq!(steal(at(100, 1), at(200, 11)), Some(0.1));
        assert_eq!(steal(at(100, 1), at(100, 1)), None);
    }
}
