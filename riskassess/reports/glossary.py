"""The words of a report, each in one sentence; printed at its end."""

from __future__ import annotations

JUDGEMENT = "Weights, widths and thresholds are expert judgement, not fitted."

_TEXT = """
Interval: From the best to the worst value that the evidence allows. Unknown is the whole range, never good.
Risk: 0 to 100, higher is worse: a weighted mean of the factors, lifted towards the worst of them.
Opportunity: 0 to 100, higher is better: what the offering brings to this use. It decides nothing.
Band: Low under 25, Moderate under 45, High under 70, Severe from 70.
Exposure: How much a factor matters in this use, 0 to 100, set by the rule shown, never by hand.
Level: How bad a factor is, 0 to 100: four steps of 25 between five described anchors.
Class: How far a factor counts as the worst one: A in full, B 65 %, C 36 %.
Points: Weight times exposure times level: a factor's line of the score. The lines add up exactly.
Peak line: 0.7 times the distance from the mean to the worst factor: good answers cannot buy off a bad one.
Grade: A letter for the kind of source, A (regulator, contract) to F (unattributed); a digit for how well it was verified, 1 to 6.
Tier: What a grade is worth, 5 to 0. It sets how wide the interval around an answer is.
Coverage: The share of what matters here that rests on evidence of tier 3 or better. Approval needs 60 %.
Gate: A fact that alone caps the decision, whatever the points say. In doubt it lets nothing pass.
Severity: A rule's exposure, 0 none to 4 critical. Exposure is not breach.
Raised, undetermined, clear: What a rule says on these facts: it applies; a fact is missing; it does not.
Citation mark: Verified, we read the text on that day; secondary source, we read about it; unchecked.
"""  # noqa: E501 - one line a term

GLOSSARY: tuple[tuple[str, str], ...] = tuple(
    (term, text) for term, text in (line.split(": ", 1) for line in _TEXT.strip().splitlines())
)

CONTROLS: tuple[tuple[str, str], ...] = (
    (
        "Control",
        "What lowers the level of the factors it names, in percent, once it works as meant. It opens no gate.",
    ),
    (
        "Status of a control",
        "Proposed counts nothing; committed from nothing to all; implemented from half to all; verified all.",
    ),
    (
        "Inherent, current, target",
        "The risk without controls; with each as far as its status is proven; with all of them verified.",
    ),
)
"""Printed where a run has controls."""
