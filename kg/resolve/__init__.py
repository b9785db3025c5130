"""Mentions → identities."""
