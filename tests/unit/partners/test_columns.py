"""What headers and cells of a partner's file mean."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.partners.cells import Cell
from deploy.partners.columns import ALIASES, HeaderError, columns_of, document, header_of, template_headers
from services.intake.rules.report_format import Kind, one_of, report_fields
from tests.unit.intake.documents import STORY, read


def row(**cells: Cell) -> dict[str, Any]:
    """Return the document of one row; `__` in a name stands for a dot."""
    headers = [name.replace("__", ".") for name in cells]
    return document(columns_of(headers), list(cells.values()))


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ({"narrative": STORY}, {"narrative": STORY, "channel": "partner"}),
        ({"channel": "HOTLINE"}, {"channel": "hotline"}),
        ({"subject__age_min": "3,5"}, {"subject": {"age_min": 3.5}}),
        ({"subject__age_min": 3.0}, {"subject": {"age_min": 3}}),
        ({"subject__age_min": "ba"}, {"subject": {"age_min": "ba"}}),
        ({"subject__sex": "Nữ"}, {"subject": {"sex": "female"}}),
        ({"subject__birth_date": "5/9/2020"}, {"subject": {"birth_date": "2020-09-05"}}),
        ({"subject__birth_date": date(2020, 9, 5)}, {"subject": {"birth_date": "2020-09-05"}}),
        ({"subject__birth_date": datetime(2020, 9, 5)}, {"subject": {"birth_date": "2020-09-05"}}),  # noqa: DTZ001 - as workbooks give it
        ({"received_at": "28/11/2026 14:20"}, {"received_at": "2026-11-28T14:20:00+07:00"}),
        ({"received_at": datetime(2026, 11, 28, 14, 20)}, {"received_at": "2026-11-28T14:20:00+07:00"}),  # noqa: DTZ001 - as above
        ({"received_at": "2026-11-28T07:20:00Z"}, {"received_at": "2026-11-28T07:20:00Z"}),
        ({"received_at": "31/02/2026 14:20"}, {"received_at": "2026-02-31 14:20"}),
        ({"facts__danger_now": "Có"}, {"facts": {"danger_now": "yes"}}),
        ({"facts__danger_now": "Chưa rõ"}, {"facts": {"danger_now": "unknown"}}),
        ({"facts__suicide": "có"}, {"facts": {"suicide": "có"}}),
        ({"concerns": "physical; Bỏ mặc;;khác"}, {"concerns": ["physical", "neglect", "other"]}),
        ({"reporter__anonymous": "không"}, {"reporter": {"anonymous": False}}),
        ({"reporter__phone": "0912 345 678"}, {"reporter": {"phone": "0912 345 678"}}),
        ({"place__incident__unit_code": 9190.0}, {"place": {"incident": {"unit_code": 9190}}}),
        ({"alleged__10__role": "peer", "alleged__2__name": "An"}, {"alleged": [{"name": "An"}, {"role": "peer"}]}),
        ({"extra__số.1": "x"}, {"extra": {"số.1": "x"}}),
        ({"narrative": "  ", "external_id": None}, {}),
    ],
)
def test_cells_become_a_document(said: dict[str, Cell], means: dict[str, Any]) -> None:
    assert row(**said) == {"channel": "partner", **means}


def test_every_column_of_the_template_is_read_as_its_field() -> None:
    columns = columns_of(template_headers())
    assert all(columns)
    assert {column.field for column in columns if column} == set(report_fields())


def test_aliases_name_fields_whatever_their_case_and_marks() -> None:
    paths = {field.path for field in report_fields()}
    assert set(ALIASES.values()) <= paths
    assert [column and column.path for column in columns_of(["LOI KE", " mã xã "])] == [
        "narrative",
        "place.incident.unit_code",
    ]


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        (["facts.danger_nou"], "Did you mean 'facts.danger_now'?"),
        (["alleged.role"], "Nothing is known of the column 'alleged.role'"),
        (["alleged[].role"], "Nothing is known of the column"),
        (["narrative", "Lời kể"], "mean the same"),
        (["", " "], "names no column"),
    ],
)
def test_headers_that_would_lose_something_are_refused(headers: list[str], says: str) -> None:
    with pytest.raises(HeaderError, match=r".") as caught:
        columns_of(headers)
    assert says in str(caught.value)


def test_field_of_a_list_is_found_again_by_its_filled_entries() -> None:
    headers = ["", "alleged.1.role", "Lời kể", "alleged.3.role"]
    columns = columns_of(headers)
    assert header_of(columns, [None, "", STORY, "x"], "alleged.0.role") == "alleged.3.role"
    assert header_of(columns, [None, "y", STORY, "x"], "alleged.1.role") == "alleged.3.role"
    assert header_of(columns, [None, "y", STORY, "x"], "narrative") == "Lời kể"
    assert header_of(columns, [None, "y", STORY, "x"], "concerns.0") == "concerns"
    assert header_of(columns, [], "body") == "body"


@given(st.lists(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.datetimes(), st.dates(), st.booleans())))
def test_no_cell_breaks_the_reading(cells: list[Cell]) -> None:
    columns = columns_of(template_headers())
    made = document(columns, cells)
    assert made["channel"]
    assert set(made) <= {name.split(".")[0] for name in template_headers()}


def test_format_has_every_kind_and_the_fields_that_must_not_all_be_empty() -> None:
    fields = report_fields()
    assert {field.kind for field in fields} == set(Kind)
    assert [field.path for field in fields if field.required] == ["channel"]
    assert all(any(field.path.startswith(name) for field in fields) for name in one_of())
    bounds = {field.path: [field.least, field.most, field.longest] for field in fields}
    wanted = {"subject.age_min": [0, 120, None], "narrative": [None, None, 20_000]}
    assert {name: bounds[name] for name in wanted} == wanted


def test_a_row_is_read_by_intake_as_it_was_meant() -> None:
    report = read(row(narrative=STORY, subject__age_max="4", subject__age_min="3,5", concerns="Bỏ mặc")).report
    assert (report.subject.age_min, report.subject.age_max, report.concerns) == (3.5, 4, ("neglect",))
