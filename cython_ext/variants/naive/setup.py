"""Builds the one extension module; everything else is in pyproject.toml."""

import Cython
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext


class BuildExt(build_ext):
    """Lets the module report how it was compiled."""

    def build_extension(self, ext):
        # An interpreter hands down the optimisation level it was built with,
        # -O2 or -O3; the last one on the command line counts.
        ext.extra_compile_args = ["-O3"]
        flags = self.compiler.compiler_so[1:] + ext.extra_compile_args
        ext.define_macros = [
            ("LEV_FLAGS", quoted(" ".join(flags))),
            ("LEV_CYTHON_VERSION", quoted(Cython.__version__)),
        ]
        super().build_extension(ext)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


setup(
    cmdclass={"build_ext": BuildExt},
    ext_modules=cythonize(
        [Extension("lev_cython_naive._native", ["src/lev_cython_naive/_native.pyx"])],
        build_dir="build/cython",  # The generated C stays out of the sources.
    ),
)
