"""Takes reports from hotlines, web forms and partner systems; the only place that holds personal data."""
