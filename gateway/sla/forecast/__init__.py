"""When something will be done: from what it has taken before, along what it waits for. Pure."""
