"""The documents of the project."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATTERNS = ["*.md", "docs/*.md", "*/README.md", "*/variants/*/README.md", "bench/*/README.md"]
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for pattern in PATTERNS
    for path in ROOT.glob(pattern)
    if not path.relative_to(ROOT).parts[0].startswith(".")
)

FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
