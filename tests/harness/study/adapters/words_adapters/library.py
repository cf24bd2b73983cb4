from words_library import number_of_words as words_in

__all__ = ["words_in"]
