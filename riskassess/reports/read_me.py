# ruff: noqa: E501 - one line a term
"""What the sheet "Read me" of a workbook says, in its order."""

from __future__ import annotations

from django.utils.translation import gettext_noop

READ_ME: tuple[tuple[str, str], ...] = (
    (gettext_noop('Read me'), gettext_noop('What is where, what may be changed, and the words used.')),
    (gettext_noop('Summary'), gettext_noop('The decision as recorded, beside what the formulas give after your changes.')),
    (gettext_noop('Assessment'), gettext_noop('The method as formulas. Change weight, level, tier or interest in the yellow cells, or clear a level: an empty one is unknown, so its interval is everything from 0 to 10,000.')),
    (gettext_noop('Tornado'), gettext_noop('What one answer alone moves, computed and sorted from what stands on the sheet Assessment.')),
    (gettext_noop('Grey cells'), gettext_noop('Values, not formulas: set by a regulatory rule, several pieces of evidence, a range as answer, or a refusal to answer. Column H says which. They follow no change of level.')),
    (gettext_noop('Gates'), gettext_noop('T true, F false, U unknown. An unknown gate imposes at most escalate. Gates that answers settle follow them; the yellow ones are typed.')),
    (gettext_noop('Exposure'), gettext_noop('Follows from the profile of the use, which is not changed here.')),
    (gettext_noop('Protection'), gettext_noop('All but the yellow cells is protected, without a password.')),
    (gettext_noop('Method'), gettext_noop('How wide an interval a tier leaves; thresholds; every question with its five anchors.')),
    (gettext_noop('Integers'), gettext_noop('Numerators are whole numbers below 2^53, so a spreadsheet holds them exactly; they are the same in page, PDF and JSON.')),
)  # fmt: skip
