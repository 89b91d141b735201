"""A rule table as a document of plain values, and back: for storage, files and forms.

    version = "2026.2"
    rules.R27     = enabled, level, graver_level (only for rules that have one), words_vi, words_en, source
    thresholds    = a number for each of `Thresholds`
    clocks.URGENT = acknowledge, contact, visit, form02: "10 min", "4 h", "7 d", "3 wd"; left out where there is none
    matrix.danger = order from 1, leads, support (codes of seats: "social", "province-police"), at_every_level

Levels are written by name, "none" for a rule that is only recorded. Numbers and yes/no may come as text, as forms send them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

from services.triage.rules.matrix import MATRIX, Row
from services.triage.rules.rule_table import BUILT_IN, RuleTable, Setting
from services.triage.rules.seats import SEATS, Seat
from services.triage.rules.table import TABLE, Rule
from services.triage.rules.table_checks import checked
from services.triage.rules.terms import CLOCK_NAMES, LevelTerms, Term
from services.triage.rules.thresholds import LIMITS, Thresholds
from services.triage.rules.wrong import TableRefusedError, Wrong
from shared.contracts.vocabulary import Level

Document = dict[str, Any]

NO_LEVEL = "none"
VERSION = re.compile(r"20\d\d\.\d{1,3}(-[a-z0-9-]{1,20})?")
GRAVEST_FIRST: tuple[Level, ...] = tuple(sorted(Level, reverse=True))
LONGEST_WORDS = 160
LONGEST_SOURCE = 60
MANY_DIGITS = 12


def document(table: RuleTable) -> Document:
    """Return a table as plain values; `read` gives it back."""
    return {
        "version": table.version,
        "rules": {setting.id: _setting(setting) for setting in table.rules},
        "thresholds": asdict(table.thresholds),
        "clocks": {level.name: _terms(table.clocks[level]) for level in GRAVEST_FIRST},
        "matrix": {row.concern: _row(row, order) for order, row in enumerate(table.matrix, start=1)},
    }


def read(source: Mapping[str, Any]) -> RuleTable:
    """Read a table that may be put into force, or raise `TableRefusedError` that names each wrong field."""
    reader = _Reader()
    table = reader.table(source)
    if reader.wrong:
        raise TableRefusedError(reader.wrong)
    wrong = checked(table)
    if wrong:
        raise TableRefusedError(wrong)
    return table


def restored(stored: Mapping[str, Any]) -> RuleTable:
    """Read a table that was accepted when it was stored, maybe by an older release.

    What this release knows and the stored table does not is taken from the built-in one, and what only the stored
    table knows is left out: reports must be judged whatever release reads the table. Raises `TableRefusedError` when
    a value cannot be read at all.
    """
    reader = _Reader()
    table = reader.table(_completed(stored, document(BUILT_IN)))
    if reader.wrong:
        raise TableRefusedError(reader.wrong)
    return table


def _completed(stored: Mapping[str, Any], built_in: Mapping[str, Any], path: str = "") -> Document:
    """Return `stored` with exactly the fields of `built_in`; a clock or the order of rows is never filled in."""
    found: Document = {}
    for name, value in built_in.items():
        if isinstance(value, Mapping):
            found[name] = _completed(stored.get(name) or {}, value, f"{path}.{name}")
        elif name in stored:
            found[name] = stored[name]
        elif not path.startswith(".clocks."):
            found[name] = value
    if path.startswith(".clocks."):
        found |= {name: stored[name] for name in CLOCK_NAMES if name in stored}
    return found


def named(version: str) -> str:
    """Return a version's name, or raise `TableRefusedError` where it is none."""
    reader = _Reader()
    found = reader.version(version.strip())
    if reader.wrong:
        raise TableRefusedError(reader.wrong)
    return found


def digest(table: RuleTable) -> str:
    """Return what identifies the content of a table, its version included: SHA-256 in hex."""
    written = json.dumps(document(table), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _setting(setting: Setting) -> Document:
    graver = {"graver_level": setting.graver_level.name} if setting.graver_level else {}
    return {
        "enabled": setting.enabled,
        "level": setting.level.name if setting.level else NO_LEVEL,
        **graver,
        "words_vi": setting.words_vi,
        "words_en": setting.words_en,
        "source": setting.source,
    }


def _terms(terms: LevelTerms) -> Document:
    return {name: str(term) for name in CLOCK_NAMES if (term := getattr(terms, name)) is not None}


def _row(row: Row, order: int) -> Document:
    return {
        "order": order,
        "leads": [seat.code for seat in row.leads],
        "support": [seat.code for seat in row.support],
        "at_every_level": row.at_every_level,
    }


@dataclass
class _Reader:
    """Reads the parts of a document; what cannot be read is noted in `wrong` and replaced by what is built in."""

    wrong: list[Wrong] = field(default_factory=list)

    def table(self, source: Mapping[str, Any]) -> RuleTable:
        self._nothing_else("", source, {"version", "rules", "thresholds", "clocks", "matrix"})
        rules, thresholds, clocks, matrix = (
            self._part("", source, name) for name in ("rules", "thresholds", "clocks", "matrix")
        )
        self._nothing_else("rules", rules, {rule.id for rule in TABLE})
        self._nothing_else("clocks", clocks, {level.name for level in Level})
        return RuleTable(
            version=self.version(source.get("version")),
            rules=tuple(self._setting(rule, self._part("rules", rules, rule.id)) for rule in TABLE),
            thresholds=self._thresholds(thresholds),
            clocks={level: self._terms(level, self._part("clocks", clocks, level.name)) for level in GRAVEST_FIRST},
            matrix=self._matrix(matrix),
        )

    def version(self, value: object) -> str:
        if isinstance(value, str) and VERSION.fullmatch(value):
            return value
        self._note("version", "ghi năm và số, ví dụ 2026.2", "write a year and a number, for instance 2026.2")
        return ""

    def _setting(self, rule: Rule, part: Mapping[str, Any]) -> Setting:
        path = f"rules.{rule.id}"
        graver = {"graver_level"} if rule.graver else set()
        self._nothing_else(path, part, {"enabled", "level", "words_vi", "words_en", "source", *graver})
        level = self._level(f"{path}.level", part.get("level"), optional=rule.level is None)
        return Setting(
            id=rule.id,
            enabled=self._yes_no(f"{path}.enabled", part.get("enabled")),
            level=level,
            graver_level=self._level(f"{path}.graver_level", part.get("graver_level")) if rule.graver else None,
            words_vi=self._words(f"{path}.words_vi", part.get("words_vi"), LONGEST_WORDS),
            words_en=self._words(f"{path}.words_en", part.get("words_en"), LONGEST_WORDS),
            source=self._words(f"{path}.source", part.get("source"), LONGEST_SOURCE),
        )

    def _thresholds(self, part: Mapping[str, Any]) -> Thresholds:
        self._nothing_else("thresholds", part, set(LIMITS))
        numbers = {
            name: self._number(f"thresholds.{name}", part.get(name), whole=limit.whole)
            for name, limit in LIMITS.items()
        }
        return Thresholds(**cast("dict[str, Any]", numbers))

    def _terms(self, level: Level, part: Mapping[str, Any]) -> LevelTerms:
        path = f"clocks.{level.name}"
        self._nothing_else(path, part, set(CLOCK_NAMES))
        read = {name: self._term(f"{path}.{name}", part.get(name)) for name in CLOCK_NAMES}
        for name in ("acknowledge", "contact"):
            if read[name] is None and part.get(name) in (None, ""):
                self._note(f"{path}.{name}", "mức nào cũng phải có hạn này", "every level needs this deadline")
        acknowledge, contact = (read[name] or Term(1) for name in ("acknowledge", "contact"))
        return LevelTerms(acknowledge, contact, read["visit"], read["form02"])

    def _term(self, path: str, value: object) -> Term | None:
        if value is None or value == "":
            return None
        term = Term.read(value) if isinstance(value, str) else None
        if term is None:
            self._note(
                path,
                "ghi số nguyên lớn hơn 0 và đơn vị: phút (min), giờ (h), ngày (d) hoặc ngày làm việc (wd)",
                "write a whole number above 0 and a unit: min, h, d or wd (working days)",
            )
        return term

    def _matrix(self, part: Mapping[str, Any]) -> tuple[Row, ...]:
        self._nothing_else("matrix", part, {row.concern for row in MATRIX})
        placed: list[tuple[float, Row]] = []
        for built_in in MATRIX:
            path = f"matrix.{built_in.concern}"
            row = self._part("matrix", part, built_in.concern)
            self._nothing_else(path, row, {"order", "leads", "support", "at_every_level"})
            order = self._number(f"{path}.order", row.get("order"), whole=True)
            if any(order == other for other, _ in placed):
                self._note(f"{path}.order", "hai dòng cùng thứ tự", "two rows have the same place in the order")
            placed.append((order, self._row(path, built_in, row)))
        return tuple(row for _, row in sorted(placed, key=lambda one: one[0]))

    def _row(self, path: str, built_in: Row, row: Mapping[str, Any]) -> Row:
        return replace(
            built_in,
            leads=self._seats(f"{path}.leads", row.get("leads")),
            support=self._seats(f"{path}.support", row.get("support")),
            at_every_level=self._yes_no(f"{path}.at_every_level", row.get("at_every_level")),
        )

    def _seats(self, path: str, value: object) -> tuple[Seat, ...]:
        codes = value if isinstance(value, list) else []
        unknown = [code for code in codes if not isinstance(code, str) or code not in SEATS]
        if unknown or not isinstance(value, list):
            named = ", ".join(str(code)[:40] for code in unknown) or "?"
            self._note(
                path,
                f"không có nhóm “{named}”; dùng: {', '.join(SEATS)}",
                f"there is no team “{named}”; use: {', '.join(SEATS)}",
            )
        return tuple(SEATS[code] for code in codes if code not in unknown)

    def _level(self, path: str, value: object, *, optional: bool = False) -> Level | None:
        if isinstance(value, str) and value in Level.__members__:
            return Level[value]
        if not (optional and value == NO_LEVEL):
            choices = ", ".join([*(level.name for level in GRAVEST_FIRST), *([NO_LEVEL] if optional else [])])
            self._note(path, f"chọn một mức: {choices}", f"choose a level: {choices}")
        return None

    def _words(self, path: str, value: object, most: int) -> str:
        words = " ".join(value.split()) if isinstance(value, str) else ""
        if not words:
            self._note(path, "không được để trống", "must not be empty")
        elif len(words) > most or not words.isprintable():
            self._note(path, f"dài nhất {most} chữ, trên một dòng", f"at most {most} characters, on one line")
        return words

    def _number(self, path: str, value: object, *, whole: bool) -> float:
        text = str(value).strip().replace(",", ".") if isinstance(value, str | int | float) else ""
        pattern = r"\d+(\.0+)?" if whole else r"\d+(\.\d+)?"
        if isinstance(value, bool) or len(text) > MANY_DIGITS or not re.fullmatch(pattern, text):
            wanted = ("một số nguyên", "a whole number") if whole else ("một số", "a number")
            self._note(path, f"ghi {wanted[0]}", f"write {wanted[1]}")
            return 0
        number = float(text)
        return int(number) if number.is_integer() else number

    def _yes_no(self, path: str, value: object) -> bool:
        if isinstance(value, bool):
            return value
        self._note(path, "ghi true hoặc false", "write true or false")
        return True

    def _part(self, path: str, source: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        part = source.get(name)
        if isinstance(part, Mapping):
            return part
        self._note(f"{path}.{name}".lstrip("."), "thiếu phần này", "this part is missing")
        return {}

    def _nothing_else(self, path: str, part: Mapping[str, Any], known: set[str]) -> None:
        for name in part:
            if name not in known:
                self._note(f"{path}.{name}".lstrip(".")[:80], "không có ô này", "there is no such field")

    def _note(self, path: str, vi: str, en: str) -> None:
        self.wrong.append(Wrong(path, vi, en))
