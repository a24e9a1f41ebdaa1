"""Simulated clients with planted truths: the demo client and the validity tests."""

from helpers.simulate.settings import SCENARIOS
from helpers.simulate.worlds import World, world, write_client

__all__ = ["SCENARIOS", "World", "world", "write_client"]
