//! Pictures of the results: plain values in, the text of an SVG file out.
//!
//! This is the only module that knows kuva. kuva lays out the axes, their ticks and scales, and
//! writes the SVG; the marks between the axes are drawn here on its scene, because its own plot
//! types have no hollow markers, no gaps in a series, no bars that start at 1 on a logarithmic
//! axis, and no labels at the ends of lines.
//!
//! Every function is pure: the same picture gives the same bytes. A value that cannot be drawn (not
//! finite, or not positive on a logarithmic axis) is left out, and a picture with nothing left says
//! "no data". Colours are indices into a palette fixed here: give a contender the same index
//! (its position in the study) in every picture.

// Rows, bars and characters are counted in hundreds, far below where f64 loses integers.
#![allow(clippy::cast_precision_loss)]

mod bars;
mod canvas;
mod forest;
mod grid;
mod numbers;
mod plot;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use canvas::{colour as palette, rgb as palette_rgb};

use anyhow::{Result, anyhow};

/// A picture of the width of a slide.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Heading of the picture.
    pub title: String,
    /// What the horizontal axis counts.
    pub x_label: String,
    /// What the vertical axis measures.
    pub y_label: String,
    pub content: Content,
}

/// What a picture shows.
#[derive(Clone, Debug)]
pub enum Content {
    /// Times in nanoseconds over a parameter, both axes logarithmic; each series is a line.
    Times(Vec<Series>),
    /// Factors, on a logarithmic axis, over an amount from 0.
    Factors(Vec<Series>),
    /// Factors with their intervals around a line at 1, from top to bottom, grouped by label in the
    /// order of first appearance. A long chart is split into two columns that share the axis.
    Forest(Vec<ForestRow>),
    /// Horizontal bars, with one row for each name through all panels.
    Bars(Vec<Panel>),
    /// Texts in coloured cells.
    Grids(Grids),
}

/// How a contender is recognised in every picture: by its colour, and as a variant by a diamond
/// instead of a square, and by stripes on its bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Index into the palette.
    pub colour: usize,
    pub variant: bool,
}

/// Whether a factor differs from 1. What does is filled, what is the same is hollow with a bar through it,
/// and what is not resolved is hollow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    Different,
    Same,
    Unresolved,
}

/// A figure in words: shown when its mark in the picture is pointed at, and a row of the table behind
/// the picture. Without a figure there is neither.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Mark {
    /// The contender, or whatever has the figure.
    pub name: String,
    /// Where in the picture it stands: a case, a value of the parameter, a column.
    pub place: String,
    /// The figure, with its unit and its interval.
    pub figure: String,
    /// The case that it was measured in, if it was in one.
    pub case: Option<String>,
}

/// A value with the ends of its interval.
#[derive(Clone, Copy, Debug)]
pub struct Interval {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// Where a value stands.
#[derive(Clone, Debug)]
pub struct Point {
    pub x: f64,
    pub y: Interval,
    pub mark: Mark,
}

/// Some points of one contender, in any order. Up to about fourteen series stay legible.
#[derive(Clone, Debug)]
pub struct Series {
    /// Written at the right.
    pub name: String,
    pub style: Style,
    /// Draws the line thin and dashed, for what accompanies a contender: its floor, a variant.
    pub dashed: bool,
    pub points: Vec<Point>,
}

/// One factor of a forest.
#[derive(Clone, Debug)]
pub struct ForestRow {
    /// The case; rows with the same label stand together.
    pub label: String,
    /// The contender, named in the legend.
    pub name: String,
    pub style: Style,
    pub factor: Interval,
    pub finding: Finding,
    pub mark: Mark,
}

/// One quantity, with a bar for each that has it.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    pub title: String,
    /// What the bars measure, with the unit.
    pub axis_label: String,
    /// Whether bars start at 1 on a logarithmic axis, and not at 0. Then each has one part.
    pub log: bool,
    /// A name without a bar gets a dash.
    pub bars: Vec<Bar>,
}

/// A bar, made of parts laid end to end.
#[derive(Clone, Debug)]
pub struct Bar {
    /// The contender, or a step; written once at the left of all panels.
    pub name: String,
    /// Written below the name.
    pub note: String,
    pub style: Style,
    pub finding: Finding,
    /// The parts from left to right: what each is, and its share. What they are is explained below the
    /// panel when a bar has several.
    pub parts: Vec<(String, f64)>,
    pub interval: Option<Interval>,
    /// Lines behind the bar. Without any, it is the value of the interval or the length of the bar.
    pub behind: Vec<String>,
    pub mark: Mark,
}

/// How good or bad what a cell says is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// There is nothing to say.
    Nothing,
    Good,
    Fair,
    Poor,
    Bad,
}

/// What gives a cell its colour.
#[derive(Clone, Copy, Debug)]
pub enum Shade {
    Tone(Tone),
    /// A factor of a map, in which a line stands where 1 is crossed.
    Factor(f64),
}

/// One cell of a [`Grid`].
#[derive(Clone, Debug)]
pub struct GridCell {
    pub text: String,
    pub shade: Shade,
    /// Framed: the factor is not shown to differ from 1.
    pub doubtful: bool,
    pub mark: Mark,
}

/// Rows of cells, each with a name, and a cell for each column.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Written above it.
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<(String, Vec<GridCell>)>,
}

/// Grids side by side, two in a row, with what explains them.
#[derive(Clone, Debug, Default)]
pub struct Grids {
    /// How to read them, below the heading.
    pub note: String,
    /// What the tones mean here.
    pub legend: Vec<(Tone, String)>,
    pub all: Vec<Grid>,
}

impl Picture {
    /// Draws it.
    ///
    /// # Errors
    ///
    /// If the drawing library fails.
    pub fn svg(&self) -> Result<String> {
        guarded(&self.title, || match &self.content {
            Content::Times(series) => plot::draw(self, series, false),
            Content::Factors(series) => plot::draw(self, series, true),
            Content::Forest(rows) => forest::draw(self, rows),
            Content::Bars(panels) => bars::draw(&self.title, panels),
            Content::Grids(grids) => grid::draw(self, grids),
        })
    }

    /// The figures that it shows.
    pub fn marks(&self) -> Vec<Mark> {
        let all: Vec<&Mark> = match &self.content {
            Content::Times(series) | Content::Factors(series) => {
                let points = series.iter().flat_map(|of| &of.points);
                points.map(|point| &point.mark).collect()
            }
            Content::Forest(rows) => rows.iter().map(|row| &row.mark).collect(),
            Content::Bars(panels) => {
                let bars = panels.iter().flat_map(|panel| &panel.bars);
                bars.map(|bar| &bar.mark).collect()
            }
            Content::Grids(Grids { all, .. }) => {
                let rows = all.iter().flat_map(|grid| &grid.rows);
                let cells = rows.flat_map(|(_, cells)| cells);
                cells.map(|cell| &cell.mark).collect()
            }
        };
        let said = all.into_iter().filter(|mark| !mark.figure.is_empty());
        said.cloned().collect()
    }
}

/// kuva has places that panic instead of returning an error. A missing picture must not cost the
/// user the rest of the report, so a panic becomes an error that names the chart.
fn guarded(title: &str, draw: impl FnOnce() -> String) -> Result<String> {
    // Nothing survives the closure except its result, so no broken state can be observed.
    catch_unwind(AssertUnwindSafe(draw)).map_err(|panic| {
        let reason = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no reason given");
        anyhow!("the chart {title:?} could not be drawn: {reason}")
    })
}
