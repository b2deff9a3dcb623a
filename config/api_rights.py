"""Which right each write of the API takes, for its description: the rights themselves are asked by the services.

tests/access holds this against what each role is answered.
"""

from __future__ import annotations

from riskassess.accounts.roles import Can

WRITES = frozenset({"post", "put", "patch", "delete"})
ONE = "/assessments/{id}"

# The first that an address begins with counts. Of several rights one is enough; none: whoever reads it may.
_RIGHTS: tuple[tuple[str, tuple[Can, ...]], ...] = (
    (f"{ONE}/answers/", (Can.REQUEST,)),
    (f"{ONE}/comments/", (Can.REQUEST, Can.DECIDE)),
    (f"{ONE}/conditions/", (Can.ASSESS, Can.DECIDE)),
    (f"{ONE}/decide/", (Can.DECIDE,)),
    (f"{ONE}/documents/", (Can.REQUEST,)),
    (f"{ONE}/mitigations/", (Can.REQUEST,)),
    (f"{ONE}/return/", (Can.DECIDE,)),
    (f"{ONE}/take/", (Can.DECIDE,)),
    (ONE, (Can.ASSESS,)),
    ("/assessments/rescore/", (Can.ASSESS,)),
    ("/assessments/", (Can.REQUEST,)),
    ("/documents/{id}/remove/", (Can.ASSESS,)),
    ("/documents/", (Can.REQUEST,)),
    ("/imports/", (Can.IMPORT,)),
    ("/inquiries/", (Can.ASSESS,)),
    ("/question-sets/{id}/", (Can.ASSESS,)),
    ("/question-sets/", (Can.IMPORT,)),
    ("/combined-reports/", ()),
    ("/reports/", ()),
    ("/jobs/", ()),
    ("/webhooks/", (Can.KEEP_WEBHOOKS,)),
)


def rights_for(method: str, path: str) -> tuple[Can, ...]:
    """The rights of which one is enough for an operation, by its address in the description; none for what is read.

    KeyError for a write that nobody has thought about: add it to `_RIGHTS`.
    """
    if method not in WRITES:
        return ()
    bare = path.removeprefix("/api/v1")
    for start, rights in _RIGHTS:
        if bare.startswith(start):
            return rights
    raise KeyError(f"{method.upper()} {path}: say in config/api_rights.py which right it takes")
