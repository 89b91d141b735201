"""Files of a report on the console: taken by their bytes, sealed, and opened only by those who may see the report."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from sqlalchemy import insert, text, update

from services.intake.handlers.keep_attachment import Giver, Kept, NoReportForFilesError, keep_attachment
from services.intake.models import attachment_chunks, attachments, conflicts, reads
from shared.web.files import LARGEST_FILE, SentFile
from tests.integration.intake_pages.console import WHO, Console
from tests.support import files
from tests.unit.intake.documents import ARRIVAL, a_report

Sent = Sequence[tuple[str, bytes]]


async def new_report(console: Console) -> str:
    created = await console.world.create(a_report(), "first", WHO["operator"])
    return f"/console/reports/{created.report_id}"


async def send(
    console: Console, report: str, sent: Sent, who: str = "operator", kind: str = "text/html"
) -> httpx.Response:
    return await console.client.post(
        f"{report}/attachments",
        data={"csrf": "token"},
        files=[("file", (name, data, kind)) for name, data in sent],
        headers={"X-Who": who, "Accept": "text/html"},
    )


async def addresses(console: Console, report: str) -> list[str]:
    page = (await console.get(report)).text
    return re.findall(r'href="(/console/reports/[0-9a-f-]+/attachments/[0-9a-f-]+)"', page)


async def test_several_files_at_once_are_listed_and_come_back_by_what_they_are(console: Console) -> None:
    report = await new_report(console)
    answer = await send(console, report, [("tay.exe", files.picture()), ("kể.html", files.mp3()), ("đơn", files.PDF)])
    assert (answer.status_code, answer.headers["location"]) == (303, f"{report}#attachments")
    page = (await console.get(report)).text
    for shown in ("tay.exe", "kể.html", "đơn", "Tệp đính kèm: 3"):
        assert shown in page
    got = [await console.get(f"{address}/file") for address in await addresses(console, report)]
    assert {answer.headers["content-type"] for answer in got} == {"image/jpeg", "audio/mpeg", "application/pdf"}
    by_kind = {answer.headers["content-type"]: answer.content for answer in got}
    assert by_kind["audio/mpeg"] == files.mp3()
    assert by_kind["application/pdf"] == files.PDF


async def test_what_is_served_is_never_a_page_of_ours(console: Console) -> None:
    report = await new_report(console)
    assert (await send(console, report, [("x.html", files.PDF_WITH_HTML)])).status_code == 303
    (address,) = await addresses(console, report)
    answer = await console.get(f"{address}/file")
    assert answer.headers["content-type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="[A-Z0-9]{6}-[0-9a-f]{8}\.pdf"', answer.headers["content-disposition"])
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def test_where_and_by_whom_a_picture_was_taken_is_kept_nowhere(console: Console) -> None:
    report = await new_report(console)
    assert (await send(console, report, [("tay.jpg", files.picture_with_exif())])).status_code == 303
    (address,) = await addresses(console, report)
    served = (await console.get(f"{address}/file")).content
    assert files.CANARY.encode() not in served
    with Image.open(io.BytesIO(served)) as opened:
        assert not dict(opened.getexif())
    assert '<img class="file-img"' in (await console.get(address)).text


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.png", files.HTML, "Chỉ nhận ảnh"),
        ("a.svg", files.SVG, "Chỉ nhận ảnh"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + files.HTML, "bị hỏng"),
        ("a.jpg", files.picture()[:-200], "bị hỏng"),
        ("a.pdf", files.HTML + files.PDF, "Chỉ nhận ảnh"),
        ("a.heic", files.HEIC, "JPEG"),
        ("a.mp4", files.mp4(handler=b"vide"), "Chưa nhận phim"),
        ("a.jpg", b"", "Tệp trống"),
    ],
)
async def test_what_cannot_be_kept_is_named_and_the_rest_is_kept(
    console: Console, name: str, data: bytes, said: str
) -> None:
    report = await new_report(console)
    answer = await send(console, report, [(name, data), ("kể.mp3", files.mp3())], kind="image/png")
    assert answer.status_code == 422
    assert said in answer.text
    assert name in answer.text
    assert "kể.mp3" in answer.text
    assert await console.world.count("attachments") == 1


async def test_a_file_over_the_limit_is_refused_with_the_limit_and_the_rest_is_kept(console: Console) -> None:
    report = await new_report(console)
    too_large = files.mp3() + b"\0" * LARGEST_FILE
    answer = await send(console, report, [("dài.mp3", too_large), ("kể.mp3", files.mp3())])
    assert answer.status_code == 413
    assert "quá 20 MB" in answer.text
    assert await console.world.count("attachments") == 1


async def test_one_of_exactly_the_limit_is_kept(console: Console) -> None:
    report = await new_report(console)
    largest = files.mp3().ljust(LARGEST_FILE, b"\0")
    assert (await send(console, report, [("dài.mp3", largest)])).status_code == 303
    assert await console.world.count("attachment_chunks") == 20
    (address,) = await addresses(console, report)
    assert (await console.get(f"{address}/file")).content == largest


async def test_no_file_at_all_and_a_form_that_was_cut_off_are_said(console: Console) -> None:
    report = await new_report(console)
    empty = await send(console, report, [("", b"")])
    assert empty.status_code == 422
    cut = await console.client.post(
        f"{report}/attachments",
        content=b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n' + files.mp3(),
        headers={"X-Who": "operator", "Accept": "text/html", "Content-Type": "multipart/form-data; boundary=b"},
    )
    assert cut.status_code == 400
    assert "gửi lại" in cut.text
    assert await console.world.count("attachments") == 0


async def test_the_same_file_twice_is_one(console: Console) -> None:
    report = await new_report(console)
    for _ in range(2):
        assert (await send(console, report, [("kể.mp3", files.mp3())])).status_code == 303
    assert await console.world.count("attachments") == 1


async def test_a_report_takes_no_more_than_its_share(console: Console) -> None:
    report = await new_report(console)
    await send(console, report, [("kể.mp3", files.mp3())])
    async with console.world.database.transaction() as connection:
        await connection.execute(update(attachments).values(bytes=200 * 1024 * 1024 - 10))
    answer = await send(console, report, [("tay.jpg", files.picture())])
    assert answer.status_code == 413
    assert "200 MB" in answer.text


async def test_only_those_who_may_see_the_report_open_its_files_and_each_opening_is_kept(console: Console) -> None:
    report = await new_report(console)
    await send(console, report, [("kể.mp3", files.mp3())])
    (address,) = await addresses(console, report)
    for who in WHO:
        may = who in {"operator", "supervisor"}
        assert (await console.get(f"{address}/file", who)).status_code == (200 if may else 404), who
    assert (await send(console, report, [("x.mp3", files.mp3())], "another operator")).status_code == 404
    assert (await console.get(address, "another operator")).status_code == 404
    async with console.world.database.reading() as connection:
        kept = [row.person_id for row in await connection.execute(reads.select().order_by(reads.c.id))]
    assert kept == [WHO["operator"].id, WHO["supervisor"].id]


async def test_whoever_the_report_alleges_opens_none_of_its_files(console: Console) -> None:
    report = await new_report(console)
    await send(console, report, [("kể.mp3", files.mp3())])
    (address,) = await addresses(console, report)
    row: dict[str, Any] = {
        "report_id": report.rsplit("/", 1)[1],
        "subject_id": WHO["supervisor"].id,
        "of_team": False,
        "team_codes": [],
        "why": "name",
        "sure": True,
        "with_teams": False,
        "found_at": ARRIVAL,
    }
    async with console.world.database.transaction() as connection:
        await connection.execute(insert(conflicts), row)
    for path in (address, f"{address}/file", f"{report}/attachments"):
        assert (await console.get(path, "supervisor")).status_code == 404
    assert (await send(console, report, [("x.mp3", files.mp3())], "supervisor")).status_code == 404


async def test_a_file_belongs_to_its_own_report(console: Console) -> None:
    report = await new_report(console)
    await send(console, report, [("kể.mp3", files.mp3())])
    (address,) = await addresses(console, report)
    other = await console.world.create(a_report(narrative="khác"), "second", WHO["operator"])
    wrong = f"/console/reports/{other.report_id}/attachments/{address.rsplit('/', 1)[1]}"
    assert (await console.get(wrong)).status_code == 404
    assert (await console.get(f"{wrong}/file")).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE intake.attachment_chunks SET number = CASE number WHEN 0 THEN 11 WHEN 1 THEN 10 ELSE 12 END",
        "DELETE FROM intake.attachment_chunks WHERE number = 2",
        "DELETE FROM intake.attachment_chunks",
    ],
)
async def test_name_and_content_lie_sealed_and_a_part_that_is_moved_or_missing_does_not_open(
    console: Console, change: str
) -> None:
    report = await new_report(console)
    content = files.mp3().ljust(3 * 1024 * 1024, b"\1")
    await send(console, report, [("Quàng Thị Xuân.mp3", content)])
    async with console.world.database.reading() as connection:
        file = (await connection.execute(attachments.select())).one()
        parts = (await connection.execute(attachment_chunks.select().order_by(attachment_chunks.c.number))).all()
    assert len(parts) == file.chunks == 3
    assert all(content[:16] not in part.sealed and b"\1" * 16 not in part.sealed for part in parts)
    assert "Xuân".encode() not in file.name
    address = f"{report}/attachments/{file.attachment_id}/file"
    assert (await console.get(address)).status_code == 200
    async with console.world.database.transaction() as connection:
        await connection.execute(text(change))
    assert (await console.get(address)).status_code == 500


async def test_nothing_is_kept_for_a_report_that_does_not_exist(console: Console) -> None:
    with pytest.raises(NoReportForFilesError):
        await keep_attachment(console.world.parts, uuid4(), SentFile("a", files.PDF), Giver("console"))


async def test_two_who_send_the_same_at_once_keep_it_once(console: Console) -> None:
    created = await console.world.create(a_report(), "first", WHO["operator"])
    sent = SentFile("a.pdf", files.PDF)
    outcomes = await asyncio.gather(
        *(keep_attachment(console.world.parts, created.report_id, sent, Giver("console")) for _ in range(4))
    )
    kept = [outcome for outcome in outcomes if isinstance(outcome, Kept)]
    assert len(kept) == 4
    assert len({outcome.attachment_id for outcome in kept}) == 1
    assert sorted(outcome.again for outcome in kept) == [False, True, True, True]
