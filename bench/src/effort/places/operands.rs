//! C and Cython: which operands are pointers, and what is done to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::{Names, OF_LIBC, OF_PYTHON, Pattern, pattern};
use crate::code::Language;
use crate::effort::values::Places;

/// Where a name is declared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    File,
    /// In any struct or class of the file.
    Members,
    Function,
}

/// Words after which an operand begins.
const OF_C: &[&str] = &["return", "case", "else", "do", "goto"];
const OF_CYTHON: &[&str] = &[
    "and", "or", "not", "in", "is", "if", "elif", "else", "while", "return", "yield", "assert",
];

/// Words before parentheses that a statement follows.
const CONDITIONS: &[&str] = &["if", "while", "for"];

/// What ends the type in a cast to no pointer, unless it ends in `_t`.
const NUMBERS: &[&str] = &[
    "char", "double", "float", "int", "long", "short", "unsigned", "void",
];

/// Counts the places in C. The bodies of macros are read as statements of a function.
pub fn count_c(places: &mut Places, code: &str) {
    static DIRECTIVE: Pattern =
        Pattern::new(|| pattern(r"(?m)^\s*#(?:\s*define\s+\w+(?:\([^)\n]*\))?(.*)|.*)$"));
    for directive in DIRECTIVE.captures_iter(code) {
        let body = directive.get(1).map_or("", |body| body.as_str());
        Walk::new(OF_C, &format!("() {{ {body}")).count(places);
    }
    Walk::new(OF_C, &DIRECTIVE.replace_all(code, "")).count(places);
}

/// Counts the places in Cython, and in the C that a `cdef extern` has in a docstring.
pub fn count_cython(places: &mut Places, text: &str, code: &str) {
    static DOCSTRING: Pattern =
        Pattern::new(|| pattern(r#"(?s)\bcdef extern from [^\n]*:\s*"""(.*?)""""#));
    static OFF: Pattern =
        Pattern::new(|| pattern(r"\b(?:boundscheck|wraparound|initializedcheck)\s*[(=]\s*False\b"));
    for found in DOCSTRING.captures_iter(text) {
        places.count(Language::C, &found[1]);
    }
    let head = text.lines().take_while(|line| line.starts_with('#'));
    let settings = head.filter_map(|line| line.strip_prefix("# cython:"));
    let set = settings.flat_map(|line| OFF.find_iter(line));
    let called = OFF
        .find_iter(code)
        .filter(|call| call.as_str().contains('('));
    places.unsafe_blocks += set.chain(called).count();
    Walk::new(OF_CYTHON, &with_braces(code)).count(places);
}

/// Cython as C has it: a semicolon behind each statement, braces around the members of a type, and
/// parentheses before the braces of a block that belongs to a function.
fn with_braces(code: &str) -> String {
    static TYPE: Pattern = Pattern::new(|| pattern(r"\b(?:struct|union|class)\b"));
    let (mut all, mut statement) = (String::new(), String::new());
    // How far in the blocks begin that are open.
    let mut blocks: Vec<usize> = Vec::new();
    for line in code.lines().filter(|line| !line.trim().is_empty()) {
        if statement.is_empty() {
            let indent = line.len() - line.trim_start().len();
            while blocks.pop_if(|block| *block >= indent).is_some() {
                all += "}";
            }
            blocks.push(indent);
        }
        statement += line;
        statement += " ";
        if statement.matches(['(', '[', '{']).count() > statement.matches([')', ']', '}']).count() {
            continue;
        }
        let head = statement.trim_end().strip_suffix(':');
        let end = match head {
            Some(head) if TYPE.is_match(head) => "{",
            Some(head) if head.contains('(') => "() {",
            _ => {
                blocks.pop();
                ";"
            }
        };
        all += head.unwrap_or(&statement);
        all += end;
        statement.clear();
    }
    all
}

/// A walk over the tokens of a file from the first to the last. It knows what was declared, and
/// what was cast, up to where it is.
struct Walk<'a> {
    tokens: Vec<&'a str>,
    /// For each bracket the other one of its pair, for each other token itself.
    pairs: Vec<usize>,
    operators: &'static [&'static str],
    /// How often a name can be followed: 1 for a pointer or an array, 0 for what is neither.
    declared: BTreeMap<(Scope, &'a str), usize>,
    /// Tokens that belong to a type, or to the operand of a `sizeof`.
    types: BTreeSet<usize>,
    /// By the bracket that ends a cast: where the cast begins, and how many stars it has.
    casts: BTreeMap<usize, (usize, usize)>,
}

impl<'a> Walk<'a> {
    fn new(operators: &'static [&'static str], code: &'a str) -> Self {
        static TOKEN: Pattern = Pattern::new(|| pattern(r"\d\w*(?:\.\d\w*)?|\w+|->|\+\+|--|::|\S"));
        let tokens: Vec<&str> = TOKEN.find_iter(code).map(|token| token.as_str()).collect();
        let mut pairs: Vec<usize> = (0..tokens.len()).collect();
        let mut open = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if ["(", "[", "{"].contains(token) {
                open.push(at);
            } else if [")", "]", "}"].contains(token)
                && let Some(first) = open.pop()
            {
                pairs.swap(first, at);
            }
        }
        Self {
            tokens,
            pairs,
            operators,
            declared: BTreeMap::new(),
            types: BTreeSet::new(),
            casts: BTreeMap::new(),
        }
    }

    /// The text of a token; empty in front of the first and behind the last.
    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).copied().unwrap_or("")
    }

    fn before(&self, at: usize, distance: usize) -> &'a str {
        at.checked_sub(distance).map_or("", |at| self.text(at))
    }

    fn pair(&self, at: usize) -> usize {
        self.pairs.get(at).copied().unwrap_or(at)
    }

    fn is_c(&self) -> bool {
        self.operators == OF_C
    }

    fn count(mut self, places: &mut Places) {
        // What the braces hold that are open.
        let mut braces: Vec<Scope> = Vec::new();
        for at in 0..self.tokens.len() {
            let (token, before) = (self.text(at), self.before(at, 1));
            let is_function = braces.contains(&Scope::Function);
            let is_declaration = self.is_c() || ["cdef", "ctypedef"].contains(&token);
            match before {
                "(" | "," if !is_function => drop(self.name(at, Scope::Function)),
                "(" if self.before(at, 2) == "for" => self.declare(at, Scope::Function),
                "" | ";" | "{" | "}" if !is_function => {
                    self.declare(at, braces.last().copied().unwrap_or(Scope::File));
                }
                "" | ";" | "{" | "}" if is_declaration => self.declare(at, Scope::Function),
                _ => {}
            }
            if !self.types.contains(&at) {
                self.look(at, places);
            }
            match token {
                "{" if before == ")" => braces.push(Scope::Function),
                "{" => braces.push(Scope::Members),
                "}" => drop(braces.pop()),
                _ => {}
            }
            if ["}", ";"].contains(&token) && !braces.contains(&Scope::Function) {
                self.declared
                    .retain(|(scope, _), _| *scope != Scope::Function);
            }
        }
    }

    /// Reads the declaration that may begin at a token.
    fn declare(&mut self, start: usize, scope: Scope) {
        let Some(mut at) = self.name(start, scope) else {
            return;
        };
        while !["", ";", "{", ")", "]", "}"].contains(&self.text(at)) {
            at = match self.text(at) {
                "," => self.declarator(at + 1, self.words_and_stars(at + 1), scope),
                _ => self.pair(at) + 1,
            };
        }
    }

    /// Reads words and stars, if a declaration or a parameter begins with them: the last word is
    /// the name. Gives where its subscripts end.
    fn name(&mut self, start: usize, scope: Scope) -> Option<usize> {
        let open = self.words_and_stars(start);
        if !self.is_name(start) {
            return None;
        }
        let is_pointer = self.text(open) == "(" && self.text(open + 1) == "*";
        if is_pointer && self.text(self.pair(open) + 1) == "(" {
            // To a function: `int (*name)(int)`.
            self.types.insert(open + 1);
            return None;
        }
        (open > start + 1).then(|| self.declarator(start, open, scope))
    }

    fn words_and_stars(&self, start: usize) -> usize {
        let is_type = |at: &usize| self.is_name(*at) || self.text(*at) == "*";
        start + (start..self.tokens.len()).take_while(is_type).count()
    }

    /// Reads the name that ends right before a token, with the stars before it and the subscripts
    /// behind it. Gives where they end.
    fn declarator(&mut self, start: usize, end: usize, scope: Scope) -> usize {
        self.types.extend(start..end);
        let (mut depth, mut at) = (self.stars(start, end), end);
        while self.text(at) == "[" {
            self.types.insert(at);
            depth += 1;
            at = self.pair(at) + 1;
        }
        let known = self
            .declared
            .entry((scope, self.before(end, 1)))
            .or_default();
        // What two types call by one name may be a pointer in only one of them.
        *known = if scope == Scope::Members {
            depth.max(*known)
        } else {
            depth
        };
        at
    }

    fn stars(&self, start: usize, end: usize) -> usize {
        (start..end).filter(|at| self.text(*at) == "*").count()
    }

    fn is_word(&self, at: usize) -> bool {
        self.text(at)
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
    }

    fn is_value(&self, at: usize) -> bool {
        self.text(at).starts_with(|c: char| c.is_ascii_digit())
    }

    /// A word that is no operator.
    fn is_name(&self, at: usize) -> bool {
        self.is_word(at) && !self.operators.contains(&self.text(at))
    }

    fn known(&self, scope: Scope, name: &'a str) -> Option<usize> {
        self.declared.get(&(scope, name)).copied()
    }

    /// The operand that ends right before a token, without what stands before it, such as a star
    /// or a cast: where it starts, and how often it can be followed.
    fn operand(&self, end: usize) -> Option<(usize, usize)> {
        let last = end.checked_sub(1)?;
        let name = self.text(last);
        if name == ")" || name == "]" {
            return self.bracketed(last);
        }
        if self.is_value(last) {
            return Some((last, 0));
        }
        if !self.is_name(last) {
            return None;
        }
        let depth = if [".", "->"].contains(&self.before(last, 1)) {
            let depth = self.known(Scope::Members, name).unwrap_or(0);
            let whole = self.operand(last - 1).map_or(last, |(start, _)| start);
            return Some((whole, depth));
        } else {
            let local = self.known(Scope::Function, name);
            local.or_else(|| self.known(Scope::File, name))
        };
        Some((last, depth.unwrap_or(0)))
    }

    /// The operand that a bracket ends: a call, a subscript, a list, or a value in parentheses.
    fn bracketed(&self, close: usize) -> Option<(usize, usize)> {
        let open = self.pair(close);
        let is_condition = CONDITIONS.contains(&self.before(open, 1));
        if open == close || self.casts.contains_key(&close) || is_condition {
            return None;
        }
        let is_round = self.text(close) == ")";
        Some(match self.operand(open) {
            Some((start, _)) if is_round => (start, 0),
            Some((start, depth)) => (start, depth.saturating_sub(1)),
            None if is_round => (open, self.value(close)),
            None => (open, 0),
        })
    }

    /// How often the operand before a token can be followed, with all that stands before it.
    fn value(&self, end: usize) -> usize {
        let Some((mut start, mut depth)) = self.operand(end) else {
            return 0;
        };
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
    fn look(&mut self, at: usize, places: &mut Places) {
        static NAMES: LazyLock<Names> =
            LazyLock::new(|| Names::new(&[("", OF_PYTHON), ("", OF_LIBC)]));
        let is_c = self.is_c();
        let depth = self.operand(at).map(|(_, depth)| depth);
        let token = self.text(at);
        let is_pointer = match token {
            "->" => is_c,
            "[" => depth.is_some_and(|depth| is_c || depth > 0),
            // Before a closing bracket or a comma a star belongs to a type.
            "*" => is_c && depth.is_none() && ![")", ","].contains(&self.text(at + 1)),
            "." => !is_c && depth > Some(0),
            "++" | "--" => depth > Some(0),
            "+" | "-" => self.value(at) > 0,
            _ => false,
        };
        places.pointers += usize::from(is_pointer);
        match token {
            "(" if is_c => self.parenthesis(at, places),
            "<" if !is_c => self.angle(at, places),
            "sizeof" if self.text(at + 1) == "(" => self.types.extend(at..self.pair(at + 1)),
            _ if self.text(at + 1) == "(" && self.is_word(at) => {
                places.count_call(NAMES.kind(token));
            }
            _ => {}
        }
    }

    /// Reads a cast of C, if one opens here: words and stars in parentheses, and an operand. No
    /// name stands before it.
    fn parenthesis(&mut self, open: usize, places: &mut Places) {
        let close = self.pair(open);
        let is_type = |at| self.is_word(at) || ["*", "(", ")", ","].contains(&self.text(at));
        let begins_operand =
            |at| self.is_word(at) || self.is_value(at) || ["(", "&", "*"].contains(&self.text(at));
        if !self.is_word(open + 1)
            || !(open + 1..close).all(is_type)
            || !begins_operand(close + 1)
            || open.checked_sub(1).is_some_and(|at| self.is_name(at))
        {
            return;
        }
        let (stars, last) = (self.stars(open, close), self.before(close, 1));
        // Nothing is multiplied by nothing.
        let to_pointer = (open..close).any(|at| self.text(at) == "*" && self.text(at + 1) == ")");
        let to_number = stars == 0 && (last.ends_with("_t") || NUMBERS.contains(&last));
        if to_pointer || to_number {
            self.cast(open, close, stars > 0, places);
        }
    }

    /// Reads a cast of Cython, if one opens here. Whether it is an object, nobody looks.
    fn angle(&mut self, open: usize, places: &mut Places) {
        let close = self.words_and_stars(open + 1);
        if self.text(close) == ">" {
            let counts = self.stars(open, close) > 0 || self.before(close, 1) == "object";
            self.cast(open, close, counts, places);
        }
    }

    fn cast(&mut self, open: usize, close: usize, counts: bool, places: &mut Places) {
        self.types.extend(open..close);
        self.casts.insert(close, (open, self.stars(open, close)));
        if counts {
            places.casts += 1;
        }
    }
}
