"""Key figures: how well work gets done, by pipeline, owner and orchestrator."""
