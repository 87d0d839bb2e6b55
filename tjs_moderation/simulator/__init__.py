"""A faithful local Graph API with a page one can look at, for the demo and the tests; imports nothing of the rest."""

from tjs_moderation.simulator.app import create_simulator
from tjs_moderation.simulator.moments import MovableClock
from tjs_moderation.simulator.seed import SeedError, seed_from_file, seed_page
from tjs_moderation.simulator.server import BackgroundServer, serve_simulator
from tjs_moderation.simulator.state import PageState

__all__ = [
    "BackgroundServer",
    "MovableClock",
    "PageState",
    "SeedError",
    "create_simulator",
    "seed_from_file",
    "seed_page",
    "serve_simulator",
]
