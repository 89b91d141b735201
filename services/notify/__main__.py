"""Run notify alone: `python -m services.notify`."""

from __future__ import annotations

from services.notify.app import RECIPE
from shared.runner import main

if __name__ == "__main__":
    main(RECIPE)
