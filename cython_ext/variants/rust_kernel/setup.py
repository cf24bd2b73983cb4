"""Builds the Rust library, then the glue of lev_cython around it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import Cython
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).parent.resolve()
GLUE = HERE.parents[1] / "src" / "lev_cython"
RUST = HERE.parents[2] / "rust_cffi"

# Relative, as setuptools wants it; a build front end runs this file in its folder.
PACKAGE = Path("build", "sources", "lev_cython_rust_kernel")

if sys.platform == "darwin":
    LINK = ["-Wl,-dead_strip", "-Wl,-S", "-Wl,-exported_symbol,_PyInit__native"]
else:
    # The Rust symbols stay inside; functions that nobody calls and the debugging
    # information of Rust's standard library stay out.
    LINK = ["-Wl,--exclude-libs,ALL", "-Wl,--gc-sections", "-Wl,--strip-debug"]


def assemble():
    """Makes a package of the sources of lev_cython and of the kernel that is here.

    Times of modification are kept, or each build would look like a change to Cython."""
    # The same files under another name: nothing in them says what their package is called.
    shutil.rmtree(PACKAGE, ignore_errors=True)
    shutil.copytree(GLUE, PACKAGE, ignore=shutil.ignore_patterns("_kernel.pxd", "__pycache__"))
    shutil.copy2(HERE / "src" / "_kernel.pxd", PACKAGE)


def cargo():
    """Builds the static library; returns it and the header that was generated with it."""
    # `cargo rustc --crate-type`, because of the comment on it in Cargo.toml.
    command = ["cargo", "rustc", "--lib", "--crate-type=staticlib", "--release", "--locked"]
    command += ["--message-format=json-render-diagnostics"]
    command += [f"--manifest-path={RUST / 'Cargo.toml'}"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in output.splitlines():
        message = json.loads(line)
        if "lev_capi" not in message.get("package_id", ""):
            continue
        if message["reason"] == "build-script-executed":
            header = Path(message["out_dir"], "lev.h")
        elif "staticlib" in message.get("target", {}).get("crate_types", []):
            library = Path(message["filenames"][0])
    return library, header


class BuildExt(build_ext):
    """Compiles the glue as lev_cython does, against what cargo has just built."""

    def build_extension(self, ext):
        library, header = cargo()
        ext.extra_compile_args = ["-O3"]
        ext.define_macros = [("LEV_CYTHON_VERSION", f'"{Cython.__version__}"')]
        ext.include_dirs = [str(header.parent)]
        ext.extra_objects = [str(library)]
        # Without this, setuptools would not link again when only the Rust has changed.
        ext.depends = [*ext.depends, str(library), str(header)]
        super().build_extension(ext)


assemble()
setup(
    cmdclass={"build_ext": BuildExt},
    ext_modules=cythonize(
        [
            Extension(
                "lev_cython_rust_kernel._native",
                [str(PACKAGE / "_native.pyx")],
                extra_link_args=LINK,
            )
        ],
        build_dir="build/cython",  # The generated C stays out of the sources.
    ),
)
