"""The three services: intake takes reports, triage judges them, notify pages people."""
