//! What of a source text is code: neither comment nor, where signs are looked for, a literal.

use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C++ too.
    C,
    Cython,
    Rust,
    Zig,
    Nim,
    /// Mojo too.
    Python,
    Toml,
}

/// A quote may divide the digits of a number in C++.
const C: &str = r#"(?sx)
    (?<comment> //[^\n]* | /\* .*? (?:\*/|\z) )
    | \b\d[\w.]*(?:'\w+)+
    | \bR"\( .*? (?:\)"|\z)
    | (?:\b\w{1,2})? (?: "(?:\\.|[^"\\])*"? | '(?:\\.|[^'\\])*'? )"#;

/// A comment may have another one inside. What is no character is a lifetime.
const RUST: &str = r#"(?sx)
    (?<comment> //[^\n]* | /\* (?: /\*.*?\*/ | . )*? (?:\*/|\z) )
    | \b[bc]?r (?: "[^"]*"? | \#".*?(?:"\#|\z) | \#\#".*?(?:"\#\#|\z) )
    | (?:\b[bc])? "(?:\\.|[^"\\])*"?
    | (?:\bb)? ' (?: \\.[^']*'? | [^\\']' | \w* )"#;

/// Lines of a longer string begin with two backslashes each, and end with the line.
const ZIG: &str = r#"(?sx)
    (?<comment> //[^\n]* )
    | \\\\[^\n]* | "(?:\\.|[^"\\])*"? | '(?:\\.|[^'\\])*'?"#;

const NIM: &str = r#"(?sx)
    (?<comment> \#\[ (?: \#\[.*?\]\# | . )*? (?:\]\#|\z) | \#[^\n]* )
    | """.*?(?:"""|\z) | \br"[^"]*"? | "(?:\\.|[^"\\])*"? | '(?:\\.|[^'\\])*'?"#;

const PYTHON: &str = r#"(?sx)
    (?<comment> \#[^\n]* )
    | (?:\b\w{1,2})? (?: """(?:\\.|.)*?(?:"""|\z) | '''(?:\\.|.)*?(?:'''|\z)
                       | "(?:\\.|[^"\\])*"? | '(?:\\.|[^'\\])*'? )"#;

const TOML: &str = r#"(?sx)
    (?<comment> \#[^\n]* )
    | """(?:\\.|.)*?(?:"""|\z) | '''.*?(?:'''|\z) | "(?:\\.|[^"\\])*"? | '[^']*'?"#;

impl Language {
    /// The language of a file by its ending.
    pub fn of(path: &Path) -> Option<Self> {
        Some(match path.extension()?.to_str()? {
            "c" | "h" | "cc" | "cpp" | "cxx" | "hh" | "hpp" | "hxx" => Self::C,
            "pyx" | "pxd" | "pxi" => Self::Cython,
            "rs" => Self::Rust,
            "zig" => Self::Zig,
            "nim" => Self::Nim,
            "py" | "pyi" | "mojo" => Self::Python,
            "toml" => Self::Toml,
            _ => return None,
        })
    }

    /// Finds comments, which it names, and literals. A text that ends in one has it to its end.
    fn comments_and_literals(self) -> &'static Regex {
        static ALL: LazyLock<[Regex; 6]> = LazyLock::new(|| {
            [C, RUST, PYTHON, TOML, ZIG, NIM]
                .map(|pattern| Regex::new(pattern).expect("the pattern is valid"))
        });
        match self {
            Self::C => &ALL[0],
            Self::Rust => &ALL[1],
            Self::Python | Self::Cython => &ALL[2],
            Self::Toml => &ALL[3],
            Self::Zig => &ALL[4],
            Self::Nim => &ALL[5],
        }
    }
}

/// A text with a blank for each comment and a zero for each literal. Lines that these or a
/// backslash join are one.
pub fn without_comments_and_literals(language: Language, text: &str) -> String {
    let found = language.comments_and_literals();
    let instead = |found: &Captures<'_>| {
        if found.name("comment").is_some() {
            " "
        } else {
            "0"
        }
    };
    found.replace_all(text, instead).replace("\\\n", " ")
}

/// Lines that are neither blank nor comment; where the language is unknown, those that are not
/// blank. In Python and Cython a literal of several lines is documentation, and so is all else on
/// its lines.
pub fn code_lines(path: &Path, text: &str) -> usize {
    let (mut code, mut end) = (String::new(), 0);
    if let Some(language) = Language::of(path) {
        let has_documentation = matches!(language, Language::Python | Language::Cython);
        for part in language.comments_and_literals().find_iter(text) {
            if part.start() < end {
                continue;
            }
            code += &text[end..part.start()];
            end = part.end();
            let goes_on = part.as_str().contains('\n');
            if part.as_str().starts_with(['/', '#']) {
                code += if goes_on { "\n" } else { "" };
            } else if goes_on && has_documentation {
                code.truncate(code.rfind('\n').map_or(0, |at| at + 1));
                end = text[end..].find('\n').map_or(text.len(), |at| end + at);
            } else {
                code += part.as_str();
            }
        }
    }
    code += &text[end..];
    code.lines().filter(|line| !line.trim().is_empty()).count()
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
