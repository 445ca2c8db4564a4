"""Real orchestrators on this machine, for the demo and for the live tests."""
