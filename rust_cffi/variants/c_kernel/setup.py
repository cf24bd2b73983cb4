"""Compiles the C kernel and its adapter with the extension module that cffi writes around them."""

import re
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# A build front end does not run this file as a script.
sys.path.insert(0, str(Path(__file__).parent.resolve()))

import ffi_build

# As c_ext is compiled.
OPTIONS = ["-O3", "-fvisibility=hidden"]


class BuildExt(build_ext):
    """Writes the source of lev_cffi_c_kernel._api, and tells it how it is compiled."""

    def get_ext_filename(self, fullname: str) -> str:
        # Some interpreters add their platform to the ending, which older ones do not look for.
        return re.sub(r"(\.abi3t?)-.*\.so$", r"\1.so", super().get_ext_filename(fullname))

    def build_extension(self, ext: Extension) -> None:
        source = Path(self.build_temp, "_api.c")
        source.parent.mkdir(parents=True, exist_ok=True)
        ffi_build.write_c_source(Path("include", "lev.h"), source, ext.name)
        ext.sources = [str(source), "src/kernel_from_c.c", "kernel/levenshtein.c"]
        ext.include_dirs = ["include", "kernel"]
        ext.depends = [
            str(header) for folder in ext.include_dirs for header in Path(folder).glob("*.h")
        ]
        flags = " ".join([*self.compiler.compiler_so[1:], *OPTIONS])
        flags = flags.replace("\\", "\\\\").replace('"', '\\"')
        ext.define_macros.append(("LEV_C_FLAGS", f'"{flags}"'))
        super().build_extension(ext)


setup(
    ext_modules=[
        Extension(
            "lev_cffi_c_kernel._api",
            sources=[],
            py_limited_api=True,
            extra_compile_args=OPTIONS,
        )
    ],
    cmdclass={"build_ext": BuildExt},
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
)
