"""A copy of a text that can be closed before its time."""


class Buffer:
    def __init__(self, text: str) -> None:
        self.text: str | None = text


def close(buffer: Buffer) -> None:
    buffer.text = None


def length(buffer: Buffer) -> int:
    # None has no length: what the caller sees is an exception, if not a helpful one.
    return len(buffer.text)
