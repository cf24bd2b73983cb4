use serde_json::{Value, json};

use super::*;
use crate::analysis::random::Random;
use crate::analysis::{Role, Slice};
use crate::environment::Environment;

/// A record of the cases `g/a` and `g/b` with a reference, a baseline and one contender more, whose
/// times are given in this order.
struct Made {
    python: &'static str,
    times: [f64; 3],
    blocks: u32,
    change: fn(&mut Value),
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
        let mut environment = json!(Environment::default());
        environment["python"]["implementation"] = "CPython".into();
        environment["python"]["version"] = self.python.into();
        let contender = |name: &str| json!({ "name": name, "title": format!("the {name}"), "folder": name, "module": name });
        let all = ["reference", "baseline", "other"];
        let case =
            |name: &str| json!({ "name": name, "about": "", "call": "f()", "contenders": all });
        let mut record = json!({
            "schema": 3, "started": "2026-01-02T03:04:05Z", "finished": "later",
            "profile": "default", "settings": { "blocks": self.blocks, "rounds": 1 },
            "command": "", "study_hash": "", "environment": environment, "contenders": {},
            "failures": [],
            "study": {
                "study": {
                    "name": "s", "title": "A study", "prelude": "p.py", "seed": 1,
                    "reference": "reference", "baseline": "baseline", "summary": ["g/a"],
                },
                "profile": {},
                "contender": all.map(contender),
                "check": [],
                "case": [case("g/a"), case("g/b")],
            },
        });
        (self.change)(&mut record);
        let record: crate::record::Record = serde_json::from_value(record).unwrap();
        let mut random = Random(seed);
        let mut slices = Vec::new();
        for case in &record.study.cases {
            for block in 0..self.blocks {
                for (contender, time) in all.iter().zip(self.times) {
                    let noise = (0.005 * random.normal()).exp();
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    slices.push(Slice {
                        block,
                        case: case.name.clone(),
                        contender: (*contender).to_owned(),
                        role: Role::Call,
                        round: 0,
                        position: 0,
                        iterations: 1,
                        nanoseconds: (1e6 * time * noise) as u64,
                    });
                }
            }
        }
        Member {
            folder: format!("results/{seed}"),
            results: Results::new(record, &slices),
        }
    }
}

fn members(all: &[Made]) -> Vec<Member> {
    (1..)
        .zip(all)
        .map(|(seed, made)| made.member(seed))
        .collect()
}

fn compared(all: &[Made]) -> Comparison {
    Comparison::new(&members(all)).unwrap()
}

fn refused(all: &[Made]) -> String {
    let outcome = Comparison::new(&members(all));
    outcome
        .err()
        .map_or_else(String::new, |error| error.to_string())
}

/// Three interpreters: the second runs the reference twice as fast, the third makes the other slow.
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
    let text = markdown(&comparison);
    assert!(
        text.contains("| case | contender | CPython 3.11.7 | CPython 3.13.0 | CPython 3.14.0 |")
    );
    // How each was built stands in the table of the records.
    assert!(text.contains("| CPython 3.13.0 (not known to be optimised by profile) |"));
    let cells = row(&text, "g/a | the other");
    for (cell, truth) in cells[2..].iter().zip([20.0, 10.0, 10.0]) {
        assert!((number(cell) / truth - 1.0).abs() < 0.02, "{cells:?}");
        assert!(cell.ends_with(']'), "no interval: {cell}");
    }
    for text in [
        text,
        terminal_table(&comparison),
        page(&comparison).unwrap(),
    ] {
        for unit in [" ns<", " ns ", "µs", " ms"] {
            assert!(!text.contains(unit), "{unit}: {text}");
        }
    }
}

#[test]
fn a_change_is_relative_to_the_first_record() {
    let comparison = compared(&three());
    let text = markdown(&comparison);
    let cells = row(&text, "g/b | other");
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
        record["failures"] = json!([{ "contender": "other", "case": "g/a", "stage": "run", "message": "died\nthere" }]);
    };
    all[2].change = |record| {
        record["study"]["case"].as_array_mut().unwrap().remove(1);
    };
    let comparison = compared(&all);
    let text = markdown(&comparison);
    assert_eq!(row(&text, "g/a | the other")[3], "failed");
    assert_eq!(row(&text, "g/b | the other")[4], "–");
    let cells = row(&text, "g/a | other");
    assert_eq!(cells[3..7], ["failed", cells[4], "–", "–"]);
    assert!(text.contains("| CPython 3.13.0 | other | g/a | run | died there |"));
    assert!(
        text.contains("1 ratio to") || text.contains("3 ratios to"),
        "{text}"
    );
    let terminal = terminal_table(&comparison);
    assert!(terminal.contains("failed in"), "{terminal}");
    assert!(
        page(&comparison)
            .unwrap()
            .contains("<td class=\"number\">failed</td>")
    );
}

#[test]
fn another_case_of_the_same_name_is_not_compared() {
    let mut all = three();
    all[2].change = |record| record["study"]["case"][1]["call"] = "g()".into();
    let text = markdown(&compared(&all));
    assert_eq!(row(&text, "g/b | the other")[4], "another case");
    assert!(text.contains("because CPython 3.14.0 means something else by the name: `g/b`."));
    // Where no two mean the same, there is no row.
    let text = markdown(&compared(&[
        Made::on("3.11.7", [40.0, 1.0, 2.0]),
        all.into_iter().last().unwrap(),
    ]));
    assert!(!text.contains("| g/b |"), "{text}");
    assert!(text.contains("because the record after means something else by the name: `g/b`."));
}

#[test]
fn too_few_blocks_give_speed_ups_without_changes() {
    let mut all = three();
    for made in &mut all {
        made.blocks = 2;
    }
    let comparison = compared(&all);
    let text = markdown(&comparison);
    assert!(row(&text, "g/a | the other")[2].contains("n = 2"));
    assert_eq!(row(&text, "g/a | other")[5..], ["–"; 4]);
    assert_eq!(comparison.untold(), ["CPython 3.13.0", "CPython 3.14.0"]);
    assert!(!comparison.slower());
}

#[test]
fn records_without_a_row_in_common_are_refused() {
    let mut all = three();
    all[1].change = |record| record["study"]["study"]["seed"] = 2.into();
    assert_eq!(
        refused(&all[..2]),
        "not comparable: the records have no row in common"
    );
    // The third one has rows in common with the first.
    assert_eq!(refused(&all), "");
    all[1].change = |record| record["study"]["study"]["baseline"] = "other".into();
    assert!(
        refused(&all).contains("ratios are to baseline in one record and to other in the other")
    );
    all[1].change = |record| record["study"]["study"]["reference"] = "other".into();
    let text = markdown(&compared(&all));
    assert!(text.contains("Speed-ups are not compared"), "{text}");
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let [one, other] = [three(), three()].map(|all| compared(&all));
    assert_eq!(page(&one).unwrap(), page(&other).unwrap());
    assert_eq!(terminal_table(&one), terminal_table(&other));
}

#[test]
fn nothing_in_a_record_is_taken_for_markup() {
    let mut all = three();
    all[0].change = |record| {
        record["study"]["contender"][2]["title"] = "<b>other</b>".into();
        record["failures"] =
            json!([{ "contender": "other", "case": "g/b", "stage": "run", "message": "<script>" }]);
    };
    let page = page(&compared(&all)).unwrap();
    assert!(!page.contains("<b>"), "{page}");
    assert_eq!(page.matches("<script>").count(), 1);
}
