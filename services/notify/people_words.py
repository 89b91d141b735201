"""The words of the pages of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.notify.rules.contact import ContactChannel, ContactState

CHANNELS: Final[Mapping[str, str]] = {
    ContactChannel.SMS.value: "Tin nhắn",
    ContactChannel.VOICE.value: "Gọi điện",
    ContactChannel.EMAIL.value: "Thư điện tử",
    ContactChannel.ZALO.value: "Zalo",
}

STATES: Final[Mapping[ContactState, tuple[str, str]]] = {
    ContactState.UNVERIFIED: ("Chưa xác minh", "st-warn"),
    ContactState.OPTED_OUT: ("Số chặn tin: nhắn START từ số này để nhận lại", "st-bad"),
    ContactState.FAILING: ("Gửi lỗi mãi: sửa số, hoặc xác minh lại", "st-bad"),
    ContactState.NOT_SENDABLE: ("Đã xác minh, kênh này chưa gửi được", "st-wait"),
    ContactState.REACHABLE: ("Đã xác minh, báo được", "st-ok"),
}
"""What to say of a contact's state, and how it looks."""

CHANGES: Final[Mapping[str, str]] = {
    "code_sent": "Đã gửi mã xác minh",
    "contact_verified": "Đã xác minh liên hệ",
    "contact_added": "Đã thêm liên hệ",
    "contact_removed": "Đã bỏ liên hệ",
    "contact_first": "Đã đưa liên hệ lên đầu",
    "contact_failing": "Nhà mạng báo số không dùng được",
    "opted_out": "Số chặn tin",
    "opted_in": "Số nhận tin trở lại",
    "language": "Đã đổi ngôn ngữ",
    "disabled": "Đã khóa: không báo cho người này nữa",
    "enabled": "Đã mở lại",
}

SAID: Final[Mapping[str, tuple[str, bool]]] = {
    "added": ("Đã thêm liên hệ. Gửi mã rồi nhập mã để xác minh; chưa xác minh thì chưa báo qua đó.", False),
    "removed": ("Đã bỏ liên hệ.", False),
    "saved": ("Đã lưu.", False),
    "disabled": ("Đã khóa. Ca trực của người này thành trống ca: xếp người khác.", False),
    "code_sent": ("Đã gửi mã 6 số, dùng trong 15 phút.", False),
    "verified": ("Đã xác minh liên hệ.", False),
    "wrong_code": ("Sai mã. Xem lại tin mới nhất rồi nhập lại; còn {n} lần.", True),
    "no_code": ("Mã hết hạn, đã nhập sai 5 lần, hoặc chưa gửi. Bấm Gửi mã để lấy mã mới.", True),
    "too_many": ("Đã gửi 5 mã trong một giờ. Chờ rồi gửi lại; gấp thì gọi quản trị.", True),
    "cannot_send": ("Chưa gửi được mã tới liên hệ này: kênh chưa có, hoặc số chặn tin (nhắn START từ số đó).", True),
    "wrong_number": ("Số điện thoại không đúng. Ghi như 0912 345 678 hoặc +84912345678.", True),
    "wrong_email": ("Địa chỉ thư không đúng. Ghi như ten@donvi.vn.", True),
    "gone": ("Liên hệ này không còn. Xem lại danh sách dưới đây.", True),
}
"""What was done, or what to do instead; true: it went wrong."""
