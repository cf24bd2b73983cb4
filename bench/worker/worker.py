"""Runs inside the interpreter that is measured, with the standard library and the study only.

One process serves one request: a JSON object on standard input says what to do, JSON lines on
standard output say what came of it. The modes are functions below, named as in the request:

    facts      what this interpreter is
    present    which modules it can find
    inputs     the inputs of the cases that the native benchmarks share
    answers    the right answers to the generated inputs, from the reference, pickled
    verify     one contender against these answers, and its answer to each case
    calibrate  one contender alone: how many iterations fill a slice
    block      all contenders, slice by slice, in a shuffled and balanced order

Time is read in here, around a loop; nothing that is timed touches the pipe.
"""

import gc
import hashlib
import importlib.util
import itertools
import json
import os
import pickle
import platform
import random
import re
import sys
import sysconfig
import time
import traceback
import types

clock = time.perf_counter_ns

# Contenders and applications may print. What they print goes to standard error, so that the
# lines of the protocol stay whole.
protocol = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
os.dup2(2, 1)


def say(**message):
    protocol.write(json.dumps(message) + "\n")
    protocol.flush()


# --------------------------------------------------------------------------- the study's code


def load_prelude(path):
    """The study's own helpers, as a namespace that set-up code starts from."""
    namespace = {"__name__": "prelude", "__file__": path}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), namespace)
    return namespace


def names_in(code):
    """The names that an expression looks up, in the functions inside it too."""
    inner = [names_in(c) for c in code.co_consts if isinstance(c, types.CodeType)]
    return list(dict.fromkeys(itertools.chain(code.co_names, *inner)))


class Entry:
    """One contender in one case, set up: its inputs, its call and the loop that times it."""

    def __init__(self, prelude, case, contender, leg="call"):
        self.leg = leg
        self.contender = contender["name"]
        self.gc = case["gc"]
        module = importlib.import_module(contender["module"])
        self.namespace = {
            **prelude,
            **case["params"],
            "seed": case["seed"],
            "contender": module,
        }
        exec(compile(case["setup"], f"<set-up of {case['name']}>", "exec"), self.namespace)
        self.answer_code = compile(case["answer"], f"<answer of {case['name']}>", "eval")
        self.timed = self._compile(case[leg], module, f"<{leg} of {case['name']}>")

    def _compile(self, expression, module, where):
        """A loop with a code object of its own, the names of the call bound as locals.

        CPython specialises each call site for what it has seen there. A loop shared by all
        contenders would be timed in the state in which another one left it.
        """
        # Only a floor has an `n` of its own; elsewhere it is a name like any other.
        own = ["n"] if self.leg == "floor" else []
        names = [n for n in names_in(compile(expression, where, "eval")) if n not in own]
        # A name is an attribute behind a dot, or something the set-up or the contender provides.
        bound = {n: self._look_up(n, module) for n in names if self._provides(n, module)}
        parameters = ", ".join(["_iterations", "_clock", *own, *bound])
        # A floor runs its n iterations on the native side: one call, whatever `iterations` holds.
        source = (
            f"def timed({parameters}):\n"
            f"    _answer = None\n"
            f"    _start = _clock()\n"
            f"    for _turn in _iterations:\n"
            f"        _answer = {expression}\n"
            f"    return _clock() - _start, _answer\n"
        )
        scope = {}
        exec(compile(source, where, "exec"), {"__builtins__": __builtins__}, scope)
        function, values = scope["timed"], tuple(bound.values())
        if self.leg == "floor":
            return lambda count: function(itertools.repeat(None, 1), clock, count, *values)
        return lambda count: function(itertools.repeat(None, count), clock, *values)

    def _provides(self, name, module):
        return name in self.namespace or hasattr(module, name)

    def _look_up(self, name, module):
        return self.namespace[name] if name in self.namespace else getattr(module, name)

    def slice(self, count):
        """Nanoseconds for `count` iterations, and the last answer."""
        if self.gc:
            gc.enable()
        try:
            return self.timed(count)
        finally:
            gc.disable()

    def answer(self, result):
        self.namespace["result"] = result
        return eval(self.answer_code, self.namespace)


def digest(answer):
    return hashlib.sha256(repr(answer).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def shown(value, width=200):
    text = ascii(value)
    return text if len(text) <= width else f"{text[: width - 20]}... ({len(text)} characters)"


def describe(error):
    lines = traceback.format_exception_only(type(error), error)
    return shown_text("".join(lines).strip())


def shown_text(text, width=500):
    return text if len(text) <= width else text[: width - 3] + "..."


def import_contender(contender):
    """Imports a contender and says what was really imported."""
    module = importlib.import_module(contender["module"])
    info = module.build_info() if hasattr(module, "build_info") else {}
    say(artefact=artefact(module), build_info=info)
    return module


def artefact(module):
    """A hash of all the files of a module."""
    where = os.path.realpath(module.__file__)
    paths = [where]
    if os.path.basename(where).startswith("__init__."):
        folder = os.path.dirname(where)
        paths = [
            os.path.join(parent, name)
            for parent, _, names in os.walk(folder)
            for name in names
            if not name.endswith(".pyc")
        ]
    whole = hashlib.sha256()
    for path in sorted(paths):
        with open(path, "rb") as file:
            whole.update(hashlib.sha256(file.read()).digest())
    return whole.hexdigest()[:16]


# --------------------------------------------------------------------------- modes


def facts(request):
    def score():
        start = clock()
        total = 0
        for i in range(100_000):
            total += i & 7
        return (clock() - start) / 100_000

    score()
    variables = sysconfig.get_config_vars()
    say(
        executable=os.path.realpath(sys.executable),
        implementation=platform.python_implementation(),
        version=platform.python_version(),
        compiler=platform.python_compiler(),
        cache_tag=sys.implementation.cache_tag,
        config_args=variables.get("CONFIG_ARGS") or "",
        opt=variables.get("OPT") or "",
        cflags=variables.get("PY_CFLAGS") or variables.get("CFLAGS") or "",
        c_compiler=variables.get("CC") or "",
        debug=bool(variables.get("Py_DEBUG")),
        gil_disabled=bool(variables.get("Py_GIL_DISABLED")),
        include=sysconfig.get_path("include"),
        headers=os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")),
        virtual_environment=sys.prefix != sys.base_prefix,
        libc=" ".join(platform.libc_ver()),
        loop_ns=min(score() for _ in range(20)),
    )


def present(request):
    """Which modules this interpreter can find."""
    say(present=[name for name in request["modules"] if importlib.util.find_spec(name)])


def inputs(request):
    """The named set-up variables of the cases that ask for it, and the parameters, as JSON."""
    prelude = load_prelude(request["prelude"])
    exported = {}
    for case in request["cases"]:
        entry = Entry(prelude, case, request["contender"])
        exported[case["name"]] = {name: entry.namespace[name] for name in case["criterion"]}
    say(inputs=exported)


def generated(prelude, check):
    """Yields the argument tuples that a check generates."""
    namespace = dict(prelude)
    yield from eval(check["inputs"], namespace, {"seed": check["seed"], "count": check["count"]})


def compiled_calls(prelude, check, module):
    """The check's calls as functions of its arguments."""
    scope = {**vars(module), **prelude, "contender": module}
    names = ", ".join(check["names"])
    return [
        eval(compile(f"lambda {names}: ({call})", "<check>", "eval"), scope)
        for call in check["calls"]
    ]


def answers(request):
    """Works out the right answers once, so that each contender need not wait for the reference."""
    prelude = load_prelude(request["prelude"])
    module = importlib.import_module(request["contender"]["module"])
    right = {}
    total = 0
    for check in request["checks"]:
        calls = compiled_calls(prelude, check, module)
        right[check["name"]] = rows = []
        for arguments in generated(prelude, check):
            rows.append((arguments, [call(*arguments) for call in calls]))
            total += 1
            if total % 500 == 0:
                say(done=total)
    with open(request["answers"], "wb") as file:
        pickle.dump(right, file)
    say(inputs={name: len(rows) for name, rows in right.items()})


def verify(request):
    """Compares one contender with the right answers: first the generated inputs, then the cases."""
    prelude = load_prelude(request["prelude"])
    module = import_contender(request["contender"])
    with open(request["answers"], "rb") as file:
        right = pickle.load(file)
    done = 0
    for check in request["checks"]:
        say(at=check["name"])
        expected_error = check["raises"].get(request["contender"]["name"])
        wrong, first = 0, None
        calls = compiled_calls(prelude, check, module)
        for arguments, expected in right[check["name"]]:
            for call, text, answer in zip(calls, check["calls"], expected):
                try:
                    given = call(*arguments)
                    problem = None if given == answer else f"gave {shown(given)}"
                except Exception as error:
                    given = None
                    problem = f"raised {describe(error)}"
                    if type(error).__name__ == expected_error:
                        continue
                if problem is not None:
                    wrong += 1
                    if first is None:
                        named = zip(check["names"], arguments)
                        at = ", ".join(f"{name} = {shown(value, 120)}" for name, value in named)
                        first = f"{text} {problem} instead of {shown(answer)} at {at}"
            done += 1
            if done % 1000 == 0:
                say(done=done)
        say(check=check["name"], inputs=len(right[check["name"]]), wrong=wrong, first=first)
    for case in request["cases"]:
        say(at=case["name"])
        try:
            found, texts = {}, {}
            for leg in legs(case):
                entry = Entry(prelude, case, request["contender"], leg)
                answer = entry.answer(entry.slice(1)[1])
                found[leg], texts[leg] = digest(answer), shown(answer, 120)
            say(case=case["name"], digest=found, answer=texts)
        except BaseException as error:
            say(case=case["name"], error=describe(error))


def legs(case):
    return ["call", "floor"] if case["floor"] else ["call"]


def calibrate(request):
    """How many iterations fill a slice, for one contender that has the process to itself."""
    prelude = load_prelude(request["prelude"])
    import_contender(request["contender"])
    gc.disable()
    for case in request["cases"]:
        say(at=case["name"])
        try:
            found = {}
            for leg in legs(case):
                entry = Entry(prelude, case, request["contender"], leg)
                found[leg] = fill_slice(entry, request["slice_ns"])
            say(case=case["name"], legs=found)
        except BaseException as error:
            say(case=case["name"], error=describe(error))


def fill_slice(entry, slice_ns):
    count = 1
    while True:
        elapsed = entry.slice(count)[0]
        if elapsed >= slice_ns / 2:
            break
        count *= 2
    if elapsed < 100 * slice_ns:
        # Once more, now that the code is warm; the shortest is the least disturbed.
        elapsed = min(elapsed, *(entry.slice(count)[0] for _ in range(3)))
    per_iteration = elapsed / count
    return {"iterations": max(1, round(slice_ns / per_iteration)), "ns": per_iteration}


def rotations(entries, rng):
    """Shuffled orders; over len(entries) rounds each entry holds each place once."""
    while True:
        base = entries[:]
        rng.shuffle(base)
        for shift in rng.sample(range(len(base)), len(base)):
            yield base[shift:] + base[:shift]


def block(request):
    """Every contender of every case, one slice each per round."""
    prelude = load_prelude(request["prelude"])
    rng = random.Random(request["seed"])
    gc.collect()
    gc.disable()
    cases = request["cases"][:]
    rng.shuffle(cases)
    for case in cases:
        say(at=case["name"])
        say(case=case["name"], slices=run_case(prelude, case, rng))
        gc.collect()


def run_case(prelude, case, rng):
    entries = []
    for number, plan in enumerate(case["entries"]):
        entry = Entry(prelude, case, plan, plan["leg"])
        entry.number, entry.plan = number, plan
        entries.append(entry)
    for entry in entries:
        if entry.plan["warm"]:
            entry.slice(entry.plan["iterations"])
    rounds = case["rounds"]
    # A slow contender takes part in some rounds only, spread evenly.
    turns = {
        e.number: {(k * rounds) // e.plan["rounds"] for k in range(e.plan["rounds"])}
        for e in entries
    }
    known = {}
    slices = []
    for turn, order in zip(range(rounds), rotations(entries, rng)):
        present = [entry for entry in order if turn in turns[entry.number]]
        for position, entry in enumerate(present):
            iterations = entry.plan["iterations"]
            elapsed, result = entry.slice(iterations)
            check(entry, case, result, known)
            slices.append([entry.number, turn, position, iterations, elapsed])
    return slices


def check(entry, case, result, known):
    """Raises when the last answer of a slice is not the right one."""
    answer = entry.answer(result)
    if "answer" in known and answer == known["answer"]:
        return
    if digest(answer) != case["digest"]:
        raise AssertionError(
            f"{entry.contender} gave a wrong answer to {case['name']} while it was timed: "
            f"{shown(answer)}"
        )
    known["answer"] = answer


MODES = {f.__name__: f for f in (facts, present, inputs, answers, verify, calibrate, block)}


def main():
    request = json.loads(sys.stdin.read())
    try:
        MODES[request["mode"]](request)
    except BaseException as error:
        say(fatal=describe(error), traceback=re.sub(r"\s+$", "", traceback.format_exc())[-4000:])
        sys.exit(1)
    say(end=True)


if __name__ == "__main__":
    main()
