"""The run card, and a simulated client held against its truths: tables."""
