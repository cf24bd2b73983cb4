//! Effort: what it takes to have a contender, and what is shipped in the end.
//!
//! Everything here is measured in scratch copies of the sources, below the study's state. What
//! fails, or is not there, is a value with a reason, so that all the rest is measured.

pub mod builds;
pub mod facts;
pub mod first_call;
pub mod install;
pub mod interpreters;
pub mod known;
pub mod launch;
pub mod mistakes;
pub mod shipped;
pub mod unchecked;
pub mod values;
pub mod work;

use anyhow::Result;

use self::values::{Builds, Cost, Effort, Start};
use crate::analysis::median;
use crate::files::redact;
use crate::interrupt::Interrupted;
use crate::session::Session;

impl Effort {
    /// The builds that began and were made like this.
    pub fn builds(
        &self,
        start: Start,
        toolchain: Option<&str>,
        cores: Option<u32>,
    ) -> Option<&Builds> {
        self.builds
            .iter()
            .find(|b| b.start == start && b.toolchain.as_deref() == toolchain && b.cores == cores)
    }

    /// Seconds from sources to wheel, compiled dependencies included.
    pub fn seconds(&self) -> Option<f64> {
        self.builds(Start::Nothing, None, None)?
            .median(|cost| cost.seconds)
    }

    /// Seconds of the same with the dependencies' compilation already done; absent for a
    /// contender that compiles none.
    pub fn own_seconds(&self) -> Option<f64> {
        self.builds(Start::Clean, None, None)?
            .median(|cost| cost.seconds)
    }
}

impl Builds {
    /// The middle one of what the builds took; none without any.
    pub fn median(&self, of: impl Fn(&Cost) -> f64) -> Option<f64> {
        let values: Vec<f64> = self.costs.iter().map(of).collect();
        (!values.is_empty()).then(|| median(values))
    }
}

/// What failed as a value, so that all the rest is measured; only an interruption is an error.
fn unless_interrupted<T>(outcome: Result<T>) -> Result<Result<T>> {
    match outcome {
        Err(error) if error.is::<Interrupted>() => Err(error),
        outcome => Ok(outcome),
    }
}

/// What a tool said when it failed, for a record: without how and where; other errors whole.
fn in_its_words(session: &Session, error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    let said = text
        .split_once("):\n")
        .map_or(text.as_str(), |(_, said)| said);
    redact(said, &session.study.root())
}

/// A command of the study with values in the place of their names, such as `{wheel}`.
fn filled(command: &[String], values: &[(&str, &str)]) -> Vec<String> {
    let fill = |argument: &String| {
        let fill_one = |text: String, (name, value): &(&str, &str)| text.replace(name, value);
        values.iter().fold(argument.clone(), fill_one)
    };
    command.iter().map(fill).collect()
}
