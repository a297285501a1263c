"""Worked examples that ship with the package; all of their data are SYNTHETIC."""
