"""What the judge's figures and weights are made with. Nothing of the program imports it."""

MEASURING_FILE = "measuring.npz"
"""Weights that have seen nothing held back: `evaluate` measures with them. Those that ship have learnt it."""
