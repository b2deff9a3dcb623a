"""How old evidence may be before it counts one tier less (method, section 2.3). No Django, no clock.

The method says that evidence has a greatest age, not which: the ages are ours. A run keeps those it was judged
by, so that it can be recomputed after they have changed; a run from before there were any has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

YEAR, HALF_A_YEAR = 365, 183

JUDGEMENT = (
    "A year follows the method's own anchors: an audit report of under 12 months (SEC-CRT), a test every year "
    "(SEC-VUL). Half a year for prices and releases follows the notice that its release factor asks for."
)


@dataclass(frozen=True, slots=True)
class Ages:
    """Days, by what evidence is graded and by the factor it speaks on; of two that apply the lesser counts."""

    by_grade: Mapping[str, int] = field(default_factory=dict)
    """By grade such as A1, else by its letter; a grade without an age does not age, on any factor."""
    by_factor: Mapping[str, int] = field(default_factory=dict)

    def greatest(self, factor: str, grade: str) -> int | None:
        """The greatest age of evidence of that grade on that factor; None where it does not age."""
        days = self.by_grade.get(grade, self.by_grade.get(grade[:1]))
        return None if days is None else min(days, self.by_factor.get(factor, days))

    def lasts(
        self, factor: str, grade: str, on: date | None, expires_on: date | None, as_of: date
    ) -> int | None:
        """The days after `on` for which one piece of evidence counts in full; None where it does not age.

        A document that says until when it holds is aged after that day, however young it is. Of an undated one
        nobody knows how old it is: it is aged where its grade ages at all, or once it has expired.
        """
        days = self.greatest(factor, grade)
        if expires_on is None:
            return days
        if on is None:
            return 0 if expires_on < as_of else days
        left = max((expires_on - on).days, 0)
        return left if days is None else min(days, left)

    def to_json(self) -> dict[str, dict[str, int]]:
        """As they stand in a run's record."""
        return {"by_grade": dict(self.by_grade), "by_factor": dict(self.by_factor)}


NOTHING_AGES = Ages()

GREATEST_AGES = Ages(
    by_grade={
        # A regulator's act and a signed contract (A3, A4) hold until they are changed. Our own test was of the
        # release that we tested.
        "A1": YEAR,
        "A2": YEAR,
        "B": YEAR,  # an audit report or a certificate covers a period; a study, the release it studied
        "C": 2 * YEAR,  # terms, data sheets and technical reports, which vendors keep up
        "D": YEAR,  # an announcement is never taken back, it is only forgotten
        "E": YEAR,
        # F, unattributed: it says next to nothing on its first day.
    },
    by_factor=dict.fromkeys(("OPS-REL", "OPS-CST", "OPP-PRC", "OPP-AVL"), HALF_A_YEAR),
)
