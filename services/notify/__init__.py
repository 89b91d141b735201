"""Pages people by SMS and does not stop until a human has acknowledged."""
