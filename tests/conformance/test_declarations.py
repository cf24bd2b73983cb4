"""The probes: one function for each way of declaring one, which do what their READMEs say."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from .contenders import PROBES
from .leaks import check_leaks

pytestmark = [
    pytest.mark.usefixtures("only_new_objects_are_collected"),
    pytest.mark.thorough("tests probes that no user imports"),
]

X, Y = ["x"], ["y"]


class Shape(NamedTuple):
    #: Positional arguments that it takes; those of a method without the object.
    positional: int = 0
    #: Keywords that it takes, of which ``x`` may also be the first positional argument.
    keywords: tuple[str, ...] = ()
    #: How many of all these may be left out.
    optional: int = 0
    #: Any number of positional arguments, of keywords.
    any_positional: bool = False
    any_keywords: bool = False
    #: It returns its first argument, and otherwise None.
    returns_first: bool = False
    #: What it takes.
    argument: object = X


SHAPES: dict[str, dict[str, Shape]] = {
    "lev_c_declarations": {
        "noargs": Shape(),
        "o": Shape(1),
        "fastcall0": Shape(),
        "fastcall1": Shape(1),
        "fastcall2": Shape(2),
        "fastcall_keywords1": Shape(1, ("x",)),
        "varargs0": Shape(),
        "varargs1": Shape(1),
        "varargs2": Shape(2),
        "varargs_keywords1": Shape(1, ("x",)),
    },
    "lev_cython_declarations": {
        "def0": Shape(),
        "def1": Shape(1, returns_first=True),
        "def2": Shape(2, returns_first=True),
        "def1_any": Shape(1, ("x",), returns_first=True),
        "def1_typed": Shape(1, returns_first=True, argument=10**15),
        "def1_str": Shape(1, returns_first=True, argument="\u4e2d\u6587"),
        "def1_binding": Shape(1, returns_first=True),
        "cpdef0": Shape(),
        "cpdef1": Shape(1, ("x",), returns_first=True),
        "cpdef1_typed": Shape(1, ("x",), returns_first=True, argument=-1),
        "Thing().def0": Shape(),
        "Thing().def0_noargs": Shape(),
        "Thing().cpdef0": Shape(),
    },
    "lev_pyo3_declarations": {
        "noargs": Shape(),
        "noargs_py": Shape(),
        "noargs_result": Shape(),
        "o": Shape(1, ("x",)),
        "o_signature": Shape(1),
        "optional": Shape(1, ("x",), optional=1),
        "keyword": Shape(0, ("x",)),
        "varargs": Shape(any_positional=True),
        "kwargs": Shape(any_keywords=True),
        "int_i64": Shape(1, returns_first=True, argument=2**63 - 1),
        "pass_module": Shape(1),
        "Frozen(7).noop": Shape(),
        "Mutable(7).noop": Shape(),
        "Mutable(7).noop_mut": Shape(),
    },
}

#: Mistakes in what is typed, by probe.
WRONG_TYPES = {
    "lev_c_declarations": [],
    "lev_cython_declarations": [
        ("def1_typed", "1", TypeError),
        ("def1_typed", 2**63, OverflowError),
        ("cpdef1_typed", None, TypeError),
        ("cpdef1_typed", -(2**63) - 1, OverflowError),
        ("def1_str", b"text", TypeError),
        ("def1_str", None, TypeError),
    ],
    "lev_pyo3_declarations": [
        ("int_i64", 1.5, TypeError),
        ("int_i64", 2**63, OverflowError),
        ("Frozen", "7", TypeError),
        ("Mutable", 2**64, OverflowError),
    ],
}


@pytest.fixture(scope="session")
def module(probe):
    return importlib.import_module(probe)


def function(module, name: str):
    """The function, or the method of a new object."""
    maker, _, method = name.rpartition(".")
    if not maker:
        return getattr(module, name)
    kind, _, value = maker.rstrip(")").partition("(")
    return getattr(getattr(module, kind)(*([int(value)] if value else [])), method)


def good_calls(shape: Shape) -> list[tuple[list, dict]]:
    """What can be passed, by position and by name."""
    arguments = [shape.argument, Y][: shape.positional]
    calls = [(arguments, {})] if shape.positional or not shape.keywords else []
    if shape.keywords:
        calls.append(([], {"x": shape.argument}))
    if shape.optional:
        calls.append(([], {}))
    if shape.any_positional:
        calls += [([X], {}), ([X, Y] * 10, {})]
    if shape.any_keywords:
        calls += [([], {"x": X}), ([], {chr(c): X for c in range(97, 117)})]
    return calls


def bad_calls(shape: Shape) -> list[tuple[list, dict]]:
    """Too few, too many, unknown names."""
    arguments = [shape.argument, Y][: shape.positional]
    calls = []
    if shape.positional + len(shape.keywords) > 0 and not shape.optional:
        calls.append((arguments[:-1], {}))
    if not shape.any_positional:
        calls += [([*arguments, "more"], {}), ([*arguments, *["more"] * 10], {})]
    if not shape.any_keywords:
        calls += [(arguments, {"colour": "red"}), ([], {"colour": "red"})]
        calls += (
            [(arguments, {"x": shape.argument})] if shape.positional or not shape.keywords else []
        )
        if not shape.keywords and shape.positional == 1:
            calls.append(([], {"x": shape.argument}))
        if shape.keywords:
            calls.append(([], {"x": shape.argument, "colour": "red"}))
    return calls


def test_every_probe_has_a_table():
    assert set(SHAPES) == set(WRONG_TYPES) == set(PROBES)


def test_the_table_has_every_function(module, probe):
    # Callables of the module are functions of the table, its classes, and build_info().
    classes = {name.partition("(")[0] for name in SHAPES[probe] if "." in name}
    functions = {name for name in SHAPES[probe] if "." not in name}
    public = {name for name in dir(module) if not name.startswith("_")}
    assert {n for n in public if callable(getattr(module, n))} == {
        *functions,
        *classes,
        "build_info",
    }


@pytest.mark.parametrize(
    ("probe", "name"), [(probe, name) for probe, shapes in SHAPES.items() for name in shapes]
)
def test_a_function_does_what_its_readme_says(probe, name):
    module = importlib.import_module(probe)
    shape = SHAPES[probe][name]
    for arguments, keywords in good_calls(shape):
        call = function(module, name)
        found = call(*arguments, **keywords)
        if shape.returns_first:
            assert found == shape.argument
            assert type(found) is type(shape.argument)
            assert shape.argument is not X or found is X
        else:
            assert found is None
        check_leaks(lambda c=call, a=arguments, k=keywords: c(*a, **k), [X, Y, module], calls=300)
    for arguments, keywords in bad_calls(shape):
        call = function(module, name)
        with pytest.raises(TypeError) as caught:
            call(*arguments, **keywords)
        assert caught.type is TypeError
        check_leaks(lambda c=call, a=arguments, k=keywords: c(*a, **k), [X, Y, module], calls=300)


def test_wrong_types(module, probe):
    for name, argument, exception in WRONG_TYPES[probe]:
        with pytest.raises(exception) as caught:
            function(module, name)(argument)
        assert caught.type is exception, name


@pytest.mark.parametrize("probe", ["lev_pyo3_declarations"])
def test_attributes(probe):
    module = importlib.import_module(probe)
    for kind in (module.Frozen, module.Mutable):
        thing = kind(2**40)
        assert thing.value == 2**40
        with pytest.raises(AttributeError):
            thing.value = 1
        before = sys.getrefcount(thing)
        thing.noop()
        assert sys.getrefcount(thing) == before


def test_build_info(module):
    info = module.build_info()
    assert {"compiler", "flags", "binding"} <= info.keys()
    assert {type(v) for v in (*info.keys(), *info.values())} == {str}
    assert info["compiler"]
    assert info["binding"]


def test_types(module, probe):
    folder = Path(module.__file__).parent
    assert (folder / "py.typed").is_file()
    sources = [*folder.glob("*.py"), *folder.glob("*.pyi")]
    nodes = [node for s in sources for node in ast.parse(s.read_text("utf-8")).body]
    typed = {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.returns}
    assert {name for name in SHAPES[probe] if "." not in name} <= typed
