from words_absent import words_in

__all__ = ["words_in"]
