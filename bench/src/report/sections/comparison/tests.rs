use super::*;
use crate::analysis::Role;
use crate::analysis::tests::Random;
use crate::record::Record;
use crate::report::figures::Results;
use crate::report::figures::comparison::Member;
use crate::report::formats::{html, markdown, terminal};
use crate::report::tests::{results, timed_in};

/// A record of the cases `size/1-8` and `size/10-8` with a reference, a baseline and one contender
/// more, whose times are given in this order.
struct Made {
    python: &'static str,
    times: [f64; 3],
    blocks: u32,
    change: fn(&mut Record),
}

impl Made {
    fn on(python: &'static str, times: [f64; 3]) -> Self {
        Self {
            python,
            times,
            blocks: 12,
            change: |_| {},
        }
    }

    fn member(&self, seed: u64) -> Member {
        let mut record = results("", &[]).record;
        let study = &mut record.study;
        study.cases.retain(|case| CASES.contains(&&*case.name));
        study.header.summary = vec![CASES[0].to_owned()];
        record.settings.blocks = self.blocks;
        let python = &mut record.environment.python;
        python.implementation = "CPython".to_owned();
        python.version = self.python.to_owned();
        (self.change)(&mut record);
        let mut random = Random(seed);
        let mut slices = Vec::new();
        for case in &record.study.cases {
            for (contender, time) in ["ref", "base", "other"].into_iter().zip(self.times) {
                slices.extend(timed_in(
                    self.blocks,
                    &case.name,
                    contender,
                    Role::Call,
                    |_| {
                        let noise = (0.005 * random.normal()).exp();
                        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                        let ns = (1e6 * time * noise) as u64;
                        ns
                    },
                ));
            }
        }
        Member {
            folder: format!("results/{seed}"),
            results: Results::new(record, &slices),
        }
    }
}

const CASES: [&str; 2] = ["size/1-8", "size/10-8"];

fn in_markdown(comparison: &Comparison) -> String {
    markdown::document(&whole(comparison))
}

fn on_terminal(comparison: &Comparison) -> String {
    let sections = sections(comparison).into_iter().map(Item::from);
    terminal::items(&sections.collect::<Vec<_>>())
}

fn as_page(comparison: &Comparison) -> String {
    html::comparison(&page(comparison).unwrap()).unwrap()
}

fn members(all: &[Made]) -> Vec<Member> {
    (1..)
        .zip(all)
        .map(|(seed, made)| made.member(seed))
        .collect()
}

fn compared(all: &[Made]) -> Comparison {
    Comparison::new(members(all)).unwrap()
}

fn refused(all: &[Made]) -> String {
    let outcome = Comparison::new(members(all));
    outcome
        .err()
        .map_or_else(String::new, |error| error.to_string())
}

/// Three interpreters: the second runs the reference twice as fast, the third makes Other slow.
fn three() -> [Made; 3] {
    [
        Made::on("3.11.7", [40.0, 1.0, 2.0]),
        Made::on("3.13.0", [10.0, 0.5, 1.0]),
        Made::on("3.14.0", [40.0, 1.0, 4.0]),
    ]
}

/// The only row of Markdown that begins with these cells.
fn row<'a>(text: &'a str, cells: &str) -> Vec<&'a str> {
    let start = format!("| {cells} |");
    let found: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with(&start))
        .collect();
    let [line] = found.as_slice() else {
        panic!("{start}: {found:?} in {text}");
    };
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn number(cell: &str) -> f64 {
    cell.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn speed_ups_stand_below_their_interpreters_and_seconds_nowhere() {
    let comparison = compared(&three());
    let text = in_markdown(&comparison);
    assert!(
        text.contains("| case | contender | CPython 3.11.7 | CPython 3.13.0 | CPython 3.14.0 |")
    );
    // How each was built stands in the table of the records.
    assert!(text.contains("| CPython 3.13.0 (not known to be optimised by profile) |"));
    let cells = row(&text, "size/1-8 | Other");
    for (cell, truth) in cells[2..].iter().zip([20.0, 10.0, 10.0]) {
        assert!((number(cell) / truth - 1.0).abs() < 0.02, "{cells:?}");
        assert!(cell.ends_with(']'), "no interval: {cell}");
    }
    for text in [text, on_terminal(&comparison), as_page(&comparison)] {
        for unit in [" ns<", " ns ", "µs", " ms"] {
            assert!(!text.contains(unit), "{unit}: {text}");
        }
    }
}

#[test]
fn a_change_is_relative_to_the_first_record() {
    let comparison = compared(&three());
    let text = in_markdown(&comparison);
    let cells = row(&text, "size/10-8 | other");
    assert!(
        (number(cells[5]) - 1.0).abs() < 0.02 && cells[6] != "slower",
        "{cells:?}"
    );
    assert!((number(cells[7]) - 2.0).abs() < 0.05, "{cells:?}");
    assert_eq!(cells[8], "slower");
    assert!(comparison.slower());
    assert!(!compared(&three()[..2]).slower());
}

#[test]
fn what_failed_or_is_missing_in_some_is_shown() {
    let mut all = three();
    all[1].change = |record| {
        record.fail("other", Some(CASES[0]), "run", "died\nthere".to_owned());
    };
    all[2].change = |record| {
        record.study.cases.remove(1);
    };
    let comparison = compared(&all);
    let text = in_markdown(&comparison);
    assert_eq!(row(&text, "size/1-8 | Other")[3], "failed");
    assert_eq!(row(&text, "size/10-8 | Other")[4], "–");
    let cells = row(&text, "size/1-8 | other");
    assert_eq!(cells[3..7], ["failed", cells[4], "–", "–"]);
    assert!(text.contains("| CPython 3.13.0 | other | size/1-8 | run | died there |"));
    assert!(
        text.contains("1 ratio to") || text.contains("3 ratios to"),
        "{text}"
    );
    let terminal = on_terminal(&comparison);
    assert!(terminal.contains("failed in"), "{terminal}");
    assert!(as_page(&comparison).contains("<td>failed</td>"));
}

#[test]
fn another_case_of_the_same_name_is_not_compared() {
    let mut all = three();
    all[2].change = |record| record.study.cases[1].call = "g()".to_owned();
    let text = in_markdown(&compared(&all));
    assert_eq!(row(&text, "size/10-8 | Other")[4], "another case");
    assert!(text.contains("because CPython 3.14.0 defines them otherwise: `size/10-8`."));
    // Where no two mean the same, there is no row.
    let text = in_markdown(&compared(&[
        Made::on("3.11.7", [40.0, 1.0, 2.0]),
        all.into_iter().last().unwrap(),
    ]));
    assert!(!text.contains("| size/10-8 |"), "{text}");
    assert!(text.contains("because the record after defines them otherwise: `size/10-8`."));
}

#[test]
fn too_few_blocks_give_speed_ups_without_changes() {
    let mut all = three();
    for made in &mut all {
        made.blocks = 2;
    }
    let comparison = compared(&all);
    let text = in_markdown(&comparison);
    assert!(row(&text, "size/1-8 | Other")[2].contains("n = 2"));
    assert_eq!(row(&text, "size/1-8 | other")[5..], ["–"; 4]);
    assert_eq!(comparison.untold(), ["CPython 3.13.0", "CPython 3.14.0"]);
    assert!(!comparison.slower());
}

#[test]
fn records_without_a_row_in_common_are_refused() {
    let mut all = three();
    all[1].change = |record| record.study.header.seed = 2;
    assert_eq!(
        refused(&all[..2]),
        "not comparable: the records have no row in common"
    );
    // The third one has rows in common with the first.
    assert_eq!(refused(&all), "");
    all[1].change = |record| record.study.header.baseline = "other".to_owned();
    assert!(refused(&all).contains("ratios are to base in one record and to other in the other"));
    all[1].change = |record| record.study.header.reference = "other".to_owned();
    let text = in_markdown(&compared(&all));
    assert!(text.contains("Speed-ups are not compared"), "{text}");
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let [one, other] = [three(), three()].map(|all| compared(&all));
    assert_eq!(as_page(&one), as_page(&other));
    assert_eq!(on_terminal(&one), on_terminal(&other));
}

#[test]
fn nothing_in_a_record_is_taken_for_markup() {
    let mut all = three();
    all[0].change = |record| {
        record.study.contenders[2].title = "<b>other</b>".to_owned();
        record.fail("other", Some(CASES[1]), "run", "<script>".to_owned());
    };
    let page = as_page(&compared(&all));
    assert!(!page.contains("<b>"), "{page}");
    assert_eq!(page.matches("<script>").count(), 1);
}
