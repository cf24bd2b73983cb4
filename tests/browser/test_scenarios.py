"""The guide advises what docs/guide.md has worked out by hand."""

import re

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.usefixtures("browser")

TEXT = (ROOT / "docs" / "guide.md").read_text("utf-8")
ROWS = re.findall(r"^\| .* \| `(work=[^`]*)` \| ([^|]*) \| .* \|$", TEXT, re.MULTILINE)


def test_there_are_ten():
    assert len(ROWS) == 10


@pytest.mark.parametrize(("choices", "advice"), ROWS)
def test_the_advice_is_that_of_the_document(view, thorough, choices, advice):
    page = view(thorough, f"#{choices.replace(' ', '+')}")
    assert page.advised() == advice
    # A choice that the page does not know would be left out without a word.
    for choice in choices.split("&"):
        name, _, value = choice.partition("=")
        assert page.chosen(name) == value
