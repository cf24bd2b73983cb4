"""Records that something is wrong with, or that hold little, make a true and readable page."""

import json
import re

import pytest

from .conftest import BAD, HOSTILE
from .pages import NONE, embedded, rows

pytestmark = [
    pytest.mark.usefixtures("browser"),
    pytest.mark.thorough("measures faulty studies and opens their pages"),
]

# What a script writes where it has no figure.
NO_WORD = re.compile(r".{0,40}\b(?:undefined|NaN|null|Infinity|object Object)\b.{0,40}")


def text_of(page):
    page.open_all()
    return page.page.inner_text("body")


def record_of(file):
    return json.loads((file.parent / "record.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("record", ["thorough", "bare", "failing", "single", "only"])
def test_no_figure_is_missing_without_a_word(view, request, record):
    page = view(request.getfixturevalue(record), "#variants=1")
    page.rows()
    assert NO_WORD.findall(text_of(page)) == []


@pytest.mark.parametrize("record", ["bare", "failing", "single", "only"])
def test_each_section_of_its_bar_is_there(view, request, record):
    page = view(request.getfixturevalue(record))
    places = page.run(
        "[...document.querySelectorAll('nav a')].map((a) => a.getAttribute('href').slice(1))"
    )
    assert {"answer", "all-cases", "method", "definitions"} <= set(places)
    empty = page.run(
        """(places) => places.filter((id) =>
          (document.getElementById(id)?.textContent.trim().length ?? 0) < 40)""",
        places,
    )
    assert empty == []
    dead = page.run(
        """() => [...new Set([...document.querySelectorAll("a[href^='#']")]
          .map((link) => link.getAttribute("href").slice(1)))]
          .filter((place) => !document.getElementById(decodeURIComponent(place))
            && !/^(regime|cases)=/.test(place))"""
    )
    assert dead == []


@pytest.mark.parametrize("record", ["bare", "failing", "single", "only"])
def test_its_controls_work(view, request, record):
    """All choices of all controls, one after another; complaints are looked for by the fixture."""
    file = request.getfixturevalue(record)
    page = view(file)
    everything = page.names()
    assert everything == [row.key for row in rows(embedded(file), variants=False)]
    silent = page.run(
        """() => {
          const silent = [];
          const count = document.getElementById("count");
          for (const control of document.querySelectorAll("form select")) {
            const began = control.value;
            for (const { value } of [...control.options, { value: began }]) {
              control.value = value;
              control.dispatchEvent(new Event("input", { bubbles: true }));
              if (!/^\\d+ of \\d+ rows/.test(count.textContent)) silent.push(control.name);
            }
          }
          for (const place of [...document.querySelectorAll("#cases th")].keys())
            for (const turn of [1, 2])
              document.querySelectorAll("#cases th button")[place].click();
          return silent;
        }"""
    )
    assert silent == []
    assert sorted(page.names()) == sorted(everything)


def test_every_error_is_on_the_page(view, failing):
    page = view(failing)
    failures = record_of(failing)["failures"]
    assert {failure["contender"] for failure in failures} == set(BAD)
    chip = page.page.locator(".chip[href='#failures']")
    assert str(len(failures)) in chip.inner_text()
    assert "bad" in chip.get_attribute("class")
    titles = {one["name"]: one["title"] for one in embedded(failing)["contenders"]}
    lines = page.run(
        """() => [...document.querySelectorAll("#failures tbody tr")]
          .map((row) => [...row.cells].map((cell) => cell.innerText))"""
    )
    assert len(lines) == len(failures)
    for (title, case, stage, message), failure in zip(lines, failures, strict=True):
        assert title == titles[failure["contender"]]
        assert case == (failure["case"] or "all")
        assert stage == failure["stage"]
        # Whitespace apart, which HTML does not keep.
        first = failure["message"].strip().splitlines()[0]
        assert " ".join(first.split()) in " ".join(message.split())
    page.follow(chip.click)
    assert page.page.locator("#failures h3").is_visible()


def test_what_failed_is_a_row_with_its_stage_and_no_figure(view, failing):
    page = view(failing)
    page.page.fill("[name=search]", "count/1000")
    shown = {row[1]: row[2:] for row in page.rows()}
    assert shown["wrong in one case"] == ["failed (verify)"]
    assert len(shown["str.split"]) == 5
    page.page.fill("[name=search]", "count/100 ")
    shown = {row[1]: row[2:] for row in page.rows() if row[0] == "count/100"}
    assert len(shown["wrong in one case"]) == 5
    states = page.run(
        """() => Object.fromEntries([...document.querySelectorAll("[id^='contender-']")]
          .map((row) => [row.id, row.cells[row.cells.length - 1].textContent]))"""
    )
    assert states["contender-unbuildable"] == "failed"
    assert states["contender-split"] == "measured"


def test_what_failed_everywhere_is_no_row_with_a_figure(view, failing):
    page = view(failing)
    page.choose("contender", "unbuildable")
    assert {cell for row in page.rows() for cell in row[2:]} <= {"failed (build)"}


def test_nobody_that_failed_can_be_compared_with(view, failing):
    page = view(failing)
    offered = page.run(
        "[...document.querySelector('[name=reference]').options].map((o) => o.value)"
    )
    assert "split" in offered
    assert "unbuildable" not in offered


def test_one_contender_is_compared_with_nobody(view, single):
    page = view(single)
    assert {title for _, title in page.names()} == {"a loop"}
    assert {(row[5], row[6]) for row in page.rows()} == {("1", NONE)}
    assert page.page.locator("#guide").count() == 0
    assert page.page.locator("figure.chart svg").count() > 0


def test_a_page_of_one_contender_has_it_and_what_it_is_compared_with(view, only):
    page = view(only, "#variants=1")
    titles = {title for _, title in page.names()}
    assert titles == {"a loop", "str.split", "ten times the work"}


def test_what_was_not_done_is_said(view, bare):
    page = view(bare)
    chips = page.page.locator(".chips").inner_text()
    assert "no self-test" in chips
    assert "not finished" in chips
    text = text_of(page)
    commands = page.page.inner_text("pre[aria-label=Commands]")
    for verb in ["count", "observe", "self-test"]:
        assert not re.search(rf"ffi-bench.* {verb}$", commands, re.MULTILINE)
    assert page.page.locator("#self-test").inner_text().strip() != "Self-test"
    # Nothing is made up in place of effort that nobody measured.
    assert page.page.locator("#effort details").count() == 0
    assert "0 lines" not in text


def test_a_guide_without_effort_still_advises(view, bare):
    page = view(bare)
    assert page.page.locator("#guide").count() == 1
    page.choose("rate", "100000")
    for prefer in ["time", "silent", "glue", "build"]:
        page.choose("prefer", prefer)
        assert page.advised() != "Stay in pure Python"
        assert NO_WORD.findall(page.advice()) == []
    assert {way["glue"] for way in page.ways().values()} == {NONE}
    # Nobody knows which wheel serves which interpreter, so none is ruled out by it.
    page.choose("installs", "many")
    assert page.advised() != "Stay in pure Python"


def test_a_chart_without_data_is_not_there(view, bare):
    page = view(bare)
    charts = page.run(
        """() => [...document.querySelectorAll("figure.chart")].map((figure) => ({
          id: figure.id,
          marks: figure.querySelectorAll("svg .mark").length,
          rows: figure.querySelectorAll(".figures tbody tr").length,
        }))"""
    )
    drawn = {f"chart-{file.stem}" for file in (bare.parent / "charts").glob("*.svg")}
    assert {chart["id"] for chart in charts} == drawn
    asked = {f"chart-{chart['file']}" for chart in record_of(bare)["study"]["chart"]}
    assert drawn < asked
    for chart in charts:
        assert chart["rows"] > 0
        assert chart["marks"] > 0


def test_what_a_record_says_is_never_taken_for_html(view, hostile):
    page = view(hostile)
    text = text_of(page)
    assert page.page.title() == HOSTILE
    assert page.page.inner_text("h1") == HOSTILE
    assert HOSTILE in page.page.inner_text("#failures")
    assert page.page.locator("b, img").count() == 0
    assert HOSTILE in page.page.inner_text("#cases")
    assert "{{ x }}" in text
