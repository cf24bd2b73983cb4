"""A study in a folder of its own, and the commands that a user types there."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

STUDY = Path(__file__).parent / "study"

# Colours, cursor movements, carriage returns: nothing of the kind belongs into a log file.
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Workplace:
    """A copy of the study, the harness, and the Python of a virtual environment."""

    folder: Path
    binary: Path
    python: Path
    home: Path

    def command(self, *arguments: str | Path) -> list[str]:
        given = [str(argument) for argument in arguments]
        needed = {"--help": [], "compare": [], "list": ["--study"], "report": ["--study"]}
        needed |= {"new": ["--study"], "export": []}
        for option in needed.get(given[0], ["--study", "--python"]):
            if option not in given:
                given += [option, "study.toml" if option == "--study" else str(self.python)]
        return [str(self.binary), *given]

    def environment(self, **changes: str) -> dict[str, str]:
        # Rust's own tools are found by the home folder unless these say where they are.
        rust = {
            "CARGO_HOME": str(Path.home() / ".cargo"),
            "RUSTUP_HOME": str(Path.home() / ".rustup"),
        }
        return {**rust, **os.environ, "HOME": str(self.home), **changes}

    def ffi_bench(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess:
        """Runs a command to its end, as one whose output goes to a file."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        for text in (done.stdout, done.stderr):
            assert not CONTROL.search(text), f"control characters in {text!r}"
        assert "panicked" not in done.stderr, done.stderr
        return done

    def refused(self, *arguments: str | Path, **environment: str) -> str:
        """The error of a command that could do nothing."""
        done = self.ffi_bench(*arguments, **environment)
        assert done.returncode == 2, done
        return done.stderr

    def begin(self, *arguments: str | Path, stderr=subprocess.DEVNULL) -> subprocess.Popen:
        """Starts a command and does not wait for it."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(),
            preexec_fn=_hear_signals,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )

    def copy(self, to: Path) -> Workplace:
        """The same, built and verified, to be spoilt."""
        shutil.copytree(self.folder, to)
        return replace(self, folder=to)

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    @property
    def state(self) -> Path:
        """The folder with what one verb leaves for the next."""
        (built,) = self.folder.glob("target/ffi-bench/words-*/build.json")
        return built.parent


def _hear_signals() -> None:
    """Undoes what a parent may hand down, such as the `nohup` that the tests were started with."""
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        signal.signal(number, signal.SIG_DFL)


def without_the_bad(study: str) -> str:
    """The study with its good contenders only."""
    good, _, rest = study.partition("# The lines below are cut off")
    _, _, cases = rest.partition("end of the bad\n")
    assert cases
    return good + cases


def record(folder: Path) -> dict:
    return json.loads((folder / "record.json").read_text(encoding="utf-8"))


def slices(folder: Path, name: str = "slices.csv.gz") -> list[dict[str, str]]:
    """The raw measurements, read as anyone would."""
    with gzip.open(folder / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(folder: Path) -> str:
    return (folder / "tables.md").read_text(encoding="utf-8")


def table(text: str, heading: str) -> list[dict[str, str]]:
    """The table below a heading of tables.md, a dictionary of its columns for each row."""
    section = text.split(f"{heading}\n", 1)[1]
    section = re.split(r"^#", section, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    names, _, *body = cells
    return [dict(zip(names, row)) for row in body]


def rows(text: str, heading: str) -> dict[str, dict[str, str]]:
    """The same by the first cell of each row."""
    return {next(iter(row.values())): row for row in table(text, heading)}
