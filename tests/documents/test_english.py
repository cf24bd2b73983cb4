"""Sentences are short and begin with their subject; README.md is two screens."""

import re
from collections.abc import Iterator

import pytest

from .pages import DOCUMENTS, FENCED, ROOT

#: The changelog is a list, and not a page to be read from the top.
LEFT_OUT = {"CHANGELOG.md"}

MOST_WORDS = 25
MOST_LINES_OF_README = 120

#: What `ffi-bench report --splice` writes belongs to the harness, and other comments to nobody.
SPLICED = re.compile(r"<!-- ffi-bench: .*?<!-- ffi-bench: end -->", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BULLET = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")
END = re.compile(r"""(?<=[.!?])[)"*_]*\s+(?=["(*_`\[]*[A-Z0-9`])""")
#: The initials of a name do not end a sentence; C does.
INITIAL = re.compile(r"(?<![\w-])([ABD-Z])\.(?=\s)")


def paragraphs(text: str) -> Iterator[str]:
    """Prose without code, tables, headings, pictures and what a command has put there."""
    for pattern in (FENCED, SPLICED, COMMENT):
        text = pattern.sub("", text)
    lines: list[str] = []
    after_blank = True
    for line in [*text.split("\n"), ""]:
        code = line.startswith("    ") and after_blank
        prose = line.strip() and not code and not line.lstrip().startswith(("|", "#", "!["))
        if lines and (not prose or BULLET.match(line)):
            yield " ".join(lines)
            lines = []
        if prose:
            lines.append(BULLET.sub("", line, count=1).strip(" >"))
        after_blank = not line.strip() or code


def sentences(text: str) -> Iterator[str]:
    """Each sentence, with code as one word and links without their addresses."""
    for paragraph in paragraphs(text):
        plain = re.sub(r"`[^`]+`", "`code`", paragraph)
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
        plain = INITIAL.sub(r"\1", plain)
        yield from (part.strip() for part in END.split(plain) if part.strip())


def words(sentence: str) -> int:
    return sum(any(character.isalnum() for character in word) for word in sentence.split())


def faults(text: str) -> list[str]:
    found = []
    for sentence in sentences(text):
        begins = sentence.lstrip("*_\"'(")
        if words(sentence) > MOST_WORDS:
            found.append(f"{words(sentence)} words: {sentence}")
        if begins.startswith("Needed are"):
            found.append(f"name the subject first: {sentence}")
        if begins.startswith(("Whoever ", "Who ", "What ")) and not sentence.rstrip(
            "*_\"')"
        ).endswith("?"):
            found.append(f"the subject is a clause: {sentence}")
    return found


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name not in LEFT_OUT])
def test_sentences_are_plain(document: str) -> None:
    assert not faults((ROOT / document).read_text("utf-8"))


@pytest.mark.parametrize(
    "page", [name for name in DOCUMENTS if name.startswith("docs/") and name not in LEFT_OUT]
)
def test_a_page_begins_with_its_conclusion_in_three_sentences(page: str) -> None:
    first = next(paragraphs((ROOT / page).read_text("utf-8")))
    assert len(list(sentences(first))) == 3


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= MOST_LINES_OF_README


def test_faults_are_found() -> None:
    long = " ".join(["word"] * MOST_WORDS)
    assert faults(f"A {long}.") == [f"{MOST_WORDS + 1} words: A {long}."]
    assert not faults(f"{long.capitalize()}. {long.capitalize()}.")
    assert not faults(f"# A {long}\n\n| A {long} |\n\n    A {long}\n\n```\nA {long}\n```\n")
    assert not faults(f"<!-- ffi-bench: x -->\nA {long}.\n<!-- ffi-bench: end -->\n")
    assert not faults(f"- {long}\n- {long}\n")
    assert len(faults(f"- {long},\n  {long}\n")) == 1
    assert not faults(f"{long[5:]} `a b c`.")
    assert not faults(f"[{long[5:]}](an address).")
    assert len(faults("Needed are tools. Whoever reads. What is read is read.")) == 3
    assert not faults("What is read?")
