"""What `split` does, after so much ceremony that only a long text makes it worth while."""


def noop():
    return None


def count(text):
    for _ in range(2000):
        pass
    return len(text.split())


def answer():
    """What the reference has no function for."""
    return 42
