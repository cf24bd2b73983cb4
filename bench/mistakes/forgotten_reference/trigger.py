"""Puts strings on a stack that nobody else keeps, then makes others, and looks at the top."""

import mistake

for number in range(10):
    mistake.push(f"kept {number}")
others = [f"other {number}" for number in range(10)]  # They take the place of what has died.
print(mistake.top())
