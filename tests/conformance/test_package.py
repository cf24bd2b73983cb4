"""What surrounds the functions: names, docstrings, types, build_info()."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import inspect
import pickle
from pathlib import Path

import pytest

from .contenders import (
    BARE,
    CONTENDERS,
    METHODS,
    MORE,
    MORE_ARGUMENTS,
    NAMES,
    OLDEST_PYTHON,
    PARTS,
)
from .mistakes import KEYWORDS

# Every variant that keeps a part says this much of itself too.
OF_ALL = pytest.mark.needs("build_info")


@OF_ALL
def test_importable(contender):
    importlib.import_module(contender)


@pytest.mark.needs("Dictionary")
def test_the_library_is_its_own(lev, contender):
    # The class carries the name it was compiled with, so a package that was
    # built with the library of another is found out.
    assert lev.Dictionary.__module__.split(".")[0] == contender
    assert lev.Dictionary.__name__ == "Dictionary"


def test_names(lev):
    assert {name for name in NAMES if not hasattr(lev, name)} == set()
    assert set(lev.__all__) == NAMES | MORE.get(lev.__name__, frozenset())
    assert {name for name in METHODS | {"tag", "__len__"} if not hasattr(lev.Dictionary, name)} == (
        set()
    )


@OF_ALL
def test_names_of_a_part(lev, contender):
    # Those of the table and no others: what a variant has is also tested.
    if contender in CONTENDERS:
        assert contender not in PARTS
        return
    names = {name for name in NAMES if hasattr(lev, name)}
    if "Dictionary" in names:
        methods = {name for name in METHODS - {"noop"} if hasattr(lev.Dictionary, name)}
        names |= {f"Dictionary.{name}" for name in methods | {"__len__"}}
    assert names == PARTS[contender]


@OF_ALL
def test_functions_have_signatures_and_are_pickled_by_name(lev, contender):
    functions = {name: getattr(lev, name) for name in NAMES - {"Dictionary"} if hasattr(lev, name)}
    assert functions
    for name, function in functions.items():
        if name in BARE.get(contender, ()):
            # What cffi learns one day is no longer a difference.
            with pytest.raises(ValueError):
                inspect.signature(function)
            with pytest.raises((TypeError, pickle.PicklingError)):
                pickle.dumps(function)
        else:
            assert inspect.signature(function) is not None
            assert pickle.loads(pickle.dumps(function)) == function


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


@OF_ALL
def test_build_info(lev):
    info = lev.build_info()
    assert type(info) is dict
    assert {"compiler", "flags", "binding"} <= info.keys()
    assert {type(v) for v in (*info.keys(), *info.values())} == {str}
    assert info["compiler"]
    assert info["binding"]
    info.clear()
    assert lev.build_info()  # Each caller gets a dict of their own.


@OF_ALL
def test_types(lev, contender):
    folder = Path(lev.__file__).parent
    assert (folder / "py.typed").is_file()
    # Types stand in the package itself, or in a stub where it is compiled.
    sources = [*folder.glob("*.py"), *folder.glob("*.pyi")]
    nodes = [node for s in sources for node in ast.parse(s.read_text("utf-8")).body]
    functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
    classes = {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
    names = PARTS.get(contender, NAMES)
    more = MORE_ARGUMENTS.get(contender, {})
    for name in names & NAMES - {"Dictionary"}:
        _check_annotations(functions[name], more.get(name, frozenset()))
    if contender in CONTENDERS:
        body = classes["Dictionary"].body
        methods = {n.name: n for n in body if isinstance(n, ast.FunctionDef)}
        for name in METHODS | {"__len__", "__new__"}:
            _check_annotations(methods[name])
        # An attribute that says its type, or a property that does.
        attributes = {n.target.id for n in body if isinstance(n, ast.AnnAssign)}
        assert "tag" in attributes or methods["tag"].returns is not None


def _check_annotations(function: ast.FunctionDef, more: frozenset[str] = frozenset()) -> None:
    assert function.returns is not None, function.name
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    assert all(a.annotation for a in arguments if a.arg not in ("self", "cls")), function.name
    # Before the slash stands what is passed by position, after the star what by keyword.
    assert {a.arg for a in function.args.args} - {"self"} == more, function.name
    keywords = "".join(a.arg for a in function.args.kwonlyargs)
    assert keywords == KEYWORDS.get(function.name, ""), function.name
    assert function.args.kw_defaults == [None] * len(keywords), function.name


@OF_ALL
def test_version_and_license(contender):
    meta = importlib.metadata.metadata(contender)
    assert meta["Version"] == "0.1.0"
    major, minor = OLDEST_PYTHON.get(contender, (3, 10))
    assert meta["Requires-Python"] == f">={major}.{minor}"
    assert meta["License-Expression"] == "MIT OR Apache-2.0"
