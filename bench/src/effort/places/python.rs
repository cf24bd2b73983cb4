//! Python: the calls of cffi and ctypes.

use std::collections::BTreeMap;

use super::names::of_ffi;
use super::tokens::{Token, Tokens};
use super::{Kind, Places};

const LIBRARIES: [&str; 3] = ["ffi", "_ffi", "ctypes"];

pub fn places(tokens: &[Token<'_>]) -> Places {
    let names = names(tokens);
    let tokens = Tokens::new(tokens);
    let mut places = Places::default();
    for at in 0..tokens.len() {
        let name = tokens.text(at);
        let is_attribute = tokens.before(at, 1) == ".";
        let kind = match tokens.text(at + 1) {
            _ if !tokens.is_word(at) => None,
            "=" if is_attribute && ["argtypes", "restype"].contains(&name) => Some(Kind::Casts),
            "(" if is_attribute && name == "from_address" => Some(Kind::Pointers),
            "(" if is_attribute => {
                of_ffi(name).filter(|_| LIBRARIES.contains(&tokens.before(at, 2)))
            }
            "(" => names.get(name).copied(),
            _ => None,
        };
        if let Some(kind) = kind {
            places.add(kind);
        }
    }
    places
}

/// Other names of these functions: `unpack = ffi.unpack`, `from ctypes import memmove`.
fn names<'a>(tokens: &[Token<'a>]) -> BTreeMap<&'a str, Kind> {
    let mut names = BTreeMap::new();
    for line in tokens.chunk_by(|a, b| a.line == b.line) {
        let line: Vec<&str> = line.iter().map(|token| token.text).collect();
        match line.as_slice() {
            [name, "=", library, ".", function] if LIBRARIES.contains(library) => {
                names.extend(of_ffi(function).map(|kind| (*name, kind)));
            }
            ["from", "ctypes", "import", imported @ ..] => {
                names.extend(
                    imported
                        .iter()
                        .filter_map(|name| Some((*name, of_ffi(name)?))),
                );
            }
            _ => {}
        }
    }
    names
}
