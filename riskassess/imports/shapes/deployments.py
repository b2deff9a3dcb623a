"""Deployment types as lists name them: how far each lets a request travel. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from riskassess.sheets.results import tidy

_SCOPES = (
    ("global", re.compile(r"\bglobal|\bworldwide\b|^gs\b", re.I)),
    ("data_zone", re.compile(r"\bdata\s*zone|\bcross[- ]?region|\bmulti[- ]?region|\bgeo(graphic)?\b|^dz\b", re.I)),
    ("regional", re.compile(r"\bregional\b|\bin[- ]region\b|\bsingle[- ]region\b|\bstandard\b|^sr\b", re.I)),
)  # fmt: skip
_SHORT = {"gs": "Global standard", "dz": "Data zone standard", "sr": "Standard/Regional"}
_ENDS = re.compile(r"\s*(?:[–—:|(›]|\s-\s).*$")


@dataclass(frozen=True, slots=True)
class DeploymentType:
    """A deployment type by the name its list gives it, and its scope."""

    name: str
    scope: str


def deployment_in(text: str) -> DeploymentType | None:
    """The deployment type a title, a heading or a cell names; None when it names none.

    `Global standard – Europe` is the type and where; only the type counts.
    """
    name = _ENDS.sub("", tidy(text)).strip(" *`")
    scope = scope_of(name)
    if not scope:
        return None
    first = name.split()[0].casefold()
    return DeploymentType(_SHORT.get(first, name)[:80], scope)


def scope_of(name: str) -> str:
    """`global`, `data_zone` or `regional`; '' when the name says none of them."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return next((scope for scope, words in _SCOPES if words.search(spaced)), "")
