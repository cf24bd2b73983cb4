"""Builds the Rust library, then the glue of lev_cython around it."""

import sys
from pathlib import Path

import Cython
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).parent.resolve()
# A source distribution has the crates in a folder of its own.
ROOT = next(place for place in (HERE / "rust", HERE.parents[2]) if place.exists())
sys.path.insert(0, str(ROOT / "rust_cffi"))

import rust_library  # noqa: E402

if sys.platform == "darwin":
    LINK = ["-Wl,-dead_strip", "-Wl,-S", "-Wl,-exported_symbol,_PyInit__native"]
else:
    # The Rust symbols stay inside; functions that nobody calls and the debugging
    # information of Rust's standard library stay out.
    LINK = ["-Wl,--exclude-libs,ALL", "-Wl,--gc-sections", "-Wl,--strip-debug"]


class BuildExt(build_ext):
    """Compiles the glue as lev_cython does, against what cargo has just built."""

    def build_extension(self, ext):
        library, header = rust_library.cargo("staticlib")
        ext.extra_compile_args = ["-O3"]
        ext.define_macros = [("LEV_CYTHON_VERSION", f'"{Cython.__version__}"')]
        ext.include_dirs = [str(header.parent)]
        ext.extra_objects = [str(library)]
        # Without this, setuptools would not link again when only the Rust has changed.
        ext.depends = [*ext.depends, str(library), str(header)]
        super().build_extension(ext)


setup(
    cmdclass={"build_ext": BuildExt, "sdist": rust_library.Sdist},
    ext_modules=cythonize(
        [
            Extension(
                "lev_cython_rust_kernel._native",
                ["src/lev_cython_rust_kernel/_native.pyx"],
                extra_link_args=LINK,
            )
        ],
        build_dir="build/cython",  # The generated C stays out of the sources.
    ),
)
