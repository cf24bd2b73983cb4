//! What a long step is doing: how far it is, in a unit that has a name, and how long it will take. A
//! line that changes on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use crate::output::{columns_of_errors, note};

/// Without a terminal, one line at most for each such stretch of time.
const QUIET: Duration = Duration::from_secs(20);

/// Columns of a terminal that has room for a bar beside the words.
const ROOM_FOR_BAR: usize = 80;

/// Of how many parts a bar is made.
const PARTS: u64 = 1000;

/// The progress of one step.
pub struct Progress {
    course: Course,
    bar: Option<ProgressBar>,
    started: Instant,
    printed: Instant,
}

impl Progress {
    /// Many small things, such as "inputs", of which so many are done at a time.
    pub fn counted(label: &str, total: u64, units: &'static str) -> Self {
        Self::start(Course::new(label, Unit::Many(units), total))
    }

    /// A few things in turn, such as a "block".
    pub fn in_turn(label: &str, total: u64, unit: &'static str) -> Self {
        Self::start(Course::new(label, Unit::InTurn(unit), total))
    }

    /// The same where the seconds that all take are known beforehand, about.
    pub fn expected(label: &str, total: u64, unit: &'static str, seconds: f64) -> Self {
        let mut course = Course::new(label, Unit::InTurn(unit), total);
        (course.cost, course.pace) = (seconds, Some(1.0));
        Self::start(course)
    }

    /// A step of which nobody knows how far it is.
    pub fn unmeasured(label: &str) -> Self {
        Self::start(Course::new(label, Unit::Unknown, 0))
    }

    fn start(course: Course) -> Self {
        let now = course.began;
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(PARTS);
            let wide = columns_of_errors().is_none_or(|columns| columns >= ROOM_FOR_BAR);
            let template = match course.unit {
                Unit::Unknown => "{spinner} {prefix}, {elapsed} so far",
                _ if wide => "{bar:16} {prefix}: {wide_msg}",
                _ => "{prefix}: {wide_msg}",
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_prefix(course.label.clone());
            bar.set_message(course.all(now));
            bar.enable_steady_tick(Duration::from_secs(1));
            bar
        });
        if bar.is_none() {
            note(&format!("{} ...", course.announced(now)));
        }
        Self {
            course,
            bar,
            started: now,
            printed: now,
        }
    }

    /// So many are done, and what comes now.
    pub fn at(&mut self, done: u64, doing: &str) {
        self.course.step(done, None, Instant::now());
        self.show(doing);
    }

    /// The same, with the seconds that those which are done were expected to take.
    pub fn at_cost(&mut self, done: u64, seconds: f64, doing: &str) {
        self.course.step(done, Some(seconds), Instant::now());
        self.show(doing);
    }

    /// One of them need not be done.
    pub fn skip(&mut self) {
        self.resize(self.course.total.saturating_sub(1));
    }

    /// So many are to be done after all.
    #[allow(clippy::cast_precision_loss)] // A count of things.
    pub fn resize(&mut self, total: u64) {
        (self.course.total, self.course.cost) = (total, total as f64);
    }

    /// From now on these are done in turn.
    pub fn then_in_turn(&mut self, total: u64, unit: &'static str) {
        self.course = Course::new(&self.course.label, Unit::InTurn(unit), total);
    }

    fn show(&mut self, doing: &str) {
        let now = Instant::now();
        if let Some(bar) = &self.bar {
            bar.set_position(self.course.part());
            bar.set_message(self.course.words(doing, now));
        } else if is_due(self.printed, now, QUIET) {
            self.printed = now;
            note(&format!(
                "{}: {}",
                self.course.label,
                self.course.words(doing, now)
            ));
        }
    }

    /// A line that stays.
    pub fn note(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| note(line)),
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
            self.course.label,
            seconds(self.started.elapsed())
        ));
    }
}

/// Whether there has been silence for so long.
fn is_due(printed: Instant, now: Instant, period: Duration) -> bool {
    now.saturating_duration_since(printed) >= period
}

/// What is gone through.
#[derive(Clone, Copy)]
enum Unit {
    Many(&'static str),
    InTurn(&'static str),
    Unknown,
}

/// How far a step is.
struct Course {
    label: String,
    unit: Unit,
    total: u64,
    done: u64,
    /// What all of them cost, and what is done did: in numbers, or in expected seconds.
    cost: f64,
    spent: f64,
    /// Seconds that a cost of 1 takes, before any has been seen to take some.
    pace: Option<f64>,
    began: Instant,
    /// When it was seen last that something is done.
    stepped: Instant,
}

impl Course {
    #[allow(clippy::cast_precision_loss)] // A count of things.
    fn new(label: &str, unit: Unit, total: u64) -> Self {
        let now = Instant::now();
        Self {
            label: label.to_owned(),
            unit,
            total,
            done: 0,
            cost: total as f64,
            spent: 0.0,
            pace: None,
            began: now,
            stepped: now,
        }
    }

    #[allow(clippy::cast_precision_loss)] // A count of things.
    fn step(&mut self, done: u64, spent: Option<f64>, now: Instant) {
        if done != self.done {
            self.stepped = now;
        }
        self.done = done;
        self.spent = spent.unwrap_or(done as f64);
    }

    /// How much of a bar is full.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and 1.
    fn part(&self) -> u64 {
        let part = if self.cost > 0.0 {
            self.spent / self.cost
        } else {
            0.0
        };
        (part.clamp(0.0, 1.0) * 1000.0) as u64
    }

    /// What is to be done.
    fn announced(&self, now: Instant) -> String {
        match self.unit {
            Unit::Unknown => self.label.clone(),
            _ => format!("{}: {}", self.label, self.all(now)),
        }
    }

    fn all(&self, now: Instant) -> String {
        let total = HumanCount(self.total);
        let all = match self.unit {
            Unit::Many(units) => format!("{total} {units}"),
            Unit::InTurn(unit) => format!("{total} {}", plural(unit, self.total)),
            Unit::Unknown => String::new(),
        };
        self.with_time(all, now)
    }

    /// How far it is, how long the rest takes, and what it is doing.
    fn words(&self, doing: &str, now: Instant) -> String {
        let (done, total) = (HumanCount(self.done), HumanCount(self.total));
        let far = match self.unit {
            // An estimate of their number may be too low.
            Unit::Many(units) if self.done > self.total => format!("{done} {units}"),
            Unit::Many(units) => format!("{done} of {total} {units}"),
            Unit::InTurn(unit) => {
                let number = HumanCount((self.done + 1).min(self.total.max(1)));
                format!("{unit} {number} of {}", HumanCount(self.total.max(1)))
            }
            Unit::Unknown => seconds(now - self.began) + " so far",
        };
        let far = self.with_time(far, now);
        match doing {
            "" => far,
            doing => format!("{far}, {doing}"),
        }
    }

    fn with_time(&self, text: String, now: Instant) -> String {
        match self.left(now) {
            Some(left) => format!("{text}, about {} left", about(left)),
            None => text,
        }
    }

    /// How long the rest takes, as far as can be told.
    fn left(&self, now: Instant) -> Option<Duration> {
        let rest = self.cost - self.spent;
        let pace = if self.spent > 0.0 {
            Some((self.stepped - self.began).as_secs_f64() / self.spent)
        } else {
            self.pace
        };
        // What is in progress has been so for a while.
        let left = rest * pace? - (now - self.stepped).as_secs_f64();
        (rest > 0.0 && left > 0.0).then(|| Duration::from_secs_f64(left))
    }
}

fn plural(unit: &str, number: u64) -> String {
    match number {
        1 => unit.to_owned(),
        _ if unit.ends_with('s') => format!("{unit}es"),
        _ => format!("{unit}s"),
    }
}

/// An estimate as a person says it.
fn about(time: Duration) -> String {
    match time.as_secs_f64().round() {
        s if s < 90.0 => format!("{} s", s.max(1.0)),
        s if s < 5400.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn after(course: &Course, seconds: f64) -> Instant {
        course.began + Duration::from_secs_f64(seconds)
    }

    /// What is said when so many are done after so many seconds.
    fn said(mut course: Course, done: u64, spent: Option<f64>, seconds: f64) -> String {
        let now = after(&course, seconds);
        course.step(done, spent, now);
        course.words("pair/ascii-8", now)
    }

    #[test]
    fn what_is_counted_has_its_unit_and_the_time_that_is_left() {
        let course = |total| Course::new("verify", Unit::Many("inputs"), total);
        assert_eq!(
            said(course(57_000), 24_500, None, 10.0),
            "24,500 of 57,000 inputs, about 13 s left, pair/ascii-8"
        );
        assert_eq!(
            said(course(57_000), 57_000, None, 10.0),
            "57,000 of 57,000 inputs, pair/ascii-8"
        );
        // Where the number was too low, or is not known, none is given.
        for total in [50_000, 0] {
            assert_eq!(
                said(course(total), 57_500, None, 10.0),
                "57,500 inputs, pair/ascii-8"
            );
        }
        assert_eq!(
            course(57_000).announced(Instant::now()),
            "verify: 57,000 inputs"
        );
    }

    #[test]
    fn what_is_done_in_turn_goes_by_what_it_is_expected_to_take() {
        let course = || {
            let mut course = Course::new("first stage", Unit::InTurn("block"), 10);
            (course.cost, course.pace) = (100.0, Some(1.0));
            course
        };
        let start = course();
        assert_eq!(
            start.announced(start.began),
            "first stage: 10 blocks, about 2 min left"
        );
        // Three of ten blocks are four fifths of the work, and took twice as long as expected.
        assert_eq!(
            said(course(), 3, Some(80.0), 160.0),
            "block 4 of 10, about 40 s left, pair/ascii-8"
        );
        // Within a block the time goes on.
        let mut within = course();
        within.step(3, Some(80.0), after(&within, 160.0));
        let later = after(&within, 170.0);
        within.step(3, Some(80.0), later);
        assert_eq!(within.words("", later), "block 4 of 10, about 30 s left");
        // What takes longer than was expected has no estimate.
        let late = after(&within, 260.0);
        assert_eq!(within.words("", late), "block 4 of 10");
    }

    #[test]
    fn before_anything_is_done_nobody_knows_how_long_it_takes() {
        let course = || Course::new("build", Unit::InTurn("contender"), 8);
        assert_eq!(
            said(course(), 0, None, 5.0),
            "contender 1 of 8, pair/ascii-8"
        );
        assert_eq!(
            said(course(), 2, None, 10.0),
            "contender 3 of 8, about 30 s left, pair/ascii-8"
        );
        assert_eq!(
            said(course(), 8, None, 9.0),
            "contender 8 of 8, pair/ascii-8"
        );
    }

    #[test]
    fn a_line_is_due_after_a_while_of_silence() {
        let now = Instant::now();
        let second = Duration::from_secs(1);
        assert!(!is_due(now, now + 19 * second, QUIET));
        assert!(is_due(now, now + 20 * second, QUIET));
        assert!(is_due(now, now, Duration::ZERO));
    }

    #[test]
    fn an_estimate_is_round() {
        let said = |seconds| about(Duration::from_secs_f64(seconds));
        assert_eq!(said(0.2), "1 s");
        assert_eq!(said(54.6), "55 s");
        assert_eq!(said(91.0), "2 min");
        assert_eq!(said(7200.0), "2.0 h");
    }
}
