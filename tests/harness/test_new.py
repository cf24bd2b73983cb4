"""A contender that begins as a copy of another is built, verified and listed at once."""

from __future__ import annotations

import shutil

from .commands import STUDY, Workplace, without_the_bad

DESCRIPTION = """[[contender]]
name = "native"
title = "in C"
module = "words_native"
nickname = "c"
lines.glue = ["./*.c"]
"""


def place(folder, binary, python, home) -> Workplace:
    """The study with one contender and a variant that are described in their own folders."""
    shutil.copytree(STUDY, folder)
    study = without_the_bad((folder / "study.toml").read_text())
    before, entry, rest = study.partition('[[contender]]\nname = "native"')
    after = rest.partition("\n\n")[2]
    assert entry
    include = 'include = ["*/contender.toml", "*/variants/*/contender.toml"]\n'
    (folder / "study.toml").write_text(include + before + after)
    (folder / "native" / "contender.toml").write_text(DESCRIPTION)
    plain = folder / "native" / "variants" / "plain"
    plain.mkdir(parents=True)
    (plain / "contender.toml").write_text(
        DESCRIPTION.replace('"native"', '"native/plain"').replace("words_native", "words_plain")
        + 'variant_of = "native"\n'
    )
    (plain / "words_plain.c").touch()
    return Workplace(folder, binary, python, home)


def new(at: Workplace, *arguments: str):
    return at.ffi_bench("new", "contender", *arguments)


def test_a_new_contender_is_built_verified_and_listed(tmp_path, binary, python, home):
    at = place(tmp_path / "project", binary, python, home)
    done = new(at, "third", "--like", "native")
    assert done.returncode == 0, done
    assert "third/ is a copy of native/ with the module words_third" in done.stdout
    assert "Add a row to the table in README.md" in done.stdout
    assert "Include" not in done.stdout
    description = (at.folder / "third" / "contender.toml").read_text()
    assert 'module = "words_third"' in description
    assert "nickname" not in description
    assert (at.folder / "third" / "words_third.c").is_file()
    for verb in [["build", "--install-only"], ["verify"]]:
        done = at.ffi_bench(*verb, "--only", "third")
        assert done.returncode == 0, done
    listed = at.ffi_bench("list").stdout
    assert "words_third" in listed
    assert "words_native" in listed

    # A copy of a variant is a variant of the same contender.
    done = new(at, "native/fancy", "--like", "native/plain")
    assert done.returncode == 0, done
    # What it says can be typed as it stands.
    command = f"{at.binary} --study study.toml --python python3 bench --profile quick"
    assert f"    {command} --only native/fancy\n" in done.stdout
    assert (at.folder / "native" / "variants" / "fancy" / "words_fancy.c").is_file()
    assert "words_fancy" in at.ffi_bench("list").stdout

    # What is there is never overwritten.
    for arguments, said in [
        (["third", "--like", "native"], "already: choose another name"),
        (["fourth", "--like", "fifth"], "the study has no such contender"),
        (["fourth", "--like", "split"], "is no pattern"),
        (["../fourth", "--like", "native"], "a copy of native is called NAME"),
        (["fourth", "--like", "native/plain"], "a copy of native/plain is called native/NAME"),
        (["native/fancy", "--like", "native/plain"], "already: choose another name"),
        (["fourth", "--like", "native", "--module", "words_split"], "choose one with --module"),
    ]:
        done = new(at, *arguments)
        assert done.returncode == 2, done
        assert said in done.stderr
