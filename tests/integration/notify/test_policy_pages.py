"""The pages of escalation policies: who may what, what is typed stays, and two people decide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import MappingProxyType
from uuid import UUID

import pytest

from services.notify import policy_view
from services.notify.policy_words import REASONS
from shared.contracts.vocabulary import Level
from tests.integration.notify.policy_site import WHO, Fields, Site, open_site
from tests.integration.notify.world import ID, NOON, UNIT, World
from tests.support.html import parse

NOTE = "Theo quyết định 12 của tỉnh"
GOOD: Fields = {
    "function": "social",
    "commune": "",
    "level": "URGENT",
    "repeat": "5",
    "note": NOTE,
    "steps.1.after": "0",
    "steps.1.unit": "min",
    "steps.1.seat": ["worker", "police"],
    "steps.1.all": "yes",
    "steps.2.after": "20",
    "steps.2.unit": "min",
    "steps.2.seat": ["province"],
    "steps.2.person": [str(ID["chair"]), ""],
    "steps.2.channel": ["voice", "sms", ""],
}


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    async with open_site(world) as opened:
        yield opened


async def proposed(site: Site, who: str = "supervisor", changes: Fields = MappingProxyType({})) -> int:
    answer = await site.post("/policies/proposals", {**GOOD, "act": "propose", **changes}, who)
    assert answer.status_code == 303, parse(answer.text).one("errors").words
    return int(answer.headers["location"].removeprefix("/policies/").partition("?")[0])


async def accepted(site: Site, version: int, who: str = "administrator") -> int:
    return (await site.post(f"/policies/{version}/decide", {"accept": "yes"}, who)).status_code


async def test_every_role_gets_what_the_policy_gives_it(site: Site) -> None:
    version = await proposed(site)
    for path in ("/policies", "/policies/new", f"/policies/{version}"):
        for who in ("operator", "worker"):
            assert (await site.get(path, who)).status_code == 403, (path, who)
        for who in ("supervisor", "administrator"):
            assert (await site.get(path, who)).status_code == 200, (path, who)
    assert (await site.get("/policies", "auditor")).status_code == 200
    assert (await site.get(f"/policies/{version}", "auditor")).status_code == 200
    assert (await site.get("/policies/new", "auditor")).status_code == 403
    for who in ("operator", "worker", "auditor"):
        assert (await site.post("/policies/proposals", {**GOOD, "act": "propose"}, who)).status_code == 403, who
    for who in ("operator", "worker", "auditor", "supervisor"):
        assert await accepted(site, version, who) == 403, who
    assert await accepted(site, version) == 303


async def test_without_a_policy_the_built_in_plan_is_said_in_words(site: Site) -> None:
    page = parse((await site.get("/policies")).text)
    words = page.one("main").words
    assert "Bậc 2 sau 30 phút: trưởng nhóm thường trực" in words.replace(" :", ":")
    assert "cuối ngày làm việc đầu tiên" in words
    asked = [link.get("href") for link in page.having("href") if "level=" in link.get("href")]
    assert len(asked) == len(set(asked)) == 6 * len(Level)
    assert words.count("Cả bốn mức theo kế hoạch có sẵn") == 4
    assert "Không có đề xuất nào đang chờ." in words


async def test_a_supervisor_proposes_an_administrator_accepts_and_the_next_alert_follows_and_says_so(
    site: Site,
) -> None:
    world = site.world
    before = await world.open(Level.URGENT)
    world.expect("worker")
    version = await proposed(site)
    waiting = parse((await site.get("/policies")).text)
    assert NOTE in waiting.one("main").words
    assert waiting.having("value", "yes") == []
    assert await accepted(site, version) == 303
    page = parse((await site.get(f"/policies/{version}", "administrator", said="accepted")).text)
    assert "Đang áp dụng" in page.one("main").words
    assert "Đã cho áp dụng" in page.one("main").words
    after = await world.open(Level.URGENT)
    world.expect("worker", "police")
    said = parse((await site.get(f"/alerts/{after.case_code}")).text)
    assert f"Theo chính sách số {version}" in said.one("main").words
    assert said.having("href", f"/policies/{version}")
    assert "Theo kế hoạch có sẵn" in (await site.get(f"/alerts/{before.case_code}")).text


async def test_whoever_proposed_has_no_button_to_accept_and_is_told_why(site: Site) -> None:
    version = await proposed(site, "administrator")
    for path in ("/policies", f"/policies/{version}"):
        own = parse((await site.get(path, "administrator")).text)
        assert own.having("value", "yes") == []
        assert "không tự chấp nhận được" in own.one("main").words
        other = parse((await site.get(path, "other administrator")).text)
        assert [button.words for button in other.having("value", "yes")] == [f"Chấp nhận số {version}"]
    forced = await site.post(f"/policies/{version}/decide", {"accept": "yes"}, "administrator")
    assert forced.status_code == 409
    assert REASONS["same_person"].vi in forced.text
    assert await accepted(site, version, "other administrator") == 303
    again = await site.post(f"/policies/{version}/decide", {"accept": "no"}, "administrator")
    assert again.status_code == 409
    assert REASONS["not_proposed"].vi in again.text


async def test_a_decision_that_says_neither_yes_nor_no_decides_nothing(site: Site) -> None:
    version = await proposed(site)
    assert (await site.post(f"/policies/{version}/decide", {}, "administrator")).status_code == 303
    assert await accepted(site, version) == 303
    assert "Đang áp dụng" in (await site.get(f"/policies/{version}")).text


async def test_names_of_whoever_proposed_and_decided_are_shown_where_they_are_known(site: Site) -> None:
    supervisor = WHO["supervisor"].id
    assert supervisor is not None
    await site.world.add_account(supervisor, ())
    version = await proposed(site)
    await accepted(site, version)
    words = parse((await site.get("/policies")).text).one("main").words
    assert "Đề xuất : Vũ Minh Quân" in words.replace("Đề xuất:", "Đề xuất :")
    assert "người không còn trong danh sách" in words


@pytest.mark.parametrize(
    ("changes", "step", "reason"),
    [
        ({"repeat": "11"}, None, "repeat"),
        ({"repeat": "mười"}, None, "repeat"),
        ({"note": "ngắn"}, None, "note"),
        ({"function": "everybody"}, None, "team"),
        ({"function": "province-duty", "commune": "9190"}, None, "team_place"),
        ({"level": "SOON"}, None, "level"),
        ({"steps.1.after": "5"}, 1, "first_step_at_once"),
        ({"steps.2.after": "0"}, 2, "later_than_before"),
        ({"steps.2.after": "2", "steps.2.unit": "h"}, 2, "too_late"),
        ({"steps.2.after": "-3"}, 2, "number"),
        ({"steps.1.seat": []}, 1, "no_targets"),
        ({"steps.2.seat": []}, None, "last_step_needs_duty"),
        ({"steps.2.team": ["cong an"], "steps.2.position": ["worker"]}, 2, "team"),
        ({"steps.2.team": ["police-8888"], "steps.2.position": ["worker"]}, 2, "unknown_team"),
        ({"steps.2.team": ["polise-*"], "steps.2.position": ["both"]}, 2, "unknown_team"),
        ({"steps.2.person": [str(UUID(int=99))]}, 2, "unknown_person"),
        ({"steps.2.person": ["Hiền"]}, 2, "unknown_person"),
        ({"steps.2.channel": ["fax"]}, 2, "channel"),
        ({"steps.2.channel": ["sms", "sms"]}, 2, "channel_twice"),
    ],
)
async def test_wrong_input_is_named_beside_its_step_and_everything_typed_stays(
    site: Site, changes: dict[str, str | list[str]], step: int | None, reason: str
) -> None:
    for locale in ("vi", "en"):
        sent = {**GOOD, "act": "propose", **changes}
        answer = await site.post("/policies/proposals", sent, lang=locale)
        assert answer.status_code == 422
        page = parse(answer.text)
        sentence = REASONS[reason].text(locale).partition("{")[0].strip()
        assert sentence in page.one("errors").words
        assert any(sentence in said.words for said in page.having("class", "err")), reason
        link = f"#steps.{step}." if step else "#"
        assert any(one.get("href").startswith(link) for one in page.having("href"))
        assert page.dangling() == []
        assert page.repeated_ids() == []
        kept = page.would_send()
        for name, values in sent.items():
            unknown = reason in {"team", "level", "channel"} and name in changes
            for value in [values] if isinstance(values, str) else values:
                assert (name, value) in kept or name == "act" or unknown, (name, value)
    words = parse((await site.get("/policies", lang="vi")).text).one("main").words
    assert "Chưa có phiên bản nào" in words


async def test_too_many_steps_are_refused_and_the_button_for_more_is_gone(site: Site) -> None:
    many: dict[str, str | list[str]] = {}
    for number in range(1, 11):
        many |= {f"steps.{number}.after": str(number - 1), f"steps.{number}.unit": "min"}
        many |= {f"steps.{number}.seat": ["province"]}
    full = {**GOOD, **many}
    page = parse((await site.post("/policies/proposals", {**full, "act": "add"})).text)
    assert page.having("id", "add") == []
    assert "Đã đủ 10 bậc." in page.one("main").words
    assert len([name for name in page.names() if name.endswith(".after")]) == 10


async def test_steps_are_added_and_removed_without_losing_what_was_typed(site: Site) -> None:
    wrong = {**GOOD, "repeat": "năm", "steps.1.team": ["health-*", ""], "steps.1.position": ["both", "worker"]}
    page = parse((await site.post("/policies/proposals", {**wrong, "act": "add"})).text)
    kept = page.would_send()
    for pair in (
        ("repeat", "năm"),
        ("steps.1.team", "health-*"),
        ("steps.1.position", "both"),
        ("steps.2.after", "20"),
        ("steps.2.channel", "voice"),
        ("steps.3.after", ""),
        ("note", NOTE),
    ):
        assert pair in kept
    assert [element.get("id") for element in page.having("autofocus")] == ["steps.3.after"]
    page = parse((await site.post("/policies/proposals", {**wrong, "act": "remove.1"})).text)
    kept = page.would_send()
    assert ("steps.1.after", "20") in kept
    assert ("steps.1.person", str(ID["chair"])) in kept
    assert "steps.2.after" not in page.names()


async def test_a_form_filled_with_a_version_proposes_the_same_again(site: Site) -> None:
    version = await proposed(site, changes={"steps.2.team": ["health-*"], "steps.2.position": ["both"]})
    await accepted(site, version)
    page = parse((await site.get("/policies/new", team="social-*", level="URGENT", **{"from": str(version)})).text)
    fields: dict[str, list[str]] = {}
    for name, value in page.would_send():
        fields.setdefault(name, []).append(value)
    fields |= {"note": [NOTE], "act": ["propose"]}
    again = int((await site.post("/policies/proposals", fields)).headers["location"].split("/")[2].partition("?")[0])
    async with site.world.database.reading() as connection:
        first, second = [await policy_view.one_policy(connection, one) for one in (version, again)]
    assert again != version
    assert first == second


async def test_the_form_can_be_filled_with_the_built_in_plan_of_every_level(site: Site) -> None:
    for level in Level:
        page = parse((await site.get("/policies/new", level=level.name, **{"from": "built-in"})).text)
        sent: dict[str, str | list[str]] = {}
        for name, value in page.would_send():
            sent[name] = [*sent.get(name, []), value]
        answer = await site.post("/policies/proposals", {**sent, "note": NOTE, "act": "propose"})
        assert answer.status_code == 303, level


async def test_going_back_to_the_built_in_plan_takes_two_people_too(site: Site) -> None:
    await accepted(site, first := await proposed(site))
    form = {"function": "social", "commune": "", "level": "URGENT", "act": "built-in"}
    short = await site.post("/policies/proposals", {**form, "note": "bỏ"})
    assert short.status_code == 409
    assert parse(short.text).one("note").text == "bỏ"
    answer = await site.post("/policies/proposals", {**form, "note": NOTE})
    back = int(answer.headers["location"].split("/")[2].partition("?")[0])
    page = parse((await site.get(f"/policies/{back}")).text)
    assert f"Chính sách số {first}" in page.one("diff-h").words + page.one("main").words
    await site.world.open(Level.URGENT)
    site.world.expect("worker", "police")
    await accepted(site, back)
    await site.world.open(Level.URGENT)
    site.world.expect("worker")


async def test_a_version_is_compared_with_what_it_replaces(site: Site) -> None:
    await accepted(site, await proposed(site))
    second = await proposed(site, changes={"steps.2.after": "15"})
    words = parse((await site.get(f"/policies/{second}")).text).one("main").words
    assert "So với đang áp dụng" in words
    assert "sau 20 phút" in words
    assert "sau 15 phút" in words
    await accepted(site, second)
    words = parse((await site.get(f"/policies/{second}")).text).one("main").words
    assert "So với bản mà nó thay" in words
    assert "sau 20 phút" in words


async def test_the_preview_says_who_would_be_paged_now_and_where_there_are_holes(site: Site) -> None:
    world = site.world
    await world.off_duty("police")
    await world.change_contacts(["province"], verified_at=None)
    look = {**GOOD, "act": "look", "unit": str(UNIT)}
    shown = parse((await site.post("/policies/proposals", look)).text).one("preview").words
    assert "Nguyễn Thị worker : báo được" in shown.replace("worker:", "worker :")
    assert "Không ai trực: công an xã, phường" in shown
    assert "Nguyễn Thị province: không báo được" in shown.replace("province :", "province:")
    assert "Nguyễn Thị chair: báo được" in shown.replace("chair :", "chair:")
    await world.off_duty("worker")
    shown = parse((await site.post("/policies/proposals", look)).text).one("preview").words
    assert "Bậc này không báo được ai" in shown
    await world.change_contacts(["chair"], opted_out_at=NOON)
    shown = parse((await site.post("/policies/proposals", look)).text).one("preview").words
    assert "Không ai được báo: chuông kêu ngay" in shown
    part = parse((await site.post("/policies/proposals", {**look, "act": "preview"})).text)
    assert part.one("preview").words == shown
    assert part.having("id", "main") == []
    without = parse((await site.post("/policies/proposals", {**look, "unit": ""})).text).one("preview").words
    assert "Chọn xã, phường để xem" in without


async def test_addresses_that_are_no_version_are_not_found(site: Site) -> None:
    for path in ("/policies/7", "/policies/99999999999", "/policies/messages"):
        assert (await site.get(path)).status_code == 404, path
    assert (await site.post("/policies/99999999999/decide", {"accept": "yes"}, "administrator")).status_code == 404
    assert (await site.post("/policies/7/decide", {"accept": "yes"}, "administrator")).status_code == 404
    assert (await site.get("/policies/proposals")).headers["location"] == "/policies"
    assert (await site.get("/policies/proposals", lang="en")).headers["location"] == "/policies?lang=en"


@pytest.mark.parametrize("locale", ["vi", "en"])
async def test_every_page_is_whole_in_both_languages(site: Site, locale: str) -> None:
    await accepted(site, await proposed(site))
    await proposed(site, changes={"commune": "9190"})
    for path in ("/policies", "/policies/new", "/policies/1", "/policies/2"):
        for who in ("supervisor", "administrator"):
            page = parse((await site.get(path, who, lang=locale)).text)
            assert page.dangling() == [], path
            assert page.repeated_ids() == [], path
            assert page.inline() == [], path
            labels = {element.get("for") for element in page.having("for")}
            for element in page.elements:
                if element.tag in {"select", "textarea"} or element.get("type") == "text":
                    assert element.get("aria-label") or element.get("id") in labels, (path, element.attributes)
