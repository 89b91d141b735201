"""Load and latency figures, one JSON object a line."""
