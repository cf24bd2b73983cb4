"""Options, fixtures and the settings of hypothesis."""

from __future__ import annotations

import importlib

import pytest
from hypothesis import HealthCheck, settings

from .contenders import CONTENDERS, REFERENCE, takes_surrogates

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


def pytest_addoption(parser):
    parser.addoption(
        "--contender",
        action="append",
        choices=CONTENDERS,
        help="test this contender only (repeatable); without it, all of them, and "
        "one that cannot be imported is a failure",
    )


def pytest_generate_tests(metafunc):
    # Parametrised from here, not by the fixture itself, because the list
    # depends on an option.
    if "contender" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("contender", default=None)
        metafunc.parametrize("contender", chosen or CONTENDERS, scope="session")


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
