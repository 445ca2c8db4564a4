"""What is wrong now, read from what is stored: facts, and nothing remembered."""
