"""The C part of the build: glue of its own, the kernel of c_ext."""

from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

KERNEL = Path(__file__).parent.resolve().parents[1] / "src/lev_c"

# As in c_ext.
OPTIONS = ["-O3", "-fvisibility=hidden"]


class BuildWithRecord(build_ext):
    """Tells the extension with which options it is compiled."""

    def build_extension(self, ext):
        options = [*self.compiler.compiler_so[1:], *ext.extra_compile_args]
        text = " ".join(options).replace("\\", "\\\\").replace('"', '\\"')
        ext.define_macros.append(("LEV_C_FLAGS", f'"{text}"'))
        super().build_extension(ext)


setup(
    cmdclass={"build_ext": BuildWithRecord},
    # One wheel for CPython 3.11 and whatever comes after it.
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
    ext_modules=[
        Extension(
            "lev_c_abi3._native",
            sources=["src/lev_c_abi3/_native.c", str(KERNEL / "levenshtein.c")],
            include_dirs=[str(KERNEL)],
            depends=[str(KERNEL / f"{name}.h") for name in ("levenshtein", "levenshtein_template")],
            # The oldest version that has the buffer protocol in its stable ABI.
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            py_limited_api=True,
            extra_compile_args=OPTIONS,
        )
    ],
)
