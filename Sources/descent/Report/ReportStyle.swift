/// The style sheet of a report: light or dark as the reader's system is, black on white on paper.
enum ReportStyle {
    /// Okabe and Ito's colours, told apart with any kind of colour vision; darkened or lightened for contrast of 3 : 1 and more.
    static let light = ["0072b2", "b24a00", "00795a", "a3478b", "8a6d00", "2f7fb5", "222222", "9a3412"]
    private static let dark = ["5ab4f0", "f0954a", "3fc9a0", "e08ac4", "e6cf4f", "8fd0ff", "e8e8e8", "ff9d7a"]

    static var css: String {
        func colors(_ list: [String]) -> String {
            list.enumerated().map { ".s\($0){stroke:#\($1)}.f\($0){fill:#\($1);color:#\($1)}" }.joined()
        }
        return """
            :root{color-scheme:light dark}
            body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
            h1{font-size:1.6rem;margin:0 0 .2rem}h2{font-size:1.15rem;margin:2rem 0 .6rem}h3{font-size:1rem;margin:1rem 0 .2rem}
            p.quiet,td.quiet,th{color:#595959}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
            th{text-align:left;font-weight:600}th,td{padding:.25rem .6rem .25rem 0;border-bottom:1px solid #ddd;vertical-align:top}
            td.number,th.number{text-align:right;white-space:nowrap}td.status{white-space:nowrap}td.text{overflow-wrap:anywhere}
            .scroll{overflow-x:auto}.badge{font-weight:700}.better{color:#00664a}.worse{color:#a83200}
            figure{margin:0 0 1.2rem}figcaption{font-weight:600}svg{width:100%;height:auto;font:11px system-ui,sans-serif}
            .curve{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}.grid{stroke:#e4e4e4}.axis{stroke:#888;fill:none}
            .tick{fill:#595959}.letter{font-weight:700}.best{fill:none;stroke-width:2}.change{stroke-dasharray:1 3}.alert{fill:#a83200}
            details{margin:.4rem 0}summary{cursor:pointer}footer{margin-top:2.5rem;color:#595959;font-size:.9rem}
            \(colors(light))
            @media screen and (prefers-color-scheme:dark){
            body{color:#e6e6e6;background:#16181c}th,td{border-color:#34373d}p.quiet,td.quiet,th,.tick,footer{color:#a9adb5;fill:#a9adb5}
            .grid{stroke:#2a2d33}.axis{stroke:#777}.better{color:#4fd0a5}.worse,.alert{color:#ff9d7a;fill:#ff9d7a}
            \(colors(dark))}
            @media print{body{max-width:none;margin:0;font-size:11px}h2{break-after:avoid}figure,tr{break-inside:avoid}}
            """
    }
}
