"""Closes a buffer, fills another, and asks the closed one for its length."""

import mistake

mine = mistake.Buffer("mine")
mistake.close(mine)
other = mistake.Buffer("another")  # It takes the place of the memory that was freed.
try:
    print(mistake.length(mine))
except ValueError:
    print("ValueError")
