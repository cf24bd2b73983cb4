"""Builds the one extension module; everything else is in pyproject.toml."""

import subprocess

import Cython
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext


class BuildExt(build_ext):
    """Chooses the flags when the compiler is known, and lets the module report them."""

    def build_extension(self, ext):
        # An interpreter hands down the optimisation level it was built with,
        # -O2 or -O3; the last one on the command line counts.
        flags = ["-O3"]
        if is_gcc(self.compiler.compiler_so[0]):
            # gcc's reassociation pass lengthens the chain of dependent
            # instructions in the loop of Wagner-Fischer: see TUNING.md.
            flags.append("-fno-tree-reassoc")
        ext.extra_compile_args = flags
        ext.define_macros = [
            ("LEV_FLAGS", quoted(" ".join(self.compiler.compiler_so[1:] + flags))),
            ("LEV_CYTHON_VERSION", quoted(Cython.__version__)),
        ]
        super().build_extension(ext)


def is_gcc(compiler):
    # A clang installed under the name of gcc, as on macOS, says who it is here.
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True)
    return "Free Software Foundation" in version.stdout


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


setup(
    cmdclass={"build_ext": BuildExt},
    ext_modules=cythonize(
        [Extension("lev_cython._native", ["src/lev_cython/_native.pyx"])],
        build_dir="build/cython",  # The generated C stays out of the sources.
    ),
)
