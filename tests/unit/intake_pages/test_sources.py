from __future__ import annotations

from services.triage.rules.table import RULES
from shared.web.sources import SOURCES, readable_source


def test_every_source_of_the_rules_is_written_out_in_both_languages() -> None:
    cited = {mark.strip() for rule in RULES for mark in rule.source.split(",")}
    assert cited - SOURCES.keys() == set()


def test_several_sources_are_written_one_after_the_other() -> None:
    assert readable_source("S5, m", "vi") == "NĐ 56/2017 Điều 26 [S5]; kinh nghiệm chuyên môn, cần xác nhận"
    assert readable_source("p", "en") == "a proposal of this project"


def test_a_source_that_nobody_listed_stays_as_cited() -> None:
    assert readable_source("S5, S99", "en") == "Decree 56/2017 Art. 26 [S5]; S99"
