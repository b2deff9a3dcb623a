"""How lines of the log look and where they go: to standard error, which whatever supervises the process keeps."""

from __future__ import annotations

from typing import Any


def configuration(*, as_json: bool, level: str = "") -> dict[str, Any]:
    """Django's LOGGING: JSON lines or plain ones, all of them masked (`config.masking`).

    `level` is what is told at least; '' tells warnings, and of our own what is worth knowing.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        # The address of a vendor's link is as good as a key: no line holds one, and none a secret.
        "formatters": {
            "json": {"()": "config.masking.MaskedJson"},
            "line": {
                "()": "config.masking.Masked",
                "fmt": "{asctime} {levelname} {name} {message}",
                "style": "{",
            },
            "server": {"()": "config.masking.MaskedServer", "fmt": "[{server_time}] {message}", "style": "{"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "json" if as_json else "line"},
            "server": {"class": "logging.StreamHandler", "formatter": "json" if as_json else "server"},
        },
        "root": {"handlers": ["console"], "level": level or "WARNING"},
        "loggers": {
            "riskassess": {"level": level or "INFO"},
            "django.server": {"handlers": ["server"], "level": "INFO", "propagate": False},
            # Gunicorn tells of requests that it cannot read, addresses and all. Its level stays its own.
            "gunicorn.error": {"handlers": ["console"], "propagate": False},
            "gunicorn.access": {"handlers": ["console"], "propagate": False},
        },
    }
