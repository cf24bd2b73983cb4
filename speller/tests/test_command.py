"""The command as a user types it."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TEXTS = Path(__file__).parent.parent / "src" / "speller" / "texts"


def run(
    *arguments: str | Path, input: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [sys.executable, "-m", "speller", *arguments],
        input=input,
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=100,
    )
    return subprocess.CompletedProcess(
        result.args, result.returncode, result.stdout.decode(), result.stderr.decode()
    )


def test_standard_input() -> None:
    result = run("-", input=b"Quik browm fox.\n")
    assert result.stdout == (
        "-:1:1: Quik -> Quick, Quiz, Quit, Quid, Quirk\n"
        "-:1:6: browm -> brown, brow, broom, brows, from\n"
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_several_files_and_a_limit(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"an eror {name}\n")
    result = run("--limit", "1", tmp_path / "a", tmp_path / "b")
    assert result.stdout == f"{tmp_path}/a:1:4: eror -> error\n{tmp_path}/b:1:4: eror -> error\n"
    assert result.returncode == 0


def test_the_short_text_has_one_unknown_word() -> None:
    result = run(TEXTS / "short.txt")
    assert result.stdout.startswith(f"{TEXTS}/short.txt:4:1: merchindize -> merchandise, ")
    assert result.stdout.count("\n") == 1


@pytest.mark.parametrize("granularity", ["pair", "pair-myers", "list", "dictionary"])
def test_every_granularity_and_a_module_as_contender(granularity: str) -> None:
    result = run(
        "--contender", "lev_pure", "--granularity", granularity, "--limit", "2", "-",
        input=b"haricane",
    )  # fmt: skip
    assert result.stdout == "-:1:1: haricane -> hurricane, arcane\n"


def test_json_is_one_document(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("Eror and\neror\n")
    result = run("--json", "--limit", "2", text, tmp_path / "missing")
    assert result.returncode == 1
    proposals = [{"word": "error", "distance": 1}, {"word": "err", "distance": 1}]
    capital = [{"word": "Error", "distance": 1}, {"word": "Err", "distance": 1}]
    assert json.loads(result.stdout) == {
        "format": 1,
        "contender": "pure",
        "granularity": "dictionary",
        "limit": 2,
        "corrections": [
            {"file": str(text), "line": 1, "column": 1, "word": "Eror", "proposals": capital},
            {"file": str(text), "line": 2, "column": 1, "word": "eror", "proposals": proposals},
        ],
        "errors": [{"file": f"{tmp_path}/missing", "message": "No such file or directory"}],
    }


def test_json_without_corrections() -> None:
    document = json.loads(run("--json", "-", input=b"all is well").stdout)
    assert document["corrections"] == document["errors"] == []


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    bad = {
        "binary": (b"\x7fELF\0\0", "binary data"),
        "control": (b"\x01\x02\x03\x04", "binary data"),
        "latin1": (b"caf\xe9\n", "not UTF-8 text (byte 0xe9 at offset 3)"),
        "missing": (None, "No such file or directory"),
        "folder": (None, "Is a directory"),
    }
    for name, (data, _) in bad.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    (tmp_path / "good").write_text("eror")
    result = run("--limit", "1", *(tmp_path / name for name in bad), tmp_path / "good")
    assert result.returncode == 1
    assert result.stdout == f"{tmp_path}/good:1:1: eror -> error\n"
    messages = result.stderr.splitlines()
    assert len(messages) == len(bad)
    for (name, (_, message)), line in zip(bad.items(), messages, strict=True):
        assert line.startswith(f"speller: {tmp_path}/{name}: {message}")


def test_an_empty_file_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    result = run(tmp_path / "empty")
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == f"speller: {tmp_path}/empty: is empty, nothing to correct\n"


def test_what_was_read_before_bad_bytes_is_corrected(tmp_path: Path) -> None:
    (tmp_path / "late").write_bytes(b"eror\n" + b"fine\n" * 50_000 + b"\xff")
    result = run("--limit", "1", tmp_path / "late")
    assert result.returncode == 1
    assert result.stdout == f"{tmp_path}/late:1:1: eror -> error\n"
    assert "byte 0xff at offset 250005" in result.stderr


def test_names_and_words_that_the_output_cannot_encode(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff"
    with open(path, "w", encoding="utf-8") as file:
        file.write("na\u00efvee")
    result = run("--limit", "1", os.fsdecode(path), env={"PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0
    assert result.stdout == f"{tmp_path}/\\xff:1:1: na\\xefvee -> naive\n"


def test_json_holds_names_that_are_not_utf_8(tmp_path: Path) -> None:
    for byte in (b"\xfe", b"\xff"):
        with open(os.fsencode(tmp_path) + b"/" + byte, "w") as file:
            file.write("eror" if byte == b"\xfe" else "\0")
    names = [f"{tmp_path}/{os.fsdecode(byte)}" for byte in (b"\xfe", b"\xff", b"\xfd")]
    document = json.loads(run("--json", *names).stdout)
    # A lone surrogate could not be encoded again.
    json.dumps(document, ensure_ascii=False).encode()
    assert [item["file"] for item in document["corrections"]] == [f"{tmp_path}/\\xfe"]
    assert [item["file"] for item in document["errors"]] == [
        f"{tmp_path}/\\x{b}" for b in ("ff", "fd")
    ]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_nothing_that_a_terminal_would_obey_is_printed(tmp_path: Path, options: list[str]) -> None:
    path = tmp_path / "\x1b[7mname\r\n\x9b\u202e\x7f"
    path.write_text("ero\u200er \x1b]eror")
    missing = tmp_path / "\x1b[7m"
    result = run(*options, "--limit", "1", path, missing)
    assert result.returncode == 1
    for text in (result.stdout, result.stderr):
        assert "name" in text or "[7m" in text
        assert all(line.isprintable() for line in text.split("\n"))
    if not options:
        name = f"{tmp_path}/\\x1b[7mname\\r\\n\\x9b\\u202e\\x7f"
        assert result.stdout == f"{name}:1:1: ero\\u200er -> error\n{name}:1:9: eror -> error\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--limit", "\x1b[7m"],
        ["--\x1b[7m", "-"],
        ["--contender", "\x1b[7m", "-"],
        ["--seed", "\x1b"],
    ],
)
def test_wrong_usage_is_quoted_without_what_a_terminal_would_obey(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert "\\x1b" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give at least one FILE"),
        (["--limit", "0", "-"], "'0' is not a positive whole number"),
        (["--limit", "x", "-"], "'x' is not a positive whole number"),
        (["--granularity", "word", "-"], "invalid choice"),
        (["--evaluate", "0"], "'0' is not a positive whole number"),
        (["--evaluate", "2", "-"], "--evaluate reads no FILE"),
        (["--evaluate", "2", "--limit", "3"], "leave --limit out"),
        (["--seed", "2", "-"], "--seed belongs to --evaluate"),
        (["--contender", "no_such_module", "-"], "no module named no_such_module"),
        (["--contender", "../x", "-"], "neither a contender (pure, "),
        (["--contender", "", "-"], "neither a contender (pure, "),
        (["--contender", "json", "-"], "module json is not a contender: no distance, "),
        (["--contender", "json.no", "-"], "no module named json.no"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_contender_says_how_to_install_it(tmp_path: Path) -> None:
    # An import that finds nothing, whatever is installed.
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['lev_c'] = None\n")
    result = run("--contender", "c", "-", env={"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 2
    assert "'c' is not installed" in result.stderr
    assert "pip install ./c_ext" in result.stderr


def test_a_contender_that_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import no_such_dependency\n")
    result = run("--contender", "broken", "-", env={"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 2
    assert "cannot be loaded: No module named 'no_such_dependency'" in result.stderr


@pytest.mark.parametrize("package", ["symspellpy", "codespell_lib"])
def test_missing_data_says_how_to_install_it(tmp_path: Path, package: str) -> None:
    # A package of the same name that comes first and holds nothing.
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    result = run("--evaluate", "1", env={"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 2
    assert f"pip install {package.removesuffix('_lib')}" in result.stderr


def test_an_evaluation_is_repeatable() -> None:
    first = run("--evaluate", "5", "--seed", "3", "--json")
    assert first.returncode == 0
    document = json.loads(first.stdout)
    assert document["all"]["entries"] == 5
    assert document["all"]["top1"] <= document["all"]["top5"] <= 5
    assert document["entries"] == document["scorable"] + sum(document["left_out"].values())
    assert run("--evaluate", "5", "--seed", "3", "--json").stdout == first.stdout
    assert "top-1" in run("--evaluate", "1").stdout


def test_help_teaches() -> None:
    result = run("--help")
    assert result.returncode == 0
    for part in ("example:", "exit codes:", "pair-myers", "pyo3-idiomatic", "130"):
        assert part in result.stdout


def test_the_example_of_the_help_is_true() -> None:
    text = run("--help").stdout
    for line in run("-", input=b"Quik browm fox.\n").stdout.splitlines():
        assert line in text


# Python buffers its output, unless this is set to something.
UNBUFFERED = pytest.mark.parametrize("unbuffered", ["", "1"])
WRITING = [["-"], ["--json", "-"], ["--help"], ["--version"], ["--evaluate", "1"]]


@UNBUFFERED
@pytest.mark.parametrize("arguments", WRITING)
def test_a_closed_pipe_is_quiet(arguments: list[str], unbuffered: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "speller", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(b"eror\n" * 20_000, timeout=60)
    assert (process.returncode, errors) == (141, b"")


def test_a_pipe_that_is_closed_after_a_line_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("eror\n" * 20_000)
    code = tmp_path / "code"
    command = f'("$0" -m speller "$1"; echo $? >"{code}") | head -1'
    result = subprocess.run(
        ["sh", "-c", command, sys.executable, str(tmp_path / "text")], capture_output=True
    )
    assert result.stdout.count(b"\n") == 1
    assert (result.stderr, code.read_text()) == (b"", "141\n")


@UNBUFFERED
@pytest.mark.parametrize("arguments", WRITING)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_reported(arguments: list[str], unbuffered: str) -> None:
    with open("/dev/full", "wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "speller", *arguments],
            input=b"eror",
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    assert process.returncode == 1
    assert process.stderr == b"speller: cannot write: No space left on device\n"


@pytest.mark.parametrize("arguments", WRITING)
def test_a_closed_standard_output_is_reported(arguments: list[str]) -> None:
    result = subprocess.run(
        ["sh", "-c", '"$0" -m speller "$@" >&-', sys.executable, *arguments],
        input=b"eror",
        capture_output=True,
    )
    assert result.returncode == 1
    assert result.stderr == b"speller: cannot write: standard output is closed\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
def test_without_standard_error_the_exit_code_tells(redirection: str) -> None:
    result = subprocess.run(
        ["sh", "-c", f'"$0" -m speller missing - {redirection}', sys.executable],
        input=b"eror",
        capture_output=True,
    )
    assert result.returncode == 1
    assert result.stdout.startswith(b"-:1:1: eror -> error,")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that opens and fails")
def test_an_error_of_reading_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "good").write_text("eror")
    result = run("--limit", "1", "/proc/self/mem", tmp_path / "good")
    assert result.returncode == 1
    assert result.stderr == "speller: /proc/self/mem: Input/output error\n"
    assert result.stdout == f"{tmp_path}/good:1:1: eror -> error\n"


@pytest.mark.parametrize("separator", ["\t", ",", "\u00a0", '","'])
def test_no_word_is_cut_in_a_long_line(tmp_path: Path, separator: str) -> None:
    words = ["receive", "beginning"] * 10_000 + ["eror"] + ["the", "separate"] * 10_000
    (tmp_path / "text").write_text(separator.join(words))
    column = 20_000 * 8 + 20_000 * len(separator) + 1
    expected = f"1:{column}: eror -> error\n"
    result = run("--limit", "1", tmp_path / "text")
    assert (result.returncode, result.stdout) == (0, f"{tmp_path}/text:{expected}")
    command = 'cat "$1" | "$0" -m speller --limit 1 -'
    piped = subprocess.run(
        ["sh", "-c", command, sys.executable, str(tmp_path / "text")], capture_output=True
    )
    assert (piped.returncode, piped.stdout.decode()) == (0, f"-:{expected}")


# A contender that writes down each search.
RECORDER = """
from lev_pure import distance, distance_myers, distances
def note(*words):
    with open("searches", "a") as file: print(*words, file=file)
class Dictionary:
    def __init__(self, words): pass
    def nearest(self, query, limit):
        note(query)
        return [(1, 0)]
"""
MANY = """
    def nearest_many(self, queries, limit, threads):
        note(*queries)
        return [[(1, 0)]] * len(queries)
"""


@pytest.mark.parametrize(
    ("contender", "searches"),
    [(RECORDER, "eror\nwrod\nwritting\n"), (RECORDER + MANY, "eror wrod\nwritting\n")],
)
def test_an_unknown_word_of_many_files_is_searched_for_once(
    tmp_path: Path, contender: str, searches: str
) -> None:
    (tmp_path / "recorder.py").write_text(contender)
    (tmp_path / "a").write_text("eror wrod Eror's eror")
    (tmp_path / "b").write_text("wrod writting")
    command = [sys.executable, "-m", "speller", "--contender", "recorder", "a", "b"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert result.stdout.count(b"->") == 6
    assert (tmp_path / "searches").read_text() == searches


def test_ctrl_c_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "sleeper.py").write_text(
        "import time\n"
        "from lev_pure import distance, distance_myers, distances\n"
        "class Dictionary:\n"
        "    def __init__(self, words): pass\n"
        "    def nearest(self, query, limit):\n"
        "        open(query, 'w').close()\n"
        "        time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "speller", "--contender", "sleeper", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert process.stdin is not None
    process.stdin.write(b"searching\nserching\n")
    process.stdin.flush()
    deadline = time.monotonic() + 30
    while not (tmp_path / "serching").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, b"")


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("eror\n" * 3)
    command = [sys.executable, "-m", "speller", str(tmp_path / "text")]
    master, slave = pty.openpty()
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=slave, check=True)
    # Without a bar there is nothing to read, and a read would wait for ever.
    os.set_blocking(master, False)
    shown = os.read(master, 1 << 16)
    os.close(slave)
    os.close(master)
    assert b"15.0" in shown
    # The time that is left stands behind the time that has gone.
    assert re.search(rb"\d\d:\d\d<\d\d:\d\d", shown)
    assert result.stdout.count(b"eror -> error") == 3
    assert subprocess.run(command, capture_output=True, check=True).stderr == b""


@pytest.mark.thorough("reads a huge file")
def test_a_huge_file_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    line = b"It was the best of times, it was the worst of times, eror said nobody.\n"
    with open(path, "wb") as file:
        for _ in range(20):
            file.write(line * 10_000)
    command = (
        "import resource, sys; from speller.cli import main; code = main(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr);"
        "sys.exit(code)"
    )
    peaks = []
    (tmp_path / "small").write_bytes(line)
    for name in ("small", "huge"):
        result = subprocess.run(
            [sys.executable, "-c", command, "--json", str(tmp_path / name)],
            capture_output=True,
            check=True,
        )
        peaks.append(int(result.stderr))
    assert len(json.loads(result.stdout)["corrections"]) == 200_000
    assert path.stat().st_size > 14_000_000
    # The unit is kilobytes (bytes on macOS); the text alone would add its whole size.
    assert peaks[1] - peaks[0] < 8_000 * (1024 if sys.platform == "darwin" else 1)
