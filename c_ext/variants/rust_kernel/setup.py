"""Builds the Rust library, then the glue of c_ext around it."""

import sys
from pathlib import Path

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
    # As in rust_cffi: the Rust symbols stay inside; functions that nobody calls and
    # the debugging information of Rust's standard library stay out.
    LINK = ["-Wl,--exclude-libs,ALL", "-Wl,--gc-sections", "-Wl,--strip-debug"]


def literal(text: str) -> str:
    """Returns a string of C."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class BuildExt(build_ext):
    """Compiles the glue against what cargo has just built, and tells it how."""

    def build_extension(self, ext: Extension) -> None:
        library, header = rust_library.cargo("staticlib")
        options = [*self.compiler.compiler_so[1:], *ext.extra_compile_args]
        ext.define_macros = [
            ("KERNEL_TEXT", "lev_text"),
            ("LEV_C_PACKAGE", literal("lev_c_rust_kernel")),
            ("LEV_C_FLAGS", literal(" ".join(options))),
            ("LEV_C_KERNEL", "kernel_compiled_with"),
        ]
        # lev_text has to be known where levenshtein.h begins.
        ext.extra_compile_args = [*ext.extra_compile_args, "-include", str(header)]
        ext.include_dirs = ["glue", str(header.parent)]
        ext.extra_objects = [str(library)]
        # Without this, setuptools would not link again when only the Rust has changed.
        ext.depends = [str(library), str(header), *map(str, Path("glue").glob("*.h"))]
        super().build_extension(ext)


setup(
    cmdclass={"build_ext": BuildExt, "sdist": rust_library.Sdist},
    ext_modules=[
        Extension(
            "lev_c_rust_kernel._native",
            sources=[
                "kernel_from_rust.c",
                *(f"glue/{name}.c" for name in ("module", "dictionary", "crossings", "glue")),
            ],
            extra_compile_args=["-O3", "-fvisibility=hidden"],
            extra_link_args=LINK,
        )
    ],
)
