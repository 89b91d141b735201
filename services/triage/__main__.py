"""Run triage alone: `python -m services.triage`."""

from __future__ import annotations

from services.triage.app import RECIPE
from shared.runner import main

if __name__ == "__main__":
    main(RECIPE)
