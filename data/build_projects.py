"""Write data/projects.xlsx from the facts and the written rules: `python -m data.build_projects`.

From then on the workbook is the input, and staff edit it; this program is the record of where each
number came from. It also brings the generated table of docs/data.md up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def main() -> None:
    """Write the workbook (an argument names another file) and the table of docs/data.md."""
    from data.build.document import update
    from data.build.portfolio import build, specs
    from portfolio.workbook.writer import write

    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "projects.xlsx"
    portfolio = build()
    write(portfolio, target)
    update(ROOT / "docs" / "data.md", portfolio, specs())
    print(f"{target}: {len(portfolio.projects)} projects")


if __name__ == "__main__":
    main()
