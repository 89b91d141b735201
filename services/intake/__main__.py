"""Run intake alone: `python -m services.intake`."""

from __future__ import annotations

from services.intake.app import RECIPE
from shared.runner import main

if __name__ == "__main__":
    main(RECIPE)
