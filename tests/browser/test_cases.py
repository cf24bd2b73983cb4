"""The table of every case: sorted, filtered, and compared with another contender."""

import pytest

from .pages import NONE, WORDS, figures, in_order, rows

pytestmark = pytest.mark.usefixtures("browser")

COLUMNS = ["case", "contender", "time", "floor", "crossing", "ratio", "verdict"]


def keys(found):
    return [row.key for row in found]


def test_it_begins_with_the_contenders_in_the_order_of_the_study(view, thorough, data):
    page = view(thorough)
    shown = [(row[0], row[1]) for row in page.rows(whole=False)]
    expected = keys(rows(data, variants=False))
    assert 0 < len(shown) < len(expected)
    assert shown == expected[: len(shown)]
    assert page.names() == expected
    assert str(len(expected)) in page.page.inner_text("#count")


def test_variants_are_rows_when_asked_for(view, thorough, data):
    page = view(thorough)
    page.page.check("[name=variants]")
    assert page.names() == keys(rows(data))
    assert any(row.variant for row in rows(data))


def test_each_column_sorts_up_and_down(view, thorough, data):
    page = view(thorough, "#search=ascii&variants=1")
    found = [row for row in rows(data) if "ascii" in f"{row.case} {row.about}".lower()]
    assert page.names() == keys(found)
    for column in COLUMNS:
        button = page.page.locator(f"#cases th button[data-key={column}]")
        head = button.locator("..")
        assert head.get_attribute("aria-sort") is None
        for down, said in [(False, "ascending"), (True, "descending")]:
            button.click()
            assert page.names() == in_order(found, column, down), column
            assert head.get_attribute("aria-sort") == said
            assert page.page.locator("#cases th[aria-sort]").count() == 1


def test_all_rows_are_sorted_and_not_only_those_shown(view, thorough, data):
    page = view(thorough)
    page.page.click("#cases th button[data-key=crossing]")
    expected = in_order(rows(data, variants=False), "crossing", down=False)
    shown = [(row[0], row[1]) for row in page.rows(whole=False)]
    assert shown == expected[: len(shown)]
    assert page.names() == expected


def test_sorting_keeps_to_what_is_filtered(view, thorough, data):
    page = view(thorough)
    page.choose("regime", "pair")
    page.page.click("#cases th button[data-key=time]")
    found = [row for row in rows(data, variants=False) if row.case.startswith("pair/")]
    assert page.names() == in_order(found, "time", down=False)


def test_each_regime_has_its_rows(view, thorough, data):
    page = view(thorough)
    regimes = list(dict.fromkeys(case["name"].split("/")[0] for case in data["cases"]))
    offered = page.run("[...document.querySelector('[name=regime]').options].map((o) => o.value)")
    assert offered == ["", *regimes]
    for regime in regimes:
        page.choose("regime", regime)
        expected = [row for row in rows(data, variants=False) if row.case.split("/")[0] == regime]
        assert page.names() == keys(expected)


def test_each_verdict_has_its_rows(view, thorough, data):
    page = view(thorough)
    for verdict in ["same", "faster", "slower", "unresolved"]:
        page.choose("verdict", verdict)
        expected = [row for row in rows(data, variants=False) if row.verdict == verdict]
        assert expected
        assert page.names() == keys(expected)
        assert {row[-1] for row in page.rows()} == {WORDS[verdict]}


def test_a_contender_has_its_rows_even_where_it_is_a_variant(view, thorough, data):
    page = view(thorough)
    for name in ["rust_pyo3", "c_ext/abi3"]:
        page.choose("contender", name)
        assert page.names() == keys(row for row in rows(data) if row.name == name)


def test_a_search_finds_all_of_its_words(view, thorough, data):
    page = view(thorough)
    search = page.page.locator("[name=search]")
    search.fill("PYO3 ascii-8")
    expected = [
        row
        for row in rows(data, variants=False)
        if "ascii-8" in f"{row.case} {row.about}".lower() and "pyo3" in row.name
    ]
    assert expected
    assert page.names() == keys(expected)
    search.fill("of nobody at all")
    assert page.names() == []
    assert page.page.inner_text("#count").startswith("0 of 0")
    search.fill("")
    assert page.names() == keys(rows(data, variants=False))


def test_filters_hold_together(view, thorough, data):
    page = view(thorough)
    page.choose("reference", "rust_pyo3")
    page.choose("regime", "strings")
    page.choose("verdict", "slower")
    page.page.fill("[name=search]", "cffi")
    expected = [
        row
        for row in rows(data, "rust_pyo3", variants=False)
        if row.case.startswith("strings/") and row.verdict == "slower" and "cffi" in row.name
    ]
    assert expected
    assert page.names() == keys(expected)


def test_every_row_has_its_figures(view, thorough, data):
    page = view(thorough, "#variants=1")
    for shown, row in zip(page.rows(), rows(data), strict=True):
        assert row.time, "a row that failed, in a record without failures"
        _, _, time, floor, crossing, ratio, verdict = shown
        assert bool(time)
        assert bool(floor) == bool(row.floor)
        assert bool(crossing) == bool(row.crossing)
        assert verdict == WORDS[row.verdict]
        if row.ratio:
            assert figures(ratio) == pytest.approx(row.ratio[:3], rel=0.006)
        else:
            assert ratio == ("1" if row.place == data["baseline"] else NONE)


def test_another_reference_turns_the_ratios_over(view, thorough, data):
    page = view(thorough)
    page.choose("regime", "pair")
    before = {(row[0], row[1]): row for row in page.rows()}
    page.choose("reference", "pure_python")
    after = {(row[0], row[1]): row for row in page.rows()}
    assert after.keys() == before.keys()

    # The figures themselves hold how many times as long pure Python takes as C.
    (case,) = [case for case in data["cases"] if case["name"] == "pair/ascii-8"]
    assert [data["contenders"][place]["name"] for place in (0, 2)] == ["pure_python", "c_ext"]
    (stored,) = [figure for a, b, figure in case["ratios"] if (a, b) == (0, 2)]
    centre, low, high, _ = stored
    assert figures(before["pair/ascii-8", "pure Python"][5]) == pytest.approx(
        [centre, low, high], rel=0.006
    )
    # 1/57.6 has two digits behind the zeros.
    assert figures(after["pair/ascii-8", "C extension"][5]) == pytest.approx(
        [1 / centre, 1 / high, 1 / low], abs=0.0006
    )
    assert after["pair/ascii-8", "pure Python"][5] == "1"
    assert before["pair/ascii-8", "C extension"][5] == "1"
    assert before["pair/ascii-8", "pure Python"][6] == WORDS["slower"]
    assert after["pair/ascii-8", "C extension"][6] == WORDS["faster"]
    heading = page.page.inner_text("#cases th:nth-child(6)")
    assert "pure Python" in heading
    # Times are what they are, whatever they are compared with.
    assert {key: row[2:5] for key, row in after.items()} == {
        key: row[2:5] for key, row in before.items()
    }


def test_verdicts_follow_the_reference(view, thorough, data):
    page = view(thorough, "#variants=1")
    for reference in ["pure_python", "rust_cffi", "c_ext/abi3"]:
        page.choose("reference", reference)
        shown = page.rows()
        expected = rows(data, reference)
        assert [(row[0], row[1]) for row in shown] == keys(expected)
        assert [row[6] for row in shown] == [WORDS[row.verdict] for row in expected]


def test_the_cases_of_a_chart_are_chosen_by_its_link(view, thorough, data):
    page = view(thorough)
    link = page.page.locator("#chart-callbacks .links a, #chart-tuning .links a").filter(
        has_text="cases"
    )
    page.follow(link.first.click)
    names = {row[0] for row in page.rows()}
    known = {case["name"] for case in data["cases"]}
    assert 1 < len(names) < len(known)
    assert names <= known
    page.page.click("#count button")
    assert page.names() == keys(rows(data, variants=False))


def test_a_row_leads_to_its_case_and_to_its_contender(view, thorough):
    page = view(thorough)
    page.follow(page.page.click, "#cases tbody tr:nth-child(3) td:nth-child(1) a")
    name = page.rows(whole=False)[2][0]
    assert page.hash == f"case-{name}"
    assert page.page.locator(f"[id='case-{name}'] dl").is_visible()
    page.follow(page.page.click, "#cases tbody tr:nth-child(3) td:nth-child(2) a")
    assert page.run("document.querySelector(':target').tagName") == "TR"


def test_a_case_that_a_table_names_leads_to_its_definition(view, thorough):
    page = view(thorough)
    page.open_all()
    strays = page.run(
        """() => {
          const known = new Set([...document.querySelectorAll("details.case")].map((c) => c.id));
          return [...document.querySelectorAll("#answer code, #regimes code, #method table code")]
            .filter((code) => known.has(`case-${code.textContent}`))
            .filter((code) => {
              const place = decodeURIComponent(code.parentElement.hash ?? "");
              return place !== `#case-${code.textContent}`;
            })
            .map((code) => code.textContent);
        }"""
    )
    assert strays == []
    assert page.page.locator("#answer thead a").count() > 3
