"""What the contenders' own folders say of them, in the order of the study."""

from __future__ import annotations

from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Before Python 3.11; pytest brings it.
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]


def descriptions() -> list[dict]:
    """One dictionary for each contender and variant, with its ``folder`` below the root."""
    bench = ROOT / "bench"
    files: dict[Path, None] = {}
    for pattern in tomllib.loads((bench / "study.toml").read_text("utf-8"))["include"]:
        if pattern.endswith("/contender.toml"):
            files |= dict.fromkeys(sorted(ROOT.glob(pattern.removeprefix("../"))))
    found = []
    for file in files:
        (contender,) = tomllib.loads(file.read_text("utf-8"))["contender"]
        found.append({**contender, "folder": str(file.parent.relative_to(ROOT))})
    return found
