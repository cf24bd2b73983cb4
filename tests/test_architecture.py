"""The imports of the harness go one way: as the code map of ARCHITECTURE.md says."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "bench" / "src"
TEXT = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
# The tests of a module may know more than the module.
TESTS = re.compile(r"^#\[cfg\(test\)\]\nmod \w+ \{", re.MULTILINE)


@cache
def code_map() -> list[tuple[list[str], list[str]]]:
    """For each row of the table the modules that it names, and those that they must not know."""
    table = TEXT.partition("### The harness, `bench/src/`")[2].partition("`bench/worker/`")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| `")]
    return [
        (re.findall(r"`([\w/.]+)`", names), re.findall(r"`([\w/.]+)`", forbidden))
        for names, _, forbidden in rows
    ]


def holds(name: str, file: str) -> bool:
    """Whether a name of the table (`study.rs`, `report/`) stands for a file."""
    return file.startswith(name) if name.endswith("/") else file == name


def place(file: str) -> int:
    """The row that a file belongs to: that with the longest name that holds it."""
    found = [
        (len(name), row)
        for row, (names, _) in enumerate(code_map())
        for name in names
        if holds(name, file)
    ]
    assert found, f"{file} has no row in the code map of ARCHITECTURE.md"
    return max(found)[1]


def expanded(path: str) -> list[str]:
    """The paths of a `use` line: `a::{b, c::{d}}` is `a::b` and `a::c::d`."""
    head, brace, rest = path.partition("{")
    if not brace:
        return [path]
    parts, depth, part = [], 0, ""
    for sign in rest.rpartition("}")[0]:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += sign
    return [more for one in [*parts, part] if one for more in expanded(head + one.strip())]


def module(path: str) -> str | None:
    """The file of the longest part of a path that is a module."""
    names = path.split("::")
    while names:
        stem = PurePosixPath(*names)
        for file in [f"{stem}.rs", f"{stem}/mod.rs"]:
            if (SOURCES / file).is_file():
                return file
        names.pop()
    return None


@cache
def imports(file: str) -> set[str]:
    text = (SOURCES / file).read_text("utf-8")
    if found := TESTS.search(text):
        text = text[: found.start()]
    text = re.sub(r"//.*", "", text)
    paths = re.findall(r"\bcrate::((?:[\w:]|\{[^;]*\})+)", text)
    found = {module(path) for one in paths for path in expanded(re.sub(r"\s", "", one))}
    return found - {None, file, "main.rs"}


FILES = sorted(
    str(file.relative_to(SOURCES))
    for file in SOURCES.rglob("*.rs")
    if file.name not in {"main.rs", "tests.rs"}
)


@pytest.mark.parametrize("file", FILES)
def test_a_module_imports_only_what_stands_above_it(file):
    row = place(file)
    below = {other for other in imports(file) if place(other) > row}
    assert not below, f"{file} imports what stands below it in the code map"


@pytest.mark.parametrize("file", FILES)
def test_a_module_does_not_know_what_it_must_not_know(file):
    forbidden = code_map()[place(file)][1]
    known = {other for other in imports(file) for name in forbidden if holds(name, other)}
    assert not known


def test_the_code_map_names_what_is_there():
    for names, forbidden in code_map():
        for name in [*names, *forbidden]:
            assert any(holds(name, file) for file in ["main.rs", *FILES]), name


def test_nested_imports_are_read():
    assert expanded("a::{b::{c, d}, e}") == ["a::b::c", "a::b::d", "a::e"]
    assert "files.rs" in imports("record.rs")


def public_types(file: str) -> list[str]:
    text = (SOURCES / file).read_text("utf-8")
    if found := TESTS.search(text):
        text = text[: found.start()]
    return re.findall(r"^pub(?:\([\w: ]+\))? (?:struct|enum|trait|type) (\w+)", text, re.MULTILINE)


def test_no_public_type_name_stands_twice():
    files = defaultdict(list)
    for file in FILES:
        for name in public_types(file):
            files[name].append(file)
    assert files["Study"] == ["study.rs"]
    assert not {name: found for name, found in files.items() if len(found) > 1}
