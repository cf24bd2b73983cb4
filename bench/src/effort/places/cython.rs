//! Cython: which lines declare something, and where.

use std::ops::Range;

use super::declared::Scope;
use super::names::CHECKS;
use super::operands::Walk;
use super::tokens::{Shape, Token};
use super::{Language, Places};

pub fn places(text: &str, tokens: &[Token<'_>]) -> Places {
    let mut walk = Walk::new(Language::Cython, tokens);
    // Of the blocks that a line is in: how far in they begin, and what is declared there.
    let mut blocks: Vec<(usize, Scope)> = Vec::new();
    let mut all = Vec::new();
    for line in lines(tokens) {
        let first = tokens[line.start];
        blocks.retain(|(outer, _)| *outer < first.column);
        let block = blocks.last().map(|(_, scope)| *scope);
        if block == Some(Scope::File) && first.shape == Shape::Literal {
            // The C that a `cdef extern` has in a docstring.
            all.push(super::places(Language::C, first.text.trim_matches('"')));
            continue;
        }
        let begun = declare(&mut walk, line.clone(), block);
        blocks.extend(begun.map(|scope| (first.column, scope)));
        line.for_each(|at| walk.count(at));
    }
    walk.places.unsafe_blocks += switched_off(text);
    all.push(walk.places);
    all.into_iter().sum()
}

/// Lines that brackets join are one.
fn lines(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut last) = (0_usize, None);
    for (at, token) in tokens.iter().enumerate() {
        match lines.last_mut() {
            Some(line) if depth > 0 || last == Some(token.line) => line.end = at + 1,
            _ => lines.push(at..at + 1),
        }
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        last = Some(token.line);
    }
    lines
}

/// Reads what a line in a block declares. Gives what is declared in the block that it begins.
fn declare(walk: &mut Walk<'_>, line: Range<usize>, block: Option<Scope>) -> Option<Scope> {
    let words: Vec<&str> = line.clone().map(|at| walk.text(at)).collect();
    let says_so = ["def", "cdef", "cpdef", "ctypedef"].contains(&words[0]);
    if !says_so && matches!(block, None | Some(Scope::Function)) {
        return None;
    }
    if words.last() != Some(&":") {
        walk.declaration(line.start, line.end, block.unwrap_or(Scope::File));
        return None;
    }
    let of_members = ["struct", "union", "class"];
    if of_members.iter().any(|word| words.contains(word)) {
        return Some(Scope::Members);
    }
    if !words.contains(&"(") {
        return Some(Scope::File);
    }
    walk.declared.leave_function();
    walk.parameter(line.start);
    for at in line {
        if ["(", ","].contains(&walk.before(at, 1)) {
            walk.parameter(at);
        }
    }
    Some(Scope::Function)
}

/// Checks that the comments at the head of a file switch off.
fn switched_off(text: &str) -> usize {
    let comments = text.lines().take_while(|line| line.starts_with('#'));
    let settings = comments
        .filter_map(|line| line.strip_prefix("# cython:"))
        .flat_map(|settings| settings.split(','))
        .filter_map(|setting| setting.trim().strip_suffix("=False"));
    settings.filter(|name| CHECKS.contains(name)).count()
}
