import Cells

/// The style sheet of a report, in the colours of the studio's own themes: light or dark as the reader's system is, light on paper.
enum ReportStyle {
    static var css: String {
        """
        :root{color-scheme:light dark}
        body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.6rem;margin:0 0 .2rem}h2{font-size:1.15rem;margin:2rem 0 .6rem}h3{font-size:1rem;margin:1rem 0 .2rem}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th{text-align:left;font-weight:600}th,td{padding:.25rem .6rem .25rem 0;border-bottom:1px solid;vertical-align:top}
        td.number,th.number{text-align:right;white-space:nowrap}td.status{white-space:nowrap}td.text{overflow-wrap:anywhere}
        .scroll{overflow-x:auto}.badge{font-weight:700}
        figure{margin:0 0 1.2rem}svg{width:100%;height:auto}
        details{margin:.4rem 0}summary{cursor:pointer}footer{margin-top:2.5rem;font-size:.9rem}
        \(colors(.descentLight))
        @media screen and (prefers-color-scheme:dark){\(colors(.descentDark))}
        @media print{body{max-width:none;margin:0;font-size:11px}h2{break-after:avoid}figure,tr{break-inside:avoid}}
        """
    }

    private static func colors(_ theme: Theme) -> String {
        """
        body{color:\(theme.hexColor(.text));background:\(theme.hexColor(.background))}
        p.quiet,td.quiet,th,footer{color:\(theme.hexColor(.muted))}th,td{border-color:\(theme.hexColor(.border))}
        \(theme.styleSheet)
        """
    }
}
