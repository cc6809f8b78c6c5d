"""The command line: parse, call the service, print, exit code. Heavy modules load inside commands."""
