"""What the setup.py of lev_ctypes and lev_cffi_naive share: the Rust as a shared library.

The library lies in the wheel beside the Python code. It depends on the platform and not on
the version of Python, and the name of the wheel says so.
"""

import shutil
from pathlib import Path

import rust_library
from setuptools import Distribution
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py


class BuildPy(build_py):
    """Copies the library into the only package."""

    def run(self) -> None:
        super().run()
        # Python's foreign functions cannot read a str in place.
        library, _ = rust_library.cargo("cdylib", "--no-default-features")
        shutil.copy2(library, Path(self.build_lib, *self.packages))


class BdistWheel(bdist_wheel):
    """Names the wheel after the platform alone."""

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", super().get_tag()[2]


class BinaryDistribution(Distribution):
    """Belongs to one platform, although no extension is compiled."""

    def has_ext_modules(self) -> bool:
        return True


ARGUMENTS = {
    "distclass": BinaryDistribution,
    "cmdclass": {"build_py": BuildPy, "bdist_wheel": BdistWheel, "sdist": rust_library.Sdist},
}
