"""What can go wrong without a mistake in the program."""


class SetupError(Exception):
    """A contender or a data package is not installed, or is not what its name promises."""


class UnreadableTextError(Exception):
    """A file cannot be read, or what it holds is not UTF-8 text."""


class UnwritableOutputError(Exception):
    """Standard output takes no more, for another reason than that its reader has gone."""
