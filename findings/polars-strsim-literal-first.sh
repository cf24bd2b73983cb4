#!/usr/bin/env bash
# polars-strsim 0.2.5 with Polars 1.44.2: a literal as the first of two strings.
#
# One would guess: `levenshtein(lit("abc"), "a")` is what `levenshtein("a", lit("abc"))` is, for the
#   similarity does not depend on the order; or a literal is refused.
# What happens: it is one row long, the similarity to the first row. `with_columns` and a group
#   refuse that; `filter`, `max` and arithmetic do not. A filter keeps all rows or none, as the first
#   row says, and `max` is the value of the first row. In the streaming engine it is the first row of
#   each morsel. So how many rows remain depends on the engine and on the number of threads.
#   With Polars 2 pip takes polars-strsim 0.2.2, which has no upper bound, and which does the same.
# Cause: Polars hands a literal to a plugin as a Series of length 1. `parallel_apply` in `strsim.rs`
#   divides the rows among threads by the length of the first input alone. In Polars it is declared
#   as elementwise, so that the lengths are not compared.
# Seen: CPython 3.11.7, Linux x86-64. All five functions of the package.
#
# usage: polars-strsim-literal-first.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet polars==1.44.2 polars-strsim==0.2.5
cd "$folder"

cat >asked.py <<'PY'
import polars as pl
import polars_strsim as strsim

literal = pl.lit("abc")
small = pl.DataFrame({"a": ["abc", "abd", "xyz"]})
for name in "levenshtein", "jaro", "jaro_winkler", "jaccard", "sorensen_dice":
    similarity = getattr(strsim, name)
    told = []
    for frame in small, small.reverse():
        for expression in similarity("a", literal), similarity(literal, "a"):
            told.append((frame.filter(expression > 0.6).height, round(frame.select(expression.max()).item(), 2)))
    print(name, "in order", told[:2], "reversed", told[2:])
large = pl.LazyFrame({"a": ["abc"] + ["xyz"] * 299_999})
for engine in "in-memory", "streaming":
    second, first = (
        large.filter(expression > 0.6).collect(engine=engine).height
        for expression in (strsim.levenshtein("a", literal), strsim.levenshtein(literal, "a"))
    )
    print(engine, "keeps", second, "row, and with the literal first", "all" if first == 300_000 else "a part" if first > 1 else first)
try:
    small.with_columns(x=strsim.levenshtein(literal, "a"))
except pl.exceptions.PolarsError as error:
    print("with_columns", str(error).splitlines()[0])
PY
POLARS_MAX_THREADS=2 env/bin/python asked.py | tee seen
diff seen - <<'TXT'
levenshtein in order [(2, 1.0), (3, 1.0)] reversed [(2, 1.0), (0, 0.0)]
jaro in order [(2, 1.0), (3, 1.0)] reversed [(2, 1.0), (0, 0.0)]
jaro_winkler in order [(2, 1.0), (3, 1.0)] reversed [(2, 1.0), (0, 0.0)]
jaccard in order [(1, 1.0), (3, 1.0)] reversed [(1, 1.0), (0, 0.0)]
sorensen_dice in order [(2, 1.0), (3, 1.0)] reversed [(2, 1.0), (0, 0.0)]
in-memory keeps 1 row, and with the literal first all
streaming keeps 1 row, and with the literal first a part
with_columns Series x, length 1 doesn't match the DataFrame height of 3
TXT
echo "as described: polars-strsim 0.2.5 with Polars 1.44.2"
