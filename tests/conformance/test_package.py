"""What surrounds the functions: names, docstrings, types, build_info()."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import inspect
from pathlib import Path

from .contenders import NAMES

METHODS = {"nearest", "distances_into"}


def test_importable(contender):
    importlib.import_module(contender)


def test_the_library_is_its_own(lev, contender):
    # The class carries the name it was compiled with, so a package that was
    # built with the library of another is found out.
    assert lev.Dictionary.__module__.split(".")[0] == contender
    assert lev.Dictionary.__name__ == "Dictionary"


def test_names(lev):
    assert {name for name in NAMES if not hasattr(lev, name)} == set()
    assert set(lev.__all__) == NAMES


def test_docstrings(lev):
    for name in NAMES:
        assert (inspect.getdoc(getattr(lev, name)) or "").strip(), name
    for name in METHODS:
        method = getattr(lev.Dictionary, name)
        # Not one that a base class has for every object.
        assert method.__doc__
        assert method.__doc__.strip(), name
    # The docstring says which calls Ctrl-C does not stop.
    for name in ("distance", "distance_myers"):
        doc = getattr(lev, name).__doc__.lower()
        assert "interrupt" in doc or "ctrl-c" in doc, name


def test_build_info(lev):
    info = lev.build_info()
    assert type(info) is dict
    assert {"compiler", "flags", "binding"} <= info.keys()
    assert {type(v) for v in (*info.keys(), *info.values())} == {str}
    assert info["compiler"]
    assert info["binding"]
    info.clear()
    assert lev.build_info()  # Each caller gets a dict of their own.


def test_types(lev):
    folder = Path(lev.__file__).parent
    assert (folder / "py.typed").is_file()
    # Types stand in the package itself, or in a stub where it is compiled.
    sources = [*folder.glob("*.py"), *folder.glob("*.pyi")]
    nodes = [node for s in sources for node in ast.parse(s.read_text("utf-8")).body]
    functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
    classes = {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
    methods = {n.name: n for n in classes["Dictionary"].body if isinstance(n, ast.FunctionDef)}
    for name in NAMES - {"Dictionary"}:
        _check_annotations(functions[name])
    for name in METHODS | {"__len__", "__new__"}:
        _check_annotations(methods[name])


def _check_annotations(function: ast.FunctionDef) -> None:
    assert function.returns is not None, function.name
    arguments = [a for a in function.args.posonlyargs if a.arg not in ("self", "cls")]
    assert all(a.annotation for a in arguments), function.name
    # All others stand before the slash, as in the contract.
    others = {a.arg for a in function.args.args + function.args.kwonlyargs}
    assert others <= {"self"}, function.name


def test_version_and_license(contender):
    meta = importlib.metadata.metadata(contender)
    assert meta["Version"] == "0.1.0"
    assert meta["Requires-Python"] == ">=3.10"
    assert meta["License-Expression"] == "MIT OR Apache-2.0"
