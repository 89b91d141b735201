"""A local SMS carrier: speaks Twilio's REST API for messages, signs its callbacks, and can fail in documented ways."""
