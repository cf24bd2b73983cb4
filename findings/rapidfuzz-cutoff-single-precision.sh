#!/usr/bin/env bash
# rapidfuzz 3.14.6 and Levenshtein 0.27.5: a cutoff that is exactly the score.
#
# One would guess: a pair whose similarity is 0.8 passes `score_cutoff=0.8`. The documentation
#   says that what is below the cutoff becomes 0, and scores and cutoffs are double precision.
# What happens: it becomes 0, and `extract` and `cdist` lose it, because every cutoff of a
#   normalised scorer is rounded to single precision first. 0.8 and 0.6 become larger, and lose
#   pairs; 0.9 and 0.7 become smaller, and keep them. For a distance 0.7 and 0.9 lose pairs.
#   The implementation in Python, which PyPy and others get, keeps all of them.
# Cause: `get_score_cutoff_f64` in rapidfuzz's `cpp_common.pxd` returns a double, and holds the
#   number in a variable that Cython's `float` makes a C float.
# Seen: CPython 3.11.7, Linux x86-64. rapidfuzz 3.9.7 does the same.
#
# usage: rapidfuzz-cutoff-single-precision.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet rapidfuzz==3.14.6 Levenshtein==0.27.5 numpy
cd "$folder"

cat >asked.py <<'PY'
import sys

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

for same in 6, 7, 8, 9:
    words = "a" * 10, "a" * same + "b" * (10 - same)
    score = Levenshtein.normalized_similarity(*words)
    kept = [
        Levenshtein.normalized_similarity(*words, score_cutoff=score),
        process.extractOne(*words[:1], words[1:], scorer=Levenshtein.normalized_similarity, score_cutoff=score),
        process.cdist(words[:1], words[1:], scorer=Levenshtein.normalized_similarity, score_cutoff=score)[0, 0],
    ]
    print(f"similarity {score}: {['lost' if not what else 'kept' for what in kept]}")
    distance = Levenshtein.normalized_distance(*words[:1], "a" * (10 - same) + "b" * same)
    kept = Levenshtein.normalized_distance(*words[:1], "a" * (10 - same) + "b" * same, score_cutoff=distance)
    print(f"distance {distance}: {'kept' if kept == distance else f'becomes {kept}'}")
if "C++" in sys.argv:
    import Levenshtein as package

    print("Levenshtein.ratio:", package.ratio("bc", "bca"), package.ratio("bc", "bca", score_cutoff=0.8))
PY
{
    echo "in C++"
    env/bin/python asked.py C++
    echo "in Python"
    RAPIDFUZZ_IMPLEMENTATION=python env/bin/python asked.py
} | tee seen
diff seen - <<'TXT'
in C++
similarity 0.6: ['lost', 'lost', 'lost']
distance 0.6: kept
similarity 0.7: ['kept', 'kept', 'kept']
distance 0.7: becomes 1.0
similarity 0.8: ['lost', 'lost', 'lost']
distance 0.8: kept
similarity 0.9: ['kept', 'kept', 'kept']
distance 0.9: becomes 1.0
Levenshtein.ratio: 0.8 0.0
in Python
similarity 0.6: ['kept', 'kept', 'kept']
distance 0.6: kept
similarity 0.7: ['kept', 'kept', 'kept']
distance 0.7: kept
similarity 0.8: ['kept', 'kept', 'kept']
distance 0.8: kept
similarity 0.9: ['kept', 'kept', 'kept']
distance 0.9: kept
TXT
echo "as described: rapidfuzz 3.14.6 and Levenshtein 0.27.5"
