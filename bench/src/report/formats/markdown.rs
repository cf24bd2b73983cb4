//! Markdown: tables and texts in which nothing that a record says is taken for HTML.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::report::sections::{Item, Section, Table, one_line};

/// A section with its heading as a whole document.
pub fn document(section: &Section) -> String {
    inert(&headed(section, 1))
}

fn headed(section: &Section, level: usize) -> String {
    let title = match section.title.as_str() {
        "" => String::new(),
        title => format!("{} {title}\n\n", "#".repeat(level)),
    };
    format!("{title}{}", below(&section.items, level))
}

/// Items, with an empty line between two of them.
pub fn items(items: &[Item]) -> String {
    below(items, 2)
}

fn below(items: &[Item], level: usize) -> String {
    let items = items.iter().filter_map(|item| match item {
        Item::Text(text) => Some(format!("{}\n", text.trim_end())),
        Item::Table(table) => Some(of_table(table)),
        Item::Section(section) => Some(headed(section, level + 1)),
        // A file of its own.
        Item::Chart(_) => None,
    });
    items.collect::<Vec<_>>().join("\n")
}

fn of_table(table: &Table) -> String {
    let row = |cells: &Vec<String>| {
        let cells = cells.iter().map(|cell| one_line(cell).replace('|', "\\|"));
        let cells = cells.map(|cell| format!("| {cell} "));
        format!("{}|\n", cells.collect::<String>())
    };
    let rule = "|---".repeat(table.headings.len());
    let rows: String = table.rows.iter().map(row).collect();
    format!("{}{rule}|\n{rows}", row(&table.headings))
}

/// The same Markdown without HTML, pictures, and links to anything but pages. All that a record says
/// goes through here on its way into a document, so it may come from anywhere.
pub fn inert(text: &str) -> String {
    let mut text = text.to_owned();
    // What was HTML may hold Markdown, and that HTML again.
    loop {
        let escapes = escapes(&text);
        if escapes.is_empty() {
            return text;
        }
        for (place, escape) in escapes.iter().rev() {
            text.replace_range(place..&(place + 1), escape);
        }
    }
}

/// What has to stand for which byte of a text.
fn escapes(text: &str) -> BTreeMap<usize, &'static str> {
    let mut escapes: BTreeMap<usize, &str> = text
        .match_indices('<')
        .map(|(place, _)| (place, "&lt;"))
        .collect();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => {
                escapes.retain(|place, _| !range.contains(place));
            }
            Event::Start(Tag::Image { .. }) => {
                escapes.insert(range.start, "\\!");
            }
            Event::Start(Tag::Link { dest_url, .. }) if !leads_to_a_page(&dest_url) => {
                escapes.entry(range.start).or_insert("\\[");
            }
            _ => {}
        }
    }
    escapes
}

/// Whether a link leads to a place of this page, a file beside it, or a page of the web.
fn leads_to_a_page(link: &str) -> bool {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_none_or(|scheme| ["http", "https"].contains(&scheme))
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::html::push_html;

    use super::*;

    #[test]
    fn no_markdown_of_a_record_becomes_html() {
        let hostile = [
            "<script>throw 1</script>",
            "<img src=x onerror=throw>",
            "a <!-- b --> `c` <b>d",
            "<div>\n`<i>`\n\n<i>\n</div>\n`",
            "![x](http://example.invalid/x.png)",
            "[x](javascript:throw)",
            "[x][y]\n\n[y]: data:text/html,x",
            "<javascript:throw>",
            "<?x ?> <!DOCTYPE x> <![CDATA[x]]>",
            "\\<b> \\\\<b> `\\`<b>`",
            "| a |\n|---|\n| <b> `|` <i> |\n",
        ];
        for text in hostile {
            let tame = inert(text);
            let parser = || Parser::new_ext(&tame, Options::ENABLE_TABLES);
            for event in parser() {
                assert!(
                    !matches!(event, Event::Html(_) | Event::InlineHtml(_)),
                    "{tame}"
                );
            }
            let mut html = String::new();
            push_html(&mut html, parser());
            for sign in [
                "<script",
                "<img",
                "<b>",
                "<i>",
                "<div",
                "<!",
                "<?",
                "\"javascript:",
                "\"data:",
            ] {
                assert!(!html.contains(sign), "{tame}: {html}");
            }
        }
    }

    #[test]
    fn what_is_no_html_stays_as_it_is() {
        for text in [
            "`<b>` and *more*: a & b, [c](d/e.md), [f](https://example.org)",
            "    <indented>\n\n```\n<fenced>\n```\n",
            "| a |\n|---|\n| `b<c>` |\n",
        ] {
            assert_eq!(inert(text), text);
        }
        assert_eq!(inert("1 < 2"), "1 &lt; 2");
    }
}
