"""Scenario files, and the planning problem they make of a portfolio."""
