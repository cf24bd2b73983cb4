"""The page of a comparison: verdicts, colours of records, and a search in its tables."""

import pytest
from harness.commands import Workplace

from .conftest import ROOT

pytestmark = pytest.mark.usefixtures("browser")

NAME = "2026-11-23-amd-epyc-cpython-3.11.7"
RECORDS = [ROOT / "results" / name for name in [NAME, f"{NAME}-isolated", f"{NAME}-2"]]

# The words of the verdicts, and the signs that stand before them.
SIGNS = {"=": "same", "▲": "slower", "▼": "faster", "?": "unresolved"}


@pytest.fixture(scope="module")
def comparison(binary, python, folder):
    file = folder / "comparison.html"
    workplace = Workplace(ROOT, binary, python, folder)
    done = workplace.ffi_bench("compare", *RECORDS, "--html", file)
    assert done.returncode == 0, done
    return file


def test_verdicts_have_signs_and_records_have_colours(view, comparison):
    page = view(comparison).page
    verdicts = page.locator("#ratios td .verdict").all_inner_texts()
    assert verdicts
    assert {tuple(verdict.split()) for verdict in verdicts} <= set(SIGNS.items())
    for place in ["#records tbody", "#speed-ups thead"]:
        assert page.locator(f"{place} .swatch").count() == len(RECORDS)
    assert page.locator("#speed-ups figure svg .mark").count() > 0


def test_rows_are_searched_and_told_apart_by_change(view, comparison):
    page = view(comparison).page
    rows = page.locator("#speed-ups tbody tr, #ratios tbody tr")
    shown = page.locator("#speed-ups tbody tr:visible, #ratios tbody tr:visible")
    every = rows.count()
    page.fill("[name=search]", "rust_pyo3 ascii-8")
    texts = shown.all_inner_texts()
    assert 0 < len(texts) < every
    # A contender is found by its name, too, where its title is shown.
    assert all("ascii-8" in text and "Rust, PyO3" in text for text in texts)
    assert f"{len(texts)} of {every} rows shown" in page.inner_text("form [role=status]")
    page.fill("[name=search]", "")
    page.check("[name=changed]")
    cases = page.locator("#ratios tbody tr:visible").all_inner_texts()
    assert all("slower" in case or "faster" in case for case in cases)
    page.uncheck("[name=changed]")
    assert shown.count() == every


def test_without_javascript_the_tables_are_whole(view, comparison):
    page = view(comparison, java_script_enabled=False).page
    assert page.locator("form").is_hidden()
    words = set(page.locator("#ratios td").all_inner_texts())
    assert words & set(SIGNS.values())
