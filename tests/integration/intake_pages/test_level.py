"""The panel beside the form: what triage and notify answer is shown, and without them the form works on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import BaseModel

from services.intake import conflicts
from services.notify.queue_view import DELIVERY, REPLIED, ROLE_NAMES
from shared.contracts.events import Marks
from shared.contracts.preview import ChainAsked, Judged
from shared.contracts.vocabulary import Level
from shared.marks import MarkKind, mark
from shared.web.siblings import Sibling, SiblingAwayError, SiblingRefusedError
from tests.integration.intake.world import KEYS, alert, assessed
from tests.integration.intake_pages.console import WHO, Console
from tests.support.translations import translated
from tests.unit.intake.documents import ARRIVAL, NAME, PHONE, STORY, a_report

FORESEEN: dict[str, Any] = {
    "level": "IMMEDIATE",
    "rules": [{"id": "R02", "level": "IMMEDIATE", "text_vi": "Nguy hiểm ngay", "text_en": "Danger now", "source": "p"}],
    "table_version": "2026.2",
    "clocks": {"acknowledge_by": (ARRIVAL + timedelta(minutes=10)).isoformat()},
    "route": {"lead": "social-9190", "where": "commune", "unit_code": 9190, "text_vi": "vi", "text_en": "en"},
}
CHAIN: dict[str, Any] = {
    "steps": [
        {
            "number": 1,
            "after_minutes": 0,
            "people": [
                {"name": "Đỗ Thị Mến", "role": "BVTE xã", "reachable": True},
                {"name": "Trần Văn Lực", "role": "công an xã", "reachable": False},
            ],
        },
        {"number": 2, "after_minutes": 10, "people": []},
    ]
}
AWAY = "Chưa tính được mức độ; vẫn lưu và chuyển được."


@dataclass
class Siblings:
    """What the others answer, or raise, by path; and what they were asked."""

    answers: dict[str, Any] = field(default_factory=lambda: {"/internal/preview": FORESEEN, "/internal/oncall": CHAIN})
    asked: list[tuple[str, UUID, Any]] = field(default_factory=list)

    def answer(self, path: str, person_id: UUID, question: BaseModel | None) -> dict[str, Any]:
        self.asked.append((path, person_id, question))
        found = self.answers.get(path, SiblingRefusedError())
        if isinstance(found, Exception):
            raise found
        return dict(found)


@pytest.fixture
def siblings(monkeypatch: pytest.MonkeyPatch) -> Siblings:
    others = Siblings()

    async def get(_self: Sibling, path: str, person_id: UUID) -> dict[str, Any]:
        return others.answer(path, person_id, None)

    async def post(_self: Sibling, path: str, person_id: UUID, question: BaseModel) -> dict[str, Any]:
        return others.answer(path, person_id, question)

    monkeypatch.setattr(Sibling, "get", get)
    monkeypatch.setattr(Sibling, "post", post)
    return others


async def level(console: Console, fields: dict[str, str]) -> httpx.Response:
    sent = {"X-Who": "operator", "Accept": "text/html"}
    return await console.client.post("/console/level", data=fields, headers=sent)


async def test_level_rules_deadlines_and_who_is_on_duty_are_shown(console: Console, siblings: Siblings) -> None:
    answer = await level(console, {"facts.danger_now": "yes", "place.incident.text": "Phường Võ Cường"})
    for said in ("Khẩn cấp", "R02", "Nguy hiểm ngay", "2026.2", "10 phút", "Đỗ Thị Mến, BVTE xã", "Chưa nhắn được"):
        assert said in answer.text
    assert "Trống ca: bậc này không có ai" in answer.text
    assert 'data-level="Khẩn cấp"' in answer.text
    assert siblings.asked[0][1] == WHO["operator"].id
    asked = siblings.asked[1][2]
    assert isinstance(asked, ChainAsked)
    assert (asked.level, asked.unit_code, asked.acknowledge_within) == (Level.IMMEDIATE, 9190, 10)


async def test_the_panel_is_in_english_too(console: Console, siblings: Siblings) -> None:
    asked = {"X-Who": "operator", "Accept": "text/html"}
    answer = await console.client.post("/console/level?lang=en", data={"facts.danger_now": "yes"}, headers=asked)
    for said in ("Immediate", "Danger now", "child protection", "Number verified", "Gap: nobody at this step"):
        assert said in answer.text
    assert len(siblings.asked) == 2


async def test_only_what_the_rules_read_leaves_intake(console: Console, siblings: Siblings) -> None:
    await level(
        console,
        {
            "narrative": STORY,
            "subject.name": NAME,
            "subject.age_min": "4",
            "reporter.phone": PHONE,
            "reporter.name": NAME,
            "place.incident.text": "Phường Võ Cường",
            "place.incident.detail": f"nhà {NAME}",
            "alleged.0.role": "caregiver",
            "alleged.0.name": NAME,
            "facts.danger_now": "yes",
        },
    )
    question = siblings.asked[0][2]
    assert isinstance(question, Judged)
    assert (question.age_min, question.incident_unit_code, question.facts.danger_now) == (4, 9190, "yes")
    sent = json.dumps([each[2].model_dump(mode="json") for each in siblings.asked], ensure_ascii=False)
    for personal in (STORY, NAME, PHONE, "ngõ", "nhà"):
        assert personal not in sent


async def test_a_colleague_who_is_alleged_is_kept_out_of_what_is_asked(console: Console, siblings: Siblings) -> None:
    person_id = UUID(int=77)
    name = Marks(
        person_id=person_id,
        sequence=1,
        member_of=("police-9190",),
        name_hashes=(mark(KEYS, MarkKind.FULL_NAME, "tran van luc"),),
    )
    async with console.world.database.transaction() as connection:
        await conflicts.put_colleagues(connection, [name])
    await level(console, {"facts.danger_now": "yes", "alleged.0.role": "official", "alleged.0.name": "Trần Văn Lực"})
    assert siblings.asked[1][2].excluded_person_ids == (person_id,)
    assert siblings.asked[0][2].excluded_team_ids == siblings.asked[1][2].excluded_team_ids != ()
    assert await console.world.count("alleged") == 0
    assert await console.world.count("conflicts") == 0


@pytest.mark.parametrize("failure", [SiblingAwayError(), SiblingRefusedError(), {"level": "WARM"}], ids=str)
async def test_without_triage_the_panel_says_so_and_the_report_is_saved(
    console: Console, siblings: Siblings, failure: Any
) -> None:
    siblings.answers["/internal/preview"] = failure
    answer = await level(console, {"facts.danger_now": "yes"})
    assert answer.status_code == 200
    assert AWAY in answer.text
    assert [path for path, _, _ in siblings.asked] == ["/internal/preview"]
    assert (await console.post({"key": "k", "channel": "hotline", "facts.danger_now": "yes"})).status_code == 303


async def test_with_nobody_listening_the_panel_says_so(console: Console) -> None:
    assert AWAY in (await level(console, {"facts.danger_now": "yes"})).text


async def test_without_notify_the_level_is_shown_all_the_same(console: Console, siblings: Siblings) -> None:
    siblings.answers["/internal/oncall"] = SiblingAwayError()
    answer = await level(console, {"concerns": "physical"})
    assert "Khẩn cấp" in answer.text
    assert "Chưa hỏi được ai đang trực" in answer.text


@pytest.mark.parametrize("fields", [{}, {"channel": "hotline"}, {"subject.age_min": "4"}], ids=str)
async def test_nothing_is_asked_before_there_is_anything_to_save(
    console: Console, siblings: Siblings, fields: dict[str, str]
) -> None:
    assert "thì mức hiện ở đây" in (await level(console, fields)).text
    assert siblings.asked == []


async def test_a_wrong_field_does_not_hide_the_level(console: Console, siblings: Siblings) -> None:
    answer = await level(console, {"facts.danger_now": "yes", "subject.age_min": "-3", "incident_date": "hôm qua"})
    assert "Khẩn cấp" in answer.text
    assert siblings.asked[0][2].age_min is None


async def test_asking_stores_nothing(console: Console, siblings: Siblings) -> None:
    await level(console, {"narrative": STORY, "facts.danger_now": "yes"})
    assert siblings.asked
    assert [await console.world.count(table) for table in ("reports", "requests", "reads")] == [0, 0, 0]
    assert console.world.bus.published == []


async def stored(console: Console) -> str:
    created = await console.world.create(a_report(), actor=WHO["operator"])
    await console.world.assess(assessed(created))
    await console.world.change_alert(alert(created, 1))
    return str(created.report_id)


async def test_the_report_page_says_who_was_paged_and_who_took_it(console: Console, siblings: Siblings) -> None:
    report_id = await stored(console)
    line = {"role": "BVTE xã", "step": 1, "icon": "check", "css": "st-wait", "at": ARRIVAL.isoformat()}
    siblings.answers[f"/internal/alerts/{report_id}"] = {
        "people": [{"name": "Đỗ Thị Mến", "state": "Nhà mạng đã nhận", **line}],
        "acknowledged_by": "Đỗ Thị Mến",
    }
    answer = await console.get(f"/console/reports/{report_id}/paged")
    assert "Nhà mạng đã nhận" in answer.text
    assert "Đỗ Thị Mến đã nhận vụ" in answer.text
    assert siblings.asked[-1][1] == WHO["operator"].id
    assert (await console.get(f"/console/reports/{report_id}/paged", "another operator")).status_code == 404


async def test_without_notify_the_report_page_says_that_paging_goes_on(console: Console, siblings: Siblings) -> None:
    report_id = await stored(console)
    answer = await console.get(f"/console/reports/{report_id}/paged")
    assert "Chưa hỏi được tin nhắn tới đâu" in answer.text
    assert len(siblings.asked) == 1


def test_what_notify_says_has_english_here() -> None:
    root = Path(__file__).parents[3]
    said = {*ROLE_NAMES.values(), *(words[0] for words in (*DELIVERY.values(), *REPLIED.values()))}
    assert said - translated([root / "shared" / "web", root / "services" / "intake"]) == set()


async def test_beside_a_stored_report_nobody_is_said_to_be_paged_anew(console: Console, siblings: Siblings) -> None:
    assert "Sẽ nhắn khi lưu" in (await level(console, {"facts.danger_now": "yes"})).text
    answer = await level(console, {"facts.danger_now": "yes", "revision": "1"})
    assert "Sẽ nhắn khi lưu" not in answer.text
    assert "Đang trực nơi này" in answer.text
    assert siblings.asked[0][2] == siblings.asked[2][2]
