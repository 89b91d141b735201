"""Change what is planned for a position, and write the duty to come anew in the same transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import duty_store
from services.notify.handlers.fill_rosters import fill_roster
from services.notify.models import PLANS, people, teams
from services.notify.rules.escalation import Position, Target
from services.notify.rules.schedule import Entry, Rotation


class DutyRefusedError(Exception):
    """A change of duty that cannot be; the message, in Vietnamese, says what to do."""


class NoSuchTeamError(DutyRefusedError):
    """No team has this code."""

    def __init__(self) -> None:
        super().__init__("Không có nhóm mang mã này. Mở Lịch trực rồi chọn nhóm.")


class FromElsewhereError(DutyRefusedError):
    """Somebody chosen is of another team, which whoever plans must confirm."""

    def __init__(self) -> None:
        super().__init__("Người này thuộc nhóm khác. Nếu đúng, đánh dấu xác nhận rồi lưu lại.")


async def add_entry(
    connection: AsyncConnection,
    target: Target,
    entry: Entry,
    *,
    by: UUID | None,
    now: datetime,
    elsewhere: bool = False,
) -> UUID:
    """Plan a shift, an override, a replacement or a swap; return its id.

    `elsewhere` lets people of other teams help. Raises `DutyRefusedError`, `FromElsewhereError`, `NoSuchTeamError`.
    """
    if entry.ends_at is None or entry.ends_at <= max(entry.starts_at, now):
        raise DutyRefusedError("Giờ kết thúc phải sau giờ bắt đầu và sau lúc này.")
    if entry.replaces == entry.person_id:
        raise DutyRefusedError("Chọn hai người khác nhau.")
    await _known(connection, target, [entry.person_id], elsewhere=elsewhere)
    await duty_store.lock_roster(connection, target, now)
    row = {**_seat(target), **vars(entry), "source": entry.source.value, "id": uuid4()}
    await connection.execute(insert(PLANS.entries).values(**row, made_by=by, made_at=now))
    await fill_roster(connection, target, now)
    return UUID(str(row["id"]))


async def cancel_entry(connection: AsyncConnection, entry_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """Take back what was planned, from now on. Raises `DutyRefusedError`."""
    entries = PLANS.entries
    ended = (
        update(entries)
        .where(entries.c.id == entry_id, entries.c.cancelled_at.is_(None))
        .values(cancelled_at=now, cancelled_by=by)
        .returning(entries.c.team_code, entries.c.position)
    )
    row = (await connection.execute(ended)).first()
    if row is None:
        raise DutyRefusedError("Mục này đã được bỏ. Tải lại trang.")
    await fill_roster(connection, Target(row.team_code, Position(row.position)), now)


async def add_rotation(
    connection: AsyncConnection,
    target: Target,
    rotation: Rotation,
    *,
    by: UUID | None,
    now: datetime,
    elsewhere: bool = False,
) -> UUID:
    """Plan a rotation; return its id. Raises what `add_entry` does."""
    if not rotation.members:
        raise DutyRefusedError("Chọn ít nhất một người cho vòng trực.")
    await _known(connection, target, [*rotation.members, *rotation.holiday_members], elsewhere=elsewhere)
    await duty_store.lock_roster(connection, target, now)
    opens, closes = rotation.hours or (None, None)
    same = ("layer", "handover", "zone", "period_days", "starts_on", "until")
    row = {
        **_seat(target),
        **{name: getattr(rotation, name) for name in same},
        "id": uuid4(),
        "members": list(rotation.members),
        "weekdays": sorted(rotation.weekdays),
        "holiday_members": list(rotation.holiday_members),
        "opens": opens,
        "closes": closes,
    }
    await connection.execute(insert(PLANS.rotations).values(**row, made_by=by, made_at=now))
    await fill_roster(connection, target, now)
    return UUID(str(row["id"]))


async def end_rotation(connection: AsyncConnection, rotation_id: UUID, *, now: datetime) -> None:
    """End a rotation now. Raises `DutyRefusedError`."""
    rotations = PLANS.rotations
    ended = (
        update(rotations)
        .where(rotations.c.id == rotation_id, rotations.c.ended_at.is_(None))
        .values(ended_at=now)
        .returning(rotations.c.team_code, rotations.c.position)
    )
    row = (await connection.execute(ended)).first()
    if row is None:
        raise DutyRefusedError("Vòng trực này đã kết thúc. Tải lại trang.")
    await fill_roster(connection, Target(row.team_code, Position(row.position)), now)


def _seat(target: Target) -> dict[str, str]:
    return {"team_code": target.team_code, "position": target.position.value}


async def _known(connection: AsyncConnection, target: Target, ids: list[UUID], *, elsewhere: bool) -> None:
    if await connection.scalar(select(teams.c.code).where(teams.c.code == target.team_code)) is None:
        raise NoSuchTeamError
    found = await connection.execute(
        select(people.c.id, people.c.team_code).where(people.c.id.in_(ids), ~people.c.disabled)
    )
    team_of = {row.id: row.team_code for row in found}
    if team_of.keys() != set(ids):
        raise DutyRefusedError("Có người không còn trong danh bạ. Chọn lại.")
    if not elsewhere and set(team_of.values()) != {target.team_code}:
        raise FromElsewhereError
