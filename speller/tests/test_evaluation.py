import lev_pure
from speller.evaluation import Entry, LeftOut, evaluate, load_misspellings, parse_misspellings
from speller.output import evaluation_as_text

from speller import Speller

WORDS = ["the", "hat", "cat", "then", "brown", "town", "bold", "bald", "bred", "bread"]


def test_format_of_the_list() -> None:
    lines = ["Hta->hat", "brwn->brown, bran,", "clld->called, cold, not in C", "a->b, why not"]
    assert parse_misspellings(lines) == [
        Entry("hta", ["hat"]),
        Entry("brwn", ["brown", "bran"]),
        Entry("clld", ["called", "cold"]),
        Entry("a", ["b"]),
    ]


def test_the_installed_list_is_read_completely() -> None:
    entries = load_misspellings()
    assert len(entries) > 60_000
    assert all(entry.misspelling and all(entry.corrections) for entry in entries)


def test_an_evaluation_counts_what_it_scores_and_what_not() -> None:
    entries = [
        Entry("hta", ["hat"]),  # right at once
        Entry("bild", ["bald"]),  # second: "bold" is as near and more frequent
        Entry("bredd", ["bread", "a bred"]),  # "bred" comes first
        Entry("berd", ["bred"]),  # third: "bold" and "bald" are as near and more frequent
        Entry("teh", ["nothing", "the"]),  # any listed correction counts
        Entry("tzzzwn", ["bald"]),  # not among the first five
        Entry("2nd", ["second"]),
        Entry("cat's", ["cats"]),
        Entry("alot", ["a lot"]),
        Entry("xyzzzy", ["plugh"]),
    ]
    speller = Speller(lev_pure, "dictionary", WORDS)
    result = evaluate(speller, entries, 1000, seed=0)
    assert result.entries == 10
    assert result.left_out == LeftOut(1, 1, 1, 1)
    assert (result.scorable, result.scorable_single) == (6, 4)
    assert result.all == (6, 2, 5)
    assert result.single == (4, 1, 3)
    text = evaluation_as_text(result)
    assert "single correction            4    25.0%    75.0%" in text
    assert "all                          6    33.3%    83.3%" in text


def test_the_seed_decides_the_sample() -> None:
    entries = [Entry("h" + "x" * length + "t", ["hat"]) for length in range(2, 42)]
    speller = Speller(lev_pure, "dictionary", WORDS)

    def drawn(seed: int) -> list[Entry]:
        sample: list[Entry] = []

        def watch(entries: list[Entry]) -> list[Entry]:
            sample.extend(entries)
            return entries

        evaluate(speller, entries, 10, seed, watch)
        return sample

    assert len(drawn(1)) == 10
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_nothing_to_score() -> None:
    result = evaluate(Speller(lev_pure, "pair", WORDS), [], 5, seed=0)
    assert result.all == result.single == (0, 0, 0)
    assert "-" in evaluation_as_text(result)
