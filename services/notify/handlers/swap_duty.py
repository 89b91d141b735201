"""Swap a turn of duty: offer it to a colleague of the team, who accepts or refuses; a supervisor may decide."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import duty_store
from services.notify.handlers.plan_duty import DutyRefusedError, add_entry
from services.notify.models import PLANS, duty, people
from services.notify.rules.escalation import Position, Target
from services.notify.rules.schedule import Entry, Source


class SwapWaitsError(DutyRefusedError):
    """The turn is offered already; `swap_id` says where."""

    def __init__(self, swap_id: UUID) -> None:
        super().__init__("Ca này đang chờ trả lời đổi ca. Xem dòng được chỉ ra bên dưới.")
        self.swap_id = swap_id


async def offer_swap(
    connection: AsyncConnection, duty_id: int, to_person: UUID, *, by: UUID | None, now: datetime
) -> UUID:
    """Offer a turn of one's own; return the swap's id. Raises `DutyRefusedError`, `SwapWaitsError`."""
    row = (await connection.execute(select(duty).where(duty.c.id == duty_id))).mappings().first()
    if row is None or row["person_id"] != by or row["ends_at"] is None or row["ends_at"] <= now:
        raise DutyRefusedError("Ca này không phải của bạn hoặc đã qua. Chọn ca khác.")
    colleague = select(people.c.id).where(
        people.c.id == to_person, people.c.team_code == row["team_code"], ~people.c.disabled
    )
    if to_person == by or await connection.scalar(colleague) is None:
        raise DutyRefusedError("Chọn một đồng nghiệp trong nhóm.")
    target = Target(row["team_code"], Position(row["position"]))
    await duty_store.lock_roster(connection, target, now)
    swaps = PLANS.swaps
    seat = {"team_code": target.team_code, "position": target.position.value, "from_person": by}
    waiting = select(swaps.c.id).filter_by(**seat, state="pending").where(swaps.c.ends_at > row["starts_at"])
    earlier = await connection.scalar(waiting.where(swaps.c.starts_at < row["ends_at"]))
    if earlier is not None:
        raise SwapWaitsError(earlier)
    values = {**seat, "id": uuid4(), "to_person": to_person, "starts_at": row["starts_at"], "ends_at": row["ends_at"]}
    await connection.execute(insert(swaps).values(**values, state="pending", offered_at=now))
    return UUID(str(values["id"]))


async def decide_swap(
    connection: AsyncConnection, swap_id: UUID, answer: str, *, by: UUID | None, may_decide: bool, now: datetime
) -> None:
    """Accept, refuse or withdraw (`accepted`, `refused`, `withdrawn`); accepted, the turn is the colleague's.

    Raises `DutyRefusedError`.
    """
    swaps = PLANS.swaps
    row = (await connection.execute(select(swaps).where(swaps.c.id == swap_id).with_for_update())).mappings().first()
    if row is None or row["state"] != "pending":
        raise DutyRefusedError("Việc đổi ca này đã xong. Tải lại trang.")
    allowed = {"accepted": row["to_person"], "refused": row["to_person"], "withdrawn": row["from_person"]}
    if answer not in allowed or not (may_decide or by == allowed[answer]):
        raise DutyRefusedError("Chỉ người được mời hoặc giám sát ca mới trả lời được.")
    if answer == "accepted" and row["ends_at"] <= now:
        raise DutyRefusedError("Ca này không phải của bạn hoặc đã qua. Chọn ca khác.")
    decided = update(swaps).where(swaps.c.id == swap_id).values(state=answer, decided_at=now, decided_by=by)
    await connection.execute(decided)
    if answer == "accepted":
        swap = Entry(Source.SWAP, row["to_person"], row["starts_at"], row["ends_at"], row["from_person"])
        target = Target(row["team_code"], Position(row["position"]))
        await add_entry(connection, target, swap, by=by, now=now, elsewhere=True)
