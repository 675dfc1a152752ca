"""The tables of cadence: plans, closings, errands and what became of them, questions, digests, objections. All but `Track` and the
answer to an objection are appended only.

Rows of 36 numbers, one for each 旬 of a year, are kept as decimal numbers separated by commas, the same on every engine.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q

from sizhang.store.models.ledger import Body, Person, Promise


class Plan(models.Model):
    """A plan of a promise; the last one is in force, the earlier ones stay known."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT)
    curve = models.CharField(max_length=20)
    settings = models.TextField(default="")
    cells = models.TextField()
    weights = models.TextField()
    reserve = models.BigIntegerField(default=0)
    reason = models.TextField(default="")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    recorded_at = models.BigIntegerField()

    class Meta:
        db_table = "plan"
        constraints: ClassVar = [CheckConstraint(name="plan_reserve", condition=Q(reserve__gte=0))]


class Track(models.Model):
    """How far a planned promise has come: its plan in force and what was delivered in each closed 旬; kept with each closing."""

    promise = models.OneToOneField(Promise, primary_key=True, on_delete=models.PROTECT)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, db_index=False)
    cells = models.TextField()
    weights = models.TextField()
    delivered = models.TextField(default="")
    closed = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "track"
        constraints: ClassVar = [CheckConstraint(name="track_closed", condition=Q(closed__gte=0, closed__lte=36))]


class Closing(models.Model):
    """A 旬 of a promise that was closed, with what was delivered in it as known by then; `seq` is the last entry that was known."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, db_index=False)
    period = models.CharField(max_length=10)
    delivered = models.BigIntegerField()
    seq = models.BigIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, db_index=False)
    recorded_at = models.BigIntegerField()

    class Meta:
        db_table = "closing"
        constraints: ClassVar = [models.UniqueConstraint(name="closing_once", fields=["promise", "period"])]


class Errand(models.Model):
    """Something that a body was told to do, with the rule set of its clock as it was that day."""

    number = models.CharField(max_length=40, unique=True)
    source = models.CharField(max_length=20)
    title = models.TextField()
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    promise = models.ForeignKey(Promise, null=True, on_delete=models.PROTECT)
    hard = models.BooleanField(default=False)
    rules = models.TextField()
    given_on = models.IntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    recorded_at = models.BigIntegerField()

    class Meta:
        db_table = "errand"


class ErrandEvent(models.Model):
    """An answer, an extension asked for, given or refused, a letter, the closing."""

    errand = models.ForeignKey(Errand, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10)
    node = models.CharField(max_length=20, default="")
    on_day = models.IntegerField()
    until = models.IntegerField(null=True)
    text = models.TextField(default="")
    grade = models.CharField(max_length=20, default="")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    recorded_at = models.BigIntegerField()

    class Meta:
        db_table = "errand_event"


class Question(models.Model):
    """A question put to a body, with its price; one that the ledger answered itself cost the body nothing."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    minutes = models.IntegerField()
    text = models.TextField()
    answer = models.TextField(default="")
    on_day = models.IntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    recorded_at = models.BigIntegerField()

    class Meta:
        db_table = "question"
        constraints: ClassVar = [CheckConstraint(name="question_minutes", condition=Q(minutes__gte=0))]


class Digest(models.Model):
    """The one message that a person gets on a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    on_day = models.IntegerField()
    text = models.TextField()
    recorded_at = models.BigIntegerField()

    class Meta:
        db_table = "digest"
        constraints: ClassVar = [models.UniqueConstraint(name="digest_once_a_day", fields=["person", "on_day"])]


class Objection(models.Model):
    """Somebody objects to a write-off while its notice runs; until it is answered nothing of the promise is settled."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT)
    made_by = models.CharField(max_length=200)
    text = models.TextField()
    recorded_at = models.BigIntegerField()
    answer = models.TextField(default="")
    answered_by = models.CharField(max_length=200, default="")
    answered_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "raised_objection"
