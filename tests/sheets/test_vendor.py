"""Vendors as lists spell them: kept as written; whom they seem to stand for is a suggestion."""

from __future__ import annotations

import pytest

from riskassess.sheets.cells import parse_vendor
from riskassess.sheets.makers import known_as, suggested_maker, suggested_vendor
from tests.sheets.answers import known, note


@pytest.mark.parametrize(
    ("written", "suggests"),
    [
        ("vertex_ai-anthropic_models", "Anthropic, sold by Google (Vertex AI)"),
        ("google-vertex-anthropic", "Anthropic, sold by Google (Vertex AI)"),
        ("Vertex (Anthropic)", "Anthropic, sold by Google (Vertex AI)"),
        ("vertex_ai-language-models", "Google (Vertex AI)"),
        ("bedrock_converse", "Amazon (Bedrock)"),
        ("amazon-bedrock", "Amazon (Bedrock)"),
        ("azure_ai", "Microsoft (Azure AI Foundry)"),
        ("moonshot_ai", "Moonshot AI"),
        ("minimax-coding-plan", "MiniMax"),
        ("x-ai", "xAI"),
    ],
)
def test_a_provider_id_suggests_a_vendor_and_is_kept_as_written(written: str, suggests: str):
    assert str(suggested_vendor(written)) == suggests
    result = parse_vendor(written)
    assert known(result) == written
    assert suggests in note(result)


@pytest.mark.parametrize("written", ["OpenAI", "openai", "Microsoft", "nano-gpt", "Poe", "Acme Models Inc."])
def test_a_name_that_says_itself_suggests_nothing(written: str):
    result = parse_vendor(written)
    assert known(result) == written
    assert note(result) == ""


@pytest.mark.parametrize(
    ("model_id", "maker"),
    [
        ("anthropic/claude-opus-5", "Anthropic"),
        ("openrouter/anthropic/claude-opus-5", "Anthropic"),
        ("us.anthropic.claude-v2:1", "Anthropic"),
        ("bedrock/us-east-1/anthropic.claude-v1", "Anthropic"),
        ("amazon.nova-pro-v1:0", "Amazon"),
        ("@cf/meta/llama-3", "Meta"),
        ("azure/gpt-4o", ""),
        ("gpt-4.1-mini", ""),
        ("fireworks_ai/accounts/fireworks/models/x", ""),
    ],
)
def test_an_id_can_name_its_owner(model_id: str, maker: str):
    assert suggested_maker(model_id) == maker


def test_spellings_of_one_company():
    assert {known_as(name) for name in ("Mistral AI", "mistralai", "mistral")} == {"Mistral AI"}
    assert known_as("Nobody Ltd") == ""
