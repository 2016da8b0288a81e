import Cells
import Clocks

/// What the pages of AutoML jobs and of their candidates have around them: no scripts, nothing loaded from anywhere.
enum AutoMLPageHTML {
    static func page(_ title: String, _ body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <title>\(Markup.escaped(title))</title><style>
        \(ReportStyle.css)
        .bar{display:inline-block;height:.7rem;background:currentColor;opacity:.55;vertical-align:middle;margin-right:.4rem}
        \(InsightsSections.css)
        </style></head><body>
        <h1>\(Markup.escaped(title))</h1>
        \(body)\
        <footer>Made by Descent \(Markup.escaped(Engine.version)), \(Markup.escaped(String(WallClock.text(WallClock.now()).prefix(10)))).</footer>
        </body></html>

        """
    }
}
