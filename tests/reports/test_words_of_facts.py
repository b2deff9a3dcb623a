"""A fact that was chosen from a list is printed in the words of the list, its code behind them."""

from __future__ import annotations

import pytest

from riskassess.reports.sources import fact_read


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("user", "hcp", "Healthcare professionals (hcp)"),
        ("use", "cds", "Clinical decision support (cds)"),
        ("hipaa_role", "none", "None"),
        ("data_subject_blocs", ["UK", "US"], "United Kingdom (UK); United States (US)"),
        ("data_subject_blocs", [], "none"),
        ("zone", "EU", "EU"),
        ("zone", "from a later rulebook", "from a later rulebook"),
        ("no_fact_of_ours", "SE", "SE"),
    ],
)
def test_what_a_report_says_of_a_choice(name: str, value: object, said: str) -> None:
    assert fact_read(name, {"state": "known", "value": value}, "").value == said
