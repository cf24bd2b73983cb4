"""Every chart of the study is in the page: as a picture, with a text, with a table behind it."""

import re
from collections import Counter

import pytest

from .conftest import ROOT

# Python 3.10 reads no TOML by itself.
SHOWN = (ROOT / "bench" / "shown" / "charts.toml").read_text(encoding="utf-8")
CHARTS = dict(re.findall(r'^\[\[chart]]\nfile = "(.*)"\nkind = .*\ntitle = "(.*)"$', SHOWN, re.M))

pytestmark = pytest.mark.usefixtures("browser")

# What of each chart somebody sees, hears, or finds in its table.
CONTENT = """() => Object.fromEntries([...document.querySelectorAll(".chart")].map((figure) => {
  const svg = figure.querySelector("svg");
  const box = svg.getBoundingClientRect();
  const table = figure.querySelector(".figures");
  const rows = table ? [...table.querySelectorAll("tbody tr")] : [];
  return [figure.id, {
    role: svg.getAttribute("role"),
    label: svg.getAttribute("aria-label"),
    size: [box.width, box.height],
    caption: figure.querySelector("figcaption").textContent,
    marks: [...svg.querySelectorAll(".mark")].map((mark) => mark.dataset.tip),
    rows: rows.map((row) => [...row.cells].map((cell) => cell.textContent)),
    headings: table ? [...table.querySelectorAll("th[scope=col]")].length : 0,
  }];
}))"""


@pytest.fixture(scope="module")
def pages(browser, thorough, peers):
    """The charts of both records: each has those that it has data for."""
    found = []
    for record in (thorough, peers):
        page = browser.new_page()
        page.goto(record.as_uri())
        found.append(page.evaluate(CONTENT))
        page.close()
    return found


@pytest.fixture(scope="module")
def charts(pages):
    """Each chart as the first record has it that has data for it."""
    first, second = pages
    return second | first


def test_the_charts_are_those_of_the_study(pages):
    first, second = pages
    assert set(first | second) == {f"chart-{file}" for file in CHARTS}


@pytest.mark.parametrize("file", CHARTS)
def test_a_chart_is_seen_named_and_listed(charts, file):
    chart = charts[f"chart-{file}"]
    assert chart["caption"] == CHARTS[file]
    assert chart["role"] == "img"
    assert CHARTS[file] in chart["label"]
    assert min(chart["size"]) > 100
    assert chart["headings"] == 3
    assert chart["rows"]
    assert all(all(cells) for cells in chart["rows"]), "an empty cell"


@pytest.mark.parametrize("file", CHARTS)
def test_what_a_mark_says_stands_in_the_table(charts, file):
    chart = charts[f"chart-{file}"]
    assert chart["marks"]
    # A mark says what stands in a row, and two marks do not say the same row.
    rows = Counter(tuple(row) for row in chart["rows"])
    for tip in chart["marks"]:
        match = next((row for row in rows if rows[row] and all(cell in tip for cell in row)), None)
        assert match, f"{tip!r} is in no row"
        rows[match] -= 1
    # A logarithmic axis has no place for what is not above zero; the table has.
    assert [row for row in rows.elements() if "-" not in row[-1]] == []


def test_a_chart_is_as_true_without_javascript(view, thorough, pages):
    page = view(thorough, java_script_enabled=False).page
    assert page.locator("figure.chart svg[role=img]").count() == len(pages[0])
    assert page.locator("figure.chart svg .mark title").count() > len(pages[0])
    assert page.locator("noscript p").count() == 2
    assert page.locator("#all-cases noscript p").is_visible()


def test_pointing_at_a_mark_shows_its_figure_and_interval(view, thorough):
    seen = view(thorough)
    mark = point_at_a_mark(seen)
    tip = seen.page.locator("#tip")
    assert tip.is_visible()
    assert tip.inner_text() == mark["tip"]
    assert "[" in mark["tip"], "no interval"
    assert seen.run(
        "() => { const b = tip.getBoundingClientRect();"
        " return b.left >= 0 && b.right <= innerWidth && b.bottom <= innerHeight; }"
    )
    seen.page.mouse.move(2, 2)
    assert not tip.is_visible()


def test_choosing_a_mark_opens_its_case(view, thorough):
    seen = view(thorough)
    mark = point_at_a_mark(seen)
    seen.page.mouse.down()
    seen.follow(seen.page.mouse.up)
    assert seen.hash == f"case-{mark['case']}"
    assert seen.page.locator(f"[id='case-{mark['case']}']").get_attribute("open") is not None


def test_a_finger_finds_the_figures_in_the_table(view, thorough):
    phone = view(thorough, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    button = phone.page.locator("#chart-ratio-to-c .reveal")
    table = phone.page.locator("#table-ratio-to-c")
    assert not table.is_visible()
    button.tap()
    assert table.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    button.tap()
    assert not table.is_visible()
    assert button.get_attribute("aria-expanded") == "false"


def point_at_a_mark(seen):
    """Moves the pointer over a mark of a chart with intervals that nothing lies upon."""
    mark = seen.run(
        """() => {
          const figure = document.getElementById("chart-ratio-to-c");
          figure.scrollIntoView();
          for (const mark of figure.querySelectorAll(".mark")) {
            const box = mark.getBoundingClientRect();
            const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
            if (y > 60 && document.elementFromPoint(x, y)?.closest(".mark") === mark)
              return { x, y, tip: mark.dataset.tip, case: mark.dataset.case };
          }
        }"""
    )
    seen.page.mouse.move(mark["x"], mark["y"])
    return mark
