"""Files go to those who work on the case, as what the report says does, and every asking is kept."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.intake.handlers.keep_attachment import Giver, Kept, keep_attachment
from services.intake.handlers.open_attachment import NoSuchAttachmentError, open_attachment_of_case
from services.intake.handlers.show_report import NoSuchReportError, NotTheirsError, show_report
from shared.web.files import SentFile
from tests.integration.intake.test_show_report import STRANGER, SUPERVISOR, WORKER, kept
from tests.integration.intake.world import World, alert, assessed
from tests.support import files
from tests.unit.intake.documents import a_report


async def test_a_team_opens_files_once_somebody_has_taken_the_case_and_a_stranger_never(world: World) -> None:
    created = await world.create(a_report())
    await world.assess(assessed(created))
    file = await keep_attachment(world.parts, created.report_id, SentFile("kể.mp3", files.mp3()), Giver("console"))
    assert isinstance(file, Kept)
    ids = (created.report_id, file.attachment_id)
    with pytest.raises(NotTheirsError):
        await open_attachment_of_case(world.parts, *ids, WORKER)
    await world.change_alert(alert(created, 1, state="acknowledged", acknowledged_by=uuid4()))
    assert (await open_attachment_of_case(world.parts, *ids, WORKER)).content == files.mp3()
    with pytest.raises(NotTheirsError):
        await open_attachment_of_case(world.parts, *ids, STRANGER)
    assert await kept(world) == [(WORKER.id, False), (WORKER.id, True), (STRANGER.id, False)]


async def test_they_are_listed_with_what_the_report_says(world: World) -> None:
    created = await world.create(a_report())
    await keep_attachment(world.parts, created.report_id, SentFile("kể.mp3", files.mp3()), Giver("console"))
    shown = await show_report(world.parts, created.report_id, SUPERVISOR)
    assert isinstance(shown["attachments"], list)
    (listed,) = shown["attachments"]
    assert (listed["name"], listed["media_type"], listed["bytes"]) == ("kể.mp3", "audio/mpeg", len(files.mp3()))


async def test_a_file_of_no_report_and_of_another_is_not_there(world: World) -> None:
    created = await world.create(a_report())
    with pytest.raises(NoSuchReportError):
        await open_attachment_of_case(world.parts, uuid4(), uuid4(), SUPERVISOR)
    with pytest.raises(NoSuchAttachmentError):
        await open_attachment_of_case(world.parts, created.report_id, uuid4(), SUPERVISOR)
