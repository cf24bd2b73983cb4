"""Builds or lints one mistake of a contender, or its correct twin, for the Python that runs this.

    python build.py --folder c_ext/mistakes/panic --twin wrong|right --out FOLDER
                    [--address-sanitizer] [--lint]

The files of the twin tell its language. Afterwards FOLDER holds a module called `mistake`.
With --address-sanitizer one line of JSON on standard output says how it has to be run:
`preload`, a list of libraries for LD_PRELOAD, and `env`, what else belongs into the environment.

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

SANITIZER = ["-fsanitize=address", "-fno-omit-frame-pointer"]


class RefusedError(Exception):
    """A compiler or a linter objects; the text is its own."""


class LackingError(Exception):
    """This machine lacks something; the text is a sentence."""


def words_of(command, **options):
    try:
        return subprocess.run(command, capture_output=True, text=True, **options)
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


def compile_c(module, source, name, sanitize, *extra):
    """Compiles one file of C into an extension module, with the flags that setuptools takes."""
    flags = shlex.split(sysconfig.get_config_var("CFLAGS") or "-O2 -DNDEBUG")
    shared = ["-shared"]
    if sys.platform == "darwin":
        shared = ["-bundle", "-undefined", "dynamic_lookup"]
    target = module.out / (name + sysconfig.get_config_var("EXT_SUFFIX"))
    command = [*c_compiler(), *flags, "-fPIC", *shared, *(SANITIZER if sanitize else [])]
    run([*command, *headers(), source, *extra, "-o", target], cwd=module.folder)


def build_c(module, scratch, sanitize):
    compile_c(module, module.twin + ".c", "mistake", sanitize)


def lint_c(module, scratch):
    analyser = [*c_compiler(), "-fanalyzer"]
    try:
        run([*analyser, "-fsyntax-only", "-x", "c", os.devnull])
    except RefusedError as error:
        raise LackingError("The C compiler has no -fanalyzer: it is not gcc.") from error
    command = [*analyser, "-O2", "-Wall", "-Wextra", "-Werror", *headers()]
    run([*command, "-c", module.twin + ".c", "-o", os.devnull], cwd=module.folder)


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


def cargo(verb, module, scratch, sanitize, *options):
    """Runs cargo for one module, as a package of its own; returns the library that it has built.

    The manifest and the lock are those of the contender's mistakes.
    """
    for name in ("Cargo.toml", "Cargo.lock"):
        shutil.copy(module.folder.parent / name, scratch)
    (scratch / "src").mkdir()
    shutil.copy(module.folder / f"{module.twin}.rs", scratch / "src" / "lib.rs")
    default = module.out.parent / "cargo-target"
    environment = {
        **os.environ,
        "CARGO_TARGET_DIR": str(Path(os.environ.get("CARGO_TARGET_DIR") or default).resolve()),
        "PYO3_PYTHON": sys.executable,
        "PYO3_BUILD_EXTENSION_MODULE": "1",  # Or it would be linked with Python's library.
    }
    environment.pop("CARGO_ENCODED_RUSTFLAGS", None)
    environment["RUSTFLAGS"] = "-Zsanitizer=address" if sanitize else ""
    if sys.platform == "darwin":
        environment["RUSTFLAGS"] += " -Clink-arg=-undefined -Clink-arg=dynamic_lookup"
    command = [*rust("cargo", sanitize), verb, "--quiet", "--release", "--locked", "--offline"]
    command += ["--message-format=json-render-diagnostics"]
    if sanitize:
        # With a target, what runs during the build is compiled without the sanitizer.
        command.append(f"--target={rust_target(sanitize)}")
    try:
        lines = run([*command, *options], env=environment, cwd=scratch).splitlines()
    except RefusedError as error:
        if "could not compile `mistakes`" in str(error):
            raise
        raise LackingError(f"cargo did not get as far as this module: {error}") from error
    artifacts = [json.loads(line) for line in lines]
    (library,) = [a for a in artifacts if a.get("target", {}).get("name") == "mistakes"]
    return library["filenames"][0]


def lint_rust(module, scratch):
    cargo("clippy", module, scratch, False, "--", "-Dwarnings")


def build_pyo3(module, scratch, sanitize):
    library = cargo("build", module, scratch, sanitize)
    shutil.copy(library, module.out / ("mistake" + sysconfig.get_config_var("EXT_SUFFIX")))


def build_cffi(module, scratch, sanitize):
    require("cffi", "cffi")
    from cffi import FFI

    library = cargo("build", module, scratch, sanitize)
    header = (module.folder / f"{module.twin}.h").read_text()
    ffi = FFI()
    ffi.cdef(re.sub(r"(?m)^#.*$", "", header))  # cffi parses declarations and no preprocessor.
    ffi.set_source("_mistake", header)
    source = scratch / "_mistake.c"
    with contextlib.redirect_stdout(sys.stderr):  # It says what it does.
        ffi.emit_c_code(str(source))
    system = [] if sys.platform == "darwin" else ["-Wl,--gc-sections", "-lpthread", "-ldl", "-lm"]
    compile_c(module, source, "_mistake", sanitize, library, *system)
    shutil.copy(module.folder / f"{module.twin}_glue.py", module.out / "mistake.py")


# ------------------------------------------------------------------------------ Python, Cython


def build_python(module, scratch, sanitize):
    shutil.copy(module.folder / f"{module.twin}.py", module.out / "mistake.py")


def lint_python(module, scratch):
    source = module.twin + ".py"
    ruff = [*require("ruff", "ruff"), "check", "--isolated", "--no-cache"]
    run([*ruff, source], cwd=module.folder)
    if importlib.util.find_spec("mypy") is not None:
        strict = ["--strict", "--config-file=", f"--cache-dir={os.devnull}"]
        run([*require("mypy", "mypy"), *strict, source], cwd=module.folder)


def build_cython(module, scratch, sanitize):
    source = scratch / "mistake.c"
    cython = [*require("cython", "Cython"), "--module-name=mistake"]
    run([*cython, module.twin + ".pyx", "-o", source], cwd=module.folder)
    # Most of what Cython writes is not this module, and -O3 would take its time over it.
    compile_c(module, source, "mistake", sanitize, "-O1")


def lint_cython(module, scratch):
    cython = [*require("cython", "Cython"), "--module-name=mistake", "-Wextra"]
    command = [*cython, module.twin + ".pyx", "-o", scratch / "mistake.c"]
    done = words_of(command, cwd=module.folder)
    if done.stderr + done.stdout:  # A warning does not fail.
        raise RefusedError(done.stderr + done.stdout)


# ------------------------------------------------------------------------------ one module

#: What builds and what lints a twin, by how the name of a file goes on that only it has.
LANGUAGES = {
    ".py": (build_python, lint_python),
    ".pyx": (build_cython, lint_cython),
    ".c": (build_c, lint_c),
    "_glue.py": (build_cffi, lint_rust),
    ".rs": (build_pyo3, lint_rust),
}


class Module:
    """One module: where it is, in which language, and where it goes.

    Tools run in its folder, where the paths in their words are short and reveal nothing.
    """

    def __init__(self, arguments):
        self.folder = arguments.folder.resolve()
        self.twin = arguments.twin
        self.out = arguments.out.resolve()
        endings = [e for e in LANGUAGES if (self.folder / (self.twin + e)).exists()]
        if not endings:
            raise LackingError(f"There is no {self.twin} module in {arguments.folder}.")
        self.is_native = endings[0] != ".py"
        self.build, self.lint = LANGUAGES[endings[0]]


def main():
    parser = argparse.ArgumentParser(description="Builds or lints one mistake of a contender.")
    parser.add_argument("--folder", required=True, type=Path, help="where its modules are")
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
        if sanitize and module.is_native:
            how_to_run = c_sanitizer()
        module.out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=module.out.parent) as scratch:
            if arguments.lint:
                module.lint(module, Path(scratch))
            else:
                module.build(module, Path(scratch), sanitize)
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
