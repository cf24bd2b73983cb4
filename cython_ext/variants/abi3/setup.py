"""Builds the one extension module; everything else is in pyproject.toml."""

import re

import Cython
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext


class BuildExt(build_ext):
    """Compiles as lev_cython does, and lets the module report how."""

    def get_ext_filename(self, fullname):
        # Some interpreters add their platform to the ending, which older ones do not look for.
        return re.sub(r"(\.abi3t?)-.*\.so$", r"\1.so", super().get_ext_filename(fullname))

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


setup(
    cmdclass={"build_ext": BuildExt},
    # One wheel for CPython 3.11 and whatever comes after it.
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
    ext_modules=cythonize(
        [
            Extension(
                "lev_cython_abi3._native", ["src/lev_cython_abi3/_native.pyx"], py_limited_api=True
            )
        ],
        build_dir="build/cython",  # The generated C stays out of the sources.
    ),
)
