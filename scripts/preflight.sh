#!/bin/sh
# Looks for everything that `make setup` needs, before any work is done. Prints one sentence
# for each thing that is missing, all of them at once, and exits 1.
#
# usage: preflight.sh PYTHON

# Or `cd` might go elsewhere.
unset CDPATH

python=$1
problems=0

problem() {
    echo "preflight: $*" >&2
    problems=$((problems + 1))
}

# how_to_get DEBIAN-PACKAGE FEDORA-PACKAGE MACOS-COMMAND: the command for this machine.
how_to_get() {
    if [ "$(uname -s)" = Darwin ]; then
        echo "run: $3"
    elif command -v apt-get >/dev/null; then
        echo "run: sudo apt-get install $1"
    elif command -v dnf >/dev/null; then
        echo "run: sudo dnf install $2"
    else
        echo "install your system's package of it (Debian: $1, Fedora: $2)"
    fi
}

# at_least WANTED FOUND: compares major.minor.
at_least() {
    [ "${2%%.*}" -gt "${1%%.*}" ] && return
    [ "${2%%.*}" -eq "${1%%.*}" ] || return
    wanted_minor=${1#*.} found_minor=${2#*.}
    [ "${found_minor%%.*}" -ge "${wanted_minor%%.*}" ]
}

check_python() {
    # Any Python since 2.7 must be able to run this, in order to be refused by its version.
    facts=$("$python" -E -c '
import os, platform, sys, sysconfig
def importable(name):
    try:
        __import__(name)
        return "yes"
    except ImportError:
        return "no"
include = sysconfig.get_path("include") or ""
print(platform.python_implementation())
print("%d.%d" % sys.version_info[:2])
print(importable("venv") == "yes" and importable("ensurepip"))
print(os.path.exists(os.path.join(include, "Python.h")) and "yes" or "no")
print(include)
print(sysconfig.get_config_var("CC") or "cc")
' 2>/dev/null) || {
        problem "there is no working Python at '$python'; $(how_to_get python3 python3 'brew install python'), or name another one: make PYTHON=/path/to/python."
        return
    }
    { read -r implementation; read -r version; read -r venv; read -r header; read -r include; read -r python_cc; } <<EOF
$facts
EOF
    case "$implementation $version" in
    *[!A-Za-z0-9.\ ]* | " "* | *" ")
        python_cc=
        problem "'$python' is no Python; name one: make PYTHON=/path/to/python."
        return
        ;;
    esac
    if [ "$implementation" != CPython ]; then
        problem "'$python' is $implementation, and only CPython is measured; name another one: make PYTHON=/path/to/python."
    elif ! at_least 3.10 "$version"; then
        problem "'$python' is Python $version, and 3.10 to 3.15 is needed; name another one: make PYTHON=/path/to/python."
    elif at_least 3.16 "$version"; then
        problem "'$python' is Python $version, and 3.15 is the newest that is known here; name another one: make PYTHON=/path/to/python."
    else
        [ "$venv" = yes ] ||
            problem "'$python' cannot make virtual environments; $(how_to_get "python$version-venv" "python$version" 'brew install python')."
        [ "$header" = yes ] ||
            problem "the headers of '$python' are missing (no Python.h in $include); $(how_to_get "python$version-dev" "python$version-devel" 'brew install python')."
    fi
}

check_c_compiler() {
    # setuptools takes CC, or else the compiler that the interpreter was built with;
    # rustc links with cc.
    chosen=${CC:-${python_cc:-cc}}
    chosen=${chosen%% *}
    get_compiler=$(how_to_get build-essential gcc 'xcode-select --install')
    if [ "$(uname -s)" = Darwin ] && ! xcode-select -p >/dev/null 2>&1; then
        problem "there is no C compiler; $get_compiler."
    elif ! command -v cc >/dev/null; then
        problem "there is no C compiler 'cc', which Rust links with; $get_compiler."
    elif [ -n "${CC:-}" ] && ! command -v -- "$chosen" >/dev/null; then
        problem "there is no C compiler '$chosen', which the variable CC names; install it, or name another one: make CC=cc."
    elif ! command -v -- "$chosen" >/dev/null; then
        problem "there is no C compiler '$chosen', with which '$python' was built and would build extensions; install it, or name another one: make CC=cc."
    elif ! echo '#include <stdlib.h>' | "$chosen" -E - >/dev/null 2>&1; then
        problem "the C compiler '$chosen' does not find the headers of the C library; $(how_to_get libc6-dev glibc-devel 'xcode-select --install')."
    fi
}

check_rust() {
    wanted=$(sed -n 's/^rust-version *= *"\(.*\)".*/\1/p' Cargo.toml)
    rust_version=$(rustc --version 2>/dev/null | cut -d ' ' -f 2)
    if [ -z "$rust_version" ] || ! cargo --version >/dev/null 2>&1; then
        problem "Rust (rustc and cargo $wanted or later) is missing; get it from https://rustup.rs."
    elif ! at_least "$wanted" "$rust_version"; then
        if command -v rustup >/dev/null; then
            problem "rustc is $rust_version, and $wanted or later is needed; run: rustup update stable."
        else
            problem "rustc is $rust_version, and $wanted or later is needed; get it from https://rustup.rs."
        fi
    fi
}

cd "$(dirname "$0")/.." || exit

case $(uname -s) in
    Linux | Darwin) ;;
    *)
        echo "preflight: this study runs on Linux and macOS; on Windows, use the Windows Subsystem for Linux." >&2
        exit 1
        ;;
esac

python_cc=cc
check_python
check_c_compiler
check_rust
if [ "$(uname -s)" = Linux ] && ! command -v valgrind >/dev/null; then
    echo "preflight: note: valgrind is missing; only instruction counts need it ($(how_to_get valgrind valgrind -))." >&2
fi
[ $problems -eq 0 ]
