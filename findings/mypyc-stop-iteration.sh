#!/usr/bin/env bash
# mypyc (mypy 2.4.1): StopIteration that leaves a generator or a coroutine.
#
# One would guess: it becomes RuntimeError, as in Python since 3.7 (PEP 479), so that a `next` on an
#   empty iterator does not end a generator as if it were complete.
# What happens: the generator ends without a word, and what it still had to give is lost. A coroutine
#   hands the value of StopIteration to `await` as its result.
# Why: mypyc/irbuild/generator.py has nothing that catches StopIteration in the body, and raises one
#   itself to end the generator. The two look the same from outside.
# Seen: CPython 3.11.7 and 3.14.10, gcc 12.2 and 16, Linux x86-64.
#
# usage: mypyc-stop-iteration.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
from collections.abc import Iterator


def first_of_each(groups: list[list[int]]) -> Iterator[int]:
    for group in groups:
        yield next(iter(group))


async def first(group: list[int]) -> int:
    return next(iter(group))


def returns() -> Iterator[int]:
    raise StopIteration(42)
    yield 0


async def answer() -> int:
    return next(returns())
PY
cat >calls.py <<'PY'
import compiled

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"
import asyncio


def outcome(function):
    try:
        return function()
    except RuntimeError as error:
        return repr(error)


print(f"{how}, [[1], [2], [3]]: {outcome(lambda: list(compiled.first_of_each([[1], [2], [3]])))}")
print(f"{how}, [[1], [], [3]]: {outcome(lambda: list(compiled.first_of_each([[1], [], [3]])))}")
print(f"{how}, await first([]): {outcome(lambda: asyncio.run(compiled.first([])))}")
print(f"{how}, await answer(): {outcome(lambda: asyncio.run(compiled.answer()))}")
PY
env/bin/python calls.py >seen
env/bin/python -m mypyc --strict compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python calls.py >>seen
cat seen
diff seen - <<'TXT'
Python, [[1], [2], [3]]: [1, 2, 3]
Python, [[1], [], [3]]: RuntimeError('generator raised StopIteration')
Python, await first([]): RuntimeError('coroutine raised StopIteration')
Python, await answer(): RuntimeError('generator raised StopIteration')
mypyc, [[1], [2], [3]]: [1, 2, 3]
mypyc, [[1], [], [3]]: [1]
mypyc, await first([]): None
mypyc, await answer(): 42
TXT
if grep "^compiled.py:" said; then exit 1; fi
echo "as described: $(env/bin/python -c 'import platform, importlib.metadata as m; print("mypy", m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
