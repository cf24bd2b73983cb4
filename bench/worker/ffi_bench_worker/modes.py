"""What the worker does: one function for each mode that a request may name.

One process serves one request: a JSON object on standard input says what to do, JSON lines on
standard output say what came of it. The parameters of a function are the fields of its request.

    facts      what this interpreter is
    present    which modules it can find
    artefacts  what is installed as the contenders
    files      what is imported as one module
    inputs     the inputs of the cases that the native benchmarks share
    answers    the right answers to the generated inputs, from the reference, pickled
    verify     one contender against these answers, and its answer to each case
    calibrate  one contender alone: how many iterations fill a slice
    block      several contenders, slice by slice, in a shuffled and balanced order
    count      one contender under valgrind, which counts between the marks it sets
    allocate   what one call of one contender allocates
    outcome    what Python sees of one thing done with one contender
"""

import gc
import hashlib
import importlib.machinery
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
from importlib import metadata

from . import protocol
from .allocations import traced
from .entries import (
    Entry,
    clock,
    describe,
    digest,
    fill_slice,
    load_prelude,
    module_of,
    roles,
    shown,
)
from .protocol import announce, badge, say
from .shared_state import Guard, SharedStateError

# Slices that are not counted before instructions are, so that CPython has specialised the loop.
WARM_SLICES = 8


def import_contender(contender):
    """Imports a contender and says what was really imported."""
    announce(badge("", contender["name"]))
    module = module_of(contender)
    if contender["distributions"]:
        versions = {name: metadata.version(name) for name in contender["distributions"]}
        identity = hash_of_files(files_of_peer(contender))
        named = ", ".join(f"{name} {version}" for name, version in versions.items())
        say("imported", artefact=identity, build_info=versions, versions=named)
        return module
    info = module.build_info() if hasattr(module, "build_info") else {}
    info = {str(name): str(value) for name, value in info.items()}
    say("imported", artefact=artefact(module), build_info=info, versions=None)
    return module


def import_needed(cases):
    """Imports what cases need, before anybody can be blamed for the threads that it starts."""
    for case in cases:
        for name in case["needs"]:
            importlib.import_module(name)


def artefact(module):
    """A hash of all the files of a module."""
    return hash_of_files(files_of(module))


def files_of(module):
    where = os.path.realpath(module.__file__)
    if not os.path.basename(where).startswith("__init__."):
        return [where]
    return [
        os.path.join(parent, name)
        for parent, _, names in os.walk(os.path.dirname(where))
        for name in names
        if not name.endswith(".pyc")
    ]


def files_of_peer(contender):
    """What is imported of a peer: the files of its distributions, and the package of its adapter.

    The files themselves, because the list that pip keeps of them, with their hashes, stays as it is
    when one of them is changed. Not what pip notes about the installation, nor scripts: these hold
    paths of this environment.
    """
    adapters = find(contender["module"].partition(".")[0])
    paths = files_of(ModuleAt(adapters.origin))
    for name in contender["distributions"]:
        for file in metadata.files(name) or []:
            place = file.as_posix()
            noted = ".dist-info/" in place or place.startswith("..") or place.endswith(".pyc")
            if not noted:
                paths.append(os.path.realpath(file.locate()))
    return paths


def hash_of_files(paths):
    whole = hashlib.sha256()
    for path in sorted(paths):
        with open(path, "rb") as file:
            whole.update(hashlib.sha256(file.read()).digest())
    return whole.hexdigest()[:16]


# --------------------------------------------------------------------------- the interpreter


def facts():
    def score():
        start = clock()
        total = 0
        for i in range(100_000):
            total += i & 7
        return (clock() - start) / 100_000

    score()
    variables = sysconfig.get_config_vars()
    say(
        "facts",
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
        site_packages=os.path.realpath(sysconfig.get_path("platlib")),
        libc=" ".join(platform.libc_ver()),
        binaries=binaries(),
        loop_ns=min(score() for _ in range(20)),
    )


def binaries():
    """Hashes of the interpreter's own files and of the C library, as far as the system tells."""
    files = {"interpreter": {os.path.realpath(sys.executable)}, "libc": set()}
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            for line in maps:
                path = line.split(maxsplit=5)[-1].strip()
                name = os.path.basename(path)
                if re.match(r"libc[.-]", name):
                    files["libc"].add(path)
                elif name.startswith("libpython"):
                    files["interpreter"].add(path)
    except FileNotFoundError:
        pass
    return {name: hash_of_files(paths) for name, paths in files.items()}


def present(modules, distributions):
    """Which modules this interpreter can find, and which distributions are installed."""
    found = [name for name in modules if find(name)]
    say("present", found + [name for name in distributions if is_installed(name)])


def is_installed(distribution):
    try:
        return bool(metadata.version(distribution))
    except metadata.PackageNotFoundError:
        return False


def find(name, site=None):
    """Where a module is, or nothing; a package around it is imported."""
    if site:
        return importlib.machinery.PathFinder.find_spec(name, [site])
    try:
        return importlib.util.find_spec(name)
    except ImportError:
        return None


def artefacts(contenders):
    """What is installed as each contender."""
    found = {}
    for contender in contenders:
        spec = find(contender["module"], contender["site"])
        if spec is None or not spec.origin:
            continue
        if contender["distributions"]:
            if all(map(is_installed, contender["distributions"])):
                found[contender["name"]] = hash_of_files(files_of_peer(contender))
        else:
            found[contender["name"]] = hash_of_files(files_of(ModuleAt(spec.origin)))
    say("artefacts", found)


def files(module, site):
    """Where a module lies that is imported, and the hash of each of its files."""
    spec = find(module, site)
    if spec is None or not spec.origin:
        say("files", place=None, files={})
        return
    paths = files_of(ModuleAt(spec.origin))
    place = os.path.dirname(os.path.realpath(spec.origin))
    if len(paths) > 1 or os.path.basename(spec.origin).startswith("__init__."):
        place = os.path.dirname(place)
    hashes = {os.path.relpath(path, place): hash_of_file(path) for path in paths}
    say("files", place=os.path.realpath(spec.origin), files=hashes)


def hash_of_file(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:16]


class ModuleAt:
    def __init__(self, path):
        self.__file__ = path


# --------------------------------------------------------------------------- right answers


def inputs(prelude, contender, cases):
    """The named set-up variables of the cases that ask for it, and the parameters, as JSON."""
    prelude = load_prelude(prelude)
    exported = {}
    for case in cases:
        announce(badge(case["name"], contender["name"]))
        entry = Entry(prelude, case, contender)
        exported[case["name"]] = {name: entry.namespace[name] for name in case["criterion"]}
    say("inputs", exported)


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


def answers(prelude, contender, checks, answers):
    """Works out the right answers once, so that each contender need not wait for the reference."""
    prelude = load_prelude(prelude)
    module = module_of(contender)
    right = {}
    total = 0
    for check in checks:
        calls = compiled_calls(prelude, check, module)
        right[check["name"]] = rows = []
        for arguments in generated(prelude, check):
            rows.append((arguments, [call(*arguments) for call in calls]))
            total += 1
            if total % 500 == 0:
                say("done", total)
    with open(answers, "wb") as file:
        pickle.dump(right, file)
    say("answers", {name: len(rows) for name, rows in right.items()})


def verify(prelude, contender, cases, checks, answers, wrong_every):
    """Compares one contender with the right answers: first the generated inputs, then the cases."""
    prelude = load_prelude(prelude)
    module = import_contender(contender)
    with open(answers, "rb") as file:
        right = pickle.load(file)
    done = 0
    for check in checks:
        announce(badge(check["name"], contender["name"]))
        expected_error = check["raises"].get(contender["name"])
        wrong, first = 0, None
        calls = compiled_calls(prelude, check, module)
        for arguments, expected in right[check["name"]]:
            done += 1
            for call, text, answer in zip(calls, check["calls"], expected):
                try:
                    given = planted(wrong_every, done, call(*arguments))
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
            if done % 1000 == 0:
                say("done", done)
        inputs = len(right[check["name"]])
        say("check", check=check["name"], inputs=inputs, wrong=wrong, first=first)
    for case in cases:
        announce(badge(case["name"], contender["name"]))
        try:
            found = {}
            for role in roles(case):
                entry = Entry(prelude, case, contender, role)
                answer = entry.answer(entry.slice(1)[1])
                found[role] = {"digest": digest(answer), "text": shown(answer, 120)}
                if case["expect"]:
                    expected = entry.expected(case["expect"])
                    if digest(expected) != found[role]["digest"]:
                        text = found[role]["text"]
                        raise AssertionError(f"gives {text} instead of {shown(expected)}")
            say("answered", case=case["name"], answers=found, expected=bool(case["expect"]))
        except BaseException as error:
            say("failed", case=case["name"], error=describe(error))


def planted(every, number, given):
    """Falsifies the answer to one input in so many, if a number is given: does anybody notice?"""
    return ("planted", given) if every and number % every == every // 2 else given


# --------------------------------------------------------------------------- time


def calibrate(prelude, contender, cases, slice_ns):
    """How many iterations fill a slice, for one contender that has the process to itself."""
    prelude = load_prelude(prelude)
    import_needed(cases)
    guard = Guard()
    import_contender(contender)
    guard.check(contender["name"], contender["may_change"])
    gc.disable()
    guard = Guard()
    for case in cases:
        announce(badge(case["name"], contender["name"]))
        try:
            found, work = {}, None
            for role in roles(case):
                entry = Entry(prelude, case, contender, role)
                found[role] = fill_slice(entry, slice_ns, case["digest"])
            if case["work"]:
                work = eval(case["work"], entry.namespace)
        except BaseException as error:
            say("failed", case=case["name"], error=describe(error))
        else:
            # Only now: what cannot be trusted with the process is no measurement.
            guard.check(contender["name"], contender["may_change"])
            say("calibrated", case=case["name"], found=found, work=work)


def rotations(entries, rng):
    """Shuffled orders; over len(entries) rounds each entry holds each place once."""
    while True:
        base = entries[:]
        rng.shuffle(base)
        for shift in rng.sample(range(len(base)), len(base)):
            yield base[shift:] + base[:shift]


def block(prelude, cases, seed):
    """Every contender of every case, one slice each per round."""
    prelude = load_prelude(prelude)
    import_needed(cases)
    gc.collect()
    gc.disable()
    guard = Guard()
    rng = random.Random(seed)
    rng.shuffle(cases)
    for case in cases:
        slices, spent = run_case(prelude, case, rng, guard)
        say("timed", case=case["name"], slices=slices, spent=spent)
        gc.collect()


def run_case(prelude, case, rng, guard):
    """The slices of one case, and the nanoseconds that each entry took with all about it."""
    entries = []
    spent = [0] * len(case["entries"])

    def turn_of(number, plan, action):
        """One contender's turn at something: announced before, looked after, paid for."""
        began = time.monotonic_ns()
        outcome = action()
        guard.check(plan["name"], plan["may_change"])
        spent[number] += time.monotonic_ns() - began
        return outcome

    for number, plan in enumerate(case["entries"]):
        announce(badge(case["name"], plan["name"]))
        entry = turn_of(number, plan, lambda plan=plan: Entry(prelude, case, plan, plan["role"]))
        entry.number, entry.plan = number, plan
        entries.append(entry)
    for entry in entries:
        if entry.plan["warm"]:
            announce(entry.badge)
            turn_of(entry.number, entry.plan, lambda e=entry: e.slice(e.plan["iterations"]))
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
            announce(entry.badge)

            def timed_and_checked(entry=entry, iterations=iterations):
                # A dose makes a contender do more than it says, which the self-test must find.
                elapsed, result = entry.slice(round(iterations * entry.plan["dose"]))
                check(entry, case, result, known)
                return elapsed

            elapsed = turn_of(entry.number, entry.plan, timed_and_checked)
            slices.append([entry.number, turn, position, iterations, elapsed])
    # Whatever a contender does when its objects go is done in its own turn, too.
    known.clear()
    for entry in entries:
        announce(entry.badge)
        turn_of(entry.number, entry.plan, entry.forget)
    return slices, spent


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


# --------------------------------------------------------------------------- instructions


def count(prelude, contender, cases):
    """Runs n and then 2n iterations of each case between marks.

    The marks, and all that is done once per slice, are the same in both; the difference between
    the two is n iterations to the instruction.
    """
    prelude = load_prelude(prelude)
    module_of(contender)
    gc.disable()
    # What comes before the first mark is not looked at.
    os.getppid()
    marks = 1
    for case in cases:
        announce(badge(case["name"], contender["name"]))
        for role, iterations in case["iterations"].items():
            try:
                entry = Entry(prelude, case, contender, role)
                # Large numbers take more instructions than small ones, and time is a number.
                entry.clock = itertools.repeat(0).__next__
                for _ in range(WARM_SLICES):
                    entry.slice(iterations)
                gc.collect()
                os.getppid()
                entry.slice(iterations)
                os.getppid()
                entry.slice(2 * iterations)
                os.getppid()
            except BaseException as error:
                say("failed", case=case["name"], error=describe(error))
                raise
            # Segments are numbered by the mark that ends them, from 1.
            name = case["name"]
            say("counted", case=name, role=role, iterations=iterations, segment=marks + 2)
            marks += 3


# --------------------------------------------------------------------------- memory, outcomes


def allocate(prelude, contender, cases, trace):
    """What one call of each case allocates, at its peak and in what it returns."""
    prelude = load_prelude(prelude)
    module_of(contender)
    gc.disable()
    for case in cases:
        announce(badge(case["name"], contender["name"]))
        try:
            entry = Entry(prelude, case, contender)
            # What is allocated once and kept, such as a cached form of a string, is not the call's.
            entry.slice(2)
            gc.collect()
            # The loop around the call allocates, too, and so does what is prepared for it.
            nothing = {**case, "call": "None", "calls": {}}
            empty = Entry(prelude, nothing, contender)
            empty.slice(1)
            around = traced(lambda empty=empty: empty.slice(1), trace)
            found = traced(lambda entry=entry: entry.slice(1), trace)
            found = {name: max(0, found[name] - around[name]) for name in found}
            say("allocated", case=case["name"], allocations=found)
        except BaseException as error:
            say("failed", case=case["name"], error=describe(error))


def outcome(prelude, contender, name, setup, call, memory_mb):
    """Does one thing, and says what came of it: a value or an exception."""
    prelude = load_prelude(prelude)
    announce(badge(name, contender["name"]))
    module = module_of(contender)
    namespace = {**vars(module), **prelude, "contender": module}
    exec(compile(setup, "<set-up>", "exec"), namespace)
    call = compile(call, "<outcome>", "eval")
    if memory_mb is not None:
        allow_more(memory_mb * 1_000_000)
    try:
        value = eval(call, namespace)
    except BaseException as error:
        say("raised", describe(error))
    else:
        say("gave", shown(value))


def allow_more(bytes_more):
    """Limits the address space to what there is and so much more."""
    import resource

    with open("/proc/self/statm", encoding="utf-8") as statm:
        pages = int(statm.read().split()[0])
    limit = pages * resource.getpagesize() + bytes_more
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


MODES = {
    f.__name__: f
    for f in (
        facts,
        present,
        artefacts,
        files,
        inputs,
        answers,
        verify,
        calibrate,
        block,
        count,
        allocate,
        outcome,
    )
}


def main():
    protocol.start()
    request = json.loads(sys.stdin.read())
    protocol.open_box(request.pop("box"))
    try:
        mode = request.pop("mode")
        protocol.refuse_other_fields(mode, request)
        MODES[mode](**request)
    except BaseException as error:
        proof = isinstance(error, (AssertionError, SharedStateError))
        say("fatal", reason=describe(error), proof=proof)
        sys.exit(1)
    say("end")
