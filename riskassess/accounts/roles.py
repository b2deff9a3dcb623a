"""The six roles and what each may do: one table, read by everything that asks. No Django."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one business unit."""

    REQUESTER = "requester"
    ASSESSOR = "assessor"
    APPROVER = "approver"
    CATALOG_MANAGER = "catalog_manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Can(StrEnum):
    """One thing a person may do."""

    REQUEST = "request"  # start an assessment and answer what the requester knows
    ASSESS = "assess"  # answer, score, submit
    DECIDE = "decide"  # record the decision
    IMPORT = "import"  # bring spreadsheets into the catalog
    EDIT_CATALOG = "edit_catalog"
    CHANGE_APPETITE = "change_appetite"  # set how much risk the organisation takes
    KEEP_WEBHOOKS = "keep_webhooks"  # which other programs are told what happens in the unit
    ADMINISTER = "administer"  # keep people and units

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


GRANTS: dict[Role, frozenset[Can]] = {
    Role.REQUESTER: frozenset({Can.REQUEST}),
    Role.ASSESSOR: frozenset({Can.REQUEST, Can.ASSESS, Can.IMPORT}),
    Role.APPROVER: frozenset({Can.DECIDE}),
    Role.CATALOG_MANAGER: frozenset({Can.IMPORT, Can.EDIT_CATALOG}),
    Role.AUDITOR: frozenset(),
    Role.ADMINISTRATOR: frozenset(
        {Can.ADMINISTER, Can.CHANGE_APPETITE, Can.EDIT_CATALOG, Can.IMPORT, Can.KEEP_WEBHOOKS}
    ),
}

# These read the work of every unit; reading is all that the first of them does.
READS_EVERYTHING = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


def roles_that(can: Can) -> list[Role]:
    """The roles that grant `can`."""
    return [role for role, granted in GRANTS.items() if can in granted]
