"""Its dependency was forgotten."""

import words_of_another_world  # noqa: F401
