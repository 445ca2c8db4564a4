"""One package per orchestrator, and the kit they are made of."""
