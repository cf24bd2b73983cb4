"""Builds the Rust library, then the glue of c_ext around it."""

import json
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).parent.resolve()
GLUE = HERE.parents[1] / "src/lev_c"
RUST = HERE.parents[2] / "rust_cffi/Cargo.toml"

if sys.platform == "darwin":
    LINK = ["-Wl,-dead_strip", "-Wl,-S", "-Wl,-exported_symbol,_PyInit__native"]
else:
    # As in rust_cffi: the Rust symbols stay inside; functions that nobody calls and
    # the debugging information of Rust's standard library stay out.
    LINK = ["-Wl,--exclude-libs,ALL", "-Wl,--gc-sections", "-Wl,--strip-debug"]


def cargo() -> tuple[Path, Path, str]:
    """Builds the static library; returns it, its header, and how it was compiled."""
    command = ["cargo", "rustc", "--lib", "--crate-type=staticlib", "--release", "--locked"]
    command += ["--message-format=json-render-diagnostics", f"--manifest-path={RUST}"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in output.splitlines():
        message = json.loads(line)
        if "lev_capi" not in message.get("package_id", ""):
            continue
        if message["reason"] == "build-script-executed":
            header = Path(message["out_dir"], "lev.h")
            environment = dict(message["env"])
        elif "staticlib" in message.get("target", {}).get("crate_types", []):
            library = Path(message["filenames"][0])
    return library, header, f"{environment['LEV_COMPILER']}, {environment['LEV_FLAGS']}"


def literal(text: str) -> str:
    """Returns a string of C."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class BuildExt(build_ext):
    """Compiles the glue against what cargo has just built, and tells it how."""

    def build_extension(self, ext: Extension) -> None:
        library, header, kernel = cargo()
        options = [*self.compiler.compiler_so[1:], *ext.extra_compile_args]
        ext.define_macros = [
            ("KERNEL_TEXT", "lev_text"),
            ("LEV_C_PACKAGE", literal("lev_c_rust_kernel")),
            ("LEV_C_FLAGS", literal(" ".join(options))),
            ("LEV_C_KERNEL", literal(kernel)),
        ]
        # lev_text has to be known where levenshtein.h begins.
        ext.extra_compile_args = [*ext.extra_compile_args, "-include", str(header)]
        ext.include_dirs = [str(GLUE), str(header.parent)]
        ext.extra_objects = [str(library)]
        # Without this, setuptools would not link again when only the Rust has changed.
        ext.depends = [str(library), str(header), *map(str, GLUE.glob("*.h"))]
        super().build_extension(ext)


setup(
    cmdclass={"build_ext": BuildExt},
    ext_modules=[
        Extension(
            "lev_c_rust_kernel._native",
            sources=[
                "kernel_from_rust.c",
                *(
                    str(GLUE / f"{name}.c")
                    for name in ("module", "dictionary", "crossings", "glue")
                ),
            ],
            extra_compile_args=["-O3", "-fvisibility=hidden"],
            extra_link_args=LINK,
        )
    ],
)
