"""A spell-corrector whose distances come from any contender of the study.

>>> import lev_pure
>>> from speller import Speller
>>> Speller(lev_pure, "pair", ["the", "hat", "then"], limit=2).correct("Teh hat")
[Correction(line=1, column=1, word='Teh', proposals=[('The', 2), ('Then', 2)])]
"""

from speller.corrector import Correction, Speller
from speller.errors import SetupError, UnreadableTextError
from speller.granularity import GRANULARITIES
from speller.words import load_words

__all__ = [
    "GRANULARITIES",
    "Correction",
    "SetupError",
    "Speller",
    "UnreadableTextError",
    "load_words",
]
