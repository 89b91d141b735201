"""The page for partners' programmers, as anybody reads it."""

from __future__ import annotations

import httpx
import pytest

from services.intake.docs_pages import ANSWERS
from services.intake.rules.report_format import report_fields
from tests.integration.partners.site import Site


@pytest.mark.parametrize(("lang", "says"), [("vi", "Kết nối phần mềm"), ("en", "Connecting your software")])
def test_page_names_every_field_without_a_key_or_a_script(site: Site, lang: str, says: str) -> None:
    answer = httpx.get(f"{site.url}/docs", params={"lang": lang}, trust_env=False)
    assert answer.status_code == 200
    assert says in answer.text
    assert [field.path for field in report_fields() if f"<code>{field.path}</code>" not in answer.text] == []
    assert "<script" not in answer.text
    assert "://" not in answer.text.replace("http://www.w3.org/", "")


def test_what_the_page_links_to_is_there(site: Site) -> None:
    page = httpx.get(f"{site.url}/docs", trust_env=False).text
    for path in ("/api/openapi.json", "/docs/asyncapi.json", "/static/intake/docs.css"):
        assert f'href="{path}"' in page
        assert httpx.get(site.url + path, trust_env=False).status_code == 200
    assert httpx.get(f"{site.url}/docs/asyncapi.json", trust_env=False).json()["asyncapi"] == "3.0.0"


def test_answers_of_the_page_are_those_of_the_description(site: Site) -> None:
    document = httpx.get(f"{site.url}/api/openapi.json", trust_env=False).json()
    assert {int(status) for status in document["paths"]["/api/v1/reports"]["post"]["responses"]} == set(ANSWERS)
