"""The link of an inquiry: who holds it may answer, so it is as hard to guess as a key and nowhere written down.

The token is an HMAC of the inquiry's own random salt under the site's secret: mails and pages recompute it, and
the database alone, which has the salt and the token's SHA-256, opens nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from riskassess.accounts import secret_links
from riskassess.accounts.secret_links import hash_of, is_token, new_salt, same
from riskassess.kernel.errors import Conflict
from riskassess.questionnaires.models import Inquiry

PURPOSE = "riskassess.questionnaires.link"
__all__ = ["hash_of", "is_token", "link_of", "new_salt", "same", "token_of"]


def token_of(pk: int, salt: str, secret: str = "") -> str:
    """The token of inquiry `pk` under `salt`, made under the site's secret of today; `secret` names an earlier one."""
    return secret_links.token_of(PURPOSE, pk, salt, secret)


def link_of(inquiry: Inquiry) -> str:
    """The whole address behind which an inquiry is answered.

    One that was made under an earlier secret is found while `SECRET_KEY_FALLBACKS` names that. Raises Conflict where
    there is none yet, and where its secret is not known any more.
    """
    if inquiry.token_hash is None:
        raise Conflict("It is not sent yet, so there is no link.", hint="Send it first.")
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = token_of(inquiry.pk, inquiry.link_salt, secret)
        if same(inquiry.token_hash, token):
            return settings.SITE_URL + reverse("ask:page", args=[token])
    raise Conflict(
        "The link was made under another secret of this site and cannot be shown any more.",
        hint="Whoever has it can still use it. Put the old secret into SECRET_KEY_FALLBACKS; or revoke this and "
        "ask anew.",
    )
