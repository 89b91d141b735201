"""Send one report to Heedline and show what becomes of it. Needs Python 3.11 and nothing else.

HEEDLINE_URL=https://heedline.example.vn HEEDLINE_KEY=... python report.py
"""

import json
import os
import urllib.error
import urllib.request
from typing import Any

URL = os.environ["HEEDLINE_URL"]
KEY = os.environ["HEEDLINE_KEY"]


def call(method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    """Return the answer; an error ends the program with the fields that it names."""
    request = urllib.request.Request(
        URL + path,
        method=method,
        data=json.dumps(body).encode() if body else None,
        headers={
            "Authorization": f"Bearer {KEY}",
            "Content-Type": "application/json",
            "Accept-Language": "en",
            **headers,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{error.code} {error.read().decode()}") from None


report = {
    "channel": "partner",
    # Yours, the same for one report for ever: sent again with other content, it corrects the report.
    "external_id": "case-2026-0417",
    "narrative": "A neighbour hears a small child cry all night and has seen bruises.",
    "concerns": ["physical"],
    "facts": {"danger_now": "unknown", "injury_marks": "yes"},
    "subject": {"kind": "child", "age_min": 3, "age_max": 4, "age_basis": "estimated"},
    "place": {"incident": {"text": "Phường Võ Cường", "unit_code": 9190}},
}

# One key for one request: when the line breaks, send the same again, with the same key, until it is answered.
taken = call("POST", "/api/v1/reports", report, **{"Idempotency-Key": "case-2026-0417-first"})
print("case", taken["case_code"])

state = call("GET", f"/api/v1/reports/{taken['report_id']}")
print("status", state["status"])
