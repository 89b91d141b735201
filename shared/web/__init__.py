"""Pages: base templates, styles, words in two languages, CSRF and server-sent events."""
