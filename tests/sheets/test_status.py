"""Release stages: in a column of their own, and written with a model's name."""

from __future__ import annotations

import pytest

from riskassess.sheets.cells import Problem, parse_status
from riskassess.sheets.status import split_status
from tests.sheets.answers import note, said


@pytest.mark.parametrize(
    ("value", "stage"),
    [
        ("GA", "ga"),
        ("Generally available", "ga"),
        ("General Availability (GA)", "ga"),
        ("Latest stable", "ga"),
        ("✅ GA", "ga"),
        ("beta", "preview"),
        ("**Preview**", "preview"),
        ("(preview)", "preview"),
        ("Public preview", "preview"),
        ("Public preview (US only)", "preview"),
        ("Private Preview", "early_access"),
        ("Gated research preview", "early_access"),
        ("deprecated", "deprecated"),
        ("Deprecated 2026-08-20", "deprecated"),
        ("Legacy", "deprecated"),
        ("End-of-life", "retired"),
        ("End of Life (EOL)", "retired"),
        ("No longer available", "retired"),
        ("Coming soon", "announced"),
        ("Unreleased", "announced"),
        ("Legacy (EOL 2026-05-01)", "deprecated"),
        ("stable (latest)", "ga"),
        ("GA (Generally Available)", "ga"),
        ("Limited GA", "early_access"),
        ("<ul><li>Hosted on Azure: GA </li><li>Hosted on Anthropic: GA </li></ul>", "ga"),
        ("Preview<sup>2</sup>", "preview"),
        ("N/A", "not applicable"),
        ("—", "unknown"),
        ("", "unknown"),
    ],
)
def test_release_stages(value: str, stage: str):
    assert said(parse_status(value)) == stage


def test_words_that_are_not_the_stage_itself_are_quoted():
    assert "Deprecated 2026-08-20" in note(parse_status("Deprecated 2026-08-20"))
    assert note(parse_status("ga")) == ""


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("Preview; GA in Europe", "more than one release status: ga and preview"),
        ("<ul><li>Hosted here: GA</li><li>Hosted there: Preview</li></ul>", "more than one"),
        ("not GA", "not a release status"),
        ("purple", "not a release status"),
        ("Available (gated)", "more than one release status: early_access and ga"),
        ("this is a long story about a preview that somebody wrote", "not a release status"),
    ],
)
def test_what_names_no_one_stage_is_a_problem(value: str, why: str):
    problem = parse_status(value)
    assert isinstance(problem, Problem)
    assert why in problem.what
    assert "preview" in problem.hint


@pytest.mark.parametrize(
    ("name", "kept", "stage"),
    [
        ("Cohere-parse-v5\nPreview", "Cohere-parse-v5", "preview"),
        ("Opus 4.8 (fast mode) (preview)", "Opus 4.8 (fast mode) (preview)", "preview"),
        ("Gemini 3 [Beta]", "Gemini 3 [Beta]", "preview"),
        ("Opus 4.8 (fast mode)", "Opus 4.8 (fast mode)", None),
        ("gpt-4o-preview", "gpt-4o-preview", None),
        ("claude\n(with reasoning)", "claude\n(with reasoning)", None),
        ("Preview", "Preview", None),
    ],
)
def test_a_stage_written_with_a_name(name: str, kept: str, stage: str | None):
    assert split_status(name) == (kept, stage)
