"""What people write for “as in the row above”, in one cell.

Not `same`, which may mean the column beside it, and no arrows: they tell what has risen.
"""

from __future__ import annotations

_WORDS = (
    "ditto", "same as above", "see above", "as above", "dito", "wie oben", "s.o.", "siehe oben", "idem", "id.",
    "ibid", "ibid.", "do.", "voir ci-dessus", "igual", "ídem", "同上", "〃", "″", "“", "”", "„",
    "\"", "''", "``", "\"\"", ",,",
    "- \" -", "-\"-", "-〃-", "—\"—",
)  # fmt: skip
DITTO = frozenset(
    form
    for word in _WORDS
    for form in (word, word.capitalize(), word.upper(), f"({word})", f" {word}", f"{word} ")
)
