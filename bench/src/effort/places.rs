//! The places in a source text where the author alone keeps memory safe, counted by kind.
//!
//! Code counts as it is written: comments and literals do not count (an f-string is a literal), a
//! macro counts once, where it is defined, and all branches of an `#if` count, as does the C that
//! a `cdef extern` of Cython has in a docstring. A function counts where it is called, in Python
//! also under the name that `unpack = ffi.unpack` gives it. One sign is one place, even where it
//! only leads to an address. Nothing counts in the parentheses of a `sizeof`.
//!
//! The kinds of places, and what is one in which language, are listed in docs/effort.md; the calls
//! among them are those of the patterns below.
//!
//! What is declared elsewhere, in a header or another module, is not known to be a pointer, and
//! what a macro stands for is not known at all.

mod operands;
mod rust;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::values::Places;
use crate::code::{Language, without_comments_and_literals};

#[derive(Clone, Copy)]
enum Kind {
    References,
    Allocations,
    Pointers,
    Casts,
}
use Kind::{Allocations, Casts, Pointers, References};

/// The functions whose calls count: of each kind a pattern of their names. The first that fits
/// says the kind.
type Calls = [(Kind, &'static str)];

/// Of Python's C API, whatever language calls them.
const OF_PYTHON: &Calls = &[
    (
        References,
        r"(?x) Py_( X?(INCREF|DECREF|NewRef|SETREF) | CLEAR | VISIT )
        | PyObject_GC_(Un)?Track | PyObject_GetBuffer | PyBuffer_Release",
    ),
    (
        Pointers,
        r"(?x) PyUnicode_(READ|READ_CHAR|WRITE) | Py\w*_[GS]ET_ITEM",
    ),
    (
        Allocations,
        r"(?x) PyMem_\w+ | tp_(alloc|free)
        | PyObject_(GC_)?(Malloc|Calloc|Realloc|Resize|Free|New|NewVar|Del)",
    ),
];

const OF_LIBC: &Calls = &[
    (
        Allocations,
        "malloc|calloc|realloc|aligned_alloc|strdup|free",
    ),
    (
        Pointers,
        r"(?x) mem(cpy|move|set|cmp|chr)
        | str(n?cpy|n?cat|len|n?cmp|coll|xfrm|r?chr|c?spn|pbrk|str|tok)",
    ),
];

/// Of Rust, behind one part of their path, if there is one.
const OF_RUST: &Calls = &[
    (
        Allocations,
        r"(?x) (.*::)?(into_raw|from_raw|leak) | ManuallyDrop::\w+
        | alloc::(alloc|alloc_zeroed|realloc|dealloc) | (Vec|String)::from_raw_parts",
    ),
    (
        References,
        r"(?x) (.*::)?(forget|into_ptr|from_(owned|borrowed)_ptr(_or_err|_or_opt)?)",
    ),
    (
        Casts,
        r"(?x) (.*::)?(cast_mut|cast_const|transmute|transmute_copy|zeroed|assume_init\w*)
        | (.*::)?(down)?cast(_\w+)?_unchecked(_mut)?",
    ),
    (
        Pointers,
        r"(?x) (.*::)?(from_raw_parts(_mut)?|from_ptr|set_len|\w+_unchecked(_mut)?)
        | ptr::(byte_)?(add|sub|offset|offset_from|as_ref|as_mut)
        | ptr::(byte_)?(read|write|copy|swap|replace|drop_in_place)(_\w*)?",
    ),
];

/// Of cffi and ctypes.
const OF_FFI: &Calls = &[
    (References, "new_handle|from_handle|callback"),
    (Allocations, "gc|release|new_allocator"),
    (
        Pointers,
        "unpack|buffer|from_buffer|string|memmove|memset|string_at|wstring_at",
    ),
    (Casts, "cast|dlopen"),
];

/// Finds the kind of a name.
struct Names(Vec<(Kind, Regex)>);

impl Names {
    /// Each list with what stands before all its names.
    fn new(lists: &[(&str, &Calls)]) -> Self {
        let mut all = Vec::new();
        for (path, calls) in lists {
            for (kind, names) in *calls {
                all.push((*kind, pattern(&format!("^{path}(?:{names})$"))));
            }
        }
        Self(all)
    }

    fn kind(&self, name: &str) -> Option<Kind> {
        let found = self.0.iter().find(|(_, names)| names.is_match(name));
        found.map(|(kind, _)| *kind)
    }
}

impl Places {
    /// Counts a call, if it is a place.
    fn count_call(&mut self, kind: Option<Kind>) {
        match kind {
            Some(References) => self.reference_counts += 1,
            Some(Allocations) => self.allocations += 1,
            Some(Pointers) => self.pointers += 1,
            Some(Casts) => self.casts += 1,
            None => {}
        }
    }

    /// Adds the places in the text of one file. What is no valid text of its language gives some
    /// count, too.
    pub fn count(&mut self, language: Language, text: &str) {
        let code = without_comments_and_literals(language, text);
        match language {
            Language::C => operands::count_c(self, &code),
            Language::Cython => operands::count_cython(self, text, &code),
            Language::Rust => rust::count(self, &code),
            Language::Python => self.count_python(&code),
            Language::Toml | Language::Zig | Language::Nim => {}
        }
    }

    /// The calls of cffi and ctypes, also under another name: `unpack = ffi.unpack`.
    fn count_python(&mut self, code: &str) {
        static NAMES: LazyLock<Names> = LazyLock::new(|| Names::new(&[("", OF_FFI)]));
        static ASSIGNED: Pattern =
            Pattern::new(|| pattern(r"(?m)^\s*(\w+) *= *(?:ffi|_ffi|ctypes)\.(\w+) *$"));
        static IMPORTED: Pattern = Pattern::new(|| pattern(r"(?m)^\s*from ctypes import (.*)$"));
        static SIGNS: Pattern = Pattern::new(|| {
            pattern(
                r"(?x) \. \s* (?<type>argtypes|restype) \s* = | \. \s* (?<at>from_address) \s* \(
            | (?: \b(?<library>ffi|_ffi|ctypes) \s* \. \s* | (?<other>\.) \s* )?
              \b(?<name>\w+) \s* \(",
            )
        });
        let mut renamed = BTreeMap::new();
        for found in ASSIGNED.captures_iter(code) {
            let (_, [new, old]) = found.extract();
            renamed.extend(NAMES.kind(old).map(|kind| (new, kind)));
        }
        for found in IMPORTED.captures_iter(code) {
            let (_, [names]) = found.extract();
            let names = names.split(|c: char| !c.is_alphanumeric() && c != '_');
            renamed.extend(names.filter_map(|name| Some((name, NAMES.kind(name)?))));
        }
        for sign in SIGNS.captures_iter(code) {
            let kind = if sign.name("type").is_some() {
                Some(Casts)
            } else if sign.name("at").is_some() {
                Some(Pointers)
            } else if sign.name("library").is_some() {
                NAMES.kind(&sign["name"])
            } else if sign.name("other").is_some() {
                None
            } else {
                renamed.get(&sign["name"]).copied()
            };
            self.count_call(kind);
        }
    }
}

type Pattern = LazyLock<Regex>;

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}
