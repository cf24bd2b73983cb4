"""What a study says of its regimes: who takes part in what, what is looked at once, and the tables
and charts that are made of it. What the tables say is worked out again from the raw slices."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from types import SimpleNamespace

import pytest

from .commands import STUDY, Workplace, record, rows, slices, table, tables

NONE = "\N{EN DASH}"
REGIMES = ["--study", "regimes.toml"]
ALL = [*REGIMES, "--profile", "all"]
CALLS = ["--filter", "^(call/noop|rare/)"]
BLOCKS = 4
# Student's t for 95 % and one degree of freedom less than there are blocks.
T = 3.182446305
# Iterations below which a floor is not subtracted.
AMORTISED = 20
TITLES = {
    "loop": "a loop",
    "split": "str.split",
    "ceremony": "with ceremony",
    "fumbling": "a first version",
    "threaded": "with a thread",
    "aborting": "aborts",
}
HAS_MALLOC_DEBUG = (
    subprocess.run(
        [sys.executable, "-c", "import ctypes; ctypes.CDLL('libc_malloc_debug.so.0')"],
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode
    == 0
)
LINUX = sys.platform == "linux"
with_malloc_debug = pytest.mark.skipif(
    not HAS_MALLOC_DEBUG, reason="there is no libc_malloc_debug.so.0"
)
with_valgrind = pytest.mark.skipif(not shutil.which("valgrind"), reason="there is no valgrind")


@pytest.fixture(scope="module")
def place(binary, python, home) -> Workplace:
    """The study in a folder of its own, so that its records are not the newest of others."""
    folder = home / "regimes"
    shutil.copytree(STUDY, folder)
    return Workplace(folder, binary, python, home)


@pytest.fixture(scope="module")
def usual(place) -> SimpleNamespace:
    """What the default profile does, and what it refuses to do."""
    outcome = SimpleNamespace(folder=place.folder / "results" / "usual")
    outcome.build = place.ffi_bench("build", *REGIMES)
    outcome.verify = place.ffi_bench("verify", *REGIMES)
    outcome.not_built = place.ffi_bench("run", *ALL, "--filter", "^call/noop$")
    outcome.not_verified = place.ffi_bench("run", *REGIMES, *CALLS)
    # A filter lets optional cases in; none has such a name.
    few = ["--filter", "^(call/noop|needs/)"]
    outcome.run = place.ffi_bench("run", *REGIMES, *few, "--record", outcome.folder)
    return outcome


@pytest.fixture(scope="module")
def measured(place, usual) -> SimpleNamespace:
    """Every verb once, with all that is optional."""
    folder = place.folder / "results" / "all"
    outcome = SimpleNamespace(
        folder=folder,
        build=place.ffi_bench("build", *ALL),
        verify=place.ffi_bench("verify", *ALL),
        run=place.ffi_bench("run", *ALL, "--record", folder),
        observe=place.ffi_bench("observe", *ALL, "--record", folder),
        report=place.ffi_bench("report", folder),
    )
    outcome.text = tables(folder)
    outcome.observed = record(folder)["observed"]
    return outcome


@pytest.fixture
def folder(measured, tmp_path):
    """A copy of the record, to be spoilt or added to."""
    return shutil.copytree(measured.folder, tmp_path / "record")


@pytest.fixture
def edited(binary, python, home, tmp_path) -> Workplace:
    """The study alone, to be edited and listed: `list` needs neither sources nor interpreter."""
    for name in ["regimes.toml", "prelude.py"]:
        shutil.copy(STUDY / name, tmp_path)
    return Workplace(tmp_path, binary, python, home)


# ------------------------------------------------------------------------ working it out again


class Raw:
    """The medians of the blocks, as anyone would compute them from the slices."""

    def __init__(self, folder):
        samples, self.fewest = {}, {}
        for row in slices(folder):
            key = row["case"], row["contender"], row["leg"]
            ns, iterations = int(row["nanoseconds"]), int(row["iterations"])
            samples.setdefault(key, {}).setdefault(int(row["block"]), []).append(ns / iterations)
            self.fewest[key] = min(iterations, self.fewest.get(key, iterations))
        self.least = {key: min(min(v) for v in blocks.values()) for key, blocks in samples.items()}
        self.medians = {
            key: [statistics.median(blocks[block]) for block in sorted(blocks)]
            for key, blocks in samples.items()
        }
        assert all(len(medians) == BLOCKS for medians in self.medians.values())

    def of(self, case, contender, leg="call"):
        return self.medians[case, contender, leg]

    def ratio(self, case, a, b):
        """Centre and ends of the interval of how many times as long `a` takes."""
        logs = [math.log(x / y) for x, y in zip(self.of(case, a), self.of(case, b))]
        return tuple(math.exp(value) for value in interval(logs))


@pytest.fixture(scope="module")
def raw(measured) -> Raw:
    return Raw(measured.folder)


def interval(values):
    centre = statistics.fmean(values)
    half = T * math.sqrt(statistics.variance(values) / len(values))
    return centre, centre - half, centre + half


def added(*terms):
    """Sums block by block of lists with their signs."""
    signs, lists = zip(*terms)
    return [sum(s * value for s, value in zip(signs, block)) for block in zip(*lists)]


def digits(value):
    size = abs(value)
    places = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2
    return f"{value:.{places}f}"


def in_unit(like):
    size = abs(like)
    if size < 999.5:
        return 1, "ns"
    return (1e3, "µs") if size < 999_500 else (1e6, "ms")


def time(ns):
    scale, unit = in_unit(ns)
    return f"{digits(ns / scale)} {unit}"


def difference(values):
    centre, low, high = interval(values)
    scale, unit = in_unit(centre)
    noise = " (not resolved)" if low <= 0 <= high else ""
    return f"{digits(centre / scale)} ±{digits((high - low) / 2 / scale)} {unit}{noise}"


def part(values):
    negative = " (negative)" if interval(values)[2] < 0 else ""
    return difference(values) + negative


def factor(value):
    return f"{value:.3f}" if value < 2 else digits(value)


def ratio(estimate):
    return "{} [{}, {}]".format(*map(factor, estimate))


def percent(fraction):
    text = digits(100 * fraction)
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def verdict(estimate):
    _, low, high = estimate
    if low > 0.98 and high < 1.02:
        return "same"
    return "different" if high < 0.98 or low > 1.02 else "unresolved"


def loop(raw):
    return raw.of("call/empty", "split")


# ------------------------------------------------------------------------------------- list


def test_list_has_the_regimes_in_the_order_of_the_catalogue(place):
    done = place.ffi_bench("list", *REGIMES)
    assert done.returncode == 0
    headings = [
        "Number and length (surface/): Texts of some words of some length.",
        "Calls (call/): What crossing costs with nothing behind it.",
        "Parts (part/): Work of a known amount.",
        "Seldom (rare/): What most profiles leave out.",
    ]
    found = [line for line in done.stdout.splitlines() if line in headings]
    assert found == headings
    before, after = done.stdout.split(headings[1])
    assert "surface/64-4000" in before
    assert "surface/" not in after
    assert "call/noop" in after


def test_list_marks_what_is_optional(place):
    lines = place.ffi_bench("list", *REGIMES).stdout.splitlines()
    optional = [line.split()[0] for line in lines if line.rstrip().endswith(" optional")]
    assert optional == ["aborting", "rare/hundred", "all"]


def test_list_leaves_out_the_heading_of_a_regime_without_cases(place):
    text = place.ffi_bench("list", *REGIMES, "--filter", "^call/").stdout
    assert "(call/)" in text
    assert "(surface/)" not in text


# ------------------------------------------------------------------- studies that do not fit

WRONG = {
    "no regime for a group": (
        'name = "own"\ntitle',
        'name = "others"\ntitle',
        "case own/answer: there is no regime 'own'",
    ),
    "naive of nobody": (
        'variant_of = "split"\n',
        "",
        "fumbling: `naive` needs `variant_of`",
    ),
    "unknown check": (
        'checks = ["nothing"]',
        'checks = ["everything"]',
        "threaded names 'everything', which is not a check",
    ),
    "bars without a table": (
        'table = "callbacks"\n',
        "",
        "chart differences: bars need `table`",
    ),
    "bars of times": (
        'table = "callbacks"\n',
        'table = "calls"\n',
        "chart differences: bars need `table`, a table of differences or of parts",
    ),
    "heat-map without y": (
        'y = "length"\ny_label',
        "y_label",
        "chart surface: a heat map needs `x` and `y`",
    ),
    "slopes without x": (
        'x = "steps"\n',
        "",
        "table lines: it needs `x`",
    ),
    "break-even without y": (
        'y = "length"\n\n',
        "\n",
        "table breaking even: it needs `x`, the parameter along which it is computed, and `y`",
    ),
    "no expect": (
        'expect = "6 * 7"\n',
        "",
        "case own/answer: the reference takes no part in it, so it needs `expect`",
    ),
    "except of nobody": (
        'except = ["ceremony"]',
        'except = ["anybody"]',
        "case whole/50 names 'anybody', which is not a contender",
    ),
    "nobody is left": (
        'contenders = ["ceremony"]\nexpect',
        'contenders = ["ceremony"]\nexcept = ["ceremony"]\nexpect',
        "case own/answer: no contender takes part in it",
    ),
    "outcome of nobody": (
        'contenders = ["split", "aborting"]',
        'contenders = ["split", "anybody"]',
        "outcome death names 'anybody', which is not a contender",
    ),
    "kind of table": ('kind = "break-even"', 'kind = "breakeven"', "unknown variant `breakeven`"),
    "key of a table": ('unit = "step"', 'units = "step"', "unknown field `units`"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_study_that_does_not_fit_together_is_refused_by_name(edited, wrong):
    old, new, message = WRONG[wrong]
    assert edited.ffi_bench("list", *REGIMES).returncode == 0
    edited.edit("regimes.toml", old, new)
    assert message in edited.refused("list", *REGIMES)


# ------------------------------------------------------------------------- who takes part


@pytest.mark.thorough("builds and counts optional contenders again")
def test_build_leaves_out_what_is_optional_unless_the_profile_has_it(usual, measured):
    assert usual.build.returncode == 0, usual.build
    assert "build threaded: " in usual.build.stderr
    assert "aborting" not in usual.build.stderr + usual.build.stdout
    assert measured.build.returncode == 0, measured.build
    assert "build threaded: already built" in measured.build.stderr
    assert re.search(r"build aborting: .* installed", measured.build.stderr)


def test_build_of_one_that_is_named_has_it_in_any_profile(place, measured):
    done = place.ffi_bench("build", *REGIMES, "--only", "aborting")
    assert "build aborting: already built" in done.stderr


def test_verify_leaves_out_what_is_rare_unless_the_profile_has_it(usual, measured):
    for verify in [usual.verify, measured.verify]:
        assert verify.returncode == 0, verify
        assert "left out: needs/missing, because the Python module no_such" in verify.stderr
    assert "aborting" not in usual.verify.stderr + usual.verify.stdout
    # The case that is optional, and the one of which the module is missing.
    assert "verify split: agrees on 45 inputs and 16 cases" in usual.verify.stderr
    assert "verify split: agrees on 45 inputs and 17 cases" in measured.verify.stderr
    assert "verify aborting: agrees on 45 inputs and 1 cases" in measured.verify.stderr


def test_a_run_of_what_the_verified_profile_left_out_is_refused(usual):
    assert usual.not_built.returncode == usual.not_verified.returncode == 2
    assert "aborting is not built" in usual.not_built.stderr
    message = usual.not_verified.stderr
    assert "was not verified in rare/hundred" in message
    assert "with the same --profile" in message


def test_a_usual_record_has_nothing_rare(usual):
    found = record(usual.folder)
    assert usual.run.returncode == 0, usual.run
    names = {"loop", "split", "ceremony", "fumbling", "threaded"}
    assert set(found["contenders"]) == names
    assert {row["contender"] for row in slices(usual.folder)} == names
    assert {row["case"] for row in slices(usual.folder)} == {"call/noop", "needs/there"}


def test_a_record_of_a_profile_with_the_rare_has_all(measured):
    assert measured.run.returncode == 0, measured.run
    assert set(record(measured.folder)["contenders"]) == set(TITLES)
    timed = {(row["case"], row["contender"]) for row in slices(measured.folder)}
    assert {("call/noop", "aborting"), ("rare/hundred", "split")} <= timed


def test_a_filter_and_only_let_in_what_is_rare(place, measured, tmp_path):
    named = tmp_path / "named"
    only = ["--only", "aborting"]
    done = place.ffi_bench("run", *REGIMES, *CALLS, *only, "--record", named)
    assert done.returncode == 0, done
    assert set(record(named)["contenders"]) == {"loop", "split", "aborting"}
    assert {row["case"] for row in slices(named)} == {"call/noop", "rare/hundred"}


@pytest.mark.thorough("builds and counts optional contenders again")
def test_what_was_named_is_shown_everywhere(place, measured, folder, tmp_path):
    def shown(folder, *options):
        assert place.ffi_bench("report", folder, *options).returncode == 0
        glance = place.ffi_bench("report", "--terminal", folder, *options)
        assert glance.returncode == 0, glance
        page = (folder / "report.html").read_text(encoding="utf-8")
        return {
            "glance": glance.stdout,
            "chart": texts(folder / "charts" / "usual.svg"),
            "tables": tables(folder).split("## In short")[1].split("\n## ")[0],
            "page": page.split('<div class="summary">')[1].split("</section>")[0],
        }

    named = tmp_path / "named"
    only = ["--only", "aborting"]
    done = place.ffi_bench("run", *REGIMES, *CALLS, *only, "--record", named)
    assert done.returncode == 0, done
    for place_of, found in shown(named).items():
        assert "aborts" in found, place_of
        assert place_of == "chart" or "rare/hundred" in found, place_of
    # It is still the record that things can be put into.
    for verb in ["observe", "count"]:
        done = place.ffi_bench(verb, *REGIMES, "--record", named)
        assert done.returncode == 0, done

    # A profile with optional ones names nobody; who looks at its record may.
    for place_of, found in shown(folder).items():
        assert "aborts" not in found, place_of
    for place_of, found in shown(folder, *only).items():
        assert "aborts" in found, place_of


def test_what_a_contender_has_no_function_for_is_not_asked_of_it(measured):
    of = {}
    for row in slices(measured.folder):
        of.setdefault(row["contender"], set()).add(row["case"])
    assert of["threaded"] == of["aborting"] == {"call/noop"}
    assert of["fumbling"] == {"call/noop", "surface/16-1", "surface/16-4000"}
    assert of["split"] >= {"call/empty", "each/pop", "whole/50", "memory/held"}
    contenders = record(measured.folder)["contenders"]
    verified = {name: found["verified_inputs"] for name, found in contenders.items()}
    assert verified == {**dict.fromkeys(TITLES, 45), "threaded": 5}
    assert record(measured.folder)["failures"] == []


def test_who_is_excepted_is_left_out(measured):
    of = {}
    for row in slices(measured.folder):
        of.setdefault(row["case"], set()).add(row["contender"])
    assert of["whole/50"] == of["whole/100"] == {"loop", "split"}
    # The reference is, too: the study says what is right.
    assert of["each/pop"] == {"split", "ceremony"}
    assert of["own/answer"] == {"ceremony"}


def test_a_check_that_a_contender_takes_from_now_on_must_be_verified(place, measured):
    spoilt = place.folder / "edited.toml"
    text = (place.folder / "regimes.toml").read_text()
    spoilt.write_text(text.replace('checks = ["nothing"]', 'checks = ["nothing", "texts"]'))
    run = ["run", "--study", "edited.toml", "--filter", "^call/noop$"]
    assert "is not verified as it is now" in place.refused(*run)


def test_what_needs_a_module_that_is_not_there_is_left_out_with_a_note(usual, measured):
    reason = "the Python module no_such_module_at_all is not installed"
    for done in [usual, measured]:
        assert done.run.returncode == 0
        assert f"left out: needs/missing, because {reason}" in done.run.stderr
        found = record(done.folder)
        assert found["left_out"] == {"needs/missing": reason}
        assert "needs/missing" not in [case["name"] for case in found["study"]["case"]]
    assert {row["case"] for row in slices(usual.folder)} >= {"needs/there"}


# -------------------------------------------------------------------------- right answers


def variant(place, name, *changes):
    """The study changed, under a name of its own; what is built for the one is for the other."""
    text = (place.folder / "regimes.toml").read_text()
    for old, new in [('name = "regimes"', f'name = "{name}"'), *changes]:
        assert old in text
        text = text.replace(old, new)
    (place.folder / f"{name}.toml").write_text(text)
    (built,) = place.folder.glob("target/ffi-bench/regimes-*/build.json")
    state = built.parent.with_name(built.parent.name.replace("regimes", name))
    state.mkdir()
    shutil.copy(built, state)
    return ["--study", f"{name}.toml"]


def test_each_iteration_gets_an_item_of_its_own(place, measured, tmp_path):
    """A list of one number can be popped once; many iterations are in a slice."""
    found = [row for row in slices(measured.folder) if row["case"] == "each/pop"]
    assert found
    assert all(int(row["iterations"]) > 100 for row in found)
    shared = variant(place, "shared", ('each = "[seed]"', 'setup = "item = [seed]"'))
    few = ["--filter", "^each/"]
    # One answer is right, and nothing is left for the second.
    assert place.ffi_bench("verify", *shared, *few).returncode == 0
    done = place.ffi_bench("run", *shared, *few, "--record", tmp_path / "record")
    assert done.returncode == 1
    messages = {f["contender"]: f["message"] for f in record(tmp_path / "record")["failures"]}
    assert set(messages) == {"split", "ceremony"}
    assert all("IndexError: pop from empty list" in text for text in messages.values())


def test_what_the_study_does_not_expect_is_wrong(place, measured):
    wrong = variant(place, "wrong", ('"6 * 7"', '"6 * 8"'), ('expect = "7"', 'expect = "8"'))
    done = place.ffi_bench("verify", *wrong, "--filter", "^(own|each)/")
    assert done.returncode == 1
    assert "own/answer: AssertionError: gives 42 instead of 48" in done.stdout
    assert "each/pop: AssertionError: gives 7 instead of 8" in done.stdout
    assert "verify split: FAILED 1 of 1 cases" in done.stderr
    assert "verify ceremony: FAILED 2 of 2 cases" in done.stderr


def test_where_the_reference_fails_everywhere_nobody_is_right(place, measured):
    """There is nothing to compare with, which is not the same as nothing to be said against."""
    setup = "text = text_of(seed, 100)"
    # The reference is the one without.
    only_some = f"{setup} if hasattr(contender, 'build_info') else no_such_name"
    lost = variant(place, "lost", (setup, only_some))
    done = place.ffi_bench("verify", *lost, "--filter", "^rare/")
    assert done.returncode == 1
    assert "verify loop: FAILED 1 of 1 cases" in done.stderr
    assert "verify split: FAILED 1 of 1 cases" in done.stderr
    assert "the reference has no answer to compare with" in done.stdout


# ------------------------------------------------------------------------------- tables


def test_a_table_of_times_has_those_that_are_not_rare(measured, raw):
    shown = rows(measured.text, "### Times of calls")
    assert list(shown["`call/noop`"]) == ["case", *list(TITLES.values())[:5]]
    for name in ["loop", "split", "ceremony", "fumbling", "threaded"]:
        geometric = statistics.geometric_mean(raw.of("call/noop", name))
        assert shown["`call/noop`"][TITLES[name]].startswith(f"{time(geometric)} ±")
    assert shown["`call/empty`"]["a loop"] == NONE
    assert "One call each." in measured.text


def test_a_list_has_what_is_above_the_loop(measured, raw):
    shown = table(measured.text, "### Calls above the loop")
    assert [row["case"] for row in shown] == ["`call/noop`"] * 2 + ["`part/200`"] * 2
    for row in shown:
        name = {"str.split": "split", "with ceremony": "ceremony"}[row["contender"]]
        own = raw.of(row["case"].strip("`"), name)
        assert row["above the loop"] == difference(added((1, own), (-1, loop(raw))))


def test_differences_are_those_of_the_same_blocks(measured, raw):
    shown = rows(measured.text, "### Differences of parts")
    assert set(shown) == {"a loop", "str.split", "with ceremony"}
    for name in ["loop", "split", "ceremony"]:
        row = shown[TITLES[name]]
        small, middle, large = (raw.of(f"part/{steps}", name) for steps in [50, 100, 200])
        hundred = added((1, large), (-1, middle))
        assert row["100 steps"] == difference(hundred)
        assert row["one step"] == difference([ns / 100 for ns in hundred])
        assert row["backwards"] == difference([-ns for ns in hundred])
        assert row["nothing"] == "0 ±0 ns (not resolved)"
        if name == "ceremony":
            assert row["of wholes"] == NONE
        else:
            whole = raw.of("whole/100", name)
            assert row["of wholes"] == difference(added((1, whole), (1, small), (-1, large)))


def test_a_whole_is_taken_apart(measured, raw):
    shown = table(measured.text, "### Wholes taken apart")
    wanted = [(f"`whole/{n}`", TITLES[name]) for n in [50, 100] for name in ["loop", "split"]]
    assert [(row["case"], row["contender"]) for row in shown] == wanted
    for row in shown:
        case, name = row["case"].strip("`"), {v: k for k, v in TITLES.items()}[row["contender"]]
        steps = case.partition("/")[2]
        assert raw.fewest[case, name, "floor"] >= AMORTISED
        whole, kernel = raw.of(case, name), raw.of(case, name, "floor")
        one = added((1, raw.of(f"part/{steps}", name)), (-1, loop(raw)))
        too_much = added((1, raw.of("part/50", name)), (-1, raw.of("part/200", name)))
        rest = added((1, whole), (-1, loop(raw)), (-1, one), (-1, too_much), (-1, kernel))
        share = interval([(w - k) / w for w, k in zip(whole, kernel)])
        assert row["call"] == time(statistics.fmean(whole))
        assert row["loop"] == part(loop(raw))
        assert row["one"] == part(one)
        assert row["too much"] == part(too_much)
        assert row["nothing"] == "0 ±0 ns (not resolved)"
        assert row["kernel"] == part(kernel)
        assert row["left over"] == part(rest)
        half = digits(50 * (share[2] - share[1]))
        assert row["binding"] == f"{percent(share[0])} ±{half}"


def test_the_parts_are_as_large_as_they_were_made(raw):
    """The least of all slices, which noise cannot lower; factors of two, twice as far off."""
    for name in ["loop", "split"]:
        whole, kernel = (raw.least["whole/100", name, leg] for leg in ["call", "floor"])
        assert 1.2 < whole / kernel < 3.5
        large, small = (raw.least[f"part/{steps}", name, "call"] for steps in [200, 50])
        assert 1.8 < large / small < 7


def test_a_slope_is_a_straight_line_through_the_times(measured, raw):
    shown = rows(measured.text, "### Parts by steps")
    assert list(shown) == ["a loop", "str.split", "with ceremony"]
    for name in ["loop", "split", "ceremony"]:
        times = {steps: raw.of(f"part/{steps}", name) for steps in [50, 100, 200]}
        fits = [fitted([(x, ns[block]) for x, ns in times.items()]) for block in range(BLOCKS)]
        start, slope = (list(values) for values in zip(*fits))
        centre, low, high = interval(slope)
        unresolved = " (not resolved)" if low <= 0 <= high else ""
        row = shown[TITLES[name]]
        assert row["at 0"] == difference(start)
        half = digits(500 * (high - low))
        assert row["per step"] == f"{digits(1000 * centre)} ±{half} ps{unresolved}"
        at = statistics.fmean(start)
        misfits = [abs((at + centre * x) / statistics.fmean(ns) - 1) for x, ns in times.items()]
        assert row["misfit"] == percent(max(misfits))


def fitted(points):
    """Least squares of relative deviations."""
    weights = [1 / (y * y) for _, y in points]
    mean_x = sum(w * x for w, (x, _) in zip(weights, points)) / sum(weights)
    mean_y = sum(w * y for w, (_, y) in zip(weights, points)) / sum(weights)
    pairs = [(w, x - mean_x, y - mean_y) for w, (x, y) in zip(weights, points)]
    slope = sum(w * x * y for w, x, y in pairs) / sum(w * x * x for w, x, _ in pairs)
    return mean_y - slope * mean_x, slope


def test_a_break_even_is_where_a_contender_stays_faster(measured, raw):
    shown = table(measured.text, "### Where ceremony pays")
    assert [(row["contender"], row["compared with"]) for row in shown] == [
        ("str.split", "faster than a loop"),
        ("with ceremony", "faster than a loop"),
        ("with ceremony", "same as str.split"),
        ("a first version", "faster than a loop"),
        ("a first version", "same as str.split"),
    ]
    names = {title: name for name, title in TITLES.items()}
    for row in shown:
        name, faster = names[row["contender"]], "faster" in row["compared with"]
        for length in [16, 64]:
            if name == "fumbling" and length == 64:
                assert row["length 64"] == NONE
                continue
            cases = [f"surface/{length}-{words}" for words in [1, 4000]]
            over = [raw.ratio(case, name, "loop" if faster else "split") for case in cases]
            first, last = (e[2] < 1 if faster else verdict(e) == "same" for e in over)
            never = f"not up to 4000 ({factor(over[1][0])} times)"
            wanted = ("from 1 on" if first else "between 1 and 4000") if last else never
            assert row[f"length {length}"] == wanted


def test_ceremony_pays_where_it_was_made_to(raw):
    """By the least of all slices, and with room for a factor of two."""
    for length in [16, 64]:
        at = {words: raw.least[f"surface/{length}-{words}", "loop", "call"] for words in [1, 4000]}
        own = {
            words: raw.least[f"surface/{length}-{words}", "ceremony", "call"] for words in [1, 4000]
        }
        assert own[1] > 2 * at[1]
        assert own[4000] < at[4000] / 2


def test_a_first_version_stands_beside_the_later_one(measured, raw):
    shown = table(measured.text, "### First and later versions")
    assert [row["case"] for row in shown] == ["`surface/16-1`", "`surface/16-4000`"]
    for row in shown:
        case = row["case"].strip("`")
        over = raw.ratio(case, "fumbling", "split")
        assert (row["first version"], row["tuned"]) == ("a first version", "str.split")
        assert row["first version over tuned"] == ratio(over)
        assert row["verdict"] == verdict(over)
        assert raw.least[case, "fumbling", "call"] > 4 * raw.least[case, "split", "call"]


def test_languages_and_bindings_are_told_apart(measured, raw):
    shown = table(measured.text, "### Kernels and bindings")
    assert list(shown[0]) == ["case", "kernel", "bare", "ceremony"]
    cases = [f"surface/{length}-{words}" for length in [16, 64] for words in [1, 4000]]
    assert [row["case"] for row in shown] == [f"`{case}`" for case in cases for _ in range(2)]
    for of_loop, of_split in zip(shown[::2], shown[1::2]):
        case = of_loop["case"].strip("`")
        assert (of_loop["kernel"], of_split["kernel"]) == ("loop", "split")
        for cell, name in [(of_loop["bare"], "loop"), (of_split["ceremony"], "ceremony")]:
            over = raw.ratio(case, name, "split")
            assert cell == f"{ratio(over)} {verdict(over)}"
        assert of_loop["ceremony"] == NONE
        assert of_split["bare"] == f"1 ({time(statistics.geometric_mean(raw.of(case, 'split')))})"


def test_a_table_of_nothing_is_not_there(measured):
    assert "Nothing of this is measured" not in measured.text
    assert "Instructions above the baseline" not in measured.text


@pytest.mark.thorough("counts under valgrind, which is slow")
@with_valgrind
def test_instructions_above_the_baseline_are_those_that_were_counted(place, folder, raw):
    few = ["--only", "split", "--filter", "^(call/noop|surface/16-1)$"]
    done = place.ffi_bench("count", *ALL, *few, "--record", folder)
    assert done.returncode == 0, done
    assert place.ffi_bench("report", folder).returncode == 0
    (row,) = table(tables(folder), "### Instructions above the baseline")
    found = record(folder)["counts"]["counted"]["rows"]
    total = {
        (case, name): sum(legs["call"].values())
        for case, of in found.items()
        for name, legs in of.items()
    }
    own, base = total["surface/16-1", "loop"], total["surface/16-1", "split"]
    call = total["call/noop", "loop"] - total["call/noop", "split"]
    assert row["contender"] == "a loop"
    assert row["str.split"] == (f"{base:.1f}" if base < 1000 else f"{base:.0f}")
    assert row["above it"] == signed(own - base)
    assert row["call"] == signed(call)
    assert row["left over"] == signed(own - base - call)
    assert row["ratio"] == factor(own / base)
    # One step for each of 16 characters.
    assert own > 2 * base
    over = raw.ratio("surface/16-1", "loop", "split")
    assert (row["ratio of times"], row["verdict"]) == (ratio(over), verdict(over))


def signed(count):
    return "0" if abs(count) < 0.05 else f"{count:+.1f}"


# ------------------------------------------------------------------------------ observing


def test_observe_prints_what_it_has_seen(measured):
    assert measured.observe.returncode == 0, measured.observe
    lines = measured.observe.stdout.splitlines()
    assert not any(line.startswith("|") for line in lines)
    headings = next(line for line in lines if line.startswith("contender"))
    found = {line.split()[0]: line for line in lines if line.split()[0] in TITLES}
    assert set(found) == set(TITLES)
    for name, line in found.items():
        seen = [of[name] for of in measured.observed["outcomes"].values() if name in of]
        ended = sum("death" in one for one in seen)
        exceptions = sum("exception" in one for one in seen)
        assert line.split()[-2:] == [str(exceptions), str(ended)], f"{headings}\n{line}"


def test_every_import_is_kept(measured):
    imports = measured.observed["imports"]
    assert set(imports) == set(TITLES)
    kinds = [False, True] if LINUX else [False]
    for samples in imports.values():
        found = sorted((sample["round"], sample["cold"]) for sample in samples)
        assert found == [(turn, cold) for turn in range(10) for cold in kinds]
        assert all(sample["ns"] > 0 for sample in samples)
        assert all(sample["modules"] >= 1 for sample in samples)
    # It imports another one.
    assert all(sample["modules"] == 2 for sample in imports["fumbling"])


def test_who_prints_at_its_import_is_looked_at_like_others(measured):
    assert "fumbling says hello" in (STUDY / "fumbling" / "words_fumbling.py").read_text()
    assert len(measured.observed["imports"]["fumbling"]) >= 10
    assert "not observed: the import" not in measured.observe.stderr


@pytest.mark.skipif(not LINUX, reason="only Linux tells the threads of a process")
def test_threads_that_an_import_starts_are_counted(measured):
    imports = measured.observed["imports"]
    for name, samples in imports.items():
        wanted = 1 if name == "threaded" else 0
        assert {sample["threads"] for sample in samples} == {wanted}, name
    shown = rows(measured.text, "### What imports cost")
    assert shown["with a thread"]["threads"] == "1"
    assert shown["a loop"]["threads"] == "0"


def test_the_table_of_imports_is_that_of_the_samples(measured):
    shown = rows(measured.text, "### What imports cost")
    for name, samples in measured.observed["imports"].items():
        row = shown[TITLES[name]]
        for column, cold in [("import, warm", False), ("import, cold", True)]:
            times = [sample["ns"] for sample in samples if sample["cold"] == cold]
            mean = time(statistics.geometric_mean(times)) if times else NONE
            assert row[column].startswith(mean)
        warm = [sample["resident_kb"] for sample in samples if not sample["cold"]]
        if LINUX:
            assert row["resident memory"] == f"{digits(1.024 * statistics.median(warm))} kB"


@with_malloc_debug
def test_allocations_of_a_known_size_are_found(measured):
    found = measured.observed["allocations"]
    assert set(found) == {"memory/held", "memory/passing", "memory/given"}
    for name in ["loop", "split"]:
        held, passing, given = (found[f"memory/{k}"][name] for k in ["held", "passing", "given"])
        # The object and a little room at its end come on top.
        assert 100_000 < held["held"] < 100_200
        assert 100_000 < held["peak"] < 101_000
        assert 1 <= held["count"] < 10
        # All but the number is gone.
        assert passing["held"] < 100
        assert 200_000 < passing["peak"] < 201_000
        # What the call is given was there before.
        assert given["peak"] < 1000
        assert given["held"] < 100


@with_malloc_debug
def test_the_table_of_memory_has_them_by_case_and_by_unit(measured):
    section = measured.text.split("### Memory of calls\n")[1]
    lines = [line for line in section.split("\n#")[0].splitlines() if line.startswith("|")]
    heading, _, *body = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert heading[:6] == [
        "contender",
        "`memory/held`: allocations",
        "at most",
        "held by the result",
        "per byte",
        "`memory/passing`: allocations",
    ]
    assert [row[0] for row in body] == ["a loop", "str.split"]
    for row, name in zip(body, ["loop", "split"]):
        wanted = []
        for case in ["memory/held", "memory/passing", "memory/given"]:
            found = measured.observed["allocations"][case][name]
            wanted += [str(found["count"]), size(found["peak"]), size(found["held"])]
            if case == "memory/held":
                wanted.append(f"{digits(found['held'] / 100_000)} B")
        assert row[1:] == wanted


def size(count):
    return f"{count} B" if count < 1000 else f"{digits(count / 1000)} kB"


def test_an_outcome_is_a_value_an_exception_or_a_death(measured):
    seen = measured.observed["outcomes"]
    assert seen["value"] == {name: {"value": "3"} for name in ["loop", "split", "aborting"]}
    assert set(seen["exception"]) == {"loop", "split"}
    assert seen["exception"]["loop"]["exception"].startswith("TypeError: ")
    assert seen["exception"]["split"]["exception"].startswith("AttributeError: ")
    assert seen["death"] == {
        "split": {"value": "1000"},
        "aborting": {"death": "killed by signal 6 (abort)"},
    }
    # All but the optional ones, where nobody is named.
    assert set(seen["of all"]) == set(TITLES) - {"aborting"}


@pytest.mark.skipif(not LINUX, reason="address space is limited on Linux only")
def test_memory_runs_out_where_the_study_wants_it_to(measured):
    seen = measured.observed["outcomes"]
    assert seen["too little memory"] == {"split": {"exception": "MemoryError"}}
    assert seen["enough memory"] == {"split": {"value": "200000000"}}


def test_outcomes_that_are_alike_stand_in_one_row(measured):
    shown = table(measured.text, "### What Python sees")
    of = {(row["what is done"], row["with"]): row["what Python sees"] for row in shown}
    assert of["Three words", "a loop; str.split; aborts"] == "`3`"
    died = of["More words than it bears", "aborts"]
    assert died == "**the process ends: killed by signal 6 (abort)**"
    assert of["The words of no text", "a loop"].startswith("raises `TypeError: ")


def test_a_record_that_is_not_finished_is_not_added_to(place, folder):
    unfinished = {**record(folder), "finished": None}
    (folder / "record.json").write_text(json.dumps(unfinished))
    error = place.refused("observe", *ALL, "--record", folder)
    assert "is not finished" in error
    assert "run --resume" in error
    assert record(folder) == unfinished


@pytest.fixture(scope="module")
def again(place, python, measured, tmp_path_factory) -> SimpleNamespace:
    """Some of it observed once more, by an interpreter that finds no library to trace malloc: the
    real one, behind a script."""
    scratch = tmp_path_factory.mktemp("again")
    script = scratch / "python"
    script.write_text(
        f'#!/bin/sh\ncase "$*" in *libc_malloc_debug*) exit 1;; esac\nexec "{python}" "$@"\n'
    )
    script.chmod(0o755)
    other = replace(place, python=script)
    # What is built belongs to the path of an interpreter.
    states = place.folder / "target" / "ffi-bench"
    (own,) = states.glob("regimes-*")
    assert "is not built" in other.refused("verify", *ALL)
    (state,) = set(states.glob("regimes-*")) - {own}
    for name in ["build.json", "verify.json"]:
        shutil.copy(own / name, state)
    folder = shutil.copytree(measured.folder, scratch / "record")
    done = other.ffi_bench("observe", *ALL, "--only", "split", "--record", folder)
    shutil.rmtree(state)
    return SimpleNamespace(folder=folder, done=done)


def test_observing_again_keeps_what_others_were_seen_to_do(measured, again):
    assert again.done.returncode == 0, again.done
    before, after = measured.observed, record(again.folder)["observed"]
    assert after["imports"]["threaded"] == before["imports"]["threaded"]
    assert after["imports"]["split"] != before["imports"]["split"]
    assert len(after["imports"]["split"]) == len(before["imports"]["split"])
    assert after["outcomes"] == before["outcomes"]
    assert after["allocations"] == before["allocations"]
    assert slices(again.folder) == slices(measured.folder)


def test_without_the_library_that_traces_malloc_a_note_says_what_it_takes(again):
    note = "it takes Linux and libc_malloc_debug.so.0"
    assert f"not observed: what calls allocate: {note}" in again.done.stderr
    (kept,) = record(again.folder)["observed"]["notes"]
    assert note in kept


@with_malloc_debug
def test_with_the_library_there_is_nothing_to_note(measured):
    assert measured.observed["notes"] == []


# ------------------------------------------------------------------------------- reports


def texts(path):
    """All the words of a picture."""
    root = ElementTree.parse(path).getroot()
    assert root.tag.endswith("svg")
    return ["".join(e.itertext()) for e in root.iter() if e.tag.endswith("text")]


def test_a_heat_map_has_a_map_for_each_contender_and_its_factors(measured, raw):
    found = texts(measured.folder / "charts" / "surface.svg")
    for title in ["str.split", "with ceremony", "a first version"]:
        assert title in found
    assert "a loop" not in found
    assert found.count("words") == 3
    assert "characters in each" in found
    for length in [16, 64]:
        for words in [1, 4000]:
            faster = 1 / raw.ratio(f"surface/{length}-{words}", "ceremony", "loop")[0]
            shown = f"{faster:.{0 if faster >= 9.95 else 1 if faster >= 0.995 else 2}f}"
            assert shown in found or f"{shown} =" in found
    # What the first version has no function for.
    assert found.count(NONE) == 2


def test_bars_are_those_of_the_table(measured, raw):
    found = texts(measured.folder / "charts" / "differences.svg")
    for text in ["100 steps", "one step", "of wholes", *list(TITLES.values())[:3]]:
        assert text in found
    found = texts(measured.folder / "charts" / "parts.svg")
    for text in ["whole/50", "whole/100", "too much", "kernel", "left over"]:
        assert text in found
    assert "with ceremony" not in found


def test_what_is_rare_is_in_a_chart_that_names_it(measured):
    assert "aborts" in texts(measured.folder / "charts" / "rare.svg")
    usual = texts(measured.folder / "charts" / "usual.svg")
    assert "with a thread" in usual
    assert "aborts" not in usual
    effort = texts(measured.folder / "charts" / "effort.svg")
    assert "with a thread" in effort
    assert "aborts" not in effort


def test_a_table_is_put_into_a_document_by_its_name(place, measured, tmp_path):
    document = place.folder / "document.md"
    marks = "<!-- ffi-bench: {} -->\nold\n<!-- ffi-bench: end -->\n"
    document.write_text("Before.\n" + marks.format("breaking even") + marks.format("of nothing"))
    splice = ["report", "results/all", "--splice", "document.md"]
    assert place.ffi_bench(*splice).returncode == 0
    text = document.read_text()
    section = measured.text.split("### Where ceremony pays\n\n")[1].split("\n#")[0].strip()
    command = "ffi-bench report results/all --splice document.md"
    assert f"<!-- ffi-bench: breaking even, made by `{command}` -->\n{section}\n<!--" in text
    assert "-->\nNothing of this is in the record.\n<!--" in text
    assert text.startswith("Before.\n")
    assert "old" not in text
    assert place.ffi_bench(*splice).returncode == 0
    assert document.read_text() == text


def test_a_document_without_a_place_is_refused(place, measured):
    document = place.folder / "placeless.md"
    document.write_text("<!-- ffi-bench: unheard of -->\n<!-- ffi-bench: end -->\n")
    assert "has no line" in place.refused("report", "results/all", "--splice", document)


def test_a_record_that_nobody_has_looked_into_still_reports(place, measured, folder):
    found = record(folder)
    for key in ["observed", "left_out"]:
        del found[key]
    (folder / "record.json").write_text(json.dumps(found))
    assert place.ffi_bench("report", folder).returncode == 0
    text = tables(folder)
    for title in ["What imports cost", "Memory of calls", "What Python sees"]:
        assert f"### {title}" in measured.text or not HAS_MALLOC_DEBUG
        assert f"### {title}" not in text
    assert table(text, "### Where ceremony pays") == table(measured.text, "### Where ceremony pays")


def test_the_same_record_gives_the_same_bytes(place, measured, folder):
    def drawn():
        paths = [folder / "tables.md", *sorted((folder / "charts").iterdir())]
        return {path.name: path.read_bytes() for path in paths}

    before = drawn()
    assert set(before) >= {"surface.svg", "differences.svg", "parts.svg", "tables.md"}
    for path in [folder / "tables.md", *(folder / "charts").iterdir()]:
        os.remove(path)
    assert place.ffi_bench("report", folder).returncode == 0
    assert drawn() == before
