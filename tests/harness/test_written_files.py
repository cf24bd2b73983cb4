"""What is written goes where it was meant to go, and spoils nothing that lies beside it."""

from __future__ import annotations

import gzip
import os
import resource
import shutil
import subprocess
import threading

import pytest

MARKERS = "<!-- ffi-bench: results -->\n<!-- ffi-bench: end -->\n"


@pytest.fixture
def folder(measured, tmp_path):
    return shutil.copytree(measured.good, tmp_path / "record")


def test_a_linked_folder_of_charts_is_refused(words, measured, folder, tmp_path):
    shutil.rmtree(folder / "charts", ignore_errors=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "charts").symlink_to(elsewhere)
    done = words.ffi_bench("report", folder)
    assert done.returncode == 2
    assert "charts is a link" in done.stderr
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["tables.md", ".tables.md.partial", "tables.partial"])
def test_a_link_in_a_record_is_not_written_through(words, measured, folder, tmp_path, name):
    victim = tmp_path / "victim"
    victim.write_text("keep")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(victim)
    assert words.ffi_bench("report", folder).returncode == 0
    assert victim.read_text() == "keep"
    assert (folder / "tables.md").read_text().startswith("#")


def test_a_file_beside_a_document_is_left_alone(words, measured, folder, tmp_path):
    document, beside = tmp_path / "page.md", tmp_path / "page.partial"
    document.write_text(MARKERS)
    beside.write_text("keep")
    assert words.ffi_bench("report", folder, "--splice", document).returncode == 0
    assert beside.read_text() == "keep"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.md", "page.partial", "record"]


def test_a_linked_document_is_written_where_it_lies_and_keeps_its_mode(
    words, measured, folder, tmp_path
):
    document, link = tmp_path / "page.md", tmp_path / "link.md"
    document.write_text(MARKERS)
    document.chmod(0o600)
    link.symlink_to(document)
    assert words.ffi_bench("report", folder, "--splice", link).returncode == 0
    assert link.is_symlink()
    assert len(document.read_text()) > len(MARKERS)
    assert document.stat().st_mode & 0o777 == 0o600


def test_a_page_goes_into_a_pipe(words, measured, folder, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    done = words.ffi_bench("compare", folder, measured.good, "--html", pipe)
    assert done.returncode == 0
    reader.join(timeout=60)
    assert pipe.is_fifo()
    assert read[0].startswith("<!doctype html>")


def test_a_name_that_looks_like_a_marker_stays_in_its_place(words, measured, folder, tmp_path):
    marker = "x <!-- ffi-bench: end --> <img src=x onerror=throw>"
    record = folder / "record.json"
    text = record.read_text(encoding="utf-8")
    reference = '"title": "'
    assert reference in text
    record.write_text(text.replace(reference, reference + marker, 1), encoding="utf-8")
    document = tmp_path / "page.md"
    document.write_text("before\n" + MARKERS + "after\n")
    sizes = []
    for _ in range(3):
        done = words.ffi_bench("report", folder, "--splice", document)
        assert done.returncode == 0, done.stderr
        sizes.append(len(document.read_text()))
    assert sizes[0] == sizes[1] == sizes[2]
    assert document.read_text().endswith("<!-- ffi-bench: end -->\nafter\n")


def test_records_beside_a_record_are_found_by_a_relative_name(words, measured, folder, tmp_path):
    document = tmp_path / "page.md"
    document.write_text("<!-- ffi-bench: records -->\n<!-- ffi-bench: end -->\n")
    # In the folder of the records, as somebody would type it.
    binary = [str(words.binary), "report", folder.name, "--splice", str(document)]
    done = subprocess.run(
        binary,
        cwd=folder.parent,
        env=words.environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert folder.name in document.read_text()


def test_a_time_of_nothing_is_damage_and_no_regression(words, measured, folder):
    slices = folder / "slices.csv.gz"
    heading, first, *rest = gzip.decompress(slices.read_bytes()).decode().splitlines()
    column = heading.split(",").index("nanoseconds")
    fields = first.split(",")
    fields[column] = "0"
    lines = [heading, ",".join(fields), *rest]
    slices.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode()))
    for command in (["report", folder], ["compare", measured.good, folder, "--fail-on-regression"]):
        done = words.ffi_bench(*command)
        assert done.returncode == 2
        assert "slices.csv.gz is damaged" in done.stderr


def test_a_limit_of_the_size_of_files_is_an_error(words, measured, folder):
    done = subprocess.run(
        [str(words.binary), "report", str(folder)],
        env=words.environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert not list(folder.glob("*partial*")) + list(folder.glob(".*partial*"))
