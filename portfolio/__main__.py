"""`python -m portfolio`."""

from portfolio.cli.main import main

main()
