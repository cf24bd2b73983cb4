"""A verb is refused while what it needs has not been done, or is out of date."""

import shutil
import subprocess

import pytest

from .commands import record


def test_nothing_is_verified_or_run_before_it_is_built(spoilt):
    shutil.rmtree(spoilt.folder / "target")
    for verb in ["verify", "run"]:
        error = spoilt.refused(verb)
        assert "loop is not built" in error
        assert "ffi-bench build" in error


def test_nothing_is_run_before_it_is_verified(spoilt):
    (spoilt.state / "verify.json").unlink()
    error = spoilt.refused("run", "--study", "good.toml")
    assert "loop is not verified" in error
    assert "ffi-bench verify" in error


def test_a_case_that_verify_left_out_is_not_run(spoilt):
    (spoilt.state / "verify.json").unlink()
    good = ["--study", "good.toml"]
    assert spoilt.ffi_bench("verify", "--filter", "^call/", *good).returncode == 0
    assert "count/10" in spoilt.refused("run", *good)
    assert spoilt.ffi_bench("run", "--filter", "^call/", *good).returncode == 0


def test_nothing_is_run_when_its_sources_have_changed(spoilt):
    spoilt.edit("split/words_split.py", "text.split()", "text.split(' ')")
    error = spoilt.refused("run", "--study", "good.toml")
    assert "the sources of split have changed" in error
    assert "ffi-bench build" in error


def test_words_about_a_contender_are_no_sources(spoilt):
    (spoilt.folder / "split" / "README.md").write_text("Splits.")
    done = spoilt.ffi_bench("build", "--study", "good.toml")
    assert "split: already built" in done.stderr


def test_nothing_is_run_when_the_study_has_changed(spoilt):
    spoilt.edit("good.toml", "seed = 7", "seed = 8")
    assert "not verified as it is now" in spoilt.refused("run", "--study", "good.toml")
    spoilt.edit("good.toml", "seed = 8", "seed = 7")
    spoilt.edit("prelude.py", "randint(1, 8)", "randint(1, 9)")
    assert "not verified as it is now" in spoilt.refused("run", "--study", "good.toml")


def test_titles_and_charts_may_change(spoilt):
    spoilt.edit("good.toml", 'title = "a loop"', 'title = "The Loop"')
    spoilt.edit("good.toml", 'title = "Time by length"', 'title = "Length"')
    done = spoilt.ffi_bench("run", "--study", "good.toml", "--filter", "^call/")
    assert done.returncode == 0, done


def install_again(words, contender):
    """Gives the other tests back what they have verified."""
    pip = [words.python, "-m", "pip", "install", "--no-index", "--no-deps", "--force-reinstall"]
    (wheel,) = words.state.glob(f"build/{contender}/wheel/*.whl")
    subprocess.run([*pip, "--quiet", wheel], check=True)


def test_what_was_installed_since_is_not_what_was_verified(words, spoilt):
    """Another work tree of the same study installs into the same environment."""
    spoilt.edit("split/words_split.py", "text.split()", "text.split(' ')")
    try:
        assert spoilt.ffi_bench("build", "--only", "split").returncode == 0
        error = words.refused("run", "--study", "good.toml", "--results", "results/stale")
        assert "words_split is not what was verified" in error
        assert "ffi-bench verify" in error
        # The record that could not be made is not left behind, to be taken for the newest.
        assert not list(words.folder.glob("results/stale/*/record.json"))
    finally:
        install_again(words, "split")
        shutil.rmtree(words.folder / "results" / "stale", ignore_errors=True)


def test_building_leaves_no_copy_of_itself_behind(words, measured):
    """Each build copies the study's folder, in which the builds before it lie."""
    assert measured.build.returncode == 1
    assert not list(words.state.glob("build/*/*/source/target"))


@pytest.mark.thorough("measures builds again")
def test_effort_is_put_into_a_record_of_the_same_artefacts_only(words, measured, spoilt, tmp_path):
    folder = shutil.copytree(measured.good, tmp_path / "record")
    before = record(folder)["contenders"]["native"]["effort"]
    again = ["build", "--study", "good.toml", "--only", "native", "--again", "--record", folder]
    done = words.ffi_bench(*again)
    assert done.returncode == 0, done
    after = record(folder)["contenders"]["native"]["effort"]
    assert after["builds"] != before["builds"]
    assert after["lines"] == before["lines"]
    # The record of what was built from other sources is left as it is.
    spoilt.edit("native/words_native.c", "}", "\n}")
    try:
        assert "run `ffi-bench verify` first" in spoilt.refused(*again)
    finally:
        install_again(words, "native")
    assert record(folder)["contenders"]["native"]["effort"] == after
