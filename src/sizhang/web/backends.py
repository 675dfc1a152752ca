"""Who has signed in: the account of a session with its person and body, by one plain statement on every page."""

from __future__ import annotations

from typing import Final

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from sizhang.store.models import Body, Person
from sizhang.web.models import Account

# In the order of the models' fields; the account's other columns are asked for where somebody wants them.
_ACCOUNT: Final = ("id", "password", "username", "role", "person_id", "is_active")
_PERSON: Final = ("id", "name", "body_id", "roles")
_BODY: Final = ("id", "name", "parent_id", "place")
_COLUMNS: Final = [f"{table}.{column}" for table, columns in (("a", _ACCOUNT), ("p", _PERSON), ("b", _BODY)) for column in columns]
_FIND: Final = (
    f"SELECT {', '.join(_COLUMNS)} FROM account a LEFT JOIN person p ON p.id = a.person_id LEFT JOIN body b ON b.id = p.body_id "
    "WHERE a.id = %s"
)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """As allauth's, but for how the account of a session is read."""

    def get_user(self, user_id: int) -> Account | None:
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [user_id])
            row = cursor.fetchone()
        if row is None:
            return None
        alias, (*own, active), person, body = connection.alias, row[:6], row[6:10], row[10:]
        account = Account.from_db(alias, _ACCOUNT, [*own, bool(active)])
        if account.person_id is not None:
            account.person = Person.from_db(alias, _PERSON, person)
            account.person.body = Body.from_db(alias, _BODY, body)
        return account if self.user_can_authenticate(account) else None
