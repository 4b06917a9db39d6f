"""Draw docs/pictures/demo.svg: what `holdfast demo` prints, shortened to what a reader of the README looks for.

    .venv/bin/python tools/picture.py

The demo runs in a temporary home, so every number is the sample shop's. The picture names no web font: it is drawn in
the reader's own monospaced one, and the length of each text is fixed.
"""

import io
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from holdfast.cli import output
from holdfast.cli.views import show_answer
from holdfast.reports import FirstAnswer
from holdfast.settings import Settings
from holdfast.workflows import answer as answering
from holdfast.workflows import demo as demonstrating
from holdfast.workflows.shop import Shop

PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "demo.svg"
SEED = 7  # what `holdfast demo` takes when nobody says otherwise
WIDTH = 108
TABLES = ("holders", "risk_bands", "rfm_grid", "ledger")
HOLDERS = 8  # rows of the longest table

THEME = TerminalTheme(
    (22, 27, 34),
    (214, 220, 228),
    [(22, 27, 34), (255, 123, 114), (126, 204, 138), (230, 192, 104), (121, 174, 255), (199, 146, 234), (110, 200, 210),
     (214, 220, 228)],
    [(110, 118, 129), (255, 160, 150), (150, 220, 160), (240, 210, 140), (160, 200, 255), (215, 175, 245),
     (150, 220, 228), (255, 255, 255)],
)  # fmt: skip

SVG = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>What holdfast demo prints: revenue at risk, who holds it, risk bands, RFM grid and ledger</title>
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
    font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""


def main() -> None:
    """Run the demo and draw what it says."""
    with TemporaryDirectory() as home:
        shop = Shop.open(Settings.load({"home": Path(home), "tenant": demonstrating.TENANT}))
        demonstrating.demo(shop, seed=SEED)
        first = answering.answer(shop)
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw(shortened(first)), encoding="utf-8")


def shortened(answer: FirstAnswer) -> FirstAnswer:
    """The answer with the chosen tables, and with the first rows of the longest."""
    tables = {table.name: table for table in answer.tables}
    tables["holders"] = replace(tables["holders"], rows=tables["holders"].rows[:HOLDERS])
    return replace(answer, tables=tuple(tables[name] for name in TABLES))


def draw(answer: FirstAnswer) -> str:
    """The answer as the terminal shows it, as SVG."""
    paper = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    output.stdout = paper
    output.say("$ holdfast demo")
    show_answer(answer)
    return paper.export_svg(title="holdfast", theme=THEME, code_format=SVG, unique_id="holdfast")


if __name__ == "__main__":
    main()
