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


# What is seen, as it stands in a text, and the form in which it is looked up.
ONE_WORD = {
    "soft hyphen": ("misspel\u00adling", "misspelling"),
    "zero-width joiner": ("mis\u200dspelling", "misspelling"),
    "zero-width non-joiner": ("mis\u200cspelling", "misspelling"),
    "word joiner": ("mis\u2060spelling", "misspelling"),
    "byte-order mark": ("mis\ufeffspelling", "misspelling"),
    "left-to-right mark": ("mis\u200espelling", "misspelling"),
    "grapheme joiner": ("mis\u034fspelling", "misspelling"),
    "variation selector": ("mis\ufe0fspelling", "misspelling"),
    "hangul filler": ("mis\u3164spelling", "misspelling"),
    "half-width hangul filler": ("mis\uffa0spelling", "misspelling"),
    "inherent vowel of Khmer": ("mis\u17b4spelling", "misspelling"),
    "unassigned and ignorable": ("mis\u2065spelling", "misspelling"),
    "invisible beside an apostrophe": ("don\u2060'\u200dt", "don't"),
    "combining acute": ("cafe\u0301", "caf\u00e9"),
    "combining mark of a later block": ("mis\u1ab0spelling", "mis\u1ab0spelling"),
    "enclosing mark": ("mis\u20ddspelling", "mis\u20ddspelling"),
    "mark behind an invisible character": ("cafe\u200d\u0301", "caf\u00e9"),
    "ligature": ("\ufb01nd", "find"),
    "long s": ("\u017fentence", "sentence"),
    "long s and t": ("be\ufb05", "best"),
    "full width": ("\uff34\uff45\uff48", "teh"),
    "mathematical letters": ("\U0001d413\U0001d41e\U0001d421", "teh"),
    "small capitals": ("\u1d1b\u029c\u1d07", "\u1d1b\u029c\u1d07"),
    "superscript": ("t\u1d49h", "teh"),
    "left quotation mark": ("don\u2018t", "don't"),
    "right quotation mark": ("don\u2019t", "don't"),
    "reversed quotation mark": ("don\u201bt", "don't"),
    "letter apostrophe": ("don\u02bct", "don't"),
    "turned comma": ("don\u02bbt", "don't"),
    "letters in circles": ("\u24e3\u24d4\u24d7", "teh"),
    "letter in a circle": ("\u24cdrong", "xrong"),
    "letters in squares": ("\U0001f143eh", "teh"),
    "full-width apostrophe": ("don\uff07t", "don't"),
    "full-width throughout": ("\uff24\uff2f\uff2e\uff07\uff34", "don't"),
}


@pytest.mark.parametrize(("text", "expected"), ONE_WORD.values(), ids=ONE_WORD)
def test_one_word_by_the_rules_of_unicode(text: str, expected: str) -> None:
    assert list(find_words(f"({text}), and")) == [(1, text), (len(text) + 4, "and")]
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zero\u200bwidth space", ["zero", "width", "space"]),
        ("nb\u00a0space", ["nb", "space"]),
        ("\ufeffmark \u2060joiner\u2060 \u00adhyphen\u00ad", ["mark", "joiner", "hyphen"]),
        ("'quoted'\u2060 \u02bcquoted\u02bc", ["quoted", "quoted"]),
        ("word\U0001f469\u200d\U0001f4bb #\ufe0f\u20e3word", ["word", "word"]),
        ("don\u2032t \u05d3\u05f3t a.b c:d", ["don", "t", "t", "a", "b", "c", "d"]),
        ("mc\u00b2 2\u00aa \u00bd page\u2122", ["page"]),
        ("\u00ad\u0301 \u200d", []),
        ('<a href="http://a.example/b">teh</a>', ["a", "href", "teh", "a"]),
        ('{"url":"http://a.example","text":"teh"}', ["url", "text", "teh"]),
    ],
)
def test_what_is_beside_a_word(text: str, expected: list[str]) -> None:
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
        ("dont\u02bct", "don't", "don\u02bct"),
        ("t\u00adeh", "the", "the"),
        ("T\u00adeh", "the", "The"),
        ("\uff34\uff25\uff28", "the", "THE"),
    ],
)
def test_case_and_apostrophe_are_kept(original: str, proposal: str, expected: str) -> None:
    assert write_like(original, proposal) == expected
