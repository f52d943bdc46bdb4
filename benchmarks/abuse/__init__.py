"""Malicious requests, and what they cost the server and its other clients."""
