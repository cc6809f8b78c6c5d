"""The only importer of OR-Tools: planning problem -> integer program -> schedule."""
