"""Builds nothing: copies a module, unless its first line says what the compiler or linter says."""

import sys
from pathlib import Path

folder, twin, out, *options = sys.argv[1:]
source = Path(folder, f"{twin}.py")
text = source.read_text(encoding="utf-8")
for line in text.splitlines():
    if line.startswith("# lint: ") and "--lint" in options:
        print("something else\nerror: " + line[8:], file=sys.stderr)
        sys.exit(1)
    if line.startswith("# compile: ") and not options:
        print(f"{source.resolve()}: error: {line[11:]}", file=sys.stderr)
        sys.exit(1)
    if line.startswith("# lack: ") and "--sanitized" in options:
        print(line[8:], file=sys.stderr)
        sys.exit(2)
Path(out, "mistake.py").write_text(text, encoding="utf-8")
print('{"preload": [], "env": {"SANITIZED": "%s"}}' % ("--sanitized" in options))
