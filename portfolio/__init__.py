"""Plan school construction: which projects, in which year, with which money."""

__version__ = "0.1.0"
