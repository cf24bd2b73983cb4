"""Compiles the glue that is here with the kernel of lev_cython."""

import shutil
from pathlib import Path

import Cython
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).parent.resolve()
KERNEL = HERE.parents[1] / "src" / "lev_cython" / "_kernel.pxd"

# Relative, as setuptools wants it; a build front end runs this file in its folder.
PACKAGE = Path("build", "sources", "lev_cython_abi3")


def assemble():
    """Makes a package of the glue that is here and of the kernel of lev_cython.

    Times of modification are kept, or each build would look like a change to Cython."""
    shutil.rmtree(PACKAGE, ignore_errors=True)
    shutil.copytree(
        HERE / "src" / "lev_cython_abi3", PACKAGE, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy2(KERNEL, PACKAGE)


class BuildExt(build_ext):
    """Compiles as lev_cython does, and lets the module report how."""

    def build_extension(self, ext):
        ext.extra_compile_args = ["-O3"]
        flags = self.compiler.compiler_so[1:] + ext.extra_compile_args
        ext.define_macros = [
            # The oldest version that has the buffer protocol in its stable ABI. Cython
            # generates the same C for every target; this macro is what it asks.
            ("Py_LIMITED_API", "0x030B0000"),
            ("LEV_FLAGS", quoted(" ".join(flags))),
            ("LEV_CYTHON_VERSION", quoted(Cython.__version__)),
        ]
        super().build_extension(ext)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


assemble()
setup(
    cmdclass={"build_ext": BuildExt},
    # One wheel for CPython 3.11 and whatever comes after it.
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
    ext_modules=cythonize(
        [Extension("lev_cython_abi3._native", [str(PACKAGE / "_native.pyx")], py_limited_api=True)],
        build_dir="build/cython",  # The generated C stays out of the sources.
    ),
)
