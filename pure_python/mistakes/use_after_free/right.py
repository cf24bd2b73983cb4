"""A copy of a text that can be closed before its time."""


class Buffer:
    def __init__(self, text: str) -> None:
        self.text: str | None = text


def close(buffer: Buffer) -> None:
    buffer.text = None


def length(buffer: Buffer) -> int:
    if buffer.text is None:
        raise ValueError("the buffer is closed")
    return len(buffer.text)
