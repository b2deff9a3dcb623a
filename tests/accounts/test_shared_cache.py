"""What web processes count together lies in Redis; who writes there runs nothing here."""

from __future__ import annotations

import pickle
import uuid
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache.backends.redis import RedisCache
from django.test import Client, RequestFactory

from config.plain_cache import Plain
from riskassess.accounts.addresses import address_of
from tests.jobs.machines import BROKERS


@pytest.mark.parametrize("value", [0, -3, True, None, "words", [1.5, 2.5], {"a": [1]}, "7"])
def test_what_is_kept_comes_back(value: Any) -> None:
    kept = Plain().dumps(value)
    assert Plain().loads(str(kept).encode() if isinstance(kept, int) else kept) == value


class Ran:
    """What a pickle can say: call this when you are read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("It ran.",))


def test_a_pickle_is_refused_and_not_read() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (of whatever kind)
        Plain().loads(pickle.dumps(Ran()))


@pytest.mark.services
def test_counting_in_redis_itself() -> None:
    cache = RedisCache(BROKERS["redis"], {"OPTIONS": {"serializer": Plain}})
    key = f"plain-{uuid.uuid4().hex}"
    try:
        assert cache.add(key, 0, 60)
        assert not cache.add(key, 5, 60)
        assert (cache.incr(key), cache.incr(key), cache.get(key)) == (1, 2, 2)
        cache.set(key, [1.0, 2.0], 60)
        assert cache.get(key) == [1.0, 2.0]
    finally:
        cache.delete(key)


def test_a_shared_cache_is_read_as_plain_text_only(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings say so wherever CACHE_URL names a cache."""
    from tests.code_health.test_house import manage, production

    environment = production(SECRET_KEY="k" * 50, ALLOWED_HOSTS="x", CACHE_URL="redis://127.0.0.1:1/1")
    ask = "from django.core.cache import cache; print(type(cache._cache._serializer).__name__)"
    assert manage("shell", "--no-imports", "-c", ask, environment=environment).stdout.strip() == "Plain"


def test_who_asks_is_who_our_own_proxies_name(rf: RequestFactory, settings: LazySettings) -> None:
    def asked(trusted: int, passed: str = "") -> str:
        settings.TRUSTED_PROXIES = trusted
        more = {"HTTP_X_FORWARDED_FOR": passed} if passed else {}
        return address_of(rf.get("/", REMOTE_ADDR="10.0.0.1", **more))

    assert asked(0) == asked(1) == "10.0.0.1"
    assert asked(0, "203.0.113.9") == ""
    assert asked(1, "6.6.6.6, 203.0.113.9") == "203.0.113.9"
    assert asked(2, "6.6.6.6, 203.0.113.9, 10.0.0.2") == "203.0.113.9"
    assert asked(2, "203.0.113.9") == ""


def test_one_guesser_behind_a_proxy_keeps_nobody_else_waiting(
    client: Client, db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from riskassess.accounts import limits

    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr(limits, "MOST_WRONG_LINKS", 2)

    def guess(whom: str) -> int:
        return client.get(f"/ask/{'x' * 43}/", HTTP_X_FORWARDED_FOR=whom).status_code

    assert [guess("203.0.113.9") for _ in range(3)] == [404, 404, 429]
    assert guess("198.51.100.7") == 404
