//! C: where a declaration may begin, and what of the preprocessor is code.

use super::declared::Scope;
use super::operands::Walk;
use super::tokens::Token;
use super::{Language, Places};

pub fn places(tokens: &[Token<'_>]) -> Places {
    let mut code = Vec::new();
    let mut macros = Vec::new();
    for line in tokens.chunk_by(|a, b| a.line == b.line) {
        match line {
            [sign, define, name, body @ ..] if sign.text == "#" && define.text == "define" => {
                macros.push(without_parameters(name, body));
            }
            [sign, ..] if sign.text == "#" => {}
            _ => code.extend_from_slice(line),
        }
    }
    let of_macros = macros.iter().map(|body| walk(body, true));
    of_macros.chain([walk(&code, false)]).sum()
}

/// The body of a macro. Parameters stand right behind its name.
fn without_parameters<'a, 'b>(name: &Token<'_>, body: &'b [Token<'a>]) -> &'b [Token<'a>] {
    let end = name.column + name.text.len();
    let close = body.iter().position(|token| token.text == ")");
    match (body.first(), close) {
        (Some(first), Some(close)) if first.text == "(" && first.column == end => {
            &body[close + 1..]
        }
        _ => body,
    }
}

/// Counts the places of a file, or of statements.
fn walk(tokens: &[Token<'_>], is_statements: bool) -> Places {
    let mut walk = Walk::new(Language::C, tokens);
    // What the braces hold that are open, from the outside in.
    let mut braces = Vec::new();
    if is_statements {
        braces.push(Scope::Function);
    }
    for (at, token) in tokens.iter().enumerate() {
        declare(&mut walk, at, braces.first().copied());
        walk.count(at);
        match token.text {
            "{" if walk.before(at, 1) == ")" => braces.push(Scope::Function),
            "{" => braces.push(Scope::Members),
            "}" => drop(braces.pop()),
            _ => {}
        }
        if braces.is_empty() && ["}", ";"].contains(&token.text) {
            walk.declared.leave_function();
        }
    }
    walk.places
}

/// Reads a declaration, if one may begin at a token in these outermost braces.
fn declare(walk: &mut Walk<'_>, at: usize, braces: Option<Scope>) {
    match walk.before(at, 1) {
        "(" | "," if braces.is_none() => walk.parameter(at),
        "(" if walk.before(at, 2) == "for" => walk.declaration(at, usize::MAX, Scope::Function),
        "" | ";" | "{" | "}" => walk.declaration(at, usize::MAX, braces.unwrap_or(Scope::File)),
        _ => {}
    }
}
