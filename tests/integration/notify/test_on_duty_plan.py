"""Who is on duty is read by indexes, however many contacts there are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import text

from services.notify import store
from tests.integration.notify.world import NOON, World

PEOPLE_MANY = """
INSERT INTO notify.people (id, name, team_code, position)
SELECT gen_random_uuid(), 'Người ' || n, 'social-' || (20000 + n / 4), 'worker' FROM generate_series(1, 2500) AS n
"""
CONTACTS_MANY = """
INSERT INTO notify.contacts (person_id, channel, address, rank, verified_at, created_at)
SELECT id, channel, channel || row_number() OVER (), 1, :now, :now
FROM notify.people, (VALUES ('sms'), ('email')) AS channels (channel) WHERE name LIKE 'Người %'
"""


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


async def test_nobody_on_duty_is_found_by_reading_every_contact(world: World) -> None:
    async with world.database.transaction() as connection:
        await connection.execute(text(PEOPLE_MANY))
        await connection.execute(text(CONTACTS_MANY), {"now": NOON})
        await connection.execute(text("ANALYZE notify.people, notify.contacts, notify.duty, notify.teams"))
        assert int(await connection.scalar(text("SELECT count(*) FROM notify.contacts")) or 0) >= 5000
        codes = ["social-9190", "police-9190", "province-duty"]
        rendered = store._ON_DUTY.params(codes=codes, at=NOON).compile(
            dialect=connection.dialect, compile_kwargs={"literal_binds": True, "render_postcompile": True}
        )
        plan = (await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {rendered}")).scalar_one()
    found = list(nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    on_contacts = [node["Node Type"] for node in found if node.get("Relation Name") == "contacts"]
    assert on_contacts
    assert "Seq Scan" not in on_contacts
