"""Tests of what pages show of rides."""
