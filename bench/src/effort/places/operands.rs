//! Operands of C and Cython: which of them are pointers, and what is done to them.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::{Declared, Scope};
use super::names::{CHECKS, of_c};
use super::tokens::{Token, Tokens};
use super::{Kind, Language, Places};

/// An operand without what stands before it, such as a star or a cast.
struct Operand {
    start: usize,
    /// How often it can be followed.
    depth: usize,
}

/// Words after which an operand begins.
const C_OPERATORS: [&str; 5] = ["return", "case", "else", "do", "goto"];
const CYTHON_OPERATORS: [&str; 12] = [
    "and", "or", "not", "in", "is", "if", "elif", "else", "while", "return", "yield", "assert",
];

/// Words before parentheses that a statement follows.
const CONDITIONS: [&str; 3] = ["if", "while", "for"];

/// What ends the type in a cast to no pointer, unless it ends in `_t`.
const NUMBERS: [&str; 8] = [
    "char", "double", "float", "int", "long", "short", "unsigned", "void",
];

/// A walk over the tokens of a file from the first to the last. It knows what was declared, and
/// what was cast, up to where it is.
pub struct Walk<'a> {
    language: Language,
    tokens: Tokens<'a>,
    pub declared: Declared<'a>,
    /// Tokens that belong to a type, or to the operand of a `sizeof`.
    types: BTreeSet<usize>,
    /// By the bracket that ends a cast: where the cast begins, and how many stars it has.
    casts: BTreeMap<usize, (usize, usize)>,
    pub places: Places,
}

impl<'a> Walk<'a> {
    pub fn new(language: Language, tokens: &[Token<'a>]) -> Self {
        Self {
            language,
            tokens: Tokens::new(tokens),
            declared: Declared::default(),
            types: BTreeSet::new(),
            casts: BTreeMap::new(),
            places: Places::default(),
        }
    }

    pub fn text(&self, at: usize) -> &'a str {
        self.tokens.text(at)
    }

    pub fn before(&self, at: usize, distance: usize) -> &'a str {
        self.tokens.before(at, distance)
    }

    /// Reads the declaration that may begin at a token and goes on up to another at most.
    pub fn declaration(&mut self, start: usize, end: usize, scope: Scope) {
        let Some(mut at) = self.first_name(start, end, scope) else {
            return;
        };
        while at < end && !["", ";", "{", ")", "]", "}"].contains(&self.text(at)) {
            at = if self.text(at) == "," {
                self.declarator(at + 1, self.words_and_stars(at + 1, end), scope)
            } else {
                self.tokens.pair(at) + 1
            };
        }
    }

    /// Reads the parameter that may begin at a token.
    pub fn parameter(&mut self, start: usize) {
        self.first_name(start, self.tokens.len(), Scope::Function);
    }

    /// Reads words and stars, if a declaration begins with them: the last word is the name. Gives
    /// where its subscripts end.
    fn first_name(&mut self, start: usize, end: usize, scope: Scope) -> Option<usize> {
        let open = self.words_and_stars(start, end);
        let is_pointer = self.text(open) == "(" && self.text(open + 1) == "*";
        if !self.is_name(start) {
            None
        } else if is_pointer && self.text(self.tokens.pair(open) + 1) == "(" {
            // To a function: `int (*name)(int)`.
            self.types.insert(open + 1);
            None
        } else {
            (open > start + 1).then(|| self.declarator(start, open, scope))
        }
    }

    fn words_and_stars(&self, start: usize, end: usize) -> usize {
        let is_type = |at: &usize| self.is_name(*at) || self.text(*at) == "*";
        (start..end).find(|at| !is_type(at)).unwrap_or(end)
    }

    /// Reads the name that ends right before a token, with the stars before it and the subscripts
    /// behind it. Gives where they end.
    fn declarator(&mut self, start: usize, end: usize, scope: Scope) -> usize {
        self.types.extend(start..end);
        let mut depth = self.stars(start, end);
        let mut at = end;
        while self.text(at) == "[" {
            self.types.insert(at);
            depth += 1;
            at = self.tokens.pair(at) + 1;
        }
        let name = self.before(end, 1);
        self.declared.declare(name, depth, scope);
        at
    }

    fn stars(&self, start: usize, end: usize) -> usize {
        (start..end).filter(|at| self.text(*at) == "*").count()
    }

    /// A word that is no operator.
    fn is_name(&self, at: usize) -> bool {
        let operators: &[&str] = match self.language {
            Language::C => &C_OPERATORS,
            _ => &CYTHON_OPERATORS,
        };
        self.tokens.is_word(at) && !operators.contains(&self.text(at))
    }

    /// The operand that ends right before a token.
    fn operand(&self, end: usize) -> Option<Operand> {
        let last = end.checked_sub(1)?;
        let name = self.text(last);
        let (start, depth) = if name == ")" || name == "]" {
            return self.bracketed(last);
        } else if self.tokens.is_value(last) {
            (last, 0)
        } else if !self.is_name(last) {
            return None;
        } else if [".", "->"].contains(&self.before(last, 1)) {
            let whole = self.operand(last - 1);
            (
                whole.map_or(last, |whole| whole.start),
                self.declared.member(name),
            )
        } else {
            (last, self.declared.variable(name))
        };
        Some(Operand { start, depth })
    }

    /// The operand that a bracket ends: a call, a subscript, a list, or a value in parentheses.
    fn bracketed(&self, close: usize) -> Option<Operand> {
        let open = self.tokens.pair(close);
        let is_condition = CONDITIONS.contains(&self.before(open, 1));
        if open == close || self.casts.contains_key(&close) || is_condition {
            return None;
        }
        let is_round = self.text(close) == ")";
        let (start, depth) = match self.operand(open) {
            Some(called) if is_round => (called.start, 0),
            Some(array) => (array.start, array.depth.saturating_sub(1)),
            None if is_round => (open, self.value(close)),
            None => (open, 0),
        };
        Some(Operand { start, depth })
    }

    /// How often the operand before a token can be followed, with all that stands before it.
    fn value(&self, end: usize) -> usize {
        let Some(operand) = self.operand(end) else {
            return 0;
        };
        let (mut start, mut depth) = (operand.start, operand.depth);
        while let Some(last) = start.checked_sub(1) {
            if let Some(cast) = self.casts.get(&last) {
                (start, depth) = *cast;
                continue;
            }
            if self.operand(last).is_some() {
                break;
            }
            depth = match self.text(last) {
                "*" => depth.saturating_sub(1),
                "&" => depth + 1,
                _ => break,
            };
            start = last;
        }
        depth
    }

    /// Counts a token, if it is a place, and learns from it what is a cast.
    pub fn count(&mut self, at: usize) {
        if self.types.contains(&at) {
            return;
        }
        let is_c = self.language == Language::C;
        let depth = self.operand(at).map(|operand| operand.depth);
        let is_place = match self.text(at) {
            "->" => is_c,
            "[" => depth.is_some_and(|depth| is_c || depth > 0),
            // Before a closing bracket or a comma a star belongs to a type.
            "*" => is_c && depth.is_none() && ![")", ","].contains(&self.text(at + 1)),
            "." => !is_c && depth > Some(0),
            "++" | "--" => depth > Some(0),
            "+" | "-" => self.value(at) > 0,
            "(" if is_c => return self.parenthesis(at),
            "<" if !is_c => return self.angle(at),
            _ => return self.call(at),
        };
        if is_place {
            self.places.add(Kind::Pointers);
        }
    }

    fn call(&mut self, at: usize) {
        let name = self.text(at);
        if self.text(at + 1) != "(" {
            return;
        }
        if name == "sizeof" {
            self.types.extend(at..self.tokens.pair(at + 1));
        } else if CHECKS.contains(&name) && self.text(at + 2) == "False" {
            self.places.add(Kind::Unsafe);
        } else if let Some(kind) = of_c(name) {
            self.places.add(kind);
        }
    }

    /// Reads a cast of C, if one opens here: words and stars in parentheses, and an operand. No
    /// name stands before it.
    fn parenthesis(&mut self, open: usize) {
        let close = self.tokens.pair(open);
        let is_type = |at| self.tokens.is_word(at) || "*(),".contains(self.text(at));
        if !self.tokens.is_word(open + 1)
            || !(open + 1..close).all(is_type)
            || !self.begins_operand(close + 1)
            || open.checked_sub(1).is_some_and(|at| self.is_name(at))
        {
            return;
        }
        let stars = self.stars(open, close);
        let last = self.before(close, 1);
        // Nothing is multiplied by nothing.
        let to_pointer = (open..close).any(|at| self.text(at) == "*" && self.text(at + 1) == ")");
        let to_number = stars == 0 && (last.ends_with("_t") || NUMBERS.contains(&last));
        if to_pointer || to_number {
            self.cast(open, close, stars);
        }
    }

    fn begins_operand(&self, at: usize) -> bool {
        let is_word_or_value = self.tokens.is_word(at) || self.tokens.is_value(at);
        is_word_or_value || ["(", "&", "*"].contains(&self.text(at))
    }

    /// Reads a cast of Cython, if one opens here.
    fn angle(&mut self, open: usize) {
        let close = self.words_and_stars(open + 1, self.tokens.len());
        if self.text(close) != ">" {
            return;
        }
        self.cast(open, close, self.stars(open, close));
        // Whether it is an object, nobody looks.
        if self.before(close, 1) == "object" {
            self.places.add(Kind::Casts);
        }
    }

    fn cast(&mut self, open: usize, close: usize, stars: usize) {
        self.types.extend(open..close);
        self.casts.insert(close, (open, stars));
        if stars > 0 {
            self.places.add(Kind::Casts);
        }
    }
}
