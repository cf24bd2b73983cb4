"""Builds the Rust library, then the extension module that cffi writes around it."""

import json
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).parent.resolve()
sys.path.insert(0, str(HERE))  # A build front end does not run this file as a script.

import ffi_build  # noqa: E402

if sys.platform == "darwin":
    LINK = ["-Wl,-dead_strip", "-Wl,-S", "-Wl,-exported_symbol,_PyInit__api"]
else:
    # The Rust symbols stay inside; functions that nobody calls and the debugging
    # information of Rust's standard library stay out.
    LINK = ["-Wl,--exclude-libs,ALL", "-Wl,--gc-sections", "-Wl,--strip-debug"]


def cargo() -> tuple[Path, Path]:
    """Builds the static library; returns it and the header that was generated with it."""
    # `cargo rustc --crate-type`, because of the comment on it in Cargo.toml.
    command = ["cargo", "rustc", "--lib", "--crate-type=staticlib", "--release", "--locked"]
    command += ["--no-default-features"]  # cffi cannot read a str in place.
    command += ["--message-format=json-render-diagnostics"]
    command += [f"--manifest-path={HERE / 'Cargo.toml'}"]
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
    """Compiles lev_cffi._api against what cargo has just built."""

    def build_extension(self, ext: Extension) -> None:
        library, header = cargo()
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
    cmdclass={"build_ext": BuildExt},
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
)
