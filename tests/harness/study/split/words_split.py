"""The baseline: what one would write."""


def noop():
    return None


def count(text):
    return len(text.split())


def count_repeated(text, n):
    for _ in range(n):
        words = count(text)
    return words


class Counter:
    def __init__(self, text):
        self.words = text.split()

    def lengths(self):
        # In another order, which the case's `answer` evens out.
        return [len(word) for word in reversed(self.words)]


def build_info():
    # A path of the machine, which no record may hold.
    return {"binding": "none", "compiler": "none", "flags": __file__}
