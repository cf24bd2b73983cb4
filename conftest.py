"""Options and the order of all tests. With CI set, a test that is skipped is a test that failed."""

import os
import signal
from collections.abc import Generator
from typing import Any, TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

STRICT = os.environ.get("CI", "").lower() in {"1", "true"}


# All tests of such a folder look at what takes its time to be made, so one process has them all:
# a small study, built and measured, or a browser with pages.
TOGETHER = ("tests/harness", "tests/browser")
# But for these, which have studies of their own.
ALONE = ("test_effort.py", "test_peers.py", "test_regimes.py", "test_settings.py", "test_worker.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="also run what is marked as thorough: CONTRIBUTING.md has the list",
    )
    parser.addoption(
        "--tries",
        type=int,
        default=3,
        help="how often to repeat what depends on chance, such as when a signal arrives (3)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("thorough"):
        dropped = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
    # Of several processes one is busy longest with these, so they come first.
    items.sort(key=lambda item: not item.nodeid.startswith("tests/harness/"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each process gets whole files or folders, in the order in which they were collected."""
    from xdist.scheduler import LoadScopeScheduling

    class WholeFiles(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            folder, _, file = nodeid.partition("::")[0].rpartition("/")
            return folder if folder in TOGETHER and file not in ALONE else f"{folder}/{file}"

    config.option.loadscopereorder = False
    return WholeFiles(config, log)


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
