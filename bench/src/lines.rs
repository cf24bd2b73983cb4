//! Lines of code: those with something besides blanks and comments.

use std::collections::BTreeSet;
use std::path::Path;

/// How a language writes what is no code, and where such signs mean nothing.
struct Syntax {
    /// Begins a comment that ends with its line.
    comment: &'static str,
    /// Begin and end of a comment, and whether one may stand in another.
    block: Option<(&'static str, &'static str, bool)>,
    /// Begin and end of literals, the longest first, and whether a backslash escapes the end.
    literals: &'static [(&'static str, &'static str, bool)],
    /// A character is quoted as in C, but a lifetime begins with the same sign.
    lifetimes: bool,
    /// Lines that a string in three quotes goes on over are documentation.
    documentation: bool,
}

const C: Syntax = Syntax {
    comment: "//",
    block: Some(("/*", "*/", false)),
    literals: &[("\"", "\"", true), ("'", "'", true)],
    lifetimes: false,
    documentation: false,
};

/// As C, but a quote may also divide the digits of a number.
const CPP: Syntax = Syntax {
    comment: "//",
    block: Some(("/*", "*/", false)),
    literals: &[("R\"(", ")\"", false), ("\"", "\"", true)],
    lifetimes: true,
    documentation: false,
};

const ZIG: Syntax = Syntax {
    comment: "//",
    block: None,
    // Lines of a longer string begin with two backslashes each, and end with the line.
    literals: &[("\\\\", "\n", false), ("\"", "\"", true), ("'", "'", true)],
    lifetimes: false,
    documentation: false,
};

const NIM: Syntax = Syntax {
    comment: "#",
    block: Some(("#[", "]#", true)),
    literals: &[
        ("\"\"\"", "\"\"\"", false),
        ("r\"", "\"", false),
        ("\"", "\"", true),
        ("'", "'", true),
    ],
    lifetimes: false,
    documentation: false,
};

const RUST: Syntax = Syntax {
    comment: "//",
    block: Some(("/*", "*/", true)),
    literals: &[
        ("r##\"", "\"##", false),
        ("r#\"", "\"#", false),
        ("r\"", "\"", false),
        ("\"", "\"", true),
    ],
    lifetimes: true,
    documentation: false,
};

const PYTHON: Syntax = Syntax {
    comment: "#",
    block: None,
    literals: &[
        ("\"\"\"", "\"\"\"", true),
        ("'''", "'''", true),
        ("\"", "\"", true),
        ("'", "'", true),
    ],
    lifetimes: false,
    documentation: true,
};

const TOML: Syntax = Syntax {
    comment: "#",
    block: None,
    literals: &[
        ("\"\"\"", "\"\"\"", true),
        ("'''", "'''", false),
        ("\"", "\"", true),
        ("'", "'", false),
    ],
    lifetimes: false,
    documentation: false,
};

fn syntax(path: &Path) -> Option<&'static Syntax> {
    Some(match path.extension()?.to_str()? {
        "c" | "h" => &C,
        "cc" | "cpp" | "cxx" | "hh" | "hpp" | "hxx" => &CPP,
        "rs" => &RUST,
        "zig" => &ZIG,
        "nim" => &NIM,
        "py" | "pyi" | "pyx" | "pxd" | "pxi" | "mojo" => &PYTHON,
        "toml" => &TOML,
        _ => return None,
    })
}

/// Lines that are neither blank nor comment; where the language is unknown, those that are not
/// blank.
pub fn code_lines(path: &Path, text: &str) -> usize {
    let Some(syntax) = syntax(path) else {
        return text.lines().filter(|line| !line.trim().is_empty()).count();
    };
    let (mut code, mut documentation) = (BTreeSet::new(), BTreeSet::new());
    let (mut at, mut line) = (0, 0);
    while at < text.len() {
        let (length, part) = part(syntax, &text[at..]);
        for (below, piece) in text[at..at + length].split('\n').enumerate() {
            match part {
                Part::Code if !piece.trim().is_empty() => code.insert(line + below),
                Part::Documentation => documentation.insert(line + below),
                Part::Code | Part::Comment => false,
            };
        }
        line += text[at..at + length].matches('\n').count();
        at += length;
    }
    code.difference(&documentation).count()
}

#[derive(Clone, Copy)]
enum Part {
    Code,
    Comment,
    Documentation,
}

/// The length of what a text begins with, and what it is.
fn part(syntax: &Syntax, text: &str) -> (usize, Part) {
    // First, because in Nim it begins with the sign of the other.
    if let Some((begin, end, nested)) = syntax.block
        && text.starts_with(begin)
    {
        return (block(text, begin, end, nested), Part::Comment);
    }
    if text.starts_with(syntax.comment) {
        return (text.find('\n').unwrap_or(text.len()), Part::Comment);
    }
    for (begin, end, escapes) in syntax.literals {
        if text.starts_with(begin) {
            let length = literal(text, begin, end, *escapes);
            let documents = syntax.documentation && begin.len() == 3;
            let part = if documents && text[..length].contains('\n') {
                Part::Documentation
            } else {
                Part::Code
            };
            return (length, part);
        }
    }
    if syntax.lifetimes
        && let Some(length) = character(text)
    {
        return (length, Part::Code);
    }
    // A word is taken whole, or the end of one would look like the prefix of a literal.
    let word = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    match word.unwrap_or(text.len()) {
        0 => (text.chars().next().map_or(0, char::len_utf8), Part::Code),
        length => (length, Part::Code),
    }
}

fn block(text: &str, begin: &str, end: &str, nested: bool) -> usize {
    let (mut at, mut depth) = (begin.len(), 1);
    while depth > 0 {
        let Some(ends) = text[at..].find(end).map(|found| at + found) else {
            return text.len();
        };
        let inner = text[at..ends].find(begin).filter(|_| nested);
        (at, depth) = match inner {
            Some(begins) => (at + begins + begin.len(), depth + 1),
            None => (ends + end.len(), depth - 1),
        };
    }
    at
}

fn literal(text: &str, begin: &str, end: &str, escapes: bool) -> usize {
    let mut at = begin.len();
    while !text[at..].starts_with(end) {
        let mut characters = text[at..].chars();
        let Some(first) = characters.next() else {
            return text.len();
        };
        at += first.len_utf8();
        if escapes && first == '\\' {
            at += characters.next().map_or(0, char::len_utf8);
        }
    }
    at + end.len()
}

/// The length of a character of Rust's, such as `'"'`, and not of a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut characters = text.strip_prefix('\'')?.chars();
    let first = characters.next()?;
    let length = 1 + first.len_utf8();
    if first == '\\' {
        return Some(literal(text, "'", "'", true));
    }
    (characters.next()? == '\'').then_some(length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blanks_are_no_code_and_their_signs_in_literals_are() {
        let lines = |name: &str, text: &str| code_lines(Path::new(name), text);
        assert_eq!(
            lines("a.c", "/* a\n b */\nint f; // c\n\n// d\n  /* e */\n"),
            1
        );
        assert_eq!(
            lines("a.c", "char *a = \"/*\";\nchar b = '\"'; /* c\n*/ int d;\n"),
            3
        );
        assert_eq!(
            lines(
                "a.rs",
                "/// a\nfn f<'a>() {}\n/* b /* c */\nd */\n'\"' // e\n"
            ),
            2
        );
        assert_eq!(lines("a.rs", "let a = r#\"\n// b\n\n\"#;\n"), 3);
        assert_eq!(
            lines(
                "a.cpp",
                "int a = 1'000; // a\n/* b\n*/ char c = '\"'; // '\n"
            ),
            2
        );
        assert_eq!(lines("a.cpp", "auto a = R\"(\n// b\n\n)\";\n"), 3);
        assert_eq!(
            lines("a.zig", "// a\nconst b =\n    \\\\ // c\n    \\\\ d\n;\n"),
            4
        );
        assert_eq!(
            lines("a.nim", "# a\n#[ b\n#[ c ]# ]#\nlet d = \"#[\" # e\n## f\n"),
            1
        );
        assert_eq!(
            lines("a.mojo", "# a\nfn b():\n    \"\"\"C.\n    D.\n    \"\"\"\n"),
            1
        );
        // A string of several lines is documentation, whatever it is for.
        assert_eq!(lines("a.py", "\"\"\"A\n\nb\"\"\"\nc = '''\nd\n'''\n"), 0);
        assert_eq!(lines("a.py", "# a\n\"\"\"B.\"\"\"\nc = \"#\"\n"), 2);
        assert_eq!(
            lines("a.pyx", "cdef int a  # b\n    '''C.'''\nd = \"#\"\n"),
            3
        );
        assert_eq!(lines("a.toml", "# a\nb = '''\n# c\n'''\nd = 'e' # f\n"), 4);
        assert_eq!(lines("a.other", "# a\n\nb\n"), 2);
    }

    #[test]
    fn a_file_that_ends_too_early_is_counted_all_the_same() {
        for (name, text) in [("a.c", "a /*"), ("a.py", "a = \"\"\""), ("a.rs", "a '\\")] {
            assert_eq!(code_lines(Path::new(name), text), 1);
        }
    }
}
