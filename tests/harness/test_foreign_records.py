"""A record may come from anywhere: it is data, and nothing in it is run or obeyed."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from .commands import STUDY, record
from .test_files_for_others import FILES, in_a_terminal

GOOD = ["--study", "good.toml"]

# Harmless where it is obeyed, and plain to see where it is.
HOSTILE = (
    "=1+1 <script>throw 1</script> <img src=x onerror=throw> <!-- x --> <b> & {{ x }} "
    "\x1b]0;title\x07 \x1b[2J \x1b[31m \x9b2J \x00 \u202e \ufffe --> | "
    "![x](http://example.invalid/x.png) [x](javascript:throw) `<i>`"
)

# What a record says in words. The rest are names, expressions and numbers.
WORDS = {
    "about",
    "answer",
    "artefact",
    "binding",
    "build_tools",
    "cause",
    "cc",
    "command",
    "compiler",
    "config_args",
    "cpu",
    "executable",
    "flags",
    "governor",
    "implementation",
    "kernel",
    "languages",
    "limit",
    "message",
    "notes",
    "opt",
    "seen",
    "sources",
    "stage",
    "test",
    "title",
    "tools",
    "unit",
    "version",
    "words",
    "x_label",
    "y_label",
}


@pytest.fixture
def folder(measured, tmp_path):
    return shutil.copytree(measured.good, tmp_path / "record")


def change(folder, what):
    found = record(folder)
    what(found)
    (folder / "record.json").write_text(json.dumps(found), encoding="utf-8")


# ------------------------------------------------------------------------------------- names


def chart(found, name):
    found["study"]["chart"][0]["file"] = name


def twin(found, name):
    found["study"]["chart"][1]["file"] = found["study"]["chart"][0]["file"].upper()


def of(kind):
    def change_name(found, name):
        found["study"][kind][0]["name"] = name

    return change_name


def study_name(found, name):
    found["study"]["study"]["name"] = name


def profile(found, name):
    found["profile"] = name


def candidate(found, name):
    found["contenders"][name] = next(iter(found["contenders"].values()))


def failure(found, name):
    found["failures"] = [{"contender": name, "case": None, "stage": "run", "message": ""}]


PLACES = {
    "a chart": chart,
    "two charts but for capitals": twin,
    "a contender": of("contender"),
    "a case": of("case"),
    "a check": of("check"),
    "the study": study_name,
    "the profile": profile,
    "a contender of its own": candidate,
    "a failure": failure,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "name", ["../escaped", "/tmp/escaped", "a/../../escaped", "", ".", "x" * 300, "<b>", "a\x1b[2J"]
)
def test_a_name_that_is_no_name_is_refused(words, folder, place, name):
    change(folder, lambda found: PLACES[place](found, name))
    before = set(folder.parent.rglob("*"))
    error = words.refused("report", folder)
    assert "record.json is refused" in error
    assert set(folder.parent.rglob("*")) == before


def test_a_path_out_of_the_folder_is_written_by_no_verb(words, folder, measured):
    change(folder, lambda found: chart(found, "../../escaped"))
    for command in [
        ["report", folder],
        ["report", "--redeclare", folder, *GOOD],
        ["report", "--terminal", folder],
        ["compare", measured.good, folder],
        ["compare", "--counts", measured.good, folder],
        ["run", "--resume", folder, *GOOD],
        *[[verb, "--record", folder, *GOOD] for verb in ["count", "observe", "self-test", "build"]],
    ]:
        assert "record.json is refused" in words.refused(*command)
    assert not list(folder.parent.rglob("escaped*"))


NAMES = {
    "a chart": ('file = "by-length"', 'file = "../escaped"'),
    "a contender": ('name = "native"', 'name = "../native"'),
    "a case": ('name = "list/lengths"', 'name = "list/../../lengths"'),
    "a check": ('name = "texts"', 'name = "te/xts"'),
    "the study": ('name = "words"', 'name = "../words"'),
    "a profile": ("[profile.long]", '[profile."lo/ng"]'),
    "a folder": ('folder = "native"', 'folder = "../native"'),
}


@pytest.mark.parametrize("place", NAMES)
def test_a_study_is_held_to_the_same(words, measured, tmp_path, place):
    text = (words.folder / "good.toml").read_text(encoding="utf-8")
    old, new = NAMES[place]
    assert old in text, f"{old} is not in the study"
    study = words.folder / f"names-{os.getpid()}.toml"
    study.write_text(text.replace(old, new), encoding="utf-8")
    error = words.refused("list", "--study", study)
    study.unlink()
    reasons = ["is not a name", "not allowed in this name", "is not a path below"]
    assert any(reason in error for reason in reasons), error


def test_a_record_whose_date_is_none_is_refused(words, folder):
    change(folder, lambda found: found.update(started="\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"))
    assert "is not a time" in words.refused("report", folder)


# -------------------------------------------------------------------------------------- code


def unfinished(found):
    found["finished"] = None


def planted(place):
    """What would leave a trace if it were run."""
    trace = f"open({str(place)!r}, 'w')"

    def setup(found):
        for case in found["study"]["case"]:
            case["setup"] = f"{trace}\n{case['setup']}"

    def call(found):
        for case in found["study"]["case"]:
            case["call"] = f"[{trace}, {case['call']}][1]"

    def criterion(found):
        command = ["sh", "-c", f"touch '{place}'"]
        found["study"]["criterion"] = {"command": command, "contender": "native"}

    def prelude(found):
        own = place.with_suffix(".py")
        own.write_text(f"{(STUDY / 'prelude.py').read_text()}\n{trace}\n")
        found["study"]["study"]["prelude"] = str(own)

    return {
        "setup": setup,
        "call": call,
        "criterion": criterion,
        "prelude": prelude,
    }


@pytest.mark.thorough("runs four verbs for each place where a record holds code")
@pytest.mark.parametrize("what", ["setup", "call", "criterion", "prelude"])
def test_nothing_that_stands_in_a_record_is_run(words, folder, tmp_path, what):
    trace = tmp_path / "trace"
    change(folder, planted(trace)[what])
    commands = [["observe"], ["build"]]
    if shutil.which("valgrind"):
        commands.append(["count", "--filter", "^call/noop$"])
    for command in commands:
        words.ffi_bench(*command, "--only", "native", "--record", folder, *GOOD)
    change(folder, unfinished)
    (folder / "slices.csv.gz").unlink()
    done = words.ffi_bench("run", "--resume", folder, *GOOD)
    assert not trace.exists()
    if what in {"setup", "call"}:
        assert done.returncode == 2
        assert "is not what the study here says" in done.stderr


# ------------------------------------------------------------------------------------- words


def spoil(value, key=""):
    """The value with all its words replaced."""
    if isinstance(value, dict):
        return {name: spoil(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [spoil(one, key) for one in value]
    return HOSTILE if isinstance(value, str) and key in WORDS else value


@pytest.fixture
def hostile(measured, tmp_path):
    """A record in which every word is hostile, in a folder that is called by no good name."""
    folder = shutil.copytree(measured.good, tmp_path / "results" / "a](javascript:throw)<b>`")
    found = spoil(record(folder))
    found["failures"] = [
        {"contender": "tenfold", "case": None, "stage": HOSTILE, "message": HOSTILE}
    ]
    found["left_out"] = {"call/empty": HOSTILE}
    legs = {"call": {"interpreter": 9.0, "extension": 1.0, "libc": 0.0, "other": 0.0}}
    rows = {"count/10": {"native": legs, "split": legs}}
    counted = {"fingerprint": {"cc": HOSTILE}, "artefacts": {}, "rows": rows, "left_out": {}}
    found["counts"] = {"counted": counted}
    found["observed"] = {"notes": [HOSTILE], "outcomes": {}, "imports": {}, "allocations": {}}
    rows = [{"test": HOSTILE, "seen": HOSTILE, "limit": HOSTILE, "outcome": "passed"}]
    found["self_test"] = {"started": found["started"], "seconds": 1, "rows": rows}
    (folder / "record.json").write_text(json.dumps(found), encoding="utf-8")
    return folder


def controls(text):
    """What acts on a terminal, or hides in one; colours do not."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufffe]", text)


def is_tame_markdown(text):
    assert controls(text) == []
    text = re.sub(r"<!-- ffi-bench: [^<>]* -->", "", text)
    text = re.sub(r"`[^`\n]*`", "", text)
    assert "<" not in text, text[max(0, text.index("<") - 80) :][:160]
    assert not re.search(r"(?<!\\)!\[", text)
    assert not re.search(r"(?<!\\)\[[^\]]*\]\(javascript:", text)


class Elements(HTMLParser):
    """Which elements a page has, and whether an attribute of one runs something."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.runs = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append(tag)
        self.runs += [
            (name, value)
            for name, value in attributes
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:")
        ]


def is_tame_html(text, scripts):
    assert controls(text) == []
    elements = Elements(text)
    assert elements.found.count("script") == scripts
    assert "img" not in elements.found
    assert elements.runs == []


def test_no_file_of_a_report_obeys_a_record(words, hostile):
    document = hostile.parent / "README.md"
    places = ["answer", "results", "verdicts", "precision", "position", "self-test", "counts"]
    places += ["records", "builds", "mistakes"]
    markers = "".join(f"<!-- ffi-bench: {name} -->\n<!-- ffi-bench: end -->\n" for name in places)
    document.write_text(markers, encoding="utf-8")
    done = words.ffi_bench("report", hostile, "--splice", document)
    assert done.returncode == 0, done
    is_tame_markdown((hostile / "tables.md").read_text(encoding="utf-8"))
    spliced = document.read_text(encoding="utf-8")
    assert spliced.count("<!-- ffi-bench: end -->") == len(places)
    assert "%28javascript%3A" in spliced
    is_tame_markdown(spliced)
    is_tame_html((hostile / "report.html").read_text(encoding="utf-8"), scripts=2)
    drawn = list((hostile / "charts").glob("*.svg"))
    assert drawn
    for file in drawn:
        text = file.read_text(encoding="utf-8")
        assert controls(text) == []
        for element in ET.fromstring(text).iter():
            assert element.tag.rpartition("}")[2] not in {"script", "img", "a", "foreignObject"}
            assert not [name for name in element.attrib if name.startswith("on")]
    for name in FILES:
        text = (hostile / name).read_text(encoding="utf-8")
        assert controls(text) == []
        for row in csv.reader(text.splitlines()):
            assert not [cell for cell in row if cell.startswith("=")]
    summary = (hostile / "summary.json").read_text(encoding="utf-8")
    assert controls(summary) == []
    assert controls(json.dumps(json.loads(summary), ensure_ascii=False)) == []


def test_no_terminal_obeys_a_record(words, hostile, measured):
    for command in [
        ["report", "--terminal", f"'{hostile}'"],
        ["compare", measured.good, f"'{hostile}'"],
        ["compare", f"'{hostile}'", f"'{hostile}'"],
        ["compare", "--counts", f"'{hostile}'", f"'{hostile}'"],
        ["compare", "--markdown", f"'{hostile}'", f"'{hostile}'"],
    ]:
        shown = in_a_terminal(words, *command).replace("\r\n", "\n")
        assert controls(shown) == [], command
        assert "\x1b[31m" not in shown
        assert len(shown) > 100


def test_no_file_of_a_comparison_obeys_a_record(words, hostile, measured, tmp_path):
    page, document = tmp_path / "page.html", tmp_path / "document.md"
    document.write_text(
        "<!-- ffi-bench: compare again -->\n<!-- ffi-bench: end -->\n", encoding="utf-8"
    )
    command = ["compare", "--markdown", measured.good, hostile]
    done = words.ffi_bench(*command, "--html", page, "--splice", document)
    assert done.returncode == 0, done
    is_tame_markdown(done.stdout)
    is_tame_markdown(document.read_text(encoding="utf-8"))
    plain = tmp_path / "plain.html"
    done = words.ffi_bench("compare", measured.good, measured.good, "--html", plain)
    scripts = Elements(plain.read_text(encoding="utf-8")).found.count("script")
    is_tame_html(page.read_text(encoding="utf-8"), scripts)
    done = words.ffi_bench("compare", "--markdown", "--counts", hostile, hostile)
    is_tame_markdown(done.stdout)


def test_what_is_observed_is_shown_without_obeying_the_record(words, hostile, measured):
    """The record is of this machine, or nothing would be put into it."""
    good = record(measured.good)

    def of_here(found):
        for key in ["cpu", "cores", "architecture"]:
            found["environment"][key] = good["environment"][key]
        for name, candidate in found["contenders"].items():
            candidate.update(good["contenders"][name], build_info={"flags": HOSTILE})
        found["study"]["case"] = good["study"]["case"]

    change(hostile, of_here)
    done = words.ffi_bench("observe", "--only", "native", "--record", hostile, *GOOD)
    assert done.returncode == 0, done
    assert controls(done.stdout + done.stderr) == []
