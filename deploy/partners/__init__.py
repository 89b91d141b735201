"""What a partner runs: reports from a file into intake, over the HTTP API."""
