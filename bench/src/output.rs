//! What is said: the only module that writes to standard output and standard error.
//!
//! A reader that closes its end has seen enough, and changes nothing: the verb does what it would
//! have done. What cannot be written for another reason is lost, and [`lost`] says why, so that
//! nobody takes an empty file for a result.

use std::io::{ErrorKind, Write};
use std::sync::OnceLock;

use crate::process;

static LOST: OnceLock<String> = OnceLock::new();

/// Prints lines on standard output, in colours where they have some and it is wanted.
pub fn say(text: &str) {
    if process::began_without_output() {
        let _ = LOST.set("it is closed".to_owned());
        return;
    }
    let text = visible(text, true);
    let mut out = anstream::stdout().lock();
    let written = writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let _ = LOST.set(error.to_string());
        }
        _ => {}
    }
}

/// Prints lines on standard error. Where that fails there is nobody to tell.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", visible(text, false));
}

/// Why something could not be written to standard output, if anything could not.
pub fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

/// The text with what would do something to a terminal, or hide in one, made visible. Line breaks
/// and tabs stay, and where they are wanted sequences that choose colours.
pub fn visible(text: &str, colours: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if colours { colour(rest) } else { 0 };
        let (taken, after) = rest.split_at(length.max(c.len_utf8()));
        if length > 0 || c == '\n' || c == '\t' || !acts(c) {
            shown.push_str(taken);
        } else {
            shown.push(char::REPLACEMENT_CHARACTER);
        }
        rest = after;
    }
    shown
}

/// Length of the sequence at the beginning of a text that chooses colours, if there is one.
fn colour(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else {
        return 0;
    };
    let parameters = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
    if parameters.starts_with('m') {
        text.len() - parameters.len() + 1
    } else {
        0
    }
}

/// Whether a character is a command rather than a sign: to a terminal, to the direction of writing,
/// or to whoever reads XML.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Columns of the terminal, if standard output is one that knows them.
pub fn columns() -> Option<usize> {
    let columns = comfy_table::Table::new().width()?;
    (columns > 0).then_some(usize::from(columns))
}

/// The same of standard error.
pub fn columns_of_errors() -> Option<usize> {
    let columns = comfy_table::Table::new().use_stderr().width()?;
    (columns > 0).then_some(usize::from(columns))
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_acts_on_a_terminal_is_made_visible() {
        let text = "a\u{1b}]0;title\u{7}b\u{9b}2Jc\u{202e}d\re\u{0}\n\tf";
        let shown = "a\u{fffd}]0;title\u{fffd}b\u{fffd}2Jc\u{fffd}d\u{fffd}e\u{fffd}\n\tf";
        assert_eq!(visible(text, true), shown);
        assert_eq!(visible("é–≈×", false), "é–≈×");
    }

    #[test]
    fn colours_stay_where_they_are_wanted() {
        let text = "\u{1b}[1;38;2;1;2;3mx\u{1b}[0m\u{1b}[2J";
        assert_eq!(
            visible(text, true),
            "\u{1b}[1;38;2;1;2;3mx\u{1b}[0m\u{fffd}[2J"
        );
        assert!(!visible(text, false).contains('\u{1b}'));
    }
}
