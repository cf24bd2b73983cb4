"""Each option that a verb lists works there; what does not work there is not listed."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from .commands import record
from .test_command_line import VERBS
from .test_compare import MUCH, rewrite

# What has an argument that every verb refuses by name, if it looks at it.
REFUSED = {
    "--study": ("nothing.toml", "nothing.toml"),
    "--python": ("/no/such/python", "there is no Python at /no/such/python"),
    "--only": ("nobody", "--only nobody: the study has no such contender"),
    "--filter": ("^nothing$", "--filter ^nothing$: no case has such a name"),
    "--skip": (".", "--skip .: no case is left"),
    "--profile": ("nonsense", "nonsense"),
    "--record": ("/dev/null", "/dev/null"),
    "--resume": ("/dev/null", "/dev/null is not a record"),
    "--results": ("/dev/null", "/dev/null"),
    "--splice": ("/no/such/document", "/no/such/document"),
    "--html": ("/no/such/folder/page.html", "/no/such/folder/page.html"),
    "--blocks": ("3", "3 is not in"),
    "--summary": ("/no/such/folder/summary.md", "there is no folder /no/such/folder"),
    "--pyperf": ("/dev/null", "/dev/null"),
    "--series": ("/no/such/folder/series.csv", "/no/such/folder/series.csv"),
    "--margin": ("little", "'little'"),
}

# What has none, and the tests that are about it.
ALONE = {
    "--help": "test_command_line",
    "--version": "test_command_line",
    "--again": "test_effort, test_order",
    "--install-only": "test_effort",
    "--isolate": "test_compare",
    "--no-criterion": "test_good_study",
    "--no-record": "test_counts, test_self_test",
    "--gate": "test_counts",
    "--redeclare": "test_files_for_others",
    "--terminal": "test_files_for_others",
    "--counts": "test_counts",
    "--fail-on-regression": "test_compare",
    "--markdown": "test_compare",
    "--no-count": "test_ab",
}

# What says less than it seems to where both are given is refused.
BESIDE = [
    ("run", "--record", "--results"),
    ("run", "--resume", "--results"),
    ("run", "--resume", "--record"),
    ("count", "--record", "--results"),
    ("observe", "--no-record", "--results"),
    ("self-test", "--record", "--results"),
    ("report", "RECORD", "--results"),
    ("compare", "--counts", "--splice"),
    ("compare", "--counts", "--html"),
]


def listed(words, verb):
    """The options in the help of a verb."""
    text = words.ffi_bench(verb, "--help").stdout
    return re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_listed_option_is_looked_at(words, measured, verb, tmp_path):
    records = [measured.good, measured.good] if verb in {"compare", "export"} else []
    if verb == "ab":
        records = [".", "."]
    if verb == "report":
        records = [measured.good]
    for option in listed(words, verb):
        if option in ALONE:
            continue
        value, said = REFUSED[option]
        given = [] if option == "--results" and verb == "report" else records
        if option == "--profile":
            given = [
                *given,
                *(["--no-record"] if verb in {"count", "observe", "self-test"} else []),
            ]
        if option in {"--study"} and verb == "report":
            given = ["--redeclare"]
        study = ["--study", "good.toml"]
        if option == "--study" or verb in {"compare", "export"}:
            study = []
        if verb == "export" and option not in {"--pyperf", "--series"}:
            given = [*records, "--series", tmp_path / "series.csv"]
        if option == "--pyperf":
            given = [measured.good]
        error = words.refused(verb, option, value, *given, *study)
        assert said in error, (option, error)


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_not_listed_is_refused(words, verb):
    known = listed(words, verb)
    for option, (value, _) in REFUSED.items():
        if option not in known:
            assert "unexpected argument" in words.refused(verb, option, value), option


@pytest.mark.parametrize(("verb", "one", "other"), BESIDE)
def test_of_two_options_neither_is_ignored(words, verb, one, other):
    def given(option):
        return [option] if option in {"RECORD", "--counts", "--no-record"} else [option, "x"]

    records = ["x", "y"] if verb in {"compare", "export"} else []
    error = words.refused(verb, *given(one), *given(other), *records)
    assert "cannot be used with" in error


def test_study_and_python_may_stand_before_the_verb(words):
    before = ["--study", "good.toml", "--python", words.python]
    done = words.ffi_bench(*before, "list")
    assert done.returncode == 0, done
    assert "nothing.toml" in words.refused(*before, "list", "--study", "nothing.toml")


@pytest.fixture
def slower(measured, tmp_path):
    """The same record, in which one contender has become slower in one case."""
    folder = shutil.copytree(measured.good, tmp_path / "slower")
    rewrite(
        folder,
        lambda row: MUCH if (row["contender"], row["case"]) == ("native", "count/100") else 1,
    )
    return folder


def test_a_regression_counts_where_it_was_asked_for(words, measured, slower):
    def compare(*options):
        command = ["compare", "--fail-on-regression", measured.good, slower, *options]
        return words.ffi_bench(*command)

    assert compare().returncode == 3
    assert compare("--filter", "^count/100$", "--only", "native").returncode == 3
    for options in [["--filter", "^count/10$"], ["--skip", "^count/100$"], ["--only", "tenfold"]]:
        done = compare(*options)
        assert done.returncode == 0, done
        assert "native" not in done.stdout or "--only" not in options


def test_counts_are_compared_where_it_was_asked_for(words, measured, tmp_path):
    """Of the same counts, but for one that has grown."""
    leg = {"interpreter": 90.0, "extension": 10.0, "libc": 0.0, "other": 0.0}
    more = {**leg, "extension": 20.0}
    folders = []
    for name, of_native in [("before", leg), ("after", more)]:
        folder = shutil.copytree(measured.good, tmp_path / name)
        rows = {"count/10": {"native": {"call": of_native}, "split": {"call": leg}}}
        rows["call/noop"] = {"split": {"call": leg}}
        counted = {"fingerprint": {}, "artefacts": {}, "rows": rows, "left_out": {}}
        text = json.dumps({**record(folder), "counts": {"counted": counted}})
        (folder / "record.json").write_text(text)
        folders.append(folder)
    command = ["compare", "--counts", "--fail-on-regression", *folders]
    assert words.ffi_bench(*command).returncode == 3
    done = words.ffi_bench(*command, "--skip", "^count/10$")
    assert done.returncode == 0, done
    done = words.ffi_bench(*command, "--only", "tenfold")
    assert done.returncode == 0, done


def test_a_run_is_not_resumed_with_another_profile(words, measured, tmp_path):
    folder = shutil.copytree(measured.good, tmp_path / "record")
    (folder / "record.json").write_text(json.dumps({**record(folder), "finished": None}))
    error = words.refused("run", "--study", "good.toml", "--resume", folder, "--profile", "long")
    assert "the record is of the profile default" in error
