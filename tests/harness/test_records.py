"""Records, and the reports that are made from them alone."""

import json
import re
import shutil
from dataclasses import replace

import pytest

from .commands import record, rows, tables

DOCUMENT = """# A document

<!-- ffi-bench: results -->
old
<!-- ffi-bench: end -->

The end.
"""


@pytest.fixture
def folder(measured, tmp_path):
    """A record to be spoilt, with nothing of the study beside it."""
    return shutil.copytree(measured.good, tmp_path / "record")


def report(folder):
    drawn = [*folder.glob("*.csv"), *sorted((folder / "charts").iterdir())]
    files = [folder / name for name in ["report.html", "tables.md", "summary.json"]] + drawn
    return {path.name: path.read_bytes() for path in files}


def test_the_same_record_gives_the_same_bytes_wherever_it_lies(words, measured, folder, tmp_path):
    before = report(folder)
    shutil.rmtree(folder / "charts")
    for name in before.keys() - {path.name for path in (measured.good / "charts").iterdir()}:
        (folder / name).unlink()
    elsewhere = replace(words, folder=tmp_path)
    for _ in range(2):
        assert elsewhere.ffi_bench("report", "record").returncode == 0
        assert report(folder) == before


def test_the_newest_record_is_reported_by_default(words, measured, folder, tmp_path):
    results = tmp_path / "results"
    for name, started in [("old", "2026-01-01"), ("new", "2026-03-01"), ("older", "2025-01-01")]:
        shutil.copytree(folder, results / name)
        text = json.dumps({**record(folder), "started": f"{started}T00:00:00Z"})
        (results / name / "record.json").write_text(text)
    done = words.ffi_bench("report", "--results", results)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == str(results / "new" / "report.html")


def test_without_a_record_the_report_says_what_to_do(words, tmp_path):
    assert "no record" in words.refused("report", "--results", tmp_path)
    assert "no folder" in words.refused("report", "--results", tmp_path / "nothing")
    assert "is not a record" in words.refused("report", tmp_path)


def test_a_record_of_another_version_is_refused(words, folder):
    text = json.dumps({**record(folder), "schema": 99})
    (folder / "record.json").write_text(text)
    error = words.refused("report", folder)
    assert "record.json" in error
    assert "schema version 99" in error


def test_a_record_of_the_version_before_is_read_without_its_effort(words, folder):
    old = {**record(folder), "schema": 2}
    for candidate in old["contenders"].values():
        candidate["effort"] = {"seconds": 1.0, "own_seconds": None}
    (folder / "record.json").write_text(json.dumps(old))
    done = words.ffi_bench("report", folder)
    assert done.returncode == 0, done
    assert rows(tables(folder), "### Build times")["in C"]["from nothing"] == "\N{EN DASH}"


@pytest.mark.parametrize("file", ["record.json", "slices.csv.gz"])
def test_a_damaged_file_is_named(words, folder, file):
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: len(content) // 2])
    assert f"{file} is damaged" in words.refused("report", folder)


def test_no_table_is_written_from_a_damaged_record(words, folder):
    before = report(folder)
    (folder / "slices.csv.gz").write_bytes(b"")
    words.refused("report", folder)
    assert report(folder) == before


def test_a_table_is_spliced_into_a_document_and_stays_the_same(words, folder, tmp_path):
    document = tmp_path / "document.md"
    document.write_text(DOCUMENT)
    texts = []
    for _ in range(2):
        done = words.ffi_bench("report", folder, "--splice", document)
        assert done.returncode == 0, done
        texts.append(document.read_text())
    assert texts[0] == texts[1]
    before, _, rest = texts[0].partition("<!-- ffi-bench: results")
    assert before == "# A document\n\n"
    assert rest.endswith("<!-- ffi-bench: end -->\n\nThe end.\n")
    assert "old" not in rest
    assert "| in C |" in rest
    assert "| in C |" in tables(folder)


def test_a_spliced_table_names_no_folder_of_its_maker(words, measured, tmp_path):
    document = tmp_path / "document.md"
    document.write_text(DOCUMENT)
    results = measured.good.parent
    done = words.ffi_bench("report", "--results", results, "--splice", document)
    assert done.returncode == 0, done
    assert str(words.folder) not in document.read_text()


def test_a_document_without_a_place_for_the_table_is_left_alone(words, folder, tmp_path):
    document = tmp_path / "document.md"
    document.write_text("# A document\n")
    error = words.refused("report", folder, "--splice", document)
    assert "document.md" in error
    assert "<!-- ffi-bench: results" in error
    assert document.read_text() == "# A document\n"


def test_a_record_names_no_folder_of_its_maker(words, measured):
    """Neither the home folder nor the project below it, though both were on the command line."""
    for path in sorted(measured.all.rglob("*")):
        if path.suffix in {".json", ".md", ".svg", ".html", ".csv"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(re.escape(str(words.home)), text), path
    info = record(measured.all)["contenders"]["split"]["build_info"]
    assert info["flags"].startswith("~")


def test_a_record_says_what_was_measured(measured):
    found = record(measured.good)
    assert found["schema"] == 3
    assert found["profile"] == "default"
    assert found["started"] <= found["finished"]
    assert found["command"].startswith("ffi-bench run ")
    assert found["environment"]["python"]["implementation"] == "CPython"
    for contender in found["contenders"].values():
        assert re.fullmatch("[0-9a-f]{16}", contender["sources"])
        assert re.fullmatch("[0-9a-f]{16}", contender["artefact"])
        assert contender["verified_inputs"] == 400
