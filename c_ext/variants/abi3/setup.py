"""The C part of the build: glue of its own, the kernel of c_ext."""

import re

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# As in c_ext.
OPTIONS = ["-O3", "-fvisibility=hidden"]


class BuildWithRecord(build_ext):
    """Tells the extension with which options it is compiled."""

    def get_ext_filename(self, fullname):
        # Some interpreters add their platform to the ending, which older ones do not look for.
        return re.sub(r"(\.abi3t?)-.*\.so$", r"\1.so", super().get_ext_filename(fullname))

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
            sources=["src/lev_c_abi3/_native.c", "kernel/levenshtein.c"],
            include_dirs=["kernel"],
            depends=[f"kernel/{name}.h" for name in ("levenshtein", "levenshtein_template")],
            # The oldest version that has the buffer protocol in its stable ABI.
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            py_limited_api=True,
            extra_compile_args=OPTIONS,
        )
    ],
)
