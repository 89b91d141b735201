"""Escalation policies in plain words, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from services.notify.handlers.change_policy import SHORTEST_NOTE
from services.notify.rules.escalation import REPEAT, Position
from services.notify.rules.policy import ANYWHERE, FIRST_ESCALATION, MOST_STEPS, MOST_TARGETS, Named, Seat
from shared import places
from shared.contracts.teams import PROVINCE, Function, province_team
from shared.contracts.vocabulary import Level
from shared.web import words
from shared.web.words import Words

STATES: Final[dict[str, Words]] = {
    "proposed": Words("Chờ quyết định", "Waiting for a decision"),
    "active": Words("Đang áp dụng", "In force"),
    "ended": Words("Đã thay thế", "Replaced"),
    "refused": Words("Không chấp nhận", "Refused"),
}

CHANNELS: Final[dict[str, Words]] = {
    "sms": Words("SMS", "SMS"),
    "voice": Words("gọi thoại", "voice call"),
    "email": Words("email", "email"),
}

UNITS: Final[dict[str, Words]] = {"min": Words("phút", "minutes"), "h": Words("giờ", "hours")}

_SOCIAL, _POLICE, _LEADERS = (one.value + ANYWHERE for one in (Function.SOCIAL, Function.POLICE, Function.LEADERS))
_DUTY = province_team(Function.DUTY)

SEATS: Final[dict[str, tuple[Seat, Words]]] = {
    "worker": (
        Seat(_SOCIAL, Position.WORKER),
        Words("người trực BVTE xã, phường", "the commune's child-protection worker on duty"),
    ),
    "head": (Seat(_SOCIAL, Position.HEAD), Words("trưởng nhóm thường trực", "the head of the standing group")),
    "police": (Seat(_POLICE, Position.WORKER), Words("công an xã, phường", "commune police")),
    "chair": (Seat(_LEADERS, Position.HEAD), Words("chủ tịch UBND xã, phường", "the commune's chair")),
    "province": (Seat(_DUTY, Position.WORKER), Words("trực tỉnh", "the province duty desk")),
    "province_head": (Seat(_DUTY, Position.HEAD), Words("trưởng trực tỉnh", "the head of the province duty desk")),
    "province_police": (
        Seat(province_team(Function.POLICE), Position.WORKER),
        Words("công an tỉnh", "province police"),
    ),
    "committee": (
        Seat(province_team(Function.COMMITTEE), Position.HEAD),
        Words("Ban Chỉ đạo tỉnh", "the province steering committee"),
    ),
}
"""Seats that most plans use; teams of a commune are those of the case's commune."""

WHOLE_TEAM: Final = "whole"
WHOLE_TEAM_WORDS: Final = Words("cả nhóm chủ trì: người trực và trưởng nhóm", "the whole lead team: worker and head")

POSITIONS: Final[dict[str, Words]] = {
    "worker": Words("người trực", "on duty"),
    "head": Words("trưởng nhóm", "head"),
    "both": Words("cả nhóm", "whole team"),
}

REASONS: Final[dict[str, Words]] = {
    "team": Words(
        "Mã nhóm không đúng. Chọn lại, hoặc ghi như health-*, police-9190, province-hospital.",
        "Not a team's code. Choose again, or write it like health-*, police-9190, province-hospital.",
    ),
    "team_place": Words(
        "Nhóm cấp tỉnh không thuộc riêng một xã, phường. Chọn “Mọi xã, phường”.",
        "A team of the province belongs to no commune. Choose “Every commune”.",
    ),
    "unknown_team": Words(
        "Chưa có nhóm nào mang mã này. Sửa mã, hoặc nhờ quản trị thêm nhóm trước.",
        "No team bears this code yet. Correct it, or have the administrator add the team first.",
    ),
    "unknown_person": Words(
        "Người này không còn trong danh sách. Chọn người khác.", "This person is not listed any more. Choose another."
    ),
    "level": Words("Chưa chọn mức. Chọn một trong bốn mức.", "No level is chosen. Choose one of the four."),
    "no_steps": Words("Chưa có bậc nào. Bấm “Thêm bậc”.", "There is no step. Press “Add a step”."),
    "too_many_steps": Words("Nhiều nhất {steps} bậc. Bỏ bớt bậc.", "At most {steps} steps. Remove some."),
    "repeat": Words(
        "Báo lại bậc cuối phải từ 1 phút đến {repeat}. Ghi lại số phút.",
        "The last step repeats within 1 minute to {repeat}. Write the minutes again.",
    ),
    "last_step_needs_duty": Words(
        "Bậc cuối chỉ có người được nêu tên. Chọn thêm một nhóm có người trực.",
        "The last step names persons only. Add a team with somebody on duty.",
    ),
    "number": Words(
        "Thời gian phải là số nguyên từ 0. Ghi lại, ví dụ 30.", "The time is a whole number from 0. Write it like 30."
    ),
    "first_step_at_once": Words("Bậc 1 phải báo ngay. Ghi 0.", "Step 1 pages at once. Write 0."),
    "later_than_before": Words(
        "Bậc này phải sau bậc trước. Ghi thời gian dài hơn.",
        "This step comes after the one before. Write a longer time.",
    ),
    "too_late": Words(
        "Ở mức này, bậc 2 phải báo trong vòng {first}. Ghi thời gian ngắn hơn.",
        "At this level step 2 pages within {first}. Write a shorter time.",
    ),
    "no_targets": Words(
        "Bậc này không báo ai. Chọn ít nhất một người hoặc nhóm.", "This step pages nobody. Choose a person or a team."
    ),
    "too_many_targets": Words(
        "Một bậc chọn nhiều nhất {targets} chỗ. Bỏ bớt.", "A step has at most {targets} targets. Remove some."
    ),
    "channel": Words("Kênh này không có. Chọn SMS, gọi thoại hoặc email.", "Choose SMS, voice call or email."),
    "channel_twice": Words("Một kênh được chọn hai lần. Bỏ một.", "A channel is chosen twice. Remove one."),
    "note": Words(
        "Lý do quá ngắn. Ghi vì sao đổi, theo văn bản nào, ít nhất {note} ký tự.",
        "The reason is too short. Write why, and by what decision, in at least {note} characters.",
    ),
    "not_proposed": Words(
        "Bản này đã có người quyết định trước. Xem trạng thái dưới đây.",
        "Somebody has decided on this one before. See its state below.",
    ),
    "same_person": Words(
        "Người đề xuất không tự chấp nhận. Nhờ một quản trị khác.",
        "Whoever proposes does not accept. Ask another administrator.",
    ),
}
"""What to do about each reason of a refusal; fields are filled by `reason_words`."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def reason_words(reason: str, level: Level, locale: str) -> str:
    """Return what is wrong and what to do."""
    return (
        REASONS[reason]
        .text(locale)
        .format(
            steps=MOST_STEPS,
            targets=MOST_TARGETS,
            repeat=amount(REPEAT[level], locale),
            first=amount(FIRST_ESCALATION[level], locale),
            note=SHORTEST_NOTE,
        )
    )


def amount(span: timedelta, locale: str) -> str:
    """Write `30 phút`, `1 giờ 30 phút`, `24 giờ`, `5 ngày`."""
    english = locale == "en"
    if span >= 2 * _DAY and not span % _DAY:
        return f"{span // _DAY} {'days' if english else 'ngày'}"
    hours, rest = divmod(span, _HOUR)
    number = f"{rest.total_seconds() / 60:g}"
    minutes = number if english else number.replace(".", ",")
    said = [f"{hours} {'h' if english else 'giờ'}"] if hours else []
    said += [f"{minutes} {'min' if english else 'phút'}"] if rest or not hours else []
    return " ".join(said)


def when(after: timedelta, locale: str) -> str:
    """Write when a step pages: `ngay`, `sau 30 phút`."""
    if not after:
        return "at once" if locale == "en" else "ngay"
    return f"{'after' if locale == 'en' else 'sau'} {amount(after, locale)}"


def team_words(code: str, locale: str) -> str:
    """Return the name of a team from its code; the code itself where it is none of ours."""
    english = locale == "en"
    try:
        if code.startswith(f"{PROVINCE}-"):
            name = words.FUNCTIONS[Function(code.removeprefix(f"{PROVINCE}-"))]
            return f"{name.en}, province" if english else f"{name.vi} tỉnh"
        function, _, unit = code.rpartition("-")
        name = words.FUNCTIONS[Function(function)]
    except ValueError:
        return code
    if unit == "*":
        return f"{name.en}, every commune" if english else f"{name.vi}, mọi xã, phường"
    found = places.by_code(int(unit)) if unit.isdigit() else None
    return f"{name.text(locale)}, {found.name if found else unit}"


def target_words(target: Seat | Named, names: Mapping[UUID, str], locale: str) -> str:
    """Return whom a target means."""
    english = locale == "en"
    match target:
        case Named(person_id):
            return names.get(person_id) or (
                "somebody not listed any more" if english else "người không còn trong danh sách"
            )
        case Seat(team, position):
            usual = next((phrase for seat, phrase in SEATS.values() if seat == target), None)
            if usual is not None:
                return usual.text(locale)
            who = POSITIONS[position.value if position else "both"].text(locale)
            return f"{who}: {_in_the_case(team, locale)}"


def _in_the_case(team: str, locale: str) -> str:
    """Name a team among a step's targets: one of every commune is the case's own."""
    if not team.endswith(ANYWHERE):
        return team_words(team, locale)
    name = words.FUNCTIONS[Function(team.removesuffix(ANYWHERE))] if _is_function(team) else Words(team, team)
    return f"{name.en} of the case's commune" if locale == "en" else f"{name.vi} xã, phường của vụ"


def _is_function(team: str) -> bool:
    return team.removesuffix(ANYWHERE) in set(Function)
