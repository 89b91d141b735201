"""What to say of wrong fields of teams and people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.notify.handlers.create_person import PersonFault
from services.notify.rules.team import TeamFault

TEAM_FAULTS: Final[Mapping[TeamFault, str]] = {
    TeamFault.NAME_MISSING: "Ghi tên nhóm.",
    TeamFault.NAME_LONG: "Tên dài quá 120 chữ. Viết gọn lại.",
    TeamFault.PHONE_SHORT: "Ghi số trực, ít nhất 3 chữ số.",
    TeamFault.PHONE_LONG: "Số trực nằm trong mọi tin nhắn, dài hơn 11 ký tự thì tin không còn vừa. Bỏ bớt dấu cách hoặc dùng số ngắn hơn.",
    TeamFault.PHONE_CHARACTERS: "Số trực chỉ gồm chữ số và dấu cách, như 0222 380 00.",
    TeamFault.INSTITUTIONS_MANY: "Nhiều nhất 40 cơ quan. Bỏ bớt.",
    TeamFault.INSTITUTION_LONG: "Tên cơ quan dài quá 120 chữ. Viết gọn lại.",
    TeamFault.FUNCTION: "Nơi này không có nhóm làm việc này. Chọn việc khác hoặc nơi khác.",
}

PERSON_FAULTS: Final[Mapping[PersonFault, str]] = {
    PersonFault.NAME_MISSING: "Ghi họ và tên.",
    PersonFault.NAME_LONG: "Tên dài quá 120 chữ. Viết gọn lại.",
    PersonFault.TEAM: "Không có nhóm mã này. Chọn mã trong danh sách Các nhóm.",
    PersonFault.POSITION: "Chọn vị trí.",
    PersonFault.LANGUAGE: "Chọn ngôn ngữ.",
    PersonFault.ADDRESS: "Số hoặc thư không đúng. Ghi số như 0912 345 678, thư như ten@donvi.vn.",
    PersonFault.LOGIN_MISSING: "Ghi tên đăng nhập, hoặc bỏ chọn tài khoản.",
    PersonFault.LOGIN_LONG: "Tên đăng nhập dài quá 60 chữ. Chọn tên ngắn hơn.",
    PersonFault.LOGIN_TAKEN: "Tên đăng nhập này đã có người dùng. Chọn tên khác.",
    PersonFault.ROLES_MISSING: "Chọn ít nhất một vai trò.",
}
