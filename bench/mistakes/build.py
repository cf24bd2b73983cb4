"""Builds or lints one module of this folder, for the Python that runs this.

    python build.py --mistake NAME --way WAY --twin wrong|right --out FOLDER
                    [--address-sanitizer] [--lint]

Afterwards FOLDER holds a module called `mistake`. With --address-sanitizer one line of JSON
on standard output says how it has to be run: `preload`, a list of libraries for LD_PRELOAD,
and `env`, what else belongs into the environment.

Exit codes: 0 it is built, or the linter has nothing to say; 1 the compiler or the linter
refused, and its words are on standard error; 2 nothing could be tried, and one sentence there
says why.

Only the standard library is used. What cargo compiles is kept in the folder that
CARGO_TARGET_DIR names, or in cargo-target/ beside FOLDER.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

HERE = Path(__file__).parent.resolve()
SUFFIX = {"pure_python": ".py", "cython_ext": ".pyx", "c_ext": ".c"}  # The others are in Rust.
SANITIZER = ["-fsanitize=address", "-fno-omit-frame-pointer"]


class RefusedError(Exception):
    """A compiler or a linter objects; the text is its own."""


class LackingError(Exception):
    """This machine lacks something; the text is a sentence."""


def words_of(command, **options):
    """Runs a command in this folder, where the paths in its words are short and reveal nothing."""
    try:
        return subprocess.run(command, capture_output=True, text=True, cwd=HERE, **options)
    except FileNotFoundError as error:
        raise LackingError(f"There is no command {command[0]!r}.") from error


def run(command, **options):
    """Returns what a command writes to standard output; raises RefusedError if it fails."""
    done = words_of(command, **options)
    if done.returncode != 0:
        raise RefusedError(done.stderr + done.stdout)
    return done.stdout


def require(module, name):
    """Returns the command that runs a Python tool."""
    if importlib.util.find_spec(module) is None:
        raise LackingError(f"{name} is not installed for {sys.executable}.")
    return [sys.executable, "-m", module]


# ------------------------------------------------------------------------------ C


def c_compiler():
    # As setuptools chooses it.
    return shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")


def headers():
    """Returns the options for Python's headers, about which no linter should complain."""
    include = sysconfig.get_path("include")
    if not Path(include, "Python.h").exists():
        raise LackingError(f"The headers of {sys.executable} are not installed.")
    return ["-isystem", include, "-isystem", sysconfig.get_path("platinclude")]


def compile_c(source, module, out, sanitize, *extra):
    """Compiles one file of C into an extension module, with the flags that setuptools takes."""
    flags = shlex.split(sysconfig.get_config_var("CFLAGS") or "-O2 -DNDEBUG")
    shared = ["-shared"]
    if sys.platform == "darwin":
        shared = ["-bundle", "-undefined", "dynamic_lookup"]
    target = out / (module + sysconfig.get_config_var("EXT_SUFFIX"))
    command = [*c_compiler(), *flags, "-fPIC", *shared, *(SANITIZER if sanitize else [])]
    run([*command, *headers(), str(source), *extra, "-o", str(target)])


def lint_c(source):
    analyser = [*c_compiler(), "-fanalyzer"]
    try:
        run([*analyser, "-fsyntax-only", "-x", "c", os.devnull])
    except RefusedError as error:
        raise LackingError("The C compiler has no -fanalyzer: it is not gcc.") from error
    command = [*analyser, "-O2", "-Wall", "-Wextra", "-Werror", *headers()]
    run([*command, "-c", str(source), "-o", os.devnull])


def c_sanitizer():
    """Says how a program with gcc's sanitizer in a library of its own has to be run."""
    if not sys.platform.startswith("linux"):
        raise LackingError("AddressSanitizer is only tried on Linux.")
    library = run([*c_compiler(), "-print-file-name=libasan.so"]).strip()
    if not os.path.isabs(library):
        raise LackingError("The C compiler has no libasan.so: install gcc's libasan.")
    environment = {
        # Python itself does not free everything at its end. And memory that cannot be had is
        # a null pointer elsewhere, too.
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",
        # Otherwise an object that dies goes back to Python's own pools, unseen.
        "PYTHONMALLOC": "malloc",
    }
    return {"preload": [os.path.realpath(library)], "env": environment}


# ------------------------------------------------------------------------------ Rust


def rust(tool, sanitize):
    """Returns the command of a Rust tool; only a nightly one has the sanitizer."""
    if not sanitize:
        return [tool]
    try:
        run(["rustup", "run", "nightly", "rustc", "--version"])
    except (LackingError, RefusedError) as error:
        raise LackingError("AddressSanitizer for Rust needs a nightly toolchain.") from error
    return ["rustup", "run", "nightly", tool]


def rust_target(sanitize):
    words = run([*rust("rustc", sanitize), "--version", "--verbose"])
    return re.search(r"(?m)^host: (.*)$", words)[1]


def compile_library(source, library, sanitize):
    """Compiles one file of Rust into a static library."""
    command = [*rust("rustc", sanitize), "--edition=2024", "--crate-type=staticlib"]
    command += ["--crate-name=mistake", "-Copt-level=3"]
    if sanitize:
        command += ["-Zsanitizer=address", f"--target={rust_target(sanitize)}"]
    run([*command, str(source), "-o", str(library)])


def cargo(verb, example, sanitize, target_folder, *options):
    """Runs cargo for one module; returns the library that it has built, if there is one."""
    environment = {
        **os.environ,
        "CARGO_TARGET_DIR": str(target_folder),
        "PYO3_PYTHON": sys.executable,
        "PYO3_BUILD_EXTENSION_MODULE": "1",  # Or it would be linked with Python's library.
    }
    environment.pop("CARGO_ENCODED_RUSTFLAGS", None)
    environment["RUSTFLAGS"] = "-Zsanitizer=address" if sanitize else ""
    if sys.platform == "darwin":
        environment["RUSTFLAGS"] += " -Clink-arg=-undefined -Clink-arg=dynamic_lookup"
    command = [*rust("cargo", sanitize), verb, "--quiet", "--release", "--locked", "--offline"]
    command += [f"--manifest-path={HERE / 'Cargo.toml'}", f"--example={example}"]
    command += ["--message-format=json-render-diagnostics"]
    if sanitize:
        # With a target, what runs during the build is compiled without the sanitizer.
        command.append(f"--target={rust_target(sanitize)}")
    try:
        lines = run([*command, *options], env=environment).splitlines()
    except RefusedError as error:
        if "could not compile `mistakes`" in str(error):
            raise
        raise LackingError(f"cargo did not get as far as this module: {error}") from error
    for line in lines:
        message = json.loads(line)
        if message.get("target", {}).get("name") == example:
            return message["filenames"][0]
    return None


# ------------------------------------------------------------------------------ the ways


class Module:
    """One module: where it is, and where it goes."""

    def __init__(self, arguments):
        folder = Path(arguments.mistake, arguments.way)
        self.twin = arguments.twin
        self.source = folder / (self.twin + SUFFIX.get(arguments.way, ".rs"))
        self.header = folder / f"{self.twin}.h"
        self.glue = folder / f"{self.twin}_glue.py"
        self.example = f"{arguments.mistake}_{self.twin}"
        self.out = arguments.out.resolve()
        default = self.out.parent / "cargo-target"
        self.target_folder = Path(os.environ.get("CARGO_TARGET_DIR") or default).resolve()
        if not (HERE / self.source).exists():
            raise LackingError(f"There is no {self.source}.")


def pure_python(module, scratch, sanitize):
    shutil.copy(HERE / module.source, module.out / "mistake.py")


def lint_pure_python(module, scratch):
    run([*require("ruff", "ruff"), "check", "--isolated", "--no-cache", str(module.source)])
    if importlib.util.find_spec("mypy") is not None:
        strict = ["--strict", "--config-file=", f"--cache-dir={os.devnull}"]
        run([*require("mypy", "mypy"), *strict, str(module.source)])


def cython_ext(module, scratch, sanitize):
    source = scratch / "mistake.c"
    cython = [*require("cython", "Cython"), "--module-name=mistake"]
    run([*cython, str(module.source), "-o", str(source)])
    # Most of what Cython writes is not this module, and -O3 would take its time over it.
    compile_c(source, "mistake", module.out, sanitize, "-O1")


def lint_cython_ext(module, scratch):
    cython = [*require("cython", "Cython"), "--module-name=mistake", "-Wextra"]
    command = [*cython, str(module.source), "-o", str(scratch / "mistake.c")]
    done = words_of(command)
    if done.stderr + done.stdout:  # A warning does not fail.
        raise RefusedError(done.stderr + done.stdout)


def c_ext(module, scratch, sanitize):
    compile_c(module.source, "mistake", module.out, sanitize)


def lint_c_ext(module, scratch):
    lint_c(module.source)


def rust_cffi(module, scratch, sanitize):
    require("cffi", "cffi")
    from cffi import FFI

    library = scratch / "libmistake.a"
    compile_library(module.source, library, sanitize)
    header = (HERE / module.header).read_text()
    ffi = FFI()
    ffi.cdef(re.sub(r"(?m)^#.*$", "", header))  # cffi parses declarations and no preprocessor.
    ffi.set_source("_mistake", header)
    source = scratch / "_mistake.c"
    with contextlib.redirect_stdout(sys.stderr):  # It says what it does.
        ffi.emit_c_code(str(source))
    system = [] if sys.platform == "darwin" else ["-Wl,--gc-sections", "-lpthread", "-ldl", "-lm"]
    compile_c(source, "_mistake", module.out, sanitize, str(library), *system)
    shutil.copy(HERE / module.glue, module.out / "mistake.py")


def lint_rust_cffi(module, scratch):
    command = ["clippy-driver", "--edition=2024", "--crate-type=staticlib"]
    command += ["--crate-name=mistake", "--emit=metadata", f"--out-dir={scratch}"]
    run([*command, "-Dwarnings", str(module.source)])


def rust_pyo3(module, scratch, sanitize):
    library = cargo("build", module.example, sanitize, module.target_folder)
    shutil.copy(library, module.out / ("mistake" + sysconfig.get_config_var("EXT_SUFFIX")))


def lint_rust_pyo3(module, scratch):
    cargo("clippy", module.example, False, module.target_folder, "--", "-Dwarnings")


BUILD = {
    "pure_python": pure_python,
    "cython_ext": cython_ext,
    "c_ext": c_ext,
    "rust_cffi": rust_cffi,
    "rust_pyo3": rust_pyo3,
}
LINT = {
    "pure_python": lint_pure_python,
    "cython_ext": lint_cython_ext,
    "c_ext": lint_c_ext,
    "rust_cffi": lint_rust_cffi,
    "rust_pyo3": lint_rust_pyo3,
}


def main():
    parser = argparse.ArgumentParser(description="Builds or lints one module of this folder.")
    parser.add_argument("--mistake", required=True, help="a folder of this one")
    parser.add_argument("--way", required=True, choices=BUILD)
    parser.add_argument("--twin", required=True, choices=["wrong", "right"])
    parser.add_argument("--out", required=True, type=Path, help="where the module goes")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--address-sanitizer", action="store_true")
    how.add_argument("--lint", action="store_true", help="lint instead of building")
    arguments = parser.parse_args()
    sanitize = arguments.address_sanitizer
    try:
        module = Module(arguments)
        how_to_run = {"preload": [], "env": {}}
        if sanitize and arguments.way != "pure_python":
            how_to_run = c_sanitizer()
        module.out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            if arguments.lint:
                LINT[arguments.way](module, Path(scratch))
            else:
                BUILD[arguments.way](module, Path(scratch), sanitize)
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 1
    except (LackingError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if sanitize:
        print(json.dumps(how_to_run))
    return 0


if __name__ == "__main__":
    sys.exit(main())
