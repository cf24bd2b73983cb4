"""The Rust behind `lev.h`, for each package that is built around it: with cargo in a build, and
as a small workspace of its own in a source distribution."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from setuptools.command.sdist import sdist

HERE = Path(__file__).parent.resolve()

# The crates that the library is made of, and what of their folders it takes to build them.
CRATES = {
    "levenshtein": ["Cargo.toml", "benches", "examples", "src"],
    "levenshtein/compiled_with": ["Cargo.toml", "src"],
    "rust_cffi": [
        *("Cargo.toml", "build.rs", "cbindgen.toml", "ffi_build.py", "rust_library.py"),
        *("include", "src"),
    ],
}


def cargo(crate_type: str, *options: str) -> tuple[Path, Path]:
    """Builds the library; returns it and its header."""
    # `cargo rustc --crate-type`, because of the comment on it in Cargo.toml.
    command = ["cargo", "rustc", "--lib", f"--crate-type={crate_type}", "--release", "--locked"]
    command += [*options, "--message-format=json-render-diagnostics"]
    command += [f"--manifest-path={HERE / 'Cargo.toml'}"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in output.splitlines():
        message = json.loads(line)
        if "lev_capi" not in message.get("package_id", ""):
            continue
        if message["reason"] == "build-script-executed":
            header = Path(message["out_dir"], "lev.h")
        elif crate_type in message.get("target", {}).get("crate_types", []):
            library = Path(message["filenames"][0])
    return library, header


class Sdist(sdist):
    """Adds the folder `rust` with the workspace, as far as the library needs it."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        rust = Path(base_dir).resolve() / "rust"
        shutil.rmtree(rust, ignore_errors=True)
        for crate, parts in CRATES.items():
            (rust / crate).mkdir(parents=True)
            for part in parts:
                source = HERE.parent / crate / part
                copy = shutil.copytree if source.is_dir() else shutil.copy
                copy(source, rust / crate / part)
        shutil.copy(HERE.parent / "Cargo.lock", rust)
        manifest = (HERE.parent / "Cargo.toml").read_text(encoding="utf-8")
        members = f"members = {json.dumps(list(CRATES))}"
        manifest = re.sub(r"(?ms)^members = \[.*?^\]", members, manifest, count=1)
        (rust / "Cargo.toml").write_text(manifest, encoding="utf-8")
        # Cargo takes what only the other members need out of the lock, and nothing else.
        command = ["cargo", "metadata", "--format-version=1"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=rust)
