"""Passes a line that nobody has made a point of, then None, where a point is expected."""

import mistake

here = mistake.point(3.0, 4.0)
answers = []
for other in (b"3.0 4.0", None):
    try:
        answers.append(str(mistake.distance(here, other)))
    except TypeError:
        answers.append("TypeError")
print(", ".join(answers))
