"""The site's addresses."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from sizhang.web.views import bodies, closing, clues, evidence, field, files, frame, ledger, promise, public, reports, today, uploads, verbs

urlpatterns = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("preferences/", frame.preferences, name="preferences"),
    path("log/", frame.log, name="log"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<str:number>/", promise.promise, name="promise"),
    *(path(f"ledger/<str:number>/{name}/", verbs.make_view(name), name=name) for name in verbs.PAGES),
    path("download/ledger.<str:form>", files.ledger_file, name="ledger_file"),
    path("evidence/<str:digest>/", evidence.evidence, name="evidence"),
    path("reports/", reports.reports, name="reports"),
    path("uploads/", uploads.upload, name="upload_new"),
    path("uploads/<int:upload_id>/", uploads.upload_page, name="upload"),
    path("uploads/<int:upload_id>/drafts/<int:number>/", uploads.draft, name="draft"),
    path("uploads/<int:upload_id>/open/", uploads.open_upload, name="upload_open"),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("verify/", field.queue, name="verify_queue"),
    path("field/", field.field, name="field"),
    path("field/tasks.json", field.tasks, name="field_tasks"),
    path("field/send/", field.send, name="field_send"),
    path("field/sw.js", field.worker, name="field_worker"),
    path("field/manifest.webmanifest", field.manifest, name="field_manifest"),
    path("notices/", closing.notices, name="notices"),
    path("notices/<str:number>/objections/", closing.objection, name="objection"),
    path("objections/<int:objection_id>/", closing.answer, name="objection_answer"),
    path("clue/", clues.clue, name="clue"),
    path("clues/", clues.clues, name="clues"),
    path("clues/<int:clue_id>/", clues.answer, name="clue_answer"),
    path("today/", today.today, name="today"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/<str:name>/", bodies.body, name="body"),
    path("", public.public, name="public"),
    path("happiness/", public.happiness, name="happiness"),
    path("search/", public.search, name="search"),
    path("promises/<str:number>/", public.one, name="public_promise"),
]
