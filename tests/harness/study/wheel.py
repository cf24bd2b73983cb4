"""Packs a package of pure Python into a wheel: `wheel.py FOLDER WHEELS`.

What it is to build is not what the study of regimes is about, and pip takes its time.
"""

import re
import sys
import zipfile
from pathlib import Path

folder, wheels = map(Path, sys.argv[1:])
settings = (folder / "pyproject.toml").read_text(encoding="utf-8")
name, version = (re.search(f'^{key} = "(.*)"', settings, re.M)[1] for key in ("name", "version"))
stem = f"{name.replace('-', '_')}-{version}"
files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
files[f"{stem}.dist-info/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
files[f"{stem}.dist-info/WHEEL"] = (
    "Wheel-Version: 1.0\nGenerator: wheel.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)
record = f"{stem}.dist-info/RECORD"
files[record] = "".join(f"{path},,\n" for path in [*files, record])
with zipfile.ZipFile(wheels / f"{stem}-py3-none-any.whl", "w") as wheel:
    for path, text in files.items():
        wheel.writestr(path, text)
