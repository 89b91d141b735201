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
    "person_created": "Đã thêm người",
    "name": "Đã đổi tên",
    "team_code": "Đã đổi nhóm",
    "position": "Đã đổi vị trí",
    "account_created": "Đã mở tài khoản",
    "account_teams": "Đã đổi các nhóm của tài khoản",
    "account_disabled": "Đã khóa tài khoản và mọi phiên",
    "invited": "Đã tạo liên kết mời",
    "password_chosen": "Đã chọn mật khẩu",
    "proposed": "Giám sát ca đã đề nghị",
    "proposal_accepted": "Quản trị đã làm theo đề nghị",
    "proposal_refused": "Quản trị không làm theo đề nghị",
}

TEAM_CHANGES: Final[Mapping[str, str]] = {
    "team_created": "Đã thêm nhóm",
    "name_vi": "Đã đổi tên tiếng Việt",
    "name_en": "Đã đổi tên tiếng Anh",
    "duty_phone": "Đã đổi điện thoại trực",
    "institutions": "Đã đổi cơ quan",
}

POSITIONS: Final[Mapping[str, str]] = {"worker": "Thành viên", "head": "Trưởng nhóm"}

KINDS: Final[Mapping[str, str]] = {
    "contact": "Thêm liên hệ",
    "contact_remove": "Bỏ liên hệ",
    "team": "Đổi nhóm",
    "position": "Đổi vị trí",
    "disable": "Khóa người này",
}
"""What a supervisor may propose."""

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
    "created": ("Đã thêm người. Xác minh liên hệ rồi xếp trực; chưa xác minh thì chưa báo được.", False),
    "opened": ("Đã mở tài khoản.", False),
    "closed": ("Đã khóa tài khoản, mọi phiên đã kết thúc.", False),
    "sure": ("Chưa làm gì. Đánh dấu Tôi chắc chắn rồi bấm lại.", True),
    "oneself": ("Không tự khóa mình được. Nhờ quản trị khác.", True),
    "no_account": ("Người này không có tài khoản, hoặc đã khóa. Mở lại rồi tạo liên kết.", True),
    "proposed": ("Đã gửi đề nghị tới quản trị.", False),
    "proposed_before": ("Đề nghị này đang chờ quản trị, không cần gửi lại.", False),
    "nothing": ("Không có gì để đổi: nhóm, vị trí hoặc liên hệ này không có. Chọn lại.", True),
    "accepted": ("Đã làm theo đề nghị.", False),
    "refused": ("Đã từ chối đề nghị, lý do được giữ lại.", False),
    "reason": ("Ghi lý do rồi từ chối.", True),
    "decided": ("Đề nghị này đã có người quyết định.", True),
    "cannot": ("Không làm theo được nữa: người, nhóm hoặc liên hệ đã khác. Từ chối và ghi lý do.", True),
    "gone": ("Liên hệ này không còn. Xem lại danh sách dưới đây.", True),
}
"""What was done, or what to do instead; true: it went wrong."""
