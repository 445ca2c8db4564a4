"""The page in a real browser, over a real gateway that follows an orchestrator the tests direct."""
