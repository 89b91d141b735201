"""Reports for tests: nothing said, unless a test says it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.handlers.read_report import ReadReport, read_report
from services.intake.rules.field_errors import FieldError, InvalidReportError

ARRIVAL = datetime(2026, 11, 28, 7, 24, tzinfo=UTC)
"""A Saturday, 14:24 in Việt Nam."""

NAME = "Nguyễn Thị Ánh Đào"
PHONE = "0912 345 678"
STORY = "Nhà bên cạnh có tiếng trẻ khóc suốt đêm."


def a_report(**said: Any) -> dict[str, Any]:
    return {"channel": "hotline", "narrative": STORY, **said}


def a_personal_report(**said: Any) -> dict[str, Any]:
    """A report with a name, a phone or a story wherever there is room for one."""
    return a_report(
        subject={"kind": "child", "name": NAME, "age_min": 3, "age_max": 4, "nickname": NAME},
        family={"father": {"name": NAME, "phone": PHONE}, "mother": {"name": NAME}, "carer": NAME},
        children_in_home=[{"age_min": 5, "name": NAME}],
        concerns=["physical"],
        facts={"danger_now": "yes", "who_said_it": NAME},
        alleged=[{"role": "caregiver", "name": NAME, "institution": NAME}],
        place={"incident": {"text": "Phường Võ Cường", "detail": f"nhà {NAME}"}},
        reporter={"name": NAME, "phone": PHONE, "relation": "hàng xóm"},
        notes=NAME,
        **said,
    )


def read(document: Mapping[str, Any], arrival: datetime = ARRIVAL) -> ReadReport:
    """Read a document as it comes over HTTP."""
    return read_report(json.dumps(document).encode(), arrival)


def refused(document: Mapping[str, Any] | bytes) -> tuple[FieldError, ...]:
    """Return what is wrong with a document."""
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(InvalidReportError) as caught:
        read_report(raw, ARRIVAL)
    return caught.value.errors


def fields(errors: tuple[FieldError, ...]) -> set[str]:
    return {error.field for error in errors}
