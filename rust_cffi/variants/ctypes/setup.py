"""Builds the Rust library; everything else is in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import setup

sys.path.insert(0, str(Path(__file__).parent.parent.resolve()))

import shared_library

setup(**shared_library.ARGUMENTS)
