"""Composition and operation: the command line, all services in one process, the demo, Kafka."""
