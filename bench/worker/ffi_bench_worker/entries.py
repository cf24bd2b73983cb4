"""One contender in one case: its set-up, its call, and the loop that times it.

Time is read in here, around a loop; nothing that is timed touches the pipe.
"""

import gc
import hashlib
import importlib
import itertools
import os
import sys
import time
import traceback
import types

from .protocol import badge
from .shared_state import SharedStateError

clock = time.perf_counter_ns


def load_prelude(path):
    """The study's own helpers, as a namespace that set-up code starts from."""
    namespace = {"__name__": "prelude", "__file__": path}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), namespace)
    return namespace


# The modules that were imported from sites, by contender.
from_sites = {}


def module_of(contender):
    """What a contender is to Python.

    One with a site, a folder that it is installed into alone, is imported from there and taken out
    of the table of modules again: another version may have the same name.
    """
    site = contender["site"]
    if not site:
        return importlib.import_module(contender["module"])
    if contender["name"] not in from_sites:
        before = set(sys.modules)
        sys.path.insert(0, site)
        try:
            module = importlib.import_module(contender["module"])
        finally:
            sys.path.remove(site)
            importlib.invalidate_caches()
            for name in sys.modules.keys() - before:
                file = getattr(sys.modules[name], "__file__", None)
                if file and file.startswith(site + os.sep):
                    del sys.modules[name]
        if contender["module"] in sys.modules:
            raise ImportError(f"{contender['module']} was imported from elsewhere, not from {site}")
        from_sites[contender["name"]] = module
    return from_sites[contender["name"]]


def names_in(code):
    """The names that an expression looks up, in the functions inside it too."""
    inner = [names_in(c) for c in code.co_consts if isinstance(c, types.CodeType)]
    return list(dict.fromkeys(itertools.chain(code.co_names, *inner)))


class Entry:
    """One contender in one case, set up: its inputs, its call and the loop that times it."""

    def __init__(self, prelude, case, contender, role="call"):
        self.is_floor = role == "floor"
        self.contender = contender["name"]
        self.gc = case["gc"]
        self.clock = clock
        module = module_of(contender)
        self.namespace = {
            **prelude,
            **case["params"],
            "seed": case["seed"],
            "contender": module,
        }
        exec(compile(case["setup"], f"<set-up of {case['name']}>", "exec"), self.namespace)
        self.answer_code = compile(case["answer"], f"<answer of {case['name']}>", "eval")
        # A floor is one crossing, so it has nothing to prepare for each iteration.
        each = None if self.is_floor else case["each"]
        self.each_code = compile(each, f"<each of {case['name']}>", "eval") if each else None
        # What is called in another way by a contender is the case's call all the same.
        own = None if self.is_floor else case["calls"].get(self.contender)
        what = "floor" if self.is_floor else "call"
        self.timed = self._compile(own or case[what], module, f"<{what} of {case['name']}>")
        self.badge = badge(case["name"], self.contender)

    def _compile(self, expression, module, where):
        """A loop with a code object of its own, the names of the call bound as locals.

        CPython specialises each call site for what it has seen there. A loop shared by all
        contenders would be timed in the state in which another one left it.
        """
        # Only a floor has an `n` of its own, and only a call for which something is prepared an
        # `item`; elsewhere they are names like any other.
        own = ["n"] if self.is_floor else []
        turn = "item" if self.each_code else "_turn"
        names = [n for n in names_in(compile(expression, where, "eval")) if n not in [*own, turn]]
        # A name is an attribute behind a dot, or something the set-up or the contender provides.
        bound = {n: self._look_up(n, module) for n in names if self._provides(n, module)}
        parameters = ", ".join(["_iterations", "_clock", *own, *bound])
        # A floor runs its n iterations on the native side: one call, whatever `iterations` holds.
        source = (
            f"def timed({parameters}):\n"
            f"    _answer = None\n"
            f"    _start = _clock()\n"
            f"    for {turn} in _iterations:\n"
            f"        _answer = {expression}\n"
            f"    return _clock() - _start, _answer\n"
        )
        scope = {}
        exec(compile(source, where, "exec"), {"__builtins__": __builtins__}, scope)
        function, values = scope["timed"], tuple(bound.values())
        if self.is_floor:
            return lambda count: function(itertools.repeat(None, 1), self.clock, count, *values)
        if self.each_code:
            return lambda count: function(self._prepared(count), self.clock, *values)
        return lambda count: function(itertools.repeat(None, count), self.clock, *values)

    def _prepared(self, count):
        """What the iterations are handed, made before the clock starts and kept until it stops."""
        return [eval(self.each_code, self.namespace) for _ in range(count)]

    def _provides(self, name, module):
        return name in self.namespace or hasattr(module, name)

    def _look_up(self, name, module):
        return self.namespace[name] if name in self.namespace else getattr(module, name)

    def slice(self, count):
        """Nanoseconds for `count` iterations, and the last answer."""
        if not self.gc:
            return self.timed(count)
        gc.enable()
        try:
            outcome = self.timed(count)
            if not gc.isenabled():
                raise SharedStateError(f"{self.contender} turned the garbage collector off")
        finally:
            gc.disable()
        return outcome

    def forget(self):
        """Lets go of what the set-up made."""
        self.timed = None
        self.namespace.clear()

    def expected(self, expression):
        """The answer that the study expects."""
        return eval(expression, self.namespace)

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


def roles(case):
    """What a contender does in a case: the call, and the floor where there is one."""
    return ["call", "floor"] if case["floor"] else ["call"]


def fill_slice(entry, slice_ns, right):
    """How many iterations fill a slice, and what one takes; `right` is the answer's digest."""

    def timed(count):
        elapsed, result = entry.slice(count)
        answer = entry.answer(result)
        if digest(answer) != right:
            raise AssertionError(f"gave a wrong answer while it was timed: {shown(answer)}")
        return elapsed

    count = 1
    while True:
        elapsed = timed(count)
        if elapsed >= slice_ns / 2:
            break
        count *= 2
    if elapsed < 100 * slice_ns:
        # Once more, now that the code is warm; the shortest is the least disturbed.
        elapsed = min(elapsed, *(timed(count) for _ in range(3)))
    per_iteration = elapsed / count
    return {"iterations": max(1, round(slice_ns / per_iteration)), "ns": per_iteration}
