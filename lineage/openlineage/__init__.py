"""OpenLineage as it is spoken: what an event must be, what it says, and how events become one state."""
