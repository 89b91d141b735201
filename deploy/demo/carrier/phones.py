"""The page of phones, Vietnamese first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

WORDS: Final[dict[str, dict[str, str]]] = {
    "vi": {
        "title": "Điện thoại mẫu",
        "banner": "Điện thoại mẫu: tin không rời máy này, mọi tên và số là giả.",
        "list": "Các máy",
        "search": "Tìm số hoặc mã",
        "none": "Chưa có tin nào. Gửi một thông tin ở trang tiếp nhận rồi xem lại đây.",
        "choose": "Chọn một máy để đọc tin.",
        "reply": "Trả lời từ máy này",
        "send": "Gửi",
        "count": "{n} tin",
        "back": "Các máy",
        "failed": "Không gửi được: {why}",
        "thread": "Tin trên máy",
        "other": "English",
        "other_code": "en",
        "console": "Trang tiếp nhận",
        "queue": "Hàng chờ",
    },
    "en": {
        "title": "Demo phones",
        "banner": "Demo phones: messages never leave this machine; every name and number is invented.",
        "list": "Phones",
        "search": "Find a number or code",
        "none": "No messages yet. Submit a report on the intake page and come back.",
        "choose": "Choose a phone to read its messages.",
        "reply": "Reply from this phone",
        "send": "Send",
        "count": "{n} messages",
        "back": "Phones",
        "failed": "Not sent: {why}",
        "thread": "Messages on the phone",
        "other": "Tiếng Việt",
        "other_code": "vi",
        "console": "Intake",
        "queue": "Queue",
    },
}

STATES: Final[dict[str, dict[str, str]]] = {
    "vi": {
        "queued": "đang gửi",
        "sent": "đã gửi",
        "delivered": "tới máy",
        "undelivered": "không tới máy",
        "received": "đã trả lời",
    },
    "en": {
        "queued": "queued",
        "sent": "sent",
        "delivered": "delivered",
        "undelivered": "not delivered",
        "received": "replied",
    },
}
"""What became of a message, for the person who looks at the phones."""

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def phones_page(request: Request) -> HTMLResponse:
    """Render the page; the script fills it from `/demo/phones.json`."""
    locale = "en" if request.query_params.get("lang") == "en" else "vi"
    html = _TEMPLATES.get_template("phones.html").render(
        words=WORDS[locale], states=json.dumps(STATES[locale]), locale=locale
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})
