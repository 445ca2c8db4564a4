"""Every query Podium makes, by subject."""
