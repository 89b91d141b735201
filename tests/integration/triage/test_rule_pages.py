"""The pages of the rule lab: who may do what, what a wrong form says, and the way from a draft into force."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.triage import lab_pages, lab_store
from services.triage.app import RECIPE
from services.triage.lab_words import GRAVER_WHEN, MILDER_WHEN, field_words, value_words
from services.triage.rules import table_file
from services.triage.rules.rule_table import BUILT_IN
from services.triage.rules.table import TABLE
from services.triage.rules.table_document import document
from shared.clock import MovedClock
from shared.contracts.events import PersonChanged
from shared.contracts.vocabulary import Role
from shared.crypto import Keys
from shared.identity.directory import Directory
from shared.identity.enforce import CSRF_FIELD, enforcer
from shared.identity.sessions import COOKIE, Sessions, real_now
from shared.service import Parts
from shared.settings import Settings
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from tests.integration.triage.world import World
from tests.support.html import Page, parse
from tests.unit.triage.reports import RECEIVED, a_report
from tests.unit.triage.tables import a_table

WHY = "Theo kết luận họp ngày 20/11"
STORY = {"danger_now": "no", "injury_story_inconsistent": "yes"}


@dataclass
class Person:
    id: UUID
    cookie: str
    csrf: str


@dataclass
class Site:
    world: World
    client: httpx.AsyncClient
    directory: Directory
    sessions: Sessions
    people: dict[str, Person] = field(default_factory=dict)

    async def enrol(self, name: str, *roles: Role) -> None:
        person = uuid4()
        change = PersonChanged(
            occurred_at=real_now(),
            correlation_id=name,
            person_id=person,
            sequence=1,
            roles=roles,
            sessions_valid_from=real_now(),
        )
        async with self.world.database.transaction() as connection:
            await self.directory.record_person(connection, change)
        session, cookie = self.sessions.begin(person, real_now(), name)
        self.people[name] = Person(person, cookie, self.sessions.csrf_token(session.id))

    async def get(self, path: str, who: str = "supervisor") -> httpx.Response:
        headers = {"Cookie": f"{COOKIE}={self.people[who].cookie}", "Accept": "text/html"}
        return await self.client.get(path, headers=headers)

    async def page(self, path: str, who: str = "supervisor") -> Page:
        answer = await self.get(path, who)
        assert answer.status_code == 200, answer.text
        return parse(answer.text)

    async def post(
        self,
        path: str,
        who: str = "supervisor",
        *,
        token: bool = True,
        files: Any = None,
        data: Any = None,
        **said: Any,
    ) -> httpx.Response:
        person = self.people[who]
        fields: dict[str, Any] = {**(data or {}), **said, **({CSRF_FIELD: person.csrf} if token else {})}
        headers = {"Cookie": f"{COOKIE}={person.cookie}", "Accept": "text/html"}
        return await self.client.post(path, data=fields, files=files, headers=headers)

    async def draft(self, version: str = "2026.2") -> str:
        answer = await self.post("/rules/proposals", base="2026.1", version=version)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/rules/{version}/edit")
        return version

    async def form(self, version: str = "2026.2", **changes: Any) -> dict[str, Any]:
        """What the form of a draft would send, with changes; None leaves a field out."""
        page = await self.page(f"/rules/{version}/edit")
        pairs = page.would_send()
        said: dict[str, Any] = {}
        for name, value in pairs:
            said.setdefault(name, []).append(value)
        said.pop(CSRF_FIELD)
        for name, value in changes.items():
            path = name.replace("__", ".")
            assert path in said or value is not None, path
            if value is None:
                del said[path]
            else:
                said[path] = value
        return said

    async def states(self) -> dict[str, str]:
        async with self.world.database.reading() as connection:
            return {one.version: one.state for one in await lab_store.versions(connection)}


@cache
def rendered_pages() -> Pages:
    """Templates are compiled once for all tests; every test's clock starts at the same moment."""
    return Pages([RECIPE.folder], clock=MovedClock(RECEIVED), default_locale="vi")


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    keys = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
    settings = Settings()
    parts = Parts(settings=settings, database=world.database, bus=world.bus, clock=world.clock, keys=keys)
    directory = Directory(world.database, "triage")

    async def readiness() -> dict[str, bool]:
        return {}

    app = create_app(
        [lab_pages.router(parts)],
        enforce=enforcer(directory, keys, settings),
        pages=rendered_pages(),
        live=LiveUpdates(world.database.url, [], world.clock),
        readiness=readiness,
        static={},
        version="0",
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://heedline.test") as client:
        site = Site(world, client, directory, Sessions(keys, settings))
        await site.enrol("supervisor", Role.SUPERVISOR)
        await site.enrol("administrator", Role.ADMINISTRATOR)
        await site.enrol("other administrator", Role.ADMINISTRATOR)
        await site.enrol("auditor", Role.AUDITOR)
        await site.enrol("worker", Role.WORKER)
        await site.enrol("operator", Role.OPERATOR)
        yield site


PAGES = ("/rules", "/rules/2026.2", "/rules/2026.2/edit", "/rules/2026.2/compare", "/rules/2026.2/replay")


async def test_a_draft_is_edited_replayed_proposed_and_put_into_force_by_a_second_person(site: Site) -> None:
    await site.world.assess(a_report(case_code="STORY1", facts=STORY))
    version = await site.draft()
    saved = await site.post(f"/rules/proposals/{version}/save", data=await site.form(rules__R14__level="PRIORITY"))
    assert (saved.status_code, saved.headers["location"]) == (303, "/rules/2026.2")
    ran = await site.post(f"/rules/proposals/{version}/replay", source="cases", most="500")
    assert ran.headers["location"] == "/rules/2026.2/replay"
    shown = (await site.page(ran.headers["location"])).one("main").words
    assert "Xuống mức 1" in shown
    assert "STORY1 Gấp → thành Ưu tiên R14 Gấp R14 Ưu tiên" in " ".join(shown.split())
    assert (await site.post(f"/rules/proposals/{version}/propose", note=WHY)).status_code == 303
    seen = dict((await site.page("/rules/2026.2", "administrator")).would_send())["seen"]
    done = await site.post("/rules/2026.2/activate", "administrator", seen=seen)
    assert done.status_code == 303
    assert await site.states() == {"2026.2": "active", "2026.1": "retired"}
    listed = (await site.page("/rules", "auditor")).one("main").words
    assert f"2026.2 thay 2026.1 . Đề xuất: tài khoản {str(site.people['supervisor'].id)[:8]}" in listed
    assert WHY in listed


async def test_saving_what_the_form_shows_changes_nothing(site: Site) -> None:
    version = await site.draft()
    assert (await site.post(f"/rules/proposals/{version}/save", data=await site.form())).status_code == 303
    async with site.world.database.reading() as connection:
        found = await lab_store.version(connection, version)
    assert found is not None
    assert {**document(found.table), "version": "2026.1"} == document(BUILT_IN)


async def test_wrong_fields_are_named_beside_themselves_and_everything_typed_is_kept(site: Site) -> None:
    version = await site.draft()
    form = await site.form(
        rules__R14__words_vi="",
        rules__R15__words_vi="Lời mới & <b>đậm</b>",
        thresholds__alone_age="sáu",
        clocks__URGENT__contact__amount="x4",
        clocks__URGENT__contact__unit="min",
        matrix__neglect__leads=["", "education", ""],
        matrix__suicide__order="99999999",
        rules__R16__enabled=None,
    )
    answer = await site.post(f"/rules/proposals/{version}/save", data=form)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.dangling() == []
    assert page.repeated_ids() == []
    for name in ("rules.R14.words_vi", "thresholds.alone_age", "clocks.URGENT.contact.amount"):
        assert page.one(name).get("aria-invalid") == "true", name
        assert page.one(page.one(name).get("aria-describedby")).words
    said: dict[str, list[str]] = {name: [] for name in page.names()}
    for name, value in page.would_send():
        said[name].append(value)
    assert said["thresholds.alone_age"] == ["sáu"]
    assert said["rules.R15.words_vi"] == ["Lời mới & <b>đậm</b>"]
    assert said["clocks.URGENT.contact.amount"] + said["clocks.URGENT.contact.unit"] == ["x4", "min"]
    assert said["matrix.neglect.leads"] == ["education", "", ""]
    assert said["matrix.suicide.order"] == ["99999999"]
    assert said["rules.R16.enabled"] == []
    links = {element.get("href") for element in page.elements if element.tag == "a"}
    assert {"#rules.R14.words_vi", "#thresholds.alone_age", "#clocks.URGENT.contact.amount"} <= links
    again = {**form, **{name: values for name, values in said.items() if name != CSRF_FIELD}}
    fixed = {
        "rules.R14.words_vi": "Có lời",
        "thresholds.alone_age": "7",
        "clocks.URGENT.contact.amount": "90",
        "matrix.suicide.order": "7",
    }
    assert (await site.post(f"/rules/proposals/{version}/save", data={**again, **fixed})).status_code == 303


async def test_a_table_that_breaks_the_floor_is_refused_in_both_languages(site: Site) -> None:
    version = await site.draft()
    form = await site.form(rules__R25__level="ROUTINE")
    answer = await site.post(f"/rules/proposals/{version}/save", data=form)
    assert answer.status_code == 422
    assert "R25: mức : nhẹ hơn R32" in parse(answer.text).one("errors").words
    english = await site.post(f"/rules/proposals/{version}/save?lang=en", data=form)
    assert "R25: level : milder than R32" in parse(english.text).one("errors").words


async def test_somebody_elses_change_is_not_overwritten(site: Site) -> None:
    version = await site.draft()
    mine, theirs = await site.form(rules__R14__level="PRIORITY"), await site.form(rules__R15__level="IMMEDIATE")
    assert (await site.post(f"/rules/proposals/{version}/save", "administrator", data=theirs)).status_code == 303
    answer = await site.post(f"/rules/proposals/{version}/save", data=mine)
    assert answer.status_code == 409
    assert "Có người vừa sửa" in answer.text
    assert dict(parse(answer.text).would_send())["rules.R14.level"] == "PRIORITY"


@pytest.mark.parametrize("path", PAGES)
async def test_pages_open_for_the_roles_of_the_contract_only(site: Site, path: str) -> None:
    await site.draft()
    got = {who: (await site.get(path, who)).status_code for who in site.people}
    auditor = 403 if path.endswith("/edit") else 200
    assert got == {"supervisor": 200, "administrator": 200, "other administrator": 200, "auditor": auditor, "worker": 403, "operator": 403}  # fmt: skip
    unknown = await site.client.get(path, headers={"Accept": "text/html"})
    assert (unknown.status_code, unknown.headers["location"][:8]) == (303, "/signin?")


@pytest.mark.parametrize("verb", ["save", "replay", "propose", "withdraw", "discard"])
async def test_auditors_workers_and_forged_forms_change_nothing(site: Site, verb: str) -> None:
    await site.draft()
    for who in ("auditor", "worker", "operator"):
        assert (await site.post(f"/rules/proposals/2026.2/{verb}", who, note=WHY)).status_code == 403
    assert (await site.post(f"/rules/proposals/2026.2/{verb}", token=False, note=WHY)).status_code == 403
    assert await site.states() == {"2026.1": "active", "2026.2": "draft"}


async def test_a_supervisor_proposes_and_never_activates(site: Site) -> None:
    await site.enrol("other supervisor", Role.SUPERVISOR)
    await site.draft()
    await site.post("/rules/proposals/2026.2/replay", source="samples")
    await site.post("/rules/proposals/2026.2/propose", note=WHY)
    for who in ("supervisor", "other supervisor", "auditor"):
        assert (await site.post("/rules/2026.2/activate", who)).status_code == 403
    assert "Cho áp dụng 2026.2" not in (await site.page("/rules/2026.2", "other supervisor")).one("main").words
    assert "Cho áp dụng 2026.2 thay 2026.1" in (await site.page("/rules/2026.2", "administrator")).one("main").words


async def test_an_administrator_does_not_activate_their_own_proposal(site: Site) -> None:
    await site.draft()
    await site.post("/rules/proposals/2026.2/replay", "administrator", source="samples")
    await site.post("/rules/proposals/2026.2/propose", "administrator", note=WHY)
    assert "Bạn là người đề xuất" in (await site.page("/rules/2026.2", "administrator")).one("main").words
    seen = dict((await site.page("/rules/2026.2", "other administrator")).would_send())["seen"]
    refused = await site.post("/rules/2026.2/activate", "administrator", seen=seen)
    assert refused.status_code == 409
    assert "Người đề xuất không tự cho áp dụng" in refused.text
    assert (await site.post("/rules/2026.2/activate", "other administrator", seen=seen)).status_code == 303


async def test_without_a_replay_the_page_asks_for_one_and_refuses(site: Site) -> None:
    await site.draft()
    await site.post("/rules/proposals/2026.2/propose", note=WHY)
    assert "Chạy thử lại" in (await site.page("/rules/2026.2", "administrator")).one("main").words
    async with site.world.database.reading() as connection:
        found = await lab_store.version(connection, "2026.2")
    assert found is not None
    refused = await site.post("/rules/2026.2/activate", "administrator", seen=found.digest)
    assert refused.status_code == 409
    assert "Chưa xem thử lại" in refused.text


async def test_a_short_reason_is_refused_and_kept(site: Site) -> None:
    await site.draft()
    refused = await site.post("/rules/proposals/2026.2/propose", note="ngắn")
    assert refused.status_code == 409
    assert "Ghi lý do thay đổi" in refused.text
    assert parse(refused.text).one("note").text.strip() == "ngắn"


async def test_a_proposal_is_not_edited_until_it_is_withdrawn(site: Site) -> None:
    await site.draft()
    form = await site.form()
    await site.post("/rules/proposals/2026.2/propose", note=WHY)
    assert (await site.post("/rules/proposals/2026.2/save", data=form)).status_code == 409
    assert "Lưu bản nháp" not in (await site.page("/rules/2026.2/edit")).one("main").words
    assert (await site.post("/rules/proposals/2026.2/withdraw")).status_code == 303
    assert (await site.post("/rules/proposals/2026.2/save", data=form)).status_code == 303
    assert (await site.post("/rules/proposals/2026.2/discard")).headers["location"] == "/rules"
    assert await site.states() == {"2026.1": "active"}


async def test_a_file_is_downloaded_and_uploaded_as_a_draft(site: Site) -> None:
    got = await site.get("/rules/2026.1/file", "auditor")
    assert got.headers["content-disposition"] == 'attachment; filename="heedline-rules-2026.1.toml"'
    assert table_file.parse(got.text) == BUILT_IN
    changed = table_file.write(a_table(rules__R14__level="PRIORITY"))
    answer = await site.post("/rules/proposals/upload", files={"file": ("t.toml", changed.encode())})
    assert (answer.status_code, answer.headers["location"]) == (303, "/rules/2026.2")
    compared = (await site.page("/rules/2026.2/compare")).one("main").words
    assert "1 chỗ khác nhau" in compared
    assert "R14: mức Gấp Ưu tiên" in compared


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"version = ", 422, "không phải TOML"),
        (b"\xff\xfe", 422, "UTF-8"),
        (b"#" * 200_001, 422, "quá lớn"),
        (table_file.write(BUILT_IN).replace('"URGENT"', '"SEVERE"', 1).encode(), 422, "chọn một mức"),
        (table_file.write(BUILT_IN).encode(), 409, "Đã có bộ quy tắc mang số này"),
    ],
)  # fmt: skip
async def test_a_wrong_file_is_refused_with_what_is_wrong(site: Site, content: bytes, status: int, said: str) -> None:
    answer = await site.post("/rules/proposals/upload", files={"file": ("t.toml", content)})
    assert answer.status_code == status
    assert said in answer.text
    assert await site.states() == {"2026.1": "active"}


@pytest.mark.parametrize("version", ["", "neu", "2026.1", "2026.2/x"])
async def test_a_wrong_number_is_refused_and_kept(site: Site, version: str) -> None:
    answer = await site.post("/rules/proposals", base="2026.1", version=version)
    assert answer.status_code in {409, 422}
    assert parse(answer.text).one("version").get("value") == (version or "2026.2")


async def test_the_next_free_number_is_offered(site: Site) -> None:
    await site.draft("2026.9")
    assert (await site.page("/rules")).one("version").get("value") == "2026.10"


@pytest.mark.parametrize("path", ["/rules/2031.1", "/rules/2031.1/edit", "/rules/2031.1/replay", "/rules/2031.1/file"])
async def test_unknown_versions_are_not_found(site: Site, path: str) -> None:
    assert (await site.get(path)).status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PAGES)
async def test_pages_are_sound_in_both_languages(site: Site, path: str, language: str) -> None:
    await site.draft()
    await site.post("/rules/proposals/2026.2/replay", source="samples")
    page = await site.page(f"{path}?lang={language}", "administrator")
    assert page.dangling() == []
    assert page.repeated_ids() == []
    assert page.inline() == []
    assert "Macro" not in page.one("main").words
    assert "administrator" in page.elements[0].words


def test_rules_with_two_levels_have_words_for_both() -> None:
    two = {rule.id for rule in TABLE if rule.graver}
    assert set(GRAVER_WHEN) == set(MILDER_WHEN) == two


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_field_and_value_has_words(locale: str) -> None:
    def paths(path: str, part: dict[str, Any]) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for name, value in part.items():
            here = f"{path}.{name}".lstrip(".")
            found += paths(here, value) if isinstance(value, dict) else [(here, value)]
        return found

    for path, value in paths("", document(BUILT_IN)):
        assert field_words(path, locale) != path
        text = (
            ", ".join(value)
            if isinstance(value, list)
            else str(value).lower()
            if isinstance(value, bool)
            else str(value)
        )
        assert value_words(path, text, locale)
