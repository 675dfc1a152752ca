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
