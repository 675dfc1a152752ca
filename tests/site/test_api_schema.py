"""The API against its own OpenAPI document: whatever Schemathesis makes of it, sound or not, no answer is a fault of the server."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from sites import Site

OPERATIONS = ("/api/v1/promises", "/api/v1/promises/{number}", "/api/v1/promises/{number}/entries", "/api/v1/entries")
MODES = schemathesis.GenerationMode
EXAMPLES = 25


@pytest.mark.parametrize("path", OPERATIONS)
@pytest.mark.parametrize("mode", [MODES.POSITIVE, MODES.NEGATIVE], ids=["sound", "unsound"])
def test_no_question_of_schemathesis_is_a_fault_of_the_server(site: Site, path: str, mode: schemathesis.GenerationMode) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "300")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    assert {operation.ok().path for operation in schema.get_all_operations()} == set(OPERATIONS)
    cases = schema[path]["GET"].as_strategy(generation_mode=mode)
    seen: list[int] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(cases)
        checks = [not_a_server_error]
        if mode == MODES.POSITIVE and "{number}" not in path:
            checks += [status_code_conformance, content_type_conformance, response_schema_conformance]
        seen.append(case.call_and_validate(checks=checks).status_code)

    ask()
    assert len(seen) >= 5
    assert all(code < 500 for code in seen)
