"""Accounts, roles, sessions and who may open what."""
