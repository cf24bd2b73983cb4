"""The C part of the build; everything else is in pyproject.toml."""

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

SOURCE = "src/lev_c"

# Interpreters hand down -O2 or -O3, depending on who built them.  Only the
# module's entry point is visible outside, so calls within it are direct.
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
    ext_modules=[
        Extension(
            "lev_c._native",
            sources=[
                f"{SOURCE}/{name}.c"
                for name in ("module", "dictionary", "crossings", "glue", "levenshtein")
            ],
            depends=[
                f"{SOURCE}/{name}.h" for name in ("glue", "levenshtein", "levenshtein_template")
            ],
            extra_compile_args=OPTIONS,
        )
    ],
)
