"""Opening the files that people send: one module a format, the limits they are read within."""
