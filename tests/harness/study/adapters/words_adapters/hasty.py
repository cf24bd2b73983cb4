"""The same library, by somebody who counts no further than a hundred."""

from words_library import number_of_words


def words_in(text):
    return min(number_of_words(text), 100)
