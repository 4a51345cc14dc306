"""A company to look at: made up, always the same, and rich in everything that a 360-degree view shows."""

from app.services.demo.loading import DemoRefused, load_demo
from app.services.demo.organisation import DemoUser, demo_users

DEMO_USERS = demo_users()
"""Everybody who works at the demo company, for the terminal to list. The first is the admin."""

__all__ = ["DEMO_USERS", "DemoRefused", "DemoUser", "load_demo"]
