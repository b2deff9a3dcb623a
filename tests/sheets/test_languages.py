"""Column names and words in other languages: understood as their English terms, never translated in the record."""

from __future__ import annotations

import pytest

from riskassess.sheets.columns import propose
from riskassess.sheets.header import header_at
from riskassess.sheets.languages import in_english
from riskassess.sheets.marks import parse_bool
from riskassess.sheets.results import Parsed
from riskassess.sheets.status import parse_status
from riskassess.sheets.vocabulary import CATALOG_FIELDS
from riskassess.sheets.workbook import Grid


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Eingabepreis (€/1 Mio. Token)", "input price (€/1 million token)"),
        ("Prix par million de jetons", "price per million tokens"),
        ("入力価格 (円/100万トークン)", "input price ( yen / 1M tokens )"),
        ("Date de sortie", "release date"),
        ("Sortie", "output"),
        ("maxInputTokens", "maxInputTokens"),
        ("Landing page", "Landing page"),
    ],
)
def test_terms_of_lists_are_known_in_other_languages(heading: str, said: str) -> None:
    assert in_english(heading) == said


@pytest.mark.parametrize(
    "headings",
    [
        {"Anbieter": "vendor", "Modell": "model_name", "Eingabepreis (€/1 Mio. Token)": "input_price",
         "Ausgabepreis (€/1 Mio. Token)": "output_price", "Kontextfenster": "context_window",
         "Max. Ausgabe": "max_output", "Veröffentlicht": "release_date", "Bemerkung": "notes"},
        {"Fournisseur": "vendor", "Modèle": "model_name", "Prix entrée ($ / 1M tokens)": "input_price",
         "Prix sortie ($ / 1M tokens)": "output_price", "Fenêtre de contexte": "context_window",
         "Date de retrait": "retirement_date", "Remplaçant": "successor"},
        {"提供元": "vendor", "モデル名": "model_name", "入力価格 (円/100万トークン)": "input_price",
         "出力価格 (円/100万トークン)": "output_price", "コンテキスト長": "context_window", "提供状況": "status"},
        {"供应商": "vendor", "模型名称": "model_name", "输入价格": "input_price", "输出价格": "output_price",
         "上下文长度": "context_window", "备注": "notes"},
        {"Proveedor": "vendor", "Modelo": "model_name", "Precio de entrada": "input_price",
         "Precio de salida": "output_price", "Ventana de contexto": "context_window", "Moneda": "currency"},
    ],
)  # fmt: skip
def test_columns_go_by_their_names_in_other_languages(headings: dict[str, str]) -> None:
    grid = Grid("t", [list(headings), [None] * len(headings)])
    found = propose(grid, header_at(grid, 0), CATALOG_FIELDS)
    assert {one.header: one.field.name for one in found if one.field} == headings


def test_a_price_in_yen_for_a_million_tokens_says_so_in_japanese() -> None:
    grid = Grid("t", [["モデル名", "入力価格 (円/100万トークン)"], ["GPT-5", "190"]])
    price = propose(grid, header_at(grid, 0), CATALOG_FIELDS)[1]
    assert (str(price.unit), price.currency) == ("1M tokens", "JPY")


@pytest.mark.parametrize(
    ("cell", "stage"),
    [("Verfügbar", "ga"), ("Vorschau", "preview"), ("abgekündigt", "deprecated"), ("一般提供", "ga"),
     ("廃止", "retired"), ("Aperçu", "preview"), ("已弃用", "deprecated")],
)  # fmt: skip
def test_release_stages_are_known_in_other_languages(cell: str, stage: str) -> None:
    read = parse_status(cell)
    assert isinstance(read, Parsed)
    assert read.stated.value == stage  # type: ignore[union-attr]
    assert cell in read.note


@pytest.mark.parametrize(
    ("cell", "said"), [("nein", False), ("はい", True), ("未対応", False), ("不支持", False)]
)
def test_yes_and_no_are_known_in_other_languages(cell: str, said: bool) -> None:
    read = parse_bool(cell)
    assert isinstance(read, Parsed)
    assert read.stated.value is said  # type: ignore[union-attr]
