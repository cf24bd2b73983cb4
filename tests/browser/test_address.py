"""What the address says: a choice that can be shared, or a place on the page."""

import pytest

from .conftest import ROOT
from .pages import View, in_order, rows

pytestmark = pytest.mark.usefixtures("browser")

CHOICE = {
    "work": "100000",
    "rate": "10000",
    "data": "list",
    "gain": "3",
    "languages": "Rust",
    "builds": "compiler",
    "installs": "many",
    "lowest": "3.12",
    "prefer": "glue",
}
TABLE = {"reference": "rust_pyo3", "regime": "strings", "verdict": "slower", "contender": "c_ext"}


def test_a_shared_choice_gives_the_same_advice(view, thorough):
    page = view(thorough)
    before = page.advice()
    for name, value in CHOICE.items():
        page.choose(name, value)
    advice = page.advice()
    assert advice != before
    page.page.click("#share")
    page.page.wait_for_function("document.getElementById('shared').textContent !== ''")
    shared = page.page.evaluate("location.href")
    for name, value in CHOICE.items():
        assert f"{name}={value}" in shared

    other = view(thorough, f"#{shared.partition('#')[2]}", locale="en-GB")
    assert {name: other.chosen(name) for name in CHOICE} == CHOICE
    assert other.advice() == advice


def test_a_link_holds_what_is_as_usual_too(view, thorough):
    """So that it still gives the same advice where a later version usually chooses another."""
    page = view(thorough)
    advice = page.advice()
    page.page.click("#share")
    page.page.wait_for_function("document.getElementById('shared').textContent !== ''")
    assert {part.partition("=")[0] for part in page.hash.split("&")} == set(CHOICE)
    assert view(thorough, f"#{page.hash}", locale="en-GB").advice() == advice


def test_the_address_follows_the_table(view, thorough, data):
    page = view(thorough)
    for name, value in TABLE.items():
        page.choose(name, value)
    page.page.fill("[name=search]", "two strings & more = 8?")
    page.page.fill("[name=search]", "ascii")
    page.page.check("[name=variants]")
    page.page.click("#cases th button[data-key=time]")
    page.page.click("#cases th button[data-key=time]")
    names = page.names()
    expected = [
        row
        for row in rows(data, "rust_pyo3")
        if row.case.startswith("strings/ascii") and row.verdict == "slower" and row.name == "c_ext"
    ]
    assert names == in_order(expected, "time", down=True)

    other = view(thorough, f"#{page.hash}", locale="en-GB")
    assert {name: other.chosen(name) for name in TABLE} == TABLE
    assert other.chosen("search") == "ascii"
    assert other.page.is_checked("[name=variants]")
    assert other.names() == names
    assert other.rows() == page.rows()


def test_what_is_searched_may_hold_any_sign(view, thorough):
    page = view(thorough)
    page.page.fill("[name=search]", "a=b&c #%+ é")
    other = view(thorough, f"#{page.hash}", locale="en-GB")
    assert other.chosen("search") == "a=b&c #%+ é"


def test_what_is_as_usual_leaves_the_address(view, thorough):
    page = view(thorough)
    page.choose("regime", "pair")
    assert page.hash == "regime=pair"
    page.choose("regime", "")
    assert page.hash == ""


@pytest.fixture(scope="module")
def usual(browser, thorough):
    """The advice and the first rows of a page whose address says nothing."""
    page = View(browser.new_context())
    page.open(thorough)
    yield page.advice(), page.rows(whole=False)
    page.context.close()


@pytest.mark.thorough("opens the page once for each of many addresses")
@pytest.mark.parametrize(
    "place",
    [
        "#ref=nobody&sort=sideways&regime=none&verdict=guilty&contender=nobody&variants=7",
        "#work=12&rate=x&data=nothing&gain=-1&builds=&installs=0&prefer=me",
        "#=&&==",
        "#regime",
        "#%E0%A4%A",
        "#work=%E0%A4%A",
        "#nowhere",
        "#__proto__=1&constructor=2",
        "#case-",
    ],
)
def test_an_address_that_makes_no_sense_does_no_harm(view, thorough, usual, place):
    page = view(thorough, place)
    assert (page.advice(), page.rows(whole=False)) == usual


def in_view(page, identity):
    return page.run(
        """(id) => {
          const box = document.getElementById(id).getBoundingClientRect();
          const bar = document.querySelector("nav").getBoundingClientRect();
          return box.top >= bar.bottom - 1 && box.top < innerHeight;
        }""",
        identity,
    )


@pytest.mark.parametrize(
    "place",
    [
        "case-pair/ascii-8",
        "case-declare/c-varargs_keywords1(x=item)",
        "case-declare/c-fastcall2(item, item)",
    ],
)
def test_the_place_of_a_case_is_opened(view, thorough, place):
    page = view(thorough, f"#{place}")
    assert page.page.locator(f"[id='{place}'] dl").is_visible()
    assert in_view(page, place)


@pytest.mark.parametrize(
    "place", ["chart-speed-up", "chart-mistakes", "all-cases", "self-test", "contender-rust_pyo3"]
)
def test_a_place_is_gone_to(view, thorough, place):
    page = view(thorough, f"#{place}")
    assert in_view(page, place)


def test_a_table_of_a_regime_is_opened(view, thorough):
    page = view(thorough)
    link = page.page.locator("figure.chart .links a[href^='#table-of-']").first
    place = link.get_attribute("href")[1:]
    assert not page.page.locator(f"[id='{place}'] table").first.is_visible()
    page.follow(link.click)
    assert page.page.locator(f"[id='{place}'] table").first.is_visible()
    assert in_view(page, place)


def test_every_place_that_is_linked_is_there(view, thorough):
    """A place is an element of the page, or a choice of the table's rows that has some."""
    page = view(thorough, "#variants=1")
    page.rows()
    dead = page.run(
        """() => [...new Set([...document.querySelectorAll("a[href^='#']")]
          .map((link) => link.getAttribute("href").slice(1)))]
          .filter((place) => !document.getElementById(decodeURIComponent(place))
            && !/^(regime|cases)=/.test(place))"""
    )
    assert dead == []


@pytest.mark.thorough("opens every case of the page")
def test_every_link_to_a_case_opens_it(view, thorough, data):
    page = view(thorough)
    closed = page.run(
        """async () => {
          const closed = [];
          const links = new Map([...document.querySelectorAll("a[href^='#case-']")]
            .map((link) => [link.getAttribute("href"), link]));
          for (const one of document.querySelectorAll("details.case")) {
            const href = `#${one.id}`;
            const changed = new Promise((done) =>
              addEventListener("hashchange", done, { once: true }));
            const link = links.get(href) ?? document.createElement("a");
            link.href = href;
            if (!link.isConnected) document.body.append(link);
            link.click();
            await changed;
            if (!one.open) closed.push(href);
            one.open = false;
          }
          return closed;
        }"""
    )
    assert closed == []
    assert len(data["cases"]) > 100


def test_a_case_leads_to_its_results(view, thorough, data):
    for name in ["pair/ascii-8", "declare/c-varargs_keywords1(x=item)"]:
        page = view(thorough, f"#case-{name}")
        page.page.check("[name=variants]")
        page.follow(
            page.run,
            "(id) => { const one = document.getElementById(id); one.open = true;"
            " one.querySelector('.links a').click(); }",
            f"case-{name}",
        )
        assert page.hash.startswith("cases=")
        assert {case for case, _ in page.names()} <= {name}
        assert page.page.locator("#count button").is_visible()


def test_back_and_forward_keep_page_and_address_together(view, thorough, data):
    page = view(thorough)
    everything = page.names()
    page.follow(page.page.click, ".card a[href='#regime=call']")
    chosen = page.names()
    assert {case.split("/")[0] for case, _ in chosen} == {"call"}
    case = page.page.locator(".card a[href^='#case-']").last
    place = case.get_attribute("href")[1:]
    page.follow(case.click)
    page.follow(page.page.click, ".card a[href='#regime=strings']")
    assert page.chosen("regime") == "strings"

    page.follow(page.page.go_back)
    assert page.hash == place
    assert page.page.locator(f"[id='{place}'] dl").is_visible()
    page.follow(page.page.go_back)
    assert page.hash == "regime=call"
    assert page.chosen("regime") == "call"
    assert page.names() == chosen
    page.follow(page.page.go_back)
    assert page.hash == ""
    assert page.chosen("regime") == ""
    assert page.names() == everything
    page.follow(page.page.go_forward)
    assert page.hash == "regime=call"
    assert page.names() == chosen


def test_a_choice_survives_a_visit_to_a_place(view, thorough):
    page = view(thorough)
    page.choose("regime", "pair")
    page.follow(page.page.click, "#cases tbody tr:first-child a")
    assert page.hash.startswith("case-")
    page.choose("verdict", "slower")
    assert set(page.hash.split("&")) == {"regime=pair", "verdict=slower"}


def test_ids_are_unique(view, thorough):
    page = view(thorough)
    twice = page.run(
        """() => {
          const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
          return ids.filter((id, place) => ids.indexOf(id) !== place);
        }"""
    )
    assert twice == []


def test_links_to_sources_leave_the_record(view, thorough):
    page = view(thorough)
    hrefs = page.run(
        "[...document.querySelectorAll('#definitions td a')].map((a) => a.getAttribute('href'))"
    )
    assert hrefs
    assert all((ROOT / href.removeprefix("../../")).is_dir() for href in hrefs)
