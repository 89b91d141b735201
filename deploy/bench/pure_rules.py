"""How many reports the pure rules judge: level, rules, deadlines and route, on one core, without I/O."""

from __future__ import annotations

import os
import time
from typing import Any, Final

import psutil

from services.triage.lab_cases import samples
from services.triage.rules.clocks import deadlines
from services.triage.rules.replay import Past
from services.triage.rules.routing import route
from services.triage.rules.rule_table import BUILT_IN
from services.triage.rules.table import UNREADABLE
from services.triage.rules.urgency import assess

SECONDS: Final = 3.0
WARM_UP_SECONDS: Final = 0.5


def pure_rules(seconds: float = SECONDS) -> dict[str, Any]:
    """Measure one core with the twelve samples in turn; its CPU time counts, so that other work on the machine does not.

    No transport takes part, so it is null; the memory is this process's.
    """
    _judge_for(WARM_UP_SECONDS)
    done, spent = _judge_for(seconds)
    return {
        "bench": "pure_rules",
        "assessments_per_minute": round(done / spent * 60),
        "n": done,
        "transport": None,
        "cores": os.cpu_count(),
        "rss_mb": round(psutil.Process().memory_info().rss / 1e6),
    }


def _judge_for(seconds: float) -> tuple[int, float]:
    cases, done, began = samples(), 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        for case in cases:
            _judge(case)
        done += len(cases)
    return done, spent


def _judge(case: Past) -> None:
    assessment = assess(case.situation, BUILT_IN)
    deadlines(assessment.level, case.received_at, unreadable=UNREADABLE in assessment.ids, table=BUILT_IN)
    route(case.situation, assessment.ids, assessment.level, case.around, BUILT_IN)
