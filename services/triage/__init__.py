"""Decides how urgent a report is and whose duty it is."""
