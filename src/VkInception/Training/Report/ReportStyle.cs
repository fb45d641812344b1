namespace VkInception.Training;

/// <summary>The report's style sheet. Colours are Okabe's and Ito's, told apart by dashes and marks too; contrast is 4.5:1 at least for text.</summary>
internal static class ReportStyle
{
    /// <summary>The whole sheet.</summary>
    public const string Sheet = """
        :root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#1a1d21;--soft:#565d66;--rule:#dfe2e6;--grid:#e8eaed;
        --c1:#0068a8;--c2:#c14e00;--c3:#00805c;--heat:0 90 160;--hot:#fff;--bar:#0068a8;--trough:#e8eaed}
        @media (prefers-color-scheme:dark){:root{--page:#14171a;--card:#1d2125;--ink:#e7eaee;--soft:#a4acb6;--rule:#343a41;--grid:#2b3036;
        --c1:#5cb3ec;--c2:#f0994a;--c3:#3fcba2;--heat:38 118 196;--hot:#fff;--bar:#3f8fcb;--trough:#2b3036}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
        main{max-width:1120px;margin:0 auto;padding:28px 20px 48px}
        h1{font-size:1.7rem;line-height:1.25;margin:0}h2{font-size:1.2rem;margin:34px 0 12px}h3{font-size:1rem;margin:0}
        p{margin:6px 0}.soft{color:var(--soft)}
        .card{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:16px;margin:0}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:12px;margin:20px 0 12px}
        .tile{padding:12px 16px}.tile b{display:block;font-size:1.4rem;line-height:1.35;white-space:nowrap;font-weight:650;font-variant-numeric:tabular-nums}
        .tile span{color:var(--soft);font-size:.87rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0}dt{color:var(--soft)}dd{margin:0;min-width:0}
        code{font:.87rem/1.5 ui-monospace,"Cascadia Mono","DejaVu Sans Mono",Menlo,monospace}
        .grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:16px}
        .chart svg{display:block;width:100%;height:auto;overflow:visible}
        .chart figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 16px;margin-bottom:8px}
        .legend{display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;padding:0;list-style:none;color:var(--soft);font-size:.87rem}
        .legend li{display:flex;align-items:center;gap:6px}.chart svg.key{width:28px;height:10px}
        svg text{fill:var(--soft);font-size:13px;font-variant-numeric:tabular-nums}
        .line{fill:none;stroke-width:1.8;stroke-linejoin:round}.dot{stroke:none}.hint{opacity:0}.grid{stroke:var(--grid);fill:none}.axis{stroke:var(--soft);fill:none}
        .line.s1{stroke:var(--c1)}.line.s2{stroke:var(--c2);stroke-dasharray:7 3}.line.s3{stroke:var(--c3);stroke-dasharray:2 3}
        .dot.s1{fill:var(--c1)}.dot.s2{fill:var(--c2)}.dot.s3{fill:var(--c3)}
        .scroll{overflow-x:auto}p+.scroll{margin-top:12px}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        .list{width:100%}.list th{text-align:left;color:var(--soft);font-weight:500;font-size:.87rem}
        .list td,.list th{padding:5px 12px 5px 0;border-bottom:1px solid var(--rule);vertical-align:middle}.list tr:last-child td{border-bottom:0}
        .list .n{text-align:right;white-space:nowrap}.list td.wide{width:45%;min-width:110px}
        .bar{display:block;height:10px;border-radius:3px;background:var(--trough);overflow:hidden}.bar i{display:block;height:100%;background:var(--bar)}
        .confusion{font-size:.87rem;width:100%}
        .confusion td{min-width:40px;height:32px;text-align:center;border:1px solid var(--card);background:rgb(var(--heat)/var(--a))}
        .confusion td.hot{color:var(--hot)}.confusion td.none{color:var(--soft)}.confusion td.right{font-weight:650}
        .confusion tbody th{text-align:right;font-weight:500;padding-right:8px;position:sticky;left:0;background:var(--card);width:150px;max-width:150px}
        .confusion thead th{font-weight:500;vertical-align:bottom;padding:0 0 6px}
        .confusion th bdi{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .confusion thead th bdi{writing-mode:vertical-rl;transform:rotate(180deg);max-height:130px;margin:0 auto}
        .filters{max-width:100%;height:auto;image-rendering:pixelated;border-radius:4px;display:block}
        .mistakes{display:grid;grid-template-columns:repeat(auto-fill,minmax(148px,1fr));gap:14px}
        .mistakes figure{margin:0;padding:10px;font-size:.87rem;line-height:1.4}
        .thumb{display:block;width:100%;height:126px;object-fit:contain;border-radius:4px;background:var(--trough);margin-bottom:8px}
        .mistakes b{font-weight:600}.mistakes .file{color:var(--soft);font-size:.8rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        summary{cursor:pointer;color:var(--soft)}details[open]>summary{margin-bottom:10px}
        footer{margin-top:36px;color:var(--soft);font-size:.87rem}
        @media (max-width:560px){main{padding:18px 12px 36px}.card{padding:12px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}
        svg text{font-size:16px}.tiles{grid-template-columns:repeat(2,1fr)}.tile b{font-size:1.25rem}.confusion tbody th{max-width:96px}}
        @media print{:root{--page:#fff}.card{break-inside:avoid}}
        """;
}
