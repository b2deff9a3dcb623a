"""Batch, Row, Mapping and pages of what is kept beside: one spreadsheet on its way into the catalog, as it came."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import Searchable, read_by
from riskassess.catalog.models import Offering, Source
from riskassess.imports.shapes.names import CHOICES, ShapeName
from riskassess.jobs.models import Job
from riskassess.kernel.places import entry_named
from riskassess.recording import Realm, Recorded, recorded
from riskassess.routes import address
from riskassess.sheets.table import NO_ROW, RowRole

# Of a batch, what reading it makes of the file; what people say of it is kept.
NOT_KEPT = (
    "sheets", "guesses", "mapping", "notes", "digest", "stamp", "source", "job", "applied_at",
    "undone_at",
)  # fmt: skip
_ROLES = [(role.value, role.label) for role in RowRole]


class BatchQuerySet(Searchable["Batch"]):
    def visible_to(self, user: User) -> Self:
        """The imports of the units whose work `user` may read."""
        return self.filter(read_by(user))


@recorded(Realm.UNIT, unit="unit_id", leave_out=NOT_KEPT)
class Batch(models.Model):
    """One sheet of one uploaded file: how its columns are read, what each row would do, what was done."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Columns to confirm"
        READING = "reading", "Being read"
        PREVIEWED = "previewed", "Ready to apply"
        APPLYING = "applying", "Being applied"
        PARTLY = "partly", "Partly applied"
        APPLIED = "applied", "Applied"
        REFUSED = "refused", "Refused"
        UNDONE = "undone", "Undone"

    # Batches of which something is in the catalog.
    DONE = (State.PARTLY, State.APPLIED)

    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="batches")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="batches")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    # Of the whole file, a sheet each: {"name", "rows", "columns", "hidden", "hidden_rows", "hidden_columns", "seems",
    # "why", "refused", "known", "says", "preview"}
    sheets = models.JSONField(default=list, blank=True)
    sheet = models.CharField(max_length=100)
    header_row = models.PositiveIntegerField(default=1)
    shape = models.CharField(max_length=12, choices=CHOICES, default=ShapeName.FLAT)
    # [{"shape", "confidence", "why"}], the likeliest first
    guesses = models.JSONField(default=list, blank=True)
    # Column letters -> {"field", "header", "unit", "currency", "samples", "confidence", "why"}; what has no
    # field is kept in the rows but not read.
    mapping = models.JSONField(default=dict)
    # {row number: role}: what a person says of single rows, against what was seen in them
    roles = models.JSONField(default=dict, blank=True)
    default_vendor = models.CharField(max_length=200, blank=True)
    source_kind = models.CharField(max_length=20, default="analyst")
    stated_on = models.DateField(help_text="The day the list was valid; prices carry it.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    # {"vendors": {spelling: {"record", "name", "by", "at"}}}: what an unknown spelling means; no record: new
    decisions = models.JSONField(default=dict, blank=True)
    # read, new, updated, unchanged, skipped, invalid, asked, conflicts
    counts = models.JSONField(default=dict, blank=True)
    notes = models.PositiveIntegerField(
        default=0, help_text="Rows among the skipped that are no entries: titles, headings, footnotes."
    )
    # Of the catalog that the kept plan was made for: while it stands, applying decides nothing anew.
    stamp = models.CharField(max_length=64, blank=True)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="batches"
    )
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="batches")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} › {self.sheet}" if self.sheet else self.file_name

    def get_absolute_url(self) -> str:
        return address("imports:batch", self.pk)

    @property
    def is_turned(self) -> bool:
        """Whether the sheet's columns are its entries: its rows' numbers name the places, see `kernel.places`."""
        return any(place.isdecimal() for place in self.mapping)

    @property
    def names_at(self) -> str:
        """Where the column names stand: `row 3`, or of a turned table `column A`; '' where no row has any."""
        if self.header_row == NO_ROW:
            return ""
        return entry_named(self.header_row, turned=self.is_turned)

    @property
    def stays(self) -> int:
        """How many rows that state something are not applied."""
        found = self.counts
        stay = sum(found.get(name, 0) for name in ("skipped", "invalid", "asked"))
        return int(stay) - self.notes


class RowQuerySet(models.QuerySet["Row"]):
    def visible_to(self, user: User) -> Self:
        """The rows of the imports that `user` may read."""
        return self.filter(read_by(user, "batch__unit"))

    def staying(self) -> Self:
        """Rows that state something and are not applied."""
        return self.data().filter(outcome__in=Row.STAYING)

    def data(self) -> Self:
        """Rows that state entries; the others are what people write around them."""
        return self.filter(role=RowRole.DATA.value)


class Row(models.Model):
    """One row as it came (raw cells), what it is, what it would do, and the record it became."""

    class Outcome(models.TextChoices):
        NEW = "new", "New"
        UPDATE = "update", "Update"
        UNCHANGED = "unchanged", "Unchanged"
        SKIP = "skip", "Skipped"
        INVALID = "invalid", "Invalid"
        ASK = "ask", "Needs a decision"
        CONFLICT = "conflict", "Conflict"

    STAYING = (Outcome.SKIP, Outcome.INVALID, Outcome.ASK)  # rows that are not applied

    # Found by its constraint, which starts with the batch.
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(help_text="The row's number in the sheet, from 1.")
    raw = models.JSONField(default=list)
    role = models.CharField(max_length=10, choices=_ROLES, default=RowRole.DATA.value)
    hidden = models.BooleanField(default=False, help_text="Hidden in the sheet; read all the same.")
    # {letters of a virtual column: [cell, text, value]}: the headings over the row
    over = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    key = models.CharField(max_length=700, blank=True)
    # [{"cell", "field", "what", "hint"}]
    problems = models.JSONField(default=list, blank=True)
    # {attribute: [old, new]} in words; None is unknown
    changes = models.JSONField(default=dict, blank=True)
    # [{"cell", "field", "note"}]: how a cell was read where it could have been read otherwise
    notes = models.JSONField(default=list, blank=True)
    # {attribute: {"cell", "old", "new", "source", "on", "why", "taken"}}: what it says against the record
    conflicts = models.JSONField(null=True, blank=True)
    # {"kind", "record", "name", "said", "score", "why", "proposal"}: the known record it is close to
    near = models.JSONField(null=True, blank=True)
    # {"as", "record", "take", "by", "at"}: what a person has decided
    decision = models.JSONField(null=True, blank=True)
    # {column index from 0: {"value", "by", "at"}}: cells put right by a person; `raw` stays as it came
    fixes = models.JSONField(null=True, blank=True)
    offering = models.ForeignKey(
        Offering, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_rows"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="row_once")]
        indexes = [
            models.Index(fields=["batch", "outcome", "number"], name="row_outcome"),
            # How many wait is asked on each page of an import; their cells are not to be read for it.
            models.Index(
                fields=["batch", "outcome"], condition=models.Q(applied_at__isnull=True), name="row_waiting"
            ),
        ]

    def __str__(self) -> str:
        return entry_named(self.number, turned=self.batch.is_turned)

    def get_absolute_url(self) -> str:
        return reverse("imports:row", args=[self.batch_id, self.number])


@recorded(Realm.UNIT, unit="unit_id")
class Mapping(models.Model):
    """How a person mapped the columns of a layout, recognised next time by its header row."""

    unit = models.ForeignKey(BusinessUnit, on_delete=models.CASCADE, related_name="mappings")
    fingerprint = models.CharField(max_length=64)
    shape = models.CharField(max_length=12, choices=CHOICES, default=ShapeName.FLAT)
    columns = models.JSONField(default=dict)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    objects = Recorded["Mapping"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "fingerprint", "shape"], name="mapping_once")]

    def __str__(self) -> str:
        return f"mapping of {self.unit}"


@recorded(Realm.COMPANY, about=("offering",))
class Spelling(models.Model):
    """Another way in which lists write an offering, as a person decided in an import; found again by its key."""

    key = models.CharField(max_length=700, unique=True)
    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="spellings")
    said = models.CharField(max_length=255)

    objects = Recorded["Spelling"].as_manager()

    def __str__(self) -> str:
        return self.said


class SheetPage(models.Model):
    """Some rows of a batch's sheet as parsed when it was uploaded, cells as JSON; `facts` are with the first ones."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="pages")
    facts = models.JSONField(default=dict)
    rows = models.TextField(default="[]")  # see `bulk.packed`

    class Meta:
        ordering = ["batch", "pk"]

    def __str__(self) -> str:
        return f"rows of {self.batch_id}"


class PlanPage(models.Model):
    """Some rows that applying a previewed import will write, kept until then: see `writing.Page`."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="plan")
    kind = models.CharField(max_length=12)
    columns = models.JSONField(default=list)
    rows = models.TextField(default="[]")  # see `bulk.packed`

    class Meta:
        ordering = ["batch", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.batch_id}"


class JournalPage(models.Model):
    """Up to 1,000 records of one kind that an applied import made or changed: what undoing it needs.

    Pages are never changed but for `taken_back`, and never deleted: the audit trail holds their digest.

    `first` and `last` are the smallest and the largest id on the page, so that a record's pages are found.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="journal")
    kind = models.CharField(max_length=12)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    made = models.JSONField(default=list)  # [[first id, last id]]
    changed = models.JSONField(default=list)  # [[id, {column: before}, {column: after}]]
    taken_back = models.BooleanField(default=False, help_text="The import was undone.")

    class Meta:
        ordering = ["batch", "pk"]
        indexes = [models.Index(fields=["kind", "first", "last"], name="journal_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} to {self.last} of {self.batch_id}"
