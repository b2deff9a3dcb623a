"""Column names and words in other languages: understood as their English terms, never translated in the record."""

from __future__ import annotations

import pytest

from riskassess.kernel.stated import Known
from riskassess.sheets.columns import MappedColumn, parse_cell, propose
from riskassess.sheets.conditions import condition_of
from riskassess.sheets.header import header_at
from riskassess.sheets.languages import in_english
from riskassess.sheets.marks import parse_bool
from riskassess.sheets.prices import Price
from riskassess.sheets.results import Parsed
from riskassess.sheets.status import parse_status
from riskassess.sheets.vocabulary import CATALOG_FIELDS, FIELDS_BY_NAME
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
        {"廠商": "vendor", "模型名稱": "model_name", "輸入價格（每百萬 tokens）": "input_price",
         "輸出價格（每百萬 tokens）": "output_price", "快取輸入價格": "cache_read_price",
         "上下文長度": "context_window",
         "最大輸出": "max_output", "停用日期": "retirement_date", "備註": "notes"},
        {"提供元": "vendor", "モデル名": "model_name", "バージョン": "version",
        "入力価格（20万トークン以下）": "input_price",
         "入力価格（20万トークン超）": "long_input_price", "バッチ入力価格": "batch_input_price",
         "キャッシュ書き込み": "cache_write_price", "最大出力トークン数": "max_output",
         "提供終了予定日": "retirement_date"},
        {"供应商": "vendor", "模型": "model_name", "缓存命中输入价格": "cache_read_price",
        "批量输入价格": "batch_input_price",
         "长上下文输入价格": "long_input_price", "发布日期": "release_date"},
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
    [("公開預覽", "preview"), ("已棄用", "deprecated"), ("正式推出", "ga"), ("廃止予定", "deprecated"),
    ("Verfügbar", "ga"), ("Vorschau", "preview"), ("abgekündigt", "deprecated"), ("一般提供", "ga"),
     ("廃止", "retired"), ("Aperçu", "preview"), ("已弃用", "deprecated")],
)  # fmt: skip
def test_release_stages_are_known_in_other_languages(cell: str, stage: str) -> None:
    read = parse_status(cell)
    assert isinstance(read, Parsed)
    assert read.stated.value == stage  # type: ignore[union-attr]
    assert cell in read.note


@pytest.mark.parametrize(
    ("cell", "said"),
    [("nein", False), ("はい", True), ("未対応", False), ("不支持", False), ("支援", True), ("無", False)],
)
def test_yes_and_no_are_known_in_other_languages(cell: str, said: bool) -> None:
    read = parse_bool(cell)
    assert isinstance(read, Parsed)
    assert read.stated.value is said  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        ("context_window", "20万トークン", 200_000), ("context_window", "12.8萬", 128_000),
        ("context_window", "128,000 トークン", 128_000), ("retirement_date", "2026年5月1日", "2026-05-01"),
        ("retirement_date", "令和8年5月", "2026-05"), ("retirement_date", "2026年第3四半期", "2026-Q3"),
        ("price_unit", "百萬 tokens", "1M tokens"),
    ],
)  # fmt: skip
def test_numbers_and_days_are_read_as_they_are_written_there(field: str, cell: str, said: object) -> None:
    read = parse_cell(cell, MappedColumn(0, FIELDS_BY_NAME[field]))
    assert isinstance(read, Parsed)
    assert isinstance(read.stated, Known)
    value = read.stated.value
    assert (value if isinstance(value, int) else str(value)) == said
    assert read.note.startswith(f"“{cell}” read as")


def test_a_price_names_its_money_and_its_unit() -> None:
    read = parse_cell("2元/百万tokens", MappedColumn(0, FIELDS_BY_NAME["input_price"]))
    assert isinstance(read, Parsed)
    assert isinstance(read.stated, Known)
    price = read.stated.value
    assert isinstance(price, Price)
    assert (float(price.amount), str(price.unit), price.currency) == (2.0, "1M tokens", "CNY")


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("バッチ", "batch"), ("批次", "batch"), ("20万トークン超", "> 200K tokens"), ("200K 以上", "≥ 200K tokens"),
        ("200K以下", ""), ("標準", ""), ("長上下文", "long context"), ("優先", "priority"),
    ],
)  # fmt: skip
def test_tiers_are_known_in_other_languages(words: str, condition: str) -> None:
    assert condition_of(words) == condition


def test_a_price_with_a_word_before_it_that_nobody_knows_is_no_usual_price() -> None:
    grid = Grid("t", [["モデル名", "微調整入力価格"], ["swift", 3]])
    assert propose(grid, header_at(grid, 0), CATALOG_FIELDS)[1].field is None
