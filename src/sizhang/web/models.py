"""What belongs to the site and not to the ledger: accounts to sign in with.

The ledger knows only persons by the name of their office or a pseudonym; an account signs in as one of them.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

ROLES = (
    ("office", "督查室"),
    ("reporter", "填报"),
    ("verifier", "核查"),
    ("leader", "领导"),
    ("deputy", "代表"),
    ("admin", "管理"),
)


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Account:
        """Make an account; without a password nobody can sign in with one."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_queryset(self) -> models.QuerySet[Account]:
        """With the person and the body, which the frame of every page shows."""
        return super().get_queryset().select_related("person__body")

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Somebody who signs in: a role on the site, and the person of the ledger in whose name he books."""

    username = models.CharField(max_length=60, unique=True)
    role = models.CharField(max_length=10, choices=ROLES)
    person = models.ForeignKey("store.Person", null=True, blank=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"

    class Meta:
        db_table = "account"

    @property
    def body(self) -> str:
        """The body of the ledger for which he books; empty for those who only read."""
        return self.person.body.name if self.person else ""


class Clue(models.Model):
    """What somebody saw that differs from the books; nothing is kept of who wrote it."""

    promise = models.CharField(max_length=40, db_index=True)
    text = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True, default="")
    shown = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clue"


class Upload(models.Model):
    """A report's file on its way into the ledger: read in the background, reviewed draft by draft, then opened all at once.

    `state` is `waiting`, `text` (its text is being taken out), `reading` (its sentences are being read), `review`, `failed` or `opened`.
    """

    name = models.CharField(max_length=400)
    state = models.CharField(max_length=10, default="waiting")
    fault = models.TextField(blank=True, default="")
    year = models.IntegerField()
    body = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")
    format = models.CharField(max_length=10, blank=True, default="")
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)
    report_id = models.IntegerField(null=True)

    class Meta:
        db_table = "upload"


class Draft(models.Model):
    """A draft promise of an upload, whole in one safe cell as in the review sheet, with the report's words around it."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE)
    number = models.IntegerField()
    packed = models.TextField()

    class Meta:
        db_table = "draft"
        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "number"], name="draft_number")]


class Decision(models.Model):
    """What one reviewer decided on a draft: the decision and the cells that he edited, as in a row of the review sheet."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    decision = models.CharField(max_length=10)
    cells = models.JSONField(default=dict)
    decided_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "decision"
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "account"], name="decision_once")]


class Photo(models.Model):
    """What a picture among the evidence says of itself: how it looks (four hashes, one a quarter turn), when and where it was taken."""

    sha256 = models.CharField(max_length=64, unique=True)
    hashes = models.CharField(max_length=80)
    taken_at = models.CharField(max_length=30, blank=True, default="")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)

    class Meta:
        db_table = "photo"


class PhotoUse(models.Model):
    """An entry that names a picture as its evidence."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE)
    promise = models.CharField(max_length=40, db_index=True)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "photo_use"
        constraints: ClassVar = [models.UniqueConstraint(fields=["photo", "seq"], name="photo_use_once")]


class Mark(models.Model):
    """How far the ledger's entries have been looked through for something."""

    name = models.CharField(max_length=20, unique=True)
    seq = models.BigIntegerField(default=0)

    class Meta:
        db_table = "mark"


class Shown(models.Model):
    """A file of evidence that the office lets everybody see; what is not here is not public."""

    sha256 = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "shown"


class Inquiry(models.Model):
    """What a deputy asks 询问, of a promise or of the whole, and what the office answers."""

    promise = models.CharField(max_length=40, blank=True, default="", db_index=True)
    text = models.TextField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="inquiries")
    made_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="inquiries_answered")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inquiry"


class Act(models.Model):
    """A line of the site's log (`acts`): who did what beside the journal, and about what. Appended only, held by the database."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    name = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "act"


class CountKept(models.Model):
    """What the processes of the site count together (`counts`); a row is without meaning once it has run out."""

    name = models.CharField(max_length=250, primary_key=True)
    value = models.TextField()
    expires_at = models.FloatField(db_index=True)

    class Meta:
        db_table = "count_kept"


def note_public_change() -> None:
    """Note that what everybody may see has changed without an entry: kept public pages are made anew."""
    mark, _new = Mark.objects.get_or_create(name="public")
    Mark.objects.filter(pk=mark.pk).update(seq=models.F("seq") + 1)
