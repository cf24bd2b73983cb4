"""A browser, and the pages of records: a large one, and small ones that something is wrong with."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness.commands import Workplace

# A measurement of the harness's own tests, with their study, is made in the same way here.
from harness.conftest import binary, home, python, words

from .pages import View, embedded

__all__ = ["binary", "home", "python", "words"]

ROOT = Path(__file__).parents[2]
THOROUGH = ROOT / "results" / "2026-11-24-amd-epyc-cpython-3.11.7-thorough"
PEERS = ROOT / "results" / "2026-11-27-intel-xeon-cpython-3.11.7-peers"

# The names that distributions give it. CHROMIUM=/path/to/it comes first.
CHROMIUM = ["chromium", "chromium-browser", "google-chrome"]

# Nothing that a browser does by itself belongs into a test of a page; and root has no sandbox.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Bad in every case, or in one; the others of the study take long to go wrong.
BAD = ["unbuildable", "forgetful"]


def chromium() -> str | None:
    given = os.environ.get("CHROMIUM")
    return given or next(filter(None, map(shutil.which, CHROMIUM)), None)


# All fixtures below end with this folder: while playwright runs, it holds the thread's event loop.


@pytest.fixture(scope="package")
def browser() -> Iterator:
    path = chromium()
    if path is None:
        pytest.skip(f"no Chromium: none of {', '.join(CHROMIUM)} is on the PATH")
    reason = "playwright is not installed: `make test` does so where it finds a Chromium"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def tabs(browser) -> Iterator[dict[str, View]]:
    """Open tabs by how they were opened: making one takes as long as a test."""
    tabs: dict[str, View] = {}
    yield tabs
    for tab in tabs.values():
        tab.context.close()


@pytest.fixture
def view(browser, tabs) -> Iterator[Callable[..., View]]:
    """Opens pages, none of which may complain or ask for anything but itself."""
    opened: list[View] = []

    def open_page(file: Path, place: str = "", **options) -> View:
        if (name := repr(options)) not in tabs:
            # Without animations, so that nothing has to be waited for.
            tabs[name] = View(browser.new_context(reduced_motion="reduce", **options))
        tab = tabs[name]
        if tab not in opened:
            opened.append(tab)
            tab.forget()
        tab.open(file, place)
        return tab

    yield open_page
    for one in opened:
        assert one.complaints == []
        assert one.requests == []


# ------------------------------------------------------------------------------------ records


@pytest.fixture(scope="package")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("records")


@pytest.fixture(scope="package")
def thorough(binary, python, folder) -> Path:
    """The page of the record that the README quotes, as the study declares it today."""
    return redeclared(binary, python, folder, THOROUGH, "thorough")


@pytest.fixture(scope="package")
def peers(binary, python, folder) -> Path:
    """The page of the record that has what others install."""
    return redeclared(binary, python, folder, PEERS, "peers")


def redeclared(binary, python, folder: Path, original: Path, name: str) -> Path:
    record = shutil.copytree(original, folder / name)
    workplace = Workplace(ROOT, binary, python, folder)
    assert report(workplace, record, "--redeclare", "--study", ROOT / "bench" / "study.toml")
    return record / "report.html"


@pytest.fixture(scope="package")
def data(thorough) -> dict:
    """What the script of that page works with."""
    return embedded(thorough)


@pytest.fixture(scope="package")
def bare(binary, python, folder) -> Path:
    """The same record before anything was counted, observed, put to the test, or ended."""
    record = shutil.copytree(THOROUGH, folder / "bare")

    def without(content: dict) -> None:
        content.update(finished=None, counts=None, observed=None, self_test=None)
        content["surroundings"].update(interpreters=[], ledger={})
        for contender in content["contenders"].values():
            contender["effort"] = None

    rewrite(record, without)
    workplace = Workplace(ROOT, binary, python, folder)
    assert report(workplace, record, "--redeclare", "--study", ROOT / "bench" / "study.toml")
    return record / "report.html"


@pytest.fixture(scope="package")
def small(words) -> Workplace:
    """The study of the harness's tests with a few of its contenders, measured for a moment."""
    text = (words.folder / "study.toml").read_text()
    head, *rest = text.split("[[contender]]\n")
    last, tail = rest[-1].split("# ----", 1)
    blocks = {block.split('"')[1]: block.split("\n# ")[0] for block in [*rest[:-1], last]}

    def study(file: str, head: str, names: list[str]) -> None:
        contenders = [f"[[contender]]\n{blocks[name]}\n" for name in names]
        brief = "[profile.brief]\nblocks = 4\nrounds = 2\n\n"
        (words.folder / file).write_text(f"{head}{brief}{''.join(contenders)}# ----{tail}")

    study("failing.toml", head, ["loop", "split", "tenfold", *BAD])
    study("single.toml", head.replace('baseline = "split"', 'baseline = "loop"'), ["loop"])
    words.edit("single.toml", 'contenders = ["loop", "split", "tenfold"]\n', "")
    for name in ["failing", "single"]:
        options = ["--study", f"{name}.toml", "--profile", "brief"]
        for verb in ["build", "verify", "run"]:
            more = ["--no-criterion", "--record", f"results/{name}"] if verb == "run" else []
            extra = ["--install-only"] if verb == "build" else []
            done = words.ffi_bench(verb, *options, *more, *extra)
            assert done.returncode == (1 if name == "failing" else 0), done.stderr
    return words


@pytest.fixture(scope="package")
def failing(small) -> Path:
    record = small.folder / "results" / "failing"
    assert report(small, record, "--study", "failing.toml")
    return record / "report.html"


@pytest.fixture(scope="package")
def single(small) -> Path:
    """A study of one contender, which all others would be compared with."""
    record = small.folder / "results" / "single"
    assert report(small, record, "--study", "single.toml")
    return record / "report.html"


@pytest.fixture(scope="package")
def only(small) -> Path:
    """A page of one contender, with what it is compared with."""
    record = shutil.copytree(small.folder / "results" / "failing", small.folder / "results" / "one")
    assert report(small, record, "--study", "failing.toml", "--only", "tenfold")
    return record / "report.html"


@pytest.fixture(scope="package")
def hostile(small) -> Path:
    """Titles and errors that a page must not take for its own language."""
    record = shutil.copytree(small.folder / "results" / "failing", small.folder / "results" / "bad")

    def spoil(content: dict) -> None:
        content["study"]["study"]["title"] = HOSTILE
        content["study"]["contender"][0]["title"] = HOSTILE
        content["study"]["case"][0]["about"] = HOSTILE
        for failure in content["failures"]:
            failure["message"] = HOSTILE

    rewrite(record, spoil)
    assert report(small, record, "--study", "failing.toml")
    return record / "report.html"


HOSTILE = (
    "<b>x</b></script><script>throw 1</script><img src='http://example.invalid/x.png'> & {{ x }}"
)


def rewrite(record: Path, change: Callable[[dict], None]) -> None:
    file = record / "record.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content), encoding="utf-8")


def report(workplace: Workplace, record: Path, *options: str | Path) -> bool:
    done = workplace.ffi_bench("report", record, *options)
    assert done.returncode == 0, done.stderr
    return (record / "report.html").is_file()
