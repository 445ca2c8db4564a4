"""podium.yaml: reading it with line numbers, telling every fault at once, and bringing the database in line with it."""
