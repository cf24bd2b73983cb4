import random
from pathlib import Path
from types import SimpleNamespace

import lev_pure
import pytest
from rapidfuzz.distance import Levenshtein
from speller.contenders import NICKNAMES, load_contender

from speller import GRANULARITIES, Correction, Speller, corrector, load_words

WORDS = ["the", "of", "hat", "cat", "then", "don't", "brown", "town", "it's", "bold", "bald"]


def speller(words: list[str] = WORDS, granularity: str = "dictionary", limit: int = 3) -> Speller:
    return Speller(lev_pure, granularity, words, limit)


def test_a_known_text_has_no_corrections() -> None:
    assert speller().correct("The HAT of the cat: it's Don\u2019t, cat's, I b.") == []


def test_position_and_proposals() -> None:
    assert speller().correct("the\nof the hta of\r\nborwn") == [
        Correction(2, 8, "hta", [("hat", 2), ("the", 3), ("of", 3)]),
        Correction(3, 1, "borwn", [("brown", 2), ("town", 2), ("bold", 3)]),
    ]


def test_ties_go_to_the_more_frequent_word() -> None:
    assert speller(["bald", "bold"]).propose("bild") == [("bald", 1), ("bold", 1)]
    assert speller(["bold", "bald"]).propose("bild") == [("bold", 1), ("bald", 1)]


def test_a_nearer_word_comes_before_a_more_frequent_one() -> None:
    # "the" has the letters of "teh", but two of them must be edited.
    assert speller(["the", "ten"]).propose("teh") == [("ten", 1), ("the", 2)]


@pytest.mark.parametrize(
    "word", ["teh", "borwn", "recieved", "merchindize", "do'nt", "na\u00efvee", "qqqqqqqqqqqq"]
)
def test_proposals_from_the_real_dictionary_are_those_of_brute_force(word: str) -> None:
    words = load_words()
    by_distance_then_rank = sorted(
        (Levenshtein.distance(word, known), rank) for rank, known in enumerate(words)
    )
    expected = [(words[rank], distance) for distance, rank in by_distance_then_rank[:50]]
    assert not speller(words).knows(word)
    assert speller(words, limit=50).propose(word) == expected


def test_the_contender_alone_decides_about_the_order() -> None:
    class Dictionary:
        def __init__(self, words: list[str]) -> None:
            pass

        def nearest(self, query: str, limit: int) -> list[tuple[int, int]]:
            return [(7, 3), (2, 0), (2, 1), (1, 2)]

    contender = SimpleNamespace(Dictionary=Dictionary)
    proposals = Speller(contender, "dictionary", WORDS, limit=2).propose("teh")
    assert proposals == [("cat", 7), ("the", 2), ("of", 2), ("hat", 1)]


def test_case_and_possessive_are_kept() -> None:
    corrections = speller(limit=1).correct("Teh TEH teh's TEH\u2019S")
    assert [correction.proposals[0][0] for correction in corrections] == [
        "The",
        "THE",
        "the's",
        "THE\u2019S",
    ]


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_each_unknown_word_is_searched_for_once(granularity: str) -> None:
    calls: list[str] = []

    class Dictionary:
        def __init__(self, words: list[str]) -> None:
            self.dictionary = lev_pure.Dictionary(words)

        def nearest(self, query: str, limit: int) -> list[tuple[int, int]]:
            calls.append(query)
            return self.dictionary.nearest(query, limit)

    def distance(query: str, word: str) -> int:
        if word == WORDS[0]:
            calls.append(query)
        return lev_pure.distance(query, word)

    def distances(query: str, words: list[str]) -> list[int]:
        calls.append(query)
        return lev_pure.distances(query, words)

    contender = SimpleNamespace(
        distance=distance, distance_myers=distance, distances=distances, Dictionary=Dictionary
    )
    text = "Teh teh the tEH hatt teh's"
    counting = Speller(contender, granularity, WORDS)
    assert len(counting.correct(text)) == 5
    assert calls == ["teh", "hatt"]
    # Another text is another search: a benchmark that repeats itself repeats the work.
    counting.correct(text)
    assert calls == ["teh", "hatt"] * 2


@pytest.mark.parametrize("at_once", [False, True])
def test_batches_share_what_was_found_and_forget_when_it_is_too_much(
    monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    searched: list[list[str]] = []

    class Dictionary:
        def __init__(self, words: list[str]) -> None:
            self.dictionary = lev_pure.Dictionary(words)

        def nearest(self, query: str, limit: int) -> list[tuple[int, int]]:
            searched.append([query])
            return self.dictionary.nearest(query, limit)

    class Together(Dictionary):
        def nearest_many(
            self, queries: list[str], limit: int, /, *, threads: int | None
        ) -> list[list[tuple[int, int]]]:
            searched.append(queries)
            return [self.dictionary.nearest(query, limit) for query in queries]

    monkeypatch.setattr(corrector, "MAX_REMEMBERED", 2)
    contender = SimpleNamespace(Dictionary=Together if at_once else Dictionary)
    counting = Speller(contender, "dictionary", WORDS, limit=3)
    found: corrector.Found = {}
    for text in ("teh hatt the", "teh borwn hatt's", "the", "teh"):
        corrections = counting.correct_batch([corrector.Fragment(1, 1, text)], found)
        assert list(corrections) == speller().correct(text)
    together = [["teh", "hatt"], ["borwn"], ["teh"]]
    assert searched == (together if at_once else [[word] for words in together for word in words])
    assert len(found) == 1


def test_correct_makes_one_search_for_each_word() -> None:
    # What is timed stays one call for each word, whatever else the contender offers.
    def dictionary(words: list[str]) -> SimpleNamespace:
        return SimpleNamespace(nearest=lev_pure.Dictionary(words).nearest, nearest_many=pytest.fail)

    contender = SimpleNamespace(Dictionary=dictionary)
    assert len(Speller(contender, "dictionary", WORDS).correct("teh hatt")) == 2


@pytest.mark.parametrize("limit", [0, 1, 5, 10**30])
def test_all_granularities_give_the_same_corrections(limit: int) -> None:
    generator = random.Random(4)
    words = sorted({"".join(generator.choices("abcde", k=generator.randint(1, 7)))
                    for _ in range(300)}, key=lambda _: generator.random())  # fmt: skip
    text = " ".join("".join(generator.choices("abcdef\u00e9\u0142", k=6)) for _ in range(30))
    reference = Speller(lev_pure, "pair", words, limit).correct(text)
    assert len(reference) > 20
    assert all(len(correction.proposals) == min(limit, len(words)) for correction in reference)
    for granularity in GRANULARITIES:
        assert Speller(lev_pure, granularity, words, limit).correct(text) == reference


def test_without_words_there_are_no_proposals() -> None:
    assert speller([]).correct("word") == [Correction(1, 1, "word", [])]


def test_an_unknown_granularity_is_refused() -> None:
    with pytest.raises(ValueError, match="granularity must be one of pair,"):
        speller(granularity="word")


def test_the_dictionary_is_ordered_by_frequency() -> None:
    words = load_words()
    assert words[:5] == ["the", "of", "and", "to", "a"]
    assert len(words) == len(set(words)) > 80_000
    assert load_words() is words


def test_nicknames_are_importable_names() -> None:
    assert load_contender("pure") is load_contender("lev_pure")
    for nickname, (module, _) in NICKNAMES.items():
        assert module == "lev_" + nickname.replace("-", "_")


def test_a_module_that_is_not_listed_has_a_nickname_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "distance = distance_myers = distances = Dictionary = None\n"
    (tmp_path / "lev_brand_new.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load_contender("brand-new").__name__ == "lev_brand_new"  # type: ignore[attr-defined]
