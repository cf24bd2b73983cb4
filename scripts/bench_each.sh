#!/bin/sh
# `make bench` for each of several interpreters, and one comparison of the records they made. An
# interpreter that fails costs neither the records of the others nor their comparison; it makes the
# exit code 1 at the end.
#
# usage: bench_each.sh RESULTS PYTHON...

results=$1
shift
named=$#
problems=0

problem() {
    echo "make bench: $*" >&2
    problems=$((problems + 1))
}

if [ $# -eq 0 ]; then
    problem "PYTHONS names no interpreter, such as in: make bench PYTHONS=\"python3.11 python3.13\"."
    exit 1
fi

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
# Whoever interrupts means all of it.
trap 'exit 130' INT
trap 'exit 143' TERM

# The arguments that `compare` will get take the place of those that were given, one by one.
for python in "$@"; do
    shift
    echo "==== $python"
    rm -f "$scratch/record"
    code=0
    "${MAKE:-make}" --no-print-directory bench-one PYTHON="$python" RESULTS="$results" \
        RECORDED="$scratch/record" || code=$?
    if [ -s "$scratch/record" ]; then
        set -- "$@" "$(cat "$scratch/record")"
        # What contenders failed in is said above, and is in the report.
        [ $code -eq 0 ] || problem "something failed with '$python'; its record is compared all the same."
    else
        problem "there is no record of '$python'; the reason is above."
    fi
done

if [ $# -ge 2 ]; then
    echo "==== ffi-bench compare $*"
    folder=$results/compare-$(date -u +%Y-%m-%dT%H%M%SZ)
    compare="target/harness/ffi-bench compare"
    if $compare "$@" --markdown >"$scratch/comparison.md" &&
        mkdir -p "$folder" && cp "$scratch/comparison.md" "$folder" &&
        $compare "$@" --html "$folder/comparison.html"; then
        echo
        echo "$folder/comparison.md"
        echo "$folder/comparison.html"
    else
        problem "the records could not be compared; the reason is above."
    fi
elif [ $named -ge 2 ]; then
    problem "there is nothing to compare, because $# of $named interpreters left a record."
fi
[ $problems -eq 0 ]
