"""Public holidays of Việt Nam on which offices are closed (Labour Code 2019 Art. 112), as working-day clocks read them.

To be confirmed every year: the Government announces the days of Tết, the days in lieu of a weekend and the second
day of National Day. A day that is missing here only makes a deadline earlier, so a doubtful day is left out, as
are swapped days (a Friday off that is worked on a Saturday). After the last year listed only weekends count.
"""

from __future__ import annotations

from datetime import date

HOLIDAYS: dict[date, str] = {
    date(2026, 1, 1): "Tết Dương lịch",
    date(2026, 2, 16): "Tết Nguyên đán Bính Ngọ (29 tháng Chạp)",
    date(2026, 2, 17): "Tết Nguyên đán Bính Ngọ (mùng 1)",
    date(2026, 2, 18): "Tết Nguyên đán Bính Ngọ (mùng 2)",
    date(2026, 2, 19): "Tết Nguyên đán Bính Ngọ (mùng 3)",
    date(2026, 2, 20): "Tết Nguyên đán Bính Ngọ (mùng 4)",
    date(2026, 4, 27): "Giỗ Tổ Hùng Vương (nghỉ bù Chủ nhật 26/4)",
    date(2026, 4, 30): "Ngày Chiến thắng",
    date(2026, 5, 1): "Ngày Quốc tế lao động",
    date(2026, 9, 1): "Quốc khánh (liền kề)",
    date(2026, 9, 2): "Quốc khánh",
    date(2027, 1, 1): "Tết Dương lịch",
    # Tết 2027 falls on 6 February by the lunar calendar; the days around it are approximate until announced.
    date(2027, 2, 5): "Tết Nguyên đán Đinh Mùi (29 tháng Chạp, cần xác nhận)",
    date(2027, 2, 8): "Tết Nguyên đán Đinh Mùi (mùng 3, cần xác nhận)",
    date(2027, 2, 9): "Tết Nguyên đán Đinh Mùi (mùng 4, cần xác nhận)",
    date(2027, 2, 10): "Tết Nguyên đán Đinh Mùi (nghỉ bù, cần xác nhận)",
    date(2027, 2, 11): "Tết Nguyên đán Đinh Mùi (nghỉ bù, cần xác nhận)",
    date(2027, 4, 16): "Giỗ Tổ Hùng Vương (10 tháng 3 âm lịch)",
    date(2027, 4, 30): "Ngày Chiến thắng",
    date(2027, 5, 3): "Ngày Quốc tế lao động (nghỉ bù thứ Bảy 1/5)",
    date(2027, 9, 2): "Quốc khánh",
    date(2027, 9, 3): "Quốc khánh (liền kề, cần xác nhận)",
}
"""Closed weekdays and why."""
