"""Entry and Seal: what has changed, and the chain that shows when an entry was removed, moved or altered."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.db import models
from django.db.models import Q

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import read_by
from riskassess.kernel.errors import Conflict
from riskassess.recording import RECORDED, Realm, is_told_as_one
from riskassess.trail.columns import columns_of

Action = AbstractLogEntry.Action


def _refuse() -> NoReturn:
    raise Conflict("The audit trail is only added to.", hint="Make the change; its entry follows.")


class AppendOnly(models.QuerySet[Any]):
    """Rows that are added, and neither changed nor deleted."""

    def update(self, **changes: Any) -> NoReturn:
        _refuse()

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        _refuse()

    def update_or_create(self, *args: Any, **options: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()

    delete.queryset_only = True  # type: ignore[attr-defined]


class EntryQuerySet(AppendOnly):
    def visible_to(self, user: User) -> Self:
        """All for those who read everything; else the work of one's own units, and what is the company's."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        if not user.is_member():
            return self.none()
        companys = Q(unit__isnull=True, realm=Realm.COMPANY.value)
        return self.filter(companys | read_by(user))

    def about(self, record: models.Model) -> Self:
        """The changes that are read on the page of this record: its own and those of what belongs to it."""
        return self.filter(about_kind=record._meta.label_lower, about_id=record.pk)

    def waiting(self) -> Self:
        """Those that are not in the chain yet, in the order in which they join it."""
        return self.filter(position__isnull=True).order_by("pk")

    def chained(self) -> Self:
        """The chain, from its first entry on."""
        return self.filter(position__isnull=False).order_by("position")


class EntryManager(LogEntryManager.from_queryset(EntryQuerySet)):  # type: ignore[misc]
    """What the library's signals call: entries of our own shape."""

    def log_create(self, instance: models.Model, force_log: bool = False, **said: Any) -> Entry | None:
        """The entry of a record that was made, saved or deleted; none where nothing differs."""
        if is_told_as_one() or not said.get("changes"):
            return None
        entry = Entry(**columns_of(instance, said["action"], said["changes"]))
        entry.save()
        return entry

    def log_m2m_changes(
        self, changed_queryset: Any, instance: models.Model, operation: str, field_name: str, **said: Any
    ) -> Entry | None:
        """The entry of records that were added to, or taken from, a many-to-many relation."""
        names = sorted(str(one) for one in changed_queryset)
        if is_told_as_one() or not names:
            return None
        changes = {field_name: [None, names] if operation == "add" else [names, None]}
        entry = Entry(**columns_of(instance, Action.UPDATE, {}) | {"changes": changes})
        entry.save()
        return entry


class Entry(AbstractLogEntry):  # type: ignore[misc]
    """One change of one record: who, when, from, to, why.

    The library's entry without what would hold nothing here, and with where it is read. `position` and `digest`
    are empty until it is sealed; nothing else of it ever changes.
    """

    content_type = object_pk = serialized_data = changes_text = None
    cid = remote_addr = remote_port = additional_data = actor_email = None

    kind = models.CharField(max_length=60, help_text="Such as assessments.answer.")
    object_id = models.BigIntegerField(null=True)
    object_repr = models.TextField(help_text="The record as it was called.")
    action = models.PositiveSmallIntegerField(choices=AbstractLogEntry.Action.choices)
    changes: models.JSONField[Any, Any] = models.JSONField(help_text="{column: [before, after]}")
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=200, blank=True, help_text="As the person was called then.")
    timestamp = models.DateTimeField()
    why = models.TextField(blank=True)
    through = models.CharField(max_length=80, blank=True, help_text="The way in: page, API, job, command.")
    about_kind = models.CharField(max_length=60)
    about_id = models.BigIntegerField(null=True)
    unit = models.ForeignKey(
        BusinessUnit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    realm = models.CharField(max_length=8, choices=[(realm.value, realm.value) for realm in Realm])
    position = models.BigIntegerField(null=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = EntryManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "entry of the audit trail"
        verbose_name_plural = "audit trail"
        indexes = [
            models.Index(fields=["about_kind", "about_id", "id"], name="trail_about"),
            models.Index(fields=["unit", "id"], name="trail_unit"),
            models.Index(fields=["actor", "id"], name="trail_actor"),
            models.Index(fields=["kind", "id"], name="trail_kind"),
            models.Index(fields=["timestamp"], name="trail_when"),
            models.Index(fields=["id"], condition=Q(position__isnull=True), name="trail_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(position__isnull=True, digest="") | (Q(position__gte=1) & ~Q(digest="")),
                name="trail_sealed_whole",
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()

    @property
    def model(self) -> type[models.Model] | None:
        """The kind of the record that changed; None for one that this release does not have."""
        return model_named(self.kind)


def model_named(kind: str) -> type[models.Model] | None:
    """The recorded model of that label."""
    return next((model for model in RECORDED if model._meta.label_lower == kind), None)


class Seal(models.Model):
    """That the chain was closed up to a position, with which head. Signed, so that the database alone forges none."""

    number = models.BigIntegerField(primary_key=True)
    position = models.BigIntegerField()
    head = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    signature = models.CharField(max_length=100)

    objects: ClassVar[Any] = AppendOnly.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.position}:{self.head}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()
