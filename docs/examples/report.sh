#!/bin/sh
# Send one report to Heedline and show what becomes of it. Needs curl 7.76 or newer.
#
# HEEDLINE_URL=https://heedline.example.vn HEEDLINE_KEY=... sh report.sh
set -eu

# The key travels in a file of options, so that nobody reads it in the list of processes.
call() {
  printf 'header = "Authorization: Bearer %s"\n' "$HEEDLINE_KEY" |
    curl --silent --show-error --fail-with-body --config - --header 'Accept-Language: en' "$@"
}

# external_id is yours, the same for one report for ever: sent again with other content, it corrects the report.
report='{
  "channel": "partner",
  "external_id": "case-2026-0418",
  "narrative": "A neighbour hears a small child cry all night and has seen bruises.",
  "concerns": ["physical"],
  "facts": {"danger_now": "unknown", "injury_marks": "yes"},
  "subject": {"kind": "child", "age_min": 3, "age_max": 4, "age_basis": "estimated"},
  "place": {"incident": {"text": "Phường Võ Cường", "unit_code": 9190}}
}'

# One Idempotency-Key for one request: --retry sends the same again, and it is still one report.
answer=$(call --retry 5 --retry-connrefused \
  --header 'Content-Type: application/json' \
  --header 'Idempotency-Key: case-2026-0418-first' \
  --data-binary "$report" "$HEEDLINE_URL/api/v1/reports") || { echo "$answer" >&2; exit 1; }
echo "$answer"

report_id=$(echo "$answer" | sed 's/.*"report_id": *"\([^"]*\)".*/\1/')
call "$HEEDLINE_URL/api/v1/reports/$report_id"
echo
