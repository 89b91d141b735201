"""The one number that each person had becomes their first contact, as it was, and back."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Connection, text

from services.notify.models import SCHEMA
from shared.migrations import upgrade
from tests.integration.notify.world import World

BEFORE_CONTACTS = "0006"


async def test_numbers_move_into_contacts_as_they_were(world: World) -> None:
    def back(connection: Connection) -> None:
        config = SCHEMA.config()
        config.attributes.update(connection=connection, schema=SCHEMA.name)
        command.downgrade(config, BEFORE_CONTACTS)

    async with world.database.engine.connect() as connection:
        await connection.run_sync(back)
    async with world.database.transaction() as connection:
        everybody = (
            "SELECT count(*) FROM notify.people WHERE phone_verified AND phone LIKE '+84%' AND unreachable IS NULL"
        )
        assert await connection.scalar(text(everybody)) == 10
        change = "UPDATE notify.people SET {} WHERE name = 'Nguyễn Thị {}'"
        for what, name in (
            ("phone_verified = false", "head"),
            ("unreachable = 'opted out'", "police"),
            ("unreachable = '21610'", "chair"),
            ("unreachable = '30005'", "health"),
        ):
            await connection.execute(text(change.format(what, name)))
    await upgrade(world.database, SCHEMA)
    async with world.database.reading() as connection:
        rows = await connection.execute(
            text(
                "SELECT split_part(name, ' ', 3), verified_at IS NOT NULL, opted_out_at IS NOT NULL, failing_code"
                " FROM notify.contacts JOIN notify.people ON people.id = person_id"
                " WHERE channel = 'sms' AND rank = 1 AND address LIKE '+84%'"
            )
        )
        found = {row[0]: tuple(row[1:]) for row in rows}
    assert len(found) == 10
    assert found["worker"] == (True, False, None)
    assert found["head"] == (False, False, None)
    assert found["police"] == found["chair"] == (True, True, None)
    assert found["health"] == (True, False, 30005)
