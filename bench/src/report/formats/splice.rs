//! Keeps a table in a document true: it stands between two comments, and is replaced whole.

use anyhow::{Result, ensure};

use super::markdown::{self, inert};
use crate::report::sections::{Item, code};

const END: &str = "<!-- ffi-bench: end -->";

/// Whether a document has a place of this name.
pub fn has_place(document: &str, name: &str) -> bool {
    find(document, name).is_some()
}

/// Where the first marker of this name begins: it ends, or goes on with the command.
fn find(document: &str, name: &str) -> Option<usize> {
    [" -->", ", made by"]
        .iter()
        .filter_map(|end| document.find(&format!("<!-- ffi-bench: {name}{end}")))
        .min()
}

/// Puts `content` between `<!-- ffi-bench: NAME ... -->` and the end marker that follows. The
/// first comment names the command that made the content.
///
/// # Errors
///
/// When the document has no such markers.
pub fn splice(document: &str, name: &str, command: &str, content: &[Item]) -> Result<String> {
    let begin = format!("<!-- ffi-bench: {name}");
    let from = find(document, name);
    // Alone on its line: in the midst of one it may be a name that somebody gave.
    let to = from.and_then(|from| Some(from + document[from..].find(&format!("\n{END}"))? + 1));
    ensure!(
        from.is_some() && to.is_some(),
        "the document has no lines `{begin} -->` and `{END}`: put them where the {name} belongs"
    );
    let (before, after) = (&document[..from.unwrap_or(0)], &document[to.unwrap_or(0)..]);
    Ok(format!(
        "{before}{begin}, made by {} -->\n{}\n{after}",
        // It stands in a comment, which it must not end.
        code(command).replace('<', "&lt;").replace('>', "&gt;"),
        // Where code is quoted `<` stays, and what looks like a marker must not be one.
        inert(&markdown::items(content))
            .trim_end()
            .replace("<!--", "<!\u{200b}--")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_markers_is_replaced_and_nothing_else() {
        let document = "a\n<!-- ffi-bench: table -->\nold\n<!-- ffi-bench: end -->\nz\n";
        let once = splice(document, "table", "cmd", &["new\n".into()]).unwrap();
        assert_eq!(
            once,
            "a\n<!-- ffi-bench: table, made by `cmd` -->\nnew\n<!-- ffi-bench: end -->\nz\n"
        );
        assert_eq!(
            splice(&once, "table", "cmd", &["new\n".into()]).unwrap(),
            once
        );
    }

    #[test]
    fn a_command_does_not_end_its_comment() {
        let document = "<!-- ffi-bench: table -->\n<!-- ffi-bench: end -->\n";
        let text = splice(document, "table", "cmd a--><b> --!> `c`", &["new".into()]).unwrap();
        let (first, rest) = text.split_once('\n').unwrap();
        let made = "<!-- ffi-bench: table, made by `cmd a--&gt;&lt;b&gt; --!&gt; 'c'` -->";
        assert_eq!(first, made);
        assert_eq!(rest, "new\n<!-- ffi-bench: end -->\n");
    }

    #[test]
    fn a_document_without_markers_is_refused() {
        assert!(splice("text", "table", "cmd", &["new".into()]).is_err());
        assert!(splice("<!-- ffi-bench: table -->", "table", "cmd", &["new".into()]).is_err());
    }
}
