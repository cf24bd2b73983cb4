//! Tokens of C, Cython, Rust and Python, and which bracket closes which.

use super::Language;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Word,
    Number,
    /// A string or a character, with its prefix and quotes; in Rust also a lifetime.
    Literal,
    Sign,
}

#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub shape: Shape,
    pub text: &'a str,
    /// Lines that a backslash, a comment or a literal goes on over are one line.
    pub line: usize,
    /// Bytes before it on the line of the file.
    pub column: usize,
}

/// Signs of more than one character that mean something else than their characters one by one.
const SIGNS: [&str; 4] = ["->", "++", "--", "::"];

pub fn tokens(language: Language, text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut line, mut line_start) = (0, 0, 0);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (shape, length) = if first == '\n' {
            line += 1;
            line_start = at + 1;
            (None, 1)
        } else if first.is_whitespace() {
            (None, first.len_utf8())
        } else if rest.starts_with("\\\n") {
            (None, 2)
        } else if let Some(length) = comment(language, rest) {
            (None, length)
        } else {
            let (shape, length) = token(language, rest);
            (Some(shape), length)
        };
        tokens.extend(shape.map(|shape| Token {
            shape,
            text: &rest[..length],
            line,
            column: at - line_start,
        }));
        at += length;
    }
    tokens
}

/// The shape and the length of the token that a text begins with.
fn token(language: Language, text: &str) -> (Shape, usize) {
    if let Some(length) = literal(language, text) {
        return (Shape::Literal, length);
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return (Shape::Number, number(text));
    }
    match word(text) {
        0 => {
            let sign = SIGNS.iter().find(|sign| text.starts_with(**sign));
            let first = text.chars().next().map_or(0, char::len_utf8);
            (Shape::Sign, sign.map_or(first, |sign| sign.len()))
        }
        length => (Shape::Word, length),
    }
}

fn word(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

fn number(text: &str) -> usize {
    let whole = word(text);
    let fraction = text[whole..].strip_prefix('.');
    // Behind a point that no digit follows stands a name: `pair.0.read()`.
    match fraction.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        Some(rest) => whole + 1 + word(rest),
        None => whole,
    }
}

/// The length of the comment that a text begins with.
fn comment(language: Language, text: &str) -> Option<usize> {
    let is_c_like = matches!(language, Language::C | Language::Rust);
    let sign = if is_c_like { "//" } else { "#" };
    if text.starts_with(sign) {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    let inside = text.strip_prefix("/*").filter(|_| is_c_like)?;
    Some(inside.find("*/").map_or(text.len(), |end| end + 4))
}

/// The length of the literal that a text begins with, behind a prefix such as that of `b"..."`.
fn literal(language: Language, text: &str) -> Option<usize> {
    let prefix = text.find(|c: char| !c.is_ascii_alphanumeric())?;
    if prefix > 2 {
        return None;
    }
    let rest = &text[prefix..];
    let length = if language == Language::Rust && text[..prefix].contains('r') {
        raw(rest)?
    } else if language == Language::Rust && rest.starts_with('\'') {
        character(rest)
    } else {
        let quotes = ["\"\"\"", "'''", "\"", "'"];
        quoted(rest, quotes.into_iter().find(|q| rest.starts_with(q))?)
    };
    Some(prefix + length)
}

/// The length of a literal between quotes in which a backslash protects the next character.
fn quoted(text: &str, quote: &str) -> usize {
    let mut at = quote.len();
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with(quote) {
            return at + quote.len();
        }
        at += c.len_utf8();
        if c == '\\' {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    at
}

/// The length of a raw string of Rust from its first `#` or quote on; none for a raw name.
fn raw(text: &str) -> Option<usize> {
    let hashes = text.find(|c| c != '#')?;
    let inside = text[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", &text[..hashes]);
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(hashes + 1 + length)
}

/// The length of a character of Rust, or of a lifetime.
fn character(text: &str) -> usize {
    let mut inside = text[1..].chars();
    match (inside.next(), inside.next()) {
        (Some('\\'), _) => quoted(text, "'"),
        (Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 1 + word(&text[1..]),
    }
}

/// Tokens that can be asked for by where they stand. There is none in front of the first and
/// behind the last, and asking for it gives an empty text.
pub struct Tokens<'a> {
    all: Vec<Token<'a>>,
    /// For each bracket the other one of its pair, for each other token itself.
    pairs: Vec<usize>,
}

impl<'a> Tokens<'a> {
    pub fn new(all: &[Token<'a>]) -> Self {
        let mut pairs: Vec<usize> = (0..all.len()).collect();
        let mut open = Vec::new();
        for (index, token) in all.iter().enumerate() {
            match token.text {
                "(" | "[" | "{" => open.push(index),
                ")" | "]" | "}" => {
                    if let Some(first) = open.pop() {
                        pairs[first] = index;
                        pairs[index] = first;
                    }
                }
                _ => {}
            }
        }
        Self {
            all: all.to_vec(),
            pairs,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn text(&self, index: usize) -> &'a str {
        self.all.get(index).map_or("", |token| token.text)
    }

    /// The text of the token that stands so far in front of another.
    pub fn before(&self, index: usize, distance: usize) -> &'a str {
        index.checked_sub(distance).map_or("", |at| self.text(at))
    }

    pub fn is_word(&self, index: usize) -> bool {
        let shape = self.all.get(index).map(|token| token.shape);
        shape == Some(Shape::Word)
    }

    /// A number or a literal.
    pub fn is_value(&self, index: usize) -> bool {
        let shape = self.all.get(index).map(|token| token.shape);
        matches!(shape, Some(Shape::Number | Shape::Literal))
    }

    /// The other bracket of a pair; the token itself where there is none.
    pub fn pair(&self, index: usize) -> usize {
        self.pairs.get(index).copied().unwrap_or(index)
    }
}
