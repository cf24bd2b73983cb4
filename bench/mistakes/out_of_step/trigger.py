"""Asks for a checksum that has more than 32 bits."""

import mistake

print(mistake.checksum("ways out of Python"))
