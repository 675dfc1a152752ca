"""The site's addresses."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from sizhang.web.api import api
from sizhang.web.views import (
    administration,
    bodies,
    cadence,
    claims,
    closing,
    clues,
    data,
    elsewhere,
    errands,
    evidence,
    field,
    files,
    frame,
    inquiries,
    leaders,
    ledger,
    promise,
    public,
    reports,
    shown,
    today,
    uploads,
    verbs,
)


class IdConverter(IntConverter):
    """A number that a database can hold: a longer one is the address of nothing, and no fault of the server."""

    regex = "[0-9]{1,18}"


register_converter(IdConverter, "id")

urlpatterns = [
    path("account/login/", account.login, name="account_login"),
    path("account/elsewhere/", elsewhere.away, name="elsewhere"),
    path("account/elsewhere/back/", elsewhere.back, name="elsewhere_back"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("preferences/", frame.preferences, name="preferences"),
    path("log/", frame.log, name="log"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<str:number>/", promise.promise, name="promise"),
    path("ledger/<str:number>/outlook/", promise.outlook, name="outlook"),
    *(path(f"ledger/<str:number>/{name}/", verbs.make_view(name), name=name) for name in verbs.PAGES),
    path("download/ledger.<str:form>", files.ledger_file, name="ledger_file"),
    path("evidence/<str:digest>/", evidence.evidence, name="evidence"),
    path("reports/", reports.reports, name="reports"),
    path("uploads/", uploads.upload, name="upload_new"),
    path("uploads/<id:upload_id>/", uploads.upload_page, name="upload"),
    path("uploads/<id:upload_id>/drafts/<id:number>/", uploads.draft, name="draft"),
    path("uploads/<id:upload_id>/open/", uploads.open_upload, name="upload_open"),
    path("reports/<id:report_id>/", reports.report, name="report"),
    path("cadence/", cadence.cadence, name="cadence"),
    path("cadence/<str:number>/", cadence.one, name="cadence_one"),
    path("claims/", claims.paste, name="claims"),
    path("errands/", errands.errands, name="errands"),
    path("errands/<str:number>/", errands.errand, name="errand"),
    path("verify/", field.queue, name="verify_queue"),
    path("field/", field.field, name="field"),
    path("field/tasks.json", field.tasks, name="field_tasks"),
    path("field/send/", field.send, name="field_send"),
    path("field/sw.js", field.worker, name="field_worker"),
    path("field/manifest.webmanifest", field.manifest, name="field_manifest"),
    path("notices/", closing.notices, name="notices"),
    path("notices/<str:number>/objections/", closing.objection, name="objection"),
    path("objections/<id:objection_id>/", closing.answer, name="objection_answer"),
    path("administration/", administration.administration, name="administration"),
    path("administration/bodies/", administration.bodies, name="admin_bodies"),
    path("administration/people/", administration.people, name="admin_people"),
    path("administration/accounts/", administration.accounts, name="admin_accounts"),
    path("administration/accounts/<id:account_id>/", administration.account, name="admin_account"),
    path("administration/rules/", administration.rules, name="admin_rules"),
    path("administration/calendar/", administration.calendar, name="admin_calendar"),
    path("administration/years/", administration.years, name="admin_years"),
    path("clue/", clues.clue, name="clue"),
    path("clues/", clues.clues, name="clues"),
    path("clues/<id:clue_id>/", clues.answer, name="clue_answer"),
    path("today/", today.today, name="today"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/<str:name>/", bodies.body, name="body"),
    path("", public.public, name="public"),
    path("happiness/", public.happiness, name="happiness"),
    path("search/", public.search, name="search"),
    path("method/", public.method, name="method"),
    path("promises/<str:number>/", public.one, name="public_promise"),
    path("promises/<str:number>/shown/", shown.choose, name="shown"),
    path("data/", data.data, name="data"),
    path("data/datapackage.json", data.package, name="data_package"),
    path("data/feed.xml", data.feed, name="feed"),
    *(
        path(f"data/{name}.{form}", data.table, {"name": name, "form": form}, name=f"{name}_{form}")
        for name in data.TABLES
        for form in data.FORMS
    ),
    path("api/v1/", api.urls),
    path("exceptions/", leaders.exceptions, name="exceptions"),
    path("exceptions/packet.<str:form>", leaders.packet, name="packet"),
    path("inquiries/", inquiries.inquiries, name="inquiries"),
    path("inquiries/<id:inquiry_id>/", inquiries.answer, name="inquiry_answer"),
]

handler400 = "sizhang.web.views.faults.bad_request"
handler403 = "sizhang.web.views.faults.permission_denied"
handler404 = "sizhang.web.views.faults.page_not_found"
handler500 = "sizhang.web.views.faults.server_error"
