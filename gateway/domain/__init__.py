"""What Podium knows about: records, states and pure verdicts. Standard library only."""
