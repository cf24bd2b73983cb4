"""What others install to count words."""


def number_of_words(text):
    return len(text.split())
