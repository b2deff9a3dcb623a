"""What a thing that an answer rests on is worth: the grade of a document or a word, by who vouches for it. No Django.

Reliability and verification are those of the method (`spec` section 2.3). Which of them a kind of document gets is
our judgement: a document is one documented artefact (verification 3), a bare word is stated only (4).
"""

from __future__ import annotations

from riskassess.scoring.inputs import Interest

Grade = tuple[str, int, Interest]

# In the words of the form -> (reliability, verification, interest).
RESTS_ON: dict[str, tuple[str, Grade]] = {
    "own_check": ("Our own check or test", ("A", 1, "neutral")),
    "contract": ("A signed contract clause", ("A", 3, "neutral")),
    "audit": ("An accredited audit report", ("B", 3, "neutral")),
    "vendor_document": ("The vendor's formal document", ("C", 3, "self")),
    "vendor_statement": ("The vendor's word", ("D", 4, "self")),
    "press": ("Press or an analyst", ("E", 4, "neutral")),
}
WORD = RESTS_ON["vendor_statement"][1]  # the least that an answer can rest on
