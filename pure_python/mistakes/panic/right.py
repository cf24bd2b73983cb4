"""The mean of whole numbers, rounded."""


def mean(numbers: list[int]) -> int:
    if not numbers:
        raise ValueError("the mean of nothing")
    return sum(numbers) // len(numbers)
