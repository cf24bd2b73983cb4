import pytest
from speller.tokens import MAX_LETTERS, find_words, normalise, split_possessive, write_like


def words(text: str) -> list[str]:
    return [word for _, word in find_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   \t ", []),
        ("The cat, the hat.", ["The", "cat", "the", "hat"]),
        ("don't can\u2019t", ["don't", "can\u2019t"]),
        ("'quoted' \u2018so\u2019", ["quoted", "so"]),
        ("the dogs' tails", ["the", "dogs", "tails"]),
        ("well-known mother-in-law", ["well", "known", "mother", "in", "law"]),
        ("dash\u2014dash", ["dash", "dash"]),
        ("2nd x86 1984 snake_case plain", ["plain"]),
        ("see https://example.com/teh?q=wrod now", ["see", "now"]),
        ("see WWW.example.com, (http://a.b/c) now", ["see", "now"]),
        ("mail jon.smiht@example.com now", ["mail", "now"]),
        ("na\u00efve cafe\u0301", ["na\u00efve", "cafe\u0301"]),
        ("\u0441\u043b\u043e\u0432\u043e \u4e2d\u6587 word", ["word"]),
        ("nul\0nul \ud800 word", ["nul", "nul", "word"]),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_offsets_count_code_points() -> None:
    text = "\U0001f600 na\u00efve (word)"
    assert [text[offset : offset + len(word)] for offset, word in find_words(text)] == [
        "na\u00efve",
        "word",
    ]


def test_a_run_too_long_to_be_a_word_is_skipped() -> None:
    longest = "a" * MAX_LETTERS
    assert words(f"{longest} {longest}a") == [longest]


@pytest.mark.parametrize("unit", ["a", "a-", "a.", "a'", "'"])
def test_a_long_run_takes_linear_time(unit: str) -> None:
    # Quadratic time would be hours for this text.
    text = unit * 1_000_000
    assert len(words(text)) in {0, 1_000_000}


def test_normal_form() -> None:
    assert normalise("Don\u2019T") == "don't"
    assert normalise("Cafe\u0301") == "caf\u00e9"


def test_possessive() -> None:
    assert split_possessive("cat's") == ("cat", "'s")
    assert split_possessive("cats") == ("cats", "")


@pytest.mark.parametrize(
    ("original", "proposal", "expected"),
    [
        ("teh", "the", "the"),
        ("Teh", "the", "The"),
        ("TEH", "the", "THE"),
        ("tEh", "the", "the"),
        ("A", "an", "An"),
        ("DONT'T", "don't", "DON'T"),
        ("dont\u2019t", "don't", "don\u2019t"),
    ],
)
def test_case_and_apostrophe_are_kept(original: str, proposal: str, expected: str) -> None:
    assert write_like(original, proposal) == expected
