"""`heedline import` as a partner runs it, against a real intake."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.import_reports import send_file, show_tally
from deploy.partners.sending import Intake
from shared.settings import SettingError
from tests.integration.partners.site import KEY, Site

STORY = "Nhà bên cạnh có tiếng trẻ khóc; suốt đêm."
HEADERS = ["Mã hồ sơ", "Lời kể", "Loại vụ việc", "subject.age_min", "facts.danger_now", "Mã xã", "Giờ tiếp nhận"]

Command = Callable[..., Result]


@pytest.fixture
def heedline(site: Site, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("HEEDLINE_IMPORT_KEY", KEY)
    monkeypatch.setattr("deploy.cli.console", Console(width=300))
    return lambda *words: CliRunner().invoke(app, ["import", "--url", site.url, *map(str, words)])


def write(path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADERS, *rows])
    return path


def three_reports() -> list[list[str]]:
    return [
        ["A-1", STORY, "physical;Bỏ mặc", "3,5", "có", "9190", "28/11/2026 14:20"],
        ["", STORY, "", "", "không", "", ""],
        ["", STORY, "", "", "không", "", ""],
    ]


def errors_of(path: Path) -> list[list[str]]:
    with path.with_name(path.name + ".errors.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig")])
def test_same_file_again_creates_nothing(
    heedline: Command, site: Site, tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = write(tmp_path / "reports.csv", three_reports(), delimiter, encoding)
    first = heedline(path)
    assert first.exit_code == 0, first.output
    assert "3 new reports, 0 that intake had already." in first.output
    again = heedline(path)
    assert again.exit_code == 0
    assert "0 new reports, 3 that intake had already." in again.output
    assert (site.count(), site.revisions()) == (3, 3)
    assert not path.with_name("reports.csv.errors.csv").exists()


def test_same_id_with_other_content_corrects_and_can_be_corrected_back(
    heedline: Command, site: Site, tmp_path: Path
) -> None:
    rows = three_reports()
    heedline(write(tmp_path / "reports.csv", rows))
    rows[0][4] = "không"
    heedline(write(tmp_path / "reports.csv", rows))
    assert (site.count(), site.revisions()) == (3, 4)
    rows[0][4] = "có"
    rows.append(["A-2", STORY, "", "", "", "", ""])
    heedline(write(tmp_path / "reports.csv", rows))
    assert (site.count(), site.revisions()) == (4, 6)


def test_row_put_in_between_moves_no_report(heedline: Command, site: Site, tmp_path: Path) -> None:
    rows = three_reports()
    heedline(write(tmp_path / "reports.csv", rows))
    rows.insert(1, ["", "Một tin khác.", "", "", "", "", ""])
    heedline(write(tmp_path / "reports.csv", rows))
    assert (site.count(), site.revisions()) == (4, 4)


def test_wrong_rows_are_collected_and_the_others_are_taken(heedline: Command, site: Site, tmp_path: Path) -> None:
    wrong = [
        ["A-1", STORY, "", "", "", "", ""],
        ["B-1", STORY, "", "ba", "có lẽ", "1", ""],
        ["B-2", "", "", "", "", "", ""],
    ]
    path = write(tmp_path / "reports.csv", [*three_reports(), *wrong])
    outcome = heedline(path)
    assert outcome.exit_code == 1
    assert site.count() == 3
    assert errors_of(path) == [
        ["row", "field", "message"],
        ["5", "Mã hồ sơ", "Mã hồ sơ này đã có ở dòng 2: mỗi dòng cần một mã riêng"],
        ["6", "subject.age_min", "Viết một số"],
        ["6", "facts.danger_now", "Chọn một trong: yes, no, unknown"],
        ["6", "Mã xã", "Hiện không có xã, phường mang mã này"],
        ["7", "Lời kể", "Cần lời kể, loại vụ việc hoặc câu trả lời"],
    ]
    mended = [*three_reports(), ["B-1", STORY, "", "3", "có", "9190", ""]]
    assert heedline(write(path, mended)).exit_code == 0
    assert not path.with_name("reports.csv.errors.csv").exists()
    assert site.count() == 4


def test_dry_run_finds_what_intake_would_and_sends_nothing(heedline: Command, site: Site, tmp_path: Path) -> None:
    wrong = [["B-1", STORY, "cruelty", "ba", "có lẽ", "1", "hôm qua"], ["B-2", "", "", "", "", "", ""]]
    path = write(tmp_path / "reports.csv", [*three_reports(), *wrong])
    dry = heedline(path, "--dry-run", "--language", "en")
    assert dry.exit_code == 1
    assert "3 rows would be taken. Nothing was sent." in dry.output
    assert site.count() == 0
    found = errors_of(path)
    assert [row[:2] for row in found[1:]] == [
        ["5", "Giờ tiếp nhận"],
        ["5", "subject.age_min"],
        ["5", "Loại vụ việc"],
        ["5", "facts.danger_now"],
        ["5", "Mã xã"],
        ["6", "Lời kể"],
    ]
    assert heedline(path, "--language", "en").exit_code == 1
    assert errors_of(path) == found
    assert site.count() == 3


def test_wrong_header_is_refused_with_a_guess_before_anything_is_sent(
    heedline: Command, site: Site, tmp_path: Path
) -> None:
    path = tmp_path / "reports.csv"
    path.write_text("narrative,facts.danger_nou\nTin,yes\n", encoding="utf-8")
    outcome = heedline(path)
    assert isinstance(outcome.exception, SettingError)
    assert "Did you mean 'facts.danger_now'?" in str(outcome.exception)
    assert site.count() == 0


def test_unknown_key_is_said(heedline: Command, site: Site, tmp_path: Path) -> None:
    outcome = heedline(write(tmp_path / "reports.csv", three_reports()), "--key", "x" * 40)
    assert isinstance(outcome.exception, SettingError)
    assert "The key is refused" in str(outcome.exception)
    assert site.count() == 0


class Cut(httpx.BaseTransport):
    """A network that passes some requests on and then loses every answer."""

    def __init__(self, whole: int) -> None:
        self._inner = httpx.HTTPTransport()
        self._left = whole

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        answer.read()
        self._left -= 1
        if self._left < 0:
            raise httpx.ReadError("cut")
        return answer

    def close(self) -> None:
        self._inner.close()


def test_lost_connection_is_said_and_the_next_run_goes_on(heedline: Command, site: Site, tmp_path: Path) -> None:
    path = write(tmp_path / "reports.csv", three_reports())
    pauses: list[float] = []
    console = Console(width=300, record=True)
    with Intake(site.url, KEY, "vi", transport=Cut(1), sleep=pauses.append) as intake:
        tally = send_file(console, path, intake, "vi")
    show_tally(console, path, tally)
    assert (tally.exit_code, tally.lost_at, pauses) == (3, 3, [1.0, 2.0, 4.0])
    assert "The connection was lost at row 3" in console.export_text()
    assert site.count() == 2
    outcome = heedline(path)
    assert "1 new reports, 2 that intake had already." in outcome.output
    assert (outcome.exit_code, site.count(), site.revisions()) == (0, 3, 3)


def test_template_filled_in_is_taken(heedline: Command, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    shown = heedline("--template", path)
    assert shown.exit_code == 0
    assert "place.incident.unit_code" in shown.output
    headers = path.read_text(encoding="utf-8-sig").strip().split(",")
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headers)
        writer.writerow({"narrative": STORY, "alleged.2.role": "caregiver", "children_in_home.3.age_min": "5"})
    assert isinstance(heedline("--template", path).exception, SettingError)
    assert heedline(path).exit_code == 0
    assert site.count() == 1


def test_workbook_is_read_like_a_csv(heedline: Command, site: Site, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "reports.xlsx"
    assert heedline("--template", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    sheet = book.active
    headers = [cell.value for cell in sheet[1]]
    said = {"narrative": STORY, "subject.age_min": 3.5, "place.incident.unit_code": 9190, "external_id": 17}
    sheet.append([said.get(header) for header in headers])
    sheet.append([{**said, "external_id": 18, "subject.age_min": "ba"}.get(header) for header in headers])
    book.save(path)
    outcome = heedline(path)
    assert outcome.exit_code == 1, outcome.output
    assert errors_of(path)[1:] == [["3", "subject.age_min", "Viết một số"]]
    assert site.count() == 1


def test_without_a_file_it_says_what_to_write(heedline: Command) -> None:
    assert str(heedline().exception).startswith("A file is missing")
