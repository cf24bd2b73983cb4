//! A record at a glance, for a terminal of a hundred columns.
//!
//! The text has colours in it; whoever prints it leaves them out where they are not wanted.

use std::fmt::Write;

use anstyle::{RgbColor, Style};

use super::format::{estimated_time, ratio, verdict};
use super::terminal::wrapped;
use super::{Outcome, Results, Timed, verdicts};
use crate::charts::palette_rgb;
use crate::study::{Case, Contender};

/// Columns of a row: name, time, speed-up, bar; between them one space each.
const NAME: usize = 20;
const TIME: usize = 29;
const SPEED_UP: usize = 27;
const BAR: usize = 21;
const BAR_COLUMNS: f64 = 21.0;

/// Eighths of a column.
const BLOCKS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// What the record shows in short.
pub fn glance(results: &Results) -> String {
    let record = &results.record;
    let study = &record.study;
    let bold = Style::new().bold();
    let mut text = String::new();
    let _ = writeln!(text, "{bold}{}{bold:#}", study.header.title);
    for line in wrapped(&super::page::facts(results).join(" · ")) {
        let _ = writeln!(text, "{line}");
    }
    for case in study.in_short() {
        text.push_str(&of_case(results, case));
    }
    let reference = results.title_of(&study.header.reference);
    let python = &record.environment.python;
    let how = format!(
        "Times are of one call; behind them, and as bars, how many times as fast that is as {reference} on \
         {}. Brackets: 95\u{a0}% intervals, or the range of n blocks. = same as {reference}, ? not \
         resolved.",
        python.build()
    );
    text.push('\n');
    for paragraph in std::iter::once(how).chain(verdicts::answer(results)) {
        for line in wrapped(&paragraph.replace("**", "")) {
            let _ = writeln!(text, "{line}");
        }
    }
    for warning in record.warnings() {
        for line in wrapped(&format!("Warning: {warning}.")) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

fn of_case(results: &Results, case: &Case) -> String {
    let study = &results.record.study;
    let mut cells = results.cells(case);
    // Of cases that were named there are few, and everybody who took part in them is of interest.
    let all = study.named.cases || study.among_peers(case);
    cells.retain(|cell| all || study.shows(cell.contender));
    if cells.is_empty() {
        return String::new();
    }
    let bold = Style::new().bold();
    let mut text = format!("\n{bold}{}{bold:#}", case.name);
    let room = 98_usize.saturating_sub(case.name.chars().count());
    let _ = writeln!(text, "  {}", shortened(&case.about, room));
    let speed_ups = cells.iter().filter_map(|cell| match &cell.outcome {
        Outcome::Timed(timed) => Some(timed.speed_up?.centre),
        Outcome::Failed(_) => None,
    });
    // The bar of the fastest fills its column.
    let most = speed_ups.fold(1.0, f64::max);
    for cell in cells {
        match &cell.outcome {
            Outcome::Timed(timed) => text.push_str(&row(results, cell.contender, timed, most)),
            Outcome::Failed(failure) => {
                let message = format!("failed ({}): {}", failure.stage, failure.message);
                let name = shortened(&cell.contender.title, NAME);
                let _ = writeln!(text, "{name:<NAME$} {}", shortened(&message, 99 - NAME));
            }
        }
    }
    text
}

fn row(results: &Results, contender: &Contender, timed: &Timed, most: f64) -> String {
    let name = shortened(&contender.title, NAME);
    let time = shortened(&estimated_time(&timed.time), TIME);
    let (speed_up, factor) = match &timed.speed_up {
        Some(e) => {
            let doubt = match verdict(e) {
                "same" => " =",
                "unresolved" => " ?",
                _ => "",
            };
            (
                shortened(&format!("{}{doubt}", ratio(e)), SPEED_UP),
                e.centre,
            )
        }
        None => (String::new(), 1.0),
    };
    let (red, green, blue) = palette_rgb(results.look(contender).colour);
    let colour = Style::new().fg_color(Some(RgbColor(red, green, blue).into()));
    let figures = format!("{name:<NAME$} {time:<TIME$} {speed_up:<SPEED_UP$} ");
    if timed.speed_up.is_none() {
        return format!("{}\n", figures.trim_end());
    }
    format!("{figures}{colour}{}{colour:#}\n", bar(factor, most))
}

/// A bar that fills its column when `factor` is `most`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A few hundred eighths.
fn bar(factor: f64, most: f64) -> String {
    let eighths = (8.0 * BAR_COLUMNS * factor / most).round() as usize;
    // Even the shortest can be seen.
    let eighths = eighths.clamp(1, 8 * BAR);
    format!("{}{}", "█".repeat(eighths / 8), BLOCKS[eighths % 8])
}

fn shortened(text: &str, room: usize) -> String {
    let text = super::table::one_line(text);
    if text.chars().count() <= room {
        return text;
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Leg, Slice};
    use crate::report::regimes::tests::{results, timed};

    /// Calls in so many blocks: with few of them there is a range instead of an interval.
    fn calls(blocks: u32) -> Vec<Slice> {
        let of = |contender, ns: u64| {
            timed("size/1-8", contender, Leg::Call, move |block| {
                ns + 7 * u64::from(block)
            })
        };
        let mut slices = [of("ref", 98_765), of("base", 1_013), of("other", 98_760)].concat();
        slices.retain(|slice| slice.block < blocks);
        slices
    }

    fn of(blocks: u32) -> Results {
        let mut of = results("", &calls(blocks));
        of.record.study.header.summary = vec!["size/1-8".to_owned()];
        of
    }

    #[test]
    fn columns_stand_below_each_other_and_no_line_is_too_long() {
        for blocks in [2, 5] {
            let text = glance(&of(blocks));
            let text = anstream::adapter::strip_str(&text).to_string();
            let lines: Vec<&str> = text.lines().collect();
            assert!(
                lines.iter().all(|line| line.chars().count() <= 100),
                "{text}"
            );
            let bars = lines
                .iter()
                .filter_map(|line| line.find(['█', '▏', '▎']).map(|at| (line, at)));
            let places: Vec<usize> = bars.map(|(line, at)| line[..at].chars().count()).collect();
            assert_eq!(places, [NAME + TIME + SPEED_UP + 3; 2], "{text}");
            assert_eq!(text.contains("n = 2"), blocks == 2, "{text}");
        }
    }

    #[test]
    fn bars_fill_their_column_and_the_shortest_can_be_seen() {
        assert_eq!(bar(100.0, 100.0).chars().count(), BAR);
        assert_eq!(bar(50.0, 100.0).chars().count(), BAR.div_ceil(2));
        assert_eq!(bar(200.0, 100.0).chars().count(), BAR);
        assert_eq!(bar(0.001, 100.0), "▏");
    }

    #[test]
    fn long_texts_are_shortened_and_wrapped() {
        assert_eq!(shortened("short", 5), "short");
        assert_eq!(shortened("too long", 5), "too…");
    }
}
