"""The only way down: outbox rows and the executor that carries them out."""
