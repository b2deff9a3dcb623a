"""The price list that `import_bench.py` brings in: 20 columns as vendors send them, a few rows wrong.

Half of the models are sold by two sellers. One row in 200 has a cell that cannot be read or no vendor, one in
400 repeats the first row. The same size always gives the same file.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

HEADER = ("Provider", "Model", "Model ID", "Developer", "Model version", "Family", "Mode", "Context window",
          "Max output tokens", "Knowledge cutoff", "Release date", "License", "Open weights", "Status",
          "Retirement date", "Documentation URL", "Input $/1M tokens", "Output $/1M tokens",
          "Cached input $/1M tokens", "Regions")  # fmt: skip
Row = list[str | int | float | bool | date | None]
_DAY = date(2022, 1, 1)


def rows(count: int) -> Iterator[Row]:
    """The rows below the header."""
    chance = random.Random(20261126)
    makers = [f"Maker {number}" for number in range(1, 61)]
    clouds = [f"Cloud {number}" for number in range(1, 21)]
    made: list[Row] = []
    while len(made) < count:
        model = _model(len(made), chance.choice(makers), chance)
        sellers = chance.sample(clouds, 2) if chance.random() < 0.5 else [model[3], chance.choice(clouds)]
        for seller in sellers[: 1 if chance.random() < 0.5 else 2]:
            made.append([seller, *model[1:]])
    for row in made[:count]:
        if chance.random() < 0.0025:
            yield made[0][:]
        elif chance.random() < 0.005:
            yield _spoilt(row, chance)
        else:
            yield row


def _model(number: int, maker: str, chance: random.Random) -> Row:
    released = _DAY + timedelta(days=chance.randrange(1600))
    retired = released + timedelta(days=chance.randrange(400, 1400)) if chance.random() < 0.2 else None
    price = round(chance.lognormvariate(0, 1.5), 4)
    return [
        "",
        f"Swift {number} {chance.choice(('mini', 'large', 'pro', 'base'))}",
        f"{maker.lower().replace(' ', '-')}/swift-{number}-{chance.randrange(10**6)}",
        maker,
        f"{chance.randrange(1, 5)}.{chance.randrange(10)}",
        f"Swift {number % 300}",
        chance.choice(("chat", "embedding", "image generation", "audio transcription")),
        chance.choice((8192, 32768, 128000, 200000, 1000000)),
        chance.choice((4096, 8192, 64000, None)),
        f"{released.year - 1}-{chance.randrange(1, 13):02}",
        released,
        chance.choice(("Proprietary", "Apache 2.0", "MIT", "Community licence")),
        chance.random() < 0.3,
        chance.choice(("GA", "GA", "GA", "Preview", "Beta", "Deprecated")),
        retired,
        f"https://vendor.example/docs/models/{number}",
        price,
        round(price * chance.choice((2, 3, 4, 5)), 4),
        round(price / 10, 5) if chance.random() < 0.6 else None,
        chance.choice(("eu-west-1", "us-east-1, us-west-2", "global", "eu-central-1, ap-south-1")),
    ]


def _spoilt(row: Row, chance: random.Random) -> Row:
    spoilt = row[:]
    at, wrong = chance.choice(
        ((16, "call us"), (13, "soonish"), (7, "large"), (10, "next spring"), (0, None))
    )
    spoilt[at] = wrong
    return spoilt


def write(path: Path, count: int) -> None:
    """The workbook, its prices as numbers and its days as dates."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "strings_to_urls": False})
    sheet = book.add_worksheet("Price list")
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(rows(count), 1):
        sheet.write_row(number, 0, row)
    book.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
