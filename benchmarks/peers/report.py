"""The comparison as Markdown and as a page with charts that needs nothing from elsewhere."""
import html as text

STYLE = """
:root { color-scheme: light dark; --page: #f7f8fa; --card: #fff; --ink: #1c2430; --faint: #677284; --line: #dfe3ea; --ours: #2563c9; --other: #a4adbb; }
@media (prefers-color-scheme: dark) { :root { --page: #11151b; --card: #1a2029; --ink: #e4e8ee; --faint: #93a0b3; --line: #2c3440; --ours: #6aa2ff; --other: #566173; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem 3rem; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: auto; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem; }
h2 { font-size: 1.1rem; margin: 0 0 .8rem; }
p { color: var(--faint); margin: 0 0 1rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.2rem 1.4rem; margin-top: 1.2rem; overflow-x: auto; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg .faint { fill: var(--faint); }
table { border-collapse: collapse; width: 100%; margin-top: 1.2rem; font-variant-numeric: tabular-nums; font-size: 13.5px; }
th { text-align: right; color: var(--faint); font-weight: 500; vertical-align: bottom; }
td, th { padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td { text-align: right; white-space: nowrap; }
td:first-child, th:first-child, td.why { text-align: left; white-space: normal; }
tr.ours td:first-child { font-weight: 600; }
td.why, tr.gone td { color: var(--faint); }
"""
HEAD = ('subject', 'median ms', 'fastest ms', 'images/s', 'medians of the rounds, ms', 'times the first', 'difference', 'memory at most')


def cells(row, base):
    spread = f"{min(row['medians']):.1f} to {max(row['medians']):.1f}"
    off = '' if row['difference'] is None else f"{row['difference']:.0e}"
    return (row['name'], f"{row['medianMs']:.1f}", f"{row['minMs']:.1f}", f"{row['imagesPerSecond']:.1f}", spread, f"{row['medianMs'] / base:.2f}", off, f"{row['peakBytes'] / 1e6:.0f} MB")


def base_of(table):
    return next((r['medianMs'] for r in table['rows'] if not r['missing']), 1)


def notes(found):
    versions = sorted({f"{r['version']} ({r['where']})" for t in found['tables'] for r in t['rows'] if not r['missing']})
    return (f"{found['machine']}. {found['date']}. All subjects of a table were alive at once and took turns, {found['rounds']} rounds, forwards and backwards; "
            f"who waits is stopped. {found['threads']} threads. Difference: of any probability from the first subject's; memory: of the process, its libraries included.", versions)


def markdown(found):
    note, versions = notes(found)
    lines = ['# VkInception and its peers', '', note, '']
    for table in found['tables']:
        lines += [f"## {table['title']}", '', '| ' + ' | '.join(HEAD) + ' |', '|---' * len(HEAD) + '|']
        for row in table['rows']:
            line = (row['name'], f"missing: {row['missing']}", *[''] * 6) if row['missing'] else cells(row, base_of(table))
            lines.append('| ' + ' | '.join(str(c).replace('|', '/').replace('\n', ' ') for c in line) + ' |')
        lines.append('')
    return '\n'.join(lines + ['Measured: ' + '; '.join(versions) + '.', ''])


def chart(table):
    """A bar a subject, the fastest on top; its end is the median, the line over it runs from the fastest to the slowest round."""
    rows = sorted((r for r in table['rows'] if not r['missing']), key=lambda r: r['medianMs'])
    if not rows:
        return ''
    left, width, step = 270, 900, 30
    most = max(max(r['medians']) for r in rows)
    scale = (width - left - 90) / most
    parts = []
    for i, row in enumerate(rows):
        y, end = i * step, left + row['medianMs'] * scale
        low, high = left + min(row['medians']) * scale, left + max(row['medians']) * scale
        parts.append(f'<text x="{left - 12}" y="{y + 19}" text-anchor="end">{text.escape(row["name"])}</text>'
                     f'<rect x="{left}" y="{y + 5}" width="{end - left:.1f}" height="20" rx="3" fill="var(--{"ours" if row["ours"] else "other"})"/>'
                     f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y + 15}" y2="{y + 15}" stroke="var(--ink)" stroke-opacity=".55" stroke-width="2"/>'
                     f'<text class="faint" x="{max(end, high) + 8:.1f}" y="{y + 19}">{row["medianMs"]:.0f} ms</text>')
    label = text.escape(table['title'])
    return f'<svg viewBox="0 0 {width} {len(rows) * step + 4}" role="img" aria-label="{label}: milliseconds, shorter is better">{"".join(parts)}</svg>'


def html(found):
    note, versions = notes(found)
    sections = []
    for table in found['tables']:
        lines = []
        for row in table['rows']:
            if row['missing']:
                lines.append(f'<tr class="gone"><td>{text.escape(row["name"])}</td><td class="why" colspan="{len(HEAD) - 1}">missing: {text.escape(row["missing"])}</td></tr>')
            else:
                lines.append(f'<tr{" class=ours" if row["ours"] else ""}>' + ''.join(f'<td>{text.escape(c)}</td>' for c in cells(row, base_of(table))) + '</tr>')
        head = ''.join(f'<th>{h}</th>' for h in HEAD)
        sections.append(f'<section><h2>{text.escape(table["title"])}</h2><p>Milliseconds, shorter is better; the line spans the rounds.</p>{chart(table)}<table><tr>{head}</tr>{"".join(lines)}</table></section>')
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>VkInception and its peers</title>'
            f'<style>{STYLE}</style><main><h1>VkInception and its peers</h1><p>{text.escape(note)}</p>{"".join(sections)}<section><h2>Versions</h2><p>{"<br>".join(map(text.escape, versions))}</p></section></main></html>\n')
