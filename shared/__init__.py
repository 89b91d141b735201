"""What every service needs, and nothing that any one service decides."""
