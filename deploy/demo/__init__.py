"""The demonstration: an invented organisation, a local SMS carrier, sample reports, and the smoke run."""
