"""Writes into docs/contract.md where each contender has each function of the contract.

The rows are the names in that page's signatures. Each language is read by the simplest means that
finds definitions: Python by its own parser, the others by the line that begins one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "contract.md"
BEGIN = "<!-- where, made by `python3 scripts/contract_table.py` -->\n"
END = "<!-- where: end -->\n"


class Place(NamedTuple):
    file: Path
    line: int

    def link(self) -> str:
        path = self.file.relative_to(ROOT)
        return f"[{path.name}:{self.line}](../{path}#L{self.line})"


Places = dict[str, Place]


def names(page: str) -> Iterator[str]:
    """`distance`, `Dictionary`, `Dictionary.nearest` and so on, in the order of the signatures."""
    [signatures] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    owner = ""
    for indent, kind, name in re.findall(
        r"^( *)(def |class |(?=\w+:))(\w+)", signatures, re.MULTILINE
    ):
        yield f"{owner}.{name}" if indent else name
        if kind == "class ":
            owner = name


def python(files: list[Path]) -> dict[str, tuple[Place, ast.AST]]:
    """What modules define, and the methods of their classes."""
    found: dict[str, tuple[Place, ast.AST]] = {}
    for file in files:
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found[node.name] = Place(file, node.lineno), node
            if isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef):
                        name = f"{node.name}.{method.name}"
                        found[name] = Place(file, method.lineno), method
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[node.targets[0].id] = Place(file, node.lineno), node.value
    return found


def matches(files: list[Path], pattern: str) -> Places:
    """The line on which each match's last group is: the name."""
    found = {}
    for file in files:
        text = file.read_text("utf-8")
        for match in re.finditer(pattern, text, re.MULTILINE):
            name = match[match.lastindex or 0]
            line = text.count("\n", 0, match.start(match.lastindex or 0)) + 1
            found[name] = Place(file, line)
    return found


def methods(found: Places, special: dict[str, str]) -> Places:
    """The same under the names that the contract gives to members of the class."""
    return {f"Dictionary.{special.get(name, name)}": place for name, place in found.items()}


def cython(files: list[Path]) -> Places:
    members = matches(files, r"^    (?:def|cdef readonly object) (\w+)")
    return {
        **matches(files, r"^(?:def|cpdef|cdef class) (\w+)"),
        **methods(members, {"__cinit__": "__new__"}),
    }


def c(files: list[Path]) -> Places:
    slots = {"new": "__new__", "length": "__len__"}
    return {
        **matches(files, r"^(\w+)\((?:PyObject|void)"),
        **methods(matches(files, r"^dictionary_(\w+)\("), slots),
        **methods(matches(files, r'^    \{"(\w+)", T_'), {}),
        **matches(files, r'\.name = \w+ "\.(Dictionary)"'),
    }


def pyo3(files: list[Path]) -> Places:
    return {
        **matches(files, r"#\[pyfunction\]\n(?: *#\[.*\]\n)* *(?:pub )?fn (\w+)"),
        **methods(matches(files, r"^        fn (\w+)[(<]"), {"new": "__new__"}),
        **methods(matches(files, r"#\[pyo3\(get\)\]\n +(\w+):"), {}),
        **matches(files, r"struct (Dictionary) "),
    }


def behind(name: str, defined: dict[str, tuple[Place, ast.AST]], native: Places) -> Place | None:
    """The native function that a function of Python calls, by as few others as possible.

    Of several the one that is named alike, then the first: there is one for each width of text.
    """
    seen, level = {name}, [name]
    while level:
        called: set[str] = set()
        below: list[str] = []
        for node in (part for name in level for part in ast.walk(defined[name][1])):
            if isinstance(node, ast.Attribute) and node.attr in native:
                called.add(node.attr)
            elif isinstance(node, ast.Name) and node.id in defined and node.id not in seen:
                seen.add(node.id)
                below.append(node.id)
        if called:
            alike = name.rpartition(".")[2].strip("_")
            return native[min(called, key=lambda each: (alike not in each, native[each]))]
        level = below
    return None


def table(page: str) -> str:
    def files(*patterns: str) -> list[Path]:
        return sorted(file for pattern in patterns for file in ROOT.glob(pattern))

    reference = python(files("pure_python/src/lev_pure/*.py"))
    wrappers = python(files("rust_cffi/python/lev_cffi/*.py"))
    exported = matches(files("rust_cffi/src/*.rs"), r'extern "C" fn (lev_\w+)')
    columns = {
        "pure Python": {name: place for name, (place, _) in reference.items()},
        "Cython": cython(
            files("cython_ext/src/lev_cython/*.pyx", "cython_ext/src/lev_cython/*.pxi")
        ),
        "C extension": c(files("c_ext/src/lev_c/*.c")),
        "Rust, PyO3": pyo3(files("rust_pyo3/src/*.rs")),
        "Rust, cffi: wrapper": {name: place for name, (place, _) in wrappers.items()},
    }
    lines = [
        "| | " + " | ".join([*columns, "Rust, cffi: native"]) + " |",
        "|---" * (len(columns) + 2) + "|",
    ]
    for name in names(page):
        native = behind(name, wrappers, exported) if name != "Dictionary" else None
        cells = [places[name].link() for places in columns.values()]
        cells.append(native.link() if native else "none")
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def filled(page: str) -> str:
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    return before + BEGIN + table(page) + END + after


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
