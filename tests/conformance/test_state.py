"""A dictionary as an object of Python: its tag, the garbage collector, copies."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import weakref

import pytest

from .oracle import check_search, oracle

WORDS = ["kitten", "na\xefve", "\u4e2d\u6587", "\U0001f600"]
QUERY = "mitten"
EXPECTED = [oracle(QUERY, word) for word in WORDS]

pytestmark = pytest.mark.usefixtures("only_new_objects_are_collected")


class Tag:
    """Something that can be weakly referenced, and hold other things."""


def _tuples_around(tag, dictionary):
    """The tuples, at most one, in which a dictionary keeps its tag once more.

    Through such a tuple a chain of tags is freed without using up the stack.
    """
    tuples = [r for r in gc.get_referents(dictionary) if type(r) is tuple and tag in r]
    assert len(tuples) <= 1
    return tuples


def test_the_tag_is_given_back(lev):
    for tag in (None, 7, "text", WORDS, {}, Tag, Tag(), lev.Dictionary(WORDS), NotImplemented, ...):
        dictionary = lev.Dictionary(WORDS, tag)
        assert dictionary.tag is tag
        assert dictionary.tag is tag
        check_search(dictionary, QUERY, EXPECTED)
    assert lev.Dictionary(WORDS).tag is None
    # The tag of a dictionary is not looked at: an object that compares or is true in its own
    # way is a tag like any other.

    class Lying:
        def _lie(self, *_args):
            raise AssertionError("a method of the tag was called")

        __bool__ = __eq__ = __hash__ = __len__ = __iter__ = __repr__ = _lie

    tag = Lying()
    assert lev.Dictionary(WORDS, tag).tag is tag


def test_the_tag_is_read_only(lev):
    tag = Tag()
    dictionary = lev.Dictionary(WORDS, tag)
    for change in (
        lambda: setattr(dictionary, "tag", None),
        lambda: delattr(dictionary, "tag"),
        lambda: object.__setattr__(dictionary, "tag", None),
        lambda: object.__delattr__(dictionary, "tag"),
    ):
        with pytest.raises(AttributeError):
            change()
        assert dictionary.tag is tag


def test_the_tag_is_owned_once(lev):
    tag = Tag()
    before = sys.getrefcount(tag)
    dictionary = lev.Dictionary(WORDS, tag)
    # By one reference, or by one in the object and one in a tuple.
    owned = sys.getrefcount(tag) - before
    assert owned == 1 + len(_tuples_around(tag, dictionary))
    seen = dictionary.tag
    assert sys.getrefcount(tag) == before + owned + 1
    del seen, dictionary
    assert sys.getrefcount(tag) == before


def test_the_tag_lives_as_long_as_the_dictionary(lev):
    tag = Tag()
    alive = weakref.ref(tag)
    dictionary = lev.Dictionary(WORDS, tag)
    del tag
    gc.collect()
    assert dictionary.tag is alive()
    del dictionary
    assert alive() is None


def test_the_tag_of_a_dictionary_that_was_not_made(lev):
    def broken():
        yield "word"
        raise LookupError

    tag = Tag()
    before = sys.getrefcount(tag)
    for words, exception in (([None], TypeError), (5, TypeError), (broken(), LookupError)):
        with pytest.raises(exception):
            lev.Dictionary(words, tag)
    assert sys.getrefcount(tag) == before


def test_the_garbage_collector_sees_the_tag(lev):
    tag = Tag()
    dictionary = lev.Dictionary(WORDS, tag)
    assert gc.is_tracked(dictionary)
    # Each reference, or a cycle through it would stay.
    tuples = _tuples_around(tag, dictionary)
    referents = gc.get_referents(dictionary, *tuples)
    assert sum(referent is tag for referent in referents) == 1 + len(tuples)


def _around_an_object(lev):
    tag = Tag()
    tag.dictionary = lev.Dictionary(WORDS, tag)
    return weakref.ref(tag)


def _around_a_list(lev):
    canary = Tag()
    tag = [canary]
    tag.append(lev.Dictionary(WORDS, tag))
    return weakref.ref(canary)


def _around_two_dictionaries(lev):
    canary = Tag()
    tag = {"canary": canary}
    tag["outer"] = lev.Dictionary([], lev.Dictionary(WORDS, tag))
    return weakref.ref(canary)


def _around_a_method(lev):
    canary = Tag()
    tag = [canary]
    tag.append(lev.Dictionary(WORDS, tag).nearest_where)
    return weakref.ref(canary)


def _around_a_predicate(lev):
    canary = Tag()

    def keep(_distance, _index):
        return canary

    canary.dictionary = lev.Dictionary(WORDS, keep)
    canary.dictionary.nearest_where(QUERY, 2, keep)
    return weakref.ref(canary)


CYCLES = [
    _around_an_object,
    _around_a_list,
    _around_two_dictionaries,
    _around_a_method,
    _around_a_predicate,
]


@pytest.mark.parametrize("make", CYCLES)
def test_a_cycle_through_the_tag_is_freed(lev, make):
    gc.disable()
    try:
        alive = make(lev)
        # It is a cycle: without the collector it would stay.
        assert alive() is not None
        gc.collect()
        assert alive() is None
    finally:
        gc.enable()


def test_a_cycle_that_is_in_use_is_not_freed(lev):
    tag = Tag()
    dictionary = tag.dictionary = lev.Dictionary(WORDS, tag)
    alive = weakref.ref(tag)
    del tag
    gc.collect()
    assert dictionary.tag is alive()
    check_search(dictionary, QUERY, EXPECTED)
    # And neither is one that only a running search holds.
    holder = [dictionary]
    del dictionary

    def keep(_distance, _index):
        holder.clear()
        gc.collect()
        return alive() is not None

    assert len(holder[0].nearest_where(QUERY, 10, keep)) == len(WORDS)
    gc.collect()
    assert alive() is None


def test_a_dictionary_works_while_its_cycle_is_finalised(lev):
    seen = []

    class Last:
        def __del__(self):
            seen.append(self.dictionary.nearest(QUERY, 1))
            seen.append(self.dictionary.tag is self)
            if len(seen) == 2:
                seen.append(self)  # And lives again.

    tag = Last()
    tag.dictionary = lev.Dictionary(WORDS, tag)
    del tag
    gc.collect()
    ranking = sorted((d, i) for i, d in enumerate(EXPECTED))
    assert seen[:2] == [ranking[:1], True]
    tag = seen.pop()
    assert tag.dictionary.tag is tag
    check_search(tag.dictionary, QUERY, EXPECTED)
    alive = weakref.ref(tag)
    del tag
    gc.collect()
    assert alive() is None


def test_a_long_chain_of_tags_is_freed(lev):
    # Whoever frees one dictionary inside of another needs the stack for each of them.
    canary = Tag()
    alive = weakref.ref(canary)
    chain = lev.Dictionary(WORDS, canary)
    del canary
    for _ in range(200_000):
        chain = lev.Dictionary([], chain)
    gc.collect()
    assert alive() is not None
    del chain
    assert alive() is None
    # The same, when it is the garbage collector that finds it.
    cycle = [Tag()]
    alive = weakref.ref(cycle[0])
    chain = lev.Dictionary(WORDS, cycle)
    for _ in range(200_000):
        chain = lev.Dictionary([], chain)
    cycle.append(chain)
    del chain, cycle
    gc.collect()
    assert alive() is None


def test_tags_of_tags(lev):
    canary = Tag()
    alive = weakref.ref(canary)
    dictionary = lev.Dictionary(WORDS, canary)
    del canary
    for _ in range(1_000):
        dictionary = lev.Dictionary([], dictionary)
    gc.collect()
    assert alive() is not None
    del dictionary
    assert alive() is None


@pytest.mark.parametrize("tag", [None, 7, ["a list"]], ids=repr)
def test_it_is_neither_pickled_nor_copied(lev, tag):
    dictionary = lev.Dictionary(WORDS, tag)
    ways = [lambda n=n: pickle.dumps(dictionary, n) for n in range(pickle.HIGHEST_PROTOCOL + 1)]
    ways += [lambda: pickle.dumps([dictionary]), lambda: copy.deepcopy({"key": dictionary})]
    ways += [lambda: copy.copy(dictionary), lambda: copy.deepcopy(dictionary)]
    for way in ways:
        with pytest.raises(TypeError) as caught:
            way()
        assert caught.type is TypeError
    check_search(dictionary, QUERY, EXPECTED)
