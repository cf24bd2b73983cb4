"""The page as a file, without a browser: one file, small, and the same every time."""

import html
import re
import shutil

from harness.commands import Workplace

from .conftest import ROOT, report


def test_it_is_smaller_than_5_megabytes(thorough):
    assert thorough.stat().st_size < 5_000_000


def test_it_refers_to_nothing_that_is_loaded(thorough):
    text = thorough.read_text(encoding="utf-8")
    assert not re.findall(r"<(?:link|script|img|iframe|source|use|image)[^>]*https?:[^>]*>", text)
    assert not re.findall(r"@import|url\((?!#)", text)
    assert re.findall(r'<link[^>]*href="([^"]*)', text) == ["data:,"]
    assert not re.findall(r"\ssrc=", text)


def test_its_policy_forbids_everything_that_it_does_not_need(thorough):
    text = thorough.read_text(encoding="utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.split(maxsplit=1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert not re.search(r"https?:|\*", policy)
    assert "'self'" not in policy


def test_links_to_files_lead_to_files(thorough):
    text = html.unescape(thorough.read_text(encoding="utf-8"))
    links = {link for link in re.findall(r'href="([^"#][^"]*)"', text) if link != "data:,"}
    assert links
    beside = {link for link in links if not link.startswith("../../")}
    assert all((thorough.parent / link).is_file() for link in beside), beside
    # A record lies two folders below the root of the repository.
    assert all((ROOT / link[len("../../") :]).exists() for link in links - beside), links


def test_the_same_record_gives_the_same_bytes(thorough, binary, python, folder):
    def contents(record):
        files = sorted(file for file in record.rglob("*") if file.is_file())
        return {str(file.relative_to(record)): file.read_bytes() for file in files}

    record = thorough.parent
    before = contents(record)
    elsewhere = shutil.copytree(record, folder / "elsewhere" / "another name")
    for file in elsewhere.rglob("*.*"):
        if file.name not in {"record.json", "slices.csv.gz"}:
            file.unlink()
    workplace = Workplace(ROOT, binary, python, folder)
    study = ["--study", ROOT / "bench" / "study.toml"]
    for again in [record, elsewhere]:
        report(workplace, again, *study)
        after = contents(again)
        assert after.keys() == before.keys()
        assert [name for name in before if before[name] != after[name]] == []
