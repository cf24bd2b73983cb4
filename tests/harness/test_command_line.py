"""What is said before anything is measured: help, the machine, the study, and refusals."""

import json
import re

import pytest

VERBS = [
    "bench",
    "doctor",
    "list",
    "new",
    "build",
    "verify",
    "run",
    "count",
    "observe",
    "self-test",
    "report",
    "compare",
    "ab",
    "export",
]


def test_help_names_every_verb_and_the_exit_codes(words):
    done = words.ffi_bench("--help")
    assert done.returncode == 0
    listed = re.findall(r"^  ([a-z-]+)  ", done.stdout, re.MULTILINE)
    assert [verb for verb in listed if verb != "help"] == VERBS
    assert "Exit codes" in done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_its_options(words, verb):
    done = words.ffi_bench(verb, "--help")
    assert done.returncode == 0
    assert f"Usage: ffi-bench {verb}" in done.stdout
    # Every option comes with a sentence, below it or beside it.
    for found in re.finditer(r"^ +(?:-\w, )?--[^\n]*", done.stdout, re.MULTILINE):
        rest = re.split(r" {2,}|\n", done.stdout[found.start() :].lstrip(), maxsplit=1)[1]
        assert re.match(r"\s*[A-Z]", rest), found.group()


@pytest.mark.parametrize("verb", [None, *VERBS])
def test_help_is_plain_and_has_an_example(words, verb):
    text = words.ffi_bench(*([verb] if verb else []), "--help").stdout
    prose, _, example = text.partition("\nExample")
    assert f"  ffi-bench {verb or 'bench'} " in example, text
    # Each option, verb, step and exit code has a text of its own.
    for paragraph in re.split(r"\n\s*\n|\n +(?=-|\d+\. |[\w+-]+ {2})", prose):
        for sentence in re.split(r"(?<=[.;:])\s+", " ".join(paragraph.split())):
            assert len(sentence.split()) <= 25, sentence
            assert not re.match("Needed are|Who|What ", sentence), sentence


def test_list_shows_contenders_checks_cases_and_profiles(words):
    done = words.ffi_bench("list")
    assert done.returncode == 0
    for name in ["native", "words_native", "texts", "count/1000", "list/lengths", "long"]:
        assert name in done.stdout


def test_list_is_narrowed(words):
    done = words.ffi_bench("list", "--only", "native", "--filter", "^count/10$")
    assert done.returncode == 0
    assert "shy" not in done.stdout
    assert "call/noop" not in done.stdout
    # The reference and the baseline always take part.
    for name in ["loop", "split", "native", "count/10"]:
        assert name in done.stdout


def test_doctor_is_content_with_a_complete_machine(words):
    done = words.ffi_bench("doctor")
    assert done.returncode == 0, done
    assert "CPython" in done.stdout
    assert "missing" not in done.stdout


def test_doctor_says_what_is_missing_and_how_to_get_it(words, base_python, tmp_path):
    done = words.ffi_bench("doctor", "--python", base_python, PATH=str(tmp_path))
    assert done.returncode == 1
    assert re.search("missing: .*virtual environment", done.stdout)
    assert re.search(r"missing: no cargo.*https://rustup\.rs", done.stdout)


def test_doctor_warns_of_what_was_built_from_other_sources(spoilt):
    assert "is installed from other sources" not in spoilt.ffi_bench("doctor").stdout
    spoilt.edit("split/words_split.py", "text.split()", "text.split(None)")
    done = spoilt.ffi_bench("doctor")
    assert done.returncode == 0
    assert "warning: split is installed from other sources" in done.stdout


def test_doctor_warns_of_an_artefact_that_is_not_what_was_verified(spoilt):
    verdicts = spoilt.state / "verify.json"
    found = json.loads(verdicts.read_text())
    found["native"]["artefact"] = "0" * 16
    verdicts.write_text(json.dumps(found))
    done = spoilt.ffi_bench("doctor")
    assert "the installed words_native is not the verified one" in done.stdout


@pytest.mark.parametrize(
    ("flags", "warning"),
    [("-O2 -O0", "a debug build"), ("-O2 -fsanitize=address", "built with -fsanitize=address")],
)
def test_doctor_warns_of_a_build_that_nobody_ships(spoilt, flags, warning):
    verdicts = spoilt.state / "verify.json"
    found = json.loads(verdicts.read_text())
    found["native"]["build_info"] = {"flags": flags}
    verdicts.write_text(json.dumps(found))
    done = spoilt.ffi_bench("doctor")
    assert "warning: native: " in done.stdout
    assert warning in done.stdout


def test_contenders_are_never_installed_outside_a_virtual_environment(words, base_python):
    assert "virtual environment" in words.refused("build", "--python", base_python)


@pytest.mark.parametrize("verb", ["doctor", "build", "verify", "run"])
def test_a_python_that_is_not_there_is_named(words, verb):
    error = words.refused(verb, "--python", "/no/such/python")
    assert "/no/such/python" in error
    assert "--python" in error


def test_a_program_that_is_no_python_is_refused(words):
    said = words.refused("doctor", "--python", "/bin/false")
    assert "is not a Python interpreter: it does not run a program" in said
    assert "(exit status: 1)" in said


@pytest.mark.parametrize("verb", ["list", "build", "verify", "run"])
def test_an_unknown_contender_is_refused_with_the_known_ones(words, verb):
    error = words.refused(verb, "--only", "spit")
    assert "spit" in error
    assert "split, native" in error


@pytest.mark.parametrize("verb", ["list", "verify", "run"])
def test_a_filter_that_matches_nothing_is_refused(words, verb):
    assert "^nowhere/" in words.refused(verb, "--filter", "^nowhere/")


def test_a_filter_that_is_no_pattern_is_refused(words):
    assert "unclosed" in words.refused("list", "--filter", "(")


BROKEN = {
    "no toml": ("[study]", "[study", "study.toml"),
    "a misspelt key": ("seed = 7", "sead = 7", "sead"),
    "an unknown reference": ('reference = "loop"', 'reference = "loup"', "'loup'"),
    "an unknown baseline": ('baseline = "split"', 'baseline = "spilt"', "'spilt'"),
    "a name twice": ('name = "native"', 'name = "split"', "'split' is used twice"),
    "an unknown contender in a case": ('["loop", "split"', '["loup", "split"', "'loup'"),
    "an unknown parameter": ("count/{words}", "count/{wrods}", "count/{wrods}"),
    "an unknown kind of chart": ('kind = "forest"', 'kind = "pie"', "pie"),
    "a chart of no pattern": ('cases = "^count/"', 'cases = "("', "by-length"),
    "no such prelude": ('prelude = "prelude.py"', 'prelude = "prelud.py"', "prelud.py"),
    "a prelude that raises": ("prelude.py", "1 / 0", "ZeroDivisionError"),
    "inputs that raise": ("texts(seed, count)", "test(seed, count)", "'test' is not defined"),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_study_is_refused_by_the_name_of_the_mistake(spoilt, mistake):
    old, new, named = BROKEN[mistake]
    if mistake == "a prelude that raises":
        (spoilt.folder / old).write_text(new)
    else:
        spoilt.edit("study.toml", old, new)
    assert named in spoilt.refused("verify")


def test_a_study_that_is_not_there_is_named(words):
    assert "nothing.toml" in words.refused("list", "--study", "nothing.toml")
