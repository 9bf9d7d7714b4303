"""The style of the page: light and dark, on a screen and on paper.

Colours of text stand out from their ground by 4.5 to 1 or more (WCAG 2.2, 1.4.3), and
no meaning hangs on a colour alone.
"""

LIGHT = {
    "ground": "#ffffff",
    "panel": "#f6f7f9",
    "ink": "#1b1f24",
    "quiet": "#57606a",
    "line": "#d0d7de",
    "mark": "#0b5cad",
    "good": "#116329",
    "bad": "#a40e26",
    "warn": "#7d4e00",
}
"""Colours on light ground, by use."""

DARK = {
    "ground": "#14171c",
    "panel": "#1d2128",
    "ink": "#e8eaed",
    "quiet": "#a9b1bb",
    "line": "#3d444d",
    "mark": "#79b8ff",
    "good": "#6fdd8b",
    "bad": "#ff9492",
    "warn": "#f0c060",
}
"""Colours on dark ground, by use."""


def _variables(colors: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colors.items())


STYLE = (
    f".copylab{{{_variables(LIGHT)}}}"
    f"@media (prefers-color-scheme:dark){{.copylab{{{_variables(DARK)}}}}}"
    f"@media print{{.copylab{{{_variables(LIGHT)}}}}}"
    """
.copylab{background:var(--ground);color:var(--ink);max-width:74rem;margin:0 auto;
padding:2rem 1.5rem 4rem;font:16px/1.55 system-ui,-apple-system,"Segoe UI","PingFang SC",
"Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums;
overflow-wrap:anywhere}
.copylab header{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem}
.copylab h1{font-size:1.6rem;line-height:1.25;margin:0}
.copylab h2{font-size:1.2rem;margin:2.4rem 0 .6rem;padding-top:.9rem;
border-top:1px solid var(--line)}
.copylab h3{font-size:1rem;margin:0 0 .3rem}
.copylab .badge{margin:0;padding:.15rem .8rem;border:2px solid currentColor;
border-radius:999px;font-weight:700}
.copylab nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;
margin:1rem 0 0}
.copylab a{color:var(--mark)}
.copylab a:focus-visible,.copylab .table:focus-visible{outline:3px solid var(--mark);
outline-offset:2px}
.copylab #verdict>p:first-of-type{font-size:1.15rem;font-weight:600;background:var(--panel);
border-left:5px solid currentColor;padding:.8rem 1rem;margin:.5rem 0}
.copylab ul{padding-left:1.3rem}
.copylab p,.copylab li,.copylab .copy{max-width:60rem}
.copylab .good{color:var(--good)}.copylab .bad{color:var(--bad)}
.copylab .warn{color:var(--warn)}
.copylab .table{overflow-x:auto;margin:1rem 0 .2rem}
.copylab .note{margin:0 0 1rem}
.copylab .hash{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.82em;
white-space:normal;overflow-wrap:anywhere;min-width:18rem}
.copylab table{border-collapse:collapse;min-width:min(100%,30rem);font-size:.92rem}
.copylab caption{text-align:left;font-weight:600;padding:.3rem 0}
.copylab th,.copylab td{text-align:left;padding:.4rem 1.1rem .4rem 0;
border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:normal}
.copylab thead th{color:var(--quiet);font-weight:600;vertical-align:bottom}
.copylab tbody th{font-weight:600;overflow-wrap:anywhere;min-width:6.5rem}
.copylab td,.copylab thead th{white-space:nowrap}
.copylab .number{text-align:right;white-space:nowrap}
.copylab figure{margin:1rem 0}
.copylab figcaption{font-weight:600}
.copylab svg{width:100%;max-width:34rem;height:auto;display:block;margin:.4rem 0}
.copylab svg text{fill:var(--ink);font-size:13px}
.copylab svg .label{font-weight:600}
.copylab svg .tick{fill:var(--quiet);font-size:12px}
.copylab svg .grid{stroke:var(--line);stroke-width:1}
.copylab svg .zero{stroke:var(--ink);stroke-width:1.5}
.copylab svg .limit{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:5 4}
.copylab svg .interval{stroke:var(--mark);stroke-width:2.5}
.copylab svg .point{fill:var(--mark)}
.copylab svg .interval.good{stroke:var(--good)}.copylab svg .point.good{fill:var(--good)}
.copylab svg .interval.bad{stroke:var(--bad)}.copylab svg .point.bad{fill:var(--bad)}
.copylab svg .interval.warn{stroke:var(--warn)}.copylab svg .point.warn{fill:var(--warn)}
.copylab svg .expected{fill:var(--ground);stroke:var(--ink);stroke-width:1.5}
.copylab .about{color:var(--quiet);margin:.3rem 0 0;flex-basis:100%}
.copylab .about+.about{margin:0}
.copylab .legend,.copylab .known,.copylab .note{color:var(--quiet);font-size:.88rem;margin:.2rem 0}
.copylab .copy{background:var(--panel);border:1px solid var(--line);border-radius:8px;
padding:.9rem 1.1rem;margin:.8rem 0;break-inside:avoid}
.copylab dl{margin:.5rem 0 0}
.copylab dt{color:var(--quiet);font-size:.85rem}
.copylab dd{margin:0 0 .5rem;white-space:pre-wrap}
@media (max-width:40rem){.copylab{padding:1.2rem 1rem 3rem}
.copylab h1{font-size:1.35rem}.copylab table{font-size:.86rem}
.copylab caption span{position:sticky;left:0;display:inline-block;max-width:calc(100vw - 2rem)}
.copylab tr>:first-child{position:sticky;left:0;background:var(--ground)}}
@media print{.copylab{max-width:none;padding:0;font-size:10pt;line-height:1.4}
.copylab nav{display:none}.copylab .table{overflow:visible}
.copylab h2{margin-top:1.4rem;padding-top:.5rem}
.copylab table{font-size:8pt}.copylab td,.copylab thead th{white-space:normal}
.copylab th,.copylab td{padding:.2rem .45rem .2rem 0}.copylab tbody th{min-width:4.6rem}
.copylab td.number,.copylab thead th.number{white-space:nowrap}
.copylab .hash{min-width:0;font-size:6.5pt}
.copylab .note,.copylab .legend,.copylab .known{font-size:8.5pt}
.copylab svg{max-width:12.5cm}.copylab thead{display:table-header-group}
.copylab caption,.copylab h2,.copylab h3{break-after:avoid}
.copylab tr,.copylab svg,.copylab li,.copylab p{break-inside:avoid}
.copylab figcaption{break-after:avoid}
.copylab .short{break-inside:avoid}.copylab .note{break-before:avoid}
.copylab a{color:inherit;text-decoration:none}}
"""
)
"""The style sheet, below the class ``copylab``, so that it may stand in a notebook."""

PAGE_STYLE = (
    f"html{{background:{LIGHT['ground']}}}body{{margin:0}}"
    "@media screen and (prefers-color-scheme:dark){"
    f"html{{background:{DARK['ground']}}}}}"
    "@page{margin:15mm 14mm 17mm}"
)
"""What holds for a page that is a report and nothing else."""
