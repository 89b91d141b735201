"""Apache Kafka for development and tests, and the operation of its topics."""
