//! Counts unchecked operations: signs and calls where the author alone keeps memory safe.
//!
//! A source text is searched with patterns, after its comments and literals are taken out. The
//! lists below are those of docs/effort.md. Nothing here follows declarations or knows types, so
//! what only these would tell is not counted.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::values::Unchecked;
use crate::code::{Language, without_comments_and_literals};

/// Where operations of one kind are counted.
type Kind = fn(&mut Unchecked) -> &mut usize;
const UNSAFE: Kind = |counts| &mut counts.unsafe_blocks;
const REFERENCES: Kind = |counts| &mut counts.reference_counts;
const ALLOCATIONS: Kind = |counts| &mut counts.allocations;
const POINTERS: Kind = |counts| &mut counts.pointers;
const CASTS: Kind = |counts| &mut counts.casts;

/// Patterns, and the kinds of what they find. A match whose group `unless` holds something other
/// than one of [`WORDS`] does not count.
type List = [(Kind, &'static str)];

/// Words before an operand. Another word there declares a name, or is an operand itself.
const WORDS: [&str; 20] = [
    "return", "case", "else", "do", "if", "while", "for", "switch", "and", "or", "not", "in", "is",
    "elif", "yield", "assert", "match", "move", "mut", "let",
];

/// Functions of Python's C API, whatever language calls them.
const OF_PYTHON: &List = &[
    (REFERENCES, "Py_X?(INCREF|DECREF|NewRef|SETREF)"),
    (REFERENCES, "Py_(CLEAR|VISIT)|PyObject_GC_(Un)?Track"),
    (REFERENCES, "PyObject_GetBuffer|PyBuffer_Release"),
    (POINTERS, r"PyUnicode_(READ|READ_CHAR|WRITE)"),
    (POINTERS, r"Py\w*_[GS]ET_ITEM"),
    (ALLOCATIONS, r"PyMem_\w+|tp_(alloc|free)"),
    (ALLOCATIONS, "PyObject_(GC_)?(Malloc|Calloc|Realloc)"),
    (ALLOCATIONS, "PyObject_(GC_)?(Resize|Free|New|NewVar|Del)"),
];

const OF_LIBC: &List = &[
    (ALLOCATIONS, "malloc|calloc|realloc|aligned_alloc"),
    (ALLOCATIONS, "strdup|free"),
    (POINTERS, "mem(cpy|move|set|cmp|chr)"),
    (POINTERS, "str(n?cpy|n?cat|len|n?cmp|coll|xfrm)"),
    (POINTERS, "str(r?chr|c?spn|pbrk|str|tok)"),
];

const OF_RUST: &List = &[
    (ALLOCATIONS, r"into_raw|from_raw|leak|ManuallyDrop::\w+"),
    (ALLOCATIONS, "alloc::(alloc|alloc_zeroed|realloc|dealloc)"),
    (REFERENCES, "forget|into_ptr"),
    (REFERENCES, "from_(owned|borrowed)_ptr(_or_err|_or_opt)?"),
    (CASTS, "cast_(mut|const)|transmute(_copy)?"),
    (CASTS, r"zeroed|assume_init\w*"),
    (POINTERS, "from_ptr|set_len|from_raw_parts(_mut)?"),
    (POINTERS, r"\w+_unchecked(_mut)?"),
];

/// Functions of Rust's module `ptr`, and methods of raw pointers.
const OF_RAW_POINTERS: &List = &[
    (POINTERS, "(byte_)?(add|sub|offset|offset_from)"),
    (POINTERS, r"as_ref|as_mut|drop_in_place"),
    (POINTERS, r"(byte_)?(read|write|copy|swap|replace)(_\w*)?"),
];

/// A star multiplies or declares if a name, a number or a closing bracket stands before it on its
/// line. So does a word before a name with a subscript.
const IN_C: &List = &[
    (POINTERS, "->"),
    (POINTERS, r"(\b(?<unless>\w+)[\ \t]+\**)? (\w+|[)\]])\s*\["),
    (POINTERS, r"((?<unless>\w+([\ ]\()?|[)\]])[\ \t]*)? \*+"),
    (
        CASTS,
        r"((?<unless>\w+)[\ \t]*)? \(\s*\w[\w\s*]* (\*\s*\)|\(\s*\*\s*\)\s*\()",
    ),
];

const IN_CYTHON: &List = &[
    (
        UNSAFE,
        r"\b(boundscheck|wraparound|initializedcheck)\s*[(=]\s*False\b",
    ),
    (CASTS, r"<\s*(object|\w[\w\s.]*\*[\s*]*)>"),
];

/// A `cast` of a Python object looks at the object.
const IN_RUST: &List = &[
    (UNSAFE, r"\bunsafe\b (?<unless>\s+(extern\s+0\s+)?fn\s*\()?"),
    (CASTS, r"\bas\s*\*\s*(const|mut)\b"),
    (
        CASTS,
        r"(?<unless>\.cast(::<Py[^()]*>\(|(::<[^()]*>)?\(\)\?)) | \.cast(::<[^()]*>)?\(",
    ),
];

const IN_UNSAFE_BLOCKS: &List = &[(POINTERS, r"((?<unless>\w+|[)\]?])\s*)? \*")];

/// A name of cffi or ctypes counts where it is read, because it is often kept under a shorter one.
const OF_FFI: &List = &[
    (REFERENCES, "new_handle|from_handle|callback"),
    (ALLOCATIONS, "gc|release|new_allocator"),
    (POINTERS, "unpack|buffer|from_buffer|string"),
    (POINTERS, "memmove|memset|string_at|wstring_at"),
    (CASTS, "cast|dlopen"),
];

const IN_PYTHON: &List = &[
    (POINTERS, r"\.\s*from_address\s*\("),
    (CASTS, r"\.\s*(argtypes|restype)\s*="),
];

/// Stands before the name of a function of C. Behind another word the function is declared.
const CALLED: &str = r"(?:\b(?<unless>\w+)[\ \t]+\**)? \b";
/// Stands behind the name of a function, with the types that Rust may want.
const CALL: &str = r"(?:::<[^();]*>)?\s*\(";

/// Signs have nothing before and behind them, names have.
type Lists = [(&'static str, &'static List, &'static str)];
const OF_C: &Lists = &[
    ("", IN_C, ""),
    (CALLED, OF_PYTHON, CALL),
    (CALLED, OF_LIBC, CALL),
];
const OF_CYTHON: &Lists = &[("", IN_CYTHON, ""), OF_C[1], OF_C[2]];
const OF_ALL_RUST: &Lists = &[
    ("", IN_RUST, ""),
    (r"\b", OF_PYTHON, CALL),
    (r"\blibc::", OF_LIBC, CALL),
    (r"\b", OF_RUST, CALL),
    (r"\bptr::", OF_RAW_POINTERS, CALL),
];
const OF_UNSAFE_BLOCKS: &Lists = &[
    ("", IN_UNSAFE_BLOCKS, ""),
    (r"\.\s*", OF_RAW_POINTERS, CALL),
];
const OF_ALL_PYTHON: &Lists = &[
    ("", IN_PYTHON, ""),
    (r"\b(?:ffi|_ffi|ctypes)\s*\.\s*", OF_FFI, r"\b"),
];

type Rules = LazyLock<Vec<(Kind, Regex)>>;
static C: Rules = LazyLock::new(|| rules(OF_C));
static CYTHON: Rules = LazyLock::new(|| rules(OF_CYTHON));
static RUST: Rules = LazyLock::new(|| rules(OF_ALL_RUST));
static UNSAFE_BLOCKS: Rules = LazyLock::new(|| rules(OF_UNSAFE_BLOCKS));
static PYTHON: Rules = LazyLock::new(|| rules(OF_ALL_PYTHON));

fn rules(lists: &Lists) -> Vec<(Kind, Regex)> {
    let mut rules = Vec::new();
    for (before, list, behind) in lists {
        for (kind, text) in *list {
            rules.push((*kind, pattern(&format!("{before}(?:{text}){behind}"))));
        }
    }
    rules
}

type Pattern = LazyLock<Regex>;

fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?x){text}")).expect("the pattern is valid")
}

impl Unchecked {
    /// Adds the operations in the text of one file. An invalid text gives some count, too.
    pub fn count(&mut self, language: Language, text: &str) {
        static SIZEOF: Pattern = LazyLock::new(|| pattern(r"\bsizeof\s*\((?:[^()]|\([^()]*\))*\)"));
        let code = without_comments_and_literals(language, text);
        let code = SIZEOF.replace_all(&code, "0");
        match language {
            Language::C => self.apply(&C, &code),
            Language::Cython => self.count_cython(text, &code),
            Language::Rust => self.count_rust(&code),
            Language::Python => self.apply(&PYTHON, &code),
            Language::Toml | Language::Zig | Language::Nim => {}
        }
    }

    fn apply(&mut self, rules: &Rules, code: &str) {
        let counts = |found: &Captures<'_>| {
            let before = found
                .name("unless")
                .map(|word| word.as_str().trim_end_matches(" ("));
            before.is_none_or(|word| WORDS.contains(&word))
        };
        for (kind, rule) in rules.iter() {
            *kind(self) += rule.captures_iter(code).filter(counts).count();
        }
    }

    /// Counts the settings of the file, and the C code in a docstring of `cdef extern`, too.
    fn count_cython(&mut self, text: &str, code: &str) {
        static DOCSTRING: Pattern =
            LazyLock::new(|| pattern(r#"(?s)\bcdef\ extern\ from\ [^\n]*:\s*"""(.*?)""""#));
        static DECLARATION: Pattern =
            LazyLock::new(|| pattern(r"(?m)^\s*cp?def\b([^\n(]|\(([^()]|\([^()]*\))*\))*"));
        static POINTER: Pattern = LazyLock::new(|| pattern(r"\*\s*(\w+)"));
        static SUBSCRIPT: Pattern = LazyLock::new(|| pattern(r"(\*?\b\w+)\s*\["));
        for found in DOCSTRING.captures_iter(text) {
            self.count(Language::C, &found[1]);
        }
        let settings = text
            .lines()
            .filter_map(|line| line.strip_prefix("# cython:"));
        self.apply(&CYTHON, &settings.collect::<String>());
        self.apply(&CYTHON, code);
        let declarations: String = DECLARATION
            .find_iter(code)
            .map(|found| found.as_str())
            .collect();
        let pointers = POINTER.captures_iter(&declarations);
        let pointers: BTreeSet<String> = pointers.map(|found| found[1].to_owned()).collect();
        let subscripts = SUBSCRIPT.captures_iter(code);
        self.pointers += subscripts
            .filter(|found| pointers.contains(&found[1]))
            .count();
    }

    fn count_rust(&mut self, code: &str) {
        static FUNCTION: Pattern = LazyLock::new(|| pattern(r"\bfn\s+\w+"));
        static TYPE: Pattern = LazyLock::new(|| pattern(r"\*\s*(const|mut)\b"));
        // Blocks within it are at most three deep.
        static BLOCK: Pattern = LazyLock::new(|| {
            let inside = |body, _| format!(r"(?:[^{{}}]|\{{{body}\}})*");
            let body = (0..4).fold(String::new(), inside);
            pattern(&format!(r"\bunsafe\s*\{{{body}\}}"))
        });
        let code = FUNCTION.replace_all(code, "fn f");
        self.apply(&RUST, &code);
        for block in BLOCK.find_iter(&TYPE.replace_all(&code, "")) {
            self.apply(&UNSAFE_BLOCKS, block.as_str());
        }
    }
}
