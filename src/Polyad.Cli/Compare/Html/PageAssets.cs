namespace Polyad.Cli.Compare.Html;

/// <summary>The style and the script of the page. Neither holds a character that XML would read as markup.</summary>
internal static class PageAssets
{
    /// <summary>The number of engine colours, classes e0, e1, ...</summary>
    public const int Colours = 8;

    public const string Style = """

        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --line: #d0d7de; --soft: #f3f5f7; --good: #1a7f37; --bad: #b42318; --fine: #57606a; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --soft: #161b22; --good: #4ac26b; --bad: #ff7b72; --fine: #9198a1; } }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
        main { max-width: 1200px; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 1.6rem 0 .5rem; }
        .scroll { overflow-x: auto; } .fine { color: var(--fine); font-size: .85rem; } .bad { color: var(--bad); font-weight: 600; }
        table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; } caption { text-align: left; color: var(--fine); padding: .2rem 0; }
        th, td { padding: .3rem .55rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; } td.number { text-align: right; }
        th { background: var(--soft); position: sticky; top: 0; } th button { all: unset; cursor: pointer; font-weight: 600; } th button:focus-visible { outline: 2px solid; }
        th[aria-sort=ascending] button::after { content: " \25B2"; } th[aria-sort=descending] button::after { content: " \25BC"; }
        tr.best td { color: var(--good); font-weight: 600; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 1rem; }
        figure { margin: 0; padding: .8rem; border: 1px solid var(--line); border-radius: 6px; } figcaption { font-weight: 600; margin-bottom: .4rem; } svg { width: 100%; height: auto; display: block; }
        svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg text.size { fill: var(--fine); font-weight: 600; }
        .e0 { fill: #3b82f6; } .e1 { fill: #f59e0b; } .e2 { fill: #10b981; } .e3 { fill: #ef4444; } .e4 { fill: #a78bfa; } .e5 { fill: #a16207; } .e6 { fill: #ec4899; } .e7 { fill: #64748b; }

        """;

    public const string Script = """

        document.querySelectorAll('#results th button').forEach(function (button) {
          button.addEventListener('click', function () {
            var head = button.parentNode, column = Array.prototype.indexOf.call(head.parentNode.children, head);
            var up = head.getAttribute('aria-sort') !== 'ascending', body = document.querySelector('#results tbody');
            head.parentNode.querySelectorAll('th').forEach(function (other) { other.setAttribute('aria-sort', 'none'); });
            head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
            function key(row) { return row.children[column].getAttribute('data-value'); }
            Array.from(body.rows).sort(function (a, b) {
              var x = key(a), y = key(b), sign = up ? 1 : -1;
              if (button.getAttribute('data-kind') === 'text') { return sign * x.localeCompare(y); }
              if (x === '' || y === '') { return x === y ? 0 : x === '' ? 1 : -1; }
              return sign * (Number(x) - Number(y) || 0);
            }).forEach(function (row) { body.appendChild(row); });
          });
        });

        """;
}
