"""The files of the study are short enough to be read on a screen or a few."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    str(path.relative_to(ROOT))
    for pattern in [
        *("bench/*.toml", "bench/cases/*.toml", "bench/shown/*.toml", "bench/peers/*.toml"),
        *("*/contender.toml", "*/variants/*/contender.toml"),
    ]
    for path in ROOT.glob(pattern)
)


def test_they_are_found():
    assert "bench/study.toml" in FILES
    assert "c_ext/contender.toml" in FILES


@pytest.mark.parametrize("file", FILES)
def test_a_file_has_at_most_400_lines_of_at_most_120_characters(file):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 400
    assert [line for line in lines if len(line) > 120] == []
