"""Links between documents lead to files and headings that exist."""

import re
from pathlib import Path

import pytest

from .pages import DOCUMENTS, FENCED, ROOT

LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)")


def anchors(file: Path) -> set[str]:
    """The headings of a document, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", file.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(file: Path, text: str) -> list[str]:
    found = []
    for path, anchor in LINK.findall(text):
        target = (file.parent / path) if path else file
        if not target.exists():
            found.append(path)
        elif anchor and re.fullmatch(r"L\d+", anchor):
            if len(target.read_text("utf-8").splitlines()) < int(anchor[1:]):
                found.append(f"{path}#{anchor}")
        elif anchor and anchor not in anchors(target):
            found.append(f"{path}#{anchor}")
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    file = ROOT / document
    assert not broken(file, file.read_text("utf-8"))


def test_broken_links_are_found() -> None:
    text = "[a](no-such.md) [b](README.md#no-such) [c](README.md) [d](https://x.org#y) [e](#no)"
    assert broken(ROOT / "README.md", text) == ["no-such.md", "README.md#no-such", "#no"]
