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
        "calls": "Cuộc gọi",
        "answer": "Nghe máy",
        "decline": "Từ chối",
        "ring": "Để chuông, không nghe",
        "machine": "Để máy trả lời tự động nghe",
        "hang_up": "Tắt máy",
        "key": "Bấm phím {key}",
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
        "calls": "Calls",
        "answer": "Answer",
        "decline": "Decline",
        "ring": "Let it ring",
        "machine": "Let the answering machine take it",
        "hang_up": "Hang up",
        "key": "Press {key}",
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
        "ringing": "đang đổ chuông",
        "in-progress": "đang nghe",
        "completed": "đã nghe xong",
        "busy": "đã từ chối",
        "no-answer": "không nghe máy",
        "failed": "không gọi được",
        "canceled": "đã dừng gọi",
        "machine": "máy trả lời tự động đã nghe",
    },
    "en": {
        "queued": "queued",
        "sent": "sent",
        "delivered": "delivered",
        "undelivered": "not delivered",
        "received": "replied",
        "ringing": "ringing",
        "in-progress": "listening",
        "completed": "listened",
        "busy": "declined",
        "no-answer": "not answered",
        "failed": "failed",
        "canceled": "call ended by the caller",
        "machine": "taken by the answering machine",
    },
}
"""What became of a message or a call, for the person who looks at the phones."""
ACTS: Final = ("answer", "decline", "ring", "machine", "hang_up", "key")
"""What a person does with a call; the script labels its buttons with these words."""

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def phones_page(request: Request) -> HTMLResponse:
    """Render the page; the script fills it from `/demo/phones.json` and `/demo/calls.json`."""
    locale = "en" if request.query_params.get("lang") == "en" else "vi"
    html = _TEMPLATES.get_template("phones.html").render(
        words=WORDS[locale],
        states=json.dumps(STATES[locale]),
        acts=json.dumps({act: WORDS[locale][act] for act in ACTS}),
        locale=locale,
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})
