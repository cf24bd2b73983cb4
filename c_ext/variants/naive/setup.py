"""The C part of the build; everything else is in pyproject.toml."""

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext


class BuildWithRecord(build_ext):
    """Tells the extension with which options it is compiled."""

    def build_extension(self, ext):
        options = [*self.compiler.compiler_so[1:], *ext.extra_compile_args]
        text = " ".join(options).replace("\\", "\\\\").replace('"', '\\"')
        ext.define_macros.append(("LEV_C_FLAGS", f'"{text}"'))
        super().build_extension(ext)


setup(
    cmdclass={"build_ext": BuildWithRecord},
    ext_modules=[
        Extension(
            "lev_c_naive._native",
            sources=["src/lev_c_naive/_native.c"],
            extra_compile_args=["-O3", "-fvisibility=hidden"],
        )
    ],
)
