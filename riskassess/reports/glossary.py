# ruff: noqa: E501 - one line a term
"""The words of a report, each in one sentence; printed at its end."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

JUDGEMENT = gettext_noop("Weights, widths and thresholds are expert judgement, not fitted.")

GLOSSARY: tuple[tuple[str, str], ...] = (
    (gettext_noop('Interval'), gettext_noop('From the best to the worst value that the evidence allows. Unknown is the whole range, never good.')),
    (gettext_noop('Risk'), gettext_noop('0 to 100, higher is worse: a weighted mean of the factors, lifted towards the worst of them.')),
    (gettext_noop('Opportunity'), gettext_noop('0 to 100, higher is better: what the offering brings to this use. It decides nothing.')),
    (gettext_noop('Band'), gettext_noop('Low under 25, Moderate under 45, High under 70, Severe from 70.')),
    (gettext_noop('Exposure'), gettext_noop('How much a factor matters in this use, 0 to 100, set by the rule shown, never by hand.')),
    (gettext_noop('Level'), gettext_noop('How bad a factor is, 0 to 100: four steps of 25 between five described anchors.')),
    (gettext_noop('Class'), gettext_noop('How far a factor counts as the worst one: A in full, B 65 %, C 36 %.')),
    (gettext_noop('Points'), gettext_noop("Weight times exposure times level: a factor's line of the score. The lines add up exactly.")),
    (gettext_noop('Peak line'), gettext_noop('0.7 times the distance from the mean to the worst factor: good answers cannot buy off a bad one.')),
    (gettext_noop('Grade'), gettext_noop('A letter for the kind of source, A (regulator, contract) to F (unattributed); a digit for how well it was verified, 1 to 6.')),
    (gettext_noop('Tier'), gettext_noop('What a grade is worth, 5 to 0. It sets how wide the interval around an answer is.')),
    (gettext_noop('Coverage'), gettext_noop('The share of what matters here that rests on evidence of tier 3 or better. Approval needs 60 %.')),
    (gettext_noop('Gate'), gettext_noop('A fact that alone caps the decision, whatever the points say. In doubt it lets nothing pass.')),
    (gettext_noop('Severity'), gettext_noop("A rule's exposure, 0 none to 4 critical. Exposure is not breach.")),
    (gettext_noop('Raised, undetermined, clear'), gettext_noop('What a rule says on these facts: it applies; a fact is missing; it does not.')),
    (gettext_noop('Citation mark'), gettext_noop('Verified, we read the text on that day; secondary source, we read about it; unchecked.')),
)  # fmt: skip

CONTROLS: tuple[tuple[str, str], ...] = (
    (gettext_noop('Control'), gettext_noop('What lowers the level of the factors it names, in percent, once it works as meant. It opens no gate.')),
    (gettext_noop('Status of a control'), gettext_noop('Proposed counts nothing; committed from nothing to all; implemented from half to all; verified all.')),
    (gettext_noop('Inherent, current, target'), gettext_noop('The risk without controls; with each as far as its status is proven; with all of them verified.')),
)  # fmt: skip
"""Printed where a run has controls."""


def glossary(with_controls: bool) -> tuple[tuple[str, str], ...]:
    """Terms and sentences in the language in use."""
    return tuple((_(term), _(text)) for term, text in (GLOSSARY + CONTROLS if with_controls else GLOSSARY))
