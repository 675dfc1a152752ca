"""The tables of the ledger. What may be written in them is held by the database: see `laws_sqlite.sql` and `laws_postgresql.sql`.

Steps are whole steps of the promise's unit in 64-bit integers; days are days since 1970-01-01, instants are microseconds since then, in
UTC.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q


class Body(models.Model):
    """An organisation 单位: a department, a county, an office. `place` is its GB/T 2260 code."""

    name = models.CharField(max_length=200, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    place = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        db_table = "body"


class Person(models.Model):
    """Somebody with an office in the ledger, by the name of the office or a pseudonym; `roles` are separated by blanks."""

    name = models.CharField(max_length=200, unique=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    roles = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "person"


class Report(models.Model):
    """The text from which promises were opened, by its SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=400)
    text = models.TextField()

    class Meta:
        db_table = "report"


class Promise(models.Model):
    """A promise 承诺 and the account it has. Its number, unit and source never change."""

    number = models.CharField(max_length=40, unique=True)
    year = models.IntegerField()
    title = models.TextField()
    measure = models.CharField(max_length=10, default="amount")
    unit = models.CharField(max_length=40)
    decimals = models.SmallIntegerField()
    domain = models.CharField(max_length=20, blank=True, default="")
    kind = models.CharField(max_length=20, blank=True, default="")
    strength = models.CharField(max_length=10, default="plan")
    deadline = models.CharField(max_length=10, blank=True, default="")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT)
    source_start = models.IntegerField(null=True)
    source_end = models.IntegerField(null=True)
    # The test that a level, a cap or an action must pass: comparator, number, basis, object, as JSON with decimal strings.
    target = models.TextField(blank=True, default="")
    # The promise of the year before from which this one takes over what was left.
    carried_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="carried_to")

    class Meta:
        db_table = "promise"
        constraints: ClassVar = [
            CheckConstraint(name="promise_measure", condition=Q(measure__in=["amount", "members", "stages", "level", "cap", "action"])),
            CheckConstraint(name="promise_decimals", condition=Q(decimals__gte=0, decimals__lte=6)),
        ]


class Supporter(models.Model):
    """A body that supports the lead body of a promise."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT)
    body = models.ForeignKey(Body, on_delete=models.PROTECT)

    class Meta:
        db_table = "supporter"
        constraints: ClassVar = [models.UniqueConstraint(name="supporter_once", fields=["promise", "body"])]


class Assignment(models.Model):
    """Who was made responsible for a promise, and when: appended, the earlier ones stay known. `supporters` are names, one a line."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT)
    lead = models.ForeignKey(Body, on_delete=models.PROTECT)
    supporters = models.TextField(blank=True, default="")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    document = models.TextField(blank=True, default="")
    recorded_at = models.BigIntegerField()

    class Meta:
        db_table = "assignment"


class Balance(models.Model):
    """What stands at each stage; kept by the database with each entry, and never negative."""

    promise = models.OneToOneField(Promise, primary_key=True, on_delete=models.PROTECT)
    promised = models.BigIntegerField(default=0)
    claimed = models.BigIntegerField(default=0)
    verified = models.BigIntegerField(default=0)
    settled = models.BigIntegerField(default=0)
    surplus = models.BigIntegerField(default=0)

    class Meta:
        db_table = "balance"
        constraints: ClassVar = [
            CheckConstraint(name=f"balance_{stage}_not_negative", condition=Q(**{f"{stage}__gte": 0}))
            for stage in ("promised", "claimed", "verified", "settled", "surplus")
        ]


class Entry(models.Model):
    """One booking 分录: appended, never changed. `hash` chains it to the entry before."""

    seq = models.BigIntegerField(primary_key=True)
    client_id = models.CharField(max_length=200, unique=True)
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, db_index=False)
    verb = models.CharField(max_length=10)
    source = models.SmallIntegerField()
    target = models.SmallIntegerField()
    steps = models.BigIntegerField()
    effective_on = models.IntegerField()
    recorded_at = models.BigIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, db_index=False)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, db_index=False)
    text = models.TextField(default="")
    surplus = models.BooleanField(default=False)
    evidence = models.TextField(default="")
    lots = models.TextField(default="")
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "entry"
        indexes: ClassVar = [models.Index(name="entry_of_promise", fields=["promise", "effective_on"])]
        constraints: ClassVar = [
            CheckConstraint(name="entry_moves_something", condition=Q(steps__gt=0)),
            CheckConstraint(
                name="entry_skips_no_stage",
                condition=Q(verb="open", source=0, target=1)
                | Q(verb="claim", source=1, target=2)
                | Q(verb="verify", source=2, target=3)
                | Q(verb__in=["reject", "expire"], source=2, target=1)
                | Q(verb="settle", source=3, target=4)
                | Q(verb="reopen", source=4, target=1)
                | Q(verb="amend", source=0, target=1)
                | Q(verb="amend", source=1, target=0),
            ),
        ]


class Claimant(models.Model):
    """Who has claimed on a promise: kept by the database, so that it can refuse that the same body or person checks it."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "claimant"
        constraints: ClassVar = [models.UniqueConstraint(name="claimant_once", fields=["promise", "person", "body"])]


class Lot(models.Model):
    """A named thing that is delivered: a dwelling, a plot, a trainee under a keyed hash. Its identity is unique in the ledger."""

    identity = models.CharField(max_length=200, unique=True)
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT)
    steps = models.BigIntegerField()
    stage = models.SmallIntegerField()

    class Meta:
        db_table = "lot"
        constraints: ClassVar = [CheckConstraint(name="lot_stage", condition=Q(stage__gte=1, stage__lte=4))]


class Evidence(models.Model):
    """A file of evidence 佐证, kept under its SHA-256 beside the ledger."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=400)
    media_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()

    class Meta:
        db_table = "evidence"


class RuleBook(models.Model):
    """A version of the ledger's rule book, as its TOML text; the newest is in force."""

    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    recorded_at = models.BigIntegerField()

    class Meta:
        db_table = "rulebook"


class Setting(models.Model):
    """What a ledger knows about itself: the office that books where nobody is named."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.TextField()

    class Meta:
        db_table = "setting"


class Head(models.Model):
    """The end of the chain: one row, locked by whoever appends."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "head"
        constraints: ClassVar = [CheckConstraint(name="head_is_one", condition=Q(id=1))]


class Record(models.Model):
    """What was written in one row of a register, appended, never changed; `hash` chains it to the record before."""

    seq = models.BigIntegerField(primary_key=True)
    recorded_at = models.BigIntegerField()
    act = models.CharField(max_length=10)
    register = models.CharField(max_length=20)
    row_key = models.CharField(max_length=40)
    content = models.TextField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "record"
