//! Pictures of a comparison: speed-ups in the cases that stand for all.

use anyhow::Result;

use crate::charts::{Content, ForestRow, Mark, Picture, Style};
use crate::format::ratio;
use crate::report::figures::comparison::Comparison;
use crate::report::sections::Chart;
use crate::report::sections::charts::{finding, interval};

/// A picture for each case that the study chose to stand for all, with a colour for each record:
/// speed-ups of different cases differ too much to share an axis.
pub fn pictures(comparison: &Comparison) -> Result<Vec<Chart>> {
    let Some(reference) = &comparison.reference else {
        return Ok(Vec::new());
    };
    let mut pictures = Vec::new();
    for case in comparison.chosen() {
        let rows = rows(comparison, case, reference);
        if !rows.is_empty() {
            let picture = Picture {
                title: format!("{case}: times faster than {reference}"),
                x_label: format!("times faster than {reference} on the same interpreter"),
                y_label: String::new(),
                content: Content::Forest(rows),
            };
            pictures.push(Chart::new(case, &picture)?);
        }
    }
    Ok(pictures)
}

/// The colour of a record; the first of the palette is that of the reference in other pictures.
pub fn colour(column: usize) -> usize {
    column + 1
}

fn rows(comparison: &Comparison, case: &str, reference: &str) -> Vec<ForestRow> {
    let mut rows = Vec::new();
    for row in comparison
        .speed_ups()
        .filter(|row| row.case == case && row.shown)
    {
        for (index, (column, cell)) in comparison.columns.iter().zip(&row.cells).enumerate() {
            let Some(e) = cell.speed_up() else { continue };
            let name = column.on_interpreter();
            rows.push(ForestRow {
                label: row.title.clone(),
                mark: Mark {
                    name: row.title.clone(),
                    place: name.clone(),
                    figure: format!("{} times faster than {reference}", ratio(&e)),
                    case: None,
                },
                name,
                style: Style {
                    colour: colour(index),
                    variant: false,
                },
                factor: interval(&e),
                finding: finding(&e),
            });
        }
    }
    rows
}
