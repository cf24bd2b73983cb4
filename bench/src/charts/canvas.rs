//! A white page to draw on: text, lines, rectangles, a legend, and axes laid out by kuva.
//!
//! Coordinates are pixels from the top left corner.

use std::sync::Arc;

use kuva::backend::svg::SvgBackend;
use kuva::render::axis::add_axes_and_grid;
use kuva::render::color::Color;
use kuva::render::layout::{ComputedLayout, Layout, TickFormat};
use kuva::render::render::{PathData, Primitive, Scene};

pub(super) use kuva::render::render::TextAnchor as Anchor;

use super::numbers::number;
use super::{Finding, Mark, Style};

/// The width of every page: that of a slide.
pub(super) const WIDTH: f64 = 1280.0;
/// Distance between the stripes on the bar of a variant.
const STRIPE: f64 = 7.0;
/// Size of ordinary text.
pub(super) const TEXT: u32 = 16;
/// Height that the title takes at the top of a page.
pub(super) const TITLE_HEIGHT: f64 = 60.0;
/// Height of one row of a legend.
pub(super) const LEGEND_ROW: f64 = 28.0;
/// Colour of frames, whiskers and text.
pub(super) const INK: &str = "#1a1a1a";
/// Colour of what should stay in the background.
pub(super) const GREY: &str = "#8c8c8c";

const TITLE: u32 = 26;
const AXIS_LABEL: u32 = 18;
const GRID: &str = "#dddddd";
const FONT: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// The palette of Okabe and Ito (2008), which readers with a colour vision deficiency can tell
/// apart, with grey in place of black and olive in place of yellow, which a projector washes out.
const PALETTE: [(u8, u8, u8); 8] = [
    (0x55, 0x55, 0x55),
    (0xE6, 0x9F, 0x00),
    (0x00, 0x72, 0xB2),
    (0x00, 0x9E, 0x73),
    (0xD5, 0x5E, 0x00),
    (0x56, 0xB4, 0xE9),
    (0xCC, 0x79, 0xA7),
    (0x80, 0x80, 0x00),
];

/// A colour of the palette; indices beyond its end start again.
pub fn colour(index: usize) -> String {
    tint(index, 0.0)
}

/// Red, green and blue of a colour of the palette, 0 to 255.
pub fn rgb(index: usize) -> (u8, u8, u8) {
    PALETTE[index % PALETTE.len()]
}

/// A colour of the palette mixed with white; `lightness` 0 is the colour, 1 is white.
pub(super) fn tint(index: usize, lightness: f64) -> String {
    hex(rgb(index), lightness)
}

/// A colour mixed with white.
pub(super) fn hex((red, green, blue): (u8, u8, u8), lightness: f64) -> String {
    let mix = |part: u8| {
        let part = f64::from(part) + (255.0 - f64::from(part)) * lightness;
        // A float is converted to the nearest end of the range if it lies outside.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let part = part.round() as u8;
        part
    };
    format!("#{:02X}{:02X}{:02X}", mix(red), mix(green), mix(blue))
}

/// Each value once, in the order of first appearance.
pub(super) fn distinct<T: PartialEq>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// About how wide a text will be, from three classes of letters of `DejaVu Sans`. Viewers may use
/// another font, so this errs on the wide side.
pub(super) fn text_width(text: &str, size: u32) -> f64 {
    let width = |letter| match letter {
        'f' | 'i' | 'j' | 'l' | 'r' | 't' | 'I' | ' ' | '/' | '-' | '.' | ',' | ':' => 0.4,
        'm' | 'w' | 'M' | 'W' => 0.95,
        _ => 0.62,
    };
    f64::from(size) * text.chars().map(width).sum::<f64>()
}

/// The widest of several texts.
pub(super) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, size: u32) -> f64 {
    texts
        .into_iter()
        .map(|text| text_width(text, size))
        .fold(0.0, f64::max)
}

/// A rectangle on the page.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Area {
    /// An area by its top left corner and its size.
    pub(super) fn at((left, top): (f64, f64), width: f64, height: f64) -> Self {
        Self {
            left,
            right: left + width,
            top,
            bottom: top + height,
        }
    }

    /// An area by its middle and its size.
    pub(super) fn around((x, y): (f64, f64), width: f64, height: f64) -> Self {
        Self::at((x - width / 2.0, y - height / 2.0), width, height)
    }

    /// The same without an edge.
    pub(super) fn shrunk(self, edge: f64) -> Self {
        let (width, height) = (self.right - self.left, self.bottom - self.top);
        Self::around(self.middle(), width - 2.0 * edge, height - 2.0 * edge)
    }

    pub(super) fn middle(self) -> (f64, f64) {
        (
            f64::midpoint(self.left, self.right),
            f64::midpoint(self.top, self.bottom),
        )
    }
}

/// An axis: the values at its ends, and how its ticks are written.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub range: (f64, f64),
    pub log: bool,
    /// An axis without ticks has no grid either.
    pub ticks: Option<fn(f64) -> String>,
}

impl Axis {
    pub(super) fn linear(low: f64, high: f64) -> Self {
        let (range, log, ticks) = ((low, high), false, Some(number as fn(f64) -> String));
        Self { range, log, ticks }
    }

    pub(super) fn log(range: (f64, f64)) -> Self {
        let linear = Self::linear(range.0, range.1);
        Self {
            log: true,
            ..linear
        }
    }

    /// Rows that are named by whoever draws them.
    pub(super) fn rows() -> Self {
        let ticks = None;
        Self {
            ticks,
            ..Self::linear(0.0, 1.0)
        }
    }
}

/// How a line is drawn.
pub(super) struct Stroke<'a> {
    pub colour: &'a str,
    pub width: f64,
    pub dashes: Option<&'a str>,
}

impl<'a> Stroke<'a> {
    pub(super) fn solid(colour: &'a str, width: f64) -> Self {
        Self {
            colour,
            width,
            dashes: None,
        }
    }

    pub(super) fn dashed(colour: &'a str, width: f64, dashes: &'a str) -> Self {
        let dashes = Some(dashes);
        Self {
            dashes,
            ..Self::solid(colour, width)
        }
    }
}

/// What stands before a name in a legend.
pub(super) struct Key {
    pub name: String,
    pub fill: String,
    pub outline: String,
    pub diamond: bool,
    pub same: bool,
}

impl Key {
    /// A square.
    pub(super) fn filled(name: &str, fill: &str, outline: &str) -> Self {
        Self {
            name: name.to_string(),
            fill: fill.to_string(),
            outline: outline.to_string(),
            diamond: false,
            same: false,
        }
    }

    /// The entries of marks that are not filled, as far as there are any.
    pub(super) fn findings(found: impl Iterator<Item = Finding>) -> Vec<Self> {
        let found = distinct(found);
        let entry = |finding, name: &str| {
            let same = finding == Finding::Same;
            let key = Self::filled(name, "white", INK);
            found.contains(&finding).then_some(Self { same, ..key })
        };
        let same = entry(Finding::Same, "with a bar: same");
        let unresolved = entry(Finding::Unresolved, "hollow: not resolved");
        same.into_iter().chain(unresolved).collect()
    }

    /// The entry of variants.
    pub(super) fn variant(name: &str) -> Self {
        let diamond = name == "diamond";
        let key = Self::filled(&format!("{name}: a variant"), GREY, GREY);
        Self { diamond, ..key }
    }

    /// The entry of a contender.
    pub(super) fn plain(name: &str, style: Style) -> Self {
        let (colour, diamond) = (colour(style.colour), style.variant);
        let key = Self::filled(name, &colour, &colour);
        Self { diamond, ..key }
    }
}

/// The page.
pub(super) struct Canvas {
    scene: Scene,
}

impl Canvas {
    /// A white page with its title, which shrinks if it would not fit.
    pub(super) fn new(width: f64, height: f64, title: &str) -> Self {
        let mut scene = Scene::new(width, height);
        scene.font_family = Some(FONT.to_string());
        scene.text_color = Some(INK.to_string());
        let mut canvas = Self { scene };
        let size = (12..=TITLE)
            .rev()
            .find(|size| text_width(title, *size) < width - 40.0)
            .unwrap_or(12);
        canvas.text((width / 2.0, 38.0), title, size, Anchor::Middle);
        canvas
    }

    /// A page that only says that there is nothing to draw.
    pub(super) fn no_data(title: &str) -> String {
        let mut canvas = Self::new(WIDTH, 240.0, title);
        canvas.text((WIDTH / 2.0, 140.0), "no data", AXIS_LABEL, Anchor::Middle);
        canvas.svg()
    }

    /// Draws axes with their ticks around an area and returns the scales. `adapt` may change what
    /// kuva is told.
    pub(super) fn axes(
        &mut self,
        area: Area,
        (x, y): (Axis, Axis),
        adapt: impl FnOnce(Layout) -> Layout,
    ) -> ComputedLayout {
        let mut layout = Layout::new(x.range, y.range)
            .with_x_axis_min(x.range.0)
            .with_x_axis_max(x.range.1)
            .with_y_axis_min(y.range.0)
            .with_y_axis_max(y.range.1)
            .with_show_grid(y.ticks.is_some());
        (layout.log_x, layout.log_y) = (x.log, y.log);
        layout.suppress_y_ticks = y.ticks.is_none();
        if let Some(ticks) = x.ticks {
            layout = layout.with_x_tick_format(TickFormat::Custom(Arc::new(ticks)));
        }
        if let Some(ticks) = y.ticks {
            layout = layout.with_y_tick_format(TickFormat::Custom(Arc::new(ticks)));
        }
        let mut layout = adapt(layout)
            .with_width(self.scene.width)
            .with_height(self.scene.height)
            .with_force_margins(area.left, self.scene.width - area.right)
            .with_force_margins_y(area.top, self.scene.height - area.bottom)
            .with_tick_size(TEXT);
        layout.theme.grid_color = GRID.to_string();
        let scales = ComputedLayout::from_layout(&layout);
        add_axes_and_grid(&mut self.scene, &scales, &layout);
        scales
    }

    /// Names the vertical axis of an area, at the left edge of the page.
    pub(super) fn y_label(&mut self, area: Area, label: &str) {
        if label.is_empty() {
            return;
        }
        let mut text = text_at(
            (24.0, f64::midpoint(area.top, area.bottom)),
            label,
            AXIS_LABEL,
        );
        if let Primitive::Text { rotate, .. } = &mut text {
            *rotate = Some(-90.0);
        }
        self.scene.add(text);
    }

    /// Names the horizontal axis of an area, below its ticks.
    pub(super) fn x_label(&mut self, area: Area, label: &str) {
        let at = (f64::midpoint(area.left, area.right), area.bottom + 56.0);
        self.centred(at, label, AXIS_LABEL);
    }

    /// What is drawn now says this when it is pointed at, in a browser.
    pub(super) fn mark(&mut self, mark: &Mark, draw: impl FnOnce(&mut Self)) {
        if mark.figure.is_empty() {
            return draw(self);
        }
        let case = mark.case.iter();
        let case = case.map(|case| format!(" data-case=\"{}\"", escaped(case)));
        self.scene.add(Primitive::GroupStart {
            transform: None,
            title: Some(format!("{}, {}: {}", mark.name, mark.place, mark.figure)),
            extra_attrs: Some(format!("class=\"mark\"{}", case.collect::<String>())),
        });
        draw(self);
        self.scene.add(Primitive::GroupEnd);
    }

    /// Writes a text on a base line, to both sides of a point.
    pub(super) fn centred(&mut self, at: (f64, f64), content: &str, size: u32) {
        self.text(at, content, size, Anchor::Middle);
    }

    /// Writes a text on a base line.
    pub(super) fn text(&mut self, at: (f64, f64), content: &str, size: u32, align: Anchor) {
        if content.is_empty() {
            return;
        }
        let mut text = text_at(at, content, size);
        if let Primitive::Text { anchor, .. } = &mut text {
            *anchor = align;
        }
        self.scene.add(text);
    }

    /// Draws a line through several points.
    pub(super) fn line(&mut self, points: &[(f64, f64)], stroke: &Stroke) {
        self.scene.add(Primitive::PolyLine {
            points: points.to_vec(),
            stroke: Color::from(stroke.colour),
            stroke_width: stroke.width,
            stroke_dasharray: stroke.dashes.map(str::to_string),
        });
    }

    /// Draws a rectangle with an outline.
    pub(super) fn rectangle(&mut self, area: Area, fill: &str, outline: &Stroke) {
        self.scene.add(Primitive::Rect {
            x: area.left,
            y: area.top,
            width: area.right - area.left,
            height: area.bottom - area.top,
            fill: Color::from(fill),
            stroke: Some(Color::from(outline.colour)),
            stroke_width: Some(outline.width),
            opacity: None,
        });
    }

    /// Draws the marker of a contender around a point: a square, or a diamond for a variant, of about the
    /// same area; `side` includes the outline.
    pub(super) fn marker(
        &mut self,
        at: (f64, f64),
        side: f64,
        diamond: bool,
        fill: &str,
        outline: &Stroke,
    ) {
        if !diamond {
            return self.square(at, side, fill, outline);
        }
        let (x, y) = at;
        let reach = 0.66 * side;
        self.scene.add(Primitive::Path(Box::new(PathData {
            d: format!(
                "M{:.2},{y:.2} L{x:.2},{:.2} L{:.2},{y:.2} L{x:.2},{:.2} Z",
                x - reach,
                y - reach,
                x + reach,
                y + reach
            ),
            fill: Some(Color::from(fill)),
            stroke: Color::from(outline.colour),
            stroke_width: outline.width,
            opacity: None,
            stroke_dasharray: None,
        })));
    }

    /// Draws stripes over the bar of a variant.
    pub(super) fn stripes(&mut self, bar: Area) {
        let white = Stroke::solid("#ffffff", 1.5);
        let mut x = bar.left + STRIPE;
        while x < bar.right {
            self.line(&[(x, bar.top), (x, bar.bottom)], &white);
            x += STRIPE;
        }
    }

    /// Draws the outline of an area.
    pub(super) fn frame(&mut self, area: Area, stroke: &Stroke) {
        let (left, right) = (area.left, area.right);
        let (top, bottom) = (area.top, area.bottom);
        let start = (left, top);
        let sides = [start, (right, top), (right, bottom), (left, bottom), start];
        self.line(&sides, stroke);
    }

    /// Draws a square around a point; `side` includes the outline.
    pub(super) fn square(&mut self, at: (f64, f64), side: f64, fill: &str, outline: &Stroke) {
        let side = side - outline.width;
        self.rectangle(Area::around(at, side, side), fill, outline);
    }

    /// Draws a vertical interval with a cap at each end.
    pub(super) fn whisker(&mut self, x: f64, (low, high): (f64, f64), stroke: &Stroke) {
        self.line(&[(x, low), (x, high)], stroke);
        for end in [low, high] {
            self.line(&[(x - 6.0, end), (x + 6.0, end)], stroke);
        }
    }

    /// Draws a horizontal interval with a cap at each end.
    pub(super) fn whisker_across(&mut self, (low, high): (f64, f64), y: f64) {
        let ink = Stroke::solid(INK, 1.5);
        self.line(&[(low, y), (high, y)], &ink);
        for x in [low, high] {
            self.line(&[(x, y - 6.0), (x, y + 6.0)], &ink);
        }
    }

    /// Draws the line from which factors are seen, from one point to another.
    pub(super) fn base(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.line(&[from, to], &Stroke::solid(GREY, 2.0));
    }

    /// Draws vertical grid lines through an area.
    pub(super) fn vertical_grid(&mut self, area: Area, positions: impl IntoIterator<Item = f64>) {
        for x in positions {
            self.line(
                &[(x, area.top), (x, area.bottom)],
                &Stroke::solid(GRID, 1.0),
            );
        }
    }

    /// Draws a legend in rows that fit the page, below the title.
    pub(super) fn legend(&mut self, keys: &[Key]) {
        for (row, keys) in legend_rows(keys).into_iter().enumerate() {
            let width: f64 = keys.iter().map(|key| key_width(key)).sum();
            let mut x = (WIDTH - width) / 2.0;
            let y = TITLE_HEIGHT + LEGEND_ROW * (row as f64 + 0.5);
            for key in keys {
                let outline = Stroke::solid(&key.outline, 2.0);
                self.marker((x + 8.0, y), 15.0, key.diamond, &key.fill, &outline);
                if key.same {
                    self.line(&[(x + 1.0, y), (x + 15.0, y)], &outline);
                }
                self.text((x + 22.0, y + 6.0), &key.name, TEXT, Anchor::Start);
                x += key_width(key);
            }
        }
    }

    /// The finished picture.
    pub(super) fn svg(mut self) -> String {
        let (width, height) = (self.scene.width, self.scene.height);
        // kuva would add a style sheet that also holds for other pictures on the same page.
        self.scene.has_tooltips = false;
        let svg = SvgBackend::new()
            .with_pretty(true)
            .render_scene(&self.scene);
        // Without a view box, a page that shows the picture smaller would cut it off instead.
        svg.replacen(
            "<svg ",
            &format!("<svg viewBox=\"0 0 {width} {height}\" "),
            1,
        )
    }
}

/// A text that may stand between the quotes of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// Height of the legend that [`Canvas::legend`] draws.
pub(super) fn legend_height(keys: &[Key]) -> f64 {
    LEGEND_ROW * legend_rows(keys).len() as f64
}

fn legend_rows(keys: &[Key]) -> Vec<Vec<&Key>> {
    let mut rows: Vec<Vec<&Key>> = Vec::new();
    let mut free = 0.0;
    for key in keys {
        if rows.is_empty() || key_width(key) > free {
            rows.push(Vec::new());
            free = WIDTH - 40.0;
        }
        free -= key_width(key);
        rows.last_mut().expect("a row was just added").push(key);
    }
    rows
}

fn key_width(key: &Key) -> f64 {
    text_width(&key.name, TEXT) + 44.0
}

fn text_at((x, y): (f64, f64), content: &str, size: u32) -> Primitive {
    Primitive::Text {
        x,
        y,
        content: content.to_string(),
        size,
        anchor: Anchor::Middle,
        rotate: None,
        bold: false,
        color: None,
    }
}
