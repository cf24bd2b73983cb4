"""The reference: one step for each character."""


def noop():
    return None


def count(text):
    words, inside = 0, False
    for character in text:
        if character == " ":
            inside = False
        elif not inside:
            words, inside = words + 1, True
    return words


def count_repeated(text, n):
    for _ in range(n):
        words = count(text)
    return words


class Counter:
    def __init__(self, text):
        self.words = [word for word in text.split(" ") if word]

    def lengths(self):
        return [len(word) for word in self.words]
