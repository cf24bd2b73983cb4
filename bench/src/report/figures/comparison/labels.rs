//! A short name for each record of a comparison, by what it differs in from the others.

use super::Column;

/// A folder's name is cut at its beginning when it is longer than this.
const LONG: usize = 20;

/// The interpreter where all differ in it; else the machine, both, or the folder. No two are alike.
pub fn labels(columns: &[Column]) -> Vec<String> {
    let of = |label: fn(&Column) -> String| columns.iter().map(label).collect::<Vec<_>>();
    let attempts = [
        of(|column| column.interpreter.clone()),
        of(|column| column.machine.clone()),
        of(|column| format!("{}, {}", column.interpreter, column.machine)),
        shortened(of(|column| name_of(&column.folder))),
        of(|column| column.folder.clone()),
    ];
    let unique = attempts.into_iter().find(|labels| distinct(labels));
    // The same record may take part twice.
    unique.unwrap_or_else(|| numbered(of(|column| name_of(&column.folder))))
}

/// The last part of a path; all of it where there is none.
fn name_of(folder: &str) -> String {
    let parts = folder.split('/').rev();
    let mut names = parts.filter(|part| !part.is_empty() && *part != ".");
    names.next().unwrap_or(folder).to_owned()
}

fn distinct(labels: &[String]) -> bool {
    let named = labels.iter().all(|label| !label.trim().is_empty());
    named && (1..labels.len()).all(|end| !labels[..end].contains(&labels[end]))
}

/// Long names without the words that stand at the same place in all of them. Something is left of
/// each.
fn shortened(names: Vec<String>) -> Vec<String> {
    if names.iter().all(|name| name.chars().count() <= LONG) {
        return names;
    }
    let words: Vec<Vec<&str>> = names.iter().map(|name| name.split('-').collect()).collect();
    let most = words.iter().map(Vec::len).min().unwrap_or(1) - 1;
    let common = |place: usize| place < most && words.iter().all(|of| of[place] == words[0][place]);
    let short = |of: &Vec<&str>| {
        let mut label = String::new();
        for (place, word) in of.iter().enumerate() {
            if !common(place) {
                if !label.is_empty() && !label.ends_with('…') {
                    label.push('-');
                }
                label.push_str(word);
            } else if !label.ends_with('…') {
                label.push('…');
            }
        }
        label
    };
    words.iter().map(short).collect()
}

/// Names that are there already get a number.
fn numbered(names: Vec<String>) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for name in names {
        let mut label = name.clone();
        let mut number = 2;
        while labels.contains(&label) {
            label = format!("{name} ({number})");
            number += 1;
        }
        labels.push(label);
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(all: &[[&str; 3]]) -> Vec<String> {
        let column = |[folder, interpreter, machine]: &[&str; 3]| Column {
            label: String::new(),
            folder: (*folder).to_owned(),
            interpreter: (*interpreter).to_owned(),
            machine: (*machine).to_owned(),
        };
        labels(&all.iter().map(column).collect::<Vec<_>>())
    }

    #[test]
    fn a_label_is_the_first_thing_that_all_differ_in() {
        let one = "CPython 3.11.7";
        let other = "CPython 3.13.0";
        assert_eq!(of(&[["a", one, "x"], ["b", other, "y"]]), [one, other]);
        assert_eq!(of(&[["a", one, "x"], ["b", one, "y"]]), ["x", "y"]);
        assert_eq!(
            of(&[["a", one, "x"], ["b", one, "y"], ["c", other, "y"]]),
            [
                "CPython 3.11.7, x",
                "CPython 3.11.7, y",
                "CPython 3.13.0, y"
            ]
        );
        assert_eq!(of(&[["r/a", one, "x"], ["r/b/", one, "x"]]), ["a", "b"]);
        assert_eq!(of(&[["r/a", one, "x"], ["s/a", one, "x"]]), ["r/a", "s/a"]);
    }

    #[test]
    fn a_long_name_loses_what_all_have_in_common() {
        let of = |names: [&str; 3]| of(&names.map(|name| [name, "CPython", "x"]));
        assert_eq!(
            of([
                "2026-amd-cpython-3.11.7",
                "2026-amd-cpython-3.11.7-2",
                "2026-amd-cpython-3.11.7-isolated"
            ]),
            ["…3.11.7", "…3.11.7-2", "…3.11.7-isolated"]
        );
        assert_eq!(
            of([
                "2026-11-23-amd-3.11.7",
                "2026-11-23-amd-3.11.7-2",
                "2026-11-24-amd-3.11.7"
            ]),
            ["…23…3.11.7", "…23…3.11.7-2", "…24…3.11.7"]
        );
        let different = ["one-record-of-a-machine", "two", "three"];
        assert_eq!(of(different), different);
    }

    #[test]
    fn the_same_record_twice_has_two_labels() {
        let same = ["r/a", "CPython", "x"];
        assert_eq!(of(&[same, same, same]), ["a", "a (2)", "a (3)"]);
        assert_eq!(
            of(&[same, ["s/a (2)", "CPython", "x"], same]),
            ["a", "a (2)", "a (3)"]
        );
    }
}
