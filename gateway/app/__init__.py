"""Settings, wiring and command line: the only place where parts are put together."""
