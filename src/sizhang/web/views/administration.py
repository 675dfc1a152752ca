"""Administration 管理: bodies and places, people, accounts, the rule book, the calendar, the year before. The administrator alone."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sizhang.app.body import add_body
from sizhang.app.burden import PRICES, keep_prices, load_prices
from sizhang.app.cadence import CALENDAR, keep_calendar, load_calendar
from sizhang.app.carry_forward import carry_forward
from sizhang.app.init import equip
from sizhang.app.person import add_person
from sizhang.core.day import this_day
from sizhang.core.errors import LedgerError, SizhangError
from sizhang.core.period import Level, period_of
from sizhang.core.rules import RuleBook
from sizhang.store.chain import instant_of
from sizhang.store.models import Person as PersonModel
from sizhang.store.registers import ROLES, find_setting, load_bodies, load_rules
from sizhang.web.access import WorkRequest, needs, role_name
from sizhang.web.ledger import get_ledger
from sizhang.web.models import ROLES as SITE_ROLES
from sizhang.web.models import Account
from sizhang.web.opening_table import open_table, read_openings
from sizhang.web.views.verbs import Typed

BOOKING_ROLES: Final = ("office", "reporter", "verifier")


@needs("administer")
def administration(request: WorkRequest) -> HttpResponse:
    """The ways into it, with how much stands there."""
    store = get_ledger()
    counts = {name: store.rows(f"SELECT COUNT(*) FROM {name}")[0][0] for name in ("body", "person", "rulebook")}
    return render(request, "administration/index.html", {"counts": counts, "accounts": Account.objects.count()})


@needs("administer")
def bodies(request: WorkRequest) -> HttpResponse:
    """Every body with its place and the one above it, and the form for a new one."""
    return _form(request, "administration/bodies.html", _add_body)


def _add_body(request: WorkRequest) -> str:
    given = request.POST
    body, new = add_body(get_ledger(), given.get("name", "").strip(), given.get("parent") or None, given.get("place", "").strip())
    return _("已登记 %(name)s") % {"name": body.name} if new else _("%(name)s 早已登记") % {"name": body.name}


@needs("administer")
def people(request: WorkRequest) -> HttpResponse:
    """Everybody with an office in the ledger, and the form for another."""
    return _form(request, "administration/people.html", _add_person)


def _add_person(request: WorkRequest) -> str:
    given = request.POST
    roles = [role for role in ROLES if role in given.getlist("roles")]
    person = add_person(get_ledger(), given.get("name", "").strip(), given.get("body", ""), roles)
    return _("已登记 %(name)s") % {"name": person.name}


@needs("administer")
def accounts(request: WorkRequest) -> HttpResponse:
    """Who signs in, and the form for another."""
    return _form(request, "administration/accounts.html", _add_account)


def _add_account(request: WorkRequest) -> str:
    given = request.POST
    name, role = given.get("username", "").strip(), given.get("role", "")
    if not name or len(name) > 60 or not name.isprintable():
        raise LedgerError(_("账户名是空的，或超过 60 个字。"), remedy=_("写一个登录用的名字。"))
    if role not in dict(SITE_ROLES):
        raise LedgerError(_("没有选身份。"), remedy=_("选一个身份。"))
    if Account.objects.filter(username=name).exists():
        raise LedgerError(_("账户 %(name)s 已经有了。") % {"name": name}, remedy=_("换一个名字，或在下表里改口令。"))
    person = PersonModel.objects.filter(name=given.get("person", "")).first()
    if person is None and role in BOOKING_ROLES:
        raise LedgerError(_("%(role)s要以账上一个人的名义办理。") % {"role": role_name(role)}, remedy=_("选一个经办人；没有就先登记人员。"))
    account = Account(username=name, role=role, person=person)
    _set_password(account, given.get("password", ""))
    account.save()
    return _("已开立账户 %(name)s") % {"name": name}


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as fault:
        raise LedgerError(_("口令不合要求：") + "".join(fault.messages), remedy=_("至少 10 位，不用常见的词。")) from fault
    account.set_password(password)


@require_POST
@needs("administer")
def account(request: WorkRequest, account_id: int) -> HttpResponse:
    """Close an account, open it again, or give it a new password; nobody closes his own."""
    found = get_object_or_404(Account, pk=account_id)
    if request.POST.get("password"):
        _set_password(found, request.POST["password"])
        said = _("已改 %(name)s 的口令")
    elif found.pk == request.user.pk:
        raise LedgerError(_("不能停用自己的账户。"), remedy=_("请另一位管理员来办。"))
    else:
        found.is_active = not found.is_active
        said = _("已启用 %(name)s") if found.is_active else _("已停用 %(name)s")
    found.save()
    messages.success(request, said % {"name": found.username})
    return redirect("admin_accounts")


@needs("administer")
def rules(request: WorkRequest) -> HttpResponse:
    """The rule book in force, its earlier versions, and the form for the next."""
    return _form(request, "administration/rules.html", _put_rules)


def _put_rules(request: WorkRequest) -> str:
    made = equip(get_ledger(), request.POST.get("text", "").replace("\r\n", "\n"))
    return _("规则已生效，指纹 %(digest)s") % {"digest": made.rules[:12]}


@needs("administer")
def calendar(request: WorkRequest) -> HttpResponse:
    """The working calendar, with the years that the ledger was given, and the price list of questions."""
    store, today = get_ledger(), this_day()
    held = {"calendar": find_setting(store, CALENDAR) or "", "prices": find_setting(store, PRICES) or ""}
    known = load_calendar(store)
    months = []
    for month in range(1, 13):
        days = period_of(date(today.year, month, 1), Level.MONTH)
        try:
            months.append((month, days.days, len(known.working_days(days.start, days.end))))
        except LedgerError:
            break
    facts = {"held": held, "months": months, "year": today.year, "prices": load_prices(store)}
    return _form(request, "administration/calendar.html", _put_calendar, facts)


def _put_calendar(request: WorkRequest) -> str:
    store, given = get_ledger(), request.POST
    with store.writing():
        if "calendar" in given:
            keep_calendar(store, given["calendar"].replace("\r\n", "\n"))
            return _("日历已生效")
        keep_prices(store, given.get("prices", "").replace("\r\n", "\n"))
        return _("价目已生效")


@needs("administer")
def years(request: WorkRequest) -> HttpResponse:
    """Carry what is left of a year into the next, or take in the promises of a year before from a table."""
    facts: dict[str, Any] = {
        "years": _years(),
        "fault": None,
        "receipt": None,
        "table": None,
        "typed": _typed(request),
        "this": this_day().year,
    }
    if request.method == "POST":
        try:
            done = _carry(request, facts) if "carry" in request.POST else _take_in(request, facts)
        except SizhangError as fault:
            facts["fault"], done = fault, ""
        if done:
            messages.success(request, done)
            return redirect("admin_years")
    bad = facts["fault"] or (facts["table"] and facts["table"].faulty)
    return render(request, "administration/years.html", facts, status=422 if bad else 200)


def _years() -> list[int]:
    return [int(year) for (year,) in get_ledger().rows("SELECT DISTINCT year FROM promise ORDER BY year DESC")]


def _carry(request: WorkRequest, facts: dict[str, Any]) -> str:
    store, given = get_ledger(), request.POST.get("year", "")
    if given not in map(str, _years()):
        raise LedgerError(_("没有这一年的账。"), remedy=_("选一个有账的年份。"))
    if "rehearse" in request.POST:
        with store.rehearsal():
            facts["receipt"] = carry_forward(store, int(given))
        return ""
    return " ".join(carry_forward(store, int(given)).notes)


def _take_in(request: WorkRequest, facts: dict[str, Any]) -> str:
    given = request.POST
    year = int(given["year"]) if given.get("year", "").isdecimal() and len(given["year"]) == 4 else 0
    table = facts["table"] = read_openings(get_ledger(), given.get("text", ""), year)
    if table.faulty or "rehearse" in given:
        return ""
    count = open_table(get_ledger(), table, year)
    return _("建账 %(count)s 笔。") % {"count": count}


def _form(request: WorkRequest, template: str, act: Any, more: dict[str, Any] | None = None) -> HttpResponse:
    """A page with a list and a form: what is refused is shown above it with what was typed still in it."""
    fault = None
    if request.method == "POST":
        try:
            messages.success(request, act(request))
            return redirect(request.path)
        except SizhangError as refused:
            fault = refused
    facts = {"fault": fault, "typed": _typed(request), **_registers(), **(more or {})}
    return render(request, template, facts, status=422 if fault else 200)


def _typed(request: WorkRequest) -> Typed:
    """What was typed, but for passwords."""
    return Typed({name: str(value) for name, value in request.POST.items() if name != "password"})


def _registers() -> dict[str, Any]:
    store = get_ledger()
    people = [
        (name, body, roles.split())
        for name, body, roles in store.rows("SELECT p.name, b.name, p.roles FROM person p JOIN body b ON b.id = p.body_id ORDER BY p.id")
    ]
    books = store.rows("SELECT sha256, text, recorded_at FROM rulebook ORDER BY id DESC")
    return {
        "bodies": sorted(load_bodies(store).values(), key=lambda one: one.name),
        "people": people,
        "ledger_roles": ROLES,
        "accounts": list(Account.objects.select_related("person__body").order_by("username")),
        "roles": [(role, role_name(role)) for role, _name in SITE_ROLES],
        "rulebook": load_rules(store),
        "defaults": RuleBook(),
        "rule_text": books[0][1] if books else "",
        "rule_versions": [(digest, instant_of(at)) for digest, _text, at in books],
    }
