"""What set-up code and checks of the study may call."""

import random


def texts(seed, count):
    """Texts of words and spaces: every length to 80 characters, again and again."""
    rng = random.Random(seed)
    for number in range(count):
        yield ("".join(rng.choices("ab c", k=number % 81)),)


def text_of(seed, words):
    rng = random.Random(seed)
    return " ".join("".join(rng.choices("abc", k=rng.randint(1, 8))) for _ in range(words))


def spend(steps):
    """Work that takes as long as its steps are many."""
    for _ in range(steps):
        pass
    return 0


def spend_repeatedly(steps, n):
    """The same in one crossing, again and again."""
    for _ in range(n):
        for _ in range(steps):
            pass
    return 0
