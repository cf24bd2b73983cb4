"""What is accepted: subclasses, iterables, numbers."""

from __future__ import annotations

import itertools

import pytest

from .callbacks import nothing_is_printed
from .oracle import check_pair, check_search, check_words, oracle
from .texts import Impostor, ListImpostor, LongImpostor

WORDS = ["kitten", "", "sitting", "na\xefve", "\u4e2d\u6587", "\U0001f600", "kitten"]
QUERY = "mitten"
EXPECTED = [oracle(QUERY, word) for word in WORDS]


class Index:
    """A number only by ``__index__``."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


@pytest.mark.needs("distance", "pair_length", "checks")
@pytest.mark.parametrize("kind", [Impostor, LongImpostor])
@pytest.mark.parametrize("content", ["sitting", "na\xefve", "\u4e2d\u6587x", "\U0001f600y", ""])
def test_subclass_of_str_counts_as_its_text(lev, kind, content):
    expected = oracle(QUERY, content)
    fake = kind(content)
    functions = [lev.distance]
    if hasattr(lev, "distance_myers"):
        functions.append(lev.distance_myers)
    if hasattr(lev, "distance_repeated"):
        functions += [lambda a, b, f=f: f(a, b, 2) for f in _repeated(lev)]
    for function in functions:
        assert function(fake, QUERY) == function(QUERY, fake) == expected
    size = len(QUERY) + len(content)
    assert lev.pair_length(fake, QUERY) == lev.pair_length(QUERY, fake) == size


@pytest.mark.needs("total_length", "checks")
@pytest.mark.parametrize("kind", [Impostor, LongImpostor])
def test_subclass_of_str_counts_as_its_text_in_total(lev, kind):
    for content in ("sitting", "na\xefve", "\u4e2d\u6587x", "\U0001f600y", ""):
        words = [QUERY, kind(content)]
        assert lev.total_length(words) == lev.total_length(iter(words)) == 6 + len(content)


@pytest.mark.needs("distances", "Dictionary", "Dictionary.nearest", "checks")
@pytest.mark.parametrize("kind", [Impostor, LongImpostor])
def test_subclass_of_str_counts_as_its_text_among_words(lev, kind):
    for content in ("sitting", "na\xefve", "\u4e2d\u6587x", "\U0001f600y", ""):
        expected = oracle(QUERY, content)
        fake = kind(content)
        assert lev.distances(fake, [QUERY]) == lev.distances(QUERY, [fake]) == [expected]
        check_search(lev.Dictionary([fake]), QUERY, [expected])
        check_search(lev.Dictionary([QUERY]), fake, [expected])


def _repeated(lev):
    return lev.distance_repeated, lev.distance_myers_repeated


@pytest.mark.needs("distances", "checks")
def test_subclass_of_list_is_read_as_a_list(lev):
    assert lev.distances(QUERY, ListImpostor(WORDS)) == EXPECTED


@pytest.mark.needs("Dictionary", "Dictionary.nearest")
@pytest.mark.parametrize(
    "make",
    [
        list,
        tuple,
        iter,
        lambda words: (word for word in words),
        lambda words: dict(enumerate(words)).values(),
    ],
    ids=["list", "tuple", "iterator", "generator", "view"],
)
def test_dictionary_of_any_iterable(lev, make):
    dictionary = lev.Dictionary(make(WORDS))
    assert len(dictionary) == len(WORDS)
    check_search(dictionary, QUERY, EXPECTED)


@pytest.mark.needs("Dictionary", "Dictionary.nearest")
def test_dictionary_of_set_dict_and_str(lev):
    for iterable in ({"ab", "cd", "\u0161"}, {"ab": 1, "": 2}, "na\xefve \u4e2d\U0001f600"):
        order = list(iterable)
        check_search(lev.Dictionary(iterable), "ab", [oracle("ab", word) for word in order])


def test_dictionary_asks_a_subclass_for_its_iterator(lev):
    # Unlike distances(), which takes a list, it takes an iterable.
    class Reversed(list):
        def __iter__(self):
            return reversed(["other", "words"])

    check_search(lev.Dictionary(Reversed(["a"])), "word", [oracle("word", "words"), 5])


class Hinting:
    """An iterator that hints at how many words there are left, or fails to."""

    def __init__(self, claim, words):
        self.claim = claim
        self.words = iter(words)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.words)

    def __length_hint__(self):
        if isinstance(self.claim, Exception):
            raise self.claim
        return self.claim


class Measuring(Hinting):
    """One that says so by its length."""

    __len__ = Hinting.__length_hint__


@pytest.mark.needs("Dictionary", "Dictionary.nearest", "checks")
@pytest.mark.parametrize("kind", [Hinting, Measuring])
def test_dictionary_does_not_believe_a_length(lev, kind):
    for claim in (0, 1, 100_000, 2**60, 2**63 - 1, 2**64, -1, "7", LookupError("no length")):
        with nothing_is_printed():
            check_search(lev.Dictionary(kind(claim, WORDS)), QUERY, EXPECTED)
            with pytest.raises(TypeError):
                lev.Dictionary(kind(claim, [*WORDS, None]))


@pytest.mark.needs("Dictionary", "checks")
def test_the_first_object_that_is_no_string_ends_a_dictionary(lev):
    for rest in (itertools.count(), itertools.repeat(b"word"), itertools.repeat(None)):
        with pytest.raises(TypeError):
            lev.Dictionary(itertools.chain(WORDS, rest))


@pytest.mark.needs("Dictionary", "Dictionary.__len__", "total_length")
def test_an_iterator_that_has_ended_is_not_asked_again(lev):
    class Resuming:
        """Ends after each word, and goes on when it is asked again."""

        def __init__(self):
            self.asked = 0

        def __iter__(self):
            return self

        def __next__(self):
            self.asked += 1
            if self.asked % 2 == 0:
                raise StopIteration
            return "word"

    assert len(lev.Dictionary(Resuming())) == 1
    assert lev.total_length(Resuming()) == 4


def test_empty_word_lists(lev):
    check_words(lev, QUERY, [])
    check_words(lev, "", [])
    check_words(lev, "", [""])
    assert lev.Dictionary("").nearest("x", 10) == []


def test_dictionary_does_not_change_with_its_source(lev):
    words = list(WORDS)
    dictionary = lev.Dictionary(words)
    words.reverse()
    words.clear()
    check_search(dictionary, QUERY, EXPECTED)


def test_iterator_that_changes_its_source(lev):
    source = ["one", "two", "three"]

    def growing():
        for i, word in enumerate(source):
            if i < 5:
                source.append(f"{word}{i}" * 50)
            # Another dictionary is made while this one is.
            assert len(lev.Dictionary(source)) == len(source)
            yield word

    dictionary = lev.Dictionary(growing())
    check_search(dictionary, "three", [oracle("three", word) for word in source])


def test_limit(lev):
    dictionary = lev.Dictionary(WORDS)
    ranking = sorted((d, i) for i, d in enumerate(EXPECTED))
    limits = [0, 1, 2, len(WORDS) - 1, len(WORDS), len(WORDS) + 1, 1000]
    limits += [2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64, 10**30]
    for limit in limits:
        assert dictionary.nearest(QUERY, limit) == ranking[:limit], limit
        assert dictionary.nearest(QUERY, Index(limit)) == ranking[:limit], limit
        for value in (limit, Index(limit)):
            found = dictionary.nearest_where(QUERY, value, lambda *_: True)
            assert found == ranking[:limit], limit
    assert dictionary.nearest(QUERY, True) == ranking[:1]
    assert dictionary.nearest(QUERY, False) == []
    assert lev.Dictionary([]).nearest(QUERY, 10**30) == []
    assert lev.Dictionary([]).nearest_where(QUERY, 10**30, lambda *_: True) == []


def test_a_limit_of_zero_needs_no_search(lev):
    # A kernel that would last for minutes.
    dictionary = lev.Dictionary(["a" * 200_000] * 100)
    for limit in (0, False, Index(0)):
        found = dictionary.nearest("b" * 200_000, limit)
        assert found == []
        found.append("mine")


def test_n(lev):
    for n in (1, 2, 7, Index(3), True):
        assert [f(QUERY, "sitting", n) for f in _repeated(lev)] == [3, 3]
    # Nothing is lost when the strings cost nothing.
    assert [f("", "", 100_000) for f in _repeated(lev)] == [0, 0]


def test_init_changes_nothing(lev):
    tag = object()
    dictionary = lev.Dictionary(WORDS, tag)
    dictionary.__init__()
    dictionary.__init__(["other"])
    dictionary.__init__(["other"], "other tag")
    dictionary.__init__(1, 2, 3, four=5)
    assert dictionary.tag is tag
    assert len(dictionary) == len(WORDS)
    check_search(dictionary, QUERY, EXPECTED)


def test_complete_without_init(lev):
    tag = object()
    dictionary = lev.Dictionary.__new__(lev.Dictionary, WORDS, tag)
    assert dictionary.tag is tag
    assert len(dictionary) == len(WORDS)
    check_search(dictionary, QUERY, EXPECTED)


def test_results_are_not_shared(lev):
    dictionary = lev.Dictionary(WORDS)
    dictionary.nearest(QUERY, 3).clear()
    dictionary.nearest_where(QUERY, 3, lambda *_: True).clear()
    lev.distances(QUERY, WORDS).clear()
    check_search(dictionary, QUERY, EXPECTED)
    check_pair(lev, QUERY, WORDS[0])
