"""The audit trail over the API, read-only: what changed, of the work that a person may read."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from riskassess.accounts.api import FiltersById, IdFilter, ReadOnly
from riskassess.accounts.plain_rows import Follows
from riskassess.trail.models import Entry
from riskassess.trail.reading import VERBS, kinds


def _verb(action: int) -> str:
    return VERBS[action]


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """One change: of which record (`kind`, `object_id`), read on the page of which (`about_kind`, `about_id`)."""

    action: Any = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields = [
            "id", "timestamp", "actor", "actor_name", "action", "kind", "object_id", "object_repr", "changes", "why",
            "through", "about_kind", "about_id", "unit", "realm", "position", "digest",
        ]  # fmt: skip
        read_only_fields = fields
        plain = {"action": Follows(("action",), _verb)}

    @extend_schema_field(serializers.ChoiceField(choices=sorted(VERBS.values())))
    def get_action(self, entry: Entry) -> str:
        return _verb(entry.action)


class EntryFilter(FiltersById):
    kind = django_filters.ChoiceFilter(choices=kinds, help_text="The kind of record that changed.")
    object_id = IdFilter(help_text="The id of the record that changed.")
    about_kind = django_filters.ChoiceFilter(choices=kinds, help_text="The kind of record it belongs to.")
    about_id = IdFilter(help_text="The id of the record it belongs to.")
    since = django_filters.IsoDateTimeFilter(
        field_name="timestamp", lookup_expr="gte", help_text="From this moment on; a day is its midnight."
    )
    until = django_filters.IsoDateTimeFilter(
        field_name="timestamp", lookup_expr="lt", help_text="Before this moment; a day is its midnight."
    )

    class Meta:
        model = Entry
        fields = ["actor", "unit"]


class EntryViewSet(ReadOnly[Entry]):
    """The audit trail, the newest first: the work of the person's units and the company's catalog; all for auditors."""

    queryset = Entry.objects.all()
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    ordering = "-id"
    ordering_fields = ["id"]
