"""Judges SLAs, forecasts them, and keeps both."""
