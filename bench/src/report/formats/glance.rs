//! A record at a glance, on a terminal.
//!
//! The text has colours in it; whoever prints it leaves them out where they are not wanted.

use std::fmt::Write;

use anstyle::{RgbColor, Style};

use super::terminal::{shortened, under, wrapped};
use crate::charts::palette_rgb;
use crate::output::columns;
use crate::report::sections::glance::{
    Glance, GlanceRow, InShort, ROWS, Said, row_for_each, shown,
};

/// Columns of a bar.
const BAR: usize = 21;
const BAR_COLUMNS: f64 = 21.0;

/// Eighths of a column.
const BLOCKS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Lines that cases take at most, so that all of it fits a screen.
const LINES: usize = 36;

/// Characters of a message that says why something failed; the record has all of it.
const MESSAGE: usize = 160;

/// What the record shows in short.
pub fn glance(glance: &Glance) -> String {
    drawn(glance, columns())
}

/// The same in so many columns, or in as many as it takes.
fn drawn(glance: &Glance, room: Option<usize>) -> String {
    let bold = Style::new().bold();
    let title = wrapped(&glance.title, room);
    let facts = wrapped(&glance.facts, room);
    let (cases, how) = in_short(glance, room);
    let mut text = format!("{bold}{title}{bold:#}\n{facts}\n{cases}\n");
    for paragraph in std::iter::once(&how).chain(&glance.paragraphs) {
        let _ = writeln!(text, "{}", wrapped(&paragraph.replace("**", ""), room));
    }
    text
}

/// The cases, with as much as a screen has room for, and how to read that. What is left out first is
/// variants that nobody named, then empty lines; then there is a row for each case, without intervals.
fn in_short(glance: &Glance, room: Option<usize>) -> (String, String) {
    let (reference, python) = (&glance.reference, &glance.python);
    for (variants, apart) in [(true, "\n"), (false, "\n"), (false, "")] {
        let layout = Layout::of(glance, variants, room);
        let cases = glance.cases.iter();
        let cases = cases.map(|case| format!("{apart}{}", layout.of_case(case)));
        let text: String = cases.collect();
        if text.lines().count() <= LINES {
            let bars = if layout.bars { ", also as a bar" } else { "" };
            let how = format!(
                "Each row shows the time of one call and its speed-up over {reference} on \
                 {python}{bars}. Brackets: 95\u{a0}% confidence intervals, or the range of n blocks. \
                 = same as {reference}, ? not resolved."
            );
            // Without empty lines between cases there is one above them all the same.
            let above = if apart.is_empty() { "\n" } else { "" };
            return (format!("{above}{text}"), how);
        }
    }
    let mut table = row_for_each(&glance.cases);
    let more = table.cut(ROWS);
    let mut text = format!("\n{}\n", table.drawn(room));
    if more > 0 {
        let _ = writeln!(text, "{more} more cases are in tables.md.");
    }
    let how = format!(
        "The figures are speed-ups over {reference} on {python}. For {reference} itself, and in \
         cases without it, they are the time of one call. = same as {reference}, ? not resolved. \
         tables.md has the intervals."
    );
    (text, how)
}

/// How wide the columns are, and what there is room for.
struct Layout {
    room: Option<usize>,
    /// Whether variants that nobody named are shown.
    variants: bool,
    name: usize,
    time: usize,
    speed_up: usize,
    bars: bool,
    /// Whether figures stand beside names; otherwise they stand below them.
    beside: bool,
}

impl Layout {
    fn of(glance: &Glance, variants: bool, room: Option<usize>) -> Self {
        let (mut name, mut time, mut speed_up) = (0, 0, 0);
        let width = |text: &str| text.chars().count();
        for row in glance.cases.iter().flat_map(|case| shown(case, variants)) {
            name = name.max(width(&row.name));
            if let Said::Timed {
                time: t,
                speed_up: s,
                ..
            } = &row.said
            {
                time = time.max(width(t));
                speed_up = speed_up.max(width(s));
            }
        }
        let figures = name + 2 + time + 2 + speed_up;
        let fits = |columns: usize| room.is_none_or(|room| columns <= room);
        Self {
            room,
            variants,
            name,
            time,
            speed_up,
            bars: fits(figures + 2 + BAR),
            beside: fits(figures),
        }
    }

    fn of_case(&self, of: &InShort) -> String {
        let bold = Style::new().bold();
        let room = self.room.unwrap_or(usize::MAX);
        let (case, about) = (&of.case, &of.about);
        let rows = || shown(of, self.variants);
        let about = under(case, about, room).join("\n");
        let about = about.strip_prefix(case).unwrap_or_default();
        let mut text = format!("{bold}{case}{bold:#}{about}\n");
        let factors = rows().filter_map(|row| match row.said {
            Said::Timed { factor, .. } => factor,
            Said::Failed(_) => None,
        });
        // The bar of the fastest fills its column.
        let most = factors.fold(1.0, f64::max);
        for row in rows() {
            for line in self.of_row(row, most, room) {
                let _ = writeln!(text, "{line}");
            }
        }
        text
    }

    fn of_row(&self, row: &GlanceRow, most: f64, room: usize) -> Vec<String> {
        let label = format!("{:1$}", row.name, self.name);
        match &row.said {
            Said::Failed(message) => under(&label, &shortened(message, MESSAGE), room),
            Said::Timed {
                time,
                speed_up,
                factor,
                colour,
            } if self.beside => {
                let figures = format!(
                    "{label}  {time:0$}  {speed_up:1$}",
                    self.time, self.speed_up
                );
                vec![match factor.filter(|_| self.bars) {
                    Some(factor) => {
                        let (red, green, blue) = palette_rgb(*colour);
                        let style = Style::new().fg_color(Some(RgbColor(red, green, blue).into()));
                        format!("{figures}  {style}{}{style:#}", bar(factor, most))
                    }
                    None => figures.trim_end().to_owned(),
                }]
            }
            Said::Timed { time, speed_up, .. } => {
                let figures = format!("  {time:0$}  {speed_up}", self.time);
                let figures = figures.trim_end();
                if 4 + self.time + self.speed_up <= room {
                    vec![row.name.clone(), figures.to_owned()]
                } else {
                    let lines = [&row.name, &format!("  {time}"), &format!("  {speed_up}")];
                    let lines = lines.into_iter().filter(|line| !line.trim().is_empty());
                    lines.cloned().collect()
                }
            }
        }
    }
}

/// A bar that fills its column when `factor` is `most`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A few hundred eighths.
fn bar(factor: f64, most: f64) -> String {
    let eighths = (8.0 * BAR_COLUMNS * factor / most).round() as usize;
    // Even the shortest can be seen.
    let eighths = eighths.clamp(1, 8 * BAR);
    format!("{}{}", "█".repeat(eighths / 8), BLOCKS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Role, Slice};
    use crate::report::figures::Results;
    use crate::report::sections;
    use crate::report::tests::{results, timed};
    use crate::study::Case;

    /// Calls in so many blocks: with few of them there is a range instead of an interval.
    fn calls(blocks: u32) -> Vec<Slice> {
        let of = |contender, ns: u64| {
            timed("size/1-8", contender, Role::Call, move |block| {
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

    /// Lines without colours, as there are in so many columns.
    fn lines(of: &Results, room: Option<usize>) -> Vec<String> {
        let text =
            anstream::adapter::strip_str(&drawn(&sections::glance::glance(of), room)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn columns_stand_below_each_other_and_no_line_is_too_long() {
        for blocks in [2, 5] {
            let lines = lines(&of(blocks), Some(100));
            assert!(
                lines.iter().all(|line| line.chars().count() <= 100),
                "{lines:?}"
            );
            let bars = lines
                .iter()
                .filter_map(|line| line.find(['█', '▏', '▎']).map(|at| (line, at)));
            let places: Vec<usize> = bars.map(|(line, at)| line[..at].chars().count()).collect();
            assert_eq!(places.len(), 2, "{lines:?}");
            assert_eq!(places[0], places[1], "{lines:?}");
            assert_eq!(lines.concat().contains("n = 2"), blocks == 2, "{lines:?}");
        }
    }

    #[test]
    fn a_narrow_terminal_has_no_bars_and_then_figures_below_names() {
        let mut of = of(5);
        of.record.study.contenders[1].title = "A base with a long name".to_owned();
        let has_bars = |lines: &[String]| lines.iter().any(|line| line.contains('█'));
        let is_row = |line: &&String| line.starts_with("A base with a long name");
        for (room, bars, beside) in [
            (None, true, true),
            (Some(100), true, true),
            (Some(80), false, true),
            (Some(40), false, false),
        ] {
            let lines = lines(&of, room);
            let longest = lines.iter().map(|line| line.chars().count()).max();
            assert!(longest <= room.or(longest), "{room:?}: {lines:?}");
            assert_eq!(has_bars(&lines), bars, "{room:?}: {lines:?}");
            let row = lines.iter().find(is_row).unwrap();
            assert_eq!(row.contains("µs"), beside, "{room:?}: {lines:?}");
        }
        // Without a terminal a paragraph is one line.
        let how = |lines: &[String]| {
            lines
                .iter()
                .filter(|line| line.contains("not resolved"))
                .count()
        };
        assert_eq!(how(&lines(&of, None)), 1);
        assert!(
            lines(&of, None)
                .iter()
                .any(|line| line.starts_with("Each row") && line.ends_with("resolved."))
        );
    }

    #[test]
    fn bars_fill_their_column_and_the_shortest_can_be_seen() {
        assert_eq!(bar(100.0, 100.0).chars().count(), BAR);
        assert_eq!(bar(50.0, 100.0).chars().count(), BAR.div_ceil(2));
        assert_eq!(bar(200.0, 100.0).chars().count(), BAR);
        assert_eq!(bar(0.001, 100.0), "▏");
    }

    #[test]
    fn what_is_too_long_for_a_screen_is_shown_with_less() {
        // Of ever more cases with these contenders, each of which was timed.
        let of = |cases: usize| {
            let names: Vec<String> = (0..cases).map(|n| format!("size/{n}")).collect();
            let slices = names.iter().flat_map(|name| {
                let of = |contender, ns| timed(name, contender, Role::Call, move |_| ns);
                [of("ref", 900), of("base", 300), of("other", 100)].concat()
            });
            let mut of = results("", &slices.collect::<Vec<_>>());
            let study = &mut of.record.study;
            let like = study.cases[2].clone();
            let case = |name: &String| Case {
                name: name.clone(),
                ..like.clone()
            };
            study.cases = names.iter().map(case).collect();
            study.header.summary = names;
            lines(&of, Some(100))
        };
        let has = |lines: &[String], text: &str| lines.iter().any(|line| line.starts_with(text));
        let bars = |lines: &[String]| lines.concat().contains('█');
        let rest = of(0).len();
        let all = of(7);
        assert!(has(&all, "Other ") && bars(&all));
        // A variant goes first, then the empty lines, then all but a row for each case.
        let most = of(9);
        assert!(!has(&most, "Other ") && has(&most, "Base ") && bars(&most));
        let dense = of(12);
        assert!(has(&dense, "Base ") && bars(&dense));
        let table = of(13);
        assert!(has(&table, "size/12 ") && !bars(&table), "{table:?}");
        assert!(table.len() < rest + 20);
        let cut = of(40);
        assert!(has(&cut, "16 more cases are in"), "{cut:?}");
        // A case of variants alone keeps them.
        let mut alone = results("", &timed("size/1-8", "other", Role::Call, |_| 100));
        alone.record.study.named.cases = true;
        alone.record.study.cases = vec![alone.record.study.cases[2].clone(); 40];
        assert!(has(&lines(&alone, Some(100)), "size/1-8  100 ns"));
        for lines in [all, most, dense, table, cut] {
            assert!(lines.len() <= rest + LINES + 1, "{lines:?}");
        }
    }
}
