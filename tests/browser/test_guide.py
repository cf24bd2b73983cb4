"""The guide: its advice follows what one has, and what it says is the record's and true."""

import re

import pytest

from .pages import View, figures

pytestmark = pytest.mark.usefixtures("browser")

WORK = 1e6  # nanoseconds: what the guide begins with


@pytest.fixture(scope="module")
def guide(data):
    return data["guide"]


@pytest.fixture(scope="module")
def candidates(guide):
    return {candidate["title"]: candidate for candidate in guide["candidates"]}


@pytest.fixture(scope="module")
def opened(browser, thorough):
    view = View(browser.new_context())
    view.open(thorough)
    yield view
    view.context.close()


@pytest.fixture
def page(opened):
    """The page as it begins, as to the guide."""
    opened.run(
        """() => {
          document.getElementById("guide-form").reset();
          const form = document.getElementById("guide-form").elements;
          const usual = { work: "1000000", rate: "1000", data: "strings" };
          for (const [name, value] of Object.entries(usual)) form[name].value = value;
          for (const one of form) one.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    yield opened
    assert opened.complaints == []
    assert opened.requests == []


def versions(candidate):
    """The versions of Python that the wheel serves, such as 3.11, whatever their third number."""
    return {re.sub(r"^(\S+ \d+\.\d+).*", r"\1", name) for name in candidate["serves"]}


def takes(candidate, crossing, work, gain=None):
    """What a call would take by the record, in nanoseconds."""
    if candidate["speed"] is None:
        return work
    cost = crossing["costs"].get(candidate["name"])
    return cost and work / (gain or candidate["speed"][0]) + cost[0]


def crossing_of(guide, name):
    (found,) = [crossing for crossing in guide["data"] if crossing["name"] == name]
    return found


def nanoseconds(text):
    number, unit = re.match(r"(-?[\d.]+) (ns|µs|ms|s)\b", text).groups()
    return float(number) * {"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9}[unit]


def test_it_begins_with_advice(page, candidates):
    assert page.advised() in candidates
    assert page.page.locator("#advice tr.chosen").count() == 1
    assert page.ways().keys() == candidates.keys()


@pytest.mark.parametrize("kind", ["number", "strings", "list", "callbacks"])
@pytest.mark.parametrize("work", [1e3, 1e6, 1e9])
def test_its_table_is_worked_out_from_the_record(page, guide, candidates, kind, work):
    page.choose("data", kind)
    page.choose("work", f"{work:.0f}")
    crossing = crossing_of(guide, kind)
    for title, way in page.ways().items():
        expected = takes(candidates[title], crossing, work)
        if expected is None:
            assert "not measured" in way["note"]
            assert "out" in way["class"]
        else:
            assert nanoseconds(way["a call would take"]) == pytest.approx(expected, rel=0.006)
            assert float(way["times as fast"].replace(",", "")) == pytest.approx(
                work / expected, rel=0.006, abs=0.006
            )


def test_the_fastest_stands_first(page):
    times = [float(way["times as fast"].replace(",", "")) for way in page.ways().values()]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("rate", ["1", "1000"])
def test_100_nanoseconds_of_work_stay_in_python(page, rate):
    page.choose("work", "100")
    page.choose("rate", rate)
    assert page.advised() == "Stay in pure Python"


def test_rare_calls_stay_in_python_and_frequent_ones_leave(page):
    page.choose("rate", "1")
    assert page.advised() == "Stay in pure Python"
    page.choose("rate", "10000")
    assert "pure Python" not in page.advised()


def test_users_with_only_python_get_python(page, candidates):
    page.choose("work", "1000000000")
    page.choose("builds", "nothing")
    assert page.advised() == "Stay in pure Python"
    for title, way in page.ways().items():
        tools = candidates[title]["tools"]
        assert ("out" in way["class"]) == bool(tools)
        assert all(tool in way["note"] for tool in tools)


def test_users_with_a_compiler_get_nothing_that_takes_more(page, candidates):
    page.choose("builds", "compiler")
    assert candidates[page.advised()]["tools"] == ["cc"]
    for title, way in page.ways().items():
        assert ("out" in way["class"]) == ("cargo" in candidates[title]["tools"])


def test_many_versions_get_a_wheel_that_serves_many(page, candidates):
    page.choose("installs", "many")
    needed = {"CPython 3.11", "CPython 3.12", "CPython 3.13"}
    assert page.chosen("lowest") == "3.11"
    assert versions(candidates[page.advised()]) >= needed
    for title, way in page.ways().items():
        assert ("out" in way["class"]) == (not versions(candidates[title]) >= needed), title


def test_a_wheel_that_starts_too_late_is_not_advised(page, candidates):
    """The stable-ABI wheels of the record start at the Python that they were built with."""
    page.choose("installs", "many")
    page.choose("lowest", "3.10")
    assert "CPython 3.10" in versions(candidates[page.advised()])
    ways = page.ways()
    for title, candidate in candidates.items():
        if "CPython 3.10" not in versions(candidate):
            assert "does not serve Python 3.10" in ways[title]["note"]
    assert "does not serve Python 3.10" in ways["Rust, PyO3, stable ABI"]["note"]


@pytest.mark.parametrize("text", ["1 ms", "1000 µs", "1000us", "1000000", "0.001 s"])
def test_work_is_typed_with_a_unit(page, text):
    before = page.advice()
    page.choose("work", "3 ms")
    assert page.advice() != before
    page.choose("work", text)
    assert page.advice() == before


@pytest.mark.parametrize("text", ["", "soon", "-1 ms", "5 minutes", "0"])
def test_work_that_is_no_time_is_asked_for_again(page, text):
    page.choose("work", text)
    assert "Type a time such as" in page.advice()
    assert page.page.locator("#advice h3").count() == 0


def test_what_is_not_measured_is_named_beside_the_advice(page, guide, candidates):
    named = set()
    for kind in guide["data"]:
        page.choose("data", kind["name"])
        costs = kind["costs"]
        missing = [t for t, c in candidates.items() if c["speed"] and c["name"] not in costs]
        named |= set(missing)
        sentence = re.search(r"Not measured here: .*", page.advice())
        assert bool(sentence) == bool(missing), kind["name"]
        assert all(title in sentence[0] for title in missing)
    assert named


def test_the_second_best_says_when_it_is_better(page, candidates):
    said = re.search(r"Second best: (.*?), about .* a call\. (.*)", page.advice())
    second, words = candidates[said[1]], said[2]
    first = candidates[page.advised()]
    for key, text in [
        ("silent", "pass silently"),
        ("glue", "less glue"),
        ("build", "builds faster"),
    ]:
        assert (text in words) == (second[key] < first[key])
    assert f"With {first['title']} a call takes about" in page.advice()


def test_more_work_is_worth_leaving_for(page):
    page.choose("rate", "1000000")
    page.choose("data", "list")
    advice = []
    for work in ["100", "1000", "10000", "100000", "1000000"]:
        page.choose("work", work)
        advice.append(page.advised())
    assert advice[0] == "Stay in pure Python"
    assert "pure Python" not in advice[-1]
    stays = [one == "Stay in pure Python" for one in advice]
    assert stays == sorted(stays, reverse=True)


def test_code_that_gains_nothing_stays_in_python(page, candidates):
    page.choose("gain", "1")
    assert page.advised() == "Stay in pure Python"
    # It is not the crossing that keeps it there.
    assert "costs more than the work" not in page.advice()


@pytest.mark.parametrize("gain", [3, 10])
def test_a_smaller_gain_is_reckoned_with(page, guide, candidates, gain):
    before = page.advice()
    page.choose("gain", str(gain))
    assert page.advice() != before
    crossing = crossing_of(guide, page.chosen("data"))
    for title, way in page.ways().items():
        expected = takes(candidates[title], crossing, WORK, gain)
        assert float(way["times as fast"]) == pytest.approx(WORK / expected, rel=0.006)


def test_what_crosses_is_reckoned_with(page):
    page.choose("work", "10000")
    advice = {}
    for kind in ["number", "list", "callbacks"]:
        page.choose("data", kind)
        advice[kind] = page.advice()
    assert len(set(advice.values())) == 3


@pytest.mark.parametrize(
    ("prefer", "value"),
    [
        ("time", None),
        ("silent", lambda c: c["silent"]),
        ("glue", lambda c: c["glue"]),
        ("build", lambda c: c["build"]),
    ],
)
def test_among_equals_the_preferred_one_is_advised(page, guide, candidates, prefer, value):
    # At this rate the ways of the stable ABI are as good as equally fast.
    page.choose("rate", "1000")
    page.choose("work", "100000")
    page.choose("prefer", prefer)
    crossing = crossing_of(guide, page.chosen("data"))
    native = {
        title: takes(candidate, crossing, 1e5)
        for title, candidate in candidates.items()
        if candidate["speed"]
    }
    fastest = min(native.values())
    equal = [
        title
        for title, time in native.items()
        if time <= fastest * 1.1 or (time - fastest) * 1000 / 1e9 < 0.01
    ]
    assert len(equal) > 2
    if value is None:
        # Times whose intervals overlap are a tie, and ties go to less effort.
        def ends(title):
            candidate = candidates[title]
            cost, speed = crossing["costs"][candidate["name"]], candidate["speed"]
            return 1e5 / speed[2] + cost[1], 1e5 / speed[1] + cost[2]

        high = ends(min(native, key=native.get))[1]
        tied = [title for title in equal if ends(title)[0] <= high]
        assert page.advised() in tied
        assert candidates[page.advised()]["glue"] == min(candidates[t]["glue"] for t in tied)
    else:
        assert value(candidates[page.advised()]) == min(value(candidates[title]) for title in equal)
    others = [title for title in equal if title != page.advised()]
    assert all(title in page.advice() for title in others)


def test_the_evidence_is_the_records(page, guide, candidates):
    chosen = candidates[page.advised()]
    crossing = crossing_of(guide, page.chosen("data"))
    items = page.page.locator("#advice ul > li").all_inner_texts()
    assert len(items) == 5, items
    speed, cost, wheel, build, mistakes = items
    assert figures(speed)[:3] == pytest.approx(chosen["speed"], rel=0.006)
    assert all(case in speed for case in guide["speed"])
    least, most, _ = chosen["spread"]
    assert least <= chosen["speed"][0] <= most
    assert nanoseconds(cost.split(" takes ")[1]) == pytest.approx(
        crossing["costs"][chosen["name"]][0], rel=0.006
    )
    assert all(case in cost for case in crossing["cases"])
    assert f"{len(chosen['serves'])} of {len(guide['interpreters'])}" in wheel
    assert f"{chosen['build']:.1f} s" in build
    assert f"{chosen['glue']} lines" in build
    assert f"{chosen['mistakes']} common mistakes, {chosen['silent']} can" in mistakes
    assert f"{chosen['crashes']} can crash" in mistakes
    links = page.run("[...document.querySelectorAll('#advice li a')].map((a) => a.hash.slice(1))")
    assert len(links) >= 5
    for link in links:
        assert page.run("(id) => document.getElementById(decodeURIComponent(id)) !== null", link)


# What it says for each of many choices: the heading, the first sentence, the rows.
SWEEP = """() => {
  const form = document.getElementById("guide-form").elements;
  const said = [];
  const values = (name) => [...form[name].options].map((option) => option.value);
  for (const data of ["number", "list"])
    for (const work of [100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9])
      for (const rate of ["10", "1000", "100000"])
        for (const gain of values("gain"))
          for (const builds of values("builds")) {
            Object.entries({ data, work, rate, gain, builds })
              .forEach(([name, value]) => { form[name].value = value; });
            form.work.dispatchEvent(new Event("input", { bubbles: true }));
            const advice = document.getElementById("advice");
            const rows = [...advice.querySelectorAll("tbody tr")];
            said.push({
              data, rate: Number(rate), work: Number(work), gain, builds,
              heading: advice.querySelector("h3")?.textContent ?? "",
              text: advice.innerText,
              out: rows.filter((row) => row.classList.contains("out"))
                .map((row) => row.cells[0].textContent),
            });
          }
  return said;
}"""


@pytest.fixture(scope="module")
def sweep(browser, thorough):
    page = browser.new_page()
    page.goto(thorough.as_uri())
    yield page.evaluate(SWEEP)
    page.close()


def test_it_says_nothing_that_is_no_word(sweep):
    assert len(sweep) > 500
    assert [one for one in sweep if not one["heading"]] == []
    found = [re.search(r".{0,30}\b(undefined|NaN|null|Infinity)\b", one["text"]) for one in sweep]
    assert [match[0] for match in found if match] == []


def test_it_advises_nothing_that_would_not_be_noticed(sweep):
    """Work that keeps a processor busy for less than a hundredth of its time stays as it is."""
    left = [
        one
        for one in sweep
        if one["work"] * one["rate"] / 1e9 < 0.01 and one["heading"] != "Stay in pure Python"
    ]
    assert left == []


def test_it_advises_nothing_that_is_slower(sweep, guide, candidates):
    for one in sweep:
        if one["heading"].startswith("Stay"):
            continue
        gain = None if one["gain"] == "here" else float(one["gain"])
        crossing = crossing_of(guide, one["data"])
        assert takes(candidates[one["heading"]], crossing, one["work"], gain) < one["work"], one


def test_it_blames_the_crossing_only_where_it_costs_more_than_the_work(sweep, guide, candidates):
    """What would be as fast or faster does not stay in Python for its crossing."""
    untrue = []
    for one in sweep:
        if "costs more than the work" not in one["text"]:
            continue
        crossing = crossing_of(guide, one["data"])
        allowed = [candidates[title] for title in candidates if title not in one["out"]]
        costs = [crossing["costs"].get(candidate["name"]) for candidate in allowed]
        if min(cost[0] for cost in costs if cost) < one["work"]:
            untrue.append({key: one[key] for key in ["data", "work", "rate", "gain", "builds"]})
    assert untrue == []
