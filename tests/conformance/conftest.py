"""Options, markers, fixtures and the settings of hypothesis."""

from __future__ import annotations

import gc
import importlib
import sys

import pytest
from hypothesis import HealthCheck, settings

from .contenders import (
    CONTENDERS,
    OLDEST_PYTHON,
    PARTS,
    PROBES,
    REFERENCE,
    USUAL,
    has,
    takes_surrogates,
)

# The same examples on every run: a failure is a failure of the change under
# test, not of the day. For a search with new examples each time:
# --hypothesis-profile=explore
settings.register_profile(
    "fixed",
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", max_examples=3000, deadline=None)
settings.load_profile("fixed")


ONE_QUESTION = pytest.mark.thorough(
    "tests a variant that answers one question and that no user imports"
)


def pytest_configure(config):
    config.addinivalue_line(
        "markers",
        "needs(*names): the names of the contract that the test uses, here and at its "
        "parameters; so it is also run on the variants that keep only a part, if these "
        "are in it. Without the marker a test is for the full contenders.",
    )


def pytest_addoption(parser):
    parser.addoption(
        "--contender",
        action="append",
        choices=[*CONTENDERS, *PARTS, *PROBES],
        help="test this contender or variant only (repeatable); without it, all of them, "
        "and one that cannot be imported is a failure",
    )


def pytest_generate_tests(metafunc):
    if "contender" in metafunc.fixturenames:
        partly = metafunc.definition.get_closest_marker("needs") is not None
        everyone = [*CONTENDERS, *PARTS] if partly else CONTENDERS
        usual = {*USUAL, *(metafunc.config.getoption("contender") or ())}
        metafunc.parametrize(
            "contender",
            [
                name if name in usual else pytest.param(name, marks=ONE_QUESTION)
                for name in everyone
            ],
            scope="session",
        )
    marked = [m.args[0] for m in metafunc.definition.iter_markers("parametrize")]
    if "probe" in metafunc.fixturenames and not any("probe" in names for names in marked):
        metafunc.parametrize("probe", PROBES, scope="session")


def pytest_collection_modifyitems(config, items):
    # Only here are the markers of all parameters known, and not an empty set
    # of parameters, which would count as a test that is skipped.
    chosen = config.getoption("contender", default=None)
    wanted = [_wanted(item, chosen) for item in items]
    dropped = [item for item, kept in zip(items, wanted) if not kept]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item, kept in zip(items, wanted) if kept]


def _wanted(item, chosen) -> bool:
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    name = parameters.get("contender", parameters.get("probe"))
    if name not in (*CONTENDERS, *PARTS, *PROBES):
        return True
    if chosen and name not in chosen:
        return False
    if sys.version_info < OLDEST_PYTHON.get(name, (3,)):
        return False
    needs = {needed for marker in item.iter_markers("needs") for needed in marker.args}
    return name in PROBES or has(name, needs)


@pytest.fixture(scope="session")
def lev(contender):
    """The contender's module."""
    return importlib.import_module(contender)


@pytest.fixture(scope="session")
def reference():
    return importlib.import_module(REFERENCE)


@pytest.fixture(scope="session")
def surrogates(contender):
    """Whether strings with lone surrogates belong to the contender's inputs."""
    return takes_surrogates(contender)


@pytest.fixture(scope="module")
def only_new_objects_are_collected():
    """pytest, hypothesis and NumPy are a lot to look through each time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
