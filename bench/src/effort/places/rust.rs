//! Rust: `unsafe`, and what is done with raw pointers.

use super::names::{of_raw_pointer, of_rust};
use super::tokens::{Token, Tokens};
use super::{Kind, Places};

/// Words after which an operand begins.
const OPERATORS: [&str; 11] = [
    "as", "const", "else", "if", "in", "let", "match", "move", "mut", "return", "while",
];

pub fn places(tokens: &[Token<'_>]) -> Places {
    let tokens = Tokens::new(tokens);
    let mut places = Places::default();
    // For each open brace, whether it is that of an unsafe block.
    let mut braces: Vec<bool> = Vec::new();
    for at in 0..tokens.len() {
        let before = tokens.before(at, 1);
        let is_unsafe = braces.contains(&true);
        let kind = match tokens.text(at) {
            "{" => {
                braces.push(before == "unsafe");
                None
            }
            "}" => {
                braces.pop();
                None
            }
            "unsafe" => (!is_function_type(&tokens, at)).then_some(Kind::Unsafe),
            "*" => star(&tokens, at, is_unsafe),
            _ if tokens.is_word(at) && before != "fn" => call(&tokens, at, is_unsafe),
            _ => None,
        };
        if let Some(kind) = kind {
            places.add(kind);
        }
    }
    places
}

/// Whether this `unsafe` belongs to the type of a function pointer: no name follows `fn`.
fn is_function_type(tokens: &Tokens<'_>, at: usize) -> bool {
    let is_extern = tokens.text(at + 1) == "extern" && tokens.is_value(at + 2);
    let next = if is_extern { at + 3 } else { at + 1 };
    tokens.text(next) == "fn" && tokens.text(next + 1) == "("
}

fn star(tokens: &Tokens<'_>, at: usize, is_unsafe: bool) -> Option<Kind> {
    let is_type = ["const", "mut"].contains(&tokens.text(at + 1));
    if is_type {
        return (tokens.before(at, 1) == "as").then_some(Kind::Casts);
    }
    (is_unsafe && !ends_operand(tokens, at)).then_some(Kind::Pointers)
}

/// Whether an operand ends before a token.
fn ends_operand(tokens: &Tokens<'_>, at: usize) -> bool {
    let before = tokens.before(at, 1);
    let is_sign = [")", "]", "?"].contains(&before);
    let is_operand =
        |at| tokens.is_value(at) || (tokens.is_word(at) && !OPERATORS.contains(&before));
    is_sign || at.checked_sub(1).is_some_and(is_operand)
}

fn call(tokens: &Tokens<'_>, at: usize, is_unsafe: bool) -> Option<Kind> {
    let open = arguments(tokens, at)?;
    let name = tokens.text(at);
    match tokens.before(at, 1) {
        "." if is_unsafe && of_raw_pointer(name) => Some(Kind::Pointers),
        "." if name == "cast" => (!is_checked_cast(tokens, at, open)).then_some(Kind::Casts),
        "::" => of_rust(tokens.before(at, 2), name),
        _ => of_rust("", name),
    }
}

/// Where the arguments of a call open, behind the types that it may name.
fn arguments(tokens: &Tokens<'_>, name: usize) -> Option<usize> {
    let mut at = name + 1;
    if tokens.text(at) == "::" && tokens.text(at + 1) == "<" {
        let mut depth = 0_usize;
        loop {
            at += 1;
            match tokens.text(at) {
                "<" => depth += 1,
                ">" => depth -= 1,
                "" => return None,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        at += 1;
    }
    (tokens.text(at) == "(").then_some(at)
}

/// Whether a `cast` is one of `PyO3`'s, which looks at the object.
fn is_checked_cast(tokens: &Tokens<'_>, name: usize, open: usize) -> bool {
    tokens.text(tokens.pair(open) + 1) == "?"
        || (open > name + 1 && tokens.text(name + 3).starts_with("Py"))
}
