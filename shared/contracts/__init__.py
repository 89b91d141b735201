"""Event models, topics and names that services share; nothing here decides anything."""
