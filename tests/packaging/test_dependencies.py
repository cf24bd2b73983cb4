"""What is locked is maintained, as far as it is known."""

from __future__ import annotations

import re

from .test_source_distributions import ROOT

# Crates that nobody maintains, with the advisory that says so.
UNMAINTAINED = {"term_size": "RUSTSEC-2020-0163"}


def test_no_unmaintained_crate_is_locked():
    for lock in (ROOT / "Cargo.lock", *ROOT.glob("*/mistakes/Cargo.lock")):
        text = lock.read_text(encoding="utf-8")
        locked = set(re.findall(r'^name = "(.*)"', text, re.MULTILINE))
        assert "mistakes" in locked or "pyo3" in locked
        assert locked & set(UNMAINTAINED) == set()
