"""Files on the case page come from intake for the person who asks, with the headers that keep them harmless."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.vocabulary import Level
from shared.web.siblings import File, Sibling, SiblingAwayError, SiblingRefusedError
from tests.integration.triage.office import CaseOffice
from tests.integration.triage_pages.site import WHO, Site
from tests.integration.triage_pages.test_case_page import EMPTY_REPORT

HEADERS = {"Content-Type": "audio/mpeg", "Content-Disposition": "attachment", "Content-Security-Policy": "sandbox"}
FILE = uuid4()


@pytest.mark.parametrize(
    ("answer", "status"), [(File(b"ID3", HEADERS), 200), (SiblingRefusedError(), 403), (SiblingAwayError(), 503)]
)
async def test_a_file_is_passed_on_as_intake_decides(
    office: CaseOffice, site: Site, monkeypatch: pytest.MonkeyPatch, answer: Any, status: int
) -> None:
    async def get_file(_self: Sibling, path: str, person_id: UUID) -> File:
        assert (path, person_id) == (f"/internal/reports/{report.report_id}/attachments/{FILE}", WHO["worker"].id)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, File)
        return answer

    monkeypatch.setattr(Sibling, "get_file", get_file)
    report = await office.case(Level.URGENT)
    page = await site.get(f"/cases/{report.case_code}/attachments/{FILE}", "worker")
    assert page.status_code == status
    if status == 200:
        assert page.content == b"ID3"
        assert HEADERS.items() <= {name.title(): value for name, value in page.headers.items()}.items()
    assert (await site.get(f"/cases/{report.case_code}/attachments/{FILE}", "stranger")).status_code == 404


async def test_files_are_listed_among_the_details(
    office: CaseOffice, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def get(_self: Sibling, _path: str, _person_id: UUID) -> dict[str, Any]:
        file = {"attachment_id": str(FILE), "name": "<kể>.mp3", "media_type": "audio/mpeg", "bytes": 2000}
        return {**EMPTY_REPORT, "attachments": [file]}

    monkeypatch.setattr(Sibling, "get", get)
    report = await office.case(Level.URGENT)
    page = await site.get(f"/cases/{report.case_code}/details", "worker")
    assert f'href="/cases/{report.case_code}/attachments/{FILE}">&lt;kể&gt;.mp3</a>, 2 KB' in page.text
