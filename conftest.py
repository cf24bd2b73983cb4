"""With CI set in the environment, a test that is skipped is a test that failed."""

import os
import signal
from collections.abc import Generator
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

STRICT = os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--tries",
        type=int,
        default=3,
        help="how often to repeat what depends on chance, such as when a signal arrives (3)",
    )


@pytest.fixture(scope="session")
def tries(pytestconfig: pytest.Config) -> range:
    """How often to repeat what depends on chance."""
    return range(pytestconfig.getoption("tries"))


# A shell that runs a command in the background has it ignore Ctrl-C, and children inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def without_skip(report: Report) -> Report:
    # An expected failure is reported as skipped too, and is none.
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure when CI is set: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return without_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return without_skip((yield))
