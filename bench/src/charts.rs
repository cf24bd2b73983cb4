//! Pictures of the results: plain values in, the text of an SVG file out.
//!
//! This is the only module that knows kuva. kuva lays out the axes, their ticks and scales, and
//! writes the SVG; the marks between the axes are drawn here on its scene, because its own plot
//! types have no hollow markers, no gaps in a series, no bars that start at 1 on a logarithmic
//! axis, and no labels at the ends of lines.
//!
//! Every function is pure: the same chart gives the same bytes. A value that cannot be drawn (not
//! finite, or not positive on a logarithmic axis) is left out, and a chart with nothing left says
//! "no data". Colours are indices into a palette fixed here: give a contender the same index
//! (its position in the study) in every chart.

// Rows, bars and characters are counted in hundreds, far below where f64 loses integers.
#![allow(clippy::cast_precision_loss)]

mod bars;
mod canvas;
mod effort;
mod forest;
mod heat;
mod ladder;
mod lines;
mod matrix;
mod numbers;
mod scatter;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use canvas::{colour as palette, rgb as palette_rgb};

use anyhow::{Result, anyhow};

/// How a contender is recognised in every chart: by its colour, and as a variant by a diamond instead of
/// a square, and by stripes on its bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
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

/// A figure in words: shown when its mark in the chart is pointed at, and a row of the table behind
/// the chart. Without a figure there is neither.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// The contender, or whatever has the figure.
    pub name: String,
    /// Where in the chart it stands: a case, a value of the parameter, a column.
    pub place: String,
    /// The figure, with its unit and its interval.
    pub figure: String,
    /// The case that it was measured in, if it was in one.
    pub case: Option<String>,
}

/// A measured value with its interval.
#[derive(Clone, Debug)]
pub struct Point {
    /// Where it stands on the horizontal axis, for example the length of the input.
    pub x: f64,
    /// The value, in nanoseconds.
    pub y: f64,
    /// Lower end of the interval around `y`.
    pub low: f64,
    /// Upper end of the interval around `y`.
    pub high: f64,
    /// What it says when it is pointed at.
    pub mark: Mark,
}

/// One line of a [`LineChart`].
#[derive(Clone, Debug)]
pub struct Line {
    /// Written at the end of the line.
    pub name: String,
    /// How the contender is recognised.
    pub look: Look,
    /// Draws the line thin and dashed, for what accompanies a contender: its floor, a variant.
    pub dashed: bool,
    /// The points, in any order.
    pub points: Vec<Point>,
}

/// Times over a parameter, both axes logarithmic; `y` is in nanoseconds.
#[derive(Clone, Debug)]
pub struct LineChart {
    /// Heading of the picture.
    pub title: String,
    /// What the horizontal axis counts.
    pub x_label: String,
    /// What the vertical axis measures, without the unit: the ticks carry it.
    pub y_label: String,
    /// Up to about fourteen lines stay legible.
    pub lines: Vec<Line>,
}

/// One ratio of a [`ForestChart`].
#[derive(Clone, Debug)]
pub struct ForestRow {
    /// The case; rows with the same label stand together.
    pub label: String,
    /// The contender, named in the legend.
    pub name: String,
    /// How the contender is recognised.
    pub look: Look,
    /// The ratio.
    pub centre: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Whether the ratio differs from 1.
    pub finding: Finding,
    /// What it says when it is pointed at.
    pub mark: Mark,
}

/// Ratios with their intervals on a logarithmic axis, around a line at 1.
#[derive(Clone, Debug)]
pub struct ForestChart {
    /// Heading of the picture.
    pub title: String,
    /// What the ratio is relative to.
    pub x_label: String,
    /// Drawn from top to bottom, grouped by label in the order of first appearance.
    pub rows: Vec<ForestRow>,
}

/// One bar of a [`BarSeries`].
#[derive(Clone, Debug)]
pub struct Bar {
    /// Whether it differs from where bars start.
    pub finding: Finding,
    /// The value.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// What it says when it is pointed at.
    pub mark: Mark,
}

/// The bars of one contender.
#[derive(Clone, Debug)]
pub struct BarSeries {
    /// The contender, named in the legend.
    pub name: String,
    /// How the contender is recognised.
    pub look: Look,
    /// One entry per category; `None` leaves a gap.
    pub bars: Vec<Option<Bar>>,
}

/// Groups of vertical bars with their intervals.
///
/// Bars start at 0, or at 1 on a logarithmic axis, so that factors below 1 hang downwards.
#[derive(Clone, Debug)]
pub struct BarChart {
    /// Heading of the picture.
    pub title: String,
    /// What the bars measure, with the unit.
    pub axis_label: String,
    /// Whether the axis of values is logarithmic.
    pub log: bool,
    /// Names of the groups, from left to right.
    pub categories: Vec<String>,
    /// The contenders, in the order in which their bars stand in each group.
    pub series: Vec<BarSeries>,
}

/// One part of an [`EffortBar`].
#[derive(Clone, Debug)]
pub struct Stack {
    /// What the part is, named below the panel when a bar has several.
    pub name: String,
    /// Its share, in the unit of the panel.
    pub value: f64,
}

/// A bar of one contender, made of parts laid end to end.
#[derive(Clone, Debug)]
pub struct EffortBar {
    /// The contender, named once at the left of all panels.
    pub contender: String,
    /// How the contender is recognised.
    pub look: Look,
    /// The parts from left to right.
    pub parts: Vec<Stack>,
    /// Low end, value and high end of the interval to draw. The value is written beside the bar;
    /// without an interval the length of the bar is.
    pub interval: Option<(f64, f64, f64)>,
    /// What it says when it is pointed at.
    pub mark: Mark,
}

/// One quantity, drawn as a bar for each contender.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Heading of the panel.
    pub title: String,
    /// What the bars measure, with the unit.
    pub axis_label: String,
    /// One bar per contender; a contender without one gets a dash.
    pub bars: Vec<EffortBar>,
}

/// One cell of a [`HeatPanel`].
#[derive(Clone, Debug)]
pub struct HeatCell {
    /// Where it stands on the horizontal axis.
    pub x: f64,
    /// Where it stands on the vertical axis.
    pub y: f64,
    /// The factor.
    pub value: f64,
    /// Framed: the factor is not shown to differ from 1.
    pub doubtful: bool,
    /// Marked with a sign of equality.
    pub same: bool,
    /// What it says when it is pointed at.
    pub mark: Mark,
}

/// The map of one contender.
#[derive(Clone, Debug)]
pub struct HeatPanel {
    /// Written above the map.
    pub name: String,
    /// In any order; what is missing stays empty.
    pub cells: Vec<HeatCell>,
}

/// Factors over two parameters, one map for each contender.
#[derive(Clone, Debug)]
pub struct HeatMap {
    /// Heading of the picture.
    pub title: String,
    /// What the horizontal axis counts.
    pub x_label: String,
    /// What the vertical axis counts.
    pub y_label: String,
    /// How to read it, below the heading.
    pub notes: Vec<String>,
    /// The maps.
    pub panels: Vec<HeatPanel>,
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

/// One cell of a [`Matrix`].
#[derive(Clone, Debug)]
pub struct MatrixCell {
    /// A few words.
    pub text: String,
    pub tone: Tone,
    /// What it says when it is pointed at.
    pub mark: Mark,
}

/// One contender of a [`ScatterChart`].
#[derive(Clone, Debug)]
pub struct ScatterPoint {
    /// Written at the right.
    pub name: String,
    /// How the contender is recognised.
    pub look: Look,
    /// Where it stands on the horizontal axis, which begins at 0.
    pub x: f64,
    /// The factor.
    pub y: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// What it says when it is pointed at.
    pub mark: Mark,
}

/// One point for each contender: a factor, on a logarithmic axis, over what it takes to have it.
#[derive(Clone, Debug)]
pub struct ScatterChart {
    /// Heading of the picture.
    pub title: String,
    /// What the horizontal axis counts.
    pub x_label: String,
    /// What the vertical axis measures.
    pub y_label: String,
    /// In any order.
    pub points: Vec<ScatterPoint>,
}

/// A table of words.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Heading of the picture.
    pub title: String,
    pub columns: Vec<String>,
    /// The name of each row, and a cell for each column.
    pub rows: Vec<(String, Vec<MatrixCell>)>,
    /// What the tones mean here.
    pub legend: Vec<(Tone, String)>,
}

/// One step of a [`LadderChart`].
#[derive(Clone, Debug)]
pub struct LadderRow {
    /// What the step is called, written at the left.
    pub name: String,
    /// The one thing that it changes, written below its name.
    pub cause: String,
    /// How the contender is recognised.
    pub look: Look,
    /// How many times as fast as the first step it is.
    pub factor: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Whether it differs from the step that it is compared with.
    pub finding: Finding,
    /// Its factor and its time, written behind the bar.
    pub figure: String,
    /// How it stands to the step that it is compared with, written below these; empty for the first.
    pub over: String,
    /// What it says when it is pointed at.
    pub mark: Mark,
}

/// How many times as fast as the first step each step is, on a logarithmic axis.
#[derive(Clone, Debug)]
pub struct LadderChart {
    /// Heading of the picture.
    pub title: String,
    /// What the bars measure.
    pub axis_label: String,
    /// From top to bottom.
    pub rows: Vec<LadderRow>,
}

/// Draws lines over a parameter, each named at its right end.
///
/// # Errors
///
/// If the drawing library fails.
pub fn line_chart(chart: &LineChart) -> Result<String> {
    guarded(&chart.title, || lines::draw(chart))
}

/// Draws one row per ratio; a long chart is split into two columns that share the axis.
///
/// # Errors
///
/// If the drawing library fails.
pub fn forest_chart(chart: &ForestChart) -> Result<String> {
    guarded(&chart.title, || forest::draw(chart))
}

/// Draws one point for each contender, each named at the right.
///
/// # Errors
///
/// If the drawing library fails.
pub fn scatter_chart(chart: &ScatterChart) -> Result<String> {
    guarded(&chart.title, || scatter::draw(chart))
}

/// Draws groups of vertical bars.
///
/// # Errors
///
/// If the drawing library fails.
pub fn bar_chart(chart: &BarChart) -> Result<String> {
    guarded(&chart.title, || bars::draw(chart))
}

/// Draws panels of horizontal bars side by side, with one row per contender through all of them.
///
/// # Errors
///
/// If the drawing library fails.
pub fn panels(title: &str, panels: &[Panel]) -> Result<String> {
    guarded(title, || effort::draw(title, panels))
}

/// Draws the steps of a ladder below each other.
///
/// # Errors
///
/// If the drawing library fails.
pub fn ladder_chart(chart: &LadderChart) -> Result<String> {
    guarded(&chart.title, || ladder::draw(chart))
}

/// Draws maps side by side, two in a row.
///
/// # Errors
///
/// If the drawing library fails.
pub fn heat_map(chart: &HeatMap) -> Result<String> {
    guarded(&chart.title, || heat::draw(chart))
}

/// Draws a table of words on coloured cells.
///
/// # Errors
///
/// If the drawing library fails.
pub fn matrix(chart: &Matrix) -> Result<String> {
    guarded(&chart.title, || matrix::draw(chart))
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
