import Cells
import Files
import Notebooks
import OutputFiles
import PrintableText

/// `descent notebook export`: a notebook as one page for a browser.
enum NotebookExportCommand {
    static let specification = CommandSpecification(
        words: ["notebook", "export"], summary: "write a notebook as one self-contained HTML page",
        details: """
            The page has the text, the code, what that gave and the pictures in it, light or dark as the reader's system is. Scripts of \
            outputs are left out, and nothing is loaded from anywhere.
            """,
        positionals: [.init(name: "FILE", help: "a notebook (.ipynb)")],
        options: [
            .init(name: "--out", value: "FILE", help: "the page to write (default: beside the notebook, .html)")
        ],
        examples: [
            "descent notebook export insurance-run.ipynb", "descent notebook export insurance.ipynb --out insurance.html",
        ],
        run: { arguments in
            let path = arguments.positionals[0], out = arguments.value("--out") ?? NotebookPageHTML.path(of: path)
            if let read = FileStamp(path)?.inode, FileStamp(out)?.inode == read {
                throw CommandError.data("\(out.printable) is read here: write the page to another file")
            }
            try OutputFile.write(NotebookPageHTML.page(of: try NotebookFile.read(path), at: path), to: out)
            if !arguments.flag("--quiet"), out != OutputFile.standardOutput { Console.note("wrote \(out)") }
            return .done
        })
}

/// A notebook as one page.
enum NotebookPageHTML {
    static func path(of notebook: String) -> String {
        (notebook.hasSuffix(".ipynb") ? String(notebook.dropLast(6)) : notebook) + ".html"
    }

    static func page(of notebook: Notebook, at path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let title = notebook.title.isEmpty ? name : notebook.title
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <title>\(Markup.escaped(title))</title><style>
            \(ReportStyle.css)
            \(NotebookHTML.css)
            </style></head><body>
            \(NotebookHTML(notebook).body)<footer>\(Markup.escaped(name)), written by Descent \(Markup.escaped(Engine.version)).</footer>
            </body></html>

            """
    }
}
