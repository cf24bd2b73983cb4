"""The part of the harness that runs inside the measured interpreter."""

import gc
import importlib
import inspect
import itertools
import json
import random
import re
import subprocess
import sys
import threading
from collections import Counter
from types import ModuleType, SimpleNamespace

import pytest

from .conftest import ROOT


@pytest.fixture(scope="module", autouse=True)
def _worker_can_be_imported():
    folder = str(ROOT / "bench" / "worker")
    sys.path.insert(0, folder)
    yield
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def modes():
    return importlib.import_module("ffi_bench_worker.modes")


@pytest.fixture(scope="module")
def entries():
    return importlib.import_module("ffi_bench_worker.entries")


@pytest.fixture(scope="module")
def shared_state():
    return importlib.import_module("ffi_bench_worker.shared_state")


@pytest.fixture
def entry(entries, monkeypatch):
    """Makes entries of a contender with the functions given."""

    def make(setup="", call="None", role="call", **functions):
        keys = {"floor": None, "each": None, "answer": "result", "gc": False, "calls": {}}
        case = {key: functions.pop(key, usual) for key, usual in keys.items()}
        contender = ModuleType("words_imagined")
        vars(contender).update(functions)
        monkeypatch.setitem(sys.modules, contender.__name__, contender)
        case |= {"name": "group/case", "params": {}, "seed": 1, "setup": setup, "call": call}
        plan = {"name": "imagined", "module": contender.__name__, "site": None}
        return entries.Entry({}, case, plan, role)

    return make


@pytest.fixture
def ask(tmp_path):
    """Sends a worker a request, and gives all that it says."""

    def make(**request):
        box = tmp_path / "box"
        box.write_bytes(bytes(512))
        worker = [sys.executable, ROOT / "bench" / "worker" / "main.py"]
        request = json.dumps({"box": str(box), **request})
        done = subprocess.run(
            worker, input=request, capture_output=True, encoding="utf-8", check=False
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return make


def test_a_request_is_answered(ask):
    said = ask(mode="present", modules=["json", "no_such_module"], distributions=[])
    assert said == [{"present": ["json"]}, {"end": None}]


CONTENDER = {"name": "a", "module": "a", "site": None, "may_change": [], "distributions": []}


@pytest.mark.parametrize(
    ("request_", "what"),
    [
        ({"mode": "present", "modules": []}, "missing 1 required positional .* 'distributions'"),
        ({"mode": "facts", "extra": 1}, "unexpected keyword argument 'extra'"),
        ({"mode": "artefacts", "contenders": [{**CONTENDER, "leg": 1}]}, "unknown field 'leg'"),
        ({"mode": "artefacts", "contenders": [{"name": "a"}]}, "lacks the field 'distributions'"),
        ({"mode": "block", "cases": [{}]}, "a case of the request lacks the field 'answer'"),
        ({"mode": "verify", "checks": [{}]}, "a check of the request lacks the field 'about'"),
    ],
)
def test_a_request_that_lacks_a_field_or_has_another_is_refused_by_its_name(ask, request_, what):
    (said,) = ask(**request_)
    assert re.search(what, said["fatal"]["reason"])
    assert said["fatal"]["proof"] is False


@pytest.mark.parametrize("number", range(1, 8))
def test_every_place_in_a_round_is_held_once_by_each(modes, number):
    entries = list(range(number))
    orders = modes.rotations(entries, random.Random(number))
    for _ in range(3):
        cycle = list(itertools.islice(orders, number))
        assert all(sorted(order) == entries for order in cycle)
        for place in range(number):
            assert sorted(order[place] for order in cycle) == entries
    assert entries == list(range(number))


def test_orders_are_shuffled_and_follow_from_the_seed(modes):
    def orders(seed):
        return list(itertools.islice(modes.rotations(list(range(6)), random.Random(seed)), 6))

    assert orders(1) == orders(1)
    assert orders(1) != orders(2)


def test_a_slice_makes_as_many_calls_as_it_says(entry):
    calls = []

    def work(x):
        calls.append(x)
        return len(calls)

    elapsed, answer = entry(setup="x = 5", call="work(x)", work=work).slice(7)
    assert calls == [5] * 7
    assert answer == 7
    assert elapsed > 0


def test_a_contender_may_be_called_in_a_way_of_its_own(entry):
    def made(calls, role="call"):
        functions = {"usual": lambda: 1, "own": lambda: 2, "again": lambda n: 3}
        made = entry(role=role, floor="again(n)", call="usual()", calls=calls, **functions)
        return made.slice(1)[1]

    assert made({"imagined": "own()"}) == 2
    assert made({"another": "own()"}) == 1
    assert made({"imagined": "own()"}, role="floor") == 3


def test_a_floor_makes_one_call_with_the_number_of_iterations(entry):
    calls = []
    made = entry(role="floor", floor="repeat('x', n)", repeat=lambda *given: calls.append(given))
    made.slice(7)
    assert calls == [("x", 7)]


def test_each_entry_is_timed_by_a_loop_of_its_own(entry):
    """CPython specialises code where it runs: a shared loop would be timed as others left it."""
    one, other = (entry(call="work()", work=lambda: None) for _ in range(2))
    loops = [inspect.getclosurevars(made.timed).nonlocals["function"] for made in (one, other)]
    codes = [loop.__code__ for loop in loops]
    assert codes[0] is not codes[1]
    # The loop looks nothing up: all names are its own.
    assert all(code.co_names == () for code in codes)


@pytest.mark.parametrize(
    ("setup", "call"),
    [
        ("words = [1, 2]", "[double(word) for word in words]"),
        ("words = [1, 2]", "list(map(lambda word: double(word), words))"),
    ],
)
def test_a_call_may_hold_functions_of_its_own(entry, setup, call):
    assert entry(setup, call, double=lambda x: 2 * x).slice(1)[1] == [2, 4]


@pytest.mark.parametrize("name", ["n", "iterations", "clock", "start", "answer", "timed", "x"])
def test_set_up_code_may_call_its_variables_what_it_likes(entry, name):
    made = entry(f"{name} = 20", f"double({name})", double=lambda x: 2 * x)
    assert made.slice(3)[1] == 40


def test_attributes_of_what_the_set_up_made_are_looked_up_in_the_loop(entry):
    made = entry(
        "state = contender.State(); size = 3",
        "state.grow(size)",
        State=lambda: SimpleNamespace(grow=lambda by: by + 1),
    )
    assert made.slice(2)[1] == 4


def test_the_answer_is_worked_out_after_the_clock_has_stopped(entry):
    made = entry("out = []", "fill(out)", answer="sorted(out)", fill=lambda out: out.extend("ba"))
    assert made.answer(made.slice(1)[1]) == ["a", "b"]


def test_what_each_call_gets_is_made_before_the_clock_starts(entry):
    made = []

    def fresh():
        made.append(len(made))
        return made[-1]

    functions = {"fresh": fresh, "seen": lambda item: (item, *made)}
    work = entry(each="contender.fresh()", call="seen(item)", **functions)
    assert work.slice(3)[1] == (2, 0, 1, 2)


def test_digests_tell_answers_apart(entries):
    answers = [0, 1, 1.0, "1", [1], (1,), None, True, "\ud800", "\udfff", [1, [2]], [1, 2]]
    assert set(Counter(map(entries.digest, answers)).values()) == {1}
    assert entries.digest([3, "x"]) == entries.digest([3, "x"])


@pytest.mark.parametrize("nanoseconds", [20, 3_000, 400_000, 90_000_000])
def test_a_slice_is_filled_from_what_one_call_takes(entries, nanoseconds):
    exact = SimpleNamespace(
        slice=lambda count: (count * nanoseconds, 7),
        answer=lambda result: result,
    )
    found = entries.fill_slice(exact, 500_000, entries.digest(7))
    assert found["ns"] == nanoseconds
    assert found["iterations"] == max(1, round(500_000 / nanoseconds))


def test_a_wrong_answer_while_a_slice_is_filled_is_an_error(entries):
    answers = itertools.count()
    made = SimpleNamespace(
        slice=lambda count: (count * 20, next(answers) // 5),
        answer=lambda result: result,
    )
    with pytest.raises(AssertionError, match="gave a wrong answer"):
        entries.fill_slice(made, 500_000, entries.digest(0))


def test_a_wrong_answer_while_timing_names_the_contender(modes, entry):
    made = entry(call="5")
    case = {"name": "group/case", "digest": modes.digest(6)}
    with pytest.raises(AssertionError, match=r"^imagined gave a wrong answer to group/case"):
        modes.check(made, case, 5, {})


class Tolerant:
    """A guard that finds nothing."""

    def check(self, who, may_change=()):
        pass


def test_a_slow_contender_takes_part_in_some_rounds_only(modes, monkeypatch):
    monkeypatch.setitem(sys.modules, "words_imagined", ModuleType("words_imagined"))
    common = {
        "module": "words_imagined",
        "site": None,
        "role": "call",
        "dose": 1.0,
        "iterations": 2,
        "warm": True,
        "may_change": [],
    }
    case = {
        "name": "group/case",
        "params": {},
        "seed": 1,
        "setup": "",
        "call": "1",
        "calls": {},
        "answer": "result",
        "each": None,
        "gc": False,
        "rounds": 12,
        "digest": modes.digest(1),
        "entries": [
            {**common, "name": "fast", "rounds": 12},
            {**common, "name": "slow", "rounds": 3},
        ],
    }
    slices, spent = modes.run_case({}, case, random.Random(1), Tolerant())
    assert [row[1] for row in slices if row[0] == 0] == list(range(12))
    assert [row[1] for row in slices if row[0] == 1] == [0, 4, 8]
    # Positions count those present.
    assert all(row[2] == 0 for row in slices if row[1] not in {0, 4, 8})
    # What an entry took includes its slices, and all that is around them.
    for number in range(2):
        assert spent[number] > sum(row[4] for row in slices if row[0] == number)


def test_a_dose_is_more_work_than_is_said(modes, monkeypatch):
    calls = []
    module = ModuleType("words_imagined")
    module.work = lambda: calls.append(1)
    monkeypatch.setitem(sys.modules, "words_imagined", module)
    plan = {
        "name": "dosed",
        "module": "words_imagined",
        "site": None,
        "role": "call",
        "may_change": [],
    }
    case = {
        "name": "group/case",
        "params": {},
        "seed": 1,
        "setup": "",
        "call": "work()",
        "calls": {},
        "answer": "result",
        "each": None,
        "gc": False,
        "rounds": 2,
        "digest": modes.digest(None),
        "entries": [{**plan, "iterations": 200, "rounds": 2, "warm": False, "dose": 1.03}],
    }
    slices, _ = modes.run_case({}, case, random.Random(1), Tolerant())
    assert [row[3] for row in slices] == [200, 200]
    assert len(calls) == 2 * 206


def test_a_contender_that_turns_the_collector_off_is_found_where_it_should_run(entry):
    made = entry(call="work()", gc=True, work=gc.disable)
    was_enabled = gc.isenabled()
    try:
        with pytest.raises(Exception, match="turned the garbage collector off"):
            made.slice(1)
        assert entry(call="work()", gc=True, work=gc.isenabled).slice(1)[1] is True
    finally:
        gc.enable() if was_enabled else gc.disable()


def test_a_guard_tells_what_was_changed_and_by_whom(shared_state):
    guard = shared_state.Guard()
    guard.check("somebody")
    interval = sys.getswitchinterval()
    try:
        sys.setswitchinterval(0.25)
        guard.check("somebody", may_change=["switch interval"])
        sys.setswitchinterval(0.5)
        with pytest.raises(shared_state.SharedStateError, match=r"somebody changed .* 0\.5"):
            guard.check("somebody")
        # Whoever comes next is not blamed for it.
        guard.check("somebody else")
    finally:
        sys.setswitchinterval(interval)


def test_a_guard_gives_a_thread_that_was_joined_time_to_go(shared_state):
    guard = shared_state.Guard()
    for _ in range(50):
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
        guard.check("somebody")


def test_an_artefact_is_all_files_of_a_package_but_the_compiled_ones(modes, tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    for name in ["__init__.py", "data.txt"]:
        (package / name).write_text(name)
    module = SimpleNamespace(__file__=str(package / "__init__.py"))
    before = modes.artefact(module)
    (package / "__init__.cpython-311.pyc").write_text("compiled")
    assert modes.artefact(module) == before
    (package / "data.txt").write_text("other")
    assert modes.artefact(module) != before


def test_long_values_are_shown_short_and_whole_ones_in_ascii(entries):
    assert entries.shown("é\x00") == r"'\xe9\x00'"
    long = entries.shown("x" * 1000)
    assert len(long) <= 210
    assert long.endswith("(1002 characters)")
