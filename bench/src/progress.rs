//! What a long step is doing: a bar with an estimate on a terminal, lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::note;

/// Without a terminal, one line at most for each such stretch of time.
const QUIET: Duration = Duration::from_secs(20);

/// The progress of one step.
pub struct Progress {
    label: String,
    bar: Option<ProgressBar>,
    started: Instant,
    printed: Instant,
    total: u64,
}

impl Progress {
    /// `total` is in units of the caller's choice; 0 when it is not known.
    pub fn start(label: &str, total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = if total == 0 {
                ProgressBar::new_spinner()
            } else {
                ProgressBar::new(total)
            };
            let template = if total == 0 {
                "{spinner} {prefix} {elapsed} {wide_msg}"
            } else {
                "{prefix} {bar:24} {pos}/{len}, about {eta} left  {wide_msg}"
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_prefix(label.to_owned());
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        if bar.is_none() {
            note(&format!("{label} ..."));
        }
        let now = Instant::now();
        Self {
            label: label.to_owned(),
            bar,
            started: now,
            printed: now,
            total,
        }
    }

    /// `done` of the total, and what comes now.
    pub fn at(&mut self, done: u64, doing: &str) {
        if let Some(bar) = &self.bar {
            bar.set_position(done);
            bar.set_message(doing.to_owned());
        } else if self.printed.elapsed() >= QUIET {
            self.printed = Instant::now();
            note(&format!(
                "{} {done}/{}{} {doing}",
                self.label,
                self.total,
                self.left(done)
            ));
        }
    }

    /// A line that stays.
    pub fn note(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => note(line),
        }
    }

    /// Ends the step with a line that stays.
    pub fn end(self, outcome: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        note(&format!(
            "{}: {outcome} ({})",
            self.label,
            seconds(self.started.elapsed())
        ));
    }

    fn left(&self, done: u64) -> String {
        if done == 0 || self.total <= done {
            return String::new();
        }
        #[allow(clippy::cast_precision_loss)] // An estimate.
        let ratio = (self.total - done) as f64 / done as f64;
        format!(
            ", about {} left,",
            seconds(self.started.elapsed().mul_f64(ratio))
        )
    }
}

/// A duration as a person says it.
pub fn seconds(time: Duration) -> String {
    let s = time.as_secs();
    if s < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", s / 60, s % 60)
    }
}
