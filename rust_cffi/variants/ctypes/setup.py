"""Builds the Rust library; everything else is in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).parent.resolve()
# A source distribution has the crates in a folder of its own.
CRATE = next(place for place in (HERE / "rust" / "rust_cffi", HERE.parents[1]) if place.exists())
sys.path[:0] = [str(HERE), str(CRATE)]

import shared_library  # noqa: E402

setup(**shared_library.ARGUMENTS)
