"""Counts into ten buckets a value that is one too large, then one that is negative."""

import mistake

answers = []
for value in (10, -1):
    try:
        answers.append(f"counted {mistake.count(value)}")
    except (IndexError, OverflowError):  # A type without sign refuses -1 with the second.
        answers.append("refused")
print(", ".join(answers))
