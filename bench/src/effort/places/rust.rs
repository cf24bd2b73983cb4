//! Rust: `unsafe`, and what is done with raw pointers.

use std::sync::LazyLock;

use super::{Casts, Names, OF_LIBC, OF_PYTHON, OF_RUST, Pattern, pattern};
use crate::effort::values::Places;

/// What may be a place, and the braces that say where. A call may name types in up to three pairs
/// of brackets within each other.
const SIGNS: &str = r"(?x)
    (?<type> \bunsafe \s+ (?:extern \s+ 0 \s+)? fn \s* \( )
    | (?<opens> (?:\bunsafe \s*)? \{ ) | (?<closes> \} ) | (?<unsafe> \bunsafe\b )
    | (?<cast> \bas \s* \* \s* (?:const|mut)\b ) | \* \s* (?:const|mut)\b
    | (?: (?<operand> \w+ | [\)\]?] ) \s* )? (?<star> \* )
    | (?: \b(?<fn>fn) \s | (?<path>\w+|>) \s* :: | (?<dot>\.) )? \s* \b(?<name>\w+) \s*
      (?: :: \s* < (?<types> (?: [^<>] | <(?: [^<>] | <[^<>]*> )*> )*) > \s* )? \(";

/// Words after which an operand begins.
const OPERATORS: [&str; 11] = [
    "as", "const", "else", "if", "in", "let", "match", "move", "mut", "return", "while",
];

pub fn count(places: &mut Places, code: &str) {
    static PATTERN: Pattern = Pattern::new(|| pattern(SIGNS));
    static NAMES: LazyLock<Names> =
        LazyLock::new(|| Names::new(&[("libc::", OF_LIBC), ("", OF_RUST), ("(.*::)?", OF_PYTHON)]));
    // Of each open brace, whether it is that of an unsafe block.
    let mut braces = Vec::new();
    for sign in PATTERN.captures_iter(code) {
        let group = |name| sign.name(name).map(|part| part.as_str());
        let is_unsafe = braces.contains(&true);
        if let Some(opens) = group("opens") {
            braces.push(opens != "{");
            places.unsafe_blocks += usize::from(opens != "{");
        } else if group("closes").is_some() {
            braces.pop();
        } else if group("unsafe").is_some() {
            places.unsafe_blocks += 1;
        } else if group("cast").is_some() {
            places.casts += 1;
        } else if group("star").is_some() {
            let follows = group("operand").is_none_or(|before| OPERATORS.contains(&before));
            places.pointers += usize::from(is_unsafe && follows);
        } else if let Some(name) = group("name").filter(|_| group("fn").is_none()) {
            let kind = if group("dot").is_some() && name == "cast" {
                // PyO3's looks at the object.
                let behind = sign.get(0).map_or("", |call| &code[call.end()..]);
                let is_checked = group("types").is_some_and(|types| types.starts_with("Py"))
                    || behind.starts_with(")?");
                (!is_checked).then_some(Casts)
            } else {
                // In an unsafe block a method may be one of a raw pointer.
                let method = group("dot").filter(|_| is_unsafe).map(|_| "ptr");
                let path = group("path").or(method).map(|path| format!("{path}::"));
                NAMES.kind(&(path.unwrap_or_default() + name))
            };
            places.count_call(kind);
        }
    }
}
