//! What the study wants to see: its tables and charts.

use serde::{Deserialize, Deserializer, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableKind {
    /// Time per call: a row for each case, a column for each contender.
    Times,
    /// Time per call: a row for each case and contender.
    List,
    /// Sums and differences of times: a column for each of `parts`.
    Differences,
    /// The same as parts of each case's time, with what is left over.
    Parts,
    /// The same parts of instructions, of one contender above the baseline.
    Instructions,
    /// Time against a parameter as a straight line: what it costs at 0, and what each unit adds.
    Slopes,
    /// From which value of a parameter on one contender overtakes another.
    BreakEven,
    /// What a beginner's first version takes, as a multiple of the expert's.
    Tuning,
    /// What each variant that it names takes, beside the contender it is a variant of.
    Variants,
    /// Ratios to the baseline by language of the kernel and binding.
    Languages,
    /// What one call allocates, and what its result holds.
    Memory,
    /// What importing costs.
    Imports,
    /// What Python sees of each of the study's outcomes.
    Outcomes,
    /// How a time becomes shorter, one cause at a time: a row for each of `steps`.
    Ladder,
    /// How much of a case's work is done in a second, and with how many instructions each.
    Throughput,
}

/// A table of a regime.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSpec {
    /// By which charts and documents refer to it.
    pub name: String,
    pub kind: TableKind,
    pub title: String,
    /// How to read it.
    #[serde(default)]
    pub about: String,
    /// Regular expression on case names.
    #[serde(default)]
    pub cases: String,
    #[serde(default)]
    pub parts: Vec<Part>,
    /// Parameter that the table goes along.
    pub x: Option<String>,
    /// Parameter that its rows stand for.
    pub y: Option<String>,
    /// What one unit of `x` is, such as "character".
    #[serde(default)]
    pub unit: String,
    /// Contenders that it shows; all when empty.
    #[serde(default)]
    pub contenders: Vec<String>,
    /// The rungs of a ladder, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// One rung of a ladder: a contender in a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub title: String,
    /// The one thing that makes it faster than the step it is compared with.
    pub cause: String,
    pub case: String,
    pub contender: String,
    /// Title of the earlier step that it is compared with; the one before it when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
}

impl TableSpec {
    /// The step that another is compared with; nothing for the first.
    pub fn step_before(&self, index: usize) -> Option<&Step> {
        let before = &self.steps[..index];
        match &self.steps[index].over {
            Some(title) => before.iter().find(|step| step.title == *title),
            None => before.last(),
        }
    }
}

/// A sum and difference of times of one contender in the same block.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub name: String,
    /// Names of cases; parameters of the case at hand in braces are filled in, `floor` is its
    /// floor, and `loop` the study's `loop_case`.
    #[serde(default)]
    pub plus: Vec<String>,
    #[serde(default)]
    pub minus: Vec<String>,
    /// How many of something the difference is for.
    #[serde(default = "one")]
    pub per: f64,
    /// Whether it is the work itself, which every way out of Python has to do.
    #[serde(default)]
    pub kernel: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartKind {
    /// Time per call against a parameter, with the floor.
    Lines,
    /// Ratios to the baseline with intervals.
    Forest,
    /// Times faster than the reference.
    SpeedUp,
    /// Times faster than the reference in one case, over what the contender takes to have.
    TradeOff,
    /// A table of first versions beside tuned ones, as ratios.
    Tuning,
    /// What building costs.
    Effort,
    /// How long builds take, by where they start.
    Builds,
    /// What fits which interpreter.
    Portability,
    /// What became of each mistake.
    Mistakes,
    /// Times faster than the reference over two parameters.
    HeatMap,
    /// A table of differences or of parts, as bars.
    Bars,
    /// A ladder: how many times as fast as its first step each step is.
    Ladder,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartSpec {
    /// Name of the SVG file, without its ending.
    pub file: String,
    pub kind: ChartKind,
    pub title: String,
    /// Regular expression on case names.
    #[serde(default)]
    pub cases: String,
    /// Parameter on the horizontal axis; of a trade-off `glue`, `written` (lines), `build`
    /// (seconds from nothing) or `size` (kB installed).
    pub x: Option<String>,
    #[serde(default)]
    pub x_label: String,
    /// Parameter on the vertical axis.
    pub y: Option<String>,
    #[serde(default)]
    pub y_label: String,
    /// The table that it draws.
    pub table: Option<String>,
    /// Contenders that it shows; all when empty.
    #[serde(default)]
    pub contenders: Vec<String>,
}

fn one() -> f64 {
    1.0
}

/// What advice is made from: given how much work a call does and what crosses, which contender.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guide {
    /// Contenders that are advised; no guide when empty.
    pub contenders: Vec<String>,
    /// Cases whose floors tell how much faster native code does the reference's work.
    #[serde(deserialize_with = "one_or_more")]
    pub speed: Vec<String>,
    /// What may cross.
    pub data: Vec<GuideData>,
    /// The Pythons that portability is about; all that were tried when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supported: Option<SupportedPythons>,
}

/// Versions of Python that their authors support.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportedPythons {
    /// Such as "3.14", in ascending order.
    pub versions: Vec<String>,
    /// The day on which `source` said so.
    pub date: String,
    pub source: String,
}

/// One kind of data that crosses, and what it costs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideData {
    pub name: String,
    /// What crosses, as it goes on after "What crosses:".
    pub title: String,
    #[serde(default)]
    pub plus: Vec<String>,
    #[serde(default)]
    pub minus: Vec<String>,
}

/// A list of texts, or one alone.
fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(String),
        More(Vec<String>),
    }
    Ok(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(text) => vec![text],
        OneOrMore::More(texts) => texts,
    })
}
