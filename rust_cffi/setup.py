"""Builds the Rust library, then the extension module that cffi writes around it."""

import re
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).parent.resolve()
# A source distribution has the crates in a folder of its own.
CRATE = next(place for place in (HERE / "rust" / "rust_cffi", HERE) if place.exists())
sys.path.insert(0, str(CRATE))  # A build front end does not run this file as a script.

import ffi_build  # noqa: E402
import rust_library  # noqa: E402

if sys.platform == "darwin":
    LINK = ["-Wl,-dead_strip", "-Wl,-S", "-Wl,-exported_symbol,_PyInit__api"]
else:
    # The Rust symbols stay inside; functions that nobody calls and the debugging
    # information of Rust's standard library stay out.
    LINK = ["-Wl,--exclude-libs,ALL", "-Wl,--gc-sections", "-Wl,--strip-debug"]


class BuildExt(build_ext):
    """Compiles lev_cffi._api against what cargo has just built."""

    def get_ext_filename(self, fullname: str) -> str:
        # Some interpreters add their platform to the ending, which older ones do not look for.
        return re.sub(r"(\.abi3t?)-.*\.so$", r"\1.so", super().get_ext_filename(fullname))

    def build_extension(self, ext: Extension) -> None:
        # cffi cannot read a str in place.
        library, header = rust_library.cargo("staticlib", "--no-default-features")
        source = Path(self.build_temp, "_api.c")
        source.parent.mkdir(parents=True, exist_ok=True)
        ffi_build.write_c_source(header, source, ext.name)
        ext.sources = [str(source)]
        ext.include_dirs = [str(header.parent)]
        ext.extra_objects = [str(library)]
        # Without this, setuptools would not link again when only the Rust has changed.
        ext.depends = [str(library), str(header)]
        super().build_extension(ext)


setup(
    ext_modules=[Extension("lev_cffi._api", sources=[], py_limited_api=True, extra_link_args=LINK)],
    cmdclass={"build_ext": BuildExt, "sdist": rust_library.Sdist},
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
)
