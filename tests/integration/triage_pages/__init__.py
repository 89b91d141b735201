"""The pages of triage in an app of their own."""
